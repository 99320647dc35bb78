"""A label as atoms of MP4, as iTunes writes them; chapters as Nero's `chpl`: version and flags, 4
unused bytes, a count, then for each chapter start (units of 100 ns), length of title, title."""

import struct
from typing import Any, BinaryIO

from mutagen import mp4

from radio.sound.layout import TagPart, atoms, free, read_at
from radio.sound.tags.label import Label
from radio.sound.tags.private import in_mp4, private_atoms

FREEFORM = "----:com.apple.iTunes:"
LONGEST_TITLE = 255  # bytes
PICTURES = {"image/jpeg": mp4.MP4Cover.FORMAT_JPEG, "image/png": mp4.MP4Cover.FORMAT_PNG}


def write(label: Label, file: BinaryIO) -> None:
    """Write a label into a file; foreign atoms stay, unless private. Raises MutagenError."""
    container = mp4.MP4(file)
    if container.tags is None:
        container.add_tags()
    tags: Any = container.tags
    gains = {f"{FREEFORM}{name}".upper() for name in label.replay_gain}
    for name in [name for name, old in tags.items() if name.upper() in gains or in_mp4(name, old)]:
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
    for name, text in {**label.extra_fields, **label.replay_gain}.items():
        tags[f"{FREEFORM}{name}"] = [text.encode()]
    if label.cover and label.cover[0] in PICTURES:
        mime, data = label.cover
        tags["covr"] = [mp4.MP4Cover(data, PICTURES[mime]), *tags.get("covr", [])]
    body = bytes([1, 0, 0, 0]) + bytes(4) + bytes([len(label.chapters)])
    for chapter in label.chapters:
        title = chapter.text.encode()[:LONGEST_TITLE].decode(errors="ignore").encode()
        body += struct.pack(">QB", chapter.start * 10_000, len(title)) + title
    chapters = struct.pack(">I4s", 8 + len(body), b"chpl") + body if label.chapters else b""
    file.seek(0)
    container.save(file, padding=lambda _: max(0, len(chapters) - 8))
    if chapters:
        _put_chapters(file, chapters)
    for atom in list(private_atoms(file)):
        free(file, atom)


def _put_chapters(file: BinaryIO, chapters: bytes) -> None:
    """Write chapters into the free atom that mutagen left, so that no other atom moves. It is the
    last of `udta.meta`, which is shortened to end before it; elsewhere, no chapters are written."""
    user = _within(file, _within(file, None, b"moov"), b"udta")
    meta = _within(file, user, b"meta")
    *_others, last = atoms(file, meta)
    size = last.stop - last.start
    length = int.from_bytes(read_at(file, meta.start, 4), "big")  # 1: it is written elsewhere
    if (last.name, size, length) != (b"free", len(chapters), meta.stop - meta.start):
        return
    for old in [each for each in atoms(file, user) if each.name == b"chpl"]:
        free(file, old)
    file.seek(last.start)
    file.write(chapters)
    file.seek(meta.start)
    file.write(struct.pack(">I", length - size))


def _within(file: BinaryIO, atom: TagPart | None, name: bytes) -> TagPart:
    return next(each for each in atoms(file, atom) if each.name == name)
