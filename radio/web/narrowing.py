"""What narrows a search, in words: choices to narrow it by, and the filters that it has.

Nobody need read « après:2023 avant:2025 ».
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from urllib.parse import quote_plus

from flask import url_for
from flask_babel import gettext

from radio.search import LENGTHS, Facets, SearchOptions
from radio.search.syntax import (
    DAYS,
    ENDLESS,
    Item,
    aired,
    by_length,
    by_person,
    by_tag,
    by_voice,
    in_year,
    lengths,
    only,
    read,
)
from radio.web import language
from radio.web.context import shows
from radio.web.interpretation import span

Choice = tuple[str, int | None, str]
"""What to narrow a search to, how many episodes that leaves if it is known, and the address."""

Narrowed = tuple[str, str]
"""What a filter asks for in words, and the query without it."""


def narrower(
    query: str, facets: Facets, options: SearchOptions
) -> Iterator[tuple[str, list[Choice]]]:
    """Give the choices that narrow a search, of each kind that leaves one."""
    path, lang = url_for("finding.search", lang=None), language.in_address()
    sort = options.order if options.order != "best" else None
    titles = {each.slug: each.title for each in shows()}

    rest = {"exact": 1 if options.as_typed else None, "sort": sort, "lang": lang}
    ending = "".join(f"&{name}={value}" for name, value in rest.items() if value)
    whole = f"{path}?q={quote_plus(query)}"

    def address(more: str = "", show: str | None = options.show) -> str:
        narrowing = f"+{quote_plus(more)}" if more else ""
        within = f"&show={quote_plus(show)}" if show else ""
        return f"{whole}{narrowing}{within}{ending}"

    def named(counts: Sequence[tuple[str, int]], narrowed: Callable[[str], str]) -> list[Choice]:
        return [(name, number, address(narrowed(name))) for name, number in counts]

    own_shows: list[Choice] = [
        (titles.get(slug, slug), n, address(show=slug)) for slug, n in facets.shows
    ]
    years: list[Choice] = [(str(year), n, address(in_year(year))) for year, n in facets.years]
    ends = dict(pairwise((*LENGTHS, None)))
    durations: list[Choice] = [
        (language.lengths(first, ends[first]), n, address(by_length(first, ends[first])))
        for first, n in facets.lengths
    ]
    voices: list[Choice] = [(name, None, address(by_voice(name))) for name, _ in facets.voices]
    for title, choices in (
        (gettext("Émission"), own_shows),
        (gettext("Année"), years),
        (gettext("Personne"), named(facets.people, by_person)),
        (gettext("Mot-clé"), named(facets.tags, by_tag)),
        (gettext("Dit par"), voices),
        (gettext("Durée"), durations),
    ):
        if len(choices) > 1:
            yield title, choices


def narrowed(query: str) -> list[Narrowed]:
    """Tell what the filters of a query ask for; those of days as one."""
    typed = list(read(query))
    days = aired(typed)
    rest = only(query, lambda item: item.field not in DAYS)
    when = [(span(*days), rest)] if any(days) else []
    others = (each for each in typed if each.field and each.field not in DAYS)
    return when + [
        (_words(each), " ".join(other.typed for other in typed if other is not each))
        for each in others
    ]


def _words(narrowing: Item) -> str:
    if narrowing.field == "length":
        return _length(narrowing.text)
    told = {
        "person": gettext("avec %(name)s"),
        "tag": gettext("mot-clé %(name)s"),
        "show": gettext("émission %(name)s"),
        "voice": gettext("dit par %(name)s"),
    }
    return str(told[narrowing.field or ""]) % {"name": narrowing.text}


def _length(text: str) -> str:
    shortest, longest = lengths(text) or (0, ENDLESS)
    if longest == ENDLESS:
        return language.lengths(shortest, None)
    return language.lengths(shortest, longest if shortest else longest + 1)
