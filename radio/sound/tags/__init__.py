"""The tags of a recording; the only room that imports mutagen. `reader` reads the tags of others;
`heads` writes a `Label` of ours before a recording, in the formats `id3`, `vorbis` and `mp4`.
`private` finds what tags say about people who did not mean it."""

from radio.sound.tags.heads import read_head, write_head
from radio.sound.tags.label import Label, LabelLine

__all__ = ["Label", "LabelLine", "read_head", "write_head"]
