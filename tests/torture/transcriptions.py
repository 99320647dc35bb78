"""Transcriptions that are killed, or find the disk full, again and again."""

import os
import random
import sys
import time
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path

from radio.system.errors import RadioError
from tests.fakes import transcribe_slowly
from tests.processes import KILLED, Mortal
from tests.samples import said, street
from tests.torture.disks import small_disk

SAID_WHY = 3  # the exit code of one that ended with an error of ours


def _attempt(root: Path, counter: "Synchronized[int]") -> None:
    try:
        transcribe_slowly(root, counter)
    except RadioError:
        sys.exit(SAID_WHY)


def transcriptions(count: int, chance: random.Random, folder: Path) -> list[str]:
    """However often it was killed or had no space, the text is the same in the end."""
    faults = list[str]()

    with small_disk(folder / "disk", 64 << 20) as is_mounted:
        archive = street(folder / "disk")
        work = Mortal(_attempt, archive.root)
        (episode,) = archive.episodes()
        text, evidence = archive.vtt_path(episode.key), archive.evidence_path(episode.key)
        began = time.monotonic()
        work.live()
        whole, longest = said(archive), time.monotonic() - began
        filler = archive.root / "filler"
        for number in range(count):
            text.unlink()
            evidence.unlink()
            is_full = chance.random() < 0.5 and is_mounted  # else we may not fill it
            if is_full:
                free = os.statvfs(archive.root).f_bavail * os.statvfs(archive.root).f_frsize
                filler.write_bytes(bytes(max(0, free - 4096 * chance.randrange(0, 12))))
            code = work.live(None if is_full else chance.uniform(0, longest))
            if code not in ((0, SAID_WHY) if is_full else (0, KILLED)):
                faults.append(f"{number}: exit {code}, disk full: {is_full}")
            archive.transcript(episode.key)  # never half written
            filler.unlink(missing_ok=True)
            if not archive.is_transcribed(episode.key) and work.live() != 0:
                faults.append(f"{number}: it does not go on, disk full: {is_full}")
            elif said(archive) != whole:
                faults.append(f"{number}: another text after it, disk full: {is_full}")
    return faults
