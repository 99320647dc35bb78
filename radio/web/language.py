"""The languages of the site, French and English: as `?lang=` says, which is kept from page to page,
else as the browser prefers. Message ids are the French texts."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for
from flask_babel import force_locale, format_date, format_decimal, get_locale, gettext
from markupsafe import Markup

from radio.text.transcript import voice_number

PAGES = {"pages", "finding", "subscribing", "dossiers", "desk", "mending"}  # blueprints
LANGUAGES = {"fr": "Français", "en": "English"}
REGIONS = {"fr": "fr", "en": "en_GB"}  # how dates are written, where nobody asks for another way
MOST_KNOWN = 5_000  # texts, or days, as they were written


def in_address() -> str | None:
    """Give the language that the address asks for, if any."""
    parts = request.view_args or {}  # asked for again and again: to look is faster than to miss
    asked = parts if "lang" in parts else request.args
    return asked["lang"] if "lang" in asked and asked["lang"] in LANGUAGES else None


def current() -> str:
    """Choose the language of this answer."""
    asked = [code.lower().partition("-")[0] for code, weight in request.accept_languages if weight]
    return in_address() or next((code for code in asked if code in LANGUAGES), "fr")


def region() -> str:
    """Choose how this answer writes dates: in English as in Britain, but for American browsers."""
    english = (
        code.lower() for code in request.accept_languages.values() if code[:2].lower() == "en"
    )
    lang = current()
    return "en_US" if lang == "en" and next(english, "") == "en-us" else REGIONS[lang]


def keep(endpoint: str, values: dict[str, Any]) -> None:
    """Keep `?lang=` in the addresses of pages."""
    lang = in_address()
    if lang and _is_page(endpoint):
        values.setdefault("lang", lang)


def _is_page(endpoint: str) -> bool:
    return endpoint.partition(".")[0] in PAGES


def elsewhere(lang: str) -> str:
    """Give the address of this same page in another language."""
    endpoint = request.endpoint or ""
    if "lang" in (parts := request.view_args or {}):
        return url_for(endpoint, **{**parts, "lang": lang})
    parameters = [pair for pair in request.args.items(multi=True) if pair[0] != "lang"]
    if not _is_page(endpoint):
        return url_for("pages.home", lang=lang)
    path = url_for(endpoint, **{**parts, "lang": None})
    return f"{path}?{urlencode([*parameters, ('lang', lang)])}"


def nearest(lang: str) -> str:
    """Choose in which language an episode is described: its own where the site has it, else French.

    >>> nearest("en"), nearest("br")
    ('en_GB', 'fr')
    """
    return REGIONS.get(lang, "fr")


def reread(status: str | None, lang: str) -> str:
    """Say, in the language of an episode, that nobody reread it; nothing where somebody did."""
    with force_locale(nearest(lang)):
        changed = gettext("transcription automatique, modifiée à la main, non relue en entier")
        states = {"machine": gettext("transcription automatique non relue"), "changed": changed}
        states["reread"] = ""
        return str(states.get(status or "", gettext("on ignore si la transcription a été relue")))


def translated(text: str, **values: object) -> Markup:
    """Give a text of a template in the language of the page; each is looked for once."""
    known = _known_text(text, get_locale())
    return known % values if values else known


@lru_cache(maxsize=MOST_KNOWN)
def _known_text(text: str, _locale: object) -> Markup:
    return Markup(gettext(text))  # noqa: S704


def dated(known: str) -> str:
    """Write what is known of a date: the day, « mars 2019 », « 2019 », « date inconnue »."""
    if not known:
        return str(gettext("date inconnue"))
    if len(known) < len("2019-03"):
        return known
    if len(known) == len("2019-03"):
        return month(date.fromisoformat(f"{known}-01"))
    return day(date.fromisoformat(known))


def brief(known: str) -> str:
    """Write what is known of a date in a list: the day without its weekday."""
    if len(known) < len("2019-03-01"):
        return dated(known)
    return written(date.fromisoformat(known))


def written(when: date, form: str = "long") -> str:
    """Write a date. In French the first of a month is « 1er »."""
    return _written(when, form, get_locale())


def day(when: date) -> str:
    """Write a date in full, with its weekday."""
    return written(when, "full")


def hour(when: datetime) -> str:
    """Write a day, with its hour unless that is midnight."""
    text = written(when.date())
    if when.time() == time():
        return text
    return str(gettext("%(day)s à %(hour)s", day=text, hour=f"{when:%H:%M}"))


@lru_cache(maxsize=MOST_KNOWN)
def _written(when: date, form: str, locale: object) -> str:
    text, is_first = str(format_date(when, form)), when.day == 1 and str(locale) == "fr"
    return re.sub(r"\b1\b", "1er", text, count=1) if is_first else text


def month(when: date) -> str:
    """Write a month with its year."""
    return str(format_date(when, "MMMM y"))


def noted_day(note: Mapping[str, str]) -> str:
    """Write the date of a transcript as its NOTE gives it, or nothing."""
    text = note.get("date", "")
    try:
        return written(date.fromisoformat(text[:10]))
    except ValueError:
        return text


def lasting(seconds: float) -> str:
    """Write a duration as people say it."""
    hours, minutes = divmod(max(1, round(seconds / 60)), 60)
    if hours:
        return str(gettext("%(hours)s h %(minutes)02d min", hours=hours, minutes=minutes))
    return str(gettext("%(minutes)s min", minutes=minutes))


def lengths(first: float, end: float | None) -> str:
    """Write a class of durations, from so many seconds on and up to others."""
    if end is None:
        return str(gettext("%(first)s ou plus", first=lasting(first)))
    if not first:
        return str(gettext("moins de %(end)s", end=lasting(end)))
    return str(gettext("de %(first)s à %(end)s", first=lasting(first), end=lasting(end)))


def voice_name(name: str) -> str:
    """Write who speaks; a voice that nobody named is called in the language of the page."""
    number = voice_number(name)
    return name if number is None else str(gettext("Voix %(number)s", number=number))


def weight(size: int) -> str:
    """Write the size of a download."""
    if size >= 1e9:
        return str(gettext("%(size)s Go", size=format_decimal(round(size / 1e9, 1))))
    return str(gettext("%(size)s Mo", size=format_decimal(max(0.1, round(size / 1e6, 1)))))


def percent(share: float) -> str:
    """Write a share in percent. 100 % is written only when all is done."""
    return str(format_decimal(min(share, 0.99), "#,##0 %" if current() == "fr" else "#,##0%"))
