"""The log of fixity: when each file was read, and whether it was whole. A month is a file of
`desk/fixity/`, with lines of JSON that are only ever appended, but for what must be nowhere any
more. A line tells of a file whose bytes are news, or names files of a folder that are as they were:

    {"when": "…", "found": "new", "path": "media/e/x.mp3", "stamp": [1, 2], "sha256": "…"}
    {"when": "…", "whole": "media/e", "names": ["x.mp3", "x.json"]}

`damaged.json` beside has what is damaged now, so that whoever serves files need not read the log.
All raise ArchiveError if the disk refuses."""

import datetime as dt
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from radio.archive.locks import locked
from radio.system.disk import Stamp, explained, private_folder, read_bytes, regular_files, stamp
from radio.system.disk import write_whole as write
from radio.system.records import RecordFile

DESK = "desk"
FOLDER = f"{DESK}/fixity"
LARGEST = 1 << 30  # bytes of a month
GROWING = ".jsonl"  # files that only grow

# of the bytes of a file: never read before; another content since; more of it; as before; other
# bytes though nobody wrote them; not to be had
Found = Literal["new", "changed", "grown", "whole", "damaged", "unreadable"]
BAD: tuple[Found, ...] = ("damaged", "unreadable")


@dataclass(frozen=True)
class FileReading:
    """What was found in a file."""

    path: str  # beneath the root
    found: Found
    stamp: Stamp
    sha256: str  # as it is; "" where it can't be read
    expected: str = ""  # as it should be, where it is damaged; "" where nobody knows
    is_news: bool = True  # for the log: its bytes or its stamp are not those that are known


@dataclass(frozen=True)
class KnownBytes:
    """The bytes of a file when it was last whole."""

    sha256: str
    stamp: Stamp
    since: str  # ISO date and time, UTC


@dataclass(frozen=True)
class Damage:
    """How a damaged file is, and how it should be."""

    stamp: Stamp
    sha256: str
    expected: str
    found: str  # ISO date and time, UTC


@dataclass(frozen=True)
class _Damages:
    files: Mapping[str, Damage] = field(default_factory=dict)  # by path


@dataclass(frozen=True)
class FixityLog:
    """What the log knows, by path."""

    known: dict[str, KnownBytes] = field(default_factory=dict)
    whole: dict[str, str] = field(default_factory=dict)  # when it was last read so: ISO, UTC


DAMAGES = RecordFile(f"{FOLDER}/damaged.json", _Damages)


def read_log(root: Path) -> FixityLog:
    """Read the whole log; lines that can't be read count as missing. Not to be changed."""
    return _read(root, tuple(_months(root).items()))


@lru_cache(maxsize=2)
def _read(root: Path, months: tuple[tuple[str, Stamp], ...]) -> FixityLog:
    found = FixityLog()
    for name, _stamp in months:
        for line in _lines(root / FOLDER / name):
            for path, known, when in _told(line):
                if known:
                    found.known[path] = known
                if when:
                    found.whole[path] = when
    return found


def _months(root: Path) -> dict[str, Stamp]:
    return dict(sorted(regular_files(root / FOLDER, lambda name: name.endswith(GROWING)).items()))


def _lines(path: Path) -> list[bytes]:
    return [line for line in read_bytes(path, LARGEST).split(b"\n") if line]


def _told(line: bytes) -> Iterator[tuple[str, KnownBytes | None, str]]:
    """Give what a line tells of each file: its bytes, if they are news; when it was whole."""
    try:
        data: dict[str, Any] = json.loads(line)
        when, told = str(data["when"]), list[tuple[str, KnownBytes | None, str]]()
        if "names" in data:
            folder = f"{data['whole']}/" if data["whole"] else ""
            told = [(f"{folder}{name}", None, when) for name in data["names"]]
        elif data["found"] in BAD:
            told = [(str(data["path"]), None, "")]
        else:
            modified, size = map(int, data["stamp"])
            told = [
                (str(data["path"]), KnownBytes(str(data["sha256"]), (modified, size), when), when)
            ]
    except (ValueError, KeyError, TypeError):  # half a line of a power cut
        return
    yield from told


def damaged(root: Path) -> Mapping[str, Damage]:
    """Give the files that are damaged still, by path, unless somebody wrote them since."""
    known = _damages(root, stamp(root / DAMAGES.name))
    return {path: each for path, each in known.items() if stamp(root / path) == each.stamp}


@lru_cache(maxsize=4)
def _damages(root: Path, _state: Stamp) -> Mapping[str, Damage]:
    return DAMAGES.recall(root).files


def note(root: Path, readings: Iterable[FileReading], now: dt.datetime | None = None) -> None:
    """Write down what was found in some files: what is damaged first."""
    some, moment = list(readings), now or dt.datetime.now(dt.UTC)
    when = moment.isoformat("T", "seconds")
    private_folder(root / DESK)
    with locked(private_folder(root / FOLDER), "log"):
        _note_damages(root, some, when)
        _append(root / FOLDER / f"{moment:%Y-%m}{GROWING}", b"".join(_written(some, when)))


def _note_damages(root: Path, readings: Iterable[FileReading], when: str) -> None:
    before = dict(DAMAGES.recall(root).files)
    after = {path: each for path, each in before.items() if stamp(root / path) == each.stamp}
    for each in readings:
        found = before.get(each.path)
        after.pop(each.path, None)
        if each.found in BAD:
            since = found.found if found else when
            after[each.path] = Damage(each.stamp, each.sha256, each.expected, since)
    if after != before:
        _write(root / DAMAGES.name, DAMAGES.render(_Damages(after)))


def _written(readings: Iterable[FileReading], when: str) -> Iterator[bytes]:
    whole = dict[str, list[str]]()
    for each in readings:
        if each.is_news:
            told = {"when": when, "found": each.found, "path": each.path, "stamp": each.stamp}
            hashes = {"sha256": each.sha256, "expected": each.expected}
            yield _line({**told, **{name: text for name, text in hashes.items() if text}})
        else:
            folder, _slash, name = each.path.rpartition("/")
            whole.setdefault(folder, []).append(name)
    for folder, names in whole.items():
        yield _line({"when": when, "whole": folder, "names": names})


def _line(data: Mapping[str, object]) -> bytes:
    try:
        return json.dumps(data, ensure_ascii=False).encode() + b"\n"
    except UnicodeEncodeError:  # a name that is no UTF-8
        return json.dumps(data).encode() + b"\n"


def _append(path: Path, lines: bytes) -> None:
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW
    with explained(path), os.fdopen(os.open(path, flags, 0o600), "r+b") as file:
        size = file.seek(0, os.SEEK_END)
        is_half = size and os.pread(file.fileno(), 1, size - 1) != b"\n"  # of a power cut
        file.write((b"\n" if is_half else b"") + lines)
        file.flush()
        os.fsync(file.fileno())


def forget(root: Path, is_forgotten: Callable[[str], bool]) -> None:
    """Take some files out of the log, and all that had the same bytes, as under a former name; so
    what must be nowhere any more can't be guessed from its hash. What grows was written anew."""
    if not (months := _months(root)):
        return
    with locked(root / FOLDER, "log"):
        known = [(name, line) for name in months for line in _lines(root / FOLDER / name)]
        told = [(path, bytes_) for _name, line in known for path, bytes_, _when in _told(line)]
        damages = DAMAGES.recall(root).files
        gone = {path for path in (*damages, *(path for path, _bytes in told)) if is_forgotten(path)}
        hashes = {known.sha256 for path, known in told if known and path in gone}
        gone |= {path for path, known in told if known and known.sha256 in hashes}
        if not gone:
            return
        gone |= {path for path, _bytes in told if path.startswith(f"{FOLDER}/")}
        for name in months:
            old = [line for month, line in known if month == name]
            new = [left for line in old for left in _without(line, gone)]
            if new != old:
                _write(root / FOLDER / name, b"".join(line + b"\n" for line in new))
        if left := damages.keys() & gone:
            kept = {path: each for path, each in damages.items() if path not in left}
            _write(root / DAMAGES.name, DAMAGES.render(_Damages(kept)))


def _without(line: bytes, gone: set[str]) -> Iterator[bytes]:
    paths = [path for path, *_rest in _told(line)]
    left = [path for path in paths if path not in gone]
    if paths and left == paths:
        yield line
    elif left:
        data = json.loads(line)
        data["names"] = [path.rpartition("/")[2] for path in left]
        yield _line(data).rstrip(b"\n")


def _write(path: Path, content: bytes) -> None:
    write(path, content)
    with explained(path):
        path.chmod(0o600)
