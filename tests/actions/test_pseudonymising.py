"""A name that was replaced is read nowhere any more, nor in a later transcription."""

import datetime as dt
import io
import re
import shutil
import unicodedata
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import mutagen.id3
import pytest

from radio.actions.editing import edit, write
from radio.actions.pseudonymising import Replacement, put_pseudonym
from radio.actions.renaming import rename_show
from radio.archive import Archive, history, journal, removal
from radio.archive.authorship import authorship, hash_cues, sha256
from radio.archive.episode import Person, Source
from radio.archive.gone import read_gone
from radio.archive.pseudonyms import pseudonym_of, pseudonyms_for, substitute
from radio.proposals.elsewhere import carry_out, spread
from radio.proposals.queue import Mending, Mendings, changing, hash_of, read
from radio.proposals.rereading import save
from radio.proposals.sentences import SeenPlace, SentenceEdit
from radio.search import Index
from radio.static_site.export import freeze
from radio.system.disk import write_whole
from radio.text.chapters import Chapter
from radio.text.sentences import sentence_of
from radio.text.transcript import Cue, Turn
from radio.transcribe import renewal, transcription, voices
from radio.transcribe.corrections import apply_again, compose
from radio.transcribe.pool import local_pool
from tests.fakes import Naming
from tests.heard import evidence_of, segment, transcript_of, write_cues, write_evidence
from tests.killed import dying
from tests.processes import command
from tests.samples import CITY, STREET, files_in, put
from tests.tables import for_each
from tests.web.sites import visit

KEY = f"emission/{STREET}"
NAME = "Zoé Zimmermann"


@pytest.fixture
def named(archive: Archive) -> Archive:
    own: dict[str, Any] = {"title": f"Avec {NAME}", "tags": ("rue", NAME), "voices": {"1": NAME}}
    own |= {"description": f"**{NAME}** parle, et l’ami de zoe  zimmermann."}
    own |= {"people": (Person(NAME, "invitée"), Person("Ali"))}
    own |= {"chapters": (Chapter(0, f"{NAME} arrive"),)}
    put(archive, STREET, source=Source(original_name=f"{NAME}.mp3"), **own)
    put(archive, CITY)
    bonjour = Cue(0, 2, f"Bonjour {NAME},\nvoici Zoé", NAME)
    cues = (bonjour, Cue(2, 4, "Zimmermann, encore."), Cue(4, 6, "Et puis la rue."))
    text = write_cues(archive, KEY, *cues, status="machine")
    said = [("Bonjour", 0), ("Zoé", 0.5), ("Zimmermann,", 1), ("voici", 1.5), ("Zoé", 1.8)]
    said += [("Zimmermann,", 2), ("encore.", 3), ("Et", 4), ("puis", 4.5), ("la", 5), ("rue.", 5.5)]
    own = {"vtt": sha256(text.encode()), "cues": hash_cues(cues)}
    prompt = {"prompt": f"Avec {NAME}."}
    write_evidence(archive, KEY, segment(*said, seconds=0.3), parameters=prompt, **own)
    for path in (archive.vtt_path(KEY), archive.evidence_path(KEY)):
        shutil.copy(path, path.with_suffix(f".1{path.suffix}"))
    archive.translation_path(KEY).write_text(text, encoding="utf-8")
    (archive.transcripts / f"{KEY}.source.txt").write_text(f"{NAME} : oui.", encoding="utf-8")
    place = (KEY, 0.0, 2.0, f"Bonjour {NAME},", "a")
    with changing(archive.root) as states:
        mended = Mending("1", *place, "Bonjour,", "2026-11-26")
        told = Mending("3", KEY, 4.0, 6.0, "Et puis", "b", "Et", "2026-11-26", comment=NAME)
        other = Mending("4", KEY, 4.0, 6.0, "Et puis", "b", "Puis", "2026-11-26")
        accepted = replace(mended, id="2", accepted=f"Oui, {NAME},")
        states.append(Mendings((mended, told, other), (accepted,)))
    return archive


def plain(content: bytes) -> str:
    text = unicodedata.normalize("NFKD", content.decode("utf-8", "replace").casefold())
    return "".join(each for each in text if not unicodedata.combining(each))


def change_show(archive: Archive, **fields: Any) -> None:
    archive.write_show(replace(archive.read_show("emission"), **fields))


def naming(folder: Path) -> list[str]:
    """The files in which the name stands, the recording left out."""
    files = files_in(folder)
    return [path for path in files if path[-4:] != ".mp3" and "zimmermann" in plain(files[path])]


def test_the_name_is_read_nowhere_any_more(named: Archive) -> None:
    Index(named).refresh()
    freeze(named, named.site)
    before = [files_in(each) for each in (named.media, named.transcripts)]
    assert len(naming(named.root)) > 10
    done = command(named, "pseudonym", KEY, NAME, "Camille Dupont", "--note", "lettre")
    assert "1 episode changed" in done.stderr
    assert [each.split("/")[0] for each in naming(named.root)] == ["history"]
    client = visit(named, "https://radio.example")
    for address in (f"/shows/{KEY}", "/shows/emission/feed.xml", f"/api/v1/episodes/{KEY}"):
        answer = client.get(address).data
        assert "zimmermann" not in plain(answer) and b"Camille Dupont" in answer
    notice = f"Un nom a été remplacé à la demande de la personne ({dt.date.today():%d/%m/%Y})."
    assert notice in client.get("/shows/emission/feed.xml").text
    assert "Un nom a été remplacé" in client.get(f"/shows/{KEY}").text
    tag = mutagen.id3.ID3(io.BytesIO(client.get(f"/download/{KEY}.mp3").data))
    assert tag["TIT2"].text == ["Avec Camille Dupont"]
    text = client.get(f"/transcripts/{KEY}.vtt").text
    assert "Bonjour Camille Dupont,\nvoici Camille Dupont" in text
    assert client.get("/api/v1/search?q=dupont").get_json()["total"] == 1
    assert [each.id for each in read(named.root).waiting] == ["4"]
    (entry,) = journal.entries(named.root)
    assert (entry.what, entry.key, entry.note) == ("pseudonym", KEY, "lettre")
    command(named, "undo")
    assert [files_in(each) for each in (named.media, named.transcripts)] == before


def test_a_machines_text_stays_its_own(named: Archive) -> None:
    command(named, "pseudonym", KEY, NAME, "Camille")
    text, evidence = transcript_of(named), evidence_of(named)
    assert authorship(text, evidence) == "machine"
    assert [cue.text for cue in text.cues][1:] == [", encore.", "Et puis la rue."]
    words = evidence.segments[0].words
    assert [word.text for word in words][:4] == ["Bonjour", "Camille,", "voici", "Camille,"]
    assert all(one.end <= two.start + 0.001 for one, two in pairwise(words))
    assert evidence.parameters["prompt"] == "Avec Camille."


def test_a_name_may_be_forgotten_everywhere(named: Archive) -> None:
    change_show(named, glossary=(NAME, "Radio Dio"), description=f"Par {NAME}.")
    journal.note(named.root, "edit", key=KEY, note=f"{NAME} a écrit.")
    command(named, "edit", KEY, f"description=Sans elle, {NAME}.")
    for text in (f"Par {NAME} aussi.", "Par nous."):
        command(named, "edit", "emission", f"description={text}")
    command(named, "pseudonym", KEY, NAME, "Camille")
    named.keep_shows()
    command(named, "pseudonym", "--everywhere", NAME, "Camille", "--forget", "--yes")
    assert naming(named.root) == []
    assert "Camille a écrit." in {each.note for each in journal.entries(named.root)}
    assert named.read_show("emission").glossary == ("Camille", "Radio Dio")
    assert named.episode(f"emission/{CITY}").protection.pseudonyms == ()
    assert "nothing changed" in command(named, "pseudonym", "--everywhere", NAME, "Zéphyr").stderr
    for wrong in (("…", "X"), (NAME, "…"), (NAME, f"Mme {NAME}")):
        assert command(named, "pseudonym", KEY, *wrong, check=False).returncode == 1


def test_a_name_is_forgotten_in_the_trash_and_what_lies_there_comes_back(named: Archive) -> None:
    other = f"emission/{CITY}"
    for path_of in (named.vtt_path, named.evidence_path):
        shutil.copy(path_of(KEY), path_of(other))
    change_show(named, corrections={"Simmermann": NAME, NAME: "Zimmer", "kni": "CNIL"})
    command(named, "edit", other, f"title=Chez {NAME}")
    command(named, "delete", other, "--reason", f"{NAME} le demande")
    command(named, "pseudonym", "--everywhere", NAME, "Camille", "--forget", "--yes")
    assert naming(named.root) == []
    assert named.read_show("emission").corrections == {"Simmermann": "Camille", "kni": "CNIL"}
    assert read_gone(named.root).episodes[other].reason == "Camille le demande"
    command(named, "undo")
    assert named.episode(other).title == "Chez Camille"
    assert authorship(transcript_of(named, other), evidence_of(named, other)) == "machine"
    assert read_gone(named.root).episodes == {}


def test_a_name_is_forgotten_though_the_power_failed(named: Archive) -> None:
    other = f"emission/{CITY}"
    for text in (f"Par {NAME}.", "Par nous."):
        write(named, [edit(named, other, {"description": text})])
    journal.note(named.root, "edit", key=other, note=f"{NAME} a écrit.")
    with dying(removal, "perform", once_done=True):
        put_pseudonym(named, Index(named), [], Replacement(NAME, "Camille", forget=True))
    assert naming(named.root) == []


@pytest.mark.parametrize("where", [KEY, "--everywhere"])
def test_a_name_is_forgotten_in_sealed_files_which_come_back(named: Archive, where: str) -> None:
    """What is sealed for a judge says it no more, nor does any name of a folder."""
    command(named, "redact", KEY, "40", "41", "--seal", "--yes")
    (folder,) = (named.root / "sealed").iterdir()
    assert re.fullmatch(r"[\d-]+", folder.name)  # not even a title
    assert any(path.startswith("sealed/") for path in naming(named.root))
    command(named, "pseudonym", where, NAME, "Camille", "--forget", "--yes")
    assert naming(named.root) == []
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.rglob("*.*"))
    command(named, "unseal", KEY, "--yes")
    text = transcript_of(named)
    assert named.episode(KEY).redactions == () and "Camille" in text.cues[0].text
    assert authorship(text, evidence_of(named)) == "machine"
    assert naming(named.root) == []


def test_a_name_goes_in_all_its_forms_from_a_whole_show(named: Archive) -> None:
    said = "Avec Zoé Zimmermann. Puis Simmermann, et Zoé Simerman. La rue."
    write_cues(named, f"emission/{CITY}", Cue(0, 6, said))
    change_show(named, description=f"Par {NAME}.")
    done = command(named, "pseudonym", "emission", NAME, "Camille", "--also", "Simmermann")
    assert "Zoé Simerman (1)" in done.stderr and "2 episodes changed" in done.stderr
    text = transcript_of(named, f"emission/{CITY}")
    assert "Avec Camille. Puis Camille, et" in " ".join(text.cues[0].text.split())
    assert named.read_show("emission").description == "Par Camille."
    kept = pseudonyms_for(named.root, ["emission/2027-01-01-x", "emission/2027-01-02-y"])
    assert [each.shown for each in kept] == ["Camille", "Camille"]
    assert pseudonyms_for(named.root, ["autre/2027-01-01-x"]) == ()


def test_a_name_that_is_forgotten_can_not_come_back(archive: Archive) -> None:
    put(archive, CITY)
    key, quoting = f"emission/{CITY}", archive.cache / "dossiers" / "person" / "zoe.epub"
    write_cues(archive, key, Cue(0, 2, f"Bonjour {NAME}."))
    write_whole(quoting.with_suffix(".json"), f'{{"states": {{"{key}": "1"}}}}'.encode())
    write_whole(quoting, NAME.encode())
    for more in ((), ("--forget", "--yes")):
        command(archive, "pseudonym", key, NAME, "Camille", *more)
    assert naming(archive.root) == []
    assert history.acts(archive.root) == []
    assert archive.episode(key).protection.pseudonyms


def test_a_later_transcription_replaces_it_too(named: Archive) -> None:
    command(named, "pseudonym", KEY, NAME, "Camille", "--forget", "--yes")
    rename_show(named, "emission", "nouvelle")
    key = f"nouvelle/{STREET}"
    episode = named.episode(key)
    for work in (transcription.transcribe, renewal.renew):
        if work is transcription.transcribe:
            named.vtt_path(key).unlink()
            named.evidence_path(key).unlink()
        with local_pool(Naming()) as pool:
            work(named, episode, pool)
        assert "Camille." in named.vtt_path(key).read_text(encoding="utf-8")
        assert naming(named.root) == []


def test_a_text_that_is_laid_later_has_it_replaced_too(named: Archive, tmp_path: Path) -> None:
    text = tmp_path / f"{NAME}.txt"
    command(named, "pseudonym", KEY, NAME, "Camille", "--forget", "--yes")
    said = f"Bonjour {NAME}, voici {NAME}, encore. Et puis la rue."
    text.write_text(f"Zoé Zimmermann : {said}", encoding="utf-8")
    command(named, "align", KEY, str(text), "--force")
    kept = named.vtt_path(KEY).read_text(encoding="utf-8")
    assert "Bonjour Camille" in kept and "Et puis la rue" in kept
    assert naming(named.root) == []


@for_each(
    ("text", "expected"),
    [
        ("L’avis d’Éva Roux-Noir.", "L’avis d’X."),
        ("EVA ROUX NOIR et Eva\nRoux‑Noir", "X et X"),
        ("Eva Roux. Noir", "X"),
        ("Eva\n\nRoux Noir; Evaroux Noir; Eva Roux Noire", None),
        ("E\u0301va Roux-Noir", "X"),
        ("", None),
    ],
)
def test_a_name_is_found_as_people_write_it(text: str, expected: str | None) -> None:
    assert substitute(text, [pseudonym_of("Éva Roux-Noir", "X")]) == (expected or text)


def test_no_page_that_lay_open_brings_the_name_back(named: Archive) -> None:
    command(named, "pseudonym", KEY, NAME, "Camille")
    last = transcript_of(named).cues[-1]
    seen = SeenPlace(last.start, last.end, hash_of(last.start, last.end, sentence_of([last])))
    assert save(named, KEY, [SentenceEdit((seen,), "Et puis la rue !", NAME)]).changed == 1
    assert [each.split("/")[0] for each in naming(named.root)] == ["history"]


def test_nothing_that_is_written_later_brings_the_name_back(named: Archive) -> None:
    command(named, "pseudonym", KEY, NAME, "Camille")
    heard = segment(("Merci", 0), ("Zoé", 1), ("Zimerman.", 2))
    made = compose([heard], {"status": "machine"})

    def hear() -> None:
        text = write_cues(named, KEY, *made.cues, **made.note)
        own = {"vtt": sha256(text.encode()), "cues": hash_cues(made.cues)}
        write_evidence(named, KEY, heard, turns=(Turn(0, 3, 1),), **own)

    hear()
    voices.name(named, KEY, {1: f" {NAME} "})
    assert named.episode(KEY).voices == {"1": "Camille"}
    assert "zimmermann" not in plain(named.vtt_path(KEY).read_bytes())
    hear()
    found = spread(named, "emission", {"zoé zimerman": NAME})
    assert [each.after for each in found.places] == ["Merci Camille."]
    carry_out(named, found)
    assert [cue.text for cue in transcript_of(named).cues] == ["Merci Camille."]
    hear()
    change_show(named, corrections={"zoé zimerman": NAME})
    assert apply_again(named, KEY)
    assert [cue.text for cue in transcript_of(named).cues] == ["Merci Camille."]
