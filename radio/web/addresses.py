"""Whole addresses, made of RADIO_BASE_URL alone: anybody writes the Host of a request, and
behind a proxy it names a machine that no listener reaches."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus, urljoin

from flask import current_app, g, request, url_for
from werkzeug.exceptions import ServiceUnavailable

from radio.formats.addresses import episode_page
from radio.web.context import catalogue, listed
from radio.web.language import in_address

WORDS = "WORDS"  # what stands for the words of a search while its address is built
REMEMBERED = 2_500  # addresses, some 200 bytes each
LONGEST = 100  # characters of what an address holds, if it is remembered
# What may be remembered names what is public; whose words are looked for is nobody's business.
PUBLIC = {"q", "show", "slug", "suffix", "filename", "name", "room", "size", "sort", "page", "lang"}
SAFE = "!$'()*,/:;?@"  # signs that the addresses of a search write as they are


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


def remembering(build: Callable[..., str]) -> Callable[..., str]:
    """Build each address once, with the words of a search put in afterwards."""

    @lru_cache(maxsize=REMEMBERED)
    def known(_state: object, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
        return build(endpoint, **dict(values))

    def url_for(endpoint: str, **given: Any) -> str:
        # Flask names what it was not asked for too: `_anchor=None`.
        values = {name: each for name, each in given.items() if each is not None or name[0] != "_"}
        if not values.keys() <= PUBLIC or any(len(str(each)) > LONGEST for each in values.values()):
            return build(endpoint, **values)
        if words := values.get("q"):
            values["q"] = WORDS
        state = request.script_root, in_address(), is_exact()
        address = known(state, endpoint, tuple(values.items()))
        return address.replace(f"q={WORDS}", f"q={quote_plus(words, SAFE)}") if words else address

    return url_for


def is_exact() -> bool:
    """Whether words are looked for as they were typed."""
    return "exact" in request.args and request.args["exact"] == "1"


def episode_address(
    key: str, at: object = None, anchor: str = "", query: str = "", *, exact: bool = False
) -> str:
    """Give the address of an episode, at a time as in `?t=`, with the words of a query marked. Each
    is built once for a request: pages of passages name the same again and again."""
    known: dict[str, str] = g.setdefault("addresses", {})
    if key not in known:
        show, _, slug = key.partition("/")
        known[key] = url_for("pages.episode", show=show, slug=slug)
    address = known[key]
    asked = "" if at in (None, "") else f"t={quote_plus(str(at), ',')}"
    if query:
        asked += f"{'&' if asked else ''}q={quote_plus(query, ',')}"
        asked += "&exact=1" if exact or is_exact() else ""
    if asked:
        address += f"{'&' if '?' in address else '?'}{asked}"
    return f"{address}#{anchor}" if anchor else address


def media_address(key: str) -> str:
    """Give the address of an episode's audio; nothing where its rights let nobody listen. Each is
    looked up once for a request."""
    known: dict[str, str] = g.setdefault("media", {})
    if key not in known:
        episode = listed(key)
        named: dict[str, Any] = {"slug": episode.slug, "suffix": episode.audio.suffix}
        listens = episode.rights.allows("listen")
        known[key] = url_for("files.media", show=episode.show, **named) if listens else ""
    return known[key]
