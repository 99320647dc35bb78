"""The edition of the program: one name for the way in which it makes things.

Caches, plans and ETags that depend on how something is made bear it. So a program that was changed
makes the thing anew, and a listener who asks again is given the new one. People read
`radio.__version__`. The index has a version of its own (`search.store`), for an upgrade must not
make a large one again.
"""

import hashlib
import importlib.metadata
from functools import lru_cache
from pathlib import Path
from sys import version_info

import radio

PACKAGE = Path(radio.__file__).parent
IGNORED = {".cfg", ".mp3", ".po"}  # what the program itself makes nothing of
LIBRARIES = {
    "pictures": ("font-source-serif-pro", "pillow"),
    "search": ("PyStemmer", "simplemma"),
    "sound": ("av", "mutagen"),
    "text": ("webvtt-py",),
    "web": ("Babel", "Flask", "Flask-Babel", "Jinja2", "MarkupSafe", "Werkzeug"),
}
"""What analyses words or renders, by the room that imports it."""


@lru_cache(maxsize=16)
def edition(*rooms: str) -> str:
    """Name the program by its sources and libraries, in 64 hexadecimal digits.

    `rooms` names some rooms or modules alone, such as `search` or `static_site/postings`: for what
    takes long to make again and depends on them only. Raises KeyError if there is no such room.
    """
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
    """Give the sha256 of each source by its path, and the release of each library, by its room.

    They are read once: what is put in their place while a site runs is for the next one.
    """
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
