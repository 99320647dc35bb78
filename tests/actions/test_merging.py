"""Two episodes that hold one recording become one, and nothing that people made of them is lost."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from radio.actions.merging import choose, merge, united
from radio.archive import Archive
from radio.archive.acts import undo
from radio.archive.authorship import authorship, sha256
from radio.archive.check import check
from radio.archive.episode import Episode, Link, Person
from radio.archive.forwarding import episode_at
from radio.archive.protection import Protection, Redaction
from radio.sound.quality import Quality
from radio.system.errors import ArchiveError
from radio.text.chapters import Chapter
from radio.text.transcript import Cue, Transcript, Turn, Word, render_vtt
from radio.transcribe.versions import untouched
from tests.heard import evidence_of, segment, transcript_of, write_cues, write_evidence
from tests.processes import command
from tests.samples import CITY, STREET, put, snapshot

KEPT, LEFT = f"emission/{STREET}", f"emission/{CITY}"
SAID = (Cue(1.0, 3.0, "Relu par Zoé."), Cue(4.0, 6.0, "Et la suite."))
REREAD = Transcript(SAID, {"status": "reread"})
WRONG = ("missing", "damaged", "orphaned")


@pytest.fixture
def two(archive: Archive) -> Archive:
    put(archive, STREET, people=(Person("Anna"),), tags=("son",))
    own: dict[str, Any] = {"people": (Person("anna"), Person("Zoé", "invitée"))}
    own |= {"description": "Le texte du blog.", "links": (Link("https://example.org/a"),)}
    own |= {"chapters": (Chapter(10.0, "Début"),), "formerly": ("emission/plus-ancien",)}
    put(archive, CITY, image=f"{CITY}.jpg", **own)
    (archive.media / f"{LEFT}.jpg").write_bytes(b"jpeg")
    write_cues(archive, LEFT, *REREAD.cues, **REREAD.note)
    (archive.transcripts / f"{LEFT}.source.docx").write_bytes(b"docx")
    return archive


def test_what_is_known_of_both_goes_to_the_one_that_stays(two: Archive) -> None:
    before = snapshot(two)
    merge(two, KEPT, LEFT, offset=5.0)
    (merged,) = Archive(two.root).episodes()
    assert merged.key == KEPT
    assert merged.people == (Person("Anna"), Person("Zoé", "invitée"))
    assert (merged.tags, merged.description) == (("son",), "Le texte du blog.")
    assert merged.chapters == (Chapter(15.0, "Début"),)
    assert two.picture_path(merged).read_bytes() == b"jpeg"  # type: ignore[union-attr]
    assert (two.transcripts / f"{KEPT}.source.docx").exists()
    assert not [each for each in check(two) if each.kind in WRONG]
    for old in (LEFT, "emission/plus-ancien"):
        assert episode_at(two, old) == KEPT
    text = transcript_of(two, KEPT)
    assert text.note["status"] == "reread"
    said = [(6.0, "Relu par Zoé."), (9.0, "Et la suite.")]
    assert [(each.start, each.text) for each in text.cues] == said
    assert (two.transcripts / f"{KEPT}.1.vtt").read_text("utf-8") == render_vtt(REREAD)
    undo(two)
    assert snapshot(two) == before


def test_of_two_texts_and_two_descriptions_by_people_both_stay(two: Archive) -> None:
    two.write_episode(replace(two.episode(KEPT), description="Les notes du soir."))
    own = write_cues(two, KEPT, Cue(0.0, 2.0, "Relu aussi."), status="reread")
    with pytest.raises(ArchiveError, match="itself"):
        merge(two, KEPT, KEPT)
    merge(two, KEPT, LEFT)
    assert two.vtt_path(KEPT).read_text("utf-8") == own
    assert (two.transcripts / f"{KEPT}.1.vtt").read_text("utf-8") == render_vtt(REREAD)
    assert two.episode(KEPT).description == "Les notes du soir.\n\nLe texte du blog."


def test_what_the_machine_heard_of_the_one_serves_the_other(two: Archive) -> None:
    two.vtt_path(KEPT).unlink()
    cues = (Cue(1.0, 3.0, "Un."), Cue(55.0, 62.0, "Deux."), Cue(62.0, 62.8, "Trois."))
    text = write_cues(two, LEFT, *cues, status="machine", audio="a" * 64)
    said, turns = segment(("Un.", 1.0), seconds=1.0), (Turn(1.0, 3.0, 1),)
    write_evidence(two, LEFT, said, audio="a" * 64, vtt=sha256(text.encode()), turns=turns)
    before = snapshot(two)
    merge(two, KEPT, LEFT)
    assert not two.vtt_path(KEPT).exists()  # nobody said that they sound alike
    undo(two)
    merge(two, KEPT, LEFT, offset=5.0, alike=True)
    after, evidence = transcript_of(two, KEPT), evidence_of(two, KEPT)
    assert [(each.start, each.end) for each in after.cues] == [(6.0, 8.0), (60.0, 62.8)]
    assert evidence.segments[0].words[0] == Word(6.0, 7.0, "Un.", 0.9)
    assert evidence.turns == (Turn(6.0, 8.0, 1),)
    assert evidence.audio == two.episode(KEPT).audio.sha256
    assert authorship(after, evidence) == "machine"
    assert KEPT in untouched(two)
    assert not [each for each in check(two) if each.kind in WRONG]
    undo(two)
    assert snapshot(two) == before


def test_packets_that_are_equal_need_no_listening(two: Archive) -> None:
    two.vtt_path(KEPT).unlink()
    for key in (KEPT, LEFT):
        episode = two.episode(key)
        two.write_episode(replace(episode, audio=replace(episode.audio, packets="e" * 64)))
    said = write_cues(two, LEFT, Cue(1.0, 3.0, "Un."), status="machine")
    two.translation_path(LEFT).write_text(said, encoding="utf-8")
    merge(two, KEPT, LEFT)
    for path in (two.vtt_path(KEPT), two.translation_path(KEPT)):
        assert path.read_text(encoding="utf-8") == said


def test_what_was_withdrawn_is_not_published_by_a_merge(two: Archive) -> None:
    kept, left = two.episode(KEPT), two.episode(LEFT)
    merged = united(kept, replace(left, status="withdrawn", reason="À sa demande"))
    assert (merged.status, merged.reason) == ("withdrawn", "À sa demande")
    draft = replace(left, status="draft")  # about which nobody decided
    for state in (kept, replace(kept, status="withdrawn"), replace(kept, status="draft")):
        assert united(state, draft).status == state.status
    now = dt.datetime.now()
    over, later = (Protection(until=now + dt.timedelta(days)) for days in (-1, 1))
    awaited = replace(left, status="embargoed", until=now + dt.timedelta(1))
    for closed in (awaited, replace(left, status="withdrawn", protection=later)):
        heard = replace(kept, status="withdrawn", protection=over)
        assert not united(heard, closed).is_public(now)
    away = replace(kept, status="withdrawn", protection=later)
    assert united(away, replace(left, status="withdrawn")).opens is None


@pytest.mark.parametrize(
    ("name", "size", "duration"),
    [("x.mp3", 1000, 300.0), ("x.flac", 900, 60.0), ("x.opus", 800, 60.0), ("x.mp3", 1100, 60.0)],
)
def test_the_better_sound_is_kept(two: Archive, name: str, size: int, duration: float) -> None:
    def sounding(name: str, size: int, duration: float) -> Episode:
        episode = two.episode(KEPT)
        audio = replace(episode.audio, file=name, size=size * 1000, duration=duration)
        return replace(episode, audio=audio)

    worse, better = sounding("y.mp3", 1000, 60.0), sounding(name, size, duration)
    assert choose(worse, better).kept == better
    assert choose(better, worse).kept == better


def test_a_copy_that_is_clipped_or_does_not_jump_is_not_kept_for_its_bits(two: Archive) -> None:
    episode = two.episode(KEPT)
    many = replace(episode, audio=replace(episode.audio, file="x.mp3", size=2_000_000))
    some = replace(episode, audio=replace(episode.audio, file="y.mp3", size=1_900_000))
    few = replace(episode, audio=replace(episode.audio, file="z.mp3", size=1_000_000))
    good = Quality(-20.0, -3.0, 0, (), (), 0.0, 0.0, True)
    clipped, still = replace(good, clipped=400), replace(good, seekable=False)
    chosen = choose(many, few, (clipped, good))
    assert chosen.kept == few
    assert "clipped for 0 s, the other for 40 s" in chosen.reason
    assert choose(few, many, (good, clipped)).kept == few
    assert choose(many, some, (still, good)).kept == some
    assert choose(many, few, (still, good)).kept == many
    assert choose(many, few, (replace(good, clipped=45), replace(good, clipped=30))).kept == many


def test_what_was_taken_out_of_the_one_does_not_come_back_by_the_other(two: Archive) -> None:
    episode = two.episode(LEFT)
    two.write_episode(replace(episode, redactions=(Redaction(1.0, 2.0, "2026-11-26"),)))
    refused = command(two, "merge", KEPT, LEFT, check=False)
    assert "a passage was removed from one" in refused.stderr
    assert len(two.episodes()) == 2
