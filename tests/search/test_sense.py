"""Passages in the same sense: found in other words, or nothing; and never what is not public."""

import contextlib
import dataclasses
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import islice
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from radio.archive import Archive
from radio.archive.episode import Episode
from radio.derived.cache import forget
from radio.search import Index, SearchOptions
from radio.search.french import words
from radio.search.sense import nearest, vectors
from radio.search.sense.guesses import WAITING, Guesses, Sense
from radio.search.sense.nearest import ENOUGH, Shelf
from radio.web.site import create_app
from tests.patience import LONG
from tests.processes import command
from tests.search.episodes import say_again
from tests.search.senses import FAR, NEAR, write_shows

PATIENCE = 60.0  # seconds
PALM, LISTENED = "la main des écoliers ouvre la cantine", "des micros qui écoutent la ville"
CANTEEN = "la main des écoliers ouvre le réfectoire"  # a word that is not said


@pytest.fixture(scope="module", autouse=True)
def wanted() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(vectors.SWITCH, "on")
        yield


@pytest.fixture(scope="module")
def model(wanted: None) -> vectors.SentenceModel:
    return vectors.SentenceModel()


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory, wanted: None) -> Archive:
    archive = Archive(Path(tmp_path_factory.mktemp("sense")))
    write_shows(archive)
    shares, keys = list[float](), [each.key for each in vectors.missing(archive)]
    assert vectors.make_all(archive, keys, shares.append) == []
    assert (shares, shares[-1]) == (sorted(shares), 1.0)
    assert vectors.missing(archive) == []
    Index(archive).refresh()
    return archive


@pytest.fixture(scope="module")
def sense(archive: Archive) -> Iterator[Sense]:
    with contextlib.closing(Sense(archive, Index(archive))) as sense:
        yield sense


@pytest.fixture
def changed(archive: Archive) -> Iterator[Episode]:
    """The episode about the palm of the hand; as it was, afterwards."""
    episode = next(each for each in archive.episodes() if "paume" in each.title)
    path = archive.vtt_path(episode.key)
    content, status = path.read_bytes(), path.stat()
    yield episode
    archive.write_episode(episode)
    path.write_bytes(content)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def guesses(sense: Sense, query: str, **options: str) -> Guesses:
    found = sense.guess(query, SearchOptions(**options), PATIENCE)  # type: ignore[arg-type]
    assert found is not None
    assert not found.is_late
    return found


def keys(sense: Sense, query: str, **options: str) -> set[str]:
    return {each.key for each in guesses(sense, query, **options).passages}


def test_what_is_said_in_other_words_is_found(sense: Sense, archive: Archive) -> None:
    texts = (archive.transcript(each.key) for each in archive.episodes())
    sentences = [cue.text for each in texts if each for cue in each.cues]

    def forms(said: str, kinds: str) -> set[str]:
        heavy = (word for word in words(said) if not word.is_light)
        return {form for word in heavy for form in word.forms if form[0] in kinds}

    found = 0
    for query, parts in NEAR:
        own = [each for each in sentences if any(part in each for part in parts)]
        assert len(own) >= len(parts)
        assert all(forms(query, "-").isdisjoint(forms(each, "=-~+")) for each in own), query
        near = guesses(sense, query).passages
        found += any(part in each.text for part in parts for each in near)
    assert found >= 0.6 * len(NEAR)


def test_a_query_about_something_else_finds_nothing(sense: Sense) -> None:
    loud = [query for query in FAR if guesses(sense, query).passages]
    assert len(loud) <= 0.15 * len(FAR), loud
    for query in ("", "avant:2030", "-paume", "«»", '"'):
        found = sense.guess(query, wait=PATIENCE)
        assert found is None or not found.is_late, "without a word nothing is asked"


def test_another_language_and_filters(sense: Sense, changed: Episode) -> None:
    english = guesses(sense, "school children scan their hand to eat")
    assert english.passages[0].key == changed.key
    assert changed.key in keys(sense, PALM)
    assert keys(sense, f"{PALM} avant:2024-01-02") == set()
    only = f"{PALM} après:{changed.date.isoformat()[:7]}-01"
    assert changed.key in keys(sense, only)
    assert keys(sense, PALM, episode=changed.key) == {changed.key}
    assert keys(sense, PALM, show="nothing") == set()


def test_what_words_found_is_not_guessed_as_well(sense: Sense, archive: Archive) -> None:
    results, near = Index(archive).search("caméras"), guesses(sense, "caméras")
    assert any("caméras" in each.text for each in near.passages)
    hits = {(each.key, hit.start) for each in results.episodes for hit in each.hits}
    assert hits
    for each in near.beyond(results).passages:
        assert not any(key == each.key and each.start <= second < each.end for key, second in hits)
    assert near.beyond(None) == near


def test_what_was_withdrawn_is_not_shown_and_then_forgotten(
    archive: Archive, sense: Sense, model: vectors.SentenceModel, changed: Episode
) -> None:
    archive.write_episode(dataclasses.replace(changed, status="withdrawn", reason="demandé"))
    assert changed.key not in keys(sense, PALM)
    forget(archive, {each.key for each in archive.episodes()} - {changed.key})
    assert not vectors.path_of(archive, changed.key).exists()
    assert changed.key not in keys(sense, PALM)
    archive.write_episode(changed)
    vectors.make(archive, changed.key, model)
    assert changed.key in keys(sense, PALM)


def test_a_sentence_that_was_taken_out_is_not_shown(
    archive: Archive, sense: Sense, model: vectors.SentenceModel, changed: Episode
) -> None:
    say_again(archive, changed.key, "Ce passage a été retiré.")
    assert changed.key not in keys(sense, PALM)
    assert [each.key for each in vectors.missing(archive)] == [changed.key]
    vectors.make(archive, changed.key, model)
    assert vectors.missing(archive) == []


def test_damaged_vectors_cost_nothing_and_are_made_again(
    archive: Archive, sense: Sense, model: vectors.SentenceModel, changed: Episode
) -> None:
    vectors.make(archive, changed.key, model)
    path = vectors.path_of(archive, changed.key)
    whole = path.read_bytes()
    for broken in (b"", b"{", whole[:-100], b"{}\n" + whole, os.urandom(5000)):
        path.write_bytes(broken)
        assert changed.key not in keys(sense, PALM)
        assert [each.key for each in vectors.missing(archive)] == [changed.key]
    vectors.make(archive, changed.key, model)
    assert changed.key in keys(sense, PALM)


@contextlib.contextmanager
def stopped(sense: Sense) -> Iterator["subprocess.Popen[bytes]"]:
    guesses(sense, PALM)
    child = sense._process
    assert child
    os.kill(child.pid, signal.SIGSTOP)
    yield child
    if child.poll() is None:
        os.kill(child.pid, signal.SIGCONT)


def test_who_comes_while_it_is_busy_does_not_wait(sense: Sense) -> None:
    many = "avant:2100 " + PALM
    with stopped(sense):
        began = time.monotonic()
        for query in (PALM, many, many):
            assert sense.guess(query, wait=0.2) == Guesses(is_late=True)
        assert time.monotonic() - began < 30
    assert guesses(sense, LISTENED) != guesses(sense, PALM), "an old answer was taken for a new one"
    with ThreadPoolExecutor(20) as visitors, stopped(sense):
        crowd = [visitors.submit(sense.guess, PALM, wait=LONG) for _ in range(20)]
        done = islice(as_completed(crowd, timeout=LONG / 2), 20 - WAITING)
        assert {each.result() for each in done} == {Guesses(is_late=True)}, "no crowd waits"


def test_a_child_that_breaks_down_or_hangs_is_started_again_and_ends_with_who_asked(
    sense: Sense, monkeypatch: pytest.MonkeyPatch
) -> None:
    guesses(sense, PALM)
    assert sense._process
    sense._process.kill()
    sense._process.wait()
    with stopped(sense) as child:  # another one
        assert sense.guess(PALM, wait=0.1) == Guesses(is_late=True)
        with monkeypatch.context() as patch:
            patch.setattr("radio.search.sense.guesses.HUNG", 0.0)
            sense.guess(PALM, wait=0.1)
        assert child.poll() is not None
    assert guesses(sense, PALM).passages
    assert sense._process
    assert sense._line
    sense._line.close()
    assert sense._process.wait(PATIENCE) == 0


def test_off_means_off(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(vectors.SWITCH, "off")
    vectors.path_of(archive, archive.episodes()[0].key).touch()
    assert vectors.missing(archive) == []
    assert Sense(archive, Index(archive)).guess(PALM) is None


def test_bytes_keep_what_vectors_say(archive: Archive, model: vectors.SentenceModel) -> None:
    for episode in archive.episodes():
        found = vectors.read_vectors(vectors.path_of(archive, episode.key))
        assert found
        encoded = model.encode([each.text for each in found.passages()])
        cosines = (found.rows / vectors.SCALE * encoded).sum(axis=1)
        assert cosines.min() > 0.995


def test_the_command_makes_vectors_and_shows_what_is_near(
    archive: Archive, sense: Sense, changed: Episode, monkeypatch: pytest.MonkeyPatch
) -> None:
    vectors.path_of(archive, changed.key).unlink()
    command(archive, "index")
    assert vectors.missing(archive) == []
    asked = SimpleNamespace(guess=sense.guess, close=lambda: None)  # its model is loaded
    monkeypatch.setattr("radio.cli.search.Sense", lambda *_: asked)
    told = command(archive, "search", CANTEEN)
    assert "Same subject, other words (found by a machine):" in told.stderr
    assert "avec la paume de la main" in told.stdout
    content = json.loads(command(archive, "search", "--json", CANTEEN).stdout)
    assert any("la paume" in each["text"] for each in content["sense"])


def test_the_api_shows_it_apart(
    archive: Archive, sense: Sense, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("radio.web.site.Sense", lambda *_: sense)
    client = create_app(archive, Index(archive), base_url="https://radio.example").test_client()
    guesses(sense, CANTEEN)  # loaded
    content = client.get("/api/v1/search", query_string={"q": CANTEEN}).json
    assert content
    assert any("la paume" in each["text"] for each in content["sense"]["passages"])
    second = client.get("/api/v1/search", query_string={"q": "la", "page": 2}).json
    assert second is None or second.get("sense") is None


def test_a_large_archive_finds_by_signs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = np.random.default_rng(1)

    def drawn(count: int) -> vectors.Floats:
        numbers = chance.standard_normal((count, vectors.SIZE))
        return np.asarray(numbers / np.linalg.norm(numbers, axis=1, keepdims=True), np.float32)

    rows, passages = drawn(3_000), [vectors.SensePassage(0.0, "")] * 100
    (tmp_path / "show").mkdir()
    for place in range(0, 3_000, 100):
        some = vectors.render_vectors((0, 0), "1", passages, rows[place:][:100], drawn(20))
        (tmp_path / "show" / f"{place}{vectors.SUFFIX}").write_bytes(some)
    monkeypatch.setattr(nearest, "COMPARED", 200)
    monkeypatch.setattr(nearest, "CHOSEN", 100)
    shelf = Shelf(tmp_path, "1")
    shelf.refresh()
    assert len(shelf) == 3_000
    shelf.limit = ENOUGH
    wanted = chance.integers(0, 3_000, 60)
    near = [shelf.nearest(0.5 * rows[each] + drawn(1)[0]) for each in wanted]
    named = [(found[0].key, found[0].place) if found else None for found in near]
    right = [(f"show/{each // 100 * 100}", int(each % 100)) for each in wanted]
    assert np.mean([a == b for a, b in zip(named, right, strict=True)]) > 0.95
