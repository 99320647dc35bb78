"""Related episodes: the characteristic words of one episode, searched in the others."""

import json
import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from tantivy import Occur, Query

from radio.search.clauses import Term
from radio.search.fields import by_numbers, episodes, schema
from radio.search.french import JOINT, forms
from radio.search.ranking import narrow
from radio.search.reader import Reader
from radio.search.vocabulary import Vocabulary

TOPICS = 120  # words by which an episode is compared with others
WORDS = 15  # that characterise an episode
RAREST = 2  # documents; a rarer word is in no other episode


def topics(said: Mapping[str, int]) -> bytes:
    """Write the most frequent words, function words and compounds apart, each by one stem."""
    stems: Counter[str] = Counter()
    for spelling, times in Counter(said).most_common(4 * TOPICS):
        spelling_forms = forms(spelling)
        if len(spelling_forms) > 2 and "-" not in spelling and JOINT not in spelling:
            stems[spelling_forms[2]] += times
    return json.dumps(stems.most_common(TOPICS)).encode()


def characteristic_terms(reader: Reader, key: str) -> tuple[Term, ...]:
    """Give the words that an episode says more often than others, the most characteristic first."""
    own = narrow(episodes(), Query.term_query(schema(), "key", key))
    hits = reader.searcher.search(own, 1).hits
    topics = reader.searcher.doc(hits[0][1]).get_first("topics") if hits else None
    frequencies = json.loads(bytes(topics)) if topics else []
    weights = ((_weight(reader, stem, times), stem) for stem, times in frequencies)
    best = sorted((each for each in weights if each[0] > 0), reverse=True)[:WORDS]
    return tuple(Term((stem,)) for _, stem in best)


def similar_passages(vocabulary: Vocabulary, terms: Sequence[Term], own: Collection[int]) -> Query:
    """Build the query of passages of other episodes with these words."""
    parts = [(Occur.Should, term.compile(vocabulary)) for term in terms]
    return Query.boolean_query([*parts, (Occur.MustNot, by_numbers(own))])


def _weight(reader: Reader, stem: str, times: int) -> float:
    """Weigh a word: how often it is said here, against how rare it is (tf·idf)."""
    documents = reader.vocabulary.frequency(stem)
    if documents < RAREST or documents <= times:
        return 0.0
    return times * math.log(max(1.0, reader.searcher.num_docs / documents))
