"""Tables for other programs: CSV (RFC 4180). Pure."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet computes a cell that begins so


def render_csv(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Write rows one by one. A cell that looks like a formula gets an apostrophe in front."""
    line = io.StringIO()
    writer = csv.writer(line)
    for row in rows:
        writer.writerow([f"'{cell}" if cell[:1] in FORMULA else cell for cell in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()
