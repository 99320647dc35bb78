"""What reread texts tell of what a machine mishears: the words that it heard there, and those that
people wrote in their place. It is told again where it hears the same."""

import contextlib
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from radio.archive import Archive, holdings, rereading
from radio.archive.episode import Episode
from radio.french.sounds import letters, sound
from radio.proposals.offers import Lessons, units_of
from radio.system.disk import Stamp, stamp
from radio.system.errors import RadioError
from radio.text.aligned import SIGNS, bare
from radio.text.sentences import sentence_of
from radio.transcribe.names import TEXTS, known_names

OFTEN = 0.2  # share of the times that words were wrong, from which on they are doubted elsewhere
LONGEST = 4  # words that were misheard together
SHORTEST = 3  # letters
PATIENCE = 0.5  # seconds in which texts are read anew; the others follow another time


@dataclass(frozen=True)
class Lesson:
    """What one text tells."""

    wrong: Counter[tuple[str, str]]  # what was heard, bare, and what was said
    right: Counter[str]  # words that were heard as they were said
    words: Counter[str]  # that were said


NOTHING = Lesson(Counter(), Counter(), Counter())


def lesson(heard: Sequence[str], said: Sequence[str]) -> Lesson:
    """Compare what a machine heard with what was said.

    >>> lesson("la kni dit".split(), "la CNIL dit".split()).wrong
    Counter({('kni', 'CNIL'): 1})
    """
    wrong, right = Counter[tuple[str, str]](), Counter[str]()
    old, new = list[str](), list[str]()

    def end() -> None:
        was, words = bare(" ".join(old)), " ".join(new).strip(SIGNS)
        if max(len(old), len(new)) <= LONGEST and len(was) >= SHORTEST and words:
            wrong[was, words] += 1
        old.clear()
        new.clear()

    for first, last, begin, stop in units_of(heard, said):
        own, other = heard[first:last], said[begin:stop]
        if [*map(bare, own)] == [*map(bare, other)]:
            end()
            right.update(map(bare, own))
        else:
            old += own
            new += other
    end()
    return Lesson(wrong, right, Counter(word.strip(SIGNS) for word in said))


def gathered(some: Iterable[Lesson], names: Sequence[str] = ()) -> Lessons:
    """Put together what texts tell; words that are mostly right are never doubted."""
    wrong, right, words = Counter[tuple[str, str]](), Counter[str](), Counter[str]()
    for each in some:
        wrong += each.wrong
        right += each.right
        words += each.words
    times, said = Counter[str](), defaultdict[str, list[str]](list)
    for (was, _text), count in wrong.items():
        times[was] += count
    for (was, text), _count in wrong.most_common():
        if times[was] >= OFTEN * (times[was] + right[was]):
            said[was].append(text)
    by_sound = defaultdict[str, list[str]](list)
    for word, _count in words.most_common():
        if heard := sound(letters(word)):
            by_sound[heard].append(word)
    return Lessons(said, by_sound, names)


def lessons(archive: Archive, episode: Episode) -> Lessons:
    """Gather what the newest reread texts of a show tell, and what people corrected in this one."""
    until = time.monotonic() + PATIENCE
    others = (each.key for each in holdings.episodes(archive, episode.show))
    found = [_lesson(archive, episode.key, is_own=True)]
    for key in islice((key for key in others if key != episode.key), TEXTS):
        if time.monotonic() > until:
            break
        found.append(_lesson(archive, key))
    return gathered(found, known_names(archive, episode))


def _lesson(archive: Archive, key: str, *, is_own: bool = False) -> Lesson:
    states = stamp(archive.vtt_path(key)), stamp(archive.evidence_path(key))
    with contextlib.suppress(RadioError):
        return _lesson_of(archive, key, states, is_own)
    return NOTHING


@lru_cache(maxsize=4 * TEXTS)
def _lesson_of(archive: Archive, key: str, _states: tuple[Stamp, Stamp], is_own: bool) -> Lesson:
    """Read what a text tells: its reread sections, or all of it."""
    text, evidence = archive.transcript(key), archive.evidence(key)
    if text is None or evidence is None:
        return NOTHING
    words = [word for segment in evidence.segments for word in segment.words]
    known = rereading.read(text.note, text.cues)
    found = list[Lesson]()
    for section in known.spoken if is_own else known.spoken & known.reread:
        cues = [cue for cue in text.cues if rereading.section_of(cue.start) == section]
        start, end = cues[0].start, max(cue.end for cue in cues)
        heard = [word.text for word in words if start <= (word.start + word.end) / 2 <= end]
        found.append(lesson(" ".join(heard).split(), sentence_of(cues).split()))
    wrong, right, said = Counter[tuple[str, str]](), Counter[str](), Counter[str]()
    for each in found:
        wrong += each.wrong
        right += each.right
        said += Counter() if is_own else each.words
    return Lesson(wrong, right, said)
