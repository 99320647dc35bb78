"""Take a passage out of an episode: out of its sound, its words, and all that was made of them.

The original is sealed, or destroyed; nothing else of the passage is kept, in no version, no list,
no history. Where a file doesn't say when each of its words is said, it goes whole.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from radio.actions.action import NOTE, Input, WrongFieldError, catch_up
from radio.actions.erasing import (
    UnsaidWords,
    find_unsaid,
    history_without,
    said_in,
    speaking_of,
    text_said,
    unknown_files,
)
from radio.actions.forgetting import forget_waiting
from radio.actions.timed_texts import Excision, text_without, texts_without
from radio.archive import Archive, journal, paths, removal, stores
from radio.archive.acts import changed_meanwhile, require_idle, require_own
from radio.archive.changes import TRASH
from radio.archive.episode import Audio, Episode, render_episode
from radio.archive.gone import Forgotten
from radio.archive.keys import keys_of, sounds_of
from radio.archive.protection import Redaction, mark_of
from radio.archive.removal import SEALED, Removal, sealed_folder
from radio.derived.cache import caches_of
from radio.proposals.twins.arrivals import remove_copies, sent_copies
from radio.search import Index
from radio.sound.probing import Probe, probe
from radio.sound.recoding import Cover, silence
from radio.system.checksums import hash_file
from radio.system.disk import stamp, temporary
from radio.system.messages import _
from radio.system.progress import Progress
from radio.text.sentences import sentence_of
from radio.text.transcript import read_evidence, read_vtt

MARGIN = 0.1  # seconds at both ends that go too: whole frames of every format, and their overlap
SHORTEST = 0.05  # seconds

Fate = Literal["seal", "destroy"]
"""What becomes of the original."""


FIELDS = (
    Input("start", "moment", is_needed=True, metavar=_("DÉBUT")),
    Input("end", "moment", is_needed=True, metavar=_("FIN")),
    Input(
        "cover",
        "choice",
        choices=("silence", "tone"),
        flags={"tone": _("Y faire entendre un bip, non le silence.")},
    ),
    Input("text", help=_("Ce que le texte dit à cet endroit ; sinon, qu’il a été retiré.")),
    Input(
        "fate",
        "choice",
        choices=("seal", "destroy"),
        flags={
            "seal": _("Garder l’original dans `sealed/`, donné à personne."),
            "destroy": _("Ne garder aucun original, même scellé auparavant."),
        },
    ),
    NOTE,
)


@dataclass(frozen=True)
class Request:
    """What a keeper asks for, by the names of the fields."""

    start: float  # seconds
    end: float
    fate: Fate
    cover: Cover = "silence"
    text: str = ""  # in place of the words
    note: str = ""  # in private: why, who asked
    who: str = ""  # the account that does it


def take_out(
    archive: Archive, index: Index, episode: Episode, asked: Request, progress: Progress
) -> list[str]:
    """Take a passage out of an episode; search and what was made of it follow.

    It takes minutes for a long recording. Gives the files, beneath the root, that may still hold
    what was said there (`unknown_files`). Raises as `redact` does.
    """
    keys = keys_of(archive, episode)
    redact(archive, episode.key, asked, progress)
    catch_up(archive, index, [episode.key])
    return list(unknown_files(archive, keys, speaking_of(keys, sounds_of(episode))))


def redact(
    archive: Archive, key: str, asked: Request, progress: Progress = lambda _: None
) -> Episode:
    """Take a passage out of an episode, and give the episode as it is then.

    What waits to be decided on, and quotes what stood there or sounds like it, goes too.

    Raises NotFoundError if there is none of that key, ArchiveError if the passage is none, or if
    the disk refuses, TranscriptError if the text can't be read, AudioError if the recording can't
    be decoded, BusyError while it is being transcribed.
    """
    require_own(archive.require())
    episode = archive.episode(key)
    passage = passage_of(episode, asked)
    archive.transcript(key)  # one that can't be read would go whole: somebody mends it first
    keys, copies = keys_of(archive, episode), sent_copies(archive, key)
    path = archive.audio_path(episode)
    part, state = temporary(path), stamp(path)
    with removal.making(archive.root, part):
        silence(path, part, (passage.start, passage.end), asked.cover, progress)
        found = probe(part)
        audio = successor(episode.audio, part, found)
        after = _without_passage(episode, passage, audio)
        with archive.lock():
            require_idle(archive, [key])
            if archive.episode(key) != episode or stamp(path) != state:
                raise changed_meanwhile(key)
            texts = texts_without(archive, episode, _cut(archive, episode, asked), audio.sha256)
            left = find_unsaid(archive, key, text_said(archive, key), _said_then(texts, key))
            made = {part.relative_to(archive.root).as_posix(): paths.audio(episode)}
            plan = _plan(archive, episode, after, asked.fate, texts, left)
            forget_waiting(archive, keys)
            left.forget(archive)
            removal.perform(archive.root, replace(plan, made=made))
            archive.write_waveform(after, found.waveform)
            facts = {"start": passage.start, "end": passage.end, "fate": asked.fate}
            told = {"who": asked.who, "note": asked.note}
            journal.note(archive.root, "redact", key=key, facts=facts, **told)
    remove_copies(archive, copies)
    forget_waiting(archive, keys)  # what came meanwhile
    return after


def _without_passage(old: Episode, passage: Redaction, audio: Audio) -> Episode:
    """Describe an episode without a passage; a soundbite of it, which may quote it, goes too."""
    cut = Excision(passage.start, passage.end, "")
    bites = (b for b in old.soundbites if not cut.hits(b.start, b.start + b.duration))
    redactions = (*old.redactions, passage)
    return replace(old, audio=audio, redactions=redactions, soundbites=tuple(bites))


def successor(old: Audio, part: Path, found: Probe) -> Audio:
    """Describe a recording that takes the place of another, whose hashes it remembers."""
    known = (*old.formerly, old.sha256, old.packets)
    return replace(
        old,
        sha256=hash_file(part),
        size=stamp(part)[1],
        duration=found.duration,
        packets=found.packets,
        formerly=tuple(dict.fromkeys(filter(None, known))),
    )


def words_of(archive: Archive, episode: Episode, asked: Request) -> tuple[str, str]:
    """Give the words of a text in which a passage lies, and what would stand there without it.

    Both are empty where there is no text. Raises ArchiveError if there is no such passage,
    TranscriptError if the text can't be read.
    """
    text, cut = archive.transcript(episode.key), _cut(archive, episode, asked)
    if text is None:
        return "", ""
    left = text_without(text, cut, archive.evidence(episode.key)).cues
    old, new = set(text.cues), set(left)
    before = (each for each in text.cues if each not in new)
    after = (each for each in left if each not in old)
    return sentence_of(before), sentence_of(after)


def passage_of(episode: Episode, asked: Request) -> Redaction:
    """Give the passage with its margins.

    Raises ArchiveError if there is no such passage.
    """
    length = episode.audio.duration
    if not 0 <= asked.start < asked.end <= length + 1 or asked.end - asked.start < SHORTEST:
        raise WrongFieldError(
            "start",
            _("{key} : pas de passage de {start:g} s à {end:g} s ; il dure {length:g} s"),
            key=episode.key,
            start=asked.start,
            end=asked.end,
            length=length,
        )
    start, end = max(0.0, asked.start - MARGIN), min(length, asked.end + MARGIN)
    return Redaction(round(start, 3), round(end, 3), dt.date.today().isoformat())


def _cut(archive: Archive, episode: Episode, asked: Request) -> Excision:
    passage, language = passage_of(episode, asked), archive.show(episode.show).language_of(episode)
    return Excision(passage.start, passage.end, asked.text or mark_of(language))


def _said_then(texts: Mapping[str, str | None], key: str) -> str:
    vtt, heard = texts.get(paths.transcript(key)), texts.get(paths.evidence(key))
    return said_in(
        read_vtt(vtt.encode(), key).cues if vtt else (),
        read_evidence(heard.encode(), key).segments if heard else (),
    )


def _plan(
    archive: Archive,
    old: Episode,
    new: Episode,
    fate: Fate,
    texts: Mapping[str, str | None],
    left: UnsaidWords,
) -> Removal:
    keys, sidecar = keys_of(archive, old), paths.sidecar(old.key)
    past = history_without(archive.root, Forgotten(keys), amend=left.amend)
    dropped, aside = [*stores.files(archive.root, keys, TRASH)], dict[str, str]()
    if fate == "seal":
        folder = sealed_folder()
        for path in (sidecar, paths.audio(old), *texts, *dropped):
            aside[path] = f"{folder}/{path}"
    else:
        dropped += stores.files(archive.root, keys, SEALED)
    untold = {
        path: left.untold(text.encode(), path).decode() if text and path[-5:] == ".json" else text
        for path, text in texts.items()
    }
    caches = caches_of(archive, sounds_of(old), keys)
    written = {**untold, **past, **left.changes(), sidecar: render_episode(new).decode()}
    return Removal(aside, written=written | dict.fromkeys((*dropped, *caches)))
