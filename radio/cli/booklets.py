"""Books, made beforehand: some of them, or all that are missing."""

import time
from collections.abc import Callable, Sequence

from radio.archive import Archive
from radio.books.cache import make_booklet, make_plan, missing_booklets, missing_plans
from radio.chapters.chapters import chapters_of
from radio.cli.terminal import each_of, public_address
from radio.episode import Episode
from radio.progress import Progress


def make_booklets(archive: Archive, progress: Progress, seconds: float) -> tuple[int, int]:
    """Make missing booklets for some seconds; tell how many are left, and how many failed."""
    address = public_address()

    def make(episode: Episode) -> None:
        make_booklet(archive, episode, chapters_of(archive, episode), address)

    return _make(missing_booklets(archive, address), make, progress, seconds)


def make_plans(archive: Archive, progress: Progress, seconds: float) -> tuple[int, int]:
    """Plan missing EPUBs for some seconds; tell how many are left, and how many failed."""
    address = public_address()

    def make(episode: Episode) -> None:
        make_plan(archive, episode, chapters_of(archive, episode), address).close()

    return _make(missing_plans(archive, address), make, progress, seconds)


def _make(
    episodes: Sequence[Episode], make: Callable[[Episode], None], progress: Progress, seconds: float
) -> tuple[int, int]:
    until, begun = time.monotonic() + seconds, 0

    def take(episode: Episode) -> None:
        nonlocal begun
        if time.monotonic() < until:
            begun += 1
            make(episode)
            progress(begun / len(episodes))

    failures = each_of(episodes, take)
    return len(episodes) - begun, failures
