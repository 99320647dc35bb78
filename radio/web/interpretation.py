"""What a query was taken for, what it also looks for and the times it says, in sentences."""

import datetime as dt

from flask_babel import format_date, gettext, ngettext

from radio.search import Alternative, Interpretation, PeriodChoice
from radio.text.transcript import clock


def tell(interpretation: Interpretation) -> list[str]:
    """Tell what was asked of a question, what was looked for instead, and what was left out."""
    sentences = []
    if interpretation.asked:
        sentences.append(
            gettext(
                "Une question se cherche par ses mots\N{NO-BREAK SPACE}: "
                "«\N{NO-BREAK SPACE}%(asked)s\N{NO-BREAK SPACE}».",
                asked=interpretation.asked,
            )
        )
    if interpretation.instead:
        sentences.append(
            gettext(
                "Un mot n’est dit nulle part. "
                "Voici les passages pour «\N{NO-BREAK SPACE}%(instead)s\N{NO-BREAK SPACE}».",
                instead=interpretation.instead,
            )
        )
    if interpretation.without:
        quoted = (
            gettext("«\N{NO-BREAK SPACE}%(word)s\N{NO-BREAK SPACE}»", word=word)
            for word in interpretation.without
        )
        sentences.append(
            gettext(
                "Rien ne réunit tous ces mots. Sans\N{NO-BREAK SPACE}: %(words)s.",
                words=", ".join(quoted),
            )
        )
    if interpretation.french:
        sentences.append(
            gettext(
                "Les émissions sont en français\N{NO-BREAK SPACE}: essayez "
                "«\N{NO-BREAK SPACE}%(french)s\N{NO-BREAK SPACE}».",
                french=interpretation.french,
            )
        )
    return sentences


def tell_also(interpretation: Interpretation) -> list[str]:
    """Tell what was looked for beside an acronym or its words."""
    return [
        gettext(
            "Aussi\N{NO-BREAK SPACE}: «\N{NO-BREAK SPACE}%(also)s\N{NO-BREAK SPACE}».",
            also=each.text,
        )
        for each in interpretation.also
    ]


def explained(also: Alternative) -> str:
    """Say where an acronym is explained: « dit dans « Titre » à 0:12 »."""
    if also.show:
        text = gettext("glossaire de %(title)s", title=also.title)
    elif also.second is None:
        text = gettext(
            "écrit dans «\N{NO-BREAK SPACE}%(title)s\N{NO-BREAK SPACE}»", title=also.title
        )
    else:
        text = gettext(
            "dit dans «\N{NO-BREAK SPACE}%(title)s\N{NO-BREAK SPACE}» à %(time)s",
            title=also.title,
            time=clock(also.second),
        )
    return str(text)


def aired(choice: PeriodChoice) -> str:
    """Say how many episodes a time leaves: « Diffusés en mars 2024 : 2 épisodes »."""
    when = span(choice.first, choice.last)
    if not choice.words:
        counted = ngettext(
            "Diffusé %(when)s\N{NO-BREAK SPACE}: %(num)s épisode",
            "Diffusés %(when)s\N{NO-BREAK SPACE}: %(num)s épisodes",
            choice.episodes,
            when=when,
        )
        return str(counted)
    counted = ngettext(
        "«\N{NO-BREAK SPACE}%(words)s\N{NO-BREAK SPACE}», diffusé %(when)s"
        "\N{NO-BREAK SPACE}: %(num)s épisode",
        "«\N{NO-BREAK SPACE}%(words)s\N{NO-BREAK SPACE}», diffusés %(when)s"
        "\N{NO-BREAK SPACE}: %(num)s épisodes",
        choice.episodes,
        words=choice.words,
        when=when,
    )
    return str(counted)


def span(first: dt.date | None, last: dt.date | None) -> str:
    """Say when: in a year or a month, on a day, from one day to another, since, before."""
    if first and last:
        return _between(first, last)
    day = first or (last or dt.date.min) + dt.timedelta(days=1)
    if time := _beginning(day):
        since, before = gettext("depuis %(time)s", time=time), gettext("avant %(time)s", time=time)
    else:
        since = gettext("depuis le %(day)s", day=_full(day))
        before = gettext("avant le %(day)s", day=_full(day))
    return str(since if first else before)


def _between(first: dt.date, last: dt.date) -> str:
    after = last + dt.timedelta(days=1)
    years = {"first": first.year, "last": last.year}
    if first == last:
        text = gettext("le %(day)s", day=_full(first))
    elif (first.month, first.day, after.month, after.day) == (1, 1, 1, 1):
        text = gettext("de %(first)s à %(last)s", **years)
        if first.year == last.year:
            text = gettext("en %(time)s", time=first.year)
    elif first.day == after.day == 1 and (first.year, first.month) == (last.year, last.month):
        text = gettext("en %(time)s", time=_month(first))
    else:
        text = gettext("du %(first)s au %(last)s", first=_full(first), last=_full(last))
    return str(text)


def _beginning(day: dt.date) -> str:
    """Name the year or the month that begins on a day; nothing where none does."""
    if day.day != 1:
        return ""
    return str(day.year) if day.month == 1 else _month(day)


def _month(day: dt.date) -> str:
    return str(format_date(day, "MMMM y"))


def _full(day: dt.date) -> str:
    return str(format_date(day, "long"))
