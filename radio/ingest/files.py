"""An audio file becomes an episode: copied and hashed in one pass, decoded, described.

The sidecar is written last: the episode exists when its `.json` does, and until then nothing of it
is left behind by a failure.
"""

import contextlib
import dataclasses
import datetime as dt
import logging
import os
import uuid
from pathlib import Path

from radio.archive import Archive
from radio.archive.episode import MIME, PICTURES, TEXTS, Audio, Episode, Show, Source
from radio.archive.slugs import episode_slug
from radio.formats import addresses
from radio.ingest.description import NOTHING, Day, Description
from radio.ingest.incoming import Incoming, receive, refuse_what_is_no_file
from radio.ingest.names import decoded, describe_file, readable
from radio.ingest.neighbours import keep_text
from radio.ingest.recordings import Recordings
from radio.ingest.titles import made_title
from radio.sound import Probe
from radio.system.checksums import hash_file
from radio.system.disk import discard, held, keep, temporary, write_whole
from radio.system.errors import ArchiveError, RadioError
from radio.system.messages import _
from radio.system.progress import Progress
from radio.text.chapters import Chapter

log = logging.getLogger(__name__)

WRITTEN = (".vtt", ".json", ".en.vtt", ".1.vtt", ".1.json", *(f".source{each}" for each in TEXTS))
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
    recordings: Recordings | None = None,
) -> Episode:
    """Take a file into a show of the archive, with a picture (JPEG), else that of its tags.

    What its source said of it counts, then its name, folders and tags; a file that tells no date
    has that of its last change, as a guess. A text of the same name beside it is kept. Whoever
    takes many files gives the same `recordings` each time, and may take several at once. Raises
    AudioError if it is not audio, empty or cut short, TwinError if the archive holds the same audio
    already, and ArchiveError if it can't be written.
    """
    recordings = recordings or Recordings(archive)
    taker = archive.show(show)
    part = temporary(archive.media / taker.slug / "incoming")
    refuse_what_is_no_file(path)
    with contextlib.ExitStack() as stack:
        with archive.lock(), recordings.unchanged(taker.slug):
            stack.enter_context(held(part))  # whoever may not write is told before it is copied
        try:
            incoming = receive(path, part, recordings, progress)
            if picture is not None:
                incoming = dataclasses.replace(incoming, picture=picture)
            said = said.completed(describe_file(path, incoming.tags, taker))
            with archive.lock():
                recordings.refuse(path, incoming.audio.sha256)  # it may have come in meanwhile
                recordings.refuse_retagged(path, incoming.audio.packets, incoming.audio.sha256)
                episode = _keep(archive, path, part, taker, incoming, said, recordings)
                recordings.note(episode)
            recordings.remember(path, episode.audio.sha256)
        finally:
            discard(part)
    return episode


def _keep(
    archive: Archive,
    path: Path,
    part: Path,
    show: Show,
    incoming: Incoming,
    said: Description,
    recordings: Recordings,
) -> Episode:
    """Give the copy its name, and write what belongs to it, the sidecar last."""
    folder = archive.media / show.slug
    bare = _name(archive, path, show, incoming.audio, said, recordings)
    keep(part, folder / bare.audio.file)
    image = _keep_picture(folder / f"{bare.slug}.jpg", incoming.picture)
    named = dataclasses.replace(bare, image=image)
    episode = _describe(named, path, incoming.recording, said)
    archive.write_waveform(episode, incoming.recording.waveform)
    keep_text(archive, path, episode.key)
    archive.write_episode(episode)
    return episode


def _name(
    archive: Archive,
    path: Path,
    show: Show,
    audio: Audio,
    said: Description,
    recordings: Recordings,
) -> Episode:
    """Give the episode its title, its date and its slug; no day stands there that nobody told."""
    day = said.day or Day(dt.date.min, is_sure=False)
    made = made_title(said.day, said.number, said.language or show.language)
    title = said.title or made or readable(path.stem)
    words = title if said.title or said.number or not made else "emission"
    known = day.date if day.is_sure else None
    wanted = episode_slug(known, words, day.precision)
    slug = free_slug(archive, show.slug, wanted, audio.sha256, recordings)
    return Episode(
        show.slug,
        slug,
        title,
        day.date,
        dataclasses.replace(audio, file=slug + audio.file),
        str(uuid.uuid4()),
        date_sure=day.is_sure,
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


def _source(path: Path, said: Description) -> Source:
    return Source(
        original_name=decoded(path.name),
        url=said.url,
        retrieved=dt.datetime.now(dt.UTC).isoformat("T", "seconds"),
        page=said.page,
        guid=said.guid,
    )


def free_slug(archive: Archive, show: str, slug: str, sha256: str, recordings: Recordings) -> str:
    """Number a slug under which something of another recording lies, be it without a sidecar."""
    number, free = 1, slug
    while recordings.is_former(f"{show}/{free}") or not _is_free(archive, show, free, sha256):
        number += 1
        free = f"{slug}-{number}"
    return free


def _is_free(archive: Archive, show: str, slug: str, sha256: str) -> bool:
    folder = archive.media / show
    if os.path.lexists(folder / f"{slug}.json"):
        return False
    sounds = [path for each in MIME if os.path.lexists(path := folder / f"{slug}{each}")]
    if sounds:  # what a run left that was killed, with all that belongs to it
        return all(hash_file(path) == sha256 for path in sounds)
    texts = (archive.transcripts / show / f"{slug}{each}" for each in WRITTEN)
    if any(map(os.path.lexists, texts)):
        return _is_text_of(archive, f"{show}/{slug}", sha256)
    return not any(os.path.lexists(folder / f"{slug}{each}") for each in PICTURES)


def _is_text_of(archive: Archive, key: str, sha256: str) -> bool:
    """Whether the text of a key says that it is of this recording, which lost its sidecar."""
    try:
        transcript = archive.transcript(key)
    except RadioError:
        return False
    return transcript is not None and transcript.note.get("audio") == sha256
