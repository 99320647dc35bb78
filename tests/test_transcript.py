"""Transcripts: WebVTT out and in again, SubRip, text."""

import pytest
import webvtt
from hypothesis import given
from hypothesis import strategies as st

from radio.errors import TranscriptError
from radio.transcript import (
    Cue,
    Transcript,
    paragraphs,
    passages,
    read_vtt,
    render_srt,
    render_text,
    render_vtt,
)

NOTE = {"status": "machine", "engine": "openai-whisper 20250625", "model": "base"}
CUES = (
    Cue(0.0, 2.15, "Bonjour à toutes & à tous,\n« amis » --> d'ici."),
    Cue(2.5, 4.0, "Et <toi> ?", "Anna"),
    Cue(3661.25, 3662.0, "Fin."),
)


def test_vtt_comes_back_as_it_was() -> None:
    transcript = Transcript(CUES, NOTE)
    assert read_vtt(render_vtt(transcript).encode(), "x.vtt") == transcript


def test_vtt_reads_well() -> None:
    text = render_vtt(Transcript(CUES, NOTE))
    assert text.startswith("WEBVTT\n\nNOTE\nstatus: machine\nengine: openai-whisper 20250625\n")
    assert "2\n00:00:02.500 --> 00:00:04.000\n<v Anna>Et &lt;toi&gt; ?\n" in text
    assert "3\n01:01:01.250 --> 01:01:02.000\nFin.\n" in text


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)


@given(texts, texts)
def test_any_text_survives_vtt(text: str, voice: str) -> None:
    cue = Cue(1.0, 2.0, text, voice)
    back = read_vtt(render_vtt(Transcript((cue, CUES[0]))).encode(), "x.vtt")
    assert len(back.cues) == 2
    assert back.cues[0].text.split() == text.split()
    assert back.cues[1] == CUES[0]


def test_a_person_may_have_used_windows() -> None:
    text = "\ufeff" + render_vtt(Transcript(CUES, NOTE)).replace("\n", "\r\n")
    assert read_vtt(text.encode(), "x.vtt") == Transcript(CUES, NOTE)


def test_who_rereads_says_so() -> None:
    text = render_vtt(Transcript(CUES, NOTE))
    assert read_vtt(text.encode(), "x").is_machine
    assert not read_vtt(text.replace("status: machine", "status: reread").encode(), "x").is_machine
    assert not read_vtt(b"WEBVTT\n", "x").is_machine


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"Bonjour",
        b"WEBVTT\n\n1\n00:00:05.000 --> 00:00:01.000\n\xc3\xa0 rebours\n",
    ],
)
def test_what_is_no_vtt_is_named(text: bytes) -> None:
    with pytest.raises(TranscriptError, match=r"x\.vtt"):
        read_vtt(text, "x.vtt")


def test_srt_is_read_by_others() -> None:
    read = webvtt.from_string(
        "WEBVTT\n\n" + render_srt(Transcript(CUES)).replace(",", ".").replace("-->", "-->")
    )
    assert [caption.start for caption in read.captions] == [
        "00:00:00.000",
        "00:00:02.500",
        "01:01:01.250",
    ]
    assert read[1].raw_text == "Anna: Et <toi> ?"


def test_text_has_paragraphs_with_times() -> None:
    assert render_text(Transcript(CUES)) == (
        "[0:00] Bonjour à toutes & à tous, « amis » --> d'ici.\n"
        "\n[0:02] Anna : Et <toi> ?\n"
        "\n[1:01:01] Fin.\n"
    )


def test_paragraphs_end_at_pauses() -> None:
    cues = [Cue(0, 1, "a"), Cue(1.2, 2, "b"), Cue(5, 6, "c")]
    assert [len(each) for each in paragraphs(cues)] == [2, 1]


@given(st.lists(st.integers(0, 30), max_size=60))
def test_neighbours_share_a_passage(lengths: list[int]) -> None:
    cues = [Cue(i, i + 1, "mot " * length) for i, length in enumerate(lengths)]
    found = list(passages(cues))
    for first in range(len(cues) - 1):
        assert any(first in passage and first + 1 in passage for passage in found)
    assert sorted({i for passage in found for i in passage}) == list(range(len(cues)))
