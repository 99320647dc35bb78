"""Books, made beforehand: some of them, or all that are missing."""

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from radio.archive import Archive
from radio.archive.dossier import Subject
from radio.archive.episode import Episode
from radio.books.cache import make_booklet, make_plan, missing_booklets, missing_plans
from radio.books.dossiers import is_missing, make_books, states_now, sweep
from radio.cli.terminal import each_of, public_address
from radio.derived.chapters.chapters import chapters_of
from radio.search import Index
from radio.system.progress import Progress

LEAST = 2  # episodes of a dossier that has books: one alone has its own
SUBJECTS = 300  # that are said in most episodes: these dossiers have books

Item = TypeVar("Item")


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


def make_dossiers(archive: Archive, progress: Progress, seconds: float) -> tuple[int, int]:
    """Make missing books of dossiers for some seconds; tell how many are left, how many failed."""
    address, index = public_address(), Index(archive)
    if index.refresh().held:  # episodes seem to have vanished with their disk
        return 0, 0
    counts = [each for each in index.dossiers.subjects() if each.episodes >= LEAST]
    counts.sort(key=lambda each: -each.episodes)
    subjects, state = [each.subject for each in counts[:SUBJECTS]], states_now(archive)
    sweep(archive, subjects)

    def make(subject: Subject) -> None:
        tell = partial(index.dossiers.dossier, subject)
        make_books(archive, subject, index.dossiers.outline(subject), tell, address)

    missing = [
        each
        for each in subjects
        if is_missing(archive, each, partial(index.dossiers.outline, each), address, state)
    ]
    return _make(missing, make, progress, seconds)


def _make(
    items: Sequence[Item], make: Callable[[Item], None], progress: Progress, seconds: float
) -> tuple[int, int]:
    until, begun = time.monotonic() + seconds, 0

    def take(item: Item) -> None:
        nonlocal begun
        if time.monotonic() < until:
            begun += 1
            make(item)
            progress(begun / len(items))

    failures = each_of(items, take)
    return len(items) - begun, failures
