"""The index follows the files whatever befalls it, and whatever is typed is answered."""

import dataclasses
import datetime as dt
import itertools
import logging
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from radio.archive import Archive
from radio.search import Index, Results, SearchOptions
from radio.search.results import IndexChanges, Near
from radio.search.store import VERSION
from radio.system.errors import SearchError
from radio.web.site import create_app
from tests.search.episodes import SHOW, begun, indexed, put, say_again, slugs
from tests.tables import for_each

LAMP = f"{SHOW}/2024-02-10-le-soir"
REFRESH = """
import importlib.metadata
import sys
from pathlib import Path
version = importlib.metadata.version
importlib.metadata.version = lambda name: "1.9" if name == sys.argv[2] else version(name)
from radio.archive import Archive
from radio.search import Index
Index(Archive(Path(sys.argv[1]))).refresh()
"""  # in another process, where one library is older
QUERIES = ["caméra", "ville", "reconnaissance faciale", '"reconnaissance faciale"', "budget", "le"]


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    archive = begun(tmp_path, "La Machine")
    said = "La ville installe la reconnaissance", "faciale, sans débat. Une caméra voit tout."
    put(archive, "2024-01-10-rue", *said, tags=("vidéosurveillance",))
    put(archive, "2024-02-10-le-soir", "Une caméra par lampadaire.")
    put(archive, "2024-03-10-budget", title="Le budget de la ville")
    return archive


@pytest.fixture
def index(archive: Archive) -> Index:
    return indexed(archive)


def answers(index: Index) -> list[Results]:
    return [index.search(query) for query in QUERIES]


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


WITHDRAWN = {"status": "withdrawn", "reason": "demandé"}
LATER = {"status": "embargoed", "until": dt.datetime(2999, 1, 1)}


@pytest.mark.parametrize("state", [WITHDRAWN, LATER, {"status": "embargoed"}])
def test_only_the_public_is_found(archive: Archive, index: Index, state: dict[str, object]) -> None:
    assert index.search("lampadaire").total == 1
    archive.write_episode(dataclasses.replace(archive.episode(LAMP), **state))  # type: ignore[arg-type]
    assert index.search("lampadaire").episodes == (), "even before the refresh"
    assert index.refresh() == IndexChanges(0, 1)
    assert index.search("lampadaire").total == 0


def test_an_embargo_s_end_is_a_change(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    later = dt.datetime.now() + dt.timedelta(hours=1)
    episode = archive.episode(LAMP)
    archive.write_episode(dataclasses.replace(episode, status="embargoed", until=later))
    index = indexed(archive)
    assert index.search("lampadaire").total == 0
    clock = SimpleNamespace(now=lambda: later)
    monkeypatch.setattr("radio.archive.holdings.datetime", clock)
    assert index.refresh() == IndexChanges(1, 0)
    assert index.search("lampadaire").total == 1


def test_a_refresh_reads_what_changed_in_any_process(archive: Archive, index: Index) -> None:
    other = Index(archive)
    assert (index.refresh(), other.search("tramway").total) == (IndexChanges(0, 0), 0)
    say_again(archive, LAMP, "un tramway nommé désir")
    assert index.search("tramway").total == 0
    assert index.refresh() == IndexChanges(1, 0)
    assert (index.search("tramway").total, index.search("lampadaire").total) == (1, 0)
    assert (other.search("tramway").total, other.refresh()) == (1, IndexChanges(0, 0))
    archive.sidecar_path(LAMP).unlink()
    assert other.refresh() == IndexChanges(0, 1)
    before = answers(index)
    assert other.refresh(rebuild=True) == IndexChanges(2, 0)
    assert answers(index) == before
    put(archive, "2024-06-02-t", "un autre tramway passe")
    other.refresh()
    assert index.search("tramway").total == 1


@pytest.mark.long
def test_another_process_writes(archive: Archive, index: Index) -> None:
    put(archive, "2024-06-01-t", "le tramway passe")
    subprocess.run([sys.executable, "-c", REFRESH, str(archive.root), "none"], check=True)
    assert index.search("tramway").total == 1
    assert index.refresh() == IndexChanges(0, 0)


def test_a_broken_transcript_costs_one_warning(
    archive: Archive, caplog: pytest.LogCaptureFixture
) -> None:
    archive.vtt_path(LAMP).write_bytes(b"WEBVTT\n\n1\n00:00:0\xff --> ?\n")
    index = Index(archive)
    assert index.refresh() == IndexChanges(3, 0)
    (warning,) = warnings(caplog)
    assert str(archive.vtt_path(LAMP)) in warning
    assert index.refresh() == IndexChanges(0, 0)
    assert len(warnings(caplog)) == 1
    say_again(archive, LAMP, "un tramway")
    assert index.refresh() == IndexChanges(1, 0)
    assert slugs(index.search("tramway")) == ["2024-02-10-le-soir"]


def test_an_empty_archive_is_answered_and_a_disk_that_refuses_explained(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.create()
    index = Index(archive)
    assert index.search("caméra") == Results("caméra", 0, (), 1, 0)
    assert index.refresh() == IndexChanges(0, 0)
    shutil.rmtree(archive.index)
    archive.index.write_bytes(b"a file where the folder should be")
    with pytest.raises(SearchError, match="index"):
        Index(archive).search("caméra")


def meta(archive: Archive) -> Path:
    (path,) = archive.index.glob("*/meta.json")
    return path


def change(ending: str, how: Callable[[bytes], bytes]) -> Callable[[Archive], None]:
    """Put another file in the place of one, which a thread of the index may still read."""

    def damage(archive: Archive) -> None:
        path = min(archive.index.glob(f"*/*{ending}"))
        content = path.read_bytes()
        path.unlink()
        path.write_bytes(how(content))

    return damage


def garbled(content: bytes) -> bytes:
    half = len(content) // 2
    return bytes(byte ^ 0x55 for byte in content[:half]) + content[half:]


def replace_folder(archive: Archive) -> None:
    folder = meta(archive).parent
    shutil.rmtree(folder)
    folder.write_bytes(b"?")


DAMAGE: dict[str, Callable[[Archive], object]] = {
    "no folder": lambda archive: shutil.rmtree(archive.index),
    "another version": lambda archive: meta(archive).parent.rename(archive.index / "0"),
    "a file in its place": replace_folder,
    "no meta.json": lambda archive: meta(archive).unlink(),
    "garbage in meta.json": change("meta.json", lambda _: b"\x00\xff{"),
    "empty meta.json": change("meta.json", lambda _: b""),
    "another schema": change("meta.json", lambda old: old.replace(b'"words"', b'"other"')),
    "no terms": lambda archive: min(archive.index.glob("*/*.term")).unlink(),
    "no positions": lambda archive: min(archive.index.glob("*/*.pos")).unlink(),
    "no store": lambda archive: min(archive.index.glob("*/*.store")).unlink(),
    "empty postings": change(".idx", lambda _: b""),
    "garbage in postings": change(".idx", lambda _: b"?" * 999),
    "postings garbled in place": change(".idx", garbled),
    "positions garbled in place": change(".pos", garbled),
    "store cut short": change(".store", lambda old: old[:40]),
}


@for_each(("damage", "refreshed"), itertools.product(DAMAGE, (True, False)))
def test_a_damaged_index_answers_alike(archive: Archive, damage: str, refreshed: bool) -> None:
    before = answers(indexed(archive))  # whoever holds the old files would still read them
    DAMAGE[damage](archive)
    again = Index(archive)
    if refreshed:
        again.refresh()
    assert answers(again) == before
    assert again.refresh() == IndexChanges(0, 0)
    assert [path.name for path in archive.index.iterdir()] == [VERSION]


@pytest.mark.parametrize("library", ["simplemma", "PyStemmer"])
def test_after_an_upgrade_words_are_not_sought_in_forms_that_nobody_indexed(
    archive: Archive, library: str
) -> None:
    subprocess.run([sys.executable, "-c", REFRESH, str(archive.root), library], check=True)
    index = Index(archive)
    assert index.refresh().indexed == len(archive.episodes())
    assert index.refresh() == IndexChanges(0, 0)
    assert [path.name for path in archive.index.iterdir()] == [VERSION]


def test_damage_costs_a_warning_and_leftovers_go(
    archive: Archive, caplog: pytest.LogCaptureFixture
) -> None:
    indexed(archive)
    assert warnings(caplog) == []
    meta(archive).write_bytes(b"?")
    index = Index(archive)
    index.search("caméra")
    (warning,) = warnings(caplog)
    assert warning.startswith(str(archive.index))
    assert "radio index --rebuild" in warning
    (archive.index / f".{VERSION}.part").mkdir()
    (archive.index / f".{VERSION}.part" / "meta.json").write_bytes(b"?")
    (archive.index / "0").mkdir()
    assert index.refresh() == IndexChanges(0, 0)
    assert [path.name for path in archive.index.iterdir()] == [VERSION]


def test_readers_while_it_is_made_again(archive: Archive, index: Index) -> None:
    before, done = answers(index), threading.Event()

    def read() -> None:
        mine = Index(archive)
        while not done.is_set():
            assert answers(mine) == before

    with ThreadPoolExecutor(3) as readers:
        reading = [readers.submit(read) for _ in range(3)]
        try:
            for _ in range(8):
                index.refresh(rebuild=True)
        finally:
            done.set()
    assert [each.result() for each in reading] == [None] * 3


def test_a_search_while_the_index_is_swapped_is_answered(archive: Archive, index: Index) -> None:
    (path,) = archive.index.iterdir()
    old = path.rename(path.with_name(f".{path.name}.old"))
    with archive.lock("index"):
        swap = threading.Timer(0.1, lambda: old.rename(path))
        swap.start()
        try:
            assert Index(archive).search("caméra").total == 2
        finally:
            swap.join()


GAPS = ["", " ", "  "]
SIGNS = "\"'«»“”()[]{}*?~^:;,.!-_+=<>|/\\&%#@\u00a0\u202e\u200f\u0301\x00\x1c\n\t"
PARTS = (
    *SIGNS,
    *("OU", "OR", "ET", "-", "avant:", "après:2024-13", "personne:", "mot-clé:", "émission:x"),
    *("caméra", "caméras", "l’été", "vingt", "et", "un", "cent", "12 000", "3%", "19h30"),
    *("שלום", "مرحبا", "надзор", "監視", "e\u0301te\u0301", "𝔠𝔞𝔪", "🎥", "œ", "ﬁ", "ß", "İ"),
)
WALLS = [" ".join(f"mot{n}" for n in range(200)), "caméra " * 200, SIGNS, "*" * 200, "-" * 200]
WALLS += ['"caméra « rue', 'caméra" rue" "', "\u202eشارع מצלמה\u202c caméra", "a* b* c*"]
WALLS += ['"' + "a la ou du " * 30 + '"']


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Index:
    archive = begun(Path(tmp_path_factory.mktemp("bad")), "La Machine")
    put(archive, "2024-01-01-a", "Vingt et une caméras, 12 000 voix, l’été à 19h30 : 3 % de plus.")
    put(archive, "2024-01-02-b", "שלום, مرحبا, надзор. Une caméra dans la rue.")
    return indexed(archive)


@for_each("query", ["", " ", "?!…", '""', '"', "«»", "\x00", "🎙️", "'", "- -", "_"])
def test_nothing_asked_finds_nothing(spoken: Index, query: str) -> None:
    found = spoken.search(query)
    assert dataclasses.replace(found, near=Near()) == Results(query, 0, (), 1, 0)
    assert not found.near.is_close


MIXED = st.lists(st.sampled_from(PARTS), min_size=1, max_size=30)


@given(st.text(max_size=300) | st.builds(str.join, st.sampled_from(GAPS), MIXED), st.booleans())
@settings(max_examples=800, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example("cam\u030112 000\u0301 trottinettes", False)  # a number whose figures bear an accent
@example("\u02bc", False)  # a letter for Unicode, of which no form is left
@pytest.mark.long
def test_any_text_is_a_query(spoken: Index, query: str, whole: bool) -> None:
    results = spoken.search(query, SearchOptions(whole=whole))
    assert 2 >= results.total >= len(results.episodes)


def test_no_page_fails_whatever_is_typed(spoken: Index) -> None:
    client = create_app(spoken._archive, spoken, base_url="http://localhost").test_client()
    for path in ("/search", "/search/words", "/search/months", "/search.xml", "/api/v1/search"):
        for query in WALLS:
            assert client.get(path, query_string={"q": query}).status_code == 200, (path, query)


def test_words_beside_the_other_direction_are_found(spoken: Index) -> None:
    for query in ("שלום", "مرحبا caméra", "надзор"):
        (found,) = spoken.search(query).episodes
        assert found.key == f"{SHOW}/2024-01-02-b"
        assert any(is_match for _, is_match in found.hits[0].snippet)
