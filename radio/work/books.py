"""Books, made beforehand: plans of EPUBs, booklets to print, books of dossiers."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from radio.archive import Archive
from radio.archive.dossier import Subject
from radio.archive.episode import Episode
from radio.books.cache import make_booklet, make_plan, missing_booklets, missing_plans
from radio.books.dossiers import is_missing, make_books, states_now, sweep
from radio.derived.chapters import chapters_of
from radio.derived.recipe import Made, Making, Recipe, Remaining, whole
from radio.search import Index

LEAST = 2  # episodes of a dossier that has books: one alone has its own
SUBJECTS = 300  # that are said in most episodes: these dossiers have books

Books = Mapping[str, Callable[[], None]]
"""What makes each, by key."""


def _make_all(archive: Archive, _keys: Sequence[str], making: Making) -> None:
    """Make missing books while there is time, and tell how many are left."""
    address = making.means.base_url
    left = 0
    for missing in (_plans, _booklets, _dossiers):
        left += _make(missing(archive, address), making)
    making.tell(Remaining(left))
    if not left and not making.failures:
        making.tell(Made(""))


def _make(books: Books, making: Making) -> int:
    """Make some, and tell how many are left."""
    left = len(books)

    def make(key: str) -> None:
        nonlocal left
        left -= 1
        books[key]()

    if not making.is_over():
        making.each(books, make)
    return left


def _plans(archive: Archive, address: str) -> Books:
    def plan(episode: Episode) -> None:
        make_plan(archive, episode, chapters_of(archive, episode), address).close()

    return {each.key: partial(plan, each) for each in missing_plans(archive, address)}


def _booklets(archive: Archive, address: str) -> Books:
    def print_it(episode: Episode) -> None:
        make_booklet(archive, episode, chapters_of(archive, episode), address)

    return {each.key: partial(print_it, each) for each in missing_booklets(archive, address)}


def _dossiers(archive: Archive, address: str) -> Books:
    """Give those of the subjects that are said in most episodes."""
    index = Index(archive)
    if index.refresh().held:  # episodes seem to have vanished with their disk
        return {}
    counts = [each for each in index.dossiers.subjects() if each.episodes >= LEAST]
    counts.sort(key=lambda each: -each.episodes)
    subjects, state = [each.subject for each in counts[:SUBJECTS]], states_now(archive)
    sweep(archive, subjects)

    def make(subject: Subject) -> None:
        tell = partial(index.dossiers.dossier, subject)
        make_books(archive, subject, index.dossiers.outline(subject), tell, address)

    return {
        f"{each.kind}/{each.slug}": partial(make, each)
        for each in subjects
        if is_missing(archive, each, partial(index.dossiers.outline, each), address, state)
    }


BOOKS = Recipe("books", whole, _make_all, of_all=True, slice=120.0, share=1 / 6)
"""Ten minutes of each hour."""
