"""The order of passages: how soon one reads the one that one would want first."""

import tempfile
from pathlib import Path
from statistics import fmean

from bench import subjects
from radio.archive import Archive
from radio.search import Index
from tests.search.talk import WANTED, rank, write_talk

FIRST = (1, 3, 10)


def table() -> str:
    """Ask the queries, and tell where the wanted passages stand."""
    with tempfile.TemporaryDirectory() as folder:
        archive = Archive(Path(folder))
        write_talk(archive)
        index = Index(archive)
        index.refresh()
        ranks = [rank(index, each) for each in WANTED]
        judged = list(subjects.judge(Path(folder) / "subjects"))
    among = [sum(0 < each <= first for each in ranks) for first in FIRST]
    means = map(fmean, zip(*judged, strict=True))
    mean = sum(1 / each for each in ranks if each) / len(ranks)
    return "\n".join(
        [
            "| queries | first | among three | among ten | mean reciprocal rank |",
            "|---|---|---|---|---|",
            f"| {len(ranks)} | {' | '.join(map(str, among))} | {mean:.2f} |",
            "",
            "| queries | right among the five first, shown | of five | mean reciprocal rank |",
            "|---|---|---|---|",
            f"| {len(judged)} | {' | '.join(map('{:.3f}'.format, means))} |",
        ]
    )
