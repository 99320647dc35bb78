"""Dossiers, asked of the index: what there is one of, its episodes, and what some of them say.

The people and themes of an archive are those of its episodes, of glossaries and of keepers. Names
that differ by accents or capitals are one. Their texts are looked for as phrases, with their
mishearings and acronyms. Nothing is told of an episode that listeners may not have today.
"""

import hashlib
import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from typing import Protocol

from tantivy import DocAddress, Occur, Query

from radio.archive import Archive, holdings
from radio.archive.authorship import status_of
from radio.archive.dossier import Count, Dossier, Kind, Line, Mentions, Quotation, Subject
from radio.archive.episode import Show
from radio.archive.glossary import names as glossary_names
from radio.archive.slugs import slugify
from radio.archive.themes import FILE, Theme, Themes, read_themes
from radio.french.letters import fold
from radio.search.acronyms import known_meanings
from radio.search.clauses import Clause, Either, compiled
from radio.search.fields import About, by_numbers, episodes, fold_name, is_named, schema
from radio.search.marking import Marker
from radio.search.passage import CUT, CharacterRange, Passage, sentences_of
from radio.search.query import ParsedQuery, parse, phrase
from radio.search.ranking import narrow, numbers_in
from radio.search.reader import Reader
from radio.search.store import Answer, Store, healed, translate_errors
from radio.search.suggestions import is_alike
from radio.search.widening import mishearings
from radio.system.disk import stamp
from radio.system.errors import ArchiveError
from radio.text.transcript import SENTENCE_END

SHORTEST = 30  # characters of a sentence that stands for what somebody says
MOST = 20_000  # passages that are looked at for one subject
OWN, OWN_LOOK = 2, 4  # sentences that a person says in an episode, and passages looked at for them
MOST_SAID = 40  # passages of one episode that a page quotes
REMEMBERED = 300  # outlines, and pages
LETTERS = 4  # of a hash, after the slug of the second of two names

Outline = dict[Line, tuple[DocAddress, ...]]
"""The episodes of a dossier in order, each with its passages."""
log = logging.getLogger(__name__)


# What there is one of


@dataclass(frozen=True)
class KnownSubject:
    """A subject, and the public episodes whose sidecars name it."""

    subject: Subject
    keys: frozenset[str]
    is_certain: bool  # a sidecar or a keeper names it: it has a page though nobody says it


@dataclass
class _Name:
    """How sidecars write one name, and where."""

    spellings: Counter[str]
    keys: set[str]


def same(name: str) -> str:
    """Give what the spellings of one name have in common.

    >>> same("Noé  Martin") == same("noe martin"), same("C++") == same("C#")
    (True, False)
    """
    return fold(" ".join(name.lower().split()))


def list_subjects(
    abouts: Iterable[About], glossaries: Iterable[Sequence[str]], themes: Themes, public: Set[str]
) -> tuple[KnownSubject, ...]:
    """List what there may be a dossier of: people first, each kind in the order of names."""
    heard = [each for each in abouts if each.key in public]
    people = _gather(heard, lambda about: (*about.people, *about.voices))
    tags = _gather(heard, lambda about: about.tags)
    found = [_of_keeper(each, people, tags) for each in themes.themes]
    hidden = {same(each) for theme in themes.themes if theme.hidden for each in _texts(theme)}
    found = [each for each in found if same(each.subject.name) not in hidden]
    found += [_of_sidecars("person", name, tags.pop(key, None)) for key, name in people.items()]
    found += [_of_sidecars("theme", name) for name in tags.values()]
    taken = hidden | {same(text) for each in found for text in each.subject.texts}
    said = {same(name): name for glossary in glossaries for name in glossary_names(glossary)}
    alone = (Subject("theme", text, "") for key, text in said.items() if key not in taken)
    found += [KnownSubject(each, frozenset(), False) for each in alone]
    return tuple(each for kind in ("person", "theme") for each in _with_slugs(found, kind))


def _gather(
    abouts: Iterable[About], names_of: Callable[[About], Iterable[str]]
) -> dict[str, _Name]:
    """Give the names by what their spellings have in common."""
    found: dict[str, _Name] = defaultdict(lambda: _Name(Counter(), set()))
    for about in abouts:
        for name in dict.fromkeys(names_of(about)):
            if key := same(name):
                found[key].spellings[name] += 1
                found[key].keys.add(about.key)
    return dict(found)


def _of_keeper(theme: Theme, people: dict[str, _Name], tags: dict[str, _Name]) -> KnownSubject:
    """Take the names that a keeper gathers out of those that stand alone."""
    both = (people, tags) if theme.kind == "person" else (tags,)
    own = [names.pop(same(text)) for text in _texts(theme) for names in both if same(text) in names]
    named = tuple(sorted({name for each in own for name in each.spellings}))
    subject = Subject(theme.kind, theme.name, "", theme.words, named, theme.description)
    return KnownSubject(subject, frozenset().union(*(each.keys for each in own)), True)


def _texts(theme: Theme) -> tuple[str, ...]:
    return theme.name, *theme.words


def _of_sidecars(kind: Kind, name: _Name, other: _Name | None = None) -> KnownSubject:
    """Make a subject of a name, by its most frequent spelling, and of the tag that is the same."""
    both = [name, *([other] if other else [])]
    best = min(name.spellings, key=lambda spelling: (-name.spellings[spelling], spelling))
    named = tuple(sorted({spelling for each in both for spelling in each.spellings}))
    keys = frozenset().union(*(each.keys for each in both))
    return KnownSubject(Subject(kind, best, "", (), named), keys, True)


def _with_slugs(found: Iterable[KnownSubject], kind: str) -> Iterator[KnownSubject]:
    """Give the subjects of a kind their slugs, in the order of names; two names have two slugs."""
    own = sorted(
        (each for each in found if each.subject.kind == kind),
        key=lambda each: (same(each.subject.name), each.subject.name),
    )
    met = set[str]()
    for each in own:
        name = each.subject.name
        slug = slugify(name)
        if not slug or slug in met:
            letters = hashlib.sha256(name.encode()).hexdigest()[:LETTERS]
            slug = f"{slug}-{letters}".strip("-")
        met.add(slug)
        yield replace(each, subject=replace(each.subject, slug=slug))


# What is said


@dataclass(frozen=True)
class _Speech:
    """A passage of an episode, cut into sentences."""

    key: str
    passage: Passage
    is_machine: bool

    def parts(self) -> Iterator[CharacterRange]:
        """Cut the text into sentences, each of one voice."""
        for first, last in self.passage.turns():
            yield from sentences_of(self.passage.text[first:last], first)

    def voice(self, part: CharacterRange) -> str:
        """Name who says a sentence."""
        return self.passage.voice(part.start)

    def quote(self, part: CharacterRange, found: Sequence[CharacterRange] = ()) -> Quotation:
        """Quote a sentence; it is told where it begins before its passage, or ends after it.

        Of text without full stops, as a machine may write it, nobody knows.
        """
        whole = self.passage.text
        text, space = whole[part.start : part.end], "\N{NO-BREAK SPACE}"
        has_ends = any(sign in whole for sign in SENTENCE_END)
        goes_on = has_ends and part.end == len(whole) and not whole.endswith(SENTENCE_END)
        head = f"{CUT}{space}" if has_ends and part.start == 0 and whole[0].islower() else ""
        moved = len(head) - part.start
        return Quotation(
            self.key,
            self.passage.time(part.start),
            self.passage.time(part.end - 1),
            f"{head}{text}{space}{CUT}" if goes_on else f"{head}{text}",
            self.voice(part),
            self.is_machine,
            tuple((each.start + moved, min(each.end, part.end) + moved) for each in found),
        )


def _spoken_by(speeches: Iterable[_Speech], names: Sequence[str]) -> Iterator[Quotation]:
    """Give the sentences of some length that somebody says, each once."""
    until = 0.0
    for speech in speeches:
        for part in speech.parts():
            if part.end - part.start >= SHORTEST and is_named(speech.voice(part), names):
                said = speech.quote(part)
                if said.start >= until:
                    yield said
                    until = said.end


class Heal(Protocol):
    """Answers; where the index can't be read, it is made again first."""

    def __call__(self, answer: Callable[[], Answer], /) -> Answer: ...  # noqa: D102


class Dossiers:
    """The dossiers of an archive. Every method raises SearchError if the index can't be read."""

    def __init__(self, archive: Archive, store: Store, heal: Heal):
        self._archive, self._store, self.heal = archive, store, heal

    @healed
    def subjects(self) -> tuple[Count, ...]:
        """List the people and themes, in order, with the number of episodes of each.

        Raises ArchiveError if `themes.json` can't be read.
        """
        state, known = self._named()

        def count() -> tuple[Count, ...]:
            with translate_errors(self._store.path):
                counted = ((each, self._count(each)) for each in known)
                return tuple(Count(it.subject, n) for it, n in counted if n or it.is_certain)

        return self._store.reader().once("subjects", state, count)

    @healed
    def find(self, kind: Kind, slug: str) -> Subject | None:
        """Find what a slug names; None where there is nothing of this kind."""
        return self._find(lambda it: (it.kind, it.slug) == (kind, slug))

    @healed
    def named(self, kind: Kind, name: str) -> Subject | None:
        """Find what a name stands for, in whatever letters; one of this kind if there is."""

        def alike(it: Subject) -> bool:
            return same(name) in map(same, (it.name, *it.words))

        return self._find(lambda it: it.kind == kind and alike(it)) or self._find(alike)

    @healed
    def outline(self, subject: Subject) -> tuple[Line, ...]:
        """List the episodes of a dossier, the oldest first; those without a date are last."""
        return tuple(self._outline(subject))

    @healed
    def dossier(self, subject: Subject, lines: Sequence[Line]) -> Dossier:
        """Tell what is said in some episodes of the outline."""
        state = subject, tuple(lines), holdings.public_keys(self._archive)
        once = self._store.reader().once
        return once("dossiers", state, lambda: self._read(subject, lines), REMEMBERED)

    @healed
    def whole(self, subject: Subject, lines: Sequence[Line]) -> Dossier:
        """Tell all that is said in some episodes of the outline, however much it is."""
        return self._read(subject, lines, MOST)

    def state(self) -> Hashable:
        """Name the state of all that dossiers tell; as long as it is the same, so are they."""
        archive = self._archive
        themes = stamp(archive.root / FILE)
        return self._store.state(), themes, holdings.state(archive, archive.folders())

    def alike(self, some: str, typed: str) -> Iterator[Subject]:
        """Find the subjects that keepers name almost like some words, or like all that was typed.

        Those that tags or people of episodes name as well are found by these. Nothing is healed.
        """
        try:
            _state, known = self._named()
        except ArchiveError as error:  # a search goes on without what keepers say
            log.warning("%s", error)
            return
        for each in known:
            subject = each.subject
            is_own = each.is_certain and not set(subject.texts) <= {*subject.named}
            if is_own and is_alike(subject, some, typed) and self._count(each):
                yield subject

    def _find(self, is_asked: Callable[[Subject], bool]) -> Subject | None:
        """Find the first that is asked for; only what a glossary alone names need be counted."""
        _state, known = self._named()
        asked = (each for each in known if is_asked(each.subject))
        return next((it.subject for it in asked if it.is_certain or self._count(it)), None)

    def _named(self) -> tuple[Hashable, tuple[KnownSubject, ...]]:
        """List what there may be a dossier of, once for each state, and name the state."""
        reader, shows = self._store.reader(), self._archive.shows()
        public, themes = holdings.public_keys(self._archive), read_themes(self._archive.root)
        state = (public, themes, *((show.slug, show.glossary) for show in shows))

        def make() -> tuple[KnownSubject, ...]:
            glossaries = [show.glossary for show in shows]
            with translate_errors(self._store.path):
                return list_subjects(reader.about.values(), glossaries, themes, public)

        return state, reader.once("named", state, make)

    def _count(self, known: KnownSubject) -> int:
        """Count the public episodes that a subject is in."""
        reader, public = self._store.reader(), holdings.public_keys(self._archive)
        query = _passages(_clauses(reader, self._archive.shows(), known.subject), reader)
        said = {reader.about[number].key for number in numbers_in(reader.searcher, query)}
        return len((said & public) | known.keys)

    def _outline(self, subject: Subject) -> Outline:
        reader, public = self._store.reader(), holdings.public_keys(self._archive)

        def make() -> Outline:
            with translate_errors(self._store.path):
                clauses = _clauses(reader, self._archive.shows(), subject)
                found = reader.by_key(_passages(clauses, reader), MOST)
            named = {key for name in subject.named for key in reader.keys_named.get(name, ())}
            lines = Outline()
            for episode in holdings.episodes(self._archive):
                key = episode.key
                if key in found or key in named:
                    own = tuple(found.get(key, ()))
                    lines[Line(key, episode.known_date, len(own), key in named)] = own

            def order(line: Line) -> tuple[bool, str, str]:
                return not line.known_date, line.known_date, line.key

            return {line: lines[line] for line in sorted(lines, key=order)}

        return reader.once("outlines", (subject, public), make, REMEMBERED)

    def _read(self, subject: Subject, lines: Sequence[Line], most: int = MOST_SAID) -> Dossier:
        reader, outline = self._store.reader(), self._outline(subject)
        public = [each for each in lines if holdings.find_episode(self._archive, each.key)]
        with translate_errors(self._store.path):
            clauses = tuple(_clauses(reader, self._archive.shows(), subject))
            marker = Marker(ParsedQuery((Either(clauses),)), reader.vocabulary)
            own = _own(reader, subject, [each.key for each in lines])
            entries = list[Mentions]()
            for line in public:
                firsts = sorted(outline.get(line, ()), key=_place)[:most]
                entries.append(self._entry(reader, marker, subject, line, firsts, own))
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
        """Quote the sentences of an episode that name a subject, and first what a person says."""
        is_machine = status_of(self._archive, line.key) == "machine"
        said = list[Quotation]()
        for matched in marker.find(reader.passages(addresses)):
            speech = _Speech(line.key, matched.passage, is_machine)
            for part in speech.parts():
                met = [each for each in matched.matches if part.start <= each.start < part.end]
                said += [speech.quote(part, met)] if met else []
        if subject.kind == "theme":
            return Mentions(line, tuple(said))
        names = subject.texts
        of_them = (each for each in said if not is_named(each.voice, names))
        passages = reader.passages(own.get(line.key, ()))
        by_them = _spoken_by((_Speech(line.key, each, is_machine) for each in passages), names)
        return Mentions(line, tuple(of_them), tuple(by_them)[:OWN])


def _clauses(reader: Reader, shows: Sequence[Show], subject: Subject) -> list[Clause]:
    """Make the clauses of a subject: any of them finds it."""
    found = dict[Clause, None]()
    meanings = known_meanings(reader, shows)
    for text in subject.texts:
        if own := phrase(text):
            found[replace(own, is_inflected=subject.kind == "theme")] = None
            for misheard in mishearings((own,), (each.corrections for each in shows)):
                found |= dict.fromkeys(misheard.clauses)
            clauses = parse(text).clauses
            for meaning in meanings.find(clauses, text):
                if len(meaning.places) == len(clauses):
                    found |= dict.fromkeys(meaning.other_clauses)
    return list(found)


def _passages(clauses: Sequence[Clause], reader: Reader) -> Query:
    """Build the query of passages that any of some clauses finds."""
    if not clauses:
        return Query.empty_query()
    met = compiled(Either(tuple(clauses)), reader.vocabulary)
    return Query.boolean_query([(Occur.Must, met), (Occur.MustNot, episodes())])


def _own(reader: Reader, subject: Subject, keys: Sequence[str]) -> dict[str, list[DocAddress]]:
    """Find the first passages in which a person speaks, of each of some episodes."""
    found = defaultdict[str, list[DocAddress]](list)
    for name in subject.texts if subject.kind == "person" else ():
        if terms := [Query.term_query(schema(), "voice", form) for form in fold_name(name)]:
            said = Query.boolean_query([(Occur.Must, term) for term in terms])
            here = narrow(said, by_numbers(reader.of_keys(keys)))
            for key, addresses in reader.by_key(here, MOST).items():
                found[key] += addresses
    return {key: sorted(some, key=_place)[:OWN_LOOK] for key, some in found.items()}


def _place(address: DocAddress) -> tuple[int, int]:
    return address.segment_ord, address.doc
