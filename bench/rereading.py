"""How many keys it takes to put a text right: at the desk, and in an editor over its file.

Nobody types here: the keys are counted that the shortest way takes which is known for each. Both
change the same words by the same keys. What differs is how one gets there, and the sound.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile

import jiwer

from bench.heard import hear
from bench.rightness import places_of
from bench.shows import SampleShow, plain, shows
from radio.mending.text import SIGNS
from radio.transcribe import engines
from radio.transcribe.corrections import NONE, compose
from radio.transcript import Evidence, render_vtt
from radio.web.layout import SpokenSentence, lay_out
from radio.web.reading import in_doubt

FIELD, WINDOW = 80, 30  # letters of a line of a field; lines of an editor
ONCE, TWICE = 2, 5  # keys for the sound of a wrong sentence, in an editor


@dataclass(frozen=True)
class Error:
    """Words that are not as they were said, by their places in the text."""

    first: int
    last: int  # the one after them
    old: str
    new: str


@dataclass(frozen=True)
class Span:
    """Some words of a text: a sentence, or what is in doubt."""

    first: int
    last: int


def errors_in(words: Sequence[str], said: str) -> list[Error]:
    """Find what is to be put right; signs, capitals and ways to write a number count for nothing.

    >>> errors_in("La kni dit non.".split(), "La CNIL a dit non.")
    [Error(first=1, last=2, old='kni', new='CNIL a')]
    """
    told, heard = said.split(), plain(" ".join(words)).split()
    at, meant = places_of(words, heard), places_of(told, plain(said).split())
    found = list[tuple[int, int, int, int]]()
    for each in jiwer.process_words(plain(said), " ".join(heard)).alignments[0]:
        if each.type == "equal":
            continue
        wrong = _within(at, each.hyp_start_idx, each.hyp_end_idx)
        right = _within(meant, each.ref_start_idx, each.ref_end_idx)
        if found and wrong[0] <= found[-1][1] and right[0] <= found[-1][3]:
            first, last, begin, end = found.pop()
            wrong, right = (first, max(last, wrong[1])), (begin, max(end, right[1]))
        found.append((*wrong, *right))
    errors = (
        Error(first, last, *_bare(" ".join(words[first:last]), " ".join(told[begin:end])))
        for first, last, begin, end in found
    )
    return [each for each in errors if each.old != each.new]


def _within(at: Sequence[range], start: int, end: int) -> tuple[int, int]:
    """Tell which written words some plain ones are, or before which they are missing."""
    here = [n for n, each in enumerate(at) if each and each.start < end and each.stop > start]
    if here:
        return here[0], here[-1] + 1
    place = next((n for n, each in enumerate(at) if each and each.start >= start), len(at))
    return place, place


def _bare(old: str, new: str) -> tuple[str, str]:
    """Leave the signs after words as they are."""
    return old.rstrip(SIGNS), new.rstrip(SIGNS)


@lru_cache(maxsize=10_000)
def keys_to_change(old: str, new: str) -> int:
    """Count the keys that change words, the caret before them: the fewest there are.

    A key goes on by a letter or a word, deletes one of either, before or behind the caret, or types
    a letter.

    >>> keys_to_change("kni", "CNIL"), keys_to_change("aux téléphones", "au téléphone")
    (5, 4)
    """
    if not old or not new:
        return len(new) + 1 if new else len(old.split())
    known = {(len(old), to): len(new) - to for to in range(len(new) + 1)}
    for at in range(len(old) - 1, -1, -1):
        for to in range(len(new), -1, -1):
            known[at, to] = min(_ways(old, new, at, to, known))
    return known[0, 0]


def _ways(
    old: str, new: str, at: int, to: int, known: Mapping[tuple[int, int], int]
) -> Iterator[int]:
    """Give the keys that are left, by each key that may come next."""
    if old[at:] == new[to:]:
        yield 0
    end = old.find(" ", at + 1) if old.find(" ", at + 1) > 0 else len(old)
    word = old[at:end]
    yield 1 + min(known[at + 1, to], known[end, to])
    if to < len(new):
        yield 1 + known[at, to + 1]
        if old[at] == new[to]:
            yield 1 + known[at + 1, to + 1]
    if word == new[to : to + len(word)]:
        yield 1 + known[end, to + len(word)]
    for stop in range(to + 1, len(new) + 1):
        yield _from_end(word, new[to:stop]) + known[end, stop]


def _from_end(word: str, other: str) -> int:
    """Change a word from its end: go there, back by letters, delete and type, go there again."""
    first = _alike(word, other)
    last = min(_alike(word[::-1], other[::-1]), min(len(word), len(other)) - first)
    return 1 + last + (last > 0) + len(word) + len(other) - 2 * (first + last)


def _alike(one: str, other: str) -> int:
    """Count the letters with which both begin."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda both: both[0] == both[1], pairs))


@dataclass(frozen=True)
class Task:
    """A text as the machine wrote it, and what is wrong in it."""

    words: Sequence[str]
    errors: Sequence[Error]
    sentences: Sequence[Span]
    doubts: Sequence[Span]
    file: str  # its .vtt

    @property
    def wrong_sentences(self) -> int:
        """How many sentences have something wrong."""
        return sum(any(self._of(each)) for each in self.sentences)

    def _of(self, sentence: Span) -> Iterator[Error]:
        is_last = sentence.last == len(self.words)
        for each in self.errors:
            if sentence.first <= each.first < sentence.last + is_last:
                yield each

    @property
    def typing(self) -> int:
        """Keys that change words, the same in both."""
        return sum(keys_to_change(each.old, each.new) for each in self.errors)

    def at_desk(self) -> int:
        """Count the keys at the desk: Tab for each sentence, which sounds as it is reached."""
        return sum(1 + self._in_field(each) for each in self.sentences)

    def going_on(self) -> int:
        """Count them where what is right goes on by itself: Tab for a sentence that is not."""
        return 1 + self.wrong_sentences + sum(map(self._in_field, self.sentences))

    def _in_field(self, sentence: Span) -> int:
        caret, keys = sentence.first, 0
        for error in self._of(sentence):
            keys += min(self._by_words(sentence, caret, error), *self._by_doubts(caret, error))
            caret = error.last
        return keys

    def _by_words(self, sentence: Span, caret: int, error: Error) -> int:
        """Go by words, or first to an end, or down some lines of the field."""
        texts = self.words[sentence.first : error.first]
        line = len(" ".join(texts)) // FIELD
        start = next(
            (n for n in range(len(texts) + 1) if len(" ".join(texts[:n])) >= line * FIELD), 0
        )
        ways = (
            abs(error.first - caret),
            1 + sentence.last - error.first,
            line + 1 + len(texts) - start,
        )
        return min(ways) + keys_to_change(error.old, error.new)

    def _by_doubts(self, caret: int, error: Error) -> Iterator[int]:
        """Go from doubt to doubt by F4, which chooses it whole."""
        yield 10_000  # where that leads to nothing
        following = (each for each in self.doubts if each.first >= caret)
        for presses, doubt in enumerate(following, 1):
            if doubt.first > error.first:
                return
            if error.first < doubt.last or error.first == doubt.first:
                before = " ".join(self.words[doubt.first : error.first])
                after = " ".join(self.words[error.last : doubt.last])
                whole = " ".join(filter(None, (before, error.new, after)))
                yield presses + len(whole) + max(0, error.last - doubt.last)
                yield presses + 1 + error.first - doubt.first + keys_to_change(error.old, error.new)

    def in_editor(self) -> int:
        """Count the keys in an editor over the file, without those for the sound."""
        low, at, line, keys = self.file.lower(), 0, 0, 0
        known = list(_positions(self.file))
        for error in self.errors:
            place = min(error.first, len(known) - 1)
            row, column, length, letter = known[place]
            ways = [_by_lines(line, row) + min(column + (row != line), 1 + length - column)]
            ways += _by_search(low, at, letter)
            keys += min(ways) + keys_to_change(error.old, error.new)
            at, line = letter, row
        return keys


def _positions(file: str) -> Iterator[tuple[int, int, int, int]]:
    """Tell of each word said: its line, its place there, how many are there, its first letter."""
    start, is_said = 0, False
    for row, line in enumerate(file.split("\n")):
        if is_said and line.strip():
            found = list(re.finditer(r"\S+", line))
            for column, word in enumerate(found):
                yield row, column, len(found), start + word.start()
        is_said = "-->" in line or (is_said and bool(line.strip()))
        start += len(line) + 1


def _by_lines(line: int, row: int) -> int:
    screens, rest = divmod(abs(row - line), WINDOW)
    return screens + min(rest, 1 + WINDOW - rest)


def _by_search(low: str, at: int, letter: int) -> Iterator[int]:
    """Search: its key, the fewest letters that lead there, and one key to leave it."""
    for size in range(1, FIELD):
        if low.find(low[letter : letter + size], at) == letter:
            yield size + 2
            return


def task_of(show: SampleShow, evidence: Evidence) -> Task:
    """Take what was heard of a show as a text to put right."""
    transcript = compose(evidence.segments, {}, {"status": "machine", "model": "base"})
    doubted = in_doubt(evidence, ((), NONE))
    parts = lay_out(transcript.cues, evidence, doubted)
    sentences = [each for part in parts for each in part.sentences]
    words = [word for cue in transcript.cues for word in cue.text.split()]
    spans, doubts, at = list[Span](), list[Span](), 0
    for sentence in sentences:
        start = at
        for text, reason in _runs(sentence):
            size = len(text.split())
            if reason:
                doubts.append(Span(at, at + size))
            at += size
        spans.append(Span(start, at))
    return Task(words, errors_in(words, show.text), spans, doubts, render_vtt(transcript))


def _runs(sentence: SpokenSentence) -> Iterator[tuple[str, str]]:
    for line in sentence.lines:
        yield from line.runs


COLUMNS = (
    *("", "wrong places", "keys that change words", "desk, Tab by Tab", "desk, going on"),
    *("editor, no key for the sound", "editor, 2 keys", "editor, 5 keys"),
    *("desk, going on / editor", "the same without the words"),
)


def table() -> str:
    """Count both for the shows as heard on air."""
    heard = hear(engines.load("faster", "base"), shows("air"))
    tasks = [(show.name, task_of(show, each)) for show, each in heard]
    rows = [_row(name, [task]) for name, task in tasks]
    head = f"| {' | '.join(COLUMNS)} |", "|---" * len(COLUMNS) + "|"
    return "\n".join((*head, *rows, _row("all", [task for _, task in tasks])))


def _row(name: str, tasks: Sequence[Task]) -> str:
    wrong = sum(each.wrong_sentences for each in tasks)
    words = sum(each.typing for each in tasks)
    desk, going = sum(each.at_desk() for each in tasks), sum(each.going_on() for each in tasks)
    editor = sum(each.in_editor() for each in tasks)
    editors = [editor + keys * wrong for keys in (0, ONCE, TWICE)]
    share = f"{going / editors[1]:.2f} to {going / editors[2]:.2f}"
    bare = [(going - words) / (each - words) for each in editors[1:]]
    beside = f"{bare[0]:.2f} to {bare[1]:.2f}"
    counts = (sum(len(each.errors) for each in tasks), words, desk, going, *editors)
    return f"| {name} | {' | '.join(map(str, counts))} | {share} | {beside} |"
