"""What recorders have of some time: parts of their files that follow each other, and what lacks.
The soundest recorder counts, others fill what it lacks."""

import contextlib
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from radio.ingest.recorders import NEAR, Recorder, Reel
from radio.sound.cutting import Encoding, Strip, assemble, flaws, suffix_of
from radio.sound.excerpt import locate
from radio.system.disk import explained
from radio.system.errors import RadioError

Span = tuple[float, float]  # seconds since the epoch
OVERLAP = 0.3  # seconds that two files share, from which on it is listened where the second begins
WORTH = 30.0  # seconds that lack, from which on all is encoded again to fill them
EARLIER = (0.0, 600.0, 3600.0, 6 * 3600.0, 86_400.0)  # seconds before, when clocks may be compared
LISTENED, AROUND = 20.0, 150.0  # seconds of one recorder that are looked for in the other, so near


@dataclass(frozen=True)
class Stretch:
    """A part of a file, and when it was on the air."""

    start: float  # seconds since the epoch
    strip: Strip
    encoding: Encoding

    @property
    def end(self) -> float:
        """When it ends."""
        return self.start + self.strip.end - self.strip.start

    def within(self, first: float, last: float) -> "Stretch":
        """Give what of it lies between two moments; its length is 0 or less if nothing does."""
        start, end = max(self.start, first), min(self.end, last)
        begin = self.strip.start + start - self.start
        strip = replace(self.strip, start=begin, end=begin + end - start)
        return replace(self, start=start, strip=strip)


@dataclass(frozen=True)
class Extract:
    """What there is of some time, in order."""

    parts: tuple[Stretch, ...]
    gaps: tuple[Span, ...]

    @property
    def lacks(self) -> float:
        """Seconds that are missing."""
        return sum(end - start for start, end in self.gaps)

    @property
    def suffix(self) -> str:
        """What the name of the file ends with."""
        return suffix_of([each.encoding for each in self.parts])

    def moment(self, second: float) -> float:
        """Give when a second of its file was on the air."""
        for each in self.parts:
            if second <= each.end - each.start or each == self.parts[-1]:
                break
            second -= each.end - each.start
        return each.start + second

    def second(self, moment: float) -> float:
        """Give at which second of its file a moment is heard, or would be."""
        heard = (min(each.end, moment) - each.start for each in self.parts if each.start < moment)
        return sum(heard)

    def write(self, target: Path) -> Path:
        """Write its file. Raises AudioError if a part can't be read."""
        with explained(target):
            target.parent.mkdir(parents=True, exist_ok=True)
        assemble([each.strip for each in self.parts], target)
        return target


def extract(recorders: Sequence[Recorder], first: float, last: float, work: Path) -> Extract:
    """Find what recorders have between two moments; `work` is a folder for what is listened to.
    Raises ArchiveError if a folder can't be read."""
    found = [_only(each, first, last, work) for each in recorders]
    found = [each for each in found if each.parts]
    if not found:
        return Extract((), ((first, last),))
    best = min(found, key=lambda each: each.lacks)
    if sum(each.lacks <= best.lacks + NEAR for each in found) > 1:
        even = [each for each in found if each.lacks <= best.lacks + NEAR]
        best = min(even, key=_flaws)
    for other in found:
        parts, kinds = [*best.parts], {each.encoding.kind for each in best.parts}
        for start, end in best.gaps:
            worth = end - start >= WORTH
            fit = (each for each in other.parts if worth or each.encoding.kind in kinds)
            parts += (each.within(start, end) for each in fit)
        best = _made(parts, first, last)
    return best


def _flaws(some: Extract) -> float:
    """Give the seconds that are damaged or silent, in tens: less is chance."""
    try:
        return round(flaws([each.strip for each in some.parts]), -1)
    except RadioError:
        return float("inf")


def _made(parts: Sequence[Stretch], first: float, last: float) -> Extract:
    """Put parts in order, and find what lacks between and beside them."""
    kept = sorted((each for each in parts if each.end > each.start), key=lambda each: each.start)
    gaps, place = list[Span](), first
    for each in kept:
        if each.start - place > NEAR:
            gaps.append((place, each.start))
        place = max(place, each.end)
    if last - place > NEAR:
        gaps.append((place, last))
    return Extract(tuple(kept), tuple(gaps))


def _parts(reels: Sequence[Reel], first: float, last: float, work: Path) -> Iterator[Stretch]:
    """Cut reels so that each follows the one before it. Where they share something, the second
    begins where it is heard in the first; else names and clocks are believed."""
    whole = [
        Stretch(each.start, Strip(str(each.path), 0.0, each.encoding.seconds), each.encoding)
        for each in reels
    ]
    kept = list[Stretch]()
    for part in whole:
        if kept and part.end <= kept[-1].end + NEAR:
            continue  # the same once more
        if kept and (shared := kept[-1].end - part.start) > OVERLAP:
            kept[-1] = _until(kept[-1], part, shared, work)
        kept.append(part)
    for each in kept:
        cut = each.within(first, last)
        if cut.end > cut.start:
            yield cut


def _until(part: Stretch, following: Stretch, shared: float, work: Path) -> Stretch:
    """End a part where the following one begins."""
    reach = max(2 * NEAR, shared) + LISTENED
    area = Extract((part.within(part.end - 2 * reach, part.end),), ())
    excerpt = following.within(following.start, following.start + LISTENED / 2)
    heard = _heard(area, Extract((excerpt,), ()), work)
    if heard is None and shared <= NEAR:
        return part
    return part.within(part.start, min(heard or following.start, part.end))


def _heard(whole: Extract, excerpt: Extract, work: Path) -> float | None:
    """Find when an extract is heard in another; None where it is not, surely."""
    try:
        paths = [each.write(work / f"{n}{each.suffix}") for n, each in enumerate((whole, excerpt))]
        place = locate(paths[0], paths[1], whole.second(excerpt.parts[0].start))
    except RadioError:
        return None
    return whole.moment(place.second) if place.is_sure else None


def set_clocks(recorders: Sequence[Recorder], moment: float, work: Path) -> None:
    """Measure the clocks of recorders against that of the first, around a moment; where one of them
    lacks something then, around an earlier one."""
    first, around = recorders[0], AROUND + LISTENED
    for each in recorders[1:]:
        for at in (moment - before for before in EARLIER):
            spans = (first, at - around, at + around), (each, at, at + LISTENED)
            whole, excerpt = (_only(*span, work) for span in spans)
            lacks = whole.gaps or excerpt.gaps  # then what is heard may be another time of the same
            if not lacks and (heard := _heard(whole, excerpt, work)) is not None:
                each.late += heard - excerpt.parts[0].start
                break


def _only(recorder: Recorder, first: float, last: float, work: Path) -> Extract:
    return _made([*_parts(recorder.reels(first, last), first, last, work)], first, last)


@contextlib.contextmanager
def workshop(folder: Path) -> Iterator[Path]:
    """Give a folder for what is listened to once."""
    with explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
