"""Tables of examples fail as loudly as tests of their own."""

import pytest

from tests.tables import for_each


def test_every_row_is_run_and_each_that_fails_is_named() -> None:
    run = list[int]()

    @for_each(("number", "expected"), [(1, 1), (2, 3), (3, 3), (4, 5)])
    def same(number: int, expected: int) -> None:
        run.append(number)
        assert number == expected

    with pytest.raises(ExceptionGroup, match="2 of 4 rows fail") as caught:
        same()
    assert run == [1, 2, 3, 4]
    notes = [each.__notes__ for each in caught.value.exceptions]
    assert notes == [["in the row (2, 3)"], ["in the row (4, 5)"]]
