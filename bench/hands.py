"""Keys and seconds that it takes to put a text right by ear, in four ways, by a machine that types
180 letters a minute and hears at 1×.

All is heard once; a wrong place is noticed when its words have been said, and heard once more, with
a second before it, before it is typed. Nobody hears and types at once. Real texts and real errors;
keys as in `bench.rereading`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from bench.heard import hear
from bench.keystrokes import keys_to_change
from bench.rereading import Error, Task, task_of
from bench.shows import SampleShow, shows
from radio.proposals.lessons import gathered, lesson
from radio.proposals.offers import Lessons
from radio.text.accuracy import plain
from radio.text.transcript import Evidence
from radio.transcribe import engines
from radio.transcribe.names import names_in

KEY = 60 / 180  # seconds
CLICK = 2.0  # seconds of a press on a word: the hand goes to the mouse, and back
LEAD = 1.0  # seconds before wrong words that must be heard again
EARLY = 0.15  # seconds that the desk plays before and after a sentence
BACK, SKIP = 3.0, 1.5  # seconds that F2 of the desk, or a player, goes back; and oTranscribe
GROUPS = ("air", "demo", "bench")


@dataclass(frozen=True)
class Cost:
    """What a way takes."""

    keys: int = 0
    seconds: float = 0.0

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.keys + other.keys, self.seconds + other.seconds)

    @classmethod
    def of(cls, keys: int, heard: float = 0.0) -> "Cost":
        """Press keys, and hear."""
        return cls(keys, keys * KEY + heard)


def least(*ways: Cost) -> Cost:
    """Take the quickest way."""
    return min(ways, key=lambda each: (each.seconds, each.keys))


@dataclass(frozen=True)
class Hands:
    """A text to put right, and when its words are said."""

    task: Task

    def said(self, place: int) -> tuple[float, float]:
        """Tell when a word begins and ends: its sentence’s time, shared by letters."""
        spans = self.task.sentences
        number = next((n for n, each in enumerate(spans) if place < each.last), len(spans) - 1)
        words = [f"{word} " for word in self.task.words[spans[number].first : spans[number].last]]
        before = "".join(words[: place - spans[number].first])
        start, end = self.task.times[number]
        pace = (end - start) / max(1, len("".join(words)))
        here = words[min(place - spans[number].first, len(words) - 1)] if words else ""
        return start + pace * len(before), start + pace * len(before + here)

    def heard(self, error: Error) -> tuple[float, float]:
        """Tell from when to when a wrong place must be heard."""
        last = max(error.first, error.last - 1)
        return self.said(error.first)[0] - LEAD, self.said(last)[1]

    @property
    def whole(self) -> float:
        """How long the text is heard from its beginning to its end, in seconds."""
        return self.task.times[-1][1]

    def at_desk(self) -> Cost:
        """Sentence by sentence, going on; Tab leads on from one that was wrong."""
        total = Cost.of(1)
        for number, (start, end) in enumerate(self.task.times):
            once = end - start + 2 * EARLY
            errors = list(self.task.errors_of(number))
            keys = self.task.in_field(number)
            if not errors:
                total += Cost.of(0, once)
                continue
            last = max(self.heard(each)[1] for each in errors)
            twice = Cost.of(keys + 1, once + last - start + EARLY)
            back = Cost.of(keys + 1 + 3 * len(errors), once + BACK * len(errors))
            total += least(twice, back)
        return total

    def _beside(self, skip: float, rewinds: float, keys: int) -> Cost:
        """In one long text, beside a player: back, pause, type, play."""
        total = Cost.of(keys, self.whole)
        for error in self.task.errors:
            start, end = self.heard(error)
            steps = max(1, -int(-(end - start) // skip))
            total += Cost.of(steps + 2, steps * skip + rewinds)
        return total

    def in_otranscribe(self) -> Cost:
        """In its one field: F1 goes back 1.5 s, Esc pauses, and goes on 1.5 s before that."""
        text = replace(self.task, file=_lines(self.task.words))
        return self._beside(SKIP, SKIP, text.in_editor())

    def in_editor(self) -> Cost:
        """In a file, with a player whose keys work everywhere: it goes back 3 s."""
        return self._beside(BACK, 0.0, self.task.in_editor())

    def in_hyperaudio(self) -> Cost:
        """Press on the word before a wrong one, which plays from there; pause, type, play."""
        total = Cost.of(0, self.whole)
        for error in self.task.errors:
            start, end = self.heard(error)
            keys = 1 + keys_to_change(error.old, error.new)
            total += Cost(1, CLICK) + Cost.of(keys + 2, end - start)
        return total


WAYS: dict[str, Callable[[Hands], Cost]] = {
    "oTranscribe": Hands.in_otranscribe,
    "Hyperaudio": Hands.in_hyperaudio,
    "editor": Hands.in_editor,
}


def _lines(words: Sequence[str], width: int = 80) -> str:
    """Lay words out as one field does; a line of times tells that they are said."""
    lines = [""]
    for word in words:
        if len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(("-->", *lines))


def taught(name: str, known: Sequence[tuple[SampleShow, Task]]) -> Lessons:
    """Gather what the other shows teach, as if they were reread; never the show itself."""
    others = [(show, task) for show, task in known if show.name != name]
    lessons = (lesson(task.words, show.text.split()) for show, task in others)
    return gathered(lessons, names_in([show.text for show, _task in others]))


def judged(task: Task) -> tuple[int, int, int]:
    """Count offers: those that put a place right, those that do not, and those for right words."""
    counts, wrong = [0, 0, 0], {at for each in task.errors for at in range(each.first, each.last)}
    for span, told in zip(task.sentences, task.offers, strict=True):
        for each in told.offers:
            first, last = span.first + each.first, span.first + each.last
            rights = (task.with_right(it, first, last) for it in task.errors)
            is_right = plain(each.text) in map(plain, filter(None, rights))
            counts[0 if is_right else 1 if wrong & {*range(first, last)} else 2] += 1
    return counts[0], counts[1], counts[2]


def table() -> str:
    """Count all ways for each set."""
    return table_of(list(hear(engines.load("faster", "base"), shows(*GROUPS))))


def table_of(heard: Sequence[tuple[SampleShow, Evidence]]) -> str:
    """Write what was counted."""
    known = [(show, task_of(show, evidence)) for show, evidence in heard]
    by_others = [
        (show, task_of(show, evidence, (), taught(show.name, known))) for show, evidence in heard
    ]
    desks = {"desk": known, "desk, other texts": by_others}
    names = [*desks, *WAYS]
    head = ("", "wrong places", *(f"{name}: keys, seconds" for name in names))
    rows = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for group in GROUPS:
        here = {
            name: [Hands(task) for show, task in every if show.group == group]
            for name, every in desks.items()
        }
        wrong = sum(len(each.task.errors) for each in here["desk"])
        costs = [_sum(map(Hands.at_desk, every)) for every in here.values()]
        costs += [_sum(map(way, here["desk"])) for way in WAYS.values()]
        cells = (f"{each.keys / wrong:.1f}, {each.seconds / wrong:.1f}" for each in costs)
        rows.append(f"| {group} | {wrong} | {' | '.join(cells)} |")
    head = ("offers from other texts", "right", "of no use", "for right words")
    rows += ["", f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for group in GROUPS:
        counts = [judged(task) for show, task in by_others if show.group == group]
        cells = (str(sum(each)) for each in zip(*counts, strict=True))
        rows.append(f"| {group} | {' | '.join(cells)} |")
    return "\n".join(rows)


def _sum(costs: Iterable[Cost]) -> Cost:
    total = Cost()
    for each in costs:
        total += each
    return total
