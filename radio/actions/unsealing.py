"""Give back the original of what was taken out last, while it is sealed: sound, texts, evidence.

What stands in its place goes to the trash. Names that were replaced since stay replaced, and a text
that changed since is not given up unasked.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from radio.actions.pseudonym_texts import WRITTEN, without_names
from radio.actions.timed_texts import Excision, text_without
from radio.archive import Archive, journal, paths, removal, stores
from radio.archive.acts import require_idle, require_own, to_trash
from radio.archive.episode import Audio, Episode, read_episode, render_episode
from radio.archive.keys import keys_of, names_of, sounds_of
from radio.archive.pseudonyms import pseudonyms_for, substitute
from radio.archive.removal import SEALED, Removal
from radio.derived.cache import caches_of
from radio.system.checksums import hash_file
from radio.system.disk import is_file, read_bytes
from radio.system.errors import ArchiveError, NotFoundError
from radio.system.messages import _
from radio.text.transcript import LARGEST_EVIDENCE, Evidence, Transcript, read_evidence, read_vtt


@dataclass(frozen=True)
class SealedOriginal:
    """An episode as it was before a passage was taken out of it, and where its files lie."""

    episode: Episode
    files: Mapping[str, str]  # by the path that each had: where it lies sealed


def sealed_original(archive: Archive, key: str) -> SealedOriginal:
    """Find the original of what was taken out last of an episode.

    Raises NotFoundError if there is no such episode or nothing of it is sealed, ArchiveError if
    what is sealed is not what was there before: a later passage was destroyed with it, or the
    recording was replaced since.
    """
    episode = archive.episode(key)
    folders = dict[str, dict[str, str]]()
    for path in stores.files(archive.root, keys_of(archive, episode), SEALED):
        folders.setdefault(path.split("/")[1], {})[stores.place_of(path)] = path
    for folder in sorted(folders, reverse=True):
        files = folders[folder]
        own = next(
            (each for each in files if each.startswith("media/") and each[-5:] == ".json"), ""
        )
        if own:
            sidecar = archive.root / files[own]
            was = read_episode(episode.show, episode.slug, read_bytes(sidecar), sidecar)
            _require_last(episode, was, own)
            return SealedOriginal(was, files)
    raise NotFoundError(_("{key} : aucun original n’en est scellé"), key=key)


def _require_last(now: Episode, was: Episode, own: str) -> None:
    """See to it that nothing but the last passage lies between both."""
    known = tuple(filter(None, (was.audio.sha256, was.audio.packets)))
    follows = now.audio.formerly[-len(known) :] == known
    if not follows or now.redactions[:-1] != was.redactions or own != paths.sidecar(now.key):
        told = _(
            "{key} : ce qui est scellé n’est pas ce qui s’y trouvait avant ; remettez-le à la main"
        )
        raise ArchiveError(told, key=now.key)


def unseal(archive: Archive, key: str, *, is_sure: bool = False, note: str = "") -> Episode:
    """Give back an original, and the episode as it is then; nothing says any more that it lacks.

    Raises as `sealed_original` does; ArchiveError too, having changed nothing, if the text changed
    since and nobody `is_sure`, if the sealed recording is damaged or if the disk refuses,
    BusyError while it is being transcribed.
    """
    require_own(archive.require())
    with archive.lock():
        require_idle(archive, [key])
        now, original = archive.episode(key), sealed_original(archive, key)
        _require_intact(archive, original)
        if not is_sure and _has_changed(archive, now, original):
            told = _("{key} : son texte a changé depuis ; --yes remet tout de même l’ancien")
            raise ArchiveError(told, key=key)
        after = _with_passage(now, original.episode)
        removal.perform(archive.root, _plan(archive, now, after, original))
        journal.note(archive.root, "unseal", key=key, note=note)
    return after


def _require_intact(archive: Archive, original: SealedOriginal) -> None:
    """Raise ArchiveError unless the sealed recording has the hash that its sidecar tells."""
    was = original.episode
    path = (archive.root / original.files[paths.sidecar(was.key)]).with_name(was.audio.file)
    if hash_file(path) != was.audio.sha256:
        told = _(
            "{path} : abîmé, pas les octets qui ont été scellés ; remettez-en une copie, "
            "puis recommencez"
        )
        raise ArchiveError(told, path=path)


def _with_passage(now: Episode, was: Episode) -> Episode:
    """Describe an episode with the passage that it lacked, and with the soundbites of it."""
    bites = {*now.soundbites, *was.soundbites}
    return replace(
        now,
        audio=_audio(now.audio, was.audio),
        redactions=now.redactions[:-1],
        soundbites=tuple(sorted(bites, key=lambda each: (each.start, each.duration, each.title))),
    )


def _audio(now: Audio, was: Audio) -> Audio:
    """Describe the original, which took the place of what it once was made into."""
    known = filter(None, (now.sha256, now.packets, *now.formerly))  # the last one stays last
    own = {was.sha256, was.packets}
    return replace(was, formerly=tuple(dict.fromkeys(each for each in known if each not in own)))


def _has_changed(archive: Archive, now: Episode, original: SealedOriginal) -> bool:
    """Whether the text of record is another than the original without the passage."""
    path = paths.transcript(now.key)
    if path not in original.files:
        return False
    place = archive.root / original.files[path]
    passage = now.redactions[-1]
    cut = Excision(passage.start, passage.end, "")
    left = text_without(read_vtt(read_bytes(place), place), cut, _evidence(archive, original))
    present = archive.transcript(now.key)
    names = pseudonyms_for(archive.root, names_of(archive, now))
    wanted = [(start, substitute(text, names)) for start, text in _outside(left, cut)]
    return present is None or list(_outside(present, cut)) != wanted


def _evidence(archive: Archive, original: SealedOriginal) -> Evidence | None:
    place = original.files.get(paths.evidence(original.episode.key))
    if place is None:
        return None
    return read_evidence(read_bytes(archive.root / place, LARGEST_EVIDENCE), place)


def _outside(text: Transcript, passage: Excision) -> Iterator[tuple[float, str]]:
    """Give what is said before and after a passage, without what stands in its place."""
    for cue in text.cues:
        if (round(cue.start, 3), round(cue.end, 3)) != (passage.start, passage.end):
            yield round(cue.start, 2), " ".join(cue.text.split())


def _plan(archive: Archive, now: Episode, after: Episode, original: SealedOriginal) -> Removal:
    root, sidecar = archive.root, paths.sidecar(now.key)
    files = {path: place for path, place in original.files.items() if path != sidecar}
    texts = {
        path: read_bytes(root / place, LARGEST_EVIDENCE).decode()
        for path, place in files.items()
        if path.startswith("transcripts/") and path.endswith(WRITTEN)
    }
    shown = without_names(texts, pseudonyms_for(root, names_of(archive, now)))
    present = (path for path in (*original.files, paths.audio(now)) if is_file(root / path))
    gone = (
        *(original.files[path] for path in (*texts, sidecar)),
        *caches_of(archive, sounds_of(now), keys_of(archive, now)),
    )
    written = {**shown, sidecar: render_episode(after).decode(), **dict.fromkeys(gone)}
    return Removal(
        {each.old: each.new for each in to_trash(now.slug, dict.fromkeys(present))},
        {place: path for path, place in files.items() if path not in texts},
        written,
    )
