"""The audit: follows every link of a site and notes what it promises and does not keep."""

import contextlib
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import urldefrag

from radio.audit import policy, references
from radio.audit.addresses import Anchors, local, named, origin, read_site, resolve, resolved, shape
from radio.audit.references import PAGES, Content, Reference
from radio.audit.visitor import LIMITS, Limits, Reply, Visitor, hurried
from radio.system.connection.fetch import REDIRECTS
from radio.system.errors import NoAnswerError, RadioError, retold
from radio.system.messages import _
from radio.system.process import resident
from radio.system.progress import Progress, silent

Kind = (
    Literal["off-site request", "inline code", "cookie", "header"]
    | Literal["dead link", "dead anchor", "missing transcript"]
)


@dataclass(frozen=True, slots=True)
class Violation:
    """A promise that the site does not keep. `page` is the path and query where it was found;
    `what` an element, a header or a status, the same in each language."""

    kind: Kind
    page: str
    what: str


@dataclass(frozen=True)
class Audit:
    """The result for a site; a redirect is from and to, as path and query."""

    title: str
    address: str
    date: datetime  # UTC
    pages: int
    files: int
    recordings: int
    transcribed: int  # of the recordings
    redirects: tuple[tuple[str, str], ...]
    findings: tuple[Violation, ...]
    stopped: str = ""  # the limit at which it ended before the site did
    counting: int = 0  # pages whose player tells the site that it was begun


SITEMAP = "sitemap.xml"  # beside the first page


def audit(start: str, progress: Progress = silent, limits: Limits = LIMITS) -> Audit:
    """Crawl a site within limits, in the main thread. Raises RadioError if nothing answers."""
    date = datetime.now(UTC).replace(microsecond=0)
    crawl = _Crawl(read_site(start), limits)
    with contextlib.closing(crawl.visitor):
        crawl.begin()
        crawl.go_on(progress)
    return crawl.sum_up(date)


class _Crawl:
    """A walk through a site: what is still to be asked, what was seen, what was found."""

    def __init__(self, start: str, limits: Limits):
        self._start, self._site, self._limits = start, origin(start), limits
        self.visitor = Visitor(*self._site)
        self._began, self._memory = time.monotonic(), resident()
        self._stopped = ""  # the limit that was passed
        self._hops = dict[str, int]()  # how many redirects led to an address
        self._todo = deque[tuple[str, str]]()  # addresses, each with the page that names it
        self._seen = {shape(start)}
        self._found = dict[Violation, None]()  # in order
        self._anchors = Anchors()
        self._redirects = list[tuple[str, str]]()
        self._recordings = dict[str, str | None]()  # the page of those without a transcript
        self._compared = set[bool]()  # whether the ETag of a page, of a file was looked at
        self._title = ""
        self._pages = self._files = self._counting = 0

    def begin(self) -> None:
        start = self._start
        message = _("{start} : pas de réponse ({error}) ; le site tourne-t-il ?")
        with retold(message, NoAnswerError, by=RadioError, start=start):
            answer = self.visitor.ask(start)
        if answer.status >= 400:
            message = _("{start} : répond {status} ; est-ce bien l’adresse du site ?")
            raise RadioError(message, start=start, status=answer.status)
        target = _target(start, answer)
        if target and origin(target) != self._site:
            message = _("{start} : renvoie vers {target} ; examinez cette adresse-là")
            raise RadioError(message, start=start, target=target)
        self._take(start, answer, local(start))
        sitemap = resolve(target or start, SITEMAP)
        if sitemap and shape(sitemap) not in self._seen:  # it need not be there
            self._seen.add(shape(sitemap))
            with contextlib.suppress(NoAnswerError):
                answer = self.visitor.ask(sitemap)
                if answer.status < 400:
                    self._take(sitemap, answer, local(sitemap))

    def go_on(self, progress: Progress) -> None:
        done, share = 0, 0.0
        while self._todo and not self._stopped:
            address, page = self._todo.popleft()
            try:
                self._take(address, self.visitor.ask(address), page)
            except NoAnswerError as error:
                self._find("dead link", page, f"{local(address)} → {error}")
            seconds, memory = time.monotonic() - self._began, resident() - self._memory
            counts = len(self._seen), len(self._found)
            self._stopped = self._limits.passed(*counts, seconds, memory)
            done += 1
            share = max(share, done / (done + len(self._todo)))  # what is known grows
            progress(share)

    def sum_up(self, date: datetime) -> Audit:
        for place, page in self._anchors.missing():
            self._find("dead anchor", page, f"#{place}")
        silent = {each: page for each, page in self._recordings.items() if page is not None}
        for recording, page in silent.items():
            self._find("missing transcript", page, recording)
        return Audit(
            title=" ".join(self._title.split()),
            address=self._start,
            date=date,
            pages=self._pages,
            files=self._files,
            recordings=len(self._recordings),
            transcribed=len(self._recordings) - len(silent),
            redirects=tuple(self._redirects),
            findings=tuple(self._found),
            stopped=self._stopped,
            counting=self._counting,
        )

    def _take(self, address: str, answer: Reply, page: str) -> None:
        """Examine an answer; `page` is the one that named its address."""
        here, is_page = local(address), answer.mime in PAGES
        for cookie in answer.headers.get_all("Set-Cookie", []):
            self._find("cookie", here, f"Set-Cookie: {cookie.partition('=')[0]}")
        self._follow(address, here, references.in_headers(answer.headers))
        if answer.status in REDIRECTS:
            self._redirect(address, answer, page)
            return
        if answer.status >= 300:
            self._find("dead link", page, f"{here} → {answer.status}")
            return
        self._pages += is_page
        self._files += not is_page
        self._find("header", here, *policy.faults(answer.headers, answer.mime, is_page=is_page))
        self._compare(address, answer)
        try:
            with hurried(self._limits.reading):
                self._read(address, answer)
        except NoAnswerError as error:
            self._find("dead link", here, f"{here} → {error}")

    def _redirect(self, address: str, answer: Reply, page: str) -> None:
        target, here, hops = _target(address, answer), local(address), self._hops
        if target is None:
            self._find("dead link", page, f"{here} → {answer.status}")
        elif origin(target) != self._site:
            self._find("off-site request", page, f"{here} → {target}")
        elif self._anchors.at(shape(target)) == shape(address):
            self._find("dead link", page, f"{here} → {answer.status} {local(target)} → {here}")
        elif hops.get(shape(address), 0) >= self._limits.redirects:
            self._find("dead link", page, f"{here} → > {self._limits.redirects} → {local(target)}")
        else:
            hops[shape(target)] = hops.get(shape(address), 0) + 1
            self._redirects.append((here, local(target)))
            self._anchors.move(shape(address), shape(target))
            self._plan(target, page)

    def _read(self, address: str, answer: Reply) -> None:
        here, found, base = local(address), references.read(answer.mime, answer.text), address
        self._find("inline code", here, *sorted(found.inline))
        if not all(policy.admits(answer.headers, style) for style in found.styles):
            self._find("inline code", here, "<style>")
        self._find("header", here, *sorted(found.leaks))
        if found.sets_cookies:
            self._find("cookie", here, "document.cookie")
        if answer.mime in PAGES:
            self._title = self._title or found.title
            self._counting += found.counts
            self._anchors.know(shape(address), found.ids)
            base = resolved(address, found.base) or address
            self._hear(base, here, found)
        self._follow(base, here, found.references)

    def _follow(self, base: str, page: str, found: Iterable[Reference]) -> None:
        """Note what is loaded from elsewhere, and plan to ask for what is on the site."""
        for each in found:
            try:
                address = resolve(base, each.address)
            except ValueError:
                self._find("dead link", page, f"{each.how} {each.address}")
                continue
            if address is None or len(self._seen) > self._limits.addresses:
                continue
            if len(address) > self._limits.length:
                self._find("dead link", page, f"{each.how} {address[: self._limits.length]}")
            elif origin(address) != self._site:
                if each.loaded:
                    self._find("off-site request", page, f"{each.how} {address}")
            elif each.followed:
                self._plan(address, page, wants_place=not each.loaded)

    def _plan(self, address: str, page: str, *, wants_place: bool = False) -> None:
        """Plan to visit an address, first if a place on it is looked for."""
        address, fragment = urldefrag(address)
        place, known = named(fragment) if wants_place else "", shape(address)
        if place:
            self._anchors.want(known, place, page)
        if known not in self._seen:
            self._seen.add(known)
            (self._todo.appendleft if place else self._todo.append)((address, page))

    def _hear(self, base: str, here: str, page: Content) -> None:
        """Note the recordings of a page; a transcript counts only for a single one."""
        addresses = (resolved(base, each) or each for each in page.recordings)
        names = {local(urldefrag(address)[0]) for address in addresses}
        if page.has_transcript and len(names) == 1:
            self._recordings[names.pop()] = None
        for name in names:
            self._recordings.setdefault(name, here)

    def _compare(self, address: str, answer: Reply) -> None:
        """Ask a page and a file again: an ETag made for each visit would identify a reader."""
        of_page = answer.mime in PAGES
        if "ETag" not in answer.headers or of_page in self._compared:
            return
        self._compared.add(of_page)
        with contextlib.suppress(NoAnswerError):
            again = self.visitor.ask(address).headers.get("ETag")
            if again != answer.headers["ETag"]:
                self._find("header", local(address), f"ETag: {answer.headers['ETag']} ≠ {again}")

    def _find(self, kind: Kind, page: str, *what: str) -> None:
        self._found |= {Violation(kind, page, each): None for each in what}


def _target(address: str, answer: Reply) -> str | None:
    if answer.status not in REDIRECTS or "Location" not in answer.headers:
        return None
    return resolved(address, answer.headers["Location"])
