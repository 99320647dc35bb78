"""Hearing again: other texts for the words in doubt, made when there is nothing else to do.

A process of its own (`radio text rehear`) does some windows at a time, on one core at the lowest
priority, and then pauses.
"""

from radio.archive import Archive
from radio.archive.locks import is_locked
from radio.transcribe.rehearing import missing
from radio.work.child import LOCK as ANOTHER
from radio.work.slices import Slices
from radio.work.status import Asked


def rehearing(archive: Archive, asked: Asked) -> Slices:
    """Give what hears again, with the best model here, or the one asked for."""
    model = ("--model", asked.better) if asked.better else ()
    options = ("--a-while", "--engine", asked.engine, *model, "--root", str(archive.root))

    def is_left() -> bool:
        return asked.rehear and not is_locked(archive.root, ANOTHER) and bool(missing(archive))

    return Slices(("text", "rehear", *options), is_left)
