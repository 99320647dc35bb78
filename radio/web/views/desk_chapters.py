"""The page of the desk on which keepers write the chapters of an episode, or take proposed ones."""

import contextlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as AnyResponse

from radio.actions.chapters import (
    ChapterChange,
    join_chapters,
    lay_chapters,
    read_chapters,
    split_chapters,
    write_chapters,
    write_time,
)
from radio.actions.editing import Draft, Laid, lay, save
from radio.archive.episode import Episode
from radio.archive.protection import read_moment
from radio.derived.chapters import chapters_of, sidecar_chapters
from radio.system.errors import ArchiveError
from radio.text.chapters import Chapter, Chapters
from radio.web.charts import draw_waveform
from radio.web.chores import settle
from radio.web.context import catalogue
from radio.web.gate import desk, keeper, takes, who
from radio.web.views.desk_fields import TAKEN, writers

LARGEST = 128 << 10  # bytes of the form
EMPTY = 3  # rows for chapters more


@dataclass(frozen=True)
class ChapterRow:
    """A chapter as it is written on the page, with what is wrong about it."""

    time: str = ""
    title: str = ""
    fault: str = ""
    second: float | None = None
    change: ChapterChange | None = None  # what somebody else did to it meanwhile


@desk.route("/chapters/<show>/<slug>", methods=["GET", "POST"])
@keeper
@takes(LARGEST)
def chapters(show: str, slug: str) -> AnyResponse:
    """Write the chapters; those that somebody wrote are never overwritten unseen."""
    episode = catalogue().archive.episode(f"{show}/{slug}")
    if request.method != "POST":
        return _page(episode, _rows(episode.chapters))
    if request.form.get("act") == "take":
        if sidecar_chapters(episode).parts:
            fault = gettext("Rien n’a été changé\u00a0: quelqu’un en a écrit, et les voici.")
            return _page(episode, _rows(episode.chapters), fault=fault)
        proposed = _rows(chapters_of(catalogue().archive, episode).parts)
        return _save(episode, proposed, was="")
    rows = _written(episode)
    if any(row.fault for row in rows):
        fault = gettext("Rien n’a été changé\u00a0: voyez les lignes marquées.")
        return _page(episode, rows, fault=fault, code=422)
    return _save(episode, rows, _base())


def _save(episode: Episode, rows: list[ChapterRow], was: str) -> AnyResponse:
    mine = join_chapters((row.time, row.title) for row in rows)
    draft = Draft({"chapters": was}, {"chapters": mine})
    try:
        laid = save(catalogue().archive, episode.key, draft, who())
    except ArchiveError as error:
        fault = gettext("Rien n’a été changé\u00a0: %(reason)s", reason=str(error))
        return _page(episode, rows, lay(episode, draft), fault)
    if laid.is_clear:
        settle()
        told: dict[str, Any] = {"done": 1, "also": 1 if laid.others else None}
        here = url_for("desk.chapters", show=episode.show, slug=episode.slug, **told)
        return redirect(here, 303)
    if clash := laid.clashes.get("chapters"):
        rows = _compared(lay_chapters(clash.was, clash.now, clash.mine))
        fault = gettext("Rien n’a été changé\u00a0: choisissez dans les lignes marquées.")
        return _page(episode, rows, laid, fault)
    fault = gettext("Rien n’a été changé\u00a0: deux chapitres commencent à la même seconde.")
    return _page(episode, rows, laid, fault, 422)


def _compared(changes: Sequence[ChapterChange]) -> list[ChapterRow]:
    """Write rows of what both did; those that somebody else took away come last."""
    rows = list[ChapterRow]()
    for each in changes:
        shown = each.mine if each.is_clash else each.taken
        row = _row(shown) if shown else ChapterRow()
        rows.append(replace(row, change=each if each.now != each.was else None))
    return [each for each in rows if each.time or each.change]


def _base() -> str:
    """Give what was there before both; in the rows of which nobody decided, as it was then."""
    form = request.form
    undecided = [
        number
        for name in form
        if (number := name.removeprefix("now-row-")) != name
        and form.get(f"take-row-{number}") not in TAKEN
    ]
    try:
        known = set(read_chapters(form.get("was-chapters", "")))
        for number in undecided:
            known -= set(read_chapters(form.get(f"now-row-{number}", "")))
            known |= set(read_chapters(form.get(f"was-row-{number}", "")))
    except ValueError as error:
        raise BadRequest from error
    return write_chapters(sorted(known, key=lambda each: each.start))


def _written(episode: Episode) -> list[ChapterRow]:
    times, titles = (request.form.getlist(name) for name in ("time", "title"))
    pairs = map(_decided, count(1), times, titles)
    cleaned = ((time.strip(), " ".join(title.split())) for time, title in pairs)
    return [_judged(episode, *pair) for pair in cleaned if any(pair)]


def _decided(number: int, time: str, title: str) -> tuple[str, str]:
    """Give a row as it is written, or as somebody else wrote it, where theirs is taken."""
    if request.form.get(f"take-row-{number}") != "theirs":
        return time, title
    try:
        return next(iter(split_chapters(request.form.get(f"now-row-{number}", ""))), ("", ""))
    except ValueError as error:
        raise BadRequest from error


def _judged(episode: Episode, time: str, title: str) -> ChapterRow:
    second, fault = read_moment(time), ""
    if second is None:
        fault = gettext("Écrivez le moment comme 12:34, 1:02:03 ou 75.")
    elif second >= episode.audio.duration:
        fault = gettext("C’est après la fin.")
    elif not title:
        fault = gettext("Il faut un titre.")
    else:
        return _row(Chapter(second, title))
    return ChapterRow(time, title, fault)


def _row(chapter: Chapter) -> ChapterRow:
    return ChapterRow(write_time(chapter.start), chapter.title, second=chapter.start)


def _rows(parts: Iterable[Chapter]) -> list[ChapterRow]:
    return [_row(each) for each in parts]


def _page(
    episode: Episode,
    rows: list[ChapterRow],
    laid: Laid | None = None,
    fault: str = "",
    code: int = 409,
) -> AnyResponse:
    """Show the chapters as they are written, and those that the machine proposes.

    It keeps what it showed at first: what somebody writes meanwhile is met, not missed.
    """
    archive = catalogue().archive
    has_own = bool(sidecar_chapters(episode).parts)
    was = request.form.get("was-chapters", write_chapters(episode.chapters))
    bars = None
    with contextlib.suppress(ArchiveError):  # the page does without
        bars = archive.waveform(episode)
    page = render_template(
        "desk_chapters.html",
        episode=episode,
        spoken=archive.show(episode.show).language_of(episode),
        rows=[*rows, *[ChapterRow()] * EMPTY],
        was=laid.draft.was["chapters"] if laid else was,
        proposed=Chapters() if has_own else chapters_of(archive, episode),
        waveform=draw_waveform(bars, episode.audio.duration, (), ()) if bars else None,
        fault=fault,
        writers=writers(episode, laid) if laid else {},
        told=write_chapters,
    )
    return make_response(page, code if fault else 200)
