"""The files of an episode or a show, all of them, and the names they get."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from radio.archive import consents, history, losses, paths, pseudonyms, trash
from radio.archive.archive import Archive
from radio.archive.episode import Episode, render_episode
from radio.archive.history import Act, Renaming, Rewriting, What, text_of
from radio.archive.locks import is_locked
from radio.archive.paths import stem
from radio.system.checksums import Checksums
from radio.system.disk import is_file, is_temporary, regular_files
from radio.system.errors import ArchiveError, BusyError, warned
from radio.system.messages import _

TRUTH = ("media", "transcripts")
MIRROR = "mirror.json"  # of a copy: which archive is its original
DERIVED = ("waveforms", "chapters", "sense")  # of the caches: what takes long to make again
MOVED = (*DERIVED, "hearings")  # and of these what gets another name, but is put aside nowhere
Widen = Callable[[Archive, Act], Act]
"""Gives an act as it is to be taken back."""
HEARING = "transcribe"  # the lock of whoever transcribes


def require_free(archive: Archive, key: str) -> None:
    """Raise ArchiveError if something of an archive has the name of an episode already."""
    if taken := next(belonging(archive, paths.checked_key(key)), None):
        raise ArchiveError(_("{path}: there already; choose another name").format(path=taken))


def is_copy(archive: Archive) -> bool:
    """Whether an archive is a copy of another one."""
    return (archive.root / MIRROR).exists()


def require_own(archive: Archive) -> None:
    """Raise ArchiveError in a mirror: its original says what is called how."""
    if is_copy(archive):
        raise ArchiveError(
            _("{root}: a copy; do it in the original, then `radio mirror` again").format(
                root=archive.root
            )
        )


def require_idle(archive: Archive, keys: list[str]) -> None:
    """Raise BusyError if one of some episodes is being transcribed."""
    if not is_locked(archive.root, HEARING):
        return
    for key in keys:
        folder, slug = (archive.transcripts / key).parent, key.partition("/")[2]
        if next(folder.glob(f".{slug}.*.json"), None):
            raise BusyError(
                _("{key}: being transcribed now; wait, or stop `radio work`").format(key=key)
            )


def belonging(archive: Archive, key: str) -> Iterator[str]:
    """Name all files of an episode beneath the root: those of its name, up to the first dot.

    The sidecar goes first; half files that somebody writes are left out.
    """
    show, _slash, slug = key.partition("/")
    sidecar = paths.sidecar(key)
    if (archive.root / sidecar).exists():
        yield sidecar
    for folder in (f"media/{show}", f"transcripts/{show}"):
        for name in sorted(regular_files(archive.root / folder)):
            path = f"{folder}/{name}"
            if stem(name) == slug and path != sidecar and not is_temporary(name):
                yield path


def derived(archive: Archive, key: str, folders: tuple[str, ...] = DERIVED) -> Iterator[str]:
    """Name what was made of an episode and is worth keeping, beneath the root."""
    show, _slash, slug = key.partition("/")
    for folder in (f"cache/{each}/{show}" for each in folders):
        for name in regular_files(archive.root / folder):
            if stem(name) == slug:
                yield f"{folder}/{name}"


def heard(archive: Archive, episode: Episode) -> Iterator[str]:
    """Name what was measured of the recording of an episode, beneath the root."""
    sha256 = episode.audio.sha256
    for path in (paths.fingerprint(sha256), paths.quality(sha256)):
        if (archive.root / path).is_file():
            yield path


def renamings(archive: Archive, old: str, new: str) -> tuple[Renaming, ...]:
    """Give all files of an episode the names of another key, the sidecar left out."""
    files = (path for path in belonging(archive, old) if path != paths.sidecar(old))
    made = derived(archive, old, MOVED)
    moved = (Renaming(path, path_under(path, old, new)) for path in (*files, *made))
    return (*moved, *private_renamings(archive, old, new))


def private_renamings(archive: Archive, old: str, new: str) -> Iterator[Renaming]:
    """Let what keepers alone know of an episode go along: another may get its key one day."""
    for path_of in (consents.path_of, pseudonyms.path_of):
        renaming = Renaming(path_of(old), path_of(new))
        if is_file(archive.root / renaming.old) and not (archive.root / renaming.new).exists():
            yield renaming


def named(new: Episode, old: Episode) -> Episode:
    """Let a sidecar name its files as they are called under a new key, and itself as it was."""
    suffix = PurePosixPath(new.image).suffix
    former = (each for each in old.formerly if each != new.key)
    return replace(
        new,
        audio=replace(new.audio, file=f"{new.slug}.{new.audio.suffix}"),
        image=f"{new.slug}{suffix}" if new.image else "",
        formerly=(*former, old.key),
    )


def key_act(archive: Archive, old: Episode, new: Episode, what: What) -> Act:
    """Plan that an episode gets a new key, or where that is the same, that its sidecar changes."""
    before, after = text_of(archive.sidecar_path(old.key)), render_episode(new).decode()
    told = f"{old.key} -> {new.key}"
    if new.key == old.key:
        return Act(what, told, (), (Rewriting(paths.sidecar(old.key), before, after),))
    sidecars = (
        Rewriting(paths.sidecar(new.key), None, after),
        Rewriting(paths.sidecar(old.key), before, None),
    )
    return Act(what, told, renamings(archive, old.key, new.key), sidecars)


def show_renamings(archive: Archive, old: str, new: str) -> tuple[Renaming, ...]:
    """Give the folders of a show another name."""
    parts = ("transcripts", *(f"cache/{each}" for each in MOVED), "media")
    folders = ((f"{part}/{old}", f"{part}/{new}") for part in parts)
    private = ((f"{part}/{old}", f"{part}/{new}") for part in (consents.FOLDER, pseudonyms.FOLDER))
    free = (both for both in private if not (archive.root / both[1]).exists())
    return tuple(Renaming(a, b) for a, b in (*folders, *free) if (archive.root / a).is_dir())


def to_trash(name: str, files: Iterable[str]) -> tuple[Renaming, ...]:
    """Put files into a new folder of the trash, under the paths that they have."""
    folder = trash.new_folder(name)
    return tuple(Renaming(path, f"{folder}/{path}") for path in files)


def files_of_show(archive: Archive, show: str) -> Iterator[str]:
    """Name all files of a show, its own first."""
    if (archive.root / paths.show(show)).exists():
        yield paths.show(show)
    parts = ("media", "transcripts", *(f"cache/{each}" for each in DERIVED))
    for folder in (f"{part}/{show}" for part in parts):
        for name in sorted(regular_files(archive.root / folder)):
            if f"{folder}/{name}" != paths.show(show) and not is_temporary(name):
                yield f"{folder}/{name}"


def perform(archive: Archive, act: Act, joined: Act | None = None) -> Act:
    """Do something to files under the archive's lock, with what is known of them.

    It is undone together with the last act where that is `joined` to it. Raises ArchiveError,
    having done nothing, if something stands in the way.
    """
    done = history.perform(archive.root, act, joined)
    _follow(archive, act.renamings, [each.path for each in act.rewritings])
    return done


def undo(archive: Archive, name: str = "", widened: Widen | None = None) -> Act:
    """Take back an act, the last one that stands where none is named.

    `widened` gives it as it is to be taken back by now; else a rename takes along what was made
    since. Raises NotFoundError if there is none of that name, ArchiveError if something of it
    changed since, BusyError while its episode is being transcribed.
    """
    with archive.lock():
        widen = widened or with_later
        act = history.undo(archive.root, name, lambda act: widen(archive, act))
        back = tuple(Renaming(each.new, each.old) for each in act.renamings)
        _follow(archive, back, [each.path for each in act.rewritings])
    return act


def with_later(archive: Archive, act: Act) -> Act:
    """Add to a rename what was made of its episode or show since, so that it goes back along."""
    if act.what not in ("rename", "move") or not act.renamings:
        return act
    old, _arrow, new = act.told.partition(" -> ")
    if "/" in new:
        require_idle(archive, [new])
    back = renamings(archive, new, old) if "/" in new else show_renamings(archive, new, old)
    found = (Renaming(each.new, each.old) for each in back)
    later = (each for each in found if each not in act.renamings)
    return replace(act, renamings=(*later, *act.renamings))


def _follow(archive: Archive, renamings: Sequence[Renaming], written: Iterable[str]) -> None:
    """Let the checksums of files follow them, so that no recording is read again, nor missed.

    A disk that refuses costs a warning: the files have their names by then.
    """
    known = Checksums(archive.root, archive.checksums)
    paths = (*written, *(each.old for each in renamings))
    with warned():
        for each in renamings:
            old, new = PurePosixPath(each.old), PurePosixPath(each.new)
            if old.parts[0] in TRUTH and new.parts[0] in TRUTH and (archive.root / new).is_file():
                known.carry((str(old.parent), old.name), (str(new.parent), new.name))
        known.keep()
        losses.let_go(archive.root, [path for path in paths if not (archive.root / path).exists()])


def path_under(path: str, old: str, new: str) -> str:
    """Give the path of a file under another key.

    >>> path_under("transcripts/a/.x.checkpoint.json", "a/x", "b/y")
    'transcripts/b/.y.checkpoint.json'
    """
    place, slug = PurePosixPath(path), old.partition("/")[2]
    show, _slash, new_slug = new.partition("/")
    return f"{place.parent.parent}/{show}/{place.name.replace(slug, new_slug, 1)}"
