"""The web, read as a stranger: an address, with limits of size, time and reach."""

import contextlib
import math
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPResponse
from pathlib import Path

from radio.system.connection.download import BLOCK, PLAIN, STEP_WAIT, Download, require_whole
from radio.system.connection.place import Place, follow, read_place
from radio.system.connection.wire import Wire, dial_of
from radio.system.errors import NoAnswerError, RefusedError
from radio.system.messages import _
from radio.system.progress import Progress, silent

NAME = "radio-archive"
LARGEST = 16 << 20  # bytes of a page or a feed, once it is opened
LONGEST = 60.0  # seconds for all of it, with its redirects and tries
MOST_HOPS = 5
REDIRECTS = {301, 302, 303, 307, 308}
TOLD = {304, 404, 410}  # no error of ours: unchanged, not there, gone
BUSY = {408, 425, 429}  # asked again, as after errors of the server (500 and more)
PAUSES = (2.0, 10.0)  # seconds before the second and the third try
LONGEST_PAUSE = 60.0  # seconds, whatever a site asks for
NONE: Mapping[str, str] = {}
GZIP, GZIP_WINDOW = b"\x1f\x8b", 16 + zlib.MAX_WBITS


@dataclass(frozen=True)
class Answer:
    """What the web answered."""

    address: str  # after the redirects
    status: int  # 200, or one of TOLD
    headers: Message
    content: bytes = b""


class Web(contextlib.AbstractContextManager["Web"]):
    """The web in one run: it remembers only the connection to the last site. `RADIO_ALLOW_HOSTS`
    names hosts that may be asked though not public, `RADIO_PROXY` a SOCKS proxy; an address that a
    keeper `typed` may be local too. Failures are tried again after `pauses` (seconds). No cookie,
    referrer or password is ever sent. Raises RefusedError if the proxy is none."""

    def __init__(self, name: str = NAME, typed: str = "", pauses: tuple[float, ...] | None = None):
        self._name, self._pauses = name, PAUSES if pauses is None else pauses
        self._dial = dial_of(typed=read_place(typed).host if typed else "")
        self._wire: Wire | None = None
        self._site = ("", "", 0)  # of the wire

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Hang up."""
        if self._wire:
            self._wire.close()

    def read(
        self,
        address: str,
        limit: int = LARGEST,
        seconds: float = LONGEST,
        headers: Mapping[str, str] = NONE,
        is_enough: Callable[[bytes], bool] = lambda _: False,
    ) -> Answer:
        """Read an address: at most `limit` bytes, gzip opened, in `seconds`; it stops early if the
        first bytes are `is_enough`. Raises RefusedError if it may not be asked, is larger or
        denied; NoAnswerError if it fails time after time."""
        place, until = read_place(address), time.monotonic() + seconds
        wanted = {"Accept-Encoding": "gzip", **headers}

        def attempt() -> Answer:
            with self._open(place, wanted, until) as (there, _wire, response):
                content = read_content(response, limit, is_enough) if _is_given(response) else b""
                return Answer(there.url, response.status, response.headers, content)

        return self._tried(place, until, attempt)

    def download(self, address: str, part: Path, progress: Progress = silent) -> Answer:
        """Download a file of any length into `part`, from where it was cut before, or anew if it
        changed. If that fails, `part` stays, with a note beside it. The answer has no content.
        Raises RefusedError and NoAnswerError as `read`, ArchiveError if the disk refuses."""
        place = read_place(address)

        def attempt() -> Answer:
            begun = Download(place.url, part)
            until = time.monotonic() + STEP_WAIT
            with self._open(place, begun.wanted, until) as (there, wire, response):
                if not _is_given(response, *begun.statuses):
                    return Answer(there.url, response.status, response.headers)
                begun.receive(response, wire, progress)
                return Answer(there.url, 200, response.headers)

        return self._tried(place, math.inf, attempt)

    def _tried(self, place: Place, until: float, attempt: Callable[[], Answer]) -> Answer:
        """Try again after each pause, as long as that may help; name the address that fails."""
        for pause in (*self._pauses, None):
            try:
                return attempt()
            except RefusedError as error:
                raise RefusedError(_("{place} : {error}", place=place.url, error=error)) from error
            except NoAnswerError as error:
                wait = max(pause or 0.0, error.wait if isinstance(error, _BusyError) else 0.0)
                if pause is None or time.monotonic() + wait > until:
                    message = _("{address} : {error} ; réessayez plus tard")
                    raise NoAnswerError(message, address=place.url, error=error) from error
                time.sleep(wait)
        raise AssertionError

    @contextlib.contextmanager
    def _open(
        self, place: Place, headers: Mapping[str, str], until: float
    ) -> Iterator[tuple[Place, Wire, HTTPResponse]]:
        """Ask for a place, and for those that it redirects to; each is judged anew."""
        seen = {place.url}
        while len(seen) <= MOST_HOPS + 1:
            site = (place.scheme, place.host, place.port)
            if self._wire is None or site != self._site:
                self.close()
                self._wire, self._site = Wire(*site, self._name, self._dial), site
            wire, left = self._wire, until - time.monotonic()
            with wire.ask(place.target, headers, max(0.1, left)) as response:
                location = response.headers.get("Location")
                if not location or response.status not in REDIRECTS:
                    yield place, wire, response
                    return
            place = follow(place, location)
            if place.url in seen:
                raise RefusedError(_("redirige en boucle, par {target}", target=place.url))
            seen.add(place.url)
        raise RefusedError(_("renvoie ailleurs plus de {most} fois", most=MOST_HOPS))


class _BusyError(NoAnswerError):
    """A site that asks to wait."""

    def __init__(self, status: int, wait: float):
        super().__init__(_("répond {status}", status=status))
        self.wait = wait  # seconds


def _is_given(response: HTTPResponse, *statuses: int) -> bool:
    """Whether an answer brings what was asked for; False for one of TOLD. Raises NoAnswerError if
    the site is busy or broken, RefusedError if it denies."""
    status = response.status
    if status in (200, *statuses):
        return True
    if status in TOLD:
        return False
    if status in BUSY or status >= 500:
        asked = response.headers.get("Retry-After", "0").strip()  # a date counts as long
        wait = float(asked[:9]) if asked.isascii() and asked.isdigit() else LONGEST_PAUSE
        raise _BusyError(status, min(LONGEST_PAUSE, wait))
    message = _("répond {status} ; ouvrez l’adresse dans un navigateur pour voir pourquoi")
    raise RefusedError(message, status=status)


def read_content(response: HTTPResponse, limit: int, is_enough: Callable[[bytes], bool]) -> bytes:
    """Read an answer of at most `limit` bytes, gzip opened, or less if its first bytes are
    `is_enough`. Raises RefusedError if it is larger or packed otherwise, NoAnswerError if cut."""
    packing = response.headers.get("Content-Encoding", "").strip().lower()
    if packing not in PLAIN | {"gzip", "x-gzip"}:
        raise RefusedError(_("compressé en {packing!r:.40}", packing=packing))
    begun = response.read1(BLOCK)
    if is_enough(begun):
        return begun
    sent = _sent(response, limit, begun)
    content = b"".join(sent if packing in PLAIN else _opened(sent, limit))
    if not content:  # as where the headers were cut
        raise NoAnswerError(_("réponse vide"))
    return content


def unpacked(content: bytes, limit: int) -> bytes:
    """Open a gzip file, as `sitemap.xml.gz`; any other stays as it is. Raises RefusedError if it
    holds more than `limit` bytes, NoAnswerError if it is cut."""
    return b"".join(_opened(iter([content]), limit)) if content.startswith(GZIP) else content


def _sent(response: HTTPResponse, limit: int, block: bytes) -> Iterator[bytes]:
    _require(len(block) + (response.length or 0), limit)
    size = 0
    while block:
        size += len(block)
        _require(size, limit)
        yield block
        block = response.read1(BLOCK)
    require_whole(response)


def _opened(sent: Iterator[bytes], limit: int) -> Iterator[bytes]:
    """Open gzip, of one member or several, block by block: a bomb is never opened whole."""
    member, size = zlib.decompressobj(GZIP_WINDOW), 0
    try:
        for each in sent:
            block = each
            while block:
                if member.eof:
                    if not block.startswith(GZIP):
                        break  # what is padded after the end
                    member = zlib.decompressobj(GZIP_WINDOW)
                opened = member.decompress(block, limit - size + 1)
                size += len(opened)
                _require(size, limit)
                yield opened
                block = member.unused_data
    except zlib.error as error:
        raise NoAnswerError(_("gzip abîmé")) from error
    if not member.eof:
        raise NoAnswerError(_("gzip coupé"))


def _require(size: int, limit: int) -> None:
    if size > limit:
        raise RefusedError(_("dépasse {limit} ko", limit=limit // 1000))
