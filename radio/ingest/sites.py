"""Sites that list recordings in JSON of their own: audioblog.arteradio.com and archive.org. A blog
of audioblog is read by the JSON of its own pages: `/blog/<id>` has a list, fifty podcasts at a
time; `/embed/<id>` and `/blog/<id>/podcast/<id>` are one of them. Of archive.org an item comes in,
or all that a collection or a search holds. Of each recording the uploaded file is taken, or a copy
where we don't take the format of the upload."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urljoin, urlsplit

from radio.archive.episode import MIME, PICTURES, Link
from radio.french.dates import read_posted
from radio.ingest import feeds, reading
from radio.ingest.description import Arrival, Day, Description
from radio.ingest.feed_page import FeedPage, Silent
from radio.ingest.folders import Left
from radio.ingest.reading import as_dict, as_list, parse_json, whole_number
from radio.ingest.richtext import markdown, words
from radio.ingest.sound import name_of
from radio.system.connection.fetch import Web
from radio.system.connection.place import is_address
from radio.system.errors import RadioError, ReaderError
from radio.system.messages import _

LONGEST = 200_000  # characters of a field

AUDIOBLOG = "https://audioblog.arteradio.com"
API = "https://back-audioblog.arteradio.com"
AT_ONCE = 50  # podcasts of a list
PLACE = re.compile(
    r"https?://(?:www\.)?audioblog\.arteradio\.com/"
    r"(?:embed/(?P<embedded>\d+)|blog/(?P<blog>\d+)(?:/podcast/(?P<podcast>\d+))?)(?:[/?#].*)?"
)
LISTED = re.compile(r"(.*/api/blog/podcasts/\d+)/(\d+)/(\d+)")

ARCHIVE = "https://archive.org"
HOSTS = {"archive.org", "www.archive.org"}
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,100}")
BETTER = (".flac", ".wav")
TEXTS = (".vtt", ".srt", ".txt")
MOST_ITEMS, ITEMS_AT_ONCE = 20_000, 1000
DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:T.*)?")
AUDIO = " AND mediatype:audio"

NO_BLOG = _("{address} : réponse inattendue d’audioblog ({error})")
NO_ITEM = _("{address} : réponse inattendue d’archive.org ({error})")

Data = dict[str, Any]


def is_known(address: str) -> bool:
    """Whether an address is a page of one of these sites that has recordings.

    >>> is_known("https://archive.org/details/radio"), is_known("https://archive.org/download/a/b.mp3")
    (True, False)
    """
    return any(place(address) for place in (_blog_of, _item_of, _search_of))


def arrivals(web: Web, address: str) -> Iterator[Arrival | Left]:
    """Give the recordings of such a page. Raises NoAnswerError or ReaderError."""
    if blog := _blog_of(address):
        yield from feeds.arrivals(web, web.read(blog, feeds.LARGEST), read_blog)
    elif item := _item_of(address):
        page = _ask(web, item, read_item)
        yield from _items(web, page.next) if page.next else feeds.found(page)
    else:
        yield from _items(web, _search_of(address))


def _ask(web: Web, address: str, reader: reading.Reader[reading.Shape]) -> reading.Shape:
    answer = web.read(address, feeds.LARGEST)
    return reading.read_in_child(reader, answer, feeds.MEMORY, feeds.SECONDS)


def _items(web: Web, address: str) -> Iterator[Arrival | Left]:
    """Give the recordings of the items of a list; one that can't be read costs its line."""
    seen = set[str]()
    while address:
        listed = _ask(web, address, read_list)
        news = [each for each in listed.items if each not in seen]
        for item in news:
            try:
                yield from feeds.found(_ask(web, item, read_item))
            except RadioError as error:
                yield Left(item, str(error), hides=True)
        seen.update(news)
        address = listed.next if news else ""
        if address and len(seen) >= MOST_ITEMS:
            message = _("plus de {number} fiches ; le reste n’est pas lu", number=MOST_ITEMS)
            yield Left(address, message, hides=True)
            return


def _blog_of(address: str) -> str:
    """Give the address of the JSON of a blog or a podcast; nothing if it is another site's."""
    match = PLACE.fullmatch(address)
    if match is None:
        return ""
    if number := match["embedded"] or match["podcast"]:
        return f"{API}/node/{number}?_format=json"
    return f"{API}/api/blog/podcasts/{match['blog']}/0/{AT_ONCE}"


def _item_of(address: str) -> str:
    """Give the address of the JSON of an item, from that of its page; else nothing."""
    parts = urlsplit(address)
    kind, _slash, name = parts.path.strip("/").partition("/")
    name = name.partition("/")[0]
    is_item = (parts.hostname or "") in HOSTS and kind in {"details", "embed", "metadata"}
    return f"{ARCHIVE}/metadata/{name}" if is_item and NAME.fullmatch(name) else ""


def _search_of(address: str) -> str:
    """Give the address of the list of a search, from that of its page; else nothing."""
    parts = urlsplit(address)
    is_search = (parts.hostname or "") in HOSTS and parts.path in {"/search", "/search.php"}
    query = parse_qs(parts.query).get("query", [""])[0] if is_search else ""
    return _list_of(f"({query})", ARCHIVE) if query else ""


def _list_of(query: str, site: str, cursor: str = "") -> str:
    asked = {"q": query + AUDIO, "fields": "identifier", "count": ITEMS_AT_ONCE}
    more = {"cursor": cursor} if cursor else {}
    return f"{site}/services/search/v1/scrape?{urlencode(asked | more)}"


def read_blog(content: bytes, address: str, _charset: str = "") -> FeedPage:
    """Read the JSON of audioblog that lay at an address, in a child. Raises ReaderError."""
    data = parse_json(content, address, NO_BLOG)
    items = data if isinstance(data, list) else [data]
    podcasts = [as_dict(as_dict(each).get("podcast", each)) for each in items]
    found = [(each, _podcast(each)) for each in podcasts]
    silent, match = (each for each, got in found if not got), LISTED.fullmatch(address)
    is_full = match and len(items) == AT_ONCE and isinstance(data, list)
    return FeedPage(
        title=next((words(_text(as_dict(each.get("blog")), "title")) for each in podcasts), ""),
        next=f"{match[1]}/{int(match[2]) + AT_ONCE}/{AT_ONCE}" if match and is_full else "",
        arrivals=tuple(arrival for _each, arrival in found if arrival),
        silent=tuple(Silent(_page(each) or words(_text(each, "title"))) for each in silent),
    )


def _podcast(podcast: Data) -> Arrival | None:
    place = _text(podcast, "file_url").replace(" ", "%20")
    if not is_address(place):
        return None
    picture, page = _text(podcast, "image_akamai"), _page(podcast)
    posted = read_posted(_text(podcast, "created"))
    blogger = as_dict(as_dict(podcast.get("blog")).get("blogger"))
    keywords = (words(_text(as_dict(each), "name")) for each in as_list(podcast.get("keywords")))
    said = Description(
        title=words(_text(podcast, "title")),
        day=Day(posted) if posted else None,
        text=markdown(_text(podcast, "presentation") or _text(podcast, "description"), page),
        producers=tuple(filter(None, [words(_text(blogger, "name"))])),
        tags=tuple(filter(None, keywords)),
        url=place,
        page=page,
        guid=f"{_text(podcast, 'id')} at {AUDIOBLOG}",
    )
    return Arrival(place, name_of(place), said, picture=picture if is_address(picture) else "")


def _page(podcast: Data) -> str:
    blog, number = _text(as_dict(podcast.get("blog")), "id"), _text(podcast, "id")
    return f"{AUDIOBLOG}/blog/{blog}/podcast/{number}" if blog and number else ""


@dataclass(frozen=True)
class ItemList:
    """Items of archive.org."""

    items: tuple[str, ...]  # addresses of what is known of each
    next: str = ""  # address of what follows


def read_list(content: bytes, address: str, _charset: str = "") -> ItemList:
    """Read a list of items. Raises ReaderError if it is no JSON."""
    data = as_dict(parse_json(content, address, NO_ITEM))
    names = [_text(as_dict(each), "identifier") for each in as_list(data.get("items"))]
    query = parse_qs(urlsplit(address).query).get("q", [""])[0].removesuffix(AUDIO)
    site, cursor = urljoin(address, "/").rstrip("/"), _text(data, "cursor")
    found = tuple(f"{site}/metadata/{each}" for each in names if NAME.fullmatch(each))
    return ItemList(found, _list_of(query, site, cursor) if cursor else "")


def read_item(content: bytes, address: str, _charset: str = "") -> FeedPage:
    """Read an item of archive.org; a collection's list is the next page. Raises ReaderError."""
    data = as_dict(parse_json(content, address, NO_ITEM))
    about = data.get("metadata")
    if not isinstance(about, dict):
        raise ReaderError(_("{address} : pas de fiche de ce nom sur archive.org", address=address))
    name = _text(about, "identifier") or posixpath.basename(urlsplit(address).path)
    title, site = _text(about, "title"), urljoin(address, "/").rstrip("/")
    if _text(about, "mediatype") == "collection":
        return FeedPage(title, next=_list_of(f"collection:{name}", site))
    found = tuple(_recordings(name, site, about, list(map(as_dict, as_list(data.get("files"))))))
    silent = () if found else (Silent(f"{site}/details/{name}"),)
    return FeedPage(title, arrivals=found, silent=silent)


def _recordings(item: str, site: str, about: Data, files: list[Data]) -> Iterator[Arrival]:
    """Give one file for each recording: what was uploaded, else the best copy."""
    page, there = f"{site}/details/{item}", f"{site}/download/{item}"
    by_stem: dict[str, list[Data]] = {}
    for file in files:
        origin = _text(file, "original") or _text(file, "name")
        if _suffix(file) in MIME and str(file.get("private")) != "true":
            by_stem.setdefault(posixpath.splitext(origin)[0], []).append(file)
    uploads = [file for file in files if _text(file, "source") == "original"]
    names = {_text(file, "name") for file in uploads}
    pictures = (each for each in uploads if _suffix(each) in {*PICTURES, ".jpeg"})
    license_url, whole = _text(about, "licenseurl"), _text(about, "title")
    subjects = (part.strip() for each in _texts(about, "subject") for part in each.split(";"))
    said = Description(
        day=_day(_text(about, "date")),
        text="\n\n".join(markdown(each, page) for each in _texts(about, "description")),
        producers=tuple(_texts(about, "creator")),
        tags=tuple(dict.fromkeys(filter(None, subjects))),
        links=(Link(license_url, "Licence"),) if is_address(license_url) else (),
        page=page,
    )
    picture = next((f"{there}/{quote(_text(each, 'name'))}" for each in pictures), "")
    for _stem, some in sorted(by_stem.items()):
        file = max(some, key=_worth)
        name, own = _text(file, "name"), _text(file, "title")
        stem, place = posixpath.splitext(name)[0], f"{there}/{quote(name)}"
        title = whole or own
        if len(by_stem) > 1:
            own = own or posixpath.basename(stem)
            title = own if not whole or whole in own else f"{whole} – {own}"
        texts = [stem + suffix for suffix in TEXTS if stem + suffix in names]
        yield Arrival(
            place=place,
            name=posixpath.basename(name),
            said=replace(said, title=title, url=place, guid=f"{item}/{name}"),
            size=whole_number(_text(file, "size")),
            picture=picture,
            texts=tuple(f"{there}/{quote(each)}" for each in texts),
        )


def _worth(file: Data) -> tuple[bool, bool, int]:
    is_upload, size = _text(file, "source") == "original", whole_number(_text(file, "size"))
    return is_upload, _suffix(file) in BETTER, size


def _day(text: str) -> Day | None:
    """Read a date of which the day, or the month, may be unknown.

    >>> _day("2019-03"), _day("[2019?]")
    (Day(date=datetime.date(2019, 3, 1), precision='month', is_sure=True), None)
    """
    match = DATE.fullmatch(text)
    year, month, day = (int(each or 0) for each in match.groups()) if match else (0, 0, 0)
    try:
        return Day.of((year, month, day))
    except ValueError:
        return None


def _suffix(file: Data) -> str:
    return posixpath.splitext(_text(file, "name"))[1].lower()


def _texts(data: Data, name: str) -> list[str]:
    found = data.get(name)
    several = found if isinstance(found, list) else [found]
    return [str(each)[:LONGEST] for each in several if isinstance(each, str | int)]


def _text(data: Data, name: str) -> str:
    return next(iter(_texts(data, name)), "")
