"""All that the site of an archive answers."""

import contextlib
from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from werkzeug.exceptions import HTTPException

from radio.archive import Archive
from radio.search import Index
from radio.web.site import create_app
from tests.answers.addresses import addresses
from tests.answers.record import Record
from tests.answers.written import told

SITE = "https://radio.example"
CONDITIONS: list[tuple[str, str, dict[str, str]]] = [
    ("POST", "/", {}),
    ("HEAD", "/feed.xml", {}),
    ("GET", "/help", {"Accept-Language": "en"}),
    ("GET", "/media/{}.mp3", {"Range": "bytes=10-19"}),
    ("GET", "/media/{}.mp3", {"Range": "bytes=99999999-"}),
    ("GET", "/opensearch.xml", {"Host": "elsewhere.example"}),
    ("GET", "/feed.xml", {"If-None-Match": "*"}),
]
"""What is asked otherwise than by an address alone."""

FRAMED = {"/", "/?lang=en", "/search", "/shows/bonjour/", "/nothing"}
"""Pages that are written with what stands around each: elsewhere it would be the same again."""


class Answers:
    """What the site answers for some episodes and shows, by file and address."""

    def __init__(self, archive: Archive, keys: Sequence[str], *, is_hostile: bool = False):
        index = Index(archive)
        index.refresh()
        self._root, self._conditions = archive.root, [] if is_hostile else CONDITIONS
        self._first, shows = keys[0], [show.slug for show in archive.shows()]
        self.asked = list(addresses(keys, shows, is_hostile=is_hostile))
        self.app = create_app(archive, index, base_url=SITE)

    def all(self) -> Record:
        found: Record = defaultdict(dict)
        for name, address in self.asked:
            found[name][f"GET {address}"] = self._ask(address, with_frame=address in FRAMED)
        for method, form, headers in self._conditions:
            address = form.format(self._first)
            given = "".join(f" ({name}: {value})" for name, value in headers.items())
            answer = self._ask(address, method=method, headers=headers)
            found["wrong"][f"{method} {address}{given}"] = answer
        return found

    def _ask(self, address: str, *, with_frame: bool = False, **how: Any) -> str:
        path = quote(address, safe="/?&=:%,")
        response = self.app.test_client().open(path, base_url=SITE, **how)
        return told(response, self._root, with_frame=with_frame)


def unasked(answers: Answers) -> set[str]:
    app, seen = answers.app, {"static"}
    match = app.url_map.bind("radio.example")
    for _, address in answers.asked:
        with app.app_context(), contextlib.suppress(HTTPException):
            seen.add(str(match.match(urlsplit(address).path)[0]))
    rules = (rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()))
    return {rule.endpoint for rule in rules if not rule.endpoint.startswith("desk.")} - seen
