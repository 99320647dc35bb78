"""What else may have been said in the sentences of a page of the desk, for who rereads."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from radio.archive import Archive, hearings
from radio.archive.episode import Episode
from radio.archive.glossary import entries
from radio.archive.hearings import Hearing
from radio.proposals.offers import SentenceOffers, offer
from radio.system.disk import Stamp, stamp
from radio.web.rereading import SentenceRow

NEAR = 30.0  # seconds before and after, of which a hearing may be as well


@dataclass(frozen=True)
class OfferedSentence:
    """What is offered for a sentence, as its page has it."""

    words: Sequence[str]
    told: SentenceOffers

    @property
    def packed(self) -> Mapping[str, object]:
        """Give it for the script."""
        told = self.told
        offers = [(each.first, each.last, each.text) for each in told.offers]
        stops = [(each.first, each.last) for each in told.stops]
        lists = {"offers": offers, "stops": stops, "words": told.words}
        return {name: each for name, each in lists.items() if each}

    @property
    def shown(self) -> Mapping[str, list[str]]:
        """Give it as text: what may stand in the place of words in doubt."""
        found = dict[str, list[str]]()
        for stop in self.told.stops:
            for each in self.told.at(stop.first, stop.last):
                texts = found.setdefault(" ".join(self.words[each.first : each.last]), [])
                texts += [each.text] if each.text and each.text not in texts else []
        return {was: texts for was, texts in found.items() if texts}


def offered(
    archive: Archive, episode: Episode, every: Sequence[SentenceRow], rows: Sequence[SentenceRow]
) -> Mapping[str, OfferedSentence]:
    """Tell what is offered for some of the sentences of an episode, by their id."""
    if not rows:
        return {}
    start, end = min(row.start for row in rows) - NEAR, max(row.end for row in rows) + NEAR
    near = [row for row in every if row.end >= start and row.start <= end and row.standing]
    known = [
        each for each in _hearings(archive, episode.key) if start < each.end and each.start < end
    ]
    names = (*entries(archive.show(episode.show).glossary), *episode.names)
    told = offer([row.standing for row in near], known, names)
    return {
        row.id: OfferedSentence(row.words.split(), each)
        for row, each in zip(near, told, strict=True)
    }


def _hearings(archive: Archive, key: str) -> tuple[Hearing, ...]:
    states = stamp(hearings.path_of(archive, key)), stamp(archive.evidence_path(key))
    return _read(archive, key, states)


@lru_cache(maxsize=4)
def _read(archive: Archive, key: str, _states: tuple[Stamp, Stamp]) -> tuple[Hearing, ...]:
    return hearings.read(archive, key)


def with_doubts(
    rows: Sequence[SentenceRow], offers: Mapping[str, OfferedSentence]
) -> Iterator[SentenceRow]:
    """Tell of rows which words other hearings have not, besides those that the machine doubts."""
    for row in rows:
        told = offers.get(row.id)
        if told and row.standing:
            doubts = [(" ".join(told.words[a:b]), reason) for a, b, reason in told.told.stops]
            yield replace(row, doubts=tuple(doubts))
        else:
            yield row
