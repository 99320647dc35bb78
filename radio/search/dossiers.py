"""Dossiers, asked of the index: what there is one of, its episodes, and what some of them say.

The texts of a subject are looked for as phrases, with their mishearings and acronyms. Nothing is
told of an episode that listeners may not have today.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol, TypeVar

from tantivy import DocAddress, Occur, Query

from radio.archive import Archive, holdings
from radio.archive.dossier import Count, Dossier, Kind, Line, Mentions, Quotation, Subject
from radio.archive.episode import Episode, Show
from radio.archive.standing import status_of
from radio.archive.themes import FILE, read_themes
from radio.search.alternatives import find_mishearings
from radio.search.clauses import Clause, Either
from radio.search.fields import by_numbers, episodes, fold_name, is_named, schema
from radio.search.marking import Marker, Matched
from radio.search.meanings import in_glossaries
from radio.search.passage import Passage, unpack
from radio.search.query import ParsedQuery, parse, phrase
from radio.search.ranking import narrow, numbers_in
from radio.search.reader import Outline, Reader
from radio.search.snippet import CUT, CharacterRange
from radio.search.store import Store, translate_errors
from radio.search.subjects import KnownSubject, list_subjects, same
from radio.search.suggestions import is_alike
from radio.system.disk import stamp
from radio.system.errors import ArchiveError
from radio.text.sentences import find_sentences
from radio.text.transcript import SENTENCE_END

SHORTEST = 30  # characters of a sentence that stands for what somebody says
MOST = 20_000  # passages that are looked at for one subject
OWN, OWN_LOOK = 2, 4  # sentences that a person says in an episode, and passages looked at for them
MOST_SAID = 40  # passages of one episode that a page quotes
KEPT = 300  # outlines, and pages, in memory

Answer = TypeVar("Answer")
log = logging.getLogger(__name__)


def sentences_of(key: str, matched: Matched, is_machine: bool) -> Iterator[Quotation]:
    """Give the sentences of an episode that hold what matches, each once."""
    for part in _parts(matched.passage):
        found = [each for each in matched.matches if part.start <= each.start < part.end]
        if found:
            yield _sentence(key, matched.passage, part, found, is_machine)


def spoken_by(
    key: str, passages: Iterable[Passage], names: Sequence[str], is_machine: bool
) -> Iterator[Quotation]:
    """Give the first sentences of some length that somebody says, each once."""
    until = 0.0
    for passage in passages:
        for part in _parts(passage):
            is_long = part.end - part.start >= SHORTEST
            if is_long and is_named(passage.voice(part.start), names):
                said = _sentence(key, passage, part, (), is_machine)
                if said.start >= until:
                    yield said
                    until = said.end


def _parts(passage: Passage) -> Iterator[CharacterRange]:
    """Cut the text of a passage into sentences, each of one voice."""
    for first, last in passage.turns():
        text = passage.text[first:last]
        for start, end in find_sentences(text):
            yield CharacterRange(first + start, first + start + len(text[start:end].rstrip()))


def _sentence(
    key: str,
    passage: Passage,
    part: CharacterRange,
    found: Sequence[CharacterRange],
    is_machine: bool,
) -> Quotation:
    text = passage.text[part.start : part.end]
    before, after = _goes_on(passage.text, part)
    head = f"{CUT}\N{NO-BREAK SPACE}" if before else ""
    moved = len(head) - part.start
    return Quotation(
        key,
        passage.time(part.start),
        passage.time(part.end - 1),
        f"{head}{text}\N{NO-BREAK SPACE}{CUT}" if after else f"{head}{text}",
        passage.voice(part.start),
        is_machine,
        tuple((each.start + moved, min(each.end, part.end) + moved) for each in found),
    )


def _goes_on(text: str, part: CharacterRange) -> tuple[bool, bool]:
    """Whether a sentence begins before its passage, and whether it ends after it.

    Of text without full stops, as a machine may write it, nobody knows.
    """
    if not any(sign in text for sign in SENTENCE_END):
        return False, False
    is_first, is_last = part.start == 0, part.end == len(text)
    return is_first and text[0].islower(), is_last and not text.endswith(SENTENCE_END)


class Heal(Protocol):
    """Answers; where the index can't be read, it is made again first."""

    def __call__(self, answer: Callable[[], Answer], /) -> Answer: ...  # noqa: D102


class Dossiers:
    """The dossiers of an archive. Every method raises SearchError if the index can't be read."""

    def __init__(self, archive: Archive, store: Store, heal: Heal):
        self._archive, self._store, self._heal = archive, store, heal

    def subjects(self) -> tuple[Count, ...]:
        """List the people and themes, in order, with the number of episodes of each.

        Raises ArchiveError if `themes.json` can't be read.
        """
        return self._heal(self._subjects)

    def find(self, kind: Kind, slug: str) -> Subject | None:
        """Find what a slug names; None where there is nothing of this kind."""
        return self._heal(lambda: self._find(lambda it: (it.kind, it.slug) == (kind, slug)))

    def named(self, kind: Kind, name: str) -> Subject | None:
        """Find what a name stands for, in whatever letters; one of this kind if there is."""

        def alike(it: Subject) -> bool:
            return same(name) in map(same, (it.name, *it.words))

        found = self._heal(lambda: self._find(lambda it: it.kind == kind and alike(it)))
        return found or self._heal(lambda: self._find(alike))

    def outline(self, subject: Subject) -> tuple[Line, ...]:
        """List the episodes of a dossier, the oldest first; those without a date are last."""
        return tuple(self._heal(lambda: self._outline(subject)))

    def dossier(self, subject: Subject, lines: Sequence[Line]) -> Dossier:
        """Tell what is said in some episodes of the outline."""
        return self._heal(lambda: self._known(subject, tuple(lines)))

    def whole(self, subject: Subject, lines: Sequence[Line]) -> Dossier:
        """Tell all that is said in some episodes of the outline, however much it is."""
        return self._heal(lambda: self._read(subject, tuple(lines), MOST))

    def state(self) -> Hashable:
        """Name the state of all that dossiers tell; as long as it is the same, so are they."""
        archive = self._archive
        themes = stamp(archive.root / FILE)
        return self._store.state(), themes, holdings.state(archive, archive.folders())

    def alike(self, some: str, typed: str) -> Iterator[Subject]:
        """Find the subjects that keepers name almost like some words, or like all that was typed.

        Those that tags or people of episodes name as well are found by these. Nothing is healed.
        """
        reader = self._store.reader()
        try:
            count, (_state, known) = self._counter(reader), self._named()
        except ArchiveError as error:  # a search goes on without what keepers say
            log.warning("%s", error)
            return
        for each in known:
            subject = each.subject
            is_own = each.is_certain and not set(subject.texts) <= {*subject.named}
            if is_own and is_alike(subject, some, typed) and count(each):
                yield subject

    # What there is one of

    def _subjects(self) -> tuple[Count, ...]:
        reader, (state, known) = self._store.reader(), self._named()
        if state not in reader.subjects:
            with translate_errors(self._store.path):
                count = self._counter(reader)
                counted = ((each.subject, count(each), each) for each in known)
                found = tuple(Count(it, n) for it, n, each in counted if n or each.is_certain)
            reader.subjects.clear()
            reader.subjects[state] = found
        return reader.subjects[state]

    def _find(self, is_asked: Callable[[Subject], bool]) -> Subject | None:
        """Find the first that is asked for; only what a glossary alone names need be counted."""
        reader, (_state, known) = self._store.reader(), self._named()
        for each in known:
            if is_asked(each.subject) and (each.is_certain or self._counter(reader)(each)):
                return each.subject
        return None

    def _named(self) -> tuple[Hashable, tuple[KnownSubject, ...]]:
        """List what there may be a dossier of, once for each state, and name the state."""
        reader, shows = self._store.reader(), self._archive.shows()
        public, themes = holdings.public_keys(self._archive), read_themes(self._archive.root)
        state = (public, themes, *((show.slug, show.glossary) for show in shows))
        if state not in reader.known:
            glossaries = [show.glossary for show in shows]
            with translate_errors(self._store.path):
                found = list_subjects(reader.about.values(), glossaries, themes, public)
            reader.known.clear()
            reader.known[state] = found
        return state, reader.known[state]

    def _counter(self, reader: Reader) -> Callable[[KnownSubject], int]:
        """Give what counts the public episodes that a subject is in."""
        shows, public = self._archive.shows(), holdings.public_keys(self._archive)

        def count(known: KnownSubject) -> int:
            query = self._passages(_clauses(reader, shows, known.subject), reader)
            said = {reader.about[number].key for number in numbers_in(reader.searcher, query)}
            return len((said & public) | known.keys)

        return count

    # What is said of it

    def _outline(self, subject: Subject) -> Outline:
        reader, public = self._store.reader(), holdings.public_keys(self._archive)
        state = subject, public
        if state not in reader.outlines:
            with translate_errors(self._store.path):
                outline = self._make_outline(reader, subject)
            if len(reader.outlines) >= KEPT:
                reader.outlines.clear()
            reader.outlines[state] = outline
        return reader.outlines[state]

    def _make_outline(self, reader: Reader, subject: Subject) -> Outline:
        query = self._passages(_clauses(reader, self._archive.shows(), subject), reader)
        addresses = [each for _, each in reader.searcher.search(query, MOST, count=False).hits]
        found = defaultdict[str, list[DocAddress]](list)
        for key, address in zip(reader.keys(addresses), addresses, strict=True):
            found[key].append(address)
        named = {key for name in subject.named for key in reader.keys_named(name)}
        wanted, lines = {*found, *named}, dict[Line, tuple[DocAddress, ...]]()
        for episode in holdings.episodes(self._archive):
            if (key := episode.key) in wanted:
                line = Line(key, episode.known_date, len(found[key]), key in named)
                lines[line] = tuple(found[key])
        return dict(sorted(lines.items(), key=lambda pair: _order(pair[0])))

    def _passages(self, clauses: Sequence[Clause], reader: Reader) -> Query:
        """Build the query of passages that any of some clauses finds."""
        if not clauses:
            return Query.empty_query()
        parts = [(Occur.Must, Either(tuple(clauses)).compile(reader.vocabulary))]
        return Query.boolean_query([*parts, (Occur.MustNot, episodes())])

    # The sentences

    def _known(self, subject: Subject, lines: tuple[Line, ...]) -> Dossier:
        """Read some episodes once for each state of the index, and of what is public."""
        reader = self._store.reader()
        state = subject, lines, holdings.public_keys(self._archive)
        if state not in reader.dossiers:
            if len(reader.dossiers) >= KEPT:
                reader.dossiers.clear()
            reader.dossiers[state] = self._read(subject, lines)
        return reader.dossiers[state]

    def _read(self, subject: Subject, lines: Sequence[Line], most: int = MOST_SAID) -> Dossier:
        reader, outline = self._store.reader(), self._outline(subject)
        with translate_errors(self._store.path):
            clauses = tuple(_clauses(reader, self._archive.shows(), subject))
            marker = Marker(ParsedQuery((Either(clauses),)), reader.vocabulary)
            own = self._own(reader, subject, [each.key for each in lines])
            entries = (
                self._entry(reader, marker, subject, line, _firsts(outline, line, most), own)
                for line in lines
                if self._public(line.key)
            )
            return Dossier(subject, tuple(entries))

    def _entry(
        self,
        reader: Reader,
        marker: Marker,
        subject: Subject,
        line: Line,
        addresses: Sequence[DocAddress],
        own: dict[str, list[DocAddress]],
    ) -> Mentions:
        is_machine = status_of(self._archive, line.key) == "machine"
        found = marker.find(_unpacked(reader, addresses))
        said = [each for one in found for each in sentences_of(line.key, one, is_machine)]
        if subject.kind == "theme":
            return Mentions(line, tuple(said))
        names = subject.texts
        of_them = (each for each in said if not is_named(each.voice, names))
        passages = _unpacked(reader, own.get(line.key, ()))
        by_them = list(spoken_by(line.key, passages, names, is_machine))
        return Mentions(line, tuple(of_them), tuple(by_them[:OWN]))

    def _own(
        self, reader: Reader, subject: Subject, keys: Sequence[str]
    ) -> dict[str, list[DocAddress]]:
        """Find the first passages in which a person speaks, of each of some episodes."""
        found = defaultdict[str, list[DocAddress]](list)
        forms = [fold_name(name) for name in subject.texts] if subject.kind == "person" else []
        for each in forms:
            terms = [(Occur.Must, Query.term_query(schema(), "voice", form)) for form in each]
            if not terms:
                continue
            query = narrow(Query.boolean_query(terms), by_numbers(reader.of_keys(keys)))
            addresses = [one for _, one in reader.searcher.search(query, MOST, count=False).hits]
            for key, address in zip(reader.keys(addresses), addresses, strict=True):
                found[key].append(address)
        return {key: sorted(some, key=_place)[:OWN_LOOK] for key, some in found.items()}

    def _public(self, key: str) -> Episode | None:
        return holdings.find_episode(self._archive, key)


def _clauses(reader: Reader, shows: Sequence[Show], subject: Subject) -> list[Clause]:
    """Make the clauses of a subject: any of them finds it."""
    found = dict[Clause, None]()
    meanings = reader.meanings(tuple(in_glossaries(shows)))
    for text in subject.texts:
        if own := phrase(text):
            named = (replace(own, is_inflected=subject.kind == "theme"),)
            found.update(dict.fromkeys(named))
            for misheard in find_mishearings((own,), (each.corrections for each in shows)):
                found.update(dict.fromkeys(misheard.clauses))
            clauses = parse(text).clauses
            for meaning in meanings.find(clauses, text):
                if len(meaning.places) == len(clauses):
                    found.update(dict.fromkeys(meaning.other_clauses))
    return list(found)


def _unpacked(reader: Reader, addresses: Iterable[DocAddress]) -> list[Passage]:
    """Read passages, in order."""
    packed = (reader.searcher.doc(each).get_first("passage") for each in addresses)
    return sorted((unpack(bytes(each)) for each in packed if each), key=lambda each: each.first)


def _firsts(outline: Outline, line: Line, most: int) -> list[DocAddress]:
    return sorted(outline.get(line, ()), key=_place)[:most]


def _order(line: Line) -> tuple[bool, str, str]:
    return not line.known_date, line.known_date, line.key


def _place(address: DocAddress) -> tuple[int, int]:
    return address.segment_ord, address.doc
