"""Covers and quote cards: given, else drawn; nothing from elsewhere."""

import contextlib
import dataclasses
import re
from io import BytesIO
from itertools import product

from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from radio.archive import Archive
from radio.archive.episode import Show
from radio.web.views import pictures
from tests.samples import SHOW, STREET
from tests.visits import Links
from tests.web.views.site import COVER, CUES, PAGE, Canned, visit, write_transcript

DRAWN = f"/covers/{SHOW}/{STREET}.png"
COVERS = f"/covers/{SHOW}"
GIVEN = b"\xff\xd8\xff\xe0 bytes of a JPEG"


def side(response: TestResponse) -> int:
    assert response.status_code == 200
    assert response.mimetype == "image/png"
    return int.from_bytes(response.data[16:20])


def test_no_two_of_six_shows_have_the_same_cloth(archive: Archive, client: FlaskClient) -> None:
    names = [f"{SHOW}-{number}" for number in range(5)]
    for name in names:
        archive.write_show(Show(name, "Même titre"))
    drawn = (client.get(f"/covers/{name}.png?size=96").data for name in (SHOW, *names))
    corners = {Image.open(BytesIO(each)).convert("RGB").getpixel((0, 0)) for each in drawn}
    assert len(corners) == 6


def test_what_has_no_picture_gets_a_drawn_one_and_no_other_file(client: FlaskClient) -> None:
    for address in (f"{COVERS}.png", DRAWN):
        assert side(client.get(address)) == 400
        assert side(client.get(f"{address}?size=96")) == 96
    assert client.get(f"{COVERS}.png").data != client.get(DRAWN).data
    for size in ("", "0", "97", "-96", "0096", "1e3", "99999999"):
        assert client.get(f"{DRAWN}?size={size}").status_code == 404
    assert side(client.get("/icons/192.png")) == 192
    assert client.get("/icons/191.png").status_code == 404
    names = ("show.json", "../secret.png", "%2e%2e/secret.png", "x.svg", "x.png")
    for start, name in product(("/covers/", f"{COVERS}/", f"/cards/{SHOW}/"), names):
        assert client.get(f"{start}{name}").status_code == 404, start + name


def test_a_picture_is_drawn_again_only_if_it_changed(archive: Archive, client: FlaskClient) -> None:
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
    """That of an episode is kept by who saw it, and by no cache in between: it has its title."""
    for page, kept_by in ((PAGE, "private"), (f"/shows/{SHOW}/", "public"), ("/", "private")):
        (address,) = Links(re.findall(COVER, client.get(page).text)[0]).found
        age = client.get(address).headers["Cache-Control"]
        assert (age.partition(",")[0], "immutable" in age) == (kept_by, True)
        assert client.get(f"{address}x").headers["Cache-Control"] == "no-cache"


def test_a_given_picture_is_served_as_it_is(archive: Archive, client: FlaskClient) -> None:
    archive.write_show(dataclasses.replace(archive.show(SHOW), image="Affiche.jpg"))
    assert side(client.get(f"{COVERS}.png")) == 400  # the file isn't there yet
    (archive.media / SHOW / "Affiche.jpg").write_bytes(GIVEN)
    for address in (COVERS, f"{COVERS}/{STREET}"):
        moved = client.get(f"{address}.png?size=1400")
        assert moved.status_code == 302
        assert moved.location.startswith(f"{address}.jpg?v=")
        given = client.get(moved.location)
        assert (given.data, given.mimetype) == (GIVEN, "image/jpeg")
        assert given.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        asked = {"If-None-Match": given.headers["ETag"]}
        assert client.get(f"{address}.jpg", headers=asked).status_code == 304


def test_a_card_carries_what_is_said_at_a_second(archive: Archive) -> None:
    client = visit(archive, Canned(), "https://radio.example")
    card = f"/cards/{SHOW}/{STREET}.png"
    title, early, late = (client.get(f"{card}{at}") for at in ("", "?t=0", "?t=3"))
    assert side(title) == 1200
    assert len({title.data, early.data, late.data}) == 3
    assert client.get(f"{card}?t=x").data == title.data
    assert client.get(f"{card}?t=3.2").data == late.data
    asked = {"If-None-Match": late.headers["ETag"]}
    assert client.get(f"{card}?t=3", headers=asked).status_code == 304
    page = client.get(f"{PAGE}?t=3").text
    assert f'<meta property="og:image" content="https://radio.example{card}?t=3">' in page
    assert f"«\N{NO-BREAK SPACE}{CUES[1].text}\N{NO-BREAK SPACE}»" in page
    assert f'<a href="{card}?t=2.65">Image de citation</a>' in page
    write_transcript(archive, STREET, CUES, status="reread")
    assert client.get(f"{card}?t=3").data != late.data  # no longer the machine's words
    archive.vtt_path(f"{SHOW}/{STREET}").write_text("not a transcript", encoding="utf-8")
    assert side(client.get(f"{card}?t=3")) == 1200


def test_while_much_is_drawn_the_other_pages_answer(client: FlaskClient) -> None:
    with contextlib.ExitStack() as busy:
        for _ in range(4):
            busy.enter_context(pictures.drawing.entered())
        assert client.get(f"/cards/{SHOW}/{STREET}.png?t=1").status_code == 503
        assert client.get(PAGE).status_code == 200
    assert client.get(f"/cards/{SHOW}/{STREET}.png?t=1").status_code == 200
