"""The words of an archive with their positions, for a search in the browser without a server.

The files are scripts. Each calls `shard(name, data)`, because a page that was opened from a disk
may load scripts and nothing else. None is much larger than SHARD, so a browser loads a few of them,
however large the archive.

    search/index.js          the first name in each file of words, the first number in each file of
                             episodes and of passages; a version; function words; how many episodes
    search/words-N.js        in the order of names: [name, positions, stems, members, spelling
                             where that is not the name]
    search/episodes-N.js     [number, key, title, date, people, tags, position of the first word of
                             each file of its text, that of its sidecar, seconds, the voices that
                             have a name, characters of the date that are known]
    search/passages-N.js     [number, passages, what each voice says, by name]
    search/said/KEY-N.js     [number of the cue, position of its first word, start, end, text]

A name is a folded word (`letters.fold`), or a stem: a row with members. A word is found by its own
positions and those of the members of its stems, which are spellings. Words that nobody said but
that have such a stem are rows too, so that the browser needs no French; so are common words that
only their accents tell from others.

Positions count the words of an episode from the first on, function words too, which have no row;
those of the sidecar follow after a gap. They are written as text: how many, then the distance of
each from the one before; before those of each episode stands the distance of its number from the
last one. Numbers are written in groups of five bits, the lowest first, each as a letter of DIGITS;
32 is added where another group follows. Passages are written in the same way: the distance of each
from the one before, and its number of words. So is what each voice says.
"""

import hashlib
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
from radio.french.letters import fold
from radio.french.words import ELIDED, FUNCTION_WORDS
from radio.search.fields import number as index_number
from radio.search.french import (
    STEM,
    AnalysedWord,
    fold_lemma,
    forms,
    inflections,
    is_common,
    is_number,
    words,
)
from radio.search.passage import LONGEST_CUE, Passage, cut_passages
from radio.system import records
from radio.system.disk import read_bytes
from radio.system.edition import edition
from radio.system.errors import ArchiveError, RadioError
from radio.text.transcript import Cue, voice_number

ANALYSIS = ("formats/markdown", "french", "search", "static_site/lexicon", "text")
"""If one of these changes, all postings are made again."""
APART = 100  # positions between the transcript and the sidecar
DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

SHARD = 250_000  # bytes, about
LONGEST = 60_000  # bytes of positions in a row

File = tuple[str, bytes]
"""A path beneath the site, and the content of that file."""
log = logging.getLogger(__name__)


@dataclass
class _PostingList:
    """The positions of a word in all episodes, in parts of about LONGEST bytes."""

    parts: list[bytearray] = field(default_factory=list)
    latest: int = 0  # number of the last episode in the last part

    def add(self, number: int, positions: bytes) -> None:
        """Add the positions in an episode; a new part counts episodes from 0 again."""
        if not self.parts or len(self.parts[-1]) > LONGEST:
            self.parts.append(bytearray())
            self.latest = 0
        self.parts[-1] += digits(number - self.latest).encode() + positions
        self.latest = number


@dataclass(frozen=True)
class Postings:
    """The postings of an episode, as `cache/words/` keeps them."""

    words: Mapping[str, str] = field(default_factory=dict)  # word in small letters: positions
    stems: Mapping[str, str] = field(default_factory=dict)  # of each word, with spaces
    begins: Sequence[int] = ()  # position of the first word of each shard of its text
    sidecar: int = 0  # position of the first word of the sidecar
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
        yield render([number, position, round(cue.start, 3), round(cue.end, 3), text])
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
    positions, starts = defaultdict[str, list[int]](list), [0]

    def add(text: str, begin: int) -> int:
        """Add the words of a text, and return the position after the last."""
        text_words = list(words(text))
        for word in text_words:
            if not word.is_light:
                positions[_spelling(word)].append(begin + word.position)
        return begin + _length(text_words)

    for cue in cues:
        starts.append(add(cue.text, starts[-1]))
    begin = sidecar = starts[-1] + APART
    for text in (episode.title, plain(episode.description), *episode.names, *episode.tags):
        begin = add(text, begin)
    stems = {word: [form[1:] for form in forms(word)[2:] if form[0] == STEM] for word in positions}
    return Postings(
        {word: _write(sorted(each)) for word, each in positions.items()},
        {word: " ".join(sorted(each)) for word, each in stems.items()},
        [json.loads(shard[0])[1] for shard in group(rows(cues))],
        sidecar,
        "".join(_write_passages(cut_passages(cues), cues, starts)),
        _voices(cues, starts),
    )


def _length(text_words: Iterable[AnalysedWord]) -> int:
    return sum(not word.is_compound for word in text_words)


def _spelling(word: AnalysedWord) -> str:
    """Give a word in small letters; a number of several words in digits."""
    if word.is_compound and is_number(word.forms[-1]):
        return word.forms[-1].removeprefix(STEM)
    return word.spelling


def _write(positions: Sequence[int]) -> str:
    """Write positions: how many, then the distance of each from the one before."""
    steps = (there - here for here, there in pairwise([0, *positions]))
    return "".join(map(digits, (len(positions), *steps)))


def _voices(cues: Sequence[Cue], starts: Sequence[int]) -> Mapping[str, str]:
    """Write what each voice says: the distance of its words from those before, and their number."""
    said, begins = defaultdict[str, str](str), Counter[str]()
    for cue, (begin, end) in zip(cues, pairwise(starts), strict=True):
        if cue.voice:
            said[cue.voice] += digits(begin - begins[cue.voice]) + digits(end - begin)
            begins[cue.voice] = begin
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


def group(rows: Iterable[str]) -> Iterator[list[str]]:
    """Group rows into shards of about SHARD bytes."""
    shard, size = list[str](), 0
    for row in rows:
        size += len(row.encode())
        if shard and size > SHARD:
            yield shard
            shard, size = [], len(row.encode())
        shard.append(row)
    if shard:
        yield shard


def script(name: str, rows: Sequence[str]) -> File:
    """Write a shard as a script."""
    content = f"shard({render(name)}, [\n" + ",\n".join(rows) + "\n]);\n"
    return f"search/{name}.js", content.encode(errors="replace")


def render(value: object) -> str:
    """Write a value as JSON on one line, as short as possible."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def texts(key: str, cues: Sequence[Cue]) -> Iterator[File]:
    """Write the text of an episode."""
    for part, some in enumerate(group(rows(cues))):
        yield script(f"said/{key}-{part}", some)


def lexicon(archive: Archive, episodes: Iterable[Episode]) -> Iterator[File]:
    """Write the words of some episodes, and the index of these files.

    Memory holds the positions of all words.
    """
    lists, stems = defaultdict[str, _PostingList](_PostingList), dict[str, str]()
    episode_rows, passage_rows = list[str](), list[str]()
    # In order of dates; those of one day as the index has them.
    by_age = sorted(episodes, key=lambda each: (each.date, index_number(each.key, ())))
    for number, episode in enumerate(by_age):
        postings = postings_of(archive, episode)
        for word, positions in postings.words.items():
            lists[word].add(number, positions.encode())
        stems |= postings.stems
        episode_rows.append(_episode_row(number, episode, postings))
        passage_rows.append(render([number, postings.passages, dict(postings.voices)]))
    word_rows = sorted([*_said_rows(lists, stems), *_other_rows(stems)], key=lambda row: row[0])
    begins = dict[str, list[object]]()
    version = hashlib.sha256()
    kinds = {
        "words": map(_write_row, word_rows),
        "episodes": episode_rows,
        "passages": passage_rows,
    }
    for kind, kind_rows in kinds.items():
        begins[kind] = []
        for part, some in enumerate(group(kind_rows)):
            begins[kind].append(json.loads(some[0])[0])
            path, content = script(f"{kind}-{part}", some)
            version.update(content)
            yield path, content
    light, total = sorted({*ELIDED, *FUNCTION_WORDS}), len(episode_rows)
    index = {"version": version.hexdigest()[:12], **begins, "light": light, "total": total}
    yield script("index", [render(index)])


def _episode_row(number: int, episode: Episode, postings: Postings) -> str:
    about = [episode.key, episode.title, episode.date.isoformat(), episode.names, episode.tags]
    voices = [name for name in postings.voices if voice_number(name) is None]
    seconds = int(episode.audio.duration)
    known = len(episode.known_date)
    return render([number, *about, postings.begins, postings.sidecar, seconds, voices, known])


def _said_rows(
    lists: Mapping[str, _PostingList], stems: Mapping[str, str]
) -> Iterator[tuple[str, ...]]:
    for word in sorted(lists):
        name = fold(word.replace("%", "cent").replace("-", ""))
        for part in lists[word].parts:
            yield name, part.decode(), stems[word], "", "" if word == name else word


def _other_rows(stems: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """Give the words that have each stem, and the words that nobody said."""
    members = defaultdict[str, list[str]](list)
    for word in sorted(stems):
        for stem in stems[word].split():
            members[stem].append(word)
    for stem, some in members.items():
        yield stem, "", "", " ".join(some)
    names, unsaid = set(map(fold, stems)), defaultdict[str, set[str]](set)
    for word, lemma in inflections():
        stem = fold_lemma(lemma)
        if word not in stems and (stem in members or (is_common(lemma) and fold(word) in names)):
            unsaid[word] |= {stem} & members.keys()
    for word in sorted(unsaid):
        name = fold(word)
        yield name, "", " ".join(sorted(unsaid[word])), "", "" if word == name else word


def _write_row(cells: tuple[str, ...]) -> str:
    """Write a row without the cells at its end that are empty."""
    count = max(place for place, cell in enumerate(cells, 1) if cell)
    return render(cells[:count])
