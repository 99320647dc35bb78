"""Downloads: names, labels, heads in `cache/downloads/` (tag of an MP3, the whole of an Ogg)."""

import io
import itertools
import threading
import unicodedata
from pathlib import Path

from radio.archive import Archive
from radio.archive.episode import Episode, Show
from radio.derived.cache import DOWNLOADS, find, state_of
from radio.derived.covers import cover, given
from radio.derived.soundness import known_quality, quality_path
from radio.formats import addresses
from radio.formats.markdown import described, plain
from radio.sound import tags
from radio.sound.quality import Quality
from radio.system.connection.place import is_address
from radio.system.disk import stamp, unfinished
from radio.system.edition import edition
from radio.text.chapters import PROPOSED, Chapters
from radio.text.transcript import Transcript, render_text

_making = threading.Lock()
MOST_CHAPTERS = 255  # one byte in ID3 and MP4
NOTED = ("status", "engine", "model", "date")
LONGEST_NAME = 150  # bytes; most file systems allow 255 with the suffix


def find_head(archive: Archive, episode: Episode, base_url: str) -> io.FileIO | None:
    """Open the head of an episode if it is there and up to date."""
    return find(_path(archive, episode, base_url))


def make_head(
    archive: Archive, episode: Episode, said: Transcript | None, chapters: Chapters, base_url: str
) -> io.FileIO:
    """Make the head of an episode, unless another thread just did, and open it. It is not saved if
    its sources changed meanwhile. Raises ReaderError if it can't be made."""
    with _making:
        if found := find_head(archive, episode, base_url):
            return found
        path, show = _path(archive, episode, base_url), archive.show(episode.show)
        quality, picture = known_quality(archive, episode), cover(archive, episode)
        label = make_label(show, episode, said, chapters, base_url, picture, quality)
        with unfinished(path) as part:
            tags.write_head(archive.audio_path(episode), part, label)
            now = archive.episode(episode.key), _path(archive, episode, base_url)
            if now != (episode, path):
                return io.FileIO(part)
            return DOWNLOADS.keep_open(archive, part, path)


def _path(archive: Archive, episode: Episode, base_url: str) -> Path:
    made = edition(), base_url, stamp(quality_path(archive, episode))
    state = state_of(archive, episode, given(archive, episode))
    return DOWNLOADS.path(archive, episode.key, state, *made)


def make_label(
    show: Show,
    episode: Episode,
    said: Transcript | None,
    chapters: Chapters,
    base_url: str = "",
    cover: tuple[str, bytes] | None = None,
    quality: Quality | None = None,
) -> tags.Label:
    """Write the label of an episode, with what proves later which recording and text it has.
    `base_url` has no final slash; `cover` is a media type and a picture."""

    def at(seconds: float) -> int:
        return max(0, round(1000 * seconds))

    def line(text: str, voice: str = "") -> str:
        return " ".join(_plain(f"{voice} : {text}" if voice else text).split())

    page = addresses.episode_page(base_url, episode.key) if base_url else ""
    cues, noted = (said.cues, said.note) if said else ((), {})
    parts = chapters.parts[:MOST_CHAPTERS]
    times = itertools.pairwise([*(each.start for each in parts), episode.audio.duration])
    facts = {
        "EPISODE": episode.key,
        "EPISODE_ADDRESS": page,
        "AUDIO_SHA256": episode.audio.sha256,
        "CHAPTERS": (PROPOSED if chapters.proposed else "given") if chapters.parts else "",
        **{f"TRANSCRIPT_{name.upper()}": _plain(noted.get(name, "")) for name in NOTED},
    }
    return tags.Label(
        title=_plain(episode.title),
        album=_plain(show.title),
        date=episode.date.isoformat(),
        artists=tuple(_plain(person.name) for person in episode.people),
        publisher=_plain(show.station),
        description=_plain(plain(described(show, episode))),
        license=_plain(show.license),
        page=page,
        source=_plain(episode.source.url if is_address(episode.source.url) else show.page),
        language=show.language_of(episode),
        text=_plain(render_text(said)) if said else "",
        lines=tuple(tags.LabelLine(at(cue.start), line(cue.text, cue.voice)) for cue in cues),
        chapters=tuple(  # each ends where the next begins
            tags.LabelLine(at(start), line(each.title), at(stop))
            for each, (start, stop) in zip(parts, times, strict=False)
        ),
        loudness=quality.loudness if quality else None,
        peak=quality.peak if quality else None,
        facts={name: value for name, value in facts.items() if value},
        cover=cover,
    )


def _plain(text: str) -> str:
    """Remove what ends a text in a tag, or can't be written in UTF-8.

    >>> _plain("a\\0b\\ud800c\\n")
    'abc\\n'
    """
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))


def file_name(show: Show, episode: Episode) -> str:
    """Name a recording as people name files, without a suffix."""
    return portable(f"{show.title} – {episode.date} – {episode.title}")


def portable(text: str) -> str:
    """Reduce a name to what every file system takes.

    >>> portable('Qui écoute ?\\nToi/moi : "nous"')
    'Qui écoute Toi moi nous'
    """
    odd = {c for c in text if c in '/\\:*?"<>|' or unicodedata.category(c)[0] == "C"}
    characters = (" " if c in odd else c for c in text)
    name = " ".join("".join(characters).split()).strip(" .")
    return name.encode()[:LONGEST_NAME].decode(errors="ignore").strip(" .")
