"""What makes a query a question, and English words where all shows are French. A question is cut at
its beginning, in French and English, and at its end, as French is spoken (« la QPC, c'est quoi ?
»): `questions.toml` has both. Lines of `english.txt`: `housing = logement`; `the =` says nothing.
Pure."""

import re
import tomllib
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib import resources

_ROOM = resources.files("radio.search")
_TABLE = tomllib.loads(_ROOM.joinpath("questions.toml").read_text(encoding="utf-8"))
_SIGNS = ("'’ʼ ", "- ", "ée", "àa", "ùu", "ûu", "çc")  # the first of each, then as people type it
_TYPED = str.maketrans({each[0]: f"[{each}]" for each in _SIGNS})
_LONGEST = 2  # words of an entry
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def _pattern(text: str) -> re.Pattern[str]:
    """Compile a text of the table, with its parts, however people type its signs."""
    while (whole := re.sub(r"<(\w+)>", lambda part: _TABLE["parts"][part[1]], text)) != text:
        text = whole
    return re.compile(text.translate(_TYPED), re.IGNORECASE)


_FRAME = _pattern(rf"(?:{'|'.join(('<talk>', '<list>', *_TABLE['openings']))})+(?=\S)")
_TAIL = _pattern(_TABLE["closing"])
_ALONE = {"qui", "ou", "où", "quand", "que", "who", "when", "where"}
_MARK = re.compile(r"[\s\u00a0\u202f]*\?+\s*$")


def asked(text: str) -> str:
    """Give the words of a question; nothing where it is none.

    >>> asked("qui a parlé de reconnaissance faciale ?"), asked("C’est quoi la QPC ?")
    ('reconnaissance faciale', 'la QPC')
    >>> asked("la reconnaissance faciale"), asked("qui vive")
    ('', '')
    """
    stated = _MARK.sub("", " ".join(text.split()))
    frame = _FRAME.match(stated)
    if frame is not None and stated == text and frame[0].strip().lower() in _ALONE:
        return ""
    words = _TAIL.sub("", stated[frame.end() if frame else 0 :])
    return words if words != stated else ""


def in_french(text: str, is_said: Callable[[str], bool]) -> str:
    """Write a query in French; nothing where no word of it is an English one that nobody says.

    >>> in_french("the facial recognition", lambda word: word == "facial")
    'reconnaissance faciale'
    >>> in_french("reconnaissance", lambda word: False)
    ''
    """
    typed, french, is_english = [word.lower() for word in _WORD.findall(text)], list[str](), False
    while typed:
        count = next((n for n in range(_LONGEST, 0, -1) if " ".join(typed[:n]) in _entries()), 1)
        words = " ".join(typed[:count])
        own = _entries().get(words, words)
        is_english |= own not in ("", words) and not all(map(is_said, typed[:count]))
        french += [own] if own else []
        del typed[:count]
    return " ".join(french) if is_english else ""


@lru_cache(maxsize=1)
def _entries() -> Mapping[str, str]:
    table = _ROOM.joinpath("english.txt").read_text(encoding="utf-8")
    pairs = (line.partition(" =") for line in table.splitlines())
    return {english: french.strip() for english, _, french in pairs}
