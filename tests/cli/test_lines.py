"""Nothing that others wrote steers the terminal of whoever keeps an archive."""

import ast
import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from radio import cli
from radio.archive import Archive
from radio.archive.follows import Follow, Follows, write_follows
from radio.cli.lines import STEERING, visible
from radio.ingest.looks import LOOKS, Look, Looks
from radio.work.status import Trouble, WorkStatus, write_status
from tests.processes import command, radio
from tests.samples import STREET, put

STEERS = "\x1b[2J\x1b]0;titre\x07\u202ecri\u2066\r\x9b31m\x7f"
KEY = f"emission/{STREET}"
ROOM = Path(cli.__file__).parent


@pytest.fixture
def foreign(archive: Archive) -> Archive:
    """A copy of an archive, whose words are all meant to steer a terminal."""
    episode = put(archive, STREET)
    archive.write_episode(replace(episode, title=f"La rue {STEERS}", tags=(f"rue {STEERS}",)))
    archive.write_show(replace(archive.show("emission"), title=f"Émission {STEERS}"))
    write_follows(archive.root, Follows((Follow(f"https://radio.example/{STEERS}", "emission"),)))
    look = Look(trouble=STEERS, failed={"a": STEERS})
    LOOKS.write(archive.root, Looks({f"https://radio.example/{STEERS}": look}))
    write_status(archive, WorkStatus(troubles=(Trouble("pages", "", STEERS, "", 1, 0.0),)))
    (archive.media / "emission" / f"2024-01-01-a{STEERS}.mp3".replace("/", "")).write_bytes(b"")
    (archive.root / "inbox" / "refused").mkdir(parents=True)
    for name in (f"a{STEERS}.mp3", f"a{STEERS}.mp3.txt"):
        (archive.root / "inbox" / "refused" / name).write_bytes(b"")
    return archive


ASKED = [("list",), ("themes",), ("status",), ("source", "list"), ("check",), ("check", "--json")]
ASKED += [("show", KEY), ("show", f"emission/{STEERS}"), ("export", "playlist", KEY)]


def test_a_foreign_title_steers_no_terminal_and_json_has_it_as_it_is(foreign: Archive) -> None:
    for asked in (*ASKED, ("list", "--json"), ("edit", KEY, f"title=Autre {STEERS}")):
        done = command(foreign, *asked, check=False)
        assert not STEERING.search(done.stdout + done.stderr), asked
        assert done.stdout + done.stderr
        if asked == ("list", "--json"):
            assert json.loads(done.stdout)[0]["title"] == f"La rue {STEERS}"
    assert json.loads(visible(json.dumps(STEERS, ensure_ascii=False))) == STEERS


def test_a_table_on_the_terminal_computes_nothing_and_steers_nothing(foreign: Archive) -> None:
    command(foreign, "edit", KEY, "playlist==1+1 – Titre")
    table = radio("export", "playlist", KEY, "--csv", "--root", str(foreign.root)).stdout
    assert "\x1b" not in table
    cells = [cell for row in csv.reader(io.StringIO(table), delimiter=";") for cell in row]
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)


def test_the_command_prints_in_one_place() -> None:
    found = set[str]()
    for path in sorted(ROOM.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in (
                *("print", "click.echo", "click.secho", "click.echo_via_pager"),
                *("sys.stdout.write", "sys.stderr.write"),
            ):
                found.add(f"{path.name}: {ast.unparse(node)}")
    assert found == {
        "lines.py: click.echo(visible(text), err=err)",
        "export.py: click.echo(''.join(render_plan(plan)), nl=False)",  # times alone
        "export.py: click.echo(render_tunes(listed), nl=False)",  # `tables` leaves them out
    }
