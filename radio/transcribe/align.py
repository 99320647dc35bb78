"""Give lines that people wrote their times, by the words that the machine heard. A line with too
few matching words gets a place only where somebody speaks long enough and no word was heard."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby, pairwise

import numpy as np

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
Span = tuple[float, float]  # from one second to another
Tokens = Sequence[Token]
Regions = Sequence[Region]
Matches = Mapping[int, int]  # the place of a heard word for that of a written one


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
    speech = [each for each in evidence.regions if each.kind == "speech"]
    end = max([0.0, *(each.end for each in speech), *(token.end for token in heard[-1:])])
    spans = _spans(len(lines), written, heard, matches, end)
    _fill(spans, lines, heard, speech, end)
    placed = [
        tuple(_cut(line, number, spans[number], written, heard, matches)) if number in spans else ()
        for number, line in enumerate(lines)
    ]
    matched = set(matches.values())
    runs = [(each, list(run)) for each, run in groupby(range(len(heard)), matched.__contains__)]
    unwritten = tuple(
        Cue(heard[run[0]].start, heard[run[-1]].end, " ".join(heard[each].text for each in run))
        for is_matched, run in runs
        if not is_matched and len(run) >= SHORTEST_RUN
    )
    missing = sum(len(cue.text.split()) for cue in unwritten)
    return Alignment(
        cues=tuple(cue for cues in placed for cue in cues),
        unsaid=tuple(line for line, cues in zip(lines, placed, strict=True) if not cues),
        unwritten=unwritten,
        starts=tuple(cues[0].start if cues else None for cues in placed),
        agreement=_agreement(written, heard, matches),
        coverage=1 - missing / max(1, len(heard)),
    )


def _heard(evidence: Evidence) -> list[Token]:
    """Give the words that the machine heard, each with its share of the time, in order. A word has
    a longest time: engines stretch words beside speech that they do not understand."""
    tokens = list[Token]()
    for segment in evidence.segments:
        for number, word in enumerate(segment.words):
            texts = plain_words(word.text)
            longest = LONGEST_WORD + sum(map(len, texts)) / SLOWEST
            begin, end = word.start, min(word.end, word.start + longest)
            if number == 0:
                begin, end = max(word.start, word.end - longest), word.end
            step = (end - begin) / max(1, len(texts))
            for place, text in enumerate(texts):
                start = max(begin + place * step, tokens[-1].start if tokens else 0.0)
                if tokens:
                    tokens[-1] = replace(tokens[-1], end=min(tokens[-1].end, start))
                tokens.append(Token(text, -1, start, max(begin + (place + 1) * step, start)))
    return tokens


def _spans(
    count: int, written: Tokens, heard: Tokens, matches: Matches, end: float
) -> dict[int, Span]:
    """Time each line of which enough words are matched; its other words take time at its pace.
    Lines share the time between their matched words where it is too short for both."""
    known = [_Known(-1, 0.0, 0.0)]
    first = 0
    for number in range(count):
        last = bisect_left(written, number + 1, lo=first, key=lambda token: token.owner)
        places = [place for place in range(first, last) if place in matches]
        if places and len(places) >= MATCHED * (last - first):
            start, stop = heard[matches[places[0]]].start, heard[matches[places[-1]]].end
            said = _letters(written[places[0] : places[-1] + 1])
            pace = min((stop - start) / said, 1 / SLOWEST)
            before = pace * _letters(written[first : places[0]])
            after = pace * _letters(written[places[-1] + 1 : last])
            known.append(_Known(number, start, stop, before, after))
        first = last
    known.append(_Known(count, end, end))
    starts, ends = dict[int, float](), dict[int, float]()
    for left, right in pairwise(known):
        wanted = left.after + right.before
        share = min(1.0, (right.start - left.end) / wanted) if wanted else 0.0
        ends[left.line] = left.end + share * left.after
        starts[right.line] = max(ends[left.line], right.start - share * right.before)
    return {each.line: (starts[each.line], ends[each.line]) for each in known[1:-1]}


def _letters(some: Tokens) -> int:
    return sum(len(token.text) + 1 for token in some)


def _fill(
    spans: dict[int, Span], lines: Sequence[ScriptLine], heard: Tokens, speech: Regions, end: float
) -> None:
    """Place the lines between two others where somebody speaks and no word was heard."""
    placed = [(number, *span) for number, span in sorted(spans.items())]
    borders = [(-1, 0.0, 0.0), *placed, (len(lines), end, end)]
    for (number, _start, left), (following, right, _end) in pairwise(borders):
        missing = [each for each in range(number + 1, following) if lines[each].text.strip()]
        lengths = [len(lines[each].text) / LETTERS for each in missing]
        room = _silent_speech(heard, speech, left, right) if missing else []
        size = sum(until - since for since, until in room)
        if missing and size >= UNHEARD * sum(lengths):
            scale = size / sum(lengths)
            edges = [scale * each for each in accumulate(lengths, initial=0.0)]
            for each, (first, last) in zip(missing, pairwise(edges), strict=True):
                spans[each] = _second(room, first), _second(room, last, at_end=True)


def _silent_speech(heard: Tokens, speech: Regions, left: float, right: float) -> list[Span]:
    first = bisect_left(heard, left, key=lambda token: token.end)
    words = [token for token in heard[first:] if token.start < right]
    parts = []
    for region in speech:
        at = max(region.start, left)
        for token in (each for each in words if each.end > at and each.start < region.end):
            parts.append((at, token.start))
            at = max(at, token.end)
        parts.append((at, min(region.end, right)))
    return [(start, end) for start, end in parts if end > start]


def _second(room: Sequence[Span], passed: float, *, at_end: bool = False) -> float:
    """Find the second at which so much of some parts has passed."""
    for start, end in room:
        if passed < end - start or (at_end and passed <= end - start + 1e-9):
            return start + passed
        passed -= end - start
    return room[-1][1]


def _cut(
    line: ScriptLine, number: int, span: Span, written: Tokens, heard: Tokens, matches: Matches
) -> Iterator[Cue]:
    """Make cues of a line, each word where it was heard, the others between by their letters."""
    place = bisect_left(written, number, key=lambda token: token.owner)
    texts = line.text.split()
    letters = list(accumulate((len(text) + 1 for text in texts), initial=0))
    known = {0: span[0], letters[-1]: span[1]}
    for before, text in zip(letters, texts, strict=False):
        tokens = len(plain_words(text))
        if tokens and place in matches:
            start = heard[matches[place]].start
            if span[0] <= start <= span[1]:
                known.setdefault(before, start)
        place += tokens
    places = sorted(known)
    times = np.interp(letters, places, [known[each] for each in places])
    pairs = zip(texts, pairwise(np.maximum.accumulate(times).tolist()), strict=True)
    for cue in cut_cues(Word(start, end, text, 1.0) for text, (start, end) in pairs):
        yield replace(cue, voice=line.voice)


def match(written: Tokens, heard: Tokens) -> dict[int, int]:
    """Match places of written and heard words, in order: equal words first, over the whole show,
    then words between them that are written alike."""
    texts, sounds = [each.text for each in written], [each.text for each in heard]
    matches = equal_words(texts, sounds)
    borders = [(-1, -1), *matches.items(), (len(texts), len(sounds))]
    for (row, column), (last_row, last_column) in pairwise(borders):
        rows, columns = range(row + 1, last_row), range(column + 1, last_column)
        if 0 < len(rows) * len(columns) <= LARGEST_GAP:
            matches.update(_alike(texts, sounds, rows, columns))
    return _together(written, heard, dict(sorted(matches.items())))


def _agreement(written: Tokens, heard: Tokens, matches: Matches) -> float:
    """Give how much of the shorter one the other says word for word, 0 to 1, by three words in a
    row: small words match everywhere by chance."""
    equal = {place for place, other in matches.items() if written[place].text == heard[other].text}
    agreed = set[int]()
    for place in equal:
        run = range(place, place + AGREED)
        if equal.issuperset(run) and len({matches[each] - each for each in run}) == 1:
            agreed.update(run)
    return len(agreed) / max(1, min(len(written), len(heard)))


def _alike(
    written: Sequence[str], heard: Sequence[str], rows: range, columns: range
) -> Iterator[tuple[int, int]]:
    """Match the words of a gap that are written alike; figures are like every word of a number."""
    gains = [[0.0] * (len(columns) + 1)]
    for row in rows:
        line = [0.0]
        for number, column in enumerate(columns):
            one, other = written[row], heard[column]
            alike = ALIKE if other.isdigit() and one in NUMERALS else likeness(one, other)
            matched = gains[-1][number] + (alike if alike >= ALIKE else 0.0)
            line.append(max(line[-1], gains[-1][number + 1], matched))
        gains.append(line)
    row, column = len(rows), len(columns)
    while row and column:
        gain = gains[row][column]
        if gain == gains[row - 1][column]:
            row -= 1
        elif gain == gains[row][column - 1]:
            column -= 1
        else:
            row, column = row - 1, column - 1
            yield rows[row], columns[column]


def _together(written: Tokens, heard: Tokens, matches: Matches) -> dict[int, int]:
    """Keep the words of a line together: small words, as « et », may have matched far away. Such a
    word goes to the others of its line if heard beside them, else loses its match."""
    gathered = dict(matches)

    def beside(place: int, step: int) -> int | None:
        """Give a word's place if it is said right beside its neighbour in the line."""
        neighbour = place + step
        is_near = neighbour in gathered and written[neighbour].owner == written[place].owner
        return gathered[neighbour] - step if is_near else None

    for step, places in ((1, reversed(matches)), (-1, iter(matches))):
        for place in places:
            there, is_free = beside(place, step), beside(place, -step) != gathered[place]
            if there is not None and is_free and heard[there].text == written[place].text:
                gathered[place] = there
    found = dict[int, int]()
    for _owner, group in groupby(gathered, lambda place: written[place].owner):
        runs = list[list[int]]()  # without the small ones far from a larger one
        for place in group:
            last = runs[-1][-1] if runs else place
            skipped = gathered[place] - gathered[last] - (place - last)
            if not runs or skipped >= FAR:
                runs.append([])
            runs[-1].append(place)
        longest = max(map(len, runs))
        strong = (run for run in runs if len(run) == longest or len(run) > WEAK)
        found.update((place, gathered[place]) for run in strong for place in run)
    return found
