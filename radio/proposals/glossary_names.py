"""Names for the glossary of a show: those that were mended, and those that the machine doubts.

A doubtful name is said once in an episode; one that several episodes have, spelled alike, is no
accident: told to the glossary, the machine hears it better from then on.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from radio.archive import Archive
from radio.archive.glossary import entries
from radio.archive.slugs import slugify
from radio.archive.themes import read_themes
from radio.proposals.elsewhere import pairs_of
from radio.proposals.queue import Mending, read
from radio.system.errors import RadioError
from radio.text import doubt
from radio.text.aligned import SIGNS

LEAST = 2  # episodes that have a doubtful name

Source = Literal["mended", "heard"]


@dataclass(frozen=True)
class GlossaryProposal:
    """A name that a show may tell the machine, before a keeper’s yes."""

    show: str  # its slug
    name: str
    source: Source
    times: int  # mended sentences, or episodes
    key: str  # an episode that says it
    second: float


def propose(archive: Archive, slug: str, recent: int | None = None) -> list[GlossaryProposal]:
    """List names for the glossary of a show: mended ones first, then those of most episodes.

    What is corrected by itself already is none. Only the `recent` episodes are looked at, if told.

    Raises NotFoundError if there is no such show, ArchiveError if a list can't be read.
    """
    show = archive.read_show(slug)
    refused = read_themes(archive.root).refused
    known = {slugify(each) for each in (*entries(show.glossary), *refused, *show.corrections)}
    found = list[GlossaryProposal]()
    met = defaultdict[tuple[Source, str], dict[object, tuple[str, float]]](dict)
    for name, key, second in _mended(archive, slug):
        met["mended", name].setdefault((key, second), (key, second))
    for name, key, second in _heard(archive, slug, recent):
        met["heard", name].setdefault(key, (key, second))
    for (source, name), places in sorted(
        met.items(), key=lambda each: (each[0][0] == "heard", -len(each[1]), each[0][1])
    ):
        word, least = slugify(name), 1 if source == "mended" else LEAST
        if word and word not in known and len(places) >= least:
            known.add(word)
            first = next(iter(places.values()))
            found.append(GlossaryProposal(slug, name, source, len(places), *first))
    return found


def names_in(archive: Archive, mended: Mending) -> list[str]:
    """Give the names mended in an accepted proposal that the glossary of its show lacks."""
    known = {slugify(each) for each in entries(archive.read_show(mended.show).glossary)}
    rights = dict.fromkeys(pairs_of(mended.was, mended.accepted).values())
    return [each for each in rights if not each.islower() and slugify(each) not in known]


def _mended(archive: Archive, slug: str) -> Iterator[tuple[str, str, float]]:
    """Give the names that keepers accepted in the place of a mishearing, and where."""
    for each in read(archive.root).accepted:
        if each.show == slug:
            rights = pairs_of(each.was, each.accepted).values()
            yield from ((right, each.key, each.start) for right in rights if not right.islower())


def _heard(archive: Archive, slug: str, recent: int | None) -> Iterator[tuple[str, str, float]]:
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
