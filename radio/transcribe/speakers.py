"""Who says each paragraph of a text, as people write it: « Nom : », « NOM. — », in bold, alone.

A name counts where it comes again, or is that of a person whom the sidecar names (then alone on its
line too): « Attention : » once is no name, and « Musique : » never is. Paragraphs without a name
belong to the last one.
"""

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from operator import itemgetter

_CUES = """
    archive archives date durée émission extrait extraits générique insert jingle lancement lien
    liens musique musiques note notes pause sommaire son sons sonore source sources tapis thème
    titre virgule
"""
CUES = frozenset(_CUES.split())
"""What scripts of shows say at the head of a paragraph, and is nobody's name."""
LONGEST_NAME = 40  # characters in bold at the head of a paragraph that may be a name
_TIME = re.compile(r"^[\[(]?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?[\])]?[ \u00a0\u202f]*")
_NAME = r"([^\W\d_][^:.!?…—–]{0,40}?)"
_SPACE = r"[ \u00a0\u202f]*"
_COLON = re.compile(rf"{_NAME}{_SPACE}:(?:\s+|$)")
_AFTER_BOLD = re.compile(rf"^{_SPACE}(?:[:—–-](?=\s))?\s*")
_DASH = re.compile(rf"{_NAME}{_SPACE}\.{_SPACE}[—–-]\s*|{_NAME}{_SPACE}[—–]\s*")


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of a document."""

    text: str
    voice: str | None = None  # who says it, empty for nobody; None where the format can't tell
    bold: str = ""  # its first words, in bold as a name may be


def join(pieces: Iterable[tuple[str, bool]]) -> Paragraph:
    """Make a paragraph of its pieces, each in bold or not. First words in bold may be a name.

    >>> join([("Camille", True), (" Bonsoir.", False)])
    Paragraph(text='Camille Bonsoir.', voice=None, bold='Camille')
    """
    filled = [(letters, is_bold) for letters, is_bold in pieces if letters]
    text = "".join(letters for letters, _is_bold in filled)
    bold = "".join(letters for letters, _is_bold in takewhile(itemgetter(1), filled))
    name, rest = bold.strip(), text[len(bold) :]
    is_apart = bold != bold.rstrip() or rest != rest.lstrip()
    may_be_name = 0 < len(name) <= LONGEST_NAME and name[-1].isalnum() and is_apart
    return Paragraph(text, bold=name if may_be_name and rest.strip() else "")


def assign(
    paragraphs: Sequence[Paragraph], people: Iterable[str] = ()
) -> Iterator[tuple[str, str]]:
    """Give each paragraph as who says it, and what; the name is empty before the first one.

    One of the `people` is named as they are, whatever the capitals of the text.

    >>> texts = ["NOÉ. — Oui.", "Et puis non.", "[0:12] NOÉ. — Bon.", "Oui : bon."]
    >>> list(assign([Paragraph(text) for text in texts]))
    [('NOÉ', 'Oui.'), ('NOÉ', 'Et puis non.'), ('NOÉ', 'Bon.'), ('NOÉ', 'Oui : bon.')]
    """
    known = {name.casefold(): name for name in people}
    texts = [_TIME.sub("", each.text, count=1) for each in paragraphs]
    bolds = [_TIME.sub("", each.bold, count=1) for each in paragraphs]
    heads = [_head(text, bold, known) for text, bold in zip(texts, bolds, strict=True)]
    names = Counter(name for name, _rest in heads)
    voice = ""
    for text, (name, rest) in zip(texts, heads, strict=True):
        is_named = name.casefold() in known or (names[name] > 1 and name.casefold() not in CUES)
        voice = known.get(name.casefold(), name) if name and is_named else voice
        if said := rest if name and is_named else text:
            yield voice, said


def _head(text: str, bold: str, known: Container[str]) -> tuple[str, str]:
    """Cut what may be a name from a paragraph; nothing and the whole where there is none."""
    if bold:
        return bold, _AFTER_BOLD.sub("", text.removeprefix(bold), count=1)
    if match := _COLON.match(text):
        return match[1], text[match.end() :]
    if match := _DASH.match(text):
        name = match[1] or match[2]
        if match[1] or name.isupper() or name.casefold() in known:
            return name, text[match.end() :]
    return (text.strip(), "") if text.strip().casefold() in known else ("", text)
