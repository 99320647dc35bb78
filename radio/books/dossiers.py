"""The books of dossiers in `cache/dossiers/`, made beforehand, the EPUB without sound. A note
beside them holds the state of each quoted episode: they are given only while all are public and
unchanged. New quotations are added after a day."""

import functools
import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from radio.archive import Archive, holdings
from radio.archive.dossier import Line, Subject
from radio.books import cache
from radio.books.booklet import is_installed, write_booklet
from radio.books.epub import write_epub
from radio.books.excerpts import Tell, gather, passages_of
from radio.derived.cache import DOSSIERS
from radio.system import records
from radio.system.disk import Stamp, discard, keep, stamp, unfinished, write_whole
from radio.system.edition import edition
from radio.system.errors import ArchiveError
from radio.system.messages import _

EPUB, BOOKLET, NOTE = ".epub", ".pdf", ".json"
# if one changes, all are made again
MADE_BY = ("archive/dossier", "archive/passages", *cache.MADE_BY)
DAY = 86_400.0  # seconds

State = Callable[[str], str]  # the state of an episode by its key; empty without a public text


@dataclass(frozen=True)
class BooksNote:
    """What the books of a dossier are made of."""

    made: str  # how, and of which subject
    outline: str  # the name of what there was to quote
    states: dict[str, str] = field(default_factory=dict)  # of the episodes that are quoted, by key
    files: dict[str, Stamp] = field(default_factory=dict)  # by their endings


def states_now(archive: Archive) -> State:
    """Give what names the states of episodes, looked at once each."""

    @functools.cache
    def state(key: str) -> str:
        if not holdings.find_episode(archive, key) or not holdings.is_finished(archive, key):
            return ""
        return _name(archive.stamps(key), stamp(archive.show_path(key.partition("/")[0])))

    return state


def state_of(archive: Archive, subject: Subject) -> Stamp | None:
    """Name what was made for a dossier; None while nothing was."""
    found = stamp(_place(archive, subject, NOTE))
    return found if found[1] else None


def find_books(archive: Archive, subject: Subject, base_url: str, state: State) -> dict[str, Path]:
    """Find the books of a dossier that are there and quote nothing that has gone or changed: by
    `epub` and `pdf`."""
    note = _read(archive, subject, base_url, state)
    files = note.files if note else {}
    places = {_place(archive, subject, end): made for end, made in files.items()}
    return {path.suffix[1:]: path for path, made in places.items() if stamp(path) == made}


def is_missing(
    archive: Archive, subject: Subject, outline: Callable[[], object], base_url: str, state: State
) -> bool:
    """Whether the books of a dossier are to be made, or made again."""
    note = _read(archive, subject, base_url, state)
    if note is None:
        return DOSSIERS.size(archive) < (DOSSIERS.room or 0)
    if EPUB in note.files and BOOKLET not in note.files and is_installed():
        return True
    age = time.time() - stamp(_place(archive, subject, NOTE))[0] / 10**9
    return age > DAY and note.outline != _name(outline())


def make_books(
    archive: Archive, subject: Subject, lines: Sequence[Line], tell: Tell, base_url: str
) -> None:
    """Make the books of a dossier, which takes seconds; none if nothing is said. Raises
    ArchiveError if something changes meanwhile, and as `write_booklet`."""
    found, state = passages_of(lines, tell), states_now(archive)
    states = {key: state(key) for key in found.seconds}
    book = gather(archive, subject, found, base_url)
    epub, booklet = (unfinished(_place(archive, subject, suffix)) for suffix in (EPUB, BOOKLET))
    with epub as first, booklet as second:
        if book:
            write_epub(book, first)
            if is_installed():
                write_booklet(book, second)
        if not _stand(states, states_now(archive)):
            message = _("le dossier de {name} : a changé entre-temps ; réessayez dans un instant")
            raise ArchiveError(message, name=subject.name)
        note = BooksNote(_made(subject, base_url), _name(lines), states)
        _keep(archive, subject, note, (first, second))


def sweep(archive: Archive, subjects: Sequence[Subject]) -> None:
    """Take away the books of what there is no dossier of any more, and what was never finished."""
    names = {(each.kind, f"{each.slug}{end}") for each in subjects for end in (EPUB, BOOKLET, NOTE)}
    for path in DOSSIERS.folder(archive).glob("*/*"):
        if (path.parent.name, path.name) not in names:
            discard(path)


def _keep(archive: Archive, subject: Subject, note: BooksNote, parts: Sequence[Path]) -> None:
    """Put books in their place; without a note, none of them is given."""
    place = _place(archive, subject, NOTE)
    discard(place)
    files = dict[str, Stamp]()
    for part, suffix in zip(parts, (EPUB, BOOKLET), strict=True):
        path = _place(archive, subject, suffix)
        if stamp(part)[1]:
            keep(part, path)
            files[suffix] = stamp(path)
        else:
            discard(path)
    write_whole(place, records.render(BooksNote(note.made, note.outline, note.states, files)))


def _place(archive: Archive, subject: Subject, suffix: str) -> Path:
    return DOSSIERS.folder(archive) / subject.kind / f"{subject.slug}{suffix}"


def _read(archive: Archive, subject: Subject, base_url: str, state: State) -> BooksNote | None:
    """Read the note of some books, if all quoted episodes are public and unchanged."""
    note = records.recall(BooksNote, _place(archive, subject, NOTE))
    is_ours = note and note.made == _made(subject, base_url) and _stand(note.states, state)
    return note if is_ours else None


def _stand(states: Mapping[str, str], state: State) -> bool:
    return all(then and state(key) == then for key, then in states.items())


def _made(subject: Subject, base_url: str) -> str:
    return _name(edition(*MADE_BY), subject, base_url)


def _name(*state: object) -> str:
    return hashlib.sha256(repr(state).encode()).hexdigest()[:32]
