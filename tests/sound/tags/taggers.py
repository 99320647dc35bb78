"""Writes the same tags in each format, by mutagen."""

from collections.abc import Callable
from pathlib import Path

import mutagen
from mutagen import flac, id3, mp4, oggopus, oggvorbis, wave

from radio.sound.tags import Tags

WORDS = Tags("L’œil de la ville", "2024-03-19", "Une émission", ("Anna", "Noé"), "La Machine")


def tag_id3(tags: id3.ID3) -> None:
    tags.add(id3.TIT2(text=WORDS.title))
    tags.add(id3.TDRC(text=WORDS.date))
    tags.add(id3.COMM(lang="fra", desc="notes", text=WORDS.description))
    tags.add(id3.TPE1(text=list(WORDS.artists)))
    tags.add(id3.TALB(text=WORDS.album))


def tag_mp3(path: Path) -> None:
    tags = id3.ID3()
    tag_id3(tags)
    tags.save(path)


def tag_wav(path: Path) -> None:
    file = wave.WAVE(path)
    file.add_tags()
    assert file.tags is not None
    tag_id3(file.tags)
    file.save()


def tag_m4a(path: Path) -> None:
    file = mp4.MP4(path)
    values = (WORDS.title, WORDS.date, WORDS.description, WORDS.album)
    file.update(dict(zip(("©nam", "©day", "desc", "©alb"), values, strict=True)))
    file["©ART"] = list(WORDS.artists)
    file.save()


def tag_comments(kind: type[mutagen.FileType]) -> Callable[[Path], None]:
    def tag(path: Path) -> None:
        file = kind(path)
        told = vars(WORDS) | {"artist": list(WORDS.artists)}
        words = {name: value for name, value in told.items() if isinstance(value, str | list)}
        file.update({name.upper(): value for name, value in words.items()})
        file.save()

    return tag


TAGGERS = {
    ".mp3": tag_mp3,
    ".wav": tag_wav,
    ".m4a": tag_m4a,
    ".flac": tag_comments(flac.FLAC),
    ".ogg": tag_comments(oggvorbis.OggVorbis),
    ".opus": tag_comments(oggopus.OggOpus),
}
