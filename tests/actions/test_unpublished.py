"""What waits to be published: nobody learns of it, keepers may, and it appears at its hour."""

import datetime as dt
import json
import urllib.request
from dataclasses import replace
from types import SimpleNamespace

import pytest

from radio.archive import Archive, history
from radio.archive.episode import Person
from radio.bags.payload import all_files
from radio.search import Index
from radio.text.transcript import Cue
from radio.web.site import create_app
from tests.answers.addresses import addresses
from tests.heard import write_cues
from tests.patience import until
from tests.processes import command, running
from tests.samples import CITY, DEMO, MEMORY, STREET, put_all, unpacked

KEY, OTHER = f"emission/{CITY}", f"emission/{MEMORY}"
SIGNS = TITLE, PERSON, WORD = "Zibeline rousse", "Zoé Zimmer", "zinzoline"
SITE = "https://radio.example"


@pytest.fixture
def three(archive: Archive) -> Archive:
    put_all(archive, STREET, CITY, MEMORY, is_short=True)
    told = {
        "title": TITLE,
        "tags": ("surveillance",),
        "people": (Person(PERSON), Person("Camille")),
    }
    archive.write_episode(replace(archive.episode(KEY), **told, status="draft"))  # type: ignore[arg-type]
    write_cues(archive, KEY, Cue(0.0, 2.0, f"Une {WORD} sous surveillance."), status="reread")
    return archive


def telling(archive: Archive, index: Index) -> set[str]:
    """The addresses of the site that tell of the draft, or answer if they are its own."""
    client = create_app(archive, index, base_url=SITE).test_client()
    keys, shows = [f"emission/{STREET}", KEY], ["emission"]
    found, signs = set[str](), [each.encode() for each in (*SIGNS, CITY)]
    for _name, address in addresses(keys, shows, is_hostile=False):
        answer = client.get(address, base_url=SITE)
        data = answer.data
        if answer.data[:2] == b"PK":
            data = b"".join(name.encode() + each for name, each in unpacked(data).items())
        if CITY in address and address.partition("?")[0] != "/oembed":
            if answer.status_code != 404:
                found.add(address)
        elif any(sign in data for sign in signs):
            found.add(address)
    return found


def test_nobody_learns_of_a_draft_until_its_hour(
    three: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = Index(three)
    index.refresh()
    assert telling(three, index) == set()
    hour = dt.datetime.now().replace(microsecond=0, second=0) + dt.timedelta(hours=30)
    command(three, "protect", "publish", KEY, OTHER, "--at", hour.isoformat(timespec="minutes"))
    index.refresh()
    assert index.search(WORD).total == 0
    own = {each.source.removeprefix("./") for each in all_files(three)}
    assert {f"media/{KEY}.mp3", f"transcripts/{KEY}.vtt"} <= own, "a bag for who keeps it has it"
    monkeypatch.setattr("radio.archive.holdings.datetime", SimpleNamespace(now=lambda: hour))
    index.refresh()
    found = telling(three, index)
    everywhere = {
        *("/", "/feed.xml", "/sitemap.xml", "/catalogue.csv", "/fixity.jsonl", "/api/v1/episodes"),
        *("/search?q=surveillance", "/search.xml?q=surveillance", "/people/camille"),
        *("/download/archive.zip", "/shows/emission/", f"/media/{KEY}.mp3", f"/cite/{KEY}.xml"),
    }
    assert everywhere - found == set()


@pytest.mark.long
def test_a_site_at_work_shows_it_when_its_hour_comes(three: Archive) -> None:
    def total() -> int:
        with urllib.request.urlopen(f"{address}/api/v1/search?q={WORD}") as answer:
            return int(json.load(answer)["total"])

    with running("serve", "--root", str(three.root)) as address:
        assert total() == 0
        hour = dt.datetime.now().replace(microsecond=0) + dt.timedelta(seconds=4)
        three.write_episode(replace(three.episode(KEY), until=hour))
        assert total() == 0
        until(total)
        assert dt.datetime.now() >= hour


def test_several_are_published_at_once_and_come_back_as_one(three: Archive) -> None:
    command(three, "protect", "draft", OTHER)
    three.write_episode(replace(three.episode(f"emission/{STREET}"), status="withdrawn"))
    taken = command(three, "ingest", "--draft", str(DEMO / f"{STREET}.mp3"))
    keys = {KEY, OTHER, taken.stdout.strip()}
    assert len(keys) == 3 and "1 draft" in taken.stderr and "public" not in taken.stderr
    listed = command(three, "list", "--drafts").stdout
    assert {line.split()[0] for line in listed.splitlines()} == keys and "draft, " in listed
    assert "Drafts to publish: 3" in command(three, "status").stdout
    command(three, "protect", "publish", *keys)
    assert {three.episode(key).status for key in keys} == {"published"}
    assert "Drafts to publish" not in command(three, "status").stdout
    assert [{*each.keys} for each in history.acts(three.root)[:1]] == [keys]
    command(three, "undo")
    assert {three.episode(key).status for key in keys} == {"draft"}
