"""The page of the desk on which keepers write the chapters of an episode, or take proposed ones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as AnyResponse

from radio.actions.chapter_rows import ChapterChange, lay_chapters
from radio.actions.chapters import (
    join_chapters,
    read_chapters,
    split_chapters,
    write_chapters,
    write_time,
)
from radio.actions.drafts import Draft, Laid, lay, save
from radio.archive.episode import Episode
from radio.archive.redaction import read_moment
from radio.derived.chapters import chapters_of, sidecar_chapters
from radio.system.errors import ArchiveError
from radio.text.chapters import Chapter, Chapters
from radio.web.context import catalogue
from radio.web.drafting import TAKEN
from radio.web.gate import desk, keeper, takes, visit
from radio.web.settling import settle
from radio.web.views.desk_fields import untouched, writers
from radio.web.waveform import Waveform, draw

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
def chapters(show: str, slug: str) -> str | AnyResponse:
    """Write the chapters; those that somebody wrote are never overwritten unseen."""
    episode = catalogue().archive.episode(f"{show}/{slug}")
    if request.method != "POST":
        return _page(episode, _rows(episode.chapters))
    takes_proposed = request.form.get("act") == "take"
    if takes_proposed and sidecar_chapters(episode).parts:
        fault = gettext("Rien n’a été changé\u00a0: quelqu’un en a écrit, et les voici.")
        return make_response(_page(episode, _rows(episode.chapters), fault=fault), 409)
    proposed = chapters_of(catalogue().archive, episode).parts if takes_proposed else ()
    rows = _rows(proposed) if takes_proposed else _written(episode)
    if any(row.fault for row in rows):
        fault = gettext("Rien n’a été changé\u00a0: voyez les lignes marquées.")
        return make_response(_page(episode, rows, fault=fault), 422)
    return _save(episode, rows)


def _save(episode: Episode, rows: list[ChapterRow]) -> AnyResponse:
    archive = catalogue().archive
    draft = _read(rows)
    try:
        laid = save(archive, episode.key, draft, visit().account.name)
    except ArchiveError as error:
        fault = gettext("Rien n’a été changé\u00a0: %(reason)s", reason=str(error))
        return make_response(_page(episode, rows, lay(episode, draft), fault), 409)
    if laid.is_clear:
        settle()
        also = 1 if laid.others else None
        show, slug = episode.show, episode.slug
        here = url_for("desk.chapters", show=show, slug=slug, done=1, also=also)
        return redirect(here, 303)
    fault = gettext("Rien n’a été changé\u00a0: deux chapitres commencent à la même seconde.")
    if clash := laid.clashes.get("chapters"):
        rows = _compared(lay_chapters(clash.was, clash.now, clash.mine))
        fault = gettext("Rien n’a été changé\u00a0: choisissez dans les lignes marquées.")
    return make_response(_page(episode, rows, laid, fault), 409 if laid.clashes else 422)


def _compared(changes: Sequence[ChapterChange]) -> list[ChapterRow]:
    """Write rows of what both did; those that somebody else took away come last."""
    rows = list[ChapterRow]()
    for each in changes:
        is_theirs = each.now != each.was
        shown = each.mine if each.is_clash else each.taken
        row = _rows((shown,))[0] if shown else ChapterRow()
        rows.append(replace(row, change=each if is_theirs else None))
    return [each for each in rows if each.time or each.change]


def _read(rows: list[ChapterRow]) -> Draft:
    """Read what was shown and what was written."""
    was = "" if request.form.get("act") == "take" else _base()
    mine = join_chapters((row.time, row.title) for row in rows)
    return Draft({"chapters": was}, {"chapters": mine})


def _base() -> str:
    """Give what was there before both; in the rows of which nobody decided, as it was then."""
    was = request.form.get("was-chapters", "")
    try:
        known = set(read_chapters(was))
        for number in _undecided():
            known -= set(read_chapters(request.form.get(f"now-row-{number}", "")))
            known |= set(read_chapters(request.form.get(f"was-row-{number}", "")))
    except ValueError as error:
        raise BadRequest from error
    return write_chapters(sorted(known, key=lambda each: each.start))


def _undecided() -> Iterator[str]:
    for name in request.form:
        number = name.removeprefix("now-row-")
        if number != name and request.form.get(f"take-row-{number}") not in TAKEN:
            yield number


def _written(episode: Episode) -> list[ChapterRow]:
    """Read the rows that say something."""
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
    second = read_moment(time)
    if second is None:
        return ChapterRow(time, title, gettext("Écrivez le moment comme 12:34, 1:02:03 ou 75."))
    if second >= episode.audio.duration:
        return ChapterRow(time, title, gettext("C’est après la fin."))
    if not title:
        return ChapterRow(time, title, gettext("Il faut un titre."))
    return ChapterRow(write_time(second), title, second=second)


def _rows(parts: tuple[Chapter, ...]) -> list[ChapterRow]:
    return [ChapterRow(write_time(each.start), each.title, second=each.start) for each in parts]


def _page(
    episode: Episode, rows: list[ChapterRow], laid: Laid | None = None, fault: str = ""
) -> str:
    """Show the chapters as they are written, and those that the machine proposes."""
    archive = catalogue().archive
    has_own = bool(sidecar_chapters(episode).parts)
    return render_template(
        "desk_chapters.html",
        episode=episode,
        spoken=archive.show(episode.show).language_of(episode),
        rows=[*rows, *[ChapterRow()] * EMPTY],
        laid=laid or untouched(episode),
        was=laid.draft.was["chapters"] if laid else _was(episode),
        proposed=Chapters() if has_own else chapters_of(archive, episode),
        waveform=_waveform(episode),
        fault=fault,
        writers=writers(episode, laid) if laid else {},
        told=write_chapters,
    )


def _was(episode: Episode) -> str:
    """Give what the page showed at first: what somebody writes meanwhile is met, not missed."""
    return request.form.get("was-chapters", write_chapters(episode.chapters))


def _waveform(episode: Episode) -> Waveform | None:
    """Draw the waveform; None where there is none, or it can’t be read."""
    try:
        bars = catalogue().archive.waveform(episode)
    except ArchiveError:
        return None
    return draw(bars, episode.audio.duration, (), ()) if bars else None
