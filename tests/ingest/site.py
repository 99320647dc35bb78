"""A site on this machine that answers as it is told, and remembers what it was asked."""

import contextlib
import http.server
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from email.message import Message
from urllib.parse import unquote

from radio.archive.episode import Show
from radio.ingest import sources
from radio.ingest.description import Arrival
from radio.ingest.folders import Left
from radio.system.connection.fetch import Web

Page = bytes | tuple[int, dict[str, str], bytes]
"""A body, or a status with headers and body."""


@dataclass
class Site:
    """What it answers, by path and query; paths that are not there are asked of `otherwise`."""

    address: str = ""
    pages: dict[str, Page] = field(default_factory=dict)
    answers: dict[str, Callable[[Message], Page]] = field(default_factory=dict)  # by the headers
    otherwise: Callable[[str], Page] = lambda _path: (404, {}, b"")
    asked: list[tuple[str, Message]] = field(default_factory=list)  # paths, and what came with them

    @property
    def paths(self) -> list[str]:
        return [path for path, _headers in self.asked]


def found(web: Web, address: str, show: Show | None = None) -> tuple[list[Arrival], list[Left]]:
    return parted(sources.arrivals(web, address, show))


def parted(everything: Iterable[Arrival | Left]) -> tuple[list[Arrival], list[Left]]:
    some = list(everything)
    taken = [each for each in some if isinstance(each, Arrival)]
    return taken, [each for each in some if isinstance(each, Left)]


@contextlib.contextmanager
def serving() -> Iterator[Site]:
    site = Site()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append((self.path, self.headers))
            page = site.pages.get(self.path, site.pages.get(unquote(self.path)))
            if self.path in site.answers:
                page = site.answers[self.path](self.headers)
            page = site.otherwise(self.path) if page is None else page
            status, headers, body = page if isinstance(page, tuple) else (200, {}, page)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if "Content-Length" not in headers:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        site.address = f"http://127.0.0.1:{server.server_port}"
        yield site
        server.shutdown()
