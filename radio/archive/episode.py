"""Shows and episodes, and their JSON: `show.json`, the sidecars. Pure. Unknown keys are saved. What
each episode has once is packed (slots): a site holds thousands. What lists hold is not, so that it
is written as it was, without what nobody said."""

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, Literal

from radio.archive.protection import Protection, Redaction
from radio.archive.rights import ALL_ALLOWED, Rights, require_known, require_version, version_of
from radio.archive.slugs import known_part
from radio.french.dates import read_hour
from radio.system import records
from radio.system.connection.place import is_address
from radio.system.errors import ArchiveError
from radio.system.messages import _
from radio.text.chapters import Chapter

LARGEST_SIDECAR = 4 << 20  # bytes
LONGEST = 10_000_000  # seconds of a recording; some four months
MIME = {
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".flac": "audio/flac",
    ".wav": "audio/wav",
}  # media types of what the archive takes
PICTURES = {".jpg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}  # likewise
# texts that people write of what is said; the first that exists is taken
Status = Literal["published", "draft", "embargoed", "withdrawn"]
TEXTS = (".vtt", ".srt", ".docx", ".odt", ".html", ".htm", ".txt")


@dataclass(frozen=True, slots=True)
class Audio:
    """The file as it was received."""

    file: str  # name in the show's folder
    sha256: str
    size: int  # bytes
    mime: str
    duration: float  # seconds, by decoding
    packets: str = ""  # sha256 of the encoded sound, without tags; "" in files of old
    formerly: tuple[str, ...] = ()  # the same of recordings whose place this one took

    @property
    def suffix(self) -> str:
        """What its name ends with, without the dot."""
        return PurePath(self.file).suffix[1:]

    def name_bytes(self, size: int) -> str:
        """Name the content of a stored file of a size: its sha256, unless it changed since."""
        return self.sha256 if size == self.size else f"changed-{size}"


@dataclass(frozen=True)
class Person:
    """Somebody heard or thanked in an episode."""

    name: str
    role: str = ""

    @property
    def with_role(self) -> str:
        """The name, with the role in brackets."""
        return f"{self.name} ({self.role})" if self.role else self.name


@dataclass(frozen=True)
class Link:
    """An article or a page that speaks of an episode."""

    url: str
    title: str = ""


@dataclass(frozen=True)
class Soundbite:
    """A passage that is worth hearing by itself."""

    start: float  # seconds
    duration: float
    title: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Where the audio came from."""

    original_name: str = ""
    url: str = ""  # of the audio
    retrieved: str = ""  # ISO date and time, UTC
    page: str = ""  # address of the article, or of the feed, that offered it
    guid: str = ""  # what it is called there


@dataclass(frozen=True)
class Show:
    """A radio show: what `show.json` says."""

    slug: str
    title: str
    description: str = ""
    station: str = ""
    author: str = ""
    contact: str = ""  # a mail address, or a page, to report errors
    producers: tuple[str, ...] = ()  # the collectives that make it
    language: str = "fr"
    category: str = ""
    explicit: bool = False
    link: str = ""
    image: str = ""  # name in the show's folder
    image_shows: str = ""  # in words, for who can't see it
    guid: str = ""
    license: str = ""
    owner: str = ""  # a mail address that feeds tell directories, and everybody
    claims: tuple[str, ...] = ()  # codes of directories: that their feed is ours
    funding: tuple[Link, ...] = ()  # where it is given money
    location: str = ""  # where it is made; its place on a map may follow: (geo:45.43,4.39)
    glossary: tuple[str, ...] = ()
    corrections: Mapping[str, str] = field(default_factory=dict)
    uncounted: bool = False  # how often it is heard is never counted, whatever the site does
    numbers: Literal["convention", "heard"] = "convention"  # how a transcript writes them
    grid: tuple[str, ...] = ()  # when it is on the air, as `grid` reads it
    formerly: tuple[str, ...] = ()  # the slugs that it had before: its old addresses lead here
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def picture(self) -> str:
        """The name of its picture; "" where `image` is an address, which is never shown."""
        return "" if is_address(self.image) else self.image

    @property
    def page(self) -> str:
        """The address of its own page; none where `link` is something else."""
        return self.link if is_address(self.link) else ""

    def language_of(self, episode: "Episode") -> str:
        """The language of an episode, or the main one: its own, else that of the show."""
        return self.languages_of(episode)[0]

    def languages_of(self, episode: "Episode") -> tuple[str, ...]:
        """The languages of an episode, the main one first."""
        own = episode.language
        return ((own,) if isinstance(own, str) else own) if own else (self.language,)

    def producers_of(self, episode: "Episode") -> tuple[str, ...]:
        """The collectives that made an episode: its own, else those of the show."""
        return episode.producers or self.producers


@dataclass(frozen=True, slots=True)
class Episode:
    """One episode: what its sidecar says."""

    show: str
    slug: str
    title: str
    date: dt.date
    audio: Audio
    guid: str
    date_sure: bool = True  # whether somebody gave the date; else it is that of a file
    date_precision: str = "day"  # or month, or year: what of the date is known
    language: str | tuple[str, ...] = ""  # where not that of the show; several, the main one first
    description: str = ""
    people: tuple[Person, ...] = ()
    producers: tuple[str, ...] = ()  # the collectives that made it, where not those of the show
    voices: Mapping[str, str] = field(default_factory=dict)  # names, by the number of the voice
    tags: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    soundbites: tuple[Soundbite, ...] = ()
    season: int | None = None  # from 1
    number: int | None = None  # from 1, in the season if there is one
    playlist: tuple[str, ...] = ()
    image: str = ""  # name in the show's folder: the slug, and one of PICTURES
    source: Source = Source()
    status: Status = "published"
    until: dt.datetime | None = None  # when an embargo ends, by the clock of the machine
    reason: str = ""  # of a withdrawal
    protection: Protection = field(default_factory=Protection)
    redactions: tuple[Redaction, ...] = ()  # passages that were taken out of sound and text
    rights: Rights = ALL_ALLOWED  # what listeners may do with the recording
    formerly: tuple[str, ...] = ()  # the keys that it had before: its old addresses lead here
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def known_date(self) -> str:
        """What is known of its date: 2024-01-16, 2024-01, 2024; "" where it is guessed."""
        return known_part(self.date, self.date_precision) if self.date_sure else ""

    @property
    def key(self) -> str:
        """Its one name, everywhere: `show/slug`."""
        return f"{self.show}/{self.slug}"

    @property
    def names(self) -> tuple[str, ...]:
        """People and collectives that the sidecar names, each once."""
        return tuple(dict.fromkeys((*(each.name for each in self.people), *self.producers)))

    @property
    def opens(self) -> dt.datetime | None:
        """When everybody may hear it, if it is closed until then."""
        return self.protection.until if self.status == "withdrawn" else self.until

    def is_public(self, now: dt.datetime) -> bool:
        """Whether listeners may hear it at that time."""
        return self.status == "published" or (self.opens is not None and self.opens <= now)

    def is_withdrawn(self, now: dt.datetime) -> bool:
        """Whether listeners see at that time that it was withdrawn."""
        return self.status == "withdrawn" and not self.is_public(now)

    def is_waiting(self, now: dt.datetime) -> bool:
        """Whether only keepers know of it at that time: it is a draft, or its hour comes."""
        return self.status != "withdrawn" and not self.is_public(now)


def mime_of(name: str) -> str | None:
    """Give the media type of a file by its suffix, or None where the archive does not take it."""
    return MIME.get(PurePath(name).suffix.lower())


def is_picture_name(name: str) -> bool:
    """Whether a name is plain, not hidden, and of a kind of picture."""
    is_plain = PurePath(name).name == name and name.isprintable() and not name.startswith(".")
    return is_plain and PurePath(name).suffix in PICTURES


def read_show(slug: str, text: bytes, where: object) -> Show:
    """Read `show.json`. Raises ArchiveError naming `where` and what is wrong."""
    show = records.read(Show, text, where, slug=slug)
    if show.picture and not is_picture_name(show.picture):
        message = _("{where} : image doit nommer un fichier à côté ({pictures})")
        raise ArchiveError(message, where=where, pictures=" ".join(PICTURES))
    return show


def render_show(show: Show) -> bytes:
    """Write `show.json`; the slug is the name of its folder."""
    return records.render(show, leave_out=frozenset({"slug"}))


def read_episode(show: str, slug: str, text: bytes, where: object) -> Episode:
    """Read a sidecar. Raises ArchiveError naming `where` and what is wrong. An `until` that is no
    day or hour stays in `extra`, and ends no embargo."""
    unread: dict[str, Any] = {}

    def amend(data: dict[str, Any]) -> None:
        require_version(data.pop("version", None), where)
        require_known(data.get("rights"), where)
        if origin := data.pop("date_from", ""):  # as earlier programs wrote who gave the date
            data.setdefault("date_sure", origin != "guessed")
        value = data.get("until")
        data["until"] = read_hour(value) if isinstance(value, str) else None
        if data["until"] is None and value not in (None, ""):
            unread["until"] = value
        protection = data.get("protection", {})
        if isinstance(protection, dict) and isinstance(end := protection.get("until"), str):
            data["protection"] = protection = {**protection, "until": read_hour(end) or end}
        if data.get("status") == "suspended":  # as earlier programs wrote a withdrawal until a day
            if isinstance(protection, dict):
                data["protection"] = {**protection, "until": data["until"]}
            data |= {"status": "withdrawn", "until": None}

    episode = records.read(Episode, text, where, amend=amend, show=show, slug=slug)
    episode = dataclasses.replace(episode, extra={**episode.extra, **unread})
    name = PurePath(episode.audio.file)
    if name.name != episode.audio.file or name.stem != slug or mime_of(name.name) is None:
        message = _("{where} : audio.file doit être `{slug}` suivi de l’un de {mime}")
        raise ArchiveError(message, where=where, slug=slug, mime=" ".join(MIME))
    if not (0 <= episode.audio.duration <= LONGEST and episode.audio.size >= 0):
        message = _("{where} : audio.duration et audio.size sont hors limites ; corrigez-les")
        raise ArchiveError(message, where=where)
    if (image := episode.image) and (not is_picture_name(image) or PurePath(image).stem != slug):
        message = _("{where} : image doit être `{slug}` suivi de l’un de {pictures}")
        raise ArchiveError(message, where=where, slug=slug, pictures=" ".join(PICTURES))
    return episode


def render_episode(episode: Episode) -> bytes:
    """Write a sidecar; its show and slug are its place and name."""
    version = version_of(episode.rights, noindex=episode.protection.noindex)
    return records.render(episode, version=version, leave_out=frozenset({"show", "slug"}))
