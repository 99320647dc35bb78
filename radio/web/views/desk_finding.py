"""Pages of the desk that change a whole text: words found and replaced, voices named."""

from dataclasses import dataclass
from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from radio.archive.episode import Episode
from radio.archive.rereading import section_of
from radio.french.letters import tidy
from radio.proposals.intake import LONGEST, fault_in
from radio.proposals.rereading import save
from radio.proposals.sentences import SentenceEdit, replaced
from radio.system.errors import RadioError, TranscriptError
from radio.text.aligned import word_differences
from radio.transcribe import voices
from radio.transcribe.attribution import LONGEST_NAME
from radio.transcribe.voices import Voice
from radio.web.context import catalogue
from radio.web.desk_pages import desk_page, follow
from radio.web.gate import rereader, who
from radio.web.rereading import RereadSheet, read_typed
from radio.web.views.desk_rereading import number_of, text_of

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
