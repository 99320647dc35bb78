"""Names of shows and episodes, fit for addresses and for files. Pure."""

import datetime as dt
import re
from functools import lru_cache

from radio.french.letters import spelled_out

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
KNOWN = {"year": 4, "month": 7}  # characters of an ISO date
LONGEST = 80  # characters of a title
TAKEN = {"subscribe"}  # a page of the site beside those of the episodes of a show


@lru_cache(maxsize=1_000)
def slugify(text: str) -> str:
    """Make a name fit for addresses and file names.

    >>> slugify("L’œil de la ville : où ça ?")
    'l-oeil-de-la-ville-ou-ca'
    >>> slugify("…")
    ''
    """
    return re.sub(r"[^a-z0-9]+", "-", spelled_out(text.lower())).strip("-")


def episode_slug(day: dt.date | None, title: str, precision: str = "day") -> str:
    """Name an episode by its title and what is known of its date.

    >>> episode_slug(dt.date(2024, 3, 19), "Garder la mémoire")
    '2024-03-19-garder-la-memoire'
    >>> episode_slug(dt.date(2024, 3, 1), "Garder la mémoire", "month")
    '2024-03-garder-la-memoire'
    >>> episode_slug(None, "Garder la mémoire")
    'garder-la-memoire'
    >>> episode_slug(None, "Subscribe")
    'subscribe-1'
    """
    words = slugify(title)[:LONGEST].strip("-") or "episode"
    slug = f"{known_part(day, precision)}-{words}" if day else words
    return f"{slug}-1" if slug in TAKEN else slug


def known_part(day: dt.date, precision: str) -> str:
    """Write a day, its month or its year in ISO format.

    >>> known_part(dt.date(2024, 3, 1), "month")
    '2024-03'
    """
    return day.isoformat()[: KNOWN.get(precision, 10)]


def naming(key: str) -> re.Pattern[str]:
    """Give a pattern that finds a key in a text, but not in a longer key.

    >>> naming("a/x").sub("…", "a/x.vtt, a/x-2, ba/x, trash/a/x")
    '….vtt, a/x-2, ba/x, trash/…'
    """
    return re.compile(rf"(?<![a-z0-9-]){re.escape(key)}(?![a-z0-9-])")
