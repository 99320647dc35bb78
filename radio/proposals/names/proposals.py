"""Names that may be themes: said in several episodes, and on which no keeper decided yet."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from radio.archive import Archive, holdings
from radio.archive.dossier import Kind
from radio.archive.glossary import entries
from radio.archive.slugs import slugify
from radio.archive.themes import read_themes
from radio.proposals.names.hearing import HeardName, heard

LEAST = 2  # episodes that say a name


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


@dataclass
class _Met:
    spellings: Counter[str] = field(default_factory=Counter)
    kinds: Counter[Kind] = field(default_factory=Counter)
    keys: dict[str, HeardName] = field(default_factory=dict)  # the newest first


def propose(archive: Archive, least: int = LEAST) -> list[Proposal]:
    """List the names that were heard and wait, those of most episodes first.

    Raises ArchiveError if `themes.json` can't be read.
    """
    decided, met = set(_decided(archive)), dict[str, _Met]()
    for episode in holdings.episodes(archive):
        known = heard(archive, episode.key)
        for each in known.names if known else ():
            slug = slugify(each.name)
            if slug and slug not in decided:
                one = met.setdefault(slug, _Met())
                one.spellings[each.name] += each.times
                one.kinds[each.kind] += each.times
                one.keys.setdefault(episode.key, each)
    found = (_proposal(each) for each in met.values() if len(each.keys) >= least)
    return sorted(found, key=lambda each: (-each.episodes, -each.times, each.name))


def _proposal(met: _Met) -> Proposal:
    key, example = next(iter(met.keys.items()))
    name, kind = met.spellings.most_common(1)[0][0], met.kinds.most_common(1)[0][0]
    times = met.spellings.total()
    return Proposal(name, kind, len(met.keys), times, key, example.second, example.sentence)


def _decided(archive: Archive) -> Iterator[str]:
    """Give the slugs of all names that have a dossier, or shall have none."""
    for episode in holdings.episodes(archive):
        yield from map(slugify, (*episode.names, *episode.tags, *episode.voices.values()))
    for show in archive.shows():
        yield from map(slugify, (show.title, show.station, *entries(show.glossary)))
    yield from map(slugify, read_themes(archive.root).names)
