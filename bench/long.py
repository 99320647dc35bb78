"""Long shows: memory, and how soon the first words are found, with the `radio` command itself."""

import os
import sys
import tempfile
import time
from pathlib import Path

import av

from bench.memory import finish, start
from bench.shows import shows
from radio.archive import Archive
from radio.search import Index

(SHOW,) = shows("bench")
RUNS = (("faster", 1), ("faster", 3), ("openai", 1))
"""Engine and hours."""

WORDS = "bonjour"


def write_long(path: Path, hours: int) -> None:
    """Write the measured show again and again, as one MP3 of some hours."""
    with av.open(path, "w", format="mp3") as target, av.open(SHOW.sound) as first:
        stream = target.add_stream_from_template(first.streams.audio[0])
        reached = 0.0
        while reached < hours * 3600:
            with av.open(SHOW.sound) as source:
                for packet in source.demux(audio=0):
                    if packet.dts is None or packet.duration is None or packet.time_base is None:
                        continue
                    if reached >= hours * 3600:
                        break
                    packet.pts = packet.dts = round(reached / packet.time_base)
                    packet.stream = stream
                    reached += float(packet.duration * packet.time_base)
                    target.mux(packet)


def measure(engine: str, hours: int) -> str:
    """Drop a show of some hours, transcribe it, and look for what is said first."""
    with tempfile.TemporaryDirectory() as folder:
        root, show = Path(folder) / "archive", Path(folder) / "longue.mp3"
        write_long(show, hours)
        os.environ["RADIO_ROOT"] = str(root)
        run("init", "--show", "mesure", "--title", "Mesure")
        dropped = time.monotonic()
        run("ingest", str(show))
        ingested = time.monotonic() - dropped
        archive = Archive(root)
        (episode,) = archive.episodes()
        process = start(command("transcribe", "--engine", engine))
        while process.poll() is None and not (
            archive.vtt_path(episode.key).exists() and found(archive)
        ):
            time.sleep(0.1)
        first = time.monotonic() - dropped
        spent, peak = finish(process)
    return (
        f"| {engine}, {hours} h | {ingested:.1f} s | {first:.1f} s | {spent:.0f} s "
        f"| {hours * 3600 / spent:.1f} × | {peak / 1000:.0f} MB |"
    )


def found(archive: Archive) -> bool:
    """Whether the first words are found."""
    return Index(archive).search(WORDS).total > 0


def command(*arguments: str) -> list[str]:
    """Write a command as it is typed, progress aside."""
    return [sys.executable, "-m", "radio", *arguments]


def run(*arguments: str) -> None:
    """Run a command to its end."""
    if os.spawnv(os.P_WAIT, sys.executable, command(*arguments)):
        raise RuntimeError(f"radio {arguments[0]} failed")


def table() -> str:
    """Measure every length, one after the other."""
    rows = []
    for engine, hours in RUNS:
        print(f"{engine}, {hours} h…", file=sys.stderr, flush=True)  # noqa: T201
        rows.append(measure(engine, hours))
    head = "| | ingested in | first words found after | transcribed in | speed | peak memory |"
    return "\n".join([head, "|---|---|---|---|---|---|", *rows])
