"""Another instance of this program, asked for what it offers to everybody. A keeper typed its
address, so it may be local or an onion service; no answer leads to another site."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from http.client import HTTPResponse
from pathlib import Path
from urllib.parse import quote, urlsplit

from radio.mirror.manifest import End, Line, ListedFile, Withdrawal, read_line
from radio.system.checksums import hash_file
from radio.system.connection.wire import Wire, dial_of
from radio.system.disk import explained, stamp
from radio.system.errors import ArchiveError, NoAnswerError, retold
from radio.system.messages import _
from radio.system.progress import Progress

NAME = "radio-mirror"
LIST = "/fixity.jsonl"
LONGEST_LIST = 64 << 20  # bytes
LONGEST_WAIT = 1800.0  # seconds for the whole list
MOST_FAULTS = 1000  # lines that are wrong, until it is no list
LONGEST_LINE = 64 << 10  # bytes
BLOCK = 64 << 10  # bytes
SLOWEST = 2 << 10  # bytes of a file a second, over a whole answer
LEAST_WAIT = 120.0  # seconds for a file, however small
TRIES = 5  # for a file, each from where the last one was cut
CANONICAL = re.compile(r'<(https?://[^<>"\s@?#]+)/fixity\.jsonl>; rel="canonical"')
TOO_MANY = _("{url} : {most_faults} lignes fausses dans sa liste ; rien n’a été copié")


@dataclass(frozen=True)
class Offer:
    """What an instance offers."""

    address: str  # by which its pages are known, without a slash at its end
    entries: dict[str, ListedFile]  # by path
    withdrawals: list[Withdrawal]
    faults: list[ArchiveError]  # in its list


def read_address(text: str) -> str:
    """Read the address of a site. Raises ArchiveError if it is none.

    >>> read_address("HTTPS://Radio.example:8443/")
    'https://radio.example:8443'
    """
    text = text.strip()
    if not text.isprintable() or " " in text:
        message = _("{text!r:.300} : pas l’adresse d’un site ; donnez-la comme https://…")
        raise ArchiveError(message, text=text)
    message = _("{text} : {error} ; donnez l’adresse d’un site")
    with retold(message, ValueError, by=ArchiveError, text=text):
        parts = urlsplit(text)
        _port = parts.port  # raises what is wrong with it
    strange = parts.username or parts.password or parts.query or parts.fragment
    if parts.scheme not in ("http", "https") or not parts.hostname or strange:
        message = _("{text} : pas l’adresse d’un site ; donnez-la comme https://…")
        raise ArchiveError(message, text=text)
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path.rstrip('/')}"


class Original:
    """A site that is copied."""

    def __init__(self, url: str):
        parts = urlsplit(url)
        self.url, self._path = url, parts.path
        host = parts.hostname or ""
        self._wire = Wire(parts.scheme, host, parts.port, NAME, dial_of(typed=host))

    def close(self) -> None:
        """Close the connection."""
        self._wire.close()

    def read_offer(self) -> Offer:
        """Ask what there is. Raises NoAnswerError, or ArchiveError if the list is not whole."""
        offer = Offer(self.url, {}, [], [])
        with self._wire.ask(self._path + LIST, {}, LONGEST_WAIT) as response:
            _require(response, 200, self.url)
            if link := CANONICAL.fullmatch(response.headers.get("Link", "")):
                offer = replace(offer, address=link[1].rstrip("/"))
            for number, line in enumerate(_lines(response, self.url)):
                try:
                    each = read_line(line)
                    if each == End(number):
                        return offer
                    _take(each, offer)
                except ArchiveError as error:
                    fault = _("{place} : {error}", place=self.url, error=error)
                    offer.faults.append(ArchiveError(fault))
                    if len(offer.faults) == MOST_FAULTS:
                        raise ArchiveError(
                            TOO_MANY, url=self.url, most_faults=MOST_FAULTS
                        ) from error
        message = _(
            "{url} : pas de liste de fichiers complète ; est-ce bien une archive de radio ?"
        )
        raise ArchiveError(message, url=self.url)

    def fetch(self, entry: ListedFile, part: Path, progress: Progress) -> None:
        """Fetch a file into `part`, from where it was cut the last time, and verify it. Raises
        NoAnswerError if it is cut again and again, ArchiveError if it is not the offered file."""
        for _try in range(1 + part.exists()):  # what was begun may be of another file
            self._fetch(entry, part, progress)
            if hash_file(part) == entry.sha256:
                return
            part.unlink()
        message = _("{path} : ne correspond pas à son sha256 ; rien n’a été copié")
        raise ArchiveError(message, path=entry.path)

    def _fetch(self, entry: ListedFile, part: Path, progress: Progress) -> None:
        for left in reversed(range(TRIES)):
            try:
                self._go_on(entry, part, progress)
            except NoAnswerError:
                if not left:
                    raise
            else:
                return

    def _go_on(self, entry: ListedFile, part: Path, progress: Progress) -> None:
        """Ask for what is missing of a file; the ETag of each is its sha256."""
        have = stamp(part)[1]
        if part.exists() and have == entry.size:
            return
        if have > entry.size:
            part.unlink()
            have = 0
        headers = {"Range": f"bytes={have}-", "If-Range": f'"{entry.sha256}"'} if have else {}
        address, seconds = f"{self._path}/{quote(entry.path)}", (entry.size - have) / SLOWEST
        with self._wire.ask(address, headers, LEAST_WAIT + seconds) as response:
            if have and response.status == 200:  # it is another file now
                have = 0
            _require(response, 206 if have else 200, f"{self.url}/{entry.path}")
            promised = f"bytes {have}-{entry.size - 1}/{entry.size}"
            is_odd = have and response.headers.get("Content-Range") != promised
            if is_odd or response.headers.get("Content-Length", "") != str(entry.size - have):
                message = _("{path} : pas de la longueur que dit sa liste ; rien n’a été copié")
                raise ArchiveError(message, path=entry.path)
            with explained(part):
                file = part.open("ab" if have else "wb")
            with file:
                while block := response.read1(min(BLOCK, entry.size - have)):
                    with explained(part):
                        file.write(block)
                        file.flush()
                    have += len(block)
                    progress(have / entry.size)
        if have < entry.size:
            message = _("coupé après {have} octets sur {size}")
            raise NoAnswerError(message, have=have, size=entry.size)


def _require(response: HTTPResponse, status: int, url: str) -> None:
    if 300 <= response.status < 400:
        target = response.headers.get("Location", _("une autre adresse"))[:200]
        message = _("{url} : renvoie vers {target!r} ; donnez cette adresse-là")
        raise ArchiveError(message, url=url, target=target)
    if response.status != status:
        message = _("{url} : répond {status} ; est-ce bien l’adresse d’une archive ?")
        raise ArchiveError(message, url=url, status=response.status)


def _lines(response: HTTPResponse, url: str) -> Iterator[bytes]:
    size = 0
    while line := response.readline(LONGEST_LINE):
        size += len(line)
        if not line.endswith(b"\n") or size > LONGEST_LIST:
            message = _(
                "{url} : sa liste de fichiers est trop longue pour être vraie ; rien n’a été copié"
            )
            raise ArchiveError(message, url=url)
        yield line


def _take(each: Line, offer: Offer) -> None:
    if isinstance(each, Withdrawal):
        offer.withdrawals.append(each)
    elif isinstance(each, End):
        raise ArchiveError(_("sa liste de fichiers ne se compte pas elle-même ; laissée de côté"))
    elif offer.entries.setdefault(each.path, each) is not each:
        message = _("{path} : deux fois dans sa liste ; la première compte")
        raise ArchiveError(message, path=each.path)
