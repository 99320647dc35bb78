"""What lies at an address: a recording, a feed, a WordPress site, a page. The answer decides."""

import logging
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from radio.archive.episode import Show
from radio.ingest import extractors, feeds, pages, sites, wordpress
from radio.ingest.description import Arrival, Description
from radio.ingest.folders import Left
from radio.ingest.reading import read_in_child
from radio.ingest.sound import name_of
from radio.ingest.titles import without_head
from radio.system.connection.fetch import Answer, Web
from radio.system.errors import NoAnswerError, RadioError, ReaderError
from radio.system.messages import _

log = logging.getLogger(__name__)

SOUNDS = re.compile(rb"ID3|\xff[\xe2-\xfb]|fLaC|OggS|RIFF....WAVE|....ftyp", re.DOTALL)  # begin so
FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml")
COMMENTS = re.compile(r"/comments?\b|/commentaires?\b|comments-rss", re.IGNORECASE)


@dataclass(frozen=True)
class Discovery:
    """What lies at an address."""

    arrivals: Iterable[Arrival | Left] = ()
    is_unchanged: bool = False  # since it was read with the same etag and date
    etag: str = ""  # of a feed
    modified: str = ""


def arrivals(
    web: Web, address: str, show: Show | None = None, depth: int = 0
) -> Iterator[Arrival | Left]:
    """Give the recordings at an address, of the show that is wanted. Raises NoAnswerError,
    ReaderError if nothing is found, ArchiveError if it has several shows and none is named."""
    yield from look(web, address, show, depth=depth).arrivals


def look(
    web: Web,
    address: str,
    show: Show | None = None,
    etag: str = "",
    modified: str = "",
    depth: int = 0,
) -> Discovery:
    """Look at an address, unless it is as `etag` and `modified` say; raises as `arrivals`."""
    if sites.is_known(address):
        return Discovery(_without_heads(sites.arrivals(web, address), show))
    if extractors.is_known(address):
        return Discovery(_without_heads(extractors.arrivals(address), show))
    named = {"If-None-Match": etag, "If-Modified-Since": modified}
    asked = {name: value for name, value in named.items() if value}
    answer = web.read(address, feeds.LARGEST, headers=asked, is_enough=is_sound)
    if answer.status == 304:
        return Discovery(is_unchanged=True)
    if answer.status in feeds.GONE:
        raise ReaderError(_("{address} : il n’y a rien là", address=address))
    found: Iterable[Arrival | Left]
    stamps = ("", "")
    if is_sound(answer.content):
        place = answer.address
        found = [Arrival(place, name_of(place), Description(url=place, page=place, guid=place))]
    elif feeds.is_feed(answer.content):
        found = feeds.arrivals(web, answer)
        stamps = answer.headers.get("ETag", ""), answer.headers.get("Last-Modified", "")
    elif extractors.is_video(answer.address, answer.content):
        found = extractors.arrivals(answer.address)
    else:
        found = _followed(web, _of_page(web, answer, show), depth)
    return Discovery(_without_heads(found, show), False, *stamps)


def _without_heads(found: Iterable[Arrival | Left], show: Show | None) -> Iterator[Arrival | Left]:
    """Remove the show and the number with which a source begins its titles."""
    for each in found:
        if show is None or isinstance(each, Left):
            yield each
        else:
            said = each.said
            numbering = without_head(said.title, show, said.day)
            said = replace(said, title=numbering.text, number=said.number or numbering.number)
            yield replace(each, said=said)


def _followed(web: Web, found: Iterable[Arrival | Left], depth: int) -> Iterator[Arrival | Left]:
    """Give the recordings that other sites keep; what an article says counts more."""
    for each in found:
        if isinstance(each, Left) or not each.is_page:
            yield each
            continue
        try:
            if depth:
                raise _nothing_at(each.place)
            article = replace(each.said, guid="", url="")
            for one in arrivals(web, each.place, depth=depth + 1):
                if isinstance(one, Arrival):
                    yield replace(one, said=article.completed(one.said))
                else:
                    yield one
        except RadioError as error:
            yield Left(each.place, str(error))


def _of_page(web: Web, answer: Answer, show: Show | None) -> list[Arrival | Left]:
    """Ask the API of a page's site; else read a feed of the page, or the page itself. A page with a
    recording of its own counts more than its feed, which may be that of a whole site."""
    page, parts = read_in_child(pages.read, answer), urlsplit(answer.address)
    is_home = parts.path in ("", "/") and not parts.query
    names = (show.slug, show.title) if show else ()
    has_api = bool(wordpress.api_of(answer, page))
    feed = feed_of(page, answer.address if has_api and not is_home else "")
    ways: list[Callable[[], Iterator[Arrival | Left]]] = []
    if has_api:
        ways.append(lambda: wordpress.arrivals(web, answer, page, names))
    if feed and (is_home or not page.articles):
        ways.append(lambda: feeds.arrivals(web, web.read(feed, feeds.LARGEST)))
    ways.append(lambda: pages.arrivals(web, answer, page))
    why: RadioError = _nothing_at(answer.address)
    for number, way in enumerate(ways):  # the first that leads to a recording
        is_api = has_api and not number
        try:
            found = list(way())
        except (NoAnswerError, ReaderError) as error:
            if is_api:
                log.warning("%s", error)
            else:
                why = error
            continue
        is_all = is_api and (is_home or bool(parts.query))
        if is_all or any(not isinstance(each, Left) for each in found):
            return found
    raise why


def _nothing_at(address: str) -> ReaderError:
    return ReaderError(_("{address} : aucun enregistrement trouvé là", address=address))


def is_sound(content: bytes) -> bool:
    """Recognise a recording by how it begins."""
    return SOUNDS.match(content) is not None


def feed_of(page: pages.WebPage, below: str) -> str:
    """Find the feed that a page names, not that of its comments, at an address below another."""
    named = (
        a for rel, kind, a in page.relations if "alternate" in rel.split() and kind in FEED_TYPES
    )
    fit = (place for place in named if place.startswith(below.rstrip("/")))
    return next((place for place in fit if not COMMENTS.search(place)), "")
