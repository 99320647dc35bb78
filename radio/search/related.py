"""Related episodes: the characteristic words of one episode, searched in the others."""

import json
import math
from collections.abc import Collection, Sequence

import tantivy
from tantivy import Occur, Query

from radio.search.clauses import FIELD, Term
from radio.search.fields import by_numbers, episodes, schema
from radio.search.ranking import narrow

WORDS = 15  # that characterise an episode
RAREST = 2  # documents; a rarer word is in no other episode


def characteristic_terms(searcher: tantivy.Searcher, key: str) -> tuple[Term, ...]:
    """Give the words that an episode says more often than others, the most characteristic first."""
    own = narrow(episodes(), Query.term_query(schema(), "key", key))
    hits = searcher.search(own, 1).hits
    topics = searcher.doc(hits[0][1]).get_first("topics") if hits else None
    frequencies = json.loads(bytes(topics)) if topics else []
    weights = ((_weight(searcher, stem, times), stem) for stem, times in frequencies)
    best = sorted((each for each in weights if each[0] > 0), reverse=True)[:WORDS]
    return tuple(Term((stem,)) for _, stem in best)


def similar_passages(terms: Sequence[Term], own: Collection[int]) -> Query:
    """Build the query of passages of other episodes with these words."""
    parts = [(Occur.Should, term.compile(schema())) for term in terms]
    return Query.boolean_query([*parts, (Occur.MustNot, by_numbers(own))])


def _weight(searcher: tantivy.Searcher, stem: str, times: int) -> float:
    """Weigh a word: how often it is said here, against how rare it is (tf·idf)."""
    documents = searcher.doc_freq(FIELD, stem)
    if documents < RAREST or documents <= times:
        return 0.0
    return times * math.log(searcher.num_docs / documents)
