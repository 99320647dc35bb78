"""Spaces where no line may begin, in French and in figures. Pure."""

import re
from collections.abc import Iterator, Sequence

_NO_BREAK = re.compile(
    r" (?=[:;?!»])|(?<=«) "  # French signs stay with the word beside them
    r"|(?<=\d) (?=\d{3}(?!\d)|h(?!\w)|[%€])|(?<=\d h) (?=\d\d(?!\d))"  # and 12 000, 19 h 30, 20 %
)


def bind(text: str) -> str:
    """Put no-break spaces where a line must not begin; the text keeps its length.

    >>> bind("Qui écoute ? « Nous, 12 000 voix, à 19 h 30. »")
    'Qui écoute\\xa0? «\\xa0Nous, 12\\xa0000 voix, à 19\\xa0h\\xa030.\\xa0»'
    """
    return _NO_BREAK.sub("\u00a0", text)


def bind_runs(runs: Sequence[tuple[str, bool]]) -> Iterator[tuple[str, bool]]:
    """Bind a text that is in pieces, some of them marked.

    >>> list(bind_runs([("à ", False), ("19", True), (" h 30", False)]))
    [('à ', False), ('19', True), ('\\xa0h\\xa030', False)]
    """
    whole, start = bind("".join(text for text, _ in runs)), 0
    for text, is_marked in runs:
        yield whole[start : start + len(text)], is_marked
        start += len(text)
