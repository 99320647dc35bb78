"""What goes into a bag of the archive: its files, and the pages made of them. A public bag has what
listeners may have (`holdings`). A keeper's bag has all for the next keeper: withdrawn and embargoed
episodes, former versions, unnamed files, hashes of replaced names, so that these do not come back.
Neither has what stays with the archive (`stores`), hidden files, or an unfinished transcript."""

import contextlib
import hashlib
import logging
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

from radio.archive import Archive, holdings
from radio.archive.episode import Episode, Show
from radio.archive.holdings import PAGES_NOTE, File
from radio.archive.stores import BESIDE, PRIVATE, SHOWS, STORES
from radio.bags.bagit import PAYLOAD, is_plain
from radio.derived.recipe import Making, Recipe
from radio.formats.zips import EARLIEST
from radio.system.checksums import Checksums, Sums
from radio.system.disk import RIGHTS, Stamp, explained, is_folder, regular_files, stamp
from radio.system.errors import ArchiveError
from radio.system.messages import _
from radio.system.progress import Progress, silent

KEPT = {each.path for each in BESIDE if each.is_kept}  # beside the shows; in no public bag
# in the bag of a keeper
FOLDERS = tuple(dict.fromkeys(each.folder for each in STORES if each.is_bagged and each.top))
PAGES = "cache/site"
WORK = ("vtt", "json")  # what belongs to the checkpoint of a transcript
OFTEN = 256 << 20  # bytes that are measured between two writings of their checksums

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Stored:
    """A file of the archive that goes into a bag."""

    folder: str  # beneath the root of the archive, "." for the root itself
    name: str
    stamp: Stamp
    day: date  # of the broadcast; of the newest one of the folder for what has no date

    @property
    def source(self) -> str:
        """Its path beneath the root of the archive."""
        return f"{self.folder}/{self.name}"

    @property
    def place(self) -> str:
        """Its path in the bag."""
        return PAYLOAD + self.source.removeprefix(f"{PAGES}/").removeprefix("./")


@dataclass(frozen=True)
class Selection:
    """What somebody asks for: the whole archive, a show, or some episodes."""

    name: str  # of the bag
    show: str | None = None
    keys: frozenset[str] | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it has all that listeners may hear."""
        return self.show is None and self.keys is None

    def episodes(self, archive: Archive, shows: Iterable[Show]) -> Iterator[Episode]:
        """List the selected public episodes of some shows; looks at each sidecar."""
        for show in shows:
            found = holdings.episodes_now(archive, show.slug)
            yield from (each for each in found if self.keys is None or each.key in self.keys)


def public_files(archive: Archive, selection: Selection) -> Iterator[Stored]:
    """List the public files of a selection, by folder and name. Pages go with the whole alone,
    since they link all episodes, and only if they were made of these very files."""
    digest = _told(archive)
    for each in _truth(archive, selection):
        digest.update(repr((each.source, each.stamp)).encode())
        yield each
    if selection.is_whole and digest.hexdigest() == _read_note(archive):
        yield from _pages(archive)


def name_truth(archive: Archive) -> str:
    """Name the state of all files that listeners may have today, pages aside."""
    digest = _told(archive)
    for each in _truth(archive, Selection("")):
        digest.update(repr((each.source, each.stamp)).encode())
    return digest.hexdigest()


def _told(archive: Archive) -> "hashlib._Hash":
    return hashlib.sha256(repr(told_beside(archive)).encode())


def told_beside(archive: Archive) -> list[Stamp]:
    """Give the states of what pages tell beside these files: themes and threads."""
    return [stamp(archive.root / each) for each in ("themes.json", "threads.json")]


def are_pages_current(archive: Archive) -> bool:
    """Whether the pages were made of the files as they are now."""
    return _read_note(archive) == name_truth(archive)


def _read_note(archive: Archive) -> str:
    with contextlib.suppress(OSError, ValueError):
        return (archive.root / PAGES / PAGES_NOTE).read_text(encoding="ascii")
    return ""


def _truth(archive: Archive, selection: Selection) -> Iterator[Stored]:
    for show in sorted(archive.shows(), key=lambda show: show.slug):
        if selection.show not in (None, show.slug):
            continue
        episodes = list(selection.episodes(archive, [show]))
        if selection.keys is None or episodes:
            found = holdings.files(archive, show, episodes)
            yield from _sorted(file for _item, files in found for file in files)
    if selection.is_whole:
        yield from _sorted(holdings.site_files(archive))


def _sorted(files: Iterable[File]) -> Iterator[Stored]:
    folders: dict[str, dict[str, Stamp]] = {}
    for file in files:
        folder, _slash, name = file.path.rpartition("/")
        folders.setdefault(folder or ".", {})[name] = file.stamp
    for folder in sorted(folders):
        yield from _stored(folder, folders[folder])


def all_files(archive: Archive) -> Iterator[Stored]:
    """List what a keeper takes away, by folder and name; for listeners: `public_files`."""
    for folder in FOLDERS:
        top, of_shows, _name = folder.partition("/<show>")
        found = _folders(archive.root / top) if of_shows else [archive.root / folder]
        for each in found:  # but for the transcripts that are still being written
            slugs = (path.name.split(".")[1] for path in each.glob(".*.checkpoint.json"))
            yield from _listed(archive, each, {f"{slug}.{kind}" for slug in slugs for kind in WORK})
    yield from _stored(".", regular_files(archive.root, KEPT.__contains__))
    yield from _sorted(holdings.site_files(archive))
    yield from _pages(archive)


def left_out(archive: Archive) -> list[str]:
    """Name the folders of an archive that no bag has, hashes of names aside."""
    return [name for name in PRIVATE if (archive.root / name).is_dir()]


def _pages(archive: Archive) -> Iterator[Stored]:
    """List the pages, without those that have the name of a file of the archive."""
    todo = [archive.root / PAGES]
    while todo:
        folder = todo.pop()
        theirs = archive.root / folder.relative_to(archive.root / PAGES)
        is_of_show = theirs.parent.name in SHOWS and theirs.is_dir()
        own = {path.name for path in theirs.iterdir()} if is_of_show else set[str]()
        if folder.is_dir():
            yield from _listed(archive, folder, own)
            todo += reversed(_folders(folder))


def _folders(folder: Path) -> list[Path]:
    """List the folders in a folder that are neither hidden nor links, by name."""
    if not folder.is_dir():
        return []
    with explained(folder, RIGHTS), os.scandir(folder) as entries:
        found = [each.name for each in entries if is_folder(each)]
    return [folder / name for name in sorted(found) if not name.startswith(".")]


def _listed(archive: Archive, folder: Path, leave_out: Collection[str]) -> Iterator[Stored]:
    found = regular_files(folder, lambda name: not name.startswith(".") and name not in leave_out)
    yield from _stored(folder.relative_to(archive.root).as_posix(), found)


def _stored(folder: str, found: Mapping[str, Stamp]) -> Iterator[Stored]:
    days = dict[str, date]()
    for name in found:
        with contextlib.suppress(ValueError):
            days[name] = date.fromisoformat(name[:10])
    newest = max(days.values(), default=EARLIEST)
    for name in sorted(found):
        if is_plain(f"{folder}/{name}"):
            yield Stored(folder, name, found[name], days.get(name, newest))
        else:
            log.warning(_("%r : ce nom ne va pas dans un sac ; renommez-le"), f"{folder}/{name}")


def find(known: Checksums, stored: Stored) -> Sums | None:
    """Give the checksums of a file if they are known for this state."""
    return known.find(stored.folder, stored.name, stored.stamp)


def lacking(archive: Archive, selection: Selection) -> tuple[int, int]:
    """Count the bytes to be read before a plan can be made, and those of the whole selection."""
    known, left, total = Checksums(archive.root), 0, 0
    for each in public_files(archive, selection):
        total += each.stamp[1]
        left += 0 if find(known, each) else each.stamp[1]
    return left, total


def measured(archive: Archive, files: Iterable[Stored]) -> Iterator[tuple[Stored, Sums]]:
    """Give each readable file with its checksums. Raises ArchiveError if a file changes."""
    known = Checksums(archive.root)
    for each in files:
        sums = find(known, each) or known.measure(each.folder, each.name)
        if sums is None or sums.stamp != each.stamp:
            message = _("{source} : a changé entre-temps ; réessayez dans un moment")
            raise ArchiveError(message, source=each.source)
        if sums.is_readable:
            yield each, sums
    known.keep()


def unmeasured(archive: Archive) -> tuple[int, int]:
    """Count the files that changed since they were last read, and their bytes."""
    known = Checksums(archive.root)
    sizes = [each.stamp[1] for each in all_files(archive) if find(known, each) is None]
    return len(sizes), sum(sizes)


def measure_all(archive: Archive, progress: Progress = silent) -> None:
    """Read every changed file of the archive, and save its checksums."""
    with archive.lock("checksums"):
        known, total = Checksums(archive.root), unmeasured(archive)[1]
        read = saved = 0

        def passed(size: int) -> None:
            nonlocal read
            read += size
            progress(read / max(read, total))

        for folder, files in groupby(all_files(archive), lambda each: each.folder):
            names = set()
            for each in files:
                names.add(each.name)
                if find(known, each) is None:
                    known.measure(each.folder, each.name, passed)
                if read - saved > OFTEN:
                    known.keep()
                    saved = read
            known.forget_others(folder, names)


def _make(archive: Archive, keys: Sequence[str], making: Making) -> None:
    making.each(keys, lambda _: measure_all(archive, making.progress))


CHECKSUMS = Recipe(
    "checksums", lambda it: [""] if unmeasured(it)[0] else [], _make, of_all=True, again=60.0
)
