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
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from radio.archive import Archive, holdings
from radio.archive.episode import Episode
from radio.derived.cache import WORDS
from radio.formats.markdown import plain
from radio.french.letters import ELIDED, FUNCTION_WORDS, fold
from radio.search import french
from radio.search.fields import number as index_number
from radio.search.passage import LONGEST_CUE, cut_passages
from radio.system import records
from radio.system.disk import read_bytes
from radio.system.edition import edition
from radio.system.errors import ArchiveError, warned
from radio.text.transcript import Cue, voice_number

# If one of these changes, all postings are made again.
ANALYSIS = ("formats/markdown", "french", "search", "static_site/lexicon", "text")
SIDECAR_GAP = 100  # positions between the transcript and the sidecar
DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

SHARD = 250_000  # bytes, about
LONGEST = 60_000  # bytes of positions in a row

File = tuple[str, bytes]  # a path beneath the site, and the content


@dataclass
class _Part:
    """Positions of a word in some episodes, whose numbers are counted from the last one's."""

    packed: bytearray = field(default_factory=bytearray)
    latest: int = 0


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
    """Read postings from the cache, or make them. Raises ArchiveError if it can't be written."""
    finished = holdings.is_finished(archive, episode.key)
    state = edition(*ANALYSIS), archive.stamps(episode.key), finished
    path = WORDS.path(archive, episode.key, *state)
    try:
        return records.read(Postings, read_bytes(path), path)
    except ArchiveError:  # none yet, or cut short
        cues: Sequence[Cue] = ()
        with warned():
            transcript = holdings.transcript(archive, episode.key)
            cues = transcript.cues if transcript else ()
        postings = _analyse(episode, cues)
        WORDS.write(archive, path, records.render(postings))
        return postings


def _analyse(episode: Episode, cues: Sequence[Cue]) -> Postings:
    positions, starts = defaultdict[str, list[int]](list), [0]

    def add(text: str, begin: int) -> int:
        """Add the words of a text, and return the position after the last."""
        text_words = list(french.words(text))
        for word in text_words:
            if not word.is_light:
                last = word.forms[-1]  # of a number of several words, in digits
                is_written_out = word.is_compound and french.is_number(last)
                spelling = last.removeprefix(french.STEM) if is_written_out else word.spelling
                spelling = spelling.removesuffix(french.JOINT)
                positions[spelling].append(begin + word.position)
        return begin + _length(text_words)

    for cue in cues:
        starts.append(add(cue.text, starts[-1]))
    begin = sidecar = starts[-1] + SIDECAR_GAP
    for text in (episode.title, plain(episode.description), *episode.names, *episode.tags):
        begin = add(text, begin)
    packed = {}
    for word, each in positions.items():
        distances = (there - here for here, there in pairwise([0, *sorted(each)]))
        packed[word] = digits(len(each), *distances)
    stems = dict[str, str]()
    for word in positions:
        found = (form[1:] for form in french.forms(word)[2:] if form[0] == french.STEM)
        stems[word] = " ".join(sorted(found))
    voices, begins = defaultdict[str, str](str), Counter[str]()
    for cue, (begin, end) in zip(cues, pairwise(starts), strict=True):
        if cue.voice:
            voices[cue.voice] += digits(begin - begins[cue.voice], end - begin)
            begins[cue.voice] = begin
    begun = [json.loads(shard[0])[1] for shard in group(rows(cues))]
    passages = "".join(_write_passages(cues, starts))
    return Postings(packed, stems, begun, sidecar, passages, voices)


def _length(text_words: Iterable[french.AnalysedWord]) -> int:
    return sum(not word.is_compound for word in text_words)


def _write_passages(cues: Sequence[Cue], starts: Sequence[int]) -> Iterator[str]:
    """Write the passages of cues with these positions; parts of a long cue follow one another."""
    before = begin = end = 0
    latest = -1
    for passage in cut_passages(cues):
        first, is_cut = passage.first, len(cues[passage.first].text) > LONGEST_CUE
        begin = end if is_cut and first == latest else starts[first]
        end = starts[first + len(passage.cues)]
        if is_cut:
            end = begin + _length(french.words(passage.text))
        yield digits(begin - before, end - begin)
        before, latest = begin, first


def digits(*numbers: int) -> str:
    """Write numbers.

    >>> digits(3), digits(100), digits(3, 100)
    ('D', 'kD', 'DkD')
    """
    text = ""
    for number in numbers:
        rest = number
        while rest > 31:
            text += DIGITS[32 + rest % 32]
            rest //= 32
        text += DIGITS[rest]
    return text


def rows(cues: Sequence[Cue]) -> Iterator[str]:
    """Write a row for each cue: its number, position of its first word, start, end, text."""
    position = 0
    for number, cue in enumerate(cues, 1):
        text = " ".join(cue.text.split())
        yield render([number, position, round(cue.start, 3), round(cue.end, 3), text])
        position += _length(french.words(text))


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
    """Write the words of some episodes, all in memory at once, and the index of these files."""
    parts, stems = defaultdict[str, list[_Part]](list), dict[str, str]()
    episode_rows, passage_rows = list[str](), list[str]()
    # In order of dates; those of one day as the index has them.
    by_age = sorted(episodes, key=lambda each: (each.date, index_number(each.key, ())))
    for number, episode in enumerate(by_age):
        postings = postings_of(archive, episode)
        for word, positions in postings.words.items():
            own = parts[word]
            if not own or len(own[-1].packed) > LONGEST:
                own.append(_Part())
            own[-1].packed += (digits(number - own[-1].latest) + positions).encode()
            own[-1].latest = number
        stems |= postings.stems
        about = [episode.key, episode.title, episode.date.isoformat(), episode.names, episode.tags]
        named = [name for name in postings.voices if voice_number(name) is None]
        length = [int(episode.audio.duration), named, len(episode.known_date)]
        begun = [postings.begins, postings.sidecar]
        episode_rows.append(render([number, *about, *begun, *length]))
        passage_rows.append(render([number, postings.passages, dict(postings.voices)]))
    word_rows = sorted(_word_rows(parts, stems), key=lambda row: row[0])
    ends = (max(n for n, cell in enumerate(row, 1) if cell) for row in word_rows)
    written = (render(row[:end]) for row, end in zip(word_rows, ends, strict=True))
    kinds = {"words": written, "episodes": episode_rows, "passages": passage_rows}
    begins: dict[str, list[object]] = {kind: [] for kind in kinds}
    version = hashlib.sha256()
    for kind, some in kinds.items():
        for place, shard in enumerate(group(some)):
            begins[kind].append(json.loads(shard[0])[0])
            path, content = script(f"{kind}-{place}", shard)
            version.update(content)
            yield path, content
    light = sorted({*ELIDED, *FUNCTION_WORDS})
    index = {"version": version.hexdigest()[:12], **begins, "light": light, "total": len(by_age)}
    yield script("index", [render(index)])


def _word_rows(
    parts: Mapping[str, Sequence[_Part]], stems: Mapping[str, str]
) -> Iterator[tuple[str, ...]]:
    """Give the words that were said, those that have each stem, and those that nobody said."""
    members, unsaid = defaultdict[str, list[str]](list), defaultdict[str, set[str]](set)
    for word in sorted(stems):
        name = fold(word.replace("%", "cent").replace("-", ""))
        for part in parts[word]:
            yield name, part.packed.decode(), stems[word], "", "" if word == name else word
        for stem in stems[word].split():
            members[stem].append(word)
    for stem, some in members.items():
        yield stem, "", "", " ".join(some)
    names = set(map(fold, stems))
    for word, lemma in french.inflections():
        stem = french.fold_lemma(lemma)
        if word not in stems and (
            stem in members or (french.is_common(lemma) and fold(word) in names)
        ):
            unsaid[word] |= {stem} & members.keys()
    for word in sorted(unsaid):
        name = fold(word)
        yield name, "", " ".join(sorted(unsaid[word])), "", "" if word == name else word
