"""A book: what it holds of each episode, and what it says of itself.

The text of record is read through `holdings`, so a book has no word that listeners may not have.

It may hold sound that every reading system plays, as it was received: MP3, AAC in MP4, and Opus in
Ogg (https://www.w3.org/TR/epub-33/#sec-core-media-types).
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path, PurePath

from radio.archive import Archive, holdings, paths
from radio.archive.episode import Episode, Show, mime_of
from radio.archive.standing import status_of
from radio.books.text import BookChapter, compose
from radio.books.words import Words, words_of
from radio.derived import covers
from radio.formats import addresses
from radio.formats.described import described
from radio.french.calendar import write_date
from radio.system.disk import open_file
from radio.system.errors import NotFoundError, RadioError
from radio.system.messages import _
from radio.text.chapters import Chapters
from radio.text.transcript import Evidence, Transcript

log = logging.getLogger(__name__)

Picture = tuple[str, bytes]
"""A media type, and the picture itself."""


@dataclass(frozen=True)
class BookSound:
    """The sound of an episode, or of a stretch of it, as it lies in a book."""

    name: str  # in the book
    mime: str
    source: str = ""  # where it lies beneath the root of the archive, as received
    copy: Path | None = None  # else a file that was made for the book
    start: float = 0.0  # second of the recording at which it begins


@dataclass(frozen=True)
class BookPart:
    """What a book holds of one episode: all that is said, or a stretch."""

    show: Show
    episode: Episode
    chapters: tuple[BookChapter, ...]
    start: float  # seconds in the recording
    end: float
    note: str  # who answers for the text
    address: str  # of the episode; nothing where the site does not know its own
    sound: BookSound | None = None
    proposed: bool = False  # whether a machine chose the chapters
    is_further: bool = False  # whether another stretch of the episode is before it

    @property
    def is_whole(self) -> bool:
        """Whether this is all of the episode."""
        return self.end - self.start >= self.episode.audio.duration

    def at(self, second: float) -> str:
        """Give the address that opens the episode at a second."""
        return f"{self.address}?t={int(second)}" if self.address else ""


@dataclass(frozen=True)
class Book:
    """An episode, or what several say, to be read."""

    title: str
    subtitle: str
    words: Words
    language: str
    identifier: str  # the same for every state of the book
    parts: tuple[BookPart, ...]
    cover: Picture
    modified: int  # seconds since 1970: when the newest of its files was written
    address: str = ""
    description: str = ""
    note: str = ""  # how much of what there is the book holds
    is_cover_titled: bool = False  # whether the picture says the title: those that are drawn do

    @property
    def day(self) -> date:
        """The day of the newest episode in it."""
        return max(each.episode.date for each in self.parts)

    @property
    def day_written(self) -> str:
        """The day on which the newest of its files was written."""
        return datetime.fromtimestamp(self.modified, UTC).date().isoformat()

    @property
    def licenses(self) -> tuple[str, ...]:
        """The licences of all that is in it, each once."""
        return tuple(dict.fromkeys(each.show.license for each in self.parts))

    @property
    def people(self) -> tuple[str, ...]:
        """Who is named by its episodes, each once."""
        named = (person.name for each in self.parts for person in each.episode.people)
        return tuple(dict.fromkeys(filter(None, named)))

    @property
    def makers(self) -> tuple[str, ...]:
        """Who made the shows: collectives, else an author, else the show itself."""
        found: list[str] = []
        for each in self.parts:
            own = each.show.producers_of(each.episode)
            found += own or (each.show.author or each.show.title,)
        return tuple(dict.fromkeys(filter(None, found)))


def read_part(
    archive: Archive,
    episode: Episode,
    chapters: Chapters,
    base_url: str = "",
    near: Sequence[float] | None = None,
) -> BookPart:
    """Read all that is said in a public episode, cut into sentences, or only near some seconds.

    Raises NotFoundError if it has no finished text, TranscriptError if that can't be read.
    """
    said = holdings.transcript(archive, episode.key)
    if said is None:
        raise NotFoundError(_("{key}: no text yet, so no book").format(key=episode.key))
    # Of some stretches nobody asks where there is music: megabytes need not be read for it.
    is_known = near is not None and "model" in said.note
    evidence = None if is_known else _read_evidence(archive, episode.key)
    show, duration = archive.show(episode.show), episode.audio.duration
    regions = evidence.regions if evidence else ()
    status = status_of(archive, episode.key)
    return BookPart(
        show,
        episode,
        compose(said.cues, regions, chapters.parts, duration, near),
        0.0,
        duration,
        answer(words_of(show.language_of(episode)), status, said, evidence),
        addresses.episode_page(base_url, episode.key) if base_url else "",
        proposed=chapters.proposed,
    )


def _read_evidence(archive: Archive, key: str) -> Evidence | None:
    """Read the machine's evidence. If it can't be read, the book only lacks the music."""
    try:
        return archive.evidence(key)
    except RadioError as error:
        log.warning("%s", error)
        return None


def answer(words: Words, status: str, said: Transcript, evidence: Evidence | None) -> str:
    """Tell who answers for a text: a machine, and which; or people."""
    model = said.note.get("model") or (evidence.model if evidence else "")
    date = said.note.get("date", "")
    day = write_date(date[:10], words.language) if _is_day(date) else ""
    by = said.note.get("source", "") if status == "reread" else model
    made = ", ".join(filter(None, (by, day)))
    told = {"machine": words.machine, "changed": words.changed, "reread": words.reread}
    return told.get(status, words.unknown).format(made=f" ({made})" if made else "")


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text[:10])
    except ValueError:
        return False
    return True


def book_of(archive: Archive, part: BookPart) -> Book:
    """Make a book of one episode."""
    show, episode = part.show, part.episode
    return Book(
        title=_line(episode.title) or episode.key,
        subtitle=_line(show.title),
        words=words_of(show.language_of(episode)),
        language=show.language_of(episode),
        identifier=episode.guid or episode.key,
        parts=(part,),
        cover=covers.cover(archive, episode),
        modified=written(archive, [episode]),
        address=part.address,
        description=described(show, episode),
        is_cover_titled=covers.given(archive, episode) is None,
    )


def written(archive: Archive, episodes: Sequence[Episode]) -> int:
    """Tell when the newest file of some episodes was written, in seconds since 1970."""
    files = (file for each in episodes for file in holdings.files_of(archive, each))
    return max((file.stamp[0] for file in files), default=0) // 10**9


def _line(text: str) -> str:
    return " ".join(text.split())


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
