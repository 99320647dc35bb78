"""What is asked of a search: read from its address, and told in sentences."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import Any, cast, get_args
from urllib.parse import quote_plus

from flask import request, url_for
from flask_babel import gettext, ngettext

from radio.search import SearchOptions, results, syntax
from radio.search.results import Interpretation, Order
from radio.search.syntax import by_length, by_person, by_tag, by_voice, in_year
from radio.text.transcript import clock
from radio.web import language
from radio.web.addresses import WORDS, is_exact
from radio.web.context import shows

QUERY_LENGTH = 200
LAST_PAGE = 1000
MOST_FILTERS = 5_000  # filters that stay in memory as addresses write them

Choice = tuple[str, int | None, str]  # what to narrow to, how many episodes that leaves, address


def read_query(name: str = "q") -> str:
    """Read `?q=`, its spaces made one."""
    return " ".join(request.args.get(name, "").split())[:QUERY_LENGTH]


def read_options() -> SearchOptions:
    """Read what the address asks for beside the words."""
    page, sort = request.args.get("page", ""), request.args.get("sort", "best")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 5 else 1
    return SearchOptions(
        show=request.args.get("show") or None,
        episode=request.args.get("episode") or None,
        page=min(max(number, 1), LAST_PAGE),
        order=cast(Order, sort) if sort in get_args(Order) else "best",
        as_typed=is_exact(),
    )


def keep_exact(_endpoint: str, values: dict[str, Any]) -> None:
    """Keep `?exact=1` in the addresses of a search."""
    if "q" in values and is_exact():
        values.setdefault("exact", 1)


def sort_of(options: SearchOptions) -> Order | None:
    """Give the order as an address names it: none where it is the usual one."""
    return options.order if options.order != "best" else None


def search_address(
    options: SearchOptions, sort: str | None, words: str = ""
) -> Callable[[str], str]:
    """Give what addresses a search of some words by a filter; all else is built once."""
    address = url_for("finding.search", q=WORDS, show=options.show, sort=sort)
    before, _, after = address.partition(f"q={WORDS}")
    asked = quote_plus(words, ":")

    def narrowed(filter_: str) -> str:
        return f"{before}q={'+'.join(filter(None, (asked, quoted(filter_))))}{after}"

    return narrowed


@lru_cache(maxsize=MOST_FILTERS)
def quoted(filter_: str) -> str:
    """Write a filter, a public name or a time, in an address."""
    return quote_plus(filter_, ":")


def tell(read: Interpretation) -> list[str]:
    """Tell to what time the search is narrowed, what was looked for instead, and what was left out;
    where there is nothing of that, what was asked of a question, and French words to try."""
    lacking = gettext("Aucun passage ne contient tous ces mots. Résultats sans %(words)s.")
    if read.is_either:
        lacking = gettext(
            "Aucun passage ne contient tous ces mots. Il en manque parfois un\u00a0: %(words)s."
        )
    quoted = (gettext("«\u00a0%(word)s\u00a0»", word=word) for word in read.without)
    instead = gettext(
        "Mot introuvable. Résultats pour «\u00a0%(instead)s\u00a0».",
        instead=read.instead,
    )
    asked = gettext("Recherche de\u00a0: %(asked)s.", asked=read.asked)
    french = gettext(
        "Les émissions sont en français\u00a0: essayez «\u00a0%(french)s\u00a0».",
        french=read.french,
    )
    apart = gettext("Ces mots sont dits dans le même épisode, à des moments différents.")
    told = [_when(read.time)] if read.time else []
    told += [instead] * bool(read.instead) + [apart] * read.is_apart
    told += [lacking % {"words": ", ".join(quoted)}] * bool(read.without)
    told = told or [asked] * bool(read.asked) + [french] * bool(read.french)
    idle = ngettext(
        "Laissé de côté, car dit partout\u00a0: %(words)s.",
        "Laissés de côté, car dits partout\u00a0: %(words)s.",
        len(read.idle),
        words=", ".join(read.idle),
    )
    return told + [idle] * bool(read.idle)


def _when(time: results.PeriodChoice) -> str:
    """Tell to what time a search is narrowed."""
    when = span(time.first, time.last)
    if not time.missed:
        return str(gettext("Seulement ce qui a été diffusé %(when)s.", when=when))
    none = gettext("Rien n’a été diffusé %(then)s. Le plus proche a été diffusé %(when)s.")
    return str(none) % {"when": when, "then": span(time.missed.first, time.missed.last)}


def tell_also(read: Interpretation) -> list[str]:
    """Tell what was looked for beside an acronym or its words."""
    return [gettext("Aussi\u00a0: «\u00a0%(also)s\u00a0».", also=each.text) for each in read.also]


def explained(also: results.Alternative) -> str:
    """Say where an acronym is explained: « dit dans « Titre » à 0:12 »."""
    title = also.title
    if also.show:
        return str(gettext("glossaire de %(title)s", title=title))
    if also.second is None:
        return str(gettext("écrit dans «\u00a0%(title)s\u00a0»", title=title))
    time = clock(also.second)
    return str(gettext("dit dans «\u00a0%(title)s\u00a0» à %(time)s", title=title, time=time))


def aired(choice: results.PeriodChoice) -> str:
    """Say how many episodes a time leaves: « Diffusés en mars 2024 : 2 épisodes »."""
    sentences = {"when": span(choice.first, choice.last), "words": choice.words}
    counted = ngettext(
        "Diffusé %(when)s\u00a0: %(num)s épisode",
        "Diffusés %(when)s\u00a0: %(num)s épisodes",
        choice.episodes,
        **sentences,
    )
    if choice.words:
        counted = ngettext(
            "«\u00a0%(words)s\u00a0», diffusé %(when)s\u00a0: %(num)s épisode",
            "«\u00a0%(words)s\u00a0», diffusés %(when)s\u00a0: %(num)s épisodes",
            choice.episodes,
            **sentences,
        )
    return str(counted)


def span(first: dt.date | None, last: dt.date | None) -> str:
    """Say when: in a year or a month, on a day, from one day to another, since, before."""
    if first and last:
        return _between(first, last)
    day = first or (last or dt.date.min) + dt.timedelta(days=1)
    if day.day == 1:
        time = str(day.year) if day.month == 1 else language.month(day)
        since, before = gettext("depuis %(time)s", time=time), gettext("avant %(time)s", time=time)
    else:
        since = gettext("depuis le %(day)s", day=language.written(day))
        before = gettext("avant le %(day)s", day=language.written(day))
    return str(since if first else before)


def _between(first: dt.date, last: dt.date) -> str:
    after = last + dt.timedelta(days=1)
    if first == last:
        text = gettext("le %(day)s", day=language.written(first))
    elif (first.month, first.day, after.month, after.day) == (1, 1, 1, 1):
        text = gettext("de %(first)s à %(last)s", first=first.year, last=last.year)
        if first.year == last.year:
            text = gettext("en %(time)s", time=first.year)
    elif first.day == after.day == 1 and (first.year, first.month) == (last.year, last.month):
        text = gettext("en %(time)s", time=language.month(first))
    else:
        text = gettext(
            "du %(first)s au %(last)s", first=language.written(first), last=language.written(last)
        )
    return str(text)


def narrower(
    query: str, facets: results.Facets, options: SearchOptions
) -> Iterator[tuple[str, list[Choice]]]:
    """Give the choices that narrow a search, of each kind that leaves one."""
    titles, sort = {each.slug: each.title for each in shows()}, sort_of(options)
    address = search_address(options, sort, query)

    def within(show: str) -> str:
        return search_address(replace(options, show=show), sort, query)("")

    ends = dict(pairwise((*results.LENGTHS, None)))
    of_shows = [(titles.get(slug, slug), n, within(slug)) for slug, n in facets.shows]
    of_lengths = [
        (language.lengths(first, ends[first]), n, address(by_length(first, ends[first])))
        for first, n in facets.lengths
    ]
    kinds: Sequence[tuple[str, list[Choice]]] = (
        (gettext("Émission"), list(of_shows)),
        (gettext("Année"), [(str(year), n, address(in_year(year))) for year, n in facets.years]),
        (gettext("Personne"), [(name, n, address(by_person(name))) for name, n in facets.people]),
        (gettext("Mot-clé"), [(name, n, address(by_tag(name))) for name, n in facets.tags]),
        (gettext("Dit par"), [(name, None, address(by_voice(name))) for name, _ in facets.voices]),
        (gettext("Durée"), list(of_lengths)),
    )
    return ((title, choices) for title, choices in kinds if len(choices) > 1)


def narrowed(query: str) -> list[tuple[str, str]]:
    """Tell what each filter of a query asks for, those of days as one, and the query without it."""
    typed = list(syntax.read(query))
    days = syntax.aired(typed)
    rest = syntax.only(query, lambda item: item.field not in syntax.DAYS)
    when = [(span(*days), rest)] if any(days) else []
    for each in typed:
        if each.field and each.field not in syntax.DAYS:
            others = " ".join(other.typed for other in typed if other is not each)
            when.append((_words(each), others))
    return when


def _words(narrowing: syntax.Item) -> str:
    if narrowing.field == "length":
        shortest, longest = syntax.lengths(narrowing.text) or (0, syntax.ENDLESS)
        if longest == syntax.ENDLESS:
            return language.lengths(shortest, None)
        return language.lengths(shortest, longest if shortest else longest + 1)
    sentences = {
        "person": gettext("avec %(name)s"),
        "tag": gettext("mot-clé %(name)s"),
        "show": gettext("émission %(name)s"),
        "voice": gettext("dit par %(name)s"),
    }
    return str(sentences[narrowing.field or ""]) % {"name": narrowing.text}
