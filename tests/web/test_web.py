"""The site: every page and file, what it says, and what it never gives away."""

import contextlib
import csv
import dataclasses
import datetime as dt
import gzip
import hashlib
import html
import itertools
import json
import os
import random
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import cast
from urllib.parse import quote, urlsplit

import feedparser
import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from werkzeug.test import TestResponse

import radio.web
from radio.archive import Archive
from radio.audio import RATE, probe
from radio.episode import Audio, Chapter, Episode, Link, Person, Show
from radio.errors import SearchError
from radio.search import EpisodeHits, Facets, Hit, Index, Order, Results, Wanted
from radio.transcribe.checkpoint import Checkpoint, save
from radio.transcript import (
    Cue,
    Evidence,
    Region,
    Segment,
    Transcript,
    Word,
    render_evidence,
    render_vtt,
)
from radio.web.chart import draw
from radio.web.site import create_app
from radio.web.views import pictures

ROOM = Path(radio.web.__file__).parent
DEMO = ROOM.parent / "demo"
SHOW = "la-machine-a-decoudre"
STREET = "2024-01-16-les-micros-de-la-rue"
CITY = "2024-02-20-la-ville-intelligente"
MEMORY = "2024-03-19-garder-la-memoire"
PAGE = f"/shows/{SHOW}/{STREET}"
MEDIA = f"/media/{SHOW}/{STREET}.mp3"
TEXTS = f"/transcripts/{SHOW}/{STREET}"
CANARY = "canary-of-the-outside"
HERE = "http://localhost"
HOSTILE = "<script>alert('x')</script>\"'&<img src=//evil.example/x>"
COVER = '<img class="cover" src="/covers/[^"]*" alt="" width="[0-9]*" height="[0-9]*"[^>]*>'
CUES = (
    Cue(0.0, 2.15, "Bonjour à toutes et à tous."),
    Cue(2.65, 6.125, "Vous écoutez La Machine à découdre, sur Radio Dio."),
    Cue(11.308, 14.108, "Aujourd'hui, nous parlons des micros & des lampadaires.", "Camille"),
    Cue(14.805, 22.23, "Une vingtaine de capteurs sonores dans le quartier.", "Camille"),
)
MACHINE = {
    "status": "machine",
    "engine": "openai-whisper 20250625",
    "model": "base",
    "date": "2026-05-03",
}


class Canned:
    """An index that gives prepared answers."""

    def __init__(self, answer: Results | SearchError | None = None):
        self.answer = answer
        self.asked: list[object] = []
        self.orders: list[Order] = []
        self.counted: dict[str, dict[dt.date, int]] = {}
        self.alike: tuple[EpisodeHits, ...] = ()

    def search(self, query: str, wanted: Wanted) -> Results:
        self.asked = [query, wanted.show, wanted.page]
        self.orders.append(wanted.order)
        if isinstance(self.answer, SearchError):
            raise self.answer
        return self.answer or Results(query, 0, (), 1, 1)

    def batches(self, query: str, wanted: Wanted, _most: int) -> Iterator[tuple[EpisodeHits, ...]]:
        yield self.search(query, wanted).episodes

    def mentions(self, query: str, _wanted: Wanted) -> dict[dt.date, int]:
        return self.counted.get(query, {})

    def instead(self, _query: str) -> str:
        return ""

    def suggestions(self, beginning: str, most: int = 10) -> list[str]:
        if isinstance(self.answer, SearchError):
            raise self.answer
        return [f"{beginning}é", 'dit "oui" & <non>'][:most]

    def related(self, _key: str) -> tuple[EpisodeHits, ...]:
        if isinstance(self.answer, SearchError):
            raise self.answer
        return self.alike


def make_episode(archive: Archive, slug: str, title: str, **fields: object) -> Episode:
    """Put an episode in the archive, with the audio of the demonstration."""
    content = (DEMO / f"{STREET}.mp3").read_bytes()
    (archive.media / SHOW / f"{slug}.mp3").write_bytes(content)
    audio = Audio(
        f"{slug}.mp3", hashlib.sha256(content).hexdigest(), len(content), "audio/mpeg", 62.8
    )
    day = dt.date.fromisoformat(slug[:10])
    episode = Episode(SHOW, slug, title, day, audio, f"guid-{slug}")
    episode = dataclasses.replace(episode, **fields)  # type: ignore[arg-type]
    archive.write_episode(episode)
    return episode


def write_transcript(archive: Archive, slug: str, cues: Sequence[Cue], **note: str) -> None:
    path = archive.vtt_path(f"{SHOW}/{slug}")
    path.parent.mkdir(exist_ok=True)
    path.write_text(render_vtt(Transcript(tuple(cues), note)), encoding="utf-8")


def write_evidence(
    archive: Archive, slug: str, *regions: Region, segments: tuple[Segment, ...] = ()
) -> None:
    evidence = Evidence("x", {}, "base", "00", {}, "00", "fr", 62.8, regions, segments)
    archive.evidence_path(f"{SHOW}/{slug}").write_bytes(render_evidence(evidence))


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """Three episodes to hear, one withdrawn and one to come."""
    archive = Archive(tmp_path / "archive")
    archive.create()
    archive.write_show(Show(SHOW, "La Machine à découdre", "Point par point.", "Radio Dio"))
    people = (Person("Camille", "présentation"), Person("Noé"))
    make_episode(archive, STREET, "Les micros : de la rue", description="Un\n\nDeux", people=people)
    make_episode(archive, CITY, "La ville intelligente")
    make_episode(archive, MEMORY, "Garder la mémoire")
    make_episode(archive, "2024-04-16-retire", "Retiré", status="withdrawn", reason="À sa demande.")
    make_episode(archive, "2024-05-21-demain", "Demain", status="embargoed", until=dt.date.max)
    write_transcript(archive, STREET, CUES, **MACHINE)
    write_transcript(archive, MEMORY, CUES, status="reread")
    for slug in ("2024-04-16-retire", "2024-05-21-demain"):
        write_transcript(archive, slug, CUES, **MACHINE)
    archive.evidence_path(f"{SHOW}/{STREET}").write_text('{"version": 1}\n', encoding="utf-8")
    return archive


@pytest.fixture
def index() -> Canned:
    return Canned()


@pytest.fixture
def app(archive: Archive, index: Canned) -> Flask:
    return create_app(archive, cast(Index, index), base_url=HERE)


def visit(archive: Archive, index: object, base_url: str = HERE) -> FlaskClient:
    return create_app(archive, cast(Index, index), base_url=base_url).test_client()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def text(response: TestResponse) -> str:
    """The words of a page, without its tags."""
    return " ".join(re.sub(r"<[^>]*>", " ", response.text).split())


class Links(HTMLParser):
    """The addresses that a page names."""

    def __init__(self, page: str):
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in ("style", "iframe", "base")
        if ("rel", "schema.DC") in attrs:  # a name, which no browser asks for
            return
        self.found += [value or "" for name, value in attrs if name in ("href", "src", "action")]


# Pages


def test_home_searches_first_then_lists_what_is_new(client: FlaskClient) -> None:
    response = client.get("/")
    assert response.status_code == 200
    order = [
        'role="search"',
        "Garder la mémoire",
        "La ville intelligente",
        "Les micros",
        "découdre",
    ]
    places = [response.text.rindex(word) for word in order]
    assert places == sorted(places)
    assert '<label for="q">' in response.text
    assert "Retiré" not in response.text
    assert "Demain" not in response.text


def test_home_lists_twelve_episodes_of_many(archive: Archive, client: FlaskClient) -> None:
    for day in range(1, 21):
        make_episode(archive, f"2025-01-{day:02d}-x", f"Titre {day}")
    assert client.get("/").text.count('<time datetime="2025') == 12
    assert client.get(f"/shows/{SHOW}/").text.count("<time datetime=") == 23


def test_an_empty_archive_says_so(tmp_path: Path) -> None:
    empty = Archive(tmp_path)
    empty.create()
    response = visit(empty, Canned()).get("/")
    assert "pas encore d’épisode" in response.text


def test_show_lists_its_episodes(client: FlaskClient) -> None:
    page = client.get(f"/shows/{SHOW}/").text
    assert "3 épisodes" in page
    assert page.index("Garder la mémoire") < page.index("Les micros")
    assert client.get(f"/shows/{SHOW}").status_code == 200


def test_episode_gives_all_without_script(client: FlaskClient) -> None:
    response = client.get(PAGE)
    assert "mardi 16 janvier 2024" in response.text
    assert "Avec Camille (présentation), Noé" in text(response)
    assert "<p>Un</p>" in response.text
    assert f'src="{MEDIA}"' in response.text
    assert '<audio controls preload="metadata"' in response.text
    assert "Transcription automatique, non relue" in response.text
    assert "modèle base, openai-whisper 20250625, 3 mai 2026" in response.text
    for suffix in ("vtt", "srt", "txt", "html", "json"):
        assert f'href="{TEXTS}.{suffix}?download=1"' in response.text
    assert f'href="{MEDIA}?download=1"' in response.text
    for number, cue in enumerate(CUES, 1):
        assert f'id="c{number}" href="?t={cue.start:g}#c{number}"' in response.text
    assert "micros &amp; des lampadaires" in response.text
    assert "Camille\u00a0:" in response.text


@pytest.mark.parametrize(
    ("asked", "cue"), [("0", 1), ("2.65", 2), ("7", 2), ("12", 3), ("14.805", 4), ("60", 4)]
)
def test_episode_opens_at_a_second(client: FlaskClient, asked: str, cue: int) -> None:
    page = client.get(f"{PAGE}?t={asked}").text
    assert f'src="{MEDIA}#t={asked}"' in page
    marked = re.findall(r'<span id="t"></span><a class="cue" id="c(\d)" aria-current="true"', page)
    assert marked == [str(cue)]


@pytest.mark.parametrize("asked", ["", "x", "-1", "nan", "inf", "1e99", "62.8", "12:34", "٣"])
def test_episode_ignores_times_that_are_none(client: FlaskClient, asked: str) -> None:
    response = client.get(PAGE, query_string={"t": asked})
    assert response.status_code == 200
    if asked != "٣":
        assert f'src="{MEDIA}"' in response.text
        assert 'id="t"' not in response.text


def test_episode_says_who_answers_for_its_transcript(archive: Archive, client: FlaskClient) -> None:
    assert "Transcription relue" in client.get(f"/shows/{SHOW}/{MEMORY}").text
    page = client.get(f"/shows/{SHOW}/{CITY}").text
    assert "pas encore de transcription" in page
    assert "/transcripts/" not in page
    write_transcript(archive, CITY, CUES)
    assert "On ne sait pas si" in client.get(f"/shows/{SHOW}/{CITY}").text
    write_transcript(archive, CITY, (), **MACHINE)
    assert "Aucune parole" in client.get(f"/shows/{SHOW}/{CITY}").text


def test_a_broken_transcript_does_not_hide_the_audio(
    archive: Archive, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    archive.vtt_path(f"{SHOW}/{CITY}").write_text("not a transcript", encoding="utf-8")
    response = client.get(f"/shows/{SHOW}/{CITY}")
    assert response.status_code == 200
    assert "ne peut pas être lue" in response.text
    assert "<audio" in response.text
    assert f"{CITY}.vtt" in caplog.text


def test_a_correction_shows_at_once(archive: Archive, client: FlaskClient) -> None:
    client.get(PAGE)
    write_transcript(archive, STREET, [Cue(0, 1, "Corrigé à la main")], status="reread")
    assert "Corrigé à la main" in client.get(PAGE).text


def test_music_is_marked_where_it_plays(archive: Archive, client: FlaskClient) -> None:
    """Cues 3 and 4 are one paragraph, until music plays between them."""
    assert "♪" not in client.get(f"/shows/{SHOW}/{MEMORY}").text
    write_transcript(archive, MEMORY, (*CUES[:3], Cue(40.0, 42.0, "De retour.", "Camille")))
    regions = [
        Region(0.0, 6.125, "speech"),
        Region(6.125, 11.308, "music"),
        Region(11.308, 14.0, "speech"),
        Region(14.0, 18.9, "music"),  # too short
        Region(18.9, 40.0, "silence"),
        Region(40.0, 42.0, "speech"),
        Region(41.9, 62.8, "music"),
    ]
    write_evidence(archive, MEMORY, *regions)
    page = client.get(f"/shows/{SHOW}/{MEMORY}").text
    assert re.findall(r'id="(c\d|m\d)"', page) == ["c1", "c2", "m2", "c3", "c4", "m5"]
    assert '<a class="time" href="?t=6.125#m2" data-start="6.125">0:06</a>' in page
    assert re.findall(r"♪ musique <span>\((.*?)\)", page) == ["0:05", "0:20"]
    english = client.get(f"/shows/{SHOW}/{MEMORY}?lang=en").text
    assert "♪ music <" in english
    assert '"?lang=en&amp;t=41.9#m5"' in english


def test_words_in_doubt_are_dotted_until_somebody_reread_them(
    archive: Archive, client: FlaskClient
) -> None:
    words = [
        Word(0.0, 0.4, "Bonjour", 0.9),
        Word(0.5, 0.7, "à", 0.4),
        Word(0.8, 1.2, "toutes", 0.3),
        Word(1.3, 1.6, "est", 0.2),
        Word(1.7, 2.1, "tous.", 0.9),
    ]
    segment = Segment(0.0, 2.1, "", tuple(words), 5, 0.0, -0.3, 1.2, 0.0)
    write_evidence(archive, STREET, segments=(segment,))
    dotted = re.compile(r'class="doubt">(.*?)<')
    page = client.get(PAGE).text
    assert dotted.findall(page) == ["soulignés de points", "à toutes"]  # "et" was corrected
    write_transcript(archive, STREET, CUES, status="reread")
    assert dotted.findall(client.get(PAGE).text) == []


def test_an_episode_is_searched_on_its_page(archive: Archive) -> None:
    index = Index(archive)
    index.refresh()
    client = visit(archive, index)
    archive.write_waveform(archive.episode(f"{SHOW}/{STREET}"), bytes(range(240)))
    page = client.get(f"{PAGE}?q=lampadaire").text
    assert "1 passage pour «\u00a0lampadaire\u00a0»" in page
    assert "<mark>lampadaires</mark>" in page
    assert re.findall(rf'href="({PAGE}\?t=[\d.]+&amp;q=lampadaire#t)" data-start', page)
    assert page.count('class="hit"') == 1
    assert 'value="lampadaire"' in page
    nothing = client.get(f"{PAGE}?q=chaussette").text
    assert "n’a pas été trouvé" in nothing
    assert 'class="hit"' not in nothing


def test_a_search_that_fails_hides_no_episode(index: Canned, client: FlaskClient) -> None:
    index.answer = SearchError("broken")
    assert "<audio" in client.get(f"{PAGE}?q=micro").text


def test_the_waveform_shows_chapters(archive: Archive, client: FlaskClient) -> None:
    assert "<svg" not in client.get(PAGE).text
    chapters = (Chapter(0.0, "Un"), Chapter(31.4, "Deux"))
    make_episode(archive, STREET, "Les micros", chapters=chapters)
    archive.write_waveform(archive.episode(f"{SHOW}/{STREET}"), bytes([0, 128, 255, 3]))
    page = client.get(PAGE).text
    assert re.findall(r'class="chapter" d="M([\d.]+)', page) == ["0.0", "480.0"]
    assert 'aria-hidden="true"' in page
    assert 'd="M120 30v4M360 16v32M600 0v64M840 30v4"' in page


def test_a_stretch_is_quoted_whole(client: FlaskClient) -> None:
    at = "?t=2.65,14.805"
    quoted = client.get(f"/cite/{SHOW}/{STREET}.txt{at}").text
    words = " ".join(cue.text for cue in CUES[1:3])
    assert quoted.startswith(f"« {words} » ")
    assert quoted.endswith(f"{PAGE}{at}\n")
    for path in (f"/share/{SHOW}/{STREET}{at}", f"{PAGE}{at}"):
        page = client.get(path).text
        assert html.escape(words, quote=True).replace("&#x27;", "&#39;") in page
        assert f'href="/clips/{SHOW}/{STREET}.mp3?t=2.65,14.805&amp;download=1"' in page
        assert f'value="http://localhost{PAGE}{at}"' in page
    assert f'src="{MEDIA}#t=2.65,14.805"' in page


def test_music_parts_a_paragraph(archive: Archive, client: FlaskClient) -> None:
    cues = [Cue(at, at + 0.5, f"Mot {at}.") for at in range(10)]
    write_transcript(archive, MEMORY, cues)
    assert client.get(f"/shows/{SHOW}/{MEMORY}").text.count('class="paragraph"') == 1
    write_evidence(archive, MEMORY, Region(2.2, 9.0, "music"))  # a person moved the cues
    page = client.get(f"/shows/{SHOW}/{MEMORY}").text
    assert page.count('class="paragraph"') == 2
    assert re.findall(r'id="c(\d+)"', page) == [str(number) for number in range(1, 11)]
    assert page.index("Mot 5") < page.index("♪") < page.index("Mot 6")


def test_music_is_marked_where_nobody_speaks(archive: Archive, client: FlaskClient) -> None:
    write_transcript(archive, CITY, (), **MACHINE)
    write_evidence(archive, CITY, Region(0.0, 62.8, "music"))
    page = client.get(f"/shows/{SHOW}/{CITY}").text
    assert "Aucune parole" in page
    assert "Choisissez une phrase" not in page
    assert '<a class="time" href="?t=0#m1" data-start="0">0:00</a>' in page
    assert "♪ musique <span>(1:02)</span>" in page


def test_evidence_that_cannot_be_read_costs_its_marks_only(
    archive: Archive, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    write_evidence(archive, STREET, Region(30.0, 40.0, "music"))
    assert "♪" in client.get(PAGE).text
    archive.evidence_path(f"{SHOW}/{STREET}").write_text("{", encoding="utf-8")
    assert "micros" in client.get(PAGE).text
    assert f"{STREET}.json" in caplog.text
    caplog.clear()
    assert "♪" not in client.get(PAGE).text
    assert caplog.text == ""  # said once
    archive.evidence_path(f"{SHOW}/{STREET}").unlink()
    assert "♪" not in client.get(PAGE).text


# Search


def hits(*episodes: EpisodeHits, page: int = 1, pages: int = 1) -> Results:
    return Results("x", len(episodes), episodes, page, pages)


def found(slug: str, *snippets: tuple[tuple[str, bool], ...]) -> EpisodeHits:
    made = tuple(Hit(12.5 + n, snippet) for n, snippet in enumerate(snippets))
    return EpisodeHits(f"{SHOW}/{slug}", SHOW, slug, dt.date(2024, 1, 16), made)


def test_search_marks_words_and_links_to_the_second(client: FlaskClient, index: Canned) -> None:
    snippet = (("des ", False), ("lampadaires", True), (" & <b>", False))
    index.answer = hits(found(STREET, snippet), found(CITY))
    response = client.get("/search?q=lampadaires")
    assert response.headers["Cache-Control"] == "no-store"
    assert "2 épisodes pour «\u00a0lampadaires\u00a0»</h1>" in response.text
    assert "des <mark>lampadaires</mark> &amp; &lt;b&gt;" in response.text
    assert f'href="{PAGE}?t=12.5&amp;q=lampadaires#t"' in response.text
    assert f'href="/shows/{SHOW}/{CITY}"' in response.text
    assert 'role="status"' in response.text
    assert '<span id="t">' in client.get(f"{PAGE}?t=12.5").text


def test_search_passes_on_what_is_asked(client: FlaskClient, index: Canned) -> None:
    client.get("/search", query_string={"q": "  la   ville\t", "show": SHOW, "page": "3"})
    assert index.asked == ["la ville", SHOW, 3]
    for page in ("0", "-1", "x", "", "99999999", "²"):
        client.get("/search", query_string={"q": "y" * 999, "show": "../etc", "page": page})
        assert index.asked == ["y" * 200, "../etc", 1]


def test_search_without_words_asks_for_some(client: FlaskClient, index: Canned) -> None:
    response = client.get("/search?q=+")
    assert "Écrivez un ou plusieurs mots" in response.text
    assert index.asked == []


def test_search_that_finds_nothing_gives_advice(client: FlaskClient) -> None:
    response = client.get("/search?q=zzz")
    assert response.status_code == 200
    assert "Aucun épisode pour" in response.text
    assert "Vérifiez l’orthographe" in response.text


def test_search_has_pages(client: FlaskClient, index: Canned) -> None:
    index.answer = hits(found(STREET, (("a", True),)), page=2, pages=3)
    page = client.get(f"/search?q=a&show={SHOW}&page=2&lang=fr").text
    links = [link for link in Links(page).found if "page=" in link]
    assert f"/search?q=a&show={SHOW}&page=1&lang=fr" in links
    assert f"/search?q=a&show={SHOW}&page=3&lang=fr" in links


def test_search_gives_no_episode_that_was_withdrawn_since(archive: Archive) -> None:
    index = Index(archive)
    index.refresh()
    client = visit(archive, index)
    addresses = [
        "/search?q=lampadaires",
        "/search.xml?q=lampadaires",
        "/search/words?q=lampadaires",
    ]
    for address in addresses:
        assert STREET in client.get(address).text
    episode = archive.episode(f"{SHOW}/{STREET}")
    archive.write_episode(dataclasses.replace(episode, status="withdrawn", reason="x"))
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200
        assert STREET not in response.text


def test_the_real_index_answers(archive: Archive) -> None:
    index = Index(archive)
    index.refresh()
    client = visit(archive, index)
    page = client.get("/search?q=lampadaire").text
    assert "<mark>lampadaires</mark>" in page
    links = [link for link in Links(page).found if link.endswith("#t")]
    assert {link.partition("?t=")[0] for link in links} == {PAGE, f"/shows/{SHOW}/{MEMORY}"}
    assert all('<span id="t">' in client.get(link).text for link in links)
    assert client.get("/search?q=lampadaire&page=9").status_code == 404


# Media and transcripts


def test_media_are_the_bytes_received(archive: Archive, client: FlaskClient) -> None:
    content = (DEMO / f"{STREET}.mp3").read_bytes()
    with client.get(MEDIA) as response:
        assert response.data == content
        assert response.mimetype == "audio/mpeg"
        assert response.headers["ETag"] == f'"{hashlib.sha256(content).hexdigest()}"'
        assert "Content-Disposition" not in response.headers
        etag = response.headers["ETag"]
    with client.get(MEDIA, headers={"Range": "bytes=1000-1999", "If-Range": etag}) as response:
        assert (response.status_code, response.data) == (206, content[1000:2000])
    with client.get(MEDIA, headers={"If-None-Match": etag}) as response:
        assert response.status_code == 304
    with client.get(MEDIA, headers={"Range": "bytes=9999999-"}) as response:
        assert response.status_code == 416


def test_changed_audio_does_not_pass_for_the_original(
    archive: Archive, client: FlaskClient
) -> None:
    episode = archive.episode(f"{SHOW}/{STREET}")
    archive.audio_path(episode).write_bytes(b"something else")
    headers = {"If-None-Match": f'"{episode.audio.sha256}"'}
    with client.get(MEDIA, headers=headers) as response:
        assert (response.status_code, response.data) == (200, b"something else")


def test_downloads_have_a_name_for_people(client: FlaskClient) -> None:
    with client.get(f"{MEDIA}?download=1") as response:
        name = quote("La Machine à découdre – 2024-01-16 – Les micros de la rue")
        assert response.headers["Content-Disposition"] == (
            f"attachment; filename=\"{STREET}.mp3\"; filename*=UTF-8''{name}.mp3"
        )


def test_transcripts_in_four_forms(archive: Archive, client: FlaskClient) -> None:
    vtt = client.get(f"{TEXTS}.vtt")
    assert vtt.data == archive.vtt_path(f"{SHOW}/{STREET}").read_bytes()
    assert vtt.content_type == "text/vtt; charset=utf-8"
    assert vtt.headers["Cache-Control"] == "no-cache"
    again = client.get(f"{TEXTS}.vtt", headers={"If-None-Match": vtt.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get(f"{TEXTS}.srt").text.startswith("1\n00:00:00,000 --> 00:00:02,150\nBonjour")
    head, _, said = client.get(f"{TEXTS}.txt").text.partition("\n\n")
    assert head.endswith("\nTranscription automatique non relue")
    assert said.startswith("[0:00] Bonjour")
    assert client.get(f"{TEXTS}.json").json == {"version": 1}
    for form in ("vtt", "srt", "txt", "json"):
        assert client.get(f"/transcripts/{SHOW}/{CITY}.{form}").status_code == 404
    disposition = client.get(f"{TEXTS}.txt?download=1").headers["Content-Disposition"]
    assert disposition.endswith("rue.txt")


@pytest.mark.parametrize(
    ("slug", "status"), [("2024-04-16-retire", 410), ("2024-05-21-demain", 404)]
)
def test_what_is_not_public_is_not_given(client: FlaskClient, slug: str, status: int) -> None:
    addresses = [f"/shows/{SHOW}/{slug}", f"/media/{SHOW}/{slug}.mp3"]
    addresses += [f"/transcripts/{SHOW}/{slug}.{form}" for form in ("vtt", "srt", "txt", "json")]
    for address in addresses:
        response = client.get(address, headers={"Range": "bytes=0-9"})
        assert response.status_code == status
        assert ("À sa demande." in response.text) == (status == 410)
        assert "Bonjour" not in response.text
        assert response.mimetype == "text/html"


# When something goes wrong


@pytest.mark.parametrize(
    "address",
    [
        "/nope",
        "/shows/nope/",
        "/shows/NOPE/x",
        f"/shows/{SHOW}/nope",
        f"/shows/{SHOW}/show",
        "/static/nope",
        "/media/nope/nope.mp3",
        f"/media/{SHOW}/{STREET}.ogg",
        f"/media/{SHOW}/nope.json",
        f"/media/{SHOW}/nope.jpg",
        f"/media/{SHOW}/{STREET}.jpg",
        "/media/nope/show.json",
    ],
)
def test_what_is_not_there_is_searched_for(client: FlaskClient, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 404
    assert "Cette page n’existe pas" in response.text
    assert 'role="search"' in response.text
    assert response.headers["Cache-Control"] == "no-store"


def test_errors_are_logged_and_give_nothing_away(
    archive: Archive, caplog: pytest.LogCaptureFixture
) -> None:
    client = visit(archive, Canned(SearchError(f"/srv/{CANARY}: broken")))
    response = client.get("/search?q=secretquery")
    assert response.status_code == 503
    assert "Quelque chose s’est mal passé" in response.text
    assert CANARY not in response.text
    assert CANARY in caplog.text
    assert "secretquery" not in caplog.text


def test_other_methods_are_refused(client: FlaskClient) -> None:
    for method in (client.post, client.put, client.delete):
        assert method("/").status_code == 405


def test_plain_addresses(client: FlaskClient) -> None:
    assert client.get("/healthz").text == "ok"
    assert client.get("/robots.txt").text.startswith("User-agent: *\n")


# Headers and privacy

EVERYWHERE = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
        "magnetometer=(), microphone=(), midi=(), payment=(), usb=(), browsing-topics=()"
    ),
}
OF_PAGES = EVERYWHERE | {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; font-src 'self'; "
        "script-src 'self'; connect-src 'self'; form-action 'self'; manifest-src 'self'; "
        "frame-ancestors 'none'; "
        "base-uri 'none'"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
}
OF_FILES = EVERYWHERE | {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
CLIP = MEDIA.replace("/media/", "/clips/") + "?t=2,5.5"
EMBEDDED = {name: value for name, value in OF_PAGES.items() if name != "X-Frame-Options"} | {
    "Content-Security-Policy": OF_PAGES["Content-Security-Policy"].replace(
        "frame-ancestors 'none'", "frame-ancestors *"
    ),
}
FEED = f"/shows/{SHOW}/feed.xml"
WHOLE_MAP = {
    "pages.home": ("/", OF_PAGES, "public, max-age=300"),
    "pages.show": (f"/shows/{SHOW}/", OF_PAGES, "public, max-age=300"),
    "pages.episode": (PAGE, OF_PAGES, "public, max-age=300"),
    "pages.share": (f"/share/{SHOW}/{STREET}?t=3", OF_PAGES, "public, max-age=300"),
    "pages.catalogue_page": ("/catalogue", OF_PAGES, "public, max-age=300"),
    "pages.integrity": ("/fixity", OF_PAGES, "public, max-age=300"),
    "pages.words": ("/privacy", OF_PAGES, "public, max-age=300"),
    "sharing.citation": (f"/cite/{SHOW}/{STREET}.bib?t=3", OF_FILES, "public, max-age=300"),
    "sharing.embed": (f"/embed/{SHOW}/{STREET}?t=3", EMBEDDED, "public, max-age=300"),
    "sharing.oembed": (f"/oembed?url=http://localhost{PAGE}", OF_FILES, "public, max-age=300"),
    "finding.search": ("/search?q=a", OF_PAGES, "no-store"),
    "finding.listen": ("/search/listen?q=a", OF_PAGES, "no-store"),
    "finding.concordance": ("/search/words?q=a", OF_PAGES, "no-store"),
    "finding.months": ("/search/months?q=a&and=b", OF_PAGES, "no-store"),
    "finding.table": ("/search/words.csv?q=a", OF_FILES, "no-store"),
    "finding.playlist": ("/search.m3u?q=a", OF_FILES, "no-store"),
    "finding.titled_playlist": ("/search.xspf?q=a", OF_FILES, "no-store"),
    "finding.suggest": ("/suggest?q=a", OF_FILES, "no-store"),
    "files.media": (MEDIA, OF_FILES, "no-cache"),
    "files.sidecar": (MEDIA.replace(".mp3", ".json"), OF_FILES, "no-cache"),
    "files.picture": (MEDIA.replace(".mp3", ".webp"), OF_FILES, "no-cache"),
    "files.clip": (CLIP, OF_FILES, "public, max-age=300"),
    "files.transcript": (f"{TEXTS}.vtt", OF_FILES, "no-cache"),
    "files.translation": (f"{TEXTS}.en.vtt", OF_FILES, "no-cache"),
    "pictures.show_cover": (f"/covers/{SHOW}.png", OF_FILES, "public, max-age=300"),
    "pictures.episode_cover": (f"/covers/{SHOW}/{STREET}.webp", OF_FILES, "public, max-age=300"),
    "pictures.card": (f"/cards/{SHOW}/{STREET}.png?t=3", OF_FILES, "public, max-age=300"),
    "pictures.icon": ("/icons/180.png", OF_FILES, "public, max-age=300"),
    "bags.archive": ("/download/archive.zip", OF_FILES, "no-cache"),
    "downloads.tagged": (MEDIA.replace("/media/", "/download/"), OF_FILES, "no-cache"),
    "files.segments": (f"{TEXTS}.podcast.json", OF_FILES, "no-cache"),
    "listing.table": ("/catalogue.csv", OF_FILES, "no-cache"),
    "listing.lines": ("/catalogue.jsonl", OF_FILES, "no-cache"),
    "listing.manifest": ("/fixity.jsonl", OF_FILES, "no-cache"),
    "listing.sums": ("/fixity.sha256", OF_FILES, "no-cache"),
    "feeds.feed": (FEED, OF_FILES, "no-cache"),
    "feeds.all_shows": ("/feed.xml", OF_FILES, "no-cache"),
    "feeds.subscriptions": ("/shows.opml", OF_FILES, "no-cache"),
    "feeds.chapters": (f"/shows/{SHOW}/chapters/{STREET}.json", OF_FILES, "no-cache"),
    "feeds.passages": ("/search.xml?q=a", OF_FILES, "no-cache"),
    "api.search": ("/api/v1/search?q=a", OF_FILES, "no-store"),
    "api.episodes": ("/api/v1/episodes", OF_FILES, "no-store"),
    "api.episode": (f"/api/v1/episodes/{SHOW}/{STREET}", OF_FILES, "no-store"),
    "api.openapi": ("/api/v1/openapi.json", OF_FILES, "no-store"),
    "healthz": ("/healthz", OF_PAGES, "no-store"),
    "discovery.robots": ("/robots.txt", OF_PAGES, "public, max-age=300"),
    "discovery.sitemap": ("/sitemap.xml", OF_FILES, "public, max-age=300"),
    "discovery.opensearch": ("/opensearch.xml", OF_FILES, "public, max-age=300"),
    "discovery.manifest": ("/manifest.webmanifest", OF_FILES, "public, max-age=300"),
    "discovery.worker": ("/sw.js", OF_PAGES, "no-cache"),
    "imprint.colors": ("/site.css", OF_PAGES, "public, max-age=300"),
    "imprint.logo": ("/logo.png", OF_FILES, "public, max-age=300"),
    "static": ("/static/style.css?v=1", OF_PAGES, "public, max-age=31536000, immutable"),
    None: ("/nope", OF_PAGES, "no-store"),
}


def test_every_address_carries_its_headers_and_no_cookie(
    app: Flask, client: FlaskClient, archive: Archive
) -> None:
    archive.translation_path(f"{SHOW}/{STREET}").write_text("WEBVTT\n", encoding="utf-8")
    picture = f"{STREET}.webp"
    (archive.media / SHOW / picture).touch()
    (archive.root / "site.json").write_text('{"logo": "logo.png"}', encoding="utf-8")
    (archive.root / "logo.png").touch()
    make_episode(archive, STREET, "Les micros", chapters=(Chapter(0.0, "Début"),), image=picture)
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(WHOLE_MAP) - {None}
    for address, expected, age in WHOLE_MAP.values():
        for method in ("GET", "HEAD"):
            with client.open(address, method=method) as response:
                headers = dict(response.headers)
        assert headers | expected | {"Cache-Control": age} == headers
        assert "Set-Cookie" not in headers
        assert ("X-Frame-Options" in headers) is (expected is not EMBEDDED)
        assert "Strict-Transport-Security" not in headers
        if "text/html" in headers["Content-Type"]:
            assert headers["Vary"] == "Accept-Language, Accept-Encoding"


def test_text_is_sent_compressed_to_whoever_takes_it(client: FlaskClient) -> None:
    accepting = {"Accept-Encoding": "gzip, br"}
    sheet = f"/static/style.css?v={CANARY}"
    for path in (PAGE, FEED, sheet, "/sw.js"):
        with client.get(path) as plain, client.get(path, headers=accepting) as packed:
            assert "Content-Encoding" not in plain.headers
            assert packed.headers["Content-Encoding"] == "gzip", path
            assert gzip.decompress(packed.data) == plain.data
            assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data)
            assert "Accept-Encoding" in packed.headers["Vary"]
            assert "Accept-Encoding" in plain.headers["Vary"]
    with client.get(MEDIA, headers=accepting) as sound:
        assert "Content-Encoding" not in sound.headers
    known = client.get(FEED, headers=accepting).headers["ETag"]
    assert client.get(FEED, headers={**accepting, "If-None-Match": known}).status_code == 304


def test_the_feed_is_asked_again_only_when_it_changed(archive: Archive) -> None:
    public = visit(archive, Canned(), "https://radio.example/")
    first = public.get(FEED)
    assert first.mimetype == "application/rss+xml"
    assert f"https://radio.example{MEDIA}" in first.text
    assert "Last-Modified" not in first.headers
    assert public.get(FEED, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_absolute_addresses_come_from_the_setting_alone(archive: Archive) -> None:
    public = visit(archive, Canned(), "https://radio.example/")
    evil = public.get(PAGE, headers={"Host": "evil.example"})
    assert "evil.example" not in evil.text + str(evil.headers)
    assert f'<link rel="canonical" href="https://radio.example{PAGE}">' in evil.text
    assert "Strict-Transport-Security" not in evil.headers
    ours = public.get("/", headers={"Host": "radio.example"})
    assert ours.headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_link_stays_here_and_leads_somewhere(client: FlaskClient, lang: str) -> None:
    todo, seen = [f"/?lang={lang}"], set[str]()
    while todo:
        address = todo.pop().partition("#")[0]
        if address in seen:
            continue
        seen.add(address)
        with client.get(address) as response:
            assert response.status_code == 200, address
            if response.mimetype != "text/html":
                continue
            page = response.get_data(as_text=True)
        assert not re.search(
            r"<style|style=|<script(?! (src|type=.application/ld))| on[a-z]+=", page
        )
        links = Links(page).found
        for link in links:
            parts = urlsplit(link)
            assert (parts.scheme, parts.netloc) in {("", ""), ("http", "localhost")}, link
            todo.append(link if parts.path else urlsplit(address).path + link)
    assert len(seen) > 30


def test_hostile_words_are_only_words(archive: Archive, index: Canned, client: FlaskClient) -> None:
    archive.write_show(Show(SHOW, HOSTILE, HOSTILE, HOSTILE, HOSTILE))
    person = Person(HOSTILE, HOSTILE)
    make_episode(archive, STREET, HOSTILE, description=HOSTILE, people=(person,))
    note = {"status": "machine", "engine": HOSTILE, "model": HOSTILE, "date": HOSTILE}
    write_transcript(archive, STREET, [Cue(0, 5, HOSTILE, "Someone")], **note)
    reason = {"status": "withdrawn", "reason": HOSTILE}
    make_episode(archive, "2024-04-16-retire", HOSTILE, **reason)
    made = found(STREET, ((HOSTILE, False), (HOSTILE, True)))
    index.answer = hits(dataclasses.replace(made, title=HOSTILE))
    addresses = ["/", f"/shows/{SHOW}/", f"{PAGE}?t=1", f"/shows/{SHOW}/2024-04-16-retire"]
    for address in [*addresses, "/search?q=" + quote(HOSTILE), "/" + quote(HOSTILE)]:
        page = client.get(address).text
        assert "<script>" not in page
        assert "<img src=//" not in page
        assert re.findall("<img[^>]*src=[^>]*>", page) == re.findall(COVER, page)
    with client.get(f"{MEDIA}?download=1") as response:
        name = response.headers["Content-Disposition"].split("''")[1]
        assert re.fullmatch(r"[\w.%~-]+", name)


# Traversal


def evil_paths(count: int, secret: Path) -> Iterator[str]:
    chance = random.Random(15)
    ups = ["..", "%2e%2e", "%252e%252e", ".%2e", "%c0%ae%c0%ae", "．．", "..%00", "....", "."]
    slashes = ["/", "%2f", "%252f", "%5c", "\\", "//", "/./", "%c0%af"]
    ends = [str(secret).lstrip("/"), "secret.txt", "show.json", "archive/secret.txt", "app.py"]
    ends += ["x" * 5000, f"{STREET}.mp3%00.txt", f"{STREET}.json", "link.mp3", ".hidden.mp3"]
    starts = [
        "/media/",
        "/download/",
        "/transcripts/",
        "/static/",
        "/shows/",
        "/",
        f"/media/{SHOW}/",
    ]
    starts += [f"/transcripts/{SHOW}/", f"/shows/{SHOW}/", "/media//", "/static/../"]
    for _ in range(count):
        climb = "".join(
            chance.choice(ups) + chance.choice(slashes) for _ in range(chance.randrange(1, 9))
        )
        yield (
            chance.choice(starts) + climb + chance.choice(ends) + chance.choice(["", ".vtt", "%00"])
        )


def test_2000_paths_give_nothing_from_outside(
    archive: Archive, client: FlaskClient, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.txt"
    for place in (secret, archive.root / "secret.txt", archive.media / SHOW / ".hidden.mp3"):
        place.write_text(CANARY, encoding="utf-8")
    for path in evil_paths(2000, secret):
        with client.get(path) as response:
            assert response.status_code in (400, 404), path
            given = response.get_data(as_text=True)
        assert CANARY not in given, path
        assert "def create_app" not in given, path


def test_links_out_of_the_archive_are_not_followed(
    archive: Archive, client: FlaskClient, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(f"WEBVTT\n\n1\n00:00:00.000 --> 00:00:01.000\n{CANARY}\n", encoding="utf-8")
    episode = make_episode(archive, "2024-06-18-lien", "Lien")
    vtt, evidence = archive.vtt_path(episode.key), archive.evidence_path(episode.key)
    archive.audio_path(episode).unlink()
    for path in (archive.audio_path(episode), vtt, evidence):
        path.symlink_to(secret)
    for address in ("/media/{}.mp3", "/transcripts/{}.vtt", "/transcripts/{}.json"):
        response = client.get(address.format(episode.key))
        assert response.status_code == 404
        assert CANARY not in response.text
    archive.audio_path(episode).unlink()
    os.mkfifo(archive.audio_path(episode))
    assert client.get(f"/media/{episode.key}.mp3").status_code == 404


# Static files


def test_while_much_is_drawn_the_other_pages_answer(client: FlaskClient) -> None:
    with contextlib.ExitStack() as busy:
        for _ in range(4):
            busy.enter_context(pictures.drawing.entered())
        assert client.get(f"/cards/{SHOW}/{STREET}.png?t=1").status_code == 503
        assert client.get(PAGE).status_code == 200
    assert client.get(f"/cards/{SHOW}/{STREET}.png?t=1").status_code == 200


@pytest.mark.parametrize("page", [PAGE, "/", "/kept", "/search/listen?q=a"])
def test_a_page_loads_little_script(client: FlaskClient, page: str) -> None:
    names = re.findall(r'<script src="/static/(\w+\.js)', client.get(page).text)
    assert "suggest.js" in names
    assert sum((ROOM / "static" / name).stat().st_size for name in names) < 17_000


@pytest.mark.parametrize("view", ["", "/listen", "/words", "/months"])
def test_only_months_compare_two_searches(client: FlaskClient, view: str) -> None:
    page = client.get(f"/search{view}?q=a").text
    assert ('name="and"' in page) is (view == "/months")
    assert '<meta name="robots" content="noindex">' in page


def test_the_icon_is_our_own(client: FlaskClient) -> None:
    assert 'rel="icon" href="/static/icon.svg?v=' in client.get("/").text


# Languages


@pytest.mark.parametrize(
    ("accepted", "asked", "lang"),
    [
        ("", "", "fr"),
        ("en-GB,en;q=0.9", "", "en"),
        ("de", "", "fr"),
        ("fr-FR,en;q=0.5", "", "fr"),
        ("en;q=0, de", "", "fr"),
        ("en", "?lang=fr", "fr"),
        ("fr", "?lang=en", "en"),
        ("fr", "?lang=xx", "fr"),
    ],
)
def test_language_is_the_one_asked_for(
    client: FlaskClient, accepted: str, asked: str, lang: str
) -> None:
    page = client.get(f"{PAGE}{asked}", headers={"Accept-Language": accepted}).text
    assert f'<html lang="{lang}">' in page
    day = {"fr": "mardi 16 janvier 2024", "en": "Tuesday, January 16, 2024"}[lang]
    assert day in page


def test_language_is_kept_from_page_to_page(client: FlaskClient) -> None:
    page = client.get(f"{PAGE}?t=3&lang=en").text
    links = Links(page).found
    assert "/?lang=en" in links
    assert f"/shows/{SHOW}/?lang=en" in links
    assert "?lang=en&t=2.65#c2" in links
    assert f"{PAGE}?t=3&lang=fr" in links
    assert '<input type="hidden" name="lang" value="en">' in page
    assert "lang" not in next(link for link in links if link.startswith("/media/"))


def test_the_english_catalogue_is_complete() -> None:
    methods = [("**.py", "python"), ("templates/**.html", "jinja2")]  # as babel.cfg has them
    said = {message for _, _, message, _, _ in extract_from_dir(ROOM, methods)}
    with (ROOM / "translations/en/LC_MESSAGES/messages.po").open("rb") as file:
        catalogue = read_po(file, locale="en")
    assert {message.id for message in catalogue if message.id} == said
    for message in catalogue:
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(strings), message.id
        assert not message.fuzzy or not message.id, message.id


def test_the_compiled_catalogue_is_up_to_date() -> None:
    folder = ROOM / "translations/en/LC_MESSAGES"
    with (folder / "messages.po").open("rb") as file:
        compiled = BytesIO()
        write_mo(compiled, read_po(file, locale="en"))
    compiled.seek(0)
    with (folder / "messages.mo").open("rb") as file:
        assert sentences(read_mo(file)) == sentences(read_mo(compiled))


def sentences(catalogue: Catalog) -> set[str]:
    return {f"{message.id} -> {message.string}" for message in catalogue if message.id}


def test_a_transcription_under_way_says_how_far_it_is(
    archive: Archive, client: FlaskClient
) -> None:
    path = archive.checkpoint_path(f"{SHOW}/{CITY}")
    fresh = Checkpoint("00", "engine", "11", "fr", "")
    save(path, dataclasses.replace(fresh, reached=round(15.7 * RATE), spent=60.0))
    page = client.get(f"/shows/{SHOW}/{CITY}")
    assert "Transcription en cours 25 % faits, encore 3 min environ." in text(page)
    assert 'value="0.25"' in page.text
    assert "n’a pas encore de transcription" not in text(page)
    write_transcript(archive, CITY, CUES, **MACHINE)
    assert "Ce qui est prêt se lit déjà" in text(client.get(f"/shows/{SHOW}/{CITY}"))
    assert "Being transcribed 25% done" in text(client.get(f"/shows/{SHOW}/{CITY}?lang=en"))
    path.unlink()
    assert "en cours" not in text(client.get(f"/shows/{SHOW}/{CITY}"))


def test_english_subtitles_are_given(archive: Archive, client: FlaskClient) -> None:
    address = f"/transcripts/{SHOW}/{STREET}.en.vtt"
    assert client.get(address).status_code == 404
    assert "sous-titres en anglais" not in text(client.get(f"/shows/{SHOW}/{STREET}"))
    archive.translation_path(f"{SHOW}/{STREET}").write_text("WEBVTT\n", encoding="utf-8")
    given = client.get(f"{address}?download=1")
    assert (given.status_code, given.text) == (200, "WEBVTT\n")
    assert given.content_type == "text/vtt; charset=utf-8"
    assert given.headers["Content-Disposition"].endswith("de%20la%20rue.en.vtt")
    assert "sous-titres en anglais" in text(client.get(f"/shows/{SHOW}/{STREET}"))
    assert client.get(f"/transcripts/{SHOW}/2024-04-16-retire.en.vtt").status_code == 410


FOUND = Results(
    "radio dio",
    21,
    (
        EpisodeHits(
            f"{SHOW}/{STREET}",
            SHOW,
            "Les micros : de la rue",
            dt.date(2024, 1, 16),
            (Hit(12.0, (("écoutez ", False), ("Radio", True), (" & co", False))),),
        ),
    ),
    1,
    2,
    Facets((("a", 2), ("b", 1)), ((2024, 2), (2023, 1)), (("Noé", 1), ("Zoé", 1)), ()),
)


def test_answers_are_sorted_narrowed_and_followed(archive: Archive) -> None:
    canned = Canned(FOUND)
    page = visit(archive, canned).get("/search?q=radio+dio&sort=newest")
    assert "sort=oldest" in page.text
    assert "Préciser" in text(page)
    assert "q=radio+dio+personne%3A%22No%C3%A9%22&amp;sort=newest" in page.text
    assert "q=radio+dio+apr%C3%A8s%3A2022+avant%3A2024" in page.text
    assert "sort=newest&amp;page=2" in page.text
    assert 'href="/search.xml?q=radio+dio"' in page.text
    visit(archive, canned).get("/search?q=radio&sort=best;drop")
    assert canned.orders == ["newest", "best"]


def test_what_was_looked_for_instead_is_said(archive: Archive) -> None:
    mended = dataclasses.replace(FOUND, instead="radio")
    page = text(visit(archive, Canned(mended)).get("/search?q=raido"))
    assert "Voici les passages pour « radio »" in page


def test_a_feed_of_passages(archive: Archive) -> None:
    canned = Canned(FOUND)
    given = visit(archive, canned, "https://radio.example").get("/search.xml?q=radio+dio")
    assert canned.orders[-1] == "newest"
    feed = feedparser.parse(given.data)
    assert not feed.bozo
    assert feed.feed.title == "Passages pour «\N{NO-BREAK SPACE}radio dio\N{NO-BREAK SPACE}»"
    (entry,) = feed.entries
    assert entry.link == f"https://radio.example{PAGE}?t=12&q=radio+dio#t"
    assert entry.title == "Les micros : de la rue – 0:12"
    assert entry.summary == "écoutez Radio & co [transcription automatique non relue]"
    assert visit(archive, Canned()).get("/search.xml").status_code == 200


def test_the_api(archive: Archive, client: FlaskClient) -> None:
    given = visit(archive, Canned(FOUND)).get("/api/v1/search?q=radio+dio").get_json()
    assert given["total"] == 21
    assert given["facets"]["years"] == [
        {"value": 2024, "episodes": 2},
        {"value": 2023, "episodes": 1},
    ]
    assert given["episodes"][0]["passages"] == [
        {
            "start": 12.0,
            "url": f"{PAGE}?t=12&q=radio+dio#t",
            "text": "écoutez Radio & co",
            "marked": ["Radio"],
        }
    ]
    schemas = client.get("/api/v1/openapi.json").get_json()["components"]["schemas"]
    described = {"$ref": "#/components/schemas/Results", "components": {"schemas": schemas}}
    Draft202012Validator(described).validate(given)
    past = visit(archive, Canned(dataclasses.replace(FOUND, episodes=())))
    assert past.get("/api/v1/search?q=radio&page=9").status_code == 404
    broken = visit(archive, Canned(SearchError("broken")))
    assert broken.get("/api/v1/search?q=radio").status_code == 503
    assert client.get("/api/v1/search").get_json()["total"] == 0


# Other views of a search

MONTHS = {
    "radio": {dt.date(2023, 12, 1): 3, dt.date(2024, 2, 1): 6},
    "ville": {dt.date(2024, 1, 1): 2},
}


def test_passages_have_a_player_each(archive: Archive) -> None:
    page = visit(archive, Canned(FOUND)).get("/search/listen?q=radio+dio").text
    assert f'src="{MEDIA}#t=10,22"' in page
    assert "<mark>Radio</mark>" in page
    assert 'href="/search.m3u?q=radio+dio"' in page


def test_a_playlist_is_of_clips_that_play(archive: Archive, tmp_path: Path) -> None:
    once = dataclasses.replace(FOUND, pages=1)
    client = visit(archive, Canned(once), "https://radio.example")
    lines = client.get("/search.m3u?q=radio+dio").text.splitlines()
    assert lines[:2] == ["#EXTM3U", "#EXTINF:12,Les micros : de la rue – 0:12"]
    assert lines[2] == f"https://radio.example{CLIP.partition('?')[0]}?t=10,22"
    tracks = ET.fromstring(client.get("/search.xspf?q=radio+dio").data)  # noqa: S314 (our own)
    names = {"x": "http://xspf.org/ns/0/"}
    assert [each.text for each in tracks.iterfind(".//x:location", names)] == lines[2:]
    clip = tmp_path / "clip.mp3"
    clip.write_bytes(client.get(lines[2].removeprefix("https://radio.example")).data)
    assert probe(clip).duration == pytest.approx(12, abs=0.1)


@pytest.mark.parametrize("span", ["", "2", "5,2", "-1,4", "0,301", "2,x", "nan,3", "70,75", "2,2"])
def test_what_is_no_stretch_of_an_episode_is_no_clip(client: FlaskClient, span: str) -> None:
    address = CLIP.partition("?")[0]
    assert client.get(address, query_string={"t": span}).status_code == 404
    assert client.get(address.replace(".mp3", ".ogg"), query_string={"t": "2,3"}).status_code == 404


def test_words_in_context(archive: Archive) -> None:
    client = visit(archive, Canned(FOUND))
    page = client.get("/search/words?q=radio+dio")
    assert (
        '<bdi>écoutez </bdi></td><td class="word"><mark>Radio</mark></td><td> &amp; co</td>'
        in page.text
    )
    assert 'href="/search/words.csv?q=radio+dio' in page.text
    rows = list(csv.reader(client.get("/search/words.csv?q=radio+dio").text.splitlines()))
    assert rows[0][5:8] == ["before", "word", "after"]
    assert rows[1][4:8] == ["12", "écoutez ", "Radio", " & co"]


def test_no_cell_is_a_formula(archive: Archive) -> None:
    hit = Hit(1.0, (("=cmd|'/c'!A0 ", False), ("+1", True)))
    found = dataclasses.replace(FOUND.episodes[0], title="@SUM(1)", hits=(hit,))
    answer = dataclasses.replace(FOUND, episodes=(found,), pages=1)
    text = visit(archive, Canned(answer)).get("/search/words.csv?q=a").text
    (_, row) = csv.reader(text.splitlines())
    assert [row[1], row[5], row[6]] == ["'@SUM(1)", "'=cmd|'/c'!A0 ", "'+1"]


def test_months_are_drawn_and_tabled(archive: Archive) -> None:
    canned = Canned()
    canned.counted = MONTHS
    answer = visit(archive, canned).get("/search/months?q=radio&and=ville")
    page, shown = answer.text, text(answer)
    assert page.count('<rect class="series-a" x=') == 2
    assert page.count('<rect class="series-b" x=') == 1
    assert "février 2024 6 0" in shown
    assert "janvier 2024 0 2" in shown
    assert "q=radio+apr%C3%A8s:2024-01+avant:2024-03" in page
    assert "Rien n’a été trouvé" in visit(archive, canned).get("/search/months?q=zzz").text


def test_many_months_are_drawn_as_years() -> None:
    chart = draw([{dt.date(1990, 5, 1): 1, dt.date(1990, 7, 1): 2, dt.date(2020, 1, 1): 4}])
    assert chart
    assert chart.by_year
    assert [row.counts[0] for row in chart.rows if row.counts[0]] == [3, 4]
    assert len(chart.rows) == 31
    gaps = [b - a for (a, _), (b, _) in itertools.pairwise(chart.years)]
    assert min(gaps) >= 40


def test_suggestions_with_and_without_a_script(archive: Archive, client: FlaskClient) -> None:
    page = client.get("/").text
    assert '<option value="dit &#34;oui&#34; &amp; &lt;non&gt;">' in page
    assert client.get("/suggest?q=caf").get_json()[0] == "café"
    broken = visit(archive, Canned(SearchError("broken")))
    assert broken.get("/").status_code == 200
    assert broken.get(PAGE).status_code == 200


def test_an_episode_names_others_that_speak_of_the_same(archive: Archive) -> None:
    canned = Canned()
    assert "Ailleurs" not in visit(archive, canned).get(PAGE).text
    canned.alike = FOUND.episodes
    page = visit(archive, canned).get(PAGE).text
    assert "Ailleurs, on en parle aussi" in page
    assert "<mark>Radio</mark>" in page


# Finding one's way


def test_the_catalogue_counts_what_there_is(archive: Archive, client: FlaskClient) -> None:
    people = (Person("Noémie Levain", "invitée"), Person("Noémie Levain", "technique"))
    make_episode(archive, "2023-05-02-autre", "Autre", people=people, tags=("École",))
    make_episode(archive, "2023-05-03-encore", "Encore", people=people[:1])
    make_episode(archive, "2023-05-04-cache", "Caché", tags=("secret",), status="withdrawn")
    page = client.get("/catalogue")
    shown = text(page)
    assert "2023 2" in shown
    assert "Noémie Levain 2" in shown
    assert "École 1" in shown
    assert "secret" not in shown
    assert "q=personne:%22No%C3%A9mie+Levain%22&amp;sort=newest" in page.text
    assert "q=apr%C3%A8s:2022+avant:2024" in page.text


def test_an_episode_leads_to_its_neighbours_people_tags_and_links(
    archive: Archive, client: FlaskClient
) -> None:
    make_episode(archive, "2024-01-10-avant", "Avant")
    make_episode(archive, "2024-01-12-retire", "Retiré", status="withdrawn", reason="x")
    links = (
        Link("https://example.org/a?b&c", "Un article"),
        Link("javascript:alert(1)", "Un piège"),
        Link("http://example.org/", ""),
    )
    chapters = (Chapter(0.0, "Début"), Chapter(31.5, "Suite <b>"))
    episode = archive.episode(f"{SHOW}/{STREET}")
    archive.write_episode(
        dataclasses.replace(
            episode,
            people=(Person("Camille Durand", "animation"),),
            tags=("radios libres",),
            links=links,
            chapters=chapters,
            playlist=("Un morceau",),
        )
    )
    page = client.get(PAGE)
    assert f'href="/shows/{SHOW}/2024-01-10-avant" rel="prev"' in page.text
    assert "Retiré" not in page.text
    assert 'href="https://example.org/a?b&amp;c" rel="noreferrer">Un article' in page.text
    assert "javascript:" not in page.text
    assert "q=personne:%22Camille+Durand%22" in page.text
    assert "q=mot-cl%C3%A9:%22radios+libres%22" in page.text
    shown = text(page)
    assert "0:31 Suite &lt;b&gt;" in shown
    assert "Un morceau" in shown


@pytest.mark.parametrize("name", ["help", "about", "privacy", "legal"])
def test_pages_that_explain(client: FlaskClient, name: str) -> None:
    french, english = (text(client.get(f"/{name}?lang={lang}")) for lang in ("fr", "en"))
    assert french != english
    assert len(french) > 500


# Pictures

DRAWN = f"/covers/{SHOW}/{STREET}.png"
COVERS = f"/covers/{SHOW}"
GIVEN = b"\xff\xd8\xff\xe0 bytes of a JPEG"


def side(response: TestResponse) -> int:
    """The width of a PNG that was given."""
    assert response.status_code == 200
    assert response.mimetype == "image/png"
    return int.from_bytes(response.data[16:20])


def test_what_has_no_picture_gets_a_drawn_one(client: FlaskClient) -> None:
    for address in (f"{COVERS}.png", DRAWN):
        assert side(client.get(address)) == 400
        assert side(client.get(f"{address}?size=96")) == 96
    assert client.get(f"{COVERS}.png").data != client.get(DRAWN).data
    for size in ("", "0", "97", "-96", "0096", "1e3", "99999999"):
        assert client.get(f"{DRAWN}?size={size}").status_code == 404
    assert side(client.get("/icons/192.png")) == 192
    assert client.get("/icons/191.png").status_code == 404


def test_a_drawn_picture_is_drawn_again_only_when_it_changed(
    archive: Archive, client: FlaskClient
) -> None:
    first = client.get(DRAWN)
    asked = {"If-None-Match": first.headers["ETag"]}
    again = client.get(DRAWN, headers=asked)
    assert (again.status_code, again.data) == (304, b"")
    assert not first.headers["ETag"].startswith("W/")
    assert client.get(f"{DRAWN}?size=96", headers=asked).status_code == 200
    episode = archive.episode(f"{SHOW}/{STREET}")
    archive.write_episode(dataclasses.replace(episode, title="Un autre titre"))
    assert client.get(DRAWN, headers=asked).status_code == 200


def test_a_page_names_its_cover_so_that_it_may_be_kept(client: FlaskClient) -> None:
    for page in (PAGE, f"/shows/{SHOW}/", "/"):
        (picture,) = re.findall(COVER, client.get(page).text)
        (address,) = Links(picture).found
        assert "immutable" in client.get(address).headers["Cache-Control"]
        changed = client.get(f"{address}x")
        assert changed.headers["Cache-Control"] == "public, max-age=300"


def test_a_given_picture_is_served_as_it_is(archive: Archive, client: FlaskClient) -> None:
    archive.write_show(dataclasses.replace(archive.show(SHOW), image="Affiche.jpg"))
    assert side(client.get(f"{COVERS}.png")) == 400  # the file isn't there yet
    (archive.media / SHOW / "Affiche.jpg").write_bytes(GIVEN)
    for address in (COVERS, f"{COVERS}/{STREET}"):
        moved = client.get(f"{address}.png?size=1400")
        assert moved.status_code == 302
        assert moved.headers["Location"].startswith(f"{address}.jpg?v=")
        with client.get(moved.headers["Location"]) as response:
            assert (response.data, response.mimetype) == (GIVEN, "image/jpeg")
            assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
            etag = response.headers["ETag"]
        kept = client.get(f"{address}.jpg", headers={"If-None-Match": etag})
        assert kept.status_code == 304


def test_an_episode_has_its_own_picture_before_that_of_its_show(
    archive: Archive, client: FlaskClient
) -> None:
    archive.write_show(dataclasses.replace(archive.show(SHOW), image="Affiche.jpg"))
    (archive.media / SHOW / "Affiche.jpg").write_bytes(b"of the show")
    make_episode(archive, STREET, "Les micros", image=f"{STREET}.webp")
    (archive.media / SHOW / f"{STREET}.webp").write_bytes(GIVEN)
    with client.get(f"{COVERS}/{STREET}.webp") as response:
        assert (response.data, response.mimetype) == (GIVEN, "image/webp")
    assert f'data-cover="{COVERS}/{STREET}.webp?v=' in client.get(PAGE).text


def test_a_picture_elsewhere_is_never_asked_for(archive: Archive, client: FlaskClient) -> None:
    image = "https://tracker.example/x.png"
    archive.write_show(dataclasses.replace(archive.show(SHOW), image=image))
    for page in ("/", f"/shows/{SHOW}/", PAGE):
        assert "tracker.example" not in client.get(page).text
    assert side(client.get(f"{COVERS}.png")) == 400


def test_a_picture_that_is_a_link_is_not_followed(
    archive: Archive, client: FlaskClient, tmp_path: Path
) -> None:
    (tmp_path / "secret.png").write_text(CANARY)
    (archive.media / SHOW / "x.png").symlink_to(tmp_path / "secret.png")
    archive.write_show(dataclasses.replace(archive.show(SHOW), image="x.png"))
    assert side(client.get(f"{COVERS}.png")) == 400


@pytest.mark.parametrize(
    "name", ["show.json", "../secret.png", "%2e%2e/secret.png", "x.svg", "x.png"]
)
def test_no_other_file_is_a_cover(client: FlaskClient, name: str) -> None:
    for start in ("/covers/", f"{COVERS}/", f"/cards/{SHOW}/"):
        assert client.get(f"{start}{name}").status_code == 404


def test_what_is_not_public_has_no_picture(client: FlaskClient) -> None:
    for start in (COVERS, f"/cards/{SHOW}"):
        assert client.get(f"{start}/2024-04-16-retire.png").status_code == 410
        assert client.get(f"{start}/2024-05-21-demain.png").status_code == 404


def test_a_card_carries_what_is_said_at_a_second(archive: Archive) -> None:
    client = visit(archive, Canned(), "https://radio.example")
    card = f"/cards/{SHOW}/{STREET}.png"
    title, early, late = (client.get(f"{card}{at}") for at in ("", "?t=0", "?t=3"))
    assert side(title) == 1200
    assert len({title.data, early.data, late.data}) == 3
    assert client.get(f"{card}?t=x").data == title.data
    assert client.get(f"{card}?t=3.2").data == late.data
    etag = late.headers["ETag"]
    assert client.get(f"{card}?t=3", headers={"If-None-Match": etag}).status_code == 304
    page = client.get(f"{PAGE}?t=3").text
    assert f'<meta property="og:image" content="https://radio.example{card}?t=3">' in page
    assert f"« {CUES[1].text} »" in page
    assert f'<a href="{card}?t=2.65">Image de citation</a>' in page
    write_transcript(archive, STREET, CUES, status="reread")
    assert client.get(f"{card}?t=3").data != late.data  # no longer the machine's words
    archive.vtt_path(f"{SHOW}/{STREET}").write_text("not a transcript", encoding="utf-8")
    assert side(client.get(f"{card}?t=3")) == 1200


# Sharing and quoting


def test_what_is_said_is_quoted_with_its_second(archive: Archive) -> None:
    client = visit(archive, Canned(), "https://radio.example")
    episode = archive.episode(f"{SHOW}/{STREET}")
    people = (Person("Camille Durand"), Person("Noé {x}"))
    archive.write_episode(dataclasses.replace(episode, people=people))
    said = archive.transcript(episode.key)
    assert said
    cue = said.cues[1]
    at = f"?t={cue.start:g}"
    address = f"https://radio.example{PAGE}{at}"
    quoted = client.get(f"/cite/{SHOW}/{STREET}.txt{at}").text
    assert f"« {cue.text} »" in quoted
    assert f", 00:00:{int(cue.start):02}. {address}\n" in quoted
    bib = client.get(f"/cite/{SHOW}/{STREET}.bib{at}").text
    assert r"author = {Camille Durand and Noé \textbraceleft{}x\textbraceright{}}," in bib
    assert f"url = {{{address}}}," in bib
    (item,) = json.loads(client.get(f"/cite/{SHOW}/{STREET}.json{at}").data)
    assert item["type"] == "broadcast"
    assert item["issued"] == {"date-parts": [[2024, 1, 16]]}
    assert item["URL"] == address
    page = client.get(f"{PAGE}{at}").text
    assert f"https://radio.example/embed/{SHOW}/{STREET}{at}" in page
    assert "download=1" in page
    whole = client.get(f"/cite/{SHOW}/{STREET}.txt").text
    assert whole.endswith(f"2024-01-16. https://radio.example{PAGE}\n")


def test_an_episode_is_described_for_machines(archive: Archive) -> None:
    episode = archive.episode(f"{SHOW}/{STREET}")
    archive.write_episode(dataclasses.replace(episode, title="</script><b>"))
    page = visit(archive, Canned(), "https://radio.example").get(PAGE).text
    assert "</script><b>" not in page
    (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    described = json.loads(data)
    assert described["name"] == "</script><b>"
    assert described["@type"] == ["RadioEpisode", "PodcastEpisode"]
    media = described["associatedMedia"]
    assert media["contentUrl"] == f"https://radio.example{MEDIA}"
    assert media["caption"].endswith(".vtt")
    assert '<meta property="og:audio" content="https://radio.example/media/' in page
    assert "og:" not in visit(archive, Canned(), "").get(PAGE).text


def test_an_episode_is_embedded_elsewhere(archive: Archive) -> None:
    client = visit(archive, Canned(), "https://radio.example")
    page = client.get(PAGE).text
    (discovery,) = re.findall(r'href="https://radio.example(/oembed[^"]*)"', page)
    told = client.get(discovery.replace("&amp;", "&")).get_json()
    assert told["version"] == "1.0"
    assert f'src="https://radio.example/embed/{SHOW}/{STREET}"' in told["html"]
    assert "<audio" in client.get(f"/embed/{SHOW}/{STREET}?t=12").text
    for url in (
        "",
        "https://radio.example/",
        f"https://radio.example{PAGE}x",
        f"https://a.example{PAGE}",
        "http://[",
        "/shows/a/b",
    ):
        assert client.get("/oembed", query_string={"url": url}).status_code == 404


def test_what_browsers_and_search_engines_ask_for(archive: Archive) -> None:
    make_episode(archive, "2024-05-01-cache", "Caché", status="withdrawn", reason="x")
    client = visit(archive, Canned(), "https://radio.example")
    assert "Sitemap: https://radio.example/sitemap.xml" in client.get("/robots.txt").text
    pages = ET.fromstring(client.get("/sitemap.xml").data)  # noqa: S314 (our own)
    listed = [
        each.text or "" for each in pages.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")
    ]
    assert f"https://radio.example{PAGE}" in listed
    assert not any("cache" in each for each in listed)
    for address in listed:
        assert client.get(address.removeprefix("https://radio.example")).status_code == 200
    search = client.get("/opensearch.xml").text
    assert 'template="https://radio.example/search?q={searchTerms}"' in search
    manifest = client.get("/manifest.webmanifest").get_json(force=True)
    assert client.get(manifest["start_url"]).status_code == 200
    for icon in manifest["icons"]:
        with client.get(icon["src"]) as given:
            assert given.mimetype == icon["type"]
    purposes = {(icon["sizes"], icon.get("purpose")) for icon in manifest["icons"]}
    assert {("192x192", "any"), ("512x512", "maskable")} <= purposes
    assert 'rel="apple-touch-icon" href="/icons/180.png"' in client.get("/").text


def test_a_broken_transcript_costs_a_citation_its_words_alone(
    archive: Archive, client: FlaskClient
) -> None:
    archive.vtt_path(f"{SHOW}/{STREET}").write_text("not a transcript", encoding="utf-8")
    quoted = client.get(f"/cite/{SHOW}/{STREET}.txt?t=3")
    assert quoted.status_code == 200
    assert ", 00:00:03." in quoted.text
