"""Voices: what one person says, of passages in which several may speak.

The index knows who speaks in a passage. Whether the words looked for are said by that voice, the
passage itself tells: so the best passages are read, and episodes kept in which one is true.
"""

from tantivy import Query

from radio.search.fields import by_numbers
from radio.search.marking import Marker
from radio.search.passage import unpack
from radio.search.query import ParsedQuery
from radio.search.ranking import narrow
from radio.search.reader import Reader
from radio.search.sidecars import Told

MOST = 1_000  # passages that are read


def truly_said(query: ParsedQuery, index_query: Query, told: Told, reader: Reader) -> Query:
    """Keep the episodes in which a voice of the filter says the words, in one of the best passages.

    Asks the index once.
    """
    hits = reader.searcher.search(index_query, MOST, count=False).hits
    numbers = reader.numbers([address for _, address in hits])
    marker, true = Marker(query, reader.vocabulary), set[int]()
    for number, (_, address) in zip(numbers, hits, strict=True):
        packed = None if number in true else reader.searcher.doc(address).get_first("passage")
        if packed and any(marker.find([unpack(bytes(packed))], told=told.get(number, ()))):
            true.add(number)
    return narrow(index_query, by_numbers(true))
