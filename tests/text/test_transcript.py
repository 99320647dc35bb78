"""Transcripts: WebVTT out and in again, and their paragraphs."""

from itertools import accumulate
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from radio.text import transcript as captions
from radio.text.transcript import Cue, Transcript, read_any, read_own, read_vtt, render_vtt
from tests.tables import for_each

NOTE = {"status": "machine", "engine": "openai-whisper 20250625", "model": "base"}
CUES = (
    Cue(0.0, 2.15, "Bonjour à toutes & à tous,\n« amis » --> d'ici."),
    Cue(2.5, 4.0, "Et <toi> ?", "Anna"),
    Cue(5.0, 6.0, "Hello & welcome,\nall of you.", "Anna", "en-GB"),
    Cue(3661.25, 3662.0, "Fin."),
)


def test_vtt_reads_well_and_comes_back_as_it_was_short_or_long_way() -> None:
    transcript = Transcript(CUES, NOTE)
    text = render_vtt(transcript)
    assert text.startswith("WEBVTT\n\nNOTE\nstatus: machine\nengine: openai-whisper 20250625\n")
    assert "2\n00:00:02.500 --> 00:00:04.000\n<v Anna>Et &lt;toi&gt; ?\n" in text
    assert "\n<v Anna><lang en-GB>Hello &amp; welcome,\nall of you.</lang>\n" in text
    assert "4\n01:01:01.250 --> 01:01:02.000\nFin.\n" in text
    by_windows = "\ufeff" + text.replace("\n", "\r\n")
    for each in (text, by_windows):
        assert read_vtt(each.encode(), "x.vtt") == transcript
    assert read_own(text.encode()) == read_any(text.encode(), "file") == transcript


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)


@given(texts, texts)
def test_any_text_survives_vtt(text: str, voice: str) -> None:
    cue = Cue(1.0, 2.0, text, voice)
    back = read_vtt(render_vtt(Transcript((cue, CUES[0]))).encode(), "x.vtt")
    assert len(back.cues) == 2
    assert back.cues[0].text.split() == text.split()
    assert back.cues[1] == CUES[0]


SENTENCE = "x" * 79
PAUSED = [Cue(0, 1, "a"), Cue(1.2, 2, "b"), Cue(5, 6, "c")]
HESITANT = [Cue(0, 1, "Et là,"), Cue(3, 4, "rien."), Cue(6, 7, "Le lendemain…")]
VOICES = [Cue(0, 1, "Et là ?", "Voix 1"), Cue(1, 2, "rien", "Voix 2"), Cue(2, 3, "du", "Voix 2")]
LONG = [Cue(4 * n, 4 * n + (3.2 if n in (6, 12) else 3.9), f"{SENTENCE}.") for n in range(16)]
BREATHLESS = [Cue(n, n + 1, SENTENCE + (",", ".")[n % 2]) for n in range(20)]
ENDLESS = [Cue(n, n + 1, f"{SENTENCE}x") for n in range(84)]


@for_each(
    ("cues", "sizes", "_why"),
    [
        (PAUSED, [2, 1], "they end at pauses"),
        (HESITANT, [2, 1], "a hesitation within a sentence begins none"),
        (VOICES, [1, 2], "a voice begins one"),
        (LONG, [7, 6, 3], "a long one ends with a sentence at a breath"),
        (BREATHLESS, [12, 8], "where nobody breathes with a sentence"),
        (ENDLESS, [21] * 4, "words without a full stop are not endless"),
    ],
)
def test_paragraphs(cues: list[Cue], sizes: list[int], _why: str) -> None:
    assert [len(each) for each in captions.paragraphs(cues)] == sizes


@given(st.lists(st.tuples(st.floats(0, 5), st.sampled_from(["mot", "mot.", "x" * 80]))))
def test_paragraphs_hold_every_cue_once_and_in_order(drawn: list[tuple[float, str]]) -> None:
    starts = accumulate(gap + 1 for gap, _ in drawn)
    cues = [Cue(start, start + 1, text) for start, (_, text) in zip(starts, drawn, strict=True)]
    assert [cue for paragraph in captions.paragraphs(cues) for cue in paragraph] == cues


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
