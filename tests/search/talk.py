"""Plausible talk of French radios, and the passage that one would want first for each query.

The sample shows as they were spoken, and twenty episodes of four other shows (tests/data/talk),
with their jingles, credits, agendas and near misses, are cut into cues as transcripts are.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from bench.shows import DATA, MADE, shows
from radio.archive import Archive
from radio.archive.episode import Person, Show
from radio.search import Index
from radio.text.transcript import Cue, Word
from radio.transcribe.cues import cut_cues
from tests.search.episodes import put, quoted
from tests.search.lists import rows

PACE = 0.38  # seconds for a word
DEEPEST = 30  # passages that one reads at most
BENCH = "2024-01-01-emission-de-mesure"
SAMPLES = {
    BENCH: "Émission de mesure",
    "2024-01-16-les-micros-de-la-rue": "Les micros de la rue",
    "2024-02-20-la-ville-intelligente": "La ville intelligente",
    "2024-03-19-garder-la-memoire": "Garder la mémoire",
    "2025-10-07-le-marche-couvert": "Le marché couvert",
    "2025-11-04-la-paume-a-la-cantine": "La paume à la cantine",
    "2025-12-02-chronique-des-rails": "Chronique des rails",
}


class Wanted(NamedTuple):
    """What one would want first: words that its quotation holds, in an episode."""

    query: str
    slug: str
    words: str


WANTED = tuple(Wanted(*row) for row in rows("talk", "asked"))


def rank(index: Index, wanted: Wanted) -> int:
    """Count the passages of a page down to the wanted one, read from top to bottom; 0 if none."""
    found = index.search(wanted.query).episodes
    passages = [(episode.key, quoted(hit)) for episode in found for hit in episode.hits]
    for place, (key, text) in enumerate(passages[:DEEPEST], 1):
        if key.endswith(wanted.slug) and wanted.words in text.replace("'", "’"):
            return place
    return 0


def write_talk(archive: Archive) -> None:
    archive.create()
    for path in sorted((DATA / "talk").glob("*.txt")):
        title, *parts = path.read_text(encoding="utf-8").strip().split("\n\n# ")
        archive.write_show(Show(path.stem, title))
        for part in parts:
            head, *sentences = part.splitlines()
            slug, name, people, tags = (each.strip() for each in head.split("|"))
            persons, own_tags = tuple(map(Person, people.split(", "))), tuple(tags.split(", "))
            cues = list(paced(" ".join(sentences)))
            more = {"show": path.stem, "title": name, "people": persons, "tags": own_tags}
            put(archive, slug, *cues, seconds=cues[-1].end, **more)
    for each in shows(*MADE):
        archive.write_show(Show(each.group, each.group.title()))
        slug = each.sound.stem if each.group != "bench" else BENCH
        cues = [cue for region in each.speech for cue in _spoken(region)]
        more = {"show": each.group, "title": SAMPLES[slug]}
        put(archive, slug, *cues, seconds=cues[-1].end, **more)


def talks() -> Iterator[str]:
    for path in sorted((DATA / "talk").glob("*.txt")):
        for part in path.read_text(encoding="utf-8").split("\n\n# ")[1:]:
            yield " ".join(part.splitlines()[1:])


def paced(text: str, start: float = 0.0, pace: float = PACE) -> Iterator[Cue]:
    parts = enumerate(text.split())
    return cut_cues(Word(start + n * pace, start + (n + 1) * pace, part, 1.0) for n, part in parts)


def _spoken(region: Mapping[str, Any]) -> Iterator[Cue]:
    start, text = float(region["start"]), str(region["text"])
    return paced(text, start, (float(region["end"]) - start) / len(text.split()))
