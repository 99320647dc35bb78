"""The analysis of French words: each word has several forms, all at one position in the text.

A word matches a word of the query if they share a form. The first character of a form is its kind:

    =caméras   its spelling: as written, in small letters
    -cameras   folded: neither accents nor ligatures nor apostrophes
    ~camera    lemmas, folded too unless accents tell one from another; else stems
    +police    families, by their names

A spelling decides all other forms. A compound keeps its hyphens; a number of several words or
groups of figures has `_` between them (vingt_et_un, 12_000), and words of such a number have it at
their end (vingt_): alone they say no number. A word of the dictionary has lemmas,
also of the words that it may be with accents. Any other word has stems: `bobrans` has `bobran`.

`families.txt` has a family on each line (« fichage » belongs to « fiche »), named by the first
word. A word alone has no family: only its accents tell it from another (côté). Acronyms (ONU) are
in capitals. `homographs.txt` has forms that are also words. The only importer of Stemmer."""

import importlib.metadata
import re
import threading
import tomllib
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from itertools import chain
from typing import NamedTuple

import Stemmer

from radio.french.letters import ELIDED, FUNCTION_WORDS, composed, fold, with_accents
from radio.french.lexicon import (
    FAMILIES,
    common,
    dictionary,
    families,
    is_french,
    is_in_dictionary,
    lemma_of,
)
from radio.french.numbers import (
    ALONE,
    GREAT,
    NOUNS,
    ORDINAL,
    SPOKEN,
    find_numbers,
    find_spoken,
    read_ordinal,
)

EXACT, FOLDED, STEM, FAMILY = "=", "-", "~", "+"
_ROOM = resources.files("radio.search")
_HOMOGRAPHS = _ROOM.joinpath("homographs.txt").read_text(encoding="utf-8")
_VERSIONS = [importlib.metadata.version(name) for name in ("simplemma", "PyStemmer")]
# Part of the index's version: other releases and tables may give other forms.
RELEASES = "-".join([*_VERSIONS, f"{zlib.crc32((FAMILIES + _HOMOGRAPHS).encode()):08x}"])
LONGEST_WORD = 64  # letters; longer words are cut
KEPT = 10_000  # words that stay in memory cut, and as many with their forms: 5 MB each

_LETTER = "(?:[^\\W_][\u0300-\u036f]*)"
_WORD = re.compile(
    r"\d{1,2}(?=h(?:\d\d)?\b)|(?<=\d)h(?=\d\d\b)|%"
    rf"|(?P<acronym>(?:[^\W\d_]\.){{2,}}(?:[^\W\d_](?!\w))?)"
    rf"|(?P<elided>(?:{'|'.join(ELIDED)})(?=['’ʼ]{_LETTER}))"
    rf"|{_LETTER}+(?:['’ʼ]{_LETTER}+)*",
    re.IGNORECASE,
)
_GROUPED = re.compile(r"(?<![\w,])\d{1,3}(?:[ \u00a0\u202f.]\d{3})+(?![\w,])")
_GREAT = rf"(?<![\w,])\d{{1,3}}[ \u00a0\u202f]({'|'.join(GREAT)})\b"
_THOUSANDS = re.compile(_GREAT, re.IGNORECASE)  # « 12 mille », « 3 millions »
_WRITTEN_WORD = re.compile(r"\S+")
_HYPHENS = frozenset("-\u2010\u2011")
_BETWEEN = " \n\t\u00a0\u202f-\u2010\u2011"  # allowed between the words of a number
_STOP = "."
JOINT = "_"  # between the words of a number; no other word has it
_WRITTEN = str.maketrans("’ʼ\u2010\u2011", "''--", ".")


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
        """Move the word by so many characters and words."""
        start, end, position = self.start + characters, self.end + characters, self.position + words
        return self._replace(start=start, end=end, position=position)


def words(text: str) -> Iterator[AnalysedWord]:
    """Cut a text into words: each compound after its parts, numbers of several words at the end.

    >>> [word.forms[0] for word in words("L’école, aujourd’hui : Saint-Étienne, la C.N.I.L.")]
    ['=l', '=école', "=aujourd'hui", '=saint', '=étienne', '=saint-étienne', '=la', '=cnil']
    >>> [word.forms for word in words("Vingt et un")][-1]
    ('=vingt_et_un', '-vingt_et_un', '~21')
    >>> [word.forms[-1] for word in words("Au dix-neuvième")][-1], forms("xixe")[2]
    ('~19e', '~19e')
    >>> [word.forms[-1] for word in words("19h30 : 12 000 voix, 3 %")]
    ['~19', '~heure', '~30', '~12', '~000', '~voix', '~3', '+cent', '~12000']
    """
    position, found = 0, list[AnalysedWord]()
    for match in _WRITTEN_WORD.finditer(text):
        group = written_word(match[0])
        found += (word.shift(match.start(), position) for word in group.words)
        position += group.length
    singles = [word for word in found if not word.is_compound]
    is_near = sum(word.spelling in SPOKEN for word in singles) > 1
    counted = [word for word in singles if word.spelling not in NOUNS] if is_near else []
    numbers = list(_numbers(text, counted))  # « soixante millions » is also said of 60
    yield from (_within(numbers, word) for word in found)
    if is_near:
        yield from dict.fromkeys((*numbers, *_numbers(text, singles)))
    yield from (_grouped(match, singles) for match in _GROUPED.finditer(text))
    yield from (_grouped(match, singles) for match in _THOUSANDS.finditer(text))


def count(text: str, start: int, end: int) -> int:
    """Count the words between two characters of a text, without compounds."""
    return sum(1 for _ in _WORD.finditer(text, start, end))


class WrittenWord(NamedTuple):
    """What is written between two spaces; « l’école » holds two words."""

    words: tuple[AnalysedWord, ...]
    length: int  # words, without compounds


@lru_cache(maxsize=KEPT)
def written_word(text: str) -> WrittenWord:
    """Cut a text without spaces into words."""
    singles = []
    for position, match in enumerate(_WORD.finditer(text)):
        (start, end), spelling = match.span(), _plain(match[0])
        is_light = spelling in FUNCTION_WORDS or match.lastgroup == "elided"
        singles.append(AnalysedWord(start, end, position, spelling, is_light))
    compounds = []
    for run in _runs(text, singles):
        start, end, light = run[0].start, run[-1].end, all(part.is_light for part in run)
        spelling = _plain(text[start:end])  # with its hyphens
        compounds.append(AnalysedWord(start, end, run[0].position, spelling, light, True))
    numbers = find_spoken([word.spelling for word in singles]) if compounds else ()
    if any(last - first > 1 for first, last, _ in numbers):
        compounds = []  # « vingt-trois » is one
    return WrittenWord((*singles, *compounds), len(singles))


def _runs(text: str, singles: Sequence[AnalysedWord]) -> list[list[AnalysedWord]]:
    runs = list[list[AnalysedWord]]()
    for word in singles:
        if runs and text[runs[-1][-1].end : word.start] in _HYPHENS:
            runs[-1].append(word)
        else:
            runs.append([word])
    return [run for run in runs if len(run) > 1]


def _numbers(text: str, singles: list[AnalysedWord]) -> Iterator[AnalysedWord]:
    """Make one word of each number of several words; a comma or full stop ends it."""
    texts: list[str] = []
    for before, word in zip([None, *singles], singles, strict=False):
        if before and text[before.end : word.start].strip(_BETWEEN):
            texts.append(_STOP)
        texts.append(word.spelling)
    places = [place for place, each in enumerate(texts) if each != _STOP]
    for first, last, _ in find_spoken(texts):
        if last - first > 1:
            run = singles[places.index(first) : places.index(last - 1) + 1]
            spelling = JOINT.join(texts[first:last])
            start, end = run[0].start, run[-1].end
            yield AnalysedWord(start, end, run[0].position, spelling, is_compound=True)


def _within(numbers: Sequence[AnalysedWord], word: AnalysedWord) -> AnalysedWord:
    """Write a part of a number so that it is none by itself: « dix-huit » is not « huit »."""
    is_part = any(number.start <= word.start < number.end for number in numbers)
    return word._replace(spelling=word.spelling + JOINT) if is_part else word


def _grouped(match: re.Match[str], singles: Sequence[AnalysedWord]) -> AnalysedWord:
    start, end = match.span()
    position = next(word.position for word in singles if word.start >= start)
    figures = match[0]
    if great := match.groups():
        figures = f"{int(figures.split()[0]) * GREAT[great[0].lower()]:_}"
    return AnalysedWord(start, end, position, re.sub(r"\D", JOINT, figures), is_compound=True)


@lru_cache(maxsize=KEPT)
def forms(spelling: str) -> tuple[str, ...]:
    """Give the forms of a word in small letters, the exact one first and the folded one second.

    >>> forms("travaux")
    ('=travaux', '-travaux', '~travail', '+travailler')
    >>> forms("avant-garde")[:2], forms("12_000")
    (('=avant-garde', '-avantgarde'), ('=12_000', '-12000', '~12000'))
    """
    if JOINT not in spelling:
        return EXACT + spelling, folded_form(spelling), *_roots(_plain_word(spelling))
    numerals = spelling.split(JOINT)  # of several words, or in groups of figures
    if not numerals[-1]:  # a part of one
        return EXACT + spelling, folded_form(spelling)
    value = "".join(numerals)
    if not numerals[0].isdecimal():
        value = next(value for _, _, value in find_spoken(numerals))
    return EXACT + spelling, folded_form(spelling), f"{STEM}{value}"


def folded_form(spelling: str) -> str:
    """Give the folded form of a word in small letters.

    >>> [folded_form(each) for each in ("été", "avant-garde", "12_000", "vingt_et_un", "%")]
    ['-ete', '-avantgarde', '-12000', '-vingt_et_un', '-cent']
    """
    if JOINT in spelling:
        return FOLDED + (spelling.replace(JOINT, "") if spelling[0].isdecimal() else fold(spelling))
    return FOLDED + fold(_plain_word(spelling))


def _plain_word(spelling: str) -> str:
    return "cent" if spelling == "%" else spelling.replace("-", "")


def _roots(word: str) -> Sequence[str]:
    """Give the lemmas or stems of a word, then its families; none of a function word."""
    if word in FUNCTION_WORDS:
        return ()
    lemmas = lemmas_of(word) - FUNCTION_WORDS
    regular = set() if lemmas else _regular(word)
    stems = set(map(fold_lemma, lemmas)) or {*stems_of(word), *map(fold_lemma, regular)}
    if word not in ALONE:
        stems |= {str(value) for _, _, value in find_numbers([word])}
    lemmas = lemmas or {word, word.removesuffix("s"), *regular}
    if (place := read_ordinal(word)) is not None:
        stems.add(f"{place}{ORDINAL}")
    roots = sorted(STEM + each for each in stems)
    families = {family for lemma in lemmas if (family := family_of(lemma))}
    return [*roots, *sorted(FAMILY + each for each in families)]


def is_number(form: str) -> bool:
    """Whether a form is that of a number or an ordinal, however it is said."""
    return form[0] == STEM and form[1:].removesuffix(ORDINAL).isdecimal()


def _plain(word: str) -> str:
    return composed(word[:LONGEST_WORD]).lower().translate(_WRITTEN)


# Lemmas, stems and families

_OF_NAMES = ("istes", "iste", "ismes", "isme")
SHORTEST = 3  # letters of a word before its ending
_FORMS = tomllib.loads(_ROOM.joinpath("irregular.toml").read_text(encoding="utf-8"))
_IRREGULAR: dict[str, str] = _FORMS["lemmas"]
_lock = threading.Lock()  # a stemmer serves one thread at a time
_stemmer = Stemmer.Stemmer("french")


@dataclass(frozen=True)
class FamilyTable:
    """The families, and what is needed to compare their lemmas."""

    names: dict[str, str | None]  # the family of each lemma, by its name; None where it has none
    acronyms: dict[str, str]  # the family of each acronym in small letters
    by_accents: frozenset[str]  # lemmas of two families, once folded


@lru_cache(maxsize=1)
def table() -> FamilyTable:
    """Read the table of families."""
    every = families()
    folded = Counter(name for family in every for name in set(map(fold, family)))
    joined = [family for family in every if len(family) > 1]
    return FamilyTable(
        common(),
        {lemma.lower(): family[0] for family in joined for lemma in family if lemma.isupper()},
        frozenset(name for name, count in folded.items() if count > 1),
    )


def is_common(lemma: str) -> bool:
    """Whether the table has a lemma."""
    return lemma in table().names


def family_of(lemma: str) -> str | None:
    """Give the name of the family of a lemma.

    >>> [family_of(lemma) for lemma in ("policier", "désarmer", "côté", "onu")]
    ['police', 'désarmer', None, 'onusien']
    """
    names = table().names
    return names[lemma] if lemma in names else table().acronyms.get(lemma)


def fold_lemma(lemma: str) -> str:
    """Fold a lemma, unless only its accents tell it from another.

    >>> fold_lemma("caméra"), fold_lemma("marché")
    ('camera', 'marché')
    """
    folded = fold(lemma)
    return lemma if folded in table().by_accents else folded


def is_known(word: str) -> bool:
    """Whether the dictionary or the table of families has a word, or its singular."""
    return word in _IRREGULAR or is_french(word)


def inflections() -> Iterator[tuple[str, str]]:
    """Give the words of dictionary and table that are no names, each with its lemma."""
    words = dictionary()
    names = (name for name in table().names if name not in words)
    pairs = chain(words.items(), ((f"{name}s", name) for name in names))
    both = chain.from_iterable(((word, lemma), (lemma, lemma)) for word, lemma in pairs)
    return (pair for pair in both if all(each.isalpha() and each.islower() for each in pair))


def lemmas_of(word: str) -> set[str]:
    """Give the lemmas of a word in small letters; none where it is not known.

    >>> sorted(lemmas_of("yeux")), sorted(lemmas_of("ecoles")), lemmas_of("bobran")
    (['œil'], ['école'], set())
    >>> sorted(lemmas_of("joue"))
    ['joue', 'jouer']
    """
    ligatures = {word, word.replace("oe", "œ"), word.replace("œ", "oe"), word.replace("'", "")}
    spellings = set(filter(is_known, ligatures))
    if not any(is_common(_lemma(each)) for each in spellings):
        spellings |= with_accents(word.replace("œ", "oe"), is_known)
    if not spellings and not word.isascii():
        spellings = with_accents(fold(word), is_known) or set(filter(is_known, (fold(word),)))
    lemmas = {_lemma(each) for each in spellings} | set(filter(is_common, spellings))
    lemmas |= {other for each in spellings for other in _homographs().get(each, ())}
    return lemmas | {_lemma(lemma) for lemma in lemmas}


def stems_of(word: str) -> set[str]:
    """Give the folded stems of an unknown word, and of the name in it.

    >>> stems_of("bobrans"), sorted(stems_of("zadistes"))
    ({'bobran'}, ['zad', 'zadist'])
    """
    roots = {word, fold(word)}
    roots |= {name for name in map(_name_within, roots) if len(name) >= SHORTEST}
    with _lock:
        return {fold(_stemmer.stemWord(root)) for root in roots}


def _name_within(word: str) -> str:
    """Give the name of which a word is made (zadiste)."""
    return next((word.removesuffix(each) for each in _OF_NAMES if word.endswith(each)), "")


def _regular(word: str) -> set[str]:
    """Give the common words of which a word has a regular form.

    >>> sorted(_regular("squattaient") | _regular("bayonnaises"))
    ['bayonnais', 'squatter']
    """
    pairs = ((word.removesuffix(form), end) for form, end in _endings() if word.endswith(form))
    return set(filter(is_common, (root + end for root, end in pairs if len(root) >= SHORTEST)))


@lru_cache(maxsize=1)
def _endings() -> list[tuple[str, str]]:
    """Give the ends of forms, each with that of the word."""
    return [(form, end) for end, forms in _FORMS["endings"].items() for form in forms.split()]


def _lemma(word: str) -> str:
    if is_common(word[:-1]) and word[-1:] in {"s", "x"} and not is_in_dictionary(word):
        return word[:-1]
    lemma = _IRREGULAR.get(word) or lemma_of(word).lower()
    return _IRREGULAR.get(lemma, lemma)


@lru_cache(maxsize=1)
def _homographs() -> dict[str, list[str]]:
    """Read which words are also forms of others: « joue » is one of « jouer »."""
    words = defaultdict[str, list[str]](list)
    for line in _HOMOGRAPHS.splitlines():
        lemma, *forms = line.split()
        for form in forms if lemma != "#" else ():
            words[form].append(lemma)
    return dict(words)
