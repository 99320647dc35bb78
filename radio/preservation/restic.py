"""Copies by restic, in a repository here or elsewhere: each is a snapshot of the archive's folder.
The passphrase is restic's own matter (RESTIC_PASSWORD_FILE)."""

import datetime as dt
import hashlib
import json
import re
import shutil
import tarfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from radio.archive.stores import SHOWS
from radio.preservation.copies import LISTS, SECRET, Hashes, Snapshot, part_of_today
from radio.system.checksums import hash_blocks
from radio.system.disk import blocks
from radio.system.errors import ArchiveError, ProgramError
from radio.system.messages import _
from radio.system.process import program
from radio.system.progress import Progress, silent

DRAFT = "draft"  # the tag of a snapshot that was not read back
NONE = "Is there a repository at"  # what restic says where there is none
FEW = 8  # files that are asked for one by one, which takes a second each
FAILED = 1  # the code where some of it could not be written
PARTIAL = 3


@dataclass
class ResticCopies:
    """Copies in a repository."""

    place: str
    root: Path  # of the archive: its snapshots have this path
    kind: str = "restic"

    def __post_init__(self) -> None:
        self._address = self.place
        self.place = SECRET.sub("//…@", self.place)  # an address may have a password

    def every(self) -> list[Snapshot]:
        """List the copies of this archive, the newest last; none without a repository. From another
        folder, those of the only archive that the repository has."""
        some = [each for each in self._snapshots() if DRAFT not in (each.get("tags") or ())]
        own = [each for each in some if each["paths"] == [str(self.root)]]
        if not own and len({tuple(each["paths"]) for each in some}) > 1:
            message = _("{place} : les copies de plusieurs dossiers ; donnez le sien par --root")
            raise ArchiveError(message, place=self.place)
        self._paths = {each["id"]: each["paths"][0] for each in own or some}
        found = [Snapshot(each["id"], _time(each["time"])) for each in own or some]
        return sorted(found, key=lambda each: each.when)

    def begin(self, is_first: bool, _size: int) -> None:
        """Make the repository where it is the first copy; forget what was cut short."""
        for each in SHOWS:
            if (self.root / each).is_symlink():
                message = _(
                    "{path} : un lien, que restic ne suit pas ; montez ce disque là "
                    "(mount --bind), ou donnez --with rsync"
                )
                raise ArchiveError(message, path=self.root / each)
        if is_first and not self.is_there():
            self._run("init")
        self._run("unlock")  # locks of the dead alone
        self._drop_drafts()

    def send(
        self,
        root: Path,
        left_out: Sequence[str],
        progress: Progress = silent,
        changed: Sequence[str] = (),  # noqa: ARG002  (it looks at more)
    ) -> None:
        """Take a snapshot of what the archive is now, without some files."""
        out = [root / "index", *(root / each for each in left_out)]
        rules = [f"--exclude={_literal(str(each))}" for each in out]
        rules += [f"--exclude={_literal(str(root))}/cache/*", "--exclude=.*.part"]
        rules += [
            f"--exclude=!{_literal(str(root / each))}" for each in LISTS if each not in left_out
        ]
        how = ["backup", "--json", "--tag", DRAFT, *rules]
        self._newest = ""
        with self._restic(*how, str(root), accepted=(0, PARTIAL)) as lines:
            for line in lines:
                told = _told(line)
                progress(told.get("percent_done", 0.0))
                self._newest = told.get("snapshot_id", self._newest)

    def differing(
        self, _root: Path, fresh: Hashes, _old: Hashes, parts: int, progress: Progress
    ) -> list[str]:
        """Read the fresh files, and a part of the whole repository; name the files that differ."""
        copy = Snapshot(self._newest, dt.datetime.now(dt.UTC))
        self._paths[copy.name] = str(self.root)
        some = f"--read-data-subset={part_of_today(parts)}/{parts}"
        self._run("check", some if parts > 1 else "--read-data")
        read = self._each(copy, fresh) if len(fresh) <= FEW else self._tar(copy)
        found = dict[str, str]()
        for path, sha256 in read:
            if path in fresh:
                found[path] = sha256
                progress(len(found) / len(fresh))
        return [path for path in fresh if found.get(path) != fresh[path]]

    def _each(self, copy: Snapshot, paths: Collection[str]) -> Iterator[tuple[str, str]]:
        for path in paths:
            with self._dump(copy, path) as content:
                yield path, hash_blocks(blocks(content))

    def _tar(self, copy: Snapshot) -> Iterator[tuple[str, str]]:
        """Read all files of a copy as they come."""
        above = f"{self._paths[copy.name]}/".lstrip("/")
        how = ("dump", "--archive", "tar", copy.name, self._paths[copy.name])
        with self._restic(*how) as stream, tarfile.open(fileobj=stream, mode="r|") as tar:
            for each in tar:
                if each.isreg() and (content := tar.extractfile(each)):
                    path = each.name.lstrip("/").removeprefix(above)
                    yield path, hashlib.file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type]

    def mend(self, _root: Path, paths: Sequence[str]) -> None:
        """Refuse: what is damaged in a repository is shared by its snapshots."""
        message = _(
            "{place} : {number} fichiers n’y sont pas ce qu’ils devraient être, dont {path} ; "
            "`restic check --read-data` en dit plus, `restic repair packs` en sauve le reste"
        )
        raise ArchiveError(message, place=self.place, number=len(paths), path=paths[0])

    def keep(self) -> Snapshot:
        """Take the tag of a draft from the last snapshot, which gives it another name."""
        self._run("tag", "--remove", DRAFT, self._newest)
        self._drop_drafts()
        return self.every()[-1]

    def _drop_drafts(self) -> None:
        tagged = (each for each in self._snapshots() if DRAFT in (each.get("tags") or ()))
        drafts = [each["id"] for each in tagged if each["paths"] == [str(self.root)]]
        if drafts:
            self._run("forget", *drafts)

    def forget(self, some: Sequence[Snapshot]) -> None:
        """Remove copies, and the data that no other one needs."""
        if some:
            self._run("forget", "--prune", *(each.name for each in some))

    def read(self, copy: Snapshot, path: str) -> bytes | None:
        """Read a small file of a copy; None where it has none."""
        try:
            with self._dump(copy, path) as content:
                return content.read()
        except ProgramError:
            return None

    def restore(
        self,
        copy: Snapshot,
        into: Path,
        paths: Collection[str] = (),
        progress: Progress = silent,
    ) -> None:
        """Write some files of a copy, or all, beneath a folder; what can't be read is left out."""
        whole, above = into / ".whole.part", self._paths[copy.name]
        wanted = [f"--include={_literal(f'{above}/{each}')}" for each in paths]
        how = ("restore", "--json", copy.name, "--target", str(whole), *wanted)
        with self._restic(*how, accepted=(0, FAILED)) as lines:
            for line in lines:
                progress(_told(line).get("percent_done", 0.0))
        for each in (whole / above.lstrip("/")).glob("*"):
            each.rename(into / each.name)
        shutil.rmtree(whole, ignore_errors=True)

    def is_there(self) -> bool:
        """Whether there is a repository. Raises ProgramError where that can't be told."""
        try:
            self._run("cat", "config")
        except ProgramError as error:
            if NONE not in str(error):
                raise
            return False
        return True

    def _snapshots(self) -> list[Mapping[str, Any]]:
        try:
            with self._restic("snapshots", "--json") as lines:
                told = lines.read()
        except ProgramError as error:
            if NONE not in str(error):
                raise
            return []
        return json.loads(told) or []

    def _dump(self, copy: Snapshot, path: str) -> AbstractContextManager[IO[bytes]]:
        return self._restic("dump", copy.name, f"{self._paths[copy.name]}/{path}")

    def _run(self, *words: str, accepted: Collection[int] = (0,)) -> None:
        with self._restic(*words, accepted=accepted):
            pass

    def _restic(
        self, *words: str, accepted: Collection[int] = (0,)
    ) -> AbstractContextManager[IO[bytes]]:
        return program(
            "restic",
            *words,
            accepted=accepted,
            RESTIC_REPOSITORY=self._address,
        )


def _told(line: bytes) -> Mapping[str, Any]:
    """Read a line that restic prints for programs."""
    told: Mapping[str, Any] = json.loads(line) if line.startswith(b"{") else {}
    return told


def _time(text: str) -> dt.datetime:
    """Read a time that may have nanoseconds."""
    return dt.datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text)).astimezone(dt.UTC)


def _literal(path: str) -> str:
    return re.sub(r"[*?[\\]", r"\\\g<0>", path)
