"""A site under siege: what `/help` costs while each expensive address is asked eight times over.

5,000 episodes with a million cues between them; their recordings are one file under many names.
`python -m bench.siege FOLDER` keeps the archive in FOLDER for the next time; ONLY= names addresses.
"""

import hashlib
import http.client
import itertools
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from bench.memory import memory, timed
from bench.search import SEED, french, served, write_archive
from radio import audio
from radio.archive import Archive
from radio.audio.waveform import BARS
from radio.disk import write_whole

EPISODES = 5_000
WORDS = 2_200  # said in each: 200 cues
LENGTH = 20.0  # seconds of each recording
ATTACKERS = 8
SECONDS = 6.0  # that each address is asked for
PAUSE = 0.05  # seconds between two requests for the page
DEMO = Path(__file__).parent.parent / "radio" / "demo" / "2024-01-16-les-micros-de-la-rue.mp3"
EXPENSIVE = (
    "/search/words.csv?q=ca*",
    "/search/words?q=ca*",
    "/search?q=ca*",
    "/search?q=de+la+et",
    "/search/listen?q=ca*",
    "/search/months?q=ca*&and=pa*",
    "/search.xml?q=ca*",
    "/search.m3u?q=ca*",
    "/search.xspf?q=ca*",
    "/api/v1/search?q=ca*",
    "/suggest?q=ca",
    "/fixity",
    "/fixity.jsonl",
    "/fixity.sha256",
    "/catalogue",
    "/catalogue.csv",
    "/catalogue.jsonl",
    "/feed.xml",
    "/feed.xml?page={few}",
    "/shows/emission-0/",
    "/shows/emission-0/feed.xml",
    "/shows.opml",
    "/sitemap.xml",
    "/",
    "/download/archive.zip",
    "/download/archive.zip?show=emission-{few}",
    "/download/archive.zip?q=quinze+{few}",
    "/covers/{key}.png?size=3000",
    "/cards/{key}.png?t={n}",
    "/shows/{key}",
    "/shows/{key}?q=ca*",
    "/share/{key}?t={n}",
    "/transcripts/{key}.html",
    "/transcripts/{key}.podcast.json",
    "/clips/{key}.mp3?t=1,{n}",
    "/download/{key}.mp3",
)


@dataclass
class Siege:
    """Who asks for one address as fast as they can, each on a connection of their own."""

    port: int
    address: str
    keys: Sequence[str]
    answers: Counter[int] = field(default_factory=Counter)
    ended: threading.Event = field(default_factory=threading.Event)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(2))

    def attack(self) -> None:
        """Ask until it is over; what is answered is read to its end, or for a megabyte."""
        while not self.ended.is_set():
            n = next(self.numbers)
            key = self.keys[n % len(self.keys)]
            path = self.address.format(key=key, n=2 + n % 15, few=1 + n % 4)
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
            try:
                connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
                answer = connection.getresponse()
                self.answers[answer.status] += 1
                while not self.ended.is_set() and answer.read(1 << 20):
                    pass
            except OSError:
                self.answers[0] += 1
            finally:
                connection.close()

    def endured(self) -> list[float]:
        """Ask for the page meanwhile: milliseconds of each answer."""
        threads = [threading.Thread(target=self.attack, daemon=True) for _ in range(ATTACKERS)]
        for thread in threads if self.address else ():
            thread.start()
        times = []
        limit = time.monotonic() + SECONDS
        while time.monotonic() < limit:
            time.sleep(PAUSE)
            began = time.perf_counter()
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
            connection.request("GET", "/help")
            connection.getresponse().read()
            connection.close()
            times.append((time.perf_counter() - began) * 1000)
        self.ended.set()
        return sorted(times)


def stock(root: Path) -> Archive:
    """Write the archive, unless it is there."""
    archive = Archive(root)
    if archive.media.is_dir():
        return archive
    write_archive(root, EPISODES, french(), WORDS)
    with DEMO.open("rb") as file:
        sound = audio.clip(file, 0.0, LENGTH)
    write_whole(root / "one.mp3", sound)
    chance = random.Random(SEED)  # noqa: S311
    for episode in archive.episodes():
        (archive.audio_path(episode)).hardlink_to(root / "one.mp3")
        sha256 = hashlib.sha256(sound).hexdigest()
        told = replace(episode.audio, size=len(sound), sha256=sha256)
        archive.write_episode(replace(episode, audio=told))
        archive.write_waveform(episode, bytes(chance.randrange(256) for _ in range(BARS)))
    return archive


def besiege(folder: Path) -> str:
    """Measure, and lay out a table."""
    archive = stock(folder)
    keys = [episode.key for episode in archive.episodes()]
    os.environ["RADIO_ROOT"] = str(archive.root)
    timed([sys.executable, "-m", "radio", "index"])
    rows = ["| asked eight times over | answers | `/help`, ms p50 / max |", "|---|---|---|"]
    with served([sys.executable, "-m", "radio", "serve", "--port"]) as (port, process):
        for address in ("", *(os.environ.get("ONLY", "").split() or EXPENSIVE)):
            siege = Siege(port, address, keys)
            times = siege.endured()
            told = ", ".join(f"{many} × {code}" for code, many in sorted(siege.answers.items()))
            row = f"| `{address}` | {told} | {times[len(times) // 2]:.0f} / {times[-1]:.0f} |"
            print(f"{row} {weigh(process)}", file=sys.stderr, flush=True)  # noqa: T201
            rows.append(row)
            time.sleep(1)
    return "\n".join(rows)


def weigh(process: "subprocess.Popen[bytes]") -> str:
    """Tell the memory of the site: its own, and with the files that it maps."""
    own, whole, peak = memory(process.pid, "RssAnon", "VmRSS", "VmHWM")
    return f"{own / 1000:.0f} MB own, {whole / 1000:.0f} MB with files mapped, {peak / 1000:.0f} MB"


if __name__ == "__main__":
    print(besiege(Path(sys.argv[1])))  # noqa: T201
