"""A sentence as people put it right: other words, cut in two, joined with the one before. Pure."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import pairwise

from radio.proposals.intake import tidy
from radio.proposals.text import SIGNS, break_lines, find, lay
from radio.text.transcript import PAUSE, SENTENCE_END, Cue, Word

EARLY = 0.05  # seconds by which a word may begin before its cue
LEAST = 0.01  # seconds that are left to each part of a cue


@dataclass(frozen=True)
class SeenPlace:
    """Where a sentence stands, and the hash of what was seen there."""

    start: float  # seconds
    end: float
    seen: str


@dataclass(frozen=True)
class SentenceEdit:
    """What somebody writes in place of a sentence: a line for each sentence that is there then.

    Of two places, the sentences become one. A sentence without words is not there any more.
    """

    places: tuple[SeenPlace, ...]
    words: str
    voice: str | None = None  # None leaves who speaks as it is

    @property
    def lines(self) -> list[str]:
        """The sentences, tidy."""
        return [line for line in map(tidy, self.words.splitlines()) if line]


def place_of(cues: Sequence[Cue], edit: SentenceEdit) -> range | None:
    """Find the cues that are edited, if they stand as they were seen."""
    found = [find(cues, each.start, each.end, each.seen) for each in edit.places]
    whole = [each for each in found if each is not None]
    is_one = all(before.stop == after.start for before, after in pairwise(whole))
    if not whole or len(whole) < len(found) or not is_one:
        return None
    return range(whole[0].start, whole[-1].stop)


def edited(
    cues: Sequence[Cue], edit: SentenceEdit, lines: Sequence[str], heard: Sequence[Word]
) -> tuple[Cue, ...]:
    """Lay what somebody wrote over the cues of a sentence.

    Times within a cue are taken from the words that were heard.
    """
    laid = lay(cues, " ".join(lines))
    if len(edit.places) > 1:
        voice = cues[0].voice
        laid = _fused(tuple(replace(cue, voice=voice) for cue in laid), edit.places[-1].start)
    else:
        laid = tuple(_cut(laid, [len(line.split()) for line in lines], heard))
    if edit.voice is None:
        return laid
    return tuple(replace(cue, voice=edit.voice) for cue in laid)


def written(edit: SentenceEdit, small: Collection[str]) -> list[str]:
    """Write the sentences of an edit: each ends with a sign, and the next begins with a capital.

    `small` are the words that the text has without capital; of two that become one, the second
    loses its own if it is one of them.

    >>> written(SentenceEdit((), "il dit non, parce que"), set())
    ['il dit non, parce que']
    >>> written(SentenceEdit((), "il dit non,\\nparce que"), set())
    ['il dit non.', 'Parce que']
    >>> both = SeenPlace(0, 1, ""), SeenPlace(1, 2, "")
    >>> written(SentenceEdit(both, "Il dit.\\nParce que"), {"parce"})
    ['Il dit parce que']
    """
    lines = edit.lines
    if len(edit.places) > 1:
        return [" ".join(_joined(lines, small))] if lines else []
    ends = [_ended(line) for line in lines[:-1]] + lines[-1:]
    return [*ends[:1], *(line[:1].upper() + line[1:] for line in ends[1:])]


def _ended(line: str) -> str:
    return line if line.endswith((*SENTENCE_END, ":")) else line.rstrip(" ,;") + "."


def _joined(lines: Sequence[str], small: Collection[str]) -> Iterator[str]:
    for place, line in enumerate(lines):
        text = line if place == len(lines) - 1 else line.rstrip(".…").rstrip()
        first = re.split(r"[\W_]", text, maxsplit=1)[0]
        yield text[:1].lower() + text[1:] if place and first.lower() in small else text


def _fused(cues: Sequence[Cue], second: float) -> tuple[Cue, ...]:
    """Make one cue of the two around a second, where a pause or a sign would part them."""
    for place in range(1, len(cues)):
        before, cue = cues[place - 1 : place + 1]
        parts = cue.start - before.end >= PAUSE or before.text.rstrip().endswith(SENTENCE_END)
        if cue.start >= second and parts:
            words = break_lines([*before.text.split(), *cue.text.split()])
            one = replace(before, end=cue.end, text=words)
            return (*cues[: place - 1], one, *cues[place + 1 :])
    return tuple(cues)


def _cut(cues: Sequence[Cue], counts: Sequence[int], heard: Sequence[Word]) -> Iterator[Cue]:
    """Cut cues so that each sentence, of so many words, begins with a cue."""
    edges, total = set[int](), 0
    for count in counts:
        total += count
        edges.add(total)
    at = 0
    for cue in cues:
        words = cue.text.split()
        places = [each for each in range(1, len(words)) if at + each in edges]
        moments = [_moment(cue, words, each, heard) for each in places]
        times = [cue.start, *moments, cue.end]
        if places and all(b - a >= LEAST for a, b in pairwise(times)):
            for (first, last), both in zip(
                pairwise((0, *places, len(words))), pairwise(times), strict=True
            ):
                yield replace(cue, start=both[0], end=both[1], text=break_lines(words[first:last]))
        else:
            yield cue
        at += len(words)


def _moment(cue: Cue, words: Sequence[str], place: int, heard: Sequence[Word]) -> float:
    """Tell when a word of a cue begins: as it was heard, else by the letters before it."""
    here = [each for each in heard if cue.start - EARLY <= each.start < cue.end]
    old = [_bare(each.text) for each in here]
    matcher = SequenceMatcher(None, old, [_bare(each) for each in words], autojunk=False)
    told = {b + n: a + n for a, b, size in matcher.get_matching_blocks() for n in range(size)}
    if place in told:
        moment = here[told[place]].start
    elif place - 1 in told:
        moment = here[told[place - 1]].end
    else:
        letters = len(" ".join(words[:place])) / max(1, len(" ".join(words)))
        moment = cue.start + letters * (cue.end - cue.start)
    return round(min(max(moment, cue.start + LEAST), cue.end - LEAST), 3)


def _bare(word: str) -> str:
    return word.casefold().strip(SIGNS)
