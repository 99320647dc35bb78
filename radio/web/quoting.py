"""What is quoted of an episode: which words, for how long they are heard, and what stands beside.

Pages, pictures, citations and files ask here, so that they all quote the same.
"""

import logging
from dataclasses import replace

from flask_babel import force_locale, gettext

from radio.archive.episode import Episode, Show
from radio.formats.citation import Citation
from radio.formats.markdown import plain, replies_of
from radio.system.errors import RadioError
from radio.text.sentences import quote
from radio.text.transcript import Transcript, render_text
from radio.web import language
from radio.web.addresses import LONGEST_SPAN, Span, quoted_address
from radio.web.context import catalogue
from radio.web.reading import judge, read_evidence

log = logging.getLogger(__name__)

EXCERPT = 30.0  # seconds of sound with a sentence, at least


def read_transcript(key: str) -> Transcript | None:
    """Read what is said, and how far it can be trusted.

    If editing broke the transcript, only the quoted words are missing.
    """
    archive = catalogue().archive
    try:
        transcript = archive.transcript(key)
        return transcript and replace(
            transcript, note=judge(transcript, read_evidence(archive, key))
        )
    except RadioError as error:
        log.warning("%s", error)
        return None


def cite(show: Show, episode: Episode, span: Span | None, transcript: Transcript) -> Citation:
    """Quote an episode, or what is said in a stretch of it, or the sentence at a second."""
    address = quoted_address(episode.key)
    if span is None:
        return Citation(show, episode, address)
    sentence = quote(transcript.cues, span.start, span.end)
    if sentence and span.end is None:
        span, until = Span(sentence.start), max(sentence.end, sentence.start + EXCERPT)
    else:
        until = span.end or span.start + EXCERPT
    until = min(until, span.start + LONGEST_SPAN, episode.audio.duration)
    lang = show.language_of(episode)
    label = language.reread(transcript.note.get("status"), lang) if sentence else ""
    words = sentence.words if sentence else ""
    whole = address and f"{address}?t={span}"
    return Citation(show, episode, whole, span.start, words, label, str(span), until)


def _terms(show: Show, episode: Episode, status: str | None) -> tuple[str, str]:
    """Tell who answers for a text, and its licence, in the language of the episode."""
    lang, terms = show.language_of(episode), show.license or catalogue().imprint.license
    label = language.reread(status, lang)
    with force_locale(language.nearest(lang)):
        return (
            label[:1].upper() + label[1:] or str(gettext("Transcription relue")),
            str(gettext("Licence\N{NO-BREAK SPACE}: %(license)s", license=terms)) if terms else "",
        )


def alone(show: Show, episode: Episode, transcript: Transcript, address: str = "") -> str:
    """Write what was said as a text for use outside the site.

    It begins by saying what it is, who answers for it, its licence, and what people who are spoken
    of reply.
    """
    head = Citation(show, episode, address).text.strip()
    lines = (head, *_terms(show, episode, transcript.note.get("status")))
    told = ("\n".join(filter(None, lines)), *map(plain, replies_of(show, episode)))
    return "\n\n".join((*told, render_text(transcript)))
