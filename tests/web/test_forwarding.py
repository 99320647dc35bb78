"""Old addresses lead to what had them, with their query; or say why that is gone."""

from datetime import date

import pytest
from flask.testing import FlaskClient

from radio.actions.deletion import delete_show
from radio.actions.renaming import move, rename_episode, rename_show
from radio.archive import Archive
from radio.archive.episode import Show
from radio.text.chapters import Chapter
from tests.samples import CITY, MEMORY, STREET, delete_episode, put
from tests.web.sites import visit

KEY = f"emission/{STREET}"
SITE = "https://radio.example"
ADDRESSES = ["/shows/{}", "/shows/{}?t=12.5&q=a%26b&lang=en", "/embed/{}?t=3", "/share/{}"]
ADDRESSES += ["/media/{}." + form for form in ("mp3", "mp3?download=1", "json", "jpg")]
ADDRESSES += ["/transcripts/{}." + form for form in ("vtt", "txt", "podcast.json", "en.vtt")]
ADDRESSES += ["/download/{}.mp3", "/cite/{}.bib", "/clips/{}.mp3?t=1,2", "/covers/{}.jpg?size=400"]
ADDRESSES += ["/cards/{}.png?_external=1&_scheme=javascript", "/api/v1/episodes/{}"]


@pytest.fixture
def client(archive: Archive) -> FlaskClient:
    archive.write_show(Show("autre", "Autre"))
    put(archive, STREET, image=f"{STREET}.jpg", chapters=(Chapter(0.0, "Début"),))
    (archive.media / f"{KEY}.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(100))
    archive.translation_path(KEY).write_text("WEBVTT\n")
    put(archive, CITY)
    return visit(archive, SITE)


def _code(client: FlaskClient, address: str) -> int:
    return client.get(address).status_code


def test_every_old_address_of_an_episode_leads_on(archive: Archive, client: FlaskClient) -> None:
    rename_episode(archive, KEY, "b")
    move(archive, ["emission/b"], show="autre")
    rename_show(archive, "autre", "c")
    every = [*ADDRESSES, "/shows/emission/chapters/{slug}.json?x=1"]
    old = [address.format(KEY, slug=STREET) for address in every]
    new = [each.replace("/emission/", "/c/").format("c/b", slug="b") for each in every]
    for before, now in zip(old, new, strict=True):
        answer = client.get(before)
        assert (answer.status_code, answer.headers["Location"]) == (301, now)
        assert answer.headers["Cache-Control"] == "no-cache"
        assert _code(client, now) == 200
    told = client.get("/oembed", query_string={"url": f"{SITE}/shows/{KEY}"})
    assert "/embed/c/b" in told.get_json()["html"]
    delete_episode(archive, "c/b", "Doublon de <l’autre>.")
    for before in old:
        gone = client.get(before)
        said = gone.get_json()["reason"] if gone.is_json else gone.text
        assert (gone.status_code, "l’autre" in said) == (410, True), before


def test_a_renamed_show_leads_on_with_all_it_had(archive: Archive, client: FlaskClient) -> None:
    rename_episode(archive, KEY, "b")
    rename_show(archive, "emission", "machine")
    rename_show(archive, "machine", "c")
    for old, new in (
        ("/shows/emission/", "/shows/c/"),
        ("/shows/emission/feed.xml?page=1", "/shows/c/feed.xml?page=1"),
        ("/shows/machine/feed.xml", "/shows/c/feed.xml"),
        ("/covers/emission.png?size=96", "/covers/c.png?size=96"),
        (f"/shows/emission/{CITY}", f"/shows/c/{CITY}"),
        (f"/shows/{KEY}", "/shows/c/b"),
        ("/shows/machine/b", "/shows/c/b"),
    ):
        answer = client.get(old)
        assert (old, answer.status_code, answer.headers["Location"]) == (old, 301, new)
        assert _code(client, new) == 200
    delete_show(archive, "c", "Arrêtée.")
    for old in ("/shows/c/feed.xml", "/shows/emission/feed.xml", "/shows/c/b", f"/shows/{KEY}"):
        assert (old, _code(client, old)) == (old, 410)


def test_another_episode_may_take_an_old_name(archive: Archive, client: FlaskClient) -> None:
    rename_episode(archive, KEY, "b")
    put(archive, STREET)
    assert _code(client, f"/shows/{KEY}") == 200
    rename_episode(archive, KEY, "c")
    assert client.get(f"/shows/{KEY}").headers["Location"] == "/shows/emission/c"
    assert archive.episode("emission/b").formerly == ()
    rename_episode(archive, "emission/c", STREET)
    assert _code(client, f"/shows/{KEY}") == 200


def test_no_old_address_tells_what_is_to_come(archive: Archive, client: FlaskClient) -> None:
    put(archive, STREET, status="embargoed", until=date.max)
    rename_episode(archive, KEY, "b")
    assert _code(client, f"/shows/{KEY}") == 404
    rename_show(archive, "emission", "c")
    assert _code(client, "/shows/emission/b") == 404
    delete_episode(archive, "c/b")
    assert _code(client, "/shows/c/b") == 404


def test_what_never_was_or_no_disk_takes_is_404(archive: Archive, client: FlaskClient) -> None:
    put(archive, MEMORY)
    rename_episode(archive, KEY, "b")
    never = ["/shows/emission/x", "/shows/x/y", "/shows/x/feed.xml", "/media/emission/é.mp3"]
    for key in (f"emission/{'a' * 300}", f"{'a' * 300}/{STREET}"):
        never += [address.format(key) for address in ADDRESSES]
    for address in never:
        assert (address, _code(client, address)) == (address, 404)


def test_an_episode_whose_disk_is_away_is_not_gone(client: FlaskClient, archive: Archive) -> None:
    """A search engine forgets what answers 404, and asks again where the answer is 503."""
    assert _code(client, f"/shows/emission/{MEMORY}") == 404
    archive.media.rename(archive.root / "away")
    archive.media.mkdir()
    beside = ["/shows/emission", "/shows/emission/feed.xml", "/feed.xml", "/sitemap.xml"]
    for address in [*ADDRESSES, *beside]:
        answer = client.get(address.format(KEY))
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "600"), address
    archive.media.rmdir()
    (archive.root / "away").rename(archive.media)
    assert _code(client, f"/shows/{KEY}") == 200
    assert _code(client, f"/shows/emission/{MEMORY}") == 404
