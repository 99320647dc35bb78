"""The words of an archive with their positions, for a search in the browser without a server.

The files are scripts (`shards`):

    search/index.js          where to look: the first name in each file of words, the first number
                             in each file of episodes and of passages; a version; function words;
                             words that are never replaced by a close one; what makes a question;
                             other words for what is typed (`alternatives`);
                             first parts of words, which are free to join; how words sound;
                             how numbers are said; whether all shows are in French
    search/words-N.js        rows in the order of their names: [name, positions, stems, members,
                             spelling where that is not the name, number of passages and
                             sidecars, spacing]
    search/ends-N.js         rows in order: [folded word that is said, backwards]
    search/english-N.js      rows: [English words, what to try in French]
    search/dictionary-N.js   rows in order, as `dictionary` writes them
    search/episodes-N.js     rows: [number, key, title, date, people, tags, position of the first
                             word of each file of its text, that of its sidecar, seconds, the
                             voices that have a name, characters of the date that are known]
    search/passages-N.js     rows: [number, passages, what each voice says, by name]
    search/said/KEY-N.js     rows: [number of the cue, position of its first word, start, end, text]

A name is a folded word (`letters.fold`), or a stem or sound: a row with members. A word is found by
its own positions and those of the members of its stems, which are spellings. Words that nobody said
but that have such a stem are rows too, so that the browser needs no French; so are words that only
their accents tell from others. Positions are written as in `postings`; before those of each episode
stands the distance of its number from the last one. The spacing of a word tells where it may not be
typed in two (`spacing.kept_apart`), after UNKNOWN where the dictionary does not know it.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from radio.archive import Archive
from radio.archive.episode import Episode
from radio.french.letters import fold
from radio.french.numbers import GREAT, below_hundred
from radio.search.fields import number as index_number
from radio.search.french import ELIDED, FUNCTION_WORDS
from radio.search.lemmas import is_known
from radio.search.questions import ALONE, CLOSING, LIGHT, OPENING, entries
from radio.search.sounds import SILENT, SOUNDS, SPELLINGS
from radio.search.spacing import FIRST_PARTS, kept_apart
from radio.search.spelling import EXACT_ONLY
from radio.static_site.alternatives import alternatives
from radio.static_site.postings import Postings, digits, postings_of, rows
from radio.static_site.shards import File, group, render, script
from radio.static_site.stem_groups import StemGroups, group_by_stem
from radio.static_site.wordbook import keep_wordbook, read_wordbook
from radio.text.transcript import Cue, voice_number

UNKNOWN = "?"
LONGEST = 60_000  # bytes of positions in a row


@dataclass
class _PostingList:
    """The positions of a word in all episodes, in parts of about LONGEST bytes."""

    parts: list[bytearray] = field(default_factory=list)
    latest: int = 0  # number of the last episode in the last part
    documents: int = 0  # passages and sidecars

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

    Postings are cached in `cache/words/`, what the dictionary tells in the wordbook. Memory holds
    the positions of all words.
    """
    lists = defaultdict[str, _PostingList](_PostingList)
    meanings, totals = Counter[str](), [0, 0]
    episode_rows, passage_rows = [], []
    for number, episode in enumerate(sorted(episodes, key=_age)):
        postings = postings_of(archive, episode)
        for word, positions in postings.words.items():
            lists[word].add(number, positions.encode())
            lists[word].documents += postings.documents.get(word, 1)
        meanings.update(postings.meanings)
        totals = [sum(pair) for pair in zip(totals, postings.lengths, strict=True)]
        episode_rows.append(_episode_row(number, episode, postings))
        passage_rows.append(render([number, postings.passages, dict(postings.voices)]))
    book = read_wordbook(archive)
    word_rows = _word_rows(lists, group_by_stem(lists, book))
    keep_wordbook(archive, book)
    kinds: dict[str, Iterable[str]] = {
        "words": word_rows,
        "episodes": episode_rows,
        "passages": passage_rows,
    }
    kinds["english"] = [render(pair) for pair in sorted(entries().items())]
    kinds |= {"ends": _end_rows(lists), "dictionary": book.rows}
    others = list(alternatives(archive.shows(), meanings))
    is_french = all(show.language.startswith("fr") for show in archive.shows())
    yield from _shards(kinds, {"alternatives": others, "totals": totals, "french": is_french})


def _age(episode: Episode) -> tuple[str, int]:
    """Order episodes by date, those of one day as the index does."""
    return episode.date.isoformat(), index_number(episode.key, ())


def _episode_row(number: int, episode: Episode, postings: Postings) -> str:
    about = [episode.key, episode.title, episode.date.isoformat(), episode.names, episode.tags]
    voices = [name for name in postings.voices if voice_number(name) is None]
    seconds = int(episode.audio.duration)
    known = len(episode.known_date)
    return render([number, *about, postings.begins, postings.told, seconds, voices, known])


def _word_rows(lists: Mapping[str, _PostingList], groups: StemGroups) -> Iterator[str]:
    words = ((_name(word), word) for word in groups.stems)
    for name, word in sorted([*words, *((stem, "") for stem in groups.members)]):
        if not word:
            yield render([name, "", "", groups.members[name]])
            continue
        own = "" if word == name else word
        first, *others = lists[word].parts if word in lists else [b""]
        spaces = _spacing(word) if first else ""
        documents = lists[word].documents if first else ""
        yield _row([name, first.decode(), groups.stems[word], "", own, documents, spaces])
        yield from (_row([name, part.decode(), "", "", own]) for part in others)


def _name(word: str) -> str:
    return fold(word.replace("%", "cent").replace("-", ""))


def _spacing(spelling: str) -> str:
    """Tell of a word whether the dictionary knows it, and where it may not be typed in two."""
    word = spelling.replace("-", "")
    unknown = [] if is_known(word) else [UNKNOWN]
    return " ".join([*unknown, *map(str, kept_apart(word))])


def _end_rows(said: Iterable[str]) -> Iterator[str]:
    names = {fold(word) for word in said if word.isalpha()}
    return (render([name[::-1]]) for name in sorted(names, key=lambda name: name[::-1]))


def _row(cells: list[str | int]) -> str:
    while not cells[-1]:
        cells.pop()
    return render(cells)


def _shards(kinds: Mapping[str, Iterable[str]], told: Mapping[str, object]) -> Iterator[File]:
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
    index: dict[str, object] = {"version": version.hexdigest()[:12], **begins, "light": light}
    asked = {"opening": OPENING, "closing": CLOSING, "alone": sorted(ALONE)}
    index |= {"firm": sorted(EXACT_ONLY), "questions": asked, **told}
    index["parts"] = sorted(FIRST_PARTS)
    index["joining"] = sorted(LIGHT)
    index["numbers"] = {"below": below_hundred(), "great": GREAT}
    sounds = [each for _, each in SOUNDS]
    index["sounds"] = {"spellings": SPELLINGS, "sounds": sounds, "silent": SILENT}
    yield script("index", [render(index)])
