"""What is made of the truth and kept: `cache/<kind>/<key>.<state>`, deleted at any moment.

Each kind is a row of CACHES. What is made of an episode is named by its key and by the state of all
that goes into it: what changes makes another, and the old one goes. Recordings are named by their
hash, which is their state. `forget` takes away what listeners may have no longer: nobody, and no
copy, finds in a cache what was withdrawn, embargoed again or taken away.
"""

import contextlib
import datetime as dt
import hashlib
import io
import re
from collections.abc import Hashable, Iterator, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from radio.archive import Archive, holdings
from radio.archive.caches import books_quoting
from radio.archive.episode import Episode
from radio.archive.holdings import PAGES_NOTE
from radio.archive.slugs import SLUG
from radio.system import disk, tree
from radio.system.disk import Stamp, explained, stamp
from radio.system.errors import BusyError
from radio.system.messages import _

ROOM = 4 << 30  # bytes, for what can be made again in no time
SHARED = {"lists", "moved", "search", "themes"}  # pages that name all episodes
KEY = re.compile(f"'({SLUG.pattern}/{SLUG.pattern})'")  # in what a page is made of


@dataclass(frozen=True)
class Cache:
    """A kind of what is made and kept, in a folder of `cache/`."""

    name: str
    per: Literal["episode", "sound", "dossier", "bag"] = "episode"
    whose: Literal["public", "open", "any"] = "public"
    """Of which episodes: those that listeners may have, those not withdrawn, all that there are."""
    room: int | None = None  # bytes that are kept, besides what was made last; all without

    def folder(self, archive: Archive) -> Path:
        """Tell where all of it lies."""
        return archive.cache / self.name

    def path(self, archive: Archive, key: str, *state: Hashable) -> Path:
        """Tell where that lies which is made of something in a state: of its files, of programs."""
        name = hashlib.sha256(repr(state).encode()).hexdigest()[:32]
        return self.folder(archive) / f"{key}.{name}"

    def keep(self, archive: Archive, part: Path, path: Path) -> None:
        """Keep what was made in a hidden file, in place of what was made of an older state.

        Raises ArchiveError if the disk refuses.
        """
        disk.keep(part, path)
        self._drop_others(archive, path)

    def keep_open(self, archive: Archive, part: Path, path: Path) -> io.FileIO:
        """Keep what was made, and give it open: what is kept may be deleted at once."""
        with contextlib.ExitStack() as undone:
            file = undone.enter_context(io.FileIO(part))
            self.keep(archive, part, path)
            undone.pop_all()
        return file

    def write(self, archive: Archive, path: Path, content: bytes) -> None:
        """Keep some bytes, whole, in place of those of an older state.

        Raises ArchiveError if the disk refuses.
        """
        disk.write_whole(path, content)
        self._drop_others(archive, path)

    def size(self, archive: Archive) -> int:
        """Tell how many bytes are kept."""
        return sum(stamp(each)[1] for each in self._files(archive))

    def _drop_others(self, archive: Archive, path: Path) -> None:
        """Delete what was made of older states, and where there is no room the oldest."""
        if self.room is None:
            for each in path.parent.glob(f"{path.stem}.*"):
                if each != path:
                    each.unlink(missing_ok=True)
            return
        states: dict[Path, Stamp] = {
            each: stamp(each) for each in self._files(archive) if each != path
        }
        left = self.room
        for each in sorted(states, key=lambda each: states[each], reverse=True):
            left -= states[each][1]
            if left < 0 or each.with_suffix("") == path.with_suffix(""):
                each.unlink(missing_ok=True)

    def _files(self, archive: Archive) -> Iterator[Path]:
        is_flat = self.per in ("sound", "bag")
        return self.folder(archive).glob("[!.]*" if is_flat else "*/[!.]*")


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
CACHES = (
    *(CHAPTERS, WORDS, DOWNLOADS, BOOKS, BOOKLETS, KITS, MUSIC, MUSIC_FREE, DOSSIERS, BAGS),
    Cache("sense"),
    Cache("names"),
    Cache("hearings", whose="open"),
    Cache("copies", "sound"),
    Cache("fingerprints", "sound", whose="any"),
    Cache("quality", "sound", whose="any"),
)
"""All but waveforms, which every episode keeps, and the pages of `cache/site/` (`system.tree`)."""


def find(path: Path) -> io.FileIO | None:
    """Open what is kept, if it is there."""
    try:
        return io.FileIO(path)
    except FileNotFoundError:
        return None


def state_of(archive: Archive, episode: Episode, picture: Path | None) -> Hashable:
    """Tell the state of all that listeners may have of an episode, with the picture it is given."""
    return (
        stamp(archive.audio_path(episode)),
        stamp(archive.show_path(episode.show)),
        picture and (picture.name, stamp(picture)),
        *archive.stamps(episode.key),
        stamp(archive.evidence_path(episode.key)),
        holdings.is_finished(archive, episode.key),
    )


def forget(archive: Archive, public: Set[str]) -> bool:
    """Delete what was made of all but the public episodes, given by their keys.

    Plans of bags go too: each names all that was public. Gives False while another process writes
    the pages: those have to be looked at again. Raises ArchiveError if the disk refuses.
    """
    episodes = archive.episodes()
    for each in CACHES:
        for path in _stale(archive, each, public, episodes):
            with explained(path, _("check the rights of the folder")):
                path.unlink(missing_ok=True)
    try:
        with archive.lock("site", wait=False):
            _forget_pages(archive.site, public)
    except BusyError:
        return False
    return True


def _stale(
    archive: Archive, cache: Cache, public: Set[str], episodes: list[Episode]
) -> Iterator[Path]:
    """Find what is kept of others than a cache may be about.

    What is of an episode that vanished stays: its disk may be away.
    """
    vanished = public - {each.key for each in episodes}
    kept = [each for each in episodes if _may_have(cache, each, public)]
    match cache.per:
        case "bag":
            yield from cache._files(archive)
        case "dossier":
            yield from books_quoting(archive, lambda key: key not in public)
        case "sound" if not vanished:
            sounds = {each.audio.sha256 for each in kept}
            yield from (
                path for path in cache._files(archive) if path.name.partition(".")[0] not in sounds
            )
        case "episode":
            keys = {each.key for each in kept} | vanished
            for path in cache._files(archive):
                if f"{path.parent.name}/{path.name.partition('.')[0]}" not in keys:
                    yield path


def _may_have(cache: Cache, episode: Episode, public: Set[str]) -> bool:
    match cache.whose:
        case "public":
            return episode.key in public
        case "open":
            return not episode.is_withdrawn(dt.date.today())
    return True


def _forget_pages(folder: Path, public: Set[str]) -> None:
    """Take away the pages of an episode that is not public, and those that name it."""
    keys_of = {name: {name, *KEY.findall(state)} for name, state in tree.states(folder).items()}
    other_keys = {
        key for keys in keys_of.values() for key in keys if KEY.fullmatch(f"'{key}'")
    } - public
    if not other_keys:
        return
    with explained(folder, _("check the rights of the folder")):
        (folder / PAGES_NOTE).unlink(missing_ok=True)
    tree.forget(folder, SHARED | {name for name, keys in keys_of.items() if keys & other_keys})
