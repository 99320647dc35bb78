"""Feeds: whatever program wrote them they come in whole, however long, odd or hostile they are."""

import contextlib
import datetime as dt
import json
import tomllib

import pytest

from radio.french.dates import read_posted
from radio.ingest import feed_page, feeds
from radio.ingest.description import Arrival, Day
from radio.ingest.folders import Left
from radio.system import records
from radio.system.connection import fetch
from radio.system.connection.fetch import Web
from radio.system.errors import ReaderError
from radio.text.chapters import Chapter
from tests.ingest.site import Page, Site, parted
from tests.ingest.written import SHAPES, item, mutated, rss
from tests.tables import check, for_each, rows

PLACE = "https://radio.example"
SAID = tomllib.loads((SHAPES / "said.toml").read_text(encoding="utf-8"))


def read(*items: str, head: str = "") -> tuple[Arrival, ...]:
    return tuple(feed_page.read(rss(*items, head=head), f"{PLACE}/feed/").arrivals)


@for_each("program", SAID)
def test_feeds_of_other_programs_come_in_whole(program: str) -> None:
    told, content = dict(SAID[program]), (SHAPES / f"{program}.xml").read_bytes()
    page = feed_page.read(content, f"https://{program}.example/feed.xml")
    assert len(page.silent) == told.pop("silent", 0)
    assert page.is_locked == told.pop("locked", False)
    assert page.is_wordpress == told.pop("wordpress", False)
    (arrival,) = page.arrivals
    said = json.loads(records.render(arrival.said))
    said["day"] = said["day"]["date"]
    assert {name: said[name] for name in told} == told


def test_the_day_of_an_item_is_the_one_that_was_written() -> None:
    read = ((row, read_posted(row["written"])) for row in rows("feeds/dates.tsv"))
    check((row["written"], day.isoformat() if day else "", row["day"]) for row, day in read)


def test_a_date_without_a_word_for_it_is_that_of_the_text() -> None:
    told = ("Diffusée le 12 mai 2023.", "Bientôt.")
    dated, undated = read(*(item(each, f"<description>{each}</description>") for each in told))
    assert (dated.said.day, undated.said.day) == (Day(dt.date(2023, 5, 12)), None)


def test_every_recording_of_an_item_is_found_and_nothing_else() -> None:
    texts = ((row, rss(f"<title>T</title>{row['item']}")) for row in rows("feeds/items.tsv"))
    pages = ((row, feed_page.read(text, f"{PLACE}/feed/")) for row, text in texts)
    check(
        (
            row["item"],
            (" ".join(each.place.removeprefix(PLACE) for each in page.arrivals), len(page.silent)),
            (row["places"], int(not row["places"])),
        )
        for row, page in pages
    )


def test_a_tag_that_can_not_be_read_costs_itself_alone() -> None:
    spaces = b'<rss xmlns:psc="http://podlove.org/simple-chapters" '
    odd = '<psc:chapters><psc:chapter/><psc:chapter start="0:10" title="B"/></psc:chapters>'
    content = rss(item("a", odd), item("b")).replace(b"<rss ", spaces)
    first, second = feed_page.read(content, "https://radio.example/").arrivals
    assert first.said.chapters == (Chapter(10.0, "B"),)
    assert second.said.title == "b"
    tag = "<podcast>x</podcast>"  # its text lay where the tags of Podcasting 2.0 are kept
    assert [each.said.guid for each in read(item("a", tag), head=tag)] == ["a"]


def test_parts_of_an_item_have_names_of_their_own_and_a_shared_guid_loses_no_item() -> None:
    one, other = '<enclosure url="/a.mp3"/>', '<enclosure url="/b.mp3"/>'
    found = read(f"<guid>g</guid><title>T</title>{one}{other}")
    assert [each.said.title for each in found] == ["T (1/2)", "T (2/2)"]
    assert len({each.said.guid for each in found}) == 2
    items = (f"<title>A</title>{one}", f"<title>B</title>{other}", f"<title>A again</title>{one}")
    found = read(*(f"<guid>g</guid>{each}" for each in items))
    assert [(each.said.title, each.said.guid) for each in found] == [("A", ""), ("B", "")]


def test_addresses_are_relative_to_what_the_feed_says() -> None:
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://base.example/x/">'
        '<entry xml:base="y/"><title>E</title><id>e</id>'
        "<updated>2024-01-16T10:00:00+01:00</updated>"
        '<link href="page"/><link rel="enclosure" type="audio/ogg" href="son.ogg" length="5"/>'
        '<content type="html">&lt;p&gt;Un&lt;/p&gt;</content></entry></feed>'
    )
    (arrival,) = feed_page.read(atom.encode(), "https://radio.example/").arrivals
    assert arrival.place == "https://base.example/x/y/son.ogg"
    assert arrival.said.page == "https://base.example/x/y/page"
    assert arrival.said.text == "Un"
    assert arrival.said.day and arrival.said.day.date == dt.date(2024, 1, 16)


@for_each(
    "sent",
    [
        lambda text: text.encode(),
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.replace("utf-8", "iso-8859-1").encode(),  # what it says is wrong
        lambda text: text.replace("utf-8", "windows-1252").encode("cp1252"),
        lambda text: text.encode("cp1252"),
        lambda text: text.replace("utf-8", "utf-16").encode("utf-16"),
        lambda text: "\n \n" + text.replace("œ", "\x0bœ"),
        lambda text: text.replace("</rss>", "<oops>"),  # cut, and no XML any more
    ],
)
def test_letters_are_read_as_they_were_meant(sent: object) -> None:
    text = '<?xml version="1.0" encoding="utf-8"?>' + rss(item("L’œil")).decode()
    content = sent(text)  # type: ignore[operator]
    raw = content.encode() if isinstance(content, str) else content
    (arrival,) = feed_page.read(raw, "https://radio.example/", "iso-8859-1").arrivals
    assert arrival.said.title == "L’œil"


BOMB = '<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'


@for_each(
    "content",
    [
        BOMB.encode() + rss(item("&b;")),
        (BOMB + rss(item("&b;")).decode()).encode("utf-16"),
        b'<?xml version="1.0"?>\n<!-- x -->' + BOMB.lower().encode() + rss(item("a")),
        rss(item("a")).replace(b"</rss>", b'<!ENTITY a SYSTEM "file:///etc/passwd"></rss>'),
        b"<html><body>Erreur</body></html>",
        b"/etc/hostname",
        b"https://radio.example/feed",
        b"",
    ],
)
def test_what_is_no_feed_or_declares_entities_is_refused(content: bytes) -> None:
    with pytest.raises(ReaderError, match=r"radio\.example"):
        feed_page.read(content, "https://radio.example/feed")


OUTLINE = '<opml version="2.0"><body><outline xmlUrl="https://a.example/%s"/></body></opml>'


@for_each(
    "content",
    [
        (BOMB + OUTLINE % "&b;").encode(),
        (BOMB + OUTLINE % "&b;").encode("utf-16"),
        (OUTLINE % "a").replace("https", "file").encode(),
        (OUTLINE % "a").replace("/>", f"/>{'<outline>' * 100_000}").encode(),
        b'<opml><body><outline xmlUrl="https://a.example/"/><oops></body></opml>',
        b"https://a.example/feed",
        b"",
    ],
)
def test_a_list_of_feeds_that_is_none_or_declares_entities_is_refused(content: bytes) -> None:
    with pytest.raises(ReaderError, match=r"feeds\.opml"):
        feeds.read_list(content, "feeds.opml")
    assert feeds.read_list((OUTLINE % "a").encode(), "").feeds == ("https://a.example/a",)


def paged(number: int, total: int, rel: str = "next") -> bytes:
    link = f'<atom:link rel="{rel}" href="/feed?page={number + 1}"/>' if number < total else ""
    return rss(item(f"e{number}"), item(f"f{number}"), head=link)


def take(site: Site) -> tuple[str, list[Left]]:
    """Read a feed page after page: the titles of what it has, and what is left."""
    web = Web()
    taken, left = parted(feeds.arrivals(web, web.read(f"{site.address}/feed", feeds.LARGEST)))
    return " ".join(each.said.title for each in taken), left


HEAD = "<generator>https://wordpress.org/?v=6.5</generator>"
SILENT = "<title>Réunion</title><link>https://radio.example/reunion</link>"
PAGES = {
    "next": ("e1 f1 e2 f2 e3 f3", [paged(number, 3) for number in (1, 2, 3)]),
    "archive": ("e1 f1 e2 f2", [paged(number, 2, "prev-archive") for number in (1, 2)]),
    "circle": ("e1 f1 e2 f2", [paged(1, 9), paged(2, 9), paged(1, 9)]),
    "silent": (
        "e2 f2",
        [rss(SILENT, head='<atom:link rel="next" href="/feed?page=2"/>'), paged(2, 2)],
    ),
    "wordpress": (  # which does not name its pages
        "c b a",
        [rss(*map(item, names), head=HEAD) for names in ("cb", "ba", "ba")],
    ),
}


@for_each("kind", PAGES)
def test_the_old_pages_of_a_feed_are_read_too(site: Site, kind: str) -> None:
    titles, pages = PAGES[kind]
    query = "paged" if kind == "wordpress" else "page"
    site.pages = {f"/feed?{query}={number}": page for number, page in enumerate(pages, 1)}
    site.pages["/feed"] = pages[0]
    site.asked.clear()
    told, left = take(site)
    assert told == titles
    silent = [Left("https://radio.example/reunion", "no recording in it")]
    assert left == (silent if kind == "silent" else [])
    assert len(site.paths) <= 3


def test_a_feed_without_end_ends(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(path: str) -> Page:
        return paged(int(path.partition("=")[2] or 1), 10_000)

    monkeypatch.setattr(feeds, "MOST_PAGES", 3)
    site.otherwise = endless
    titles, (left,) = take(site)
    assert titles == "e1 f1 e2 f2 e3 f3"
    assert "3 pages" in left.reason


@for_each(
    ("answer", "told"),
    [
        (b"<html>Base de donn\xe9es en panne", "not a feed"),
        ((302, {"Location": "/feed?page=2"}, b""), "loop"),
        ((302, {"Location": "http://10.0.0.1/"}, b""), "not a public address"),
        ((200, {"Content-Length": "99999"}, paged(2, 9)), "cut"),
        ((200, {"Content-Length": str(9 << 20)}, b"<rss"), "larger"),
        ((503, {}, b""), "503"),
        ((403, {}, b""), "403"),
        ((404, {}, b""), "missing page"),
    ],
)
def test_a_page_that_lies_or_fails_ends_the_feed_with_a_line(
    site: Site, monkeypatch: pytest.MonkeyPatch, answer: Page, told: str
) -> None:
    monkeypatch.setattr(fetch, "PAUSES", (0.0, 0.0))
    site.pages = {"/feed": paged(1, 9), "/feed?page=2": answer}
    titles, (left,) = take(site)
    assert titles == "e1 f1"
    assert (left.path, left.hides) == (f"{site.address}/feed?page=2", True)  # nothing vanished
    assert told in left.reason


def test_mutated_feeds_are_read_or_refused() -> None:
    """A child reads thousands in `tests.torture.feeds`, in bounded room."""
    read = 0
    for seed in range(60):
        with contextlib.suppress(ReaderError):
            feed_page.read(mutated(seed), "https://radio.example/")
            read += 1
    assert read > 20
