"""Optional packages: the extras of `pyproject.toml`, and the commands that install them."""

import importlib.metadata
import importlib.util
import json
import shlex
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

from radio.system.errors import ModelError
from radio.system.messages import _


def is_installed(module: str) -> bool:
    """Whether a module can be imported here; it is not imported."""
    return importlib.util.find_spec(module) is not None


def require(module: str, extra: str) -> None:
    """Raise ModelError, with the command that installs the extra, if its module is missing."""
    if not is_installed(module):
        raise ModelError(
            _("{module} is not installed here; add it: `{extra}`").format(
                module=module, extra=command(extra)
            )
        )


def command(extra: str) -> str:
    """Give the command that adds an extra to this environment, from the same source."""
    return f"{installer()} {shlex.quote(f'{source()}[{extra}]')}"


def installer() -> str:
    """Give the command that installs packages here: pip, or uv where there is no pip."""
    python = shlex.quote(sys.executable)
    if is_installed("pip"):
        return f"{python} -m pip install"
    return f"uv pip install --python {python}"


def source() -> Path:
    """Give the folder of the program's source, or `.` if the environment doesn't say."""
    direct_url = importlib.metadata.distribution("radio-archive").read_text("direct_url.json")
    address = urlsplit(json.loads(direct_url)["url"] if direct_url else "")
    return Path(unquote(address.path) if address.scheme == "file" else ".")
