"""Tables that keepers correct in a spreadsheet."""

import codecs

import pytest

from radio.formats.tables import guard, join, read_table, render_table, split, unguard
from radio.system.errors import ArchiveError
from tests.tables import for_each

MISREAD = ["0477123456", "007", "1.10", "1/2", "12/05/2023", "20:30", "3 mars", "1er mai"]
MISREAD += ["Vrai", "1e5"]
PLAIN = ["12", "0", "1984", "2019-03", "2023-05-12", "100 jours", "Mai 68", "S02E04", "rue"]
CELLS = ["emission/x", "=1+1", "'-x", "l’été ; l’hiver", 'dit « "non" »\nà la ligne, oui', ""]
COLUMNS = ["key", "a", "b", "c", "d", "e"]


def test_a_table_comes_back_as_it_was_written() -> None:
    (row,) = read_table(render_table(COLUMNS, [CELLS]), "t.csv", COLUMNS)
    assert (row.line, list(row.cells.values())) == (2, CELLS)
    rows = read_table(b'key;title\nx;"one\ntwo"\n\ny;b\n', "t.csv", ["key"])
    assert [row.line for row in rows] == [2, 5]  # of the file
    assert split(join(["Camille", "Zoé"])) == ["Camille", "Zoé"]  # in one cell


@for_each(
    "content",
    [
        "key;title\nx;« L’été »\n\n;;\ny;b\n".encode(),
        codecs.BOM_UTF8 + "Key,Title\r\nx,« L’été »\r\ny,b\r\n".encode(),
        "key\ttitle\nx\t« L’été »\ny\tb".encode("utf-16"),
        "key;title;\nx;« L’été »;\ny;b;\n".encode("cp1252"),
        'title;"key"\n"« L’été »";x\nb;y;lost\n'.encode(),
    ],
)
def test_a_table_is_read_however_an_office_saved_it(content: bytes) -> None:
    rows = read_table(content, "t.csv", ["key", "title"])
    found = [(row.cells["key"], row.cells["title"]) for row in rows]
    assert found == [("x", "« L’été »"), ("y", "b")]


@for_each("content", [b"", b"title\nx", b"\x81\x8d\xff", b"\xff\xfe\x00"])
def test_what_is_no_table_is_named(content: bytes) -> None:
    with pytest.raises(ArchiveError, match=r"t\.csv"):
        read_table(content, "t.csv", ["key"])


@for_each("cell", [*MISREAD, *PLAIN])
def test_no_spreadsheet_makes_a_number_of_what_is_none(cell: str) -> None:
    assert guard(cell) == (f"'{cell}" if cell in MISREAD else cell)
    assert unguard(guard(cell)) == cell
