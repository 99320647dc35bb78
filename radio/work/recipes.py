"""The recipes of what goes on by itself besides transcribing: measures of sound, books, and the
reading of every file again."""

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from radio.archive import Archive, fixity, fixity_log
from radio.archive.dossier import Subject
from radio.archive.episode import Episode
from radio.bags.payload import CHECKSUMS
from radio.books.cache import make_booklet, make_plan, missing_booklets, missing_plans
from radio.books.dossiers import is_missing, make_books, states_now, sweep
from radio.derived import copies, soundness
from radio.derived.chapters import CHAPTERS, chapters_of
from radio.derived.prints import Prints
from radio.derived.recipe import Made, Making, Recipe, Remaining, Stale, keys_of, whole
from radio.ingest.files import WAVEFORMS
from radio.kit import music_free
from radio.proposals.twins.prints import propose
from radio.search import Index
from radio.search.sense.vectors import VECTORS
from radio.system import sandbox
from radio.system.messages import _
from radio.transcribe.recipes import VOICES

READERS = ("radio.sound.quality", "radio.sound.fingerprint", "radio.sound.recoding", "av")
LEAST = 2  # episodes of a dossier that has books: one alone has its own
SUBJECTS = 300  # threads, then what is said in most episodes: these dossiers have books


def unlistened(archive: Archive) -> list[Episode]:
    """List the episodes not measured yet, or without the copy that they need, the newest first."""
    lacking = (
        *(*soundness.unmeasured(archive), *Prints(archive).missing()),
        *(*copies.uncopied(archive), *music_free.missing_copies(archive)),
    )
    missing = {each.key for each in lacking}
    return [each for each in archive.episodes() if each.key in missing]


def _listen(archive: Archive, keys: Sequence[str], making: Making) -> None:
    prints = Prints(archive)
    wanting = {each.key for each in music_free.missing_copies(archive)}

    def listen(key: str) -> None:
        episode = archive.episode(key)
        soundness.quality_of(archive, episode, making.progress)
        prints.of(episode, making.progress)
        copies.make_copy(archive, episode, making.progress)
        if key in wanting:
            music_free.make_copy(archive, episode, making.progress)

    with sandbox.nursery(*READERS):
        is_whole = making.each(keys, listen)
    if is_whole:
        propose(archive)
        making.tell(Stale("pages"))  # which tell how recordings sound


SOUND = Recipe("sound", keys_of(unlistened), _listen, slice=60.0, share=1 / 2, is_quiet=True)

Books = Mapping[str, Callable[[], object]]  # what makes each, by key


def _make_books(archive: Archive, _keys: Sequence[str], making: Making) -> None:
    """Make missing books while there is time, and report how many are left."""
    left = 0
    for books in _missing_books(archive, making.means.base_url):
        left += len(books)

        def make(key: str, books: Books = books) -> None:
            nonlocal left
            left -= 1
            books[key]()

        if not making.is_over():
            making.each(books, make)
    making.tell(Remaining(left))
    if not left and not making.failures:
        making.tell(Made(""))


def _missing_books(archive: Archive, address: str) -> Iterator[Books]:
    def plan(episode: Episode) -> None:
        make_plan(archive, episode, chapters_of(archive, episode), address).close()

    def print_it(episode: Episode) -> None:
        make_booklet(archive, episode, chapters_of(archive, episode), address)

    yield {each.key: partial(plan, each) for each in missing_plans(archive, address)}
    yield {each.key: partial(print_it, each) for each in missing_booklets(archive, address)}
    yield _missing_dossiers(archive, address)


def _missing_dossiers(archive: Archive, address: str) -> Books:
    index = Index(archive)
    if index.refresh().held:  # episodes seem to have vanished with their disk
        return {}
    dossiers = index.dossiers
    every = dossiers.subjects()
    counts = [each for each in every if each.episodes >= LEAST or each.subject.passages]
    counts.sort(key=lambda each: (not each.subject.passages, -each.episodes))
    subjects, state = [each.subject for each in counts[:SUBJECTS]], states_now(archive)
    sweep(archive, subjects)

    def make(subject: Subject) -> None:
        tell = partial(dossiers.dossier, subject)
        make_books(archive, subject, dossiers.outline(subject), tell, address)

    pairs = ((each, partial(dossiers.outline, each)) for each in subjects)
    lacking = (a for a, outline in pairs if is_missing(archive, a, outline, address, state))
    return {f"{each.kind}/{each.slug}": partial(make, each) for each in lacking}


# ten minutes of each hour
BOOKS = Recipe("books", whole, _make_books, of_all=True, slice=120.0, share=1 / 6)


def _read_again(archive: Archive, _keys: Sequence[str], making: Making) -> None:
    reader = fixity.FixityReader(archive)
    with contextlib.closing(fixity.read_again(reader, reader.due(), making.progress)) as readings:
        for each in readings:
            if each.found in fixity_log.BAD:
                making.say(_("{path} : abîmé ; `radio check --repair`", path=each.path))
            if making.is_over():
                return
    making.tell(Made(""))


# two minutes of each hour: some terabytes within the months in which each file is read again
FIXITY = Recipe("fixity", whole, _read_again, of_all=True, again=3600.0, slice=20.0, share=1 / 30)


def derived(pages: Recipe) -> tuple[Recipe, ...]:
    """List what a site needs, the most urgent first; `pages` come from a room above."""
    return (VOICES, CHAPTERS, WAVEFORMS, pages, CHECKSUMS, VECTORS, BOOKS)
