"""Acronyms told by a text: « vidéosurveillance algorithmique (VSA) », « la CAF, la caisse
d'allocations familiales ».

Nothing is guessed: the words must stand beside the acronym, with a sign or « c'est-à-dire » between
them, and hold its letters in order. A letter is the first of a word, or of a word within one
(vidéo·surveillance). Articles and prepositions may have none; one word after them neither, as in
« chemins de fer ».
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from radio.french.letters import fold
from radio.search.french import ELIDED, FUNCTION_WORDS, AnalysedWord, words
from radio.search.lemmas import is_known

LONGEST = 8  # letters of an acronym
REACH = 200  # characters beside an acronym that are read
MOST = 8  # meanings of one passage
FEWEST = 2  # words, articles and prepositions apart
LONGEST_PART = LONGEST + 12  # words

_CAPITAL = "[A-ZÀ-ÖØ-Þ]"
_ACRONYM = re.compile(  # the letter first, for that is found fast
    rf"{_CAPITAL}(?<![\w.\-].)"
    rf"(?:(?:\.{_CAPITAL}){{1,{LONGEST - 1}}}\.?|{_CAPITAL}{{1,{LONGEST - 1}}})(?![\w\-])"
)
_LINK = (
    r"(?:c['’]est(?:[- ]à[- ]dire)?|est|à savoir|autrement dit|soit|ou(?: encore)?|pour|dite?s?"
    r"|comme|(?:ça )?(?:signifie|veut dire)|en abrégé|en bref|appelée?s?(?: aussi)?"
    r"|(?:qu['’])?on (?:appelle|dit)(?: aussi)?|that is|or|short for|stands for)"
)
_ARTICLE = (
    r"(?:(?P<definite>(?:la|le|les|the)\s+|l['’]\s*)"
    r"|(?:une?|des|du|cette|ce|ces|an?)\s+|d['’]\s*)"
)
_BETWEEN = (
    rf"(?:\s*(?P<sign>[(\[,:=–—])\s*(?:{_LINK}\s*[,:]?\s+)?|\s+{_LINK}\s*[,:]?\s+)"
    rf"{_ARTICLE}?(?:[«\"“]\s*)?"
)
_AFTER = re.compile(_BETWEEN, re.IGNORECASE)
_BEFORE = re.compile(rf"(?:\s*[»\"”])?{_BETWEEN}$", re.IGNORECASE)
_BRACKETS = frozenset("([")
_EXPLAINS = frozenset("([:=")
_WITHIN = " \u00a0\u202f'’ʼ-\u2010\u2011"  # between the words of a name
_ENDS = frozenset(')],.;:!?…»"”')  # signs
_ARTICLES = "à au aux contre d dans de des du en et l la le les pour par sans sur un une"
_POSSESSIVES = "ce ces cet cette leur leurs ma mes mon nos notre sa ses son vos votre"
_PRONOUNS = "aucun aucune autre autres celle celles celui ceux chacun chacune chaque quelque"
_PASSED = frozenset(_ARTICLES.split())
"""Words that may have no letter of their own."""
_NEVER = FUNCTION_WORDS.union(ELIDED, _PRONOUNS.split()) - _PASSED
"""Words that are in no name."""
_BEFORE_NAMES = _PASSED.union(_POSSESSIVES.split())
_SHORT_WORDS = "cas dos jus nez os pays poids rap ras repas sas us voix"
_UNKNOWN = frozenset(_SHORT_WORDS.split())
"""Short words that the dictionary does not have by themselves."""
_SHORTEST_WITHIN = 5  # letters of a word within a word


class Told(NamedTuple):
    """What a text says of an acronym."""

    acronym: str  # in capitals, without dots
    words: str  # as written
    start: int  # the character where this begins

    @property
    def row(self) -> str:
        """How the index has it."""
        return write_row(self.acronym, self.words)


def write_row(acronym: str, words: str) -> str:
    """Write what an acronym stands for as the index has it.

    >>> read_row(write_row("VSA", "vidéosurveillance algorithmique"))
    ('VSA', 'vidéosurveillance algorithmique')
    """
    return f"{acronym}={words}"


def read_row(row: str) -> tuple[str, str]:
    """Read what `write_row` has written."""
    acronym, _, words = row.partition("=")
    return acronym, words


def find_told(text: str) -> Iterator[Told]:
    """Find the acronyms that a text explains.

    >>> [each[:2] for each in find_told("La VSA, la vidéosurveillance algorithmique, revient.")]
    [('VSA', 'vidéosurveillance algorithmique')]
    >>> list(find_told("La CAF, la cantine et la fanfare : on en parle (CNIL)."))
    []
    """
    count = 0
    for match in _ACRONYM.finditer(text):
        acronym = match[0].replace(".", "")
        told = acronym.lower() not in FUNCTION_WORDS and (
            _told_before(text, match, acronym) or _told_after(text, match, acronym)
        )
        if told:
            yield told
            count += 1
        if count == MOST:
            return


def is_word(acronym: str) -> bool:
    """Whether the letters of an acronym are a French word, which its small letters then mean.

    >>> [is_word(each) for each in ("CNIL", "BAC", "RAP", "GAZ")]
    [False, True, True, True]
    """
    small = acronym.lower()
    return small in FUNCTION_WORDS | _UNKNOWN or is_known(small)


def _is_sure(between: re.Match[str], acronym: str) -> bool:
    """Whether words and acronym belong together; two letters alone may agree by chance."""
    return len(acronym) > 2 or between["sign"] in _EXPLAINS or between["definite"] is not None


def _told_before(text: str, match: re.Match[str], acronym: str) -> Told | None:
    """Find the words before an acronym."""
    first = max(0, match.start() - REACH)
    near = text[first : match.start()]
    between = _BEFORE.search(near)
    if between is None or not _is_sure(between, acronym):
        return None
    run = _last_run(near[: between.start()], is_cut=first > 0)
    for place in range(len(run) - 1, -1, -1):
        part = run[place:]
        if len(part) in _lengths(acronym, part) and _is_name(part):
            is_begun = place == 0 or run[place - 1].spelling in _BEFORE_NAMES
            if is_begun or between["sign"] in _BRACKETS:
                return Told(acronym, _write(near, part), first + part[0].start)
            return None
    return None


def _told_after(text: str, match: re.Match[str], acronym: str) -> Told | None:
    """Find the words after an acronym."""
    between = _AFTER.match(text, match.end())
    if between is None or not _is_sure(between, acronym):
        return None
    near = text[between.end() : between.end() + REACH]
    run = _first_run(near)
    for length in _lengths(acronym, run):
        part, rest = run[:length], near[run[length - 1].end :].lstrip()
        is_ended = rest[:1] in _ENDS
        if between["sign"] not in _BRACKETS:
            is_ended = is_ended or (length < len(run) and run[length].is_light)
        if is_ended and _is_name(part):
            return Told(acronym, _write(near, part), match.start())
    return None


def _first_run(text: str) -> list[AnalysedWord]:
    """Give the words of a text up to the first sign."""
    run: list[AnalysedWord] = []
    for word in words(text):
        if word.is_compound:
            continue
        if text[run[-1].end if run else 0 : word.start].strip(_WITHIN):
            break
        run.append(word)
    return run[:LONGEST_PART]


def _last_run(text: str, is_cut: bool) -> list[AnalysedWord]:
    """Give the words of a text after the last sign; where its beginning is cut, not the first."""
    run: list[AnalysedWord] = []
    singles = [word for word in words(text) if not word.is_compound]
    for word in reversed(singles[1:] if is_cut else singles):
        if text[word.end : run[0].start if run else len(text)].strip(_WITHIN):
            break
        run.insert(0, word)
    return run[-LONGEST_PART:]


def _lengths(acronym: str, run: Sequence[AnalysedWord]) -> Iterator[int]:
    """Give how many of the words, from the first, hold the letters of an acronym."""
    letters = fold(acronym.lower())
    states = {(0, True)}  # letters met, and whether a word may still be passed over
    for place, word in enumerate(run):
        if word.spelling in _NEVER:
            return
        taken = {
            (met + count, may_pass)
            for met, may_pass in states
            for count in _initials(word.spelling, letters[met:])
        }
        if any(met == len(letters) for met, _ in taken):
            yield place + 1
        passed = states
        if word.spelling not in _PASSED:
            is_after = place > 0 and run[place - 1].spelling in _PASSED
            passed = {(met, False) for met, may_pass in states if may_pass and is_after}
        states = taken | passed if place else taken


def _initials(word: str, letters: str) -> Iterator[int]:
    """Give how many letters of an acronym a word may stand for: none, one, or two."""
    folded = fold(word)
    if not letters or folded[0] != letters[0]:
        return
    yield 1
    for place in range(2, len(word) - _SHORTEST_WITHIN + 1):
        if folded[place : place + 1] == letters[1:2] and is_known(word[place:]):
            yield 2
            return


def _is_name(part: Sequence[AnalysedWord]) -> bool:
    return sum(word.spelling not in _PASSED for word in part) >= FEWEST


def _write(text: str, part: Sequence[AnalysedWord]) -> str:
    return " ".join(text[part[0].start : part[-1].end].split())
