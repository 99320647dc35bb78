"""What may be installed beside the program: the extras of `pyproject.toml`, and how to add one."""

import importlib.metadata
import importlib.util
import json
import shlex
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

from radio.errors import ModelError
from radio.messages import _


def is_installed(module: str) -> bool:
    """Whether a module can be imported here; it is not imported."""
    return importlib.util.find_spec(module) is not None


def require(module: str, extra: str) -> None:
    """Raise ModelError, with the command that adds the extra, where its module is not installed."""
    if not is_installed(module):
        raise ModelError(
            _("{module} is not installed here; add it: `{extra}`").format(
                module=module, extra=command(extra)
            )
        )


def command(extra: str) -> str:
    """Tell how to add an extra to this environment, from the source that it was installed from."""
    return f"{installer()} {shlex.quote(f'{source()}[{extra}]')}"


def installer() -> str:
    """Tell what installs packages in this environment: its pip, or uv where it has none."""
    python = shlex.quote(sys.executable)
    if is_installed("pip"):
        return f"{python} -m pip install"
    return f"uv pip install --python {python}"


def source() -> Path:
    """Tell where the program's source lies, or `.` if the environment doesn't say."""
    told = importlib.metadata.distribution("radio-archive").read_text("direct_url.json")
    address = urlsplit(json.loads(told)["url"] if told else "")
    return Path(unquote(address.path) if address.scheme == "file" else ".")
