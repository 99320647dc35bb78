"""What was made of an episode goes with it: no listener, and no copy, finds in a cache what was
withdrawn, embargoed again or taken away.
"""

import re
from collections.abc import Iterator, Set
from pathlib import Path

from radio.archive import Archive
from radio.archive.caches import books_quoting
from radio.archive.holdings import PAGES_NOTE
from radio.archive.slugs import SLUG
from radio.derived.copies import copy_path
from radio.system import tree
from radio.system.disk import explained
from radio.system.errors import BusyError
from radio.system.messages import _

SHARED = {"lists", "moved", "search", "themes"}  # pages that name all episodes
HEARD = ("fingerprints", "quality")  # caches that are named by the recording
KEY = re.compile(f"'({SLUG.pattern}/{SLUG.pattern})'")  # in what a page is made of


def forget(archive: Archive, public: Set[str]) -> bool:
    """Delete what was made of all but the public episodes, given by their keys.

    Plans of bags go too: each names all that was public. Gives False while another process writes
    the pages: those have to be looked at again. Raises ArchiveError if the disk refuses.
    """
    for path in (
        *_named(archive, public),
        *_heard(archive, public),
        *_copied(archive, public),
        *books_quoting(archive, lambda key: key not in public),
        *_heard_again(archive),
        *(archive.cache / "bags").glob("[!.]*"),
    ):
        with explained(path, _("check the rights of the folder")):
            path.unlink(missing_ok=True)
    try:
        with archive.lock("site", wait=False):
            _forget_pages(archive.site, public)
    except BusyError:
        return False
    return True


def _named(archive: Archive, public: Set[str]) -> Iterator[Path]:
    """Find the files that are named by an episode that is not public."""
    folders = (
        archive.downloads,
        archive.books,
        archive.booklets,
        archive.chapters,
        archive.cache / "words",
        archive.cache / "sense",
        archive.cache / "names",
        archive.cache / "music",
        archive.cache / "music-free",
        archive.cache / "kits",
    )
    for path in (path for folder in folders for path in folder.glob("*/[!.]*")):
        if f"{path.parent.name}/{path.stem}" not in public:
            yield path


def _heard(archive: Archive, public: Set[str]) -> Iterator[Path]:
    """Find what was measured of recordings that are no episode's any more, not even a hidden one's.

    Nothing where an episode seems to have vanished with its disk.
    """
    episodes = archive.episodes()
    if public - {each.key for each in episodes}:
        return
    recordings = {each.audio.sha256 for each in episodes}
    for path in (path for name in HEARD for path in (archive.cache / name).glob("[!.]*")):
        if path.name.partition(".")[0] not in recordings:
            yield path


def _heard_again(archive: Archive) -> Iterator[Path]:
    """Find what was heard again in episodes that are withdrawn, or not there any more.

    Those that wait to be published are reread before that.
    """
    open_keys = {each.key for each in archive.episodes() if each.status != "withdrawn"}
    for path in (archive.cache / "hearings").glob("*/*"):
        if f"{path.parent.name}/{path.stem}" not in open_keys:
            yield path


def _copied(archive: Archive, public: Set[str]) -> Iterator[Path]:
    """Find the copies of recordings that no public episode has."""
    kept = {copy_path(archive, each) for each in archive.episodes() if each.key in public}
    return (path for path in (archive.cache / "copies").glob("[!.]*") if path not in kept)


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
