"""Lists in tests/data/search and tests/data/transcribe: what is typed or said, and what comes."""

from bench.shows import DATA

Pair = tuple[str, str]


def lines(name: str, part: str) -> list[str]:
    """Read the lines below a heading, « # part »; those that begin with ## are about the list."""
    parts: dict[str, list[str]] = {}
    (path,) = (*DATA.glob(f"search/{name}.txt"), *DATA.glob(f"transcribe/{name}.txt"))
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            own = parts.setdefault(line.removeprefix("# "), [])
        elif line and not line.startswith("##"):
            own.append(line)
    return parts.get(part, [])


def rows(name: str, part: str) -> list[tuple[str, ...]]:
    """Read lines of columns, with « | » between them."""
    return [tuple(cell.strip() for cell in line.split("|")) for line in lines(name, part)]


def pairs(name: str, part: str) -> list[Pair]:
    """Read « one / other », several to a line with three spaces between."""
    texts = (text for line in lines(name, part) for text in line.split("   "))
    halves = ([word.strip() for word in text.split("/")] for text in texts)
    return [(one, other) for one, other in halves]
