"""Dossiers from the index: which there are, their episodes, and what is said in them. People and
themes come from episodes, glossaries and keepers. Names that differ by accents or capitals are one.
They are searched as phrases, with mishearings and acronyms; threads are read as they were made.
Only what is public is shown."""

import hashlib
import logging
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import Any

from tantivy import DocAddress, Occur, Query

from radio.archive import Archive, holdings, passages, threads
from radio.archive.authorship import status_of
from radio.archive.dossier import Count, Dossier, Kind, Line, Mentions, Quotation, Subject
from radio.archive.glossary import names as glossary_names
from radio.archive.slugs import slugify
from radio.archive.themes import FILE, Themes, read_themes
from radio.french.letters import fold
from radio.search.acronyms import known_meanings
from radio.search.fields import About, by_numbers, episodes, fold_name, is_named, schema
from radio.search.marking import Marker
from radio.search.passage import CUT, CharacterRange, Passage, Ranges, sentences_of
from radio.search.query import Clause, Either, ParsedQuery, compiled, every, parse, phrase
from radio.search.ranking import narrow, numbers_in
from radio.search.reader import Reader
from radio.search.store import Store, healed
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

Outline = dict[Line, tuple[DocAddress, ...]]  # in order, each with its passages
Spellings = dict[str, set[str]]  # of one name, each with the keys of the episodes that write it so
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class KnownSubject:
    """A subject, and the public episodes whose sidecars name it."""

    subject: Subject
    keys: frozenset[str]
    is_certain: bool  # a sidecar or a keeper names it: it has a page though nobody says it


def same(name: str) -> str:
    """Give what the spellings of one name have in common.

    >>> same("Noé  Martin") == same("noe martin"), same("C++") == same("C#")
    (True, False)
    """
    return fold(" ".join(name.lower().split()))


def list_subjects(
    abouts: Iterable[About], glossaries: Iterable[Sequence[str]], themes: Themes, public: Set[str]
) -> tuple[KnownSubject, ...]:
    """List the subjects of dossiers: people first, each kind in the order of names. The names that
    a keeper gathers do not stand alone; hidden ones go. A person takes the tag of the same name.
    Names of glossaries are not certain."""
    people, tags = defaultdict[str, Spellings](dict), defaultdict[str, Spellings](dict)
    for about in (each for each in abouts if each.key in public):
        for names, some in ((people, (*about.people, *about.voices)), (tags, about.tags)):
            for name in some:
                if key := same(name):
                    names[key].setdefault(name, set()).add(about.key)

    def known(subject: Subject, written: Sequence[Spellings]) -> KnownSubject:
        named = tuple(sorted({spelling for each in written for spelling in each}))
        keys = frozenset(key for each in written for keys in each.values() for key in keys)
        return KnownSubject(replace(subject, named=named), keys, True)

    def likeliest(written: Spellings) -> str:
        return min(written, key=lambda spelling: (-len(written[spelling]), spelling))

    found, hidden = list[KnownSubject](), set[str]()
    for theme in themes.themes:
        own = [same(text) for text in (theme.name, *theme.words)]
        both = (people, tags) if theme.kind == "person" else (tags,)
        written = [names.pop(text) for text in own for names in both if text in names]
        subject = Subject(theme.kind, theme.name, "", theme.words, (), theme.description)
        found.append(known(subject, written))
        hidden |= set(own) if theme.hidden else set()
    found = [each for each in found if same(each.subject.name) not in hidden]
    for key, each in people.items():
        subject = Subject("person", likeliest(each), "")
        found.append(known(subject, [each, tags.pop(key, {})]))
    found += [known(Subject("theme", likeliest(each), ""), [each]) for each in tags.values()]
    taken = hidden | {same(text) for each in found for text in each.subject.texts}
    said = {same(name): name for glossary in glossaries for name in glossary_names(glossary)}
    alone = (Subject("theme", text, "") for key, text in said.items() if key not in taken)
    found += [KnownSubject(each, frozenset(), False) for each in alone]
    return tuple(each for kind in ("person", "theme") for each in _with_slugs(found, kind))


def _with_slugs(found: Iterable[KnownSubject], kind: str) -> Iterator[KnownSubject]:
    """Give the subjects of a kind their slugs, in the order of names; two names have two slugs."""
    own, met = (each for each in found if each.subject.kind == kind), set[str]()
    for each in sorted(own, key=lambda each: (same(each.subject.name), each.subject.name)):
        name = each.subject.name
        slug = slugify(name)
        if not slug or slug in met:
            letters = hashlib.sha256(name.encode()).hexdigest()[:LETTERS]
            slug = f"{slug}-{letters}".strip("-")
        met.add(slug)
        yield replace(each, subject=replace(each.subject, slug=slug))


def _sentences(passage: Passage) -> Iterator[CharacterRange]:
    for first, last in passage.turns():
        yield from sentences_of(passage.text[first:last], first)


def _quote(
    key: str, is_machine: bool, passage: Passage, part: CharacterRange, found: Ranges = ()
) -> Quotation:
    """Quote a sentence, with an ellipsis where it goes on outside its passage. Text without full
    stops, as machines may write it, gets none."""
    whole, text = passage.text, passage.text[part.start : part.end]
    has_ends, space = any(sign in whole for sign in SENTENCE_END), "\N{NO-BREAK SPACE}"
    goes_on = has_ends and part.end == len(whole) and not whole.endswith(SENTENCE_END)
    head = f"{CUT}{space}" if has_ends and part.start == 0 and whole[0].islower() else ""
    moved = len(head) - part.start
    return Quotation(
        key,
        passage.time(part.start),
        passage.time(part.end - 1),
        f"{head}{text}{space}{CUT}" if goes_on else f"{head}{text}",
        passage.voice(part.start),
        is_machine,
        tuple((each.start + moved, min(each.end, part.end) + moved) for each in found),
    )


class Dossiers:
    """The dossiers of an archive. Methods raise SearchError if the index can't be read, and
    ArchiveError if `themes.json` or `threads.json` can't."""

    def __init__(self, archive: Archive, store: Store, heal: Callable[[Callable[[], Any]], Any]):
        self._archive, self._store, self.heal = archive, store, heal

    @healed
    def subjects(self, reader: Reader) -> tuple[Count, ...]:
        """List people, themes and threads, with their episodes counted."""
        state, known = self._named(reader)

        def count() -> tuple[Count, ...]:
            counted = ((each, self._count(reader, each)) for each in known)
            return tuple(Count(it.subject, n) for it, n in counted if n or it.is_certain)

        sewn = (Count(it, len(lines)) for it, lines in passages.threads(self._archive).items())
        return (*reader.once("subjects", state, count), *sewn)

    @healed
    def find(self, reader: Reader, kind: Kind, slug: str) -> Subject | None:
        """Find what a slug names."""
        if kind == "thread":
            return next((it for it in passages.threads(self._archive) if it.slug == slug), None)
        return self._find(reader, lambda it: (it.kind, it.slug) == (kind, slug))

    @healed
    def named(self, reader: Reader, kind: Kind, name: str) -> Subject | None:
        """Find what a name stands for, in whatever letters; rather one of this kind."""

        def alike(it: Subject) -> bool:
            return same(name) in map(same, (it.name, *it.words))

        own = self._find(reader, lambda it: it.kind == kind and alike(it))
        return own or self._find(reader, alike)

    @healed
    def outline(self, reader: Reader, subject: Subject) -> tuple[Line, ...]:
        """List the episodes of a dossier, the oldest first, undated ones last; or of a thread."""
        if subject.kind == "thread":
            return passages.threads(self._archive).get(subject, ())
        return tuple(self._outline(reader, subject))

    @healed
    def dossier(self, reader: Reader, subject: Subject, lines: Sequence[Line]) -> Dossier:
        """Quote what is said in some episodes of the outline."""
        state = subject, tuple(lines), holdings.public_keys(self._archive)

        def make() -> Dossier:
            return self._read(reader, subject, lines, MOST_SAID)

        return reader.once("dossiers", state, make, REMEMBERED)

    @healed
    def whole(self, reader: Reader, subject: Subject, lines: Sequence[Line]) -> Dossier:
        """Quote all that is said in some episodes of the outline."""
        return self._read(reader, subject, lines, MOST)

    def state(self) -> Hashable:
        """Give a value that changes whenever dossiers may."""
        archive = self._archive
        written = [stamp(archive.root / each) for each in (FILE, threads.FILE)]
        return self._store.state(), *written, holdings.state(archive, archive.folders())

    def alike(self, some: str, typed: str) -> Iterator[Subject]:
        """Find the subjects that keepers name almost like some words, or all that was typed."""
        reader = self._store.reader()
        try:
            _state, known = self._named(reader)
        except ArchiveError as error:  # a search goes on without what keepers say
            log.warning("%s", error)
            return
        for each in known:
            subject = each.subject
            is_own = each.is_certain and not set(subject.texts) <= {*subject.named}
            if is_own and is_alike(subject, some, typed) and self._count(reader, each):
                yield subject

    def _find(self, reader: Reader, is_asked: Callable[[Subject], bool]) -> Subject | None:
        """Find the first that is asked for; only names of glossaries need be counted."""
        _state, known = self._named(reader)
        asked = (each for each in known if is_asked(each.subject))
        return next((it.subject for it in asked if it.is_certain or self._count(reader, it)), None)

    def _named(self, reader: Reader) -> tuple[Hashable, tuple[KnownSubject, ...]]:
        """List all subjects, once for each state, and give the state."""
        shows, themes = self._archive.shows(), read_themes(self._archive.root)
        public, glossaries = holdings.public_keys(self._archive), [show.glossary for show in shows]
        state = (public, themes, *((show.slug, show.glossary) for show in shows))

        def make() -> tuple[KnownSubject, ...]:
            return list_subjects(reader.about.values(), glossaries, themes, public)

        return state, reader.once("named", state, make)

    def _clauses(self, reader: Reader, subject: Subject) -> list[Clause]:
        found, shows = dict[Clause, None](), self._archive.shows()
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

    def _count(self, reader: Reader, known: KnownSubject) -> int:
        query = _passages(self._clauses(reader, known.subject), reader)
        said = {reader.about[number].key for number in numbers_in(reader.searcher, query)}
        return len((said & holdings.public_keys(self._archive)) | known.keys)

    def _outline(self, reader: Reader, subject: Subject) -> Outline:
        def make() -> Outline:
            clauses = self._clauses(reader, subject)
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

        state = subject, holdings.public_keys(self._archive)
        return reader.once("outlines", state, make, REMEMBERED)

    def _read(self, reader: Reader, subject: Subject, lines: Sequence[Line], most: int) -> Dossier:
        """Quote the sentences that name a subject, and what a person says; or all of a thread."""
        if subject.kind == "thread":
            return passages.read(self._archive, subject)
        outline, names, entries = self._outline(reader, subject), subject.texts, list[Mentions]()
        is_person, clauses = subject.kind == "person", tuple(self._clauses(reader, subject))

        def is_theirs(passage: Passage, part: CharacterRange) -> bool:
            return is_person and is_named(passage.voice(part.start), names)

        marker = Marker(ParsedQuery((Either(clauses),)), reader.vocabulary)
        spoken = _spoken(reader, names if is_person else (), [each.key for each in lines])
        for line in (each for each in lines if holdings.find_episode(self._archive, each.key)):
            is_machine = status_of(self._archive, line.key) == "machine"
            quote = partial(_quote, line.key, is_machine)
            firsts = sorted(outline.get(line, ()), key=_place)[:most]
            said = (
                quote(hit.passage, part, met)
                for hit in marker.find(reader.passages(firsts))
                for part in _sentences(hit.passage)
                if (met := [it for it in hit.matches if part.start <= it.start < part.end])
                if not is_theirs(hit.passage, part)
            )
            own = [
                quote(passage, part)
                for passage in reader.passages(spoken.get(line.key, ()))
                for part in _sentences(passage)
                if part.end - part.start >= SHORTEST and is_theirs(passage, part)
            ]
            once = (it for n, it in enumerate(own) if all(o.end <= it.start for o in own[:n]))
            entries.append(Mentions(line, tuple(said), tuple(islice(once, OWN))))
        return Dossier(subject, tuple(entries))


def _passages(clauses: Sequence[Clause], reader: Reader) -> Query:
    if not clauses:
        return Query.empty_query()
    met = compiled(Either(tuple(clauses)), reader.vocabulary)
    return Query.boolean_query([(Occur.Must, met), (Occur.MustNot, episodes())])


def _spoken(reader: Reader, names: Sequence[str], keys: list[str]) -> dict[str, list[DocAddress]]:
    """Find the first passages of each episode in which somebody speaks."""
    found = defaultdict[str, list[DocAddress]](list)
    for name in names:
        if terms := [Query.term_query(schema(), "voice", form) for form in fold_name(name)]:
            here = narrow(every(terms), by_numbers(reader.of_keys(keys)))
            for key, addresses in reader.by_key(here, MOST).items():
                found[key] += addresses
    return {key: sorted(some, key=_place)[:OWN_LOOK] for key, some in found.items()}


def _place(address: DocAddress) -> tuple[int, int]:
    return address.segment_ord, address.doc
