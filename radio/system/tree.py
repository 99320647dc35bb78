"""A folder whose files are made where their sources changed. LEDGER in the folder lists them: one
JSON object a line, for each part its state and files. Only listed files are ever removed. A killed
run leaves the list as far as it came; the next goes on. A refusing disk raises ArchiveError."""

import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from radio.system import disk
from radio.system.disk import ROOM, Stamp, discard, explained, keep, stamp, temporary, write_whole
from radio.system.errors import ArchiveError
from radio.system.messages import _
from radio.system.progress import Progress, silent

LEDGER = ".radio-tree.jsonl"

Content = bytes | Path  # bytes, or the file that has them


@dataclass(frozen=True)
class Product:
    """Some files that are made together, and a text that differs whenever they would."""

    name: str
    state: str
    make: Callable[[], Iterable[tuple[str, Content]]]  # path in the tree, content


@dataclass(frozen=True)
class TreeChanges:
    """What bringing a tree up to date did."""

    files: tuple[str, ...]  # all that there are now, in order
    written: int
    removed: int


@dataclass
class _Entry:
    state: str
    files: dict[str, Stamp]


def update(
    folder: Path,
    parts: Iterable[Product],
    progress: Progress = silent,
    *,
    link: bool = False,
) -> TreeChanges:
    """Make the parts that changed; remove files that no part has. `link` gives other files a second
    name, not a copy. Raises ArchiveError if the folder is no such tree, or the disk refuses."""
    ledger = _read(folder)
    for half in folder.rglob(".*.[0-9]*.part"):  # of runs that were killed
        if LEDGER not in half.name:  # which `forget` may be writing
            discard(half)
    products, entries, written = list(parts), dict[str, _Entry](), 0
    for number, part in enumerate(products, 1):
        entry = ledger.get(part.name)
        is_left = entry and all(stamp(folder / path) == it for path, it in entry.files.items())
        if entry is None or entry.state != part.state or not is_left:
            entry = _Entry(part.state, {})
            for path, content in part.make():
                written += _put(folder / path, content, link)
                entry.files[path] = stamp(folder / path)
            with explained(folder / LEDGER), (folder / LEDGER).open("ab") as lines:
                lines.write(_line(part.name, entry))
        entries[part.name] = entry
        progress(number / len(products))
    there = {path for each in entries.values() for path in each.files}
    surplus = {path for each in ledger.values() for path in each.files} - there
    for path in sorted(surplus):
        _remove(folder, path)
    if ledger != entries:
        _write(folder, entries)
    return TreeChanges(tuple(sorted(there)), written, len(surplus))


def files(folder: Path) -> frozenset[str]:
    """Name the files of a tree, as it was left. Raises ArchiveError if the folder is none."""
    return frozenset(path for entry in _read(folder).values() for path in entry.files)


def states(folder: Path) -> dict[str, str]:
    """Give the state of the parts that are there, by name; empty without such a tree."""
    ledger = _read(folder) if (folder / LEDGER).is_file() else {}
    return {name: entry.state for name, entry in ledger.items() if entry.files}


def forget(folder: Path, names: Set[str]) -> None:
    """Remove the files of some parts; the next update makes wanted ones anew."""
    ledger = _read(folder)
    for name in ledger.keys() & names:
        for path in ledger.pop(name).files:
            _remove(folder, path)
    _write(folder, ledger)


def _read(folder: Path) -> dict[str, _Entry]:
    with explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / LEDGER
        if not path.exists():
            if any(folder.iterdir()):
                message = _("{folder} : pas vide ; donnez un dossier nouveau ou vide")
                raise ArchiveError(message, folder=folder)
            path.touch()
        return dict(_parsed(path.read_text(encoding="utf-8").splitlines()))


def _parsed(lines: Iterable[str]) -> Iterator[tuple[str, _Entry]]:
    """Read the entries, without any that was cut short or leads out of the folder."""
    for line in lines:
        try:
            name, state, files = json.loads(line)
            stamps = {path: (int(when), int(size)) for path, (when, size) in files.items()}
        except (ValueError, TypeError, AttributeError):
            continue
        places = [(path, PurePosixPath(path).parts) for path in stamps]
        if all(parts and path[0] != "/" and ".." not in parts for path, parts in places):
            yield name, _Entry(state, stamps)


def _line(name: str, entry: _Entry) -> bytes:
    return json.dumps([name, entry.state, entry.files], ensure_ascii=False).encode() + b"\n"


def _write(folder: Path, ledger: Mapping[str, _Entry]) -> None:
    write_whole(folder / LEDGER, b"".join(_line(*each) for each in sorted(ledger.items())))


def _put(path: Path, content: Content, link: bool) -> bool:
    """Write a file if missing or different; return whether it was. A copy has its source's time."""
    if isinstance(content, bytes):
        with explained(path):
            if path.is_file() and path.read_bytes() == content:
                return False
        write_whole(path, content)
        return True
    if stamp(path) == stamp(content):
        return False
    part = temporary(path)
    remedy = _("retirez --link, ou choisissez un dossier du même disque") if link else ROOM
    try:
        with explained(path, remedy):
            path.parent.mkdir(parents=True, exist_ok=True)
            part.unlink(missing_ok=True)
            os.link(content, part) if link else shutil.copy2(content, part)
        keep(part, path)
    finally:
        discard(part)
    return True


def _remove(folder: Path, path: str) -> None:
    """Remove a file, and the folders that are empty then."""
    disk.remove(folder / path)
    disk.drop_empty((folder / path).parent, (folder,))
