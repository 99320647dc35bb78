"""What people and machines put into files, and how they ask for them."""

import hashlib
import io
import json
import random
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import mutagen.flac
import numpy as np
from PIL import Image

from radio.archive import Archive
from radio.archive.episode import Show
from radio.ingest.files import ingest
from radio.sound import probe
from radio.system.errors import RadioError
from radio.text.transcript import Cue, Transcript, read_vtt, render_vtt
from tests.samples import DEMO, put
from tests.sounds import encode
from tests.web.sites import visit

SITE = "https://radio.example"
SLUGS = sorted(path.stem for path in DEMO.glob("*.mp3"))
PIECES = [
    *b"--> WEBVTT NOTE <v </v> &amp; 99999999999:59:59.999 -00:01 &#x110000; &#xD800;".split(),
    *b"\xef\xbb\xbf \xff\xfe \x00 \xe9 \xed\xa0\x80".split(),
    *(b"\n\n", b"\r", b"STYLE\n", b"REGION\n", b"00:00:00.000 --> ", b"1\n"),
    *(b"," * 50, b"<" * 200, b" " * 500),
]


def fresh(folder: Path, *slugs: str) -> Archive:
    archive = Archive(folder / "archive")
    archive.create()
    archive.write_show(Show("emission", "Émission"))
    for slug in slugs:
        put(archive, slug)
    return archive


def harmed(content: bytes, chance: random.Random, pieces: list[bytes]) -> bytes:
    harmed = bytearray(content)
    for _ in range(chance.randrange(1, 6)):
        place = chance.randrange(len(harmed) + 1)
        end = min(len(harmed), place + chance.choice([1, 1, 2, 10, 100]))
        others = [b"", bytes([chance.randrange(256)]), chance.choice(pieces), harmed[place:end] * 2]
        harmed[place:end] = chance.choice(others)
    return bytes(harmed)


def captions(count: int, chance: random.Random, folder: Path) -> Iterator[str]:
    """Random captions are read, or refused in words; what is read can be written and read again."""
    cues = tuple(Cue(n, n + 0.9, f"<Ligne> & {n}", "Zoé" if n % 2 else "") for n in range(12))
    whole = render_vtt(Transcript(cues, {"status": "machine", "audio": "0" * 64})).encode()
    for number in range(count):
        content = harmed(whole, chance, PIECES)
        try:
            said = read_vtt(content, folder / "x.vtt")
            again = read_vtt(render_vtt(said).encode(), folder / "x.vtt")
            if [cue.text.split() for cue in again.cues] != [cue.text.split() for cue in said.cues]:
                yield f"{number}: {content!r} is another text once it was written"
        except RadioError:
            continue
        except Exception as error:  # noqa: BLE001 (any other is a fault)
            yield f"{number}: {error!r} of {content!r}"


VALUES: list[Any] = [
    *(None, True, -1, 0.5, 10**400, float("nan"), float("inf"), "", "\ud800", "x" * 100_000),
    *([], {}, [[]], {"a": {}}, ["\u202e"], "0000-00-00", "9999-12-31", "../x", "a\x00b"),
]


def sidecars(count: int, chance: random.Random, folder: Path) -> Iterator[str]:
    """Whatever stands in a sidecar, evidence or show.json costs its own page alone."""
    archive = fresh(folder, *SLUGS)
    client = visit(archive, SITE)
    first = archive.sidecar_path(f"emission/{SLUGS[0]}")
    evidence = archive.evidence_path(f"emission/{SLUGS[0]}")
    whole = json.loads(first.read_bytes())
    pages = ("/", "/shows/emission/", f"/shows/emission/{SLUGS[1]}", "/feed.xml", "/catalogue.csv")
    for number in range(count):
        path = chance.choice([first, first, evidence])
        content = _strange(whole, chance)
        path.write_bytes(content)
        for address in (pages[number % len(pages)], f"/shows/emission/{SLUGS[0]}"):
            with client.get(address) as answer:
                answer.get_data()
                if answer.status_code >= (500 if SLUGS[0] in address else 400):
                    yield f"{number}: {address} {answer.status_code} of {content[:300]!r}"
        evidence.unlink(missing_ok=True)


def _strange(whole: dict[str, Any], chance: random.Random) -> bytes:
    given = json.loads(json.dumps(whole))
    way = chance.randrange(4)
    if way == 0:
        deep = chance.choice([10, 900, 5000, 200_000])
        return b'{"title": ' + b"[" * deep + b"]" * chance.choice([0, deep]) + b"}"
    if way == 1:
        return harmed(json.dumps(whole).encode(), chance, PIECES)
    into = given["audio"] if chance.random() < 0.3 else given
    into[chance.choice(sorted(into))] = chance.choice(VALUES)
    return json.dumps(given).encode()


def pictures(count: int, chance: random.Random, folder: Path) -> Iterator[str]:
    """Covers that swell, lie or are broken harm neither the ingest nor the site."""
    archive = fresh(folder)
    sound = np.sin(np.arange(48_000) / 20).astype(np.float32) / 3
    for number in range(count):
        path = encode(sound + number / 1e6, folder / f"2024-01-01-{number}.flac")
        content = _cover(chance)
        _dress(path, content, chance)
        try:
            episode = ingest(archive, path, "emission")
        except RadioError:
            continue
        except Exception as error:  # noqa: BLE001 (any other is a fault)
            yield f"{number}: {error!r}"
            continue
        answer = visit(archive, SITE).get(f"/covers/{episode.key}.jpg?size=400", buffered=True)
        if answer.status_code >= 500:
            yield f"{number}: {answer.status_code} of {content[:60]!r}"
        path.unlink()


def _cover(chance: random.Random) -> bytes:
    way = chance.randrange(5)
    if way == 0:
        return chance.randbytes(chance.randrange(2000))
    if way == 1:  # of 3.6 gigapixels
        head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
        data = zlib.compress(bytes(1 << 20))
        parts = ((b"IHDR", head), (b"IDAT", data), (b"IEND", b""))
        return b"\x89PNG\r\n\x1a\n" + b"".join(
            struct.pack(">I", len(each)) + name + each + struct.pack(">I", zlib.crc32(name + each))
            for name, each in parts
        )
    file = io.BytesIO()
    Image.new("RGB", (64, 64), "red").save(file, chance.choice(["JPEG", "PNG", "WEBP", "GIF"]))
    return harmed(file.getvalue(), chance, [b"\xff\xff", b"\xff\xd8", bytes(9)]) if way else b""


def _dress(path: Path, content: bytes, chance: random.Random) -> None:
    """Put a picture in a file, then change what is said of its length now and then."""
    file = mutagen.flac.FLAC(path)
    picture = mutagen.flac.Picture()
    picture.data, picture.mime, picture.type = content, "image/png", chance.randrange(22)
    picture.width, picture.height = chance.choice([(1, 1), (1 << 31, 1 << 31)])
    file.add_picture(picture)
    file.save()
    if chance.random() < 0.4:
        raw = bytearray(path.read_bytes())
        last = min(len(raw), 42 + 300 + len(content))
        for _ in range(chance.randrange(1, 5)):
            raw[chance.randrange(42, last)] = chance.randrange(256)
        path.write_bytes(raw)


def clips(count: int, chance: random.Random, folder: Path) -> Iterator[str]:
    """Any stretch of a large WAV is a sound of that length, or refused."""
    archive, seconds = fresh(folder), 60 * min(count, 30)  # 170 MB at most
    noise = np.random.default_rng(7).integers(-9000, 9000, 48_000, dtype=np.int16)
    samples = np.tile(noise / 32768, seconds).astype(np.float32)
    path = encode(samples, folder / "2024-01-01-long.wav")
    episode = ingest(archive, path, "emission")
    path.unlink()
    client = visit(archive, SITE)
    for number in range(count):
        start = chance.uniform(-10, seconds + 100)
        end = start + chance.choice([-5, 0, 0.001, 1, 30, 5000, 1e308])
        times = f"{start:.3f},{end:.3f}"
        with client.get(f"/clips/{episode.key}.wav?t={times}") as answer:
            content = answer.get_data()
        if answer.status_code >= 500:
            yield f"{number}: {answer.status_code} for {times}"
        elif answer.status_code == 200:
            cut = folder / "clip.wav"
            cut.write_bytes(content)
            wanted = min(end, seconds) - max(start, 0)
            found = probe(cut).duration
            if wanted > 1 and end < seconds and abs(found - wanted) > 0.5 and wanted <= 60:
                yield f"{number}: {found} s for {times}"


def downloads(count: int, chance: random.Random, folder: Path) -> Iterator[str]:
    """A ZIP that is cut again and again is whole in the end, byte for byte."""
    archive = fresh(folder, *SLUGS)
    for number in range(40):  # forty megabytes that don't shrink
        (archive.media / "emission" / f"large{number}.jpg").write_bytes(chance.randbytes(1 << 20))
    fetch: Any = visit(archive, SITE).get
    with fetch("/download/archive.zip") as answer:
        whole, tag = hashlib.sha256(answer.get_data()).hexdigest(), answer.headers.get("ETag", "")
        size = int(answer.headers["Content-Length"])
    for number in range(count):
        got = bytearray()
        while len(got) < size:
            asked = {"Range": f"bytes={len(got)}-", "If-Range": tag} if got else {}
            with fetch("/download/archive.zip", headers=asked, buffered=False) as answer:
                if answer.status_code != (206 if got else 200):
                    yield f"{number}: {answer.status_code} after {len(got)} bytes"
                    break
                left = chance.randrange(1, size // 2)
                for part in answer.response:
                    got += part[:left]
                    left -= len(part)
                    if left <= 0:
                        break
        if hashlib.sha256(got).hexdigest() != whole:
            yield f"{number}: another ZIP"
