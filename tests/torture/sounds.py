"""Sound files broken in every way, and tags changed at random: each is taken, or refused in words.
The parent stays small and nothing takes long, for foreign bytes are read in limited children."""

import filecmp
import itertools
import os
import random
import shutil
import struct
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from bench.memory import memory
from radio.archive import Archive
from radio.archive.check import check
from radio.ingest.files import ingest
from radio.sound.tags import heads, private, reader
from radio.system import sandbox
from radio.system.errors import RadioError, ReaderError
from radio.system.process import resident
from radio.system.progress import Progress
from tests.patience import LONG
from tests.samples import ROOT
from tests.sounds import KINDS, encode, id3_frame, id3_tag, swelling_tag
from tests.tagged import TAGGERS
from tests.torture.readers import fresh, harmed

SLOWEST = 30.0  # seconds of the processor for a file
GROWTH = 50 << 20  # bytes that the parent may take in addition
BATCH = 500  # files with mutated tags that one child reads
STREAM = b"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n%s\n#EXT-X-ENDLIST\n"
SESSION = b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=audio 5004 RTP/AVP 0\n"
SIZES = [bytes(4), b"\xff" * 4, b"\x7f" * 4, struct.pack(">I", 1 << 31), struct.pack("<I", 1 << 31)]
SAID = b"\0\x01\x02\x03"  # of the encodings of ID3
PIECES = [*SIZES, *(bytes([each]) for each in SAID), bytes(99)]
PIECES += [b"TENC", b"APIC", b"\xa9xyz", b"udta"]


def originals(folder: Path) -> dict[str, Path]:
    """Three seconds of sound in each format, with rich tags."""
    folder.mkdir()
    time_line = np.arange(3 * 48_000) / 48_000
    tone = (np.sin(time_line * 2764) * (0.3 + 0.2 * np.sin(time_line * 9))).astype(np.float32)
    found = {suffix: encode(tone, folder / f"son{suffix}") for suffix in KINDS}
    for suffix, path in found.items():
        TAGGERS[suffix][0](path)
    return found


def broken(sounds: dict[str, Path]) -> Iterator[tuple[str, bytes]]:
    """Names and contents of files that are not what they seem."""
    for suffix, path in sounds.items():
        whole = path.read_bytes()
        middle = len(whole) // 2
        for share in (0, 1, 10, 50, 90, 99):
            yield f"2024-01-01-cut-{share}{suffix}", whole[: len(whole) * share // 100]
        yield f"2024-01-01-zeros{suffix}", whole[:middle] + bytes(1000) + whole[middle + 1000 :]
        yield f"2024-01-01-lost{suffix}", whole[:middle] + whole[middle + 1000 :]
        yield f"2024-01-01-late{suffix}", b"\0\xff" * 500 + whole
        yield f"2024-01-01-twice{suffix}", whole + whole
        other = sounds[".wav" if suffix != ".wav" else ".mp3"].read_bytes()
        yield f"2024-01-01-other-{suffix[1:]}{suffix}", other + suffix.encode()
    yield from strangers()
    yield from liars(sounds)
    yield from named_strangely(sounds[".flac"].parent)


def strangers() -> Iterator[tuple[str, bytes]]:
    places = (b"son.mp3", b"file:///etc/passwd", b"http://127.0.0.1:9/x")
    contents = [b"", b"\0" * 5000, b"Bonjour\n" * 999, b"<html><audio src='x.mp3'></html>"]
    contents += [b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(5000), b"%PDF-1.7\n" + bytes(999)]
    contents += [b"MZ" * 999, *(STREAM % each for each in places), SESSION]
    contents += [b"ffconcat version 1.0\nfile son.mp3\n", b"<MPD><BaseURL>son.mp3</BaseURL></MPD>"]
    contents += [b"PK\x03\x04" + bytes(999), b"\x1a\x45\xdf\xa3" + bytes(999), b"\xff\xfb" * 9999]
    for number, content in enumerate([*contents, random.Random(1).randbytes(200_000)]):
        yield f"2024-01-02-{number}.mp3", content


def liars(sounds: dict[str, Path]) -> Iterator[tuple[str, bytes]]:
    """Headers that promise what no file holds, and small files that swell."""
    mp3, wav, flac = (sounds[suffix].read_bytes() for suffix in (".mp3", ".wav", ".flac"))
    yield "2024-01-03-swelling.mp3", swelling_tag() + mp3
    picture = id3_frame(b"APIC", b"\0image/png\0\3\0" + bytes(99 << 20))
    yield "2024-01-03-picture.mp3", id3_tag(picture) + mp3
    yield "2024-01-03-endless-tag.mp3", b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + mp3
    yield "2024-01-03-tags.mp3", id3_tag(id3_frame(b"TIT2", b"\0x")) * 20_000 + mp3
    for rate, channels in ((0, 1), (48_000, 255), (1, 1), (1 << 31, 2), (48_000, 0)):
        form = struct.pack("<HHIIHH", 1, channels, rate, rate, max(1, channels * 2) & 0xFFFF, 16)
        data = b"fmt " + struct.pack("<I", 16) + form + b"data" + struct.pack("<I", 96_000)
        whole = b"RIFF" + struct.pack("<I", 96_036) + b"WAVE" + data + bytes(96_000)
        yield f"2024-01-03-rate-{rate}-{channels}.wav", whole
    for length in (0, 0xFFFF_FFFE, 0xFFFF_FFFF):
        yield f"2024-01-03-length-{length}.wav", wav[:4] + struct.pack("<I", length) + wav[8:]
    yield "2024-01-03-samples.flac", flac[:21] + b"\xff" * 5 + flac[26:]  # 68,719,476,735 of them
    yield "2024-01-03-nested.m4a", atoms(5000) + sounds[".m4a"].read_bytes()
    yield "2024-01-03-moov.m4a", sounds[".m4a"].read_bytes().replace(b"moov", b"free")
    yield "2024-01-03-pages.ogg", b"OggS" * 50_000


def atoms(depth: int) -> bytes:
    return b"".join(struct.pack(">I4s", 8 * (depth - each), b"moov") for each in range(depth))


def named_strangely(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Names that a shell, a terminal or a library could misread, each of another sound."""
    names = ["a\nb", "-rf", "é" * 120, "e\u0301te\u0301", "été", "🎙️", "\u202e3pm", "\x1b[2J"]
    names += ["http:127.0.0.1", "concat:a|b", "pipe:0", "file:a", "$(touch$IFS)", "`id`", "a;b"]
    names += ["%s{}"]
    for number, name in enumerate(names, 5):
        tone = np.sin(np.arange(20_000) / number).astype(np.float32) / 3
        yield f"{name}.flac", encode(tone, folder / "tone.flac").read_bytes()


def sounds(count: int, chance: random.Random, folder: Path) -> Iterator[str]:
    """A broken file is taken whole or refused with a reason, soon, in a small parent."""
    archive = fresh(folder)
    whole, inbox = originals(folder / "sounds"), folder / "inbox"
    inbox.mkdir()
    for path in whole.values():
        shutil.copy(path, inbox)
    names = [name for name, _ in broken(whole)]
    if count < len(names):  # a few, of those that take no time
        names = chance.sample([name for name in names if "2024-01-03" not in name], count)
    chosen = set(names)
    for name, content in broken(whole):
        path = inbox / name
        if name in chosen:
            path.write_bytes(content)
            del content
            yield from _take(archive, path)
            path.unlink()
    yield from (f"{each.path}: {each.detail}" for each in check(archive))


def _used() -> float:
    return sum(os.times()[:4])


def _take(archive: Archive, path: Path) -> Iterator[str]:
    """Take a file in; name what went otherwise than it should."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # forgets the peak of memory
    began, used, held = time.monotonic(), _used(), resident()
    try:
        episode = ingest(archive, path, "emission")
        if not filecmp.cmp(archive.audio_path(episode), path, shallow=False):
            yield f"{path.name!r}: other bytes were kept"
    except RadioError as error:
        if not str(error).startswith(str(path)):
            yield f"{path.name!r}: refused as {error}"
    except Exception as error:  # noqa: BLE001 (any other is a fault)
        yield f"{path.name!r}: {error!r}"
    if (seconds := _used() - used) > SLOWEST:
        yield f"{path.name!r}: {seconds:.0f} s of the processor"
    if (seconds := time.monotonic() - began) > LONG:
        yield f"{path.name!r}: {seconds:.0f} s"
    if (grown := (memory("self", "VmHWM")[0] << 10) - held) > GROWTH:
        yield f"{path.name!r}: this process grew by {grown >> 20} MB"


def tags(count: int, chance: random.Random, folder: Path) -> Iterator[str]:
    """Tags changed at random are read, left out or written again; no reader dies of them."""
    archive = fresh(folder)
    whole = [path.read_bytes() for path in originals(folder / "sounds").values()]
    suffixes, inbox = list(KINDS), folder / "inbox"
    let_children_import_tests()
    for start in range(0, count, BATCH):
        inbox.mkdir()
        for number in range(start, min(count, start + BATCH)):
            kind = number % len(whole)
            (inbox / f"{number}{suffixes[kind]}").write_bytes(changed(whole[kind], chance))
        try:
            target = "tests.torture.sounds:read_all"
            yield from sandbox.call(target, str(inbox), memory=1 << 30, seconds=600, writes=1 << 30)
        except ReaderError as error:
            yield f"a child died: {error}"
        for path in itertools.islice(sorted(inbox.iterdir()), 6):
            yield from _take(archive, path)
        shutil.rmtree(inbox)
    yield from (f"{each.path}: {each.detail}" for each in check(archive))


def let_children_import_tests() -> None:
    """Put this folder on the path of the children of `sandbox`."""
    places = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys([str(ROOT), *filter(None, places)]))


def changed(content: bytes, chance: random.Random) -> bytes:
    head, tail = min(len(content), 3000), max(0, len(content) - 3000)
    middle = content[head:tail]
    first = harmed(content[:head], chance, PIECES) if chance.random() < 0.8 else content[:head]
    return first + middle + harmed(content[max(head, tail) :], chance, PIECES)


def read_all(inbox: str, progress: Progress) -> list[str]:
    """Read and write the tags of all files of a folder, in the child; give what took long."""
    faults, label, done = [], '{"title": "Un jour", "text": "Bonjour.", "artists": ["Zoé"]}', 0
    readers: list[Callable[[str], object]] = [
        lambda path: reader.read(path, progress),
        lambda path: reader.picture(path, progress),
        lambda path: private.find_all(path, progress),
        lambda path: heads.write(path, progress, f"{inbox}.head", label, heads.WHOLE),
    ]
    for path in sorted(Path(inbox).iterdir()):
        began = time.process_time()
        for read in readers:
            try:
                read(str(path))
                done += 1
            except Exception:  # noqa: BLE001, S112 (its parent would be told, and warn)
                continue
        if (seconds := time.process_time() - began) > 5:
            faults.append(f"{path.name}: {seconds:.1f} s")
    if done < 2 * len(list(Path(inbox).iterdir())):
        faults.append(f"only {done} readings: nothing is proved")
    return faults
