"""Names that people asked to be replaced, and what stands in their place. `desk/pseudonyms/` has
only a salted hash of a name, enough to find it in a later transcription. Case, accents and what
joins two words may differ. ArchiveError if a file can't be read or written."""

import contextlib
import hashlib
import html
import json
import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from radio.archive import journal, paths
from radio.french.letters import composed, without_accents
from radio.system.records import RecordFile
from radio.text.aligned import evenly, locate
from radio.text.transcript import Segment, Word

FOLDER = f"{journal.FOLDER}/pseudonyms"
EVERYWHERE = "all"
OF_SHOW = "show"  # which is the slug of no episode
TOKEN = re.compile(r"[^\W_]+")
CODED = re.compile(r"\\u|&(?!amp;|lt;|gt;|nbsp;)")  # a letter that is not written as itself
ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
MARKUP = re.compile(r"</?[^<>\n]*>")
# keys of JSON that hold addresses, file names or words of the program
KEPT = frozenset({"audio", "guid", "formerly", "image", "url", "page", "link", "status", "sha256"})
JOINT = re.compile(r"[\s.\-‐‑'’]{1,4}")  # between two words of a name


@dataclass(frozen=True)
class Pseudonym:
    """The text shown in place of a name, which is known by its hash alone."""

    size: int  # words of the name
    salt: str
    digest: str
    shown: str

    def means(self, words: Sequence[str]) -> bool:
        """Whether some plain words are the name."""
        return _digest(self.salt, words) == self.digest


@dataclass(frozen=True)
class Pseudonyms:
    """All pseudonyms of an episode, or of all."""

    pseudonyms: tuple[Pseudonym, ...] = ()


ALL = RecordFile(f"{FOLDER}/{EVERYWHERE}.json", Pseudonyms)


def pseudonym_of(name: str, shown: str) -> Pseudonym:
    """Make a pseudonym of a name; of size 0 where the name has no letter."""
    words, salt = [_plain(each) for each in TOKEN.findall(composed(name))], secrets.token_hex(16)
    return Pseudonym(len(words), salt, _digest(salt, words), " ".join(shown.split()))


def path_of(key: str) -> str:
    """Give the path of the pseudonyms of an episode, a show or all, beneath the root."""
    if key == EVERYWHERE:
        return f"{FOLDER}/{key}.json"
    show, _slash, slug = key.partition("/")
    return f"{FOLDER}/{show_key(show) if slug == OF_SHOW else paths.checked_key(key)}.json"


def show_key(show: str) -> str:
    """Name the key of the pseudonyms of a whole show, its later episodes too."""
    return f"{paths.checked(show)}/{OF_SHOW}"


def read_pseudonyms(root: Path, key: str) -> Pseudonyms:
    """Read the pseudonyms under a key; none where there is no such file."""
    return RecordFile(path_of(key), Pseudonyms).read(root)


def render_pseudonyms(pseudonyms: Pseudonyms) -> str:
    """Write pseudonyms as JSON."""
    return ALL.render(pseudonyms).decode()


def add_pseudonyms(root: Path, key: str, added: Pseudonyms) -> None:
    """Add pseudonyms under a key; call it under the archive's lock."""
    every = dict.fromkeys((*read_pseudonyms(root, key).pseudonyms, *added.pseudonyms))
    journal.desk(root)
    journal.write_private(root / path_of(key), render_pseudonyms(Pseudonyms(tuple(every))).encode())


def pseudonyms_for(root: Path, names: Iterable[str]) -> tuple[Pseudonym, ...]:
    """Give all pseudonyms of an episode, by the names that it has or had."""
    keys = tuple(names)
    keys = (EVERYWHERE, *dict.fromkeys(show_key(key.partition("/")[0]) for key in keys), *keys)
    return tuple(each for key in keys for each in read_pseudonyms(root, key).pseudonyms)


def every_pseudonym(root: Path) -> tuple[Pseudonym, ...]:
    """Give the pseudonyms of all episodes and shows."""
    names = (path.relative_to(root).as_posix() for path in sorted((root / FOLDER).rglob("*.json")))
    every = (RecordFile(name, Pseudonyms).read(root) for name in names)
    return tuple(each for some in every for each in some.pseudonyms)


def substitute(text: str, pseudonyms: Iterable[Pseudonym]) -> str:
    """Replace names in a text; the same text where none stands in it.

    >>> substitute("Avec ZOE  Durand.", [pseudonym_of("Zoé Durand", "Camille")])
    'Avec Camille.'
    """
    for each in pseudonyms:
        whole = composed(text)
        for start, end in reversed(list(find(whole, each))):
            whole = text = whole[:start] + each.shown + whole[end:]
    return text


def find(text: str, pseudonym: Pseudonym) -> Iterator[tuple[int, int]]:
    """Find a name in a composed text: start and end of each place, in characters."""
    tokens = list(TOKEN.finditer(text))
    plain = [_plain(each[0]) for each in tokens]
    place, size = 0, pseudonym.size
    while size and place + size <= len(tokens):
        group = tokens[place : place + size]
        gaps = (text[a.end() : b.start()] for a, b in pairwise(group))
        is_one = all(JOINT.fullmatch(gap) and "\n\n" not in gap for gap in gaps)
        if is_one and pseudonym.means(plain[place : place + size]):
            yield group[0].start(), group[-1].end()
            place += size
        else:
            place += 1


def is_suspect(text: str, names: Iterable[str]) -> bool:
    """Whether one of some names may stand in a file: a quick look, which rules out most files.

    >>> is_suspect("Avec Zoé,\\nDurand.", ["zoe durand"]), is_suspect("Avec Zoé.", ["Durand"])
    (True, False)
    """
    if CODED.search(text):
        return True
    folded = _plain(text if "<" not in text else f"{text}\n{MARKUP.sub('', text)}")
    return any(all(_plain(word) in folded for word in TOKEN.findall(name)) for name in names)


def may_name(text: str, names: Iterable[str]) -> bool:
    """Whether all words of a name stand somewhere in a text of any kind.

    >>> may_name(r'["Zo\u00e9", 0.9], ["Durand", 0.8]', ["Zoé Durand"])
    True
    """
    text = html.unescape(ESCAPED.sub(lambda each: chr(int(each[1], 16)), text))
    words = set(TOKEN.findall(_plain(f"{text}\n{MARKUP.sub('', text)}")))
    return any(words.issuperset(TOKEN.findall(_plain(name))) for name in names)


def hide_in(segments: Iterable[Segment], pseudonyms: Sequence[Pseudonym]) -> tuple[Segment, ...]:
    """Replace names in what a machine heard."""
    found = list(segments)
    for number, each in enumerate(found) if pseudonyms else ():
        text, words = substitute(each.text, pseudonyms), hide_in_words(each.words, pseudonyms)
        found[number] = replace(each, text=text, words=tuple(words))
    return tuple(found)


def hide_anywhere(value: Any, pseudonyms: Sequence[Pseudonym], kept: frozenset[str] = KEPT) -> Any:
    """Replace names in all texts of a JSON value, except the values of some keys."""
    if isinstance(value, str):
        return substitute(value, pseudonyms)
    if isinstance(value, dict):
        items = value.items()
        return {a: b if a in kept else hide_anywhere(b, pseudonyms, kept) for a, b in items}
    if isinstance(value, list | tuple):
        return [hide_anywhere(each, pseudonyms, kept) for each in value]
    return value


def hide_in_json(text: str, pseudonyms: Sequence[Pseudonym]) -> str:
    """Replace names in a JSON file, or in any other text.

    >>> hide_in_json('{"title": "Zo\\u00e9"}', [pseudonym_of("Zoé", "X")])
    '{\\n  "title": "X"\\n}\\n'
    """
    try:
        data = json.loads(text)
    except ValueError:
        return substitute(text, pseudonyms)
    hidden = _hide_fields(data, pseudonyms)
    return text if hidden == data else json.dumps(hidden, ensure_ascii=False, indent=2) + "\n"


def stands_in(text: str | None, pseudonyms: Sequence[Pseudonym]) -> bool:
    """Whether a name stands in a file, also as JSON escapes it."""
    data: Any = text or ""
    with contextlib.suppress(ValueError):
        data = json.loads(data)
    return bool(_hide_fields(data, pseudonyms) != data)


def _hide_fields(data: Any, pseudonyms: Sequence[Pseudonym]) -> Any:
    """Replace names in a JSON value; drop a correction that has a name."""
    hidden = hide_anywhere(data, pseudonyms)
    if isinstance(data, dict) and isinstance(data.get("corrections"), dict):
        pairs = hidden["corrections"].items()
        hidden["corrections"] = {a: b for a, b in pairs if substitute(a, pseudonyms) == a}
    return hidden


def hide_in_words(words: Sequence[Word], pseudonyms: Iterable[Pseudonym]) -> list[Word]:
    """Replace names in words; the new words share the time of the old ones."""
    found = list(words)
    for each in pseudonyms:
        texts = [composed(word.text) for word in found]
        for start, end in reversed(list(find(" ".join(texts), each))):
            places, before, after = locate(texts, start, end)
            here = slice(places.start, places.stop)
            shown, named = f"{before}{each.shown}{after}".split(), found[here]
            probability = min(word.probability for word in named)
            found[here] = evenly(shown, named[0].start, named[-1].end, probability)
    return found


def _digest(salt: str, words: Sequence[str]) -> str:
    return hashlib.sha256(f"{salt} {' '.join(words)}".encode()).hexdigest()


def _plain(word: str) -> str:
    return without_accents(word.casefold())
