"""The prompt: one sentence with likely names: the show's title, station and glossary, the people of
the episode, and some that nobody typed (`names`). Never a description as it is, or a text of a
feed: Whisper may repeat its prompt."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from radio.archive import glossary
from radio.archive.episode import Episode, Show

# subwords: 0.6 tokens each in real names, at most 1.33 in invented ones; Whisper takes 223
MOST = 150
LONGEST = 40  # subwords of one name; longer texts are no names
UNTYPED = 15  # names that nobody typed
SUBWORD = re.compile(  # about one token: a sign, a letter, or two that often stand together
    r" ?(?:[b-df-hl-npr-tvB-DF-HL-NPR-TV][aeiou]|[aeiou][l-nr-t]|[!-~])|(?P<accented>[à-ÿœ])|."
)

SPECIAL = str.maketrans("<|>", "   ")  # `<|endoftext|>` is an order to the decoder


def _of(name: str) -> str:
    """Put `de` before a French name.

    >>> [_of(name) for name in ("Beaubrun", "la CNIL", "le Crêt de Roc", "les Halles", "Étienne")]
    ['de Beaubrun', 'de la CNIL', 'du Crêt de Roc', 'des Halles', "d'Étienne"]
    """
    for article, contracted in (("le ", "du "), ("les ", "des ")):
        if name.startswith(article):
            return contracted + name.removeprefix(article)
    return f"d'{name}" if re.match("[aàâeéèêëiîïoôuùûœæ]", name, re.IGNORECASE) else f"de {name}"


@dataclass(frozen=True)
class _Form:
    """How a language puts names in a sentence; any part may be empty."""

    title: tuple[str, str]  # without and with one
    station: str
    people: str
    topics: str
    conjunction: str
    of: Callable[[str], str] = str  # how a station or a topic follows

    def write(self, title: str, station: str, people: Sequence[str], topics: Sequence[str]) -> str:
        lists = list[str]()
        for names in (people, [self.of(each) for each in topics]):
            *first, last = names or [""]
            lists.append(f"{', '.join(first)} {self.conjunction} {last}" if first else last)
        forms = self.title[bool(title)], self.station, self.people, self.topics
        texts = title or " ", self.of(station) if station else "", *lists
        pairs = zip(forms, texts, strict=True)
        return "".join(form.format(text) for form, text in pairs if text) + "."


FORMS = {  # for other languages the prompt is a list of names
    "fr": _Form(
        title=("Dans cette émission", "Dans l'émission {}"),
        station=" {}",
        people=", avec {}",
        topics=", il est question {}",
        conjunction="et",
        of=_of,
    ),
    "en": _Form(
        title=("In this show", "In the show {}"),
        station=" on {}",
        people=", with {}",
        topics=", we hear about {}",
        conjunction="and",
    ),
}


def prompt(show: Show, episode: Episode, untyped: Iterable[str] = ()) -> str:
    """Write the prompt of an episode: under 200 tokens; empty without a name."""
    title, station = ("".join(_clean([text])[:1]) for text in (show.title, show.station))
    form = FORMS.get(show.language.lower().partition("-")[0])
    people = _clean(person.name for person in episode.people)[:MOST]
    typed, more = _clean(glossary.names(show.glossary)), _clean(islice(untyped, UNTYPED))
    new = (name for name in more if name not in (title, station))
    topics = [name for name in dict.fromkeys((*typed, *new)) if name not in people]
    for size in range(min(len(people) + len(topics), MOST), 0, -1):
        named = people[:size], topics[: max(0, size - len(people))]
        plain = ", ".join(filter(None, [title, station, *named[0], *named[1]]))
        sentence = form.write(title, station, *named) if form else plain
        if _count_subwords(sentence) <= MOST:
            return sentence
    return ""


def _clean(names: Iterable[str]) -> list[str]:
    """Make one line of each name, without duplicates and texts too long for a name."""
    signs = (name[: 10 * LONGEST].translate(SPECIAL) for name in names)
    lines = ("".join(c if c.isprintable() else " " for c in each) for each in signs)
    clean = dict.fromkeys(" ".join(line.split()) for line in lines)
    return [name for name in clean if re.search(r"\w", name) and _count_subwords(name) <= LONGEST]


def _count_subwords(text: str) -> int:
    return sum(
        1 if subword["accented"] or subword[0].isascii() else len(subword[0].encode())
        for subword in SUBWORD.finditer(text)
    )
