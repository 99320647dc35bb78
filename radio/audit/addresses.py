"""Addresses as browsers read them (https://url.spec.whatwg.org), and which the audit takes for one.

Pure. Browsers forgive what `urllib.parse` takes literally: spaces around, line feeds within, `\\`
for `/`, and any number of slashes before the host.
"""

import re
import zlib
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from urllib.parse import parse_qsl, quote, unquote, urldefrag, urljoin, urlsplit

from radio.system.errors import RadioError
from radio.system.messages import _

Link = tuple[str, str]
"""A place that a link names, and the page on which the link is."""


class Anchors:
    """What is known of pages, by their shape (`addresses.shape`), and the links that wait."""

    def __init__(self) -> None:
        self._known: dict[str, bytes] = {}
        self._shared: dict[bytes, bytes] = {}
        self._waiting: defaultdict[str, dict[str, str]] = defaultdict(dict)
        self._moved: dict[str, str] = {}

    def know(self, shape: str, places: Iterable[str]) -> Iterator[Link]:
        """Learn the places of a page; give the links that waited for one that is not there."""
        numbers = array("I", sorted(_hash(place) for place in places)).tobytes()
        self._known[shape] = self._shared.setdefault(numbers, numbers)
        for place, page in self._waiting.pop(shape, {}).items():
            yield from self.want(shape, place, page)

    def want(self, shape: str, place: str, page: str) -> Iterator[Link]:
        """Take a link; give it back if its place is known to be missing."""
        shape = self.at(shape)
        if shape not in self._known:
            self._waiting[shape].setdefault(place, page)
        elif not (self._has(shape, place) or self._has(shape, unquote(place))):
            yield place, page

    def move(self, old: str, new: str) -> Iterator[Link]:
        """Learn that a page sends on to another, which doesn't lead back; its links go with it."""
        self._moved[old] = new
        for place, page in self._waiting.pop(old, {}).items():
            yield from self.want(new, place, page)

    def at(self, shape: str) -> str:
        """Give the page that one leads to in the end, if it sends on."""
        while shape in self._moved:
            shape = self._moved[shape]
        return shape

    def forget(self, shape: str) -> None:
        """Drop the links to what is no page."""
        self._waiting.pop(shape, None)

    def _has(self, shape: str, place: str) -> bool:
        numbers = memoryview(self._known[shape]).cast("I")
        number = bisect_left(numbers, _hash(place))
        return number < len(numbers) and numbers[number] == _hash(place)


def named(fragment: str) -> str:
    """Give the place that a fragment names; nothing for the top and for words (`:~:text=`).

    >>> named("c12"), named("top"), named(":~:text=radio")
    ('c12', '', '')
    """
    place = fragment.partition(":~:")[0]
    return "" if place.lower() == "top" else place


def _hash(place: str) -> int:
    return zlib.crc32(place.encode(errors="surrogatepass"))


PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443, "ftp": 21}  # of what goes over the network
AROUND = "".join(map(chr, range(33)))
KEPT = "%/:@!$&'()*+,;=~-._?"  # beside letters and digits; what is encoded already stays so


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
    place, mark, rest = re.split("([?#]|$)", text, maxsplit=1)
    place = re.sub("^([A-Za-z]+:)?/{2,}", r"\1//", place.replace("\\", "/"))
    parts = urlsplit(urljoin(base, place + mark + rest))
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


def read_start(text: str) -> str:
    """Read the address of a site as a person gives it.

    Raises RadioError if it is none.
    """
    address = resolved(text, "") if text.startswith(("http://", "https://")) else None
    if address is None or "@" in urlsplit(address).netloc:
        raise RadioError(
            _("{text}: no address of a site, such as https://radio.example").format(text=text)
        )
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
    """Name an address within its site: path and query.

    >>> local("https://a.example/b?c=d#e")
    '/b?c=d'
    """
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def shape(address: str) -> str:
    """Give what addresses have in common that differ only by the values of their query.

    A name without a value, as a form that nobody filled in sends it, is left out.

    >>> shape("https://a.example/b?t=12&lang=fr") == shape("https://a.example/b?lang=en&t=7")
    True
    """
    parts = urlsplit(address)
    names = {name for name, _value in parse_qsl(parts.query)}
    return f"{parts.path}?{'&'.join(sorted(names))}"
