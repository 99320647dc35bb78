"""Run tortures, print what should not have happened, and keep what came of it."""

import argparse
import datetime as dt
import random
import sys
import tempfile
import time
from pathlib import Path

from bench.__main__ import machine
from radio.system.disk import write_whole
from tests.torture.all import TORTURES

REPORT = Path(__file__).parents[2] / "docs" / "reliability.md"
RULE = "|---" * 8 + "|"  # between the head and the rows


def keep(name: str, *told: object) -> None:
    """Put a line into the first table of the report, instead of the one of the same name."""
    lines = REPORT.read_text(encoding="utf-8").splitlines()
    row = f"| {name} | {' | '.join(map(str, told))} |"
    at = lines.index(RULE) + 1
    while lines[at].startswith("| ") and not lines[at].startswith(f"| {name} |"):
        at += 1
    lines[at : at + lines[at].startswith("| ")] = [row]
    write_whole(REPORT, "".join(f"{line}\n" for line in lines).encode())


parser = argparse.ArgumentParser(prog="python -m tests.torture")
parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(TORTURES))
parser.add_argument("--count", type=int, default=0, help="instead of the usual one")
parser.add_argument("--seed", type=int, default=20261125)
parser.add_argument("--keep", action="store_true", help=f"in {REPORT.name}")
given = parser.parse_args()
failed = False
for name in given.names or TORTURES:
    torture, usual, _few = TORTURES[name]
    count, began = given.count or usual, time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        faults = list(torture(count, random.Random(given.seed), Path(folder)))
    seconds = time.monotonic() - began
    told = f"{name}: {count} times, seed {given.seed}, {seconds:.0f} s: {len(faults)} faults"
    sys.stdout.writelines(f"{line}\n" for line in (told, *(f"  {each}" for each in faults[:20])))
    failed |= bool(faults)
    if given.keep:
        holds = (torture.__doc__ or "").split("\n")[0].rstrip(".")
        today = f"{dt.datetime.now(dt.UTC):%Y-%m-%d}"
        keep(name, holds, count, given.seed, f"{seconds:.0f} s", len(faults), today, machine())
sys.exit(failed)
