"""Tables for other programs: CSV (RFC 4180); those of keepers are `radio.formats.tables`. Pure."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from radio.formats.tables import guard_formula


def render_csv(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Write rows one by one. A cell that looks like a formula gets an apostrophe in front."""
    line = io.StringIO()
    writer = csv.writer(line)
    for row in rows:
        writer.writerow(map(guard_formula, row))
        yield line.getvalue()
        line.seek(0)
        line.truncate()
