"""Addresses: times in them, and whole ones, made of RADIO_BASE_URL alone: anybody writes the Host
of a request, and behind a proxy it names a machine that no listener reaches."""

import math
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from flask import current_app, g, request, url_for
from werkzeug.exceptions import ServiceUnavailable

from radio.search.hits import lead_in
from radio.web.context import catalogue

LONGEST_SPAN = 300.0  # seconds that may be quoted or cut out


@dataclass(frozen=True)
class Span:
    """A place in an episode, or all that is said from one second to another."""

    start: float  # seconds
    end: float | None = None

    def __str__(self) -> str:
        """Write it for `?t=` and, as a media fragment, for `#t=`.

        >>> str(Span(754.0)), str(Span(2.5, 12.0))
        ('754', '2.5,12')
        """
        start = write_second(self.start)
        return start if self.end is None else f"{start},{write_second(self.end)}"


def playback_span(span: Span, query: str) -> Span:
    """Tell from where a place is played: a little before the word that somebody looked for.

    >>> str(playback_span(Span(12.5), "caméra")), str(playback_span(Span(12.5), ""))
    ('10.5', '12.5')
    >>> str(playback_span(Span(3, 9), "caméra"))
    '3,9'
    """
    return Span(lead_in(span.start)) if query and span.end is None else span


class AddressUnknown(ServiceUnavailable):
    """The answer needs the public address of the site, and none is set."""


def known_url() -> str:
    """Give the public address of the site, no slash at its end; nothing where none is set."""
    return str(current_app.config["BASE_URL"])


def base_url() -> str:
    """Give the public address of the site. Raises AddressUnknown where none is set."""
    if not known_url():
        raise AddressUnknown
    return known_url()


def canonical() -> str:
    """Give the public address of the original of a copy, else our own; empty where none is set."""
    origin = catalogue().origin
    return origin.address if origin else known_url()


def absolute(address: str) -> str:
    """Give the whole address of what `url_for` gives. Raises AddressUnknown where none is set."""
    parts = urlsplit(base_url())
    return f"{parts.scheme}://{parts.netloc}{address}"


def whole(address: str) -> str:
    """Give the same, or the address as it is where the site does not know its own."""
    return absolute(address) if known_url() else address


def quoted_address(key: str) -> str:
    """Give the whole address of an episode, without `?lang=`; nothing where none is set."""
    show, _, slug = key.partition("/")
    page = url_for("pages.episode", show=show, slug=slug, lang=None)
    return absolute(page) if known_url() else ""


def episode_address(
    key: str, at: object = None, anchor: str = "", query: str = "", *, exact: bool = False
) -> str:
    """Give the address of an episode, at a time as in `?t=`, with the words of a query marked. Each
    is built once for a request: pages of passages name the same again and again."""
    known: dict[str, str] = g.setdefault("addresses", {})
    if key not in known:
        show, _, slug = key.partition("/")
        known[key] = url_for("pages.episode", show=show, slug=slug)
    is_exact = query and (exact or request.args.get("exact") == "1")
    every = {"t": at, "q": query, "exact": 1 if is_exact else None}
    address = known[key]
    if asked := {name: value for name, value in every.items() if value not in (None, "")}:
        address += f"{'&' if '?' in address else '?'}{urlencode(asked, safe=',')}"
    return f"{address}#{anchor}" if anchor else address


def media_address(key: str) -> str:
    """Give the address of an episode's audio; nothing where its rights let nobody listen."""
    episode = catalogue().archive.episode(key)
    if not episode.rights.allows("listen"):
        return ""
    return url_for("files.media", show=episode.show, slug=episode.slug, suffix=episode.audio.suffix)


def read_span(text: str, duration: float) -> Span | None:
    """Read `?t=`, seconds or a clock; None if it is no place of the episode. An end that does not
    follow, or after more than LONGEST_SPAN, is left out.

    >>> read_span("754", 3600), read_span("2.5,12", 3600), read_span("1:02:34", 7200)
    (Span(start=754.0, end=None), Span(start=2.5, end=12.0), Span(start=3754.0, end=None))
    >>> read_span("nan", 3600), read_span("-1", 3600), read_span("7e9", 3600)
    (None, None, None)
    >>> read_span("20,10", 3600), read_span("10,2000", 3600)
    (Span(start=20.0, end=None), Span(start=10.0, end=None))
    """
    first, _, last = text.partition(",")
    start, end = _read_second(first), _read_second(last)
    if start is None or not 0 <= start < duration:
        return None
    follows = end is not None and 0 < end - start <= LONGEST_SPAN
    return Span(start, min(end, duration) if end is not None and follows else None)


def _read_second(text: str) -> float | None:
    try:
        parts = [float(part) for part in reversed(text.split(":", 2))]
    except ValueError:
        return None
    second = sum(part * 60**place for place, part in enumerate(parts))
    return second if math.isfinite(second) else None


def write_second(second: float) -> str:
    """Write a time for `?t=`.

    >>> write_second(754.0), write_second(2.5), write_second(0.1 + 0.2)
    ('754', '2.5', '0.3')
    """
    return f"{second:.3f}".rstrip("0").rstrip(".")
