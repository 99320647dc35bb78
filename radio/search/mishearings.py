"""Mishearings of names: what the machine wrote in their place, taken from the shows' corrections.

A search for « Beaubrun » also finds « Bobran » where nobody has corrected it yet.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from radio.search.clauses import Clause, Compound, Either, Every, Phrase, Term
from radio.search.query import ParsedQuery, parse, phrase

WEIGHT = 0.3  # of a mishearing against the name itself


def with_mishearings(query: ParsedQuery, corrections: Iterable[Mapping[str, str]]) -> ParsedQuery:
    """Add to each name of a query its mishearings."""
    clauses = list(query.clauses)
    for right, wrongs in _by_name(corrections).items():
        name_phrase = phrase(right)
        for name_clauses in (parse(right).clauses, (name_phrase,) if name_phrase else ()):
            places = _find(name_clauses, clauses)
            if places:
                name = [clauses[place] for place in places]
                whole = Every(tuple(name)) if len(name) > 1 else name[0]
                clauses[places[0]] = Either((whole, *wrongs))
                clauses = [each for i, each in enumerate(clauses) if i not in places[1:]]
    return replace(query, clauses=tuple(clauses))


def _by_name(corrections: Iterable[Mapping[str, str]]) -> dict[str, list[Phrase]]:
    names: dict[str, list[Phrase]] = {}
    for wrong, right in (pair for each in corrections for pair in each.items()):
        mishearing = phrase(wrong)
        if mishearing:
            names.setdefault(right, []).append(replace(mishearing, weight=WEIGHT))
    return names


def _find(name_clauses: Sequence[Clause], clauses: Sequence[Clause]) -> list[int]:
    """Find the clauses of a name among others, by number; none where one is missing."""
    clause_names = [_name_of(clause) for clause in clauses]
    names = [_name_of(clause) for clause in name_clauses]
    if not names or not all(name and name in clause_names for name in names):
        return []
    return sorted({clause_names.index(name) for name in names})


def _name_of(clause: Clause) -> str:
    """Give the folded words of a clause, to compare it with a name."""
    if isinstance(clause, Term):
        return clause.forms[1]
    if isinstance(clause, Compound):
        return clause.whole.forms[1]
    if isinstance(clause, Phrase):
        return " ".join(forms[1] for forms in clause.words)
    return ""
