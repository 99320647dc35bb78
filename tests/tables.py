"""Tables of examples: one test proves all rows, and prints each that fails."""

from collections.abc import Iterable


def check(rows: Iterable[tuple[object, object, object]]) -> None:
    """Compare in each row what was given, found and expected."""
    wrong = [
        f"{given}: {found!r}, not {expected!r}"
        for given, found, expected in rows
        if found != expected
    ]
    assert not wrong, "\n".join(wrong)
