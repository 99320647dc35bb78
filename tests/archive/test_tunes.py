"""What an episode plays: as a line, on its page, for the society that asks for it."""

import csv
import io

from click.testing import CliRunner

from radio.actions.editing import edit, write
from radio.archive import Archive
from radio.archive.episode import Show
from radio.archive.tunes import Tune, read_tune
from radio.cli.export import playlist
from radio.formats.playlists import COLUMNS
from radio.search import Index
from radio.web.site import create_app
from tests.samples import CITY, STREET, put
from tests.tables import for_each

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
    done = CliRunner().invoke(playlist, ["--root", str(archive.root), *words])
    assert done.exit_code == 0, done.output
    return done.output


def test_the_society_gets_what_was_played_in_some_days(archive: Archive) -> None:
    archive.write_show(Show("emission", "=Émission"))
    put(archive, STREET, playlist=(LINE, "=HYPERLINK(1)"))
    put(archive, CITY, status="withdrawn", reason="x", playlist=("Un – Deux",))
    table = run(archive, "--csv", "--from", "1er janvier 2024")
    rows = list(csv.reader(io.StringIO(table.removeprefix(BOM)), delimiter=";"))
    assert tuple(rows[0]) == COLUMNS
    assert rows[1] == [
        "Melocoton",
        "Colette Magny",
        "CBS",
        "0:02:12",
        "2024-01-16",
        "'=Émission",
        "0:00:30",
    ]
    assert rows[2][0] == "'=HYPERLINK(1)"
    assert rows[3][:2] == ["Deux", "Un"]
    assert len(rows) == 4
    assert run(archive, "--csv", "--to", "2023-12-31").splitlines() == [
        BOM + ";".join(f'"{each}"' for each in COLUMNS)
    ]
    assert "0:30  Colette Magny – Melocoton [CBS]  2:12" in run(archive, KEY)
    assert "Un – Deux" not in run(archive, KEY)
    assert "No music" in run(archive, "--to", "2023-12-31")


def test_a_double_click_shows_each_title_whole_and_each_length_as_minutes(
    archive: Archive,
) -> None:
    """A French spreadsheet cuts at semicolons, and reads 4:33 as hours and minutes."""
    archive.write_show(Show("emission", "Émission"))
    titles = ("Cage – 4:33 4:33", 'Dit "Bé", ou ; non', "=1+1 [CBS]")
    put(archive, STREET, playlist=titles)
    table = run(archive, "--csv")
    assert table.startswith(BOM)
    lines = table.removeprefix(BOM).splitlines()
    rows = list(csv.reader(lines, delimiter=";"))
    assert [row[0] for row in rows[1:]] == ["'4:33", 'Dit "Bé", ou ; non', "'=1+1"]
    assert rows[1][3] == "0:04:33"
    assert {len(row) for row in rows} == {len(COLUMNS)}
    assert all(line.startswith('"') and line.endswith('"') for line in lines)


def test_the_page_plays_each_piece_where_it_begins(archive: Archive) -> None:
    put(archive, STREET)
    write(archive, [edit(archive, KEY, {"playlist": f"{LINE} ; Sans titre"})])
    page = create_app(archive, Index(archive)).test_client().get(f"/shows/{KEY}").text
    assert 'data-start="30" aria-label="Écouter Colette Magny – Melocoton"' in page
    assert "[CBS]" in page
    assert "(2:12)" in page
    assert "Sans titre" in page
