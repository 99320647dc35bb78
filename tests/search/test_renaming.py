"""A show's folder gets another name: its episodes are found there, and nothing else is."""

import shutil
from pathlib import Path

import pytest

from radio.archive import Archive, losses
from radio.archive.check import check
from radio.archive.episode import Show
from radio.search import Index, SearchOptions
from radio.search.results import IndexChanges
from radio.system.errors import LossError
from radio.text.transcript import Transcript
from tests.search.episodes import SHOW, begun, indexed, put, say_again


def rename_show(archive: Archive, old: str, new: str, *parts: str) -> None:
    for part in parts or ("media", "transcripts"):
        (archive.root / part / old).rename(archive.root / part / new)


def remove_show(archive: Archive) -> None:
    for part in (archive.media, archive.transcripts):
        shutil.rmtree(part / SHOW)


@pytest.fixture
def analysed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    read, transcript = list[str](), Archive.transcript

    def noted(archive: Archive, key: str) -> Transcript | None:
        if text := transcript(archive, key):
            read.append(key)
        return text

    monkeypatch.setattr(Archive, "transcript", noted)
    return read


@pytest.fixture
def many(tmp_path: Path) -> Archive:
    """More episodes than may vanish at once, and a show that stays."""
    archive = begun(tmp_path, "Machine")
    archive.write_show(Show("nuit", "Nuit"))
    for day in range(1, 15):
        put(archive, f"2024-03-{day:02}-pigeon", "le pigeon", "une caméra regarde la place")
    put(archive, "2024-03-01-pigeon", "Un pigeon.", show="nuit")
    indexed(archive)
    return archive


def found(archive: Archive, query: str) -> set[str]:
    return set(Index(archive).keys(query, SearchOptions(size=100)))


@pytest.mark.parametrize(
    "steps", [["media transcripts"], ["media", "transcripts"], ["transcripts", "media"]]
)
def test_a_renamed_show_is_found_again_without_new_analysis(
    many: Archive, analysed: list[str], steps: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    index, old, new = Index(many), f"{SHOW}/2024-03-02-pigeon", "village/2024-03-02-pigeon"
    before, alike = index.search("pigeon", SearchOptions(size=100)), index.related(old)
    for step in steps:
        rename_show(many, SHOW, "village", *step.split())
        changes = index.refresh()
    assert analysed == []
    assert (changes, Index(many).refresh()) == (IndexChanges(0, 0), IndexChanges(0, 0))
    assert ("is the disk connected?" in caplog.text) == (len(steps) > 1)
    after = index.search("pigeon", SearchOptions(size=100))
    moved = [each.key.replace(SHOW, "village") for each in before.episodes]
    assert [each.key for each in after.episodes] == moved
    assert after.facets.shows == (("village", 14), ("nuit", 1))
    for only, total in (
        *((SearchOptions(show=SHOW), 0), (SearchOptions(show="village"), 14)),
        *((SearchOptions(episode=old), 0), (SearchOptions(episode=new), 1)),
    ):
        assert index.search("caméra", only).total == total, only
    assert (len(index.related(new)), index.related(old)) == (len(alike), ())


def test_texts_corrected_or_lost_before_a_new_name(many: Archive, analysed: list[str]) -> None:
    rename_show(many, SHOW, "village")
    say_again(many, "village/2024-03-05-pigeon", "le goéland")
    many.vtt_path("village/2024-03-06-pigeon").unlink()
    Index(many).refresh()
    assert analysed == ["village/2024-03-05-pigeon"]
    assert found(many, "goéland") == {"village/2024-03-05-pigeon"}
    missing = [each.path for each in check(many) if each.kind == "missing"]
    assert many.vtt_path(f"{SHOW}/2024-03-06-pigeon") in missing
    assert many.vtt_path(f"{SHOW}/2024-03-05-pigeon") not in missing
    say_again(many, "village/2024-03-07-pigeon", "la mouette")
    assert Index(many).refresh().indexed == 1
    assert found(many, "mouette") == {"village/2024-03-07-pigeon"}


def test_a_new_show_of_an_old_name_is_not_the_renamed_one(many: Archive) -> None:
    rename_show(many, SHOW, "village")
    Index(many).refresh()
    for part in (many.media, many.transcripts):
        shutil.copytree(part / "village", part / SHOW)
    assert Index(many).refresh() == IndexChanges(14, 0)
    say_again(many, f"{SHOW}/2024-03-05-pigeon", "le goéland")
    assert Index(many).refresh() == IndexChanges(1, 0)
    assert found(many, "goéland") == {f"{SHOW}/2024-03-05-pigeon"}
    assert len(found(many, "caméra")) == 27
    remove_show(many)
    assert Index(many).refresh(accept=True) == IndexChanges(0, 14)
    assert len(found(many, "caméra")) == 14


def test_a_show_lost_while_another_is_renamed_stays_in_the_index(many: Archive) -> None:
    rename_show(many, SHOW, "village")
    Index(many).refresh()
    for day in range(1, 13):
        put(many, f"2024-04-{day:02}-moineau", "un moineau")
    Index(many).refresh()
    rename_show(many, "village", "hameau")
    remove_show(many)
    assert Index(many).refresh() == IndexChanges(0, 0, held=12)
    assert len(found(many, "moineau")) == 12
    assert {key.partition("/")[0] for key in found(many, "caméra")} == {"hameau"}


@pytest.mark.parametrize("follows", [True, False])
def test_a_renamed_show_is_nothing_missing(many: Archive, follows: bool) -> None:
    rename_show(many, SHOW, "village")
    if follows:
        Index(many).refresh()
    assert [each for each in check(many) if SHOW in str(each.path.relative_to(many.root))] == []
    losses.take_inventory(many.root)
    for path in (many.media / "village").glob("*.json"):
        path.unlink()
    with pytest.raises(LossError, match="media/village/"):
        list(check(many))
