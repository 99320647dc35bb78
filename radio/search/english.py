"""English words asked of an archive whose shows are in French: the French words to try.

`english.txt` has one word, or a few in a row, on each line: `housing = logement`.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib import resources

_LONGEST = 2  # words of an entry
LIGHT = frozenset(
    re.findall(
        r"\w+",
        """
        a about all an and any are at by did do for from has have how in is of on or our some that
        the their there they this to was we were what when where who why with you
        """,
    )
)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def in_french(text: str, is_said: Callable[[str], bool]) -> str:
    """Write a query in French; nothing where no word of it is an English one that nobody says.

    >>> in_french("the facial recognition", lambda word: word == "facial")
    'reconnaissance faciale'
    >>> in_french("reconnaissance", lambda word: False)
    ''
    """
    typed = [word.lower() for word in _WORD.findall(text)]
    french: list[str] = []
    is_english = False
    while typed:
        count = next((n for n in range(_LONGEST, 0, -1) if " ".join(typed[:n]) in entries()), 0)
        if count:
            french.append(entries()[" ".join(typed[:count])])
            is_english |= not all(map(is_said, typed[:count]))
        elif typed[0] not in LIGHT:
            french.append(typed[0])
        del typed[: max(1, count)]
    return " ".join(french) if is_english else ""


@lru_cache(maxsize=1)
def entries() -> Mapping[str, str]:
    """Read the French of each English word."""
    table = resources.files("radio.search").joinpath("english.txt").read_text(encoding="utf-8")
    pairs = (line.partition(" = ") for line in table.splitlines())
    return {english: french for english, _, french in pairs}
