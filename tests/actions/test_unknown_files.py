"""What editors and killed writers leave keeps no word that was to be nowhere any more."""

import json
import re
from pathlib import Path

import pytest

from radio.actions.renaming import rename_episode
from radio.archive import Archive
from radio.system.disk import write_whole
from radio.text.transcript import Cue
from tests.heard import write_cues
from tests.processes import command
from tests.samples import CITY, STREET, holding, put, shorten

KEY, NAME = f"emission/{STREET}", "Zoé Zimmermann"
FORMER = "2024-01-16-avant"
TEXT, SIDECAR = f"transcripts/{KEY}", f"media/{KEY}"
HIDDEN_TEXT = f"transcripts/emission/.{STREET}"
OURS = (
    *(f"{TEXT}.{end}" for end in ("vtt~", "vtt.bak", "vtt.orig", "json~", "1.vtt~", "txt.save")),
    *(f"{SIDECAR}.{end}" for end in ("json~", "json.orig", "txt")),
    *(f"{HIDDEN_TEXT}.{end}" for end in ("vtt.swp", "json.swo")),
    f"transcripts/emission/#{STREET}.vtt#",
    f"media/emission/#{STREET}.json#",
    f"transcripts/emission/{FORMER}.vtt~",
    f"trash/1/{TEXT}.vtt~",
    f"sealed/1/{SIDECAR}.json~",
)
HALF = (
    ".site.json.1.part",
    "cache/.wordbook.txt.1.part",
    "cache/.site.1.part/words.html",
    "cache/site/search/.words.json.1.part",
    "desk/.journal.jsonl.1.part",
    f"{HIDDEN_TEXT}.vtt.1.part",
)
NOBODYS = {
    "media/emission/show.json~",
    "media/emission/#show.json#",
    f"media/emission/copie de {STREET}.odt",
    "transcripts/emission/.goutputstream-A1",
    "transcripts/emission/Copie.vtt",
    "history/20240116.json~",
    "notes.txt",
}
OTHERS = (f"transcripts/emission/{CITY}.vtt~", "media/emission/lisez-moi.txt")  # without it
ACTS = {
    "forget": ("delete", KEY, "--forget"),
    "destroy": ("redact", KEY, "1", "3", "--destroy"),
    "pseudonym": ("pseudonym", KEY, NAME, "Camille", "--forget"),
    "everywhere": ("pseudonym", NAME, "Camille", "--forget", "--everywhere"),
}


def written(text: str) -> tuple[bytes, ...]:
    """A text in each way in which editors write it."""
    swap = b"b0VIM 9.0\0\0" + text.encode() + b"\0" * 9
    encoded = (text.encode(each) for each in ("utf-8", "utf-16", "utf-16-be", "latin-1"))
    return (*encoded, json.dumps({"text": text}).encode(), swap)


@pytest.fixture
def edited(archive: Archive) -> Archive:
    put(archive, STREET, formerly=(f"emission/{FORMER}",))
    put(archive, CITY)
    shorten(archive, KEY)
    cues = (Cue(0.0, 1.0, "Bonjour."), Cue(1.5, 2.5, f"Voici {NAME}."), Cue(4.0, 5.0, "Merci."))
    write_cues(archive, KEY, *cues, status="machine")
    ways = written(f"{NAME} {archive.episode(KEY).audio.sha256}")
    for place, path in enumerate((*OURS, *HALF, *sorted(NOBODYS))):
        write_whole(archive.root / path, ways[place % len(ways)])
    for path in OTHERS:
        write_whole(archive.root / path, b"Bonjour Zoe.")
    return archive


def naming(root: Path) -> set[str]:
    ways = (NAME.encode(each) for each in ("utf-8", "utf-16-le", "utf-16-be", "latin-1"))
    return holding(root, *ways, json.dumps(NAME)[1:-1])


@pytest.mark.parametrize("act", ACTS)
def test_what_editors_left_goes_and_what_nobody_knows_is_told(edited: Archive, act: str) -> None:
    assert naming(edited.root) == {*OURS, *HALF, *NOBODYS, f"{TEXT}.vtt"}
    done = command(edited, *ACTS[act], "--yes")
    assert naming(edited.root) == NOBODYS
    assert set(re.findall(r"^radio: (.+): not a file of", done.stderr, re.MULTILINE)) == NOBODYS
    assert all((edited.root / path).exists() for path in OTHERS)


def test_a_name_that_stays_in_an_editors_copy_is_told_and_the_copy_is_kept(edited: Archive) -> None:
    """Where the name may come back by an undo, nothing goes for ever."""
    done = command(edited, "pseudonym", KEY, NAME, "Camille", "--yes")
    own = {path for path in OURS if not path.startswith(("trash/", "sealed/"))}
    told = set(re.findall(r"^radio: (.+): not a file of", done.stderr, re.MULTILINE))
    assert told == own | NOBODYS
    assert naming(edited.root) >= {*OURS, *NOBODYS}


def test_an_editors_copy_gets_the_new_name_of_its_episode(edited: Archive) -> None:
    rename_episode(edited, KEY, "2024-01-16-apres")
    names = {path.name for path in (edited.transcripts / "emission").iterdir()}
    assert {"#2024-01-16-apres.vtt#", ".2024-01-16-apres.vtt.swp"} <= names
