"""One bad value, name, link or pipe costs its own episode alone, whichever way it came in."""

import contextlib
import dataclasses
import json
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bench.memory import timed
from radio.archive import Archive
from radio.archive.check import check
from radio.archive.episode import Show
from radio.search import Index
from radio.static_site.export import export
from tests.pages import BAD, GOOD, PAGES, SHOW, THIRD, add, all_well, named
from tests.poison import ODD_VALUES, VALUES, edit
from tests.processes import radio
from tests.samples import put
from tests.web.sites import visit

pytestmark = [pytest.mark.long, pytest.mark.torture]


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    """End a test that waits for ever, as for the other end of a pipe."""

    def stop(*_: object) -> None:
        pytest.fail("it waits for ever")  # no OSError, which the program would catch

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(600)  # a busy machine is slow, and yet comes to an end
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def cases(archive: Archive, number: int) -> list[Path]:
    """The sidecars of so many episodes more: one for each case, for all pages take a while."""
    return [add(archive, f"2023-01-{each:02}-cas") for each in range(1, number + 1)]


def test_a_bad_value_costs_its_own_episode(three: Archive) -> None:
    sidecars = cases(three, len(VALUES))
    for sidecar, value in zip(sidecars, VALUES.values(), strict=True):
        edit(sidecar, *value)
    all_well(three)
    assert [each.slug for each in three.episodes()] == [THIRD, BAD, GOOD]
    assert named(three) == {sidecar.name for sidecar in sidecars}
    client = visit(three, "http://localhost")
    for sidecar in sidecars:
        assert client.get(f"/shows/{SHOW}/{sidecar.stem}").status_code == 404, sidecar


def test_an_odd_value_breaks_no_page(three: Archive) -> None:
    sidecars = cases(three, len(ODD_VALUES))
    for sidecar, values in zip(sidecars, ODD_VALUES, strict=True):
        sidecar.write_text(json.dumps(json.loads(sidecar.read_text()) | values), encoding="utf-8")
    all_well(three)
    client = visit(three, "https://radio.example")
    own = [page for page in PAGES if GOOD in page]
    for page in (page.replace(GOOD, sidecar.stem) for sidecar in sidecars for page in own):
        answer = client.get(page)
        assert answer.data and answer.status_code in (200, 404), page


TYPOS = (
    *('"glossary": ["\\ud800"]', '"x": NaN', '"glossary": [],', '"glossary": ['),
    *('"title": 3', '"corrections": {"\\udfff": "a"}'),
)


def test_a_typo_takes_no_show_away(three: Archive) -> None:
    path = three.show_path(SHOW)
    for typo in TYPOS:
        three.write_show(Show(SHOW, "La bonne émission", guid="kept", glossary=("Beaubrun",)))
        all_well(three)
        path.write_text(f'{{"title": "Autre", {typo}}}', encoding="utf-8")
        for each in (three, Archive(three.root)):  # the site that runs, and one begun since
            all_well(each)
            assert (each.show(SHOW).title, each.show(SHOW).guid) == ("La bonne émission", "kept")
        assert named(three) == {"show.json"}
        path.write_text('{"title": "Réparée"}', encoding="utf-8")
        assert three.show(SHOW).title == "Réparée"


def test_a_show_whose_file_never_could_be_read_has_its_name(three: Archive) -> None:
    three.show_path(SHOW).write_text("{", encoding="utf-8")
    fresh = Archive(three.root)
    all_well(fresh)
    assert fresh.show(SHOW).title == "Emission"
    three.show_path(SHOW).unlink()
    fresh = Archive(three.root)
    all_well(fresh)
    assert [(each.kind, each.path.name) for each in check(fresh)] == [("missing", "show.json")]


def plug(path: Path) -> None:
    with contextlib.chdir(path.parent), socket.socket(socket.AF_UNIX) as made:
        made.bind(path.name)  # names of sockets are short


def link(path: Path) -> None:
    aside = path.parent.parent.parent / f"elsewhere-{path.parent.name}-{path.name}"
    aside.write_bytes(b"{}")
    path.symlink_to(aside)


MAKE: dict[str, Callable[[Path], None]] = {"pipe": os.mkfifo, "plug": plug, "link": link}
MAKE |= {"folder": Path.mkdir, "loop": lambda path: path.symlink_to(path.name)}
MAKE |= {"dangle": lambda path: path.symlink_to("nowhere")}
MAKE |= {"zero": lambda path: path.symlink_to("/dev/zero")}


def put_odd(odd: str, path: Path) -> None:
    """Put something odd in the place of a file, be it there or not."""
    path.unlink(missing_ok=True)
    MAKE[odd](path)


PLACES = {"sidecar": f"media/{SHOW}/{BAD}.json", "audio": f"media/{SHOW}/{BAD}.mp3"}
PLACES |= {"picture": f"media/{SHOW}/{BAD}.jpg", "text": f"transcripts/{SHOW}/{BAD}.vtt"}
PLACES |= {"evidence": f"transcripts/{SHOW}/{BAD}.json"}
PLACES |= {"translation": f"transcripts/{SHOW}/{BAD}.en.vtt"}
SELDOM = {"new sidecar": f"media/{SHOW}/2024-05-05-x.json"}
SELDOM |= {"file of nobody": f"media/{SHOW}/notes.txt"}
SELDOM |= {"new text": f"transcripts/{SHOW}/2024-05-05-x.vtt"}


@pytest.mark.parametrize("where", [PLACES, SELDOM], ids=["places", "seldom"])
@pytest.mark.parametrize("odd", MAKE)
def test_what_is_no_file_costs_its_own_episode_and_no_site_its_export(
    three: Archive, odd: str, where: dict[str, str]
) -> None:
    """An episode for each place: all pages take a while, and an export a second."""
    places, pages = [], []
    for sidecar, place in zip(cases(three, len(where)), where.values(), strict=True):
        slug = sidecar.stem
        places.append(place.replace(BAD, slug))
        pages += [f"/shows/{SHOW}/{slug}", f"/transcripts/{SHOW}/{slug}.srt"]
        if place == PLACES["picture"]:
            episode = three.episode(f"{SHOW}/{slug}")
            three.write_episode(dataclasses.replace(episode, image=f"{slug}.jpg"))
    for place in places:
        put_odd(odd, three.root / place)
    all_well(three)
    client = visit(three, "http://localhost")
    for page in (*pages, *(f"/{place}" for place in places)):
        assert client.get(page).status_code in (200, 404), page
    assert {GOOD, BAD, THIRD} <= {each.slug for each in three.episodes()}
    if odd != "folder":
        assert {Path(place).name for place in places} <= named(three)
    site = three.root.parent / "site" / "shows" / SHOW
    export(three, three.root.parent / "site")
    assert all((site / f"{slug}.html").exists() for slug in (GOOD, BAD, THIRD))


@pytest.mark.parametrize("odd", ["dangle", "loop", "pipe"])
def test_the_lock_of_an_editor_is_nothing(three: Archive, odd: str) -> None:
    for part in (three.media, three.transcripts):
        for name in (f".#{BAD}.vtt", f".{BAD}.checkpoint.json", f".#{BAD}.json"):
            put_odd(odd, part / SHOW / name)
    all_well(three)
    assert named(three) == set()


@pytest.mark.parametrize("part", ["media", "transcripts"])
def test_a_linked_show_is_named_and_an_archive_may_lie_elsewhere(three: Archive, part: str) -> None:
    (three.root / part).rename(three.root.parent / "disk")
    (three.root / part).symlink_to(three.root.parent / "disk")
    all_well(three)
    assert (len(three.episodes()), named(three)) == (3, set())
    put(three, GOOD, show="ailleurs", title="Ailleurs")
    three.write_show(Show("ailleurs", "Ailleurs"))
    there = three.root / part / "ailleurs"
    there.rename(three.root / "moved")
    there.symlink_to(three.root / "moved")
    all_well(three)
    assert "ailleurs" in named(three)
    if part == "media":
        assert [show.slug for show in three.shows()] == [SHOW]
    else:
        assert three.transcript(f"ailleurs/{GOOD}") is None


def test_a_name_that_no_address_has_costs_itself(three: Archive) -> None:
    made = []
    for name in (b"caf\xe9", b"2024-05-05-\xff", "Été".encode(), b"a b", b"a\nb"):
        for part, end in (("media", b".json"), ("media", b".mp3"), ("transcripts", b".vtt")):
            path = os.fsencode(three.root / part / SHOW) + b"/" + name + end
            Path(os.fsdecode(path)).write_text("{}")
            made.append(os.fsdecode(name + end))
        Path(os.fsdecode(os.fsencode(three.media) + b"/" + name)).mkdir()
    all_well(three)
    assert set(made) <= named(three)
    done = radio("check", "--root", str(three.root), check=False)
    assert "Traceback" not in done.stderr
    assert done.returncode == 1
    listed = radio("check", "--json", "--root", str(three.root), check=False)
    assert json.loads(listed.stdout)


@pytest.mark.parametrize(
    ("text", "query"),
    [("perdu " * 1_300_000, "perdu"), ("a" * 7_500_000, "bonjour")],
    ids=["words", "a word"],
)
def test_a_huge_cue_takes_no_memory_and_is_found(three: Archive, text: str, query: str) -> None:
    path = three.vtt_path(f"{SHOW}/{BAD}")
    path.write_text(f"WEBVTT\n\n00:00:01.000 --> 00:00:09.000\n{text} trouvaille\n")
    _, peak = timed([sys.executable, "-m", "radio", "index", "--root", str(three.root)])
    assert peak < 600 << 10  # kB; it took 6.6 GB for 20 MB
    for words in (query, "trouvaille"):
        assert Index(three).search(words).total
    all_well(three)


def test_a_text_past_all_speech_costs_itself(three: Archive) -> None:
    path = three.vtt_path(f"{SHOW}/{BAD}")
    path.write_text("WEBVTT\n\n00:00:01.000 --> 00:00:09.000\n" + "mot " * 5_000_000)
    all_well(three)
    assert named(three) == {path.name}
    assert path.stat().st_size > 20_000_000
    assert visit(three).get(f"/shows/{SHOW}/{BAD}").status_code == 200
