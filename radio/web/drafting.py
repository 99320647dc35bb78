"""What keepers sent of the fields of something, and what is known to complete them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from flask import request

from radio.actions.drafts import Draft
from radio.actions.shapes import Field
from radio.archive.episode import Episode

EMPTY = 2  # boxes for one value more
MOST_KNOWN = 300  # names that a box completes
BETWEEN = " ; "  # the values of a field
TAKEN = ("theirs", "mine")  # of two texts that stand against each other


def read_draft(known: Mapping[str, Field]) -> Draft:
    """Read what was shown, and what was written; who keeps the words of another gives theirs.

    Where nobody chose between two texts, the page begins again from what both had before them.
    """
    was, mine = dict[str, str](), dict[str, str]()
    for name in known:
        if name in request.form and f"was-{name}" in request.form:
            taken = request.form.get(f"take-{name}", "")
            base = request.form.get(f"base-{name}") if taken not in TAKEN else None
            was[name] = request.form[f"was-{name}"] if base is None else base
            mine[name] = was[name] if taken == "theirs" else _written(name, known[name])
    return Draft(was, mine)


def _written(name: str, field: Field) -> str:
    texts = request.form.getlist(name)
    if field.shape != "list":
        return texts[0]
    lines = (line.strip() for text in texts for line in text.splitlines())
    return BETWEEN.join(line for line in lines if line)


def boxes(text: str) -> Sequence[str]:
    """Give what the boxes of a field hold, with some for values more."""
    return [*filter(None, text.split(BETWEEN)), *[""] * EMPTY]


def known_words(episodes: Iterable[Episode]) -> dict[str, list[str]]:
    """Name the people and tags that episodes have, the most frequent first."""
    names, tags = Counter[str](), Counter[str]()
    for each in episodes:
        names.update(each.names)
        tags.update(each.tags)
    return {"names": _frequent(names), "tags": _frequent(tags)}


def _frequent(counts: Counter[str]) -> list[str]:
    return [each for each, _number in counts.most_common(MOST_KNOWN)]
