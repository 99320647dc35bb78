"""What an act notes is fields; its line is made when shown, and lines of earlier releases read."""

import json
from collections.abc import Sequence
from pathlib import Path

from radio.archive import history, journal
from radio.archive.facts import Facts, line_of, read_line
from radio.archive.history import Act, Rewriting
from radio.system import records
from radio.system.messages import speaking
from tests.tables import for_each

ONE, OTHER = "emission/a", "emission/b"
PATH = f"media/{ONE}.json"


@for_each(
    ("what", "told", "keys", "facts"),
    [
        ("rename", f"{ONE} -> {OTHER}", (ONE,), {"to": OTHER}),
        ("move", f"{ONE} -> nuit/a", (ONE,), {"to": "nuit/a"}),
        ("merge", f"{ONE} -> {OTHER}", (ONE,), {"to": OTHER}),
        ("delete", ONE, (ONE,), {}),
        ("replace", ONE, (ONE,), {}),
        ("edit", f"{ONE}: title, tags", (ONE,), {"line": "title, tags"}),
        ("publish", f"{ONE}, {OTHER}", (ONE, OTHER), {}),
        ("withdraw", f"{ONE}, {OTHER}, c/d, … (4)", (), {"line": f"{ONE}, {OTHER}, c/d, … (4)"}),
        ("mend", f"{ONE} 0:40 (Zoé)…", (), {"line": f"{ONE} 0:40 (Zoé)…"}),
        ("mend", "", (), {}),
    ],
)
def test_an_act_of_old_is_read(what: str, told: str, keys: Sequence[str], facts: Facts) -> None:
    text = json.dumps({"what": what, "told": told}).encode()
    read = records.read(Act, text, "", amend=read_line)
    assert (read.keys, read.facts, read.line) == (keys, facts, told)


def test_an_act_that_an_earlier_release_began_is_finished(tmp_path: Path) -> None:
    written = {"path": PATH, "before": None, "after": "{}"}
    old = {"what": "edit", "told": f"{ONE}: title", "rewritings": [written], "name": "x-edit"}
    begun = tmp_path / "history" / ".begun.json"
    begun.parent.mkdir()
    begun.write_text(json.dumps({"version": 1, "act": old, "back": False}))
    assert history.unfinished(tmp_path).startswith(f"{ONE}: title: started")
    history.finish(tmp_path)
    assert (tmp_path / PATH).read_text() == "{}"
    assert [each.line for each in history.acts(tmp_path)] == [f"{ONE}: title"]
    change = Rewriting("site.json", None, "{}")
    act = history.perform(tmp_path, Act("edit", ("site.json",), {"fields": "name"}, (), (change,)))
    path = tmp_path / "history" / f"{act.name}.json"
    assert "told" not in json.loads(path.read_text())  # facts alone are written
    assert {each.line for each in history.acts(tmp_path)} == {f"{ONE}: title", "site.json: name"}


@for_each(
    ("what", "told", "facts"),
    [
        ("redact", "0:19-0:22 (destroy)", {"start": 19.0, "end": 22.0, "fate": "destroy"}),
        ("reread", f"{ONE} 2:00-4:00", {"start": 120.0, "end": 240.0}),
        ("unread", f"{ONE} 0:00-2:00", {"start": 0.0, "end": 120.0}),
        ("withdraw", "À sa demande.", {"line": "À sa demande."}),
        ("publish", "", {}),
    ],
)
def test_an_entry_of_old_is_read(tmp_path: Path, what: str, told: str, facts: Facts) -> None:
    entry = {"when": "2026-01-01", "who": "", "what": what, "key": ONE, "told": told, "note": ""}
    line = json.dumps(entry).encode()
    journal.write_private(journal.desk(tmp_path) / journal.FILE, line + b"\n")
    (read,) = journal.entries(tmp_path)
    assert (read.key, read.facts) == (ONE, facts)


@for_each(
    ("keys", "facts", "line"),
    [
        ((ONE,), {"to": OTHER}, f"{ONE} -> {OTHER}"),
        ((ONE,), {}, ONE),
        ((ONE,), {"fields": "title, tags"}, f"{ONE}: title, tags"),
        ((ONE, OTHER), {"reason": "x", "until": "2027-01-31"}, f"{ONE}, {OTHER}: x → 2027-01-31"),
        ((ONE,), {"shown": "Camille"}, f"{ONE} → Camille"),
        ((ONE,), {"start": 40.0, "more": "yes"}, f"{ONE} 0:40…"),
        ((), {"number": 480}, "× 480"),
    ],
)
def test_a_line_is_made_of_facts(keys: Sequence[str], facts: Facts, line: str) -> None:
    assert line_of(keys, facts) == line


def test_the_line_of_an_account_is_said_in_the_language_of_who_reads(tmp_path: Path) -> None:
    facts = {"account": "removed", "name": "Zoé", "role": "keeper"}
    journal.note(tmp_path, "account", facts=facts)
    (entry,) = journal.entries(tmp_path)
    with speaking("en"):
        assert entry.line == "Zoé: account removed (keeper)"
    with speaking("fr"):
        assert entry.line == "Zoé\u00a0: compte supprimé (responsable)"
