"""An audio file becomes an episode: copied and hashed in one pass, decoded, described.

The sidecar is written last: the episode exists when its `.json` does, and until then nothing of it
is left behind by a failure.
"""

import dataclasses
import datetime as dt
import logging
import os
import stat
import uuid
from pathlib import Path

from radio import addresses
from radio.archive import Archive
from radio.audio import Probe, probe
from radio.checksums import copy_blocks, hash_file
from radio.disk import blocks, discard, keep, temporary, write_whole
from radio.episode import MIME, Audio, Chapter, Episode, Show, Source
from radio.errors import ArchiveError, AudioError, TwinError
from radio.ingest.description import NOTHING, Day, Description
from radio.ingest.names import decoded, describe, readable
from radio.ingest.neighbours import keep_text, unkept
from radio.ingest.titles import made_title
from radio.messages import _, reason
from radio.progress import Progress
from radio.slugs import episode_slug
from radio.tags import Tags, read_picture, read_tags

log = logging.getLogger(__name__)

PODCASTS = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
"""The namespace of podcast:guid
(https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/tags/guid.md)."""


def ingest(
    archive: Archive,
    path: Path,
    show: str,
    said: Description = NOTHING,
    progress: Progress = lambda _: None,
    picture: bytes | None = None,
) -> Episode:
    """Take a file into a show of the archive, with a picture (JPEG), else that of its tags.

    What its source said of it counts, then its tags, then its name; a file that tells no date has
    that of its last change, as a guess. A text of the same name beside it is kept. Raises
    AudioError if it is not audio, empty or cut short, and ArchiveError if the archive holds the
    same audio already or can't be written.
    """
    _refuse_what_is_no_file(path)
    folder = archive.media / archive.show(show).slug
    part = temporary(folder / "incoming")
    with archive.lock():
        try:
            audio, recording = _receive(archive, path, part, progress)
            tags = read_tags(part)
            if picture is None and tags.is_pictured:
                picture = read_picture(part)
            said = _said(path, archive.show(show), tags, said)
            bare = _name(folder, path, archive.show(show), audio, said)
            keep(part, folder / bare.audio.file)
            image = _keep_picture(folder / f"{bare.slug}.jpg", picture)
            episode = _describe(dataclasses.replace(bare, image=image), path, recording, said)
            archive.write_waveform(episode, recording.waveform)
            keep_text(archive, path, episode.key)
            archive.write_episode(episode)
        finally:
            discard(part)
    return episode


def _said(path: Path, show: Show, tags: Tags, said: Description) -> Description:
    """Complete what a source says by what the file and its tags say."""
    changed = dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC).date()
    today = dt.datetime.now(dt.UTC).date()
    return said.completed(describe(path.absolute(), tags, show, today, changed))


def _name(folder: Path, path: Path, show: Show, audio: Audio, said: Description) -> Episode:
    """Give the episode its title, its date and its slug; no day stands there that nobody told."""
    day = said.day or Day(dt.date.min, "guessed")
    made = made_title(said.day, said.number, said.language or show.language)
    title = said.title or made or readable(path.stem)
    words = title if said.title or not made else f"emission {said.number or ''}"
    known = None if day.told_by == "guessed" else day.date
    slug = _free_slug(folder, episode_slug(known, words, day.precision), audio.sha256)
    return Episode(
        folder.name,
        slug,
        title,
        day.date,
        dataclasses.replace(audio, file=slug + audio.file),
        str(uuid.uuid4()),
        date_from=day.told_by,
        date_precision=day.precision,
    )


def _describe(episode: Episode, path: Path, recording: Probe, said: Description) -> Episode:
    """Add what is said of it."""
    return dataclasses.replace(
        episode,
        language=said.language,
        description=said.text,
        people=said.people,
        producers=said.producers,
        tags=said.tags,
        links=said.links,
        chapters=said.chapters or _chapters(path, recording),
        soundbites=said.soundbites,
        season=said.season,
        number=said.number,
        source=_source(path, said),
    )


def new_show(archive: Archive, slug: str, title: str, base_url: str = "") -> Show:
    """Add a show to the archive, with a guid that it keeps wherever its feed moves.

    `base_url` is the public address of the site, where it is known. Raises ArchiveError if
    there is a show of that name.
    """
    with archive.lock():
        if (archive.media / slug / "show.json").exists():
            raise ArchiveError(_("{slug}: there is such a show already").format(slug=slug))
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


def _refuse_what_is_no_file(path: Path) -> None:
    try:
        status = path.stat()
    except OSError as error:
        raise ArchiveError(
            _("{path}: {strerror}; check the name").format(path=path, strerror=reason(error))
        ) from error
    if not stat.S_ISREG(status.st_mode):
        raise ArchiveError(_("{path}: not a regular file; give an audio file").format(path=path))
    if not status.st_size:
        raise AudioError(_("{path}: empty; copy it again").format(path=path))


def _receive(archive: Archive, path: Path, part: Path, progress: Progress) -> tuple[Audio, Probe]:
    """Copy a file to `part` and look at it; `file` of the answer is the suffix only."""
    sha256, size = _copy(path, part, lambda share: progress(share / 2))
    _refuse_twin(archive, path, sha256)
    try:
        recording = probe(part, lambda share: progress((1 + share) / 2))
    except AudioError as error:
        raise AudioError(str(error).replace(str(part), str(path))) from error
    _refuse_retagged(archive, path, recording.packets)
    ending = path.suffix.lower()
    suffix = ending if ending in recording.suffixes else recording.suffixes[0]
    return Audio(
        suffix, sha256, size, MIME[suffix], recording.duration, recording.packets
    ), recording


def _copy(path: Path, part: Path, progress: Progress) -> tuple[str, int]:
    """Copy a file and tell its sha256 and size."""
    try:
        with path.open("rb") as source, part.open("wb") as copy:
            total = os.fstat(source.fileno()).st_size
            sha256 = copy_blocks(blocks(source), copy, total, progress)
            return sha256, copy.tell()
    except OSError as error:
        raise ArchiveError(
            _("{path}: {strerror}; check the disk and its space").format(
                path=path, strerror=reason(error)
            )
        ) from error


def _refuse_twin(archive: Archive, path: Path, sha256: str) -> None:
    for episode in archive.episodes():
        if episode.audio.sha256 == sha256:
            if text := unkept(archive, path, episode.key):
                told = _(
                    "{path}: the same audio as {key}; `radio align {key} {text}` lays its text"
                )
                raise TwinError(told.format(path=path, key=episode.key, text=text))
            raise TwinError(
                _("{path}: the same audio as {key}; nothing to do").format(
                    path=path, key=episode.key
                )
            )


def _refuse_retagged(archive: Archive, path: Path, packets: str) -> None:
    for episode in archive.episodes():
        if episode.audio.packets == packets:
            raise ArchiveError(
                _("{path}: the same sound as {key}, with other tags; nothing to do").format(
                    path=path, key=episode.key
                )
            )


def _keep_picture(path: Path, picture: bytes | None) -> str:
    """Write the picture of the tags beside the audio; one that lies there already stays."""
    if picture and not path.exists():
        write_whole(path, picture)
    return path.name if path.exists() else ""


def _chapters(path: Path, recording: Probe) -> tuple[Chapter, ...]:
    """Take the chapters of the tags; one that has no title is named by its number."""
    if recording.lost_chapters:
        log.warning(
            _("%s: chapters of its tags outside it, left out: %d"),
            path.name,
            recording.lost_chapters,
        )
    return tuple(
        Chapter(each.start, each.title or f"Chapitre {number}")
        for number, each in enumerate(recording.chapters, 1)
    )


def _free_slug(folder: Path, slug: str, sha256: str) -> str:
    """Number a slug that another recording has already, be it one that lost its sidecar."""
    number, free = 1, slug
    while os.path.lexists(folder / f"{free}.json") or _others(folder, free, sha256):
        number += 1
        free = f"{slug}-{number}"
    return free


def _others(folder: Path, slug: str, sha256: str) -> bool:
    namesakes = (path for path in folder.glob(f"{slug}.*") if path.suffix in MIME)
    return any(hash_file(path) != sha256 for path in namesakes)


def _source(path: Path, said: Description) -> Source:
    return Source(
        original_name=decoded(path.name),
        url=said.url,
        retrieved=dt.datetime.now(dt.UTC).isoformat("T", "seconds"),
        page=said.page,
        guid=said.guid,
    )
