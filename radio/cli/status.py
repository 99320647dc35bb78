"""What goes on by itself, and how the archive is: now, still to do, failed, waiting for keepers."""

import dataclasses
import os
import time
from collections.abc import Iterator, Sequence
from pathlib import PurePath

import click

from radio.archive import Archive
from radio.cli import source
from radio.cli.lines import say, warn
from radio.cli.terminal import (
    as_json,
    counted,
    duration,
    say_json,
    warn_away,
    with_archive,
)
from radio.derived.recipe import Kind
from radio.ingest import inbox
from radio.ingest.inbox import DropsLog, read_log, refused_names
from radio.ingest.names import decoded
from radio.system.errors import ModelError
from radio.system.messages import _
from radio.work.condition import Condition, condition_of
from radio.work.queue import Passes, Queue, choose_passes
from radio.work.status import Current, Remainder, Trouble, WorkStatus, is_running, read_status
from radio.work.tries import Orders

NAMES = {
    "transcribe": _("first pass"),
    "improve": _("better pass"),
    "voices": _("voices"),
    "chapters": _("chapters"),
    "checksums": _("checksums"),
    "waveforms": _("waveforms"),
    "pages": _("pages"),
    "sense": _("search by sense"),
    "sound": _("loudness and twins"),
    "books": _("books and booklets, some minutes each hour"),
    "rehear": _("hearing again what is in doubt"),
    "model": _("model"),
}
REMEDIES: dict[Kind, str] = {
    "transcribe": _("it is tried again by itself; `radio transcribe {key}` tries at once"),
    "improve": _("nothing is lost, the first text stays; it is tried again by itself"),
    "model": _("`radio model list` says which are here, `radio model fetch base` brings one"),
}
"""What a keeper may do about what failed, where it is not just tried again."""

NAMED = 3  # files of a kind


@click.command("status")
@with_archive
@as_json
def command(archive: Archive, as_json: bool) -> None:
    """Say what `radio work` does now, what is left to do, what failed, and what waits for you.

    What is left is said even where it does not run. Room on the disk, when the files were last
    read again to prove them, sources that are followed and proposals of listeners are told too.
    """
    found = condition_of(archive)
    warn_away(found.away)
    runs, status = is_running(archive), read_status(archive)
    if not runs:
        status = _counted(archive, status)
    if as_json:
        data = {"running": runs, **dataclasses.asdict(status), "follows": source.as_data(archive)}
        data |= {"inbox": as_data(archive), "condition": dataclasses.asdict(found)}
        say_json(data)
        return
    say(_now(status.current) if runs else _("`radio work` does not run here."))
    if Orders(archive).is_paused:
        say(_("It is paused; `radio work --resume` goes on."))
    for each in status.left:
        say(_left(each, status))
    if not status.left:
        say(_("Nothing is left to do."))
    for trouble in status.troubles:
        again, tries = time.localtime(trouble.until), counted(trouble.times, "try", "tries")
        told = _("failed: {message} ({tries}; again at {again}, or once its files change)")
        say(told, message=trouble.message, tries=tries, again=time.strftime("%H:%M", again))
        remedy = REMEDIES.get(trouble.kind) or _("it is tried again by itself")
        say(_("  what to do: {remedy}"), remedy=remedy.format(key=trouble.key))
    waiting = _waiting(found, runs, bool(status.left), status.troubles)
    for line in (*source.lines(archive), *lines(archive), *_condition(found), *waiting):
        say(line)


def _counted(archive: Archive, status: WorkStatus) -> WorkStatus:
    """Count what is left, and leave out what was mended, for nobody else does."""
    passes: Passes | None = None
    try:
        passes = choose_passes(status.asked)
    except ModelError as error:
        warn(error)
    queue = Queue(archive)
    left = queue.left(passes, status.speeds, status.of("books").number)
    troubles = queue.unsolved(status.troubles, passes)
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
    match left.kind:
        case "checksums":
            size = _(", {size:.0f} MB").format(size=left.size / 1e6)
            told = counted(left.number, "file", "files") + size
        case "books":
            told = counted(left.number, "book", "books")
        case "pages":
            told = _("to make anew")
        case _kind:
            told = counted(left.number, "episode", "episodes")
    if left.sound:
        model = status.first if left.kind == "transcribe" else status.better
        sound = _("{hours} to hear").format(hours=duration(left.sound))
        told += ", " + sound + (_(" with {model}").format(model=model) if model else "")
    if left.work is not None:
        told += _(", some {time} of work").format(time=duration(left.work))
    if left.kind == "improve" and status.quiet:
        told += f" ({status.quiet})"
    return _("{what}:").format(what=NAMES[left.kind]) + f" {told}"


def _condition(found: Condition) -> Iterator[str]:
    size = _("{size:.1f} GB").format(size=found.free / 1e9)
    hours = counted(round(found.hours), "hour", "hours")
    yield _("disk: {size} free, room for some {hours} of sound").format(size=size, hours=hours)
    if found.checked is None:
        yield _("files: never read again to prove them")
    else:
        amount = counted(found.checked.recordings, "recording", "recordings")
        faults = counted(found.findings, "finding", "findings") if found.findings else _("all well")
        told = _("files: read again on {day}, {amount}, {faults}")
        yield told.format(day=found.checked.date, amount=amount, faults=faults)
    if found.proposals:
        number = counted(found.proposals, "proposal", "proposals")
        yield _("listeners: {number} to decide on").format(number=number)


def _waiting(
    found: Condition, runs: bool, left: bool, troubles: Sequence[Trouble]
) -> Iterator[str]:
    """Say what waits for a person, the gravest first; else that all is well."""
    todo = [
        (
            found.away > 0,
            _("much is gone at once: mount its disk, or bring it back from a copy"),
        ),
        (found.findings > 0, _("files are not as they were: `radio check` names them")),
        (found.is_narrow, _("the disk is nearly full: make room, or take a larger one")),
        (not runs and left, _("nothing goes on by itself: start `radio work`")),
        (bool(troubles), _("something failed: see above, why and what to do")),
        (found.is_alone, _("no copy elsewhere for long: look at radio-backup.service")),
        (found.is_silent, _("the original was not heard of for long: `radio mirror`")),
        (found.is_unproved, _("the files should be read again: `radio check`, some quiet night")),
        (found.proposals > 0, _("listeners propose words: `radio text proposals`")),
    ]
    said = [text for holds, text in todo if holds]
    if not said:
        yield _("All is well: nothing waits for you.")
        return
    yield _("What waits for you:")
    yield from (f"- {text}" for text in said)


def as_data(archive: Archive) -> dict[str, object] | None:
    """Tell what lies in the inbox and what became of files, for scripts; None without an inbox."""
    if not inbox.folder(archive).is_dir():
        return None
    there, log = inbox.look(archive, inbox.wait_of(os.environ)), read_log(archive)
    return {
        "ready": [decoded(each.path.name) for each in there.ready],
        "waiting": [decoded(each.name) for each in there.waiting],
        "locked": list(there.locked),
        "number": log.number,
        "taken": [{"name": each.name, "key": each.key, "when": each.when} for each in log.taken],
        "failed": _failures(there, log),
        "refused": refused_names(archive),
    }


def lines(archive: Archive) -> list[str]:
    """Say what waits in the inbox, what was taken, and what was refused."""
    if not inbox.folder(archive).is_dir():
        return []
    there, log = inbox.look(archive, inbox.wait_of(os.environ)), read_log(archive)
    waiting = [*(each.path for each in there.ready), *there.waiting]
    kinds = (
        (_("inbox: waiting: {files}"), [decoded(each.name) for each in waiting]),
        (_("inbox: refused, with a note each in inbox/refused/: {files}"), refused_names(archive)),
    )
    said = [text.format(files=_names(names)) for text, names in kinds if names]
    if log.number:
        last = ", ".join(each.key for each in log.taken[-NAMED:])
        taken = _("inbox: taken so far: {files}, last {last}")
        said.append(taken.format(files=counted(log.number, "file", "files"), last=last))
    troubles = [*there.locked, *_failures(there, log)]
    return said + [_("failed: {message}").format(message=each) for each in troubles]


def _failures(there: inbox.Inbox, log: DropsLog) -> list[str]:
    """Give what is said of files that stay and are there still."""
    here = {decoded(path.name) for path in (*(each.path for each in there.ready), *there.waiting)}
    return [told for name, told in log.failed.items() if PurePath(name).name in here]


def _names(names: list[str]) -> str:
    more = ", …" if len(names) > NAMED else ""
    number = counted(len(names), "file", "files")
    return f"{number} ({', '.join(names[:NAMED])}{more})"
