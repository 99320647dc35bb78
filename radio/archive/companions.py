"""What is beside sound and texts: sealed originals, trash, private folder, lists. None of it can be
made again. Sidecars, history and journal tell what was put there, so what is missing shows."""

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Literal

from radio.archive import gone, history, imprint, journal, pseudonyms, removal
from radio.archive.acts import is_copy
from radio.archive.archive import Archive
from radio.archive.changes import DERIVED, TRASH
from radio.archive.episode import LARGEST_SIDECAR, Episode, read_episode
from radio.archive.keys import names_of, pseudonyms_of
from radio.archive.losses import listed
from radio.archive.removal import SEALED
from radio.archive.slugs import SLUG
from radio.archive.stores import BESIDE
from radio.system import records
from radio.system.disk import read_bytes
from radio.system.errors import ArchiveError
from radio.system.messages import _

# what is wrong, where, and what to do
Fault = tuple[Literal["missing", "unreadable"], Path, str]

LET_GO = "check"  # of an episode, in the journal: a keeper knows that something of it is gone
PLAIN = ("mirror.json", "desk/**/*.json", "history/*.json", "history/.*.json")  # JSON objects


@dataclass(frozen=True)
class _Object:
    extra: dict[str, Any] = field(default_factory=dict)


def faults(archive: Archive) -> Iterator[Fault]:
    """Find what is missing or unreadable beside sound and texts."""
    yield from _find_unreadable(archive.root)
    for path in (*_sidecars(archive.root, SEALED), *_sidecars(archive.root, TRASH)):
        yield from _check_aside(archive.root, path)
    yield from _find_absent(archive.root)
    message = _(
        "un passage a été retiré de {keys} ; aucun original n’est ici, et aucun journal ne dit "
        "qu’il a été détruit ; restaurez `sealed/` et `desk/` d’une copie entière, ou donnez --yes"
    )
    if keys := _without_seal(archive):
        yield "missing", archive.root / SEALED, _(message, keys=listed(keys))
    message = _(
        "un nom a été remplacé dans {keys}, et ce qui le retrouve dans les textes à venir n’est "
        "pas ici ; restaurez `desk/` d’une copie entière, remplacez-le de nouveau, ou donnez --yes"
    )
    if keys := _without_pseudonym(archive):
        yield "missing", archive.root / pseudonyms.FOLDER, _(message, keys=listed(keys))


def let_go(archive: Archive) -> None:
    """Note in the journal which episodes do without an original or a pseudonym."""
    for key in dict.fromkeys((*_without_seal(archive), *_without_pseudonym(archive))):
        journal.note(archive.root, LET_GO, key=key)


def _find_unreadable(root: Path) -> Iterator[Fault]:
    for fault in imprint.faults(root):
        yield "unreadable", root / imprint.FILE, fault
    plain = sorted(path for pattern in PLAIN for path in root.glob(pattern))
    parsers: list[tuple[Path, Callable[[bytes, object], object]]] = [
        *((root / each.path, each.parse) for each in BESIDE if each.parse),
        (root / journal.FOLDER / journal.FILE, lambda *_: journal.entries(root)),
        *((path, partial(records.read, _Object)) for path in plain),
    ]
    for path, parse in parsers:
        try:
            if os.path.lexists(path):
                parse(read_bytes(path, removal.LARGEST), path)
        except ArchiveError as error:
            yield "unreadable", path, str(error)


def _check_aside(root: Path, path: Path) -> Iterator[Fault]:
    """Look for the recording of a sealed or trashed sidecar."""
    try:
        sound = path.with_name(_read(path).audio.file)
        if not os.path.lexists(sound) and path.relative_to(root).parts[0] == SEALED:
            remedy = _("`radio protect unseal` en a besoin ; restaurez-le d’une copie")
            yield "missing", sound, remedy
    except ArchiveError as error:
        yield "unreadable", path, str(error)


def _find_absent(root: Path) -> Iterator[Fault]:
    acts = [each for each in history.acts(root) if each.state != "undone"]
    remedy = _("`radio undo` en a besoin ; restaurez-le d’une copie, ou videz la corbeille")
    for act in acts:
        if act.state != "done" or act.what == "cover":  # pictures of before go with any other
            continue
        for each in act.renamings:
            is_aside = each.new.startswith(f"{TRASH}/") and not each.old.startswith(DERIVED)
            if is_aside and not os.path.lexists(root / each.new):
                yield "missing", root / each.new, remedy
    noted = any(each.path == gone.FILE and each.after for act in acts for each in act.rewritings)
    if noted and not os.path.lexists(root / gone.FILE):
        remedy = _("il empêche de reprendre ce qui a été supprimé ; restaurez-le d’une copie")
        yield "missing", root / gone.FILE, remedy


def _without_seal(archive: Archive) -> list[str]:
    """Name the episodes that lack a passage of which nothing is sealed, nor noted as gone."""
    sealed = set[str]()
    for path in _sidecars(archive.root, SEALED):
        with contextlib.suppress(ArchiveError):  # which has its own line
            sealed.add(_read(path).audio.sha256)
    redacted = (each for each in archive.episodes() if each.redactions)
    bare = [each for each in redacted if sealed.isdisjoint(each.audio.formerly)]
    return _unexplained(archive, bare, "redact")


def _without_pseudonym(archive: Archive) -> list[str]:
    bare = list[Episode]()
    for each in archive.episodes():
        if each.protection.pseudonyms:
            with contextlib.suppress(ArchiveError):  # which has its own line
                if not pseudonyms_of(archive, each):
                    bare.append(each)
    return _unexplained(archive, bare, "pseudonym")


def _unexplained(archive: Archive, some: Sequence[Episode], what: str) -> list[str]:
    """Name those that the journal does not explain; none in a copy, which gets nothing private."""
    if not some or is_copy(archive):
        return []
    entries = list[journal.Entry]()
    with contextlib.suppress(ArchiveError):  # which has its own line
        entries = journal.entries(archive.root)
    last = {each.key: each for each in reversed(entries) if each.what in (what, LET_GO)}
    explained = {a for a, b in last.items() if b.what == LET_GO or b.facts.get("fate") == "destroy"}
    return [each.key for each in some if explained.isdisjoint(names_of(archive, each))]


def _sidecars(root: Path, part: str) -> Iterator[Path]:
    for path in sorted((root / part).rglob("media/*/[!.]*.json")):
        if path.name != "show.json" and SLUG.fullmatch(path.stem):
            yield path


def _read(path: Path) -> Episode:
    return read_episode(path.parent.name, path.stem, read_bytes(path, LARGEST_SIDECAR), path)
