"""Search: what is found and where, and an index that follows the files whatever befalls it."""

import dataclasses
import datetime as dt
import itertools
import logging
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from radio.archive import Archive
from radio.archive.episode import Person, Show
from radio.search import Index, IndexChanges, Near, Results, SearchOptions
from radio.search.french import words
from radio.search.passage import LEFT_OUT, LONGEST, CharacterRange, Passage, quote
from radio.search.store import VERSION
from tests.search.episodes import indexed, said, write, write_transcript
from tests.tables import for_each

QUERIES = ["caméra", "ville", "reconnaissance faciale", '"reconnaissance faciale"', "budget", "le"]
AS_TYPED = SearchOptions(as_typed=True)
FILLER = "on parle de choses et d'autres pendant que la musique continue doucement ce soir"


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    archive = Archive(tmp_path)
    archive.create()
    for slug in ("quartier", "nuit"):
        archive.write_show(Show(slug, slug.title()))
    write(
        archive,
        "2024-01-10-la-rue",
        "Les micros de la rue",
        said(
            "Bonsoir à toutes et à tous.",
            "La ville installe la reconnaissance",
            "faciale, sans débat. L’œil d’une caméra",
            "voit tout ; les caméras aussi.",
        ),
        people=(Person("Noémie Levain", "invitée"),),
        tags=("vidéosurveillance",),
    )
    long = [FILLER] * 30
    long[3] = "une caméra par lampadaire"
    long[20] = "encore une caméra"
    write(archive, "2024-02-10-longue", "Une longue émission", said(*long))
    write(archive, "2024-03-10-budget", "Le budget de la ville", ())
    return archive


@pytest.fixture
def index(archive: Archive) -> Index:
    return indexed(archive)


def keys(results: Results) -> list[str]:
    return [episode.key for episode in results.episodes]


def answers(index: Index) -> list[Results]:
    return [index.search(query) for query in QUERIES]


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


# What is found


def test_a_phrase_runs_across_two_cues(index: Index) -> None:
    (episode,) = index.search('"reconnaissance faciale"').episodes
    assert episode.key == "quartier/2024-01-10-la-rue"
    assert episode.title == "Les micros de la rue"
    assert episode.date == dt.date(2024, 1, 10)
    (hit,) = episode.hits
    marked = [text for text, matches in hit.snippet if matches]
    assert marked == ["reconnaissance", "faciale"]
    assert 4.0 < hit.start < 8.0
    assert hit.listen_at == hit.start - 2.0


def test_a_phrase_is_in_that_order(index: Index) -> None:
    assert index.search('"faciale reconnaissance"').total == 0
    assert index.search("faciale reconnaissance").total == 1
    assert index.search('"reconnaissances faciales"').total == 0
    assert index.search("“LA VILLE INSTALLE”").total == 1


def test_all_words_must_be_said(index: Index) -> None:
    assert index.search("reconnaissance lampadaire", AS_TYPED).total == 0
    assert index.search("une caméra de lampadaire").total == 1


def test_function_words_count_where_there_is_nothing_else(index: Index) -> None:
    assert index.search("les caméras que vous").total == 2
    assert keys(index.search("toutes et tous")) == ["quartier/2024-01-10-la-rue"]
    assert index.search("et").total == 2


def test_hits_are_grouped_by_episode(index: Index) -> None:
    results = index.search("caméra")
    assert results.total == 2
    assert results.pages == 1
    assert keys(results)[0] == "quartier/2024-01-10-la-rue", "two mentions come first"
    assert [len(episode.hits) for episode in results.episodes] == [1, 2]
    starts = sorted(hit.start for hit in results.episodes[1].hits)
    assert 12.0 < starts[0] < 14.0
    assert 80.0 < starts[1] < 84.0


def test_passages_that_overlap_give_one_hit(archive: Archive) -> None:
    cues = [FILLER] * 12
    for number in range(12):
        cues[number] += f" repère{number}"
    key = write(archive, "2024-04-01-suite", "Suite", said(*cues))
    index = Index(archive)
    for number in range(12):
        (episode,) = index.search(f"repère{number}").episodes
        assert episode.key == key
        assert len(episode.hits) == 1
    (episode,) = (each for each in index.search("musique").episodes if each.key == key)
    marked = [hit.start for hit in episode.hits]
    assert len(set(marked)) == len(marked)


def test_the_second_of_the_first_word(index: Index) -> None:
    (episode,) = index.search("lampadaire").episodes
    text = "une caméra par lampadaire"
    (hit,) = episode.hits
    assert hit.start == pytest.approx(12.0 + 4.0 * text.index("lampadaire") / len(text))


def test_marks_are_in_the_text_as_written(index: Index) -> None:
    (hit,) = index.search("oeil cameras").episodes[0].hits
    assert "".join(text for text, _ in hit.snippet) == (
        "La ville installe la reconnaissance faciale, sans débat. "
        "L’œil d’une caméra voit tout ; les caméras aussi."
    )
    assert [text for text, matches in hit.snippet if matches] == ["œil", "caméra", "caméras"]


def test_a_title_alone_is_found(index: Index) -> None:
    results = index.search("budget")
    assert keys(results) == ["quartier/2024-03-10-budget"]
    assert results.episodes[0].hits == ()
    assert index.search("Noemie Levain").total == 1
    assert index.search("vidéosurveillance").total == 1


def test_no_phrase_runs_from_a_title_into_a_description(archive: Archive) -> None:
    write(archive, "2024-04-01-a", "Avant midi", (), description="Minuit passé")
    index = Index(archive)
    assert index.search('"minuit passé"').total == 1
    assert index.search('"midi minuit"').total == 0


def test_exact_ranks_above_its_plural_above_its_family(archive: Archive) -> None:
    for day, word in enumerate(("vendeur", "vendu", "vente", "ventes"), 1):
        write(archive, f"2024-05-0{day}-x", "Sans titre", said(f"Voilà un {word} dit une fois"))
    found = keys(Index(archive).search("vente"))
    assert [key.removeprefix("quartier/2024-05-")[:2] for key in found[:2]] == ["03", "04"]
    assert len(found) == 4


def test_words_side_by_side_come_first(archive: Archive) -> None:
    write(archive, "2024-05-01-a", "A", said("Un saint prie, puis parle à Étienne le soir"))
    write(archive, "2024-04-01-b", "B", said("Un soir de juin, on arrive à Saint-Étienne en train"))
    found = keys(Index(archive).search("saint etienne"))
    assert found == ["quartier/2024-04-01-b", "quartier/2024-05-01-a"]


def test_one_show_only(archive: Archive, index: Index) -> None:
    assert index.search("caméra", SearchOptions(show="quartier")).total == 2
    assert index.search("caméra", SearchOptions(show="nuit")).total == 0
    assert index.search("caméra", SearchOptions(show="../\udcff")).total == 0
    assert archive.shows()


def test_pages(archive: Archive) -> None:
    for number in range(45):
        day = dt.date(2023, 1, 1) + dt.timedelta(number)
        write(archive, f"{day}-x", "Radio pirate", ())
    index = Index(archive)
    pages = [index.search("pirate", SearchOptions(page=page)) for page in range(1, 6)]
    assert [len(page.episodes) for page in pages] == [10] * 4 + [5]
    assert {(page.total, page.pages) for page in pages} == {(45, 5)}
    found = [key for page in pages for key in keys(page)]
    assert found == sorted(found, reverse=True), "equals come newest first"
    assert len(set(found)) == 45
    assert index.search("pirate", SearchOptions(page=10**30)).episodes == ()
    assert index.search("pirate", SearchOptions(page=-1)) == dataclasses.replace(pages[0], page=1)


def test_a_frequent_word_is_ranked_among_all_its_passages(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(30):
        day = dt.date(2023, 1, 1) + dt.timedelta(number)
        write(archive, f"{day}-x", "X", said(*["refrain du jour"] * 60))
    index = Index(archive)
    whole = [index.search("refrain", SearchOptions(page=page)) for page in (1, 2)]
    monkeypatch.setattr("radio.search.ranking.FIRST_LOOK", 1)
    assert [keys(index.search("refrain", SearchOptions(page=page))) for page in (1, 2)] == [
        *map(keys, whole)
    ]
    assert whole[0].total == 30


# What is not shown


@pytest.mark.parametrize(
    "state",
    [
        {"status": "withdrawn", "reason": "demandé"},
        {"status": "embargoed", "until": dt.date(2999, 1, 1)},
        {"status": "embargoed"},
    ],
)
def test_what_is_not_public_is_never_found(archive: Archive, state: dict[str, object]) -> None:
    index = Index(archive)
    assert index.search("lampadaire").total == 1
    key = "quartier/2024-02-10-longue"
    archive.write_episode(dataclasses.replace(archive.episode(key), **state))  # type: ignore[arg-type]
    assert index.search("lampadaire").episodes == (), "even before the refresh"
    assert index.refresh() == IndexChanges(0, 1)
    assert index.search("lampadaire").total == 0


def test_the_end_of_an_embargo_is_a_change(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    tomorrow = dt.date.today() + dt.timedelta(1)
    key = "quartier/2024-02-10-longue"
    embargoed = dataclasses.replace(archive.episode(key), status="embargoed", until=tomorrow)
    archive.write_episode(embargoed)
    index = indexed(archive)
    assert index.search("lampadaire").total == 0

    class Tomorrow(dt.date):
        @classmethod
        def today(cls) -> "Tomorrow":
            return cls(tomorrow.year, tomorrow.month, tomorrow.day)

    monkeypatch.setattr("radio.archive.holdings.date", Tomorrow)
    assert index.refresh() == IndexChanges(1, 0)
    assert index.search("lampadaire").total == 1


# The index follows the files


def test_a_refresh_reads_what_changed(archive: Archive, index: Index) -> None:
    assert index.refresh() == IndexChanges(0, 0)
    write_transcript(archive, "quartier/2024-02-10-longue", said("un tramway nommé désir"))
    assert index.search("tramway").total == 0
    assert index.refresh() == IndexChanges(1, 0)
    assert index.search("tramway").total == 1
    assert index.search("lampadaire").total == 0
    assert index.refresh() == IndexChanges(0, 0)


def test_a_deleted_episode_vanishes(archive: Archive, index: Index) -> None:
    archive.sidecar_path("quartier/2024-02-10-longue").unlink()
    assert index.refresh() == IndexChanges(0, 1)
    assert index.search("lampadaire").total == 0


def test_a_rebuild_reads_all(index: Index) -> None:
    before = answers(index)
    assert index.refresh(rebuild=True) == IndexChanges(3, 0)
    assert answers(index) == before


def test_a_broken_transcript_costs_one_warning(
    archive: Archive, caplog: pytest.LogCaptureFixture
) -> None:
    key = "quartier/2024-02-10-longue"
    archive.vtt_path(key).write_bytes(b"WEBVTT\n\n1\n00:00:0\xff --> ?\n")
    index = Index(archive)
    assert index.refresh() == IndexChanges(3, 0)
    (warning,) = warnings(caplog)
    assert str(archive.vtt_path(key)) in warning
    assert index.refresh() == IndexChanges(0, 0)
    assert len(warnings(caplog)) == 1
    assert keys(index.search("longue émission")) == [key]
    write_transcript(archive, key, said("un tramway"))
    assert index.refresh() == IndexChanges(1, 0)
    assert keys(index.search("tramway")) == [key]


def test_an_empty_archive(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.create()
    index = Index(archive)
    assert index.search("caméra") == Results("caméra", 0, (), 1, 0)
    assert index.refresh() == IndexChanges(0, 0)


# What may befall an index


def meta(archive: Archive) -> Path:
    (path,) = archive.index.glob("*/meta.json")
    return path


def segment(archive: Archive, ending: str) -> Path:
    return next(iter(sorted(archive.index.glob(f"*/*.{ending}"))))


def garble(path: Path) -> None:
    half = path.stat().st_size // 2
    content = path.read_bytes()
    replace(path, bytes(byte ^ 0x55 for byte in content[:half]) + content[half:])


def replace(path: Path, content: bytes) -> None:
    """Put another file in the place of one, which a thread of the index may still read."""
    path.unlink()
    path.write_bytes(content)


def put_a_file_in_place_of(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_bytes(b"?")


DAMAGE: dict[str, Callable[[Archive], object]] = {
    "no folder": lambda archive: shutil.rmtree(archive.index),
    "another version": lambda archive: meta(archive).parent.rename(archive.index / "0"),
    "a file in its place": lambda archive: put_a_file_in_place_of(meta(archive).parent),
    "no meta.json": lambda archive: meta(archive).unlink(),
    "garbage in meta.json": lambda archive: meta(archive).write_bytes(b"\x00\xff{"),
    "empty meta.json": lambda archive: meta(archive).write_bytes(b""),
    "another schema": lambda archive: meta(archive).write_text(
        meta(archive).read_text().replace('"words"', '"other"')
    ),
    "no terms": lambda archive: segment(archive, "term").unlink(),
    "no positions": lambda archive: segment(archive, "pos").unlink(),
    "no store": lambda archive: segment(archive, "store").unlink(),
    "empty postings": lambda archive: replace(segment(archive, "idx"), b""),
    "garbage in postings": lambda archive: replace(segment(archive, "idx"), b"?" * 999),
    "postings garbled in place": lambda archive: garble(segment(archive, "idx")),
    "positions garbled in place": lambda archive: garble(segment(archive, "pos")),
    "store cut short": lambda archive: replace(
        segment(archive, "store"), segment(archive, "store").read_bytes()[:40]
    ),
}


@for_each(("damage", "refreshed"), itertools.product(DAMAGE, (True, False)))
def test_a_damaged_index_gives_the_same_answers(
    archive: Archive, damage: str, refreshed: bool
) -> None:
    index = indexed(archive)
    before = answers(index)
    del index  # whoever holds the old files would still read them
    DAMAGE[damage](archive)
    again = Index(archive)
    if refreshed:
        again.refresh()
    assert answers(again) == before
    assert again.refresh() == IndexChanges(0, 0)
    assert [path.name for path in archive.index.iterdir()] == [VERSION]


OLDER = """
import importlib.metadata
import sys
from pathlib import Path
version = importlib.metadata.version
importlib.metadata.version = lambda name: "1.9" if name == sys.argv[1] else version(name)
from radio.archive import Archive
from radio.search import Index
Index(Archive(Path(sys.argv[2]))).refresh()
"""


@pytest.mark.parametrize("library", ["simplemma", "PyStemmer"])
def test_after_an_upgrade_words_are_not_sought_in_forms_that_nobody_indexed(
    archive: Archive, library: str
) -> None:
    """Another release of an analyser has the index made again."""
    command = [sys.executable, "-c", OLDER, library, str(archive.root)]
    subprocess.run(command, check=True)
    index = Index(archive)
    assert index.refresh().indexed == len(archive.episodes())
    assert index.refresh() == IndexChanges(0, 0)
    assert [path.name for path in archive.index.iterdir()] == [VERSION]


def test_damage_costs_a_warning(archive: Archive, caplog: pytest.LogCaptureFixture) -> None:
    Index(archive).refresh()
    assert warnings(caplog) == []
    meta(archive).write_bytes(b"?")
    Index(archive).search("caméra")
    (warning,) = warnings(caplog)
    assert warning.startswith(str(archive.index))
    assert "radio index --rebuild" in warning


def test_leftovers_of_a_writer_that_died_are_removed(archive: Archive, index: Index) -> None:
    (archive.index / f".{VERSION}.part").mkdir()
    (archive.index / f".{VERSION}.part" / "meta.json").write_bytes(b"?")
    (archive.index / "0").mkdir()
    assert index.refresh() == IndexChanges(0, 0)
    assert [path.name for path in archive.index.iterdir()] == [VERSION]


def test_a_disk_that_refuses_is_explained(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.create()
    archive.index.write_bytes(b"a file where the folder should be")
    with pytest.raises(Exception, match="index") as caught:
        Index(archive).search("caméra")
    assert type(caught.value).__name__ == "SearchError"


# Several at once


def test_two_indexes_on_one_archive(archive: Archive, index: Index) -> None:
    other = Index(archive)
    assert other.search("tramway").total == 0
    write(archive, "2024-06-01-t", "T", said("le tramway passe"))
    index.refresh()
    assert other.search("tramway").total == 1
    index.refresh(rebuild=True)
    write(archive, "2024-06-02-t", "T", said("un autre tramway passe"))
    index.refresh()
    assert other.search("tramway").total == 2


@pytest.mark.long
def test_another_process_writes(archive: Archive, index: Index) -> None:
    write(archive, "2024-06-01-t", "T", said("le tramway passe"))
    code = (
        "import sys, pathlib; from radio.archive import Archive; from radio.search import Index;"
        "print(Index(Archive(pathlib.Path(sys.argv[1]))).refresh().indexed)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, archive.root], capture_output=True, text=True, check=True
    )
    assert run.stdout == "1\n"
    assert index.search("tramway").total == 1


def test_readers_while_it_is_made_again(archive: Archive, index: Index) -> None:
    before = answers(index)
    wrong: list[object] = []
    done = threading.Event()

    def read() -> None:
        mine = Index(archive)
        while not done.is_set():
            found = answers(mine)
            if found != before:
                wrong.append(found)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    try:
        for _ in range(8):
            index.refresh(rebuild=True)
    finally:
        done.set()
        for reader in readers:
            reader.join()
    assert wrong == []


def test_a_search_just_while_the_index_is_swapped_is_answered(
    archive: Archive, index: Index
) -> None:
    (path,) = archive.index.iterdir()
    old = path.rename(path.with_name(f".{path.name}.old"))
    with archive.lock("index"):
        swap = threading.Timer(0.1, lambda: old.rename(path))
        swap.start()
        try:
            assert Index(archive).search("caméra").total == 2
        finally:
            swap.join()


# Whatever is typed


@for_each("query", ["", " ", "?!…", '""', '"', "«»", "\x00", "🎙️", "'", "- -", "_"])
def test_nothing_asked_finds_nothing(index: Index, query: str) -> None:
    found = index.search(query)
    assert dataclasses.replace(found, near=Near()) == Results(query, 0, (), 1, 0)
    assert not found.near.is_close


def test_odd_queries_are_words(index: Index) -> None:
    assert index.search("caméra AND (", AS_TYPED).total == 0
    assert index.search("titre:caméra*", AS_TYPED).total == 0
    assert index.search('caméra"').total == 2
    assert index.search("caméra\x00🎙️^2~", AS_TYPED).total == 0
    assert index.search("+caméra -").total == 2
    assert index.search("caméra " + "x" * 10_000, AS_TYPED).total == 0
    assert index.search("caméra " * 10_000).total == 2
    assert index.search("caméra\udcff").total == 2


@given(st.text(max_size=300))
@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@pytest.mark.long
def test_any_text_is_a_query(index: Index, query: str) -> None:
    assert index.search(query).total <= 3


@given(st.text(max_size=300))
def test_words_lie_in_order_within_any_text(text: str) -> None:
    single = [word for word in words(text) if not word.is_compound]
    assert [word.position for word in single] == list(range(len(single)))
    bounds = [place for word in single for place in (word.start, word.end)]
    assert bounds == sorted(bounds)


@given(st.lists(st.sampled_from(["mot", "Été.", "x" * 90, "«oui»"]), min_size=1), st.data())
def test_a_snippet_is_short_and_keeps_its_match(said_words: list[str], data: st.DataObject) -> None:
    passage = Passage(0, tuple((i, i + 1.0, word) for i, word in enumerate(said_words)))
    found = [word for word in words(passage.text) if not word.is_compound]
    chosen = data.draw(st.lists(st.sampled_from(found), min_size=1, unique=True))
    matches = [
        CharacterRange(word.start, word.end) for word in sorted(chosen, key=lambda each: each.start)
    ]
    snippet = quote(passage.text, matches, is_part=True)
    text = "".join(piece for piece, _ in snippet)
    assert len(text) <= LONGEST
    assert all(part.strip("…") in passage.text for part in text.split(LEFT_OUT))
    first = next(piece for piece, marked in snippet if marked)
    assert first == passage.text[matches[0].start : matches[0].end]
