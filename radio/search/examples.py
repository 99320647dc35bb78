"""Words to try: what titles, tags and glossaries name, and what is said here and not everywhere.

Somebody wrote them, so they are names of things; each is said in episodes that are public now.
"""

import math
from collections import Counter
from collections.abc import Collection, Iterator, Sequence, Set
from itertools import islice

from tantivy import Occur, Query

from radio.archive.episode import Show
from radio.archive.glossary import entries
from radio.search.fields import episodes
from radio.search.french import AnalysedWord, words
from radio.search.ranking import numbers_in
from radio.search.reader import Reader

SHORTEST = 4  # letters; an acronym may be shorter
LOOKED_AT = 60  # words, the most written
NEWEST = 500  # episodes whose titles and tags are read
FEW = 4  # episodes: that all of fewer say a word tells nothing against it
EVERYWHERE = 0.01  # the weight of a word that every episode says
PROPER = 1.5  # the weight of a name, beside that of a word
CONTENT = 2  # forms, beyond which a word has a content


def examples(reader: Reader, shows: Sequence[Show], public: Set[str], most: int) -> list[str]:
    """Choose words that are said in some public episodes and not in most: each finds something."""
    written = Counter[str]()  # by the last form: the word itself, not how it is bent
    spelt: dict[str, Counter[str]] = {}
    plain = {form for show in shows for form in _forms(f"{show.title} {show.station}")}
    for text in _texts(reader, shows, public):
        for form, spelling in _names(text):
            written[form] += 1
            spelt.setdefault(form, Counter())[spelling] += 1
    names = {
        spelt[form].most_common(1)[0][0]: math.sqrt(times) * _weigh(reader, form, public)
        for form, times in written.most_common(LOOKED_AT)
        if form not in plain
    }
    weights = {name: names[name] * (PROPER if name[0].isupper() else 1) for name in names}
    return sorted(filter(weights.get, weights), key=lambda name: (-weights[name], name))[:most]


def _texts(reader: Reader, shows: Sequence[Show], public: Set[str]) -> Iterator[str]:
    """Give what people wrote of public episodes: titles, tags, and names that shows tell."""
    newest = sorted(reader.about.values(), key=lambda each: each.key.split("/")[1], reverse=True)
    for about in islice((each for each in newest if each.key in public), NEWEST):
        yield from (about.title, *(tag for tag in about.tags if " " not in tag))
    yield from (name for show in shows for name in entries(show.glossary))


def _names(text: str) -> Iterator[tuple[str, str]]:
    """Give the words of a text that name something, each as one form and as it is written.

    The first word of a text is written small, unless it is an acronym: its capital says nothing.
    """
    for word in words(text):
        spelling = text[word.start : word.end]
        if _is_name(word, spelling):
            is_first = not word.start and not spelling.isupper()
            yield word.forms[-1], spelling.lower() if is_first else spelling


def _is_name(word: AnalysedWord, spelling: str) -> bool:
    is_long = len(spelling) >= SHORTEST or (spelling.isupper() and len(spelling) > 2)
    return is_long and spelling.isalpha() and len(word.forms) > CONTENT and not word.is_compound


def _forms(text: str) -> Collection[str]:
    return {word.forms[-1] for word in words(text)}


def _weigh(reader: Reader, form: str, public: Set[str]) -> float:
    """Weigh a word: in how many public episodes it is said, against how rare that is."""
    said = reader.vocabulary.any_of([form])
    query = Query.boolean_query([(Occur.Must, said), (Occur.MustNot, episodes())])
    keys = (reader.about[number].key for number in numbers_in(reader.searcher, query).tolist())
    number, total = sum(key in public for key in keys), max(FEW, len(public))
    return number * max(EVERYWHERE, math.log(total / number)) if number else 0.0
