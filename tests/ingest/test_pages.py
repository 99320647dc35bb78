"""Pages with recordings: one, a list of links, a folder, a list as XML, a site without an API."""

import contextlib
import gzip
import random
import re

import pytest

from radio.ingest import pages
from radio.ingest.articles import arrivals_of
from radio.ingest.description import Arrival
from radio.ingest.pages import MOST_NAMED
from radio.system.connection.fetch import Web
from radio.system.errors import ReaderError
from tests.ingest.site import Site, found, parted
from tests.tables import for_each

ARTICLE = """<html><head><title>{title} - La radio</title>
<link rel="canonical" href="{root}/{path}"><meta property="og:image" content="/une.jpg">
<script type="application/ld+json">{{"@graph": [{{"@type": "WebSite", "name": "La radio"}},
{{"@type": ["PodcastEpisode"], "datePublished": "2022-03-0{day}T23:30:00+01:00",
"associatedMedia": {{"@type": "AudioObject", "contentUrl": "{root}/{path}.mp3"}}}}]}}</script>
<body><aside><audio src="/direct.mp3"></audio></aside><article><h1>{title}</h1>
<div class="entry-content"><p>Des <em>notes</em>.</p></div></article></body></html>"""
BARE = """<html><body><h1>Archives</h1><h3>12 mars 2021</h3><p><a href="un.mp3">Les puces</a></p>
<ul><li>Vendredi 19 mars 2021 : <a href="a/deux.ogg">écouter</a></li>
<li>2 avril 2021 <a href="trois.mp3">Les ondes</a> (enregistrez la cible du lien sous)</li>
<li><a href="quatre.mp3">Sans date</a></li></ul></body></html>"""
FOLDER = """<html><head><title>Index of /sons/%s</title></head><body><pre><a href="../">Parent</a>
%s<a href="%s">%s</a>   2024-05-05 10:00  50M</pre></body></html>"""
REPLAYS = """<?xml version="1.0" encoding="ISO-8859-1"?><replays>
<emission id="4"><titre>L\xe9 &amp; co</titre>
<date>12/03/2021 19:00</date><fichier>sons/quatre.mp3</fichier><desc>Un d\xe9bat</desc></emission>
<emission titre="Cinq" jour="2021-03-19" url="http://127.0.0.1/sons/cinq.mp3"/></replays>"""


def days(taken: list[Arrival]) -> list[str]:
    return [each.said.day.date.isoformat() if each.said.day else "" for each in taken]


def test_a_site_that_refuses_its_api_is_read_page_by_page(site: Site, web: Web) -> None:
    for number in range(1, 4):
        title, path = f"Le n°{number}", f"n{number}"
        text = ARTICLE.format(title=title, root=site.address, path=path, day=number)
        site.pages[f"/n{number}"] = text.encode()
    site.pages["/n4"] = b"<html><body>rien</body></html>"
    site.pages["/"] = (200, {"Link": '</wp-json/>; rel="https://api.w.org/"'}, b"<body class=home>")
    site.pages["/wp-json/wp/v2/types"] = (401, {}, b'{"code": "rest_not_logged_in"}')
    places = "".join(f"<url><loc>{site.address}/n{n}</loc></url>" for n in (1, 2, 3, 4, 5))
    entry = f"<sitemap><loc>{site.address}/posts.xml</loc></sitemap>"
    index = f"<?xml version='1.0'?><sitemapindex>{entry}</sitemapindex>"
    site.pages["/wp-sitemap.xml"] = index.encode()
    site.pages["/posts.xml"] = f"<?xml version='1.0'?><urlset>{places}</urlset>".encode()
    taken, left = found(web, f"{site.address}/")
    assert [each.said.title for each in taken] == ["Le n°1", "Le n°2", "Le n°3"]
    assert days(taken) == ["2022-03-01", "2022-03-02", "2022-03-03"]
    assert [each.place for each in taken] == [f"{site.address}/n{n}.mp3" for n in (1, 2, 3)]
    assert taken[0].said.text == "Des *notes*."
    assert taken[0].picture == f"{site.address}/une.jpg"
    assert [str(each.path) for each in left] == [f"{site.address}/n5"]


PLACES = "<url><loc>{0}/?p=198</loc></url><url><loc>{0}/?p=205</loc></url>"
PAGED = "<loc>{0}/?sitemap=posts&amp;paged=1</loc>"


@for_each(
    ("place", "plan"),
    [
        ("/sitemap.xml", f"<urlset>{PLACES}</urlset>"),
        ("/sitemap.xml", f"\n<!-- fait ici --><?xml version='1.0'?><urlset>{PLACES}</urlset>"),
        ("/sitemap.xml", f"<urlset>{PLACES}</urlset>".replace("{0}", "<![CDATA[{0}")),
        ("/?sitemap=index", f"<sitemapindex>{PAGED}</sitemapindex>"),
    ],
)
def test_a_site_that_errs_is_read_by_its_map(site: Site, web: Web, place: str, plan: str) -> None:
    head = {"Content-Type": "application/octet-stream"}
    site.pages.clear()
    pages = {"/": '<body class="home">Bonjour', place: plan.format(site.address)}
    pages["/?sitemap=posts&paged=1"] = f"<urlset>{PLACES}</urlset>".format(site.address)
    if "CDATA" in plan:
        pages[place] = pages[place].replace("</loc>", "]]></loc>")
    for number in (198, 205):
        pages[f"/?p={number}"] = (
            f'<link rel="canonical" href="/"><title>Le n° {number} – Site</title><article>'
            f'<h1>Le n° {number}</h1><a href="/sons/{number}.mp3">Écouter</a></article>'
        )
    site.pages |= {path: (200, head, text.encode()) for path, text in pages.items()}
    taken, left = found(web, f"{site.address}/")
    assert [each.said.title for each in taken] == ["Le n° 198", "Le n° 205"]
    assert [each.said.page for each in taken] == [f"{site.address}/?p={n}" for n in (198, 205)]
    assert left == []


def test_a_packed_map_is_read_and_a_cut_one_costs_nothing(site: Site, web: Web) -> None:
    packed = gzip.compress(f"<urlset><url><loc>{site.address}/un</loc></url></urlset>".encode())
    places = (f"<sitemap><loc>{site.address}/{n}.xml.gz</loc></sitemap>" for n in ("cut", "whole"))
    index = f"<sitemapindex>{''.join(places)}</sitemapindex>".encode()
    site.pages = {"/": b"Bonjour", "/sitemap.xml": index}
    site.pages |= {"/cut.xml.gz": packed[:-5], "/whole.xml.gz": packed}
    site.pages["/un"] = b'<h1>Le premier</h1><a href="/1.mp3">Ecouter</a>'
    taken, left = found(web, f"{site.address}/")
    assert [each.said.title for each in taken] == ["Le premier"]
    assert left == []


def test_maps_that_only_robots_are_told_of_are_found_and_not_too_many(site: Site, web: Web) -> None:
    named = ["nulle part", "/absent.xml", *[f"{site.address}/plan-du-site.php"] * 9]
    robots = "".join(f"{name}: {place}\r\n" for name in ("Sitemap", "SITEMAP ") for place in named)
    site.pages = {
        "/": b"Bonjour",
        "/robots.txt": f"\ufeffUser-agent: *\r\nDisallow: /wp-admin/\r\n{robots}".encode(),
        "/plan-du-site.php": f"<urlset><loc>{site.address}/un</loc></urlset>".encode(),
        "/un": ARTICLE.format(title="Une", root=site.address, path="un", day=1).encode(),
    }
    (arrival,), left = found(web, f"{site.address}/")
    assert (arrival.place, left) == (f"{site.address}/un.mp3", [])
    assert site.paths.count("/plan-du-site.php") == 1
    lines = "".join(f"Sitemap: {site.address}/plan{number}.xml\n" for number in range(1000))
    site.pages["/robots.txt"] = lines.encode()
    with pytest.raises(ReaderError, match="no recording found there"):
        found(web, f"{site.address}/")
    assert len([each for each in site.paths if re.match(r"/plan\d", each)]) == MOST_NAMED


def test_one_page_gives_its_own_recording_or_says_that_it_has_none(site: Site, web: Web) -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "cc">]><a><f>x.mp3</f>&b;</a>'
    site.pages = {"/?p=198": b"<html><body><p>rien</p></body></html>", "/replays.xml": bomb}
    for place, told in (("/?p=198", "no recording found there"), ("/replays.xml", "entities")):
        with pytest.raises(ReaderError, match=told):
            found(web, site.address + place)
    text = ARTICLE.format(title="Une", root=site.address, path="une", day=1)
    site.pages["/une"] = text.replace("</body>", '<a href="/autre">Autre</a>').encode()
    ((arrival,), left) = found(web, f"{site.address}/une")
    assert (arrival.said.title, arrival.said.page, left) == ("Une", f"{site.address}/une", [])
    assert site.paths == ["/?p=198", "/replays.xml", "/une"]


def test_bare_links_have_the_words_and_the_french_dates_beside_them(site: Site, web: Web) -> None:
    site.pages["/archives/"] = BARE.encode("cp1252")
    taken, _left = found(web, f"{site.address}/archives/")
    assert [each.name for each in taken] == ["un.mp3", "deux.ogg", "trois.mp3", "quatre.mp3"]
    assert days(taken) == ["2021-03-12", "2021-03-19", "2021-04-02", ""]
    titles = [each.said.title for each in taken]
    assert titles == ["Les puces", "Vendredi 19 mars 2021", "Les ondes", "Sans date"]
    assert len({each.said.guid for each in taken}) == 4


def test_a_folder_and_those_in_it_are_read_without_their_dates(site: Site, web: Web) -> None:
    site.pages["/sons/"] = (FOLDER % ("", '<a href="2021/">2021/</a> ', "a.mp3", "a.mp3")).encode()
    site.pages["/sons/2021/"] = (FOLDER % ("2021", "", "b.mp3", "b.mp3")).encode()
    taken, _left = found(web, f"{site.address}/sons/")
    places = [f"{site.address}/sons/{name}" for name in ("a.mp3", "2021/b.mp3")]
    assert [each.place for each in taken] == places
    assert [(each.said.title, each.said.day) for each in taken] == [("", None)] * 2
    assert "/" not in site.paths


def test_replays_as_xml_come_with_title_and_date(site: Site, web: Web) -> None:
    site.pages["/replays.xml"] = REPLAYS.encode("latin-1")
    taken, _left = found(web, f"{site.address}/replays.xml")
    assert [each.said.title for each in taken] == ["Lé & co", "Cinq"]
    assert days(taken) == ["2021-03-12", "2021-03-19"]
    assert taken[0].place == f"{site.address}/sons/quatre.mp3"
    assert taken[0].said.text == "Un débat"


def test_six_figures_in_a_folder_of_the_web_are_read_by_their_neighbours() -> None:
    names, place = ("210105", "210112", "210119"), "https://a.example/sons/"
    links = "".join(f'<a href="{name}.mp3">{name}.mp3</a>' for name in names)
    series = pages.read(f"<title>Index of /sons</title><pre>{links}</pre>".encode(), place)
    alone = pages.read(b'<title>Index of /sons</title><a href="230512.mp3">1</a>', place)
    taken, _left = parted(arrivals_of([*series.articles, *alone.articles]))
    assert days(taken) == ["2021-01-05", "2021-01-12", "2021-01-19", ""]


def test_mutated_pages_are_read_or_refused() -> None:
    chance = random.Random(3)
    article = ARTICLE.format(title="Une", root="https://a.example", path="une", day=1)
    texts = [article, BARE, REPLAYS]
    signs = [*'<>"{[\0é', "<!--", "</", "<a href=", "<script>", "<audio ", "]]>", "&#x"]
    for _ in range(300):
        text = list(chance.choice(texts))
        for _ in range(chance.randint(1, 20)):
            place = chance.randrange(len(text))
            text[place : place + chance.randint(0, 9)] = [chance.choice(signs)]
        content = "".join(text).encode(chance.choice(["utf-8", "utf-16"]), "replace")
        with contextlib.suppress(ReaderError):
            read = pages.read(content, "https://a.example/x/")
            places = [sound.place for each in read.articles for sound in each.sounds]
            assert all(place.startswith(("http://", "https://")) for place in places)
