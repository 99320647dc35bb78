"""Pages of the desk that change a whole text: words replaced, voices named, a document sent."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Response, redirect, request, url_for
from flask_babel import gettext
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as AnyResponse

from radio.archive.episode import Episode
from radio.archive.rereading import section_of
from radio.french.letters import tidy
from radio.proposals.intake import LONGEST, fault_in
from radio.proposals.rereading import save
from radio.proposals.revision import (
    RevisedSentence,
    Revision,
    document_of,
    edit_of,
    revise,
    written_of,
)
from radio.proposals.sentences import SentenceEdit, replaced
from radio.system.errors import RadioError, ReaderError, TranscriptError
from radio.text.aligned import word_differences
from radio.transcribe import voices
from radio.transcribe.attribution import LONGEST_NAME
from radio.transcribe.documents import READERS
from radio.transcribe.manuscripts import MIME
from radio.transcribe.voices import Voice
from radio.web.context import catalogue
from radio.web.desk_pages import desk_page, follow, unchanged
from radio.web.forms import parts
from radio.web.gate import rereader, who
from radio.web.rereading import RereadSheet, read_typed
from radio.web.views.desk_rereading import fault_of, number_of, text_of
from radio.web.views.files import attachment

HEAVIEST = 8 << 20  # bytes of a document
LONGER = 480_000  # bytes of a form with all the sentences that it changes
MOST = 60  # sentences that are shown and changed at once: a form has its bounds


@rereader.form("/replace/<show>/<slug>")
def replacement(show: str, slug: str) -> AnyResponse:
    """Show where words of the address are in a text or section; replace those of the form."""
    episode, text = text_of(show, slug)
    sought, words = (tidy(request.args.get(each, "")) for each in ("q", "by"))
    number, pairs, code = number_of(request.args.get("part", "")), [], 409
    fault = _fault(sought, words) if sought and words and request.method != "POST" else ""
    if request.method == "POST" and not request.form.getlist("place"):
        fault, code = gettext("Choisissez d’abord des phrases."), 422
    elif request.method == "POST":
        places = request.form.getlist("place")
        try:
            edits = _edits(text, places, sought, words)
            saved = save(catalogue().archive, episode.key, edits, who(), alone=True)
        except RadioError as error:
            fault = gettext("Rien n’a été enregistré\u00a0: %(reason)s", reason=str(error))
        else:
            follow()
            query: dict[str, Any] = {"q": sought, "by": words, "part": request.args.get("part")}
            query |= {"done": saved.changed, "left": len(places) - saved.changed or None}
            return redirect(url_for("desk.replacement", show=show, slug=slug, **query), 303)
    if sought and words and not fault:
        here = (row for row in text.rows if number in (None, section_of(row.start)))
        both = ((row, replaced(row.words, sought, words)) for row in here)
        pairs = [(row, after) for row, after in both if after != row.words]
    return desk_page(
        "desk_replacement.html",
        episode=episode,
        sheet=text,
        spoken=catalogue().archive.show(episode.show).language_of(episode),
        asked={"q": sought, "by": words},
        numbers=list(text.by_number),
        number=number,
        found=[(a, section_of(a.start), *word_differences(a.words, b)) for a, b in pairs[:MOST]],
        total=len(pairs),
        fault=fault,
        code=code,
        longest=LONGEST,
        **{each: request.args.get(each, type=int) for each in ("done", "left")},
    )


def _edits(text: RereadSheet, places: list[str], sought: str, words: str) -> list[SentenceEdit]:
    """Ask for what was chosen, as it was seen: what changed meanwhile stays."""
    nothing = [""] * len(places)
    typed = read_typed(places, nothing, nothing)[:MOST]
    by_place = {(row.start, row.end, row.seen): row.words for row in text.rows}
    said = [(each.place, by_place.get((each.start, each.end, each.seen))) for each in typed]
    return [SentenceEdit((at,), replaced(was, sought, words)) for at, was in said if was]


def _fault(sought: str, words: str) -> str:
    kinds = {
        "same": gettext("C’est déjà ce qui est écrit\u00a0: changez ce qui est faux."),
        "unseen": gettext(
            "Votre texte contient des caractères invisibles\u00a0: retapez-le sans eux."
        ),
        "long": gettext("C’est trop long."),
    }
    return str(kinds.get(fault_in(words, "", sought), ""))


@rereader.get("/document/<show>/<slug>")
def document(show: str, slug: str) -> AnyResponse:
    """Give a text for a word processor, or say how it comes back."""
    episode, _text = text_of(show, slug)
    if "docx" not in request.args:
        return _document_page(episode)
    named = {"Content-Disposition": attachment(episode, "docx"), "Content-Type": MIME}
    return Response(document_of(catalogue().archive, episode), headers=named)


def _too_heavy(show: str, slug: str) -> AnyResponse:
    fault = gettext("Ce document est trop lourd\u00a0: enregistrez son texte seul.")
    return _document_page(text_of(show, slug)[0], fault=fault, code=413)


@rereader.post("/document/<show>/<slug>", most=HEAVIEST, tells=_too_heavy, streamed=True)
def revision(show: str, slug: str) -> AnyResponse:
    """Show what a document changes of a text."""
    episode, _text = text_of(show, slug)
    sent = parts(request.headers.get("Content-Type", ""), request.stream)
    with tempfile.TemporaryDirectory() as folder:
        for part in sent:
            if part.name == "document" and part.file:
                suffix = Path(part.file).suffix.lower()
                path = Path(folder) / f"document{suffix if suffix in READERS else '.txt'}"
                path.write_bytes(b"".join(part.content))
                break
        else:
            fault = gettext("Choisissez un document.")
            return _document_page(episode, fault=fault, code=422)
        try:
            found = revise(catalogue().archive, episode.key, path)
        except (ReaderError, TranscriptError) as error:
            return _document_page(episode, fault=unchanged(error), code=422)
    return _document_page(episode, found)


@rereader.post("/document/<show>/<slug>/take", most=LONGER)
def take_revision(show: str, slug: str) -> AnyResponse:
    """Write what was chosen of a document."""
    episode, _text = text_of(show, slug)
    try:
        edits = [edit_of(each) for each in request.form.getlist("edit")]
    except ValueError as error:
        raise BadRequest from error
    lines = (line for each in edits for line in each.lines)
    if fault := next(filter(None, map(fault_of, lines)), ""):
        return _document_page(episode, fault=unchanged(fault), code=422)
    try:
        saved = save(catalogue().archive, episode.key, edits, who(), alone=True)
    except RadioError as error:
        return _document_page(episode, fault=unchanged(error))
    follow()
    query: dict[str, Any] = {"done": saved.changed, "left": len(saved.conflicts) or None}
    return redirect(url_for("desk.document", show=show, slug=slug, **query), 303)


def _document_page(
    episode: Episode, found: Revision | None = None, fault: str = "", code: int = 409
) -> AnyResponse:
    def shown(each: RevisedSentence) -> tuple[Any, ...]:
        differing = word_differences(each.before, each.after)
        return each, section_of(each.start) + 1, *differing, written_of(each.edit)

    return desk_page(
        "desk_document.html",
        episode=episode,
        spoken=catalogue().archive.show(episode.show).language_of(episode),
        revision=found,
        found=[shown(each) for each in found.changes] if found else [],
        fault=fault,
        code=code,
        **{each: request.args.get(each, type=int) for each in ("done", "left")},
    )


@dataclass(frozen=True)
class _VoiceField:
    """A voice as the page shows it, and what is written in its field."""

    voice: Voice
    now: str  # the name that it has; "" where nobody named it
    was: str  # the name that it had when the page was shown
    name: str

    @property
    def is_changed(self) -> bool:
        return self.name != self.was

    @property
    def is_met(self) -> bool:
        """Whether somebody else gave the voice yet another name since."""
        return self.is_changed and self.now not in (self.was, self.name)


@rereader.form("/voices/<show>/<slug>")
def voice_names(show: str, slug: str) -> AnyResponse:
    """Name the voices of an episode; who comes second to a name is shown both."""
    archive, fault, code = catalogue().archive, "", 409
    episode = archive.episode(f"{show}/{slug}")
    found = _fields(episode)
    changed = [each for each in found if each.is_changed]  # one that nobody touched is left alone
    if any(len(each.name) > LONGEST_NAME for each in changed):
        fault, code = gettext("C’est trop long."), 422
    elif any(each.is_met for each in found):
        fault = gettext("Rien n’a été enregistré\u00a0: choisissez entre les deux noms.")
    elif request.method == "POST":
        names = {each.voice.number: each.name for each in changed}
        seen = {each.voice.number: each.voice.name for each in changed}
        try:
            voices.name(archive, episode.key, names, who(), seen)
        except RadioError as error:
            fault = gettext("Rien n’a été enregistré\u00a0: %(reason)s", reason=str(error))
            found = _fields(episode)
        else:
            follow()
            return redirect(url_for("desk.voice_names", show=show, slug=slug, done=1), 303)
    return desk_page(
        "desk_voices.html",
        episode=episode,
        fields=found,
        longest=LONGEST_NAME,
        people=[person.name for person in episode.people],
        fault=fault,
        code=code,
    )


def _fields(episode: Episode) -> list[_VoiceField]:
    try:
        known = voices.voices_of(catalogue().archive, episode.key)
    except TranscriptError:
        return []
    found = list[_VoiceField]()
    for voice in (each for each in known if each.seconds):
        now = voice.name if str(voice.number) in episode.voices else ""
        was = request.form.get(f"was-voice-{voice.number}", now)
        name = tidy(request.form.get(f"voice-{voice.number}", was))
        found.append(_VoiceField(voice, now, was, name))
    return found
