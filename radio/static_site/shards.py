"""Shards: the data of the search without a server, as scripts of limited size.

Each script calls `shard(name, data)`, because a page that was opened from a disk may load scripts
and nothing else. No shard is much larger than SHARD, so a browser loads a few of them, however
large the archive.
"""

import json
from collections.abc import Iterable, Iterator, Sequence

SHARD = 250_000  # bytes, about

File = tuple[str, bytes]
"""A path beneath the site, and the content of that file."""


def group(rows: Iterable[str]) -> Iterator[list[str]]:
    """Group rows into shards of about SHARD bytes."""
    some, size = list[str](), 0
    for row in rows:
        length = len(row.encode())
        if some and size + length > SHARD:
            yield some
            some, size = [], 0
        some.append(row)
        size += length
    if some:
        yield some


def script(name: str, rows: Sequence[str]) -> File:
    """Write a shard as a script."""
    content = f"shard({render(name)}, [\n" + ",\n".join(rows) + "\n]);\n"
    return f"search/{name}.js", content.encode(errors="replace")


def render(value: object) -> str:
    """Write a value as JSON on one line, as short as possible."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
