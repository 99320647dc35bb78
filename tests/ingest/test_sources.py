"""An address: what it answers decides how it is read."""

from pathlib import Path

from radio.archive import Archive
from radio.system import messages
from radio.system.connection.fetch import Web
from tests.ingest.site import Page, Site, found
from tests.ingest.written import item, rss
from tests.processes import command
from tests.tables import for_each

HTML = {"Content-Type": "text/html; charset=utf-8"}
LINK = '<link rel="alternate" type="application/rss+xml" href="{}">'


def page(head: str) -> Page:
    return 200, HTML, f"<!doctype html><html><head>{head}</head><body>Bonjour</body>".encode()


def titles(site: Site, path: str) -> list[str]:
    taken, _left = found(Web(), site.address + path)
    return [each.said.title or each.name for each in taken]


@for_each(
    ("path", "what", "expected"),
    [
        ("/podcast.html", rss(item("a")), ["a"]),  # a feed under the name of a page
        ("/feed.xml", page(LINK.format("/f")), ["f"]),
        ("/", page("<LINK type='application/rss+xml' href=f rel='x alternate'>"), ["f"]),
        ("/", page(f"{LINK.format('/comments/feed/')}{LINK.format('/f/?a=1&amp;b=2')}"), ["f"]),
        ("/fichier", b"ID3\x04\0\0\0\0\0\0", ["fichier"]),  # sound without a name for it
        ("/la%20rue", (200, HTML, b"OggS\0"), ["la rue"]),
    ],
)
def test_the_answer_decides_no_name(site: Site, path: str, what: Page, expected: list[str]) -> None:
    site.pages = {path: what, "/f": rss(item("f")), "/f/?a=1&b=2": rss(item("f"))}
    assert titles(site, path) == expected


def test_of_a_long_recording_no_more_is_read_than_its_beginning(site: Site) -> None:
    site.pages = {"/long": (200, {}, b"fLaC" + bytes(8 << 20))}
    assert titles(site, "/long") == ["long"]


def enclosed(name: str, place: str, more: str = "") -> str:
    return f'<title>{name}</title><guid>{name}</guid><enclosure url="{place}"/>{more}'


def test_a_feed_is_taken_once(site: Site, archive: Archive, sounds: dict[str, Path]) -> None:
    day = "<pubDate>Tue, 16 Jan 2024 19:00:00 +0100</pubDate>"
    un, deux = sounds[".mp3"].read_bytes(), sounds[".flac"].read_bytes()
    site.pages = {
        "/": page(LINK.format("/feed").replace("rss", "atom")),
        "/feed": rss(
            enclosed("Un", "/un.mp3", f"{day}<podcast:person>Camille</podcast:person>"),
            enclosed("Parti", "/parti.mp3", day),
            "<title>Réunion</title>",
            enclosed("Un encore", "/copie.mp3"),
            enclosed("Deux", "/deux", day),
        ),
        "/un.mp3": un,
        "/copie.mp3": un,
        "/deux": deux,
    }
    run = ("ingest", site.address)
    would = command(archive, *run, "--dry-run")
    told = f"{site.address}/un.mp3\temission\t2024-01-16\toui\tUn\tCamille\t"
    assert would.stdout.splitlines()[1].startswith(told)
    assert site.paths == ["/", "/feed"]
    done = command(archive, *run, check=False)
    assert done.stdout.split() == ["emission/2024-01-16-un", "emission/2024-01-16-deux"]
    assert done.stderr.splitlines()[-1] == "2 added, 1 already here, 1 refused, 1 skipped"
    assert "2 of 3 fetched, 1 gone" in done.stderr
    episode = archive.episode("emission/2024-01-16-un")
    assert episode.date_sure
    assert [each.name for each in episode.people] == ["Camille"]
    assert episode.source.url == f"{site.address}/un.mp3"
    assert episode.source.page == f"{site.address}/feed"
    site.asked.clear()
    with messages.speaking("fr"):
        again = command(archive, *run, check=False)
    assert again.stdout == ""
    assert f"radio: {site.address}\u00a0: 0 sur 1 reçu, 1 disparu\n" in again.stderr
    assert again.stderr.endswith("3 déjà là, 1 refusé, 1 laissé de côté\n")
    assert site.paths == ["/", "/feed", "/parti.mp3"]  # the one that may come back
    command(archive, "delete", episode.key, "--yes")
    assert command(archive, *run, check=False).stdout == ""  # on purpose: it is in the trash


def test_a_failure_stops_no_other(site: Site, archive: Archive, sounds: dict[str, Path]) -> None:
    site.pages["/un.mp3"] = sounds[".mp3"].read_bytes()
    addresses = (f"{site.address}/rien", "http://10.0.0.1/feed", f"{site.address}/un.mp3")
    done = command(archive, "ingest", *addresses, check=False)
    (episode,) = archive.episodes()
    assert (done.returncode, done.stdout.split()) == (1, [episode.key])
    assert done.stderr.splitlines()[-1] == "1 added, 2 refused"
