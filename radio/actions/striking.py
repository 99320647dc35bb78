"""Words of a passage, struck from a text and from what the machine heard. Pure.

What a machine says of the moment of a word may be wrong by some tenths of a second, so words near
a border go too. A cue of which nobody knows when each word is said goes whole.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from radio.archive.slugs import slugify
from radio.text.transcript import Cue, Evidence, Region, Segment, Transcript, Word

NEAR = 0.25  # seconds from a border within which a word goes too
KNOWN = 0.6  # share of the words up to a border that a machine must have heard as they stand
AROUND = 2.0  # seconds from a passage within which a translation may say it


@dataclass(frozen=True)
class Strike:
    """A passage that is struck, and what stands in its place."""

    start: float  # seconds
    end: float
    mark: str

    def hits(self, start: float, end: float, near: float = 0.0) -> bool:
        """Whether something lies in the passage, or as near to it."""
        return start < self.end + near and end > self.start - near


def strike_text(text: Transcript, strike: Strike, evidence: Evidence | None) -> Transcript:
    """Give a text without the words of a passage, and its mark in their place."""
    words = [word for each in evidence.segments for word in each.words] if evidence else []
    before, after = list[Cue](), list[Cue]()
    for cue in text.cues:
        if not strike.hits(cue.start, cue.end, NEAR):
            (before if cue.end <= strike.start else after).append(cue)
            continue
        first, last = _kept(cue, strike, words)
        if first:
            end = max(cue.start + 0.1, min(cue.end, strike.start))
            before.append(replace(cue, text=" ".join(first), end=end))
        if last:
            start = min(cue.end - 0.1, max(cue.start, strike.end))
            after.append(replace(cue, text=" ".join(last), start=start))
    mark = Cue(strike.start, strike.end, strike.mark)
    return replace(text, cues=(*before, mark, *after), sha256="")


def strike_translation(text: Transcript, strike: Strike) -> Transcript:
    """Give a text in another language without every cue that may hold a word of the passage."""
    wide = replace(strike, start=strike.start - AROUND, end=strike.end + AROUND)
    kept = [cue for cue in text.cues if not wide.hits(cue.start, cue.end)]
    before = [cue for cue in kept if cue.start < strike.start]
    mark = Cue(strike.start, strike.end, strike.mark)
    return replace(text, cues=(*before, mark, *kept[len(before) :]), sha256="")


def strike_evidence(evidence: Evidence, strike: Strike, audio: str) -> Evidence:
    """Give what a machine heard without the words of a passage, in a recording of that sha256."""
    segments = (_struck(each, strike) for each in evidence.segments)
    return replace(
        evidence,
        audio=audio,
        segments=tuple(each for each in segments if each),
        regions=tuple(_cut_regions(evidence.regions, strike)),
    )


def _kept(cue: Cue, strike: Strike, words: Sequence[Word]) -> tuple[list[str], list[str]]:
    """Give the words of a cue that surely come before the passage, and those after it.

    What was heard in other cues proves nothing: the same words may be said there.
    """
    near = [w for w in words if cue.start <= (w.start + w.end) / 2 <= cue.end]
    texts = cue.text.split()
    match = SequenceMatcher(None, list(map(slugify, texts)), [slugify(w.text) for w in near], False)
    before, after = list[int](), list[int]()
    for own, heard, size in match.get_matching_blocks():
        for place in range(size):
            word = near[heard + place]
            if word.end <= strike.start - NEAR:
                before.append(own + place)
            elif word.start >= strike.end + NEAR:
                after.append(own + place)
    first = _border(before)
    last = len(texts) - _border([len(texts) - 1 - place for place in reversed(after)])
    return texts[:first], texts[max(first, last) :]


def _border(known: Sequence[int]) -> int:
    """Tell how many words from an end surely lie outside; none where most of them are not known."""
    count = known[-1] + 1 if known else 0
    return count if len(known) >= KNOWN * count else 0


def _struck(segment: Segment, strike: Strike) -> Segment | None:
    if not strike.hits(segment.start, segment.end, NEAR):
        return segment
    words = tuple(w for w in segment.words if not strike.hits(w.start, w.end, NEAR))
    if not words:
        return None
    return replace(segment, words=words, text=" ".join(word.text for word in words))


def _cut_regions(regions: Sequence[Region], strike: Strike) -> Iterator[Region]:
    """Let a passage be silence."""
    left = [replace(each, end=min(each.end, strike.start)) for each in regions]
    right = [replace(each, start=max(each.start, strike.end)) for each in regions]
    yield from (each for each in left if each.start < each.end)
    yield Region(strike.start, strike.end, "silence")
    yield from (each for each in right if each.start < each.end)
