"""Make a copy of a whole archive while it is used: what changed meanwhile is sent again, at last
under the archive's lock. Then it is read back, and older copies go by one rule (`kept`)."""

import contextlib
import logging
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from radio.archive import losses, paths
from radio.archive.archive import Archive
from radio.preservation import copies as copying
from radio.preservation.copies import (
    HASHES,
    Contents,
    Copies,
    Hashes,
    Snapshot,
    Stage,
    contents_of,
    differing,
    parse_hashes,
    render_hashes,
    unseen,
)
from radio.preservation.restic import ResticCopies
from radio.preservation.rsync import REMOTE, RsyncCopies
from radio.system import disk
from radio.system.checksums import Checksums, hash_file
from radio.system.disk import is_file, stamp, write_whole
from radio.system.errors import ArchiveError, LossError, RadioError, ReadOnlyError, warned
from radio.system.messages import _
from radio.system.progress import Progress, silent

PARTS = 30  # copies in which all that they share is read back
PASSES = 3  # without the lock, at most, before the last one
MOST_NAMED = 20  # lost files
BACKENDS = ("sftp:", "rest:", "s3:", "b2:", "azure:", "gs:", "swift:", "rclone:")  # of restic
PASSPHRASE = "RESTIC_PASSWORD_FILE"  # noqa: S105  the name of a variable

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Backup:
    """A copy that was made."""

    copy: Snapshot
    files: int
    size: int  # bytes
    fresh: int  # files that the copy before had not, or not so
    forgotten: tuple[Snapshot, ...]
    faults: tuple[str, ...]  # what a keeper must look at, though the copy was made


def choose(root: Path, place: str = "", program: str = "") -> Copies:
    """Give the copies in a place, by default that of RESTIC_REPOSITORY or RADIO_BACKUP. Without a
    `program`, what is there goes on as it is; else restic makes them where it is installed and has
    its passphrase, and rsync where not. Raises ArchiveError."""
    if not place:
        program = program or ("restic" if "RESTIC_REPOSITORY" in os.environ else "")
        place = os.environ.get("RESTIC_REPOSITORY", "") or os.environ.get("RADIO_BACKUP", "")
    if not place or place.startswith("-"):
        message = _(
            "{place!r} : où copier ? Donnez un dossier, « nom@machine:/dossier », ou RADIO_BACKUP"
        )
        raise ArchiveError(message, place=place)
    if place.startswith(BACKENDS):
        return ResticCopies(place, root)
    is_remote = REMOTE.fullmatch(place)
    if not is_remote:
        place = _here(root, place)
    by_rsync = RsyncCopies(place)
    by_restic = ResticCopies(f"sftp:{place}" if is_remote else place, root)
    return by_restic if (program or _usual(by_rsync, by_restic)) == "restic" else by_rsync


def _here(root: Path, place: str) -> str:
    """Give the path of a folder of this machine that is not the archive's."""
    folder = Path(place).absolute()
    if not folder.is_dir():
        message = _("{place} : pas de dossier ici ; branchez le disque, ou créez le dossier")
        raise ArchiveError(message, place=place)
    is_within = folder.resolve().is_relative_to(root.resolve())
    if is_within and (root / "media").is_dir():
        raise ArchiveError(_("{place} : dans l’archive même ; prenez un autre disque", place=place))
    return str(folder)


def _usual(by_rsync: RsyncCopies, by_restic: ResticCopies) -> str:
    """Choose by what is there, then by what is installed."""
    if all((Path(by_restic.place) / each).exists() for each in ("config", "keys", "snapshots")):
        return "restic"
    if not (os.environ.get(PASSPHRASE) and shutil.which("restic")):
        return "rsync"
    if by_restic.place.startswith("sftp:") and by_restic.is_there():
        return "restic"
    with contextlib.suppress(RadioError):  # no rsync, or no folder there yet
        return "rsync" if by_rsync.every() else "restic"
    return "restic"


def back_up(
    archive: Archive,
    copies: Copies,
    *,
    accept: bool = False,
    parts: int = PARTS,
    keep_all: bool = False,
    stage: Stage = unseen,
) -> Backup:
    """Make a copy, and read it back: what is new in it, and one part of `parts` of the rest. With
    `accept`, what is gone was deleted on purpose. Raises LossError, and what a program refused,
    without a new copy; the older ones stay then."""
    with contextlib.ExitStack() as held:
        with contextlib.suppress(ReadOnlyError):  # of an archive that is only read
            held.enter_context(archive.lock("backup", wait=False))
        every = copies.every()
        last = every[-1] if every else None
        _require_expected(archive, copies, last, accept)
        _require_whole(archive, copies.read(last, losses.INVENTORY) if last else None, accept)
        before = parse_hashes(copies.read(last, HASHES)) if last else {}
        size, hashes, faults = _send(archive, copies, before, last, stage)
        with stage(_("Relecture")) as progress:
            faults += _read_back(archive.root, copies, hashes, before, parts, progress)
        copy, going = copies.keep(), list[Snapshot]()
        if not (faults or keep_all):
            stay = copying.kept({*every, copy})
            going = [each for each in every if each not in stay]
            with warned():  # the new copy is made
                copies.forget(going)
    made = Backup(copy, len(hashes), size, len(_fresh(hashes, before)), tuple(going), tuple(faults))
    with warned():
        when = copy.when.isoformat(timespec="seconds")
        copying.note(archive, copies, made=when, copy=copy.name, files=made.files, size=made.size)
    return made


def missing(archive: Archive, listed: str = "") -> list[str]:
    """Name what a copy would lack: what was here, or is on the list of the last copy, and was not
    deleted by the archive itself."""
    silent_ones = (each for each in archive.episodes() if not is_file(archive.audio_path(each)))
    return [*losses.lost(archive.root, listed), *map(paths.audio, silent_ones)]


def _require_whole(archive: Archive, listed: bytes | None, accept: bool) -> None:
    """Raise LossError if something is gone, unless that is accepted: the newest copy is the one
    that is brought back."""
    known = (listed or b"").decode(errors="replace")
    if not accept and (gone := missing(archive, known)):
        named = "".join(f"\n{each}" for each in gone[:MOST_NAMED])
        message = _(
            "{root} : {number} fichiers étaient là et n’y sont plus, donc aucune copie n’est "
            "faite ; le disque est-il branché ? Restaurez-les d’une copie, ou donnez --yes s’ils "
            "sont effacés exprès :{named}{more}"
        )
        more = "\n…" if len(gone) > MOST_NAMED else ""
        raise LossError(message, root=archive.root, number=len(gone), named=named, more=more)
    with contextlib.suppress(ArchiveError):  # a full disk, or one that is only read, stops no copy
        losses.take_inventory(archive.root, forget=accept)


def _require_expected(
    archive: Archive, copies: Copies, last: Snapshot | None, accept: bool
) -> None:
    """Raise ArchiveError if there are no copies where some were made: the disk may be away."""
    made = ""
    with contextlib.suppress(ArchiveError):  # of a list that can't be read
        made = copying.backups_at(archive.root, copies).made
    if made and not (last or accept):
        message = _(
            "{place} : des copies y étaient, il n’y en a plus ; le disque est-il branché ? Donnez "
            "--yes pour commencer là de nouveau"
        )
        raise LossError(message, place=copies.place)


def _send(
    archive: Archive, copies: Copies, before: Hashes, last: Snapshot | None, stage: Stage
) -> tuple[int, dict[str, str], list[str]]:
    """Send all, then what changed meanwhile; give the bytes and hashes of all, and what can't be
    read."""
    root = archive.root
    with stage(_("Empreintes")) as progress:
        contents, hashes = _measured(root, progress)
    first = hashes
    sizes = {path: state[1] for path, state in contents.files.items()}
    copies.begin(last is None, sum(sizes[each] for each in _fresh(hashes, before)))
    with stage(_("Copie")) as progress:
        for _pass in range(PASSES):
            copies.send(root, [*contents.links, *_without(contents, hashes)], progress)
            sent = contents
            contents, hashes = _measured(root)
            if sent == contents:
                break
        with contextlib.ExitStack() as held:
            with contextlib.suppress(ReadOnlyError):
                held.enter_context(archive.lock())
            contents, hashes = _measured(root)
            absent = _without(contents, hashes)
            out = [*contents.links, *absent, *_write_list(root, hashes)]
            copies.send(root, out, changed=list(_fresh(hashes, first)))
    message = _("{path} : ne peut pas être lu, ou est en train d’être écrit ; pas dans cette copie")
    for each in absent:
        log.warning(_(message, path=root / each))
    bad = [each for each in absent if stamp(root / each) == contents.files[each]]
    return contents.size, hashes, [_(message, path=root / each) for each in bad]


def _write_list(root: Path, hashes: Hashes) -> Sequence[str]:
    """Write the list that goes along; name what can't, where the disk refuses it."""
    try:
        write_whole(root / HASHES, render_hashes(hashes))
    except ArchiveError as error:
        log.warning("%s", error)
        return [HASHES]
    return []


def _measured(root: Path, progress: Progress = silent) -> tuple[Contents, dict[str, str]]:
    """List the files, and read those whose hash is not known."""
    contents, hashes = contents_of(root), dict[str, str]()
    total, done = max(1, contents.size), 0
    files = sorted((path.rpartition("/")[::2], path) for path in contents.files)
    for folder, some in groupby(files, key=lambda each: each[0][0]):
        known = Checksums(root)
        for (_folder, name), path in some:
            hashes[path] = _hash(root, known, folder, name, contents.files[path])
            done += contents.files[path][1]
            progress(done / total)
        with contextlib.suppress(ArchiveError):  # derived
            known.keep()
    return contents, {path: sha256 for path, sha256 in hashes.items() if sha256}


def _hash(root: Path, known: Checksums, folder: str, name: str, state: disk.Stamp) -> str:
    """Give the hash of a file in this state; empty where it can't be read, or changes meanwhile."""
    if not f"{folder}{name}".isprintable() or not folder:
        with contextlib.suppress(ArchiveError):
            return hash_file(root / folder / name)
        return ""
    sums = known.find(folder, name, state) or known.measure(folder, name)
    return sums.sha256 if sums else ""


def _without(contents: Contents, hashes: Hashes) -> list[str]:
    return [path for path in contents.files if path not in hashes]


def _fresh(hashes: Hashes, before: Hashes) -> dict[str, str]:
    """Give what the copy before has not, or not so."""
    return {path: sha256 for path, sha256 in hashes.items() if before.get(path) != sha256}


def _read_back(
    root: Path, copies: Copies, hashes: Hashes, before: Hashes, parts: int, progress: Progress
) -> list[str]:
    """Read the draft again, and send again what is not as it should be; say what is wrong. Raises
    ArchiveError if that does not help."""
    fresh = _fresh(hashes, before)
    old = {each: hashes[each] for each in hashes if each not in fresh}
    wrong = copies.differing(root, fresh, old, parts, progress)
    if not wrong:
        return []
    copies.mend(root, wrong)
    faults = [
        _("{path} : abîmé dans les copies d’avant, sain dans celle-ci", path=each)
        for each in wrong
        if each in old
    ]
    still = copies.differing(root, {each: hashes[each] for each in wrong}, {}, parts, silent)
    for path in still:
        if not differing(root, {path: hashes[path]}):
            message = _("{place} : {path} n’y est pas ce qui fut écrit ; changez ce disque")
            raise ArchiveError(message, place=copies.place, path=path)
        faults.append(_("{path} : a changé pendant la copie, ou est abîmé ici", path=root / path))
    return faults
