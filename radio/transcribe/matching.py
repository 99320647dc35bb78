"""Words that people wrote, matched with those that the machine heard."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from radio.french import numbers
from radio.french.letters import plain_words
from radio.text.aligned import equal_words, likeness

ALIKE = 0.4  # of two words, by their letters: at least so much makes a match
LARGEST_GAP = 20_000  # pairs of words compared by their letters between two equal words
WEAK = 2  # so few words of a line, far from its others, are matched by chance
AGREED = 3  # equal words, one after the other, are no chance
FAR = 4  # words that were heard and not written, from which on two matches are far apart


@dataclass(frozen=True)
class Token:
    """Letters and digits without a sign, folded; `owner` is the line, or nothing where heard."""

    text: str
    owner: int
    start: float = 0.0  # seconds, where it was heard
    end: float = 0.0


NUMERALS = frozenset(token for name in numbers.NUMERALS for token in plain_words(name))


def match(written: Sequence[Token], heard: Sequence[Token]) -> dict[int, int]:
    """Match places of written words with those of heard ones, both going forward.

    Equal words are matched first, over the whole show; between them, words that are written alike.
    """
    texts, sounds = [each.text for each in written], [each.text for each in heard]
    matches = equal_words(texts, sounds)
    borders = [(-1, -1), *matches.items(), (len(texts), len(sounds))]
    for (row, column), (last_row, last_column) in pairwise(borders):
        rows, columns = range(row + 1, last_row), range(column + 1, last_column)
        matches.update(_alike(texts, sounds, rows, columns))
    return _together(written, heard, dict(sorted(matches.items())))


def agreement(
    written: Sequence[Token], heard: Sequence[Token], matches: Mapping[int, int]
) -> float:
    """Tell how much of the shorter of the two the other says too, word for word: 0 to 1.

    Small words are said in every text; three in a row hardly ever are by chance.
    """
    equal = {place for place, other in matches.items() if written[place].text == heard[other].text}
    runs = (
        range(place, place + AGREED)
        for place in equal
        if all(matches.get(place + n) == matches[place] + n for n in range(AGREED))
        and equal.issuperset(range(place, place + AGREED))
    )
    agreed = {place for run in runs for place in run}
    return len(agreed) / max(1, min(len(written), len(heard)))


def _alike(
    written: Sequence[str], heard: Sequence[str], rows: range, columns: range
) -> Iterator[tuple[int, int]]:
    """Match the words of a gap that are written alike, so that together they are most alike."""
    if not rows or not columns or len(rows) * len(columns) > LARGEST_GAP:
        return
    gains = [[0.0] * (len(columns) + 1)]
    for row in rows:
        line = [0.0]
        for number, column in enumerate(columns):
            alike = _likeness(written[row], heard[column])
            line.append(max(line[-1], gains[-1][number + 1], gains[-1][number] + alike))
        gains.append(line)
    row, column = len(rows), len(columns)
    while row and column:
        if gains[row][column] == gains[row - 1][column]:
            row -= 1
        elif gains[row][column] == gains[row][column - 1]:
            column -= 1
        else:
            row, column = row - 1, column - 1
            yield rows[row], columns[column]


def _likeness(written: str, heard: str) -> float:
    """Tell how alike two words are, 0 to 1; figures are like every word of a number."""
    if heard.isdigit() and written in NUMERALS:
        return ALIKE
    alike = likeness(written, heard)
    return alike if alike >= ALIKE else 0.0


def _together(
    written: Sequence[Token], heard: Sequence[Token], matches: Mapping[int, int]
) -> dict[int, int]:
    """Keep the words of a line together, where some are matched far from the others.

    A small word is said everywhere: where something was said and not written, « et » may be matched
    before it or after it. It goes to the others of its line, if it is heard beside them, or
    loses its match.
    """
    gathered = dict(matches)
    for step, places in ((1, reversed(matches)), (-1, iter(matches))):
        for place in places:
            beside = _beside(written, gathered, place, step)
            is_free = _beside(written, gathered, place, -step) != gathered[place]
            if beside is not None and is_free and heard[beside].text == written[place].text:
                gathered[place] = beside
    return {place: gathered[place] for run in _strong_runs(written, gathered) for place in run}


def _beside(
    written: Sequence[Token], matches: Mapping[int, int], place: int, step: int
) -> int | None:
    """Tell where a word is if it is said right beside its neighbour in the line."""
    neighbour = place + step
    if neighbour in matches and written[neighbour].owner == written[place].owner:
        return matches[neighbour] - step
    return None


def _strong_runs(written: Sequence[Token], matches: Mapping[int, int]) -> Iterator[Sequence[int]]:
    """Give the matched words of each line in runs, without the small ones far from a larger one."""
    for _owner, group in groupby(matches, lambda place: written[place].owner):
        runs = list[list[int]]()
        for place in group:
            last = runs[-1][-1] if runs else place
            skipped = matches[place] - matches[last] - (place - last)
            if not runs or skipped >= FAR:
                runs.append([])
            runs[-1].append(place)
        longest = max(map(len, runs))
        yield from (run for run in runs if len(run) == longest or len(run) > WEAK)
