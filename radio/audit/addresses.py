"""Addresses as browsers read them (https://url.spec.whatwg.org), and which count as one. Pure.
Browsers forgive what `urllib.parse` takes literally: spaces around, line feeds within, `\\` for
`/`, and any number of slashes before the host."""

import re
import zlib
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from urllib.parse import parse_qsl, quote, unquote, urldefrag, urljoin, urlsplit

from radio.system.connection.place import KEPT
from radio.system.errors import RadioError
from radio.system.messages import _

PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443, "ftp": 21}  # of what goes over the network
AROUND = "".join(map(chr, range(33)))


class Anchors:
    """The places on pages, by the shapes of these, and the links that lead to places."""

    def __init__(self) -> None:
        self._known: dict[str, array[int]] = {}  # of each page: the sorted hashes of its places
        self._wanted = defaultdict[str, dict[str, str]](dict)
        self._moved = dict[str, str]()

    def know(self, shape: str, places: Iterable[str]) -> None:
        """Learn the places of a page."""
        self._known[shape] = array("I", sorted(map(_hash, places)))
        for place, page in self._wanted.pop(shape, {}).items():
            self.want(shape, place, page)

    def want(self, shape: str, place: str, page: str) -> None:
        """Note a link to a place, and the page that has it."""
        if not self._has(shape, place):
            self._wanted[shape].setdefault(place, page)

    def move(self, old: str, new: str) -> None:
        """Learn that a page redirects to another, which doesn't lead back."""
        self._moved[old] = new

    def at(self, shape: str) -> str:
        """Give the page at the end of redirects."""
        while shape in self._moved:
            shape = self._moved[shape]
        return shape

    def missing(self) -> Iterator[tuple[str, str]]:
        """Give the places that are not on their page, each with a page that links there."""
        for shape, places in self._wanted.items():
            there = self.at(shape)
            for place, page in places.items():
                if there in self._known and not self._has(there, place):
                    yield place, page

    def _has(self, shape: str, place: str) -> bool:
        known = self._known.get(shape, array("I"))
        places = ((each, bisect_left(known, each)) for each in map(_hash, {place, unquote(place)}))
        return any(at < len(known) and known[at] == number for number, at in places)


def _hash(place: str) -> int:
    return zlib.crc32(place.encode(errors="surrogatepass"))


def named(fragment: str) -> str:
    """Give the place that a fragment names; "" for the top and for words (`:~:text=`).

    >>> named("c12"), named("top"), named(":~:text=radio")
    ('c12', '', '')
    """
    place = fragment.partition(":~:")[0]
    return "" if place.lower() == "top" else place


def resolve(base: str, text: str) -> str | None:
    """Give the whole address that a page at `base` means; None for `mailto:`, `data:` and the like.
    Raises ValueError where it is no address.

    >>> resolve("https://a.example/b/c?d", "../e?f=é#g")
    'https://a.example/e?f=%C3%A9#g'
    >>> resolve("https://a.example/", r" /\\evil.example/x ")
    'https://evil.example/x'
    """
    text = re.sub(r"[\t\n\r]", "", text.strip(AROUND))
    scheme = re.match(r"[A-Za-z][A-Za-z0-9+.-]*(?=:)", text)
    if scheme and scheme[0].lower() not in PORTS:
        return None
    place, mark, more = re.split("([?#]|$)", text, maxsplit=1)
    place = re.sub("^([A-Za-z]+:)?/{2,}", r"\1//", place.replace("\\", "/"))
    parts = urlsplit(urljoin(base, place + mark + more))
    _port = parts.port  # raises what is wrong with it
    if not parts.hostname:
        raise ValueError("no host")
    path, query = quote(parts.path or "/", safe=KEPT), quote(parts.query, safe=KEPT)
    return parts._replace(path=path, query=query).geturl()


def resolved(base: str, text: str) -> str | None:
    """Give the same, and None too where it is no address."""
    try:
        return resolve(base, text)
    except ValueError:
        return None


def read_site(text: str) -> str:
    """Read the address of a site as a person gives it. Raises RadioError if it is none."""
    address = resolved(text, "") if text.startswith(("http://", "https://")) else None
    if address is None or "@" in urlsplit(address).netloc:
        message = _("{text} : pas l’adresse d’un site, comme https://radio.example")
        raise RadioError(message, text=text)
    return urldefrag(address)[0]


def origin(address: str) -> tuple[str, str, int]:
    """Give what makes two addresses belong to one site: scheme, host, port.

    >>> origin("https://A.example/b") == origin("https://a.example:443/c")
    True
    """
    parts = urlsplit(address)
    scheme = parts.scheme.lower()
    return scheme, (parts.hostname or "").rstrip("."), parts.port or PORTS[scheme]


def local(address: str) -> str:
    """Give the address within its site: path and query.

    >>> local("https://a.example/b?c=d#e")
    '/b?c=d'
    """
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def shape(address: str) -> str:
    """Give what addresses share that differ only by the values of their query. A name without a
    value, as an empty form sends it, is left out.

    >>> shape("https://a.example/b?t=12&lang=fr") == shape("https://a.example/b?lang=en&t=7")
    True
    """
    parts = urlsplit(address)
    names = {name for name, _value in parse_qsl(parts.query)}
    return f"{parts.path}?{'&'.join(sorted(names))}"
