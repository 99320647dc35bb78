"""The words of an archive with their positions, for a search in the browser without a server.

The files are scripts (`shards`):

    search/index.js          where to look: the first name in each file of words, the first number
                             in each file of episodes and of passages; a version; function words;
                             how many episodes there are
    search/words-N.js        rows in the order of their names: [name, positions, stems, members,
                             spelling where that is not the name]
    search/episodes-N.js     rows: [number, key, title, date, people, tags, position of the first
                             word of each file of its text, that of its sidecar, seconds, the
                             voices that have a name, characters of the date that are known]
    search/passages-N.js     rows: [number, passages, what each voice says, by name]
    search/said/KEY-N.js     rows: [number of the cue, position of its first word, start, end, text]

A name is a folded word (`letters.fold`), or a stem: a row with members. A word is found by its own
positions and those of the members of its stems, which are spellings. Words that nobody said but
that have such a stem are rows too, so that the browser needs no French; so are common words that
only their accents tell from others. Positions are written as in `postings`; before those of each
episode stands the distance of its number from the last one.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from radio.archive import Archive
from radio.archive.episode import Episode
from radio.french.letters import fold
from radio.search.fields import number as index_number
from radio.search.french import ELIDED, FUNCTION_WORDS
from radio.search.lemmas import fold_lemma, inflections, is_common
from radio.static_site.postings import Postings, digits, postings_of, rows
from radio.static_site.shards import File, group, render, script
from radio.text.transcript import Cue, voice_number

LONGEST = 60_000  # bytes of positions in a row


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


def texts(key: str, cues: Sequence[Cue]) -> Iterator[File]:
    """Write the text of an episode."""
    for part, some in enumerate(group(rows(cues))):
        yield script(f"said/{key}-{part}", some)


def lexicon(archive: Archive, episodes: Iterable[Episode]) -> Iterator[File]:
    """Write the words of some episodes, and the index of these files.

    Postings are cached in `cache/words/`. Memory holds the positions of all words.
    """
    lists, stems = defaultdict[str, _PostingList](_PostingList), dict[str, str]()
    episode_rows, passage_rows = list[str](), list[str]()
    for number, episode in enumerate(sorted(episodes, key=_age)):
        postings = postings_of(archive, episode)
        for word, positions in postings.words.items():
            lists[word].add(number, positions.encode())
        stems |= postings.stems
        episode_rows.append(_episode_row(number, episode, postings))
        passage_rows.append(render([number, postings.passages, dict(postings.voices)]))
    word_rows = sorted([*_said_rows(lists, stems), *_other_rows(stems)], key=lambda row: row[0])
    kinds = {
        "words": map(_write, word_rows),
        "episodes": episode_rows,
        "passages": passage_rows,
    }
    yield from _shards(kinds, len(episode_rows))


def _age(episode: Episode) -> tuple[str, int]:
    """Order episodes by date, those of one day as the index does."""
    return episode.date.isoformat(), index_number(episode.key, ())


def _episode_row(number: int, episode: Episode, postings: Postings) -> str:
    about = [episode.key, episode.title, episode.date.isoformat(), episode.names, episode.tags]
    voices = [name for name in postings.voices if voice_number(name) is None]
    seconds = int(episode.audio.duration)
    known = len(episode.known_date)
    return render([number, *about, postings.begins, postings.told, seconds, voices, known])


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


def _write(cells: tuple[str, ...]) -> str:
    """Write a row without the cells at its end that are empty."""
    count = max(place for place, cell in enumerate(cells, 1) if cell)
    return render(cells[:count])


def _shards(kinds: Mapping[str, Iterable[str]], total: int) -> Iterator[File]:
    """Write the rows of each kind, then the index."""
    version = hashlib.sha256()
    begins: dict[str, list[object]] = {kind: [] for kind in kinds}
    for kind, kind_rows in kinds.items():
        for part, some in enumerate(group(kind_rows)):
            begins[kind].append(json.loads(some[0])[0])
            path, content = script(f"{kind}-{part}", some)
            version.update(content)
            yield path, content
    light = sorted({*ELIDED, *FUNCTION_WORDS})
    index = {"version": version.hexdigest()[:12], **begins, "light": light, "total": total}
    yield script("index", [render(index)])
