"""The page of the desk on which keepers write the chapters of an episode, or take proposed ones."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as AnyResponse

from radio.actions import chapters as writing
from radio.actions.editing import Draft, DraftCheck, check_draft, save
from radio.archive.episode import Episode
from radio.archive.protection import read_moment
from radio.derived.chapters import chapters_of, sidecar_chapters
from radio.system.errors import ArchiveError
from radio.text.chapters import Chapter, Chapters
from radio.web.charts import draw_waveform
from radio.web.context import catalogue
from radio.web.desk_pages import desk_page, settle, unchanged
from radio.web.gate import keeper, who
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
    change: writing.ChapterChange | None = None  # what somebody else did to it meanwhile


@keeper.form("/chapters/<show>/<slug>", most=LARGEST)
def chapters(show: str, slug: str) -> AnyResponse:
    """Write the chapters; those that somebody wrote are never overwritten unseen."""
    episode = catalogue().archive.episode(f"{show}/{slug}")
    if request.method != "POST":
        return _page(episode, list(map(_row, episode.chapters)))
    if request.form.get("act") == "take":
        if sidecar_chapters(episode).parts:
            fault = gettext("Rien n’a été changé\u00a0: des chapitres ont été écrits. Les voici.")
            return _page(episode, list(map(_row, episode.chapters)), fault=fault)
        proposed = list(map(_row, chapters_of(catalogue().archive, episode).parts))
        return _save(episode, proposed, was="")
    rows = list(_written(episode))
    if any(row.fault for row in rows):
        fault = gettext("Rien n’a été changé\u00a0: voyez les lignes marquées.")
        return _page(episode, rows, fault=fault, code=422)
    return _save(episode, rows, _base())


def _save(episode: Episode, rows: list[ChapterRow], was: str) -> AnyResponse:
    mine = writing.join_chapters((row.time, row.title) for row in rows)
    draft = Draft({"chapters": was}, {"chapters": mine})
    try:
        checked = save(catalogue().archive, episode.key, draft, who())
    except ArchiveError as error:
        return _page(episode, rows, check_draft(episode, draft), unchanged(error))
    if checked.is_clear:
        settle()
        values: dict[str, Any] = {"show": episode.show, "slug": episode.slug, "done": 1}
        return redirect(url_for("desk.chapters", **values, also=1 if checked.others else None), 303)
    if clash := checked.clashes.get("chapters"):
        rows = []  # of what both did; those that somebody else took away come last
        for each in writing.lay_chapters(clash.was, clash.now, clash.mine):
            stands = each.mine if each.is_clash else each.taken
            row = _row(stands) if stands else ChapterRow()
            row = replace(row, change=each if each.now != each.was else None)
            rows += [row] if row.time or row.change else []
        fault = gettext("Rien n’a été changé\u00a0: choisissez dans les lignes marquées.")
        return _page(episode, rows, checked, fault)
    fault = gettext("Rien n’a été changé\u00a0: deux chapitres commencent à la même seconde.")
    return _page(episode, rows, checked, fault, 422)


def _base() -> str:
    """Give what was there before both; undecided rows are as they were then."""
    form = request.form
    try:
        known = set(writing.read_chapters(form.get("was-chapters", "")))
        for name in form:
            number = name.removeprefix("now-row-")
            if number != name and form.get(f"take-row-{number}") not in TAKEN:
                known -= set(writing.read_chapters(form[name]))
                known |= set(writing.read_chapters(form.get(f"was-row-{number}", "")))
    except ValueError as error:
        raise BadRequest from error
    return writing.write_chapters(sorted(known, key=lambda each: each.start))


def _written(episode: Episode) -> Iterator[ChapterRow]:
    """Read the filled rows; those of somebody else, if they are taken."""
    form = request.form
    pairs = zip(form.getlist("time"), form.getlist("title"), strict=False)
    for number, typed in enumerate(pairs, 1):
        pair = typed
        if form.get(f"take-row-{number}") == "theirs":
            try:
                theirs = writing.split_chapters(form.get(f"now-row-{number}", ""))
                pair = next(iter(theirs), ("", ""))
            except ValueError as error:
                raise BadRequest from error
        time, title = (" ".join(each.split()) for each in pair)
        second, fault = read_moment(time), ""
        if second is None:
            fault = gettext("Écrivez le moment comme 12:34, 1:02:03 ou 75.")
        elif second >= episode.audio.duration:
            fault = gettext("C’est après la fin.")
        elif not title:
            fault = gettext("Il faut un titre.")
        if second is not None and not fault:
            yield _row(Chapter(second, title))
        elif time or title:
            yield ChapterRow(time, title, fault)


def _row(chapter: Chapter) -> ChapterRow:
    return ChapterRow(writing.write_time(chapter.start), chapter.title, second=chapter.start)


def _page(
    episode: Episode,
    rows: list[ChapterRow],
    checked: DraftCheck | None = None,
    fault: str = "",
    code: int = 409,
) -> AnyResponse:
    archive, bars, has_own = catalogue().archive, None, bool(sidecar_chapters(episode).parts)
    was = request.form.get("was-chapters", writing.write_chapters(episode.chapters))
    with contextlib.suppress(ArchiveError):  # the page does without
        bars = archive.waveform(episode)
    return desk_page(
        "desk_chapters.html",
        episode=episode,
        spoken=archive.show(episode.show).language_of(episode),
        rows=[*rows, *[ChapterRow()] * EMPTY],
        was=checked.draft.was["chapters"] if checked else was,
        proposed=Chapters() if has_own else chapters_of(archive, episode),
        waveform=draw_waveform(bars, episode.audio.duration, (), ()) if bars else None,
        fault=fault,
        code=code,
        writers=writers(episode, checked) if checked else {},
        told=writing.write_chapters,
    )
