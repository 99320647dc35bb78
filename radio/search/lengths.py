"""How long an episode lasts, as a filter says it: `>30`, `<10`, `20-40` minutes; `1h30` too."""

import re

_TIME = r"(?:(?P<{0}h>\d{{1,2}})h(?P<{0}rest>\d{{2}})?|(?P<{0}m>\d{{1,4}})(?:min|mn|m)?)"
_FROM, _TO = _TIME.format("a"), _TIME.format("b")
_RANGE = re.compile(rf"(?P<sign>[<>]=?)?{_FROM}|{_FROM.replace('P<a', 'P<c')}-{_TO}", re.IGNORECASE)
ENDLESS = 2**32  # seconds, longer than any

Lengths = tuple[int, int]
"""The shortest and the longest, in seconds, both included."""


def lengths(text: str) -> Lengths | None:
    """Read the lengths that a filter allows; None where it says none.

    >>> lengths(">30"), lengths("<10"), lengths("20-40"), lengths("45")
    ((1801, 4294967296), (0, 599), (1200, 2400), (2700, 2759))
    >>> lengths(">=1h30"), lengths("1h-2h"), lengths("long")
    ((5400, 4294967296), (3600, 7200), None)
    """
    match = _RANGE.fullmatch(text)
    if match is None:
        return None
    parts = match.groupdict()
    if parts["bh"] or parts["bm"]:
        shortest, longest = _seconds(parts, "c"), _seconds(parts, "b")
        return min(shortest, longest), max(shortest, longest)
    seconds, sign = _seconds(parts, "a"), parts["sign"]
    return {
        None: (seconds, seconds + 59),
        ">": (seconds + 1, ENDLESS),
        ">=": (seconds, ENDLESS),
        "<": (0, max(0, seconds - 1)),
        "<=": (0, seconds),
    }[sign]


def _seconds(parts: dict[str, str | None], side: str) -> int:
    hours, rest, minutes = (int(parts[f"{side}{name}"] or 0) for name in ("h", "rest", "m"))
    return 60 * (60 * hours + rest + minutes)
