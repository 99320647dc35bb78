"""Give an episode or a show a picture, or take it away; what was there goes to the trash.

Only the pixels of a picture are kept, drawn anew in a child with limits.
"""

import hashlib
from dataclasses import replace

from radio import covers, history, journal, paths
from radio.acts.editing import compare, current, rewriting
from radio.archive import Archive
from radio.belongings import perform, to_trash
from radio.disk import discard, write_whole
from radio.episode import Episode, Show
from radio.errors import ArchiveError
from radio.history import Act, Renaming
from radio.messages import _

SUFFIX = ".jpg"  # of what is drawn anew


def give_cover(archive: Archive, key: str, content: bytes, seen: str, who: str = "") -> None:
    """Give an episode or a show a picture, if its own is still the one that was `seen`.

    Raises ReaderError if that is no picture that we take, NotFoundError if there is none of that
    key, ArchiveError if it has another picture by now or the disk refuses.
    """
    drawn = covers.redrawn(content)
    with archive.lock():
        item = _met(archive, key, seen)
        path = f"media/{_folder(item)}/{_name(item, drawn)}"
        if path == paths.picture(item):  # a file can't leave a name and get it in one act
            _perform(archive, key, item, "", ())
            item = _met(archive, key, "")
        (made,) = (Renaming(each.new, each.old) for each in to_trash("made", [path]))
        try:
            write_whole(archive.root / made.old, drawn)
            _perform(archive, key, item, path.rpartition("/")[2], (made,))
        except ArchiveError:
            if not history.is_cut_short(archive.root):  # else whoever comes next still needs it
                discard(archive.root / made.old)
            raise
    journal.note(archive.root, "cover", key=key, who=who)


def take_cover(archive: Archive, key: str, seen: str, who: str = "") -> None:
    """Take its picture away from an episode or a show; errors as of `give_cover`."""
    with archive.lock():
        item = _met(archive, key, seen)
        if item.image:
            _perform(archive, key, item, "", ())
    journal.note(archive.root, "cover", key=key, who=who)


def _met(archive: Archive, key: str, seen: str) -> Episode | Show:
    item = current(archive, key)
    if not isinstance(item, Episode | Show) or item.image != seen:
        raise ArchiveError(_("{key}: changed meanwhile; nothing was done").format(key=key))
    return item


def _perform(
    archive: Archive, key: str, item: Episode | Show, name: str, made: tuple[Renaming, ...]
) -> None:
    old = paths.picture(item)
    gone = to_trash("cover", [old]) if old and (archive.root / old).is_file() else ()
    change = rewriting(archive, compare(item, replace(item, image=name)))
    perform(archive, Act("cover", key, (*gone, *made), (change,)))


def _folder(item: Episode | Show) -> str:
    return item.slug if isinstance(item, Show) else item.show


def _name(item: Episode | Show, drawn: bytes) -> str:
    """Name the picture: that of an episode after it, that of a show by what it holds."""
    if isinstance(item, Episode):
        return item.slug + SUFFIX
    return f"cover-{hashlib.sha256(drawn).hexdigest()[:8]}{SUFFIX}"
