"""What the caches hold of an episode: files of its name, of its recordings, and what quotes it.

All of it is derived; what may hold words that are to be nowhere any more is deleted.
"""

import re
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from radio.archive import paths
from radio.archive.archive import Archive
from radio.archive.episode import Episode
from radio.archive.paths import stem
from radio.archive.slugs import SLUG
from radio.system.disk import is_file, is_folder, read_bytes, regular_files
from radio.system.errors import ArchiveError

OF_ALL = ("index", "cache/site", "cache/bags", "cache/wordbook.txt")
"""What holds words of all episodes: made anew, since nothing can be taken out of it for sure."""
PACKED = "cache/kits"
"""Recordings packed for other radios; one that was cut short lies there under any name."""
APART = ("checksums", "shows", "site", "bags", "kits")  # are not looked through
OF_SOUNDS = ("fingerprints", "quality", "copies")  # named by the recording
INVENTORY = "cache/inventory.txt"
LISTS = ("*.json", "*.txt", "checksums/**/*.txt")
"""Caches that name many episodes; they are made anew, but for the inventory."""
QUOTED = re.compile(f'"({SLUG.pattern}/{SLUG.pattern})"')  # in the note of the books of a dossier


def caches_of(archive: Archive, sounds: Collection[str], keys: Collection[str]) -> Iterator[str]:
    """Name what was made of an episode, and of all episodes together, beneath the root.

    `sounds` are the hashes of its recordings.
    """
    yield from (path for path in (*OF_ALL, PACKED) if (archive.root / path).exists())
    for folder in sorted(archive.cache.glob("*")):
        if not is_folder(folder) or folder.name in APART:
            continue
        for name in regular_files(folder) if folder.name in OF_SOUNDS else ():
            if stem(name) in sounds:
                yield f"cache/{folder.name}/{name}"
        for show in {key.partition("/")[0] for key in keys}:
            for name in regular_files(folder / show):
                if f"{show}/{stem(name)}" in keys:
                    yield f"cache/{folder.name}/{show}/{name}"
    unfinished = archive.dossiers.glob("*/.*")  # nobody knows whom they quote
    for book in (*books_quoting(archive, lambda key: key in keys), *unfinished):
        yield book.relative_to(archive.root).as_posix()


def books_quoting(archive: Archive, is_meant: Callable[[str], bool]) -> Iterator[Path]:
    """Find the books of dossiers that quote an episode which is meant, each with its note."""
    for note in sorted(archive.dossiers.glob("*/[!.]*.json")):
        if any(map(is_meant, QUOTED.findall(read_bytes(note).decode(errors="replace")))):
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
    for path in (paths.fingerprint(sha256), paths.quality(sha256)):
        if is_file(archive.root / path):
            yield path
