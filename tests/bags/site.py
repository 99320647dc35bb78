"""The archive as one download: its address, the site that gives it, what is in it."""

from pathlib import Path

WHOLE = "/download/archive.zip"


def payload(bag: Path) -> set[str]:
    return {each.relative_to(bag / "data").as_posix() for each in (bag / "data").rglob("*.*")}
