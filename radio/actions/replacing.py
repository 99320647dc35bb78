"""Replace a recording by a better copy of the same broadcast. Both are compared first, so that what
is said gets its times in the copy. Address and name stay. The old recording goes to the trash with
its sidecar and texts. A copy may bring back what was taken out, so that is asked for by name."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from radio.actions.action import catch_up
from radio.actions.redacting import put_back, successor
from radio.actions.timed_texts import moved_episode, moved_texts
from radio.archive import Archive, history, journal, paths, removal, stores
from radio.archive.acts import changed_meanwhile, require_idle, require_own, to_trash
from radio.archive.authorship import sha256
from radio.archive.episode import MIME, Episode, render_episode
from radio.archive.facts import Facts
from radio.archive.history import Act
from radio.archive.keys import keys_of, sounds_of
from radio.archive.removal import Removal
from radio.derived.cache import OF_ALL, caches_of
from radio.derived.prints import Prints
from radio.proposals.sentences import follow, text_of
from radio.proposals.twins.alignment import align, find_runs
from radio.search import Index
from radio.sound.fingerprint import STEP
from radio.sound.likeness import WHOLE, compare
from radio.sound.moments import Moments, refine, shifted
from radio.sound.probing import probe
from radio.system import records
from radio.system.checksums import hash_file
from radio.system.disk import explained, is_file, read_bytes, stamp, temporary
from radio.system.errors import ArchiveError, NotFoundError, UnlikeError
from radio.system.messages import _
from radio.system.progress import Progress, silent
from radio.text.transcript import LARGEST_EVIDENCE

MEMORY = "media/{key}.replaced.json"  # note in the folder of the trash
VERSION = 1
SHIFTED = 0.02  # seconds: less is no shift


@dataclass(frozen=True)
class Replaced:
    """What replaced a recording and its texts."""

    audio: str  # sha256 of the recording
    written: Mapping[str, str]  # by path: sha256 of the sidecar and the texts


@dataclass(frozen=True)
class BetterCopy:
    """A file that is to replace a recording."""

    file: Path
    is_sure: bool = False  # a keeper says that it is the same, whatever it sounds like
    note: str = ""
    who: str = ""


@dataclass(frozen=True)
class CopyHeard:
    """What is known of a file after comparing it."""

    moments: Moments
    is_known: bool = True  # whether it sounds like the recording, so that the text can be aligned
    is_whole: bool = True  # whether both hold the same from end to end, or nearly


def require_other(episode: Episode, copy: BetterCopy) -> None:
    """Raise ArchiveError if a file is the recording itself, or may hold what was taken out."""
    if hash_file(copy.file) == episode.audio.sha256:
        message = _("{file} : c’est déjà l’enregistrement de {key}")
        raise ArchiveError(message, file=copy.file, key=episode.key)
    if episode.redactions and not copy.is_sure:
        message = _("{key} : un passage a été retiré ; --yes si {file} ne l’a pas non plus")
        raise ArchiveError(message, key=episode.key, file=copy.file)


def listen(archive: Archive, episode: Episode, copy: BetterCopy, progress: Progress) -> CopyHeard:
    """Compare a file with a recording, and find where each moment is in it. Raises UnlikeError if
    they differ, unless a keeper is sure, AudioError if one can't be decoded."""
    prints = Prints(archive)
    old = prints.of(episode, lambda share: progress(share / 2))
    new = prints.of_file(copy.file, hash_file(copy.file))
    path, likeness = archive.audio_path(episode), compare(new, old)
    if runs := find_runs(new, old):
        sounds = (copy.file, episode.audio.duration), (path, episode.audio.duration)
        moments = align(runs, *sounds, lambda share: progress(0.5 + share / 2))
        is_whole = _is_whole(moments, len(old), len(new))
    elif likeness.is_twin:
        moments = shifted(refine(copy.file, path, likeness.offset))
        is_whole = likeness.is_whole
    elif copy.is_sure:
        return CopyHeard(Moments(), is_known=False)
    else:
        message = _("{file} ne ressemble pas à {key} ; --yes remplace quand même")
        raise UnlikeError(message, file=copy.file, key=episode.key)
    offset = moments.offset
    is_heard = offset is None or abs(offset) >= SHIFTED  # of a shift that nobody hears
    return CopyHeard(moments if is_heard else Moments(), is_whole=is_whole)


def _is_whole(moments: Moments, old: int, new: int) -> bool:
    """Whether neither lacks much, and that at its ends only; `old` and `new` in steps."""
    first, last = (moments.shared[each].moved(each * -old * STEP) for each in (0, -1))
    beyond = max(0.0, -first) + max(0.0, last - new * STEP)
    more = max(0.0, first) + max(0.0, new * STEP - last)
    return not any(moments.gaps()) and max(beyond, more) <= (1 - WHOLE) * new * STEP


def put_in_place(
    archive: Archive,
    index: Index,
    episode: Episode,
    copy: BetterCopy,
    heard: CopyHeard,
    progress: Progress,
) -> None:
    """Replace a recording as `replace_recording`; then update search and caches."""
    what = archive, episode.key, copy.file, heard.moments
    replace_recording(*what, note=copy.note, who=copy.who, progress=progress)
    catch_up(archive, index)


def replace_recording(
    archive: Archive,
    key: str,
    file: Path,
    moments: Moments,
    *,
    seen: Episode | None = None,
    facts: Facts | None = None,
    note: str = "",
    who: str = "",
    progress: Progress = silent,
) -> Episode:
    """Give an episode another recording, with other moments; `reinstate` takes it back. Proposals
    for its text follow. Nothing is done where the episode is no longer as it was `seen`. Raises
    AudioError if the file is no recording."""
    require_own(archive.require())
    old, text = archive.episode(key), text_of(archive, key)
    if seen and old != seen:
        raise changed_meanwhile(key)
    part, state = temporary(archive.audio_path(old)), stamp(archive.sidecar_path(key))
    with removal.making(archive.root, part):
        with explained(part):
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
                raise changed_meanwhile(key)
            made = {part.relative_to(archive.root).as_posix(): paths.audio(new)}
            removal.perform(archive.root, replace(_plan(archive, old, new, heard, who), made=made))
            archive.write_waveform(new, found.waveform)
            noted = facts or {"file": file.name}
            journal.note(archive.root, "replace", key=key, facts=noted, note=note, who=who)
    follow(archive, key, text)
    return new


def _plan(archive: Archive, old: Episode, new: Episode, heard: Moments, who: str) -> Removal:
    sidecar = {paths.sidecar(new.key): render_episode(new).decode()}
    texts = moved_texts(archive, new, heard) | sidecar
    trashed = to_trash(old.slug, (paths.audio(old), *texts))
    act = history.named(archive.root, Act("replace", (new.key,), {}, trashed, who=who))
    sums = sums_of(archive, new.key) | {p: sha256(text.encode()) for p, text in texts.items()}
    memory = records.render(Replaced(new.audio.sha256, sums), version=VERSION).decode()
    noted = {_memory(act): memory, **dict([history.record(act)])}
    written = {**texts, **noted, **dict.fromkeys(_caches(archive, old))}
    return Removal({each.old: each.new for each in trashed}, written=written)


def _memory(act: Act) -> str:
    """Give the path, beside what is put aside, of the note of what replaced it."""
    first = act.renamings[0]
    return f"{first.new.removesuffix(first.old)}{MEMORY.format(key=act.keys[0])}"


def _caches(archive: Archive, episode: Episode) -> list[str]:
    found = caches_of(archive, sounds_of(episode), keys_of(archive, episode))
    return [path for path in found if path not in OF_ALL]


def sums_of(archive: Archive, key: str) -> dict[str, str]:
    """Hash the sidecar of an episode, and its texts with times."""
    texts = stores.files(archive.root, [key], "transcripts")
    timed = (path for path in texts if path.endswith((".vtt", ".json")) and "/." not in path)
    own = (*timed, paths.sidecar(key))
    return {path: sha256(read_bytes(archive.root / path, LARGEST_EVIDENCE)) for path in own}


def replacements(archive: Archive, key: str) -> list[Act]:
    """List the standing replacements of the recording of an episode, the newest first."""
    meant = "replace", (key,), "done"
    acts = history.acts(archive.root)
    return [each for each in acts if (each.what, each.keys, each.state) == meant]


def reinstate(archive: Archive, act: Act, *, who: str = "") -> Act:
    """Restore the replaced recording with sidecar and texts, if nothing changed. What replaced it
    goes to the trash. Raises NotFoundError if a file left the trash."""
    root = archive.require().root
    require_own(archive)
    with archive.lock():
        new = archive.episode(act.keys[0])
        require_idle(archive, [new.key])
        aside, memory = {each.old: each.new for each in act.renamings}, _memory(act)
        is_there = all(is_file(root / each) for each in (*aside.values(), memory))
        if paths.sidecar(new.key) not in aside or not is_there:
            message = _("{key} : l’ancien enregistrement n’est plus dans la corbeille")
            raise NotFoundError(message, key=new.key)
        known = records.read(Replaced, read_bytes(root / memory), memory, version=VERSION)
        if new.audio.sha256 != known.audio or sums_of(archive, new.key) != dict(known.written):
            raise changed_meanwhile(new.key)
        undone = replace(act, state="undone")
        back = put_back(archive, new, aside, (memory, *_caches(archive, new)))
        written = {**back.written, **dict([history.record(undone)])}
        removal.perform(root, replace(back, written=written))
    journal.note(root, "undo", key=new.key, facts={"undone": "replace"}, who=who)
    return undone
