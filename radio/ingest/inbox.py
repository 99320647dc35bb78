"""The inbox: the folder where people drop recordings, what lies in it, and what becomes of that. It
may be shared (Samba, SFTP, Nextcloud), so copies come in under other names first, grow slowly, and
stop for a while. A file is ready once the system has seen no change of it for some time: of its
content, its name or its rights, whatever date it was given. What is ready is taken, or refused with
a note. A file leaves the inbox once the archive has its own copy on the disk, with its sidecar.
After a kill it may be in both places; then the next run removes it."""

import contextlib
import datetime as dt
import glob
import itertools
import os
import re
import stat
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from radio.archive import Archive, paths
from radio.archive.episode import TEXTS, Episode
from radio.archive.imprint import about
from radio.archive.slugs import naming
from radio.derived.recipe import Failed, Making, Recipe
from radio.ingest.description import Description
from radio.ingest.files import READERS, ingest
from radio.ingest.folders import LARGEST_TEXT, Left, find, neighbour, place_of_text
from radio.ingest.names import decoded, file_name
from radio.ingest.recordings import Recordings
from radio.ingest.run import IngestRun
from radio.system import sandbox
from radio.system.checksums import hash_file
from radio.system.disk import explained, is_file, read_bytes, remove, write_whole
from radio.system.errors import ArchiveError, AudioError, RadioError, ReaderError, TwinError
from radio.system.messages import _, reworded, speaking
from radio.system.records import RecordFile

LOCK = "inbox"  # that whoever takes holds
NOTED = 20  # files that were taken, the last ones
REFUSED = "refused"  # the folder of what can't be taken
WAIT = 60.0  # seconds without a change
PATIENCE = 10  # times as long: a text waits for its recording, an empty file for its content
UNFINISHED = (  # endings of the names of unfinished copies
    *(".part", ".partial", ".filepart", ".crdownload", ".download", ".opdownload"),
    *(".tmp", ".temp", ".swp", "~"),
)
OFFICE_LOCK = "~$"
OF_FOLDERS = {"thumbs.db", "desktop.ini"}  # how Windows shows a folder: passed over
WRITES = os.O_WRONLY | os.O_RDWR
ADDED = _("{key} : ajouté depuis la boîte d’arrivée ({name})")
ADDED_DRAFT = _("{key} : brouillon, depuis la boîte d’arrivée ({name}) ; publiez-le")
REMEDY = _("laissez l’archive écrire dans son dossier")
UNDONE = _(
    "{name} n’est plus dans l’archive.\n\n"
    "Pourquoi : {key} : son ajout a été défait ({day}).\n\n"
    "Pour l’ajouter de nouveau, remettez-le dans la boîte d’arrivée ; sinon vous pouvez l’effacer, "
    "avec ce mot.\n"
)


@dataclass(frozen=True)
class Drop:
    """A file that somebody dropped, with the text beside it."""

    path: Path
    states: tuple[tuple[int, ...], ...]  # of the file and the text: others where one changes
    size: int  # bytes
    wait: float = 0.0  # seconds until it is ready, if nothing changes
    reason: str = ""  # why it can't be taken, where that is plain


@dataclass(frozen=True)
class Inbox:
    """What lies in the inbox now."""

    ready: tuple[Drop, ...] = ()  # the small ones first
    waiting: tuple[Path, ...] = ()
    locked: tuple[str, ...] = ()  # why folders can't be looked into


def folder(archive: Archive) -> Path:
    """Give the inbox of an archive; whoever makes the folder has it watched."""
    return archive.root / "inbox"


def wait_of(environment: Mapping[str, str]) -> float:
    """Give for how many seconds a file must not change (RADIO_INBOX_WAIT).

    >>> wait_of({}), wait_of({"RADIO_INBOX_WAIT": "300"}), wait_of({"RADIO_INBOX_WAIT": "long"})
    (60.0, 300.0, 60.0)
    """
    try:
        return max(float(environment.get("RADIO_INBOX_WAIT", WAIT)), 0.0)
    except ValueError:
        return WAIT


def look(archive: Archive, wait: float) -> Inbox:
    """Look at the inbox, without reading a file; it is empty where there is no folder."""
    place = folder(archive)
    if not place.is_dir():
        return Inbox()
    ready, waiting, locked = list[Drop](), list[Path](), list[str]()
    for found in find(place):
        path, reason = (found.path, found.reason) if isinstance(found, Left) else (found, "")
        if not isinstance(path, Path) or path.is_relative_to(place / REFUSED):
            continue
        if path.is_dir() and not path.is_symlink():
            locked.append(f"{path}: {reason}")
        elif path.name.lower() not in OF_FOLDERS:
            drop = _drop(path, reason, wait)
            (ready.append(drop) if drop and not drop.wait else waiting.append(path))
    written = set(_written()) if ready else set()
    done = [each for each in ready if written.isdisjoint(state[:2] for state in each.states)]
    waiting += [each.path for each in ready if each not in done]
    done.sort(key=lambda each: (each.size, -len(each.states)))
    return Inbox(tuple(done), tuple(waiting), tuple(locked))


def state(path: Path) -> tuple[int, ...]:
    """Give device, number, size, and the last changes of a file's content and of anything."""
    known = path.lstat()
    return known.st_dev, known.st_ino, known.st_size, known.st_mtime_ns, known.st_ctime_ns


def _drop(path: Path, reason: str, wait: float) -> Drop | None:
    """Look at a file; None where it is unfinished by its name, or gone."""
    if path.name.lower().endswith(UNFINISHED) or path.name.startswith(OFFICE_LOCK):
        return None
    text = None if reason else neighbour(path)
    try:
        status, states = path.lstat(), tuple(map(state, filter(None, (path, text))))
    except OSError:
        return None
    if stat.S_ISLNK(status.st_mode):
        reason = _("un lien, qui n’est pas suivi ; mettez-y le fichier même")
    elif not stat.S_ISREG(status.st_mode):
        return None
    is_slow = not status.st_size or path.suffix.lower() in TEXTS
    ends = (states[0][4] / 1e9 + wait * (PATIENCE if is_slow else 1), states[-1][4] / 1e9 + wait)
    left = max(0.0, max(ends) - time.time())
    return Drop(path, states, status.st_size, left, reason)


def _written() -> Iterator[tuple[int, ...]]:
    """Name the files that processes hold open to write, as far as known: device, number."""
    for link in glob.iglob("/proc/[0-9]*/fd/*"):  # noqa: PTH207 (which never raises)
        with contextlib.suppress(OSError, StopIteration, ValueError):
            info = Path(link.replace("/fd/", "/fdinfo/")).read_text(encoding="ascii")
            flags = next(line for line in info.splitlines() if line.startswith("flags:"))
            if int(flags.split()[1], 8) & WRITES:
                status = os.stat(link)  # noqa: PTH116
                yield status.st_dev, status.st_ino


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


LOG = RecordFile("cache/inbox.json", DropsLog, has_messages=True)


def take_drops(archive: Archive, wait: float, say: Callable[[str], None]) -> int:
    """Take what is ready, and say so; return how many files must stay for now. Raises BusyError if
    another process does so, ArchiveError if the disk refuses."""
    with archive.lock(LOCK, wait=False), sandbox.nursery(*READERS):
        recordings = Recordings(archive, run=IngestRun(archive.root, "inbox"))
        failed = dict[str, str]()
        for drop in look(archive, wait).ready:
            name = _name(archive, drop.path)
            try:
                say(_handle(archive, drop, recordings))
            except (RadioError, OSError) as error:
                failed[name] = reworded(error, str(drop.path), name)
                say(failed[name])
        LOG.write(archive.root, replace(LOG.recall(archive.root), failed=failed))
    return len(failed)


def _handle(archive: Archive, drop: Drop, recordings: Recordings) -> str:
    """Take a file or refuse it, and say which; raises RadioError or OSError where it must stay."""
    path, show = drop.path, _show(archive, drop.path)
    if state(path) != drop.states[0]:
        message = _("{path} : il a changé pendant la lecture ; attendez qu’il soit entier")
        raise ArchiveError(message, path=path)
    reason = drop.reason
    if not reason and not os.access(path, os.R_OK):
        reason = _("ses droits empêchent l’archive de le lire ; `chmod a+r`")
    if not reason and not show:
        shows = ", ".join(each.slug for each in archive.shows()) or _("aucune pour l’instant")
        message = _("de quelle émission ? mettez-le dans le dossier de l’une d’elles ({shows})")
        reason = _(message, shows=shows)
    if reason:
        return _refuse(archive, drop, reason)
    if not os.access(path.parent, os.W_OK | os.X_OK):  # it would stay all the same
        message = _(
            "{path} : il ne pourrait pas être retiré une fois ajouté ; laissez l’archive écrire "
            "dans son dossier"
        )
        raise ArchiveError(message, path=path)
    try:
        said = Description(is_draft="inbox" in about(archive.root).drafts)
        key = ingest(archive, path, show, said, recordings=recordings).key
        message = ADDED_DRAFT if said.is_draft else ADDED
    except (AudioError, ReaderError, TwinError) as error:
        is_twin = isinstance(error, TwinError)
        key = _taken_from(archive, drop, recordings) if is_twin else ""
        if not key:
            return _refuse(archive, drop, str(error))
        message = ADDED
    name = _name(archive, path)
    _remove(archive, drop, key)
    log = LOG.recall(archive.root)
    taken = (*log.taken, TakenDrop(name, key, time.time()))[-NOTED:]
    LOG.write(archive.root, DropsLog(log.number + 1, taken, log.failed))
    return _(message, key=key, name=name)


def _show(archive: Archive, path: Path) -> str:
    """Find the show of a file by the first folder it lies in; the only show takes all."""
    slugs = [each.slug for each in archive.shows()]
    first = path.relative_to(folder(archive)).parts[0]
    return first if first in slugs else slugs[0] if len(slugs) == 1 else ""


def _taken_from(archive: Archive, drop: Drop, recordings: Recordings) -> str:
    """Name the episode that was made of this very file since it lies there, if there is one."""
    key = recordings.key_of(hash_file(drop.path))
    source = archive.episode(key).source if key else None
    if not key or source is None or source.original_name != decoded(drop.path.name):
        return ""
    try:
        taken = dt.datetime.fromisoformat(source.retrieved).timestamp()
    except ValueError:
        return ""
    return key if taken >= int(drop.states[0][4] / 1e9) else ""


def _remove(archive: Archive, drop: Drop, key: str) -> None:
    """Remove what the archive has a copy of: the text if it is saved, the recording last."""
    text = neighbour(drop.path)
    there = place_of_text(archive, key, text) if text else None
    saved = read_bytes(there, LARGEST_TEXT) if there and there.exists() else None
    if text and saved is not None and saved == read_bytes(text, LARGEST_TEXT):
        text.unlink()
    if state(drop.path) == drop.states[0]:
        drop.path.unlink()


def _refuse(archive: Archive, drop: Drop, reason: str) -> str:
    """Move a file, and the text beside it, to the refused ones; write the note first."""
    name, path = _name(archive, drop.path), drop.path
    shown = _(reason).replace(str(path.parent) + "/", "")  # in the language of the moment
    shown = shown.removeprefix(path.name).lstrip(": ")
    note = _(
        "{name} n’a pas été ajouté à l’archive.\n\n"
        "Pourquoi : {reason}\n\n"
        "Le fichier est ici tel qu’il a été déposé ({place}). Une fois le défaut réparé, "
        "remettez-le dans la boîte d’arrivée ; sinon vous pouvez l’effacer, avec ce mot.\n",
        name=decoded(path.name),
        reason=shown,
        place=name,
    ).encode(errors="replace")
    refused, text = folder(archive) / REFUSED, None if drop.reason else neighbour(path)
    with explained(path, REMEDY):
        there = _free(refused, path, note)
        write_whole(Path(f"{there}.txt"), note)
        path.rename(there)
        if text and text.exists():
            text.rename(_free(refused, text, b""))
    return _("{name} : refusé : {reason}", name=name, reason=shown)


def places_back(
    archive: Archive, some: Sequence[Episode], files: Sequence[str]
) -> Iterator[tuple[str, str, str]]:
    """Give the recordings of the inbox, and the texts that lay beside them, with where they go
    back to, so that they are not taken at once again; a recording has a note. Not what has another
    sound than was dropped."""
    refused, taken = folder(archive) / REFUSED, list[Path]()
    for each in (each for each in some if not each.audio.formerly):
        name, sound = (
            Path(file_name(each.source.original_name or each.audio.file)),
            paths.audio(each),
        )
        with speaking("fr"):
            said = _(UNDONE, name=name, key=each.key, day=dt.date.today().isoformat())
        for path in (sound, *(paths.source_text(each.key, suffix) for suffix in TEXTS)):
            if path in files:
                is_sound = path == sound
                note = said if is_sound else ""
                wanted = name if is_sound else name.with_suffix(Path(path).suffix)
                taken.append(there := _free(refused, wanted, note.encode(), taken))
                yield path, there.relative_to(archive.root).as_posix(), note


def _free(refused: Path, path: Path, note: bytes, taken: Collection[Path] = ()) -> Path:
    """Find a name that nothing there has; a note that a killed run left is reused."""

    def is_free(there: Path) -> bool:
        beside = Path(f"{there}.txt")
        is_ours = not os.path.lexists(beside) or read_bytes(beside) == note
        return is_ours and not os.path.lexists(there) and there not in taken

    names = (f"{path.stem} ({number}){path.suffix}" for number in itertools.count(2))
    return next(filter(is_free, (refused / name for name in itertools.chain([path.name], names))))


def _name(archive: Archive, path: Path) -> str:
    return decoded(str(path.relative_to(folder(archive))))


def refused(archive: Archive) -> dict[str, str]:
    """Say why files were refused, by the names of those that are still there."""
    found = dict[str, str]()
    for note in sorted((folder(archive) / REFUSED).glob("*.txt")):
        if os.path.lexists(note.with_suffix("")) and is_file(note):
            told = read_bytes(note, LARGEST_TEXT).decode(errors="replace").split("\n\n")
            found[decoded(note.stem)] = told[1].partition(":")[2].strip() if told[1:] else ""
    return found


def left(archive: Archive) -> dict[str, str]:
    """Say why files that could not be taken stay, by their paths in the inbox."""
    failed = LOG.recall(archive.root).failed.items()
    return {name: why for name, why in failed if (folder(archive) / name).exists()}


def forget(archive: Archive, key: str) -> None:
    """Remove refused files that are an episode by now, with text and note. Raises ArchiveError."""
    named = re.compile(rf"{naming(key).pattern}(?=[;,\s])")  # not the place where it was dropped
    for note in sorted((folder(archive) / REFUSED).glob("*.txt")):
        file = note.with_suffix("")
        is_whole = is_file(file) and is_file(note)
        if is_whole and named.search(read_bytes(note).decode(errors="replace")):
            for path in filter(None, (neighbour(file), file, note)):
                remove(path, REMEDY)


def _ready(archive: Archive) -> Sequence[str]:
    return [str((each.path, each.states)) for each in look(archive, wait_of(os.environ)).ready]


def _take_ready(archive: Archive, keys: Sequence[str], making: Making) -> None:
    """Take all that is ready; the notes beside refused files are in French."""
    with speaking("fr"):
        if take_drops(archive, wait_of(os.environ), making.say):
            making.tell(Failed("", ""))
    making.each(keys, lambda _: None)


INBOX = Recipe("inbox", _ready, _take_ready, again=300.0, tells_itself=True)
