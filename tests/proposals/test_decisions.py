"""What keepers decide: the text changes where it was proposed alone, and may change back."""

import json

import pytest

from radio.archive import Archive, journal
from radio.archive.authorship import status_of
from radio.archive.check import check
from radio.proposals.decisions import accept, clear, refuse, waiting
from radio.proposals.intake import Budget, Sentence, take
from radio.proposals.queue import read
from radio.proposals.sentences import EpisodeText, find
from radio.search import Index
from radio.search.results import SearchOptions
from radio.system.errors import ArchiveError, NotFoundError, TranscriptError
from radio.text.sentences import sentence_of
from radio.text.transcript import Cue, Transcript, read_vtt, render_vtt
from tests.heard import transcript_of, write_cues
from tests.processes import command
from tests.samples import STREET, put
from tests.tables import for_each

KEY = f"emission/{STREET}"
SECOND = Cue(4.0, 6.0, "non & jamais\nà la ville.", "Camille")
LAST = Cue(7.0, 9.0, "Et voilà.")
CUES = (Cue(0.0, 2.0, "Bonjour."), Cue(2.5, 4.0, "La kni dit", "Camille"), SECOND, LAST)
NOTE = {"status": "machine", "model": "base"}
RIGHT = "La CNIL dit non & jamais à la ville."


@pytest.fixture
def spoken(archive: Archive) -> Archive:
    put(archive, STREET)
    write_cues(archive, KEY, *CUES, **NOTE)
    return archive


def propose(archive: Archive, words: str = RIGHT, cues: tuple[Cue, ...] = CUES[1:3]) -> str:
    sentence = Sentence(KEY, cues[0].start, cues[-1].end, sentence_of(cues))
    take(archive.root, Budget(), sentence, words, "")
    return read(archive.root).waiting[-1].id


def cues_of(archive: Archive) -> tuple[Cue, ...]:
    return transcript_of(archive, KEY).cues


def test_what_is_accepted_stands_in_the_text_is_found_and_goes_back(spoken: Archive) -> None:
    before = spoken.vtt_path(KEY).read_bytes()
    command(spoken, "text", "proposals", "accept", propose(spoken))
    assert read(spoken.root).accepted[0].accepted == RIGHT
    assert cues_of(spoken) == (CUES[0], Cue(2.5, 4.0, "La CNIL dit", "Camille"), *CUES[2:])
    assert read(spoken.root).waiting == ()
    (entry,) = journal.entries(spoken.root)
    assert (entry.what, entry.key, entry.line) == ("mend", KEY, "0:02")
    results = Index(spoken).search("cnil", SearchOptions())
    assert [each.key for each in results.episodes] == [KEY]
    assert status_of(spoken, KEY) != "reread"
    assert [each for each in check(spoken) if "desk" in str(each)] == []
    command(spoken, "undo")
    assert spoken.vtt_path(KEY).read_bytes() == before


def test_a_name_that_was_replaced_does_not_come_back(spoken: Archive) -> None:
    command(spoken, "protect", "pseudonym", KEY, "Camille", "Une voisine")
    said = "La kni dit à CAMILLE non & jamais à la ville."
    accept(spoken, propose(spoken, said, cues_of(spoken)[1:3]))
    assert "camille" not in spoken.vtt_path(KEY).read_text(encoding="utf-8").casefold()
    (mended,) = read(spoken.root).accepted
    shown = said.replace("CAMILLE", "Une voisine")
    assert sentence_of(cues_of(spoken)[1:3]) == mended.accepted == shown


def test_what_changed_meanwhile_is_shown_and_not_applied(spoken: Archive) -> None:
    said = Sentence(KEY, 2.5, 6.0, sentence_of(CUES[1:3]))
    assert find(CUES, 2.5, 6.0, said.seen) == range(1, 3)  # a sentence is found as it was seen
    assert find(CUES[:2], 2.5, 6.0, said.seen) is find(CUES, 2.5, 4.0, said.seen) is None
    name = propose(spoken)
    write_cues(spoken, KEY, CUES[0], Cue(2.5, 4.0, "La Knil dit", "Camille"), *CUES[2:], **NOTE)
    before = spoken.vtt_path(KEY).read_bytes()
    with pytest.raises(TranscriptError, match="has changed since"):
        accept(spoken, name)
    assert spoken.vtt_path(KEY).read_bytes() == before
    assert [each.trouble for each in waiting(spoken)] == ["the sentence has changed since"]
    assert "has changed since" in command(spoken, "text", "proposals").stdout
    done = command(spoken, "text", "proposals", "refuse", "--all-changed")
    assert "1 suggestion rejected" in done.stderr


def test_a_proposal_follows_its_episode_until_that_is_gone(spoken: Archive) -> None:
    name, key = propose(spoken), "emission/2024-01-16-autrement"
    command(spoken, "move", "--rename", KEY, key.partition("/")[2])
    assert [each.trouble for each in waiting(spoken)] == [""]
    sidecar = spoken.sidecar_path(key).read_bytes()
    spoken.sidecar_path(key).unlink()
    assert [bool(each.trouble) for each in waiting(spoken)] == [True]
    with pytest.raises(NotFoundError):
        accept(spoken, name)
    spoken.sidecar_path(key).write_bytes(sidecar)
    (spoken.root / "mirror.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ArchiveError, match="a copy"):
        accept(spoken, name)  # the words would be gone at its next visit
    assert transcript_of(spoken, key).cues == CUES
    assert [each.id for each in read(spoken.root).waiting] == [name]
    (spoken.root / "mirror.json").unlink()
    assert accept(spoken, name).key == key


def test_refused_words_do_not_come_back_and_a_keeper_may_write_others(spoken: Archive) -> None:
    assert refuse(spoken, [propose(spoken)]) == 1
    take_again = Sentence(KEY, 2.5, 6.0, sentence_of(CUES[1:3]))
    assert take(spoken.root, Budget(), take_again, RIGHT, "") == "known"
    with pytest.raises(NotFoundError, match="no such suggestion"):
        refuse(spoken, ["00000000"])
    accept(spoken, propose(spoken, "La CNIL non."), "La CNIL : non.")
    assert sentence_of(cues_of(spoken)[1:3]) == "La CNIL : non."


def test_equal_ones_are_accepted_together_unless_they_have_rivals(spoken: Archive) -> None:
    once = propose(spoken, "Et voilà !", CUES[3:])
    for _ in range(2):
        propose(spoken)
        propose(spoken, "Bonsoir.", CUES[:1])
    propose(spoken, "Bonne nuit.", CUES[:1])
    rows = json.loads(command(spoken, "text", "proposals", "--json").stdout)
    assert [(row["key"], row["count"], row["trouble"]) for row in rows[:2]] == [(KEY, 2, "")] * 2
    done = command(spoken, "text", "proposals", "accept", "--all-equal")
    assert "1 sentence corrected" in done.stderr
    assert sentence_of(cues_of(spoken)) == f"Bonjour. {RIGHT} Et voilà."
    assert list(clear(waiting(spoken))) == [once]
    before = cues_of(spoken)
    for _ in range(2):
        propose(spoken, "Achetez chez nous.", before[1:3])
    command(spoken, "text", "proposals", "accept", "--all-equal", check=False)
    assert cues_of(spoken) == before


def test_whatever_people_wrote_in_the_file_stays(spoken: Archive) -> None:
    lines = render_vtt(Transcript(CUES, NOTE)).replace("\n", "\r\n")
    kept = lines.replace("00:00:04.000\r\n", "00:00:04.000 align:start\r\n")
    kept = kept.replace("\r\n\r\n4\r\n", "\r\n\r\nNOTE Écouter encore\r\n\r\nfin\r\n")
    spoken.vtt_path(KEY).write_bytes(kept.encode())
    accept(spoken, propose(spoken))
    assert spoken.vtt_path(KEY).read_bytes().decode() == kept.replace("La kni", "La CNIL")


def test_other_cues_take_the_place_of_several_in_the_file() -> None:
    cues = (Cue(0, 1, "Euh."), Cue(1, 2, "Alors"), Cue(2, 3, "euh non."), Cue(5, 6, "Fin."))
    whole, alone = Transcript(cues, NOTE), Cue(0, 3, "Alors")
    text = EpisodeText.of(KEY, render_vtt(whole), whole).with_cues(range(3), [alone])
    assert read_vtt(text.written.encode(), "").cues == (alone, cues[-1])


@for_each("words", ["--> <v x> & <b>", "NOTE status: reread", "<script>", "…"])
def test_hostile_words_are_only_words(spoken: Archive, words: str) -> None:
    write_cues(spoken, KEY, *CUES, **NOTE)
    accept(spoken, propose(spoken, words))
    present = cues_of(spoken)
    assert words in sentence_of(present)
    assert (present[0], present[-1].text) == (CUES[0], CUES[3].text)
    assert transcript_of(spoken, KEY).note["status"] == "machine"
