"""A book: its episodes and its description. It reads the text through `holdings`, so it has no word
that listeners may not have. Its sound is as received, if every reading system plays it: MP3, AAC in
MP4, Opus in Ogg (https://www.w3.org/TR/epub-33/#sec-core-media-types)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path, PurePath

from radio import pictures
from radio.archive import Archive, holdings, paths
from radio.archive.authorship import status_of
from radio.archive.episode import Episode, Show, mime_of
from radio.books.text import BookChapter, compose
from radio.derived import covers
from radio.formats import addresses
from radio.formats.markdown import described
from radio.french.dates import write_date
from radio.system.disk import open_file
from radio.system.errors import NotFoundError, warned
from radio.system.messages import _
from radio.system.words import Words, words_of
from radio.text.chapters import Chapters
from radio.text.transcript import Evidence, Transcript

HEAD = 64  # bytes of an Ogg that name its codec
OPUS = b"OpusHead"
OPUS_MIME = "audio/ogg; codecs=opus"

Picture = tuple[str, bytes]  # a media type, and the bytes


@dataclass(frozen=True)
class BookSound:
    """The sound of an episode, or of a part of it, in a book."""

    name: str  # in the book
    mime: str
    source: str = ""  # where it lies beneath the root of the archive, as received
    copy: Path | None = None  # else a file that was made for the book
    start: float = 0.0  # second of the recording at which it begins


@dataclass(frozen=True)
class BookPart:
    """What a book holds of one episode: all that is said, or an excerpt."""

    show: Show
    episode: Episode
    chapters: tuple[BookChapter, ...]
    start: float  # seconds in the recording
    end: float
    note: str  # who answers for the text
    address: str  # of the episode; nothing where the site does not know its own
    sound: BookSound | None = None
    proposed: bool = False  # whether a machine chose the chapters
    is_further: bool = False  # whether another excerpt of the episode is before it

    @property
    def language(self) -> str:
        """The language in which it is spoken."""
        return self.show.language_of(self.episode)

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
    language: str
    identifier: str  # the same for every state of the book
    parts: tuple[BookPart, ...]
    seed: str  # of the cover that is drawn where none is given
    modified: int  # seconds since 1970: when the newest of its files was written
    given: Picture | None = None  # the cover, where it is not drawn
    cloth: str = ""  # of its show
    address: str = ""
    description: str = ""
    note: str = ""  # how much of what there is the book holds

    @property
    def words(self) -> Words:
        """What it says around what it holds."""
        return words_of(self.language)

    @cached_property
    def cover(self) -> Picture:
        """The picture that somebody gave, else one that says the title."""
        drawn = (self.title, self.subtitle, self.seed, covers.SIDE, self.cloth)
        return self.given or ("image/png", pictures.cover(*drawn))

    @property
    def day(self) -> date:
        """The day of the newest episode in it."""
        return max(each.episode.date for each in self.parts)

    @property
    def licenses(self) -> tuple[str, ...]:
        """The licences of all that is in it, each once."""
        return tuple(dict.fromkeys(each.show.license for each in self.parts))

    @property
    def notes(self) -> tuple[str, ...]:
        """Who answers for the texts in it, each once."""
        return tuple(dict.fromkeys(each.note for each in self.parts))

    @property
    def people(self) -> tuple[str, ...]:
        """The people named by its episodes, each once."""
        named = (person.name for each in self.parts for person in each.episode.people)
        return tuple(dict.fromkeys(filter(None, named)))

    @property
    def makers(self) -> tuple[str, ...]:
        """Who made the shows: collectives, else an author, else the show itself."""
        shows = ((each.show, each.episode) for each in self.parts)
        made = (show.producers_of(each) or (show.author or show.title,) for show, each in shows)
        return tuple(dict.fromkeys(name for names in made for name in names if name))


def read_part(
    archive: Archive, episode: Episode, chapters: Chapters, base_url: str, *, has_music: bool = True
) -> BookPart:
    """Read all that is said in a public episode, and its music if asked for. Raises NotFoundError
    without a finished text, TranscriptError if that can't be read."""
    said = holdings.transcript(archive, episode.key)
    if said is None:
        raise NotFoundError(_("{key} : pas encore de texte, donc pas de livre", key=episode.key))
    # Megabytes need not be read where nobody asks for them.
    evidence = None
    if has_music or "model" not in said.note:
        with warned():  # without it, the book only lacks the music
            evidence = archive.evidence(episode.key)
    show, duration = archive.show(episode.show), episode.audio.duration
    regions = evidence.regions if evidence and has_music else ()
    words = words_of(show.language_of(episode))
    found, proposed = compose(said.cues, regions, chapters.parts, duration), chapters.proposed
    note = _answer(words, status_of(archive, episode.key), said, evidence)
    address = addresses.episode_page(base_url, episode.key) if base_url else ""
    return BookPart(show, episode, found, 0.0, duration, note, address, proposed=proposed)


def _answer(words: Words, status: str, said: Transcript, evidence: Evidence | None) -> str:
    """Say who answers for a text: a machine, with its model, or people."""
    try:
        known = date.fromisoformat(said.note.get("date", "")[:10]).isoformat()
    except ValueError:
        known = ""
    by = said.note.get("model") or (evidence.model if evidence else "")
    if status == "reread":
        by = said.note.get("source", "")
    details = ", ".join(filter(None, (by, known and write_date(known, words.language))))
    text = {
        "machine": _(
            "Transcription automatique, non relue{made}. Elle contient des erreurs\u00a0: "
            "seul l’enregistrement fait foi."
        ),
        "changed": _(
            "Transcription automatique, modifiée à la main{made}. Personne ne dit l’avoir "
            "relue en entier\u00a0: seul l’enregistrement fait foi."
        ),
        "reread": _("Transcription relue{made}."),
    }.get(status, _("On ne sait pas si cette transcription a été relue."))
    return words.say(text, made=f" ({details})" if details else "")


def book_of(archive: Archive, part: BookPart) -> Book:
    """Make a book of one episode."""
    show, episode = part.show, part.episode
    is_given = covers.given(archive, episode) is not None
    return Book(
        title=" ".join(episode.title.split()) or episode.key,
        subtitle=" ".join(show.title.split()),
        language=part.language,
        identifier=episode.guid or episode.key,
        parts=(part,),
        seed=episode.key,
        modified=written(archive, [part]),
        given=covers.cover(archive, episode) if is_given else None,
        cloth=covers.cloth(archive, episode.show),
        address=part.address,
        description=described(show, episode),
    )


def anthology(
    archive: Archive, title: str, subtitle: str, parts: Sequence[BookPart], name: str
) -> Book:
    """Make one book of several parts; `name` is its own, the same for every state of it."""
    language, modified = parts[0].language, written(archive, parts)
    return Book(title, subtitle, language, name, tuple(parts), seed=name, modified=modified)


def written(archive: Archive, parts: Iterable[BookPart]) -> int:
    """Give when the newest file of some episodes was written, in seconds since 1970."""
    files = (file for each in parts for file in holdings.files_of(archive, each.episode))
    return max((file.stamp[0] for file in files), default=0) // 10**9


def core_mime(archive: Archive, episode: Episode) -> str:
    """Give the media type of a recording in a book; nothing where a book can't hold it."""
    path, mime = holdings.find(archive, episode, "audio"), mime_of(episode.audio.file) or ""
    if path is None or mime in ("audio/mpeg", "audio/mp4"):
        return mime if path else ""
    if mime != "audio/ogg":
        return ""
    with open_file(path) as file:
        return OPUS_MIME if OPUS in file.read(HEAD) else ""


def with_recording(archive: Archive, part: BookPart, number: str = "") -> BookPart:
    """Give an episode its recording as it was received, where a book can hold it."""
    mime = core_mime(archive, part.episode)
    if not mime:
        return part
    suffix = PurePath(part.episode.audio.file).suffix
    name = f"sound-{number}{part.episode.slug}{suffix}"
    return replace(part, sound=BookSound(name, mime, paths.audio(part.episode)))


def sound_note(part: BookPart) -> str:
    """Say what of the sound of an episode is in its book."""
    words, episode = words_of(part.language), part.episode
    if part.sound:
        return words.say(
            "Le texte suit la voix\u00a0: l’enregistrement est dans ce livre, qui se lit sans "
            "réseau."
        )
    if not episode.rights.allows("download"):
        sentence = words.say("Ce livre est sans le son : il n’est pas offert au téléchargement.")
        return f"{sentence} {episode.rights.reason}".strip()
    return words.say(
        "Ce livre est sans le son\u00a0: les liseuses ne lisent pas cet enregistrement ({kind}). "
        "L’épisode s’écoute à son adresse.",
        kind=episode.audio.suffix.upper(),
    )
