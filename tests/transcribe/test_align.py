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
from tests.heard import evidence_for, evidence_of, transcript_of
from tests.processes import command
from tests.samples import CITY, MEMORY, SHOW, STREET, reference
from tests.tables import for_each

KEY = f"{SHOW}/{STREET}"


def script(slug: str) -> list[ScriptLine]:
    return [ScriptLine(str(line["text"]), str(line["voice"])) for line in reference(slug)]


def written(*texts: str) -> list[ScriptLine]:
    return list(map(ScriptLine, texts))


def laid(chain: Path, slug: str, lines: list[ScriptLine]) -> Alignment:
    return align(lines, evidence_of(Archive(chain), f"{SHOW}/{slug}"))


def test_each_line_is_where_it_is_said(chain: Path) -> None:
    distances = list[float]()
    for slug in (STREET, CITY, MEMORY):
        alignment = laid(chain, slug, script(slug))
        assert (alignment.unsaid, alignment.unwritten) == ((), ())
        times = zip(alignment.starts, reference(slug), strict=True)
        distances += [abs((start or 0) - float(str(region["start"]))) for start, region in times]
    assert statistics.median(distances) < 0.4  # the pause before a sentence is in the reference
    assert sum(distance <= 1 for distance in distances) >= 0.95 * len(distances)


def test_what_was_never_said_has_no_place_and_what_was_not_written_is_told(chain: Path) -> None:
    lines = script(STREET)
    never = ScriptLine("Et maintenant la météo marine, avec des vents forts de nord-ouest.")
    alignment = laid(chain, STREET, [*lines[:5], never, *lines[5:]])
    assert alignment.unsaid == (never,)
    assert alignment.cues == laid(chain, STREET, lines).cues
    (run,) = laid(chain, STREET, [*lines[:4], *lines[6:]]).unwritten
    missing = reference(STREET)[4:6]
    assert float(str(missing[0]["start"])) - 1 < run.start < run.end
    assert run.end < float(str(missing[1]["end"])) + 1


def heard(*words: tuple[float, float, str], speech: tuple[float, float]) -> Evidence:
    said = tuple(Word(*word, 0.9) for word in words)
    segment = Segment(*speech, "", said, 1, 0.0, 0.0, 1.0, 0.0)
    return evidence_for("", segment, duration=speech[1], regions=(Region(*speech, "speech"),))


def test_a_sentence_that_the_machine_lost_gets_its_time() -> None:
    evidence = heard((0, 1, "Bonsoir."), (1, 1.5, "Voilà."), (6, 7, "Merci."), speech=(0, 7))
    lost = "Une phrase assez longue que voici."
    cues = align(written("Bonsoir.", "Voilà.", lost, "Merci."), evidence).cues
    assert (cues[2].text, cues[2].start, cues[2].end) == (lost, 1.5, 6)
    for nothing in ("", " "):
        own = written("Bonsoir.", "Voilà.", nothing, "Merci.")
        assert align(own, evidence).starts == (0, 1, None, 6)


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
def test_no_line_outlasts_the_next_or_the_show(texts: list[str], evidence: Evidence) -> None:
    cues = align(written(*texts), evidence).cues
    times = [0, *(second for cue in cues for second in (cue.start, cue.end)), evidence.duration]
    assert times == sorted(times)


def test_lines_share_the_time_in_which_their_words_were_not_heard() -> None:
    evidence = heard((0, 1, "Bonsoir"), (1.5, 2, "partent"), speech=(0, 2))
    first, second = align(written("Bonsoir vous.", "Eux partent."), evidence).cues
    assert 1 < first.end == second.start < 1.5
    evidence = heard((0, 1, "Bonsoir"), (15, 16, "toutes"), (60, 61, "Fini."), speech=(0, 61))
    assert 16.5 < align(written("Bonsoir à toutes, à tous.", "Fini."), evidence).cues[-2].end < 18
    evidence = heard((0, 1, "Bonsoir."), (9, 9.5, "radio"), (9.5, 10, "Merci."), speech=(0, 10))
    lost = "Oui, la radio du quartier que voici."
    cues = align(written("Bonsoir.", lost, "Et encore une.", "Merci."), evidence).cues
    assert all(one.end <= other.start for one, other in pairwise(cues))


def test_a_small_word_does_not_pull_a_line_to_what_nobody_wrote() -> None:
    spoken = "bonsoir et puis on a parlé de tout cela et ces données partent"
    words = [(n, n + 0.5, text) for n, text in enumerate(spoken.split())]
    own = written("Bonsoir.", "Et ces données partent.")
    alignment = align(own, heard(*words, speech=(0, 13)))
    assert [cue.start for cue in alignment.cues] == [0, 9]
    assert [cue.text for cue in alignment.unwritten] == ["et puis on a parle de tout cela"]


def test_figures_are_the_numbers_that_were_written() -> None:
    both = ("Trente-sept sur quarante et un", "37 sur 41"), ("Septante-trois", "73")
    for number, figures in (*both, ("Zéro", "0"), ("Quatre-vingts", "80"), ("Huitante", "80")):
        evidence = heard((0, 1, "Combien ?"), (1, 2, figures), (2, 3, "Merci."), speech=(0, 3))
        asked = written("Combien ?", f"{number}.", "Merci.")
        assert align(asked, evidence).starts == (0, 1, 2), number
    for name in NUMERALS:
        assert match([Token(text, 0) for text in plain_words(name)], [Token("7", -1)])


def test_an_adopted_text_is_a_persons_and_found(chain: Path, tmp_path: Path) -> None:
    archive = Archive(shutil.copytree(chain, tmp_path / "archive"))
    old, path = archive.vtt_path(KEY).read_bytes(), archive.root / "conducteur.txt"
    path.write_text("\n".join(f"Voix {line.voice} : {line.text}" for line in script(STREET)))
    command(archive, "text", "align", KEY, str(path))
    transcript = transcript_of(archive, KEY)
    assert transcript.note == {"status": "reread", "source": "conducteur.txt"}
    assert {cue.voice for cue in transcript.cues} == {"Voix A", "Voix B"}
    assert is_by_hand(archive, KEY)
    assert [aside.read_bytes() for aside in texts_aside(archive, KEY)] == [old]
    assert Index(archive).search("découdre").total >= 1
    again = command(archive, "text", "align", KEY, str(path), check=False)
    assert (again.returncode, "--force" in again.stderr) == (1, True)
    archive.evidence_path(KEY).unlink()
    with pytest.raises(TranscriptError, match="radio transcribe"):  # nobody heard it yet
        align_text(archive, KEY, path)
