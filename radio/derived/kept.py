"""What is made of an episode, kept in `cache/` while all that goes into it stays as it is.

A file is named `<show>/<slug>.<state>`, so a text that changes makes another, and the old one goes;
`derived.caches` takes away that of an episode that is no longer public. It may be deleted at any
moment.
"""

import contextlib
import hashlib
import io
from collections.abc import Hashable
from pathlib import Path

from radio.archive import Archive, holdings
from radio.archive.episode import Episode
from radio.system.disk import Stamp, keep, stamp

ROOM = 4 << 30  # bytes that are kept of a kind, besides what was made last


def path_of(
    archive: Archive, folder: Path, episode: Episode, picture: Path | None, *made: Hashable
) -> Path:
    """Name what is made of an episode by the state of all that goes into it.

    `made` is what else that depends on: the edition of the program, the address of the site.
    """
    state = (
        made,
        stamp(archive.audio_path(episode)),
        stamp(archive.show_path(episode.show)),
        picture and (picture.name, stamp(picture)),
        *archive.stamps(episode.key),
        stamp(archive.evidence_path(episode.key)),
        holdings.is_finished(archive, episode.key),
    )
    name = hashlib.sha256(repr(state).encode()).hexdigest()[:32]
    return folder / episode.show / f"{episode.slug}.{name}"


def find(path: Path) -> io.FileIO | None:
    """Open what is kept, if it is there."""
    try:
        return io.FileIO(path)
    except FileNotFoundError:
        return None


def store_open(part: Path, path: Path) -> io.FileIO:
    """Keep what was made, and give it open: what is kept may be deleted at once."""
    with contextlib.ExitStack() as undone:
        file = undone.enter_context(io.FileIO(part))
        store(part, path)
        undone.pop_all()
    return file


def size_of(folder: Path) -> int:
    """Tell how many bytes are kept of a kind."""
    return sum(stamp(each)[1] for each in folder.glob("*/*"))


def store(part: Path, path: Path) -> None:
    """Keep what was made in a hidden file, in place of what was made of an older state."""
    keep(part, path)
    folder = path.parent.parent
    states: dict[Path, Stamp] = {each: stamp(each) for each in folder.glob("*/*") if each != path}
    left = ROOM
    for each in sorted(states, key=lambda each: states[each], reverse=True):
        left -= states[each][1]
        if left < 0 or (each.parent == path.parent and each.stem == path.stem):
            each.unlink(missing_ok=True)
