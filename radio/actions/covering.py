"""Give an episode or a show a picture, or take it away; the former one goes to the trash. Only the
pixels of a picture stay, drawn anew in a child process with limits."""

import hashlib
import re
from dataclasses import replace
from pathlib import Path

from radio.actions.editing import current, edits_of, rewriting
from radio.actions.fields import Item, key_of
from radio.archive import Archive, history, journal, paths
from radio.archive.acts import changed_meanwhile, perform, to_trash, undo
from radio.archive.changes import TRASH
from radio.archive.episode import Episode, Show
from radio.archive.history import Act, Renaming, Rewriting
from radio.derived import covers
from radio.system.disk import discard, is_file, read_bytes, write_whole
from radio.system.errors import ArchiveError, NotFoundError, warned
from radio.system.messages import _

SUFFIX = ".jpg"  # of what is drawn anew
LARGEST = 32 << 20  # bytes of a picture that was there
MADE = "made-"  # begins the name of its folder in the trash, once it is taken back
MADE_AS = re.compile(rf"-{MADE}([0-9a-f]{{12}})/")


def give_cover(archive: Archive, key: str, content: bytes | None, seen: str, who: str = "") -> None:
    """Give an item a picture, or take it away for None, if its own is still the one `seen`. Raises
    ReaderError."""
    drawn = None if content is None else covers.redrawn(content)
    with archive.lock():
        _give(archive, _met(archive, key, seen), drawn, SUFFIX, who)
    journal.note(archive.root, "cover", key=key, who=who)


def _give(
    archive: Archive, item: Episode | Show, content: bytes | None, suffix: str, who: str
) -> None:
    """Give an item a picture as it is, or take it away, under the archive's lock."""
    if content is None:
        if item.image:
            _perform(archive, item, "", who)
        return
    path = f"media/{item.slug}/cover-{_hash(content)[:8]}{suffix}"  # of a show: by what it holds
    if isinstance(item, Episode):
        path = f"media/{item.key}{suffix}"
    if path == paths.picture(item):  # a file can't leave a name and get it in one act
        _perform(archive, item, "", who)
        item = replace(item, image="")
    (made,) = (Renaming(each.new, each.old) for each in to_trash(MADE + _hash(content), [path]))
    try:
        write_whole(archive.root / made.old, content)
        _perform(archive, item, path.rpartition("/")[2], who, made)
    except ArchiveError:
        if not history.is_cut_short(archive.root):  # else whoever comes next still needs it
            discard(archive.root / made.old)
        raise


def uncover(archive: Archive, act: Act) -> Act:
    """Take back a change of a picture, if it did not change since. Raises as `former`."""
    return undo(archive, act.name, _as_it_is_now)


def is_superseded(archive: Archive, act: Act) -> bool:
    """Whether an item has another picture now than the one that an act gave it."""
    (known,) = edits_of(act)
    if _image(current(archive, known.key)) != _image(known.after):
        return True
    given = ((MADE_AS.search(each.old), archive.root / each.new) for each in act.renamings)
    return any(a and is_file(path) and _hash(read_bytes(path)) != a[1] for a, path in given)


def former(archive: Archive, act: Act) -> Path | None:
    """Find the picture before an act, or None. Raises NotFoundError if it left the trash."""
    (known,) = edits_of(act)
    if not _image(known.before):
        return None
    for each in act.renamings:
        if each.new.startswith(f"{TRASH}/") and is_file(archive.root / each.new):
            return archive.root / each.new
    message = _("{key} : l’ancienne image n’est plus dans la corbeille ; rien n’a été fait")
    raise NotFoundError(message, key=known.key)


def present(archive: Archive, item: Episode | Show) -> Path | None:
    """Find the present picture of an item; None where it has none."""
    path = archive.picture_path(item)
    return path if path and is_file(path) else None


def print_of(archive: Archive, item: Episode | Show) -> str:
    """Hash the picture of an item; "" where it has none."""
    path = present(archive, item)
    return _hash(read_bytes(path, LARGEST)) if path else ""


def put_back(archive: Archive, act: Act, seen: str, who: str = "") -> None:
    """Restore the picture of before an act, though it was changed since. The present one, which is
    the one `seen` by its hash, goes to the trash. Raises as `former`."""
    with archive.lock():
        path, (known,) = former(archive, act), edits_of(act)
        item = current(archive, known.key)
        if not isinstance(item, Episode | Show) or print_of(archive, item) != seen:
            raise changed_meanwhile(known.key)
        content = read_bytes(path, LARGEST) if path else None
        _give(archive, item, content, path.suffix if path else "", who)
        with warned():
            history.keep(archive.root, replace(act, state="undone"))
    journal.note(archive.root, "undo", key=known.key, facts={"undone": act.what}, who=who)


def _as_it_is_now(archive: Archive, act: Act) -> Act:
    """Give the act as if it had been done to the present item: only the picture goes back."""
    (known,) = edits_of(act)
    item, was = current(archive, known.key), _image(known.before)
    if is_superseded(archive, act):
        message = _(
            "{key} : l’image a encore changé depuis ; annulez d’abord cela, rien n’a été fait"
        )
        raise ArchiveError(message, key=known.key)
    before = replace(item, image=was) if isinstance(item, Episode | Show) else item
    change = rewriting(archive, before)
    return replace(act, rewritings=(Rewriting(change.path, change.after, change.before),))


def _image(item: Item) -> str:
    return item.image if isinstance(item, Episode | Show) else ""


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]


def _met(archive: Archive, key: str, seen: str) -> Episode | Show:
    item = current(archive, key)
    if not isinstance(item, Episode | Show) or item.image != seen:
        raise changed_meanwhile(key)
    return item


def _perform(archive: Archive, item: Episode | Show, name: str, who: str, *made: Renaming) -> None:
    old = paths.picture(item)
    gone = to_trash("cover", [old]) if old and (archive.root / old).is_file() else ()
    change = rewriting(archive, replace(item, image=name))
    perform(archive, Act("cover", (key_of(item),), {}, (*gone, *made), (change,), who=who))
