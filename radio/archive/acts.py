"""Acts on files: what stands in their way, how they are done and taken back; else ArchiveError."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from radio.archive import history, losses, paths, stores
from radio.archive.archive import Archive
from radio.archive.changes import new_folder
from radio.archive.episode import Episode, render_episode
from radio.archive.history import Act, Renaming, Rewriting, What, text_of
from radio.archive.locks import is_locked
from radio.archive.stores import SHOWS
from radio.system.checksums import Checksums
from radio.system.errors import ArchiveError, BusyError, warned
from radio.system.messages import _

MIRROR = "mirror.json"  # of a copy: which archive is its original
Widen = Callable[[Archive, Act], Act]  # gives an act as it is to be taken back
HEARING = "transcribe"  # the lock of whoever transcribes


def changed_meanwhile(key: str) -> ArchiveError:
    """Say that something is no longer as it was seen."""
    return ArchiveError(_("{key} : changé entre-temps ; rien n’a été fait"), key=key)


def require_same(archive: Archive, seen: Iterable[Episode]) -> None:
    """Raise ArchiveError if an episode is no longer as it was seen."""
    for each in seen:
        if archive.episode(each.key) != each:
            raise changed_meanwhile(each.key)


def require_free(archive: Archive, key: str) -> None:
    """Raise ArchiveError if something of an archive has the name of an episode already."""
    if taken := next(stores.files(archive.root, [paths.checked_key(key)], *SHOWS), None):
        raise ArchiveError(_("{path} : existe déjà ; choisissez un autre nom"), path=taken)


def is_copy(archive: Archive) -> bool:
    """Whether an archive is a copy of another one."""
    return (archive.root / MIRROR).exists()


def require_own(archive: Archive) -> None:
    """Raise ArchiveError in a mirror: its original decides the names."""
    if is_copy(archive):
        message = _(
            "{root} : c’est une copie ; faites-le dans l’original, puis relancez `radio mirror`"
        )
        raise ArchiveError(message, root=archive.root)


def require_idle(archive: Archive, keys: list[str]) -> None:
    """Raise BusyError if one of some episodes is being transcribed."""
    if not is_locked(archive.root, HEARING):
        return
    for key in keys:
        folder, slug = (archive.transcripts / key).parent, key.partition("/")[2]
        if next(folder.glob(f".{slug}.*.json"), None):
            message = _("{key} : en cours de transcription ; attendez, ou arrêtez `radio work`")
            raise BusyError(message, key=key)


def named(new: Episode, old: Episode) -> Episode:
    """Give a sidecar, and its files, the names of a new key; the old key goes to `formerly`."""
    audio = replace(new.audio, file=f"{new.slug}.{new.audio.suffix}")
    image = f"{new.slug}{PurePosixPath(new.image).suffix}" if new.image else ""
    former = (each for each in old.formerly if each != new.key)
    return replace(new, audio=audio, image=image, formerly=(*former, old.key))


def key_act(archive: Archive, old: Episode, new: Episode, what: What) -> Act:
    """Plan that an episode gets a new key, or if the key stays, that its sidecar changes."""
    before, after = text_of(archive.sidecar_path(old.key)), render_episode(new).decode()
    keys, facts = (old.key,), {"to": new.key}
    if new.key == old.key:
        return Act(what, keys, facts, (), (Rewriting(paths.sidecar(old.key), before, after),))
    made = Rewriting(paths.sidecar(new.key), None, after)
    gone = Rewriting(paths.sidecar(old.key), before, None)
    renamings = tuple(stores.renamed(archive.root, old.key, new.key))
    return Act(what, keys, facts, renamings, (made, gone))


def to_trash(name: str, files: Iterable[str]) -> tuple[Renaming, ...]:
    """Move files to a new folder of the trash, under their present paths."""
    folder = new_folder(name)
    return tuple(Renaming(path, f"{folder}/{path}") for path in files)


def perform(archive: Archive, act: Act, joined: Act | None = None) -> Act:
    """Do an act under the archive's lock, undone together with the last one if that is `joined`."""
    done = history.perform(archive.root, act, joined)
    _follow(archive, act.renamings, [each.path for each in act.rewritings])
    return done


def with_later(archive: Archive, act: Act) -> Act:
    """Add to a rename what was made of its episodes or show since."""
    if act.what not in ("rename", "move") or not act.renamings:
        return act
    later, to, known = list[Renaming](), str(act.facts["to"]), set(act.renamings)
    for old in act.keys:
        is_one_of_several = len(act.keys) > 1
        new = f"{to}/{old.partition('/')[2]}" if is_one_of_several else to
        if "/" in old:
            require_idle(archive, [new])
        rename = stores.renamed if "/" in old else stores.renamed_show
        found = (Renaming(each.new, each.old) for each in rename(archive.root, new, old))
        later += (each for each in found if each not in known)
    return replace(act, renamings=(*later, *act.renamings))


def undo(archive: Archive, name: str = "", widened: Widen = with_later) -> Act:
    """Undo an act, by default the last; a rename takes along what was made since. `widened` changes
    what is undone. Raises NotFoundError, or BusyError while its episode is transcribed."""
    with archive.lock():
        act = history.undo(archive.root, name, lambda act: widened(archive, act))
        back = tuple(Renaming(each.new, each.old) for each in act.renamings)
        _follow(archive, back, [each.path for each in act.rewritings])
    return act


def _follow(archive: Archive, renamings: Sequence[Renaming], written: Iterable[str]) -> None:
    known = Checksums(archive.root)
    paths = (*written, *(each.old for each in renamings))
    with warned():
        for each in renamings:
            old, new = PurePosixPath(each.old), PurePosixPath(each.new)
            if old.parts[0] in SHOWS and new.parts[0] in SHOWS and (archive.root / new).is_file():
                known.carry((str(old.parent), old.name), (str(new.parent), new.name))
        known.keep()
        losses.let_go(archive.root, [path for path in paths if not (archive.root / path).exists()])
