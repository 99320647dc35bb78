"""How well sentences are set: their ends, commas and capitals, and where cues end.

The words heard are laid on those of the reference; a sign counts by the place at which it stands
among them, a capital where the word itself was heard.
"""

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate, pairwise

from rapidfuzz.distance import Levenshtein

from bench.heard import ENGINES, heard, peer
from bench.shows import SOUNDS, SampleShow, shows
from radio.text.transcript import LINE, Cue
from radio.transcribe.conventions import Conventions
from radio.transcribe.corrections import compose
from radio.transcribe.cues import LINES, LONGEST

TOKEN = re.compile(r"(\w+)(\W*)")
KINDS = {"sentence ends": ".!?…", "question marks": "?", "commas": ",;:"}
SIGNS = ".!?…,;:"
NONE = "–"  # where nothing could be found

Reading = tuple[SampleShow, Sequence[Cue]]
"""A show, and what was made of it to read."""


@dataclass(frozen=True)
class Text:
    """The words of a text in small letters, the signs after each, and which have a capital."""

    words: tuple[str, ...]
    signs: tuple[str, ...]
    capitals: tuple[bool, ...]


def read(text: str) -> Text:
    """Cut a text into words."""
    found = [(match[1], match[2]) for match in TOKEN.finditer(text)]
    return Text(
        tuple(word.lower() for word, _ in found),
        tuple(signs for _, signs in found),
        tuple(word[0].isupper() for word, _ in found),
    )


@dataclass(frozen=True)
class Laid:
    """A text that was heard, laid on its reference."""

    reference: Text
    heard: Text
    after: tuple[range, ...]  # where a sign after each word heard belongs: so many words before it
    equal: tuple[tuple[int, int], ...]  # words of the reference, and the same words heard


def lay(reference: Text, heard: Text) -> Laid:
    """Lay words on those of a reference, with the fewest changes.

    Where words were missed after one, its sign may be any of theirs.
    """
    places, equal = [0] * len(heard.words) + [len(reference.words) + 1], list[tuple[int, int]]()
    for block in Levenshtein.opcodes(reference.words, heard.words):
        for step, word in enumerate(range(block.dest_start, block.dest_end)):
            places[word] = min(block.src_start + step + 1, block.src_end)
            if block.tag == "equal":
                equal.append((block.src_start + step, word))
    after = (range(place, max(place + 1, next_)) for place, next_ in pairwise(places))
    return Laid(reference, heard, tuple(after), tuple(equal))


def count(laid: Laid) -> Counter[tuple[str, str]]:
    """Count signs and capitals: (kind, right, said or heard)."""
    found = Counter[tuple[str, str]]()
    for kind, signs in KINDS.items():
        said = {n for n, after in enumerate(laid.reference.signs, 1) if set(after) & set(signs)}
        set_ = {
            next((place for place in places if place in said), places[0])
            for places, after in zip(laid.after, laid.heard.signs, strict=True)
            if set(after) & set(signs)
        }
        found.update({(kind, "right"): len(said & set_), (kind, "said"): len(said)})
        found[kind, "heard"] += len(set_)
    for word, other in laid.equal:
        is_said, is_heard = laid.reference.capitals[word], laid.heard.capitals[other]
        found["capitals", "said"] += is_said
        found["capitals", "heard"] += is_heard
        found["capitals", "right"] += is_said and is_heard
    return found


def ends(laid: Laid, cues: Sequence[Cue]) -> tuple[int, int]:
    """Count the cues that could have ended at a sign of the reference, and those that do."""
    signs = {n for n, after in enumerate(laid.reference.signs, 1) if set(after) & set(SIGNS)}
    words = [word for cue in cues for word in _timed(cue)]
    borders = list(accumulate((len(TOKEN.findall(cue.text)) for cue in cues), initial=0))
    possible = right = 0
    for first, last in pairwise(borders):
        if last > first:
            could = any(signs & set(laid.after[word]) for word in _within(words, first))
            does = bool(signs & set(laid.after[last - 1]))
            possible, right = possible + (could or does), right + does
    return possible, right


def _timed(cue: Cue) -> Iterator[tuple[float, float, int]]:
    """Give each word of a cue: start, end, and letters up to the next."""
    found = list(TOKEN.finditer(" ".join(cue.text.split())))
    step = (cue.end - cue.start) / max(1, len(found))
    for place, match in enumerate(found):
        yield cue.start + place * step, cue.start + (place + 1) * step, len(match[0])


def _within(words: Sequence[tuple[float, float, int]], first: int) -> Iterator[int]:
    """Give the words at which a cue could end that begins with a word."""
    letters, start = 0, words[first][0]
    for word in range(first, len(words)):
        letters += words[word][2]
        if letters > LINES * LINE or words[word][1] - start > LONGEST:
            return
        yield word


def ours(engine: str) -> list[Reading]:
    """Give the cues that we make of what an engine hears."""
    written = Conventions(numbers=True)
    return [
        (show, compose(evidence.segments, {}, written).cues) for show, evidence in heard(engine)
    ]


def fasters_own() -> list[Reading]:
    """Give the segments of faster-whisper's own batched pipeline."""
    segments = peer()
    return [(show, segments(show)) for show in shows()]


SUBJECTS: dict[str, Callable[[], list[Reading]]] = {
    **{f"radio, {name}": partial(ours, engine) for name, engine in ENGINES.items()},
    "faster-whisper's batched pipeline": fasters_own,
}


def row(readings: Sequence[Reading]) -> str:
    """Write the figures of some shows."""
    found, possible, right = Counter[tuple[str, str]](), 0, 0
    for show, cues in readings:
        laid = lay(read(show.text), read(" ".join(cue.text for cue in cues)))
        found += count(laid)
        could, does = ends(laid, cues)
        possible, right = possible + could, right + does
    cells = [f"{right / possible:.0%} of {possible}" if possible else NONE]
    for kind in (*KINDS, "capitals"):
        said, set_, both = (found[kind, each] for each in ("said", "heard", "right"))
        shares = ((both, set_), (both, said), (2 * both, said + set_))
        cells.append(" / ".join(f"{some / all_:.2f}" if all_ else NONE for some, all_ in shares))
    return " | ".join(cells)


def table() -> str:
    """Write a row for each set and subject."""
    rows = []
    for subject, give in SUBJECTS.items():
        print(f"{subject}…", file=sys.stderr, flush=True)  # noqa: T201 (a command's own words)
        readings = give()
        for group in SOUNDS:
            figures = row([reading for reading in readings if reading[0].group == group])
            rows.append(f"| {group} | {subject} | {figures} |")
    head = f"| set | | cues that end at a sign | {' | '.join(KINDS)} | capitals |"
    return "\n".join([head, "|---|---|---|---|---|---|---|", *sorted(rows)])
