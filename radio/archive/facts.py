"""Facts: what history and journal note of an act, as fields; the line is made when shown. Earlier
releases wrote a line. It is read as the fact `line`, but for keys and passages."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from radio.archive.protection import read_moment
from radio.system.messages import _
from radio.text.transcript import clock

Facts = Mapping[str, str | float]  # by name: a text, or a moment in seconds

MOST_NAMED = 3  # keys in a line
ARROW = " -> "  # between the keys of a line of earlier releases
PASSAGE = re.compile(r"(?P<start>[\d:.]+)-(?P<end>[\d:.]+)(?: \((?P<fate>seal|destroy)\))?$")
OF_A_PASSAGE = ("redact", "reread", "reread twice", "unread")
OF_A_KEY = ("delete", "replace", "cover")
ACCOUNTS = {
    "made": _("{name} : compte créé ({role})"),
    "link": _("{name} : lien donné ({role})"),
    "removed": _("{name} : compte supprimé ({role})"),
}
ROLE_NAMES = {"keeper": _("responsable"), "rereader": _("relecture")}
SHAPES: Mapping[str, str] = {
    "line": "{}",
    "to": "-> {}",
    **dict.fromkeys(("from", "fields", "names", "voices", "file", "other", "author"), "{}"),
    "gone": "{} → –",
    "removed": "–",
    "reason": "{}",
    "until": "→ {}",
    "shown": "→ {}",
    "number": "× {:.0f}",
    "undone": "{}",
    "fate": "({})",
}
CLOSE = ("to", "shown", "start")  # follow the keys without a colon


def about(facts: Facts) -> str:
    """Write facts in one line, in the current language.

    >>> about({"reason": "À sa demande.", "until": "2027-01-31"}), about({"gone": "Zoé"})
    ('À sa demande. → 2027-01-31', 'Zoé → –')
    >>> about({"start": 19.9, "end": 22.6, "fate": "seal"})
    '0:19-0:22 (seal)'
    """
    if "account" in facts:
        role = str(facts["role"])
        message = ACCOUNTS[str(facts["account"])]
        return _(message, name=facts["name"], role=_(ROLE_NAMES.get(role, role)))
    moments = [clock(float(facts[each])) for each in ("start", "end") if each in facts]
    shaped = (shape.format(facts[name]) for name, shape in SHAPES.items() if facts.get(name))
    return " ".join(filter(None, ("-".join(moments), *shaped))) + ("…" if "more" in facts else "")


def line_of(keys: Sequence[str], facts: Facts) -> str:
    """Describe an act in one line: what it was done to, and its facts.

    >>> line_of(["emission/x"], {"to": "emission/y"}), line_of(["a/b"], {"fields": "title, date"})
    ('emission/x -> emission/y', 'a/b: title, date')
    """
    named, text = name_some(keys), about(facts)
    if not (named and text):
        return named or text
    return f"{named} {text}" if facts.keys() & set(CLOSE) else f"{named}: {text}"


def name_some(keys: Sequence[str]) -> str:
    """Name the first keys, and how many there are.

    >>> name_some(["a/b"]), name_some(["a/b", "a/c", "a/d", "a/e"])
    ('a/b', 'a/b, a/c, a/d, … (4)')
    """
    named = ", ".join(keys[:MOST_NAMED])
    return f"{named}, … ({len(keys)})" if len(keys) > MOST_NAMED else named


def amended(facts: Facts, change: Callable[[str], str]) -> Facts:
    """Give facts with their texts changed."""
    return {a: change(b) if isinstance(b, str) else b for a, b in facts.items()}


def read_line(data: dict[str, Any]) -> None:
    """Turn the line of an earlier release into keys and facts, in the data of an act."""
    if not isinstance(line := data.pop("told", None), str):
        return
    what, facts = data.get("what"), dict[str, str | float](line=line)
    old, arrow, new = line.partition(ARROW)
    if what in ("rename", "move", "merge") and arrow:
        data["keys"], facts = [old], {"to": new}
    elif what in OF_A_KEY and "key" not in data:
        data["keys"], facts = [line], {}
    elif what in OF_A_PASSAGE and (found := PASSAGE.search(line)):
        facts = {each: read_moment(found[each]) or 0.0 for each in ("start", "end")}
        facts |= {"fate": found["fate"]} if found["fate"] else {}
    else:
        named, _colon, text = line.partition(": ")
        if all(each not in ("", "…") and " " not in each for each in named.split(", ")):
            data["keys"], facts = named.split(", "), {"line": text}
    data["facts"] = {name: value for name, value in facts.items() if value != ""}
