"""What was misheard once is looked for elsewhere: shown, then put right, machine text only."""

import dataclasses
from itertools import pairwise
from subprocess import CompletedProcess

import pytest

from radio.archive import Archive
from radio.archive.authorship import sha256, status_of
from radio.archive.episode import Show
from radio.proposals.decisions import accept
from radio.proposals.elsewhere import accepted_mending, carry_out, pairs_of, spread, suspects
from radio.proposals.intake import Budget, Sentence, take
from radio.proposals.queue import read
from radio.system.errors import ArchiveError, NotFoundError
from radio.text.sentences import sentence_of
from radio.text.transcript import Evidence, Segment, Word, render_evidence, render_vtt
from radio.transcribe.corrections import compose
from radio.transcribe.versions import is_by_hand
from tests.processes import call
from tests.samples import CITY, MEMORY, STREET, put
from tests.tables import for_each

SLUGS = (STREET, CITY, MEMORY)
SAID = ["La kni dit non.", "Euh oui la kni dit peut-être."]
NOTE = {"status": "machine", "model": "base"}


def hear(archive: Archive, slug: str, status: str = "machine") -> None:
    """Have the machine hear two sentences."""
    put(archive, slug)
    segments = []
    for number, said in enumerate(SAID):
        start = 10.0 * number
        times = [start + 0.4 * each for each in range(len(said.split()) + 1)]
        words = tuple(
            Word(*both, text, 0.9) for both, text in zip(pairwise(times), said.split(), strict=True)
        )
        segments.append(Segment(start, times[-1], said, words, 1, 0.0, -0.2, 1.2, 0.01))
    key = f"emission/{slug}"
    vtt = render_vtt(compose(segments, {}, NOTE | {"status": status})).encode()
    own = sha256(vtt) if status == "machine" else ""
    evidence = Evidence("x", {}, "base", "0", {}, "0", "en", 60.0, (), tuple(segments), vtt=own)
    archive.evidence_path(key).write_bytes(render_evidence(evidence))
    archive.vtt_path(key).write_bytes(vtt)


@pytest.fixture
def heard(archive: Archive) -> Archive:
    """The same words in three episodes: untouched, untouched, reread."""
    archive.write_show(Show("emission", "Émission", language="en"))
    for slug in SLUGS:
        hear(archive, slug, "reread" if slug == MEMORY else "machine")
    return archive


def mend(archive: Archive, words: str = "La CNIL dit non.") -> str:
    """Propose and accept words for the first sentence of the first episode."""
    key = f"emission/{STREET}"
    transcript = archive.transcript(key)
    assert transcript
    cue = transcript.cues[0]
    sentence = Sentence(key, cue.start, cue.end, sentence_of([cue]))
    take(archive.root, Budget(), sentence, words, "")
    name = read(archive.root).waiting[-1].id
    accept(archive, name)
    return name


def said(archive: Archive, slug: str) -> str:
    transcript = archive.transcript(f"emission/{slug}")
    assert transcript
    return sentence_of(transcript.cues)


def elsewhere(archive: Archive, *asked: str, check: bool = True) -> "CompletedProcess[str]":
    root = ("--root", str(archive.root))
    return call("text", "proposals", "elsewhere", *root, *asked, check=check)


def test_it_is_shown_first_and_nothing_is_done(heard: Archive) -> None:
    name = mend(heard)
    before = {slug: said(heard, slug) for slug in SLUGS}
    shown = elsewhere(heard, name)
    assert shown.stdout.splitlines()[0] == "kni -> CNIL"
    assert "− La kni dit non.\n    + La CNIL dit non." in shown.stdout
    assert "3 places to put right" in shown.stderr
    assert shown.stdout.count("(reread: left alone)") == 2
    assert {slug: said(heard, slug) for slug in SLUGS} == before
    assert heard.show("emission").corrections == {}


def test_then_it_is_done_in_machine_text_alone_and_goes_back(heard: Archive) -> None:
    name = mend(heard)
    before = {slug: heard.vtt_path(f"emission/{slug}").read_bytes() for slug in SLUGS}
    elsewhere(heard, name, "--yes", "--glossary")
    assert "kni" not in said(heard, STREET)
    assert said(heard, CITY) == "La CNIL dit non. Euh oui la CNIL dit peut-être."
    assert "kni" in said(heard, MEMORY)
    show = heard.show("emission")
    assert (show.corrections, show.glossary) == ({"kni": "CNIL"}, ("CNIL",))
    assert [is_by_hand(heard, f"emission/{slug}") for slug in (STREET, CITY)] == [True, False]
    assert status_of(heard, f"emission/{CITY}") == "machine"
    call("undo", "--root", str(heard.root))
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
    keys = [f"emission/{slug}" for slug in (STREET, CITY)]
    before = [heard.evidence_path(key).read_bytes() for key in keys]
    for key in keys[1:]:
        path = heard.vtt_path(key)
        path.write_bytes(path.read_bytes().replace(b"non", b"si"))
    with pytest.raises(ArchiveError, match="changed meanwhile"):
        carry_out(heard, found)
    assert [heard.evidence_path(key).read_bytes() for key in keys] == before


def test_texts_without_the_word_are_not_taken_apart(heard: Archive) -> None:
    path = heard.vtt_path(f"emission/{CITY}")
    path.write_text(path.read_text(encoding="utf-8").replace("kni", "KN\u0303I"), encoding="utf-8")
    for wrong, found in (("Kni", {STREET, MEMORY}), ("la kñi", {CITY})):
        assert {each.slug for each in suspects(heard, "emission", {wrong: "CNIL"})} == found
    assert suspects(heard, "emission", {"Bobran": "Beaubrun", "?": "!"}) == []


def test_only_one_of_several_mishearings(heard: Archive) -> None:
    name = mend(heard, "La CNIL crie non.")
    told = elsewhere(heard, name, "--wrong", "kni")
    assert told.stdout.startswith("kni -> CNIL\nemission/")
    wrong = elsewhere(heard, name, "--wrong", "x", check=False)
    assert "x: not misheard there; there are kni, dit" in wrong.stderr
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
def test_what_was_misheard_is_told_from_what_stands_everywhere(
    was: str, now: str, pairs: dict[str, str]
) -> None:
    assert pairs_of(was, now) == pairs
