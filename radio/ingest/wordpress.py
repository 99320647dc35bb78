"""A site made with WordPress, read by its REST API: all of it, a type, a term or one post.
https://developer.wordpress.org/rest-api/. Without an API, `pages` reads what visitors see.
Posts become articles in a limited child."""

import html
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
from radio.french.dates import read_posted
from radio.ingest import pages, sound
from radio.ingest.articles import Article, arrivals_of
from radio.ingest.description import Arrival
from radio.ingest.folders import Left
from radio.ingest.markup import scan
from radio.ingest.pages import WebPage
from radio.ingest.reading import (
    LARGEST,
    as_dict,
    as_list,
    as_text,
    parse_json,
    read_in_child,
    whole_number,
)
from radio.ingest.richtext import markdown, words
from radio.ingest.sound import LinkedSound, distinct, whole
from radio.system.connection.fetch import Answer, Web
from radio.system.errors import ArchiveError, RadioError, ReaderError, warned
from radio.system.messages import _

API = "https://api.w.org/"
LINK = re.compile(r'<([^<>]+)>\s*;[^,<>]*rel="?https://api\.w\.org/')
LARGEST_LIST = 2 << 20  # bytes of what is read here, and not in a child
PAUSE = 0.2  # seconds between two questions
INTERNAL = re.compile(  # types that nobody reads
    r"attachment|nav_menu_item|wp_.*|elementor.*|oembed.*|acf-.*|jp_.*|revision|custom_css"
    r"|.*template.*"
)
ROUTE = re.compile(r"[\w/-]+")  # of a type or taxonomy, that can be asked as it is
SIZES = (100, 10, 1)  # posts asked for at once; fewer where an answer fails
MOST_FAILURES = 4  # in a row, then the site is left in peace
MOST_VAIN = 30  # pages of ordinary posts read in vain, one after the other
COMMON = 5  # articles with one recording
MOST_PAGES = 1000  # of 100 posts
MOST_SEARCHED = 5  # recordings, for each of which the site is searched
POSTS = "wp/v2/posts"
PODLOVE = "podlove/v2/episodes"  # https://docs.podlove.org/podlove-publisher/api/
PODCAST = "podcast"  # the type of the posts of Podlove Publisher
MOST_EPISODES = 2000  # of Podlove
OLD_NAMES = {"categories": "category", "tags": "tag"}  # as pages of a site name them

log = logging.getLogger(__name__)


def api_of(answer: Answer, page: WebPage) -> str:
    """Find the address of the API that a page names; nothing if none."""
    match = LINK.search(answer.headers.get("Link") or "")
    named = (place for rel, _kind, place in page.relations if rel == API)
    return urljoin(answer.address, match[1]) if match else next(named, "")


@dataclass(frozen=True)
class Route:
    """Posts of a site: a route of its API and what is asked of it."""

    path: str  # as `wp/v2/posts`, or `wp/v2/posts/198` for one
    asked: tuple[tuple[str, str], ...] = ()

    @property
    def is_one(self) -> bool:
        """Whether it is a single post."""
        return self.path.rpartition("/")[2].isdecimal()


class Api:
    """The API of a site in one run."""

    def __init__(self, web: Web, root: str):
        self.web, self.root = web, root

    @cached_property
    def types(self) -> dict[str, str]:
        """The types of posts that people read, each with its route, posts and pages last."""
        found = self._listed("wp/v2/types")
        return {
            kind: f"{found[kind].get('rest_namespace') or 'wp/v2'}/{found[kind]['rest_base']}"
            for kind in sorted(found, key=lambda kind: (kind == "page", kind == "post"))
            if not INTERNAL.fullmatch(kind)
        }

    @cached_property
    def taxonomies(self) -> dict[str, list[str]]:
        """The taxonomies as the API names them, each with its types."""
        found = self._listed("wp/v2/taxonomies").values()
        return {each["rest_base"]: [*(each.get("types") or ())] for each in found}

    def _listed(self, route: str) -> dict[str, dict[str, Any]]:
        found = {name: as_dict(each) for name, each in self.value(route).items()}
        return {k: v for k, v in found.items() if ROUTE.fullmatch(str(v.get("rest_base", "")))}

    def address(self, route: str, **asked: str) -> str:
        """Give the address of a route, with pretty links or without."""
        between = "&" if "?" in self.root else "?"
        return f"{self.root}{route}{between if asked else ''}{urlencode(asked)}"

    def ask(self, route: str, limit: int = LARGEST, /, **asked: str) -> Answer:
        """Ask the API for at most `limit` bytes. Raises NoAnswerError or ReaderError."""
        time.sleep(PAUSE)
        address = self.address(route, **asked)
        answer = self.web.read(address, limit, headers={"Accept": "application/json"})
        if answer.status != 200:
            raise ReaderError(_("{address} : il n’y a rien là", address=address))
        return answer

    def value(self, route: str) -> dict[str, Any]:
        """Ask for an object; raises as `ask`, and ReaderError if the answer is none."""
        answer = self.ask(route, LARGEST_LIST)
        found = parse_json(answer.content, answer.address)
        if not isinstance(found, dict):
            raise ReaderError(_("{address} : ce n’est pas une liste", address=self.address(route)))
        return found

    def posts(self, route: str, **asked: str) -> tuple[Article, ...]:
        """Ask for posts; raises as `ask`, and ReaderError where they can't be read."""
        return read_in_child(read_posts, self.ask(route, _embed="1", **asked)).articles

    def number_of(self, route: str, slug: str) -> str:
        """Give the number of the first post or term of a slug; nothing where there is none."""
        try:
            answer = self.ask(route, LARGEST_LIST, slug=slug, _fields="id")
            listed = as_list(parse_json(answer.content, answer.address))
        except RadioError:
            return ""
        return next((str(each.get("id")) for each in listed if isinstance(each, dict)), "")

    def of_term(self, taxonomy: str, number: str) -> list[Route]:
        """Give the posts of a term."""
        types, asked = self.taxonomies[taxonomy], ((taxonomy, number),)
        return [Route(route, asked) for kind, route in self.types.items() if kind in types]


def arrivals(
    web: Web, first: Answer, page: WebPage, names: Collection[str] = ()
) -> Iterator[Arrival | Left]:
    """Give the recordings of a site whose page was read: of what that address shows. Of a whole
    site, only those of the named show, if it has a term or post. Raises ArchiveError where shows
    would be mixed, ReaderError where its API gives nothing, NoAnswerError."""
    api = Api(web, api_of(first, page))
    home = api.root.partition("wp-json")[0].partition("?rest_route")[0].removesuffix("index.php")
    here = urlsplit(first.address)
    is_home = here.path.rstrip("/") == urlsplit(home).path.rstrip("/") and not parse_qs(here.query)
    slugs = {slugify(name) for name in names} - {""} if is_home else ()
    routes = [route for slug in sorted(slugs) for route in _by_slug(api, slug)]
    is_whole = is_home and not routes
    if is_whole:
        routes = [Route(route) for route in api.types.values()]
    articles, left = _read(api, routes or _routes_of(api, first.address, page))
    spoken = [each for each in articles if each.sounds or each.elsewhere]
    shows = sorted({show for each in spoken for show in each.shows})
    if is_whole and len(shows) > 1:
        message = _(
            "{address} : plusieurs émissions s’y trouvent ({shows}) ; donnez l’adresse de "
            "l’une d’elles"
        )
        raise ArchiveError(message, address=first.address, shows=", ".join(shows[:20]))
    known = {each.page for each in articles}
    citing = () if is_whole else _citing(api, spoken)
    yield from arrivals_of(articles, [each for each in citing if each.page not in known])
    yield from left


def _routes_of(api: Api, address: str, page: WebPage) -> list[Route]:
    """Find which posts an address of the site shows. Raises ReaderError if the API knows none."""
    for rel, kind, place in page.relations:
        if rel == "alternate" and kind == "application/json" and place.startswith(api.root):
            route = place.removeprefix(api.root)
            base, _slash, number = route.rpartition("/")
            taxonomy = base.rpartition("/")[2]
            return api.of_term(taxonomy, number) if taxonomy in api.taxonomies else [Route(route)]
    slug = urlsplit(address).path.rstrip("/").rpartition("/")[2]
    found = _by_class(api, set(page.body_class.split()))
    if not found and slug:
        found = [Route(api.types[slug])] if slug in api.types else _by_slug(api, slug)
    if found:
        return found
    raise ReaderError(_("{address} : aucun article du site n’y paraît", address=address))


def _by_class(api: Api, names: set[str]) -> list[Route]:
    """Read from the body of a page which archive, post or term it shows."""

    def number_of(kind: str) -> str:  # as `term-12`
        found = (each.removeprefix(f"{kind}-") for each in names if each.startswith(f"{kind}-"))
        return next(filter(str.isdecimal, found), "")

    for kind, route in api.types.items():
        if f"post-type-archive-{kind}" in names:
            return [Route(route)]
        is_single = f"single-{kind}" in names or (kind == "page" and "page" in names)
        number = number_of("page-id" if kind == "page" else "postid")
        if is_single and number:
            return [Route(f"{route}/{number}")]
    for taxonomy in api.taxonomies:
        name = OLD_NAMES.get(taxonomy, taxonomy)
        is_own = f"tax-{name}" in names
        number = number_of("term" if is_own else name)
        if number and (is_own or name in names):
            return api.of_term(taxonomy, number)
    return []


def _by_slug(api: Api, slug: str) -> list[Route]:
    for taxonomy in api.taxonomies:
        if number := api.number_of(f"wp/v2/{taxonomy}", slug):
            return api.of_term(taxonomy, number)
    for route in api.types.values():
        if number := api.number_of(route, slug):
            return [Route(f"{route}/{number}")]
    return []


@dataclass
class _RouteReader:
    api: Api
    route: Route
    articles: list[Article] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    total: int = 0  # posts that the site says it has
    failures: int = 0  # one after the other

    def read_pages(self) -> None:
        for number in range(1, MOST_PAGES + 1):
            self._read_page(0, number)
            if self.failures >= MOST_FAILURES or number * SIZES[0] >= self.total:
                return

    def _read_page(self, step: int, number: int) -> None:
        """Read a page of posts; one that fails is read in ten smaller ones, down to one post."""
        size, path = str(SIZES[step]), self.route.path
        asked = {"per_page": size, "page": str(number), "orderby": "date", "order": "asc"}
        try:
            answer = self.api.ask(path, **asked | dict(self.route.asked), _embed="1")
            self.articles += read_in_child(read_posts, answer).articles
            self.total = max(self.total, whole_number(answer.headers.get("X-WP-Total"), 8))
            self.failures = 0
        except RadioError as error:
            self.failures += 1
            if step + 1 == len(SIZES) or self.failures >= MOST_FAILURES:
                address = self.api.address(path, per_page=size, page=str(number))
                self.left.append(Left(address, str(error), hides=True))
                return
            for smaller in range((number - 1) * 10 + 1, number * 10 + 1):
                is_past = self.total and (smaller - 1) * SIZES[step + 1] >= self.total
                if self.failures < MOST_FAILURES and not is_past:
                    self._read_page(step + 1, smaller)


def _read(api: Api, routes: list[Route]) -> tuple[list[Article], list[Left]]:
    """Read all posts of some routes, with what their pages alone show."""
    articles, left = list[Article](), list[Left]()
    for route in routes:
        found = _RouteReader(api, route)
        if route.is_one:
            found.articles += api.posts(route.path)
        else:
            found.read_pages()
            if not found.articles and found.left:
                raise ReaderError(found.left[0].reason)
        if len(found.articles) < found.total:
            message = _("%s : articles lus : %d sur %d")
            log.warning(message, api.address(route.path), len(found.articles), found.total)
        articles += found.articles
        left += found.left
    recordings = dict(_podlove_recordings(api, articles))
    shown, vain = list[Article](), 0
    for article in articles:
        each = replace(article, sounds=recordings.get(article.number_there, article.sounds))
        has_sound = each.sounds or each.elsewhere or each.is_protected
        if has_sound or each.kind == "page" or (each.kind == "post" and vain >= MOST_VAIN):
            shown.append(each)
        else:
            found_there = _shown(api, each)
            vain = vain + 1 if found_there == [each] else 0
            shown += found_there
    # What many pages show belongs to the site, not to an article.
    times = Counter(place for each in shown for place in {sound.place for sound in each.sounds})
    rare = (tuple(one for one in each.sounds if times[one.place] < COMMON) for each in shown)
    return [replace(each, sounds=own) for each, own in zip(shown, rare, strict=True)], left


def _shown(api: Api, article: Article) -> list[Article]:
    """Give an article with the recordings that its page shows: one of each of its parts."""
    try:
        time.sleep(PAUSE)
        answer = api.web.read(article.page, LARGEST)
        parts = read_in_child(pages.read, answer).articles if answer.status == 200 else ()
    except RadioError as error:
        log.warning("%s", error)
        return [article]
    if len(parts) < 2:
        found = parts[0] if parts else article
        return [replace(article, sounds=found.sounds, elsewhere=found.elsewhere)]
    about: dict[str, Any] = {
        "tags": article.tags,
        "shows": article.shows,
        "producers": article.producers,
    }
    own = list[Article]()
    for number, part in enumerate(parts, 1):
        page = part.page if part.page != article.page else f"{part.page}#{number}"
        own.append(replace(part, page=page, **about))
    return own


def _citing(api: Api, spoken: list[Article]) -> Iterator[Article]:
    """Find articles that may cite some: by a search for each, or for many among all posts."""
    if len(spoken) > MOST_SEARCHED:
        every = _RouteReader(api, Route(POSTS))
        every.read_pages()
        yield from every.articles
        return
    for each in spoken:
        slug = urlsplit(each.page).path.rstrip("/").rpartition("/")[2]
        with warned():
            yield from api.posts(POSTS, search=slug or f"?p={each.number_there}", per_page="20")


def _podlove_recordings(
    api: Api, articles: list[Article]
) -> Iterator[tuple[int, tuple[LinkedSound, ...]]]:
    """Give what Podlove Publisher keeps, by the numbers of the posts without a recording."""
    wanted = {each.number_there for each in articles if each.kind == PODCAST and not each.sounds}
    try:
        listed = as_list(api.value(PODLOVE).get("results")) if wanted else []
    except RadioError as error:
        log.warning(_("%s ; seuls les articles sont lus"), error)
        return
    for each in listed[:MOST_EPISODES]:
        with warned():
            number = whole_number(as_dict(each).get("id"), 10)
            about = api.value(f"{PODLOVE}/{number}") if number else {}
            if (post := whole_number(about.get("post_id"), 10)) in wanted:
                urls = (str(as_dict(file).get("url", "")) for file in as_list(about.get("audio")))
                sounds = (LinkedSound(place, player=0) for place in map(whole, urls) if place)
                yield post, tuple(distinct(sounds))


MOST = 500  # links, terms or recordings of a post
DEEPEST = 6  # values within values
# Fields without a recording; others, which plugins add, may have one.
WELL_KNOWN = {"content", "excerpt", "title", "guid", "link", "_links", "_embedded", "class_list"}
NOTHING_TOLD = {"uncategorized", "non-classe", "sans-categorie"}
KINDS = {  # what taxonomies are about, by their names
    "people": re.compile(
        "(?i)invit|guest|people|personne|speaker|intervenant|animat|presentat|contribut"
    ),
    "producers": re.compile("(?i)collecti[fv]|produc"),
    "shows": re.compile("(?i)^(?:series|s[ée]rie|.*[ée]missions?|shows?|programm?e?s?|podcasts?)$"),
    "tags": re.compile(""),
}


@dataclass(frozen=True)
class Posts:
    """The articles of an answer."""

    articles: tuple[Article, ...] = ()


def read_posts(content: bytes, address: str, _charset: str = "") -> Posts:
    """Read the posts of an answer; one that can't be read is marked so. Raises ReaderError."""
    answer, found = parse_json(content, address), list[Article]()
    for post in answer if isinstance(answer, list) else [answer]:
        if isinstance(post, dict) and post.get("id") and "title" in post:
            try:
                found.append(read_post(post, address))
            except Exception:  # noqa: BLE001  a hostile text may lead parsers to any error
                page = sound.whole(as_text(post.get("link"))) or address
                found.append(Article(page, is_unreadable=True))
    return Posts(tuple(found))


def read_post(post: dict[str, Any], base: str) -> Article:
    """Make an article of a post."""
    page, content = sound.whole(as_text(post.get("link"))) or base, as_text(post.get("content"))
    found = scan(content, page)
    unrendered = sound.sounds_in_shortcodes(content, page)
    sounds = sound.distinct((*_fields(post), *found.sounds, *unrendered))
    frames = list(filter(None, map(sound.elsewhere, found.frames)))
    if not sounds and not frames:
        frames = list(filter(None, map(sound.elsewhere, found.links)))
    terms, meta = _terms(post), as_dict(post.get("meta"))
    dates = (as_text(post.get(name)) for name in ("date", "date_gmt"))  # where the site is, first
    return Article(
        page,
        words(as_text(post.get("title"))),
        guid=html.unescape(as_text(post.get("guid"))),
        day=next(filter(None, map(read_posted, dates)), None),
        text=markdown(content, page),
        sounds=tuple(sounds[:MOST]),
        elsewhere=tuple(dict.fromkeys(frames))[:MOST],
        links=tuple(dict.fromkeys(found.links))[:MOST],
        picture=_picture(post),
        tags=tuple(terms["tags"]),
        people=tuple(terms["people"]),
        producers=tuple(terms["producers"]),
        shows=tuple(terms["shows"]),
        season=_number(meta, "itunes_season_number", "season_number", "season"),
        number=_number(meta, "itunes_episode_number", "episode_number", "number"),
        kind=as_text(post.get("type")),
        number_there=_number(post, "id") or 0,
        is_protected=bool(as_dict(post.get("content")).get("protected")),
    )


def _fields(post: dict[str, Any]) -> Iterator[sound.LinkedSound]:
    """Find the recordings that plugins keep in fields: SSP, PowerPress, ACF, Podlove and others."""
    meta = as_dict(post.get("meta"))
    for value in (meta.get("audio_file"), meta.get("enclosure"), post.get("enclosure")):
        for each in value if isinstance(value, list) else [value]:
            first = (as_text(each).strip().splitlines() or [""])[0]  # then size, type and more
            if place := sound.whole(first):
                yield sound.LinkedSound(place)
    yield from _within([value for name, value in post.items() if name not in WELL_KNOWN], DEEPEST)


def _within(value: object, depth: int) -> Iterator[sound.LinkedSound]:
    if isinstance(value, str) and sound.is_sound(value) and sound.whole(value):
        yield sound.LinkedSound(value)
    elif isinstance(value, dict | list) and depth:
        about = as_dict(value)
        kind, place = about.get("mime_type") or about.get("mimeType"), as_text(about.get("url"))
        if as_text(kind).startswith("audio/") and sound.whole(place):
            yield sound.LinkedSound(place)
        for each in list(about.values() or as_list(value))[:MOST]:
            yield from _within(each, depth - 1)


def _terms(post: dict[str, Any]) -> dict[str, list[str]]:
    """Give the names of the terms of a post, by what their taxonomy is about."""
    groups = as_list(as_dict(post.get("_embedded")).get("wp:term"))
    found: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for term in [as_dict(term) for group in groups for term in as_list(group)][:MOST]:
        name, taxonomy = words(as_text(term.get("name"))), as_text(term.get("taxonomy"))
        is_idle = as_text(term.get("slug")) in NOTHING_TOLD or taxonomy == "post_format"
        if name and not is_idle:
            found[next(kind for kind, form in KINDS.items() if form.search(taxonomy))].append(name)
    return found


def _picture(post: dict[str, Any]) -> str:
    media = as_list(as_dict(post.get("_embedded")).get("wp:featuredmedia"))
    own = [post.get(f"episode_{name}_image") for name in ("featured", "player")]
    places = [*(as_dict(each).get("source_url") for each in media[:1]), *own]
    return next(filter(sound.whole, map(as_text, places)), "")


def _number(meta: dict[str, Any], *names: str) -> int | None:
    return next(filter(None, (whole_number(meta.get(name), 10) for name in names)), None)
