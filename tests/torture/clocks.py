"""Clocks that jump, and files from before and after all others."""

import os
import random
from pathlib import Path

from radio.archive.check import check
from radio.bags.export import export_bag
from radio.search import Index
from tests.torture.readers import SLUGS, fresh, site

YEARS = [-2_000_000_000, 0, 1, 315_532_799, 2**31 - 1, 2**31, 2**32, 4_102_444_800, 16_000_000_000]
"""Seconds since 1970: 1906, 1970, the day before ZIPs begin, 2038, 2106, 2100, 2477."""


def clocks(count: int, chance: random.Random, folder: Path) -> list[str]:
    """A file is as good in any year, and a change shows even where time goes backwards."""
    archive, faults = fresh(folder, *SLUGS), []
    client = site(archive)
    for number in range(count):
        slug = chance.choice(SLUGS)
        text = archive.vtt_path(f"emission/{slug}")
        word = f"mot{number}x"
        text.write_text(f"WEBVTT\n\n1\n00:00:00.000 --> 00:00:02.000\n{word}\n", encoding="utf-8")
        for path in archive.root.glob(f"*/emission/{slug}.*"):
            when = chance.choice(YEARS)
            os.utime(path, (when, when))
        index = Index(archive)
        if index.refresh().indexed != 1 or index.search(word).total != 1:
            faults.append(f"{number}: the change of {slug} was not seen")
        addresses = (
            f"/shows/emission/{slug}",
            f"/media/emission/{slug}.mp3",
            "/feed.xml",
            "/sitemap.xml",
        )
        for address in (*addresses, "/download/archive.zip"):
            with client.get(address) as answer:
                answer.get_data()
                if answer.status_code != 200:
                    faults.append(f"{number}: {address} {answer.status_code}")
        export_bag(archive, folder / "bag")
        faults += [f"{number}: {each}" for each in check(archive)]
    return faults
