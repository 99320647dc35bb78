"""How many keys it takes to put a text right: at the desk, and in an editor over its file.

Nobody types here: the keys are counted that the shortest way takes which is known for each. Both
change the same words by the same keys. What differs is how one gets there, and the sound.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate, chain, pairwise, starmap

import jiwer

from bench.heard import hear_and_draw
from bench.keystrokes import NEVER, Offered, keys_to_change, keys_to_type
from bench.rightness import places_of
from bench.shows import SampleShow, shows
from radio.archive.hearings import Hearing
from radio.proposals.offers import SHORTEST, UNTAUGHT, Lessons, SentenceOffers, offer
from radio.text.accuracy import plain
from radio.text.aligned import SIGNS
from radio.text.transcript import Evidence, render_vtt
from radio.transcribe import engines
from radio.transcribe.corrections import NONE, compose
from radio.web.layout import lay_out
from radio.web.reading import in_doubt
from radio.web.rereading import words_of

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


@dataclass(frozen=True)
class Task:
    """A text as the machine wrote it, and what is wrong in it."""

    words: Sequence[str]
    errors: Sequence[Error]
    sentences: Sequence[Span]
    offers: Sequence[SentenceOffers]
    file: str  # its .vtt
    times: Sequence[tuple[float, float]] = ()  # seconds of each sentence

    @cached_property
    def doubts(self) -> list[Span]:
        """Where F4 stops."""
        return [
            Span(sentence.first + first, sentence.first + last)
            for sentence, told in zip(self.sentences, self.offers, strict=True)
            for first, last, _ in told.stops
        ]

    @property
    def wrong_sentences(self) -> int:
        """How many sentences have something wrong."""
        return sum(any(self._of(each)) for each in self.sentences)

    def errors_of(self, number: int) -> Iterator[Error]:
        """Give what is wrong in a sentence."""
        return self._of(self.sentences[number])

    def with_right(self, error: Error, first: int, last: int) -> str:
        """Give some words with what is right for an error among them; "" where there is none."""
        if not first <= error.first < last:
            return ""
        after = self.words[error.last : max(last, error.last)]
        return " ".join((*self.words[first : error.first], error.new, *after))

    def _of(self, sentence: Span) -> Iterator[Error]:
        is_last = sentence.last == len(self.words)
        for each in self.errors:
            if sentence.first <= each.first < sentence.last + is_last:
                yield each

    @property
    def typing(self) -> int:
        """Keys that change words without offers."""
        return sum(keys_to_change(each.old, each.new) for each in self.errors)

    def at_desk(self) -> int:
        """Count the keys at the desk: Tab for each sentence, which sounds as it is reached."""
        return sum(1 + self.in_field(number) for number in range(len(self.sentences)))

    def going_on(self) -> int:
        """Count them where what is right goes on by itself, as what F9 has put right.

        Tab leads on from a sentence in which something was typed last.
        """
        numbers = range(len(self.sentences))
        return 1 + sum(self.in_field(number, goes_on=True) for number in numbers)

    def in_field(self, number: int, *, goes_on: bool = False) -> int:
        """Count the keys that put a sentence right, in its field."""
        sentence, offered = self.sentences[number], self._offered(number)
        caret, keys, last = sentence.first, 0, 0
        for error in self._of(sentence):
            keys += last
            last = min(self._ways(sentence, caret, error, offered))
            if goes_on:
                taken = replace(offered, is_whole=True)
                last_by_offer = min(self._ways(sentence, caret, error, taken))
            caret = error.last
        return keys + (min(last + 1, last_by_offer) if last and goes_on else last)

    def _ways(self, sentence: Span, caret: int, error: Error, offered: Offered) -> Iterator[int]:
        """Go to what is wrong, and put it right."""
        yield self._by_words(sentence, caret, error, offered)
        yield from self._by_stops(sentence, caret, error, offered)

    def _offered(self, number: int) -> Offered:
        """Give what the desk offers in a sentence; words end by those of it and its neighbours."""
        near = [each for each in (number, number - 1, number + 1) if 0 <= each < len(self.offers)]
        first = self.sentences[number].first
        known = [*chain.from_iterable(self.offers[each].words for each in near)]
        known += self._written(first)
        return Offered(self.offers[number], first, self.words, _distinct(known))

    def _written(self, place: int) -> Iterator[str]:
        """Give the words of the fields once all before a place is right."""
        at = 0
        for error in (each for each in self.errors if each.first < place):
            yield from (*self.words[at : error.first], *error.new.split())
            at = error.last
        yield from self.words[at:]

    def _change(self, error: Error, offered: Offered, more: int = 0) -> int:
        """Change words, the caret before them: by letters, all anew, or by what is offered."""
        taken = offered.keys(error.first, error.first + 1, (error.first, error.last, error.new))
        by_letters = NEVER if offered.is_whole else _by_letters(error, offered.known)
        return min(by_letters, taken + more)

    def _by_words(self, sentence: Span, caret: int, error: Error, offered: Offered) -> int:
        """Go by words, or first to an end, or down some lines of the field."""
        texts = self.words[sentence.first : error.first]
        line = len(" ".join(texts)) // FIELD
        start = next(
            (n for n in range(len(texts) + 1) if len(" ".join(texts[:n])) >= line * FIELD), 0
        )
        ways = (
            abs(error.first - caret) + (caret > sentence.first),  # from the end of what was changed
            1 + sentence.last - error.first,
            line + 1 + len(texts) - start,
        )
        # At the start of a field, what is offered is about its first doubt.
        is_elsewhere = caret == error.first == sentence.first and not self._is_stop(caret)
        return min(ways) + self._change(error, offered, int(is_elsewhere))

    def _is_stop(self, place: int) -> bool:
        return any(each.first == place for each in self.doubts)

    def _by_stops(
        self, sentence: Span, caret: int, error: Error, offered: Offered
    ) -> Iterator[int]:
        """Go from doubt to doubt by F4, which chooses it whole."""
        place = error.first, error.last, error.new
        following = (each for each in self.doubts if each.first >= caret)
        for presses, doubt in enumerate(following, 1):
            if doubt.first > error.first:
                return
            if error.first < doubt.last or error.first == doubt.first:
                before = " ".join(self.words[doubt.first : error.first])
                after = " ".join(self.words[error.last : doubt.last])
                whole = " ".join(filter(None, (before, error.new, after)))
                beyond = max(0, error.last - doubt.last)
                if not offered.is_whole:
                    yield presses + max(1, keys_to_type(whole, offered.known)) + beyond
                yield presses + 1 + error.first - doubt.first + self._change(error, offered)
                yield presses + offered.keys(doubt.first, doubt.last, place)
                if presses == 1 and caret == sentence.first:  # F9 alone takes what is offered next
                    yield offered.keys(doubt.first, doubt.last, place)

    def in_editor(self, *, ends_words: bool = False) -> int:
        """Count the keys in an editor over the file, without those for the sound.

        It may end words by others of the file.
        """
        written = _distinct(self.words) if ends_words else ()
        low, at, line, keys = self.file.lower(), 0, 0, 0
        known = list(_positions(self.file))
        for error in self.errors:
            place = min(error.first, len(known) - 1)
            row, column, length, letter = known[place]
            ways = [_by_lines(line, row) + min(column + (row != line), 1 + length - column)]
            ways += _by_search(low, at, letter)
            keys += min(ways) + _by_letters(error, written)
            at, line = letter, row
        return keys


def _by_letters(error: Error, known: Sequence[str]) -> int:
    """Change words by letters, or write them anew, ended by words that are known."""
    anew = len(error.old.split()) + keys_to_type(error.new, known) + (not error.old)
    return min(keys_to_change(error.old, error.new), anew if error.new else NEVER)


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    """Leave words that are worth ending, each once, without signs."""
    bare = (word.strip(SIGNS) for word in words)
    return tuple({word.lower(): word for word in bare if len(word) > SHORTEST}.values())


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


def task_of(
    show: SampleShow,
    evidence: Evidence,
    hearings: Sequence[Hearing] = (),
    lessons: Lessons = UNTAUGHT,
) -> Task:
    """Take what was heard of a show as a text to put right, with what the desk offers for it."""
    transcript = compose(evidence.segments, {"status": "machine", "model": "base"})
    parts = lay_out(transcript.cues, evidence, in_doubt(evidence, NONE))
    sentences = [each for part in parts for each in part.sentences]
    said = [list(words_of(each)) for each in sentences]
    times = [(each.lines[0].cue.start, each.lines[-1].cue.end) for each in sentences]
    words = [word.text for sentence in said for word in sentence]
    spans = starmap(Span, pairwise(accumulate(map(len, said), initial=0)))
    errors = errors_in(words, show.text)
    offers, file = offer(said, hearings, (), lessons), render_vtt(transcript)
    return Task(words, errors, list(spans), offers, file, times)


DRAWS = 5  # times that the shows are heard again: each time it is something else
OF_DRAWS = "heard again", "desk, Tab by Tab", "desk, going on", "desk, going on / editor"
COLUMNS = (
    *("", "wrong places", "keys that change words", "desk, Tab by Tab", "desk, going on"),
    *("editor, no key for the sound", "editor, 2 keys", "editor, 5 keys"),
    *("desk, going on / editor", "desk, going on / editor that ends words"),
)


def table() -> str:
    """Count both for the shows as heard on air, heard once, and again as the desk has it."""
    heard = list(hear_and_draw(engines.load("faster", "base"), shows("air"), DRAWS))
    once = [(show.name, task_of(show, each)) for show, each, _ in heard]
    drawn = [[task_of(*each[:2], each[2][n]) for each in heard] for n in range(DRAWS)]
    return f"{table_of(once)}\n\n{_table_of_draws(drawn)}"


def table_of(tasks: Sequence[tuple[str, Task]]) -> str:
    """Write what was counted."""
    rows = [_row(name, [task]) for name, task in tasks]
    return "\n".join((*_head(COLUMNS), *rows, _row("all", [task for _, task in tasks])))


def _table_of_draws(drawn: Sequence[Sequence[Task]]) -> str:
    """Write what was counted for each time that the shows were heard again, and the mean."""
    ways = Task.at_desk, Task.going_on
    counts = [[sum(map(way, tasks)) for tasks in drawn] for way in ways]
    editor = sum(each.in_editor() for each in drawn[0])
    wrong = sum(each.wrong_sentences for each in drawn[0])
    rows = [
        (str(number), str(desk), str(going), _share(going, editor, wrong))
        for number, (desk, going) in enumerate(zip(*counts, strict=True), 1)
    ]
    desk, going = (round(sum(each) / len(each)) for each in counts)
    mean = "mean", str(desk), str(going), _share(going, editor, wrong)
    return "\n".join((*_head(OF_DRAWS), *(f"| {' | '.join(row)} |" for row in (*rows, mean))))


def _head(columns: Sequence[str]) -> tuple[str, str]:
    return f"| {' | '.join(columns)} |", "|---" * len(columns) + "|"


def _row(name: str, tasks: Sequence[Task]) -> str:
    wrong = sum(each.wrong_sentences for each in tasks)
    words = sum(each.typing for each in tasks)
    desk, going = sum(each.at_desk() for each in tasks), sum(each.going_on() for each in tasks)
    editor = sum(each.in_editor() for each in tasks)
    editors = [editor + keys * wrong for keys in (0, ONCE, TWICE)]
    ending = sum(each.in_editor(ends_words=True) for each in tasks)
    counts = (sum(len(each.errors) for each in tasks), words, desk, going, *editors)
    shares = _share(going, editor, wrong), _share(going, ending, wrong)
    return f"| {name} | {' | '.join(map(str, counts))} | {' | '.join(shares)} |"


def _share(going: int, editor: int, wrong: int) -> str:
    return " to ".join(f"{going / (editor + keys * wrong):.2f}" for keys in (ONCE, TWICE))
