"""What was misheard once is looked for elsewhere: shown, then put right, machine text only."""

import dataclasses

import pytest

from radio.archive import Archive
from radio.archive.authorship import status_of
from radio.archive.episode import Show
from radio.proposals.decisions import accept
from radio.proposals.elsewhere import accepted_mending, carry_out, pairs_of, spread, suspects
from radio.proposals.intake import Budget, Sentence, take
from radio.proposals.queue import read
from radio.system.errors import ArchiveError, NotFoundError
from radio.text.sentences import sentence_of
from radio.transcribe.versions import is_by_hand
from tests.heard import hear, transcript_of
from tests.processes import command
from tests.samples import CITY, MEMORY, STREET
from tests.tables import for_each

SLUGS = (STREET, CITY, MEMORY)
SAID = {10: "La kni dit non.", 20: "Euh oui la kni dit peut-être."}


@pytest.fixture
def heard(archive: Archive) -> Archive:
    archive.write_show(Show("emission", "Émission", language="en"))
    for slug in SLUGS:
        hear(archive, SAID, slug)
    path = archive.vtt_path(f"emission/{MEMORY}")
    path.write_bytes(path.read_bytes().replace(b"status: machine", b"status: reread"))
    return archive


def mend(archive: Archive, words: str = "La CNIL dit non.") -> str:
    key = f"emission/{STREET}"
    cue = transcript_of(archive, key).cues[0]
    sentence = Sentence(key, cue.start, cue.end, sentence_of([cue]))
    take(archive.root, Budget(), sentence, words, "")
    name = read(archive.root).waiting[-1].id
    accept(archive, name)
    return name


def said(archive: Archive, slug: str) -> str:
    return sentence_of(transcript_of(archive, f"emission/{slug}").cues)


def test_it_is_shown_first_then_done_in_machine_text_alone_and_goes_back(heard: Archive) -> None:
    name = mend(heard)
    before = {slug: heard.vtt_path(f"emission/{slug}").read_bytes() for slug in SLUGS}
    shown = command(heard, "text", "proposals", "elsewhere", name)
    assert shown.stdout.splitlines()[0] == "kni -> CNIL"
    assert "− La kni dit non.\n    + La CNIL dit non." in shown.stdout
    assert "3 places to correct" in shown.stderr
    assert shown.stdout.count("(proofread: left as it is)") == 2
    assert {slug: heard.vtt_path(f"emission/{slug}").read_bytes() for slug in SLUGS} == before
    assert heard.show("emission").corrections == {}
    command(heard, "text", "proposals", "elsewhere", name, "--yes", "--glossary")
    assert "kni" not in said(heard, STREET)
    assert said(heard, CITY) == "La CNIL dit non. Euh oui la CNIL dit peut-être."
    assert "kni" in said(heard, MEMORY)
    show = heard.show("emission")
    assert (show.corrections, show.glossary) == ({"kni": "CNIL"}, ("CNIL",))
    assert [is_by_hand(heard, f"emission/{slug}") for slug in (STREET, CITY)] == [True, False]
    assert status_of(heard, f"emission/{CITY}") == "machine"
    command(heard, "undo")
    assert {slug: heard.vtt_path(f"emission/{slug}").read_bytes() for slug in SLUGS} == before
    assert heard.show("emission").corrections == {}
    assert not is_by_hand(heard, f"emission/{CITY}")


def test_what_a_person_wrote_in_a_changed_text_stays(heard: Archive) -> None:
    path = heard.vtt_path(f"emission/{CITY}")
    path.write_bytes(path.read_bytes().replace(b"La kni dit non.", b"Ma kni dit non."))
    found = spread(heard, "emission", {"kni": "CNIL"})
    heard.write_show(dataclasses.replace(heard.read_show("emission"), description="Écrit depuis."))
    carry_out(heard, found)
    assert heard.read_show("emission").description == "Écrit depuis."
    assert said(heard, CITY) == "Ma kni dit non. Euh oui la CNIL dit peut-être."


def test_where_a_text_changed_meanwhile_all_texts_stay_the_machines(heard: Archive) -> None:
    found = spread(heard, "emission", {"kni": "CNIL"})
    before = heard.evidence_path(f"emission/{STREET}").read_bytes()
    path = heard.vtt_path(f"emission/{CITY}")
    path.write_bytes(path.read_bytes().replace(b"non", b"si"))
    with pytest.raises(ArchiveError, match="changed in the meantime"):
        carry_out(heard, found)
    assert heard.evidence_path(f"emission/{STREET}").read_bytes() == before


def test_texts_without_the_word_are_not_taken_apart(heard: Archive) -> None:
    path = heard.vtt_path(f"emission/{CITY}")
    path.write_text(path.read_text(encoding="utf-8").replace("kni", "KN\u0303I"), encoding="utf-8")
    for wrong, found in (("Kni", {STREET, MEMORY}), ("la kñi", {CITY})):
        assert {each.slug for each in suspects(heard, "emission", {wrong: "CNIL"})} == found
    assert suspects(heard, "emission", {"Bobran": "Beaubrun", "?": "!"}) == []


def test_only_one_of_several_mishearings(heard: Archive) -> None:
    name = mend(heard, "La CNIL crie non.")
    told = command(heard, "text", "proposals", "elsewhere", name, "--wrong", "kni")
    assert told.stdout.startswith("kni -> CNIL\nemission/")
    wrong = command(heard, "text", "proposals", "elsewhere", name, "--wrong", "x", check=False)
    assert "x: not misheard there; choose from kni, dit" in wrong.stderr
    with pytest.raises(NotFoundError):
        accepted_mending(heard, "00000000")


@for_each(
    ("was", "now", "pairs"),
    [
        ("La kni dit non.", "La CNIL dit non !", {"kni": "CNIL"}),
        ("dans le crédit roque.", "dans le Crêt de Roc.", {"crédit roque": "Crêt de Roc"}),
        ("il est là", "il et là", {}),  # stands everywhere
        ("oui", "oui, oui", {}),
        ("Non.", "Non !", {}),
        ("d'amnesti oui", "d’Amnesty oui", {"amnesti": "Amnesty"}),
    ],
)
def test_misheard_words_differ_from_common_ones(was: str, now: str, pairs: dict[str, str]) -> None:
    assert pairs_of(was, now) == pairs
