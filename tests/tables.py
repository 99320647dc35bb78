"""Tables of examples: one test proves all rows, and prints each that fails."""

import csv
import functools
import inspect
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pytest

from tests.samples import ROOT

Test = Callable[..., None]


def rows(name: str) -> list[dict[str, str]]:
    """Read a table of `tests/data`: tabs between cells; those that a line leaves out are empty."""
    with (ROOT / "tests" / "data" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, restval="", delimiter="\t", quoting=csv.QUOTE_NONE))


def check(rows: Iterable[tuple[object, object, object]]) -> None:
    """Compare in each row what was given, found and expected."""
    wrong = [
        f"{given}: {found!r}, not {expected!r}"
        for given, found, expected in rows
        if found != expected
    ]
    assert not wrong, "\n".join(wrong)


def for_each(names: str | Sequence[str], values: Iterable[Any]) -> Callable[[Test], Test]:
    """Run a test once for each row, as `parametrize` does, but as one test with the same fixtures.
    Rows must change nothing for each other. All are run, and each that fails is named."""
    table = [(each,) if isinstance(names, str) else tuple(each) for each in values]
    columns = [names] if isinstance(names, str) else list(names)

    def over(test: Test) -> Test:
        @functools.wraps(test)
        def run(**fixtures: Any) -> None:
            failures = list[BaseException]()
            for row in table:
                try:
                    test(**fixtures, **dict(zip(columns, row, strict=True)))
                except (Exception, pytest.fail.Exception) as failure:  # noqa: BLE001
                    failure.add_note(f"in the row {row!r}")
                    failures.append(failure)
            if failures:
                told = f"{len(failures)} of {len(table)} rows fail"
                raise BaseExceptionGroup(told, failures)

        signature = inspect.signature(test)
        shared = [each for name, each in signature.parameters.items() if name not in columns]
        run.__signature__ = signature.replace(parameters=shared)  # type: ignore[attr-defined]
        return run

    return over
