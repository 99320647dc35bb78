"""Postings: the positions of every word of an episode, for the search without a server.

Positions count the words of an episode from the first on. The words of the sidecar follow those of
the transcript, after a gap. They are written as text: how many positions, then the distance of each
from the one before. Numbers are written in groups of five bits, the lowest first, each as a letter
of DIGITS; 32 is added where another group follows. Function words have no postings. Passages are
written in the same way: the distance of each from the one before, and its number of words. So is
what each voice says.
"""

import json
import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from radio.archive import Archive, holdings
from radio.archive.episode import Episode
from radio.derived.cache import WORDS
from radio.formats.markdown import plain
from radio.search.french import STEM, AnalysedWord, forms, is_number, words
from radio.search.passage import LONGEST_CUE, Passage, cut_passages
from radio.static_site import shards
from radio.system import records
from radio.system.disk import read_bytes
from radio.system.edition import edition
from radio.system.errors import ArchiveError, RadioError
from radio.text.transcript import Cue

ANALYSIS = (
    "formats/markdown",
    "french",
    "search",
    "static_site/postings",
    "static_site/shards",
    "text",
)
"""If one of these changes, all postings are made again."""
APART = 100  # positions between the transcript and the sidecar
DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Postings:
    """The postings of an episode, as `cache/words/` keeps them."""

    words: Mapping[str, str] = field(default_factory=dict)  # word in small letters: positions
    stems: Mapping[str, str] = field(default_factory=dict)  # of each word, with spaces
    begins: Sequence[int] = ()  # position of the first word of each shard of its text
    told: int = 0  # position of the first word of the sidecar
    passages: str = ""  # their positions, and how many words each has
    voices: Mapping[str, str] = field(default_factory=dict)  # by name, what each says


def postings_of(archive: Archive, episode: Episode) -> Postings:
    """Read the postings of an episode from the cache, or make and cache them.

    Raises ArchiveError if the cache can't be written.
    """
    finished = holdings.is_finished(archive, episode.key)
    state = edition(*ANALYSIS), archive.stamps(episode.key), finished
    path = WORDS.path(archive, episode.key, *state)
    try:
        return records.read(Postings, read_bytes(path), path)
    except ArchiveError:  # none yet, or cut short
        postings = _analyse(episode, _cues(archive, episode.key))
        WORDS.write(archive, path, records.render(postings))
        return postings


def rows(cues: Sequence[Cue]) -> Iterator[str]:
    """Write a row for each cue: its number, position of its first word, start, end, text."""
    position = 0
    for number, cue in enumerate(cues, 1):
        text = " ".join(cue.text.split())
        yield shards.render([number, position, round(cue.start, 3), round(cue.end, 3), text])
        position += _length(words(text))


def digits(number: int) -> str:
    """Write a number.

    >>> digits(3), digits(100)
    ('D', 'kD')
    """
    text = ""
    while number > 31:
        text += DIGITS[32 + number % 32]
        number //= 32
    return text + DIGITS[number]


def _cues(archive: Archive, key: str) -> Sequence[Cue]:
    try:
        transcript = holdings.transcript(archive, key)
    except RadioError as error:
        log.warning("%s", error)
        return ()
    return transcript.cues if transcript else ()


def _analyse(episode: Episode, cues: Sequence[Cue]) -> Postings:
    positions = defaultdict[str, list[int]](list)
    firsts = [json.loads(shard[0])[1] for shard in shards.group(rows(cues))]
    starts = [0]
    for cue in cues:
        starts.append(_add(positions, cue.text, starts[-1]))
    begin = sidecar = starts[-1] + APART
    for text in (episode.title, plain(episode.description), *episode.names, *episode.tags):
        begin = _add(positions, text, begin)
    return Postings(
        {word: _write(each) for word, each in positions.items()},
        {word: _stems(word) for word in positions},
        firsts,
        sidecar,
        "".join(_write_passages(cut_passages(cues), cues, starts)),
        _voices(cues, starts),
    )


def _stems(word: str) -> str:
    """Give the lemmas or stems of a word."""
    return " ".join(sorted(form[1:] for form in forms(word)[2:] if form[0] == STEM))


def _voices(cues: Sequence[Cue], starts: Sequence[int]) -> Mapping[str, str]:
    """Write what each voice says: the distance of its words from those before, and their number."""
    said, ends = defaultdict[str, str](str), Counter[str]()
    for cue, (begin, end) in zip(cues, pairwise(starts), strict=True):
        if cue.voice:
            said[cue.voice] += digits(begin - ends[cue.voice]) + digits(end - begin)
            ends[cue.voice] = end
    return said


def _write_passages(
    passages: Iterable[Passage], cues: Sequence[Cue], starts: Sequence[int]
) -> Iterator[str]:
    """Write the passages; `starts` are the positions of the cues.

    Where a long cue is cut into passages, each begins at the end of the last.
    """
    before = begin = end = 0
    latest = -1
    for passage in passages:
        first, is_cut = passage.first, len(cues[passage.first].text) > LONGEST_CUE
        begin = end if is_cut and first == latest else starts[first]
        end = starts[first + len(passage.cues)]
        if is_cut:
            end = begin + _length(words(passage.text))
        yield digits(begin - before) + digits(end - begin)
        before, latest = begin, first


def _add(positions: dict[str, list[int]], text: str, begin: int) -> int:
    """Add the words of a text, and return the position after the last."""
    text_words = list(words(text))
    for word in text_words:
        if not word.is_light:
            positions[_spelling(word)].append(begin + word.position)
    return begin + _length(text_words)


def _length(text_words: Iterable[AnalysedWord]) -> int:
    return sum(not word.is_compound for word in text_words)


def _spelling(word: AnalysedWord) -> str:
    """Give a word in small letters; a number of several words in digits."""
    if word.is_compound and is_number(word.forms[-1]):
        return word.forms[-1].removeprefix(STEM)
    return word.spelling


def _write(positions: list[int]) -> str:
    """Write positions: how many, then the distance of each from the one before."""
    in_order = sorted(positions)
    steps = (there - here for here, there in pairwise([0, *in_order]))
    return "".join(map(digits, (len(in_order), *steps)))
