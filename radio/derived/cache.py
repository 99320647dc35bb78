"""What is made of the truth and saved: `cache/<kind>/<key>.<state>`, deleted at any moment. Each
kind is a row of CACHES. A file is named by the key of its episode and the state of all that it was
made of; a new one replaces the old. Recordings are named by their hash. `forget` deletes what
listeners may no longer have; `caches_of` names what may hold words that must be nowhere. All that
writes or deletes raises ArchiveError if the disk refuses."""

import contextlib
import datetime as dt
import hashlib
import io
import re
from collections.abc import Callable, Collection, Hashable, Iterator, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from radio.archive import Archive, holdings, paths
from radio.archive.episode import Episode
from radio.archive.holdings import PAGES_NOTE
from radio.archive.losses import INVENTORY
from radio.archive.paths import stem
from radio.archive.slugs import SLUG
from radio.system import disk, tree
from radio.system.disk import Stamp, is_file, is_folder, read_bytes, regular_files, stamp
from radio.system.errors import ArchiveError, BusyError

ROOM = 4 << 30  # bytes, for what can be made again in no time
SHARED = {"lists", "moved", "search", "themes"}  # pages that name all episodes
KEY = re.compile(f"['\"]({SLUG.pattern}/{SLUG.pattern})['\"]")  # in states and notes
OF_ALL = ("index", "cache/site", "cache/bags", "cache/wordbook.txt")  # to be made anew as a whole
PACKED = "cache/kits"  # for other radios; half files have any name
NOT_SEARCHED = ("checksums", "shows", "site", "bags", "kits")
LISTS = ("*.json", "*.txt", "checksums/**/*.txt")  # name many episodes; likewise, but INVENTORY


@dataclass(frozen=True)
class Cache:
    """A kind of derived files, in a folder of `cache/`."""

    name: str
    per: Literal["episode", "sound", "dossier", "bag"] = "episode"
    whose: Literal["public", "open", "any"] = "public"  # of which episodes; open: not withdrawn
    room: int | None = None  # bytes besides the newest file; None: no limit

    def folder(self, archive: Archive) -> Path:
        """Give the folder of all of it."""
        return archive.cache / self.name

    def path(self, archive: Archive, key: str, *state: Hashable) -> Path:
        """Give the path of what is made of something in a state: of its files, of programs."""
        name = hashlib.sha256(repr(state).encode()).hexdigest()[:32]
        return self.folder(archive) / f"{key}.{name}"

    def keep(self, archive: Archive, part: Path, path: Path) -> None:
        """Save a half file, in place of those of older states."""
        disk.keep(part, path)
        self._drop_others(archive, path)

    def keep_open(self, archive: Archive, part: Path, path: Path) -> io.FileIO:
        """Save a half file, and give it open: it may be deleted at once."""
        with contextlib.ExitStack() as undone:
            file = undone.enter_context(io.FileIO(part))
            self.keep(archive, part, path)
            undone.pop_all()
        return file

    def write(self, archive: Archive, path: Path, content: bytes) -> None:
        """Save some bytes, in place of those of older states."""
        disk.write_whole(path, content)
        self._drop_others(archive, path)

    def size(self, archive: Archive) -> int:
        """Count the bytes that are saved."""
        return sum(stamp(each)[1] for each in self._files(archive))

    def _drop_others(self, archive: Archive, path: Path) -> None:
        """Delete what was made of older states, and the oldest where there is no room."""
        others = path.parent.glob(f"{path.stem}.*") if self.room is None else self._files(archive)
        states: dict[Path, Stamp] = {each: stamp(each) for each in others if each != path}
        left = self.room or 0
        for each in sorted(states, key=lambda each: states[each], reverse=True):
            left -= states[each][1]
            if self.room is None or left < 0 or each.with_suffix("") == path.with_suffix(""):
                each.unlink(missing_ok=True)

    def _files(self, archive: Archive) -> Iterator[Path]:
        is_flat = self.per in ("sound", "bag")
        return self.folder(archive).glob("[!.]*" if is_flat else "*/[!.]*")

    def stale(self, archive: Archive, public: Set[str], episodes: list[Episode]) -> Iterator[Path]:
        """Find files of what it may not be about; those of vanished episodes stay."""
        now, vanished = dt.datetime.now(), public - {each.key for each in episodes}
        meant = episodes
        if self.whose == "public":
            meant = [each for each in episodes if each.key in public]
        elif self.whose == "open":
            meant = [each for each in episodes if not each.is_withdrawn(now)]
        match self.per:
            case "bag":
                yield from self._files(archive)
            case "dossier":
                yield from books_quoting(archive, lambda key: key not in public)
            case "sound" if not vanished:
                sounds = {each.audio.sha256 for each in meant}
                yield from (each for each in self._files(archive) if stem(each.name) not in sounds)
            case "episode":
                keys = {each.key for each in meant} | vanished
                for path in self._files(archive):
                    if f"{path.parent.name}/{stem(path.name)}" not in keys:
                        yield path


CHAPTERS = Cache("chapters")
WORDS = Cache("words")
DOWNLOADS = Cache("downloads", room=ROOM)
BOOKS = Cache("books", room=ROOM)
BOOKLETS = Cache("booklets", room=ROOM)
KITS = Cache("kits", room=ROOM)
MUSIC = Cache("music")
MUSIC_FREE = Cache("music-free")
DOSSIERS = Cache("dossiers", "dossier", room=ROOM // 4)
BAGS = Cache("bags", "bag", room=ROOM)
COMPARISONS = Cache("comparisons", whose="any")
CACHES = (
    *(CHAPTERS, WORDS, DOWNLOADS, BOOKS, BOOKLETS, KITS, MUSIC, MUSIC_FREE, DOSSIERS, BAGS),
    COMPARISONS,
    Cache("sense"),
    Cache("names"),
    Cache("hearings", whose="open"),
    Cache("copies", "sound"),
    Cache("fingerprints", "sound", whose="any"),
    Cache("quality", "sound", whose="any"),
)  # without waveforms, which stay, and pages (`system.tree`)
OF_SOUNDS = tuple(each.name for each in CACHES if each.per == "sound")


def find(path: Path) -> io.FileIO | None:
    """Open a file, or None if there is none."""
    with contextlib.suppress(FileNotFoundError):
        return io.FileIO(path)
    return None


def state_of(archive: Archive, episode: Episode, picture: Path | None) -> Hashable:
    """Give the state of all that listeners may have of an episode, with its picture."""
    return (
        stamp(archive.audio_path(episode)),
        stamp(archive.show_path(episode.show)),
        picture and (picture.name, stamp(picture)),
        *archive.stamps(episode.key),
        stamp(archive.evidence_path(episode.key)),
        holdings.is_finished(archive, episode.key),
    )


def forget(archive: Archive, public: Set[str]) -> bool:
    """Delete what was made of all but the public episodes, given by key. So go plans of bags, and
    pages that name others. Gives False while another process writes pages: call it again."""
    episodes, site = archive.episodes(), archive.site
    for path in (path for each in CACHES for path in each.stale(archive, public, episodes)):
        disk.remove(path, disk.RIGHTS)
    try:
        with archive.lock("site", wait=False):
            keys_of = {name: {name, *KEY.findall(text)} for name, text in tree.states(site).items()}
            named = {key for keys in keys_of.values() for key in keys if KEY.fullmatch(f"'{key}'")}
            if others := named - public:
                disk.remove(site / PAGES_NOTE, disk.RIGHTS)
                naming = (name for name, keys in keys_of.items() if keys & others)
                tree.forget(site, SHARED.union(naming))
    except BusyError:
        return False
    return True


def caches_of(archive: Archive, sounds: Collection[str], keys: Collection[str]) -> Iterator[str]:
    """Name what was made of an episode, by hashes and keys, and of all episodes together."""
    yield from (path for path in (*OF_ALL, PACKED) if (archive.root / path).exists())
    for folder in sorted(archive.cache.glob("*")):
        if not is_folder(folder) or folder.name in NOT_SEARCHED:
            continue
        for name in regular_files(folder) if folder.name in OF_SOUNDS else ():
            if stem(name) in sounds:
                yield f"cache/{folder.name}/{name}"
        for show in {key.partition("/")[0] for key in keys}:
            for name in regular_files(folder / show):
                if f"{show}/{stem(name)}" in keys:
                    yield f"cache/{folder.name}/{show}/{name}"
    unfinished = DOSSIERS.folder(archive).glob("*/.*")  # nobody knows whom they quote
    for book in (*books_quoting(archive, lambda key: key in keys), *unfinished):
        yield book.relative_to(archive.root).as_posix()


def books_quoting(archive: Archive, is_meant: Callable[[str], bool]) -> Iterator[Path]:
    """Find the books of dossiers that quote certain episodes, each with its note."""
    for note in sorted(DOSSIERS.folder(archive).glob("*/[!.]*.json")):
        if any(map(is_meant, KEY.findall(read_bytes(note).decode(errors="replace")))):
            yield from (note.with_suffix(each) for each in (".json", ".epub", ".pdf"))


def lists_naming(archive: Archive, names: Collection[str]) -> Iterator[str]:
    """Name the caches that name an episode or its recording among others, beneath the root."""
    needles = [name.encode() for name in names]
    for path in (path for pattern in LISTS for path in archive.cache.glob(pattern)):
        relative = path.relative_to(archive.root).as_posix()
        if relative == INVENTORY or not is_file(path):
            continue
        try:
            content = read_bytes(path)
        except ArchiveError:
            content = b"".join(needles)
        if any(needle in content for needle in needles):
            yield relative


def measured(archive: Archive, episode: Episode) -> Iterator[str]:
    """Name what was measured of the recording of an episode, beneath the root."""
    sha256 = episode.audio.sha256
    both = (paths.fingerprint(sha256), paths.quality(sha256))
    yield from (path for path in both if is_file(archive.root / path))
