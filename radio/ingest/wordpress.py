"""A site made with WordPress, read by its REST API: all of it, a type, a term or one post.

https://developer.wordpress.org/rest-api/. Where it has none, `pages` reads what visitors see.
"""

import json
import logging
import re
import time
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

from radio.archive.slugs import slugify
from radio.ingest.articles import Article, Lead, arrivals_of
from radio.ingest.description import Arrival
from radio.ingest.folders import Left
from radio.ingest.page import WebPage
from radio.ingest.reading import LARGEST, read_page, read_posts
from radio.ingest.sound import LinkedSound, distinct, whole
from radio.system.connection.fetch import Answer, Web
from radio.system.errors import ArchiveError, RadioError, ReaderError
from radio.system.messages import _

API = "https://api.w.org/"
LINK = re.compile(r'<([^<>]+)>\s*;[^,<>]*rel="?https://api\.w\.org/')
LARGEST_LIST = 2 << 20  # bytes of what is read here, and not in a child
PAUSE = 0.2  # seconds between two questions
INTERNAL = re.compile(
    r"attachment|nav_menu_item|wp_.*|elementor.*|oembed.*|acf-.*|jp_.*|revision|custom_css"
    r"|.*template.*"
)
"""Types of WordPress and its plugins that nobody reads."""
SIZES = (100, 10, 1)  # posts asked for at once; fewer where an answer fails
MOST_FAILURES = 4  # in a row, then the site is left in peace
MOST_VAIN = 30  # pages of ordinary posts read in vain, one after the other
COMMON = 5  # articles with one recording
MOST_PAGES = 1000  # of 100 posts
MOST_SEARCHED = 5  # recordings, for each of which the site is searched
PODLOVE = "podlove/v2/episodes"  # https://docs.podlove.org/podlove-publisher/api/
PODCAST = "podcast"  # the type of the posts of Podlove Publisher
MOST_EPISODES = 2000  # of Podlove
OLD_NAMES = {"categories": "category", "tags": "tag"}
"""Taxonomies that the pages of a site name otherwise than its API."""

log = logging.getLogger(__name__)


def api_of(answer: Answer, page: WebPage) -> str:
    """Find the address of the API that a page names, in its head or beside it; nothing if none."""
    match = LINK.search(answer.headers.get("Link") or "")
    named = (place for rel, _kind, place in page.relations if rel == API)
    return urljoin(answer.address, match[1]) if match else next(named, "")


class Api:
    """The API of a site in one run."""

    def __init__(self, web: Web, root: str):
        self.web, self.root = web, root

    @property
    def home(self) -> str:
        """The address of the site itself."""
        before = self.root.partition("wp-json")[0].partition("?rest_route")[0]
        return before.removesuffix("index.php")

    @cached_property
    def types(self) -> dict[str, str]:
        """Name the types of posts that people read, each with its route; those of our own first."""
        found = self._named("wp/v2/types")
        return {
            kind: f"{found[kind].get('rest_namespace') or 'wp/v2'}/{found[kind]['rest_base']}"
            for kind in sorted(found, key=lambda kind: (kind == "page", kind == "post"))
            if not INTERNAL.fullmatch(kind) and _is_route(found[kind])
        }

    @cached_property
    def taxonomies(self) -> dict[str, list[str]]:
        """Name the taxonomies as the API does, each with the types it orders."""
        found = self._named("wp/v2/taxonomies").values()
        known = (each for each in found if _is_route(each))
        return {each["rest_base"]: [*(each.get("types") or ())] for each in known}

    def address(self, route: str, **asked: str) -> str:
        """Give the address of a route, with pretty links or without."""
        between = "&" if "?" in self.root else "?"
        query = urlencode(asked)
        return f"{self.root}{route}{between if query else ''}{query}"

    def ask(self, route: str, limit: int = LARGEST, /, **asked: str) -> Answer:
        """Ask the API; its answer has at most `limit` bytes.

        Raises NoAnswerError if it does not answer, ReaderError if it knows no such route.
        """
        time.sleep(PAUSE)
        address = self.address(route, **asked)
        answer = self.web.read(address, limit, headers={"Accept": "application/json"})
        if answer.status != 200:
            raise ReaderError(_("{address} : il n’y a rien là", address=address))
        return answer

    def items(self, route: str, **asked: str) -> list[dict[str, Any]]:
        """Ask for a list; an empty one where the API gives none."""
        try:
            found = _parse(self.ask(route, LARGEST_LIST, **asked))
        except RadioError:
            return []
        return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []

    def value(self, route: str) -> dict[str, Any]:
        """Ask for what the API tells of one thing.

        Raises ReaderError if it tells nothing, NoAnswerError if it does not answer.
        """
        found = _parse(self.ask(route, LARGEST_LIST))
        if not isinstance(found, dict):
            raise ReaderError(_("{address} : ce n’est pas une liste", address=self.address(route)))
        return found

    def _named(self, route: str) -> dict[str, dict[str, Any]]:
        found = self.value(route)
        return {name: each for name, each in found.items() if isinstance(each, dict)}


def _is_route(about: dict[str, Any]) -> bool:
    """Whether a type or taxonomy has a route of its own that can be asked as it is."""
    return bool(re.fullmatch(r"[\w/-]+", str(about.get("rest_base", ""))))


def _parse(answer: Answer) -> Any:
    try:
        return json.loads(answer.content)
    except (ValueError, RecursionError) as error:
        raise ReaderError(_("{address} : ce n’est pas du JSON", address=answer.address)) from error


@dataclass(frozen=True)
class Route:
    """Posts of a site: a route of its API and what is asked of it."""

    path: str  # as `wp/v2/posts`, or `wp/v2/posts/198` for one
    asked: tuple[tuple[str, str], ...] = ()

    @property
    def is_one(self) -> bool:
        """Whether it is a single post."""
        return self.path.rpartition("/")[2].isdecimal()


def arrivals(
    web: Web, first: Answer, page: WebPage, names: Collection[str] = ()
) -> Iterator[Arrival | Lead | Left]:
    """Give the recordings of a site whose page was read: of what that address shows.

    Of a whole site, where the show that is named has a term or a post of its own, only those that
    belong to it. Raises ArchiveError where shows would be mixed, ReaderError where its API gives
    nothing, and NoAnswerError where it doesn't answer.
    """
    api = Api(web, api_of(first, page))
    finder = RouteFinder(api)
    found = Posts(api).read(finder.routes(first.address, page, names))
    if finder.is_whole:
        _refuse_mixture(first.address, found.articles)
    citing = () if finder.is_whole else Posts(api).citing(found.articles)
    yield from arrivals_of(found.articles, citing)
    yield from found.left


def _refuse_mixture(address: str, articles: list[Article]) -> None:
    """Refuse a site whose recordings are filed under several shows."""
    spoken = [each for each in articles if each.sounds or each.elsewhere]
    shows = sorted({show for each in spoken for show in each.shows})
    if len(shows) > 1:
        raise ArchiveError(
            _(
                "{address} : plusieurs émissions s’y trouvent ({shows}) ; donnez l’adresse de "
                "l’une d’elles",
                address=address,
                shows=", ".join(shows[:20]),
            )
        )


@dataclass
class PostsRead:
    """What a site gave."""

    articles: list[Article] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    total: int = 0  # posts that it says it has


class Posts:
    """The posts of a site, read in one run."""

    def __init__(self, api: Api):
        self._api = api
        self._failures = 0

    def read(self, routes: list[Route]) -> PostsRead:
        """Read all posts of some routes; what fails costs its line."""
        whole = PostsRead()
        for route in routes:
            self._failures, found = 0, PostsRead()
            if route.is_one:
                found.articles += read_posts(self._api.ask(route.path, _embed="1"))
            else:
                self._read_pages(route, found)
                if not found.articles and found.left:
                    raise ReaderError(found.left[0].reason)
            if len(found.articles) < found.total:
                told = _("%s : articles lus : %d sur %d")
                log.warning(told, self._api.address(route.path), len(found.articles), found.total)
            whole.articles += found.articles
            whole.left += found.left
        whole.articles = self._looked_at(whole.articles)
        return whole

    def citing(self, articles: list[Article]) -> list[Article]:
        """Find the other articles of the site that may cite some of it.

        For a few recordings they are searched for; for many, all posts are read.
        """
        spoken = [each for each in articles if each.sounds or each.elsewhere]
        found = PostsRead()
        if len(spoken) > MOST_SEARCHED:
            self._failures = 0
            self._read_pages(Route("wp/v2/posts"), found)
        for each in spoken if len(spoken) <= MOST_SEARCHED else ():
            slug = urlsplit(each.page).path.rstrip("/").rpartition("/")[2]
            found.articles += self._search(slug or f"?p={each.number_there}")
        known = {each.page for each in articles}
        return [each for each in found.articles if each.page not in known]

    def _search(self, word: str) -> list[Article]:
        try:
            answer = self._api.ask("wp/v2/posts", search=word, per_page="20", _embed="1")
            return list(read_posts(answer))
        except RadioError as error:
            log.warning("%s", error)
            return []

    def _read_pages(self, route: Route, found: PostsRead) -> None:
        number = 1
        while number <= MOST_PAGES and self._failures < MOST_FAILURES:
            self._read_page(route, 0, number, found)
            if number * SIZES[0] >= found.total:
                break
            number += 1

    def _read_page(self, route: Route, step: int, number: int, found: PostsRead) -> None:
        """Read a page of posts; one that fails is read in ten smaller ones, down to one post."""
        size = SIZES[step]
        asked = {"per_page": str(size), "page": str(number), "orderby": "date", "order": "asc"}
        asked |= dict(route.asked)
        try:
            answer = self._api.ask(route.path, **asked, _embed="1")
            found.articles += read_posts(answer)
            total = answer.headers.get("X-WP-Total") or ""
            found.total = max(found.total, _whole_number(total, 8))
            self._failures = 0
        except RadioError as error:
            self._failures += 1
            if step + 1 == len(SIZES) or self._failures >= MOST_FAILURES:
                address = self._api.address(route.path, per_page=str(size), page=str(number))
                found.left.append(Left(address, str(error), hides=True))
            else:
                self._read_smaller(route, step + 1, number, found)

    def _read_smaller(self, route: Route, step: int, number: int, found: PostsRead) -> None:
        for smaller in range((number - 1) * 10 + 1, number * 10 + 1):
            is_past = found.total and (smaller - 1) * SIZES[step] >= found.total
            if self._failures < MOST_FAILURES and not is_past:
                self._read_page(route, step, smaller, found)

    def _looked_at(self, articles: list[Article]) -> list[Article]:
        """Look at the page of each article that has no recording: a theme may show some there."""
        kept = dict(_podlove_recordings(self._api, articles))
        articles = [
            replace(each, sounds=kept[each.number_there]) if each.number_there in kept else each
            for each in articles
        ]
        looked: list[Article] = []
        vain = 0
        for each in articles:
            has_sound = each.sounds or each.elsewhere or each.is_protected
            if has_sound or each.kind == "page" or (each.kind == "post" and vain >= MOST_VAIN):
                looked.append(each)
                continue
            found = self._shown(each)
            vain = vain + 1 if found == [each] else 0
            looked += found
        return _without_common(looked)

    def _shown(self, article: Article) -> list[Article]:
        """Give an article with the recordings that its page shows: one of each of its parts."""
        try:
            time.sleep(PAUSE)
            answer = self._api.web.read(article.page, LARGEST)
            parts = read_page(answer).articles if answer.status == 200 else ()
        except RadioError as error:
            log.warning("%s", error)
            return [article]
        if len(parts) < 2:
            found = parts[0] if parts else article
            return [replace(article, sounds=found.sounds, elsewhere=found.elsewhere)]
        return [_within(article, part, number) for number, part in enumerate(parts, 1)]


def _within(article: Article, part: Article, number: int) -> Article:
    """Make a part of the page of an article one of its own, filed as that is."""
    page = part.page if part.page != article.page else f"{part.page}#{number}"
    return replace(
        part, page=page, tags=article.tags, shows=article.shows, producers=article.producers
    )


def _without_common(articles: list[Article]) -> list[Article]:
    """Leave out the recordings that many pages show: they belong to the site, not to an article."""
    seen = Counter(place for each in articles for place in {sound.place for sound in each.sounds})
    common = {place for place, times in seen.items() if times >= COMMON}
    return [
        replace(each, sounds=tuple(sound for sound in each.sounds if sound.place not in common))
        for each in articles
    ]


def _podlove_recordings(
    api: Api, articles: list[Article]
) -> Iterator[tuple[int, tuple[LinkedSound, ...]]]:
    """Give what Podlove Publisher keeps, by the numbers of the posts without a recording.

    An episode has one recording, be it in several formats.
    """
    wanted = {each.number_there for each in articles if each.kind == PODCAST and not each.sounds}
    if not wanted:
        return
    try:
        results = api.value(PODLOVE).get("results")
    except RadioError as error:
        log.warning(_("%s ; seuls les articles sont lus"), error)
        return
    for each in results[:MOST_EPISODES] if isinstance(results, list) else ():
        number = _whole_number(each.get("id"), 10) if isinstance(each, dict) else 0
        try:
            about = api.value(f"{PODLOVE}/{number}") if number else {}
        except RadioError as error:
            log.warning("%s", error)
            continue
        if (post := _whole_number(about.get("post_id"), 10)) in wanted:
            files = about.get("audio")
            listed = files if isinstance(files, list) else []
            urls = (str(each.get("url", "")) for each in listed if isinstance(each, dict))
            sounds = (LinkedSound(place, player=0) for place in map(whole, urls) if place)
            yield post, tuple(distinct(sounds))


def _whole_number(value: Any, longest: int) -> int:
    """Read a number of fewer digits than that; 0 where it is none."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < longest else 0


class RouteFinder:
    """Finds the posts that an address of a site shows."""

    def __init__(self, api: Api):
        self._api = api
        self.is_whole = False

    def routes(self, address: str, page: WebPage, names: Collection[str]) -> list[Route]:
        """Tell which posts an address of the site shows.

        Raises ReaderError if it shows none that the API knows.
        """
        home = self._api.home
        here, query = urlsplit(address), parse_qs(urlsplit(address).query)
        if here.path.rstrip("/") == urlsplit(home).path.rstrip("/") and not query:
            return self._whole(names)
        for rel, kind, place in page.relations:
            is_route = kind == "application/json" and place.startswith(self._api.root)
            if rel == "alternate" and is_route:
                route = place.removeprefix(self._api.root)
                base, _slash, number = route.rpartition("/")
                taxonomy = base.rpartition("/")[2]
                is_term = taxonomy in self._api.taxonomies
                return self._of_term(taxonomy, number) if is_term else [Route(route)]
        found = self._by_class(page.body_class) or self._by_query(query)
        found = found or self._by_path(here.path)
        if found:
            return found
        raise ReaderError(_("{address} : aucun article du site n’y paraît", address=address))

    def _whole(self, names: Collection[str]) -> list[Route]:
        """Take what belongs to the show that is named, else all types."""
        slugs = {slugify(name) for name in names} - {""}
        own = [route for slug in sorted(slugs) for route in self._by_slug(slug)]
        self.is_whole = not own
        return own or [Route(route) for route in self._api.types.values()]

    def _of_term(self, taxonomy: str, number: str) -> list[Route]:
        types = self._api.taxonomies[taxonomy]
        routes = [route for kind, route in self._api.types.items() if kind in types]
        return [Route(route, ((taxonomy, number),)) for route in routes]

    def _by_class(self, classes: str) -> list[Route]:
        """Read what the body of a page says: which archive, post or term it shows."""
        names = set(classes.split())
        for kind, route in self._api.types.items():
            if f"post-type-archive-{kind}" in names:
                return [Route(route)]
            is_single = f"single-{kind}" in names or (kind == "page" and "page" in names)
            number = _number_of("page-id" if kind == "page" else "postid", names)
            if is_single and number:
                return [Route(f"{route}/{number}")]
        for taxonomy in self._api.taxonomies:
            name = OLD_NAMES.get(taxonomy, taxonomy)
            is_own = f"tax-{name}" in names
            number = _number_of("term" if is_own else name, names)
            if number and (is_own or name in names):
                return self._of_term(taxonomy, number)
        return []

    def _by_query(self, query: dict[str, list[str]]) -> list[Route]:
        asked = {name: values[0] for name, values in query.items()}
        number = asked.get("p") or asked.get("page_id") or ""
        if number.isdecimal():
            routes = (f"{route}/{number}" for route in self._api.types.values())
            return [Route(route) for route in routes if self._has(route)][:1]
        if asked.get("cat", "").isdecimal():
            return self._of_term("categories", asked["cat"])
        route = self._api.types.get(asked.get("post_type", ""))
        return [Route(route)] if route else []

    def _by_path(self, path: str) -> list[Route]:
        slug = path.rstrip("/").rpartition("/")[2]
        route = self._api.types.get(slug)
        return [Route(route)] if route else self._by_slug(slug)

    def _by_slug(self, slug: str) -> list[Route]:
        for taxonomy in self._api.taxonomies:
            for term in self._api.items(f"wp/v2/{taxonomy}", slug=slug, _fields="id"):
                return self._of_term(taxonomy, str(term.get("id")))
        for route in self._api.types.values():
            for post in self._api.items(route, slug=slug, _fields="id"):
                return [Route(f"{route}/{post.get('id')}")]
        return []

    def _has(self, route: str) -> bool:
        try:
            return self._api.ask(route, _fields="id").status == 200
        except RadioError:
            return False


def _number_of(kind: str, names: set[str]) -> str:
    """Find the number of a term or post among the classes of a page, as `term-12`."""
    found = (name.removeprefix(f"{kind}-") for name in names if name.startswith(f"{kind}-"))
    return next((each for each in found if each.isdecimal()), "")
