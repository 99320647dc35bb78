"""What came from another instance is read before it gets a name, lest it breaks the site."""

from collections.abc import Mapping
from pathlib import Path

from radio.archive import Archive
from radio.archive.episode import Episode, read_episode, read_show
from radio.mirror.manifest import ListedFile
from radio.sound import probe
from radio.system.disk import read_bytes
from radio.system.errors import ArchiveError, AudioError
from radio.system.messages import _

LATE = 1.0  # second by which a recording may be longer or shorter than its sidecar says


def prove(
    archive: Archive, key: str, files: Mapping[ListedFile, Path], offered: Mapping[str, ListedFile]
) -> None:
    """Read the new files of a show or an episode, where they lie for now.

    A recording is decoded, as every one is before the archive takes it, and drawn. Texts are not
    read: the site and `radio check` tell of those that can't be. Raises ArchiveError if a file does
    not fit the others that are `offered`, AudioError if a recording is none.
    """
    for entry, path in files.items():
        if entry.kind == "show":
            read_show(entry.show, read_bytes(path), entry.path)
    if all(entry.kind in ("show", "picture") for entry in files):
        return
    archive.show(key.partition("/")[0])  # raises where there is none
    episode = _describe(archive, key, files, offered)
    for entry, path in files.items():
        if entry.kind == "audio":
            _listen(archive, entry, path, episode)


def _describe(
    archive: Archive, key: str, files: Mapping[ListedFile, Path], offered: Mapping[str, ListedFile]
) -> Episode:
    """Read the sidecar, the new one if there is one; it must be that of the recording offered."""
    show, _rest, slug = key.partition("/")
    name = f"media/{key}.json"
    new = next((path for entry, path in files.items() if entry.path == name), None)
    episode = read_episode(show, slug, read_bytes(new), name) if new else archive.episode(key)
    audio = offered.get(f"media/{show}/{episode.audio.file}")
    if not audio or (audio.sha256, audio.size) != (episode.audio.sha256, episode.audio.size):
        raise ArchiveError(
            _("{name}: not the sidecar of its recording; nothing was taken").format(name=name)
        )
    return episode


def _listen(archive: Archive, entry: ListedFile, path: Path, episode: Episode) -> None:
    try:
        found = probe(path)
    except AudioError as error:
        raise AudioError(str(error).replace(str(path), entry.path)) from error
    suffix = Path(entry.name).suffix.lower()
    if entry.name != episode.audio.file or suffix not in found.suffixes:
        raise AudioError(
            _("{path}: not a recording of this kind; nothing was taken").format(path=entry.path)
        )
    if not abs(found.duration - episode.audio.duration) <= LATE:
        raise AudioError(
            _("{path}: not as long as its sidecar says; nothing was taken").format(path=entry.path)
        )
    archive.write_waveform(episode, found.waveform)
