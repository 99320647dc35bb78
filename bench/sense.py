"""Search by sense: what it finds of queries in other words, how calm it stays, what it costs.

Large archives hold vectors alike to real ones: mixtures of those of the sample shows, with noise.
"""

import http.client
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import numpy as np

from bench.memory import memory
from bench.search import served
from bench.shows import MADE, shows
from radio.archive import Archive
from radio.search import Index
from radio.search.sense.nearest import MOST, Shelf
from radio.search.sense.vectors import (
    SUFFIX,
    SWITCH,
    Floats,
    SensePassage,
    SentenceModel,
    cut,
    folder,
    make,
    missing,
    path_of,
    release,
    render_vectors,
)
from tests.search.senses import FAR, NEAR, Wanted, write_shows

HOURS = tuple(map(int, os.environ.get("HOURS", "100 1000 10000").split()))
PASSAGES = 150  # in an hour
MIXED = 4  # sentences of a passage
NOISE = 0.6  # beside a mixture of length 1
SEED = 20240116


def table() -> str:
    """Measure what is found, and what it costs."""
    os.environ[SWITCH] = "on"
    model = SentenceModel()
    with tempfile.TemporaryDirectory() as folder_name:
        archive = Archive(Path(folder_name))
        write_shows(archive)
        began = time.process_time()
        for episode in missing(archive):
            make(archive, episode.key, model)
        seconds = time.process_time() - began
        hour = seconds * 3600 / sum(show.reference["duration"] for show in shows(*MADE))
        Index(archive).refresh()
        parts = [found(archive, model), pages(archive, hour)]
    return "\n\n".join([*parts, sizes()])


# What is found


def found(archive: Archive, model: SentenceModel) -> str:
    """Tell the share of queries found among the first five, and of those that find nothing."""
    shelf, index = Shelf(folder(archive), release()), Index(archive)
    shelf.refresh()
    said = {each.key: _passages(archive, each.key) for each in archive.episodes()}

    def by_sense(query: str, *, gate: bool = True) -> list[str]:
        limit = shelf.limit
        shelf.limit = limit if gate else -1.0
        near = shelf.nearest(model.encode([query])[0])
        shelf.limit = limit
        return [said[each.key][each.place] for each in near]

    def by_words(query: str) -> list[str]:
        hits = (hit for each in index.search(query).episodes for hit in each.hits)
        return ["".join(text for text, _ in hit.snippet) for hit in hits][:MOST]

    ways: dict[str, Callable[[str], list[str]]] = {
        "words": by_words,
        "sense, far ones too": lambda query: by_sense(query, gate=False),
        "sense, as the page shows it": by_sense,
    }
    rows = [
        f"| {name} | {np.mean([_has(find(each.query), each) for each in NEAR]):.2f} "
        f"| {np.mean([_has(find(each.query)[:1], each) for each in NEAR]):.2f} "
        f"| {np.mean([not find(query) for query in FAR]):.2f} |"
        for name, find in ways.items()
    ]
    head = "| | found in the first five | first | calm, about something else |\n|---|---|---|---|"
    return "\n".join([head, *rows])


def _passages(archive: Archive, key: str) -> list[str]:
    transcript = archive.transcript(key)
    return [each.text for each in cut(transcript.cues)] if transcript else []


def _has(texts: Sequence[str], wanted: Wanted) -> bool:
    return any(part in text for part in wanted.sentences for text in texts)


# What it costs


def pages(archive: Archive, hour: float) -> str:
    """Ask the site itself for the same queries, with sense and without."""
    os.environ["RADIO_ROOT"] = str(archive.root)
    rows = []
    for switch in ("off", "on"):
        os.environ[SWITCH] = switch
        with served([sys.executable, "-m", "radio", "serve", "--port"]) as (port, process):
            _ask(port, "caméras")
            time.sleep(10 if switch == "on" else 0)  # the child reads its model
            times = [_ask(port, each.query) for each in NEAR]
            own = memory(process.pid, "RssAnon")[0] / 1000
            child = _child(process.pid) / 1000
        rows.append(f"| sense {switch} | {_spread(times)} | {own:.0f} MB | {child:.0f} MB |")
    head = "| a page of results, p50 / p95, ms | | the site’s own | its child |\n|---|---|---|---|"
    return "\n".join([head, *rows, "", f"Vectors of an hour of talk: {hour:.1f} s of processor."])


def _ask(port: int, query: str) -> float:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    began = time.perf_counter()
    connection.request("GET", f"/search?q={quote(query)}")
    connection.getresponse().read()
    return (time.perf_counter() - began) * 1000


def _child(parent: int) -> int:
    """Tell the memory of the process that knows the model, in kB; 0 where there is none."""
    pids = Path(f"/proc/{parent}/task").glob("*/children")
    for pid in " ".join(path.read_text(encoding="ascii") for path in pids).split():
        if b"radio.search.sense.nearest" in Path(f"/proc/{pid}/cmdline").read_bytes():
            return memory(pid, "RssAnon")[0]
    return 0


def sizes() -> str:
    """Measure archives of several sizes."""
    rows = [_alone(hours) for hours in HOURS]
    head = "| | vectors | opened in | a query, p50 / p95, ms | of processor |"
    return "\n".join([head, "|---|---|---|---|---|", *rows])


def _alone(hours: int) -> str:
    """Measure one size in a process of its own, with one thread, as the site's child has."""
    print(f"{hours} h…", file=sys.stderr, flush=True)  # noqa: T201
    command = [sys.executable, "-m", "bench.sense", str(hours)]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.strip()


def _size(hours: int) -> str:
    model = SentenceModel()
    queries = model.encode([each.query for each in NEAR])
    with _written(hours, model) as (place, size):
        shelf = Shelf(place, release())
        began = time.process_time()
        shelf.refresh()
        opened = time.process_time() - began
        times, processor = [], []
        shelf.limit = -1.0
        for each in queries:
            began, used = time.perf_counter(), time.process_time()
            shelf.nearest(each)
            times.append((time.perf_counter() - began) * 1000)
            processor.append((time.process_time() - used) * 1000)
        return (
            f"| {hours:,} h, {len(shelf):,} passages | {size / 1e6:,.0f} MB | {opened:.1f} s "
            f"| {_spread(times)} | {_spread(processor)} |"
        )


@contextmanager
def _written(hours: int, model: SentenceModel) -> Iterator[tuple[Path, int]]:
    """Write the vectors of an archive of so many hours: their folder, and their bytes."""
    chance = np.random.default_rng(SEED)
    said = [str(each["text"]) for show in shows(*MADE) for each in show.speech]
    sentences = np.concatenate([model.encode(said), model.topics])
    passages = [SensePassage(24.0 * number, "") for number in range(PASSAGES)]
    with tempfile.TemporaryDirectory() as folder_name:
        archive = Archive(Path(folder_name))
        for number in range(hours):
            path = path_of(archive, f"show/{number:05}")
            path.parent.mkdir(parents=True, exist_ok=True)
            vectors = _mixed(sentences, chance)
            content = render_vectors((0, 0), release(), passages, vectors, model.topics)
            path.write_bytes(content)
        files = folder(archive).rglob(f"*{SUFFIX}")
        yield folder(archive), sum(path.stat().st_size for path in files)


def _mixed(sentences: Floats, chance: np.random.Generator) -> Floats:
    shares = chance.dirichlet(np.ones(MIXED), PASSAGES)
    picked = sentences[chance.integers(0, len(sentences), (PASSAGES, MIXED))]
    mixed = np.einsum("ij,ijk->ik", shares, picked)
    mixed /= np.linalg.norm(mixed, axis=1, keepdims=True)
    mixed += chance.standard_normal(mixed.shape) * NOISE / np.sqrt(mixed.shape[1])
    return np.asarray(mixed / np.linalg.norm(mixed, axis=1, keepdims=True), np.float32)


def _spread(times: Sequence[float]) -> str:
    return f"{np.percentile(times, 50):.1f} / {np.percentile(times, 95):.1f}"


if __name__ == "__main__":
    print(_size(int(sys.argv[1])))  # noqa: T201
