"""What another radio is given to broadcast an episode again."""

import csv
import datetime as dt
import hashlib
import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from radio.actions.redacting import Request, redact
from radio.archive import Archive
from radio.archive.episode import Show
from radio.archive.protection import Protection
from radio.archive.rights import Rights
from radio.kit import music_free
from radio.kit.rebroadcast import exact, find_kit, make_kit, write_kit
from radio.sound.quality import listen_closely
from radio.system.errors import ArchiveError, WithdrawnError, WithheldError
from radio.text.chapters import Chapter, Chapters
from radio.text.transcript import Cue
from tests.heard import write_cues, write_evidence
from tests.processes import command
from tests.samples import STREET, put, shorten

KEY = f"emission/{STREET}"


def test_a_kit_holds_all_that_a_radio_asks(archive: Archive, tmp_path: Path) -> None:
    contact = Show("emission", "Émission", license="CC BY-SA 4.0", contact="a@radio.example")
    archive.write_show(contact)
    own: dict[str, Any] = {"rights": Rights(radios_only=True, reason="Contrat de musique.")}
    own |= {"playlist": ("Magny – Melocoton [CBS] 2:12 @0:04",)}
    put(archive, STREET, chapters=(Chapter(0.0, "Ouverture"), Chapter(3.0, "=La rue")), **own)
    shorten(archive, KEY)
    write_cues(archive, KEY, Cue(1.0, 3.5, "Bonjour.", "Camille"), Cue(4.0, 5.0, "Oui.", "Noé"))
    command(archive, "export", "kit", KEY, str(tmp_path / "kit.zip"))
    with zipfile.ZipFile(tmp_path / "kit.zip") as packed:
        packed.extractall(tmp_path)
    folder = tmp_path / STREET
    original = archive.audio_path(archive.episode(KEY)).read_bytes()
    assert (folder / f"{STREET}.mp3").read_bytes() == original
    heard = listen_closely(folder / f"{STREET}.-16-LUFS.mp3")
    assert heard.loudness == pytest.approx(-16.0, abs=0.5)
    assert heard.peak is not None and heard.peak <= -1.0
    readme = (folder / "README.txt").read_text(encoding="utf-8")
    for words in ("CC BY-SA 4.0", "a@radio.example", "0:00:08.000", "Contrat de musique."):
        assert words in readme
    for name in (STREET, f"{STREET}.-16-LUFS"):  # players look for a text of the same name
        assert (folder / f"{name}.vtt").read_bytes() == archive.vtt_path(KEY).read_bytes()
    assert "Transcript: .vtt" in readme
    assert "may hear it on the site, but not download it. other radios may ask" in readme
    table = (folder / "running-order.csv").read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table), delimiter=";"))
    assert [(each["start"], each["kind"], each["what"]) for each in rows] == [
        ("0:00:00.000", "chapter", "Ouverture"),
        ("0:00:03.000", "chapter", "'=La rue"),
        ("0:00:04.000", "music", "Melocoton"),
        ("0:00:01.000", "voice", "Camille"),
        ("0:00:04.000", "voice", "Noé"),
    ]
    assert (rows[0]["length"], rows[3]["length"]) == ("0:00:03.000", "0:00:02.500")
    words = (folder / "running-order.txt").read_text(encoding="utf-8")
    assert "0:04  music: Magny – Melocoton [CBS] (2:12)" in words
    sums = re.findall(r"^(\w{64})  (.+)$", (folder / "SHA256SUMS").read_text(), re.MULTILINE)
    assert len(sums) == 7
    for digest, name in sums:
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest


@pytest.mark.long
def test_no_copy_made_of_a_recording_outlives_a_redaction(archive: Archive) -> None:
    put(archive, STREET, rights=Rights(music_free=True))
    shorten(archive, KEY)
    episode = archive.episode(KEY)
    write_evidence(archive, KEY, duration=8.0)
    make_kit(archive, episode, Chapters())
    music_free.make_copy(archive, episode)
    packed, copy = find_kit(archive, episode), music_free.find_copy(archive, episode)
    assert packed and copy
    for killed in (packed.parent / ".kit-x" / "a.mp3", copy.with_name(f".{copy.name}.1.part")):
        killed.parent.mkdir(exist_ok=True)
        killed.write_bytes(b"sound")
    redact(archive, KEY, Request(1.0, 2.0, "destroy"))
    caches = (archive.cache / name for name in ("kits", "music", "music-free"))
    left = [each for folder in caches for each in folder.rglob("*")]
    assert [each for each in left if each.is_file()] == []


def test_no_kit_of_what_was_withdrawn_none_over_another(archive: Archive, tmp_path: Path) -> None:
    assert exact(3599.9996) == "1:00:00.000"
    episode = put(archive, STREET)
    with pytest.raises(ArchiveError, match="already"):
        write_kit(archive, episode, Chapters(), tmp_path)
    withdrawn = replace(episode, status="withdrawn", reason="x")
    with pytest.raises(WithdrawnError):
        write_kit(archive, withdrawn, Chapters(), tmp_path / "kit")
    later = replace(episode, status="embargoed", until=dt.datetime(2999, 1, 1))
    with pytest.raises(WithheldError, match="radio protect publish"):
        write_kit(archive, later, Chapters(), tmp_path / "kit")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["archive"]
    over = replace(withdrawn, protection=Protection(until=dt.datetime.now()))
    with pytest.raises(ArchiveError, match="already"):
        write_kit(archive, over, Chapters(), tmp_path)
