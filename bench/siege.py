"""A site under siege: what a few pages cost while each expensive address is asked eight times over.

5,000 episodes with a million cues between them; their recordings are one file under many names.
The pages are those of a listener, and the desk as a keeper sees it who is signed in. Last comes the
crowd of `bench.crowd`, all at once, while an hour is transcribed: it is asked for as `crowd`.
`python -m bench.siege FOLDER` keeps the archive in FOLDER for the next time; ONLY= names addresses.
"""

import contextlib
import hashlib
import http.client
import itertools
import os
import random
import secrets
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from bench.memory import memory
from bench.search import SEED, french, served, write_archive
from radio import sound as audio
from radio.archive import Archive
from radio.bags.payload import measure_all
from radio.desk import accounts
from radio.desk.entrance import Entrance
from radio.search import Index
from radio.sound.probing import BARS
from radio.system.disk import write_whole
from radio.web.gate import COOKIE

EPISODES = 5_000
WORDS = 2_200  # said in each: 200 cues
LENGTH = 20.0  # seconds of each recording
ATTACKERS = 8
SECONDS = 6.0  # that each address is asked for
PAUSE = 0.05  # seconds between two requests for a page
PAGES = ("/help", "/", "/desk", "/shows/{key}")
KEEPER = "Siège"
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
    "/desk",
    "crowd",
)
ARRIVAL, CROWD = 15.0, 45.0  # seconds until all have come, and that they are endured then
HOUR = 57  # times a sample show


@dataclass(frozen=True)
class Endured:
    """What the answers to one page took, in milliseconds, and how many of them were no page."""

    times: list[float] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)

    @property
    def cell(self) -> str:
        """The median, the 95th of a hundred, the longest."""
        times = sorted(self.times)
        told = f"{times[len(times) // 2]:.0f} / {times[len(times) * 95 // 100]:.0f}"
        told += f" / {times[-1]:.0f}"
        return f"{told} ({len(self.refused)} refused)" if self.refused else told


@dataclass
class Siege:
    """Who asks for one address as fast as they can, each on a connection of their own."""

    port: int
    address: str
    keys: Sequence[str]
    cookie: str  # of the keeper
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

    def endured(self, seconds: float) -> list[Endured]:
        """Ask for the pages meanwhile, one after the other."""
        threads = [threading.Thread(target=self.attack, daemon=True) for _ in range(ATTACKERS)]
        for thread in threads if self.address else ():
            thread.start()
        pages = [page.format(key=self.keys[0]) for page in PAGES]
        found = [Endured() for _ in pages]
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            time.sleep(PAUSE)
            for page, each in zip(pages, found, strict=True):
                self.ask(page, each)
        self.ended.set()
        return found

    def ask(self, page: str, told: Endured) -> None:
        """Ask for a page once, as a keeper where it is the desk."""
        shown = {"Cookie": self.cookie} if page == "/desk" else {}
        began = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.request("GET", page, headers=shown)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        told.times.append((time.perf_counter() - began) * 1000)
        if answer.status != 200:
            told.refused.append(answer.status)


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


@contextlib.contextmanager
def crowded(archive: Archive, port: int, keys: Sequence[str]) -> Iterator[None]:
    """Have a crowd at the site, and an hour transcribed beside it."""
    names, hour = archive.root / "keys.txt", archive.root / "hour.mp3"
    names.write_text("\n".join(keys))
    hour.write_bytes(DEMO.read_bytes() * HOUR)
    radio = [sys.executable, "-m", "radio"]
    subprocess.run([*radio, "ingest", "--show", "emission-0", str(hour)], check=False)
    come = [sys.executable, "-m", "bench.crowd", str(port), str(names)]
    transcribe = subprocess.Popen([*radio, "transcribe"], stderr=subprocess.DEVNULL)
    children = [subprocess.Popen(come), transcribe]
    try:
        time.sleep(ARRIVAL)
        yield
        for each in children:
            if each.poll() is not None:
                print(f"ended too early: {each.args!r}", file=sys.stderr)  # noqa: T201
    finally:
        for each in children:
            each.terminate()
            each.wait()


def sign_in(archive: Archive) -> str:
    """Give what the browser of a keeper shows."""
    if not accounts.account(archive.root, KEEPER):
        accounts.add(archive.root, KEEPER, "keeper")
    entrance, word = Entrance(archive.root), secrets.token_hex(8)
    entrance.accept(accounts.invite(archive.root, KEEPER), word)
    return f"{COOKIE}={entrance.sign_in(KEEPER, word, '')}"


def besiege(folder: Path) -> str:
    """Measure, and lay out a table."""
    archive = stock(folder)
    keys = [episode.key for episode in archive.episodes()]
    os.environ["RADIO_ROOT"] = str(archive.root)
    Index(archive).refresh()
    measure_all(archive)  # else no whole archive is given
    cookie = sign_in(archive)
    named = " | ".join(f"`{page}`" for page in PAGES)
    rows = [f"| asked eight times over | answers | {named} |", f"|---|---|{'---|' * len(PAGES)}"]
    with served([sys.executable, "-m", "radio", "serve", "--port"]) as (port, process):
        for address in ("", *(os.environ.get("ONLY", "").split() or EXPENSIVE)):
            is_crowd = address == "crowd"
            siege = Siege(port, "" if is_crowd else address, keys, cookie)
            with crowded(archive, port, keys) if is_crowd else contextlib.nullcontext():
                found = siege.endured(CROWD if is_crowd else SECONDS)
            cells = " | ".join(each.cell for each in found)
            told = ", ".join(f"{many} × {code}" for code, many in sorted(siege.answers.items()))
            row = f"| `{address}` | {told} | {cells} |"
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
