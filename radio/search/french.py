"""The analysis of French words: each word has several forms, all at one position in the text.

A word matches a word of the query if they share a form. So text and query go through the same
analysis. The first character of a form is its kind:

    =caméras   its spelling: as written, in small letters
    -cameras   folded: neither accents nor ligatures nor apostrophes
    ~camera    lemmas, folded too unless accents tell one from another; else stems
    +police    families, by their names

A spelling decides all other forms. That of a compound keeps its hyphens; that of a number in
several words or groups of figures has `_` between them (vingt_et_un, 12_000).
"""

import importlib.metadata
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from radio.french.letters import composed, fold
from radio.french.numbers import ALONE, NUMERALS, find_numbers, read_ordinal
from radio.search.lemmas import EDITION, family_of, fold_lemma, lemmas_of, stems_of

EXACT, FOLDED, STEM, FAMILY = "=", "-", "~", "+"
_VERSIONS = [importlib.metadata.version(name) for name in ("simplemma", "PyStemmer")]
RELEASES = "-".join([*_VERSIONS, EDITION])
"""Other releases may give other forms, so they are part of the version of the index."""
LONGEST_WORD = 64  # letters; longer words are cut

ELIDED = (*"cdjlmnst", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu")
_LETTER = "(?:[^\\W_][\u0300-\u036f]*)"
_WORD = re.compile(
    r"\d{1,2}(?=h(?:\d\d)?\b)|(?<=\d)h(?=\d\d\b)|%"
    rf"|(?P<acronym>(?:[^\W\d_]\.){{2,}}(?:[^\W\d_](?!\w))?)"
    rf"|(?P<elided>(?:{'|'.join(ELIDED)})(?=['’ʼ]{_LETTER}))"
    rf"|{_LETTER}+(?:['’ʼ]{_LETTER}+)*",
    re.IGNORECASE,
)
_GROUPED = re.compile(r"(?<![\w,])\d{1,3}(?:[ \u00a0\u202f.]\d{3})+(?![\w,])")
_WRITTEN_WORD = re.compile(r"\S+")
_HYPHENS = frozenset("-\u2010\u2011")
_BETWEEN = " \n\t\u00a0\u202f-\u2010\u2011"  # allowed between the words of a number
_STOP = "."
JOINT = "_"  # between the words of a number; no other word has it
ORDINAL = "e"  # after the number of a place: « deuxième » is 2e
_APOSTROPHES = str.maketrans("’ʼ", "''")
FUNCTION_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
        le la les un une des du de d l à a au aux et ou où ni mais donc or car que qu qui quoi dont
        ce cet cette ces c ça cela ceci se s sa son ses si en y ne n pas je j tu t te il elle on
        nous vous ils elles me m ma mon mes ton ta tes notre nos votre vos leur leurs lui eux moi
        toi soi par pour avec sans sous sur dans vers chez entre est es suis sommes êtes sont être
        ai as ont avons avez avoir était étaient avait avaient plus très comme quand tout
        """,
    )
)


class AnalysedWord(NamedTuple):
    """A word of a text, or a hyphenated compound at the position of its first part."""

    start: int  # characters
    end: int
    position: int
    spelling: str
    is_light: bool = False  # a function word: searched only within a phrase
    is_compound: bool = False

    @property
    def forms(self) -> tuple[str, ...]:
        """Its forms: the exact one, the folded one, then the others."""
        return forms(self.spelling)

    @property
    def folded(self) -> str:
        """Its folded form, found without the others."""
        return folded_form(self.spelling)

    def shift(self, characters: int, words: int) -> "AnalysedWord":
        """Give the same word, so many characters and words further on."""
        return AnalysedWord(
            self.start + characters, self.end + characters, self.position + words, *self[3:]
        )


def words(text: str) -> Iterator[AnalysedWord]:
    """Cut a text into words: each compound after its parts, numbers of several words at the end.

    >>> [word.forms[0] for word in words("L’école, aujourd’hui : Saint-Étienne, la C.N.I.L.")]
    ['=l', '=école', "=aujourd'hui", '=saint', '=étienne', '=saint-étienne', '=la', '=cnil']
    >>> [word.forms for word in words("Vingt et un")][-1]
    ('=vingt_et_un', '-vingt_et_un', '~21')
    >>> [word.forms[-1] for word in words("19h30 : 12 000 voix, 3 %")]
    ['~19', '~heure', '~30', '~12', '~000', '~voix', '~3', '+cent', '~12000']
    """
    position, numerals, singles = 0, 0, []
    for match in _WRITTEN_WORD.finditer(text):
        start = match.start()
        group = written_word(match[0])
        for single in group.words:
            word = single.shift(start, position)
            if not word.is_compound:
                singles.append(word)
                numerals += word.spelling in NUMERALS
            yield word
        position += group.length
    if numerals > 1:
        yield from _numbers(text, singles)
    yield from (_grouped(match, singles) for match in _GROUPED.finditer(text))


def count(text: str, start: int, end: int) -> int:
    """Count the words between two characters of a text, without compounds."""
    return sum(1 for _ in _WORD.finditer(text, start, end))


class WrittenWord(NamedTuple):
    """What is written between two spaces; « l’école » holds two words."""

    words: tuple[AnalysedWord, ...]
    length: int  # words, without compounds


@lru_cache(maxsize=40_000)
def written_word(text: str) -> WrittenWord:
    """Cut a text without spaces into words; texts repeat themselves, so results are cached."""
    singles = [_word(match, position) for position, match in enumerate(_WORD.finditer(text))]
    compounds = [_compound(text, run) for run in _runs(text, singles)]
    if compounds and _is_number(singles):
        compounds = []  # « vingt-trois » is one
    return WrittenWord((*singles, *compounds), len(singles))


def _is_number(singles: Sequence[AnalysedWord]) -> bool:
    texts = [word.spelling for word in singles]
    return any(last - first > 1 for first, last, _ in find_numbers(texts))


def _runs(text: str, singles: list[AnalysedWord]) -> Iterator[list[AnalysedWord]]:
    """Group the words that hyphens join."""
    run: list[AnalysedWord] = []
    for word in singles:
        if run and text[run[-1].end : word.start] not in _HYPHENS:
            if len(run) > 1:
                yield run
            run = []
        run.append(word)
    if len(run) > 1:
        yield run


def _numbers(text: str, singles: list[AnalysedWord]) -> Iterator[AnalysedWord]:
    """Make one word of each number of several words; a comma or full stop ends a number."""
    texts: list[str] = []
    for before, word in zip([None, *singles], singles, strict=False):
        if before and text[before.end : word.start].strip(_BETWEEN):
            texts.append(_STOP)
        texts.append(word.spelling)
    places = [place for place, each in enumerate(texts) if each != _STOP]
    for first, last, _ in find_numbers(texts):
        if last - first > 1:
            run = singles[places.index(first) : places.index(last - 1) + 1]
            spelling = JOINT.join(texts[first:last])
            start, end = run[0].start, run[-1].end
            yield AnalysedWord(start, end, run[0].position, spelling, is_compound=True)


def _grouped(match: re.Match[str], singles: Sequence[AnalysedWord]) -> AnalysedWord:
    """Make one word of a number in groups of three figures."""
    start, end = match.span()
    position = next(word.position for word in singles if word.start >= start)
    return AnalysedWord(start, end, position, re.sub(r"\D", JOINT, match[0]), is_compound=True)


@lru_cache(maxsize=40_000)
def forms(spelling: str) -> tuple[str, ...]:
    """Give the forms of a word in small letters, the exact one first and the folded one second.

    >>> forms("travaux")
    ('=travaux', '-travaux', '~travail', '+travailler')
    >>> forms("avant-garde")[:2], forms("12_000")
    (('=avant-garde', '-avantgarde'), ('=12_000', '-12000', '~12000'))
    """
    others = [_value(spelling)] if JOINT in spelling else _roots(_plain_word(spelling))
    return EXACT + spelling, folded_form(spelling), *others


def folded_form(spelling: str) -> str:
    """Give the folded form of a word in small letters.

    >>> [folded_form(each) for each in ("été", "avant-garde", "12_000", "vingt_et_un", "%")]
    ['-ete', '-avantgarde', '-12000', '-vingt_et_un', '-cent']
    """
    if JOINT in spelling:
        is_in_figures = spelling[0].isdecimal()
        return FOLDED + (spelling.replace(JOINT, "") if is_in_figures else fold(spelling))
    return FOLDED + fold(_plain_word(spelling))


def _plain_word(spelling: str) -> str:
    """Give what a spelling of one word is looked up by."""
    return "cent" if spelling == "%" else spelling.replace("-", "")


def _value(spelling: str) -> str:
    """Give the stem of a number of several words or groups of figures: its value."""
    numerals = spelling.split(JOINT)
    if numerals[0].isdecimal():
        return STEM + "".join(numerals)
    return STEM + str(next(value for _, _, value in find_numbers(numerals)))


def _roots(word: str) -> Sequence[str]:
    """Give the lemmas or stems of a word, then its families; none of a function word."""
    if word in FUNCTION_WORDS:
        return ()
    lemmas = lemmas_of(word) - FUNCTION_WORDS
    stems = set(map(fold_lemma, lemmas)) or stems_of(word)
    if word not in ALONE:
        stems |= {str(value) for _, _, value in find_numbers([word])}
    lemmas = lemmas or {word, word.removesuffix("s")}
    if (place := read_ordinal(word)) is not None:
        stems.add(f"{place}{ORDINAL}")
    roots = sorted(STEM + each for each in stems)
    families = {family for lemma in lemmas if (family := family_of(lemma))}
    return [*roots, *sorted(FAMILY + each for each in families)]


def is_number(form: str) -> bool:
    """Whether a form is that of a number, however it is said."""
    return form[0] == STEM and form[1:].isdecimal()


def _word(match: re.Match[str], position: int) -> AnalysedWord:
    start, end = match.span()
    spelling = _plain(match[0])
    is_light = spelling in FUNCTION_WORDS or match.lastgroup == "elided"
    return AnalysedWord(start, end, position, spelling, is_light)


def _compound(text: str, run: list[AnalysedWord]) -> AnalysedWord:
    """Make one word of several: its spelling keeps the hyphens."""
    first, last = run[0], run[-1]
    spelling = _plain(text[first.start : last.end])
    is_light = all(part.is_light for part in run)
    return AnalysedWord(first.start, last.end, first.position, spelling, is_light, is_compound=True)


def _plain(word: str) -> str:
    small = composed(word[:LONGEST_WORD]).lower().translate(_APOSTROPHES)
    small = small.replace(".", "")
    return small.replace("\u2010", "-").replace("\u2011", "-")
