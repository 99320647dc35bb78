"""The stores of an archive: a row for each place where truth lies, and loops over them.

Whoever copies, renames, deletes, forgets or replaces a name loops over the rows. So do the tests:
a new store is a new row. What is derived lies in `index/` and `cache/` alone (`derived.cache`).
"""

import os
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from radio.archive import apart, follows, gone, paths, themes
from radio.archive.changes import Renaming
from radio.archive.episode import MIME, PICTURES
from radio.archive.gone import Forgotten
from radio.archive.paths import path_under, stem
from radio.archive.pseudonyms import Pseudonym, hide_in_json
from radio.archive.slugs import SLUG
from radio.system.disk import is_file, is_temporary, regular_files

Kind = Literal[
    "show", "audio", "picture", "transcript", "evidence", "translation", "sidecar", "site", "logo"
]
"""What a file is to listeners, who may have it."""
PICTURE = rf"[^/.][^/]*\.(?:{'|'.join(each[1:] for each in PICTURES)})"
PARTS = {
    "show": SLUG.pattern,
    "slug": rf"(?!show\.){SLUG.pattern}",
    "number": r"\d+",
    "audio": f"(?i:{'|'.join(each[1:] for each in MIME)})",
    "picture": PICTURE,
    "logo": PICTURE,
}
"""How the words in angle brackets are written that stand in the path of a store; others anyhow."""


@dataclass(frozen=True)
class StoreRow:
    """A place where truth lies.

    In its path `<show>` and `<slug>` stand for the names of a show and an episode, other words in
    angle brackets for any name, and `**` for the folders that a file had before it was put there.
    """

    path: str  # beneath the root
    kind: Kind | None = None  # as which listeners may have it (`holdings`); None: nobody has it
    is_kept: bool = False  # in the bag of a keeper, though listeners have nothing of it
    is_foreign: bool = False  # others write there
    parse: Callable[[bytes, object], object] | None = None
    """Reads a file beside the shows; raises ArchiveError naming it where it can't be read."""
    forget: Callable[[str, Forgotten], str] | None = None
    """Gives the text of such a file without an episode that it may name."""
    hide: Callable[[str, Sequence[Pseudonym]], str] | None = None
    """Gives the text of a file with pseudonyms in place of names."""

    @property
    def folder(self) -> str:
        """The folder that it lies in, or that it is; "" for the root itself."""
        return self.path.rpartition("/")[0]

    @property
    def top(self) -> str:
        """The folder of the root that it lies in; "" for what lies beside the shows."""
        return self.path.partition("/")[0] if "/" in self.path else ""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What the path of a file of it is like; of what was put aside, that of no file."""
        words = re.escape(self.path) + (".*" if self.path.endswith("/") else "")
        return re.compile(re.sub(r"<(\w+)>", lambda each: PARTS.get(each[1], "[^/]+"), words))

    @property
    def is_bagged(self) -> bool:
        """Whether the bag of a keeper has it."""
        return self.is_kept or self.kind is not None


STORES = (  # the more special first: a file belongs to the first one that fits
    StoreRow("site.json", "site"),
    StoreRow("gone.json", is_kept=True, parse=gone.parse, forget=gone.forget, hide=gone.hide),
    StoreRow("themes.json", is_kept=True, parse=themes.THEMES.parse, hide=hide_in_json),
    StoreRow("twins.json", is_kept=True, parse=apart.APART.parse, forget=apart.forget),
    StoreRow("follows.json", is_kept=True, parse=follows.FOLLOWS.parse),
    StoreRow("mirror.json", is_kept=True),
    StoreRow("<logo>", "logo"),
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
    StoreRow("desk/consents/<show>/<slug>.json"),
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

SHOWS = ("media", "transcripts")
"""The folders of the root that listeners are given something of; the first has the sidecars."""
PRIVATE = tuple(sorted({each.top for each in STORES} - {"", *SHOWS}))
"""The folders of the root that listeners are given nothing of."""
FOREIGN = {each.top for each in STORES if each.is_foreign}
BESIDE = tuple(each for each in STORES if not each.top)
"""What lies beside the folders of the root."""
SWEPT = (
    *(f"{each}/*/" for each in SHOWS),
    *(f"{each}/**/" for each in PRIVATE if each not in FOREIGN),
)
"""Where half files of dead writers are looked for."""
MADE = tuple(f"cache/{each}/<show>" for each in ("waveforms", "chapters", "sense", "hearings"))
"""What is derived and takes long to make again, so that it goes along with its episode."""
NAMED = tuple(dict.fromkeys((*(s.folder for s in STORES if "<slug>" in s.path), *MADE)))
"""The folders in which files have the name of their episode."""
TRASHED = (*SHOWS, "cache")
"""The folders of the root of which something goes into the trash with its episode."""
IN_PLACE = tuple(each for each in NAMED if "*" not in each)
"""Those that get another name with their show; what was put aside keeps the names that it had."""
ASIDE = {each.top: each.path.split("/").index("**") for each in STORES if "**" in each.path}
"""Where files lie under the paths that they had before, each with how many folders are above."""


def store_at(path: str) -> StoreRow | None:
    """Give the store that a file belongs to by its path; None where an archive has no such file.

    >>> store_at("media/emission/2024-01-16-x.mp3").kind
    'audio'
    >>> store_at("media/../x.mp3"), store_at("/etc/passwd"), store_at("media/emission/x.exe")
    (None, None, None)
    """
    return next((each for each in STORES if each.pattern.fullmatch(path)), None)


def place_of(path: str) -> str:
    """Tell where a file lay before it was put aside; where it lies if it was not.

    >>> place_of("sealed/20240116/media/a/x.mp3"), place_of("mirror/media/a/x.json")
    ('media/a/x.mp3', 'media/a/x.json')
    """
    return path.split("/", ASIDE.get(path.partition("/")[0], 0))[-1]


def without(path: str, text: str, what: Forgotten) -> str:
    """Give the text of a file without an episode; as it is where its store has no such list.

    Raises ArchiveError if it can't be read.
    """
    store = store_at(place_of(path))
    return store.forget(text, what) if store and store.forget else text


def holds_names(path: str) -> bool:
    """Whether `hidden` replaces names in a file."""
    store = store_at(place_of(path))
    return store is not None and store.hide is not None


def hidden(path: str, text: str, made: Sequence[Pseudonym]) -> str:
    """Give the text of a file with pseudonyms; as it is where its store keeps names whole."""
    store = store_at(place_of(path))
    return store.hide(text, made) if store and store.hide else text


def files(root: Path, keys: Collection[str], *tops: str) -> Iterator[str]:
    """Name all files of some episodes: those of their names, up to the first dot.

    Those in some folders of the root where told, else in all; what was put aside is theirs too.
    Sidecars go first, half files that somebody writes are left out.
    """
    shows = sorted({key.partition("/")[0] for key in keys})
    sidecars = {paths.sidecar(key) for key in keys}
    for folder in NAMED:
        if tops and folder.partition("/")[0] not in tops:
            continue
        found = [path for show in shows for path in _of_show(root, folder, show, keys)]
        yield from sorted(found, key=lambda path: (path not in sidecars, path))


def files_of_show(root: Path, show: str) -> Iterator[str]:
    """Name all files of a show and its episodes that go into the trash with it, its own first."""
    folders = (each for each in NAMED if each.partition("/")[0] in TRASHED)
    found = [path for folder in folders for path in _of_show(root, folder, show)]
    yield from sorted(found, key=lambda path: path != paths.show(show))


def walk(root: Path, *tops: str) -> Iterator[str]:
    """Name all regular files beneath some folders of the root, half files left out."""
    for path in sorted(path for top in tops for path in (root / top).rglob("*")):
        if is_file(path) and not is_temporary(path.name):
            yield path.relative_to(root).as_posix()


def _of_show(
    root: Path, folder: str, show: str, keys: Collection[str] | None = None
) -> Iterator[str]:
    """Name the files of a show in a folder of the table, those of some keys where told."""

    for place in sorted(root.glob(re.sub(r"<\w+>", "*", folder.replace("<show>", show)))):
        for name in sorted(regular_files(place, lambda name: not is_temporary(name))):
            if keys is None or f"{show}/{stem(name)}" in keys:
                yield f"{place.relative_to(root).as_posix()}/{name}"


def renamed(root: Path, old: str, new: str, *tops: str) -> Iterator[Renaming]:
    """Give all files of an episode the names of another key, but for the sidecar.

    What keepers alone know of it goes along where nothing has its name: another episode may get
    this one's key one day.
    """
    for path in files(root, [old], *(tops or (each.partition("/")[0] for each in IN_PLACE))):
        place = path_under(path, old, new)
        if path != paths.sidecar(old) and _is_free(root, place):
            yield Renaming(path, place)


def renamed_show(root: Path, old: str, new: str) -> Iterator[Renaming]:
    """Give the folders of a show another name; the one with the sidecars comes last."""
    for folder in reversed(IN_PLACE):
        path, place = (folder.replace("<show>", each) for each in (old, new))
        if (root / path).is_dir() and _is_free(root, place):
            yield Renaming(path, place)


def _is_free(root: Path, place: str) -> bool:
    """Whether nothing private lies at a place; what lies at another is told as an obstacle."""
    return not (place.startswith(PRIVATE) and os.path.lexists(root / place))
