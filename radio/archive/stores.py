"""The stores of an archive: a row for each place where truth is, and loops over them. A new store
is a new row: copies, renames, deletions, replaced names and tests loop over them. What is derived
is in `index/` and `cache/` alone (`derived.cache`)."""

import os
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from radio.archive import distinct, follows, gone, imprint, paths, themes, threads
from radio.archive.changes import Renaming
from radio.archive.episode import MIME, PICTURES
from radio.archive.gone import Forgotten
from radio.archive.paths import path_under, stem
from radio.archive.pseudonyms import Pseudonym, hide_in_json
from radio.archive.slugs import SLUG
from radio.system.disk import is_file, is_temporary, regular_files

Kind = Literal[
    "show", "audio", "picture", "transcript", "evidence", "translation", "sidecar", "site", "logo"
]  # what a file is to listeners
PICTURE = rf"[^/.][^/]*\.(?:{'|'.join(each[1:] for each in PICTURES)})"
PARTS = {
    "show": SLUG.pattern,
    "slug": rf"(?!show\.){SLUG.pattern}",
    "number": r"\d+",
    "audio": f"(?i:{'|'.join(each[1:] for each in MIME)})",
    "picture": PICTURE,
    "logo": PICTURE,
}  # patterns of words in angle brackets; other words match anything


@dataclass(frozen=True)
class StoreRow:
    """A place of truth. In its path `<show>` and `<slug>` stand for their names, other words in
    angle brackets for any name, `**` for the former folders of a file that was put aside."""

    path: str  # beneath the root
    kind: Kind | None = None  # as which listeners may have it (`holdings`); None: nobody has it
    is_kept: bool = False  # in the bag of a keeper, though listeners have nothing of it
    is_foreign: bool = False  # others write there
    parse: Callable[[bytes, object], object] | None = None  # reads a file beside the shows
    forget: Callable[[str, Forgotten], str] | None = None  # its text without an episode
    hide: Callable[[str, Sequence[Pseudonym]], str] | None = None  # its text with pseudonyms

    @property
    def folder(self) -> str:
        """Its folder; "" for the root."""
        return self.path.rpartition("/")[0]

    @property
    def top(self) -> str:
        """Its folder in the root; "" for what is beside the shows."""
        return self.path.partition("/")[0] if "/" in self.path else ""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What matches the path of a file of it; of what was put aside, no file's."""
        words = re.escape(self.path) + (".*" if self.path.endswith("/") else "")
        return re.compile(re.sub(r"<(\w+)>", lambda each: PARTS.get(each[1], "[^/]+"), words))

    @property
    def is_bagged(self) -> bool:
        """Whether the bag of a keeper has it."""
        return self.is_kept or self.kind is not None


STORES = (  # the more special first: a file belongs to the first one that fits
    StoreRow("site.json", "site", forget=imprint.forget),
    StoreRow("gone.json", is_kept=True, parse=gone.parse, forget=gone.forget, hide=gone.hide),
    StoreRow("themes.json", is_kept=True, parse=themes.THEMES.parse, hide=hide_in_json),
    StoreRow(
        "threads.json",
        is_kept=True,
        parse=threads.parse,
        forget=threads.forget,
        hide=threads.hide,
    ),
    StoreRow("twins.json", is_kept=True, parse=distinct.DISTINCT.parse, forget=distinct.forget),
    StoreRow("follows.json", is_kept=True, parse=follows.FOLLOWS.parse),
    StoreRow("mirror.json", is_kept=True),
    StoreRow("<logo>", "logo"),  # and the picture of the studio
    StoreRow("media/<show>/show.json", "show", hide=hide_in_json),
    StoreRow("media/<show>/<slug>.json", "sidecar", hide=hide_in_json),
    StoreRow("media/<show>/<slug>.<audio>", "audio"),
    StoreRow("media/<show>/<picture>", "picture"),
    StoreRow("transcripts/<show>/.<slug>.<work>.json"),
    StoreRow("transcripts/<show>/<slug>.en.vtt", "translation"),
    StoreRow("transcripts/<show>/<slug>.source.<text>", is_kept=True),
    StoreRow("transcripts/<show>/<slug>.<number>.vtt", is_kept=True),
    StoreRow("transcripts/<show>/<slug>.<number>.json", is_kept=True),
    StoreRow("transcripts/<show>/<slug>.vtt", "transcript"),
    StoreRow("transcripts/<show>/<slug>.json", "evidence"),
    StoreRow("desk/accounts.json"),
    StoreRow("desk/sessions.json"),
    StoreRow("desk/journal.jsonl"),
    StoreRow("desk/fixity/damaged.json"),
    StoreRow("desk/fixity/<month>.jsonl"),
    StoreRow("desk/backups.json"),
    StoreRow("desk/consents/<show>/<slug>.json"),
    StoreRow("desk/heard/<show>/<slug>.json"),
    StoreRow("desk/pseudonyms/all.json", is_kept=True),
    StoreRow("desk/pseudonyms/<show>/<slug>.json", is_kept=True),
    StoreRow("desk/proposals/queue.json"),
    StoreRow("desk/uploads/<upload>/"),
    StoreRow("history/<act>.json"),
    StoreRow("sealed/<act>/**/<show>/<slug>.<file>"),
    StoreRow("trash/<act>/**/<show>/<slug>.<file>"),
    StoreRow("mirror/**/<show>/<slug>.<file>"),
    StoreRow("inbox/", is_foreign=True),
)

SHOWS = ("media", "transcripts")  # listeners see some of these; the first has the sidecars
PRIVATE = tuple(sorted({each.top for each in STORES} - {"", *SHOWS}))  # listeners see none
FOREIGN = {each.top for each in STORES if each.is_foreign}
BESIDE = tuple(each for each in STORES if not each.top)  # beside the folders
SWEPT = (
    *(f"{each}/*/" for each in SHOWS),
    *(f"{each}/**/" for each in PRIVATE if each not in FOREIGN),
    "inbox/refused/",  # where the archive writes, too
)  # where half files of dead writers are looked for
# derived, but slow to make: moves with its episode
MADE = tuple(f"cache/{each}/<show>" for each in ("waveforms", "chapters", "sense", "hearings"))
# folders whose files have the name of their episode
NAMED = tuple(dict.fromkeys((*(s.folder for s in STORES if "<slug>" in s.path), *MADE)))
TRASHED = (*SHOWS, "cache")  # folders of which something goes to the trash with its episode
IN_PLACE = tuple(each for each in NAMED if "*" not in each)  # renamed with their show
# how many folders stand above the former path of a file
ASIDE = {each.top: each.path.split("/").index("**") for each in STORES if "**" in each.path}


def store_at(path: str) -> StoreRow | None:
    """Give the store of a file by its path; None where an archive has no such file.

    >>> store_at("media/emission/2024-01-16-x.mp3").kind
    'audio'
    >>> store_at("media/../x.mp3"), store_at("/etc/passwd"), store_at("media/emission/x.exe")
    (None, None, None)
    """
    return next((each for each in STORES if each.pattern.fullmatch(path)), None)


def place_of(path: str) -> str:
    """Give the path of a file before it was put aside, or its present one.

    >>> place_of("sealed/20240116/media/a/x.mp3"), place_of("mirror/media/a/x.json")
    ('media/a/x.mp3', 'media/a/x.json')
    """
    return path.split("/", ASIDE.get(path.partition("/")[0], 0))[-1]


def without(path: str, text: str, what: Forgotten) -> str:
    """Give the text of a file without an episode, by its store."""
    store = store_at(place_of(path))
    return store.forget(text, what) if store and store.forget else text


def holds_names(path: str) -> bool:
    """Whether `hidden` replaces names in a file."""
    store = store_at(place_of(path))
    return store is not None and store.hide is not None


def hidden(path: str, text: str, made: Sequence[Pseudonym]) -> str:
    """Give the text of a file with pseudonyms, by its store."""
    store = store_at(place_of(path))
    return store.hide(text, made) if store and store.hide else text


def files(root: Path, keys: Collection[str], *tops: str) -> Iterator[str]:
    """Name all files of some episodes, sidecars first, perhaps in some folders of the root only.
    Those are files with their names up to the first dot, put aside or not; no half files."""
    shows = sorted({key.partition("/")[0] for key in keys})
    sidecars = {paths.sidecar(key) for key in keys}
    for folder in NAMED:
        if tops and folder.partition("/")[0] not in tops:
            continue
        found = [path for show in shows for path in _of_show(root, folder, show, keys)]
        yield from sorted(found, key=lambda path: (path not in sidecars, path))


def files_of_show(root: Path, show: str) -> Iterator[str]:
    """Name all files of a show that go to the trash with it, its own first."""
    folders = (each for each in NAMED if each.partition("/")[0] in TRASHED)
    found = [path for folder in folders for path in _of_show(root, folder, show)]
    yield from sorted(found, key=lambda path: path != paths.show(show))


def walk(root: Path, *tops: str) -> Iterator[str]:
    """Name all regular files beneath some folders of the root, without half files."""
    for path in sorted(path for top in tops for path in (root / top).rglob("*")):
        if is_file(path) and not is_temporary(path.name):
            yield path.relative_to(root).as_posix()


def _of_show(
    root: Path, folder: str, show: str, keys: Collection[str] | None = None
) -> Iterator[str]:
    for place in sorted(root.glob(re.sub(r"<\w+>", "*", folder.replace("<show>", show)))):
        for name in sorted(regular_files(place, lambda name: not is_temporary(name))):
            if keys is None or f"{show}/{stem(name)}" in keys:
                yield f"{place.relative_to(root).as_posix()}/{name}"


def renamed(root: Path, old: str, new: str, *tops: str) -> Iterator[Renaming]:
    """Rename all files of an episode except the sidecar; private ones where the name is free."""
    for path in files(root, [old], *(tops or (each.partition("/")[0] for each in IN_PLACE))):
        place = path_under(path, old, new)
        if path != paths.sidecar(old) and _is_free(root, place):
            yield Renaming(path, place)


def renamed_show(root: Path, old: str, new: str) -> Iterator[Renaming]:
    """Rename the folders of a show; the one with the sidecars comes last."""
    for folder in reversed(IN_PLACE):
        path, place = (folder.replace("<show>", each) for each in (old, new))
        if (root / path).is_dir() and _is_free(root, place):
            yield Renaming(path, place)


def _is_free(root: Path, place: str) -> bool:
    """Whether no private file is there; others are reported as obstacles."""
    return not (place.startswith(PRIVATE) and os.path.lexists(root / place))
