"""The words that match a query, marked in passages. Few can: those whose spelling has a form of the
query. The others are passed over, and only counted where their order matters."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from radio.french.numbers import SPOKEN
from radio.search.fields import is_named
from radio.search.french import JOINT, AnalysedWord, count, words, written_word
from radio.search.passage import CharacterRange, CuePosition, Passage, Ranges
from radio.search.query import ParsedQuery, Phrase, Prefix, SaidWord, matches, words_of
from radio.search.results import Hit
from radio.search.vocabulary import Vocabulary

LETTERS = 4  # at the beginning of a word, by which it is looked for
MOST_BEGINNINGS = 60  # beginnings; where there are more, they are shorter
# Signs that spellings write otherwise: other letters, accents of their own, « _ ».
_ODD = re.compile(r"[^\x00-^`-\x7f\xa0«»·°\u00c0-\u012f\u0131-\u017f\u2010-\u203a€]")
_DOTTED = re.compile(r"\.(?<=[^\W\d_]\.)(?=[^\W\d_])")  # the points of C.N.I.L., in no spelling
_WRITTEN = {"’": "'", "\u2010": "-", "\u2011": "-"}
_BEGIN = r"(?:(?<![^\W_])|(?<=\d)(?=h)|(?=[\d%]))"  # of a word; « 19h30 » has three


def as_spelt(text: str) -> str | None:
    """Write a text as spellings are written, sign for sign; None where that can't be.

    >>> as_spelt("L’École"), as_spelt("La C.N.I.L.")
    ("l'école", None)
    """
    if _ODD.search(text) or _DOTTED.search(text):
        return None
    for sign, spelt in _WRITTEN.items():  # much faster than `translate`
        text = text.replace(sign, spelt)
    return text.lower()


def pattern(wanted: Collection[str]) -> re.Pattern[str]:
    """Make an expression that finds where words begin in a text `as_spelt`, and some others too. It
    must not be used for numbers of several words."""
    letters = LETTERS
    while letters > 1 and len({each[:letters] for each in wanted}) > MOST_BEGINNINGS:
        letters -= 1
    begins = sorted({each[:letters] for each in wanted})
    if not begins:  # filters alone: nothing is to be marked
        return re.compile(r"(?!)")
    said = "|".join(map(re.escape, begins))
    # The class of first letters comes first: `re` passes over all others at once.
    firsts = "".join(map(re.escape, sorted({each[0] for each in begins})))
    return re.compile(rf"[{firsts}](?<=(?={_BEGIN}(?:{said})).)")


class Marker:
    """Marks the words that match one query."""

    def __init__(self, query: ParsedQuery, vocabulary: Vocabulary):
        self._query, self._voices = query, query.filters.voices
        forms, self._in_order = defaultdict[str, set[str]](set), False
        for word in words_of(query.clauses):
            self._in_order |= isinstance(word, Phrase) and len(word.words) > 1
            is_prefix = isinstance(word, Prefix)
            for form in word.keys:
                found = vocabulary.beginning(form[1:]) if is_prefix else vocabulary.spellings(form)
                for spelling in found:
                    forms[spelling].add(form)
        self._forms = dict(forms)
        self._pattern = pattern(self._forms)
        # Of several words, or a word that may be a part of one.
        self._has_number = any(JOINT in each or each in SPOKEN for each in self._forms)

    def find(
        self, passages: Sequence[Passage], each_word: bool = False, elsewhere: Collection[int] = ()
    ) -> Iterator[Hit]:
        """Find what matches in each passage, or each word; a word in two passages is marked once.
        Passages need not meet the clauses that are met `elsewhere`, in the sidecar."""
        marked = set[CuePosition]()
        for passage in passages:
            candidates = list(self._candidates(passage.text))
            if self._voices:
                candidates = [
                    each for each in candidates if is_named(passage.voice(each.start), self._voices)
                ]
            starts = {each.start for each in candidates} if marked else ()
            unless = {start for start in starts if passage.cue_position(start) in marked}
            met = self._query.matches(candidates, unless, elsewhere)
            marked |= {passage.cue_position(match.start) for match in met}
            if each_word:
                yield from (Hit(passage, run) for run in _runs(passage.text, met))
            elif met:
                yield Hit(passage, met)

    def any_in(self, text: str) -> tuple[list[CharacterRange], frozenset[int]]:
        """Find the words of a text that meet any clause, and which clauses they meet."""
        clauses, text_words = self._query.clauses, list(self._candidates(text))
        met = (place for place, each in enumerate(clauses) if any(matches(each, text_words)))
        return self._query.matches(text_words, elsewhere=range(len(clauses))), frozenset(met)

    def _candidates(self, text: str) -> Iterator[SaidWord]:
        for word in self._words(text):
            if forms := self._forms.get(word.spelling):
                yield SaidWord(word.start, word.end, word.position, word.is_compound, forms)

    def _words(self, text: str) -> Iterator[AnalysedWord]:
        """Analyse the words that begin like one that is looked for; all where that is not sure."""
        spelt = None if self._has_number else as_spelt(text)
        if spelt is None:
            yield from words(text)
            return
        end = position = 0
        for match in self._pattern.finditer(spelt):
            if match.start() < end:
                continue
            start = text.rfind(" ", 0, match.start()) + 1
            if self._in_order:
                position += count(text, end, start)
            end = (text + " ").index(" ", match.end())
            group = written_word(text[start:end])
            yield from (word.shift(start, position) for word in group.words)
            position += group.length


def _runs(text: str, met: Ranges) -> list[list[CharacterRange]]:
    """Group matches with no other word between them."""
    runs = list[list[CharacterRange]]()
    for each in met:
        if runs and not any(letter.isalnum() for letter in text[runs[-1][-1].end : each.start]):
            runs[-1].append(each)
        else:
            runs.append([each])
    return runs
