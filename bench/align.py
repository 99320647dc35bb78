"""How exactly a text without times is laid on the sound, whole and as people hand it over."""

import random
import re
import statistics
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bench.heard import ENGINES, heard
from bench.shows import MADE, SampleShow, shows
from radio.text.transcript import Evidence
from radio.transcribe.align import align
from radio.transcribe.documents import ScriptLine

CHANGED = 0.05  # share of the words that are others
PARAGRAPH = 4  # lines that were never said, or that are left out
ROUNDS = 10  # times that each text is harmed, each time elsewhere


@dataclass(frozen=True)
class Line:
    """A line of a text, and when it is said; nothing where it never is."""

    written: ScriptLine
    start: float | None = None  # seconds


@dataclass(frozen=True)
class Placed:
    """What came of a text."""

    distances: tuple[float, ...]  # seconds by which each line that is said misses its start
    unplaced: int  # lines that are said and were called not said
    false: int  # lines that are never said and were placed
    never: int  # lines that are never said


def script(show: SampleShow) -> list[Line]:
    """Give the lines of a show as its reference has them."""
    return [Line(ScriptLine(str(each["text"])), float(each["start"])) for each in show.speech]


def chances(number: int) -> random.Random:
    """Give the same chances to each round of every run."""
    return random.Random(number)  # noqa: S311 (nothing is kept secret by them)


def whole(show: SampleShow, _round: int) -> list[Line]:
    """Give the text as it is said."""
    return script(show)


def changed(show: SampleShow, number: int) -> list[Line]:
    """Give the text with some words changed for words of other shows."""
    chance = chances(number)
    others = [
        word for other in shows(*MADE) if other.name != show.name for word in other.text.split()
    ]

    def change(word: str) -> str:
        return chance.choice(others) if chance.random() < CHANGED else word

    return [
        replace(line, written=ScriptLine(" ".join(map(change, line.written.text.split()))))
        for line in script(show)
    ]


def never_said(show: SampleShow, number: int) -> list[Line]:
    """Give the text with a paragraph of another show in it, none of whose lines is said here."""
    chance, lines = chances(number), script(show)
    said = {plain_line(line.written.text) for line in lines}
    other = chance.choice([each for each in shows(*MADE) if each.name != show.name])
    foreign = [
        ScriptLine(line.written.text)
        for line in script(other)
        if plain_line(line.written.text) not in said
    ]
    first, place = chance.randrange(len(foreign) - PARAGRAPH), chance.randrange(len(lines))
    never = [Line(each) for each in foreign[first : first + PARAGRAPH]]
    return [*lines[:place], *never, *lines[place:]]


def left_out(show: SampleShow, number: int) -> list[Line]:
    """Give the text without one of its paragraphs."""
    lines = script(show)
    first = chances(number).randrange(len(lines) - PARAGRAPH)
    return lines[:first] + lines[first + PARAGRAPH :]


TEXTS: dict[str, Callable[[SampleShow, int], list[Line]]] = {
    "as it is said": whole,
    "5 % of its words changed": changed,
    "with a paragraph never said": never_said,
    "a paragraph left out": left_out,
}


def plain_line(text: str) -> str:
    """Leave the letters of a line."""
    return re.sub(r"\W+", " ", text.lower())


def lay(lines: Sequence[Line], evidence: Evidence) -> Placed:
    """Lay a text on what was heard, and judge each line."""
    written = [line.written for line in lines]
    found = list(zip(lines, align(written, evidence).starts, strict=True))
    return Placed(
        tuple(
            abs(at - line.start) for line, at in found if line.start is not None and at is not None
        ),
        sum(line.start is not None and at is None for line, at in found),
        sum(line.start is None and at is not None for line, at in found),
        sum(line.start is None for line in lines),
    )


def row(name: str, some: Iterable[Placed]) -> str:
    """Write a row of the table."""
    placed = list(some)
    distances = [each for one in placed for each in one.distances]
    unplaced, false, never = (
        sum(getattr(one, what) for one in placed) for what in ("unplaced", "false", "never")
    )
    near = sum(each <= 1 for each in distances) / (len(distances) + unplaced)
    return (
        f"| {name} | {len(distances) + unplaced} | {statistics.median(distances):.2f} s "
        f"| {near:.1%} | {max(distances):.1f} s | {unplaced} | "
        f"{f'{false} of {never}' if never else '–'} |"
    )


def table() -> str:
    """Lay the texts of every sample show on what each engine heard."""
    rows = []
    for title, engine in ENGINES.items():
        for name, make in TEXTS.items():
            rounds = range(1 if make is whole else ROUNDS)
            rows.append(
                row(
                    f"{title}: {name}",
                    (lay(make(show, n), said) for show, said in heard(engine) for n in rounds),
                )
            )
        rows += [
            row(f"{title}: {name}, all of it", lay_group(name, engine))
            for name in ("bench", "demo", "air")
        ]
    head = (
        "| text | lines said | median error | within 1 s | largest error | said, not placed "
        "| never said, placed |"
    )
    return "\n".join([head, "|---|---|---|---|---|---|---|", *rows])


def lay_group(group: str, engine: str) -> Iterator[Placed]:
    """Lay the unharmed texts of one set."""
    for show, said in heard(engine):
        if show.group == group:
            yield lay(script(show), said)
