"""Where acronyms are explained: in glossaries of shows, and in texts that are public today."""

from collections.abc import Collection, Iterable, Iterator, Mapping

import tantivy

from radio.archive import glossary
from radio.archive.episode import Show
from radio.search.acronyms import find_told
from radio.search.fields import MEANING, schema
from radio.search.hits import Alternative
from radio.search.meanings import Explanation, Found
from radio.search.passage import unpack
from radio.search.reader import Reader

MOST_READ = 100  # passages that explain one acronym


def in_glossaries(shows: Iterable[Show]) -> Iterator[Explanation]:
    """Read the acronyms that keepers explain."""
    for show in shows:
        for acronym, words in glossary.meanings(show.glossary):
            yield Explanation(acronym, words, show=show.slug)


def locate(
    found: Found, reader: Reader, titles: Mapping[str, str], public: Collection[str]
) -> Alternative | None:
    """Tell where a meaning is explained, in the newest episode; None where it no longer is.

    `titles` are those of shows, by slug; `public` are the keys of episodes that count.
    """
    for each in found.meaning.spellings:
        text = each.words if found.is_acronym else each.acronym
        if each.show:
            return Alternative(text, each.acronym, each.words, titles[each.show], show=each.show)
        for key, second in _places(each, reader):
            if key in public:
                title = reader.about[reader.number_of[key]].title
                return Alternative(
                    text, each.acronym, each.words, title, episode=key, second=second
                )
    return None


def _places(explanation: Explanation, reader: Reader) -> Iterator[tuple[str, float | None]]:
    """Find the episodes that explain an acronym, and the second; none in what is only written."""
    query = tantivy.Query.term_query(schema(), MEANING, explanation.row)
    order = tantivy.Order.Desc
    hits = reader.searcher.search(query, MOST_READ, order_by_field="day", order=order).hits
    addresses = [address for _, address in hits]
    for key, address in zip(reader.keys(addresses), addresses, strict=True):
        packed = reader.searcher.doc(address).get_first("passage")
        yield key, _second(bytes(packed), explanation.row) if packed else None


def _second(packed: bytes, row: str) -> float | None:
    passage = unpack(packed)
    starts = (told.start for told in find_told(passage.text) if told.row == row)
    return next(map(passage.time, starts), None)
