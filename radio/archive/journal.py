"""The journal: who did what in the house, and why, for keepers alone; in `desk/journal.jsonl`.
`desk/` is the private folder: accounts, consents, notes. Only the owner of the files may open it,
and nothing of it goes out, except hashes of replaced names in the bag of a keeper. No entry says
from where. All raise ArchiveError if the disk refuses."""

import datetime as dt
import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from radio.archive import fixity_log
from radio.archive.facts import Facts, about, amended, read_line
from radio.archive.locks import locked
from radio.archive.slugs import naming
from radio.system import records
from radio.system.disk import explained, is_file, private_folder, read_bytes, write_whole
from radio.system.errors import ArchiveError, warned
from radio.system.messages import from_data

FOLDER = "desk"
FILE = "journal.jsonl"
LARGEST = 256 << 20  # bytes of the journal


@dataclass(frozen=True)
class Entry:
    """What somebody did."""

    when: str  # ISO date and time, UTC
    who: str  # the name of an account; "" for whoever used the command
    what: str  # in one word: withdraw, reply
    key: str  # of an episode, or the slug of a show; "" where it is about neither
    facts: Facts = field(default_factory=dict)
    note: str = ""  # in private: why, who asked

    @property
    def line(self) -> str:
        """The facts in one line, in the current language."""
        return about(self.facts)


def desk(root: Path) -> Path:
    """Give the private folder, made if missing."""
    return private_folder(root / FOLDER)


def write_private(path: Path, content: bytes) -> None:
    """Write a file of the private folder, whole, for its owner alone."""
    write_whole(path, content)
    with explained(path):
        path.chmod(0o600)


def note(
    root: Path,
    what: str,
    *,
    key: str = "",
    facts: Facts | None = None,
    who: str = "",
    note: str = "",
) -> Entry:
    """Write down what somebody did; a disk that refuses costs a warning."""
    return note_each(root, what, {key: facts or {}}, who=who, note=note)[0]


def note_each(
    root: Path, what: str, facts: Mapping[str, Facts], *, who: str = "", note: str = ""
) -> list[Entry]:
    """Write down likewise what somebody did to several, by key."""
    now = dt.datetime.now(dt.UTC).isoformat("T", "seconds")
    entries = [Entry(now, who, what, key, each, note) for key, each in facts.items()]
    with warned(), locked(folder := desk(root), "journal"), explained(folder / FILE):
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW
        descriptor = os.open(folder / FILE, flags, 0o600)
        with os.fdopen(descriptor, "r+b") as file:
            # after half a line of a power cut, begin a new one
            size = file.seek(0, os.SEEK_END)
            is_half = size and os.pread(descriptor, 1, size - 1) != b"\n"
            file.write((b"\n" if is_half else b"") + b"".join(_line(e) + b"\n" for e in entries))
            file.flush()
            os.fsync(descriptor)
    return entries


def entries(root: Path) -> list[Entry]:
    """List the readable entries, the newest first."""
    return list(newest(root))


def newest(root: Path) -> Iterator[Entry]:
    """Give the entries likewise, each read when it is asked for."""
    return (entry for entry in (_read(line) for line in reversed(_lines(root))) if entry)


def heads(entries: Iterator[Entry]) -> Iterator[Entry]:
    """Give the first entry of each act, whatever number of episodes it was on."""
    seen = set[object]()
    for each in entries:
        if (run := each.facts.get("run")) not in seen:
            seen |= {run} - {None}
            yield each


def forget(root: Path, key: str) -> None:
    """Delete the entries of an episode or a show, and its key from others."""
    named = naming(key)

    def left(entry: Entry) -> Entry | None:
        facts = amended(entry.facts, lambda text: named.sub("…", text))
        note = named.sub("…", entry.note)
        return None if entry.key == key else replace(entry, facts=facts, note=note)

    keep(root, left)


def keep(root: Path, amend: Callable[[Entry], Entry | None]) -> None:
    """Write the journal anew, entries amended or removed (None); unreadable lines stay."""
    if not is_file(root / FOLDER / FILE):
        return
    with locked(desk(root), "journal"):
        written = list[bytes]()
        for line in _lines(root):
            entry = _read(line)
            new = amend(entry) if entry else None
            if entry is None or new == entry:
                written.append(line)
            elif new:
                written.append(_line(new))
        write_private(path := root / FOLDER / FILE, b"".join(line + b"\n" for line in written))
    fixity_log.forget(root, lambda each: root / each == path)


def _lines(root: Path) -> list[bytes]:
    path = root / FOLDER / FILE
    content = read_bytes(path, LARGEST) if is_file(path) else b""
    return [line for line in content.split(b"\n") if line]


def _line(entry: Entry) -> bytes:
    return json.dumps(asdict(entry), ensure_ascii=False).encode("utf-8", "replace")


def _read(line: bytes) -> Entry | None:
    try:
        return records.read(Entry, line, FILE, amend=_read_former)
    except ArchiveError:
        return None


def _read_former(data: dict[str, Any]) -> None:
    """Read an entry of an earlier release, which had a line or a message."""
    if "said" in data:
        data["told"] = from_data(data.pop("said"))
    read_line(data)
