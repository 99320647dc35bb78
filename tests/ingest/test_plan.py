"""A plan of what would be taken: written, corrected in a spreadsheet, applied."""

import csv
import os
import random
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from radio.archive import Archive
from radio.archive.episode import Show
from radio.formats.tables import read_table
from radio.ingest.description import NOTHING
from radio.ingest.plan import Order, Surveyor, order_of, read_plan
from radio.ingest.recordings import Recordings
from radio.ingest.titles import made_title
from radio.sound.tags.reader import Tags, read_tags
from radio.system.errors import ArchiveError
from tests.ingest.site import Site
from tests.ingest.written import rss
from tests.processes import command
from tests.samples import ROOT
from tests.tables import for_each

SAVED = ROOT / "tests" / "data" / "tables"
PUCES = "12 mars - les puces.mp3"
Cells = dict[str, str]


@pytest.fixture
def heap(tmp_path: Path, sounds: dict[str, Path]) -> Path:
    """Four recordings, two of them the same."""
    folder = tmp_path / "clé" / "2019"
    folder.mkdir(parents=True)
    for name in (PUCES, "copie.mp3", "=1+1.flac", "sans date.opus"):
        (folder / name).write_bytes(sounds[Path(name).suffix].read_bytes())
        os.utime(folder / name, (1_560_000_000, 1_560_000_000))
    (folder / "sans date.opus").rename(tmp_path / "clé" / "sans date.opus")
    return tmp_path / "clé"


def plan(archive: Archive, heap: Path) -> Path:
    table = heap.parent / "plan.csv"
    command(archive, "ingest", "--show", "emission", "--plan", str(table), str(heap))
    return table


def rows(table: Path) -> list[Cells]:
    return [dict(line.cells) for line in read_table(table.read_bytes(), table, ("file",))]


def rewrite(table: Path, change: Callable[[Cells], Cells], encoding: str, separator: str) -> None:
    """Save a plan as a spreadsheet would: lines end as in Windows, empty lines stay."""
    changed = [change(row) for row in rows(table)]
    with table.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(changed[0]), delimiter=separator, lineterminator="\r\n")
        writer.writeheader()
        for row in changed:
            writer.writerow(row)
            file.write(separator * 3 + "\r\n")


def test_a_plan_says_all_takes_nothing_and_is_done_as_it_was(archive: Archive, heap: Path) -> None:
    table = plan(archive, heap)
    assert table.read_bytes().startswith(b"\xef\xbb\xbf")
    told = {Path(row.pop("file")).name: row for row in rows(table)}
    puces, twin, undated = (told[name] for name in (PUCES, "copie.mp3", "sans date.opus"))
    known = [puces[name] for name in ("date", "date_sure", "title", "action")]
    assert known == ["2019-03-12", "oui", "Les puces", "take"]
    assert (twin["action"], Path(twin["twin_of"]).name) == ("twin", PUCES)
    assert (undated["date"], undated["date_sure"]) == ("2019-06-08", "non")
    shown = command(archive, "ingest", str(heap), "--dry-run")
    assert "\t2019-03-12\toui\tLes puces\t" in shown.stdout
    assert shown.stderr.splitlines()[-1].startswith("3 to add")
    assert archive.episodes() == []
    command(archive, "ingest", "--apply", str(table))
    sure = {each.slug: each.date_sure for each in archive.episodes()}
    assert sure == {"2019-03-12-les-puces": True, "2019-1-1": True, "sans-date": False}


def test_a_corrected_plan_is_done_as_it_says(archive: Archive, heap: Path) -> None:
    archive.write_show(Show("autre", "Autre"))
    table = plan(archive, heap)

    corrected: dict[str, Cells] = {"1": {"date": "14/03/2019", "title": "Les puces à l’école"}}
    corrected["1"]["people"] = "Zoé (invitée) ; Anna"
    corrected |= {"s": {"date": "2018-04", "show": "autre"}, "=": {"action": "passer"}, "c": {}}

    def correct(row: Cells) -> Cells:
        row |= corrected[Path(row["file"]).name[0]]
        return {"remarques": "à revoir", **dict(reversed(row.items()))}

    rewrite(table, correct, "utf-16", "\t")
    done = command(archive, "ingest", "--apply", str(table))
    assert done.stderr.splitlines()[-1] == "2 added"
    puces = archive.episode("emission/2019-03-14-les-puces-a-l-ecole")
    assert [(each.name, each.role) for each in puces.people] == [("Zoé", "invitée"), ("Anna", "")]
    assert (puces.date_sure, puces.date_precision) == (True, "day")
    month = archive.episode("autre/2018-04-sans-date")
    assert (month.date_sure, month.date_precision) == (True, "month")
    again = command(archive, "ingest", "--apply", str(table))
    assert again.stderr.splitlines()[-1] == "2 already here"
    assert len(archive.episodes()) == 2


@for_each("name", ["21-02-09", "rec001"])
def test_a_date_that_is_mended_mends_the_title_and_the_address_made_of_it(
    name: str, archive: Archive, sounds: dict[str, Path], tmp_path: Path
) -> None:
    path = tmp_path / f"{name}.opus"
    path.write_bytes(sounds[".opus"].read_bytes())
    surveyor, show = Surveyor(archive, Recordings(archive)), archive.show("emission")
    planned = surveyor.row(path, read_tags(path), show, NOTHING)
    assert planned.title in ("Émission du 21 février 2009", "rec001")
    typed = replace(planned, date="2021-02-09", title=f"{planned.title} bis")
    order, named = order_of(replace(planned, date="2021-02-09")), order_of(typed)
    assert named
    assert named.said.title == typed.title
    assert order
    made = made_title(order.said.day, None, "fr")
    assert (order.said.title, made) == ("", "Émission du 9 février 2021")


@for_each("lost", ["?", "\N{ACUTE ACCENT}", ""])
def test_no_file_is_lost_where_excel_lost_its_accents(
    lost: str, archive: Archive, sounds: dict[str, Path], tmp_path: Path
) -> None:
    """Names as macOS writes them, in a table that was saved as cp1252."""
    heap = tmp_path / "E\N{COMBINING ACUTE ACCENT}missions"
    heap.mkdir(exist_ok=True)
    names = ("cafe\N{COMBINING ACUTE ACCENT}.mp3", "cafe.mp3", "thé.mp3")
    for number, name in enumerate(names):
        (heap / name).write_bytes(sounds[".mp3"].read_bytes())
        os.utime(heap / name, (0, 1_560_000_000 + number))
    show, recordings = archive.show("emission"), Recordings(archive)
    for name in names:
        row = Surveyor(archive, recordings).row(heap / name, read_tags(heap / name), show, NOTHING)
        written = row.file.replace("\N{COMBINING ACUTE ACCENT}", lost)
        order = order_of(replace(row, file=written))
        assert order and Path(order.place) == heap / name
    with pytest.raises(ArchiveError, match="check the name"):
        order_of(replace(row, file=str(heap / "the?.mp4")))


def test_what_is_no_sound_is_refused_by_the_plan_whatever_its_name(
    archive: Archive, heap: Path
) -> None:
    made = {each: heap / f"2024-01-16 {each}" for each in ("page.mp3", "pas.mp3", "zip.wav")}
    made["page.mp3"].write_text("<!doctype html><title>404</title>" * 99)
    made["pas.mp3"].write_bytes(random.Random(0).randbytes(100_000))
    with zipfile.ZipFile(made["zip.wav"], "w") as file:
        file.writestr("page.html", "<!doctype html>")
    table = str(heap.parent / "plan.csv")
    command(archive, "ingest", "--plan", table, str(heap), check=False)
    told = {Path(row["file"]).name: row for row in rows(Path(table)) if row["action"] == "refuse"}
    assert {each.name for each in made.values()} == told.keys()
    assert "a page of the web" in told["2024-01-16 page.mp3"]["reason"]
    assert "damaged" in told["2024-01-16 pas.mp3"]["reason"]
    assert "not an audio file" in told["2024-01-16 zip.wav"]["reason"]


def test_a_station_that_signs_a_recording_is_no_person(archive: Archive, heap: Path) -> None:
    archive.write_show(Show("autre", "La Fabrique", station="Canut"))
    (archive.root / "site.json").write_text('{"name": "Radiorageuses"}')
    signed = Tags(artists=("Radiorageuses ; canut ; La fabrique ; Zoé",))
    surveyor = Surveyor(archive, Recordings(archive))
    row = surveyor.row(heap / "2019" / PUCES, signed, archive.show("emission"), NOTHING)
    assert row.people == "Zoé"


def test_a_bad_row_costs_its_line(archive: Archive, heap: Path) -> None:
    table = plan(archive, heap)
    spoiled = {"1": {"date": "bientôt"}, "c": {"action": "peut-être"}, "=": {"show": "inconnue"}}
    rewrite(table, lambda row: row | spoiled.get(Path(row["file"]).name[0], {}), "utf-8", ";")
    done = command(archive, "ingest", "--apply", str(table), check=False)
    assert done.returncode == 1
    assert done.stdout.split() == ["emission/sans-date"]
    for told in ("bientôt", "peut-être", "inconnue: no such show"):
        assert told in done.stderr
    assert done.stderr.splitlines()[-1] == "1 added, 3 refused"


def test_a_file_that_changed_or_went_since_says_so(archive: Archive, heap: Path) -> None:
    table = plan(archive, heap)
    (heap / "sans date.opus").unlink()
    with (heap / "2019" / "=1+1.flac").open("ab") as file:
        file.write(b"x")
    found = list(read_plan(table.read_bytes(), table))
    assert [Path(each.place).name for each in found if isinstance(each, Order)] == [PUCES]
    wrong = [str(each) for each in found if isinstance(each, ArchiveError)]
    assert any("changed since the plan" in each for each in wrong)
    assert any("check the name" in each for each in wrong)


def test_a_feed_is_planned_and_taken_as_the_plan_says(
    archive: Archive, site: Site, sounds: dict[str, Path], tmp_path: Path
) -> None:
    day = "<pubDate>Tue, 16 Jan 2024</pubDate>"
    names = ("un", "deux", "trois")
    items = [f'<title>{each}</title><enclosure url="/{each}"/>{day}' for each in names]
    site.pages, table = {"/feed": rss(*items)}, tmp_path / "plan.csv"
    site.pages["/un"] = sounds[".mp3"].read_bytes()
    command(archive, "ingest", f"{site.address}/feed", "--plan", str(table))
    assert [row["date_sure"] for row in rows(table)] == ["oui"] * 3
    corrected: dict[str, Cells] = {"un": {"title": "La rue"}, "deux": {"action": "skip"}}
    rewrite(table, lambda row: row | corrected.get(row["title"], {}), "utf-8-sig", ";")
    site.pages["/feed"] = rss(*items[:2])
    done = command(archive, "ingest", "--apply", str(table), check=False)
    assert done.stdout.split() == ["emission/2024-01-16-la-rue"]
    episode = archive.episode("emission/2024-01-16-la-rue")
    assert (episode.date_sure, episode.source.page) == (True, f"{site.address}/feed")
    assert f"radio: {site.address}/trois: no longer at {site.address}/feed" in done.stderr
    assert (done.stderr.splitlines()[-1], done.returncode) == ("1 added, 1 refused", 1)


def test_a_second_run_reads_nothing_again(archive: Archive, heap: Path) -> None:
    taken = command(archive, "ingest", str(heap)).stderr.splitlines()
    assert taken[-1] == "3 added, 1 already here"
    for path in heap.rglob("*.*"):
        content, times = path.read_bytes(), path.stat()
        path.write_bytes(content[::-1])  # what is read again would be refused
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert command(archive, "ingest", str(heap)).stderr.splitlines()[-1] == "4 already here"


TOLD = [("2023-05-12", "L’œil « 0477 », et l’été", "Zoé (invitée), Anna"), ("2019-03", "1/2", "")]
TOLD += [("2019", "0477123456", "007"), ("2023-05-12", "=1+1", "-Anna")]
TOLD += [("", "3 mars", '"Zoé", dite Z'), ("2023-05-12", "Deux\nlignes; ici", "Vrai")]


@for_each("path", sorted(SAVED.glob("*/plan.csv")))
def test_a_plan_that_libreoffice_saved_again_says_what_it_said(path: Path) -> None:
    told = [each.said for each in read_plan(path.read_bytes(), path) if isinstance(each, Order)]
    people = [[f"{p.name} ({p.role})" if p.role else p.name for p in each.people] for each in told]
    assert [
        (said.day.known if said.day else "", said.title, ", ".join(names))
        for said, names in zip(told, people, strict=True)
    ] == TOLD


def test_a_plan_that_was_cut_at_its_commas_says_how_to_open_it() -> None:
    with pytest.raises(ArchiveError, match="one column; open the table again"):
        list(read_plan((SAVED / "in one column.csv").read_bytes(), "plan.csv"))
