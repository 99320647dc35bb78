"""A text that came with a recording: kept, and laid on the sound if it is what is said there."""

import logging
import shutil
from pathlib import Path

import pytest

from radio.archive import Archive, holdings, paths
from radio.archive.authorship import status_of
from radio.archive.check import check
from radio.archive.episode import TEXTS, Show
from radio.bags.payload import all_files
from radio.search import Index
from radio.system.disk import discard
from radio.text.transcript import Cue, Transcript, read_vtt, render_srt, render_vtt
from radio.transcribe.adoption import adopt_source, adopt_waiting, waiting
from radio.transcribe.documents import READERS
from radio.transcribe.pool import local_pool
from radio.transcribe.recipes import Job, work
from radio.transcribe.renewal import renew
from radio.transcribe.versions import texts_aside
from tests.fakes import Alike, at_work
from tests.heard import edit, evidence_of, transcript_of
from tests.processes import command
from tests.samples import CITY, DEMO, SHOW, STREET, reference

KEY = f"{SHOW}/{STREET}"
TRACKLIST = "\n".join(f"{n:02}:{n:02} Groupe numéro {n} – Chanson du jour {n}" for n in range(20))
ENGLISH = "Everyone has the right to life, liberty and security of person. " * 20


def text(slug: str) -> str:
    return "\n".join(f"Voix {each['voice']} : {each['text']}" for each in reference(slug))


def captions(late: float = 0.0) -> Transcript:
    times = [(each["start"] + 0.1 + late, each["end"] + late) for each in reference(STREET)]
    texts = [each["text"] for each in reference(STREET)]
    return Transcript(tuple(Cue(*both, text) for both, text in zip(times, texts, strict=True)))


def as_heard(archive: Archive) -> Alike:
    """An engine that hears what was heard of the first sample show there."""
    segments = evidence_of(archive, KEY).segments
    return Alike(words=tuple(word for segment in segments for word in segment.words))


@pytest.fixture
def archive(chain: Path, tmp_path: Path) -> Archive:
    return Archive(shutil.copytree(chain, tmp_path / "archive"))


def hand_in(archive: Archive, content: str | bytes, suffix: str = ".txt", key: str = KEY) -> Path:
    path = archive.root / paths.source_text(key, suffix)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_a_text_beside_a_recording_becomes_its_transcript(tmp_path: Path, chain: Path) -> None:
    assert set(TEXTS) == READERS.keys()
    heap = tmp_path / "heap"
    archive = Archive(tmp_path / "new")
    archive.create()
    archive.write_show(Show("emission", "Émission"))
    heap.mkdir()
    shutil.copy(DEMO / f"{STREET}.mp3", heap / "2024-01-16-Les Micros.mp3")
    (heap / "2024-01-16-Les Micros.TXT").write_text(text(STREET), encoding="utf-8")
    done = command(archive, "ingest", str(heap))
    (told,) = (line for line in done.stderr.splitlines() if line.startswith("radio: "))
    assert "2024-01-16-Les Micros.TXT: kept as the text of emission/2024-01-16-" in told
    (key,) = done.stdout.split()
    kept = archive.root / paths.source_text(key, ".txt")
    assert kept.read_bytes() == (heap / "2024-01-16-Les Micros.TXT").read_bytes()
    assert not archive.vtt_path(key).exists()
    with local_pool(as_heard(Archive(chain))) as pool:
        assert work(archive, Job("transcribe", key), pool, lambda _: None)
    assert status_of(archive, key) == "reread"
    assert {cue.voice for cue in transcript_of(archive, key).cues} == {"Voix A", "Voix B"}
    assert transcript_of(archive, key).note["source"] == "2024-01-16-Les Micros.txt"
    assert len(texts_aside(archive, key)) == 1
    index = Index(archive)
    index.refresh()
    assert index.search("découdre").total >= 1
    assert not list(check(archive))
    given = {file.path for file in holdings.files_of(archive, archive.episode(key))}
    assert not any("source" in path for path in given)
    assert any(stored.name == kept.name for stored in all_files(archive))


@pytest.mark.parametrize(("letters", "size"), [(b"", 0), (b" \n", 2), (b"mot ", 33 << 20)])
def test_a_text_that_can_not_be_kept_costs_a_line(
    archive: Archive, tmp_path: Path, letters: bytes, size: int
) -> None:
    discard(archive.sidecar_path(KEY))
    discard(archive.media / f"{KEY}.mp3")
    shutil.copy(DEMO / f"{STREET}.mp3", tmp_path)
    (tmp_path / f"{STREET}.txt").write_bytes((letters * size)[:size])
    done = command(archive, "ingest", str(tmp_path / f"{STREET}.mp3"))
    assert done.stdout.strip() == KEY
    (told,) = (line for line in done.stderr.splitlines() if line.startswith("radio: "))
    assert f"{STREET}.txt" in told
    assert not list(archive.transcripts.glob("*/*.source.*"))


def test_what_is_not_what_is_said_changes_nothing(
    archive: Archive, caplog: pytest.LogCaptureFixture
) -> None:
    before, unsaid = archive.vtt_path(KEY).read_bytes(), paths.source_text(KEY, ".txt", "unsaid")
    for content, told in (
        *((each, "is it the right text?") for each in (TRACKLIST, ENGLISH, text(CITY))),
        (text(STREET)[:300], "of what is said is in it"),
        ("… — !", "no words in it"),
    ):
        path = hand_in(archive, content)
        assert waiting(archive) == [KEY]
        caplog.clear()
        with caplog.at_level(logging.WARNING):
            assert not adopt_source(archive, KEY)
        (message,) = caplog.messages
        assert told in message
        assert archive.vtt_path(KEY).read_bytes() == before
        assert (archive.root / unsaid).read_text() == content
        assert not path.exists()
        assert not waiting(archive)


def test_captions_keep_their_own_times_unless_they_are_of_another_cut(archive: Archive) -> None:
    machine = archive.vtt_path(KEY).read_bytes()
    own = read_vtt(render_vtt(captions()).encode(), "captions")
    hand_in(archive, render_srt(own), ".srt")
    assert adopt_source(archive, KEY)
    assert transcript_of(archive, KEY).cues == own.cues
    assert transcript_of(archive, KEY).note == {"status": "reread", "source": f"{STREET}.srt"}
    archive.vtt_path(KEY).write_bytes(machine)
    hand_in(archive, render_vtt(captions(late=30)), ".vtt")
    assert adopt_source(archive, KEY)
    assert abs(transcript_of(archive, KEY).cues[0].start - float(reference(STREET)[0]["start"])) < 1
    assert transcript_of(archive, KEY).cues[-1].end < 63


@pytest.mark.parametrize("nothing", ["<b></b>", "&nbsp;", "♪"])
def test_captions_with_an_empty_cue_are_laid_like_others(archive: Archive, nothing: str) -> None:
    """One of them stopped all work, for every episode."""
    own = captions()
    words = render_vtt(own).replace(own.cues[-1].text, nothing)
    assert words.count(nothing) == 1
    hand_in(archive, words, ".vtt")
    assert adopt_source(archive, KEY)
    cues = read_vtt(words.encode(), "captions").cues[: len(own.cues) - 1]
    assert transcript_of(archive, KEY).cues[:-1] == cues


def test_captions_of_a_machine_are_no_persons_text(
    archive: Archive, caplog: pytest.LogCaptureFixture
) -> None:
    hand_in(archive, render_vtt(Transcript(captions().cues, {"status": "machine"})), ".vtt")
    assert not adopt_source(archive, KEY)
    assert "a machine wrote it" in caplog.text
    assert status_of(archive, KEY) == "machine"


def test_a_person_s_text_stays_before_one_that_was_handed_in(archive: Archive) -> None:
    path = hand_in(archive, text(STREET))
    before = edit(archive, ("machine", "relu"), key=KEY, times=1)
    assert not waiting(archive)
    assert not adopt_source(archive, KEY)
    assert path.exists()
    assert archive.vtt_path(KEY).read_text(encoding="utf-8") == before


def test_a_text_that_a_kill_left_is_laid_by_the_next_run(archive: Archive) -> None:
    hand_in(archive, text(STREET))
    assert command(archive, "transcribe").stdout == f"{KEY} with the text of {STREET}.txt\n"
    assert Index(archive).search("découdre").total >= 1
    assert command(archive, "transcribe").stdout == ""


@pytest.mark.parametrize("bad", ["sidecar", "evidence", "text"])
def test_a_bad_file_costs_one_text_only(archive: Archive, bad: str) -> None:
    path = hand_in(archive, text(STREET))
    hand_in(archive, text(CITY), key=f"{SHOW}/{CITY}")
    before = archive.vtt_path(KEY).read_bytes()
    if bad == "text":
        discard(path)
        hand_in(archive, render_srt(captions()) + "\n" * (9 << 20), ".srt")
    else:
        path = archive.sidecar_path(KEY) if bad == "sidecar" else archive.evidence_path(KEY)
        path.write_bytes(b"[" + path.read_bytes()[1:])
    done = command(archive, "transcribe")
    assert done.stdout == f"{SHOW}/{CITY} with the text of {CITY}.txt\n"
    assert any(STREET in line for line in done.stderr.splitlines())
    assert archive.vtt_path(KEY).read_bytes() == before
    assert waiting(archive) == [KEY]


def test_what_was_transcribed_anew_by_force_is_not_undone_by_the_next_run(archive: Archive) -> None:
    path = hand_in(archive, text(STREET))
    assert adopt_source(archive, KEY)
    at_work(renew, archive, as_heard(archive), KEY, force=True)
    asked = archive.vtt_path(KEY).read_bytes()
    assert list(adopt_waiting(archive)) == []
    assert archive.vtt_path(KEY).read_bytes() == asked
    assert not path.exists()
    assert (archive.root / paths.source_text(KEY, ".txt", "unsaid")).read_text() == text(STREET)
    assert len(texts_aside(archive, KEY)) == 2
