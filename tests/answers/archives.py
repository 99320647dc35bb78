"""The archives whose answers are recorded: one with all that keepers do, one written to harm."""

import dataclasses
import datetime as dt
import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

from radio.archive import Archive, themes
from radio.archive.episode import Audio, Episode, Person, Show
from radio.archive.protection import Protection, PublicReply, Redaction
from radio.archive.rights import Rights
from radio.text.chapters import Chapter
from radio.text.transcript import Cue, Transcript, render_vtt
from tests.poison import ODD_VALUES, VALUES, edit, poison
from tests.samples import ROOT

OLD = ROOT / "tests" / "golden" / "0.2.0"
SOUND = OLD / "media" / "la-machine" / "2024-05-21-retiree.mp3"
SECONDS = 2.808  # of that sound
WRITTEN = 1_767_323_045  # when all files were, in seconds: 2026-01-02
CUES = (
    Cue(0.0, 1.0, "Bonjour, ici la place du marché.", "Camille"),
    Cue(1.0, 2.0, "Deux mille cinq cents caméras de surveillance, c'est trop.", "Zoé"),
)


def lived(root: Path) -> Archive:
    """An archive that 0.2.0 wrote, and what keepers could say of it since."""
    shutil.copytree(OLD, root, ignore=shutil.ignore_patterns("cache", "index"))
    archive = Archive(root)
    site = json.loads((root / "site.json").read_text(encoding="utf-8")) | {"proposals": True}
    (root / "site.json").write_text(json.dumps(site), encoding="utf-8")
    surveillance = themes.Theme("Surveillance", ("caméras",), "Ce que les *caméras* voient.")
    themes.accept(root, [surveillance, themes.Theme("Camille", kind="person")])
    told = {"people": (Person("Camille", "host"),), "tags": ("surveillance",), "season": 2}
    add(archive, "bonjour/2023-05-02-la-place", told | RICH)
    radios = Rights(radios_only=True, reason="Pour les radios seules.")
    add(archive, "bonjour/2023-06-06-pour-les-radios", told | {"rights": radios})
    silent = Rights(listen=False, reason="La musique n’est pas libre.")
    add(archive, "bonjour/2023-07-04-a-lire", told | {"rights": silent, "date_precision": "year"})
    until = dt.datetime(2099, 1, 1)
    withdrawal = {"status": "withdrawn", "protection": Protection(until=until)}
    add(archive, "bonjour/2023-08-01-suspendue", withdrawal)
    return age(archive)


RICH: dict[str, object] = {
    "title": "La place",
    "date_precision": "month",
    "number": 3,
    "chapters": (Chapter(0.0, "Le marché"), Chapter(1.0, "Les caméras")),
    "voices": {"1": "Camille", "2": "Zoé"},
    "producers": ("Le collectif d’à côté",),
    "playlist": ("Brigitte Fontaine – Comme à la radio",),
    "redactions": (Redaction(2.0, 2.5, "2025-03-04"),),
    "rights": Rights(feed=False, music_free=True),
    "protection": Protection(
        noindex=True,
        replies=(PublicReply("Je réponds.", "La mairie", 1.0, dt.date(2025, 4, 5)),),
        pseudonyms=(dt.date(2025, 5, 6),),
    ),
    "formerly": ("bonjour/2023-05-02-avant",),
}


def hostile(root: Path) -> Archive:
    """An archive with values that harm, values that are odd, and files that can't be read."""
    archive = Archive(root)
    archive.create()
    archive.write_show(Show("emission", "Émission", guid="emission"))
    add(archive, "emission/2024-01-16-poison", {})
    poison(archive)
    for number, values in enumerate([each for each in ODD_VALUES if _is_short(each)], 1):
        path = add(archive, f"emission/2023-02-{number:02}-singuliere", {})
        path.write_text(json.dumps(json.loads(path.read_bytes()) | values), encoding="utf-8")
    add(archive, "emission/2022-01-01-texte-casse", {})
    broken = archive.vtt_path("emission/2022-01-01-texte-casse")
    broken.write_bytes(b"WEBVTT\n\n00:01 --> rien\n\xff<v <b>>Bonjour\n\n-->\n")
    add(archive, "emission/2022-01-02-sans-texte", {})
    archive.vtt_path("emission/2022-01-02-sans-texte").unlink()
    add(archive, "emission/2022-01-03-sans-son", {})
    (archive.media / "emission" / "2022-01-03-sans-son.mp3").unlink()
    archive.write_show(Show("fautes", "Fautes", guid="fautes"))
    for number, value in enumerate(list(VALUES.values())[::4], 1):
        edit(add(archive, f"fautes/2023-03-{number:02}-faute", {}, 62.8), *value)
    (archive.media / "fautes" / "L’œil & <b>.txt").write_text("?", encoding="utf-8")
    (archive.media / "fautes" / "2023-04-01-seule.mp3").write_bytes(b"ID3")
    (archive.media / "Un nom d’autrui").mkdir()
    return age(archive)


def _is_short(values: Any) -> bool:
    """Whether pages that show such values are soon read: no long title, no thousands of years."""
    return len(str(values)) < 10_000 and "date" not in values


def add(archive: Archive, key: str, told: dict[str, object], seconds: float = SECONDS) -> Path:
    """Add an episode with a recording of its own and a text; give the path of its sidecar."""
    show, slug = key.split("/")
    content = SOUND.read_bytes() + key.encode()
    digest = hashlib.sha256(content).hexdigest()
    audio = Audio(f"{slug}.mp3", digest, len(content), "audio/mpeg", seconds)
    day = dt.date.fromisoformat(slug[:10])
    episode = Episode(show, slug, f"Épisode {slug[11:]}", day, audio, f"guid-{slug}")
    archive.write_episode(dataclasses.replace(episode, **told))  # type: ignore[arg-type]
    archive.audio_path(episode).write_bytes(content)
    archive.vtt_path(key).parent.mkdir(exist_ok=True)
    text = render_vtt(Transcript(CUES, {"status": "reread"}))
    archive.vtt_path(key).write_text(text, encoding="utf-8")
    return archive.sidecar_path(key)


def age(archive: Archive) -> Archive:
    for path in archive.root.rglob("*"):
        os.utime(path, (WRITTEN, WRITTEN), follow_symlinks=False)
    return archive
