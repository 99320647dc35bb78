"""What visitors do with a page: read its words, follow its links, press its buttons."""

import re
from html.parser import HTMLParser

from werkzeug.test import TestResponse


def text(response: TestResponse) -> str:
    """The words of a page, without its tags."""
    return " ".join(re.sub(r"<[^>]*>", " ", response.text).split())


class Links(HTMLParser):
    """The addresses that a page names."""

    def __init__(self, page: str):
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in ("style", "iframe", "base")
        if ("rel", "schema.DC") in attrs:  # a name, which no browser asks for
            return
        self.found += [value or "" for name, value in attrs if name in ("href", "src", "action")]
