"""Who named voices takes the names back: everywhere in the episode, whatever else changed since."""

import pytest

from radio.actions.undoing import deeds, undo, undo_act
from radio.archive import Archive, history, journal
from radio.archive.authorship import status_of
from radio.system.errors import ArchiveError
from radio.transcribe import voices
from tests.heard import KEY, edit, transcript_of
from tests.processes import command
from tests.visits import text
from tests.web.desks import OWN, signed_in


def speakers(archive: Archive) -> list[str]:
    return list(dict.fromkeys(cue.voice for cue in transcript_of(archive, KEY).cues))


def test_a_speaker_named_by_command_goes_back_by_command(heard: Archive) -> None:
    command(heard, "text", "voices", KEY, "1=Camille", "2=Zoé")
    assert speakers(heard) == ["Camille", "Zoé"]
    command(heard, "text", "voices", KEY, "1=Camille Durand")
    assert "the names of the voices in" in command(heard, "undo").stderr
    assert speakers(heard) == ["Camille", "Zoé"]
    assert heard.episode(KEY).voices == {"1": "Camille", "2": "Zoé"}
    command(heard, "undo")
    assert heard.episode(KEY).voices == {}
    assert not {"Camille", "Zoé"} & {*speakers(heard)}
    assert status_of(heard, KEY) == "machine"  # so that a better pass may still replace it
    past = [(each.what, each.key) for each in journal.entries(heard.root)]
    assert past == [("undo", KEY), ("undo", KEY), ("voices", KEY), ("voices", KEY)]


def test_a_speaker_named_at_the_desk_goes_back_there(heard: Archive) -> None:
    client = signed_in(heard)
    named = {"voice-1": "Camille", "voice-2": "Zoé"}
    client.post(f"/desk/voices/{KEY}", data=named, headers=OWN)
    (deed,) = deeds(heard, KEY)
    assert (deed.act.who, deed.act.what, deed.is_whole) == ("Noé", "voices", True)
    assert deed.voices == {"1": ("", "Camille"), "2": ("", "Zoé")}
    page = client.get(f"/desk/fields/{KEY}")
    assert "Voix 2 rien → Zoé" in text(page)
    undone = client.post(f"/desk/fields/{KEY}", data={"undo": deed.act.name}, headers=OWN)
    assert undone.status_code == 303
    assert heard.episode(KEY).voices == {}
    assert "Camille" not in heard.vtt_path(KEY).read_text(encoding="utf-8")
    past = [(each.who, each.what, each.line) for each in journal.entries(heard.root)]
    assert past[:2] == [("Noé", "undo", "voices"), ("Noé", "voices", "")]


def test_in_a_persons_text_the_names_alone_go_back(heard: Archive) -> None:
    before = edit(heard, ("kni", "CNIL"))
    voices.name(heard, KEY, {1: "Camille"})
    undo(heard)
    assert heard.vtt_path(KEY).read_text("utf-8") == before
    voices.name(heard, KEY, {1: "Camille"})
    edit(heard, change := ("Et voilà", "Et voici"))
    undo(heard)
    assert heard.vtt_path(KEY).read_text("utf-8") == before.replace(*change)
    assert heard.episode(KEY).voices == {}


def test_a_speaker_typed_before_the_naming_stays(heard: Archive) -> None:
    edit(heard, ("kni", "CNIL"))
    before = edit(heard, ("\nEt voilà", "\n<v Camille>Et voilà"))
    voices.name(heard, KEY, {1: "Camille"})
    edit(heard, change := ("La suite", "Ma suite"))
    undo(heard)
    assert heard.vtt_path(KEY).read_text("utf-8") == before.replace(*change)


def test_no_name_comes_back_that_was_replaced_since(heard: Archive) -> None:
    edit(heard, ("kni", "CNIL"))
    for name in ("Camille Durand", "Zoé"):
        voices.name(heard, KEY, {1: name})
    act = history.acts(heard.root)[0]
    command(heard, "protect", "pseudonym", KEY, "Camille Durand", "Inès")
    undo_act(heard, KEY, act.name)
    assert heard.episode(KEY).voices == {"1": "Inès"}
    assert "Durand" not in heard.vtt_path(KEY).read_text(encoding="utf-8")


def test_a_voice_that_was_named_again_since_keeps_its_name(heard: Archive) -> None:
    for name in ("Camille", "Camille Durand"):
        voices.name(heard, KEY, {1: name})
    first = history.acts(heard.root)[-1]
    with pytest.raises(ArchiveError, match="renamed since"):
        undo_act(heard, KEY, first.name)
    assert heard.episode(KEY).voices == {"1": "Camille Durand"}
    voices.name(heard, KEY, {2: "Zoé"})
    undo_act(heard, KEY, history.acts(heard.root)[1].name, "Zoé")
    assert heard.episode(KEY).voices == {"1": "Camille", "2": "Zoé"}
    assert speakers(heard) == ["Camille", "Zoé"]
