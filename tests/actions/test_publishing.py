"""Withdraw, embargo, publish: by command, undone as one act, noted for keepers alone."""

import datetime as dt
from dataclasses import replace

from flask.testing import FlaskClient

from radio.archive import Archive, journal
from radio.derived.cache import WORDS
from radio.mirror.manifest import list_withdrawals
from radio.system.disk import write_whole
from tests.processes import command
from tests.samples import CITY, MEMORY, STREET

KEYS = [f"emission/{slug}" for slug in (STREET, CITY)]


def codes(client: FlaskClient) -> list[int]:
    return [client.get(f"/shows/emission/{slug}").status_code for slug in (STREET, CITY, MEMORY)]


def test_several_are_withdrawn_and_come_back_as_one(three: Archive, client: FlaskClient) -> None:
    before = three.episodes()
    reason = ("--reason", "À la demande de <l’invitée>.")
    asked = (*KEYS, "emission/nulle", *reason, "--note", "lettre")
    done = command(three, "withdraw", *asked, check=False)
    assert done.returncode == 1
    assert "no such episode" in done.stderr and "2 episodes changed" in done.stderr
    assert codes(client) == [410, 410, 200]
    page = client.get(f"/shows/{KEYS[0]}").text
    since = three.episode(KEYS[0]).protection.since
    assert since
    assert f"À la demande de &lt;l’invitée&gt;. <small>(retiré le {since.day} " in page
    assert "lettre" not in page
    assert [each.reason for each in list_withdrawals(three)] == ["À la demande de <l’invitée>."] * 2
    noted = {(each.what, each.key, each.note) for each in journal.entries(three.root)}
    assert noted == {("withdraw", key, "lettre") for key in KEYS}
    assert "lettre" not in three.sidecar_path(KEYS[0]).read_text(encoding="utf-8")
    assert "the withdrawal of" in command(three, "undo").stderr
    assert three.episodes() == before and codes(client) == [200, 200, 200]


def test_a_withdrawal_for_a_while_ends_by_itself(three: Archive, client: FlaskClient) -> None:
    day = dt.datetime.combine(dt.date.today() + dt.timedelta(400), dt.time())
    until = f"{day.day}/{day.month}/{day.year}"
    told = command(three, "withdraw", KEYS[0], "--until", until).stderr
    assert "listeners will read: “This episode was published, then withdrawn.”" in told
    page = client.get(f"/shows/{KEYS[0]}")
    assert page.status_code == 410 and "Vous pourrez de nouveau l’écouter à partir du" in page.text
    episode = three.episode(KEYS[0])
    assert (episode.status, episode.protection.until, episode.reason) == ("withdrawn", day, "")
    command(three, "withdraw", KEYS[0], "--reason", "Procès")  # the day of the first one stays
    old = replace(three.episode(KEYS[0]).protection, since=dt.date(2026, 1, 2))
    three.write_episode(replace(three.episode(KEYS[0]), protection=old))
    command(three, "withdraw", KEYS[0], "--reason", "Procès.")
    assert three.episode(KEYS[0]).protection.since == dt.date(2026, 1, 2)
    over = replace(episode.protection, until=dt.datetime.now())
    three.write_episode(replace(episode, protection=over))
    assert client.get(f"/shows/{KEYS[0]}").status_code == 200
    assert list(list_withdrawals(three)) == []


def test_an_embargo_takes_a_day_as_people_write_it(three: Archive, client: FlaskClient) -> None:
    year = dt.date.today().year + 1
    command(three, "embargo", *KEYS, f"1er janvier {year}")
    assert three.episode(KEYS[1]).until == dt.datetime(year, 1, 1)
    assert codes(client) == [404, 404, 200]
    for wrong in ("demain", "2020-01-01"):
        assert command(three, "embargo", KEYS[0], wrong, check=False).returncode == 2
    command(three, "publish", *KEYS)
    assert codes(client) == [200, 200, 200]
    assert "nothing changed" in command(three, "publish", *KEYS).stderr
    assert [each.what for each in journal.entries(three.root)] == ["publish"] * 2 + ["embargo"] * 2


def test_what_was_made_of_it_goes_with_it(three: Archive) -> None:
    words, key = WORDS.path(three, KEYS[0]), KEYS[:1]
    for what in ("withdraw", "publish", "undo", "publish", "delete"):
        write_whole(words, b"zinzoline")
        command(three, what, *(key if what != "undo" else ()))
        assert words.exists() == (what == "publish"), what


def test_search_engines_leave_out_what_a_keeper_hides(three: Archive, client: FlaskClient) -> None:
    key = KEYS[0]
    command(three, "noindex", key)
    addresses = (f"/shows/{key}", f"/media/{key}.mp3", f"/transcripts/{key}.txt", f"/embed/{key}")
    for address in (*addresses, f"/transcripts/{key}.html", f"/media/{key}.json"):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert answer.headers["X-Robots-Tag"] == "noindex, noarchive", address
    tag = '<meta name="robots" content="noindex, noarchive">'
    assert tag in client.get(f"/shows/{key}").text
    assert tag in client.get(f"/transcripts/{key}.html").text
    assert tag not in client.get(f"/shows/{KEYS[1]}").text
    assert "X-Robots-Tag" not in client.get(f"/shows/{KEYS[1]}").headers
    listed = client.get("/sitemap.xml").text
    assert key not in listed and KEYS[1] in listed
    assert client.get("/api/v1/search?q=micros").get_json()["total"] == 1
    command(three, "noindex", KEYS[0], "--undo")
    assert key in client.get("/sitemap.xml").text
    assert [each.what for each in journal.entries(three.root)] == ["noindex"] * 2
