"""Whether the places that links name (`page#place`) are on the pages they lead to.

An archive has thousands of pages with a place for each sentence, so a page leaves four bytes for
each of its places, which variants of a page share, and a link is forgotten once its page is known.
"""

import zlib
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

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
