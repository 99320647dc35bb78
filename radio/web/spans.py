"""Times in addresses: a second at which to listen, or a span from one second to another."""

from collections.abc import Sequence
from dataclasses import dataclass

from radio.archive.protection import read_moment
from radio.search.results import Hit, lead_in
from radio.text.sentences import TICK

LONGEST_SPAN = 300.0  # seconds that may be quoted, or cut out as a clip


@dataclass(frozen=True)
class Span:
    """A place in an episode, or all that is said from one second to another."""

    start: float  # seconds
    end: float | None = None

    def __str__(self) -> str:
        """Write it for `?t=` and, as a media fragment, for `#t=`.

        >>> str(Span(754.0)), str(Span(2.5, 12.0))
        ('754', '2.5,12')
        """
        start = write_second(self.start)
        return start if self.end is None else f"{start},{write_second(self.end)}"


def playback_span(span: Span, query: str, hits: Sequence[Hit] = ()) -> Span:
    """Tell from where a place is played: before the word that somebody looked for.

    >>> str(playback_span(Span(12.5), "caméra")), str(playback_span(Span(12.5), ""))
    ('10.5', '12.5')
    >>> str(playback_span(Span(3, 9), "caméra"))
    '3,9'
    """
    if not query or span.end is not None:
        return span
    found = (hit.listen_at for hit in hits if abs(hit.start - span.start) < TICK)
    return Span(next(found, lead_in(span.start)))


def read_span(text: str, duration: float) -> Span | None:
    """Read `?t=`, seconds or a clock; None if it is no place of the episode. An end that does not
    follow, or after more than LONGEST_SPAN, is left out.

    >>> read_span("754", 3600), read_span("2.5,12", 3600), read_span("1:02:34", 7200)
    (Span(start=754.0, end=None), Span(start=2.5, end=12.0), Span(start=3754.0, end=None))
    >>> read_span("nan", 3600), read_span("-1", 3600), read_span("7e9", 3600)
    (None, None, None)
    >>> read_span("20,10", 3600), read_span("10,2000", 3600)
    (Span(start=20.0, end=None), Span(start=10.0, end=None))
    """
    first, _, last = text.partition(",")
    start, end = read_moment(first), read_moment(last)
    if start is None or start >= duration:
        return None
    follows = end is not None and 0 < end - start <= LONGEST_SPAN
    return Span(start, min(end, duration) if end is not None and follows else None)


def write_second(second: float) -> str:
    """Write a time for `?t=`.

    >>> write_second(754.0), write_second(2.5), write_second(0.1 + 0.2)
    ('754', '2.5', '0.3')
    """
    return f"{second:.3f}".rstrip("0").rstrip(".")
