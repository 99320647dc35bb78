"""Words written in one part or in two: « parcours sup », Parcoursup.

Two words side by side may be one word that is said, and one word two that are said side by side.
Words that the dictionary knows mean themselves: « bien tôt » is not « bientôt ». A first part like
« anti » or « vidéo » is free to join.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from radio.french.letters import fold
from radio.search.clauses import Clause, Compound, Either, Phrase, Term
from radio.search.french import EXACT, FOLDED, FUNCTION_WORDS, forms
from radio.search.lemmas import is_known
from radio.search.query import ParsedQuery
from radio.search.vocabulary import Vocabulary

_FIRST_PARTS = """
    anti auto bio ciné co contre cyber demi e éco électro entre extra géo hydro hyper infra inter
    intra macro méga méta micro mi mini mono moto multi nano néo non para photo pluri poly porte
    post pré pro pseudo psycho radio rétro sans semi socio sous super techno télé thermo trans tri
    ultra vidéo
"""
FIRST_PARTS = frozenset(map(fold, _FIRST_PARTS.split()))
SHORTEST, SHORTEST_KNOWN = 2, 3  # letters of a part; of what follows a first part
LONG_PART = 4  # letters of a first part that is cut off a name
_FREE = re.compile(
    rf"\b({'|'.join(each for each in _FIRST_PARTS.split() if len(each) >= LONG_PART)})[ -](?=\w)",
    re.IGNORECASE,
)
WEIGHT = 0.5  # of two words side by side, against the word itself


def with_spacings(query: ParsedQuery, vocabulary: Vocabulary) -> ParsedQuery:
    """Add to the words of a query what they are called in one part or in two."""
    clauses = list(query.clauses)
    for one, other in _neighbours(query):
        whole = _joined(one, other, vocabulary)
        if whole and (places := [clauses.index(each) for each in (one, other) if each in clauses]):
            parts = tuple(Term(each.forms) for each in (one, other) if each in clauses)
            clauses[places[0]] = Compound(whole, parts)
            clauses = [each for place, each in enumerate(clauses) if place not in places[1:]]
    return replace(query, clauses=tuple(_with_parts(each, vocabulary) for each in clauses))


def _neighbours(query: ParsedQuery) -> Iterator[tuple[Term, Term]]:
    """Give the words that stand side by side in what was typed."""
    typed = query.closest.words if query.closest else ()
    terms = [Term(word_forms) for word_forms in typed]
    return pairwise(terms)


def _joined(one: Term, other: Term, vocabulary: Vocabulary) -> Term | None:
    """Make one word of two, if it is said and they may be joined."""
    first, last = _spelling(one), _spelling(other)
    if not (first.isalpha() and last.isalpha()):
        return None
    for joined in _joins(first, last):
        known = is_known(joined)
        spellings = {joined, joined.removesuffix("s")}  # of a word that has no lemma
        said = forms(joined) if known else [FOLDED + fold(each) for each in spellings]
        if _may_join(first, last, known) and any(map(vocabulary.frequency, said)):
            return Term(forms(joined))
    return None


def _joins(first: str, last: str) -> Iterator[str]:
    """Join two words; a letter at the end of one may begin the other too (parcours sup)."""
    yield first + last
    if first[-1] == last[0]:
        yield first + last[1:]


def _may_join(first: str, last: str, known: bool) -> bool:
    """Whether two words may be one, which the dictionary knows or not."""
    lights = {first, last} & FUNCTION_WORDS
    strange = [word for word in (first, last) if word not in lights and not is_known(word)]
    if strange:
        return True
    return not lights and (fold(first) in FIRST_PARTS or not known)


def _with_parts(clause: Clause, vocabulary: Vocabulary) -> Clause:
    """Add to a word the two words side by side that it may be."""
    if not isinstance(clause, Term):
        return clause
    word = _spelling(clause)
    cuts = (Phrase((forms(a), forms(b)), WEIGHT) for a, b in _cuts(word))
    said = [cut for cut in cuts if vocabulary.is_said_in_order(cut.words)]
    return Either((clause, *said)) if said else clause


def _cuts(word: str) -> Iterator[tuple[str, str]]:
    """Cut a word in two, where it may be cut.

    >>> list(_cuts("antifascisme")), list(_cuts("weekend"))[:3]
    ([('anti', 'fascisme')], [('we', 'ekend'), ('we', 'eekend'), ('wee', 'kend')])
    """
    known = is_known(word)
    for place in range(1, len(word) - 1 if word.isalpha() else 0):
        first, last = word[:place], word[place:]
        is_free = not known and len(first) >= SHORTEST
        if last in FUNCTION_WORDS or (first in FUNCTION_WORDS and fold(first) not in FIRST_PARTS):
            continue
        if is_free or (fold(first) in FIRST_PARTS and len(last) >= SHORTEST_KNOWN):
            yield first, last
        if is_free:
            yield first, first[-1] + last


def spacings(text: str) -> tuple[str, ...]:
    """Give a text as it is, with its free first parts joined to what follows, and with them apart.

    >>> spacings("vidéosurveillance algorithmique")
    ('vidéosurveillance algorithmique', 'vidéo surveillance algorithmique')
    >>> spacings("la vidéo surveillance"), spacings("centre de rétention")
    (('la vidéo surveillance', 'la vidéosurveillance'), ('centre de rétention',))
    """
    joined = _FREE.sub(lambda part: part[1], text)
    apart = " ".join(map(_apart, text.split()))
    return tuple(dict.fromkeys((text, joined, apart)))


def _apart(word: str) -> str:
    """Write a word in two where it has a free first part, and a word after it."""
    cuts = (cut for cut in _cuts(word.lower()) if fold(cut[0]) in FIRST_PARTS)
    sure = (cut for cut in cuts if len(cut[0]) >= LONG_PART and len(cut[1]) > LONG_PART)
    return next((" ".join(cut) for cut in sure if is_known(cut[1])), word)


def _spelling(term: Term) -> str:
    return term.forms[0].removeprefix(EXACT)
