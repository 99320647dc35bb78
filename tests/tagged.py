"""Recordings whose tags tell more than their makers know, in each format."""

import io
import struct
from collections.abc import Callable
from pathlib import Path

import mutagen
from mutagen import flac, id3, mp4
from PIL import Image

WHO = "camille-durand"
HOME = f"/home/{WHO}/rushes/12.wav"


def photograph() -> bytes:
    file, exif = io.BytesIO(), Image.Exif()
    exif[0x013B] = WHO
    Image.new("RGB", (8, 8), "#cc3300").save(file, "JPEG", exif=exif)
    return file.getvalue()


def tag_mp3(path: Path) -> None:
    tag = id3.ID3()
    title = id3.TIT2(text="Partie", encoding=3)
    by = id3.TENC(text=WHO, encoding=3)
    for frame in (
        by,
        *(id3.PRIV(owner="them", data=WHO.encode()), id3.UFID(owner="x", data=WHO.encode())),
        id3.GEOB(mime="x/y", filename=WHO, desc="", data=WHO.encode()),
        id3.POPM(email=f"{WHO}@radio.example", rating=1),
        id3.TXXX(desc="GPSLatitude", text=WHO),
        id3.TXXX(desc="theirs", text=HOME),
        id3.COMM(lang="fra", desc="", text=f"Une émission.\nSource : {HOME}"),
        id3.APIC(mime="image/jpeg", type=4, data=photograph()),
        id3.CHAP(element_id="a", start_time=0, end_time=1, sub_frames=[by]),
        id3.CHAP(element_id="b", start_time=1, end_time=2, sub_frames=[title]),
        id3.TPE2(text="Collectif"),
    ):
        tag.add(frame)
    tag.save(path)
    end = b"TAG" + b"t".ljust(94, b"\0") + f"/home/{WHO}".encode().ljust(31, b"\0")
    size = len(WHO) + 32
    heads = (0xA << 28, 1 << 31)
    ape = [b"APETAGEX" + struct.pack("<4I8x", 2000, size, 0, flags) for flags in heads]
    path.write_bytes(path.read_bytes() + ape[0] + WHO.encode() + ape[1] + end)


def tag_m4a(path: Path) -> None:
    file = mp4.MP4(path)
    file["©enc"], file["apID"], file["aART"] = [WHO], [WHO], ["Collectif"]
    file["----:com.apple.iTunes:computer name"] = [WHO.encode()]
    file["©cmt"] = [f"Une émission.\n{HOME}"]
    file["covr"] = [mp4.MP4Cover(photograph())]
    file.save()
    place = atom(b"udta", atom(b"\xa9xyz", b"\0\x1a\x15\xc7+45.43+004.39/" + WHO.encode()))
    content = path.read_bytes()
    start = content.rindex(b"moov") - 4
    length = int.from_bytes(content[start : start + 4], "big")
    assert start + length == len(content)
    moov = struct.pack(">I", length + len(place)) + content[start + 4 :] + place
    path.write_bytes(content[:start] + moov + atom(b"uuid", bytes(16) + WHO.encode()))


def atom(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), name) + content


def tag_comments(path: Path) -> None:
    file = mutagen.File(path)
    file["ENCODED-BY"], file["LOCATION"] = [WHO], [WHO]
    file["theirs"], file["comment"] = [HOME, "kept"], [f"Une émission.\n{HOME}"]
    file["albumartist"] = ["Collectif"]
    picture = flac.Picture()
    picture.type, picture.mime, picture.data = 4, "image/jpeg", photograph()
    if isinstance(file, flac.FLAC):
        file.add_picture(picture)
        file.save()
        content = path.read_bytes()
        program = b"\x02" + (4 + len(WHO)).to_bytes(3, "big") + b"ATCH" + WHO.encode()
        path.write_bytes(content[:42] + program + content[42:])
    else:
        file.save()


def tag_wav(path: Path) -> None:
    content = path.read_bytes()
    place = content.index(b"data")
    told = WHO.encode() + bytes(len(WHO) % 2)
    extra = b"bext" + struct.pack("<I", len(told)) + told
    end = b"LIST" + struct.pack("<I", 12 + len(told)) + b"INFOIENG"
    end += struct.pack("<I", len(told)) + told
    whole = b"WAVE" + content[12:place] + extra + content[place:] + end
    path.write_bytes(b"RIFF" + struct.pack("<I", len(whole)) + whole)


TAGGERS: dict[str, tuple[Callable[[Path], None], set[str]]] = {
    ".mp3": (tag_mp3, {"TENC", "PRIV", "UFID", "GEOB", "POPM", "TXXX", "COMM", "APIC", "CHAP"}),
    ".m4a": (tag_m4a, {"©enc", "apID", "----", "©cmt", "covr", "©xyz", "uuid"}),
    ".ogg": (tag_comments, {"encoded-by", "location", "theirs", "comment"}),
    ".opus": (tag_comments, {"encoded-by", "location", "theirs", "comment"}),
    ".flac": (
        tag_comments,
        {"ENCODED-BY", "LOCATION", "theirs", "comment", "APPLICATION", "PICTURE (Exif)"},
    ),
    ".wav": (tag_wav, {"bext", "LIST"}),
}
