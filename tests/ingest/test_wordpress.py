"""Two sites made with WordPress: what comes of them, complete and told, and what is left."""

import copy
import datetime as dt
import json
import logging
import random
from email.message import Message
from typing import Any

import feedparser
import pytest

from radio.archive.episode import Show
from radio.ingest import feed_page, pages, reading
from radio.ingest.articles import Article, arrivals_of
from radio.ingest.description import Arrival
from radio.ingest.reading import read_in_child
from radio.ingest.sound import LinkedSound
from radio.ingest.wordpress import read_post, read_posts
from radio.system.connection.fetch import Answer, Web
from radio.system.errors import ArchiveError, ReaderError
from tests.ingest.site import Site, found, parted
from tests.ingest.written import item, rss
from tests.replicas import WordPress
from tests.tables import check, for_each, rows

NOTES = """<p>Avec <strong>Camille</strong>, de
<a href="https://lqdn.example/?utm_source=x">la Quadrature</a>&nbsp;:</p>
<ul><li>un</li><li>deux</li></ul><script>spy()</script><img src="https://spy.example/1.gif">
<figure class="wp-block-audio">
<audio controls src="{root}/wp-content/uploads/%s.mp3"></audio></figure>"""
SOUND = '<audio src="/mad.mp3"></audio>'
FEED = '<link rel="alternate" type="application/rss+xml" href="/feed">'
TUBE = "12345678-1234-1234-1234-123456789abc"


@pytest.fixture
def station(site: Site) -> WordPress:
    """A station: shows as terms of a type of its own, pretty links."""
    press = WordPress(site)
    machine = press.term("emission", 7, "machine", "La Machine")
    other = press.term("emission", 8, "puces", "Les puces")
    tag = press.term("post_tag", 3, "vie-privee", "Vie privée")
    for number in range(1, 131):
        show = machine if number % 2 else other
        day = (dt.date(2020, 1, 7) + dt.timedelta(weeks=number)).isoformat()
        title = f"L&rsquo;&#233;mission n&deg;{number} &amp; co"
        press.post("podcasts", number, title, day, NOTES % f"e{number}", show, tag)
    press.post("post", 900, "Une annonce", "2024-01-01", "<p>Rien à entendre.</p>")
    home = f'<head><link rel="https://api.w.org/" href="{press.api}"></head><body class="home">'
    press.page("/", home)
    body = '<body class="archive tax-emission term-machine term-7">'
    press.page("/emission/machine/", f"{home[:-19]}{body}")
    body = '<body class="archive post-type-archive post-type-archive-podcasts">'
    press.page("/podcasts/", f"{home[:-19]}{body}")
    return press


def put_blog(site: Site) -> WordPress:
    """A collective: bare posts, no pretty links, the sound wherever a plugin or a person put it."""
    press = WordPress(site, pretty=False)
    up, mad = f"{press.root}/up", press.term("category", 2, "radio", "Radio")
    none = press.term("category", 1, "non-classe", "Non classé")
    cited = f'<p>On l’a dit <a href="{press.root}/?p=198">ici</a>.</p>'
    two = f'<p><a href="{up}/p1.mp3">Première partie</a> <a href="{up}/p2.mp3">Télécharger</a></p>'
    code = f"[audio mp3=&#8221;{press.root}/wp-content/uploads/mad.mp3&#8243;][/audio]"
    fields: dict[str, object] = {"audio_file": f"{up}/ssp.mp3", "itunes_season_number": "2"}
    fields["itunes_episode_number"] = 5
    theme = f'<source src="{up}/theme.ogg?_=1" type="audio/ogg"><source src="{up}/theme.mp3?_=1">'
    tube = f'<iframe src="{press.root}/videos/embed/{TUBE}">'
    power = [f"{up}/pp.mp3\n12421328\naudio/mpeg\na:1:{{}}"]
    title, picture = "Émission du 23 avril 2021", f"{up}/une.jpg"
    press.post("post", 198, title, "2021-04-29", NOTES % "mad", mad, none, picture=picture)
    press.post("post", 210, "Deux parties", "2021-05-02", two)
    press.post("post", 220, "Retour sur l’émission", "2021-06-01", cited)
    press.post("post", 230, "Encore elle", "2021-06-05", code)
    link = f"{press.root}/podcast-player/240/ssp.mp3"
    press.post("post", 240, "Champs", "2021-07-01", "<p>N</p>", meta=fields, player_link=link)
    press.post("post", 245, "Powerpress", "2021-07-02", "<p>Notes</p>", enclosure=power)
    press.post("post", 250, "Secrète", "2021-07-03", "")
    press.posts["post"][-1]["content"]["protected"] = True
    press.post("post", 260, "Ailleurs", "2021-07-04", tube)
    theme = f"<audio>{theme}</audio>"
    press.post("post", 270, "Dans le thème", "2021-07-05", "<p>Notes</p>", shown=theme)
    press.page(f"/videos/embed/{TUBE}", f'<h1>Vidéo</h1><audio src="{up}/tube.mp3"></audio>')
    link = f'<{press.api}>; rel="https://api.w.org/"'
    press.page("/", '<head><meta name="generator" content="WordPress"></head>', Link=link)
    return press


def test_a_broken_post_costs_its_line_and_the_other_hundred_come(
    station: WordPress, web: Web, caplog: pytest.LogCaptureFixture
) -> None:
    station.broken = {57}
    with caplog.at_level(logging.WARNING):
        taken, left = found(web, f"{station.root}/podcasts/")
    numbers = [each.name for each in taken]
    assert numbers == [f"e{number}.mp3" for number in range(1, 131) if number != 57]
    assert [each for each in left if "per_page=1&" in str(each.path)] == left
    assert len(left) == 1 and "500" in left[0].reason
    assert "129 of 130 articles read" in caplog.text
    assert sum("per_page=100" in each for each in station.site.paths) <= 5


def test_a_site_that_is_down_is_left_in_peace(station: WordPress, web: Web) -> None:
    station.broken = set(range(1, 131))
    with pytest.raises(Exception, match="no recording found"):
        found(web, f"{station.root}/podcasts/")
    assert len([each for each in station.site.paths if "/podcasts?per_page" in each]) < 20


def test_two_shows_of_one_site_are_never_mixed(station: WordPress, web: Web) -> None:
    with pytest.raises(ArchiveError, match="La Machine, Les puces"):
        found(web, f"{station.root}/")
    for address, show in (
        (f"{station.root}/", Show("la-machine", "Machine")),
        (f"{station.root}/emission/machine/", None),
    ):
        taken, _left = found(web, address, show)
        assert [each.name for each in taken] == [f"e{number}.mp3" for number in range(1, 131, 2)]


def test_a_post_comes_with_all_that_it_says(station: WordPress, web: Web) -> None:
    ((arrival,), left) = found(web, f"{station.root}/podcasts/article-5/")
    said = arrival.said
    assert left == []
    assert arrival.place == f"{station.root}/wp-content/uploads/e5.mp3"
    assert said.title == "L’émission n°5 & co"
    assert said.day and (said.day.known, said.day.is_sure) == ("2020-02-11", True)
    beginning = "Avec **Camille**, de [la Quadrature](https://lqdn.example/)\xa0:"
    assert said.text == f"{beginning}\n\n- un\n- deux"
    assert said.tags == ("Vie privée",)
    assert (said.people, said.page) == ((), f"{station.root}/podcasts/article-5/")
    assert [(link.url, link.title) for link in said.links] == [(said.page, said.title)]
    assert said.guid == f"{station.root}/?p=5"


LINKS = [("198", "Émission du 23 avril 2021"), ("220", "Retour sur l’émission")]
LINKS += [("230", "Encore elle")]


def test_a_blog_without_pretty_links_gives_every_recording_once(site: Site, web: Web) -> None:
    root = put_blog(site).root
    arrivals, left = found(web, f"{root}/")
    said = {each.name.removesuffix(".mp3"): each.said for each in arrivals}
    assert list(said) == ["mad", "p1", "p2", "ssp", "pp", "tube", "theme"]
    reasons = {str(each.path).rpartition("=")[2]: each.reason for each in left}
    for number, reason in (("250", "password"), ("220", "no recording"), ("230", "earlier")):
        assert reason in reasons[number]
    tube, fields, first, second = (said[each] for each in ("tube", "ssp", "p1", "p2"))
    assert (tube.title, tube.day and tube.day.date.isoformat()) == ("Ailleurs", "2021-07-04")
    assert tube.page.endswith("?p=260")
    assert (fields.season, fields.number) == (2, 5)  # as a plugin keeps them
    assert (first.title, second.title) == ("Deux parties – Première partie", "Deux parties – 2/2")
    assert (first.page, first.guid != second.guid) == (second.page, True)
    links = [(link.url, link.title) for link in said["mad"].links]
    assert links == [(f"{root}/?p={number}", title) for number, title in LINKS]
    ((alone,), _left) = found(web, f"{root}/?p=198")  # by its number: with those that cite it
    links = [(link.url, link.title) for link in alone.said.links]
    assert links == [(f"{root}/?p={number}", title) for number, title in LINKS[:2]]
    assert (alone.picture, alone.said.tags) == (f"{root}/up/une.jpg", ("Radio",))


def test_the_day_is_that_of_the_broadcast_where_it_is_told() -> None:
    def day_of(row: dict[str, str]) -> str:
        posted = dt.date.fromisoformat(row["posted"]) if row["posted"] else None
        sound = LinkedSound(f"https://a.example/{row['name']}")
        article = Article("https://a.example/1", row["title"], day=posted, sounds=(sound,))
        ((arrival,), _left) = parted(arrivals_of([article]))
        return arrival.said.day.date.isoformat() if arrival.said.day else ""

    check((row, day_of(row), row["day"]) for row in rows("broadcasts.tsv"))


def test_a_post_that_no_parser_reads_costs_no_other_post_of_the_answer() -> None:
    texts = ("un", "<![foo bar]>deux", "\ud800", "quatre")
    made = [
        {"id": number, "link": f"https://a.example/{number}", "title": "", "content": text + SOUND}
        for number, text in enumerate(texts, 1)
    ]
    answer = Answer("https://a.example/", 200, Message(), json.dumps(made).encode())
    articles = read_in_child(read_posts, answer).articles
    assert [bool(each.sounds) for each in articles] == [True, True, False, True]
    (_taken, left) = parted(arrivals_of(articles))
    assert ("https://a.example/3", True) in [(e.path, "can’t be read" in e.reason) for e in left]


CLEAREST = "<p>Émission du mardi 14 mai 2024.</p>"
POSTS = {  # the text, and the day of the broadcast of a post of the 21 May 2024
    CLEAREST: "2024-05-14",
    "<p>La rue.</p><p><b>Diffusée le 14 mai</b></p>": "2024-05-14",
    "<p>Le 14 mai 2024, des gens de la rue. Suite de l’émission du 7 mai 2024.</p>": "2024-05-21",
    "<p>Prochaine émission le 28 mai 2024.</p>": "2024-05-21",
}
PAGE = """<title>La rue</title><meta property="article:published_time" content="2024-05-21">
<article>{}<audio src="/mad.mp3"></audio></article>"""
ITEM = """<item><title>La rue</title><pubDate>Tue, 21 May 2024 10:00:00 +0200</pubDate>
<description><![CDATA[{}]]></description><enclosure url="https://a.example/mad.mp3"/></item>"""


@for_each("text", POSTS)
def test_a_post_has_one_day_whether_it_is_read_by_its_site_its_page_or_its_feed(text: str) -> None:
    place = "https://a.example/1"
    post = {"id": 1, "title": "La rue", "date": "2024-05-21T10:00", "content": text + SOUND}
    shown, undated = PAGE.format(text), PAGE.format(text).replace("article:published_time", "x")
    feed = feedparser.parse(f"<rss><channel>{ITEM.format(text)}</channel></rss>")
    found = [
        *arrivals_of([read_post(post, place)]),
        *arrivals_of(pages.read(shown.encode(), place).articles),
        *feed_page.arrivals_of(feed.entries[0], place),
        *(arrivals_of(pages.read(undated.encode(), place).articles) if text is CLEAREST else ()),
    ]
    days = [each.said.day for each in found if isinstance(each, Arrival)]
    assert [day and day.date.isoformat() for day in days] == [POSTS[text]] * len(found)


def test_people_that_the_title_names_are_heard_and_who_wrote_it_is_not() -> None:
    sound = LinkedSound("https://a.example/a.mp3")
    article = Article("https://a.example/1", "Les puces, avec Zoé et Ali", sounds=(sound,))
    ((arrival,), _left) = parted(arrivals_of([article]))
    assert [each.name for each in arrival.said.people] == ["Zoé", "Ali"]


def test_the_title_of_a_post_doesnt_repeat_its_show(site: Site, web: Web) -> None:
    press = WordPress(site)
    content = '<audio src="{root}/a.mp3"></audio>'
    place = press.post("post", 1, "L’émission #12 – Les caméras", "2023-05-12", content)
    ((arrival,), _left) = found(web, place, Show("emission", "L’émission"))
    assert (arrival.said.title, arrival.said.number) == ("Les caméras", 12)
    assert arrival.said.links[0].title == "L’émission #12 – Les caméras"


@for_each(
    ("place", "classes"),
    [
        ("/?cat=2", "archive category category-radio category-2"),
        ("/radio/", "archive category category-radio category-2"),
        ("/a/", "single single-post postid-198"),
        ("/article-198/", ""),
    ],
)
def test_a_page_tells_category_or_post(site: Site, web: Web, place: str, classes: str) -> None:
    press = put_blog(site)
    press.page(place, f'<link rel="https://api.w.org/" href="{press.api}"><body class="{classes}">')
    taken, _left = found(web, f"{press.root}{place}")
    assert [each.name for each in taken] == ["mad.mp3"]


def test_the_page_of_a_show_gives_its_parts_and_no_live_sound(site: Site, web: Web) -> None:
    press = WordPress(site)
    parts = "".join(
        f'<article><h3><a href="#p{n}">Le n°{n}</a></h3><time datetime="2025-10-0{n}">'
        f'</time><audio src="/up/{n}.mp3"></audio></article>'
        for n in (1, 2)
    )
    shown = f"</article>{parts}<article>"
    post = (5, "La Machine", "2025-01-01", "<p>Une émission.</p>")
    place = press.post("podcasts", *post, shown=shown)
    taken, _left = found(web, place)
    told = [(each.said.title, each.said.day and each.said.day.date.isoformat()) for each in taken]
    assert told == [("Le n°1", "2025-10-01"), ("Le n°2", "2025-10-02")]


def test_what_podlove_keeps_is_asked_of_it(site: Site, web: Web) -> None:
    press = WordPress(site, folder="/blog")
    place = press.post("podcast", 9, "Le n°9", "2025-01-01", "<p>Notes.</p>")
    audio = [{"url": f"{press.root}/9.{end}", "mimeType": "audio/x"} for end in ("opus", "mp3")]
    episodes = {"results": [{"id": "4", "title": "Le n°9"}]}
    site.pages["/blog/wp-json/podlove/v2/episodes"] = json.dumps(episodes).encode()
    episode = {"id": "4", "post_id": "9", "audio": audio}
    site.pages["/blog/wp-json/podlove/v2/episodes/4"] = json.dumps(episode).encode()
    ((arrival,), _left) = found(web, place)
    assert (arrival.place, arrival.said.title) == (f"{press.root}/9.mp3", "Le n°9")


def test_a_post_without_recording_brings_no_other_of_the_site(site: Site, web: Web) -> None:
    press = WordPress(site, pretty=False)
    shown = f"{FEED}<p>Rien.</p>"
    place = press.post("post", 5, "Une annonce", "2025-01-01", "<p>Rien.</p>", shown=shown)
    taken, left = found(web, place)
    assert (taken, [each.path for each in left]) == ([], [place])
    assert "/feed" not in site.paths


def test_a_site_whose_api_is_off_is_read_by_its_feed(site: Site, web: Web) -> None:
    head = '<link rel="https://api.w.org/" href="/wp-json/">'
    site.pages = {"/": f"<head>{head}{FEED}</head>".encode(), "/feed": rss(item("Un"))}
    site.pages["/wp-json/wp/v2/types"] = b"<html>Pas ici</html>"
    taken, _left = found(web, f"{site.address}/")
    assert [each.said.title for each in taken] == ["Un"]


@for_each("content", [b"<html>", b"[" * 1_000_000, b'[{"id": 1, "title": "\xff"}]'])
def test_an_answer_that_is_no_json_is_named_by_its_address(content: bytes) -> None:
    answer = Answer("https://a.example/wp-json/", 200, Message(), content)
    with pytest.raises(ReaderError) as refused:
        read_in_child(read_posts, answer)
    assert str(refused.value) == "https://a.example/wp-json/: not JSON"


def test_a_post_without_end_costs_its_line_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "SECONDS", 1)
    content = b'{"id": 1, "title": "x", "content": {"rendered": "%s"}}' % (b"<p>a" * 3_000_000)
    with pytest.raises(ReaderError) as refused:
        read_in_child(read_posts, Answer("https://a.example/", 200, Message(), content))
    assert str(refused.value).startswith("https://a.example/: its reader took over ")


HOSTILE: list[Any] = [None, True, -1, 10**30, "x" * 5000, "<p>" * 2000, [], {}, [[]], "https://["]
HOSTILE += [{"rendered": None}]


def test_mutated_posts_are_read() -> None:
    chance = random.Random(8)
    for _ in range(200):
        post = {
            "id": 1, "date": "2021-02-30T25:00:00", "link": "https://a.example/1", "type": "post",
            "title": {"rendered": "Un"}, "content": {"rendered": NOTES % "a", "protected": False},
            "meta": {"audio_file": "https://a.example/a.mp3", "itunes_season_number": "2"},
            "acf": {"son": {"url": "https://a.example/b.mp3", "mime_type": "audio/mpeg"}},
            "_embedded": {"wp:term": [[{"name": "Un", "slug": "un", "taxonomy": "category"}]]},
        }  # fmt: skip
        for _ in range(chance.randint(1, 4)):
            spot: Any = post
            key = chance.choice(list(post))
            while isinstance(spot[key], dict | list) and spot[key] and chance.random() < 0.6:
                spot = spot[key]
                key = chance.choice(list(spot) if isinstance(spot, dict) else range(len(spot)))
            spot[key] = copy.deepcopy(chance.choice(HOSTILE))
        article = read_post(post, "https://a.example/")
        assert all(sound.place.startswith("https://") for sound in article.sounds)
        list(arrivals_of([article]))
