"""The three sample shows: where they lie, what they say, and archives that hold them."""

import dataclasses
import datetime as dt
import hashlib
import io
import json
import re
import shutil
import zipfile
from pathlib import Path
from typing import Any, cast

from radio.actions.deletion import delete
from radio.archive import Archive
from radio.archive.episode import MIME, Audio, Episode, Show
from radio.archive.history import Act
from radio.ingest.files import ingest
from radio.sound.container import clip
from radio.text.transcript import Cue, Transcript, render_vtt

ROOT = Path(__file__).parent.parent
DEMO = ROOT / "radio" / "demo"
REFERENCES = ROOT / "tests" / "data" / "demo"
SHOW = "la-machine-a-decoudre"
STREET = "2024-01-16-les-micros-de-la-rue"
CITY = "2024-02-20-la-ville-intelligente"
MEMORY = "2024-03-19-garder-la-memoire"


def put(archive: Archive, slug: str, show: str = "emission", **fields: object) -> Episode:
    """Put a sample show in the archive, with what a machine heard of it."""
    content = (DEMO / f"{slug}.mp3").read_bytes()
    name = f"{slug}.mp3"
    audio = Audio(name, hashlib.sha256(content).hexdigest(), len(content), "audio/mpeg", 62.8)
    day = dt.date.fromisoformat(slug[:10])
    episode = dataclasses.replace(Episode(show, slug, slug, day, audio, f"guid-{slug}"), **fields)  # type: ignore[arg-type]
    (archive.media / show).mkdir(exist_ok=True)
    archive.audio_path(episode).write_bytes(content)
    archive.write_episode(episode)
    said = Transcript((Cue(0.0, 2.0, f"Bonjour, voici {slug}."),), {"status": "machine"})
    archive.vtt_path(episode.key).parent.mkdir(exist_ok=True)
    archive.vtt_path(episode.key).write_text(render_vtt(said), encoding="utf-8")
    return episode


def put_all(archive: Archive, *slugs: str, is_short: bool = False) -> None:
    for slug in slugs:
        put(archive, slug)
        if is_short:
            shorten(archive, f"emission/{slug}")


def delete_episode(archive: Archive, key: str, reason: str = "", **noted: Any) -> Act:
    return cast(Act, delete(archive, [key], reason=reason, **noted))


def shorten(archive: Archive, key: str) -> None:
    """Keep eight seconds of a sample show, so that little is to be measured."""
    episode = archive.episode(key)
    with archive.audio_path(episode).open("rb") as file:
        content = clip(file, 2.0, 10.0)
    archive.audio_path(episode).write_bytes(content)
    sha256 = hashlib.sha256(content).hexdigest()
    audio = dataclasses.replace(episode.audio, sha256=sha256, size=len(content), duration=8.0)
    archive.write_episode(dataclasses.replace(episode, audio=audio))


def keep_episode(archive: Archive, path: Path, **fields: Any) -> Episode:
    """Put a file in the archive as it is, without decoding it."""
    slug, content = f"2024-01-16-{path.suffix[1:]}", path.read_bytes()
    shutil.copy(path, archive.media / "emission" / f"{slug}{path.suffix}")
    sha256 = hashlib.sha256(content).hexdigest()
    audio = Audio(f"{slug}{path.suffix}", sha256, len(content), MIME[path.suffix], 4.0)
    episode = Episode("emission", slug, "L’œil", dt.date(2024, 1, 16), audio, "guid", **fields)
    archive.write_episode(episode)
    return episode


def street(folder: Path, copies: int = 1) -> Archive:
    """An archive in a folder with the first sample show, said so many times over."""
    name = "2024-01-16-les-micros-de-la-rue.mp3"
    archive = Archive(folder)
    archive.create()
    archive.write_show(Show("emission", "Émission"))
    path = folder / name
    path.write_bytes((DEMO / name).read_bytes() * copies)
    ingest(archive, path, "emission")
    path.unlink()
    return archive


def said(archive: Archive) -> str:
    """The cues of the only episode of an archive, without the note and its date."""
    (episode,) = archive.episodes()
    text = archive.vtt_path(episode.key).read_text(encoding="utf-8")
    return text[text.index("\n\n1\n") :]


def files(archive: Archive) -> list[str]:
    (episode,) = archive.episodes()
    return sorted(path.name.removeprefix(episode.slug) for path in archive.transcripts.glob("*/*"))


def said_at(slug: str, word: str) -> list[float]:
    """When the reference says a word, by its place in each sentence that holds it."""
    regions = (region for region in reference(slug) if word in region["text"])
    found = [(each["start"], each["end"], each["text"]) for each in regions]
    return [start + text.index(word) / len(text) * (end - start) for start, end, text in found]


def reference(slug: str) -> list[dict[str, Any]]:
    """The stretches of speech of a sample show, with what is said: people listened to it."""
    regions = json.loads((REFERENCES / f"{slug}.json").read_text(encoding="utf-8"))["regions"]
    return [region for region in regions if region["kind"] == "speech"]


def spoken(slug: str) -> str:
    return plain(" ".join(str(region["text"]) for region in reference(slug)))


def plain(text: str) -> str:
    """Words alone, in small letters."""
    return re.sub(r"[\W_]+", " ", text.lower().replace("œ", "oe")).strip()


def files_in(folder: Path) -> dict[str, bytes]:
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def holding(folder: Path, *needles: bytes | str) -> set[str]:
    """The files beneath a folder that have some words or bytes in their path or their content."""
    sought = [each.encode() if isinstance(each, str) else each for each in needles]
    files = files_in(folder)
    return {path for path in files if any(each in path.encode() + files[path] for each in sought)}


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def snapshot(archive: Archive) -> dict[str, bytes]:
    """All files but what tells of the past, and what is not worth keeping."""
    left_out = ("history", "index", "gone.json", "desk/journal", "desk/.journal", "desk/fixity")
    return {
        path: content
        for path, content in files_in(archive.root).items()
        if not path.startswith(left_out)
        if Path(path).name not in ("inventory.txt", ".archive.lock", ".index.lock")
    }
