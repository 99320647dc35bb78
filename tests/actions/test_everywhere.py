"""What was renamed or deleted is so in bags, mirrors, the site as files, and for who listens."""

import threading
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from radio.actions.deletion import delete_episode
from radio.actions.renaming import move_episode, rename_episode, rename_show
from radio.archive import Archive, forwarding, gone
from radio.archive.episode import Show
from radio.archive.forwarding import FormerNames
from radio.archive.holdings import PAGES_NOTE, public_keys
from radio.bags.export import export_bag
from radio.derived.cache import forget
from radio.search import Index
from radio.static_site.export import export, freeze
from radio.web.site import create_app
from tests.processes import call
from tests.samples import CITY, MEMORY, STREET, put, shorten

KEY = f"emission/{STREET}"


@pytest.fixture
def three(archive: Archive) -> Archive:
    archive.write_show(Show("autre", "Autre"))
    for slug in (STREET, CITY, MEMORY):
        put(archive, slug)
        shorten(archive, f"emission/{slug}")
    return archive


def leads(folder: Path, old: str) -> Path:
    """The file to which the page at an old address leads."""
    page = folder / "shows" / old
    way = page.read_text(encoding="utf-8").split("; url=")[1].split('"')[0]
    return (page.parent / way).resolve().relative_to(folder.resolve())


def test_pages_lie_at_old_addresses_of_a_site_as_files(three: Archive, tmp_path: Path) -> None:
    site = tmp_path / "site"
    rename_episode(three, KEY, "b")
    move_episode(three, f"emission/{CITY}", "autre")
    rename_show(three, "emission", "c")
    for _again in range(2):  # nothing of it is taken for lost the second time
        export(three, site)
    assert leads(site, f"{KEY}.html") == Path("shows/c/b.html")
    assert leads(site, "emission/b.html") == Path("shows/c/b.html")
    assert leads(site, f"emission/{CITY}.html") == Path(f"shows/autre/{CITY}.html")
    assert leads(site, f"emission/{MEMORY}.html") == Path(f"shows/c/{MEMORY}.html")
    assert leads(site, "emission/index.html") == Path("shows/c/index.html")
    delete_episode(three, "c/b")
    export(three, site)
    assert not (site / "shows" / f"{KEY}.html").exists()


def test_pages_are_not_made_again_for_an_old_name(three: Archive) -> None:
    rename_episode(three, KEY, "b")
    freeze(three, three.site)
    assert forget(three, public_keys(three))
    assert (three.site / PAGES_NOTE).exists()
    assert freeze(three, three.site).written == 0


def test_a_bag_brings_back_what_leads_where_and_what_is_gone(
    three: Archive, tmp_path: Path
) -> None:
    rename_episode(three, KEY, "b")
    delete_episode(three, f"emission/{CITY}", "Doublon")
    export_bag(three, tmp_path / "bag")
    assert not list((tmp_path / "bag").rglob("trash")) + list((tmp_path / "bag").rglob("history"))
    back = Archive(tmp_path / "back")
    back.create()
    call("ingest", str(tmp_path / "bag"), "--root", str(back.root))
    assert back.episode("emission/b").formerly == (KEY,)
    assert gone.read_gone(back.root) == gone.read_gone(three.root)


def answers(client: FlaskClient, stop: threading.Event, seen: list[int]) -> None:
    address = f"/media/{KEY}.mp3"
    while not stop.is_set():
        response = client.get(address, follow_redirects=True)
        seen.append(response.status_code)
        response.close()


def test_whoever_listens_meanwhile_finds_it(three: Archive) -> None:
    index = Index(three)
    index.refresh()
    app, stop = create_app(three, index, base_url="https://a.org"), threading.Event()
    seen = list[int]()
    listeners = [
        threading.Thread(target=answers, args=(app.test_client(), stop, seen)) for _ in range(2)
    ]
    for each in listeners:
        each.start()
    keeper, key = Archive(three.root), KEY
    for number in range(30):
        key = rename_episode(keeper, key, f"n{number}").key
    stop.set()
    for each in listeners:
        each.join()
    assert len(seen) > 20
    assert set(seen) == {200}


def test_an_old_address_leads_on_though_names_change_at_each_look(
    three: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look at a folder that changes meanwhile may find neither the old name nor the new one."""
    rename_episode(three, KEY, "a")
    found, looks = forwarding.former_names(three), list[int]()

    def missing_the_last(_archive: Archive, _state: object) -> FormerNames:
        looks.append(len(looks))
        (three.media / "emission" / f".{len(looks)}.part").touch()
        return FormerNames({}, {}) if len(looks) == forwarding.TRIES else found

    monkeypatch.setattr(forwarding, "_former_names", missing_the_last)
    assert forwarding.episode_at(three, KEY) == "emission/a" and len(looks) > 1
