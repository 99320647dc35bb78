"""Sites that list recordings in JSON of their own: audioblog.arteradio.com and archive.org."""

from collections.abc import Iterator

from radio.ingest import audioblog, feeds, internet_archive
from radio.ingest.description import Arrival
from radio.ingest.folders import Left
from radio.ingest.reading import read_apart
from radio.system.connection.fetch import Web
from radio.system.errors import RadioError
from radio.system.messages import _

BLOG = "radio.ingest.audioblog:extract"
ITEM = "radio.ingest.internet_archive:extract"
LIST = "radio.ingest.internet_archive:extract_names"
MOST_ITEMS = 20_000


def is_known(address: str) -> bool:
    """Whether an address is a page of one of these sites that has recordings.

    >>> is_known("https://archive.org/details/radio"), is_known("https://archive.org/download/a/b.mp3")
    (True, False)
    """
    places = (audioblog.list_of, internet_archive.item_of, internet_archive.search_of)
    return any(place(address) for place in places)


def arrivals(web: Web, address: str) -> Iterator[Arrival | Left]:
    """Give the recordings of such a page.

    Raises NoAnswerError if the site doesn't answer, ReaderError if it answers something else.
    """
    if blog := audioblog.list_of(address):
        yield from feeds.arrivals(web, web.read(blog, feeds.LARGEST), BLOG)
    elif item := internet_archive.item_of(address):
        page = feeds.read_page(web.read(item, feeds.LARGEST), ITEM)
        yield from _items(web, page.next) if page.next else feeds.found(page)
    else:
        yield from _items(web, internet_archive.search_of(address))


def _items(web: Web, address: str) -> Iterator[Arrival | Left]:
    """Give the recordings of the items of a list; one that can't be read costs its line."""
    seen = set[str]()
    while address:
        answer = web.read(address, feeds.LARGEST)
        listed = read_apart(LIST, answer, memory=feeds.MEMORY, seconds=feeds.SECONDS)
        news = [each for each in listed["items"] if each not in seen]
        for item in news:
            try:
                yield from feeds.found(feeds.read_page(web.read(item, feeds.LARGEST), ITEM))
            except RadioError as error:
                yield Left(item, str(error), hides=True)
        seen.update(news)
        address = listed["next"] if news else ""
        if address and len(seen) >= MOST_ITEMS:
            told = _("more than {number} items; the rest is not read")
            yield Left(address, told.format(number=MOST_ITEMS), hides=True)
            return
