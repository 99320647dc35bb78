"""An item of archive.org, or all that a collection or a search there holds, by its public JSON.

Of each recording one file is taken: that which was uploaded, for the others were made of it; a copy
in another format only where we don't take that of the upload.
"""

import dataclasses
import json
import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urljoin, urlsplit

from radio.archive.episode import MIME, PICTURES, Link
from radio.ingest.description import Arrival, Day, Description
from radio.ingest.feed_page import FeedPage, Silent
from radio.ingest.richtext import markdown
from radio.system import records
from radio.system.connection.place import is_address
from radio.system.errors import ReaderError
from radio.system.messages import _
from radio.system.progress import Progress

SITE = "https://archive.org"
HOSTS = {"archive.org", "www.archive.org"}
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,100}")
BETTER = (".flac", ".wav")
TEXTS = (".vtt", ".srt", ".txt")
AT_ONCE = 1000  # items of a list
DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:T.*)?")

File = dict[str, Any]


@dataclass(frozen=True)
class Upload:
    """What lies together at archive.org."""

    name: str
    site: str
    about: dict[str, Any]
    files: list[File]
    chosen: list[File]  # those to take

    @property
    def page(self) -> str:
        """Tell the address at which people read of it."""
        return f"{self.site}/details/{self.name}"

    def place(self, file: str) -> str:
        """Tell the address of one of its files."""
        return f"{self.site}/download/{self.name}/{quote(file)}"


def item_of(address: str) -> str:
    """Tell the address of what is known of an item, from that of its page; else nothing."""
    parts = urlsplit(address)
    folders = parts.path.strip("/").split("/")
    is_item = (parts.hostname or "") in HOSTS and folders[0] in {"details", "embed", "metadata"}
    if not is_item or len(folders) < 2 or not NAME.fullmatch(folders[1]):
        return ""
    return f"{SITE}/metadata/{folders[1]}"


def search_of(address: str) -> str:
    """Tell the address of the list that a search gives, from that of its page; else nothing."""
    parts = urlsplit(address)
    is_search = (parts.hostname or "") in HOSTS and parts.path in {"/search", "/search.php"}
    query = parse_qs(parts.query).get("query", [""])[0] if is_search else ""
    return list_of(f"({query})") if query else ""


def list_of(query: str, cursor: str = "", site: str = "") -> str:
    """Make the address of the list of the recordings that a query finds."""
    asked = {"q": f"{query} AND mediatype:audio", "fields": "identifier", "count": AT_ONCE}
    more = {"cursor": cursor} if cursor else {}
    return f"{site or SITE}/services/search/v1/scrape?{urlencode(asked | more)}"


def extract(path: str, _progress: Progress, address: str, _charset: str) -> Any:
    """Read a file that holds what is known of an item, in a child: a `FeedPage` for JSON.

    That of a collection has its list as the next page. Raises ReaderError if it is something else.
    """
    return json.loads(records.render(read(Path(path).read_bytes(), address)))


def extract_names(path: str, _progress: Progress, address: str) -> Any:
    """Read a file that holds a list of items, in a child: their addresses, and that of the rest."""
    data = _parse(Path(path).read_bytes(), address)
    items = data.get("items")
    names = [_line(each, "identifier") for each in items if isinstance(each, dict)] if items else []
    asked = parse_qs(urlsplit(address).query).get("q", [""])[0].removesuffix(" AND mediatype:audio")
    cursor = _line(data, "cursor")
    site = _site(address)
    found = [f"{site}/metadata/{each}" for each in names if NAME.fullmatch(each)]
    return {"items": found, "next": list_of(asked, cursor, site) if cursor else ""}


def read(content: bytes, address: str) -> FeedPage:
    """Read what is known of an item.

    Raises ReaderError if there is none.
    """
    data = _parse(content, address)
    about = data.get("metadata")
    if not isinstance(about, dict):
        raise ReaderError(_("{address}: no such item at archive.org").format(address=address))
    name = _line(about, "identifier") or posixpath.basename(urlsplit(address).path)
    title, site = _line(about, "title"), _site(address)
    if _line(about, "mediatype") == "collection":
        return FeedPage(title, next=list_of(f"collection:{name}", site=site))
    listed = data.get("files")
    files = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    chosen = _choose([each for each in files if str(each.get("private")) != "true"])
    item = Upload(name, site, about, files, chosen)
    silent = () if chosen else (Silent(item.page),)
    return FeedPage(title, arrivals=tuple(_arrivals(item)), silent=silent)


def _parse(content: bytes, address: str) -> dict[str, Any]:
    try:
        data = json.loads(content)
    except (ValueError, RecursionError) as error:
        told = _("{address}: not what archive.org answers ({error})")
        raise ReaderError(told.format(address=address, error=error)) from error
    return data if isinstance(data, dict) else {}


def _choose(files: list[File]) -> list[File]:
    """Choose one file for each recording: what was uploaded, else the best that was made of it."""
    by_stem: dict[str, list[File]] = {}
    for file in files:
        origin = _line(file, "original") or _line(file, "name")
        if _suffix(file) in MIME:
            by_stem.setdefault(posixpath.splitext(origin)[0], []).append(file)
    return [max(some, key=_worth) for _stem, some in sorted(by_stem.items())]


def _worth(file: File) -> tuple[bool, bool, int]:
    return _line(file, "source") == "original", _suffix(file) in BETTER, _size(file)


def _arrivals(item: Upload) -> Iterator[Arrival]:
    about, license_url = item.about, _line(item.about, "licenseurl")
    said = Description(
        day=_day(_line(about, "date")),
        text="\n\n".join(markdown(each, item.page) for each in _list(about, "description")),
        producers=tuple(_list(about, "creator")),
        tags=tuple(_subjects(about)),
        links=(Link(license_url, "Licence"),) if is_address(license_url) else (),
        page=item.page,
    )
    picture = next((item.place(_line(each, "name")) for each in _pictures(item.files)), "")
    for file in item.chosen:
        name, title = _line(file, "name"), _title(about, file, item.chosen)
        guid, place = f"{item.name}/{name}", item.place(name)
        yield Arrival(
            place=place,
            name=posixpath.basename(name),
            said=dataclasses.replace(said, title=title, url=place, guid=guid),
            size=_size(file),
            picture=picture,
            texts=tuple(item.place(each) for each in _texts(name, item.files)),
        )


def _title(about: dict[str, Any], file: File, chosen: list[File]) -> str:
    """Name a recording as its item, and one of several by its own title too."""
    whole, own = _line(about, "title"), _line(file, "title")
    if len(chosen) == 1:
        return whole or own
    own = own or posixpath.splitext(posixpath.basename(_line(file, "name")))[0]
    return own if not whole or whole in own else f"{whole} – {own}"


def _subjects(about: dict[str, Any]) -> dict[str, None]:
    found = (part.strip() for each in _list(about, "subject") for part in each.split(";"))
    return dict.fromkeys(filter(None, found))


def _pictures(files: Iterable[File]) -> Iterator[File]:
    for file in files:
        if _line(file, "source") == "original" and _suffix(file) in {*PICTURES, ".jpeg"}:
            yield file


def _texts(own: str, files: Iterable[File]) -> list[str]:
    """Find the texts that were uploaded under the name of a recording, the best first."""
    stem = posixpath.splitext(own)[0]
    names = {_line(file, "name") for file in files if _line(file, "source") == "original"}
    return [stem + suffix for suffix in TEXTS if stem + suffix in names]


def _day(text: str) -> Day | None:
    """Read a date of which the day, or the month, may be unknown.

    >>> _day("2019-03"), _day("[2019?]")
    (Day(date=datetime.date(2019, 3, 1), precision='month', is_sure=True), None)
    """
    match = DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day = (int(each or 0) for each in match.groups())
    try:
        return Day.of((year, month, day))
    except ValueError:
        return None


def _site(address: str) -> str:
    return urljoin(address, "/").rstrip("/")


def _suffix(file: File) -> str:
    return posixpath.splitext(_line(file, "name"))[1].lower()


def _size(file: File) -> int:
    digits = _line(file, "size")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 15 else 0


def _line(data: dict[str, Any], name: str) -> str:
    return next(iter(_list(data, name)), "")


def _list(data: dict[str, Any], name: str) -> list[str]:
    """Give the texts of a field, which holds one or several."""
    found = data.get(name)
    several = found if isinstance(found, list) else [found]
    return [str(each)[:200_000] for each in several if isinstance(each, str | int)]
