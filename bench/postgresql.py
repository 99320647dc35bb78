"""PostgreSQL with what `radio export documents` writes, beside the search of this machine.

python -m bench.postgresql ARCHIVE

A server of its own, on a socket in a temporary folder, loaded by deploy/search/postgresql.sql; each
query of `bench.search` is asked of both in turn. It needs Debian's `postgresql` and `psycopg`.
"""

import contextlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from bench.search import french, indexed, queries, spread
from radio.archive import Archive
from radio.search import Index, SearchOptions
from radio.search.french import words
from radio.search.syntax import Item, aired, items
from radio.system.disk import write_whole

LOADER = Path(__file__).parents[1] / "deploy/search/postgresql.sql"
EVERY = SearchOptions(as_typed=True, size=10_000)
LOOKED_AT = 1_000  # passages, the best
SPELLINGS = "SELECT spelling FROM form WHERE form = ANY(%s) OR form LIKE ANY(%s)"
BEST = """SELECT key, start, text FROM passage WHERE words @@ %(query)s::tsquery
    AND key IN (SELECT key FROM episode WHERE day > %(after)s)
    ORDER BY ts_rank(words, %(query)s::tsquery) DESC LIMIT %(most)s"""
KEYS = """SELECT DISTINCT key FROM passage WHERE words @@ %(query)s::tsquery
    AND key IN (SELECT key FROM episode WHERE day > %(after)s)"""


@contextlib.contextmanager
def server(folder: Path) -> Iterator[Any]:
    """Run PostgreSQL on a socket in a folder; give a connection."""
    import psycopg

    programs = max(Path("/usr/lib/postgresql").glob("*/bin"))
    data = folder / "data"
    data.mkdir(mode=0o700)
    shutil.chown(data, "postgres")
    folder.chmod(0o755)

    def run(program: str, *more: str) -> None:
        command = ["runuser", "-u", "postgres", "--", str(programs / program), "-D", str(data)]
        subprocess.run([*command, *more], check=True, stdout=subprocess.DEVNULL)

    run("initdb", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
    options = f"-k {data} -c listen_addresses= -c shared_buffers=512MB -c work_mem=64MB"
    run("pg_ctl", "-w", "-l", str(data / "log"), "-o", options, "start")
    os.environ |= {"PGHOST": str(data), "PGUSER": "postgres", "PGDATABASE": "postgres"}
    try:
        with psycopg.connect(autocommit=True) as base:
            yield base
    finally:
        run("pg_ctl", "-w", "-m", "fast", "stop")


def load(root: Path, folder: Path, base: Any = None) -> tuple[float, float, int]:
    """Bring the engine up to date, as docs/en/scale.md says: seconds, those of processor, kB."""
    known = folder / "known"
    rows = base.execute("SELECT key || ' ' || stamp FROM episode").fetchall() if base else []
    write_whole(known, "".join(f"{row}\n" for (row,) in rows).encode())
    command = f"{sys.executable} -m radio --root {root} export documents --known {known}"
    into = f"psql -q -v ON_ERROR_STOP=1 -f {LOADER}"
    return indexed(["/bin/sh", "-c", f"{command} | {into}"])


def translated(base: Any, asked: str) -> dict[str, Any]:
    """Write a query of ours as PostgreSQL takes it: each word as all spellings that it may have."""
    found = list(filter(None, (_either(base, group) for group in items(asked))))
    first, _last = aired(each for group in items(asked) for each in group)
    after = str(first) if first else "0001-01-01"
    return {"query": " & ".join(found), "after": after, "most": LOOKED_AT}


def _either(base: Any, group: list[Item]) -> str:
    found = (_item(base, each) for each in group if each.field is None)
    return " | ".join(f"({each})" for each in found if each)


def _item(base: Any, item: Item) -> str:
    own = [each for each in words(item.text) if not each.is_compound]
    own = [each for each in own if item.is_quoted or not each.is_light] or own
    atoms = [_spelt(base, each.forms, item) for each in own]
    joined = (" <-> " if item.is_quoted else " & ").join(atoms)
    return f"!({joined})" if item.is_negated else joined


def _spelt(base: Any, forms: tuple[str, ...], item: Item) -> str:
    """Name all spellings of a word. Phrases have the folded form alone, as here."""
    beginning = [f"{forms[1]}%"] if item.is_prefix else []
    asked = forms[:2] if item.is_quoted else forms
    rows = base.execute(SPELLINGS, (list(asked), beginning)).fetchall()
    spelt = {forms[0][1:], *(row[0] for row in rows)}
    return "(" + " | ".join("'" + each.replace("'", "''") + "'" for each in sorted(spelt)) + ")"


def table(archive: Archive) -> str:
    """Load, ask, correct and withdraw."""
    index = Index(archive)
    index.refresh()
    with tempfile.TemporaryDirectory() as place, server(Path(place)) as base:
        folder = Path(place)
        seconds, busy, _peak = load(archive.root, folder)
        (size,) = base.execute("SELECT pg_database_size(current_database())").fetchone()
        base.execute("VACUUM ANALYZE")
        asked = [query for some in queries(french()).values() for query in some]
        rows = [
            f"loaded in {seconds:.0f} s ({busy:.0f} s of processor of ours), {size / 1e6:.0f} MB",
            *_beside(base, index, asked),
            *_changed(archive, folder, base),
        ]
    return "\n".join(rows)


def _beside(base: Any, index: Index, asked: list[str]) -> Iterator[str]:
    times: dict[str, list[float]] = {"radio": [], "PostgreSQL": []}
    both = missed = beyond = 0
    for query in asked:
        times["radio"].append(_timed(partial(index.search, query)))
        times["PostgreSQL"].append(_timed(partial(_best, base, query)))
        ours = set(index.keys(query, EVERY))
        theirs = {row[0] for row in base.execute(KEYS, translated(base, query))}
        both, missed = both + len(ours & theirs), missed + len(ours - theirs)
        beyond += len(theirs - ours)
    yield f"episodes found by both {both}, by radio alone {missed}, by PostgreSQL alone {beyond}"
    yield from (f"{name}: p50 / p95 {spread(each)} ms" for name, each in times.items())
    yield f"means {', '.join(f'{name} {statistics.fmean(t):.1f}' for name, t in times.items())} ms"


def _best(base: Any, query: str) -> list[Any]:
    return list(base.execute(BEST, translated(base, query)).fetchall())


def _timed(ask: Callable[[], object]) -> float:
    began = time.perf_counter()
    ask()
    return (time.perf_counter() - began) * 1000


def _changed(archive: Archive, folder: Path, base: Any) -> Iterator[str]:
    """Correct a text and withdraw another episode; tell when the engine follows."""
    first, second, *_ = archive.episodes()
    path = archive.vtt_path(first.key)
    text = path.read_text(encoding="utf-8")
    write_whole(path, text.replace(".\n", " extraordinairementinouï.\n", 1).encode())
    archive.write_episode(replace(second, status="withdrawn", reason="demandé"))
    seconds, _busy, _peak = load(archive.root, folder, base)
    query = translated(base, "extraordinairementinouï")
    found = [row[0] for row in base.execute(KEYS, query)]
    left = base.execute("SELECT number FROM passage WHERE key = %s", (second.key,)).fetchall()
    yield f"in {seconds:.1f} s a correction is found: {found == [first.key]}; gone: {not left}"


if __name__ == "__main__":
    print(table(Archive(Path(sys.argv[1]))))  # noqa: T201
