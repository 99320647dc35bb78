"""What an episode plays: as a line, on its page, for the society that asks for it."""

import csv

from click.testing import CliRunner

from radio.actions.editing import edit, write
from radio.archive import Archive
from radio.archive.episode import Show
from radio.archive.tunes import Tune, read_tune
from radio.cli import cli
from radio.formats.playlists import COLUMNS
from tests.samples import CITY, STREET, put
from tests.tables import for_each
from tests.web.sites import visit

KEY = f"emission/{STREET}"
BOM = "\N{BYTE ORDER MARK}"
LINE = "Colette Magny – Melocoton [CBS] 2:12 @0:30"


@for_each(
    ("line", "tune"),
    [
        (LINE, Tune("Melocoton", "Colette Magny", "CBS", 132.0, 30.0)),
        ("Colette Magny - Melocoton", Tune("Melocoton", "Colette Magny")),
        ("Melocoton [CBS]", Tune("Melocoton", label="CBS")),
        ("Melocoton   (live)", Tune("Melocoton (live)")),
        ("Cage – 4:33", Tune("4:33", "Cage")),
        ("Saint-Saëns — Le cygne @ 1:00:01", Tune("Le cygne", "Saint-Saëns", start=3601.0)),
        ("A – B – C 12:00", Tune("B – C", "A", length=720.0)),
        ("[CBS]", Tune("[CBS]")),
        ("@12:30", Tune("@12:30")),
        ("", Tune("")),
    ],
)
def test_a_line_is_read_as_people_write_it(line: str, tune: Tune) -> None:
    assert read_tune(line) == tune


def run(archive: Archive, *words: str) -> str:
    done = CliRunner().invoke(cli, ["export", "playlist", "--root", str(archive.root), *words])
    assert done.exit_code == 0, done.output
    return done.output


def table_of(archive: Archive, *words: str) -> list[list[str]]:
    """The rows of the table, read as a French spreadsheet does: it cuts at semicolons."""
    table = run(archive, "--csv", *words)
    assert table.startswith(BOM)
    lines = table.removeprefix(BOM).splitlines()
    assert all(line.startswith('"') and line.endswith('"') for line in lines)
    rows = list(csv.reader(lines, delimiter=";"))
    assert {len(row) for row in rows} == {len(COLUMNS)} and rows.pop(0) == [*COLUMNS]
    return rows


def test_the_society_gets_what_was_played_in_some_days(archive: Archive) -> None:
    archive.write_show(Show("emission", "=Émission"))
    put(archive, STREET, playlist=(LINE, "=HYPERLINK(1)"))
    put(archive, CITY, status="withdrawn", reason="x", playlist=("Un – Deux",))
    piece, link, other = table_of(archive, "--from", "1er janvier 2024")
    day, show = "2024-01-16", "'=Émission"
    assert piece == ["Melocoton", "Colette Magny", "CBS", "0:02:12", day, show, "0:00:30"]
    assert (link[0], other[:2]) == ("'=HYPERLINK(1)", ["Deux", "Un"])
    assert table_of(archive, "--to", "2023-12-31") == []
    assert "0:30  Colette Magny – Melocoton [CBS]  2:12" in run(archive, KEY)
    assert "Un – Deux" not in run(archive, KEY)
    assert "No music" in run(archive, "--to", "2023-12-31")
    put(archive, STREET, playlist=("Cage – 4:33 4:33", 'Dit "Bé", ou ; non', "=1+1 [CBS]"))
    rows = table_of(archive, KEY)  # a French spreadsheet reads 4:33 as hours and minutes
    assert [row[0] for row in rows] == ["'4:33", 'Dit "Bé", ou ; non', "'=1+1"]
    assert rows[0][3] == "0:04:33"


def test_the_page_plays_each_piece_where_it_begins(archive: Archive) -> None:
    put(archive, STREET)
    write(archive, [edit(archive, KEY, {"playlist": f"{LINE} ; Sans titre"})])
    page = visit(archive).get(f"/shows/{KEY}").text
    assert 'data-start="30" aria-label="Écouter Colette Magny – Melocoton"' in page
    assert all(each in page for each in ("[CBS]", "(2:12)", "Sans titre"))
