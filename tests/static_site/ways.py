"""One query, both ways: as the server answers, and as a browser does with files alone."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from radio.archive import Archive, holdings
from radio.search import EpisodeHits, Index, SearchOptions
from radio.search.french import words
from radio.static_site.export import static_files
from radio.static_site.lexicon import lexicon, texts

FIRST = 5  # episodes of which the order is compared
MARKED = 3  # passages of each of these in which the marks are
PAGE = b'<!doctype html><meta charset=utf-8><script src="static/search.js"></script>'
ASK = """async ([queries, first, marked]) => {
    const answers = [];
    for (const query of queries) {
        const options = { shows: new Map() };
        const answer = await lexicon.find(query, options);
        const lead = await lexicon.lead(answer, query, options);
        const { found, names, ...told } = { ...answer, ...lead };
        const marks = [];
        for (const episode of found.slice(0, first)) {
            const passages = (await lexicon.moments(episode, names)).slice(0, marked);
            const met = ({ whole, marks }) => marks.map(([at, end]) => whole.slice(at, end));
            marks.push(passages.flatMap(met));
        }
        answers.push({ ...told, marks, keys: found.map(({ key }) => key) });
    }
    return answers;
}"""

Answer = Mapping[str, Any]
Unlike = dict[str, tuple[object, object]]
"""By what is unlike: what the browser says, and what the server says."""


class BothWays:
    """An archive that is searched both ways; the browser is on one page of files."""

    def __init__(self, page: Page, archive: Archive, index: Index, folder: Path):
        self._page, self._index = page, index
        for path, content in _files(archive):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
        page.goto((folder / "index.html").as_uri())

    def unlike(self, queries: Sequence[str]) -> dict[str, Unlike]:
        """Give what is unlike in the answers to some queries, by query."""
        answers = self._page.evaluate(ASK, [list(queries), FIRST, MARKED])
        pairs = zip(queries, answers, strict=True)
        return {query: found for query, each in pairs if (found := self._compare(query, each))}

    def _compare(self, query: str, answer: Answer) -> Unlike:
        results = self._index.search(query, SearchOptions(size=200))
        told, keys = results.interpretation, [each.key for each in results.episodes]
        pairs: Unlike = {
            "found": (set(answer["keys"]), set(keys)),
            "order": (answer["keys"][:FIRST], keys[:FIRST]),
            "without": (answer["without"], list(told.without)),
            "asked": (answer["asked"], told.asked),
            "french": (answer["french"], told.french),
            "beyond": (answer["beyond"], results.beyond),
            "also": (answer["also"], [each.text for each in told.also]),
        }
        if pairs["order"][0] == pairs["order"][1]:
            marked = list(map(_marked, results.episodes[:FIRST]))
            pairs["marks"] = list(map(_words, answer["marks"])), marked
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _files(archive: Archive) -> Iterator[tuple[str, bytes]]:
    yield "index.html", PAGE
    yield from static_files()
    yield from lexicon(archive, archive.episodes())
    for episode in archive.episodes():
        if transcript := holdings.transcript(archive, episode.key):
            yield from texts(episode.key, transcript.cues)


def _marked(episode: EpisodeHits) -> set[str]:
    """Give the words that are marked in the first passages of an episode."""
    parts = (part for hit in episode.hits[:MARKED] for part in hit.snippet)
    return _words(text for text, is_match in parts if is_match)


def _words(marks: Any) -> set[str]:
    return {word.spelling for text in marks for word in words(text) if not word.is_compound}
