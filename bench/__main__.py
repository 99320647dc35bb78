"""Run every measure and keep the tables in BENCHMARKS.md."""

import datetime as dt
import os
import platform
from pathlib import Path

from bench import long, transcription

PAGE = Path(__file__).parent.parent / "BENCHMARKS.md"


def machine() -> str:
    """Name the machine that the figures come from."""
    names = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    model = next((line.split(":")[1].strip() for line in names if "model name" in line), "")
    return (
        f"{model or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    )


def main() -> None:
    """Measure, print, keep."""
    page = f"""# Benchmarks

Made by `make bench` on {dt.date.today()}: {machine()}. Each row is a process of its own, run one
after the other; the model `base`, loaded before the clock starts.

## Transcription

The measured show (`tests/data/bench`): 526 s, three voices, music, silence. No glossary.

{transcription.table()}

## Long shows

The same show again and again, through the command: `radio ingest`, `radio transcribe`, the search.
The engine is loaded within the time.

{long.table()}
"""
    PAGE.write_text(page, encoding="utf-8")
    print(page)  # noqa: T201 (a command's own words)


if __name__ == "__main__":
    main()
