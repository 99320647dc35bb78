"""The tags of a recording; the only room that imports mutagen. `reader` reads the tags of others;
`heads` writes a `Label` of ours before a recording, in the formats `id3`, `vorbis` and `mp4`.
`private` finds what tags say about people who did not mean it."""

from radio.sound.tags.heads import Head, read_head, write_head
from radio.sound.tags.label import Label, LabelChapter, LyricLine
from radio.sound.tags.private import read_private
from radio.sound.tags.reader import Tags, read_picture, read_tags

__all__ = [
    "Head",
    "Label",
    "LabelChapter",
    "LyricLine",
    "Tags",
    "read_head",
    "read_picture",
    "read_private",
    "read_tags",
    "write_head",
]
