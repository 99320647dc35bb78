"""What is followed: new recordings are taken while they are there, and what vanishes is told."""

import contextlib
import json
import re
import threading
import time
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

import pytest

from radio.archive import Archive
from radio.archive.follows import read_follows
from radio.ingest.inbox import INBOX
from radio.ingest.looks import LOCK, SOURCES, read_looks
from radio.system.errors import ArchiveError
from tests.ingest.site import Page, Site, serving
from tests.ingest.written import item, rss
from tests.processes import command, radio
from tests.work.runs import worker

pytestmark = pytest.mark.long

ENV = {"RADIO_ALLOW_HOSTS": "127.0.0.1"}


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv("RADIO_ALLOW_HOSTS", "127.0.0.1")
    with serving() as site:
        yield site


def publish(site: Site, sounds: dict[str, bytes], month: int, *names: str) -> None:
    """Give a feed of some shows, with their sound, and an ETag that is honoured."""
    items = (
        f'<title>{name}</title><guid isPermaLink="false">{name}</guid>'
        f"<pubDate>Tue, 16 Jan 2024 19:00:00 +0100</pubDate>"
        f'<enclosure url="/{name}.mp3" type="audio/mpeg"/>'
        for name in names
    )
    content, etag = rss(*items), f'"{month}"'

    def feed(headers: Message) -> Page:
        if headers.get("If-None-Match") == etag:
            return 304, {"ETag": etag}, b""
        return 200, {"ETag": etag}, content

    site.pages = {f"/{name}.mp3": sounds[name] for name in names if name in sounds}
    site.answers = {"/feed": feed}


def work(archive: Archive) -> str:
    path = archive.cache / "follows.json"
    if path.exists():
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r'"next": [\d.]+', '"next": 0', text), encoding="utf-8")
    return radio("work", "--once", "--root", str(archive.root), check=False, **ENV).stdout


@pytest.mark.torture
def test_a_dropped_show_is_kept(site: Site, archive: Archive, sounds: dict[str, Path]) -> None:
    audio = {"Janvier": sounds[".mp3"].read_bytes(), "Février": sounds[".flac"].read_bytes()}
    audio["Mars"] = sounds[".ogg"].read_bytes()
    feed = f"{site.address}/feed"
    publish(site, audio, 1, "Janvier")
    done = command(archive, "source", "add", feed, "--every", "1d")
    assert done.stdout == f"{feed}: followed, into emission, 1d between two looks\n"
    assert read_follows(archive.root).follows[0].into == "emission"
    assert f"emission/2024-01-16-janvier: added from {feed}" in work(archive)
    assert [each.title for each in archive.episodes()] == ["Janvier"]
    site.asked.clear()
    command(archive, "source", "look")  # nothing changed: one question, one 304
    assert site.paths == ["/feed"]
    publish(site, audio, 2, "Février")  # its old show is dropped
    (archive.root / "site.json").write_text('{"drafts": ["sources"]}', encoding="utf-8")
    work(archive)
    states = {each.title: each.status for each in archive.episodes()}
    assert states == {"Janvier": "published", "Février": "draft"}
    assert {each.title for each in archive.episodes()} == {"Janvier", "Février"}
    status = command(archive, "status", check=False).stdout
    assert "no longer there, kept here: 1 recording (Janvier)" in status
    site.answers = {"/feed": lambda _headers: (403, {}, b"")}
    work(archive)
    assert f"failed: {feed}: answers 403" in command(archive, "status", check=False).stdout
    look = read_looks(archive)[feed]
    assert 800 < look.next - time.time() < 1000  # it is tried again before the day is over
    assert list(look.vanished.values()) == ["Janvier"]
    publish(site, audio, 3, "Mars", "Avril")  # the sound of one is not there yet
    command(archive, "source", "look")
    told = json.loads(command(archive, "status", "--json", check=False).stdout)["follows"][0]
    assert (told["taken"], told["there"]) == (3, 2)
    assert told["vanished"] == ["Janvier", "Février"]
    assert "no longer there" in told["failed"][0]
    publish(site, audio, 4, "Mars")  # and never was
    command(archive, "source", "look")
    told = command(archive, "source", "list").stdout.splitlines()
    assert told[-1] == "gone before it could be added: 1 recording (Avril)"
    assert {each.title for each in archive.episodes()} == {"Janvier", "Février", "Mars"}
    (archive.cache / "follows.json").unlink()  # derived: nothing is taken twice without it
    command(archive, "source", "look")
    assert len(archive.episodes()) == 3
    command(archive, "source", "remove", feed)
    site.asked.clear()
    command(archive, "source", "look")
    assert site.asked == []
    assert len(archive.episodes()) == 3


FOLLOW = {"address": "https://radio.example/feed", "into": "emission", "every": "6h"}


def follow(archive: Archive, **more: str) -> Path:
    path = archive.root / "follows.json"
    path.write_text(json.dumps({"version": 1, "follows": [FOLLOW | more]}), encoding="utf-8")
    return path


def test_what_can_not_be_read_is_not_followed(site: Site, archive: Archive) -> None:
    assert command(archive, "source", "add", site.address, check=False).returncode == 1
    assert read_follows(archive.root).follows == ()
    assert command(archive, "source", "add", "x", "--every", "souvent", check=False).returncode == 2
    follow(archive, every="souvent")
    with pytest.raises(ArchiveError, match=r"follows\.json: every: 'souvent'"):
        read_follows(archive.root)


def test_a_feed_of_a_list_is_not_lost_with_a_dead_one(
    site: Site, archive: Archive, tmp_path: Path
) -> None:
    """OPML, as players of podcasts and this site give it out."""
    site.pages = {f"/{name}": rss(item(name)) for name in ("un", "deux")}
    named = "".join(
        f'<outline text="{name}"><outline type="rss" xmlUrl="{site.address}/{name}"/></outline>'
        for name in ("un", "gone", "deux", "un")
    )
    path = tmp_path / "feeds.opml"
    path.write_text(f'<?xml version="1.0"?><opml version="2.0"><body>{named}</body></opml>')
    done = command(archive, "source", "add", str(path), check=False)
    followed = [f"{site.address}/{name}" for name in ("un", "deux")]
    assert [each.address for each in read_follows(archive.root).follows] == followed
    assert [line.partition(": ")[0] for line in done.stdout.splitlines()] == followed
    assert f"{site.address}/gone" in done.stderr
    assert done.returncode == 1


def test_a_look_is_not_refused_while_the_work_looks(site: Site, archive: Archive) -> None:
    site.pages = {"/feed": rss()}
    follow(archive, address=f"{site.address}/feed")
    with contextlib.ExitStack() as work:
        work.enter_context(archive.lock(LOCK))
        threading.Timer(0.3, work.close).start()
        done = command(archive, "source", "look")
    assert site.paths == ["/feed"]
    assert "looks there right now" in done.stderr


def test_a_worker_without_a_network_leaves_what_is_followed_to_another(archive: Archive) -> None:
    follow(archive)
    assert SOURCES.missing(archive) == ["https://radio.example/feed"]
    here = worker(archive, once=True, follow=False)
    assert [maker._recipes for maker in here._arrivals] == [[INBOX]]
