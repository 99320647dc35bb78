"""The REST API of WordPress: how it is asked, and which types and taxonomies it knows.

https://developer.wordpress.org/rest-api/
"""

import json
import re
import time
from functools import cached_property
from typing import Any
from urllib.parse import urlencode, urljoin

from radio.ingest.page import WebPage
from radio.ingest.reading import LARGEST
from radio.system.connection.fetch import Answer, Web
from radio.system.errors import RadioError, ReaderError
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
            raise ReaderError(_("{address}: there is nothing there").format(address=address))
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
            raise ReaderError(_("{address}: no list").format(address=self.address(route)))
        return found

    def _named(self, route: str) -> dict[str, dict[str, Any]]:
        """Read a list of types or taxonomies, each under its name."""
        found = self.value(route)
        return {name: each for name, each in found.items() if isinstance(each, dict)}


def _is_route(about: dict[str, Any]) -> bool:
    """Whether a type or taxonomy has a route of its own that can be asked as it is."""
    return bool(re.fullmatch(r"[\w/-]+", str(about.get("rest_base", ""))))


def _parse(answer: Answer) -> Any:
    try:
        return json.loads(answer.content)
    except (ValueError, RecursionError) as error:
        raise ReaderError(_("{address}: no JSON").format(address=answer.address)) from error
