"""What a file says of itself, read and written. The only room that imports mutagen.

`reader` reads what others wrote; `heads` puts a `Label` of ours in front of a recording, as
`frames` (ID3), `comments` (Vorbis) or `atoms` (MP4).
"""

from radio.tags.heads import Head, read_head, write_head
from radio.tags.label import Chapter, Label, Line
from radio.tags.reader import Tags, read_picture, read_tags

__all__ = [
    "Chapter",
    "Head",
    "Label",
    "Line",
    "Tags",
    "read_head",
    "read_picture",
    "read_tags",
    "write_head",
]
