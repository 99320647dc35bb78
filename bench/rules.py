"""The rules that widen a query, and how the bench takes one out of the search.

Something that does nothing is put in the place of a function of the search, while a row is
measured. The program itself knows nothing of this.
"""

import pkgutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import chain
from unittest import mock

from radio.search.vocabulary import Vocabulary
from radio.search.widening import misspellings

Nothing = Callable[..., object]
"""Takes what a function of the search takes, and gives what it gives where it does nothing."""


@dataclass(frozen=True)
class Rule:
    """A rule, and what takes it out: functions of the search by their full names."""

    name: str
    switch: dict[str, Nothing]


def _first(first: object, *_others: object) -> object:
    return first


def _second(_first: object, second: object) -> object:
    return second


def _none(*_any: object) -> None:
    return None


def _empty(*_any: object) -> Iterator[object]:
    return iter(())


def _set(*_any: object) -> set[str]:
    return set()


def _of_one_error(folded: str, vocabulary: Vocabulary, most: int) -> Iterator[str]:
    return misspellings(folded, vocabulary, most) if most == 1 else iter(())


FAMILIES: dict[str, Nothing] = {"radio.search.french.family_of": _none}
RULES = [
    Rule("lemmas and families", {"radio.search.french.lemmas_of": _set} | FAMILIES),
    Rule("families", FAMILIES),
    Rule("homographs", {"radio.search.french._homographs": dict}),
    Rule("regular forms", {"radio.search.french._regular": _set}),
    Rule("accents put back", {"radio.search.french.with_accents": _set}),
    Rule("stems of unknown words", {"radio.search.french.stems_of": _set}),
    Rule("names within unknown words", {"radio.search.french._name_within": lambda _word: ""}),
    Rule("numbers in words", {"radio.search.french.find_spoken": _empty}),
    Rule("parts of numbers", {"radio.search.french._within": _second}),
    Rule("ordinals", {"radio.search.french.read_ordinal": _none}),
    Rule("hyphens", {"radio.search.french._runs": _empty}),
    Rule(
        "one part or two",
        {
            "radio.search.compiler.in_one_or_two": _empty,
            "radio.search.acronyms.spacings": lambda text: (text,),
        },
    ),
    Rule("spelling", {"radio.search.compiler.mend": lambda query, *_others: (query, "")}),
    Rule("spelling: sounds", {"radio.search.vocabulary.Vocabulary.sounding": _empty}),
    Rule("spelling: two errors", {"radio.search.widening.misspellings": _of_one_error}),
    Rule("a word left out", {"radio.search.compiler.Compiler.relax": _second}),
    Rule("title and talk together", {"radio.search.compiler.met_by_sidecars": lambda *_any: {}}),
    Rule("questions", {"radio.search.compiler.asked": lambda _text: ""}),
    Rule("acronyms", {"radio.search.acronyms.Meanings.find": lambda *_any: []}),
    Rule("mishearings", {"radio.search.compiler.mishearings": _empty}),
    Rule("times, applied", {"radio.search.compiler.Compiler._time": _none}),
    Rule("times, offered", {"radio.search.answers.read_periods": lambda *_any: []}),
    Rule("French for English, offered", {"radio.search.compiler.in_french": lambda *_any: ""}),
    Rule("what lies near, offered", {"radio.search.answers.lead_on": _first}),
]


@contextmanager
def without(rule: Rule) -> Iterator[Counter[str]]:
    """Take a rule out; counts by name how often its functions would have given something else.

    Raises AttributeError or ModuleNotFoundError where the search has no such function any more.
    """
    acts = Counter[str]()
    with ExitStack() as stack:
        stack.callback(_forget)
        for name, nothing in rule.switch.items():
            own = pkgutil.resolve_name(name)
            stack.enter_context(mock.patch(name, _counting(name, own, nothing, acts)))
        _forget()
        yield acts


def _counting(name: str, own: Nothing, nothing: Nothing, acts: Counter[str]) -> Nothing:
    def instead(*some: object) -> object:
        acts[name] += _settled(own(*some)) != _settled(nothing(*some))
        return nothing(*some)

    return instead


def _settled(given: object) -> object:
    return list(given) if isinstance(given, Iterator) else given


def _forget() -> None:
    """Empty what the search keeps of words, which a rule may have made."""
    modules = [each for name, each in sys.modules.items() if name.startswith("radio.search")]
    for each in chain.from_iterable(vars(module).values() for module in modules):
        if clear := getattr(each, "cache_clear", None):
            clear()
