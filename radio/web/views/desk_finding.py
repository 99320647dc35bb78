"""Pages of the desk that change a whole text: words found and replaced, voices named."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from radio.archive.episode import Episode
from radio.archive.rereading import section_of
from radio.french.letters import tidy
from radio.proposals.intake import LONGEST, fault_in
from radio.proposals.rereading import save
from radio.proposals.sentences import SentenceEdit, replaced
from radio.system.errors import RadioError, TranscriptError
from radio.text.aligned import tell_apart
from radio.text.transcript import voice_number
from radio.transcribe import voices
from radio.transcribe.attribution import LONGEST_NAME
from radio.transcribe.voices import Voice
from radio.web.chores import follow
from radio.web.context import catalogue
from radio.web.gate import desk, rereader, who
from radio.web.rereading import RereadSheet
from radio.web.views.desk_rereading import number_of, text_of, typed_in

MOST = 60  # sentences that are shown and changed at once: a form has its bounds


@desk.route("/replace/<show>/<slug>", methods=["GET", "POST"])
@rereader
def replacement(show: str, slug: str) -> AnyResponse:
    """Show where some words stand in a text, or in a section of it; replace those that are chosen.

    Without script: what is to be replaced is in the address, what is chosen in the form.
    """
    episode, text = text_of(show, slug)
    sought, words = (tidy(request.args.get(each, "")) for each in ("q", "by"))
    if request.method != "POST":
        return _sentences(episode, text, sought, words)
    places = request.form.getlist("place")
    if not places:
        fault = gettext("Choisissez d’abord des phrases.")
        return _sentences(episode, text, sought, words, fault, 422)
    try:
        edits = _edits(text, places, sought, words)
        saved = save(catalogue().archive, episode.key, edits, who(), alone=True)
    except RadioError as error:
        fault = gettext("Rien n’a été écrit\u00a0: %(reason)s", reason=str(error))
        return _sentences(episode, text, sought, words, fault)
    follow()
    left = len(places) - saved.changed
    told: dict[str, Any] = {"q": sought, "by": words, "done": saved.changed, "left": left or None}
    told["part"] = request.args.get("part")
    return redirect(url_for("desk.replacement", show=show, slug=slug, **told), 303)


def _edits(text: RereadSheet, places: list[str], sought: str, words: str) -> list[SentenceEdit]:
    """Ask for what was chosen, each as it was seen: of what changed meanwhile nothing is done."""
    nothing = [""] * len(places)
    typed = typed_in(places, nothing, nothing)[:MOST]
    by_place = {(row.start, row.end, row.seen): row.words for row in text.rows}
    said = [(each.place, by_place.get((each.start, each.end, each.seen))) for each in typed]
    return [SentenceEdit((at,), replaced(was, sought, words)) for at, was in said if was]


def _sentences(
    episode: Episode,
    text: RereadSheet,
    sought: str,
    words: str,
    fault: str = "",
    code: int = 409,
) -> AnyResponse:
    number, pairs, status = number_of(request.args.get("part", "")), [], code if fault else 200
    if sought and words and not fault:
        fault = _fault(sought, words)
    if sought and words and not fault:
        here = (row for row in text.rows if number in (None, section_of(row.start)))
        both = ((row, replaced(row.words, sought, words)) for row in here)
        pairs = [(row, after) for row, after in both if after != row.words]
    page = render_template(
        "desk_replacement.html",
        episode=episode,
        spoken=catalogue().archive.show(episode.show).language_of(episode),
        asked={"q": sought, "by": words},
        numbers=list(text.by_number),
        number=number,
        found=[
            (row, section_of(row.start), *tell_apart(row.words, after))
            for row, after in pairs[:MOST]
        ],
        total=len(pairs),
        fault=fault,
        longest=LONGEST,
        **{each: request.args.get(each, type=int) for each in ("done", "left")},
    )
    return make_response(page, status)


def _fault(sought: str, words: str) -> str:
    kinds = {
        "same": gettext("C’est ce qui est écrit déjà\u00a0: changez ce qui est faux."),
        "unseen": gettext("Il y a là des signes qui ne se voient pas\u00a0: écrivez sans eux."),
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


@desk.route("/voices/<show>/<slug>", methods=["GET", "POST"])
@rereader
def voice_names(show: str, slug: str) -> AnyResponse:
    """Name the voices of an episode; who comes second to a name is shown both."""
    archive = catalogue().archive
    episode = archive.episode(f"{show}/{slug}")
    found = _fields(episode)
    if request.method != "POST":
        return _voices(episode, found)
    if any(len(each.name) > LONGEST_NAME for each in found):
        return _voices(episode, found, gettext("C’est trop long."), 422)
    if any(each.is_met for each in found):
        fault = gettext("Rien n’a été écrit\u00a0: choisissez entre les deux noms.")
        return _voices(episode, found, fault)
    changed = [each for each in found if each.is_changed]  # one that nobody touched is left alone
    names = {each.voice.number: each.name for each in changed}
    seen = {each.voice.number: each.voice.name for each in changed}
    try:
        voices.name(archive, episode.key, names, who(), seen)
    except RadioError as error:
        fault = gettext("Rien n’a été écrit\u00a0: %(reason)s", reason=str(error))
        return _voices(episode, _fields(episode), fault)
    follow()
    return redirect(url_for("desk.voice_names", show=show, slug=slug, done=1), 303)


def _voices(
    episode: Episode, found: Sequence[_VoiceField], fault: str = "", code: int = 409
) -> AnyResponse:
    page = render_template(
        "desk_voices.html",
        episode=episode,
        fields=found,
        longest=LONGEST_NAME,
        people=[person.name for person in episode.people],
        fault=fault,
    )
    return make_response(page, code if fault else 200)


def _fields(episode: Episode) -> list[_VoiceField]:
    """Give the voices, and what the form says of each; at first what is there.

    There are none where no machine heard the episode.
    """
    try:
        known = voices.voices_of(catalogue().archive, episode.key)
    except TranscriptError:
        return []
    found = list[_VoiceField]()
    for voice in known:
        now = "" if voice_number(voice.name) is not None else voice.name
        was = request.form.get(f"was-voice-{voice.number}", now)
        name = tidy(request.form.get(f"voice-{voice.number}", was))
        found.append(_VoiceField(voice, now, was, name))
    return found
