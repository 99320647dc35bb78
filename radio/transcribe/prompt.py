"""The prompt: one sentence with the names that are likely in an episode.

It holds only names that keepers wrote: the show's title, station and glossary, and the people of
the episode. It never holds descriptions or texts of feeds, for Whisper may repeat its prompt in the
transcript.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from radio.archive import glossary
from radio.archive.episode import Episode, Show

MOST = 150
"""Subwords in a prompt. One subword makes 0.6 tokens in real names and at most 1.33 in invented
ones: under 200 tokens in all. Whisper accepts 223."""

LONGEST = 40  # subwords of one name; longer texts are no names

SUBWORD = re.compile(
    r" ?(?:[b-df-hl-npr-tvB-DF-HL-NPR-TV][aeiou]|[aeiou][l-nr-t]|[!-~])|(?P<accented>[à-ÿœ])|."
)
"""An estimate of what is one token: a sign, a letter, or two that often stand together."""

SPECIAL = str.maketrans("<|>", "   ")  # `<|endoftext|>` is an order to the decoder


@dataclass(frozen=True)
class _Form:
    """How a language puts names in a sentence."""

    untitled: str
    titled: str
    station: str
    people: str
    topics: str
    conjunction: str
    of: Callable[[str], str] = str  # how a station or a topic follows

    def write(self, show: Sequence[str], people: Sequence[str], topics: Sequence[str]) -> str:
        """Write the sentence of a title and station (either may be empty) and names."""
        title, station = show
        sentence = self.titled.format(title) if title else self.untitled
        sentence += self.station.format(self.of(station)) if station else ""
        sentence += self.people.format(self._list(people)) if people else ""
        sentence += self.topics.format(self._list(list(map(self.of, topics)))) if topics else ""
        return f"{sentence}."

    def _list(self, names: Sequence[str]) -> str:
        first = ", ".join(names[:-1])
        return f"{first} {self.conjunction} {names[-1]}" if first else names[-1]


def _of(name: str) -> str:
    """Put `de` before a French name.

    >>> [_of(name) for name in ("Beaubrun", "la CNIL", "le Crêt de Roc", "les Halles", "Étienne")]
    ['de Beaubrun', 'de la CNIL', 'du Crêt de Roc', 'des Halles', "d'Étienne"]
    """
    for article, contracted in (("le ", "du "), ("les ", "des ")):
        if name.startswith(article):
            return contracted + name.removeprefix(article)
    return f"d'{name}" if re.match("[aàâeéèêëiîïoôuùûœæ]", name, re.IGNORECASE) else f"de {name}"


FORMS = {
    "fr": _Form(
        untitled="Dans cette émission",
        titled="Dans l'émission {}",
        station=" {}",
        people=", avec {}",
        topics=", il est question {}",
        conjunction="et",
        of=_of,
    ),
    "en": _Form(
        untitled="In this show",
        titled="In the show {}",
        station=" on {}",
        people=", with {}",
        topics=", we hear about {}",
        conjunction="and",
    ),
}
"""The languages with a sentence; for others the prompt is a list of names."""


def prompt(show: Show, episode: Episode) -> str:
    """Write the prompt of an episode: under 200 tokens; names that don't fit are left out.

    Empty where there are no names: neither a glossary nor people.
    """
    people = _clean(person.name for person in episode.people)
    topics = [name for name in _clean(glossary.names(show.glossary)) if name not in people]
    names = (people + topics)[:MOST]
    for size in range(len(names), 0, -1):
        sentence = _write(show, names[:size][: len(people)], names[len(people) : size])
        if _count_subwords(sentence) <= MOST:
            return sentence
    return ""


def _write(show: Show, people: Sequence[str], topics: Sequence[str]) -> str:
    title, station = (next(iter(_clean([text])), "") for text in (show.title, show.station))
    form = FORMS.get(show.language.lower().partition("-")[0])
    if form is None:
        return ", ".join(filter(None, [title, station, *people, *topics]))
    return form.write((title, station), people, topics)


def _clean(names: Iterable[str]) -> list[str]:
    """Make one line of each name, without duplicates; texts too long for a name are left out."""
    lines = (
        "".join(c if c.isprintable() else " " for c in name[: 10 * LONGEST]).translate(SPECIAL)
        for name in names
    )
    clean = dict.fromkeys(" ".join(line.split()) for line in lines)
    return [name for name in clean if re.search(r"\w", name) and _count_subwords(name) <= LONGEST]


def _count_subwords(text: str) -> int:
    """Count the subwords of a text; a rare letter counts as many as it has bytes."""
    return sum(
        1 if subword["accented"] or subword[0].isascii() else len(subword[0].encode())
        for subword in SUBWORD.finditer(text)
    )
