"""Search over archives of 100 to 10,000 hours, through HTTP, beside SQLite's FTS5 and Xapian on
the same data.

Episodes of one hour hold words drawn as often as French uses them (wordfreq), so that posting lists
are as long as real ones; what they say makes no sense. Index and site are the `radio` command's.
"""

import contextlib
import datetime as dt
import http.client
import itertools
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
import wordfreq

from bench import order, pairs
from bench.memory import memory, timed
from radio.archive import Archive
from radio.archive.episode import Audio, Episode, Person, Show
from radio.search import Index
from radio.system.disk import write_whole
from radio.text.transcript import Cue, Transcript, render_vtt

HOURS = (100, 1_000, 10_000)
VOCABULARY = 200_000
WORDS = 9_000  # said in an hour
SENTENCE = 11  # words in a cue
PEOPLE, TAGS, SHOWS = 200, 40, 5
FIRST_DAY = dt.date(2005, 1, 1)
ASKED = 40  # queries of each kind
DEBIAN = "/usr/bin/python3"
MOST_XAPIAN = 1_000  # hours: it takes minutes to index as many
RESTING = 50  # milliseconds of processor in a second, at most
SEED = 20240116


@dataclass(frozen=True)
class Language:
    """French words, the most frequent first, and how often each is said."""

    words: Sequence[str]
    shares: "np.ndarray[tuple[int], np.dtype[np.float64]]"

    def between(self, first: int, last: int, chance: random.Random) -> str:
        """Pick a word by its rank."""
        return self.words[chance.randrange(first, last)]


def french() -> Language:
    """Read the frequencies."""
    found = [w for w in wordfreq.top_n_list("fr", VOCABULARY) if w.isalpha()]
    shares = np.array([wordfreq.word_frequency(word, "fr") for word in found])
    return Language(found, np.cumsum(shares / shares.sum()))


def write_archive(root: Path, hours: int, language: Language, words: int = WORDS) -> Archive:
    """Write the files of an archive: sidecars, and transcripts of some words each."""
    archive, chance = Archive(root), np.random.default_rng(SEED)
    archive.create()
    for number in range(SHOWS):
        archive.write_show(Show(f"emission-{number}", f"Émission {number}"))
    for number in range(hours):
        day = FIRST_DAY + dt.timedelta(days=number * 7_300 // hours)
        drawn = np.searchsorted(language.shares, chance.random(words)).tolist()
        said = [language.words[each] for each in drawn]
        slug = f"{day}-{number:05}"
        people = (Person(f"Personne {int(chance.zipf(1.6)) % PEOPLE}"),)
        episode = Episode(
            f"emission-{number % SHOWS}",
            slug,
            " ".join(said[:4]),
            day,
            Audio(f"{slug}.mp3", "0" * 64, 1, "audio/mpeg", 3600.0),
            slug,
            people=people,
            tags=(f"thème {int(chance.zipf(1.6)) % TAGS}",),
        )
        archive.write_episode(episode)
        write_whole(
            archive.vtt_path(episode.key), render_vtt(Transcript(tuple(_cues(said)))).encode()
        )
    return archive


def _cues(said: Sequence[str]) -> Iterator[Cue]:
    step = 3600.0 * SENTENCE / len(said)
    for first in range(0, len(said), SENTENCE):
        start = first // SENTENCE * step
        text = " ".join(said[first : first + SENTENCE])
        yield Cue(round(start, 3), round(start + step - 0.2, 3), f"{text.capitalize()}.")


def queries(language: Language) -> dict[str, list[str]]:
    """Make ten kinds of queries, alike for every size."""
    chance = random.Random(SEED)  # noqa: S311

    def word(first: int, last: int) -> str:
        return language.between(first, last, chance)

    kinds: dict[str, Callable[[], str]] = {
        "rare word": lambda: word(20_000, 60_000),
        "usual word": lambda: word(1_000, 5_000),
        "frequent word": lambda: word(80, 300),
        "two words": lambda: f"{word(300, 2_000)} {word(300, 2_000)}",
        "three words": lambda: f"{word(80, 300)} {word(300, 2_000)} {word(300, 2_000)}",
        "phrase": lambda: f'"{word(0, 30)} {word(80, 500)}"',
        "prefix": lambda: f"{word(1_000, 5_000)[:5]}*",
        "one or the other": lambda: f"{word(1_000, 5_000)} OU {word(1_000, 5_000)}",
        "one without the other, in a year": lambda: (
            f"{word(300, 2_000)} -{word(80, 300)} après:{chance.randrange(2006, 2020)}"
        ),
        "misspelt": lambda: _misspelt(word(1_000, 5_000), chance),
    }
    return {kind: [make() for _ in range(ASKED)] for kind, make in kinds.items()}


def _misspelt(word: str, chance: random.Random) -> str:
    place = chance.randrange(1, len(word)) if len(word) > 1 else 0
    return f"{word[:place]}xq{word[place:]}" if len(word) < 4 else f"{word[:place]}x{word[place:]}"


@dataclass(frozen=True)
class Measured:
    """What one engine does with one archive."""

    seconds: float  # to index
    busy: float  # seconds of processor for that
    size: int  # bytes of index
    peak: int  # kB while indexing
    times: dict[str, list[float]]  # milliseconds of each answer, by kind
    work: list[float]  # milliseconds of processor of each answer
    private: int  # kB of memory of the site's own
    whole: int  # kB, with what the system maps of the index
    again: float  # seconds until one more episode is found


def measure_ours(archive: Archive) -> Measured:
    """Index with `radio index`, ask `radio serve`; the search by sense has its own section."""
    os.environ["RADIO_SENSE"] = "off"
    os.environ["RADIO_ROOT"] = str(archive.root)
    seconds, busy, peak = indexed([sys.executable, "-m", "radio", "index", "--rebuild"])
    size = size_of(archive.index)
    site = served([sys.executable, "-m", "radio", "serve", "--port"])
    with archive.lock("work"), site as (port, process):  # it makes nothing beside
        settle(process.pid)
        times, work = asked(port, process.pid)
        private, whole = memory(process.pid, "RssAnon", "VmRSS")
        again = one_more(archive, port)
    return Measured(seconds, busy, size, peak, times, work, private, whole, again)


def measure_fts5(archive: Archive, folder: Path) -> Measured:
    """Do the same with FTS5."""
    database = str(folder / "cues.db")
    command = [sys.executable, "-m", "bench.fts5"]
    seconds, busy, peak = indexed([*command, "build", str(archive.root), database])
    with served([*command, "serve", database]) as (port, process):
        times, work = asked(port, process.pid)
        private, whole = memory(process.pid, "RssAnon", "VmRSS")
    size = Path(database).stat().st_size
    return Measured(seconds, busy, size, peak, times, work, private, whole, 0.0)


def measure_xapian(archive: Archive, folder: Path) -> Measured:
    """Do the same with Xapian, in Debian's Python."""
    database, lines = str(folder / "xapian"), folder / "cues.tsv"
    command = [DEBIAN, str(Path(__file__).with_name("xapian_peer.py"))]
    with lines.open("w", encoding="utf-8") as file:
        for episode in archive.episodes():
            said = archive.transcript(episode.key)
            for cue in said.cues if said else ():
                file.write(f"{episode.key}\t{episode.date}\t{cue.start}\t{cue.text}\n")
    seconds, busy, peak = indexed(
        ["/bin/sh", "-c", f"{' '.join(command)} build {database} < {lines}"]
    )
    with served([*command, "serve", database]) as (port, process):
        times, work = asked(port, process.pid)
        private, whole = memory(process.pid, "RssAnon", "VmRSS")
    return Measured(seconds, busy, size_of(Path(database)), peak, times, work, private, whole, 0.0)


def has_xapian() -> bool:
    """Whether Debian's `python3-xapian` is there."""
    found = subprocess.run([DEBIAN, "-c", "import xapian"], check=False, capture_output=True)
    return found.returncode == 0


def size_of(folder: Path) -> int:
    """Sum the files of a folder, in bytes."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


@contextlib.contextmanager
def served(command: list[str]) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    """Start a site on a free port and wait for its first answer."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    variables = {**os.environ, "RADIO_BASE_URL": f"http://127.0.0.1:{port}"}
    with subprocess.Popen(
        [*command, str(port)], stderr=subprocess.DEVNULL, env=variables
    ) as process:
        try:
            while True:
                with contextlib.suppress(OSError):
                    get(http.client.HTTPConnection("127.0.0.1", port), "vie")
                    break
                time.sleep(0.1)
            yield port, process
        finally:
            process.terminate()


def settle(process: int) -> None:
    """Wait until a site has done what it does when it starts, half a minute at most."""
    for _each in range(30):
        before, tasks = processor(process), Path(f"/proc/{process}/task")
        time.sleep(1)
        is_alone = not any(path.read_text(encoding="ascii") for path in tasks.glob("*/children"))
        if is_alone and processor(process) - before < RESTING:
            return


def get(connection: http.client.HTTPConnection, query: str) -> bytes:
    """Ask one query."""
    connection.request("GET", f"/search?{urlencode({'q': query})}")
    answer = connection.getresponse()
    content = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{query}: {answer.status}")
    return content


def asked(port: int, process: int) -> tuple[dict[str, list[float]], list[float]]:
    """Ask every query once, the kinds mixed, on one connection: milliseconds by kind.

    Then those of processor, which depend less on what else the machine does.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port)
    times: dict[str, list[float]] = {}
    work = [processor(process)]
    mixed = [(kind, query) for kind, some in queries(french()).items() for query in some]
    random.Random(SEED).shuffle(mixed)  # noqa: S311
    for kind, query in mixed:
        began = time.perf_counter()
        get(connection, query)
        times.setdefault(kind, []).append((time.perf_counter() - began) * 1000)
        work.append(processor(process))
    return times, np.diff(work).tolist()


def processor(process: int) -> float:
    """Read how long the threads of a process have run, in milliseconds."""
    nanoseconds = 0
    for thread in Path(f"/proc/{process}/task").iterdir():
        with contextlib.suppress(OSError):  # it ended meanwhile
            nanoseconds += int((thread / "schedstat").read_text(encoding="ascii").split()[0])
    return nanoseconds / 1e6


def indexed(command: list[str]) -> tuple[float, float, int]:
    """Run a command: seconds, those of processor, and its peak memory in kB."""
    before = sum(os.times()[2:4])  # of all commands that ended
    seconds, peak = timed(command)
    return seconds, sum(os.times()[2:4]) - before, peak


def one_more(archive: Archive, port: int) -> float:
    """Add an episode and tell how long it takes until the site finds it."""
    first = archive.episodes()[0]
    slug = "2030-01-01-nouvel"
    audio = replace(first.audio, file=f"{slug}.mp3")
    new = replace(first, slug=slug, guid=slug, title="Nouvel épisode", audio=audio)
    text = render_vtt(Transcript((Cue(0, 4, "Le mot extraordinairementinouï se dit ici."),)))
    write_whole(archive.vtt_path(new.key), text.encode())
    archive.write_episode(new)
    index = Index(archive)
    began = time.monotonic()
    index.refresh()
    page = get(http.client.HTTPConnection("127.0.0.1", port), "extraordinairementinouï")
    if slug.encode() not in page:
        raise RuntimeError("what was just indexed is not found")
    return time.monotonic() - began


def table() -> str:
    """Measure every size, ours and FTS5 one after the other."""
    sizes = [int(each) for each in os.environ.get("HOURS", "").split()] or HOURS
    language, found = french(), {}
    for hours in sizes:
        with tempfile.TemporaryDirectory() as folder:
            print(f"{hours} h…", file=sys.stderr, flush=True)  # noqa: T201
            archive = write_archive(Path(folder) / "archive", hours, language)
            found[hours, "radio"] = measure_ours(archive)
            found[hours, "FTS5"] = measure_fts5(archive, Path(folder))
            if hours <= MOST_XAPIAN and has_xapian():
                found[hours, "Xapian"] = measure_xapian(archive, Path(folder))
    return "\n\n".join((costs(found), answers(found), pairs.table(), order.table()))


def costs(found: Mapping[tuple[int, str], Measured]) -> str:
    """Lay out what an index costs."""
    rows = [
        f"| {name}, {hours:,} h | {each.seconds:.0f} s | {each.busy:.0f} s "
        f"| {each.size / 1e6:.0f} MB "
        f"| {each.peak / 1000:.0f} MB | {each.private / 1000:.0f} MB | {each.whole / 1000:.0f} MB "
        f"| {f'{each.again:.2f} s' if each.again else ''} |"
        for (hours, name), each in found.items()
    ]
    head = (
        "| | indexed in | processor | size | memory, indexing | memory, answering "
        "| with the index mapped | one more episode |"
    )
    return "\n".join([head, "|---" * 8 + "|", *rows])


def answers(found: Mapping[tuple[int, str], Measured]) -> str:
    """Lay out how long answers take: the median, and what 95 of 100 stay under."""
    names = [f"{name}, {hours:,} h" for hours, name in found]
    kinds = next(iter(found.values())).times
    rows = [
        f"| {kind} | {' | '.join(spread(each.times[kind]) for each in found.values())} |"
        for kind in kinds
    ]
    every = (list(itertools.chain(*each.times.values())) for each in found.values())
    rows.append(f"| **all** | {' | '.join(map(spread, every))} |")
    work = " | ".join(spread(each.work) for each in found.values())
    rows.append(f"| **all, processor time** | {work} |")
    return "\n".join(
        [f"| p50 / p95, ms | {' | '.join(names)} |", "|---" * (len(names) + 1) + "|", *rows]
    )


def spread(times: Sequence[float]) -> str:
    """Write the median, and what 95 of 100 stay under."""
    return f"{np.percentile(times, 50):.1f} / {np.percentile(times, 95):.1f}"
