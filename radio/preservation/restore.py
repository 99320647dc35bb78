"""Bring a copy back into an empty folder, with every hash compared; and the fire drill, which does
it aside, looks whether that is an archive to use, and removes it."""

import contextlib
import datetime as dt
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from radio.archive import losses
from radio.archive.archive import Archive
from radio.archive.check import check
from radio.archive.paths import key_of
from radio.archive.stores import IN_PLACE
from radio.preservation.copies import (
    HASHES,
    Copies,
    Snapshot,
    Stage,
    contents_of,
    differing,
    note,
    parse_hashes,
    unseen,
)
from radio.sound.probing import probe
from radio.system import disk
from radio.system.disk import explained, give_name, is_file, require_room
from radio.system.errors import ArchiveError, RadioError
from radio.system.messages import _

PART = ".restore.part"  # until it is whole
ASIDE = "/var/tmp"  # noqa: S108  where drills restore, but for TMPDIR: in memory there is no room

Find = Callable[[Archive, str], bool]  # whether a search for a word finds anything


@dataclass(frozen=True)
class Restored:
    """What was brought back."""

    copy: Snapshot
    files: int
    has_list: bool  # of hashes, so that what it lacks is known
    damaged: Sequence[str]  # files that are not what they were, in any copy
    mended: Mapping[str, str]  # those that are, in an older copy: its name
    lacking: Mapping[str, str]  # what the archive had lost then: an older copy that has it, or ""


@dataclass(frozen=True)
class Drill:
    """A copy that was tried."""

    copy: Snapshot
    files: int
    minutes: float
    word: str  # that was searched for, if there was a text
    heard: str  # the episode that was played, if there was one
    faults: Sequence[str]


def restore(copies: Copies, into: Path, name: str = "", stage: Stage = unseen) -> Restored:
    """Bring a copy back, the newest without a name; a damaged file is taken from an older copy that
    has it whole. Raises ArchiveError, and what a program refused."""
    every = copies.every()
    copy = _chosen(every, copies.place, name)
    older = [each for each in reversed(every) if each.when < copy.when]
    with _part(into) as part:
        with stage(_("Copie")) as progress:
            copies.restore(copy, part, progress=progress)
        if not (part / "media").is_dir():
            message = _(
                "{place} : {copy} n’est pas une archive ; `--list` dit quelles copies y sont"
            )
            raise ArchiveError(message, place=copies.place, copy=copy.name)
        has_list = is_file(part / HASHES)
        hashes = parse_hashes(_read(part / HASHES)) if has_list else {}
        with stage(_("Relecture")) as progress:
            wrong = differing(part, hashes, progress)
        mended = {path: _mend(copies, older, part, path, hashes[path]) for path in wrong}
        for each in sorted(part.iterdir()):
            each.rename(into / each.name)
    lost = losses.lost(into)
    return Restored(
        copy,
        len(hashes),
        has_list,
        [path for path in wrong if not mended[path]],
        {path: found for path, found in mended.items() if found},
        {path: _find(copies, older, path) for path in lost},
    )


def restore_some(
    archive: Archive, copies: Copies, which: str, name: str = ""
) -> tuple[list[str], list[str]]:
    """Bring an episode or a file back where it is missing; name what was, and what is here in
    another form and stays. Raises ArchiveError if the copy has no such thing, or not whole."""
    copy = _chosen(copies.every(), copies.place, name)
    hashes = parse_hashes(copies.read(copy, HASHES))
    wanted = [path for path in hashes if path == which or _is_of(path, which)]
    if not wanted:
        message = _("{which} : pas dans la copie {copy} ; `--list` dit lesquelles il y a")
        raise ArchiveError(message, which=which, copy=copy.name)
    absent = [path for path in wanted if not os.path.lexists(archive.root / path)]
    others = [path for path in wanted if path not in absent]
    stay = differing(archive.root, {each: hashes[each] for each in others})
    if absent:
        with _part(archive.root, is_empty=False) as part, archive.lock():
            copies.restore(copy, part, absent)
            if wrong := differing(part, {each: hashes[each] for each in absent}):
                message = _("{which} : abîmé dans la copie {copy} ; donnez-en une autre (--copy)")
                raise ArchiveError(message, which=wrong[0], copy=copy.name)
            for path in sorted(absent, key=_sidecars_last):
                give_name(part / path, archive.root / path)
    return absent, stay


def drill(archive: Archive, copies: Copies, find: Find, stage: Stage = unseen) -> Drill:
    """Try the newest copy: restore it aside, compare every hash, open it, search a word, decode a
    recording. What that showed is noted. Raises what `restore` does."""
    begun, size = time.monotonic(), contents_of(archive.root).size
    aside = os.environ.get("TMPDIR", ASIDE)
    with tempfile.TemporaryDirectory(prefix="radio-drill-", dir=aside) as folder:
        message = _(
            "{aside} : {free:.1f} Go libres, {size:.1f} Go à reprendre ; donnez un dossier plus "
            "grand par TMPDIR"
        )
        require_room(
            Path(folder),
            size,
            lambda free: _(message, aside=aside, free=free / 1e9, size=size / 1e9),
        )
        try:
            done = restore(copies, Path(folder) / "archive", stage=stage)
            faults, word, heard = _try(Archive(Path(folder) / "archive"), done, find, stage)
        except RadioError:
            note(archive, copies, tried=_now(), faults=1)
            raise
    minutes = (time.monotonic() - begun) / 60
    note(archive, copies, tried=_now(), minutes=round(minutes, 2), faults=len(faults))
    return Drill(done.copy, done.files, minutes, word, heard, faults)


def _try(archive: Archive, done: Restored, find: Find, stage: Stage) -> tuple[list[str], str, str]:
    """Use a restored archive; say what is wrong, which word was found and which episode heard."""
    damaged = _("{path} : abîmé dans cette copie")
    faults = [_(damaged, path=path) for path in (*done.damaged, *done.mended)]
    with stage(_("Vérification")) as progress:
        found = list(check(archive.require(), progress))
    faults += [f"{each.path.relative_to(archive.root)}: {each.detail}" for each in found]
    if (word := _word(archive)) and not find(archive, word):
        faults.append(_("« {word} » est écrit, et ne se trouve pas", word=word))
    heard = ""
    for episode in archive.episodes()[:1]:
        heard = episode.key
        try:
            probe(archive.audio_path(episode))
        except RadioError as error:
            faults.append(str(error))
    return faults, word, heard


def _word(archive: Archive) -> str:
    """Give a word that is in a text: its longest; empty without a text."""
    now = dt.datetime.now()
    for episode in archive.episodes():
        if episode.is_public(now) and (transcript := archive.transcript(episode.key)):
            words = (word for cue in transcript.cues for word in cue.text.split())
            if longest := max(filter(str.isalpha, words), key=len, default=""):
                return longest
    return ""


def _mend(copies: Copies, older: Sequence[Snapshot], part: Path, path: str, sha256: str) -> str:
    """Take a damaged file from an older copy that has it whole; name that copy."""
    for copy in older:
        with tempfile.TemporaryDirectory(dir=part, prefix=".", suffix=".part") as folder:
            copies.restore(copy, Path(folder), [path])
            if not differing(Path(folder), {path: sha256}):
                with explained(part / path):
                    (part / path).parent.mkdir(parents=True, exist_ok=True)
                    (Path(folder) / path).replace(part / path)
                return copy.name
    return ""


def _find(copies: Copies, older: Sequence[Snapshot], path: str) -> str:
    """Name an older copy that has a file."""
    return next((each.name for each in older if copies.read(each, path) is not None), "")


def _chosen(every: Sequence[Snapshot], place: str, name: str) -> Snapshot:
    found = [each for each in every if each.name == name or (name and each.name.startswith(name))]
    if not (every if not name else found):
        message = _("{place} : pas de copie là ; `radio restore {place} --list` les liste")
        raise ArchiveError(message, place=place)
    return found[-1] if name else every[-1]


@contextlib.contextmanager
def _part(into: Path, *, is_empty: bool = True) -> Iterator[Path]:
    """Give a folder beneath another, which may have to be new, until all is there."""
    part = into / PART
    with explained(into):
        into.mkdir(parents=True, exist_ok=True)
        if is_empty and any(each != part for each in into.iterdir()):
            raise ArchiveError(
                _("{folder} : pas vide ; donnez un dossier nouveau ou vide", folder=into)
            )
        shutil.rmtree(part, ignore_errors=True)  # of one that was cut short
        part.mkdir(mode=0o700)
        try:
            yield part
        finally:
            shutil.rmtree(part, ignore_errors=True)


def _is_of(path: str, key: str) -> bool:
    """Whether a file is an episode's, and not put aside."""
    return (
        path.startswith(tuple(f"{each.partition('/')[0]}/" for each in IN_PLACE))
        and key_of(path) == key
    )


def _sidecars_last(path: str) -> tuple[bool, str]:
    return path.startswith("media/") and path.endswith(".json"), path


def _read(path: Path) -> bytes:
    return disk.read_bytes(path, 1 << 30)


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
