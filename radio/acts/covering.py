"""Give an episode or a show a picture, or take it away; what was there goes to the trash.

Only the pixels of a picture are kept, drawn anew in a child with limits.
"""

import hashlib
import re
from dataclasses import replace

from radio import covers, history, journal, paths
from radio.acts.editing import compare, current, rewriting
from radio.acts.fields import Item
from radio.acts.undoing import edits_of
from radio.archive import Archive
from radio.belongings import perform, to_trash, undo
from radio.disk import discard, is_file, read_bytes, write_whole
from radio.episode import Episode, Show
from radio.errors import ArchiveError
from radio.history import Act, Renaming, Rewriting
from radio.messages import _

SUFFIX = ".jpg"  # of what is drawn anew
MADE = "made-"  # begins the name of its folder in the trash, once it is taken back
MADE_AS = re.compile(rf"-{MADE}([0-9a-f]{{12}})/")


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
            _perform(archive, key, item, "", (), who)
            item = _met(archive, key, "")
        (made,) = (Renaming(each.new, each.old) for each in to_trash(MADE + _hash(drawn), [path]))
        try:
            write_whole(archive.root / made.old, drawn)
            _perform(archive, key, item, path.rpartition("/")[2], (made,), who)
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
            _perform(archive, key, item, "", (), who)
    journal.note(archive.root, "cover", key=key, who=who)


def uncover(archive: Archive, act: Act) -> Act:
    """Take back what was done to a picture, whatever else is written of its item since.

    Raises NotFoundError if there is no such item, ArchiveError, having done nothing, if it has
    another picture by now, or that of before is in the trash no longer, or if the disk refuses.
    """
    return undo(archive, act.name, _as_it_is_now)


def _as_it_is_now(archive: Archive, act: Act) -> Act:
    """Give the act as if it had been done to what is there now: only the picture goes back."""
    (known,) = edits_of(act)
    item = current(archive, known.key)
    was, then = (_image(each) for each in (known.before, known.after))
    if _image(item) != then or not all(_is_same(archive, each) for each in act.renamings):
        told = _("{key}: it has another picture since; take that back first, nothing was done")
        raise ArchiveError(told.format(key=known.key))
    before = replace(item, image=was) if isinstance(item, Episode | Show) else item
    change = rewriting(archive, compare(item, before))
    return replace(act, rewritings=(Rewriting(change.path, change.after, change.before),))


def _image(item: Item) -> str:
    return item.image if isinstance(item, Episode | Show) else ""


def _is_same(archive: Archive, each: Renaming) -> bool:
    """Whether a picture that an act gave is still the one that it gave, where that is known."""
    made, path = MADE_AS.search(each.old), archive.root / each.new
    return not made or not is_file(path) or _hash(read_bytes(path)) == made[1]


def _hash(content: bytes) -> str:
    """Name a picture by what it holds, in some letters."""
    return hashlib.sha256(content).hexdigest()[:12]


def _met(archive: Archive, key: str, seen: str) -> Episode | Show:
    item = current(archive, key)
    if not isinstance(item, Episode | Show) or item.image != seen:
        raise ArchiveError(_("{key}: changed meanwhile; nothing was done").format(key=key))
    return item


def _perform(
    archive: Archive,
    key: str,
    item: Episode | Show,
    name: str,
    made: tuple[Renaming, ...],
    who: str,
) -> None:
    old = paths.picture(item)
    gone = to_trash("cover", [old]) if old and (archive.root / old).is_file() else ()
    change = rewriting(archive, compare(item, replace(item, image=name)))
    perform(archive, Act("cover", key, (*gone, *made), (change,), who=who))


def _folder(item: Episode | Show) -> str:
    return item.slug if isinstance(item, Show) else item.show


def _name(item: Episode | Show, drawn: bytes) -> str:
    """Name the picture: that of an episode after it, that of a show by what it holds."""
    if isinstance(item, Episode):
        return item.slug + SUFFIX
    return f"cover-{_hash(drawn)[:8]}{SUFFIX}"
