"""Traces: where an episode has left something besides its own files."""

import contextlib
import re
from collections.abc import Callable, Collection, Iterator, Set
from dataclasses import replace
from pathlib import Path, PurePosixPath

from radio.archive import gone, history
from radio.archive.archive import Archive
from radio.archive.episode import Episode
from radio.archive.history import Act, Rewriting
from radio.archive.paths import stem
from radio.archive.removal import SEALED, TRASH, Wording
from radio.archive.slugs import SLUG, naming
from radio.system.disk import is_file, is_folder, read_bytes, regular_files
from radio.system.errors import ArchiveError, NotFoundError

WHOLE = ("index", "cache/site", "cache/bags", "cache/wordbook.txt")
"""What holds words of all episodes: made anew, since nothing can be taken out of it for sure."""
PACKED = "cache/kits"
"""Recordings packed for other radios; one that was cut short lies there under any name."""
APART = ("checksums", "shows", "site", "bags", "kits")  # caches that are not looked through
HEARD = ("fingerprints", "quality", "copies")  # caches that are named by the recording
QUOTED = re.compile(f'"({SLUG.pattern}/{SLUG.pattern})"')  # in the note of the books of a dossier


def names_of(archive: Archive, episode: Episode) -> tuple[str, ...]:
    """Name all keys that an episode has or had, those of former names of its show too.

    The present one comes last. A key that another episode has by now is left out.
    """
    names = list[str]()
    for key in (*episode.formerly, episode.key):
        show, _slash, slug = key.partition("/")
        names += [*(f"{former}/{slug}" for former in _former(archive, show, episode.show)), key]
    return tuple(
        key
        for key in dict.fromkeys(names)
        if key == episode.key or not is_file(archive.media / f"{key}.json")
    )


def _former(archive: Archive, show: str, present: str) -> tuple[str, ...]:
    """Name what a show was called, which an episode lies in, or lay in before `present`."""
    for slug in (show, present):
        with contextlib.suppress(NotFoundError):
            former = archive.show(slug).formerly
            if show in (slug, *former):
                return former
    return ()


def keys_of(archive: Archive, episode: Episode) -> frozenset[str]:
    """Name the same, in no order."""
    return frozenset(names_of(archive, episode))


def sounds_of(episode: Episode) -> frozenset[str]:
    """Give the hashes of all recordings that an episode has or had."""
    return frozenset(filter(None, (episode.audio.sha256, *episode.audio.formerly)))


def caches_of(archive: Archive, sounds: Collection[str], keys: Collection[str]) -> Iterator[str]:
    """Name what was made of an episode, and of all episodes together, beneath the root.

    `sounds` are the hashes of its recordings.
    """
    yield from (path for path in (*WHOLE, PACKED) if (archive.root / path).exists())
    for folder in sorted(archive.cache.glob("*")):
        if not is_folder(folder) or folder.name in APART:
            continue
        for name in regular_files(folder) if folder.name in HEARD else ():
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


def trashed(archive: Archive, keys: Collection[str]) -> Iterator[str]:
    """Name the files in the trash that an episode had, beneath the root."""
    yield from _beneath(archive, TRASH, keys)


def sealed(archive: Archive, keys: Collection[str]) -> Iterator[str]:
    """Name the sealed files of an episode, beneath the root."""
    yield from _beneath(archive, SEALED, keys)


def history_without(
    archive: Archive,
    keys: Set[str],
    *,
    forgotten: bool = False,
    amend: Callable[[Act], Act] = lambda act: act,
) -> Iterator[Wording | str]:
    """Give the acts of the history without what they keep of an episode; paths of those to delete.

    What is left of an act may still be undone; `amend` takes more out of it. Where the episode is
    `forgotten`, nothing that is left names it.
    """
    for act in history.acts(archive.root):
        left = amend(_without(act, keys, forgotten))
        if left == act:
            continue
        wording = Wording(*history.record(left))
        told = any(each.path.startswith(("media/", "transcripts/")) for each in left.rewritings)
        yield wording if left.renamings or told else wording.path


def _without(act: Act, keys: Set[str], forgotten: bool) -> Act:
    left = replace(
        act,
        renamings=tuple(
            each for each in act.renamings if keys.isdisjoint((key_of(each.old), key_of(each.new)))
        ),
        rewritings=tuple(each for each in act.rewritings if key_of(each.path) not in keys),
    )
    return _unnamed(left, keys) if forgotten else left


def _unnamed(act: Act, keys: Set[str]) -> Act:
    """Let nothing of an act name an episode; others that went before or since go on being gone."""
    told, named = act.told, [naming(key) for key in keys]
    for each in named:
        told = each.sub("…", told)
    known = [_gone_without(each, keys) for each in act.rewritings]
    texts = [f"{each.before or ''} {each.after or ''}" for each in known]
    left = (
        each
        for each, text in zip(known, texts, strict=True)
        if not any(key.search(text) for key in named)
    )
    return replace(act, told=told, rewritings=tuple(left))


def _gone_without(rewriting: Rewriting, keys: Set[str]) -> Rewriting:
    if rewriting.path != gone.FILE:
        return rewriting
    texts = (rewriting.before, rewriting.after)
    with contextlib.suppress(ArchiveError):
        before, after = (text and _render_without(text, keys) for text in texts)
        return replace(rewriting, before=before, after=after)
    return rewriting


def _render_without(text: str, keys: Set[str]) -> str:
    known = gone.parse(text.encode(), gone.FILE)
    left = gone.without(known, keys)
    return text if left == known else gone.render_gone(left)


def key_of(path: str) -> str:
    """Name the episode that a file has the name of.

    >>> key_of("trash/20240116-x/transcripts/emission/2024-01-16-x.en.vtt")
    'emission/2024-01-16-x'
    """
    place = PurePosixPath(path)
    return f"{place.parent.name}/{stem(place.name)}"


def _beneath(archive: Archive, part: str, keys: Collection[str]) -> Iterator[str]:
    for path in sorted((archive.root / part).rglob("*")):
        relative = path.relative_to(archive.root).as_posix()
        if path.is_file() and key_of(relative) in keys:
            yield relative
