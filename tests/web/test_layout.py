"""How the text of an episode is laid out: its headings, what it costs, which doubts are kept."""

import time

from radio.text.chapters import Chapter
from radio.text.doubt import HeardWord
from radio.text.sentences import PIECE, quote
from radio.text.transcript import Cue, Word
from radio.web.layout import lay_out


def heard(count: int) -> list[HeardWord]:
    words = (Word(n / 10, n / 10 + 0.1, f"mot{n}", 0.3) for n in range(count))
    return [HeardWord(word, 0.3, "unsure") for word in words]


def test_no_endless_cue_keeps_anybody_waiting() -> None:
    """A person may have pasted another text of the whole episode into one cue, or into each."""
    words = heard(40_000)  # in some four hours
    one = [Cue(0, 4_000, " ".join(f"dit{n}" for n in range(40_000)))]
    for cues in (one, [Cue(0, 4_000, f"dit{n}") for n in range(2_000)]):
        began = time.process_time()
        parts = list(lay_out(cues, None, words))
        assert time.process_time() - began < 4
        assert sum(len(each.lines) for part in parts for each in part.sentences) == len(cues)


def test_doubts_go_on_after_what_a_person_left_out() -> None:
    said = heard(100)
    kept = [each.word.text for each in (*said[:20], *said[90:])]
    (part,) = lay_out([Cue(0, 10, " ".join(kept))], None, said)
    (sentence,) = part.sentences
    assert [run for line in sentence.lines for run in line.runs] == [(" ".join(kept), "unsure")]


def shape(cues: list[Cue], *chapters: Chapter) -> list[str | list[str]]:
    return [
        block.chapter.title
        if block.chapter
        else [" ".join(line.cue.text for line in each.lines) for each in block.sentences]
        for block in lay_out(cues, chapters=chapters)
    ]


SAID = [Cue(0, 2, "Bonjour à tous"), Cue(2, 4, "et à toutes."), Cue(4, 6, "Ce soir,")]
SAID += [Cue(6, 9, "la rue."), Cue(9, 12, "Noé est là.")]


def test_a_chapter_within_a_paragraph_heads_the_sentence_at_its_second() -> None:
    assert shape(SAID) == [["Bonjour à tous et à toutes.", "Ce soir, la rue.", "Noé est là."]]
    found = shape(SAID, Chapter(0, "Début"), Chapter(5.2, "La rue"), Chapter(8.9, "Noé"))
    bonsoir, rue, noe = ["Bonjour à tous et à toutes."], ["Ce soir, la rue."], ["Noé est là."]
    assert found == ["Début", bonsoir, "La rue", rue, "Noé", noe]
    assert shape(SAID, Chapter(3600, "Plus tard"))[1:] == []  # it is not transcribed yet


def test_what_is_pressed_is_what_is_quoted() -> None:
    endless = [Cue(100 + n, 101 + n, f"mot{n} " * 10) for n in range(300)]
    cues = [*SAID, Cue(20, 22, "Une suite", "Noé"), Cue(23, 24, "sans fin", "Zoé"), *endless]
    pressed = [each for block in lay_out(cues) for each in block.sentences]
    assert max(sum(len(line.cue.text) for line in each.lines) for each in pressed) <= PIECE
    for each in pressed:
        quoted = quote(cues, each.start)
        assert quoted
        assert (quoted.start, quoted.end) == (each.start, each.end)
