"""The API of episodes: what other programs may know, page by page."""

import datetime as dt

import pytest
from flask.testing import FlaskClient

from radio.archive import Archive
from radio.archive.episode import Link, Person, Show
from radio.derived.soundness import gain, quality_of
from radio.text.chapters import Chapter
from radio.web.views.api import PAGE
from radio.work.queue import Passes, Queue
from radio.work.status import WorkStatus, write_status
from tests.described import ask
from tests.samples import CITY, MEMORY, STREET, put
from tests.search import episodes
from tests.web.sites import visit

API = "/api/v1/episodes"


@pytest.fixture
def client(stocked: Archive) -> FlaskClient:
    links = (Link("javascript:x"), Link("https://x/"))
    put(stocked, STREET, people=(Person("Camille"),), links=links)
    put(stocked, CITY, chapters=(Chapter(0.0, "Début"),), number=2)
    stocked.write_show(Show("autre", "Autre"))
    put(stocked, MEMORY, show="autre", date=dt.date(2023, 3, 19))
    put(stocked, STREET, show="autre", status="embargoed", until=dt.datetime(2999, 1, 1))
    return visit(stocked, "https://radio.example")


def test_what_is_not_given_says_why_but_for_what_is_to_come(client: FlaskClient) -> None:
    for asked in ("show=rien", "show=..", "page=2", "page=0", "page=-1"):
        ask(client, f"{API}?{asked}", 404)
    for asked in ("year=hier", "page=deux", "page=" + "9" * 5000):
        ask(client, f"{API}?{asked}", 400)
    gone = ask(client, f"{API}/emission/{MEMORY}", 410)
    assert gone == {"error": "withdrawn", "reason": "À la demande de l’invitée"}
    hidden = ask(client, f"{API}/autre/{STREET}", 404)
    assert hidden == ask(client, f"{API}/emission/2024-01-01-rien", 404)


def test_a_player_learns_loudness_measured_before(client: FlaskClient, stocked: Archive) -> None:
    key = f"emission/{CITY}"
    assert ask(client, f"{API}/{key}", schema="Details")["gain"] is None
    assert "data-gain" not in client.get(f"/shows/{key}").text
    assert not (stocked.cache / "quality").exists()
    measured = quality_of(stocked, stocked.episode(key))
    told = ask(client, f"{API}/{key}", schema="Details")
    assert (told["loudness"], told["gain"]) == (measured.loudness, gain(measured))
    (listed,) = ask(client, f"{API}?show=emission", schema="Episodes")["episodes"][:1]
    assert (listed["key"], listed["gain"]) == (key, gain(measured))
    assert f'data-gain="{gain(measured)}"' in client.get(f"/shows/{key}").text


def test_every_page_leads_to_the_next(archive: Archive) -> None:
    days = (dt.date(2024, 1, 1) + dt.timedelta(day) for day in range(2 * PAGE + 1))
    keys = [episodes.put(archive, f"{day}-x", show="emission") for day in days]
    client, address, found = visit(archive), f"{API}?show=emission", list[str]()
    while address:
        page = ask(client, address, schema="Episodes")
        assert page["total"] == len(keys)
        found += [each["key"] for each in page["episodes"]]
        address = (page["next"] or "").removeprefix("http://localhost")
    assert found == keys[::-1]


def test_how_long_a_hidden_episode_is_nobody_learns(client: FlaskClient, stocked: Archive) -> None:
    """One that is public waits with one withdrawn and one to come: its own time alone is told."""
    for key in (f"emission/{STREET}", f"emission/{MEMORY}", f"autre/{STREET}"):
        stocked.vtt_path(key).unlink()
    left = Queue(stocked).left(Passes("base", "base"), {"base": 0.5})
    assert left[0].work == pytest.approx(3 * 125.6)  # the keeper learns of all
    write_status(stocked, WorkStatus(left=left))
    with stocked.lock("work"):
        found = ask(client, "/api/v1/work", schema="Work")
        page = client.get("/catalogue?lang=en").get_data(as_text=True)
    assert found["left"]["transcribe"] == {"episodes": 1, "seconds": 125.6}
    assert "1 episode still to transcribe, about 2 min left" in " ".join(page.split())
