"""What was dropped into the inbox is taken into the archive, or refused with a note.

A file leaves the inbox once the archive has a copy of its own, flushed to the disk, with its
sidecar. So a kill at any moment leaves it in one of the two places or in both; where it is in both,
the next run sees that it was taken since it lies there, and removes it.
"""

import datetime as dt
import os
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from radio.archive import Archive
from radio.archive.slugs import naming
from radio.derived.recipe import Failed, Making, Recipe
from radio.ingest.files import ingest
from radio.ingest.inbox import REFUSED, Drop, folder, look, state, wait_of
from radio.ingest.incoming import READERS
from radio.ingest.names import decoded
from radio.ingest.neighbours import LARGEST, kept, neighbour
from radio.ingest.recordings import Recordings
from radio.system import records, sandbox
from radio.system.checksums import hash_file
from radio.system.disk import explained, is_file, read_bytes, write_whole
from radio.system.errors import ArchiveError, AudioError, RadioError, ReaderError, TwinError
from radio.system.messages import _, lasting, retell, speaking

LOCK = "inbox"  # that whoever takes holds
VERSION = 1
NOTED = 20  # files that were taken, the last ones
NOTE = _(
    "{name} was not taken into the archive.\n\nWhy: {reason}\n\n"
    "The file lies here as it was dropped ({place}). Once the cause is mended, put it back into "
    "the inbox; else you may delete it, and this note.\n"
)


@dataclass(frozen=True)
class TakenDrop:
    """A file that became an episode."""

    name: str
    key: str
    when: float  # seconds since the epoch


@dataclass(frozen=True)
class DropsLog:
    """What became of the files of the inbox."""

    number: int = 0  # of files taken, in all
    taken: tuple[TakenDrop, ...] = ()  # the last ones
    failed: Mapping[str, str] = field(default_factory=dict)  # why files stay, by their path

    def with_one(self, name: str, key: str) -> "DropsLog":
        """Add a file that was taken."""
        taken = (*self.taken, TakenDrop(name, key, time.time()))[-NOTED:]
        return DropsLog(self.number + 1, taken, self.failed)


def read_log(archive: Archive) -> DropsLog:
    """Read what became of files; it is derived, so nothing where it can't be read."""
    path = archive.cache / "inbox.json"
    try:
        return records.read(DropsLog, read_bytes(path), path, version=VERSION, amend=retell)
    except ArchiveError:
        return DropsLog()


def take_drops(archive: Archive, wait: float, say: Callable[[str], None]) -> int:
    """Take what is ready, and say so; tell how many files must stay where they are for now.

    Raises BusyError if another process does so, ArchiveError if the disk refuses.
    """
    with archive.lock(LOCK, wait=False), sandbox.nursery(*READERS):
        recordings, failed = Recordings(archive), dict[str, str]()
        inbox = look(archive, wait)
        for drop in inbox.ready:
            name = _name(archive, drop.path)
            try:
                say(_handle(archive, drop, recordings))
            except (RadioError, OSError) as error:
                failed[name] = str(error).replace(str(drop.path), name)
                say(failed[name])
        kept_log = read_log(archive)
        _write_log(archive, DropsLog(kept_log.number, kept_log.taken, failed))
    return len(failed)


def _write_log(archive: Archive, log: DropsLog) -> None:
    write_whole(archive.cache / "inbox.json", records.render(log, version=VERSION, spell=lasting))


def _handle(archive: Archive, drop: Drop, recordings: Recordings) -> str:
    """Take a file or refuse it, and say which.

    Raises RadioError or OSError where it must stay for now.
    """
    if state(drop.path) != drop.states[0]:
        told = _("{path}: it changed while it was read; wait until it is whole")
        raise ArchiveError(told.format(path=drop.path))
    reason = drop.reason or _unreadable(drop.path)
    show = _show(archive, drop.path)
    if not reason and not show:
        shows = ", ".join(each.slug for each in archive.shows()) or _("none yet")
        reason = _("whose show is it? put it into the folder of one of them ({shows})").format(
            shows=shows
        )
    if reason:
        return _refuse(archive, drop, reason)
    _require_removable(drop.path)
    try:
        key = ingest(archive, drop.path, show, recordings=recordings).key
    except TwinError as error:
        key = _taken_from(archive, drop, recordings)
        if not key:
            return _refuse(archive, drop, str(error))
    except (AudioError, ReaderError) as error:
        return _refuse(archive, drop, str(error))
    name = _name(archive, drop.path)
    _remove(archive, drop, key)
    _write_log(archive, read_log(archive).with_one(name, key))
    return _("{key}: taken from the inbox ({name})").format(key=key, name=name)


def _unreadable(path: Path) -> str:
    """Say why a file may not be read, if so."""
    is_readable = os.access(path, os.R_OK)
    return "" if is_readable else _("its rights keep the archive from reading it; `chmod a+r`")


def _show(archive: Archive, path: Path) -> str:
    """Tell the show of a file by the first folder it lies in; the only show takes all."""
    slugs = [each.slug for each in archive.shows()]
    first = path.relative_to(folder(archive)).parts[0]
    return first if first in slugs else slugs[0] if len(slugs) == 1 else ""


def _require_removable(path: Path) -> None:
    """Refuse to take what would stay all the same. Raises ArchiveError."""
    if not os.access(path.parent, os.W_OK | os.X_OK):
        told = _("{path}: it can't be removed once taken; let the archive write to its folder")
        raise ArchiveError(told.format(path=path))


def _taken_from(archive: Archive, drop: Drop, recordings: Recordings) -> str:
    """Name the episode that was made of this very file since it lies there, if there is one."""
    key = recordings.key_of(hash_file(drop.path))
    if not key:
        return ""
    episode = archive.episode(key)
    if episode.source is None or episode.source.original_name != decoded(drop.path.name):
        return ""
    try:
        taken = dt.datetime.fromisoformat(episode.source.retrieved).timestamp()
    except ValueError:
        return ""
    return key if taken >= int(drop.states[0][4] / 1e9) else ""


def _remove(archive: Archive, drop: Drop, key: str) -> None:
    """Remove what the archive has a copy of: the text if it is kept, the recording last."""
    text = neighbour(drop.path)
    if text and _is_kept(archive, key, text):
        text.unlink()
    if state(drop.path) == drop.states[0]:
        drop.path.unlink()


def _is_kept(archive: Archive, key: str, text: Path) -> bool:
    there = kept(archive, key, text)
    return there.exists() and read_bytes(there, LARGEST) == read_bytes(text, LARGEST)


def _refuse(archive: Archive, drop: Drop, reason: str) -> str:
    """Move a file, and the text beside it, to the refused ones; a note lies there first."""
    name, path = _name(archive, drop.path), drop.path
    told = str(reason).replace(str(path.parent) + "/", "")  # in the language of the moment
    told = told.removeprefix(path.name).lstrip(": ")
    note = NOTE.format(name=decoded(path.name), reason=told, place=name).encode(errors="replace")
    refused, text = folder(archive) / REFUSED, None if drop.reason else neighbour(path)
    with explained(path, _("let the archive write to its folder")):
        there = _free(refused, path, note)
        write_whole(Path(f"{there}.txt"), note)
        path.rename(there)
        if text and text.exists():
            text.rename(_free(refused, text, b""))
    return _("{name}: refused: {reason}").format(name=name, reason=told)


def _free(refused: Path, path: Path, note: bytes) -> Path:
    """Find a name that nothing there has; a note that a killed run left is taken up again."""
    number, free = 1, refused / path.name
    while os.path.lexists(free) or not _is_free(Path(f"{free}.txt"), note):
        number += 1
        free = refused / f"{path.stem} ({number}){path.suffix}"
    return free


def _is_free(path: Path, note: bytes) -> bool:
    return not os.path.lexists(path) or read_bytes(path) == note


def _name(archive: Archive, path: Path) -> str:
    """Name a file as people see it, beneath the inbox."""
    return decoded(str(path.relative_to(folder(archive))))


def refused_names(archive: Archive) -> list[str]:
    """Name the files that were refused and lie there still."""
    place = folder(archive) / REFUSED
    if not place.is_dir():
        return []
    names = set(os.listdir(place))  # noqa: PTH208
    return sorted(decoded(name) for name in names if f"{name}.txt" in names)


def forget(archive: Archive, key: str) -> None:
    """Take away what was refused since an episode has the recording, with its text and its note.

    Raises ArchiveError if the disk refuses.
    """
    named = re.compile(rf"{naming(key).pattern}(?=[;,\s])")  # not the place where it was dropped
    for note in sorted((folder(archive) / REFUSED).glob("*.txt")):
        file = note.with_suffix("")
        if (
            is_file(file)
            and is_file(note)
            and named.search(read_bytes(note).decode(errors="replace"))
        ):
            for path in filter(None, (neighbour(file), file, note)):
                with explained(path, _("let the archive write to its folder")):
                    path.unlink(missing_ok=True)


def _ready(archive: Archive) -> Sequence[str]:
    """Name what lies ready in the inbox, each in its state."""
    return [str((each.path, each.states)) for each in look(archive, wait_of(os.environ)).ready]


def _take_ready(archive: Archive, keys: Sequence[str], making: Making) -> None:
    """Take all that is ready; the notes beside refused files are in French."""
    with speaking("fr"):
        if take_drops(archive, wait_of(os.environ), making.say):
            making.tell(Failed("", ""))
    making.each(keys, lambda _: None)


INBOX = Recipe("inbox", _ready, _take_ready, again=300.0, tells_itself=True)
