"""Pages of the desk that change a whole text: words found and replaced, voices named."""

from dataclasses import dataclass
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as AnyResponse

from radio.archive.episode import Episode
from radio.archive.rereading import section_of
from radio.french.letters import tidy
from radio.proposals.intake import LONGEST, fault_in
from radio.proposals.rereading import save
from radio.proposals.sentences import SentenceEdit, replaced
from radio.system.errors import RadioError, TranscriptError
from radio.text.aligned import Differences, tell_apart
from radio.text.transcript import voice_number
from radio.transcribe import voices
from radio.transcribe.attribution import LONGEST_NAME
from radio.transcribe.voices import Voice
from radio.web.context import catalogue
from radio.web.gate import desk, rereader, visit
from radio.web.rereading import RereadSheet, SentenceRow, read_typed
from radio.web.settling import follow
from radio.web.views.desk_rereading import number_of, text_of

MOST = 60  # sentences that are shown and changed at once: a form has its bounds


@dataclass(frozen=True)
class _Found:
    """A sentence in which something is replaced."""

    row: SentenceRow
    after: str
    was: Differences
    words: Differences
    section: int


@dataclass(frozen=True)
class _VoiceField:
    """A voice as the page shows it, and what is written in its field."""

    voice: Voice
    now: str  # the name that it has; "" where nobody named it
    was: str  # the name that it had when the page was shown
    name: str

    @property
    def is_changed(self) -> bool:
        """Whether somebody wrote another name there."""
        return self.name != self.was

    @property
    def is_met(self) -> bool:
        """Whether somebody else gave the voice yet another name since."""
        return self.is_changed and self.now not in (self.was, self.name)


@desk.route("/replace/<show>/<slug>", methods=["GET", "POST"])
@rereader
def replacement(show: str, slug: str) -> str | AnyResponse:
    """Show where some words stand in a text, or in a section of it; replace those that are chosen.

    Without script: what is to be replaced is in the address, what is chosen in the form.
    """
    episode, text = text_of(show, slug)
    sought, words = (tidy(request.args.get(each, "")) for each in ("q", "by"))
    if request.method != "POST":
        return _page(episode, text, sought, words)
    places = request.form.getlist("place")
    if not places:
        fault = gettext("Choisissez d’abord des phrases.")
        return make_response(_page(episode, text, sought, words, fault), 422)
    try:
        edits = _edits(text, places, sought, words)
        saved = save(catalogue().archive, episode.key, edits, visit().account.name, alone=True)
    except RadioError as error:
        fault = gettext("Rien n’a été écrit\u00a0: %(reason)s", reason=str(error))
        return make_response(_page(episode, text, sought, words, fault), 409)
    follow()
    left = len(places) - saved.changed
    told: dict[str, Any] = {"q": sought, "by": words, "done": saved.changed, "left": left or None}
    told["part"] = request.args.get("part")
    return redirect(url_for("desk.replacement", show=show, slug=slug, **told), 303)


def _edits(text: RereadSheet, places: list[str], sought: str, words: str) -> list[SentenceEdit]:
    """Ask for what was chosen, each as it was seen: of what changed meanwhile nothing is done."""
    try:
        typed = read_typed(places, [""] * len(places), [""] * len(places))
    except TranscriptError as error:
        raise BadRequest from error
    by_place = {(row.start, row.end, row.seen): row.words for row in text.rows}
    return [
        SentenceEdit((each.place,), replaced(said, sought, words))
        for each in typed[:MOST]
        if (said := by_place.get((each.start, each.end, each.seen)))
    ]


def _page(episode: Episode, text: RereadSheet, sought: str, words: str, fault: str = "") -> str:
    found, total = list[_Found](), 0
    number = number_of(request.args.get("part", ""))
    if sought and words and not fault:
        fault = _fault(sought, words)
    for row in text.rows if sought and words and not fault else ():
        after = replaced(row.words, sought, words)
        if after != row.words and number in (None, section_of(row.start)):
            total += 1
            if len(found) < MOST:
                both = tell_apart(row.words, after)
                found.append(_Found(row, after, *both, section_of(row.start)))
    return render_template(
        "desk_replacement.html",
        episode=episode,
        spoken=catalogue().archive.show(episode.show).language_of(episode),
        asked={"q": sought, "by": words},
        numbers=list(text.by_number),
        number=number,
        found=found,
        total=total,
        fault=fault,
        longest=LONGEST,
        **{each: request.args.get(each, type=int) for each in ("done", "left")},
    )


def _fault(sought: str, words: str) -> str:
    kinds = {
        "same": gettext("C’est ce qui est écrit déjà\u00a0: changez ce qui est faux."),
        "unseen": gettext("Il y a là des signes qui ne se voient pas\u00a0: écrivez sans eux."),
        "long": gettext("C’est trop long."),
    }
    return str(kinds.get(fault_in(words, "", sought), ""))


@desk.route("/voices/<show>/<slug>", methods=["GET", "POST"])
@rereader
def voice_names(show: str, slug: str) -> str | AnyResponse:
    """Name the voices of an episode; who comes second to a name is shown both."""
    episode = catalogue().archive.episode(f"{show}/{slug}")
    found = _fields(episode)
    if request.method != "POST":
        return _voices(episode, found)
    if any(len(each.name) > LONGEST_NAME for each in found):
        return make_response(_voices(episode, found, gettext("C’est trop long.")), 422)
    if any(each.is_met for each in found):
        fault = gettext("Rien n’a été écrit\u00a0: choisissez entre les deux noms.")
        return make_response(_voices(episode, found, fault), 409)
    try:
        _name([each for each in found if each.is_changed], episode)
    except RadioError as error:
        fault = gettext("Rien n’a été écrit\u00a0: %(reason)s", reason=str(error))
        return make_response(_voices(episode, _fields(episode), fault), 409)
    return redirect(url_for("desk.voice_names", show=show, slug=slug, done=1), 303)


def _name(changed: list[_VoiceField], episode: Episode) -> None:
    """Give voices the names that are written; one that nobody touched is left alone."""
    names = {each.voice.number: each.name for each in changed}
    seen = {each.voice.number: each.voice.name for each in changed}
    voices.name(catalogue().archive, episode.key, names, visit().account.name, seen)
    follow()


def _voices(episode: Episode, found: list[_VoiceField], fault: str = "") -> str:
    return render_template(
        "desk_voices.html",
        episode=episode,
        fields=found,
        longest=LONGEST_NAME,
        people=[person.name for person in episode.people],
        fault=fault,
    )


def _fields(episode: Episode) -> list[_VoiceField]:
    """Give the voices, and what the form says of each; at first what is there."""
    found = list[_VoiceField]()
    for voice in _known(episode):
        now = "" if voice_number(voice.name) is not None else voice.name
        was = request.form.get(f"was-voice-{voice.number}", now)
        name = tidy(request.form.get(f"voice-{voice.number}", was))
        found.append(_VoiceField(voice, now, was, name))
    return found


def _known(episode: Episode) -> list[Voice]:
    """List the voices that a machine told apart; none where it did not hear the episode."""
    try:
        return voices.voices_of(catalogue().archive, episode.key)
    except TranscriptError:
        return []
