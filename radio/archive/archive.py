"""Shows, episodes and texts: `media/` and `transcripts/`. Every write is whole (`disk`). Writers
hold `Archive.lock`; readers need nothing. An unreadable file costs a warning, never the listing;
read alone, it raises ArchiveError. `media` and `transcripts` may be links, nothing below them."""

import contextlib
import datetime as dt
import logging
import os
from collections.abc import Iterator
from pathlib import Path

from radio.archive import history, paths, removal, stores
from radio.archive.episode import (
    LARGEST_SIDECAR,
    Episode,
    Show,
    read_episode,
    read_show,
    render_episode,
    render_show,
)
from radio.archive.locks import is_locked, locked, sweep
from radio.archive.paths import checked
from radio.archive.slugs import SLUG, slugify
from radio.system import disk
from radio.system.errors import ArchiveError, BusyError, NotFoundError, ReadOnlyError, warned
from radio.system.messages import _
from radio.text.transcript import (
    LARGEST_EVIDENCE,
    LARGEST_TEXT,
    Evidence,
    Transcript,
    read_evidence,
    read_vtt,
)

SWEPT = {"archive": stores.SWEPT, "index": ("cache/**/",)}  # where dead writers left half files
log = logging.getLogger(__name__)


class Archive:
    """The archive in a folder: all of it is the truth, but `index/` and `cache/`."""

    def __init__(self, root: Path):
        self.root = root.absolute()
        self.media = self.root / "media"
        self.transcripts = self.root / "transcripts"
        self.index = self.root / "index"
        self.cache = self.root / "cache"
        self.site = self.cache / "site"
        self._shows: dict[str, tuple[disk.Stamp, Show]] = {}
        self._episodes: dict[str, tuple[disk.Stamp, Episode]] = {}
        self.sidecars_read = 0  # grows whenever one is found changed

    def require(self) -> "Archive":
        """Return the archive, warn of unfinished acts. Raises ArchiveError if there is none."""
        if not self.media.is_dir():
            message = _("{root} : pas d’archive ici ; `radio init` en fait une")
            raise ArchiveError(message, root=self.root)
        begun = filter(None, (removal.unfinished(self.root), history.unfinished(self.root)))
        if (message := "; ".join(begun)) and not is_locked(self.root, "archive"):
            log.warning("%s", message)  # else its writer is at it
        return self

    def finished(self) -> "Archive":
        """Finish what was cut short, if the disk may be written; then as `require`."""
        if history.is_cut_short(self.root) or removal.is_cut_short(self.root):
            with contextlib.suppress(BusyError, ReadOnlyError), self.lock(wait=False):
                pass  # whoever holds the lock finishes it
        return self.require()

    def create(self) -> None:
        """Make the missing folders of an empty archive."""
        with disk.explained(self.root, _("vérifiez qu’on peut écrire dans le dossier")):
            for folder in (self.media, self.transcripts):
                folder.mkdir(parents=True, exist_ok=True)

    def shows(self) -> list[Show]:
        """List the shows by title."""
        shows = []
        for slug in self.folders():
            with contextlib.suppress(NotFoundError):
                shows.append(self.show(slug))
        return sorted(shows, key=lambda show: slugify(show.title))

    def folders(self) -> list[str]:
        """Name the folders of `media/` that may be shows: no links, with a valid name."""
        with warned(), disk.explained(self.media, disk.RIGHTS):
            entries = list(os.scandir(self.media))
            return sorted(e.name for e in entries if SLUG.fullmatch(e.name) and disk.is_folder(e))
        return []

    def show(self, slug: str) -> Show:
        """Read a show; where its file can't be read, as it was last read, else by its name alone.
        Raises NotFoundError if there is none of that name."""
        path = self.show_path(slug)
        known, state = self._shows.get(slug), disk.stamp(path)
        is_there = disk.is_folder(path.parent)  # first: a name may be too long for a disk
        has_file = any(state) or os.path.lexists(path)
        if not (is_there and (has_file or any(path.parent.glob("[!.]*.json")))):
            message = _("{slug} : pas d’émission de ce nom ; `radio list` les liste")
            raise NotFoundError(message, slug=slug)
        if known is None or known[0] != state:
            known = self._shows[slug] = state, self._read_or_recall(slug, known and known[1])
        return known[1]

    def _read_or_recall(self, slug: str, known: Show | None) -> Show:
        try:
            return self.read_show(slug)
        except ArchiveError as error:
            log.warning(_("%s ; d’ici là, l’émission reste comme elle était"), error)
        if known is None:
            known = Show(slug, slug.replace("-", " ").capitalize())
            with contextlib.suppress(ArchiveError):
                known = _read_show(slug, self.cache / "shows" / f"{slug}.json")
        return known

    def read_show(self, slug: str) -> Show:
        """Read the file of a show."""
        return _read_show(slug, self.show_path(slug))

    def keep_shows(self) -> None:
        """Save the last readable version of each show, as far as the disk takes it."""
        for slug in self.folders():
            path, copy = self.show_path(slug), self.cache / "shows" / f"{slug}.json"
            with contextlib.suppress(ArchiveError):
                text = disk.read_bytes(path, LARGEST_SIDECAR)
                is_saved = disk.is_file(copy) and disk.read_bytes(copy) == text
                if not is_saved and read_show(slug, text, path):
                    disk.write_whole(copy, text)

    def show_path(self, slug: str) -> Path:
        """Give the path of `show.json`."""
        return self.root / paths.show(slug)

    def write_show(self, show: Show) -> None:
        """Write `show.json`, whole."""
        disk.write_whole(self.show_path(show.slug), render_show(show))

    def episodes(self, show: str | None = None) -> list[Episode]:
        """List the episodes, the newest first; those that can't be read cost a warning each."""
        shows = [show] if show else self.folders()
        episodes = [episode for each in shows for episode, _ in self.stamped_episodes(each)]
        return sorted(episodes, key=lambda episode: (episode.date, episode.slug), reverse=True)

    def openings(self) -> list[dt.datetime]:
        """List when episodes open by themselves, in order, of all that were read."""
        return sorted(each.opens for _, each in list(self._episodes.values()) if each.opens)

    def stamped_episodes(self, show: str) -> Iterator[tuple[Episode, disk.Stamp]]:
        """Read the episodes of a show and the state of their sidecars; warn of the unreadable."""
        states: dict[str, disk.Stamp] = {}
        with warned():
            states = self.sidecar_stamps(show)
        for slug, state in states.items():
            with warned():
                yield self._read_sidecar(show, slug, state), state

    def _read_sidecar(self, show: str, slug: str, state: disk.Stamp) -> Episode:
        key = f"{show}/{slug}"
        known = self._episodes.get(key)
        if known is None or known[0] != state:
            path = self.media / f"{key}.json"
            self.sidecars_read += 1
            text = disk.read_bytes(path, LARGEST_SIDECAR)
            known = self._episodes[key] = state, read_episode(show, slug, text, path)
        return known[1]

    def episode(self, key: str) -> Episode:
        """Read an episode by its key, `show/slug`. Raises NotFoundError if there is none."""
        path = self.sidecar_path(key)
        state = disk.file_stamp(path)
        if state is None or not disk.is_folder(path.parent):
            message = _("{key} : pas d’épisode de ce nom ; `radio list` les liste")
            raise NotFoundError(message, key=key)
        return self._read_sidecar(path.parent.name, path.stem, state)

    def write_episode(self, episode: Episode) -> None:
        """Write a sidecar, whole: from then on the episode exists."""
        disk.write_whole(self.sidecar_path(episode.key), render_episode(episode))

    def sidecar_path(self, key: str) -> Path:
        """Give the path of the sidecar."""
        return self.root / paths.sidecar(key)

    def holds(self, path: Path) -> bool:
        """Whether a regular file is there, neither it nor its folder a link."""
        return disk.is_file(path) and disk.is_folder(path.parent)

    def audio_path(self, episode: Episode) -> Path:
        """Give the path of the recording."""
        return self.root / paths.audio(episode)

    def picture_path(self, item: Show | Episode) -> Path | None:
        """Give the path of the picture, or None where there is none."""
        path = paths.picture(item)
        return self.root / path if path else None

    def waveform(self, episode: Episode) -> bytes | None:
        """Read the waveform (`audio.waveform`), or None where there is none."""
        path = self.waveform_path(episode)
        return disk.read_bytes(path) if path.exists() else None

    def write_waveform(self, episode: Episode, waveform: bytes) -> None:
        """Write the waveform."""
        disk.write_whole(self.waveform_path(episode), waveform)

    def waveform_path(self, episode: Episode) -> Path:
        """Give the path of the waveform."""
        return self.cache / "waveforms" / paths.checked_key(episode.key)

    def missing(self) -> list[Episode]:
        """List the episodes without a finished transcript, the newest first: the work left."""
        return [each for each in self.episodes() if not self.is_transcribed(each.key)]

    def is_transcribed(self, key: str) -> bool:
        """Whether the transcript is there and finished."""
        return os.path.lexists(self.vtt_path(key)) and not self.checkpoint_path(key).exists()

    def checkpoint_path(self, key: str, work: str = "checkpoint") -> Path:
        """Give the path of what is done so far while an episode is transcribed, or improved."""
        return self.root / paths.checkpoint(key, work)

    def vtt_path(self, key: str) -> Path:
        """Give the path of the text of record."""
        return self.root / paths.transcript(key)

    def evidence_path(self, key: str) -> Path:
        """Give the path of the evidence."""
        return self.root / paths.evidence(key)

    def transcript(self, key: str) -> Transcript | None:
        """Read the transcript, or None. Raises TranscriptError if an edit left it unreadable."""
        path = self.vtt_path(key)
        return read_vtt(disk.read_bytes(path, LARGEST_TEXT), path) if self.holds(path) else None

    def evidence(self, key: str) -> Evidence | None:
        """Read the evidence, or None where there is none."""
        path = self.evidence_path(key)
        if not self.holds(path):
            return None
        return read_evidence(disk.read_bytes(path, LARGEST_EVIDENCE), path)

    def translation_path(self, key: str) -> Path:
        """Give the path of the English subtitles."""
        return self.root / paths.translation(key)

    def stamps(self, key: str) -> tuple[disk.Stamp, disk.Stamp]:
        """Give the state of sidecar and transcript, to notice a change in either."""
        return disk.stamp(self.sidecar_path(key)), disk.stamp(self.vtt_path(key))

    def text_stamps(self, show: str) -> dict[str, disk.Stamp]:
        """Give the state of each file of a show in `transcripts/`, by name."""
        with warned():
            return disk.regular_files(self.transcripts / checked(show))
        return {}

    def sidecar_stamps(self, show: str) -> dict[str, disk.Stamp]:
        """Give the state of each sidecar of a show, by slug, from one look at the folder."""
        found = disk.regular_files(self.media / checked(show), lambda name: name[-5:] == ".json")
        slugs = ((name.removesuffix(".json"), state) for name, state in found.items())
        return {slug: state for slug, state in slugs if slug != "show" and SLUG.fullmatch(slug)}

    @contextlib.contextmanager
    def lock(self, name: str = "archive", *, wait: bool = True) -> Iterator[None]:
        """Hold a lock; the kernel releases it if we die. With the archive's own lock, acts that
        were cut short are finished first (`removal`, `history`), and half files of dead writers
        removed (`SWEPT`). Raises ReadOnlyError if nothing may be written, BusyError if another
        process holds the lock and we should not `wait`."""
        with locked(self.root, name, wait=wait):
            if name == "archive":
                removal.finish(self.root)  # some leftovers are part of it
                history.finish(self.root)
            sweep(folder for places in SWEPT.get(name, ()) for folder in self.root.glob(places))
            yield


def _read_show(slug: str, path: Path) -> Show:
    return read_show(slug, disk.read_bytes(path, LARGEST_SIDECAR), path)
