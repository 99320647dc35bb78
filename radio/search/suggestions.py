"""What leads to a query, or on from one: names and words that begin so, or almost. Where nothing
was found or words were left out: people, themes and titles written alike; else the most frequent
tags and the newest episodes. Words to try stand in titles, tags or glossaries, and are said."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import replace
from itertools import islice, takewhile

from tantivy import Occur, Query

from radio.archive import Archive, holdings
from radio.archive.dossier import Subject
from radio.archive.episode import Show
from radio.archive.glossary import entries
from radio.french.letters import fold
from radio.french.sounds import errors
from radio.search.compiler import CompiledQuery, Compiler
from radio.search.fields import About, episodes
from radio.search.french import FOLDED, words
from radio.search.ranking import numbers_in
from radio.search.reader import Reader
from radio.search.results import Near, Results, SearchOptions
from radio.search.syntax import without_filters

Names = Iterable[tuple[str, str]]  # folded and as written, in order of preference
NameSubjects = Callable[[str, str], Iterable[Subject]]  # like some words, or all that was typed
MOST = 5  # people, tags or episodes
MOST_WORDS = 6  # of a query, for which something near is looked for
SHARED = 4  # letters that two words share at their beginning
DIFFERENT = 2  # letters by which the shorter one ends otherwise, at most
SHORTEST = 4  # letters; an acronym may be shorter
LOOKED_AT = 60  # words, the most written
NEWEST = 500  # episodes whose titles and tags are read
FEW = 4  # episodes: that all of fewer say a word tells nothing against it
EVERYWHERE = 0.01  # the weight of a word that every episode says
PROPER = 1.5  # the weight of a name, beside that of a word
CONTENT = 2  # forms, beyond which a word has a content


def suggest(
    beginning: str, names: Names, words: Names, most: int, is_public: Callable[[str], bool]
) -> list[str]:
    """Suggest public names with a word that begins so; then words for the last one typed.

    >>> words = [("camera", "caméra"), ("rue", "rue")]
    >>> suggest("la cam", [("camille", "Camille")], words, 5, bool)
    ['la caméra']
    >>> suggest("cam", [("camille", "Camille")], words, 5, bool)
    ['Camille', 'caméra']
    """
    text = " ".join(beginning.split())
    prefix = fold(text.lower())
    before, last = text.rpartition(" ")[0], prefix.rpartition(" ")[2]
    fits = (pair for pair in names if f" {prefix}" in f" {pair[0]}" and is_public(pair[1]))
    matches = list(islice(fits, most))
    name_words = {word for folded, _ in matches for word in folded.split()}
    completions = (pair for pair in words if last and pair[0].startswith(last))
    ends = (f"{before} {word}".strip() for folded, word in completions if folded not in name_words)
    return list(dict.fromkeys([*(name for _, name in matches), *ends]))[:most]


def lead_on(
    found: Results,
    compiled: CompiledQuery,
    archive: Archive,
    reader: Reader,
    options: SearchOptions,
    named: NameSubjects,
) -> Results:
    """Add to results what leads on where words are left out, or nothing was found."""
    left_out = " ".join(found.interpretation.without)
    if options.episode is not None or not (left_out or not found.total):
        return found
    public = holdings.public_keys(archive)
    close = near(left_out or compiled.typed, reader, public)
    subjects = tuple(named(left_out, compiled.typed))
    gathered = {name for each in subjects for name in (each.name, *each.named)}
    close = replace(  # what a keeper names stands for the names that it gathers
        close,
        people=tuple(each for each in close.people if each not in gathered),
        tags=tuple(each for each in close.tags if each not in gathered),
        subjects=subjects[:MOST],
    )
    if found.total:
        return replace(found, near=close)
    # What the words find without filters.
    words, beyond = without_filters(found.query), 0
    if words and (words != found.query or options.show is not None):
        everywhere = Compiler(archive, reader, replace(options, show=None))
        if query := everywhere.compile(words).index_query:
            beyond = len(numbers_in(reader.searcher, query))
    return replace(found, near=close or at_hand(reader, public) or Near(), beyond=beyond)


def near(typed: str, reader: Reader, public: Set[str]) -> Near:
    """Find people, tags and titles of public episodes with a word close to a typed one."""
    named, found = reader.named_words, list[tuple[str, str]]()
    for word in _asked(typed):
        alike = (each for each in named if _are_alike(each, word))
        for each in sorted(alike, key=lambda each: -_shared(each, word)):
            found += named[each]
    return _near(found, reader, public, is_close=True)


def at_hand(reader: Reader, public: Set[str]) -> Near:
    """Give the most frequent tags, and the newest public episodes."""
    tags = {tag for about in reader.about.values() for tag in about.tags}
    found = [("tag", name) for _, name in reader.names if name in tags]
    found += [("title", about.key) for about in _newest(reader)]
    return _near(found, reader, public, is_close=False)


def _near(
    found: Sequence[tuple[str, str]], reader: Reader, public: Set[str], *, is_close: bool
) -> Near:
    def names(kind: str) -> tuple[str, ...]:
        own = dict.fromkeys(name for other, name in found if other == kind)
        known = (name for name in own if not public.isdisjoint(reader.keys_by_name[name]))
        return tuple(islice(known, MOST))

    keys = dict.fromkeys(key for kind, key in found if kind == "title" and key in public)
    titles = ((key, reader.about[reader.number_of[key]].title) for key in islice(keys, MOST))
    return Near(names("person"), names("tag"), tuple(titles), is_close=is_close)


def is_alike(subject: Subject, some: str, typed: str) -> bool:
    """Whether a subject is named almost like a word of some, or like all that was typed.

    >>> theme = Subject("theme", "Mal-logement", "mal-logement", ("loyers",))
    >>> is_alike(theme, "loyrs", ""), is_alike(theme, "", "mallogement"), is_alike(theme, "bal", "")
    (True, True, False)
    """
    asked, whole = _asked(some or typed), "".join(_folded(typed))
    for text in subject.texts:
        own = _folded(text)
        joined = "".join(own)
        if len(joined) >= SHARED and whole and errors(joined, whole, 1) <= 1:
            return True
        if any(len(one) >= SHARED and _are_alike(one, other) for one in own for other in asked):
            return True
    return False


def _asked(typed: str) -> list[str]:
    return [word for word in dict.fromkeys(_folded(typed)) if len(word) >= SHARED][:MOST_WORDS]


def _folded(text: str) -> list[str]:
    text_words = (word for word in words(text) if not (word.is_light or word.is_compound))
    return [word.folded.removeprefix(FOLDED) for word in text_words]


def _are_alike(one: str, other: str) -> bool:
    if one[0] != other[0]:
        return False
    is_begun_alike = _shared(one, other) >= max(SHARED, min(len(one), len(other)) - DIFFERENT)
    return is_begun_alike or errors(one, other, 1) <= 1


def _shared(one: str, other: str) -> int:
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _newest(reader: Reader) -> list[About]:
    return sorted(reader.about.values(), key=lambda each: each.key.split("/")[1], reverse=True)


def examples(reader: Reader, shows: Sequence[Show], public: Set[str], most: int) -> list[str]:
    """Choose words that are said in some public episodes and not in most."""
    newest = islice((each for each in _newest(reader) if each.key in public), NEWEST)
    texts = [(about.title, *(tag for tag in about.tags if " " not in tag)) for about in newest]
    texts += [tuple(entries(show.glossary)) for show in shows]
    spelt = defaultdict[str, Counter[str]](Counter)
    for form, spelling in (pair for some in texts for text in some for pair in _names(text)):
        spelt[form][spelling] += 1
    plain = {word.forms[-1] for show in shows for word in words(f"{show.title} {show.station}")}
    weights, total = dict[str, float](), max(FEW, len(public))
    frequent = Counter({form: some.total() for form, some in spelt.items()}).most_common(LOOKED_AT)
    for form, times in (pair for pair in frequent if pair[0] not in plain):
        said = reader.vocabulary.any_of([form])
        query = Query.boolean_query([(Occur.Must, said), (Occur.MustNot, episodes())])
        numbers = numbers_in(reader.searcher, query).tolist()
        if count := sum(reader.about[number].key in public for number in numbers):
            name = spelt[form].most_common(1)[0][0]
            own = count * max(EVERYWHERE, math.log(total / count))
            weights[name] = math.sqrt(times) * own * (PROPER if name[0].isupper() else 1)
    return sorted(weights, key=lambda name: (-weights[name], name))[:most]


def _names(text: str) -> Iterator[tuple[str, str]]:
    """Give the words that name something: last form, and spelling, small where it begins a text."""
    for word in words(text):
        spelling = text[word.start : word.end]
        is_acronym = spelling.isupper()
        is_long = len(spelling) >= SHORTEST or (is_acronym and len(spelling) > 2)
        if is_long and spelling.isalpha() and len(word.forms) > CONTENT and not word.is_compound:
            is_first = not word.start and not is_acronym
            yield word.forms[-1], spelling.lower() if is_first else spelling
