"""Queries over made episodes on many subjects: how much of what comes first answers them."""

import datetime as dt
import random
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bench.shows import DATA, MADE, shows
from radio.archive import Archive
from radio.archive.episode import Show
from radio.search import Index, SearchOptions
from radio.text.transcript import Cue
from tests.search.episodes import SHOW, put, quoted
from tests.search.lists import lines, rows

LIST, TALK, ASKED = "subjects", "fil", "asked"
EPISODES, FIRST = 300, 5
FROM, DAYS = dt.date(2014, 1, 1), 4_000
PACE, LASTS = 40.0, 8.0  # seconds from a sentence to the next one, and of one
QUOTED = 20  # characters of a sentence that tell it
OPTIONS = SearchOptions(size=20, most=3)


class Judged(NamedTuple):
    """How a query is answered."""

    of_shown: float  # right ones among the first five that are shown
    of_all: float  # among the five that there might be
    rank: float  # the reciprocal rank of the first right one


def judge(root: Path) -> Iterator[Judged]:
    """Write the archive, and ask each query."""
    archive = Archive(root)
    said = write(archive)
    index = Index(archive)
    index.refresh()
    for query, wanted in rows(LIST, ASKED):
        subject, _, numbers = wanted.partition(":")
        sentences = lines(LIST, subject)
        own = {sentences[int(n) - 1] for n in numbers.split(",")} if numbers else {*sentences}
        most = min(FIRST, sum(not own.isdisjoint(each) for each in said.values()))
        right = list[bool]()
        for each in index.search(query, OPTIONS).episodes:
            text = " ".join(map(quoted, each.hits))
            wanted_here = own.intersection(said.get(each.key, ()))
            right.append(any(_is_quoted(sentence, text) for sentence in wanted_here))
        first, count = right[:FIRST], sum(right[:FIRST])
        rank = 1 / (right.index(True) + 1) if True in right else 0.0
        yield Judged(count / max(1, len(first)), count / most, rank)


def write(archive: Archive) -> dict[str, list[str]]:
    """Write made episodes, three sentences of one subject and two of another amid talk, and the
    sample shows; give what is said in those made, by key."""
    archive.create()
    archive.write_show(Show(SHOW, "Entre les murs"))
    draw, said = random.Random(29), dict[str, list[str]]()  # noqa: S311 (no secret)
    for number in range(EPISODES):
        texts = _draw(number, draw)
        cues = [Cue(PACE * n, PACE * n + LASTS, each) for n, each in enumerate(texts)]
        slug = f"{FROM + dt.timedelta(days=draw.randrange(DAYS))}-{number:03}"
        said[put(archive, slug, *cues, title=f"Émission n° {number:03}")] = texts
    for number, show in enumerate(shows(*MADE)):
        cues = [Cue(each["start"], each["end"], each["text"]) for each in show.speech]
        put(archive, f"2025-03-{number + 1:02}-{number}", *cues, title=show.sound.stem)
    return said


def _draw(number: int, draw: random.Random) -> list[str]:
    text = (DATA / f"search/{LIST}.txt").read_text(encoding="utf-8")
    names = [line[2:] for line in text.splitlines() if line.startswith("# ")]
    subjects = [name for name in names if name not in (TALK, ASKED)]
    first = subjects[number % len(subjects)]
    second = draw.choice([name for name in subjects if name != first])
    texts = draw.sample(lines(LIST, TALK), 5)
    texts[2:2] = draw.sample(lines(LIST, first), 3)
    texts[7:7] = draw.sample(lines(LIST, second), 2)
    return texts


def _is_quoted(sentence: str, text: str) -> bool:
    starts = range(0, max(1, len(sentence) - QUOTED), QUOTED // 4)
    return any(sentence[start : start + QUOTED] in text for start in starts)
