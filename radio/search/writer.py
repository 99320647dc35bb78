"""What is written into the index: documents of an episode, and new words. A text is written as the
spellings of its words, in order, then of compounds: as `french.words`, in a tenth of its time."""

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import lru_cache
from itertools import chain, pairwise
from operator import attrgetter
from typing import NamedTuple

import tantivy

from radio.archive.episode import Episode
from radio.formats.markdown import plain
from radio.french.numbers import SPOKEN
from radio.search import fields
from radio.search.acronyms import find_explanations
from radio.search.french import JOINT, forms, words, written_word
from radio.search.passage import Passage, pack
from radio.search.vocabulary import rows
from radio.text.transcript import voice_number

IDLE = frozenset(("été", "fait", "faire", "dit", "dire", "aller", "alors", "aussi", "bien", "là"))
TOPICS = 120  # words by which an episode is compared with others
WRITTEN_WORDS = 200_000  # that a writer remembers, some 50 MB
# Maybe a number in groups of three, or « 12 mille ».
_FIGURES = re.compile(r"\d[ \u00a0\u202f.](?:\d{3}|[Mm][Ii][Ll][Ll])")


class IndexEntry(NamedTuple):
    """An indexed episode: its number, and the stamp of its files."""

    number: int
    stamp: str

    def line(self, key: str) -> str:
        """Write it as the text of the field `stamp`."""
        return f"{key} {self.number} {self.stamp}"


class Writer:
    """Adds episodes to an index and removes them."""

    def __init__(self, writer: tantivy.IndexWriter, is_known: Callable[[str], bool]):
        self._writer, self._is_known = writer, is_known
        self._described: set[str] = set()  # spellings that the vocabulary has
        self._cut = lru_cache(maxsize=WRITTEN_WORDS)(cut)

    def remove(self, numbers: Collection[int]) -> None:
        """Remove episodes."""
        self._writer.delete_documents_by_query(fields.by_numbers(numbers))

    def add(self, episode: Episode, entry: IndexEntry, passages: Iterable[Passage]) -> None:
        """Add an episode: its passages, and what its sidecar says."""
        said: Counter[str] = Counter()
        voices: dict[str, None] = {}  # in the order in which they first speak
        for passage in passages:
            document = begin(episode, entry.number)
            named = dict.fromkeys(name for name in passage.voices if name)
            voices |= {name: None for name in named if voice_number(name) is None}
            add_names(document, "voice", named)
            document.add_unsigned("said", episode.date.toordinal())
            document.add_bytes("passage", pack(passage))
            said.update(self._add_words(document, passage.text, fields.WORDS))
            self._writer.add_document(document)
        self._describe(said)
        self.describe(episode, entry, topics(said), list(voices))

    def forget(self, key: str, entry: IndexEntry) -> None:
        """Remove what the index says of an episode; its passages stay."""
        self._writer.delete_documents_by_term("stamp", entry.line(key))

    def describe(
        self, episode: Episode, entry: IndexEntry, topics: bytes, voices: Collection[str]
    ) -> None:
        """Add what the sidecar of an episode says, its key among it."""
        about = begin(episode, entry.number)
        about.add_text("key", episode.key)
        about.add_text("kind", fields.EPISODE)
        about.add_text("stamp", entry.line(episode.key))
        about.add_bytes("about", fields.pack_about(episode, voices))
        about.add_bytes("topics", topics)
        for text in (episode.title, plain(episode.description), *episode.names, *episode.tags):
            self._describe(self._add_words(about, text, fields.WORDS, fields.SIDECAR))
        add_names(about, "speaker", voices)
        self._writer.add_document(about)

    def _add_words(self, document: tantivy.Document, text: str, *names: str) -> list[str]:
        """Add a text to some fields, and what it explains; give the spellings."""
        spellings = tokens(text, self._cut)
        for name in names:
            document.add_text(name, " ".join(spellings))
        ended = f"{text}." if fields.SIDECAR in names else text  # a passage may be cut
        for row in dict.fromkeys(each.row for each in find_explanations(ended)):
            document.add_text(fields.MEANING, row)
        return spellings

    def _describe(self, spellings: Iterable[str]) -> None:
        """Add new spellings to the vocabulary; they stay when their episode goes."""
        new = set(spellings) - self._described
        self._described |= new
        unknown = sorted(each for each in new if not self._is_known(each))
        if unknown:
            vocabulary = tantivy.Document()
            vocabulary.add_text(fields.FORMS, " ".join(chain.from_iterable(map(rows, unknown))))
            self._writer.add_document(vocabulary)


def begin(episode: Episode, number: int) -> tantivy.Document:
    """Make a document of an episode, with what all of them have."""
    document = tantivy.Document()
    document.add_unsigned("number", number)
    document.add_unsigned("day", episode.date.toordinal())
    document.add_unsigned("seconds", int(episode.audio.duration))
    add_names(document, "person", episode.names)
    add_names(document, "tag", episode.tags)
    return document


def add_names(document: tantivy.Document, field: str, names: Iterable[str]) -> None:
    """Add the words of names, as filters compare them."""
    for form in (form for name in names for form in fields.fold_name(name)):
        document.add_text(field, form)


def topics(said: Mapping[str, int]) -> bytes:
    """Write the most frequent content words, each by one stem."""
    stems: Counter[str] = Counter()
    for spelling, times in Counter(said).most_common(4 * TOPICS):
        spelling_forms = forms(spelling)
        is_plain = spelling not in IDLE and "-" not in spelling and JOINT not in spelling
        if len(spelling_forms) > 2 and is_plain:
            stems[spelling_forms[2]] += times
    return json.dumps(stems.most_common(TOPICS)).encode()


Tokens = tuple[tuple[str, ...], tuple[str, ...]]  # single words, compounds


def cut(text: str) -> Tokens:
    """Cut a text without spaces.

    >>> cut("l’avant-garde,")
    (('l', 'avant', 'garde'), ('avant-garde',))
    """
    group = written_word(text).words
    compounds = tuple(word.spelling for word in group if word.is_compound)
    return tuple(word.spelling for word in group if not word.is_compound), compounds


def tokens(text: str, cut: Callable[[str], Tokens] = cut) -> list[str]:
    """Give the tokens of a text; `cut` may remember what it has cut.

    >>> tokens("Quatre mille, Saint-Étienne")
    ['quatre_', 'mille_', 'saint', 'étienne', 'saint-étienne', 'quatre_mille']
    """
    groups = list(map(cut, text.split()))
    singles = [single for own, _ in groups for single in own]
    # Two numerals that follow one another, perhaps with « et » between them, may be a number.
    places = [place for place, single in enumerate(singles) if single in SPOKEN]
    is_near = any(second - first <= 2 for first, second in pairwise(places))
    if is_near or _FIGURES.search(text):
        return [word.spelling for word in sorted(words(text), key=attrgetter("is_compound"))]
    return singles + [compound for _, own in groups for compound in own]
