"""Sites that list recordings in JSON of their own: audioblog.arteradio.com and archive.org.

A blog of audioblog is read by the JSON that its own pages are made of: `/blog/<id>` has a list,
fifty podcasts at a time; `/embed/<id>` and `/blog/<id>/podcast/<id>` are one of them.
"""

import json
import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from radio.french.dates import read_posted
from radio.ingest import feeds, internet_archive
from radio.ingest.description import Arrival, Day, Description
from radio.ingest.feed_page import FeedPage, Silent
from radio.ingest.folders import Left
from radio.ingest.reading import read_apart
from radio.ingest.richtext import markdown, words
from radio.system import records
from radio.system.connection.fetch import Web
from radio.system.connection.place import is_address
from radio.system.errors import RadioError, ReaderError
from radio.system.messages import _
from radio.system.progress import Progress

BLOG = "radio.ingest.sites:extract"
ITEM = "radio.ingest.internet_archive:extract"
LIST = "radio.ingest.internet_archive:extract_names"
MOST_ITEMS = 20_000

SITE = "https://audioblog.arteradio.com"
API = "https://back-audioblog.arteradio.com"
AT_ONCE = 50  # podcasts
PLACE = re.compile(
    r"https?://(?:www\.)?audioblog\.arteradio\.com/"
    r"(?:embed/(?P<embedded>\d+)|blog/(?P<blog>\d+)(?:/podcast/(?P<podcast>\d+))?)(?:[/?#].*)?"
)
LISTED = re.compile(r"(.*/api/blog/podcasts/\d+)/(\d+)/(\d+)")


def is_known(address: str) -> bool:
    """Whether an address is a page of one of these sites that has recordings.

    >>> is_known("https://archive.org/details/radio"), is_known("https://archive.org/download/a/b.mp3")
    (True, False)
    """
    places = (list_of, internet_archive.item_of, internet_archive.search_of)
    return any(place(address) for place in places)


def arrivals(web: Web, address: str) -> Iterator[Arrival | Left]:
    """Give the recordings of such a page.

    Raises NoAnswerError if the site doesn't answer, ReaderError if it answers something else.
    """
    if blog := list_of(address):
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


def list_of(address: str) -> str:
    """Tell the address of the JSON of a blog or a podcast; nothing if it is another site's."""
    match = PLACE.fullmatch(address)
    if match is None:
        return ""
    if number := match["embedded"] or match["podcast"]:
        return f"{API}/node/{number}?_format=json"
    return f"{API}/api/blog/podcasts/{match['blog']}/0/{AT_ONCE}"


def extract(path: str, _progress: Progress, address: str, _charset: str) -> Any:
    """Read a file that holds such JSON, in a child: a `FeedPage` for JSON.

    Raises ReaderError if it is something else.
    """
    return json.loads(records.render(read(Path(path).read_bytes(), address)))


def read(content: bytes, address: str) -> FeedPage:
    """Read the JSON that lay at an address.

    Raises ReaderError if it is something else.
    """
    try:
        data = json.loads(content)
    except (ValueError, RecursionError) as error:
        told = _("{address}: not what audioblog answers ({error})")
        raise ReaderError(told.format(address=address, error=error)) from error
    items = data if isinstance(data, list) else [data]
    podcasts = [_podcast(each) for each in items]
    found = [(each, _arrival(each)) for each in podcasts]
    return FeedPage(
        title=next((words(_text(_within(each, "blog"), "title")) for each in podcasts), ""),
        next=_next(address) if len(items) == AT_ONCE and isinstance(data, list) else "",
        arrivals=tuple(arrival for _each, arrival in found if arrival),
        silent=tuple(
            Silent(_page(each) or words(_text(each, "title"))) for each, got in found if not got
        ),
    )


def _next(address: str) -> str:
    match = LISTED.fullmatch(address)
    return f"{match[1]}/{int(match[2]) + AT_ONCE}/{AT_ONCE}" if match else ""


def _podcast(item: Any) -> dict[str, Any]:
    """Take the podcast out of an item of a list, where it stands beside how often it was heard."""
    found = item.get("podcast", item) if isinstance(item, dict) else {}
    return found if isinstance(found, dict) else {}


def _arrival(podcast: dict[str, Any]) -> Arrival | None:
    place = _text(podcast, "file_url").replace(" ", "%20")
    if not is_address(place):
        return None
    picture, page = _text(podcast, "image_akamai"), _page(podcast)
    keywords, posted = podcast.get("keywords"), read_posted(_text(podcast, "created"))
    names = [words(_text(each, "name")) for each in keywords] if isinstance(keywords, list) else []
    text = _text(podcast, "presentation") or _text(podcast, "description")
    return Arrival(
        place=place,
        name=unquote(posixpath.basename(urlsplit(place).path)),
        said=Description(
            title=words(_text(podcast, "title")),
            day=Day(posted) if posted else None,
            text=markdown(text, page),
            producers=tuple(filter(None, [words(_text(_blogger(podcast), "name"))])),
            tags=tuple(filter(None, names)),
            url=place,
            page=page,
            guid=f"{_text(podcast, 'id')} at {SITE}",
        ),
        picture=picture if is_address(picture) else "",
    )


def _page(podcast: dict[str, Any]) -> str:
    blog, number = _text(_within(podcast, "blog"), "id"), _text(podcast, "id")
    return f"{SITE}/blog/{blog}/podcast/{number}" if blog and number else ""


def _blogger(podcast: dict[str, Any]) -> dict[str, Any]:
    return _within(_within(podcast, "blog"), "blogger")


def _within(data: dict[str, Any], name: str) -> dict[str, Any]:
    found = data.get(name)
    return found if isinstance(found, dict) else {}


def _text(data: Any, name: str) -> str:
    """Give a text or a number as text; nothing where it is something else."""
    found = data.get(name) if isinstance(data, dict) else None
    return str(found)[:200_000] if isinstance(found, str | int) else ""
