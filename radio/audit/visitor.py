"""Visits the addresses of a site as a stranger: no cookie, nothing followed, within limits."""

import contextlib
import http.client
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from types import FrameType
from urllib.parse import urlsplit

from radio.audit.addresses import local
from radio.system.connection.wire import Wire, dial_of
from radio.system.errors import NoAnswerError

NAME = "radio-audit"
LARGEST = 8 << 20  # bytes of a page, script or style sheet
SMALL = 64 << 10  # bytes that are read to keep a connection
BLOCK = 64 << 10
LONGEST = 120.0  # seconds for a whole answer
FIRST_BYTE = {  # endings of what is not read: one byte tells whether it is there
    *("mp3", "m4a", "mp4", "ogg", "oga", "opus", "flac", "wav", "aac", "webm", "ogv"),
    *("png", "jpg", "jpeg", "gif", "webp", "avif", "ico", "woff", "woff2", "ttf", "otf"),
    *("vtt", "srt", "txt", "csv", "bib", "json", "m3u", "zip", "gz", "pdf", "epub"),
}
TEXTS = {
    *("text/html", "application/xhtml+xml", "text/css", "text/javascript"),
    *("application/javascript", "application/json", "application/manifest+json"),
    *("text/xml", "application/xml", "text/plain"),
}


@dataclass(frozen=True)
class Limits:
    """What ends an audit, or one page of it."""

    addresses: int = 200_000
    redirects: int = 20  # one after the other
    findings: int = 10_000
    length: int = 4096  # characters of an address
    seconds: float = 6 * 3600.0
    reading: float = 10.0  # seconds of the processor for one page or file
    memory: int = 2 << 30  # bytes that the audit takes

    def passed(self, addresses: int, findings: int, seconds: float, memory: int) -> str:
        """Name the limit that an audit has passed, if any."""
        limits = {
            f"{self.addresses} addresses": addresses > self.addresses,
            f"{self.findings} findings": findings > self.findings,
            f"{self.seconds:.0f} s": seconds > self.seconds,
            f"{self.memory >> 20} MiB": memory > self.memory,
        }
        return next((name for name, is_passed in limits.items() if is_passed), "")


LIMITS = Limits()


@contextlib.contextmanager
def hurried(seconds: float) -> Iterator[None]:
    """Raise NoAnswerError after so many seconds of the processor; in the main thread alone."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise NoAnswerError(f"> {seconds:g} s")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@dataclass(frozen=True)
class Reply:
    """The answer of a site; the text only where it is worth reading."""

    status: int
    headers: Message
    text: str

    @property
    def mime(self) -> str:
        """The type of the content, without parameters."""
        return self.headers.get_content_type() if "Content-Type" in self.headers else ""


class Visitor:
    """Visits one site, one address after the other."""

    def __init__(self, scheme: str, host: str, port: int):
        self._wire = Wire(scheme, host, port, NAME, dial_of(typed=host))

    def ask(self, address: str) -> Reply:
        """Ask for an address; for the first byte of audio and the like. Raises NoAnswerError."""
        whole = urlsplit(address).path.rpartition(".")[2].lower() not in FIRST_BYTE
        headers = {} if whole else {"Range": "bytes=0-0"}
        with self._wire.ask(local(address), headers, LONGEST) as response:
            answer = Reply(response.status, response.headers, "")
            readable = answer.mime in TEXTS or answer.mime.endswith("+xml")
            if whole and readable and response.status < 300:
                return Reply(response.status, response.headers, self._text(response))
            if response.length is not None and response.length <= SMALL:
                response.read()
            return answer

    def certified_until(self) -> float | None:
        """Tell when the certificate of the site ends, in seconds since the epoch; None without."""
        return self._wire.certified_until()

    def close(self) -> None:
        """Close the connection."""
        self._wire.close()

    def _text(self, response: http.client.HTTPResponse) -> str:
        content = bytearray()
        while block := response.read1(BLOCK):
            content += block
            if len(content) > LARGEST:
                raise http.client.HTTPException(f"> {LARGEST >> 20} MiB")
        try:
            return content.decode(response.headers.get_content_charset("utf-8"), errors="replace")
        except LookupError:
            return content.decode(errors="replace")
