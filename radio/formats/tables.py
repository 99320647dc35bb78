"""Tables that keepers correct in a spreadsheet, as French offices write CSV: semicolons, all cells
in quotes, UTF-8 with its mark. They may come back with commas or tabs, as UTF-16 or cp1252. Several
values of a cell stand between semicolons. Tables for programs are RFC 4180. Pure."""

import codecs
import contextlib
import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from radio.french.dates import MONTH_START
from radio.system.errors import ArchiveError
from radio.system.messages import _
from radio.text.transcript import timestamp

SEPARATORS = ";,\t"
LARGEST_CELL = 4 << 20  # characters
YES = {"oui": True, "yes": True, "true": True, "vrai": True, "1": True}
NO = {"": False, "non": False, "no": False, "false": False, "faux": False, "0": False}
CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")  # signs that steer terminals
FORMULA = re.compile(
    rf"""'*(?:[=+\-@\t\r]
    |(?!(?:0|[1-9]\d{{,14}}|[12]\d{{3}}(?:-\d\d){{1,2}})$)\d[\d\s.,:/%-]*(?:e[+-]?\d+)?$
    |\d\d?(?:er)?[ -](?:{MONTH_START})[a-zé]*\.?(?:[ -]\d+)?$|(?:true|false|vrai|faux)$)""",
    re.IGNORECASE | re.VERBOSE,
)
"""A spreadsheet computes a cell that begins with a sign, and reads `0477`, `1/2` or `3 mars` as
numbers and dates; one apostrophe more makes it a text. Years, ISO dates and plain numbers stay."""


@dataclass(frozen=True)
class TableLine:
    """A line of a table."""

    line: int  # where it begins in the file, from 1
    cells: Mapping[str, str]  # by the name of the column; those that the line has


def guard(cell: str) -> str:
    """Keep a spreadsheet from computing a cell, or from making a number of it.

    >>> guard("=1+1"), guard("'=1+1"), guard("rue"), guard("0477"), guard("2023-05-12")
    ("'=1+1", "''=1+1", 'rue', "'0477", '2023-05-12')
    """
    return f"'{cell}" if FORMULA.match(cell) else cell


def guard_formula(cell: str) -> str:
    """Keep a spreadsheet from computing a cell; a number stays one, for programs.

    >>> guard_formula("=1+1"), guard_formula("4.0")
    ("'=1+1", '4.0')
    """
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def in_hours(seconds: float) -> str:
    """Write a length that a spreadsheet adds up: with two parts it would count hours and minutes.

    >>> in_hours(132.4), in_hours(3754)
    ('0:02:12', '1:02:34')
    """
    return timestamp(round(seconds))[:-4].removeprefix("0")


def unguard(cell: str) -> str:
    """Give a cell as it was before `guard`.

    >>> unguard("'=1+1"), unguard("'tis"), unguard("=1+1")
    ('=1+1', "'tis", '=1+1')
    """
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


def render_table(
    columns: Sequence[str], rows: Iterable[Sequence[str]], figures: Collection[str] = ()
) -> bytes:
    """Write a table with a header; a spreadsheet may compute with the columns of `figures`."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=SEPARATORS[0], quoting=csv.QUOTE_ALL)
    writer.writerow(columns)
    for row in rows:
        cells = zip(columns, map(plain, row), strict=True)
        writer.writerow([cell if name in figures else guard(cell) for name, cell in cells])
    return codecs.BOM_UTF8 + text.getvalue().encode(errors="replace")


def read_table(content: bytes, where: object, needed: Sequence[str]) -> list[TableLine]:
    """Read a table without empty lines and unnamed columns. Raises ArchiveError naming `where` if
    it is no table, or lacks one of the `needed` columns."""
    text = _decode(content, where)
    separator = max(SEPARATORS, key=lambda each: len(set(needed) & set(_header(text, each))))
    header = _header(text, separator)
    if missing := [name for name in needed if name not in header]:
        if len(header) < 2 and all(name in header[0] for name in missing if header):
            fault = _(
                "{where} : une seule colonne ; rouvrez le tableau, séparé par des "
                "points-virgules, et enregistrez-le"
            )
        else:
            fault = _(
                "{where} : pas de colonne {names} ; nommez les colonnes sur la première ligne"
            )
        raise ArchiveError(_(fault, where=where, names=", ".join(missing)))
    csv.field_size_limit(LARGEST_CELL)
    reader, rows, line = csv.reader(io.StringIO(text, newline=""), delimiter=separator), [], 1
    try:
        for cells in reader:
            if line > 1 and any(cells):
                pairs = zip(header, map(unguard, map(plain, cells)), strict=False)
                rows.append(TableLine(line, {name: cell for name, cell in pairs if name}))
            line = reader.line_num + 1
    except csv.Error as error:
        message = _("{where} : ligne {line} : {error} ; enregistrez-le de nouveau en CSV")
        raise ArchiveError(_(message, where=where, line=line, error=error)) from error
    return rows


def plain(cell: str) -> str:
    r"""Write the ends of the lines of a cell in one way, without signs that no page can show.

    >>> plain("a\r\nb\rc\x00\x07")
    'a\nb\nc'
    """
    return CONTROL.sub("", cell.replace("\r\n", "\n").replace("\r", "\n"))


def join(values: Iterable[str]) -> str:
    """Write several values in one cell."""
    return " ; ".join(values)


def split(cell: str) -> list[str]:
    """Read the values of a cell.

    >>> split("Camille; Zoé ;")
    ['Camille', 'Zoé']
    """
    return [value for part in cell.split(";") if (value := " ".join(part.split()))]


def _header(text: str, separator: str) -> list[str]:
    try:
        first = next(csv.reader(io.StringIO(text, newline=""), delimiter=separator), [])
    except csv.Error:
        return []
    return [name.strip().lower() for name in first]


def _decode(content: bytes, where: object) -> str:
    """Read the letters of a file, be it UTF-8, UTF-16 with its mark, or of an old Windows."""
    is_wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if is_wide else ("utf-8-sig", "cp1252"):
        with contextlib.suppress(UnicodeDecodeError):
            return content.decode(encoding)
    raise ArchiveError(_("{where} : pas de l’UTF-8 ; enregistrez le fichier en UTF-8", where=where))


def render_csv(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Write rows one by one. A cell that looks like a formula gets an apostrophe in front."""
    line = io.StringIO()
    writer = csv.writer(line)
    for row in rows:
        writer.writerow(map(guard_formula, row))
        yield line.getvalue()
        line.seek(0)
        line.truncate()
