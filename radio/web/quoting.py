"""What is quoted of an episode, for pages, pictures, citations and files; letters to those who
answer for an episode or the site, if they gave an address."""

from dataclasses import replace

from flask import request
from flask_babel import force_locale, gettext

from radio.archive import imprint
from radio.archive.authorship import status_of
from radio.archive.episode import Episode, Show
from radio.formats.citation import Citation
from radio.formats.markdown import plain, replies_of
from radio.system.errors import warned
from radio.text.sentences import quote
from radio.text.transcript import Transcript, clock, render_text
from radio.web import language
from radio.web.addresses import known_url, quoted_address
from radio.web.context import catalogue
from radio.web.reading import judge, read_evidence
from radio.web.spans import LONGEST_SPAN, Span

EXCERPT = 30.0  # seconds of sound with a sentence, at least
LONGEST = 300  # characters of what a letter quotes


def read_transcript(key: str) -> Transcript | None:
    """Read what is said, and how far it can be trusted; None where editing broke it."""
    archive = catalogue().archive
    with warned():
        said = archive.transcript(key)
        return said and replace(said, note=judge(said, read_evidence(archive, key)))
    return None


def cite(
    show: Show, episode: Episode, span: Span | None, transcript: Transcript | None
) -> Citation:
    """Quote an episode, or what is said in a stretch of it, or the sentence at a second."""
    cited = Citation(show, episode, quoted_address(episode.key), day=_day(show, episode))
    if span is None:
        return cited
    sentence = quote(transcript.cues, span.start, span.end) if transcript else None
    ends = {span.end or span.start + EXCERPT}
    if sentence and span.end is None:
        span, ends = Span(sentence.start), {sentence.end, sentence.start + EXCERPT}
    last = min(span.start + LONGEST_SPAN, episode.audio.duration)
    words = label = ""
    if transcript and sentence:
        status, lang = transcript.note.get("status"), show.language_of(episode)
        words, label = sentence.words, language.reread(status, lang)
    whole = cited.address and f"{cited.address}?t={span}"
    until = tuple(sorted({min(each, last) for each in ends}))
    said = replace(cited, address=whole, second=span.start, words=words, label=label)
    return replace(said, at=str(span), ends=until)


def _day(show: Show, episode: Episode) -> str:
    """Write when an episode was broadcast, in its language; nothing where that is not known."""
    with force_locale(language.nearest(show.language_of(episode))):
        return language.brief(episode.known_date) if episode.known_date else ""


def alone(show: Show, episode: Episode, transcript: Transcript, address: str = "") -> str:
    """Write what was said for use outside the site, below what it is, its licence, and replies."""
    lang, terms = show.language_of(episode), show.license or catalogue().imprint.license
    label = language.reread(transcript.note.get("status"), lang)
    with force_locale(language.nearest(lang)):
        status = label[:1].upper() + label[1:] or gettext("Transcription relue")
        licensed = terms and gettext("Licence\u00a0: %(license)s", license=terms)
        head = [
            Citation(show, episode, address, day=_day(show, episode)).text.strip(),
            status,
            licensed,
        ]
    replies = map(plain, replies_of(show, episode))
    return "\n\n".join(("\n".join(filter(None, head)), *replies, render_text(transcript)))


def label_of(key: str) -> str:
    """Say in the language of an episode that nobody reread it; nothing where somebody did."""
    show = catalogue().archive.show(key.partition("/")[0])
    return language.reread(status_of(catalogue().archive, key), show.language)


def report(show: Show, episode: Episode, citation: Citation | None = None) -> str:
    """Write to whom an error in an episode is told, naming its second and sentence. The order of
    the lines matters: `report.js` replaces the second by that of now."""
    facts = f"{show.title}, «\u00a0{episode.title}\u00a0», {language.dated(episode.known_date)}"
    place = ""
    if citation and citation.second is not None:
        time, words = clock(citation.second), citation.words[:LONGEST]
        place = gettext("À %(time)s", time=time)
        if words:
            place = gettext("À %(time)s\u00a0: «\u00a0%(words)s\u00a0»", time=time, words=words)
    address = citation.address if citation else quoted_address(episode.key)
    subject = gettext("Une erreur dans «\u00a0%(title)s\u00a0»", title=episode.title)
    return _letter(_contact_of(show), subject, [facts, place, address, *_what_is_wrong()])


def rebroadcast(show: Show, episode: Episode) -> str:
    """Give where another radio asks for an episode that is not given to everybody."""
    subject = gettext("Rediffuser «\u00a0%(title)s\u00a0»", title=episode.title)
    return _letter(_contact_of(show), subject, [quoted_address(episode.key)])


def miss(query: str) -> str:
    """Give where those are told who look for something in vain."""
    subject = gettext("Recherche sans résultat\u00a0: «\u00a0%(query)s\u00a0»", query=query)
    return _letter(catalogue().imprint.contact, subject, _what_is_wrong())


def trouble(code: int) -> str:
    """Give where a page that fails is told of, with its address."""
    subject = gettext("Erreur %(code)s sur le site", code=code)
    lines = [f"{known_url()}{request.path}", *_what_is_wrong()]
    return _letter(catalogue().imprint.contact, subject, lines)


def _contact_of(show: Show) -> str:
    return show.contact if imprint.is_contact(show.contact) else catalogue().imprint.contact


def _what_is_wrong() -> list[str]:
    return ["", gettext("Ce qui ne va pas\u00a0:"), ""]


def _letter(contact: str, subject: str, lines: list[str]) -> str:
    mail = imprint.mail_of(contact)
    return imprint.letter(mail, subject, lines) if mail else imprint.link_to(contact)
