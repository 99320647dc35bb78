"""What goes on by itself: now, still to do, failed."""

import dataclasses
import time

import click

from radio.archive import Archive
from radio.cli import condition, inbox, source
from radio.cli.lines import say
from radio.cli.terminal import as_json, counted, duration, json_text, with_archive
from radio.system.errors import ModelError
from radio.system.messages import _
from radio.work.condition import condition_of
from radio.work.orders import Orders
from radio.work.passes import Passes, choose_passes
from radio.work.queue import Queue
from radio.work.status import Current, Remainder, Trouble, WorkStatus, is_running, read_status

NAMES = {
    "transcribe": _("first pass"),
    "improve": _("better pass"),
    "rest": _("voices, chapters, checksums, waveforms, pages"),
    "voices": _("voices"),
    "chapters": _("chapters"),
    "checksums": _("checksums"),
    "waveforms": _("waveforms"),
    "pages": _("pages"),
    "sound": _("loudness and twins"),
    "books": _("books and booklets, some minutes each hour"),
    "rehear": _("hearing again what is in doubt"),
    "model": _("model"),
}


@click.command("status")
@with_archive
@as_json
def command(archive: Archive, as_json: bool) -> None:
    """Say what `radio work` does now, what is left to do, what failed, and what waits for you.

    What is left is said even where it does not run. Room on the disk, when the files were last
    read again to prove them, sources that are followed and proposals of listeners are told too.
    """
    archive.require()
    found = condition_of(archive)
    condition.warn_away(found.away)
    runs, status = is_running(archive), read_status(archive)
    if not runs:
        status = _counted(archive, status)
    if as_json:
        told = {"running": runs, **dataclasses.asdict(status), "follows": source.as_data(archive)}
        told |= {"inbox": inbox.as_data(archive), "condition": dataclasses.asdict(found)}
        say(json_text(told))
        return
    say(_now(status.current) if runs else _("`radio work` does not run here."))
    if Orders(archive).is_paused:
        say(_("It is paused; `radio work --resume` goes on."))
    for each in status.left:
        say(_left(each, status))
    if not status.left:
        say(_("Nothing is left to do."))
    for trouble in status.troubles:
        say(_trouble(trouble))
        say(condition.remedy(trouble))
    for line in [*source.lines(archive), *inbox.lines(archive), *condition.lines(found)]:
        say(line)
    for line in condition.asked(found, runs, bool(status.left), status.troubles):
        say(line)


def _counted(archive: Archive, status: WorkStatus) -> WorkStatus:
    """Count what is left, and leave out what was mended, for nobody else does."""
    passes: Passes | None = None
    try:
        passes = choose_passes(status.asked)
    except ModelError as error:
        say(f"radio: {error}", err=True)
    queue = Queue(archive)
    left, troubles = queue.left(passes, status.speeds), queue.unsolved(status.troubles, passes)
    first, better = (passes.first, passes.better) if passes else ("", "")
    return dataclasses.replace(
        status, first=first, better=better, current=None, left=left, troubles=troubles
    )


def _now(current: Current | None) -> str:
    """Say what is done now.

    >>> _now(Current("transcribe", "emission/2024-01-16-rue", "base", 0.42, 75.0))
    'Now: first pass, emission/2024-01-16-rue (base), 42 %, 1 min left'
    """
    if current is None:
        return _("Now: nothing")
    text = _("Now: {what}").format(what=NAMES[current.kind])
    if current.key:
        text += f", {current.key} ({current.model}), {current.share * 100:.0f} %"
    if current.left is not None:
        text += _(", {left} left").format(left=duration(current.left))
    return text


def _left(left: Remainder, status: WorkStatus) -> str:
    """Say what is left of a kind."""
    parts = [_("{what}:").format(what=NAMES[left.kind])]
    if left.kind == "checksums":
        parts.append(
            counted(left.number, "file", "files")
            + _(", {size:.0f} MB").format(size=left.size / 1e6)
        )
    elif left.kind == "books":
        parts.append(counted(left.number, "book", "books"))
    elif left.kind == "pages":
        parts.append(_("to make anew"))
    else:
        parts.append(counted(left.number, "episode", "episodes"))
    if left.sound:
        model = status.first if left.kind == "transcribe" else status.better
        sound = _("{hours} to hear").format(hours=duration(left.sound))
        parts[-1] += ", " + sound + (_(" with {model}").format(model=model) if model else "")
    if left.work is not None:
        parts[-1] += _(", some {time} of work").format(time=duration(left.work))
    if left.kind == "improve" and status.quiet:
        parts[-1] += f" ({status.quiet})"
    return " ".join(parts)


def _trouble(trouble: Trouble) -> str:
    """Say what failed, how often, and when it is tried again."""
    again = time.strftime("%H:%M", time.localtime(trouble.until))
    tries = counted(trouble.times, "try", "tries")
    return _("failed: {message} ({tries}; again at {again}, or once its files change)").format(
        message=trouble.message, tries=tries, again=again
    )
