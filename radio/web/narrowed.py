"""What the filters of a query ask for, in words: nobody need read « après:2023 avant:2025 »."""

from flask_babel import gettext

from radio.search.syntax import ENDLESS, Filter, aired, filters, lengths, whenever
from radio.web import language
from radio.web.interpretation import span

Told = tuple[str, str]
"""What a filter asks for in words, and the query without it."""


def told(query: str) -> list[Told]:
    """Tell what the filters of a query ask for; those of days as one."""
    days = aired(query)
    when = [(span(*days), whenever(query))] if any(days) else []
    others = (each for each in filters(query) if each.field not in ("before", "after"))
    return when + [(_words(each), each.rest) for each in others]


def _words(narrowing: Filter) -> str:
    if narrowing.field == "length":
        return _length(narrowing.text)
    told = {
        "person": gettext("avec %(name)s"),
        "tag": gettext("mot-clé %(name)s"),
        "show": gettext("émission %(name)s"),
        "voice": gettext("dit par %(name)s"),
    }
    return str(told[narrowing.field]) % {"name": narrowing.text}


def _length(text: str) -> str:
    shortest, longest = lengths(text) or (0, ENDLESS)
    if longest == ENDLESS:
        return language.lengths(shortest, None)
    return language.lengths(shortest, longest if shortest else longest + 1)
