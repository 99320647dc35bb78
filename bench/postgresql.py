"""PostgreSQL with what `radio export documents` writes, beside the search of this machine.

A server of its own, on a socket in a temporary folder, loaded by deploy/search/postgresql.sql; each
query of `bench.search` is asked of both in turn. It needs Debian's `postgresql` and `psycopg`.
"""

import contextlib
import datetime as dt
import importlib.util
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from bench.search import french, indexed, queries, size_of, spread, write_archive
from radio.archive import Archive
from radio.search import Index, SearchOptions
from radio.search.french import FOLDED
from radio.search.query import (
    Clause,
    Compound,
    Either,
    Every,
    Listed,
    Phrase,
    Prefix,
    Term,
    parse,
)
from radio.system.disk import write_whole

LOADER = Path(__file__).parents[1] / "deploy/search/postgresql.sql"
PROGRAMS = Path("/usr/lib/postgresql")
EVERY = SearchOptions(as_typed=True, size=10_000)
HOURS = 1_000
NEVER = "-"  # no spelling
LOOKED_AT = 1_000  # passages, the best
SPELLINGS = "SELECT spelling FROM form WHERE form = ANY(%s) OR form LIKE ANY(%s)"
# A passage meets a query by its words, or with those of its episode.
FOUND = """SELECT key, start, text, ts_rank(words, %(query)s::tsquery) AS rank FROM passage
        WHERE words @@ %(query)s::tsquery AND NOT words @@ %(without)s::tsquery
        AND key IN (SELECT key FROM episode WHERE day BETWEEN %(first)s AND %(last)s)
    UNION ALL SELECT key, start, text, ts_rank(every, %(query)s::tsquery)
        FROM episode LEFT JOIN passage USING (key),
        LATERAL (SELECT coalesce(passage.words, '') AS own) AS said,
        LATERAL (SELECT own || episode.words AS every) AS told
        WHERE episode.words @@ %(some)s::tsquery AND day BETWEEN %(first)s AND %(last)s
        AND every @@ %(query)s::tsquery AND NOT own @@ %(query)s::tsquery
        AND NOT own @@ %(without)s::tsquery"""
BEST = f"SELECT * FROM ({FOUND}) AS found ORDER BY rank DESC LIMIT {LOOKED_AT}"  # noqa: S608
KEYS = f"SELECT DISTINCT key FROM ({FOUND}) AS found"  # noqa: S608


def is_here() -> bool:
    """Whether PostgreSQL can be asked."""
    return bool(importlib.util.find_spec("psycopg")) and any(PROGRAMS.glob("*/bin"))


@contextlib.contextmanager
def server(folder: Path) -> Iterator[Any]:
    """Run PostgreSQL on a socket in a folder; give a connection."""
    import psycopg

    programs = max(PROGRAMS.glob("*/bin"))
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
        with psycopg.connect(autocommit=True, prepare_threshold=None) as base:
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
    query = parse(asked, as_typed=True)
    parts = [_written(base, each) for each in query.clauses]
    return {
        "query": " & ".join(parts),
        "some": " | ".join(parts),
        "without": " | ".join(_written(base, each) for each in query.exclusions),
        "first": query.filters.first or dt.date.min,
        "last": query.filters.last or dt.date.max,
    }


def _written(base: Any, clause: Clause) -> str:
    match clause:
        case Term():
            return _either(base, clause.keys)
        case Prefix(start):
            return _either(base, (), f"{FOLDED}{start}%")
        case Phrase():
            return "(" + " <-> ".join(_either(base, keys) for keys in clause.keys_of_words) + ")"
        case Compound(whole, parts):
            return _written(base, Either((whole, Every(parts))))
        case Every(clauses):
            return "(" + " & ".join(_written(base, each) for each in clauses) + ")"
        case Either(clauses):
            return "(" + " | ".join(_written(base, each) for each in clauses) + ")"
        case Listed():
            raise ValueError(clause)  # of a show whose title is typed, which `as_typed` is not


def _either(base: Any, forms: Iterable[str], beginning: str = "") -> str:
    """Name all spellings that have one of some forms, or a form that begins so."""
    rows = base.execute(SPELLINGS, (list(forms), [beginning] if beginning else [])).fetchall()
    spelt = {row[0].replace("'", "''") for row in rows}
    return "(" + " | ".join(f"'{each}'" for each in sorted(spelt) or [NEVER]) + ")"


def table() -> str:
    """Make an archive; load, ask, correct and withdraw."""
    with tempfile.TemporaryDirectory() as place:
        hours = int(os.environ.get("HOURS", HOURS))
        return beside(write_archive(Path(place) / "archive", hours, french()), Path(place))


def beside(archive: Archive, place: Path) -> str:
    """Do that with an archive that is there, in a folder for PostgreSQL."""
    index = Index(archive)
    index.refresh()
    with server(place) as base:
        seconds, busy, _peak = load(archive.root, place)
        (size,) = base.execute("SELECT pg_database_size(current_database())").fetchone()
        base.execute("VACUUM ANALYZE")
        own = size_of(archive.index)
        changed = list(_changed(archive, place, base))
        index.refresh()
        rows = [
            "| | PostgreSQL | radio |",
            "|---|---|---|",
            f"| loaded in | {seconds:.0f} s, {busy:.0f} s of them processor of ours | |",
            f"| size | {size / 1e6:.0f} MB | {own / 1e6:.0f} MB |",
            *changed,
            *_asked(base, index),
        ]
    return "\n".join(rows)


def _asked(base: Any, index: Index) -> Iterator[str]:
    times: dict[str, list[float]] = {"PostgreSQL": [], "radio": []}
    both = missed = beyond = 0
    for query in (query for some in queries(french()).values() for query in some):
        times["radio"].append(_timed(partial(index.search, query)))
        times["PostgreSQL"].append(_timed(partial(_best, base, query)))
        ours = set(index.keys(query, EVERY))
        theirs = {row[0] for row in base.execute(KEYS, translated(base, query))}
        both, missed = both + len(ours & theirs), missed + len(ours - theirs)
        beyond += len(theirs - ours)
    yield f"| episodes found, by both {both:,} | {beyond:,} more | {missed:,} more |"
    yield f"| p50 / p95, ms | {' | '.join(map(spread, times.values()))} |"
    yield f"| mean, ms | {' | '.join(f'{statistics.fmean(each):.1f}' for each in times.values())} |"


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
    if found != [first.key] or left:
        raise RuntimeError("what was corrected is not found, or what was withdrawn is")
    yield f"| a correction and a withdrawal follow in | {seconds:.1f} s | |"
