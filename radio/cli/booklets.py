"""Booklets, made beforehand: some of them, or all that are missing."""

import time

from radio.archive import Archive
from radio.books.cache import make_booklet, missing_booklets
from radio.chapters.chapters import chapters_of
from radio.cli.terminal import each_of, public_address
from radio.episode import Episode
from radio.progress import Progress


def make_booklets(archive: Archive, progress: Progress, seconds: float) -> tuple[int, int]:
    """Make missing booklets for some seconds; tell how many are left, and how many failed."""
    address, until = public_address(), time.monotonic() + seconds
    episodes, begun = missing_booklets(archive, address), 0

    def take(episode: Episode) -> None:
        nonlocal begun
        if time.monotonic() < until:
            begun += 1
            make_booklet(archive, episode, chapters_of(archive, episode), address)
            progress(begun / len(episodes))

    failures = each_of(episodes, take)
    return len(episodes) - begun, failures
