"""What the machine is known to write for a name: the corrections of the shows, read backwards.

Somebody who asks for « Beaubrun » also finds « Bobran » where nobody has corrected it yet.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from radio.search.clauses import Clause, Compound, Either, Every, Phrase, Term
from radio.search.query import Asked, parse, phrase

WEIGHT = 0.3  # of a mishearing against the name itself


def with_mishearings(asked: Asked, corrections: Iterable[Mapping[str, str]]) -> Asked:
    """Let each name that is asked for be met by its mishearings too."""
    clauses = list(asked.clauses)
    for right, wrongs in _by_name(corrections).items():
        spoken = phrase(right)
        for wanted in (parse(right).clauses, (spoken,) if spoken else ()):
            places = _places(wanted, clauses)
            if places:
                name = [clauses[place] for place in places]
                whole = Every(tuple(name)) if len(name) > 1 else name[0]
                clauses[places[0]] = Either((whole, *wrongs))
                clauses = [each for i, each in enumerate(clauses) if i not in places[1:]]
    return replace(asked, clauses=tuple(clauses))


def _by_name(corrections: Iterable[Mapping[str, str]]) -> dict[str, list[Phrase]]:
    names: dict[str, list[Phrase]] = {}
    for wrong, right in (pair for each in corrections for pair in each.items()):
        misheard = phrase(wrong)
        if misheard:
            names.setdefault(right, []).append(replace(misheard, weight=WEIGHT))
    return names


def _places(wanted: Sequence[Clause], clauses: Sequence[Clause]) -> list[int]:
    """Tell where all that is wanted stands among some clauses; nothing where a part is missing."""
    written = [_written(clause) for clause in clauses]
    names = [_written(clause) for clause in wanted]
    if not names or not all(name and name in written for name in names):
        return []
    return sorted({written.index(name) for name in names})


def _written(clause: Clause) -> str:
    """Give the folded words of a clause by which a name is known."""
    if isinstance(clause, Term):
        return clause.forms[1]
    if isinstance(clause, Compound):
        return clause.whole.forms[1]
    if isinstance(clause, Phrase):
        return " ".join(forms[1] for forms in clause.words)
    return ""
