"""The glossary of a show: names, and acronyms: `VSA = vidéosurveillance algorithmique`."""

import re
from collections.abc import Iterable

_EXPLAINED = re.compile(r"\s*(?P<acronym>[^\W_][\w.]*[\w.])\s*=\s*(?P<words>\S.*?)\s*", re.DOTALL)


def names(glossary: Iterable[str]) -> list[str]:
    """Give the names, and the acronyms without their words.

    >>> names(["Radio Dio", "VSA = vidéosurveillance algorithmique"])
    ['Radio Dio', 'VSA']
    """
    return [match["acronym"] if (match := _match(each)) else each for each in glossary]


def meanings(glossary: Iterable[str]) -> list[tuple[str, str]]:
    """Give the explained acronyms, without dots, each with its words.

    >>> meanings(["Radio Dio", "C.N.I.L. = Commission de l’informatique"])
    [('CNIL', 'Commission de l’informatique')]
    """
    matches = filter(None, map(_match, glossary))
    return [(each["acronym"].replace(".", ""), " ".join(each["words"].split())) for each in matches]


def entries(glossary: Iterable[str]) -> list[str]:
    """Give the names, the acronyms and their words.

    >>> entries(["Radio Dio", "VSA = vidéosurveillance algorithmique"])
    ['Radio Dio', 'VSA', 'vidéosurveillance algorithmique']
    """
    every = list(glossary)
    return [*names(every), *(words for _, words in meanings(every))]


def _match(entry: str) -> re.Match[str] | None:
    match = _EXPLAINED.fullmatch(entry)
    return match if match and re.search(r"[^\W_]{2}", match["words"]) else None
