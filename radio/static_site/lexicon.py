"""The words of an archive with their places, as scripts that a browser searches without a server.

Each file calls `shard(name, data)`, since a page opened from a disk may load scripts and nothing
else. No file is much larger than SHARD, so a search reads a few of them, whatever the archive:

    search/index.js          where to look: the first name in each file of words, the first number
                             in each file of episodes and of passages; a version; words that
                             are left out; words that are taken for no other
    search/words-N.js        rows in the order of their names: [name, places, stems, members]
    search/episodes-N.js     rows: [number, key, title, date, people, tags, the place at which each
                             file of its texts begins, that of what its sidecar tells]
    search/passages-N.js     rows: [number, passages]
    search/said/KEY-N.js     rows: [number of the cue, place of its first word, start, end, text]

A name is a word folded (`french.fold`) or a stem. A word is found by its own places and those of
the members of its stems; words that are nowhere said but have such a stem are rows too, so that a
browser needs no French. Places count words from the first of an episode; what its sidecar tells
follows what is said. They are written for each episode as: how many episodes further on, how many
places, how far each is from the one before, every number in groups of five bits, least first, a
letter of DIGITS each, 32 added where another follows. Function words are left out. Passages are
written likewise: how far each begins from the one before, how many words it has.
"""

import hashlib
import json
import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Any

from radio import records
from radio.archive import Archive
from radio.disk import read_bytes, write_whole
from radio.edition import edition
from radio.episode import Episode
from radio.errors import ArchiveError, RadioError
from radio.search.french import (
    ELIDED,
    EXACT,
    FUNCTION_WORDS,
    STEM,
    Word,
    fold,
    forms,
    is_number,
    words,
)
from radio.search.inflections import inflections
from radio.search.passage import LONGEST_CUE, cut_passages
from radio.search.spelling import EXACT_ONLY
from radio.transcript import Cue

SHARD = 250_000  # bytes, about
LONGEST = 60_000  # bytes of places in a row
APART = 100  # places between what is said and what is told
SHORT, BEGINNING = 3, 5  # letters by which words are taken for maybe of one stem
DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

ANALYSIS = ("captions", "search", "static_site/lexicon", "transcript")  # what finds the places

log = logging.getLogger(__name__)

File = tuple[str, bytes]
"""A path beneath the site, and what lies there."""


@dataclass(frozen=True)
class Places:
    """Where the words of an episode are said, each as it is written in small letters."""

    state: str = ""
    words: Mapping[str, str] = field(default_factory=dict)  # word: places
    begins: Sequence[int] = ()  # place of the first word of each file of its texts
    told: int = 0  # place of the first word that its sidecar tells
    passages: str = ""  # where they begin and how many words they have


@dataclass
class _Row:
    """Where a word is said."""

    places: list[bytearray] = field(default_factory=list)
    latest: int = 0  # the last episode in the last of `places`


@dataclass
class _Kin:
    """Which words have a stem in common."""

    stems: dict[str, str]  # of each word that may be asked for, said or not
    members: dict[str, str]  # of each such stem, the words that are said


def said(key: str, cues: Sequence[Cue]) -> Iterator[File]:
    """Write the texts of an episode."""
    for part, rows in enumerate(_packed(_rows(cues))):
        yield _script(f"said/{key}-{part}", rows)


def lexicon(archive: Archive, episodes: Iterable[Episode]) -> Iterator[File]:
    """Write the words of some episodes, and where to look for them.

    What was once analysed is kept in `cache/words/`. Memory holds the places of all the words.
    """
    rows = defaultdict[str, _Row](_Row)
    spellings: set[str] = set()
    listed, cuts = [], []
    for number, episode in enumerate(sorted(episodes, key=_age)):
        found = _places(archive, episode)
        for word, places in found.words.items():
            _add(rows[fold(word)], number, places.encode())
        spellings.update(found.words)
        listed.append(_about(number, episode, found))
        cuts.append(_json([number, found.passages]))
    kin = _relate(spellings)
    version = hashlib.sha256()
    begins: dict[str, list[Any]] = {"words": [], "episodes": [], "passages": []}
    kinds = ("words", _lines(rows, kin)), ("episodes", listed), ("passages", cuts)
    for kind, lines in kinds:
        for part, some in enumerate(_packed(lines)):
            begins[kind].append(json.loads(some[0])[0])
            path, content = _script(f"{kind}-{part}", some)
            version.update(content)
            yield path, content
    light = sorted({*ELIDED, *map(fold, FUNCTION_WORDS)})
    index = {
        "version": version.hexdigest()[:12],
        **begins,
        "light": light,
        "firm": sorted(EXACT_ONLY),
    }
    yield _script("index", [_json(index)])


def _age(episode: Episode) -> tuple[str, str]:
    """Number episodes by age, so that a new one is the last."""
    return episode.date.isoformat(), episode.key


# One episode


def _rows(cues: Sequence[Cue]) -> Iterator[str]:
    place = 0
    for number, cue in enumerate(cues, 1):
        text = " ".join(cue.text.split())
        yield _json([number, place, round(cue.start, 3), round(cue.end, 3), text])
        place += _length(words(text))


def _places(archive: Archive, episode: Episode) -> Places:
    """Read where the words of an episode are said, or find it out and keep it."""
    path = archive.cache / "words" / f"{episode.key}.json"
    state = f"{edition(*ANALYSIS)} {archive.stamps(episode.key)}"
    try:
        found = records.read(Places, read_bytes(path), path)
    except ArchiveError:  # none yet, or cut short
        found = Places()
    if found.state != state:
        found = _analyse(episode, _cues(archive, episode.key), state)
        write_whole(path, records.render(found))
    return found


def _cues(archive: Archive, key: str) -> Sequence[Cue]:
    try:
        transcript = archive.transcript(key)
    except RadioError as error:
        log.warning("%s", error)
        return ()
    return transcript.cues if transcript else ()


def _analyse(episode: Episode, cues: Sequence[Cue], state: str) -> Places:
    places = defaultdict[str, list[int]](list)
    firsts = [json.loads(rows[0])[1] for rows in _packed(_rows(cues))]
    starts = [0]
    for cue in cues:
        starts.append(_note(places, cue.text, starts[-1]))
    begin = told = starts[-1] + APART
    people = (person.name for person in episode.people)
    for text in (episode.title, episode.description, *people, *episode.tags):
        begin = _note(places, text, begin)
    written = {word: _written(each) for word, each in places.items()}
    return Places(state, written, firsts, told, "".join(_steps(cues, starts)))


def _steps(cues: Sequence[Cue], starts: Sequence[int]) -> Iterator[str]:
    """Write passages; of one cue that is cut into several, each begins where the last ended."""
    before = begin = end = 0
    latest = -1
    for passage in cut_passages(cues):
        first, is_cut = passage.first, len(cues[passage.first].text) > LONGEST_CUE
        begin = end if is_cut and first == latest else starts[first]
        end = starts[first + len(passage.cues)]
        if is_cut:
            end = begin + _length(words(passage.text))
        yield _digits(begin - before) + _digits(end - begin)
        before, latest = begin, first


def _note(places: dict[str, list[int]], text: str, begin: int) -> int:
    """Note the words of a text by their places, and tell the place after the last."""
    found = list(words(text))
    for word in found:
        if not word.is_light:
            places[_spelling(word)].append(begin + word.position)
    return begin + _length(found)


def _length(said: Iterable[Word]) -> int:
    return sum(not word.is_compound for word in said)


def _spelling(word: Word) -> str:
    """Give a word in small letters: a compound without hyphens, a number in digits."""
    if word.is_compound and is_number(word.forms[-1]):
        return word.forms[-1].removeprefix(STEM)
    written = word.forms[0].removeprefix(EXACT)
    return written.replace("-", "") if word.is_compound else written


def _written(places: list[int]) -> str:
    """Write places: how many, and how far each is from the one before."""
    ordered = sorted(places)
    steps = (there - here for here, there in pairwise([0, *ordered]))
    return "".join(map(_digits, (len(ordered), *steps)))


def _digits(number: int) -> str:
    """Write a number.

    >>> _digits(3), _digits(100)
    ('D', 'kD')
    """
    text = ""
    while number > 31:
        text += DIGITS[32 + number % 32]
        number //= 32
    return text + DIGITS[number]


def _about(number: int, episode: Episode, found: Places) -> str:
    people = [person.name for person in episode.people]
    named = [episode.key, episode.title, episode.date.isoformat(), people, episode.tags]
    return _json([number, *named, found.begins, found.told])


# All of them


def _add(row: _Row, number: int, places: bytes) -> None:
    """Add the places in an episode; what grows too long goes on from the first episode anew."""
    if not row.places or len(row.places[-1]) > LONGEST:
        row.places.append(bytearray())
        row.latest = 0
    row.places[-1] += _digits(number - row.latest).encode() + places
    row.latest = number


def _relate(spellings: Iterable[str]) -> _Kin:
    """Find the words that share a stem with others, and those that nobody said but would."""
    stems, members = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for word in spellings:
        for stem in _stems(word):
            stems[fold(word)].add(stem)
            members[stem].add(fold(word))
    kin = _Kin({}, {})
    for name, some in stems.items():
        if shared := {stem for stem in some if len(members[stem]) > 1}:
            kin.stems[name] = " ".join(sorted(shared))
    beginnings = (stem[:BEGINNING] for stem in members if len(stem) >= SHORT)
    for word in inflections(frozenset(beginnings)):
        name = fold(word)
        if name not in stems and (shared := members.keys() & _stems(word)):
            known = kin.stems.get(name, "").split()
            kin.stems[name] = " ".join(sorted(shared.union(known)))
    asked = {stem for some in kin.stems.values() for stem in some.split()}
    kin.members = {stem: " ".join(sorted(members[stem])) for stem in asked}
    return kin


@lru_cache(maxsize=50_000)
def _stems(word: str) -> frozenset[str]:
    return frozenset(form.removeprefix(STEM) for form in forms(word)[2:])


def _lines(rows: Mapping[str, _Row], kin: _Kin) -> Iterator[str]:
    for name in sorted(rows.keys() | kin.stems.keys() | kin.members.keys()):
        told = [kin.stems.get(name, ""), kin.members.get(name, "")]
        while told and not told[-1]:
            told.pop()
        first, *others = rows[name].places if name in rows else [b""]
        yield _json([name, first.decode(), *told])
        for places in others:
            yield _json([name, places.decode()])


# Files


def _packed(lines: Iterable[str]) -> Iterator[list[str]]:
    """Group lines into files of about SHARD bytes."""
    some, size = list[str](), 0
    for line in lines:
        length = len(line.encode())
        if some and size + length > SHARD:
            yield some
            some, size = [], 0
        some.append(line)
        size += length
    if some:
        yield some


def _script(name: str, lines: Sequence[str]) -> File:
    content = f"shard({_json(name)}, [\n" + ",\n".join(lines) + "\n]);\n"
    return f"search/{name}.js", content.encode(errors="replace")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
