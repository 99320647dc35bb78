"""A show's folder gets another name: its episodes are found there, and nothing else is."""

import dataclasses
import shutil
from pathlib import Path

import pytest

from radio.archive import Archive, losses
from radio.archive.check import check
from radio.archive.episode import Show
from radio.search import Index, IndexChanges, SearchOptions
from radio.system.errors import LossError
from radio.text.transcript import Transcript
from tests.search.episodes import said, write, write_transcript


def rename_show(archive: Archive, old: str, new: str, *parts: str) -> None:
    for part in parts or ("media", "transcripts"):
        (archive.root / part / old).rename(archive.root / part / new)


@pytest.fixture
def analysed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note the episodes whose text is read for the index, from now on."""
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
    archive = Archive(tmp_path)
    archive.create()
    for slug in ("quartier", "nuit"):
        archive.write_show(Show(slug, slug.title()))
    for day in range(1, 15):
        text = said(f"le pigeon numéro {day}", "une caméra regarde la place")
        write(archive, f"2024-03-{day:02}-pigeon", f"Pigeon {day}", text, tags=("oiseaux",))
    archive.write_episode(
        dataclasses.replace(archive.episode("quartier/2024-03-01-pigeon"), show="nuit")
    )
    Index(archive).refresh()
    return archive


def found(archive: Archive, query: str) -> set[str]:
    return set(Index(archive).keys(query, SearchOptions(size=100)))


@pytest.mark.parametrize(
    "steps", [["media transcripts"], ["media", "transcripts"], ["transcripts", "media"]]
)
def test_a_renamed_show_is_found_again_without_new_analysis(
    many: Archive, analysed: list[str], steps: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Also while only one of its two folders was renamed as yet."""
    index = Index(many)
    before = index.search("pigeon", SearchOptions(size=100))
    alike = index.related("quartier/2024-03-02-pigeon")
    for step in steps:
        rename_show(many, "quartier", "village", *step.split())
        changes = index.refresh()
    assert analysed == []
    assert (changes, Index(many).refresh()) == (IndexChanges(0, 0), IndexChanges(0, 0))
    assert ("is the disk there?" in caplog.text) == (len(steps) > 1)
    after = index.search("pigeon", SearchOptions(size=100))
    moved = [each.key.replace("quartier", "village") for each in before.episodes]
    assert [each.key for each in after.episodes] == moved
    assert after.facets.shows == (("village", 14), ("nuit", 1))
    assert index.search("pigeon", SearchOptions(show="quartier")).total == 0
    assert index.search("pigeon", SearchOptions(show="village")).total == 14
    assert index.search("caméra", SearchOptions(episode="quartier/2024-03-02-pigeon")).total == 0
    assert index.search("caméra", SearchOptions(episode="village/2024-03-02-pigeon")).total == 1
    assert len(index.related("village/2024-03-02-pigeon")) == len(alike)
    assert index.related("quartier/2024-03-02-pigeon") == ()


def test_a_text_corrected_in_a_renamed_show_is_found(many: Archive, analysed: list[str]) -> None:
    rename_show(many, "quartier", "village")
    key = "village/2024-03-05-pigeon"
    write_transcript(many, key, said("le goéland"))
    assert Index(many).refresh() == IndexChanges(1, 1)
    assert analysed == [key]
    assert found(many, "goéland") == {key}
    assert len(found(many, "caméra")) == 13
    write_transcript(many, "village/2024-03-06-pigeon", said("la mouette"))
    assert Index(many).refresh() == IndexChanges(1, 0)
    assert found(many, "mouette") == {"village/2024-03-06-pigeon"}
    assert len(found(many, "caméra")) == 12


def test_a_new_show_of_an_old_name_is_not_the_renamed_one(many: Archive) -> None:
    rename_show(many, "quartier", "village")
    Index(many).refresh()
    for part in (many.media, many.transcripts):
        shutil.copytree(part / "village", part / "quartier")
    assert Index(many).refresh() == IndexChanges(14, 0)
    write_transcript(many, "quartier/2024-03-05-pigeon", said("le goéland"))
    assert Index(many).refresh() == IndexChanges(1, 0)
    assert found(many, "goéland") == {"quartier/2024-03-05-pigeon"}
    assert len(found(many, "caméra")) == 27
    shutil.rmtree(many.media / "quartier")
    shutil.rmtree(many.transcripts / "quartier")
    assert Index(many).refresh(accept=True) == IndexChanges(0, 14)
    assert len(found(many, "caméra")) == 14


def test_a_show_lost_while_another_is_renamed_stays_in_the_index(many: Archive) -> None:
    rename_show(many, "quartier", "village")
    Index(many).refresh()
    for day in range(1, 13):
        write(many, f"2024-04-{day:02}-moineau", "Moineau", said("un moineau"))
    Index(many).refresh()
    rename_show(many, "village", "hameau")
    for part in (many.media, many.transcripts):
        shutil.rmtree(part / "quartier")
    assert Index(many).refresh() == IndexChanges(0, 0, held=12)
    assert len(found(many, "moineau")) == 12
    assert {key.partition("/")[0] for key in found(many, "caméra")} == {"hameau"}


@pytest.mark.parametrize("follows", [True, False])
def test_a_renamed_show_is_nothing_missing(many: Archive, follows: bool) -> None:
    """Neither after the index followed nor before."""
    rename_show(many, "quartier", "village")
    if follows:
        Index(many).refresh()
    assert [found for found in check(many) if "quartier" in str(found.path)] == []
    losses.take_inventory(many.root)
    for path in (many.media / "village").glob("*.json"):
        path.unlink()
    with pytest.raises(LossError, match="media/village/"):
        list(check(many))


def test_a_transcript_lost_on_the_way_to_another_name_is_missing(many: Archive) -> None:
    rename_show(many, "quartier", "village")
    many.vtt_path("village/2024-03-05-pigeon").unlink()
    Index(many).refresh()
    missing = [found.path for found in check(many) if found.kind == "missing"]
    assert many.vtt_path("quartier/2024-03-05-pigeon") in missing
    assert many.vtt_path("quartier/2024-03-06-pigeon") not in missing
