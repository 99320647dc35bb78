"""Many recordings in one run: what `radio ingest` takes beyond reading and decoding the bytes.

Each file is one hour of the sample shows in pieces of twenty seconds, in an order of its own, as
MP3 at 8 kbit/s: its frames need no others, so that they can be laid in any order.
"""

import datetime as dt
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame

from bench.long import command, run
from bench.memory import used
from bench.shows import MADE, shows
from radio.sound import RATE, Samples, decode

FILES = int(os.environ.get("FILES", "2000"))
FIRST = FILES // 4  # of them in a run of their own
DECODED = 40  # files that are decoded by the library alone
SECONDS, PIECE, KBITS, FRAME = 3600, 20, 8, 72  # bytes of a frame, at this rate


def table() -> str:
    """Make the files, take them in two runs, and all of them again."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("FOLDER")) as folder:
        os.environ["RADIO_ROOT"] = str(Path(folder) / "archive")
        run("init", "--show", "mesure", "--title", "Mesure")
        keys = Path(folder) / "clés"
        paths = write(keys, FILES)
        _, bare, _ = used([sys.executable, "-m", "bench.intake", *map(str, paths[:DECODED])])
        _, empty, _ = used([sys.executable, "-m", "bench.intake"])
        decoding = (bare - empty) / DECODED
        runs = [
            _row(f"{FIRST:,} files", FIRST, decoding, paths[:FIRST]),
            _row(f"{FILES - FIRST:,} more", FILES - FIRST, decoding, [keys]),
            _row(f"all {FILES:,} again", 0, decoding, [keys]),
        ]
    head = "| run | takes | processor, a file | beyond decoding | peak memory |"
    return "\n".join([head, "|---|---|---|---|---|", *runs])


def _row(name: str, new: int, decoding: float, sources: Sequence[Path]) -> str:
    seconds, processor, peak = used(command("ingest", *map(str, sources)))
    each = processor / new if new else processor / FILES
    beyond = f"{each - decoding:.3f} s" if new else "–"
    return f"| {name} | {seconds:.1f} s | {each:.3f} s | {beyond} | {peak / 1000:.0f} MB |"


def write(folder: Path, count: int) -> list[Path]:
    """Write different files of one hour, a day apart."""
    folder.mkdir()
    pieces, paths = _pieces(), list[Path]()
    for number in range(count):
        drawn = np.random.default_rng(number)
        order = drawn.integers(len(pieces), size=SECONDS // PIECE)
        day = dt.date(2015, 1, 1) + dt.timedelta(number)
        paths.append(folder / f"{day:%d-%m-%Y} émission.mp3")
        paths[-1].write_bytes(b"".join(pieces[each] for each in order))
    return paths


def _pieces() -> list[bytes]:
    """Encode the sample shows, and cut them between frames."""
    sound = np.concatenate([samples for each in shows(*MADE) for samples in decode(each.sound)])
    frames = _encode(sound)
    size = FRAME * (PIECE * KBITS * 1000 // 8 // FRAME)
    return [frames[start : start + size] for start in range(0, len(frames) - size, size)]


def _encode(samples: Samples) -> bytes:
    frame = AudioFrame.from_ndarray(samples[None], "flt", "mono")
    frame.sample_rate, frame.pts = RATE, 0
    with tempfile.NamedTemporaryFile(suffix=".mp3") as file:
        plain = {"write_xing": "0", "id3v2_version": "0"}
        with av.open(file.name, "w", format="mp3", options=plain) as container:
            alone = {"reservoir": "0"}
            stream = container.add_stream("libmp3lame", 8000, options=alone)
            stream.layout, stream.bit_rate = "mono", KBITS * 1000
            container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        return Path(file.name).read_bytes()


def _decode(paths: Sequence[str]) -> None:
    """Read and decode files, and nothing else."""
    for path in paths:
        with av.open(path) as container:
            for _frame in container.decode(audio=0):
                pass


if __name__ == "__main__":
    _decode(sys.argv[1:])
