"""What is said of the inbox, and of what `radio work` takes from it."""

import os
from pathlib import PurePath

from radio.archive import Archive
from radio.cli.terminal import counted
from radio.ingest import inbox
from radio.ingest.drops import DropsLog, read_log, refused_names
from radio.ingest.names import decoded
from radio.system.messages import _

NAMED = 3  # files of a kind


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
