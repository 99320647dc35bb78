"""Put a better copy of the same broadcast in the place of a recording.

Address and name stay, what is said gets its times in the new recording. The old one goes to the
trash, with sidecar and texts as they were: what lies outside of the new one is in no other. What
was taken out of the old one would come back with a copy that has it, so that is asked for by name.
"""

import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from radio import history, journal, paths, records, removal
from radio.acts.redacting import successor
from radio.archive import Archive
from radio.audio.probing import probe
from radio.belongings import belonging, require_idle, require_own, to_trash
from radio.disk import explained, is_file, read_bytes, stamp, temporary
from radio.episode import MIME, Episode, render_episode
from radio.errors import ArchiveError, RadioError, StrayError
from radio.history import Act, Renaming
from radio.messages import _
from radio.progress import Progress
from radio.removal import Installment, Removal, Sealing, Wording
from radio.standing import BEFORE, MARKS, hash_cues, sha256, standing
from radio.traces import WHOLE, caches_of, keys_of, sounds_of
from radio.transcript import (
    LARGEST_EVIDENCE,
    LARGEST_TEXT,
    Cue,
    Evidence,
    Segment,
    Transcript,
    read_evidence,
    read_vtt,
    render_evidence,
    render_vtt,
)

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
    offset: float,
    *,
    note: str = "",
    who: str = "",
    progress: Progress = lambda _: None,
) -> Episode:
    """Give an episode another recording, in which all is said so many seconds later.

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
        new = replace(_moved(old, offset, audio.duration), audio=audio)
        with archive.lock():
            require_idle(archive, [key])
            if stamp(archive.sidecar_path(key)) != state:
                raise ArchiveError(_("{key}: changed meanwhile; nothing was done").format(key=key))
            made = part.relative_to(archive.root).as_posix()
            plan = _plan(archive, old, new, offset, made)
            removal.perform(archive.root, plan)
            _remember(archive, key, plan)
            archive.write_waveform(new, found.waveform)
            journal.note(archive.root, "replace", key=key, told=file.name, note=note, who=who)
    return new


def _remember(archive: Archive, key: str, plan: Removal) -> None:
    put_aside = tuple(Renaming(each.path, each.aside) for each in plan.sealings)
    history.keep(archive.root, history.named(Act("replace", key, put_aside)))


def _plan(archive: Archive, old: Episode, new: Episode, offset: float, made: str) -> Removal:
    before, after = paths.audio(old), paths.audio(new)
    sidecar = Wording(paths.sidecar(new.key), render_episode(new).decode())
    wordings = (*_texts(archive, new, offset), sidecar)
    trashed = to_trash(old.slug, (before, *(each.path for each in wordings)))
    caches = caches_of(archive, sounds_of(old), keys_of(archive, old))
    return Removal(
        sealings=tuple(Sealing(each.old, each.new) for each in trashed),
        installments=(Installment(made, after),),
        wordings=(*wordings, _memory(archive, trashed[0], new, wordings)),
        deletions=tuple(path for path in caches if path not in WHOLE),
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
    texts = (path for path in belonging(archive, key) if path.startswith("transcripts/"))
    timed = (path for path in texts if path.endswith((".vtt", ".json")) and "/." not in path)
    return {
        path: sha256(read_bytes(archive.root / path, LARGEST_EVIDENCE))
        for path in (*timed, paths.sidecar(key))
    }


def _moved(old: Episode, offset: float, end: float) -> Episode:
    """Give what people noted of moments the times that they have in the new recording."""
    return replace(
        old,
        chapters=tuple(
            replace(each, start=min(max(0.0, each.start + offset), end)) for each in old.chapters
        ),
        soundbites=tuple(
            replace(each, start=each.start + offset)
            for each in old.soundbites
            if 0 <= each.start + offset < end
        ),
        redactions=tuple(
            replace(each, start=max(0.0, each.start + offset), end=max(0.0, each.end + offset))
            for each in old.redactions
        ),
    )


def _texts(archive: Archive, new: Episode, offset: float) -> Iterator[Wording]:
    """Give the texts of an episode with their new times; what can't be read stays."""
    done = set[str]()
    for path in sorted(belonging(archive, new.key), key=lambda path: not path.endswith(".vtt")):
        place = PurePosixPath(path)
        hidden = place.name.startswith(".")
        if place.parts[0] != "transcripts" or path in done or hidden:
            continue
        try:
            for each in _text(archive, place, new, offset):
                done.add(each.path)
                yield each
        except StrayError:
            raise
        except RadioError:
            continue


def _text(archive: Archive, place: PurePosixPath, new: Episode, offset: float) -> Iterator[Wording]:
    """Move a text, and the evidence beside it, which names a machine's text by its hash."""
    beside = place.with_suffix(".json")
    evidence = None
    if place.suffix in (".vtt", ".json") and is_file(archive.root / beside):
        content = read_bytes(archive.root / beside, LARGEST_EVIDENCE)
        evidence = read_evidence(content, beside)
    moved = evidence and move_evidence(evidence, offset, new)
    if place.suffix == ".vtt":
        old = read_vtt(read_bytes(archive.root / place, LARGEST_TEXT), place)
        text = render_vtt(_moved_text(old, offset, new))
        yield Wording(str(place), text)
        if evidence and moved and standing(old, evidence) == "machine":
            cues = hash_cues(read_vtt(text.encode(), place).cues)
            moved = replace(moved, vtt=sha256(text.encode()), cues=cues)
    if moved:
        yield Wording(str(beside), render_evidence(moved).decode())


def _moved_text(text: Transcript, offset: float, new: Episode) -> Transcript:
    end = new.audio.duration
    note = {**text.note, "audio": new.audio.sha256} if "audio" in text.note else text.note
    if offset:  # they are times
        note = {key: value for key, value in note.items() if key not in MARKS}
    cues = (
        replace(each, start=max(0.0, each.start + offset), end=min(end, each.end + offset))
        for each in text.cues
    )
    kept: tuple[Cue, ...] = tuple(each for each in cues if each.start < each.end)
    return replace(text, cues=kept, note=note)


def move_evidence(evidence: Evidence, offset: float, new: Episode) -> Evidence:
    """Give what a machine heard its times in a new recording, and the hash of that."""

    def shift(seconds: float) -> float:
        return round(min(max(0.0, seconds + offset), new.audio.duration), 3)

    def moved(each: Segment) -> Segment:
        words = tuple(replace(w, start=shift(w.start), end=shift(w.end)) for w in each.words)
        return replace(each, start=shift(each.start), end=shift(each.end), words=words)

    turns = evidence.turns and tuple(
        replace(each, start=shift(each.start), end=shift(each.end)) for each in evidence.turns
    )
    return replace(
        evidence,
        audio=new.audio.sha256,
        duration=new.audio.duration,
        regions=tuple(
            replace(each, start=shift(each.start), end=shift(each.end)) for each in evidence.regions
        ),
        segments=tuple(map(moved, evidence.segments)),
        turns=turns,
        extra={name: value for name, value in evidence.extra.items() if name != BEFORE},
    )
