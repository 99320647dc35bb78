"""Answers kept in files, and how others differ from them, in words."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from pathlib import Path

Record = dict[str, dict[str, str]]
"""What was answered, by the name of a file and by what was asked."""
ASKED = "=== "
NAMED = 3  # places of one difference


def keep(folder: Path, record: Record) -> None:
    """Write a record in the place of the one that is there; what is answered alike, once."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.glob("*.txt"):
        path.unlink()
    for name, answers in record.items():
        alike = defaultdict(list)
        for asked, answer in answers.items():
            alike[answer.strip("\n")].append(f"{ASKED}{asked}\n")
        text = "\n\n".join("".join(asked) + answer for answer, asked in alike.items())
        (folder / f"{name}.txt").write_text(f"{text}\n", encoding="utf-8")


def read(folder: Path) -> Record:
    return {
        path.stem: dict(_read(path.read_text(encoding="utf-8"))) for path in folder.glob("*.txt")
    }


def _read(text: str) -> Iterator[tuple[str, str]]:
    asked, lines = list[str](), list[str]()
    for line in [*text.split("\n"), ASKED]:
        if line.startswith(ASKED) and lines:
            yield from ((each, "\n".join(lines).strip("\n")) for each in asked)
            asked, lines = [], []
        if line.startswith(ASKED):
            asked.append(line.removeprefix(ASKED))
        else:
            lines.append(line)


def differences(kept: Record, found: Record) -> list[str]:
    """Tell each difference once, with the places that have it."""
    before, now = _places(kept), _places(found)
    told = defaultdict[str, list[str]](list)
    for place in before.keys() | now.keys():
        if place not in now:
            told["is asked for no more"].append(place)
        elif place not in before:
            told["is new, and is in no record"].append(place)
        else:
            for change in _changes(before[place], now[place]):
                told[change].append(place)
    return [f"{_named(sorted(places))}\n{change}" for change, places in sorted(told.items())]


def _places(record: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    return {
        f"{name}.txt: {asked}": answer.strip("\n")
        for name, answers in record.items()
        for asked, answer in answers.items()
    }


def _changes(before: str, now: str) -> Iterator[str]:
    old, new = before.split("\n"), now.split("\n")
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            lines = [*(f"  - {line}" for line in old[a:b]), *(f"  + {line}" for line in new[c:d])]
            yield "\n".join(lines)


def _named(places: list[str]) -> str:
    more = f"\n(and {len(places) - NAMED} more places)" if len(places) > NAMED else ""
    return "\n".join(places[:NAMED]) + more
