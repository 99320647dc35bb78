"""Take a passage out of an episode: out of its sound, its words, and all that was made of them. The
original is sealed, or destroyed; nothing else of the passage stays. A file goes whole if it does
not say when each word is said. While it is sealed, the last original can be restored."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from radio.actions import erasing
from radio.actions.action import NOTE, Input, WrongFieldError, catch_up
from radio.actions.deletion import forget_waiting
from radio.actions.pseudonym_texts import may_name_people, with_names_hidden
from radio.actions.timed_texts import Excision, text_without, texts_without
from radio.archive import Archive, journal, paths, removal, stores
from radio.archive.acts import changed_meanwhile, require_idle, require_own, to_trash
from radio.archive.changes import TRASH
from radio.archive.episode import Audio, Episode, read_episode, render_episode
from radio.archive.gone import Forgotten
from radio.archive.keys import keys_of, pseudonyms_of, sounds_of
from radio.archive.protection import Redaction, mark_of
from radio.archive.pseudonyms import substitute
from radio.archive.removal import SEALED, Removal, sealed_folder
from radio.derived.cache import caches_of
from radio.proposals.twins.arrivals import remove_copies, sent_copies
from radio.search import Index
from radio.sound.probing import Probe, probe
from radio.sound.recoding import Cover, recode, silenced
from radio.system.checksums import hash_file
from radio.system.disk import is_file, read_bytes, stamp, temporary
from radio.system.errors import ArchiveError, NotFoundError
from radio.system.messages import _
from radio.system.progress import Progress, silent
from radio.text.sentences import sentence_of
from radio.text.transcript import LARGEST_EVIDENCE, Transcript, read_evidence, read_vtt

MARGIN = 0.1  # seconds at both ends that go too: whole frames of every format, and their overlap
SHORTEST = 0.05  # seconds

Fate = Literal["seal", "destroy"]  # of the original

TONE = _("Y mettre un bip au lieu d’un silence.")
FATES = {
    "seal": _("Garder l’original dans `sealed/`, hors de portée du public."),
    "destroy": _("Ne garder aucun original, même scellé auparavant."),
}
FIELDS = (
    Input("start", "moment", is_needed=True, metavar=_("DÉBUT")),
    Input("end", "moment", is_needed=True, metavar=_("FIN")),
    Input("cover", "choice", choices=("silence", "tone"), flags={"tone": TONE}),
    Input("text", help=_("Ce que dira le texte à cet endroit ; par défaut, qu’il a été retiré.")),
    Input("fate", "choice", choices=("seal", "destroy"), flags=FATES),
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
    """Take out a passage as `redact`, update search and caches, give `unknown_files`. Slow."""
    keys = keys_of(archive, episode)
    redact(archive, episode.key, asked, progress)
    catch_up(archive, index, [episode.key])
    return list(erasing.unknown_files(archive, keys, erasing.speaking_of(keys, sounds_of(episode))))


def redact(archive: Archive, key: str, asked: Request, progress: Progress = silent) -> Episode:
    """Take a passage out of an episode; give the new one. What waits and quotes it, or sounds like
    it, goes too. Raises TranscriptError or AudioError if text or sound can't be read."""
    require_own(archive.require())
    episode = archive.episode(key)
    passage, cut = passage_of(episode, asked), _cut(archive, episode, asked)
    archive.transcript(key)  # one that can't be read would go whole: somebody mends it first
    keys, copies = keys_of(archive, episode), sent_copies(archive, key)
    path = archive.audio_path(episode)
    part, state = temporary(path), stamp(path)
    with removal.making(archive.root, part):
        recode(silenced, path, part, passage.start, passage.end, asked.cover, progress=progress)
        found = probe(part)
        audio = successor(episode.audio, part, found)
        bites = (b for b in episode.soundbites if not cut.hits(b.start, b.start + b.duration))
        redactions = (*episode.redactions, passage)  # soundbites may quote it
        after = replace(episode, audio=audio, redactions=redactions, soundbites=tuple(bites))
        with archive.lock():
            require_idle(archive, [key])
            if archive.episode(key) != episode or stamp(path) != state:
                raise changed_meanwhile(key)
            texts = texts_without(archive, episode, cut, after.audio.sha256)
            vtt, heard = texts.get(paths.transcript(key)), texts.get(paths.evidence(key))
            said = erasing.said_in(
                read_vtt(vtt.encode(), key).cues if vtt else (),
                read_evidence(heard.encode(), key).segments if heard else (),
            )
            left = erasing.find_unsaid(archive, key, erasing.text_said(archive, key), said)
            made = {part.relative_to(archive.root).as_posix(): paths.audio(episode)}
            plan = _plan(archive, episode, after, asked.fate, texts, left)
            forget_waiting(archive, keys)
            left.forget(archive)
            removal.perform(archive.root, replace(plan, made=made))
            archive.write_waveform(after, found.waveform)
            facts = {"start": passage.start, "end": passage.end, "fate": asked.fate}
            own = {"who": asked.who, "note": asked.note}
            journal.note(archive.root, "redact", key=key, facts=facts, **own)
    remove_copies(archive, copies)
    forget_waiting(archive, keys)  # what came meanwhile
    return after


def successor(old: Audio, part: Path, found: Probe) -> Audio:
    """Describe a recording that replaces another, whose hashes it remembers."""
    known = (*old.formerly, old.sha256, old.packets)
    formerly = tuple(dict.fromkeys(filter(None, known)))
    new = replace(old, sha256=hash_file(part), size=stamp(part)[1], formerly=formerly)
    return replace(new, duration=found.duration, packets=found.packets)


def words_of(archive: Archive, episode: Episode, asked: Request) -> tuple[str, str]:
    """Give the words of a passage, and what would replace them; "" without a text."""
    text, cut = archive.transcript(episode.key), _cut(archive, episode, asked)
    if text is None:
        return "", ""
    left = text_without(text, cut, archive.evidence(episode.key)).cues
    old, new = set(text.cues), set(left)
    gone = (each for each in text.cues if each not in new)
    return sentence_of(gone), sentence_of(each for each in left if each not in old)


def passage_of(episode: Episode, asked: Request) -> Redaction:
    """Give the passage with its margins. Raises ArchiveError if there is no such passage."""
    length = episode.audio.duration
    if not 0 <= asked.start < asked.end <= length + 1 or asked.end - asked.start < SHORTEST:
        message = _("{key} : pas de passage de {start:g} s à {end:g} s ; il dure {length:g} s")
        values = {"key": episode.key, "start": asked.start, "end": asked.end, "length": length}
        raise WrongFieldError("start", message, **values)
    start, end = max(0.0, asked.start - MARGIN), min(length, asked.end + MARGIN)
    return Redaction(round(start, 3), round(end, 3), dt.date.today().isoformat())


def _cut(archive: Archive, episode: Episode, asked: Request) -> Excision:
    passage, language = passage_of(episode, asked), archive.show(episode.show).language_of(episode)
    return Excision(passage.start, passage.end, asked.text or mark_of(language))


def _plan(
    archive: Archive,
    old: Episode,
    new: Episode,
    fate: Fate,
    texts: Mapping[str, str | None],
    left: erasing.UnsaidWords,
) -> Removal:
    keys, sidecar = keys_of(archive, old), paths.sidecar(old.key)
    past = erasing.history_without(archive.root, Forgotten(keys), amend=left.amend)
    dropped, aside = [*stores.files(archive.root, keys, TRASH)], dict[str, str]()
    if fate == "seal":
        folder, files = sealed_folder(), (sidecar, paths.audio(old), *texts, *dropped)
        aside = {path: f"{folder}/{path}" for path in files}
    else:
        dropped += stores.files(archive.root, keys, SEALED)
    written = dict(texts)
    for path, text in texts.items():
        if text and path.endswith(".json"):
            written[path] = left.untold(text.encode(), path).decode()
    caches = caches_of(archive, sounds_of(old), keys)
    written |= {**past, **left.changes(), sidecar: render_episode(new).decode()}
    return Removal(aside, written=written | dict.fromkeys((*dropped, *caches)))


@dataclass(frozen=True)
class SealedOriginal:
    """An episode before its last passage was taken out, and its sealed files."""

    episode: Episode
    files: Mapping[str, str]  # by the path that each had: where it lies sealed


def sealed_original(archive: Archive, key: str) -> SealedOriginal:
    """Find the original of the last passage taken out. Raises NotFoundError if none is sealed,
    ArchiveError if a later passage was destroyed or the recording was replaced since."""
    now = archive.episode(key)
    folders = defaultdict[str, dict[str, str]](dict)
    for path in stores.files(archive.root, keys_of(archive, now), SEALED):
        folders[path.split("/")[1]][stores.place_of(path)] = path
    for _name, files in sorted(folders.items(), reverse=True):
        for own in (path for path in files if path.startswith("media/") and path[-5:] == ".json"):
            sidecar = archive.root / files[own]
            was = read_episode(now.show, now.slug, read_bytes(sidecar), sidecar)
            known = tuple(filter(None, (was.audio.sha256, was.audio.packets)))
            follows = now.audio.formerly[-len(known) :] == known
            if follows and now.redactions[:-1] == was.redactions and own == paths.sidecar(key):
                return SealedOriginal(was, files)
            message = _(
                "{key} : ce qui est scellé n’est pas ce qui s’y trouvait avant ; remettez-le "
                "à la main"
            )
            raise ArchiveError(message, key=key)
    raise NotFoundError(_("{key} : aucun original scellé"), key=key)


def unseal(archive: Archive, key: str, *, is_sure: bool = False, note: str = "") -> Episode:
    """Restore an original, and give the new episode. Raises as `sealed_original`; ArchiveError too
    if the text changed since, unless `is_sure`, or if the sealed recording is damaged."""
    require_own(archive.require())
    with archive.lock():
        require_idle(archive, [key])
        now, original = archive.episode(key), sealed_original(archive, key)
        was, own = original.episode, paths.sidecar(key)
        sound = (archive.root / original.files[own]).with_name(was.audio.file)
        if hash_file(sound) != was.audio.sha256:
            message = _(
                "{path} : abîmé, ce n’est plus ce qui a été scellé ; remettez-en une copie, puis "
                "recommencez"
            )
            raise ArchiveError(message, path=sound)
        if not is_sure and _has_changed(archive, now, original):
            message = _("{key} : son texte a changé depuis ; --yes remet tout de même l’ancien")
            raise ArchiveError(message, key=key)
        every = {*now.soundbites, *was.soundbites}
        bites = sorted(every, key=lambda each: (each.start, each.duration, each.title))
        audio, redactions = _audio(now.audio, was.audio), now.redactions[:-1]
        after = replace(now, audio=audio, redactions=redactions, soundbites=tuple(bites))
        caches = caches_of(archive, sounds_of(now), keys_of(archive, now))
        back = put_back(archive, now, original.files, caches)
        written = {**back.written, own: render_episode(after).decode()}
        removal.perform(archive.root, replace(back, written=written))
        journal.note(archive.root, "unseal", key=key, note=note)
    return after


def _audio(now: Audio, was: Audio) -> Audio:
    """Describe the original, which replaces what it once was made into."""
    known = filter(None, (now.sha256, now.packets, *now.formerly))  # the last one stays last
    own = {was.sha256, was.packets}
    return replace(was, formerly=tuple(dict.fromkeys(each for each in known if each not in own)))


def _has_changed(archive: Archive, now: Episode, original: SealedOriginal) -> bool:
    """Whether the text of record differs from the original without the passage."""
    text, heard = (original.files.get(path(now.key)) for path in (paths.transcript, paths.evidence))
    if text is None:
        return False
    was, evidence = read_vtt(read_bytes(archive.root / text), text), None
    if heard:
        evidence = read_evidence(read_bytes(archive.root / heard, LARGEST_EVIDENCE), heard)
    passage = now.redactions[-1]
    left = text_without(was, Excision(passage.start, passage.end, ""), evidence)
    names = pseudonyms_of(archive, now)
    wanted = [(start, substitute(text, names)) for start, text in _outside(left, passage)]
    present = archive.transcript(now.key)
    return present is None or list(_outside(present, passage)) != wanted


def _outside(text: Transcript, passage: Redaction) -> Iterator[tuple[float, str]]:
    for cue in text.cues:
        if (round(cue.start, 3), round(cue.end, 3)) != (passage.start, passage.end):
            yield round(cue.start, 2), " ".join(cue.text.split())


def put_back(
    archive: Archive, now: Episode, files: Mapping[str, str], gone: Iterable[str]
) -> Removal:
    """Plan that sealed or trashed files of an episode go back to their places, by former path. What
    replaced them goes to the trash, what is `gone` for ever. Replaced names stay replaced."""
    root = archive.root
    said = [path for path in files if may_name_people(path)]
    texts = {path: read_bytes(root / files[path], LARGEST_EVIDENCE).decode() for path in said}
    present = (path for path in dict.fromkeys((*files, paths.audio(now))) if is_file(root / path))
    lost = (*(files[path] for path in texts), *gone)
    aside = {each.old: each.new for each in to_trash(now.slug, present)}
    made = {place: path for path, place in files.items() if path not in texts}
    return Removal(aside, made, {**with_names_hidden(archive, texts), **dict.fromkeys(lost)})
