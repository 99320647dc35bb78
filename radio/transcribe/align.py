"""A text that people wrote, laid on the sound by the words that the machine heard.

A line with too few words that match was not said, or not heard: it gets a place only
where somebody speaks for long enough and no word was heard.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby, pairwise

from radio.french import numbers
from radio.french.letters import plain_words
from radio.text.aligned import equal_words, likeness
from radio.text.transcript import Cue, Evidence, Region, Word
from radio.transcribe.cues import cut_cues
from radio.transcribe.documents import ScriptLine

MATCHED = 0.34  # share of a line's words that place it
LONGEST_WORD, SLOWEST = 0.5, 8.0  # a word lasts so many seconds at most, and one for 8 letters
LETTERS = 15.0  # said in a second, where a line has no match to tell
UNHEARD = 0.5  # share of the time that a line takes: so much speech without a word is room for it
SHORTEST_RUN = 4  # words that nobody wrote, from which on they are told

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


@dataclass(frozen=True)
class Alignment:
    """Where a text is said."""

    cues: tuple[Cue, ...]
    unsaid: tuple[ScriptLine, ...]  # lines that have no place
    unwritten: tuple[Cue, ...]  # what was said and is not in the text
    starts: tuple[float | None, ...]  # seconds; of each line, None where it has no place
    agreement: float  # 0 to 1: how much of the text was heard, word for word
    coverage: float  # 0 to 1: how much of what was heard is in the text


@dataclass(frozen=True)
class _Known:
    """A line by those of its words that are matched; seconds."""

    line: int
    start: float  # of the first of them
    end: float  # of the last
    before: float = 0.0  # what its words before the first one take
    after: float = 0.0  # and those after the last one


def align(lines: Sequence[ScriptLine], evidence: Evidence) -> Alignment:
    """Place the lines of a text in the order in which they are written."""
    written = [Token(text, n) for n, line in enumerate(lines) for text in plain_words(line.text)]
    heard = _heard(evidence)
    matches = match(written, heard)
    end = _end(heard, evidence)
    spans = _spans(len(lines), written, heard, matches, end)
    _fill(spans, lines, heard, evidence.regions, end)
    placed = [
        tuple(_cut(line, number, spans[number], written, heard, matches)) if number in spans else ()
        for number, line in enumerate(lines)
    ]
    unwritten = tuple(_unwritten(heard, set(matches.values())))
    missing = sum(len(cue.text.split()) for cue in unwritten)
    return Alignment(
        cues=tuple(cue for cues in placed for cue in cues),
        unsaid=tuple(line for line, cues in zip(lines, placed, strict=True) if not cues),
        unwritten=unwritten,
        starts=tuple(cues[0].start if cues else None for cues in placed),
        agreement=agreement(written, heard, matches),
        coverage=1 - missing / max(1, len(heard)),
    )


def _heard(evidence: Evidence) -> list[Token]:
    """Give the tokens of the words that the machine heard, each with its share of the time.

    None begins before the one before it, or ends after the next one begins.
    """
    tokens = list[Token]()
    for token in _timed(evidence):
        start = max(token.start, tokens[-1].start if tokens else 0.0)
        if tokens:
            tokens[-1] = replace(tokens[-1], end=min(tokens[-1].end, start))
        tokens.append(replace(token, start=start, end=max(token.end, start)))
    return tokens


def _timed(evidence: Evidence) -> Iterator[Token]:
    """Give the tokens of words with the times of the engine.

    A word can't last for ever: where speech was not understood, the engine stretches the word
    before it, or the first one after it.
    """
    for segment in evidence.segments:
        for number, word in enumerate(segment.words):
            texts = plain_words(word.text)
            longest = LONGEST_WORD + sum(map(len, texts)) / SLOWEST
            start, end = word.start, min(word.end, word.start + longest)
            if number == 0:
                start, end = max(word.start, word.end - longest), word.end
            step = (end - start) / max(1, len(texts))
            for place, text in enumerate(texts):
                yield Token(text, -1, start + place * step, start + (place + 1) * step)


def _end(heard: Sequence[Token], evidence: Evidence) -> float:
    """Tell the second after which nothing is said."""
    speech = (region.end for region in evidence.regions if region.kind == "speech")
    return max([0.0, *speech, *(token.end for token in heard[-1:])])


def _spans(
    count: int,
    written: Sequence[Token],
    heard: Sequence[Token],
    matches: Mapping[int, int],
    end: float,
) -> dict[int, tuple[float, float]]:
    """Tell from when to when each line is said of which enough words are matched.

    Where two lines need more time than there is between their matched words, they share it.
    """
    known = list(_known(count, written, heard, matches))
    borders = [_Known(-1, 0.0, 0.0), *known, _Known(count, end, end)]
    gaps = [_share(left, right) for left, right in pairwise(borders)]
    return {
        each.line: (start, end)
        for each, (_before, start), (end, _after) in zip(known, gaps[:-1], gaps[1:], strict=True)
    }


def _known(
    count: int, written: Sequence[Token], heard: Sequence[Token], matches: Mapping[int, int]
) -> Iterator[_Known]:
    """Give the lines of which enough words are matched; the other words take time at their pace."""
    first = 0
    for number in range(count):
        last = bisect_left(written, number + 1, lo=first, key=lambda token: token.owner)
        places = [place for place in range(first, last) if place in matches]
        if places and len(places) >= MATCHED * (last - first):
            start, end = heard[matches[places[0]]].start, heard[matches[places[-1]]].end
            pace = (end - start) / _letters(written[places[0] : places[-1] + 1])
            pace = min(pace, 1 / SLOWEST)
            before, after = written[first : places[0]], written[places[-1] + 1 : last]
            yield _Known(number, start, end, pace * _letters(before), pace * _letters(after))
        first = last


def _share(left: _Known, right: _Known) -> tuple[float, float]:
    """Tell when a line ends and the next one begins, by the room between their matched words."""
    room, wanted = right.start - left.end, left.after + right.before
    share = min(1.0, room / wanted) if wanted else 0.0
    end = left.end + share * left.after
    return end, max(end, right.start - share * right.before)


def _letters(some: Sequence[Token]) -> int:
    return sum(len(token.text) + 1 for token in some)


def _fill(
    spans: dict[int, tuple[float, float]],
    lines: Sequence[ScriptLine],
    heard: Sequence[Token],
    regions: Sequence[Region],
    end: float,
) -> None:
    """Place the lines between two others where somebody speaks and no word was heard."""
    borders = [(-1, 0.0, 0.0), *((n, *span) for n, span in sorted(spans.items()))]
    for (number, _start, left), (following, right, _end) in pairwise(
        [*borders, (len(lines), end, end)]
    ):
        missing = [each for each in range(number + 1, following) if lines[each].text.strip()]
        lengths = [len(lines[each].text) / LETTERS for each in missing]
        room = _silent_speech(heard, regions, left, right) if missing else []
        if missing and _length(room) >= UNHEARD * sum(lengths):
            spans.update(zip(missing, _shares(lengths, room), strict=True))


def _silent_speech(
    heard: Sequence[Token], regions: Sequence[Region], left: float, right: float
) -> list[tuple[float, float]]:
    """Give the parts of speech between two times in which no word was heard."""
    first = bisect_left(heard, left, key=lambda token: token.end)
    words = [token for token in heard[first:] if token.start < right]
    parts = []
    for region in (each for each in regions if each.kind == "speech"):
        at = max(region.start, left)
        for token in (each for each in words if each.end > at and each.start < region.end):
            parts.append((at, token.start))
            at = max(at, token.end)
        parts.append((at, min(region.end, right)))
    return [(start, end) for start, end in parts if end > start]


def _length(parts: Sequence[tuple[float, float]]) -> float:
    return sum(end - start for start, end in parts)


def _shares(
    lengths: Sequence[float], room: Sequence[tuple[float, float]]
) -> Iterator[tuple[float, float]]:
    """Divide parts among lines by their lengths: the second in which each begins and ends."""
    scale = _length(room) / sum(lengths)
    for before, after in pairwise(accumulate(lengths, initial=0.0)):
        yield _second(room, before * scale), _second(room, after * scale, at_end=True)


def _second(room: Sequence[tuple[float, float]], passed: float, *, at_end: bool = False) -> float:
    """Tell the second at which so much of some parts has passed."""
    for start, end in room:
        if passed < end - start or (at_end and passed <= end - start + 1e-9):
            return start + passed
        passed -= end - start
    return room[-1][1]


def _cut(
    line: ScriptLine,
    number: int,
    span: tuple[float, float],
    written: Sequence[Token],
    heard: Sequence[Token],
    matches: Mapping[int, int],
) -> Iterator[Cue]:
    """Make cues of a line, each word where it was heard, the others between by their letters."""
    first = bisect_left(written, number, key=lambda token: token.owner)
    texts = line.text.split()
    letters = list(accumulate((len(text) + 1 for text in texts), initial=0))
    known = {0: span[0], letters[-1]: span[1]}
    place = first
    for word, text in enumerate(texts):
        if plain_words(text) and place in matches:
            start = heard[matches[place]].start
            if span[0] <= start <= span[1]:
                known.setdefault(letters[word], start)
        place += len(plain_words(text))
    times = _interpolate(letters, known)
    words = [
        Word(start, end, text, 1.0)
        for text, (start, end) in zip(texts, pairwise(times), strict=True)
    ]
    for cue in cut_cues(words):
        yield replace(cue, voice=line.voice)


def _interpolate(places: Sequence[int], known: Mapping[int, float]) -> list[float]:
    """Give a time to each place, in proportion between those that are known.

    >>> _interpolate([0, 2, 4, 10], {0: 1.0, 4: 3.0, 10: 9.0})
    [1.0, 2.0, 3.0, 9.0]
    """
    borders, times = sorted(known), list[float]()
    for place in places:
        right = max(1, bisect_left(borders, place))
        left, end = borders[right - 1], borders[right]
        share = (place - left) / (end - left)
        times.append(known[left] + share * (known[end] - known[left]))
    return list(accumulate(times, max))


def _unwritten(heard: Sequence[Token], matched: set[int]) -> Iterator[Cue]:
    """Give the runs of words that were heard and are nowhere in the text."""
    run: list[Token] = []
    for place, token in enumerate([*heard, None]):
        if token is not None and place not in matched:
            run.append(token)
            continue
        if len(run) >= SHORTEST_RUN:
            yield Cue(run[0].start, run[-1].end, " ".join(each.text for each in run))
        run = []


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
