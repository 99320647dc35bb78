"""The prompt: one sentence with the names that an episode is likely to say.

Only what keepers wrote down as names gets in: the show's title, station and glossary, and the
people of the episode. Descriptions and texts of feeds never do: what stands in a prompt can turn up
in a transcript.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from radio.episode import Episode, Show

MOST = 150
"""Pieces in a prompt. Whisper makes 0.6 tokens of a piece of real names and at most 1.33 of made-up
ones, so that there are under 200 (223 is the most that it takes before what it hears)."""

LONGEST = 40  # pieces of one name; what is longer is no name

PIECE = re.compile(
    r" ?(?:[b-df-hl-npr-tvB-DF-HL-NPR-TV][aeiou]|[aeiou][l-nr-t]|[!-~])|(?P<accented>[à-ÿœ])|."
)
"""What Whisper has a token for: a sign, a letter, or two that often stand together."""

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
"""The languages that we can put names in a sentence of; the others get the bare names."""


def prompt(show: Show, episode: Episode) -> str:
    """Write what Whisper reads before each window: under 200 tokens, the last names left out.

    Empty where there are no names: neither a glossary nor people.
    """
    people = _clean(person.name for person in episode.people)
    topics = [name for name in _clean(show.glossary) if name not in people]
    names = (people + topics)[:MOST]
    for size in range(len(names), 0, -1):
        sentence = _write(show, names[:size][: len(people)], names[len(people) : size])
        if _pieces(sentence) <= MOST:
            return sentence
    return ""


def _write(show: Show, people: Sequence[str], topics: Sequence[str]) -> str:
    title, station = (next(iter(_clean([text])), "") for text in (show.title, show.station))
    form = FORMS.get(show.language.lower().partition("-")[0])
    if form is None:
        return ", ".join(filter(None, [title, station, *people, *topics]))
    return form.write((title, station), people, topics)


def _clean(names: Iterable[str]) -> list[str]:
    """Make names of one line, each once; what is too long for a name is left out."""
    lines = (
        "".join(c if c.isprintable() else " " for c in name[: 10 * LONGEST]).translate(SPECIAL)
        for name in names
    )
    clean = dict.fromkeys(" ".join(line.split()) for line in lines)
    return [name for name in clean if re.search(r"\w", name) and _pieces(name) <= LONGEST]


def _pieces(text: str) -> int:
    """Count what Whisper may need a token for; of a letter it rarely met, each byte."""
    return sum(
        1 if piece["accented"] or piece[0].isascii() else len(piece[0].encode())
        for piece in PIECE.finditer(text)
    )
