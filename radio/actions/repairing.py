"""Repair: damaged and missing files come back from a copy, where the hash fits, never guessed. A
copy is a folder that holds an archive, or many, as a backup has a folder for each day; a bag; or a
site. What was damaged goes to the trash. One act, which `radio undo` takes back."""

import contextlib
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

from radio.archive import Archive, fixity_log, history, journal, removal
from radio.archive.acts import require_idle, to_trash
from radio.archive.check import Finding
from radio.archive.facts import Facts
from radio.archive.fixity import FixityReader
from radio.archive.fixity_log import GROWING
from radio.archive.history import Act
from radio.archive.paths import key_of
from radio.archive.removal import Removal
from radio.archive.stores import SHOWS, place_of
from radio.bags.bagit import PAYLOAD
from radio.bags.containers import is_bag, opened
from radio.mirror.client import Original, read_address
from radio.system.checksums import hash_blocks, hash_file
from radio.system.disk import discard, explained, is_file, is_folder, open_file, stamp, temporary
from radio.system.errors import ArchiveError, NotFoundError, RadioError
from radio.system.messages import _
from radio.system.progress import Progress, silent

OTHER = _("n’y est pas, ou n’y est pas tel qu’il était")


@dataclass(frozen=True)
class CopySource:
    """A copy from which files are taken."""

    name: str
    give: Callable[[str, str, Path], object]  # path and sha256 -> a file; raises RadioError


@dataclass(frozen=True)
class Repair:
    """What became of a file."""

    path: str
    source: str = ""  # of its good bytes; "" where none has them
    tried: tuple[str, ...] = ()  # what each source said


def open_sources(
    archive: Archive, place: str, held: contextlib.ExitStack, progress: Progress = silent
) -> list[CopySource]:
    """Open a folder, a bag or a site; of a backup the newest day first. Raises RadioError."""
    if "://" in place:
        original = Original(read_address(place))
        held.callback(original.close)
        return [_site(archive, original, progress)]
    path = Path(place)
    if is_bag(path):
        parcel = held.enter_context(opened(path))

        def give(name: str, _sha256: str, part: Path) -> None:
            if PAYLOAD + name not in parcel.sizes:
                raise ArchiveError(OTHER)
            with part.open("wb") as file:
                file.writelines(parcel.blocks(PAYLOAD + name))

        return [CopySource(place, give)]
    days = sorted(path.iterdir(), reverse=True) if is_folder(path) else []
    roots = [each for each in (path, *days) if (each / "media").is_dir()]
    if not roots:
        message = _("{place} : ni copie d’archive, ni sac, ni adresse d’un site ; donnez-en une")
        raise ArchiveError(message, place=place)
    return [_folder(each) for each in roots]


def _folder(root: Path) -> CopySource:
    def give(path: str, _sha256: str, part: Path) -> None:
        if not is_file(root / path):
            raise ArchiveError(OTHER)
        with open_file(root / path) as there, explained(part), part.open("wb") as file:
            shutil.copyfileobj(there, file)

    return CopySource(str(root), give)


def _site(archive: Archive, original: Original, progress: Progress) -> CopySource:
    offer = original.read_offer()

    def give(path: str, sha256: str, part: Path) -> None:
        entry = offer.entries.get(path)
        if entry is None or entry.sha256 != sha256:
            raise ArchiveError(OTHER)
        fetched = archive.cache / "mirror" / f"{sha256}.repair"
        with explained(fetched):
            fetched.parent.mkdir(parents=True, exist_ok=True)
            original.fetch(entry, fetched, progress)
            shutil.copyfile(fetched, part)
        discard(fetched)

    return CopySource(original.url, give)


def to_repair(archive: Archive, findings: Iterable[Finding]) -> dict[str, str]:
    """Name what is damaged or missing, each with the hash that it should have; "" if unknown."""
    reader = FixityReader(archive)
    bad = (each.path for each in findings if each.kind in ("missing", "damaged", "unreadable"))
    paths = {path.relative_to(archive.root).as_posix() for path in bad if not is_folder(path)}
    every = sorted(paths | {*fixity_log.damaged(archive.root)})
    return {path: reader.expected(path) for path in every}


def repair(
    archive: Archive, wanted: Mapping[str, str], sources: Sequence[CopySource], who: str = ""
) -> list[Repair]:
    """Take files from the first source that has the bytes of their hash; say what became of each.
    Raises BusyError while one is transcribed, ArchiveError if the disk refuses."""
    root, known = archive.root, fixity_log.read_log(archive.root).known
    found, parts, seen = list[Repair](), dict[str, Path](), {p: stamp(root / p) for p in wanted}
    with contextlib.ExitStack() as held:
        for path, sha256 in wanted.items():
            part = temporary(root / path)
            with explained(part):
                part.parent.mkdir(parents=True, exist_ok=True)
            held.enter_context(removal.making(root, part))
            size = known[path].stamp[1] if path.endswith(GROWING) and path in known else None
            found.append(_try_each(root, path, sha256, part, sources, size))
            if found[-1].source:
                parts[path] = part
        with archive.lock():
            same = {path: part for path, part in parts.items() if stamp(root / path) == seen[path]}
            if same:
                _put_in_place(archive, same, [each for each in found if each.source], who)
    reader = FixityReader(archive)
    reader.keep(filter(None, map(reader.read, same)))
    changed = (_("a changé entre-temps ; réessayez"),)
    return [
        replace(e, source="", tried=changed) if e.path in {*parts} - {*same} else e for e in found
    ]


def _try_each(
    root: Path, path: str, sha256: str, part: Path, sources: Sequence[CopySource], size: int | None
) -> Repair:
    tried = list[str]()
    if not sha256:
        return Repair(path, tried=(_("personne ne sait quelle empreinte il devrait avoir"),))
    for source, name in product(sources, dict.fromkeys((path, place_of(path)))):
        try:
            source.give(name, sha256, part)
            if size is not None:
                with explained(part):
                    _grow(part, root / path, size)
            if _begins(part, size) != sha256:
                raise ArchiveError(OTHER)
            with explained(part):
                part.chmod(
                    (root / path).stat().st_mode & 0o777 if is_file(root / path) else _mode(path)
                )
        except RadioError as error:
            tried.append(f"{source.name}: {error}" if name == path else f"… {name}: {error}")
        else:
            return Repair(path, source.name, tuple(tried))
    return Repair(path, tried=tuple(tried))


def _mode(path: str) -> int:
    return 0o644 if path.startswith(SHOWS) or "/" not in path else 0o600


def _grow(part: Path, damaged: Path, size: int) -> None:
    """Put what came since behind the known beginning of a file that only grows."""
    with part.open("r+b") as file:
        file.truncate(size)
        if is_file(damaged):
            with damaged.open("rb") as there:
                there.seek(size)
                file.seek(0, 2)
                shutil.copyfileobj(there, file)


def _begins(path: Path, size: int | None) -> str:
    """Hash a file, or so many bytes at its beginning."""
    if size is None:
        return hash_file(path)
    with open_file(path) as file:
        return hash_blocks([file.read(size) or b""])


def _put_in_place(
    archive: Archive, parts: Mapping[str, Path], repairs: Sequence[Repair], who: str
) -> None:
    root = archive.root
    keys = tuple(dict.fromkeys(key_of(path) for path in parts if path.startswith(SHOWS)))
    require_idle(archive, [*keys])
    trashed = to_trash("repair", (path for path in parts if is_file(root / path)))
    facts: Facts = {
        "file": ", ".join(dict.fromkeys(each.source for each in repairs)),
        "number": len(parts),
    }
    act = history.named(root, Act("repair", keys, facts, trashed, who=who))
    made = {part.relative_to(root).as_posix(): path for path, part in parts.items()}
    aside = {each.old: each.new for each in trashed}
    removal.perform(root, Removal(aside, made, dict([history.record(act)])))
    for key in keys or ("",):
        journal.note(root, "repair", key=key, facts=facts, who=who)


def unrepair(archive: Archive, act: Act) -> Act:
    """Put back what was damaged, and the good file in the trash. Raises NotFoundError if a file
    left the trash."""
    root, undone = archive.root, replace(act, state="undone")
    with archive.lock():
        require_idle(archive, [*act.keys])
        if any(not is_file(root / each.new) for each in act.renamings):
            message = _("{told} : n’est plus dans la corbeille", told=act.line)
            raise NotFoundError(message)
        made = {each.new: each.old for each in act.renamings}
        aside = {each.old: each.new for each in to_trash("repair", made.values())}
        removal.perform(root, Removal(aside, made, dict([history.record(undone)])))
    reader = FixityReader(archive)
    reader.keep(filter(None, map(reader.read, made.values())))
    return undone
