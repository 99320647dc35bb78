"""Bags as they are written down: BagIt 1.0 (RFC 8493), with SHA-256 alone. Pure.

A bag is a folder: `data/` holds what is given, a manifest the hash of each file of it, and tag
files beside them say what it is and bear their own hashes in a tag manifest.
"""

import re
from collections.abc import Iterable, Sequence

from radio.system.errors import ArchiveError
from radio.system.messages import _

DECLARATION = "bagit.txt"
INFO = "bag-info.txt"
MANIFEST = "manifest-sha256.txt"
TAG_MANIFEST = "tagmanifest-sha256.txt"
PAYLOAD = "data/"
DECLARED = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"

LINE = re.compile(r"([0-9a-fA-F]{64})[ \t]+\*?(.+)")
ESCAPES = {"%25": "%", "%0A": "\n", "%0D": "\r", "%0a": "\n", "%0d": "\r"}
READABLE = re.compile(r"(0\.9[67]|1\.0)")

Tags = Sequence[tuple[str, str]]
"""The tags of a bag in order, some of them several times."""


def is_plain(name: str) -> bool:
    """Whether every program that reads bags finds a file of this name.

    They don't agree on how a percent sign is written in a manifest.

    >>> is_plain("L’œil.jpg"), is_plain("50 %.jpg"), is_plain("a\\nb"), is_plain("\\udce9.jpg")
    (True, False, False, False)
    """
    return name.isprintable() and "%" not in name


def render_line(sha256: str, path: str) -> bytes:
    """Write the line of a manifest for a file with a plain path."""
    return f"{sha256}  {path}\n".encode()


def read_manifest(lines: Iterable[bytes], where: object) -> dict[str, str]:
    """Read the sha256 of each path that a manifest names.

    Raises ArchiveError naming `where` if a line is none of a manifest, or a path comes twice.
    """
    hashes: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        match = LINE.fullmatch(_decode(line, where).rstrip("\r\n"))
        if match is None:
            raise ArchiveError(
                _("{where}: line {number} is none of a manifest; copy the bag again").format(
                    where=where, number=number
                )
            )
        sha256, written = match.groups()
        path = re.sub("|".join(ESCAPES), lambda found: ESCAPES[found[0]], written)
        path = path.removeprefix("./")
        if path in hashes:
            raise ArchiveError(
                _("{where}: names {path!r} twice; copy the bag again").format(
                    where=where, path=path
                )
            )
        hashes[path] = sha256.lower()
    return hashes


def render_tags(tags: Tags) -> bytes:
    """Write `bag-info.txt`, one line for each tag that says something.

    >>> render_tags([("Source-Organization", "Radio\\nDio"), ("Contact-Name", "")])
    b'Source-Organization: Radio Dio\\n'
    """
    told = ((name, " ".join(value.split())) for name, value in tags)
    return "".join(f"{name}: {value}\n" for name, value in told if value).encode()


def read_tags(content: bytes, where: object) -> Tags:
    """Read `bagit.txt` or `bag-info.txt`, long lines folded or not.

    Raises ArchiveError naming `where` if a line is no tag.
    """
    tags: list[tuple[str, str]] = []
    for line in filter(str.strip, _decode(content, where).splitlines()):
        if line[0] in " \t" and tags:
            tags[-1] = tags[-1][0], f"{tags[-1][1]} {line.strip()}"
            continue
        name, colon, value = line.partition(":")
        if not colon:
            raise ArchiveError(
                _("{where}: {line!r} is no tag; copy the bag again").format(
                    where=where, line=line[:80]
                )
            )
        tags.append((name.strip(), value.strip()))
    return tags


def values(tags: Tags, name: str) -> list[str]:
    """Give what the tags of a name say."""
    return [value for each, value in tags if each.lower() == name.lower()]


def check_declaration(content: bytes, where: object) -> None:
    """Raise ArchiveError unless `bagit.txt` declares a bag that can be read here."""
    tags = read_tags(content, where)
    version = (values(tags, "BagIt-Version") or [""])[0]
    encoding = (values(tags, "Tag-File-Character-Encoding") or [""])[0]
    if not READABLE.fullmatch(version) or encoding.upper() != "UTF-8":
        raise ArchiveError(_("{where}: not BagIt 1.0 in UTF-8; is it a bag?").format(where=where))


def _decode(content: bytes, where: object) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise ArchiveError(
            _("{where}: not UTF-8; copy the bag again").format(where=where)
        ) from error
