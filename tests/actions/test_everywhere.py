"""What was renamed or deleted is so in bags, mirrors, the site as files, and for who listens."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from radio.actions.renaming import move, rename_episode, rename_show
from radio.archive import Archive, forwarding, gone
from radio.archive.episode import Show
from radio.archive.forwarding import FormerNames
from radio.archive.holdings import PAGES_NOTE, public_keys
from radio.bags.export import export_bag
from radio.derived.cache import forget
from radio.static_site.export import export, freeze
from tests.processes import command
from tests.samples import CITY, MEMORY, STREET, delete_episode, put_all
from tests.web.sites import visit

KEY = f"emission/{STREET}"


@pytest.fixture
def three(archive: Archive) -> Archive:
    archive.write_show(Show("autre", "Autre"))
    put_all(archive, STREET, CITY, MEMORY, is_short=True)
    return archive


def leads(folder: Path, old: str) -> Path:
    """The file to which the page at an old address leads."""
    page = folder / "shows" / old
    way = page.read_text(encoding="utf-8").split("; url=")[1].split('"')[0]
    return (page.parent / way).resolve().relative_to(folder.resolve())


def test_pages_lie_at_old_addresses_of_a_site_as_files(three: Archive, tmp_path: Path) -> None:
    site = tmp_path / "site"
    rename_episode(three, KEY, "b")
    move(three, [f"emission/{CITY}"], show="autre")
    rename_show(three, "emission", "c")
    for _again in range(2):  # nothing of it is taken for lost the second time
        export(three, site)
    way = {KEY: "c/b", "emission/b": "c/b", f"emission/{CITY}": f"autre/{CITY}"}
    way |= {f"emission/{each}": f"c/{each}" for each in (MEMORY, "index")}
    assert {old: leads(site, f"{old}.html") for old in way} == {
        old: Path(f"shows/{new}.html") for old, new in way.items()
    }
    delete_episode(three, "c/b")
    export(three, site)
    assert not (site / "shows" / f"{KEY}.html").exists()


def test_a_bag_brings_back_what_leads_where_and_what_went(three: Archive, tmp_path: Path) -> None:
    rename_episode(three, KEY, "b")
    freeze(three, three.site)
    assert forget(three, public_keys(three))
    assert (three.site / PAGES_NOTE).exists()
    assert freeze(three, three.site).written == 0  # no page is made again for an old name
    delete_episode(three, f"emission/{CITY}", "Doublon")
    export_bag(three, tmp_path / "bag")
    assert not list((tmp_path / "bag").rglob("trash")) + list((tmp_path / "bag").rglob("history"))
    back = Archive(tmp_path / "back")
    back.create()
    command(back, "ingest", str(tmp_path / "bag"))
    assert back.episode("emission/b").formerly == (KEY,)
    assert gone.read_gone(back.root) == gone.read_gone(three.root)


def test_whoever_listens_meanwhile_finds_it(three: Archive) -> None:
    app, stop = visit(three, "https://a.org").application, threading.Event()

    def listen() -> list[int]:
        client, seen, address = app.test_client(), list[int](), f"/media/{KEY}.mp3"
        while not stop.is_set():
            seen.append(client.get(address, follow_redirects=True).status_code)
        return seen

    with ThreadPoolExecutor(2) as pool:
        listeners = [pool.submit(listen) for _ in range(2)]
        keeper, key = Archive(three.root), KEY
        for number in range(30):
            key = rename_episode(keeper, key, f"n{number}").key
        stop.set()
    seen = [code for each in listeners for code in each.result()]
    assert len(seen) > 20 and set(seen) == {200}


def test_an_old_address_outlives_renames(three: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """A look at a folder that changes meanwhile may find neither the old name nor the new one."""
    rename_episode(three, KEY, "a")
    found, looks = forwarding.former_names(three), list[int]()

    def missing_the_last(_archive: Archive, _state: object) -> FormerNames:
        looks.append(len(looks))
        (three.media / "emission" / f".{len(looks)}.part").touch()
        return FormerNames({}, {}) if len(looks) == forwarding.TRIES else found

    monkeypatch.setattr(forwarding, "_former_names", missing_the_last)
    assert forwarding.episode_at(three, KEY) == "emission/a" and len(looks) > 1
