"""Whole addresses, made of RADIO_BASE_URL alone: anybody writes the Host of a request, and
behind a proxy it names a machine that no listener reaches."""

from typing import Any
from urllib.parse import urlencode, urljoin

from flask import current_app, g, request, url_for
from werkzeug.exceptions import ServiceUnavailable

from radio.formats.addresses import episode_page
from radio.web.context import catalogue


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
    return urljoin(base_url(), address)


def whole(address: str) -> str:
    """Give the same, or the address as it is where the site does not know its own."""
    return absolute(address) if known_url() else address


def quoted_address(key: str) -> str:
    """Give the whole address of an episode, without `?lang=`; nothing where none is set."""
    return episode_page(known_url(), key) if known_url() else ""


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
    """Give the address of an episode's audio; nothing where its rights let nobody listen. Each is
    looked up once for a request."""
    known: dict[str, str] = g.setdefault("media", {})
    if key not in known:
        episode = catalogue().archive.episode(key)
        named: dict[str, Any] = {"slug": episode.slug, "suffix": episode.audio.suffix}
        listens = episode.rights.allows("listen")
        known[key] = url_for("files.media", show=episode.show, **named) if listens else ""
    return known[key]
