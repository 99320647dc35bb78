"""The edition of the program: one name for how it makes things. Caches, plans and ETags bear it, so
that a changed program makes them anew. The index has its own version (`search.store`): an upgrade
must not make a large one again. People read `radio.__version__`, and the commit."""

import hashlib
import importlib.metadata
import json
import shutil
import subprocess
from functools import lru_cache
from pathlib import Path
from sys import version_info

import radio

PACKAGE = Path(radio.__file__).parent
IGNORED = {".cfg", ".mp3", ".po"}  # what the program itself makes nothing of
LIBRARIES = {  # what analyses words or renders, by room
    "formats": ("markdown-it-py",),
    "french": ("simplemma",),
    "pictures": ("pillow",),
    "search": ("PyStemmer", "simplemma"),
    "sound": ("av", "mutagen"),
    "text": ("webvtt-py",),
    "web": ("Babel", "Flask", "Flask-Babel", "Jinja2", "MarkupSafe", "Werkzeug"),
}


@lru_cache(maxsize=16)
def edition(*rooms: str) -> str:
    """Name the program by its sources and libraries, in 64 hexadecimal digits; `rooms` limits it to
    some rooms or modules, as `static_site/postings`. Raises KeyError for an unknown room."""
    lines = [f"Python {version_info[:2]}"]
    for room in rooms or ("",):
        beginnings = (f"{room}/", f"{room}.py") if room else ""
        found = [f"{path} {content}" for path, content in _parts() if path.startswith(beginnings)]
        if not found:
            raise KeyError(room)
        lines += found
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@lru_cache(maxsize=1)
def _parts() -> tuple[tuple[str, str], ...]:
    """Give the sha256 of each source by path, and the release of each library by room. They are
    read once: files replaced while a site runs are for the next one."""
    sources = (
        (path.relative_to(PACKAGE).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest())
        for path in sorted(PACKAGE.rglob("*"))
        if path.suffix not in IGNORED
        and not (path.name.startswith(".") or "__pycache__" in path.parts)
        and path.is_file()
    )
    releases = (
        (f"{room}/{library}", importlib.metadata.version(library))
        for room, libraries in LIBRARIES.items()
        for library in libraries
    )
    return *sources, *releases


def commit() -> str:
    """Give the commit that this program was installed of, or that its checkout is at, `-dirty`
    where it was edited since; "" where nothing tells."""
    named = importlib.metadata.distributions(name="radio-archive")  # a checkout has one of its own
    told = filter(None, (each.read_text("direct_url.json") for each in named))
    origin = json.loads(next(told, "{}"))
    if known := origin.get("vcs_info", {}).get("commit_id"):
        return str(known)[:12]
    git = shutil.which("git")
    if not git or not origin.get("dir_info", {}).get("editable"):
        return ""
    words = [git, "-C", str(PACKAGE), "describe", "--always", "--dirty", "--exclude=*"]
    return subprocess.run(
        [*words, "--abbrev=12"], capture_output=True, text=True, check=False
    ).stdout.strip()
