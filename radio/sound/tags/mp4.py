"""A label as atoms of MP4, as iTunes writes them; chapters as Nero's `chpl`.

Atoms: ISO/IEC 14496-12. `chpl`: version and flags, 4 unused bytes, a count, and for each
chapter its start in units of 100 nanoseconds, the length of its title, and the title.
"""

import struct
from collections.abc import Iterable
from typing import Any, BinaryIO

from mutagen import mp4
from mutagen.mp4._atom import Atoms

from radio.sound.tags.label import Label, LabelChapter
from radio.sound.tags.private import blank, in_mp4, private_atoms

FREEFORM = "----:com.apple.iTunes:"
LONGEST_TITLE = 255  # bytes
PICTURES = {"image/jpeg": mp4.MP4Cover.FORMAT_JPEG, "image/png": mp4.MP4Cover.FORMAT_PNG}


def write(label: Label, file: BinaryIO) -> None:
    """Write a label into a file; foreign atoms stay, but for those that are private.

    Raises mutagen.MutagenError if the file can't be read.
    """
    container = mp4.MP4(file)
    if container.tags is None:
        container.add_tags()
    tags: Any = container.tags
    for name in [name for name, values in tags.items() if in_mp4(name, values)]:
        del tags[name]
    single = {
        "©nam": label.title,
        "©alb": label.album,
        "©day": label.date,
        "desc": label.description,
        "©lyr": label.text,
        "cprt": label.license,
        "purl": label.page,
    }
    tags.update({name: [text] for name, text in single.items() if text})
    if label.artists:
        tags["©ART"] = list(label.artists)
    for name in [name for name in tags if name.upper() in _freeform(label.replay_gain)]:
        del tags[name]
    for name, text in {**label.extra_fields, **label.replay_gain}.items():
        tags[f"{FREEFORM}{name}"] = [text.encode()]
    if label.cover and label.cover[0] in PICTURES:
        mime, data = label.cover
        tags["covr"] = [mp4.MP4Cover(data, PICTURES[mime]), *tags.get("covr", [])]
    chapters = _render_chapters(label.chapters) if label.chapters else b""
    file.seek(0)
    container.save(file, padding=lambda _: max(0, len(chapters) - 8))
    if chapters:
        _put_chapters(file, chapters)
    file.seek(0)
    for atom in private_atoms(Atoms(file)):
        blank(file, atom)


def _freeform(names: Iterable[str]) -> set[str]:
    return {f"{FREEFORM}{name}".upper() for name in names}


def _render_chapters(chapters: tuple[LabelChapter, ...]) -> bytes:
    body = bytes([1, 0, 0, 0]) + bytes(4) + bytes([len(chapters)])
    for chapter in chapters:
        title = chapter.title.encode()[:LONGEST_TITLE].decode(errors="ignore").encode()
        body += struct.pack(">QB", chapter.start * 10_000, len(title)) + title
    return struct.pack(">I4s", 8 + len(body), b"chpl") + body


def _put_chapters(file: BinaryIO, chapters: bytes) -> None:
    """Write chapters into the free atom that mutagen left, so that no other atom moves.

    The free atom is the last of `udta.meta`; `meta` is shortened to end before it. If it lies
    elsewhere, no chapters are written.
    """
    file.seek(0)
    atoms = Atoms(file)
    user, meta = atoms.path(b"moov", b"udta", b"meta")[1:]
    free = meta.children[-1]
    file.seek(meta.offset)
    meta_length = int.from_bytes(file.read(4), "big")  # 1 where the length is written elsewhere
    if (free.name, free.length, meta_length) != (b"free", len(chapters), meta.length):
        return
    for old in user.children:
        if old.name == b"chpl":
            file.seek(old.offset + 4)
            file.write(b"free")
    file.seek(free.offset)
    file.write(chapters)
    file.seek(meta.offset)
    file.write(struct.pack(">I", meta.length - free.length))
