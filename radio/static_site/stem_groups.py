"""Words with a common stem, lemma or family, so that a browser needs no French to search."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from radio.french.letters import fold
from radio.search.french import FAMILY
from radio.search.lemmas import lemmas_of_family
from radio.search.sounds import sound
from radio.search.vocabulary import SOUND
from radio.static_site.wordbook import Wordbook

SHORTEST, BEGINNING = 3, 5  # letters of a stem, and how many of them an inflection must share


@dataclass
class StemGroups:
    """Stems, lemmas and families that several words share, by the spellings of these words."""

    stems: Mapping[str, str]  # of each word that may be searched, said or not; empty where none
    members: Mapping[str, str]  # the words with each stem, or sound, of those that are said


def group_by_stem(spellings: Iterable[str], book: Wordbook) -> StemGroups:
    """Find the words that share a stem, and the inflections that nobody said.

    `spellings` are the words of the archive in small letters. Words that only their accents tell
    from these are given as well, without stems: they find nothing.
    """
    own_stems = {word: book.stems(word) for word in spellings}
    members = defaultdict[str, set[str]](set)
    for word, own in own_stems.items():
        for stem in own:
            members[stem].add(word)
    groups = {
        word: {stem for stem in own if len(members[stem]) > 1 or stem.isdecimal()}
        for word, own in own_stems.items()
    }
    groups |= _unsaid(own_stems.keys(), members.keys(), book)
    texts = {word: " ".join(sorted(own)) for word, own in groups.items()}
    needed = {stem for text in texts.values() for stem in text.split()}
    joined = {stem: " ".join(sorted(members[stem])) for stem in needed}
    return StemGroups(texts, joined | _by_sound(own_stems))


def _by_sound(said: Iterable[str]) -> dict[str, str]:
    """Give the words that are said by how they sound, after SOUND."""
    words = defaultdict[str, list[str]](list)
    for word in sorted(said):
        if word.isalpha() and (key := sound(word)):
            words[SOUND + key].append(word)
    return {key: " ".join(some) for key, some in words.items()}


def _unsaid(said: Iterable[str], stems: Iterable[str], book: Wordbook) -> dict[str, set[str]]:
    """Give inflections that nobody said with the stems that they share, and their look-alikes."""
    known, shared = frozenset(said), frozenset(stems)
    unsaid = {word: shared & book.stems(word) for word in book.inflections(_beginnings(shared))}
    names = {fold(word) for word in known}
    names |= {fold(word) for word, own in unsaid.items() if own}
    return {
        word: set(own)
        for word, own in unsaid.items()
        if word not in known and (own or fold(word) in names)
    }


def _beginnings(stems: Iterable[str]) -> frozenset[str]:
    lemmas = (lemma for stem in stems for lemma in _lemmas(stem))
    return frozenset(fold(lemma.lower())[:BEGINNING] for lemma in lemmas if len(lemma) >= SHORTEST)


def _lemmas(stem: str) -> Iterator[str]:
    if stem[0] == FAMILY:
        yield from lemmas_of_family(stem[1:])
    else:
        yield stem
