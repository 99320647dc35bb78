"""A name is written into every store of the table, an act is done, and the name is looked for."""

import json
import re
import shutil
import subprocess
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from radio.actions.deletion import empty_trash, forget_episode
from radio.actions.merging import merge
from radio.actions.pseudonymising import Replacement, put_pseudonym
from radio.actions.redacting import Request, take_out
from radio.actions.renaming import rename_episode, rename_show
from radio.archive import Archive, journal
from radio.archive.check import check
from radio.archive.episode import render_episode
from radio.archive.gone import Departure, Gone, render_gone
from radio.archive.history import Act, Renaming, Rewriting
from radio.archive.paths import path_under
from radio.archive.stores import IN_PLACE, PRIVATE, SHOWS, STORES, StoreRow, place_of, store_at
from radio.bags.export import export_bag
from radio.bags.payload import Selection, public_files
from radio.mirror.manifest import kind_of, list_files
from radio.preservation.copies import DERIVED
from radio.proposals.queue import Mending, Mendings
from radio.search import Index
from radio.static_site.export import freeze
from radio.system import records
from radio.system.disk import write_whole
from radio.text.transcript import Cue, Transcript, render_evidence, render_vtt
from tests.heard import evidence_for, segment
from tests.processes import call, command
from tests.samples import CITY, ROOT, STREET, delete_episode, holding, put_all, unpacked
from tests.tables import for_each
from tests.web.sites import visit

KEY, OTHER, NAME = f"emission/{STREET}", f"emission/{CITY}", "Zoé Zimmermann"
NEW, SIGN = "2024-01-16-apres", "zinzoline"
NAMES = {"show": "emission", "slug": STREET, "act": "20260101-000000-000000", "audio": "mp3"}
NAMES |= {"picture": f"{STREET}.jpg", "logo": "logo.png", "work": "checkpoint", "number": "1"}
NAMES |= {"text": "txt", "file": "vtt", "upload": "abcdefghijklmnopabcd", "month": "2026-01"}
NO_TEXT = ("<audio>", "<picture>", "<logo>")
SILENT = ("desk/pseudonyms", "desk/fixity", "desk/heard")  # nothing but keys, hashes, numbers
HARM = {"stamp": [1, 1], "sha256": "a", "expected": "b", "found": ""}
READ = json.dumps({"when": "", "whole": "media/emission", "names": [f"{STREET}.mp3", CITY]})
WHOLE = {  # where a name stays: who answers for the site, who agreed, what came in
    *("site.json", "follows.json", "twins.json", "inbox/", "mirror/**/<show>/<slug>.<file>"),
    *("desk/accounts.json", "desk/sessions.json", "desk/uploads/<upload>/", "desk/backups.json"),
    "desk/consents/<show>/<slug>.json",
}
SAID = ("transcripts/", "trash/", "sealed/", "history/", "desk/proposals/")  # in a recording


def file_of(row: StoreRow) -> str:
    path = re.sub(r"<(\w+)>", lambda each: NAMES[each[1]], row.path).replace("**", "transcripts")
    return f"{path}letter.txt" if path.endswith("/") else path


ALL = {file_of(row): row for row in STORES}
FILES = {path: row for path, row in ALL.items() if path != "mirror.json"}  # as of no copy
CUES = (Cue(0.0, 2.0, "Bonjour."), Cue(3.0, 4.0, f"Voici {NAME}."), Cue(6.0, 7.0, "Merci."))
TEXT = render_vtt(Transcript(CUES, {"status": "reread"}))
HEARD = segment(("Zoé", 3.0), ("Zimmermann", 3.5))


def contents(archive: Archive) -> dict[str, str]:
    """What stands in some stores besides a name, by the path of their row."""
    episode, told = archive.episode(KEY), f"{KEY}: {NAME}"
    show = json.loads(archive.show_path("emission").read_bytes())
    mending = Mending("1", KEY, 3.0, 4.0, f"Voici {NAME}.", "a", NAME, "2026-11-26")
    picture = Renaming("media/emission/x.jpg", "trash/1/media/emission/x.jpg")
    texts = Rewriting(f"transcripts/{KEY}.vtt", TEXT, TEXT)
    gone = render_gone(Gone({KEY: Departure(NAME), "emission/x": Departure(NAME)}))
    acts = Act("edit", (KEY,), {}, (picture,), (texts,), NAMES["act"])
    entry = journal.Entry("2026-01-01", "", "edit", KEY, {"line": told}, told)
    noted = (entry, replace(entry, key=OTHER))
    passages = [{"key": key, "second": 3.0, "line": NAME} for key in (KEY, OTHER)]
    named: dict[str, dict[str, object]] = {
        "themes.json": {"themes": [{"name": NAME}]},
        "threads.json": {"threads": [{"title": NAME, "passages": passages}]},
        "twins.json": {"apart": [[episode.guid, "x"]], "note": NAME},
        "follows.json": {"follows": [], "note": NAME},
        "media/<show>/show.json": show | {"description": NAME},
        "desk/accounts.json": {"accounts": [], "note": NAME},
        "desk/sessions.json": {"sessions": [], "note": NAME},
        "desk/fixity/damaged.json": {
            "files": {f"media/{KEY}.mp3": HARM, f"media/{OTHER}.mp3": HARM}
        },
        "desk/heard/<show>/<slug>.json": {"days": {"2026-01-01": [3, 2, 1]}},
        "desk/pseudonyms/all.json": {"pseudonyms": []},
        "desk/pseudonyms/<show>/<slug>.json": {"pseudonyms": []},
    }
    own = replace(episode, title=f"Avec {NAME}", image=f"{STREET}.jpg")
    written = {path: json.dumps({"version": 1, **each}) for path, each in named.items()}
    return written | {
        "site.json": json.dumps({"legal": NAME, "logo": NAMES["logo"]}),
        "gone.json": gone,
        "media/<show>/<slug>.json": render_episode(own).decode(),
        "transcripts/<show>/<slug>.source.<text>": NAME,
        "desk/fixity/<month>.jsonl": f"{READ}\n",
        "desk/journal.jsonl": "".join(f"{json.dumps(asdict(each))}\n" for each in noted),
        "desk/proposals/queue.json": records.render(Mendings((mending,)), version=1).decode(),
        "history/<act>.json": records.render(acts, version=1).decode(),
    }


@pytest.fixture
def full(archive: Archive) -> Archive:
    put_all(archive, STREET, CITY, is_short=True)
    heard = evidence_for(archive.episode(KEY).audio.sha256, HEARD, duration=8.0)
    known, evidence = contents(archive), render_evidence(heard).decode()
    for path, row in FILES.items():
        told = evidence if row.top == "transcripts" else json.dumps({"note": NAME})
        content = known.get(row.path, TEXT if path.endswith(".vtt") else told)
        if not row.path.endswith(NO_TEXT):
            write_whole(archive.root / path, content.encode())
        elif row.kind != "audio":
            write_whole(archive.root / path, b"\x89PNG")
    return archive


def naming(root: Path) -> set[str]:
    """The files that have the name, however JSON writes its letters."""
    return holding(root, NAME, "Zimmermann", json.dumps(NAME)[1:-1])


def test_every_store_has_what_is_looked_for(full: Archive) -> None:
    silent = {each for each, row in FILES.items() if row.path.endswith(NO_TEXT)}
    silent |= {each for each in FILES if each.startswith(SILENT)}
    assert naming(full.root) == FILES.keys() - silent
    assert all((full.root / each).is_file() for each in FILES)
    own = {each: row for each, row in FILES.items() if row.path.count("/") == 2 or row.hide}
    assert {each: store_at(each) for each in own} == own


@pytest.mark.parametrize("before", [(), ("rename",), ("delete",), ("rename", "delete")])
def test_an_episode_is_forgotten_in_every_store(full: Archive, before: tuple[str, ...]) -> None:
    """Nothing has any of its names, its guid or what it said; what is of no episode stays."""
    episode, key = full.episode(KEY), KEY
    if "rename" in before:
        key = rename_episode(full, KEY, NEW).key
    if "delete" in before:
        delete_episode(full, key, "Doublon")
    forget_episode(full, key)
    assert holding(full.root, STREET, NEW, episode.guid, "Doublon") == set()
    assert holding(full.root, episode.audio.sha256) == {"gone.json"}
    others = {each for each, row in FILES.items() if not row.path.count("<slug>")}
    assert naming(full.root) <= others
    assert {"site.json", "themes.json", "media/emission/show.json"} <= naming(full.root)


def test_words_are_taken_out_of_every_store_that_has_some(full: Archive) -> None:
    take_out(full, Index(full), full.episode(KEY), Request(3.0, 4.0, "destroy"), lambda _: None)
    assert not [each for each in naming(full.root) if each.startswith(SAID)]


@pytest.mark.parametrize("scope", [(), ("emission",), (KEY,)])
def test_a_name_is_replaced_in_every_store(full: Archive, scope: tuple[str, ...]) -> None:
    put_pseudonym(full, Index(full), scope, Replacement(NAME, "Camille", forget=True))
    kept = {each for each, row in FILES.items() if row.path in WHOLE}
    kept |= {"gone.json", "themes.json", "threads.json"} if scope else set()
    kept |= {"media/emission/show.json"} if "/" in "".join(scope) else set()
    kept |= {"cache/shows/emission.json"} if "media/emission/show.json" in kept else set()
    assert naming(full.root) == kept


def test_what_is_deleted_is_in_no_store_that_listeners_have(full: Archive) -> None:
    delete_episode(full, KEY)
    left = holding(full.root, STREET)
    moved = {place_of(each) for each in left if each.startswith("trash/")}
    assert moved >= {each for each, row in FILES.items() if row.kind and "<slug>" in row.path}
    assert {each for each in left if each.startswith(SHOWS)} == set()
    empty_trash(full)
    assert {each for each in holding(full.root, STREET) if each.startswith("trash/")} == set()


@pytest.mark.parametrize("new", [f"emission/{NEW}", f"nouvelle/{STREET}"])
def test_every_store_follows_a_new_name(full: Archive, new: str) -> None:
    """What was put aside keeps the names that it had, and is found by them."""
    own = {each for each, row in FILES.items() if row.folder in IN_PLACE and "<slug>" in row.path}
    if new.startswith("emission/"):
        rename_episode(full, KEY, NEW)
    else:
        rename_show(full, "emission", "nouvelle")
    found = {path.relative_to(full.root).as_posix() for path in full.root.rglob("*")}
    assert own.isdisjoint(found) and {path_under(each, KEY, new) for each in own} <= found
    forget_episode(full, new)
    assert holding(full.root, STREET, new) == set()


def test_what_is_merged_is_left_in_no_folder_of_shows(full: Archive) -> None:
    full.checkpoint_path(KEY).unlink()
    merge(full, OTHER, KEY)
    left = {each for each in holding(full.root, STREET) if each.startswith(SHOWS)}
    assert left == {f"media/{OTHER}.json"}  # in which it stands what the episode was called
    forget_episode(full, OTHER)
    assert holding(full.root, STREET, CITY) == {"twins.json"}  # by its guid, that nobody has


def test_every_copy_has_the_stores_that_the_table_gives_it(full: Archive, tmp_path: Path) -> None:
    full.checkpoint_path(KEY).unlink()  # else the text of record is not given
    write_whole(full.root / "mirror.json", b'{"version": 1, "url": "http://a", "address": ""}')
    done = command(full, "export", "bag", str(tmp_path / "bag"))
    assert "not in the bag, as only the team" in done.stderr and "sealed/" in done.stderr
    everybodys = {each.source.removeprefix("./") for each in public_files(full, Selection(""))}
    for path, row in FILES.items():
        assert (tmp_path / "bag" / "data" / path).exists() == row.is_bagged, path
        assert (path in everybodys) == (row.kind is not None), path
        is_offered = row.kind is not None and row.top != ""
        assert (path in {each.path for each in list_files(full)}) == is_offered, path
        assert kind_of(path) == (row.kind if is_offered else None), path
    readme = " ".join((tmp_path / "bag" / "LISEZ-MOI.txt").read_text(encoding="utf-8").split())
    assert "consentements" in readme and "originaux scellés, la corbeille" in readme
    assert "consents" in readme and "sealed originals, trash" in readme
    assert (tmp_path / "bag").stat().st_mode & 0o077 == 0
    other = tmp_path / "other"
    call("init", "--root", str(other))
    call("ingest", str(tmp_path / "bag"), "--root", str(other))
    for path in (path for path, row in ALL.items() if row.is_bagged and not row.top):
        assert (other / path).read_bytes() == (full.root / path).read_bytes(), path


def test_no_way_out_leads_to_what_is_private(full: Archive, tmp_path: Path) -> None:
    """No page, no index, no cache, no bag or file of the site has a word of it."""
    full.checkpoint_path(KEY).unlink()
    journal.note(full.root, "withdraw", key=KEY, facts={"line": SIGN}, note=SIGN)
    folders = {Path(path).parent for path, row in FILES.items() if row.top in PRIVATE}
    for folder in folders - {Path("desk/pseudonyms"), Path("desk/pseudonyms/emission")}:
        for name in ("users.json", f"{STREET}.vtt"):
            write_whole(full.root / folder / name, SIGN.encode())
    client = visit(full)
    for path in (path for path, row in FILES.items() if row.kind is None):
        for address in (f"/{path}", f"/media/../{path}", f"/media/{path}"):
            assert client.get(address).status_code == 404, address
    files = unpacked(client.get("/download/archive.zip").data)
    assert not any(SIGN.encode() in name.encode() + files[name] for name in files)
    freeze(full, full.site)
    export_bag(full, tmp_path / "bag")
    for folder in (full.cache, full.index, tmp_path / "bag"):
        assert holding(folder, SIGN) == set()


@for_each("path", [each for each in ALL if each.endswith(".json") and not each.startswith(SHOWS)])
def test_a_file_of_people_that_cannot_be_read_is_named(archive: Archive, path: str) -> None:
    file = archive.root / path
    write_whole(file, b'{"x')
    assert [(each.kind, each.path) for each in check(archive)] == [("unreadable", file)]
    file.unlink()


def test_an_archive_is_in_no_commit_nor_container_and_whole_in_a_backup(tmp_path: Path) -> None:
    def git(*arguments: str) -> list[str]:
        command = ["git", "-C", str(tmp_path), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()

    git("init", "--quiet")
    shutil.copy(ROOT / ".gitignore", tmp_path)
    for path in (*ALL, "index/x", "cache/x"):
        write_whole(tmp_path / path, b"private")
    assert git("ls-files", "--others", "--exclude-standard") == [".gitignore", NAMES["logo"]]
    left_out = {*(ROOT / ".dockerignore").read_text(encoding="utf-8").split()}
    tops = {path.partition("/")[0] for path in ALL}
    assert (tops - {NAMES["logo"]}) | {"index", "cache"} <= left_out
    assert tops.isdisjoint(DERIVED) and {*DERIVED} == {"index", "cache"}  # in no copy


def test_every_store_is_told_of_where_builders_read_and_its_fields_where_keepers_do() -> None:
    for lang, derived in (("fr", "dérivé"), ("en", "derived")):
        truth = (paths for paths, content in rows(lang) if derived not in content)
        assert {path for paths in truth for path in paths} == {row.path for row in STORES}
    pages = (ROOT / "docs" / "en").glob("reference-*.md")
    fields = "".join(page.read_text(encoding="utf-8") for page in pages)
    written = {row.path for row in STORES if row.top == "" and row.path.endswith(".json")}
    written.remove("mirror.json")  # which no person writes
    assert written <= set(re.findall(r"^##+ `(\w+\.json)`", fields, re.MULTILINE))


def rows(lang: str) -> list[tuple[list[str], str]]:
    """The paths in the first cell of each row of the manual's table of files, and the second."""
    page = (ROOT / "docs" / lang / "files.md").read_text(encoding="utf-8")
    cells = (line.strip("| ").split(" | ", 1) for line in page.splitlines() if line[:3] == "| `")
    return [(re.findall(r"`([^`]+)`", first), second) for first, second in cells]
