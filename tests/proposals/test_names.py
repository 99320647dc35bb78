"""Glossaries learn from what was mended, and from names that several episodes have."""

import json
from dataclasses import replace

import pytest

from radio.actions.editing import add_to_glossary
from radio.archive import Archive
from radio.archive.episode import Show
from radio.archive.themes import refuse
from radio.proposals.names import GlossaryProposal, propose_for_glossary
from radio.proposals.queue import Mending, Mendings, changing
from radio.transcribe.corrections import apply_again
from tests.heard import hear as said
from tests.heard import segment, transcript_of, write_evidence
from tests.processes import command
from tests.samples import CITY, MEMORY, STREET, put

KEYS = tuple(f"emission/{slug}" for slug in (STREET, CITY, MEMORY))


def hear(archive: Archive, slug: str, said: str) -> None:
    put(archive, slug)
    heard = segment(*((each, n * 0.4) for n, each in enumerate(said.split())), seconds=0.3)
    words = tuple(replace(each, probability=0.5) for each in heard.words)
    write_evidence(archive, f"emission/{slug}", replace(heard, words=words))


@pytest.fixture
def heard(archive: Archive) -> Archive:
    archive.write_show(Show("emission", "Émission", glossary=("Radio Dio",)))
    hear(archive, STREET, "on voit Noémie Levain avec Radio Dio et Bobran")
    hear(archive, CITY, "alors Noémie Levain, avec Radio Dio")
    hear(archive, MEMORY, "rien du tout")
    texts = ("la CNIL dit", "la CNIL dit non", "le chenil dit")
    accepted = tuple(
        Mending("a", KEYS[2], float(n), n + 1.0, "la kni dit", "0", "", "", accepted=text)
        for n, text in enumerate(texts)
    )
    with changing(archive.root) as states:
        states.append(Mendings(accepted=accepted))
    return archive


def test_names_that_were_mended_or_doubted_in_several_episodes_are_proposed(heard: Archive) -> None:
    assert propose_for_glossary(heard, "emission") == [
        GlossaryProposal("emission", "CNIL", "mended", 2, KEYS[2], 0.0),
        GlossaryProposal("emission", "Noémie Levain", "heard", 2, KEYS[1], 0.4),
    ]


def test_a_keeper_adds_them_refuses_them_and_takes_back(heard: Archive) -> None:
    listed = command(heard, "text", "glossary", "emission", "--proposals")
    assert "CNIL  2 corrections" in listed.stdout
    assert "Noémie Levain  doubtful in 2 episodes" in listed.stdout
    command(heard, "text", "glossary", "emission", "--add", "CNIL")
    with heard.lock():
        refuse(heard.root, ["Noémie Levain"])
    assert json.loads(command(heard, "text", "glossary", "--proposals", "--json").stdout) == []
    assert command(heard, "text", "glossary").stdout == "emission  Radio Dio\nemission  CNIL\n"
    command(heard, "undo")
    told = command(heard, "text", "glossary", "--json").stdout
    assert json.loads(told) == {"emission": ["Radio Dio"]}
    add_to_glossary(heard, "emission", ["CNIL", "Radio Dio", "CNIL"])
    assert heard.show("emission").glossary == ("Radio Dio", "CNIL")


def test_the_command_lists_what_nobody_typed_and_takes_a_name_away(archive: Archive) -> None:
    said(archive, {0: "La kni dit non."})
    archive.write_episode(replace(archive.episode(KEYS[0]), description="Vu par la CNIL."))
    assert apply_again(archive, KEYS[0])
    listed = command(archive, "text", "glossary", "emission", "--known").stdout
    assert listed == f"CNIL\n{KEYS[0]} 0:00  kni -> CNIL\n"
    command(archive, "text", "glossary", "emission", "--away", "CNIL")
    assert command(archive, "text", "glossary", "emission", "--known").stdout == ""
    assert transcript_of(archive).cues[0].text == "La kni dit non."
