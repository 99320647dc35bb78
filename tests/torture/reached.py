"""Readers of foreign bytes, each led by the code that a change of the bytes reaches: it ends with
what it read or with an error of ours, in little time and memory. And the API, asked by schemathesis
as its description says. What both need comes with `make torture` alone."""

import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from radio.archive.episode import Show
from tests.processes import running
from tests.samples import CITY, ROOT, STREET, put
from tests.torture.readers import fresh

SLOWEST, MOST = 10, 2048  # seconds for one text, MB of a reader
NAMES = (
    *("captions", "evidence", "segments", "chapters", "table", "plan", "mirror", "feed", "feeds"),
    *("page", "posts", "blog", "item", "markup", "rich text", "prose", "question"),
)


def reached(count: int, chance: random.Random, folder: Path) -> Iterator[str]:
    """No text makes a reader fail in another way than by an error of ours."""
    for name in NAMES:
        options = (f"-runs={count}", f"-seed={chance.randrange(1, 1 << 30)}", "-close_fd_mask=1")
        limits = (f"-timeout={SLOWEST}", f"-rss_limit_mb={MOST}", f"-artifact_prefix={folder}/")
        command = [sys.executable, "-m", "tests.torture.instrumented", name, str(folder / name)]
        command += [*options, *limits]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode or "DONE" not in done.stderr:
            yield f"{name}: {done.stderr[-800:]}"


def contract(count: int, chance: random.Random, folder: Path) -> Iterator[str]:
    """The API answers whatever is asked as its description says."""
    archive = fresh(folder, STREET, CITY)
    archive.write_show(Show("autre", "Autre"))
    put(archive, CITY, "autre", status="withdrawn", reason="demandé")
    program = Path(sys.executable).with_name("schemathesis")
    if not program.exists():
        yield "schemathesis is not installed: `make torture` does"
        return
    with running("serve", "--root", str(archive.root)) as address:
        words = ["run", f"{address}/api/v1/openapi.json", "--checks", "all", "--no-color"]
        more = ["--max-examples", str(count), "--seed", str(chance.randrange(1 << 30))]
        command = [str(program), *words, *more]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode or " generated" not in done.stdout:
        yield done.stdout[-3000:] + done.stderr[-300:]
