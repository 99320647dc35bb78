"""A text that people wrote, laid on the sound: each line where it is said, nothing invented."""

import shutil
import statistics
from itertools import pairwise
from pathlib import Path

import pytest

from radio.archive import Archive
from radio.french.letters import plain_words
from radio.french.numbers import NUMERALS
from radio.search import Index
from radio.system.errors import TranscriptError
from radio.text.transcript import Evidence, Region, Segment, Word
from radio.transcribe.adoption import align_text
from radio.transcribe.align import Alignment, Token, align, match
from radio.transcribe.documents import ScriptLine
from radio.transcribe.versions import is_by_hand, texts_aside
from tests.processes import call
from tests.samples import CITY, MEMORY, SHOW, STREET, reference
from tests.tables import for_each

KEY = f"{SHOW}/{STREET}"


@pytest.fixture
def archive(chain: Path, tmp_path: Path) -> Archive:
    """The three sample shows as the machine heard them, to be changed."""
    return Archive(shutil.copytree(chain, tmp_path / "archive"))


def script(slug: str) -> list[ScriptLine]:
    return [ScriptLine(str(line["text"]), str(line["voice"])) for line in reference(slug)]


def laid(archive: Archive, slug: str, lines: list[ScriptLine]) -> Alignment:
    evidence = archive.evidence(f"{SHOW}/{slug}")
    assert evidence is not None
    return align(lines, evidence)


def test_each_line_is_where_it_is_said(archive: Archive) -> None:
    distances = list[float]()
    for slug in (STREET, CITY, MEMORY):
        lines = script(slug)
        alignment = laid(archive, slug, lines)
        assert not alignment.unsaid
        assert not alignment.unwritten
        times = zip(alignment.starts, reference(slug), strict=True)
        distances += [abs((start or 0) - float(str(region["start"]))) for start, region in times]
    assert statistics.median(distances) < 0.4  # the pause before a sentence is in the reference
    assert sum(distance <= 1 for distance in distances) >= 0.95 * len(distances)


def test_a_line_that_was_never_said_has_no_place(archive: Archive) -> None:
    lines = script(STREET)
    never = ScriptLine("Et maintenant la météo marine, avec des vents forts de nord-ouest.")
    alignment = laid(archive, STREET, [*lines[:5], never, *lines[5:]])
    assert alignment.unsaid == (never,)
    assert alignment.cues == laid(archive, STREET, lines).cues


def test_what_was_said_and_not_written_is_told(archive: Archive) -> None:
    lines = script(STREET)
    alignment = laid(archive, STREET, [*lines[:4], *lines[6:]])
    (run,) = alignment.unwritten
    missing = reference(STREET)[4:6]
    assert float(str(missing[0]["start"])) - 1 < run.start < run.end
    assert run.end < float(str(missing[1]["end"])) + 1


def heard(*words: tuple[float, float, str], speech: tuple[float, float]) -> Evidence:
    """Evidence of one segment, in one region of speech."""
    said = tuple(Word(*word, 0.9) for word in words)
    segment = Segment(*speech, "", said, 1, 0.0, 0.0, 1.0, 0.0)
    regions = (Region(*speech, "speech"),)
    return Evidence("e", {}, "base", "", {}, "", "fr", speech[1], regions, (segment,))


def test_a_sentence_that_the_machine_lost_gets_its_time() -> None:
    evidence = heard((0, 1, "Bonsoir."), (1, 1.5, "Voilà."), (6, 7, "Merci."), speech=(0, 7))
    lines = [
        ScriptLine(text) for text in ("Bonsoir.", "Voilà.", "Une phrase assez longue que voici.")
    ]
    cues = align([*lines, ScriptLine("Merci.")], evidence).cues
    assert [cue.text for cue in cues][2] == lines[2].text
    assert (cues[2].start, cues[2].end) == (1.5, 6)


@for_each("nothing", ["", " "])
def test_a_line_without_a_word_takes_no_place(nothing: str) -> None:
    evidence = heard((0, 1, "Bonsoir."), (6, 7, "Merci."), speech=(0, 7))
    lines = [ScriptLine("Bonsoir."), ScriptLine(nothing), ScriptLine("Merci.")]
    assert align(lines, evidence).starts == (0, None, 6)


LATE = heard((0, 4, "Bonsoir"), (4, 4.2, "Merci"), (9.8, 10, "beaucoup"), speech=(0, 10))
GONE_BACK = heard((0, 5, "Bonsoir"), (2, 2.5, "Merci"), (1, 9, "beaucoup"), speech=(0, 9))


@for_each("evidence", [LATE, GONE_BACK])
@for_each(
    "texts",
    [
        ["Bonsoir à vous.", "Merci beaucoup, et à demain."],
        ["Bonsoir à toutes, et à tous.", "Et puis, merci.", "Vraiment beaucoup, beaucoup, oui."],
        ["Oui, bonsoir.", "Merci.", "Jamais dit nulle part.", "Beaucoup."],
    ],
)
def test_no_line_is_shown_over_the_next_or_when_the_show_is_over(
    texts: list[str], evidence: Evidence
) -> None:
    cues = align([ScriptLine(text) for text in texts], evidence).cues
    times = [second for cue in cues for second in (cue.start, cue.end)]
    assert times == sorted(times)
    assert times[0] >= 0
    assert times[-1] <= evidence.duration


def test_words_that_were_not_heard_do_not_hold_a_line_for_long() -> None:
    words = ((0, 1, "Bonsoir"), (15, 16, "toutes"), (60, 61, "Fini."))
    lines = [ScriptLine("Bonsoir à toutes, à tous."), ScriptLine("Fini.")]
    cues = align(lines, heard(*words, speech=(0, 61))).cues
    assert 16.5 < cues[-2].end < 18


def test_two_lines_share_the_time_in_which_their_words_were_not_heard() -> None:
    words = ((0, 1, "Bonsoir"), (1.5, 2, "partent"))
    lines = [ScriptLine("Bonsoir vous."), ScriptLine("Eux partent.")]
    first, second = align(lines, heard(*words, speech=(0, 2))).cues
    assert 1 < first.end == second.start < 1.5


def test_a_line_put_where_no_word_was_heard_does_not_go_over_the_next() -> None:
    words = ((0, 1, "Bonsoir."), (9, 9.5, "radio"), (9.5, 10, "Merci."))
    lost = ScriptLine("Oui, la radio du quartier que voici.")
    lines = [ScriptLine("Bonsoir."), lost, ScriptLine("Et encore une."), ScriptLine("Merci.")]
    cues = align(lines, heard(*words, speech=(0, 10))).cues
    assert all(one.end <= other.start for one, other in pairwise(cues))


def test_a_small_word_does_not_pull_a_line_to_what_nobody_wrote() -> None:
    spoken = "bonsoir et puis on a parlé de tout cela et ces données partent"
    words = [(n, n + 0.5, text) for n, text in enumerate(spoken.split())]
    lines = [ScriptLine("Bonsoir."), ScriptLine("Et ces données partent.")]
    alignment = align(lines, heard(*words, speech=(0, 13)))
    assert [cue.start for cue in alignment.cues] == [0, 9]
    assert [cue.text for cue in alignment.unwritten] == ["et puis on a parle de tout cela"]


def test_figures_are_the_numbers_that_were_written() -> None:
    words = ((0, 1, "Nous"), (1, 1.5, "étions"), (1.5, 2, "37"), (2, 2.4, "sur"), (2.4, 3, "41"))
    line = ScriptLine("Trente-sept sur quarante et un.")
    alignment = align([ScriptLine("Nous étions"), line], heard(*words, speech=(0, 3)))
    assert [(cue.start, cue.text) for cue in alignment.cues][1] == (1.5, line.text)


@for_each(
    ("number", "figures"),
    [("Zéro", "0"), ("Septante-trois", "73"), ("Quatre-vingts", "80"), ("Huitante", "80")],
)
def test_a_line_that_is_a_number_is_not_called_unsaid(number: str, figures: str) -> None:
    words = ((0, 1, "Combien ?"), (1, 2, figures), (2, 3, "Merci."))
    lines = [ScriptLine("Combien ?"), ScriptLine(f"{number}."), ScriptLine("Merci.")]
    alignment = align(lines, heard(*words, speech=(0, 3)))
    assert alignment.starts == (0, 1, 2)


@for_each("number", sorted(NUMERALS))
def test_every_word_of_a_number_matches_its_figures(number: str) -> None:
    assert match([Token(text, 0) for text in plain_words(number)], [Token("7", -1)])


def test_an_adopted_text_is_a_persons_and_found(archive: Archive) -> None:
    old, path = archive.vtt_path(KEY).read_bytes(), archive.root / "conducteur.txt"
    path.write_text("\n".join(f"Voix {line.voice} : {line.text}" for line in script(STREET)))
    command = ("text", "align", "--root", str(archive.root), KEY, str(path))
    done = call(*command)
    assert done.returncode == 0, done.stderr
    transcript = archive.transcript(KEY)
    assert transcript
    assert transcript.note == {"status": "reread", "source": "conducteur.txt"}
    voices = {f"Voix {line.voice}" for line in script(STREET)}
    assert {cue.voice for cue in transcript.cues} == voices
    assert is_by_hand(archive, KEY)
    assert [aside.read_bytes() for aside in texts_aside(archive, KEY)] == [old]
    assert Index(archive).search("découdre").total >= 1
    again = call(*command, check=False)
    assert again.returncode == 1
    assert "--force" in again.stderr


def test_an_episode_that_nobody_heard_is_transcribed_first(archive: Archive) -> None:
    archive.evidence_path(KEY).unlink()
    path = archive.root / "texte.txt"
    path.write_text("Bonsoir.", encoding="utf-8")
    with pytest.raises(TranscriptError, match="radio transcribe"):
        align_text(archive, KEY, path)
