"""Pages of the desk where people put the text of an episode right by ear, section by section."""

import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response as AnyResponse

from radio.archive.authorship import status_of
from radio.archive.episode import Episode
from radio.archive.rereading import section_of
from radio.proposals.intake import UNSEEN
from radio.proposals.rereading import mark, save
from radio.proposals.rereading import survey as find_unsure
from radio.proposals.sentences import SentenceEdit
from radio.system.errors import RadioError, TranscriptError
from radio.web.context import catalogue
from radio.web.desk_pages import desk_page, follow
from radio.web.gate import LONG, rereader, who
from radio.web.rereading import (
    LeftEdit,
    RereadSheet,
    SentenceRow,
    TypedSentence,
    laid_over,
    read_typed,
    sheet,
    with_offers,
)
from radio.web.views.desk_several import list_episodes, matching
from radio.work.waiting import State

PATIENCE = 1.5  # seconds
LONGEST = 2000  # characters of a sentence


@rereader.get("/reread")
def rereading() -> AnyResponse | str:
    """List the episodes that have a text, those first that nobody reread; or, `?order=doubt`, the
    least certain minutes of the archive."""
    state = State(catalogue().archive)
    if _by_doubt():
        survey = find_unsure(state.archive, PATIENCE)
        rows = sorted(survey.found, key=lambda each: each[1])
        titles = {each.key: state.titles[each.key] for each, _ in rows}
        return render_template("desk_sections.html", survey=survey, rows=rows, titles=titles)
    found = [each for each in matching(state) if state.archive.is_transcribed(each.key)]
    said = {each.key: status_of(state.archive, each.key) for each in found}
    found.sort(key=lambda each: said[each.key] == "reread")
    turns = gettext("Précédents"), gettext("Suivants")
    return list_episodes(gettext("Relire"), "desk.sections", state, found, turns, said=said)


def _by_doubt() -> bool:
    return request.args.get("order") == "doubt"


@rereader.get("/reread/<show>/<slug>")
def sections(show: str, slug: str) -> AnyResponse | str:
    """List the sections of a text, in their order or those with most doubts first; or lead to the
    one in which something is said at `?t=`, or to the only one."""
    episode, text = text_of(show, slug)
    found, second = list(text.by_number.values()), request.args.get("t", type=float)
    if second is not None and text.rows:
        near = min(text.rows, key=lambda row: max(row.start - second, second - row.end))
        part = section_of(near.start) + 1
        return redirect(url_for("desk.section", show=show, slug=slug, part=part, t=second))
    if len(found) == 1:
        part, order = found[0].number + 1, request.args.get("order")
        return redirect(url_for("desk.section", show=show, slug=slug, part=part, order=order), 303)
    if _by_doubt():
        found.sort(key=lambda each: -each.doubted)
    values: dict[str, Any] = {"sheet": text, "found": found, "by_doubt": _by_doubt()}
    return render_template("desk_sections.html", episode=episode, **values)


@rereader.form("/reread/<show>/<slug>/<part>", most=LONG)
def section(show: str, slug: str, part: str) -> AnyResponse:
    """Show some minutes of a text, a field for each sentence; write what is changed in them."""
    archive, form = catalogue().archive, request.form
    episode, text = text_of(show, slug)
    number = number_of(part)
    if number is None:
        raise NotFound
    if request.method != "POST":
        return _page(episode, text, number)
    act, typed = form.get("act"), read_typed(*map(form.getlist, ("place", "words", "voice")))
    is_piece, changed, left, fault = "piece" in form, 0, list[LeftEdit](), ""
    try:
        changed, left = _write(episode, typed)
        text = sheet(archive, episode)
        if not left and act in ("reread", "unread"):
            mark(archive, episode.key, number, who(), is_reread=act == "reread")
        if changed or act:
            follow()
    except RadioError as error:  # what was typed comes back
        fault = gettext("Rien n’a été enregistré\u00a0: %(reason)s", reason=str(error))
        left = [(it.edit, fault if is_piece else "") for it in typed if is_piece or it.is_changed]
    if is_piece:
        return _piece(episode, text, number, typed, left)
    if left or fault:
        return _page(episode, text, number, left, fault)
    values: dict[str, Any] = {"saved": changed, "order": request.args.get("order")}
    return redirect(url_for("desk.section", show=show, slug=slug, part=part, **values), 303)


def text_of(show: str, slug: str) -> tuple[Episode, RereadSheet]:
    """Read the text of an episode, to be reread. Raises NotFound if there is none."""
    archive = catalogue().archive
    episode = archive.episode(f"{show}/{slug}")
    try:
        return episode, sheet(archive, episode)
    except TranscriptError as error:
        raise NotFound from error


def number_of(part: str) -> int | None:
    """Read the number of a section, from 1; None if it is none."""
    return int(part) - 1 if part.isascii() and part.isdecimal() and len(part) < 6 else None


def _write(episode: Episode, typed: Sequence[TypedSentence]) -> tuple[int, list[LeftEdit]]:
    """Write what somebody changed, as far as possible; count it, and give what is left."""
    edits, left, join = list[SentenceEdit](), list[LeftEdit](), request.form.get("join")
    joined = next((both for both in pairwise(typed) if str(both[1].start) == join), ())
    for each in typed:
        if fault := fault_of(each.words) if each.is_changed or each in joined else "":
            left.append((each.edit, fault))
        elif each.is_changed and each not in joined:
            edits.append(each.edit)
    if joined and not any(fault_of(each.words) for each in joined):
        words = "\n".join(" ".join(each.words.split()) for each in joined)
        edits.append(SentenceEdit(tuple(each.place for each in joined), words))
    if not edits:
        return 0, left
    saved = save(catalogue().archive, episode.key, edits, who())
    return saved.changed, [*((each, None) for each in saved.conflicts), *left]


def fault_of(words: str) -> str:
    """Say why some words can't be taken; nothing if they can."""
    if len(words) > LONGEST:
        return str(gettext("C’est trop long\u00a0: coupez la phrase."))
    if any(unicodedata.category(each) in UNSEEN for each in "".join(words.split())):
        return str(
            gettext("Votre texte contient des caractères invisibles\u00a0: retapez-le sans eux.")
        )
    return ""


def _page(
    episode: Episode, text: RereadSheet, number: int, left: Sequence[LeftEdit] = (), fault: str = ""
) -> AnyResponse:
    """Show a section, and what could not be written; with a `fault`, all was refused."""
    here, numbers = text.by_number.get(number), list(text.by_number)
    if here is None:
        raise NotFound
    values = _sentences(episode, text, laid_over(here.rows, left, text.transcript.cues))
    rows, place = values["rows"], numbers.index(number)
    lead, second = None, request.args.get("t", type=float)
    if second is not None:  # where the sentence begins to which the address leads
        near = ((max(row.start - second, second - row.end, 0), row.start) for row in rows)
        lead = min(near)[1]
    if values["by_doubt"]:
        rows.sort(key=lambda row: -row.doubted)
    code = 409 if fault else _code(left)
    if left and not fault:
        fault = gettext("Une partie n’a pas été enregistrée\u00a0: voyez plus bas.")
    return desk_page(
        "desk_section.html",
        **values,
        section=here,
        first=here.rows[0].start,
        fault=fault,
        code=code,
        numbers=numbers,
        before=numbers[place - 1] if place else None,
        after=numbers[place + 1] if place + 1 < len(numbers) else None,
        saved=request.args.get("saved", type=int),
        lead=lead,
    )


def _piece(
    episode: Episode,
    text: RereadSheet,
    number: int,
    typed: Sequence[TypedSentence],
    left: Sequence[LeftEdit],
) -> AnyResponse:
    """Give only the sentences of what was changed, for the script; they may reach beyond it."""
    if not typed:
        raise BadRequest
    start, end = min(each.start for each in typed), max(each.end for each in typed)
    laid = laid_over(text.rows, left, text.transcript.cues)
    here = [each for each in laid if each.start < end and each.end > start]
    first = text.by_number[number].rows[0].start if number in text.by_number else 0.0
    own = None if left else text.part(start, end)
    values = _sentences(episode, text, here) | {"first": first, "own": own}
    return make_response(render_template("desk_sentences.html", **values), _code(left))


def _code(left: Sequence[LeftEdit]) -> int:
    if any(fault is not None for _edit, fault in left):
        return 422
    return 409 if left else 200


def _sentences(episode: Episode, text: RereadSheet, rows: Sequence[SentenceRow]) -> dict[str, Any]:
    archive = catalogue().archive
    return {
        "rows": with_offers(archive, episode, text.rows, rows),
        "episode": episode,
        "sheet": text,
        "spoken": archive.show(episode.show).language_of(episode),
        "longest": LONGEST,
        "by_doubt": _by_doubt(),
    }
