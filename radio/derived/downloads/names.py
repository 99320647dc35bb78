"""How downloads are named: so that people find them again, and every file system takes it. Pure."""

import unicodedata

from radio.archive.episode import Episode, Show

LONGEST = 150  # bytes; most file systems allow 255 with the suffix


def file_name(show: Show, episode: Episode) -> str:
    """Name a recording as people name files, without a suffix."""
    return plain(f"{show.title} – {episode.date} – {episode.title}")


def plain(text: str) -> str:
    """Keep what every file system takes of a name.

    >>> plain('Qui écoute ?\\nToi/moi : "nous"')
    'Qui écoute Toi moi nous'
    """
    characters = (
        " " if c in '/\\:*?"<>|' or unicodedata.category(c)[0] == "C" else c for c in text
    )
    name = " ".join("".join(characters).split()).strip(" .")
    return name.encode()[:LONGEST].decode(errors="ignore").strip(" .")
