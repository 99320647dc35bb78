"""Pages of the desk where people put the text of an episode right by ear, section by section."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response as AnyResponse

from radio.archive.authorship import status_of
from radio.archive.episode import Episode
from radio.proposals.intake import UNSEEN
from radio.proposals.least_sure import survey
from radio.proposals.rereading import SavedEdits, mark, save
from radio.proposals.sentences import SentenceEdit
from radio.system.errors import RadioError, TranscriptError
from radio.web.chores import follow
from radio.web.context import catalogue
from radio.web.gate import LONG, desk, rereader, takes, who
from radio.web.rereading import (
    RereadSheet,
    SentenceRow,
    TypedSentence,
    offered,
    read_typed,
    sheet,
    with_conflicts,
    with_doubts,
    with_faults,
)
from radio.web.views.desk_episodes import list_episodes, matching

PATIENCE = 1.5  # seconds
LONGEST = 2000  # characters of a sentence


@dataclass
class _Outcome:
    """What became of a form."""

    saved: SavedEdits = field(default_factory=lambda: SavedEdits(0, ()))
    faults: list[tuple[TypedSentence, str]] = field(default_factory=list)

    @property
    def code(self) -> int:
        if self.faults:
            return 422
        return 409 if self.saved.conflicts else 200


@desk.get("/reread")
@rereader
def rereading() -> str:
    """List the episodes that have a text, those first that nobody reread."""
    archive = catalogue().archive
    every = (each for each in matching(archive.episodes()) if archive.is_transcribed(each.key))
    found = [(each, status_of(archive, each.key)) for each in every]
    found.sort(key=lambda each: each[1] == "reread")
    turns = gettext("Précédents"), gettext("Suivants")
    return list_episodes(gettext("Relire"), "desk.sections", found, turns)


@desk.get("/unsure")
@rereader
def unsure() -> str:
    """List the least certain minutes of the archive, what nobody reread first."""
    archive = catalogue().archive
    found = survey(archive, PATIENCE)
    rows = sorted(found.found, key=lambda each: each[1])
    titles = {each.key: archive.episode(each.key).title for each, _ in rows}
    return render_template("desk_unsure.html", survey=found, rows=rows, titles=titles)


@desk.get("/reread/<show>/<slug>")
@rereader
def sections(show: str, slug: str) -> str:
    """List the sections of a text, in their order or those with most doubts first."""
    episode, text = text_of(show, slug)
    found = list(text.by_number.values())
    by_doubt = request.args.get("order") == "doubt"
    if by_doubt:
        found.sort(key=lambda each: -each.doubted)
    told: dict[str, Any] = {"sheet": text, "found": found, "by_doubt": by_doubt}
    return render_template("desk_sections.html", episode=episode, **told)


@desk.route("/reread/<show>/<slug>/<part>", methods=["GET", "POST"])
@rereader
@takes(LONG)
def section(show: str, slug: str, part: str) -> AnyResponse:
    """Show some minutes of a text, a field for each sentence; write what is changed in them."""
    archive, form = catalogue().archive, request.form
    episode, text = text_of(show, slug)
    number = number_of(part)
    if number is None:
        raise NotFound
    if request.method != "POST":
        return _page(episode, text, number, _Outcome())
    act, typed = form.get("act"), typed_in(*map(form.getlist, ("place", "words", "voice")))
    try:
        outcome = _write(episode, typed)
        text = sheet(archive, episode)
        if outcome.code == 200 and act in ("reread", "unread"):
            mark(archive, episode.key, number, who(), is_reread=act == "reread")
    except RadioError as error:  # what was typed comes back
        fault = gettext("Rien n’a été écrit\u00a0: %(reason)s", reason=str(error))
        if "piece" in form:
            return _piece(
                episode, text, number, _Outcome(faults=[(it, fault) for it in typed]), typed
            )
        refused = [(each, "") for each in typed if each.is_changed]
        return _page(episode, text, number, _Outcome(faults=refused), fault)
    if outcome.saved.changed or act:
        follow()
    if "piece" in form:
        return _piece(episode, text, number, outcome, typed)
    if outcome.code != 200:
        return _page(episode, text, number, outcome)
    told: dict[str, Any] = {"saved": outcome.saved.changed, "order": request.args.get("order")}
    return redirect(url_for("desk.section", show=show, slug=slug, part=part, **told), 303)


def text_of(show: str, slug: str) -> tuple[Episode, RereadSheet]:
    """Read the text of an episode, to be reread. Raises NotFound if there is none."""
    archive = catalogue().archive
    episode = archive.episode(f"{show}/{slug}")
    try:
        return episode, sheet(archive, episode)
    except TranscriptError as error:
        raise NotFound from error


def number_of(part: str) -> int | None:
    """Read which section is meant, from 1 as people count; None where that is no number."""
    return int(part) - 1 if part.isascii() and part.isdecimal() and len(part) < 6 else None


def typed_in(
    places: Sequence[str], words: Sequence[str], voices: Sequence[str]
) -> list[TypedSentence]:
    """Read the fields of a form. Raises BadRequest if they are not what a page sends."""
    try:
        return read_typed(places, words, voices)
    except TranscriptError as error:
        raise BadRequest from error


def _write(episode: Episode, typed: Sequence[TypedSentence]) -> _Outcome:
    """Write what somebody changed. What can't be taken is left, the rest is done."""
    outcome, edits, join = _Outcome(), list[SentenceEdit](), request.form.get("join")
    joined = next((both for both in pairwise(typed) if str(both[1].start) == join), ())
    for each in typed:
        if fault := _fault(each.words) if each.is_changed or each in joined else "":
            outcome.faults.append((each, fault))
        elif each not in joined and each.is_changed:
            edits.append(each.edit)
    if joined and not any(each in joined for each, _ in outcome.faults):
        words = "\n".join(" ".join(each.words.split()) for each in joined)
        edits.append(SentenceEdit(tuple(each.place for each in joined), words))
    if edits:
        outcome.saved = save(catalogue().archive, episode.key, edits, who())
    return outcome


def _fault(words: str) -> str:
    if len(words) > LONGEST:
        return str(gettext("C’est trop long\u00a0: coupez la phrase."))
    if any(unicodedata.category(each) in UNSEEN for each in "".join(words.split())):
        return str(gettext("Il y a là des signes qui ne se voient pas\u00a0: écrivez sans eux."))
    return ""


def _page(
    episode: Episode, text: RereadSheet, number: int, outcome: _Outcome, fault: str = ""
) -> AnyResponse:
    here, code = text.by_number.get(number), 409 if fault else outcome.code
    if here is None:
        raise NotFound
    told = _sentences(episode, text, _laid(text, here.rows, outcome))
    lead = _lead(told["rows"])
    if told["by_doubt"]:
        told["rows"] = sorted(told["rows"], key=lambda row: -row.doubted)
    if code != 200 and not fault:
        fault = gettext("Une partie n’a pas été écrite\u00a0: voyez plus bas.")
    numbers = list(text.by_number)
    place = numbers.index(number)
    page = render_template(
        "desk_section.html",
        **told,
        section=here,
        first=here.rows[0].start,
        fault=fault,
        numbers=numbers,
        before=numbers[place - 1] if place else None,
        after=numbers[place + 1] if place + 1 < len(numbers) else None,
        saved=request.args.get("saved", type=int),
        lead=lead,
    )
    return make_response(page, code)


def _lead(rows: Sequence[SentenceRow]) -> float | None:
    """Tell where the sentence begins to which an address leads."""
    second = request.args.get("t", type=float)
    if second is None or not rows:
        return None
    return min((max(row.start - second, second - row.end, 0), row.start) for row in rows)[1]


def _laid(text: RereadSheet, rows: Sequence[SentenceRow], outcome: _Outcome) -> list[SentenceRow]:
    """Lay over the sentences that stand what somebody typed and that could not be written."""
    cues = text.transcript.cues
    return with_faults(with_conflicts(rows, outcome.saved.conflicts, cues), outcome.faults, cues)


def _sentences(episode: Episode, text: RereadSheet, rows: Sequence[SentenceRow]) -> dict[str, Any]:
    """Give sentences with what is offered for them, and what is around them on every page."""
    archive = catalogue().archive
    offers = offered(archive, episode, text.rows, rows)
    return {
        "rows": list(with_doubts(rows, offers)),
        "offers": offers,
        "episode": episode,
        "sheet": text,
        "spoken": archive.show(episode.show).language_of(episode),
        "longest": LONGEST,
        "by_doubt": request.args.get("order") == "doubt",
    }


def _piece(
    episode: Episode,
    text: RereadSheet,
    number: int,
    outcome: _Outcome,
    typed: Sequence[TypedSentence],
) -> AnyResponse:
    """Give the sentences alone that stand where something was changed, for the script.

    One may begin before or end after what was changed: with another of the page, or beyond it.
    """
    if not typed:
        raise BadRequest
    start, end = min(each.start for each in typed), max(each.end for each in typed)
    laid = _laid(text, text.rows, outcome)
    told = _sentences(
        episode, text, [each for each in laid if each.start < end and each.end > start]
    )
    told["first"] = text.by_number[number].rows[0].start if number in text.by_number else 0.0
    told["own"] = text.part(start, end) if outcome.code == 200 else None
    return make_response(render_template("desk_sentences.html", **told), outcome.code)
