"""Marked words of a text, as HTML."""

from collections.abc import Iterable

from markupsafe import Markup, escape


def with_marks(runs: Iterable[tuple[str, bool]]) -> Markup:
    """Write a text that is in pieces, some of them marked.

    >>> str(with_marks([("la ", False), ("rue", True), (" & co", False)]))
    'la <mark>rue</mark> &amp; co'
    """
    pieces = (f"<mark>{escape(text)}</mark>" if marked else escape(text) for text, marked in runs)
    return Markup("".join(pieces))  # noqa: S704 (escaped)
