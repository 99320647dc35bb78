"""What tags say, unasked, about those who made a recording: names, places, accounts, paths. The
file is served as it came; no page, feed or download's tag has this. `radio check` reports it."""

import base64
import logging
import re
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import mutagen
from mutagen import flac, id3, mp4

from radio.sound.layout import TagPart, atoms, read_at, wave_chunks
from radio.system import sandbox
from radio.system.errors import ReaderError
from radio.system.progress import Progress

FRAMES = {  # of ID3: encoder, owner, programs' own data, accounts, serials
    *("TENC", "TOWN", "TOFN", "PRIV", "GEOB", "UFID", "OWNE", "POPM", "COMR", "MCDI", "USER"),
    *("AENC", "ENCR", "GRID", "LINK", "RBUF"),
}
COMMENTS = re.compile(  # names of free fields, in any format
    r"encoded[-_ ]?by|encoder[-_ ]?name|engineer|location|gps.*|geo.*|.*(lat|long)itude|owner.*"
    r"|contact|e-?mail|.*(user|computer|host|machine)[-_ ]?name|serial.*|.*file[-_ ]?(name|path)"
    r"|location\.iso6709|com\.apple\.quicktime\.(location|make|model|author|software).*",
    re.IGNORECASE,
)
ATOMS = {
    *("©enc", "©xyz", "©mak", "©mod", "©url", "apID"),
    *("ownr", "sosn", "xid ", "cmID", "akID", "plID"),
}
# public atoms of `udta`; phones put places and makes beside them
OURS = {b"meta", b"chpl", b"free", b"skip"}
LOOSE = {b"uuid", b"meta", b"udta"}  # atoms that are private beside the sound or its tracks
# WAV chunks needed to hear it; recorders write names and places beside them
SOUND = {b"fmt ", b"fact", b"cue ", b"data"}
HARMLESS = {b"id3 ", b"ID3 ", b"JUNK", b"PAD ", b"FLLR", b"PEAK"}
TEXT = re.compile(
    r"""(?:^|[\s"'(=])(?:[A-Z]:[\\/]|\\\\[\w.-]+\\|file:/)"""  # paths of Windows
    r"""|(?:^|[\s"'(=])/(?:home|Users|Volumes|mnt|root|private|tmp)/\S"""  # and of others
    r"""|[+-]\d{1,2}\.\d{2,}[+-]\d{1,3}\.\d{2,}"""  # a place (ISO 6709)
    r"""|\b(?:DESKTOP|LAPTOP)-[A-Z0-9]{5,}\b|\b[\w-]+\.local\b"""  # names of machines
)
PICTURE = re.compile(rb"Exif\0\0|http://ns\.adobe\.com/xap|eXIf|XML:com\.adobe|EXIF[\s\S]{4}")
LONGEST, MOST = 40, 12  # characters of a value that is shown, and how many are
BATCH = 50  # files for a child
MEMORY, CPU = 512 << 20, 60  # bytes, seconds

log = logging.getLogger(__name__)


def is_private(text: str) -> bool:
    r"""Whether a text names a path, a machine or a place.

    >>> is_private("C:\\Users\\camille\\12.wav"), is_private("La rue / le marché, 12.03")
    (True, False)
    """
    return TEXT.search(text) is not None


def publishable(text: str) -> str:
    """Leave out the lines of a text that are private."""
    if not is_private(text):
        return text
    return "\n".join(line for line in text.splitlines() if not is_private(line)).strip()


def read_private(paths: Sequence[Path]) -> Iterator[tuple[Path, list[str]]]:
    """Give the private data in the tags of some files, without files that have none."""
    for start in range(0, len(paths), BATCH):
        batch = paths[start : start + BATCH]
        yield from (pair for pair in zip(batch, _ask(batch), strict=True) if pair[1])


def _ask(paths: Sequence[Path]) -> list[list[str]]:
    """Ask one child about some files; if one is hostile, ask about each alone."""
    try:
        found: list[list[str]] = sandbox.call(
            "radio.sound.tags.private:find_all", *map(str, paths), memory=MEMORY, seconds=CPU
        )
    except ReaderError as error:
        log.debug("%s", error)
        return [["?"]] if len(paths) == 1 else [_ask([path])[0] for path in paths]
    return found


def find_all(first: str, _progress: Progress, *others: str) -> list[list[str]]:
    """Do the work of `read_private`, in the child."""
    return [_find(Path(name)) for name in (first, *others)]


def _find(path: Path) -> list[str]:
    """Name what is private in a file; what mutagen can't read is skipped."""
    try:
        with path.open("rb") as file:
            return list(dict.fromkeys(_private(file, path.suffix.lower())))[:MOST]
    except OSError:
        return []
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  mutagen raises whatever a hostile tag leads to
        log.debug("%s: %s", path, error)
        return ["?"]


def _private(file: BinaryIO, suffix: str) -> Iterator[str]:
    if suffix == ".wav":
        yield from (_shown(each.name) for each in wave_chunks(file) if _in_wave(file, each))
    file.seek(0)
    recording = mutagen.File(file)
    tags: Any = recording.tags if recording else None
    if isinstance(tags, id3.ID3):
        for frame in filter(in_id3, tags.values()):
            texts = [text for text in _texts(frame) if text.strip()]
            yield _shown(f"{frame.FrameID}: {texts[-1]}" if texts else str(frame.FrameID))
        yield from (_shown(raw[:4]) for raw in tags.unknown_frames)
    elif isinstance(tags, mp4.MP4Tags):
        yield from (_shown(key) for key, values in tags.items() if in_mp4(key, values))
    elif tags:
        yield from (_shown(f"{key}: {value}") for key, value in tags if in_comment(key, value))
    if isinstance(recording, flac.FLAC):
        for block in filter(in_flac, recording.metadata_blocks):
            yield "APPLICATION" if block.code == 2 else "PICTURE (Exif)"
    if isinstance(recording, mp4.MP4):
        yield from (_shown(atom.name) for atom in private_atoms(file))


def _in_wave(file: BinaryIO, chunk: TagPart) -> bool:
    """Whether a chunk of WAV is private; LIST often names a program alone."""
    if chunk.name != b"LIST":
        return chunk.name not in SOUND | HARMLESS
    content = read_at(file, chunk.start, min(chunk.stop - chunk.start, 1 << 16))
    text = content.decode("latin-1").replace("\0", "\n")
    return is_private(text) or b"IENG" in content or b"ITCH" in content


def _shown(text: str | bytes) -> str:
    text = text.decode("latin-1") if isinstance(text, bytes) else text
    plain = "".join(each if each.isprintable() else " " for each in text[: 2 * LONGEST])
    return textwrap.shorten(plain, LONGEST, placeholder="…")


def in_id3(frame: Any) -> bool:
    """Whether a frame of ID3 is private, by its kind or by what it says."""
    if frame.FrameID == "APIC":
        return has_metadata(frame.data)
    return (
        frame.FrameID in FRAMES
        or COMMENTS.fullmatch(str(getattr(frame, "desc", "")).strip()) is not None
        or any(map(in_id3, getattr(frame, "sub_frames", {}).values()))
        or any(map(is_private, _texts(frame)))
    )


def _texts(frame: Any) -> list[str]:
    values = [getattr(frame, name, None) for name in ("desc", "url", "owner", "email", "text")]
    lists = (value if isinstance(value, list) else [value] for value in values)
    return [str(each) for some in lists for each in some if each]


def in_mp4(key: str, values: Any) -> bool:
    """Whether an atom of `ilst` is private."""
    if key in ATOMS or COMMENTS.fullmatch(key.rpartition(":")[2]):
        return True
    some = values if isinstance(values, list) else [values]
    if key == "covr":
        return any(has_metadata(bytes(each)) for each in some)
    texts = (one.decode(errors="replace") if isinstance(one, bytes) else str(one) for one in some)
    return any(map(is_private, texts))


def in_comment(key: str, value: str) -> bool:
    """Whether a Vorbis comment is private."""
    if key.lower() == "metadata_block_picture":
        return has_metadata(base64.b64decode(value))
    return COMMENTS.fullmatch(key) is not None or is_private(value)


def in_flac(block: Any) -> bool:
    """Whether a block of FLAC is private: those of programs, and pictures with metadata."""
    return block.code == 2 or (isinstance(block, flac.Picture) and has_metadata(block.data))


def has_metadata(picture: bytes) -> bool:
    """Whether a picture says more than its pixels: a place, a camera, an author."""
    return PICTURE.search(picture) is not None


def private_atoms(file: BinaryIO) -> Iterator[TagPart]:
    """Find the atoms of an MP4 outside `ilst` that say more than the sound."""
    whole = list(atoms(file))
    yield from (each for each in whole if each.name in LOOSE)
    movies = (each for each in whole if each.name == b"moov")
    for atom in (each for movie in movies for each in atoms(file, movie)):
        match atom.name:
            case b"uuid" | b"meta":
                yield atom
            case b"udta":
                yield from (each for each in atoms(file, atom) if each.name not in OURS)
            case b"trak":
                yield from (each for each in atoms(file, atom) if each.name in LOOSE)
