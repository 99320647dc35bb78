"""The whole path, for real: the `radio` command, real Whisper, what was said found again."""

import hashlib
import itertools
import json
import re
import shutil
from pathlib import Path

import jiwer

from radio.archive import Archive
from radio.text.transcript import LINE
from radio.transcribe import cues
from radio.transcribe.versions import is_by_hand
from tests.heard import evidence_of, transcript_of
from tests.processes import call, radio
from tests.samples import DEMO, SHOW, plain, reference, spoken
from tests.tables import for_each

SLUGS = sorted(path.stem for path in DEMO.glob("*.mp3"))


def test_every_show_went_through_and_its_audio_is_the_original(chain: Path) -> None:
    listed = json.loads(call("list", "--root", str(chain), "--json").stdout)
    wanted = [(f"{SHOW}/{slug}", True) for slug in reversed(SLUGS)]
    assert [(each["key"], each["transcribed"]) for each in listed] == wanted
    for slug in SLUGS:
        original = (DEMO / f"{slug}.mp3").read_bytes()
        assert (chain / "media" / SHOW / f"{slug}.mp3").read_bytes() == original
        sidecar = json.loads((chain / "media" / SHOW / f"{slug}.json").read_text())
        assert sidecar["audio"]["sha256"] == hashlib.sha256(original).hexdigest()


@for_each("slug", SLUGS)
def test_words_have_times_in_speech_and_in_order(chain: Path, slug: str) -> None:
    evidence = evidence_of(Archive(chain), f"{SHOW}/{slug}")
    assert evidence.model == "base"
    words = [word for segment in evidence.segments for word in segment.words]
    for before, after in itertools.pairwise(words):
        assert before.start <= before.end <= after.start + 0.011  # times have two decimals
    for word in words:
        assert 0 <= word.probability <= 1
        around = (region for region in evidence.regions if region.start - 0.01 <= word.start)
        assert any(word.end <= region.end + 0.01 for region in around)


@for_each("slug", SLUGS)
def test_the_words_are_those_that_were_said_and_sentences_begin_then(
    chain: Path, slug: str
) -> None:
    """Where a sentence of the reference begins, a cue begins too."""
    transcript = transcript_of(Archive(chain), f"{SHOW}/{slug}")
    rate = jiwer.wer(spoken(slug), plain(" ".join(cue.text for cue in transcript.cues)))
    print(f"{slug}: word error rate {rate:.3f}")  # noqa: T201 (shown by `pytest -s`)
    assert rate < 0.30
    starts = [cue.start for cue in transcript.cues]
    late = [min(abs(start - r["start"]) for start in starts) for r in reference(slug)]
    assert sorted(late)[len(late) // 2] < 0.5
    for cue in transcript.cues:
        assert cue.end - cue.start <= cues.LONGEST + 0.01
        assert all(len(line) <= LINE for line in cue.text.split("\n"))


def test_a_finished_archive_has_nothing_left_to_do(chain: Path) -> None:
    assert not is_by_hand(Archive(chain), f"{SHOW}/{SLUGS[0]}")
    done = radio("transcribe", "--root", str(chain))
    assert done.stdout == ""
    assert "Every episode has its transcript" in done.stderr
    assert call("check", "--root", str(chain)).stdout == ""


@for_each(("words", "slug"), [("document", SLUGS[1]), ("caméra", SLUGS[1]), ("cassette", SLUGS[2])])
def test_what_was_said_is_found(chain: Path, words: str, slug: str) -> None:
    results = json.loads(call("search", "--root", str(chain), "--json", words).stdout)
    found = results["episodes"][0]
    assert found["key"] == f"{SHOW}/{slug}"
    said = [(each["start"], each["end"]) for each in reference(slug) if f"{words}s" in each["text"]]
    for hit in found["hits"]:
        assert any(start - 1 <= hit["start"] <= end + 1 for start, end in said)


def test_a_deleted_index_gives_the_same_answers(chain: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(chain, tmp_path / "copy"))
    queries = ("caméras", "cassette", "la ville intelligente", '"ville intelligente"')

    def answers() -> list[str]:
        return [call("search", "--root", str(root), "--json", query).stdout for query in queries]

    before = answers()
    found = call("search", "--root", str(root), "document").stdout
    assert re.search(r"(?m)^  0:4\d  .*documents", found)
    assert "3 indexed" in call("index", "--root", str(root), "--rebuild").stderr
    assert "0 indexed, 0 removed" in call("index", "--root", str(root)).stderr
    assert answers() == before
    shutil.rmtree(root / "index")
    assert answers() == before
    assert all(json.loads(each)["total"] for each in before)
    assert not any("aired" in each for each in before)  # a table for pictures, in no order


def test_two_folders_are_the_archive(chain: Path, tmp_path: Path) -> None:
    for folder in ("media", "transcripts"):
        shutil.copytree(chain / folder, tmp_path / folder)
    assert call("check", "--root", str(tmp_path)).stdout == ""
    for command in (["list"], ["search", "caméra"]):
        first = call(*command, "--root", str(chain)).stdout
        assert call(*command, "--root", str(tmp_path)).stdout == first
        assert first
