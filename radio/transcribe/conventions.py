"""How a show has words written by the machine: numbers, hours and acronyms in one way. « la cnil »,
« C.N.I.L. » and « C N I L » become « CNIL » if the show's glossary has it; separate letters also if
the catalogue or the episode has them in capitals. The evidence keeps what was heard."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from radio.archive.episode import Episode, Show
from radio.archive.glossary import names
from radio.archive.pseudonyms import Pseudonym
from radio.text.transcript import Word
from radio.transcribe.figures import CorrectedWord, take_apart, write_numbers

SHORTEST, LONGEST = 3, 8  # letters
_CAPITALS = re.compile(rf"(?<![\w.-])[A-ZÀ-Ý]{{{SHORTEST},{LONGEST}}}(?![\w-])")
_WORD = re.compile(r"(|.*['’]|\W+)([^\W\d_](?:[.-]?[^\W\d_])*)(\W*)", re.DOTALL)
Acronyms = Mapping[str, str]  # in small letters, and as they are written
_APART = r"^\W*\w\W*$|\w[.-]\w"


@dataclass(frozen=True)
class Conventions:
    """What a show has written in its own way; nothing, without more."""

    corrections: tuple[tuple[str, str], ...] = ()  # what was misheard, and what is right
    numbers: bool = False  # as French typography has them
    listed: frozenset[str] = frozenset()  # acronyms of the glossary
    seen: frozenset[str] = frozenset()  # acronyms of the catalogue
    names: tuple[Word, ...] = ()  # known ones, as long as the misheard words last
    pseudonyms: tuple[Pseudonym, ...] = ()  # no correction brings back what they replaced

    def write(self, words: Sequence[Word]) -> list[Word]:
        """Write words that were heard; one for several lasts as long as they do."""
        if self.listed or self.seen:
            words = write_acronyms(words, self.listed, self.seen)
        return write_numbers(words) if self.numbers else list(words)


def is_in_french(show: Show, episode: Episode) -> bool:
    """Whether French is spoken in an episode."""
    return show.language_of(episode).lower().partition("-")[0] == "fr"


def conventions(show: Show, episode: Episode) -> Conventions:
    """Give the conventions for an episode; corrections alone unless it is French."""
    corrections = tuple(show.corrections.items())
    if not is_in_french(show, episode):
        return Conventions(corrections)
    catalogue = (
        *(show.title, show.station, show.author, show.description),
        *(episode.title, episode.description, *episode.tags),
        *(person.name for person in episode.people),
    )
    listed, seen = find_acronyms(names(show.glossary)), find_acronyms(catalogue)
    return Conventions(corrections, show.numbers == "convention", listed, seen)


def find_acronyms(texts: Iterable[str]) -> frozenset[str]:
    """Find the acronyms in names and texts: words in capitals. Texts all in capitals have none.

    >>> sorted(find_acronyms(["la CNIL", "RATP", "RADIO DIO", "c'est à la gare EST"]))
    ['CNIL', 'RATP']
    """
    found, small = set[str](), set[str]()
    for text in texts:
        words = re.findall(r"\w+", text)
        small.update(word for word in words if word.islower())
        if len(words) == 1 or any(word.islower() for word in words):
            found.update(_CAPITALS.findall(text))
    return frozenset(each for each in found if each.lower() not in small)


def write_acronyms(words: Sequence[Word], listed: Iterable[str], seen: Iterable[str]) -> list[Word]:
    """Write known acronyms in capitals without dots; separate letters become one word. `listed` are
    known however they are written, `seen` only as separate letters."""
    whole = {each.lower(): each for each in listed}
    heard = find_acronyms(word.text for word in words)
    spaced = {each.lower(): each for each in (*seen, *heard)}
    may_be = re.compile("|".join((*whole, _APART)), re.IGNORECASE)
    written, place = list[Word](), 0
    while place < len(words):
        size, word = 1, words[place]
        if may_be.search(word.text):
            following = words[place + 1 : place + LONGEST]
            size, word = _join_letters([word, *following], spaced | whole)
            word = _write(word, following, whole, spaced) if size == 1 else word
        written.append(word)
        place += size
    return written


def _join_letters(words: Sequence[Word], known: Acronyms) -> tuple[int, Word]:
    """Join the words that are letters of an acronym; also give how many they are."""
    letters, before, best = "", "", (1, words[0])
    for size, word in enumerate(words, 1):
        match = _match(word)
        if match is None or len(match[2]) > 1:
            break
        letters += match[2].lower()
        before = before if size > 1 else match[1]
        if size > 1 and letters in known:
            text = f"{before}{known[letters]}{_close(match[3], words[size:])}"
            probability = min(each.probability for each in words[:size])
            best = size, Word(words[0].start, word.end, text, probability)
        if match[3].strip("."):
            break
    return best


def _write(word: Word, following: Sequence[Word], whole: Acronyms, spaced: Acronyms) -> Word:
    match = _match(word)
    if match is None:
        return word
    before, text, after = match.groups()
    letters = re.sub("[.-]", "", text)
    is_spaced = len(text) == 2 * len(letters) - 1
    acronym = whole.get(letters.lower()) or (spaced.get(letters.lower()) if is_spaced else None)
    if acronym is None or (len(letters) < len(text) and not is_spaced):
        return word
    after = _close(after, following) if is_spaced else after
    return replace(word, text=f"{before}{acronym}{after}")


def _match(word: Word) -> re.Match[str] | None:
    """Split a word from the signs around it, unless people corrected it."""
    return None if isinstance(word, CorrectedWord) else take_apart(word, _WORD)


def _close(after: str, following: Sequence[Word]) -> str:
    """Leave out the dot of the last letter where the sentence goes on."""
    goes_on = bool(following) and following[0].text[:1].islower()
    return after.removeprefix(".") if goes_on else after
