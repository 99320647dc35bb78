"""Which sound a book may hold: what every reading system plays, as it was received.

Those are MP3, AAC in MP4, and Opus in Ogg (https://www.w3.org/TR/epub-33/#sec-core-media-types).
"""

from dataclasses import replace
from pathlib import PurePath

from radio.archive import Archive, holdings, paths
from radio.archive.episode import Episode, mime_of
from radio.books.book import BookPart, BookSound
from radio.books.words import words_of
from radio.system.disk import open_file

HEAD = 64  # bytes of an Ogg that name its codec
OPUS = b"OpusHead"
OPUS_MIME = "audio/ogg; codecs=opus"


def core_mime(archive: Archive, episode: Episode) -> str:
    """Give the media type of a recording in a book; nothing where a book can't hold it."""
    path, mime = holdings.find(archive, episode, "audio"), mime_of(episode.audio.file) or ""
    if path is None or mime in ("audio/mpeg", "audio/mp4"):
        return mime if path else ""
    if mime != "audio/ogg":
        return ""
    with open_file(path) as file:
        return OPUS_MIME if OPUS in file.read(HEAD) else ""


def with_recording(archive: Archive, part: BookPart) -> BookPart:
    """Give an episode its recording as it was received, where a book can hold it."""
    episode = part.episode
    mime = core_mime(archive, episode)
    if not mime:
        return part
    name = f"sound-{episode.slug}{PurePath(episode.audio.file).suffix}"
    return replace(part, sound=BookSound(name, mime, paths.audio(episode)))


def sound_note(part: BookPart) -> str:
    """Tell what of the sound of an episode is in its book."""
    words = words_of(part.show.language_of(part.episode))
    if part.sound:
        return words.has_sound
    if not part.episode.rights.allows("download"):
        return words.withholds_sound.format(reason=part.episode.rights.reason).strip()
    return words.lacks_sound.format(kind=part.episode.audio.suffix.upper())
