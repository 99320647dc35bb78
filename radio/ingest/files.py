"""An audio file becomes an episode: copied and hashed in one pass, decoded, described. It is copied
and examined without the archive's lock, so that several come in at once. The sidecar is written
last: with it the episode exists; a failure before leaves nothing."""

import contextlib
import dataclasses
import datetime as dt
import itertools
import logging
import os
import stat
import uuid
from collections.abc import Sequence
from pathlib import Path

from radio.archive import Archive
from radio.archive.episode import MIME, PICTURES, TEXTS, Audio, Episode, Show, Source
from radio.archive.slugs import episode_slug
from radio.derived.recipe import Making, Recipe, keys_of
from radio.formats import addresses
from radio.ingest.description import NOTHING, Day, Description
from radio.ingest.folders import keep_text
from radio.ingest.names import decoded, describe_file, readable
from radio.ingest.recordings import Recordings
from radio.ingest.titles import made_title
from radio.sound import Probe, probe
from radio.sound.tags.reader import read_picture, read_tags
from radio.system.checksums import copy_blocks, hash_file
from radio.system.disk import blocks, discard, explained, held, keep, temporary, write_whole
from radio.system.errors import ArchiveError, AudioError, RadioError
from radio.system.messages import _, reworded
from radio.system.progress import Progress, part_of, silent
from radio.text.chapters import Chapter

READERS = ("radio.sound.probing", "av", "radio.sound.tags.reader")  # in children
log = logging.getLogger(__name__)

WRITTEN = (".vtt", ".json", ".en.vtt", ".1.vtt", ".1.json", *(f".source{each}" for each in TEXTS))
UNKNOWN = Day(dt.date.min, is_sure=False)
# The namespace of podcast:guid (Podcastindex-org/podcast-namespace, docs/tags/guid.md)
PODCASTS = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")


def ingest(
    archive: Archive,
    path: Path,
    show: str,
    said: Description = NOTHING,
    progress: Progress = silent,
    picture: bytes | None = None,
    recordings: Recordings | None = None,
) -> Episode:
    """Take a file into a show of the archive, with a picture (JPEG), else that of its tags. What
    its source said counts, then its name, folders and tags; without a date, that of its last change
    is a guess. A text of the same name beside it comes too. Give the same `recordings` to all calls
    of a run; several may run at once. Raises AudioError if it is not audio, empty or cut short,
    TwinError if the archive has the same audio, ArchiveError if it can't be written."""
    recordings = recordings or Recordings(archive)
    taker = archive.show(show)
    part = temporary(archive.media / taker.slug / "incoming")
    refuse_what_is_no_file(path)
    with contextlib.ExitStack() as stack:
        with archive.lock(), recordings.unchanged(taker.slug):
            stack.enter_context(held(part))  # fails before the copy where nothing may be written
        try:
            sha256, size = _copy(path, part, part_of(progress, 0.0, 0.5))
            recordings.refuse(path, sha256)
            recording = _probed(path, part, part_of(progress, 0.5, 0.5))
            packets, ending = recording.packets, path.suffix.lower()
            recordings.refuse(path, sha256, packets)
            suffix = ending if ending in recording.suffixes else recording.suffixes[0]
            audio = Audio(suffix, sha256, size, MIME[suffix], recording.duration, packets)
            tags = read_tags(part, path.name)
            if picture is None and tags.is_pictured:
                picture = read_picture(part, path.name)
            said = said.completed(describe_file(path, tags, taker, recordings.stations))
            with archive.lock():
                recordings.refuse(path, sha256, packets)  # it may have come in meanwhile
                episode = _episode(archive, path, taker, audio, said, recordings)
                if recordings.run:
                    recordings.run.note(episode.key)
                episode = _keep(archive, path, part, episode, recording, picture)
                recordings.note(episode)
            recordings.remember(path, sha256)
        finally:
            discard(part)
    return episode


def _probed(path: Path, part: Path, progress: Progress) -> Probe:
    try:
        return probe(part, progress)
    except AudioError as error:
        raise AudioError(reworded(error, str(part), str(path))) from error


def _episode(
    archive: Archive, path: Path, show: Show, audio: Audio, said: Description, known: Recordings
) -> Episode:
    """Make the episode of a recording; its slug has no guessed day."""
    day = said.day or UNKNOWN
    made = made_title(said.day, said.number, said.language or show.language)
    title = said.title or made or readable(path.stem)
    words = title if said.title or said.number or not made else "emission"
    wanted = episode_slug(day.date if day.is_sure else None, words, day.precision)
    slug = free_slug(archive, show.slug, wanted, audio.sha256, known)
    return Episode(
        show.slug,
        slug,
        title,
        day.date,
        dataclasses.replace(audio, file=slug + audio.file),
        str(uuid.uuid4()),
        date_sure=day.is_sure,
        date_precision=day.precision,
        language=said.language,
        description=said.text,
        people=said.people,
        producers=said.producers,
        tags=said.tags,
        links=said.links,
        chapters=said.chapters,
        soundbites=said.soundbites,
        season=said.season,
        number=said.number,
        status="draft" if said.is_draft else "published",
        source=Source(
            original_name=decoded(path.name),
            url=said.url,
            retrieved=dt.datetime.now(dt.UTC).isoformat("T", "seconds"),
            page=said.page,
            guid=said.guid,
        ),
    )


def _keep(
    archive: Archive, path: Path, part: Path, episode: Episode, heard: Probe, picture: bytes | None
) -> Episode:
    """Give the copy its name, and write what belongs to it, the sidecar last."""
    if not episode.chapters:
        episode = dataclasses.replace(episode, chapters=_chapters(path, heard))
    folder = archive.media / episode.show
    keep(part, folder / episode.audio.file)
    image = folder / f"{episode.slug}.jpg"
    if picture and not image.exists():
        write_whole(image, picture)
    if image.exists():
        episode = dataclasses.replace(episode, image=image.name)
    archive.write_waveform(episode, heard.waveform)
    keep_text(archive, path, episode.key)
    archive.write_episode(episode)
    return episode


def new_show(archive: Archive, slug: str, title: str, base_url: str = "") -> Show:
    """Add a show; `base_url` is that of the site, if known. Raises ArchiveError if it exists."""
    with archive.lock():
        if (archive.media / slug / "show.json").exists():
            raise ArchiveError(_("{slug} : il y a déjà une émission de ce nom", slug=slug))
        show = Show(slug, title, guid=_guid(addresses.show_feed(base_url, slug)))
        archive.write_show(show)
    return show


def _guid(feed: str) -> str:
    """Name a show by the address of its feed; by chance where that isn't known yet.

    >>> _guid("https://podnews.net/rss")  # the documented example
    '9b024349-ccf0-5f69-a609-6b82873eab3c'
    """
    address = feed.partition("://")[2]
    return str(uuid.uuid5(PODCASTS, address) if address else uuid.uuid4())


def _chapters(path: Path, recording: Probe) -> tuple[Chapter, ...]:
    """Take the chapters of the tags; without a title, one is named by its number."""
    if lost := recording.lost_chapters:
        message = _(
            "%s : chapitres de son étiquette hors de l’enregistrement, laissés de côté : %d"
        )
        log.warning(message, path.name, lost)
    numbered = enumerate(recording.chapters, 1)
    return tuple(Chapter(each.start, each.title or f"Chapitre {n}") for n, each in numbered)


def free_slug(archive: Archive, show: str, slug: str, sha256: str, recordings: Recordings) -> str:
    """Number a slug under which something of another recording lies, be it without a sidecar."""

    def is_free(free: str) -> bool:
        key, folder = f"{show}/{free}", archive.media / show
        if recordings.is_former(key) or os.path.lexists(folder / f"{free}.json"):
            return False
        sounds = [path for each in MIME if os.path.lexists(path := folder / f"{free}{each}")]
        if sounds:  # what a run left that was killed, with all that belongs to it
            return all(hash_file(path) == sha256 for path in sounds)
        texts = (archive.transcripts / f"{key}{each}" for each in WRITTEN)
        if any(map(os.path.lexists, texts)):  # that of this recording, which lost its sidecar?
            with contextlib.suppress(RadioError):
                transcript = archive.transcript(key)
                return transcript is not None and transcript.note.get("audio") == sha256
            return False
        return not any(os.path.lexists(folder / f"{free}{each}") for each in PICTURES)

    numbered = (f"{slug}-{number}" for number in itertools.count(2))
    return next(filter(is_free, itertools.chain([slug], numbered)))


def refuse_what_is_no_file(path: Path) -> None:
    """Refuse what is missing, empty, a page, or no file. Raises ArchiveError or AudioError."""
    with explained(path, _("vérifiez le nom")):
        status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        message = _("{path} : pas un fichier ordinaire ; donnez un fichier audio")
        raise ArchiveError(message, path=path)
    if not status.st_size:
        raise AudioError(_("{path} : vide ; recopiez-le", path=path))
    with explained(path, _("vérifiez le disque")), path.open("rb") as file:
        if file.read(100).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            raise AudioError(_("{path} : une page du web, et pas un son", path=path))


def _copy(path: Path, part: Path, progress: Progress) -> tuple[str, int]:
    refused = explained(path, _("vérifiez le disque et la place libre"))
    with refused, path.open("rb") as source, part.open("wb") as copy:
        before = os.fstat(source.fileno())
        sha256 = copy_blocks(blocks(source), copy, before.st_size, progress)
        after = os.fstat(source.fileno())
        size = copy.tell()
    if (size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        message = _("{path} : il a changé pendant la lecture ; attendez qu’il soit entier")
        raise ArchiveError(message, path=path)
    return sha256, size


def undrawn(archive: Archive) -> list[Episode]:
    """List the episodes without a waveform whose audio is there, the newest first."""
    bare = (each for each in archive.episodes() if archive.waveform(each) is None)
    return [each for each in bare if archive.holds(archive.audio_path(each))]


def draw(archive: Archive, episode: Episode, progress: Progress = silent) -> None:
    """Decode an episode and save its waveform. Raises AudioError."""
    archive.write_waveform(episode, probe(archive.audio_path(episode), progress).waveform)


def _make(archive: Archive, keys: Sequence[str], making: Making) -> None:
    making.each(keys, lambda key: draw(archive, archive.episode(key), making.progress))


WAVEFORMS = Recipe("waveforms", keys_of(undrawn), _make)
