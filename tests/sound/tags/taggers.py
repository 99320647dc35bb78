"""Writes the same tags in each format, by mutagen."""

from pathlib import Path

import mutagen
from mutagen import id3

from radio.sound.tags.reader import Tags
from tests.sounds import KINDS

WORDS = Tags("L’œil de la ville", "2024-03-19", "Une émission", ("Anna", "Noé"), "La Machine")


def tag(path: Path) -> None:
    file = mutagen.File(path)
    if path.suffix in (".mp3", ".wav"):
        if file.tags is None:
            file.add_tags()
        for frame in (
            id3.TIT2(text=WORDS.title),
            id3.TDRC(text=WORDS.date),
            id3.COMM(lang="fra", desc="notes", text=WORDS.description),
            id3.TPE1(text=list(WORDS.artists)),
            id3.TALB(text=WORDS.album),
        ):
            file.tags.add(frame)
    else:
        names = ("title", "date", "description", "artist", "album")
        if path.suffix == ".m4a":
            names = ("©nam", "©day", "desc", "©ART", "©alb")
        words = (WORDS.title, WORDS.date, WORDS.description, list(WORDS.artists), WORDS.album)
        file.update(dict(zip(names, words, strict=True)))
    file.save()


TAGGERS = dict.fromkeys(KINDS, tag)
