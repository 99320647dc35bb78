"""Numbers as French typography writes them: « deux caméras », « 37 familles », « 19 h 30 ». Small
ones are in words, others in figures, and so are those with a unit or after « article » (Lexique of
the Imprimerie nationale). What may mean something else stays as heard: « un », « premier », « Louis
quatorze », numbers side by side, one at the beginning of a sentence."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from radio.french.dates import MONTHS
from radio.french.letters import word_lists
from radio.french.numbers import ALONE, AND, GREAT, HUNDREDS, NUMERALS, SMALL, find_numbers
from radio.text.transcript import SENTENCE_END, Word
from radio.transcribe.cues import PAUSE

LONGEST_WORD = 64  # letters; longer ones are no words
IN_WORDS = {value: name for name, value in SMALL.items() if 2 <= value <= 10}  # without « un »
YEARS = range(1100, 2101)

_LISTS = {name: frozenset(words) for name, words in word_lists("transcribe").items()}
UNITS, LABELS, LINES, KINGS = (_LISTS[each] for each in ("units", "labels", "lines", "kings"))
STREETS, CLOSED = _LISTS["streets"], _LISTS["closed"]
COUNTED = UNITS | _LISTS["counted"]
PER_CENT = {"%", "pourcent", "pourcents"}
CLOCK = {"à", "dès", "est", "jusqu'à", "vers"}  # before a time of the day
HOURS = {"heure", "heures", "h"}
PAIRS = {"à", "et", "ou", "sur"}  # between two numbers that are written alike
MOST_GROUPS = 4  # of three figures
ROUND = {*HUNDREDS, "mille"}  # numbers that may go on with the one before: « 3 mille »
VAGUE = {*HUNDREDS, *GREAT, *ALONE}  # numbers that stay in words where they are alone
AROUND = 4  # words on each side that tell how a number is written
_NUMBER = re.compile(
    rf"\d|[%€]|\b(?:{'|'.join(NUMERALS - ALONE)}|[IVXL]+i?[èe]me)s?\b", re.IGNORECASE
)
_DECIMAL = re.compile(r"\d+,\d+")
_MINUTES = re.compile(r"[0-5]?\d")
_SIGNS = re.compile(r"([^\w%€]*)(.*?)(\s?[^\w%€°]*)", re.DOTALL)
_FIGURES = re.compile(r"0|[1-9]\d{0,11}|[1-9]\d{0,2}(?:[.\s]\d{3}){1,3}")
_IN_FIGURES = re.compile(r"\d[\d.,\s]*")
_CLOCK = re.compile(r"([01]?\d|2[0-4])\s?(?:[hH]\s?([0-5]\d)?|:([0-5]\d))")
_AMOUNT = re.compile(r"(\d+(?:,\d+)?)\s?([%€])")
_ORDINAL = re.compile(r"(\d+|[IVXL]+)(?:[èe]me|ième)(s?)")


@dataclass(frozen=True)
class CorrectedWord(Word):
    """A word that a person put in the place of a misheard one: it is read, but not changed."""


def take_apart(word: Word, pattern: re.Pattern[str]) -> re.Match[str] | None:
    """Split a word from the signs around it; None if it is too long to be one."""
    return pattern.fullmatch(word.text) if len(word.text) <= LONGEST_WORD else None


@dataclass(frozen=True)
class NumberToken:
    """Some words that are read as one: signs, a text and signs; the number that it says, if any."""

    words: tuple[Word, ...] = ()
    before: str = ""
    text: str = ""
    after: str = ""
    value: int | None = None
    is_new: bool = False  # the text is not as it was heard

    @property
    def key(self) -> str:
        """The text as the lists of words have it."""
        return self.text.lower().replace("’", "'")

    @property
    def is_corrected(self) -> bool:
        """Whether people corrected one of its words: then it stays as it is."""
        return any(isinstance(word, CorrectedWord) for word in self.words)

    @property
    def figures(self) -> str:
        """The number in figures; empty if it is none."""
        if self.value is not None:
            return _group(self.value, counted=True)
        return self.text if self.is_new and _DECIMAL.fullmatch(self.text) else ""

    def write(self, text: str) -> "NumberToken":
        """Give it another text, unless people corrected it."""
        if text == self.text or self.is_corrected:
            return self
        return replace(self, text=text, is_new=True)

    def join(self, *others: "NumberToken", text: str) -> "NumberToken":
        """Make one token of several, between the signs around them."""
        words = tuple(word for token in (self, *others) for word in token.words)
        return NumberToken(words, self.before, text, [self, *others][-1].after, is_new=True)

    def precedes(self, other: "NumberToken") -> bool:
        """Whether another token follows without a sign or a pause between them."""
        gap = other.words[0].start - self.words[-1].end
        return not self.after and not other.before and gap < PAUSE

    def result(self) -> tuple[Word, ...]:
        """Give the words as they were heard, or one that lasts as long as all of them."""
        if not self.is_new:
            return self.words
        text = f"{self.before}{self.text}{self.after}"
        probability = min(word.probability for word in self.words)
        return (Word(self.words[0].start, self.words[-1].end, text, probability),)


NOTHING = NumberToken()
Tokens = Sequence[NumberToken]


def write_numbers(words: Sequence[Word]) -> list[Word]:
    """Write the numbers among French words in one way; one of several words becomes one word."""
    near = list[tuple[int, int]]()
    for place in (place for place, word in enumerate(words) if _NUMBER.search(word.text)):
        first, last = max(0, place - AROUND), min(place + AROUND + 1, len(words))
        if near and first <= near[-1][1]:
            first = near.pop()[0]
        near.append((first, last))
    written, done = list[Word](), 0
    for first, last in near:
        tokens = _separate(list(_read([_token(word) for word in words[first:last]])))
        for reading in (_decimals, _percentage, _time):
            tokens = list(_merge(tokens, reading))
        written += words[done:first]
        for place in range(len(tokens)):
            written += _write(tokens, place).result()
        done = last
    return [*written, *words[done:]]


def _token(word: Word) -> NumberToken:
    match = take_apart(word, _SIGNS)
    before, text, after = match.groups() if match else ("", word.text, "")
    if set(before) & set("-−+/"):
        return NumberToken((word,), text=word.text)
    token = NumberToken((word,), before, text, after)
    if _FIGURES.fullmatch(text):
        return replace(token, value=int(re.sub(r"\D", "", text)))
    return token.write(_respell(text))


def _respell(text: str) -> str:
    """Set what is written as one word.

    >>> [_respell(text) for text in ("19h30", "7h", "20%", "2ème", "1ère", "24h/24")]
    ['19 h 30', '7 heures', '20 %', '2e', '1re', '24h/24']
    """
    if match := _CLOCK.fullmatch(text):
        hour, minutes = int(match[1]), match[2] or match[3]
        return f"{hour} h {minutes}" if minutes else f"{hour} heure{'s' * (hour > 1)}"
    if match := _AMOUNT.fullmatch(text):
        return f"{match[1]} {match[2]}"
    if match := _ORDINAL.fullmatch(text):
        return f"{match[1]}e{match[2]}"
    return "1re" if text in ("1ère", "1ere") else text


def _read(tokens: Tokens) -> Iterator[NumberToken]:
    """Make one token of each number of several words."""
    first = 0
    while first < len(tokens):
        last = _end_of_numbers(tokens, first)
        run = tokens[first:last]
        if len(run) > 1 and run[0].value is not None:
            text = "".join(token.text for token in run)
            yield replace(run[0].join(*run[1:], text=text), value=int(text))
        elif run and run[0].value is None:
            yield from _read_words(run)
        else:
            yield tokens[first]
        first = max(last, first + 1)


def _end_of_numbers(tokens: Tokens, first: int) -> int:
    """Find where numbers end that begin at a place: « 12 000 », « vingt et un »."""
    begun, last = tokens[first], first
    while last < len(tokens):
        token, count = tokens[last], last - first
        is_kept = token.is_corrected or begun.is_corrected
        if count and (is_kept or not tokens[last - 1].precedes(token)):
            break
        if begun.value is not None:
            is_group = len(token.text) == 3 and token.text.isdecimal()
            takes_groups = begun.value > 0 and len(begun.text) <= 3 and count < MOST_GROUPS
            goes_on = count == 0 or (is_group and takes_groups)
        else:
            is_name = token.text[:1].isupper() and not _begins(tokens, last)
            parts = token.key.split("-")
            goes_on = not is_name and all(part in NUMERALS or part == AND for part in parts)
        if not goes_on:
            break
        last += 1
    return last


def _read_words(run: Tokens) -> Iterator[NumberToken]:
    """Read numbers of words that say nothing else; « six millions » is six of something."""
    parts = [(part, place) for place, token in enumerate(run) for part in token.key.split("-")]
    places = [place for _part, place in parts] + [len(run)]
    at = 0
    for first, stop, said in find_numbers([part for part, _place in parts]):
        great = GREAT.get(parts[stop - 1][0], 0)
        is_of_something = stop - first > 1 and great > GREAT["mille"]
        last, value = (stop - 1, said // great) if is_of_something else (stop, said)
        begin, end = places[first], places[last]
        if begin not in places[first - 1 : first] and end != places[last - 1]:  # whole words
            yield from run[at:begin]
            text = " ".join(token.text for token in run[begin:end])
            is_vague = end - begin == 1 and run[begin].key in VAGUE
            number = run[begin].join(*run[begin + 1 : end], text=text)
            yield replace(number, value=None if is_vague else value, is_new=False)
            at = end
    yield from run[at:]


def _separate(tokens: Tokens) -> list[NumberToken]:
    """Leave numbers side by side as they were heard: « deux trois », « 04 77 »."""
    left = list(tokens)
    for place, pair in enumerate(pairwise(tokens)):
        are_numbers = _is_number(tokens, place) and _is_number(tokens, place + 1)
        if are_numbers and pair[0].precedes(pair[1]):
            for at, token in enumerate(pair, place):
                if token.value is not None:
                    left[at] = replace(token, value=None, is_new=False)
    return left


def _is_number(tokens: Tokens, place: int) -> bool:
    """Whether a token is a number by itself; « 20 % », « 19 h 30 » and « pour cent » are none."""
    token = tokens[place]
    is_round = token.key in ROUND and (place == 0 or tokens[place - 1].key != "pour")
    return token.value is not None or is_round or _IN_FIGURES.fullmatch(token.text) is not None


def _three(tokens: Tokens, place: int) -> tuple[NumberToken, NumberToken, NumberToken]:
    """Give a token and the next two, or nothing in their place if they do not follow it."""
    found = [tokens[place]]
    for before, token in pairwise(tokens[place : place + 3]):
        if not before.precedes(token):
            break
        found.append(token)
    one, two, three, *_rest = [*found, NOTHING, NOTHING]
    return one, two, three


def _previous(tokens: Tokens, place: int) -> NumberToken:
    """Give the token before, or nothing after a sign or a pause."""
    return tokens[place - 1] if place and tokens[place - 1].precedes(tokens[place]) else NOTHING


def _begins(tokens: Tokens, place: int) -> bool:
    return place == 0 or tokens[place - 1].after.rstrip().endswith(SENTENCE_END)


def _ends_there(following: NumberToken) -> bool:
    """Whether there can't be so many of what follows, or nothing follows."""
    return following is NOTHING or re.split("['-]", following.key)[0] in CLOSED


Joined = tuple[NumberToken, int]  # a token made of so many


def _merge(tokens: Tokens, read: Callable[[Tokens, int], Joined | None]) -> Iterator[NumberToken]:
    """Replace the tokens that `read` joins, unless people corrected some."""
    place = 0
    while place < len(tokens):
        token, size = read(tokens, place) or (tokens[place], 1)
        if token.is_corrected:
            token, size = tokens[place], 1
        yield token
        place += size


def _decimals(tokens: Tokens, place: int) -> Joined | None:
    """Join « trois virgule cinq »."""
    one, comma, other = _three(tokens, place)
    if comma.key == "virgule" and one.value is not None and other.value is not None:
        return one.join(comma, other, text=f"{one.value},{other.value}"), 3
    return None


def _percentage(tokens: Tokens, place: int) -> Joined | None:
    """Join « trois pour cent », « 3 % »; a sentence does not begin with it."""
    number, by, hundred = _three(tokens, place)
    if not number.figures or _begins(tokens, place):
        return None
    if (by.key, hundred.key) == ("pour", "cent"):
        return number.join(by, hundred, text=f"{number.figures} %"), 3
    if by.key in PER_CENT:
        return number.join(by, text=f"{number.figures} %"), 2
    return None


def _time(tokens: Tokens, place: int) -> Joined | None:
    """Join « dix-neuf heures trente », unless « personnes » or the like may be counted there."""
    hour, word, minutes = _three(tokens, place)
    written = minutes.figures or minutes.text
    if word.key not in HOURS or not _MINUTES.fullmatch(written):
        return None
    value = 1 if hour.key in ALONE else hour.value
    if value is None or value > 24 or not _ends_there(_three(tokens, place + 2)[1]):
        return None
    return hour.join(word, minutes, text=f"{value} h {int(written):02d}"), 3


def _write(tokens: Tokens, place: int) -> NumberToken:
    token, one, two = _three(tokens, place)
    previous = _previous(tokens, place)
    is_ordinal = (two if one.key == AND else one).key.endswith(("ième", "ièmes"))
    if token.value is None or previous.key in KINGS or is_ordinal:  # « vingt et unième »
        return token
    is_named = previous.key in LABELS or (one.key in MONTHS["fr"] and token.value <= 31)
    is_measured = one.key in UNITS or previous.key == "années"
    is_clock = one.key in HOURS and previous.key in CLOCK
    if token.value in IN_WORDS and not (is_named or is_measured or is_clock):
        return _write_small(tokens, place)
    if token.value < 2 or (_begins(tokens, place) and not token.text[0].isdigit()):
        return token
    counted = one.key in COUNTED
    if token.text.isdecimal() and len(token.words) == 1 and not counted:
        return token
    return token.write(str(token.value) if is_named else _group(token.value, counted))


def _write_small(tokens: Tokens, place: int) -> NumberToken:
    """Write a small number in words, but no name, nor beside figures: « 5 à 12 », « 37 sur 41 »."""
    token, link, after = _three(tokens, place)
    partners = [after] if link.key in PAIRS else []
    if place >= 2 and tokens[place - 1].key in PAIRS and _three(tokens, place - 2)[2] is token:
        partners.append(tokens[place - 2])
    values = [1 if each.text == "1" else each.value for each in partners]
    is_first = _begins(tokens, place)
    if not all(each in IN_WORDS for each in values if each is not None):
        return token if 1 in values or is_first else token.write(str(token.value))
    if not token.text.isdecimal() or _may_be_name(tokens, place):
        return token
    name = IN_WORDS[token.value or 0]
    return token.write(name.capitalize() if is_first else name)


def _may_be_name(tokens: Tokens, place: int) -> bool:
    """Whether a figure may name something rather than count it: « France 2 », « la ligne 3 »."""
    previous, following = _previous(tokens, place), _three(tokens, place)[1]
    if previous.key in NUMERALS - ALONE:  # « millions 3 » in words would be another number
        return True
    if previous is NOTHING or re.split("['-]", previous.key)[-1] in CLOSED:
        return following.key in STREETS
    if previous.text[:1].isupper() and not _begins(tokens, place - 1):
        return True
    return _ends_there(following) or previous.key in LINES


def _group(value: int, counted: bool) -> str:
    """Write a number in groups of three figures; a year, or what may be one, in one.

    >>> _group(2019, counted=False), _group(2019, counted=True), _group(12000, counted=False)
    ('2019', '2 019', '12 000')
    """
    return str(value) if value in YEARS and not counted else f"{value:,}".replace(",", " ")
