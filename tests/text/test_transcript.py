"""Transcripts: WebVTT out and in again, SubRip, text."""

from itertools import accumulate
from typing import Any

import pytest
import webvtt
from hypothesis import given
from hypothesis import strategies as st

from radio.system.errors import TranscriptError
from radio.text.transcript import (
    Cue,
    Transcript,
    paragraphs,
    read_any,
    read_own,
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


def test_vtt_reads_well_and_comes_back_as_it_was_short_or_long_way() -> None:
    transcript = Transcript(CUES, NOTE)
    text = render_vtt(transcript)
    assert text.startswith("WEBVTT\n\nNOTE\nstatus: machine\nengine: openai-whisper 20250625\n")
    assert "2\n00:00:02.500 --> 00:00:04.000\n<v Anna>Et &lt;toi&gt; ?\n" in text
    assert "3\n01:01:01.250 --> 01:01:02.000\nFin.\n" in text
    by_windows = "\ufeff" + text.replace("\n", "\r\n")
    for each in (text, by_windows):
        assert read_vtt(each.encode(), "x.vtt") == transcript
    own = read_own(text.encode())
    assert own is not None
    assert own == read_any(text.encode(), "file")


def test_who_rereads_says_so() -> None:
    text = render_vtt(Transcript(CUES, NOTE))
    assert read_vtt(text.encode(), "x").is_machine
    assert not read_vtt(text.replace("status: machine", "status: reread").encode(), "x").is_machine
    assert not read_vtt(b"WEBVTT\n", "x").is_machine
    for no_vtt in (b"", b"Bonjour", b"WEBVTT\n\n1\n00:00:05.000 --> 00:00:01.000\nA rebours\n"):
        with pytest.raises(TranscriptError, match=r"x\.vtt"):
            read_vtt(no_vtt, "x.vtt")


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)


@given(texts, texts)
def test_any_text_survives_vtt(text: str, voice: str) -> None:
    cue = Cue(1.0, 2.0, text, voice)
    back = read_vtt(render_vtt(Transcript((cue, CUES[0]))).encode(), "x.vtt")
    assert len(back.cues) == 2
    assert back.cues[0].text.split() == text.split()
    assert back.cues[1] == CUES[0]


def test_srt_is_read_by_others() -> None:
    read = webvtt.from_string("WEBVTT\n\n" + render_srt(Transcript(CUES)).replace(",", "."))
    starts = ["00:00:00.000", "00:00:02.500", "01:01:01.250"]
    assert [caption.start for caption in read.captions] == starts
    assert read[1].raw_text == "Anna: Et <toi> ?"


def test_text_has_paragraphs_with_times() -> None:
    said = "[0:00] Bonjour à toutes & à tous, « amis » --> d'ici.\n\n[0:02] Anna : Et <toi> ?\n"
    assert render_text(Transcript(CUES)) == f"{said}\n[1:01:01] Fin.\n"


SENTENCE = "x" * 79
PARAGRAPHS: dict[str, tuple[list[Cue], list[int]]] = {
    "they end at pauses": ([Cue(0, 1, "a"), Cue(1.2, 2, "b"), Cue(5, 6, "c")], [2, 1]),
    "a hesitation within a sentence begins none": (
        [Cue(0, 1, "Et là,"), Cue(3, 4, "rien."), Cue(6, 7, "Le lendemain…")],
        [2, 1],
    ),
    "a voice begins one": (
        [Cue(0, 1, "Et là ?", "Voix 1"), Cue(1, 2, "rien", "Voix 2"), Cue(2, 3, "du", "Voix 2")],
        [1, 2],
    ),
    "a long one ends with a sentence at a breath": (
        [Cue(4 * n, 4 * n + (3.2 if n in (6, 12) else 3.9), f"{SENTENCE}.") for n in range(16)],
        [7, 6, 3],
    ),
    "where nobody breathes with a sentence": (
        [Cue(n, n + 1, SENTENCE + (",", ".")[n % 2]) for n in range(20)],
        [12, 8],
    ),
    "words without a full stop are not endless": (
        [Cue(n, n + 1, f"{SENTENCE}x") for n in range(84)],
        [21] * 4,
    ),
}


def test_paragraphs() -> None:
    found = {name: list(map(len, paragraphs(cues))) for name, (cues, _) in PARAGRAPHS.items()}
    assert found == {name: sizes for name, (_, sizes) in PARAGRAPHS.items()}


@given(st.lists(st.tuples(st.floats(0, 5), st.sampled_from(["mot", "mot.", "x" * 80]))))
def test_paragraphs_hold_every_cue_once_and_in_order(drawn: list[tuple[float, str]]) -> None:
    starts = accumulate(gap + 1 for gap, _ in drawn)
    cues = [Cue(start, start + 1, text) for start, (_, text) in zip(starts, drawn, strict=True)]
    assert [cue for paragraph in paragraphs(cues) for cue in paragraph] == cues


WRITTEN = st.builds(
    Cue,
    st.floats(0, 400_000).map(lambda second: round(second, 3)),
    st.just(400_001.0),
    st.text("a é’&<>;.-\u00a0\u2028\x0b\x00\n0:", max_size=20),
    st.text("Noé <>& \u00a0\n", max_size=6),
)
NOTES = st.dictionaries(st.sampled_from(["status", "model"]), st.text("ab:é >-", max_size=8))


@given(st.lists(WRITTEN, max_size=4), NOTES, st.data())
def test_the_short_way_reads_alike(cues: list[Cue], note: Any, data: st.DataObject) -> None:
    text = render_vtt(Transcript(tuple(cues), note))
    place = data.draw(st.integers(0, len(text)))
    signs = ["", "\n", "\n\n", "<", "-->", "\r", "\x0b", "\u2028", " ", "9"]
    sign = data.draw(st.sampled_from(signs))
    for each in (text, text[:place] + sign + text[place:], text[:place] + sign + text[place + 1 :]):
        if own := read_own(each.encode()):
            other = read_any(each.encode(), "file")
            assert (own, "") == (other, other.stray)
