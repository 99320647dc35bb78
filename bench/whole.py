"""The whole archive as one download: cut, gone on with, checked by other programs.

The recordings are silence in sparse files, which costs no room but in what is downloaded: two
copies, one in the ZIP, one unpacked. The memory of the site is its peak, all its pages included.
"""

import datetime as dt
import hashlib
import http.client
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import bagit

from bench.memory import memory, timed
from bench.search import SEED, served
from radio.archive import Archive
from radio.archive.episode import Audio, Episode, Show
from radio.sound.probing import BARS

RECORDING = 500_000_000  # bytes
CUTS = 12
BLOCK = 1 << 20
WHOLE = "/download/archive.zip"


def write_silence(root: Path, recordings: int) -> Archive:
    """Make an archive of recordings without a sound."""
    archive = Archive(root)
    archive.create()
    archive.write_show(Show("emission", "Émission"))
    digest = hashlib.sha256(bytes(RECORDING)).hexdigest()
    for number in range(recordings):
        day = dt.date(2000, 1, 1) + dt.timedelta(number)
        audio = Audio(f"{day}-silence.mp3", digest, RECORDING, "audio/mpeg", 7200.0)
        episode = Episode("emission", f"{day}-silence", "Silence", day, audio, f"guid-{number}")
        with archive.audio_path(episode).open("wb") as file:
            file.truncate(RECORDING)
        archive.write_episode(episode)
        archive.write_waveform(episode, bytes(BARS))
    return archive


def download(port: int, path: Path) -> None:
    """Fetch the archive as a browser does on a bad line: cut at random, gone on with by range."""
    size = int(_ask(port, "HEAD", 0).headers["Content-Length"])
    cuts = sorted(random.Random(SEED).sample(range(1, size), CUTS))  # noqa: S311
    with path.open("wb") as file:
        for until in [*cuts, size]:
            answer = _ask(port, "GET", file.tell())
            while file.tell() < until and (block := answer.read(min(BLOCK, until - file.tell()))):
                file.write(block)
            answer.close()
    if path.stat().st_size != size:
        raise RuntimeError(f"{path.stat().st_size} bytes of {size}")


def _ask(port: int, method: str, first: int) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request(method, WHOLE, headers={"Range": f"bytes={first}-"} if first else {})
    answer = connection.getresponse()
    if answer.status != (206 if first else 200):
        raise RuntimeError(f"{WHOLE} from {first}: {answer.status}")
    return answer


def unpack(packed: Path, folder: Path) -> None:
    """Unpack and validate with programs of others, by every hash."""
    subprocess.run(["unzip", "-q", packed, "-d", folder], check=True)  # noqa: S607
    bagit.Bag(str(next(folder.iterdir()))).validate()


def lap(began: float) -> str:
    """Write the seconds since."""
    return f"{time.monotonic() - began:.0f} s"


def table() -> str:
    """Measure each step, one after the other."""
    gigabytes = int(os.environ.get("GB", "20"))
    with tempfile.TemporaryDirectory() as folder:
        archive = write_silence(Path(folder) / "archive", gigabytes * 10**9 // RECORDING)
        os.environ["RADIO_ROOT"] = str(archive.root)
        program, packed = [sys.executable, "-m", "radio"], Path(folder) / "archive.zip"
        seconds, peak = timed([*program, "index", "--pages"])
        rows = [f"checksums, taken once (`radio index`) | {seconds:.0f} s | {peak / 1000:.0f} MB"]
        with served([*program, "serve", "--port"]) as (port, process):
            began = time.monotonic()
            download(port, packed)
            (peak,) = memory(process.pid, "VmHWM")
            rows.append(f"download, cut {CUTS} times | {lap(began)} | {peak / 1000:.0f} MB")
        with tempfile.TemporaryDirectory(dir=folder) as unpacked:
            began = time.monotonic()
            unpack(packed, Path(unpacked))
            rows.append(f"`unzip`, then every hash compared by `bagit` | {lap(began)} |")
        for again in ("", ", again"):
            seconds, peak = timed([*program, "export", "bag", str(Path(folder) / "bag")])
            rows.append(f"`radio export bag`{again} | {seconds:.1f} s | {peak / 1000:.0f} MB")
    head = f"| {gigabytes} GB | time | peak memory |"
    return "\n".join([head, "|---|---|---|", *(f"| {row} |" for row in rows)])
