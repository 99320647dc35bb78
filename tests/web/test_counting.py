"""How often an episode is opened and heard: counted only if asked for, by day, and of nobody."""

import json
import logging
from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import Page

from radio.archive import Archive
from radio.archive.episode import Show
from radio.audit.crawl import audit
from radio.audit.report import render
from radio.search import Index
from radio.web.counting import Tally
from radio.web.gate import COOKIE
from radio.web.site import create_app
from tests.processes import command
from tests.samples import CITY, STREET, put_all
from tests.visits import wait_until, words
from tests.web.desks import enrol, listening, signed_in

KEY, OTHER = f"emission/{STREET}", f"emission/{CITY}"
PAGE, SOUND, BEGUN = f"/shows/{KEY}", f"/media/{KEY}.mp3", f"/heard/{KEY}"
TODAY = date.today().isoformat()
SWITCH = "RADIO_COUNT"


@pytest.fixture
def site(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setenv(SWITCH, "on")
    put_all(archive, STREET, CITY)
    return create_app(archive, Index(archive))


def written(archive: Archive, key: str = KEY) -> object:
    path = archive.root / f"desk/heard/{key}.json"
    return json.loads(path.read_text()) if path.exists() else None


def tally(app: Flask) -> Tally:
    found: Tally = app.extensions["tally"]
    return found


def test_what_is_opened_begun_and_fetched_is_counted_by_day_and_of_nobody(
    site: Flask, archive: Archive
) -> None:
    client = site.test_client()
    known = {"If-None-Match": client.get(SOUND, headers={"DNT": "1"}).headers["ETag"]}
    assert client.get(SOUND, headers=known).status_code == 304
    assert f'data-told="{BEGUN}"' in client.get(f"{PAGE}?t=3&q=secret").text
    client.post(BEGUN)
    for asked in ("", "bytes=0-", "bytes=0-1", "bytes=1000-", "bytes=0-999999"):
        client.get(SOUND, headers={"Range": asked} if asked else {})
    client.get(SOUND, headers={"Sec-Fetch-Mode": "no-cors", "Range": "bytes=0-"})  # the page’s own
    client.get(f"{SOUND}?download=1", headers={"Sec-Fetch-Mode": "navigate"})
    client.get(f"/download/{KEY}.mp3")
    tally(site).write()
    text = {"version": 1, "days": {TODAY: [1, 1, 5]}}
    assert written(archive) == text  # nothing else, and no address of anybody
    assert written(archive, OTHER) is None


@pytest.mark.parametrize(
    "headers",
    [{"User-Agent": "Somebot/1.0"}, {"DNT": "1"}, {"Sec-GPC": "1"}, {"Sec-Purpose": "prefetch"}],
    ids=str,
)
def test_robots_and_who_asks_not_to_be_followed_are_not_counted(
    site: Flask, archive: Archive, headers: dict[str, str]
) -> None:
    client = site.test_client()
    for path in (PAGE, SOUND):
        assert client.get(path, headers=headers).status_code == 200
    client.post(BEGUN, headers=headers)
    tally(site).write()
    assert written(archive) is None


def test_what_is_no_visit_is_not_counted(site: Flask, archive: Archive) -> None:
    client, keeper = site.test_client(), site.test_client()
    keeper.set_cookie(COOKIE, enrol(archive, "Zoé", "keeper"))
    assert client.head(PAGE).status_code == client.head(SOUND).status_code == 200
    for path in (f"/embed/{KEY}", "/healthz", "/", "/shows/emission/", f"/transcripts/{KEY}.vtt"):
        client.get(path)
    for path in (PAGE, SOUND):
        assert keeper.get(path).status_code == 200
        assert client.get(path.replace("2024", "2023")).status_code == 404
    assert client.post(BEGUN, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    tally(site).write()
    assert written(archive) is None


def test_nothing_is_counted_unasked_nor_where_a_show_forbids_it(
    site: Flask, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = site.test_client()
    said = words(client.get("/privacy"), 200, "Ce que nous comptons", "Do Not Track")
    assert "Rien n’est compté" not in said
    command(archive, "edit", "emission", "uncounted=oui")
    assert archive.show("emission").uncounted
    for switch in ("on", "off"):
        monkeypatch.setenv(SWITCH, switch)
        assert "data-told" not in client.get(PAGE).text
        assert client.post(BEGUN).status_code == 404
        client.get(SOUND)
        archive.write_show(Show("emission", "Émission"))
    tally(site).write()
    assert written(archive) is None
    said = words(client.get("/privacy"), 200, "Rien n’est compté")
    assert "Ce que nous comptons" not in said


def test_two_sites_add_up_and_what_can_not_be_written_waits(
    site: Flask, archive: Archive, caplog: pytest.LogCaptureFixture
) -> None:
    second = create_app(archive, Index(archive))
    for app in (site, second, site):
        app.test_client().get(PAGE)
    site.test_client().get(f"/shows/{OTHER}")
    with archive.lock():
        tally(site).write()
    assert written(archive) is None and caplog.messages == []
    (archive.root / "desk/heard").mkdir(parents=True)
    (archive.root / "desk/heard/emission").touch()  # a disk that refuses
    with caplog.at_level(logging.WARNING):
        tally(site).write()
    assert len(caplog.messages) == 1
    (archive.root / "desk/heard/emission").unlink()
    for app in (site, second):
        tally(app).write()
        tally(app).write()
    assert written(archive) == {"version": 1, "days": {TODAY: [3, 0, 0]}}
    assert written(archive, OTHER) == {"version": 1, "days": {TODAY: [1, 0, 0]}}


def test_keepers_read_the_numbers_and_an_audit_tells_that_there_are_some(
    site: Flask, archive: Archive
) -> None:
    year, client, desk = TODAY[:4], site.test_client(), signed_in(archive)
    none = words(desk.get(f"/desk/report?year={year}"), 200, "L’écoute n’est pas comptée")
    assert "Pages d’épisodes ouvertes" not in none
    for _each in range(3):
        client.get(PAGE)
    client.post(BEGUN)
    tally(site).write()
    told = words(desk.get(f"/desk/report?year={year}"), 200, "Pages d’épisodes ouvertes 3")
    assert "Écoutes lancées 1" in told and "L’écoute n’est pas comptée" not in told
    table = desk.get(f"/desk/report/{year}-ecoutes.csv").data
    assert f'"{TODAY}";"{KEY}";'.encode() in table and table.rstrip().endswith(b'"3";"1";"0"')
    command(archive, "export", "report", year, "--to", str(archive.root))
    assert (archive.root / f"ecoutes-{year}.csv").read_bytes() == table
    found = audit(f"http://127.0.0.1:{listening(site)}/")
    assert found.counting > 1 and f"pour compter\u00a0: {found.counting}" in render(found, "fr")
    tally(site).write()
    assert written(archive) == {"version": 1, "days": {TODAY: [3, 1, 0]}}  # nor is the audit


def test_a_player_tells_once_that_it_was_begun_and_what_it_loads_before_is_no_listening(
    page: Page, site: Flask, archive: Archive
) -> None:
    """It takes 2 s."""
    page.goto(f"http://127.0.0.1:{listening(site)}{PAGE}")
    wait_until(page, "return audio.readyState >= 1")
    tally(site).write()
    assert written(archive) == {"version": 1, "days": {TODAY: [1, 0, 0]}}
    for _each in range(2):
        page.locator(".play").click()
        wait_until(page, "return !audio.paused && audio.currentTime > 0.2")
        page.locator(".play").click()
        wait_until(page, "return audio.paused")
    tally(site).write()
    assert written(archive) == {"version": 1, "days": {TODAY: [1, 1, 0]}}
    worker = "navigator.serviceWorker.register('/sw.js').then(() => navigator.serviceWorker.ready)"
    page.evaluate(f"{worker}.then(() => 0)")  # which asks for what is not kept
    page.reload()
    wait_until(page, "return audio.readyState >= 1")
    tally(site).write()
    assert written(archive) == {"version": 1, "days": {TODAY: [2, 1, 0]}}
    assert page.context.cookies() == []
