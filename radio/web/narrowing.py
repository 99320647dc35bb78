"""What narrows a search: its shows, years, people and tags, each with its address."""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from urllib.parse import quote_plus

from flask import url_for
from flask_babel import gettext

from radio.search import LENGTHS, Facets, SearchOptions
from radio.search.syntax import by_length, by_person, by_tag, by_voice, in_year
from radio.web import language
from radio.web.context import shows

Choice = tuple[str, int | None, str]
"""What to narrow a search to, how many episodes that leaves if it is known, and the address."""
_quoted_filter = lru_cache(maxsize=1_000)(quote_plus)
"""A filter as addresses have it: the same few stand beside most results."""


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
        narrowing = f"+{_quoted_filter(more)}" if more else ""
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
