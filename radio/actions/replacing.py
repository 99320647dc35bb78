"""Put a better copy of the same broadcast in the place of a recording.

Address and name stay, what is said gets its times in the new recording. The old one goes to the
trash, with sidecar and texts as they were: what lies outside of the new one is in no other. What
was taken out of the old one would come back with a copy that has it, so that is asked for by name.
"""

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from radio.actions.moving import moved_episode, moved_texts
from radio.actions.redacting import successor
from radio.archive import Archive, history, journal, paths, removal, stores
from radio.archive.acts import require_idle, require_own, to_trash
from radio.archive.caches import OF_ALL, caches_of
from radio.archive.episode import MIME, Episode, render_episode
from radio.archive.history import Act, Renaming
from radio.archive.keys import keys_of, sounds_of
from radio.archive.removal import Installment, Removal, Sealing, Wording
from radio.archive.standing import sha256
from radio.sound.moments import Moments
from radio.sound.probing import probe
from radio.system import records
from radio.system.disk import explained, read_bytes, stamp, temporary
from radio.system.errors import ArchiveError
from radio.system.messages import _
from radio.system.progress import Progress
from radio.text.transcript import LARGEST_EVIDENCE

MEMORY = "media/{key}.replaced.json"
"""Where it is noted in the folder of the trash; it goes with all of an episode's files there."""
VERSION = 1


@dataclass(frozen=True)
class Replaced:
    """What took the place of a recording and its texts."""

    audio: str  # sha256 of the recording
    written: Mapping[str, str]  # by path: sha256 of the sidecar and the texts


def replace_recording(
    archive: Archive,
    key: str,
    file: Path,
    moments: Moments,
    *,
    note: str = "",
    who: str = "",
    progress: Progress = lambda _: None,
) -> Episode:
    """Give an episode another recording, in which what is said has other moments.

    `reinstating` takes that back.

    Raises NotFoundError if there is none of that key, AudioError if the file is no recording,
    ArchiveError if the disk refuses, BusyError while the episode is being transcribed.
    """
    require_own(archive.require())
    old = archive.episode(key)
    part, state = temporary(archive.audio_path(old)), stamp(archive.sidecar_path(key))
    with removal.making(archive.root, part):
        with explained(part, _("check the free space and the rights of the folder")):
            shutil.copyfile(file, part)
        found = probe(part, progress)
        suffix = file.suffix.lower()
        name = f"{old.slug}{suffix if suffix in found.suffixes else found.suffixes[0]}"
        audio = successor(old.audio, part, found)
        audio = replace(audio, file=name, mime=MIME[PurePosixPath(name).suffix])
        heard = replace(moments, end=audio.duration)
        new = replace(moved_episode(old, heard), audio=audio)
        with archive.lock():
            require_idle(archive, [key])
            if stamp(archive.sidecar_path(key)) != state:
                raise ArchiveError(_("{key}: changed meanwhile; nothing was done").format(key=key))
            made = part.relative_to(archive.root).as_posix()
            removal.perform(archive.root, _plan(archive, old, new, heard, made, who))
            archive.write_waveform(new, found.waveform)
            journal.note(
                archive.root, "replace", key=key, facts={"file": file.name}, note=note, who=who
            )
    return new


def _plan(
    archive: Archive, old: Episode, new: Episode, heard: Moments, made: str, who: str
) -> Removal:
    before, after = paths.audio(old), paths.audio(new)
    sidecar = Wording(paths.sidecar(new.key), render_episode(new).decode())
    wordings = (*moved_texts(archive, new, heard), sidecar)
    trashed = to_trash(old.slug, (before, *(each.path for each in wordings)))
    act = history.named(archive.root, Act("replace", (new.key,), {}, trashed, who=who))
    memory = _memory(archive, trashed[0], new, wordings)
    caches = caches_of(archive, sounds_of(old), keys_of(archive, old))
    return Removal(
        sealings=tuple(Sealing(each.old, each.new) for each in trashed),
        installments=(Installment(made, after),),
        wordings=(*wordings, memory, Wording(*history.record(act))),
        deletions=tuple(path for path in caches if path not in OF_ALL),
    )


def _memory(
    archive: Archive, trashed: Renaming, new: Episode, written: Iterable[Wording]
) -> Wording:
    """Note beside what is put aside what took its place: only while that stands it comes back."""
    sums = sums_of(archive, new.key) | {each.path: sha256(each.text.encode()) for each in written}
    folder = trashed.new.removesuffix(f"/{trashed.old}")
    path = f"{folder}/{MEMORY.format(key=new.key)}"
    content = records.render(Replaced(new.audio.sha256, sums), version=VERSION)
    return Wording(path, content.decode())


def sums_of(archive: Archive, key: str) -> dict[str, str]:
    """Give the hashes of the sidecar of an episode, and of its texts that have times."""
    texts = stores.files(archive.root, [key], "transcripts")
    timed = (path for path in texts if path.endswith((".vtt", ".json")) and "/." not in path)
    return {
        path: sha256(read_bytes(archive.root / path, LARGEST_EVIDENCE))
        for path in (*timed, paths.sidecar(key))
    }
