"""Which posts of a WordPress site an address shows: all, a type, a term, one."""

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from radio.archive.slugs import slugify
from radio.ingest.page import WebPage
from radio.ingest.rest import Api
from radio.system.errors import RadioError, ReaderError
from radio.system.messages import _

OLD_NAMES = {"categories": "category", "tags": "tag"}
"""Taxonomies that the pages of a site name otherwise than its API."""


@dataclass(frozen=True)
class Route:
    """Posts of a site: a route of its API and what is asked of it."""

    path: str  # as `wp/v2/posts`, or `wp/v2/posts/198` for one
    asked: tuple[tuple[str, str], ...] = ()

    @property
    def is_one(self) -> bool:
        """Whether it is a single post."""
        return self.path.rpartition("/")[2].isdecimal()


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
                return self._of_route(place.removeprefix(self._api.root))
        found = self._by_class(page.body_class) or self._by_query(query)
        found = found or self._by_path(here.path)
        if found:
            return found
        told = _("{address}: no posts of the site are shown there")
        raise ReaderError(told.format(address=address))

    def _whole(self, names: Collection[str]) -> list[Route]:
        """Take what belongs to the show that is named, else all types."""
        slugs = {slugify(name) for name in names} - {""}
        own = [route for slug in sorted(slugs) for route in self._by_slug(slug)]
        self.is_whole = not own
        return own or [Route(route) for route in self._api.types.values()]

    def _of_route(self, route: str) -> list[Route]:
        """Take a post, or the posts of a term."""
        base, _slash, number = route.rpartition("/")
        taxonomy = base.rpartition("/")[2]
        is_term = taxonomy in self._api.taxonomies
        return self._of_term(taxonomy, number) if is_term else [Route(route)]

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
        """Find the term of a slug, else the post."""
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
