"""Run tortures and print what should not have happened."""

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

from tests.torture.all import TORTURES

parser = argparse.ArgumentParser(prog="python -m tests.torture")
parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(TORTURES))
parser.add_argument("--count", type=int, default=0, help="instead of the usual one")
parser.add_argument("--seed", type=int, default=20261125)
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
sys.exit(failed)
