"""The usual way, to compare with: SQLite's FTS5 over cues, answering as JSON through waitress.

python -m bench.fts5 build ARCHIVE DATABASE
python -m bench.fts5 serve DATABASE PORT
"""

import json
import re
import sqlite3
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.parse import parse_qs

import waitress

from radio.archive import Archive

LOOKED_AT = 1_000  # cues, the best
EPISODES = 20
FIND = """
    SELECT key, start, snippet(cues, 0, '<mark>', '</mark>', '…', 24) FROM cues
    WHERE cues MATCH ? AND day > ? ORDER BY rank LIMIT ?
"""


def build(root: str, database: str) -> None:
    """Index every cue, accents aside."""
    archive = Archive(Path(root))
    with sqlite3.connect(database) as base:
        base.execute(
            "CREATE VIRTUAL TABLE cues USING fts5 (text, key UNINDEXED, day UNINDEXED, "
            "start UNINDEXED, tokenize = \"unicode61 remove_diacritics 2\", prefix = '3 5')"
        )
        for episode in archive.episodes():
            said = archive.transcript(episode.key)
            cues = said.cues if said else ()
            rows = ((c.text, episode.key, str(episode.date), c.start) for c in cues)
            base.executemany("INSERT INTO cues VALUES (?, ?, ?, ?)", rows)


def serve(database: str, port: str) -> None:
    """Answer `/search?q=` on this machine."""
    waitress.serve(answers(database), host="127.0.0.1", port=int(port), threads=4)


def answers(database: str) -> Callable[..., Iterable[bytes]]:
    """Make the site."""
    base = sqlite3.connect(f"file:{database}?mode=ro", uri=True, check_same_thread=False)

    def answer(environ: dict[str, str], start: Callable[..., object]) -> Iterable[bytes]:
        asked = parse_qs(environ.get("QUERY_STRING", "")).get("q", [""])[0]
        found: dict[str, list[tuple[float, str]]] = {}
        query, after = _translated(asked)
        for key, second, snippet in base.execute(FIND, (query, after, LOOKED_AT)):
            found.setdefault(key, []).append((second, snippet))
        body = json.dumps(dict(list(found.items())[:EPISODES])).encode()
        start("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    return answer


def _translated(asked: str) -> tuple[str, str]:
    """Say in FTS5's words what is asked in ours."""
    found = re.search(r"après:(\d+)", asked)
    words = re.sub(r"après:\d+", "", asked).replace(" OU ", " OR ").replace(" -", " NOT ")
    return words.strip(), f"{found[1]}-12-31" if found else ""


if __name__ == "__main__":
    {"build": build, "serve": serve}[sys.argv[1]](*sys.argv[2:])
