"""What speaks of the same things: the words that set an episode apart, looked for in the others."""

import json
import math
from collections.abc import Collection, Sequence

import tantivy
from tantivy import Occur, Query

from radio.search.clauses import FIELD, Term
from radio.search.fields import episodes, numbered, schema
from radio.search.ranking import narrow

WORDS = 15  # that stand for an episode
RAREST = 2  # documents; what is rarer is said nowhere else


def telling(searcher: tantivy.Searcher, key: str) -> tuple[Term, ...]:
    """Give the words that an episode says more often than others do, the most telling first."""
    own = narrow(episodes(), Query.term_query(schema(), "key", key))
    found = searcher.search(own, 1).hits
    packed = searcher.doc(found[0][1]).get_first("topics") if found else None
    said = json.loads(bytes(packed)) if packed else []
    weighed = ((_weight(searcher, stem, times), stem) for stem, times in said)
    best = sorted((each for each in weighed if each[0] > 0), reverse=True)[:WORDS]
    return tuple(Term((stem,)) for _, stem in best)


def others(terms: Sequence[Term], own: Collection[int]) -> Query:
    """Build the query of the passages of other episodes, those with the most such words first."""
    parts = [(Occur.Should, term.query(schema())) for term in terms]
    return Query.boolean_query([*parts, (Occur.MustNot, numbered(own))])


def _weight(searcher: tantivy.Searcher, stem: str, times: int) -> float:
    """Weigh a word: how often it is said here, against how rare it is (tf·idf)."""
    documents = searcher.doc_freq(FIELD, stem)
    if documents < RAREST or documents <= times:
        return 0.0
    return times * math.log(searcher.num_docs / documents)
