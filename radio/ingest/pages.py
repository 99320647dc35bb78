"""Pages with recordings, read as visitors see them: one, a list of links, a folder, a whole site.

Without an API or a feed this is what there is: the same host only, a bounded number of pages, one
after the other, with a pause.
"""

import re
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from urllib.parse import urldefrag, urljoin, urlsplit

from radio.ingest.articles import Article, Lead, arrivals_of
from radio.ingest.description import Arrival
from radio.ingest.folders import Left
from radio.ingest.page import WebPage
from radio.ingest.reading import LARGEST, read_page
from radio.ingest.sound import is_sound, whole
from radio.system.connection.fetch import Answer, Web, unpacked
from radio.system.errors import RadioError
from radio.system.messages import _

MOST = 500  # pages
DEEPEST, DEEPEST_FOLDER = 2, 8  # links from the first page
PAUSE = 0.2  # seconds between two questions
SITEMAPS = ("wp-sitemap.xml", "sitemap.xml", "sitemap_index.xml", "?sitemap=index")
SITEMAP = re.compile(r"(?i)\.xml(?:\.gz)?$|[?&]sitemap=")
NAMED = re.compile(r"(?im)^[ \t]*sitemap[ \t]*:[ \t]*(\S{1,2000})")  # in robots.txt
LARGEST_ROBOTS, MOST_NAMED = 1 << 19, 20  # bytes of robots.txt, sitemaps that it may name
NO_PAGE = re.compile(
    r"(?i)\.(?:jpe?g|png|gif|webp|svg|pdf|zip|docx?|odt|css|js|json|ics|mp4|webm|txt)$"
    r"|/(?:feed|wp-admin|wp-json|wp-login|xmlrpc|comments?|author|auteur|login)(?:[/.]|$)"
)
TURNED = re.compile(r"/page/\d+/?$|[?&](?:paged?|p)=\d+$")


def arrivals(web: Web, first: Answer, page: WebPage) -> Iterator[Arrival | Lead | Left]:
    """Give the recordings of a page that was read, and of those that it leads to.

    A page with recordings of its own is all that is read, unless it is a list of articles or a
    folder. A page that can't be read costs its line.
    """
    walk = _Walk(web, first.address)
    walk.read(page)
    yield from arrivals_of(walk.articles)
    yield from walk.left


class _Walk:
    """The pages of one run."""

    def __init__(self, web: Web, address: str):
        self._web, self._first = web, address
        self._seen = {_bare(address)}
        self._queue: deque[tuple[str, int]] = deque()
        self.articles: list[Article] = []
        self.left: list[Left] = []

    def read(self, first: WebPage) -> None:
        """Read the first page and, where it is a list, those that it leads to."""
        self._take(first, self._first, 0)
        here = urlsplit(self._first)
        if not first.articles and here.path in ("", "/") and not here.query:
            self._read_sitemaps()
        while self._queue and len(self._seen) <= MOST:
            address, depth = self._queue.popleft()
            if page := self._read(address):
                self._take(page, address, depth)
        if self._queue:
            told = _("plus de {number} pages ; les autres ne sont pas lues", number=MOST)
            self.left.append(Left(self._first, told, hides=True))

    def _take(self, page: WebPage, address: str, depth: int) -> None:
        parts = [each for each in page.articles if _bare(each.page) != _bare(address)]
        for each in page.articles:
            self.articles += [] if self._leads_on(each, depth) else [each]
        if page.is_index:
            self._add((link for link in page.links if link.endswith("/")), depth, DEEPEST_FOLDER)
        elif depth == 0 and not page.articles:
            self._add(page.links, depth, DEEPEST)
        elif parts or TURNED.search(address) or not page.articles:
            next_pages = [place for rel, _kind, place in page.relations if rel == "next"]
            turned = [link for link in page.links if TURNED.search(link)]
            self._add([*next_pages, *turned], min(depth, DEEPEST - 1), DEEPEST)

    def _leads_on(self, article: Article, depth: int) -> bool:
        """Read the page of an article that a list shows; whether it has its recording there."""
        place = _bare(article.page)
        if depth >= DEEPEST or "#" in article.page or not self._may_read(place):
            return False
        self._seen.add(place)
        page = self._read(place)
        found = page.articles if page else ()
        self.articles += found
        return bool(found)

    def _read_sitemaps(self) -> None:
        """Find the pages of a site by what it lists for search engines."""
        lists = [*self._named(), *(urljoin(self._first, name) for name in SITEMAPS)]
        read: set[str] = set()
        while lists and len(read) < MOST:
            place = lists.pop(0)
            if place in read:
                continue
            read.add(place)
            page = self._read(place, is_told=False)
            links = page.links if page and not page.body_class else ()
            lists += [link for link in links if SITEMAP.search(link) and link not in read]
            self._add((link for link in links if not SITEMAP.search(link)), 0, DEEPEST)

    def _named(self) -> list[str]:
        try:
            answer = self._web.read(urljoin(self._first, "/robots.txt"), LARGEST_ROBOTS)
        except RadioError:
            return []
        text = answer.content.decode("utf-8", "replace") if answer.status == 200 else ""
        found = (whole(each, self._first) for each in NAMED.findall(text))
        return list(dict.fromkeys(filter(None, found)))[:MOST_NAMED]

    def _read(self, address: str, *, is_told: bool = True) -> WebPage | None:
        try:
            time.sleep(PAUSE)
            answer = self._web.read(address, LARGEST)
            if answer.status == 200:
                return read_page(replace(answer, content=unpacked(answer.content, LARGEST)))
            error = _("il n’y a rien là")
        except RadioError as failure:
            error = str(failure)
        if is_told:
            self.left.append(Left(address, error, hides=True))
        return None

    def _add(self, links: Iterable[str], depth: int, deepest: int) -> None:
        for link in map(_bare, links):
            if depth < deepest and self._may_read(link):
                self._seen.add(link)
                self._queue.append((link, depth + 1))

    def _may_read(self, link: str) -> bool:
        """Whether a page lies on the same host, below the first, and is not known yet."""
        here, there = urlsplit(self._first), urlsplit(link)
        folder = here.path.rpartition("/")[0] + "/"
        is_ours = there.netloc == here.netloc and there.path.startswith(folder)
        is_page = not NO_PAGE.search(there.path) and not is_sound(link)
        return is_ours and is_page and link not in self._seen and len(self._seen) <= MOST


def _bare(address: str) -> str:
    return urldefrag(address).url
