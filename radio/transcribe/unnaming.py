"""Names of voices taken back: in the sidecar, and wherever the text has them."""

from dataclasses import replace

from radio.archive import Archive, belongings, paths
from radio.archive.episode import Episode, render_episode
from radio.archive.history import Act, Rewriting, text_of
from radio.archive.pseudonyms import pseudonyms_for, substitute
from radio.archive.traces import names_of
from radio.archive.voice_names import Names, renamed_voices, sidecars
from radio.system.disk import read_bytes
from radio.system.errors import ArchiveError
from radio.system.messages import _
from radio.transcribe.attribution import speakers_of
from radio.transcribe.corrections import write_again
from radio.transcribe.versions import is_by_hand
from radio.transcribe.voice_labels import label_cues, without_labels


def unname(archive: Archive, act: Act) -> Act:
    """Take back names that voices of an episode got, whatever else changed since.

    Raises NotFoundError if there is no such episode, ArchiveError, having changed nothing, if one
    of these voices was named again since, or if the disk refuses.
    """
    undone = belongings.undo(archive, act.name, _as_it_is_now)
    with archive.lock():
        key = _key_of(act)
        if not is_by_hand(archive, key):
            write_again(archive, key, speakers_of(archive, archive.episode(key)))
    return undone


def _as_it_is_now(archive: Archive, act: Act) -> Act:
    """Give the act as if it had been done to what is there now: only the names go back."""
    belongings.require_idle(archive, [_key_of(act)])
    episode = archive.episode(_key_of(act))
    changed = renamed_voices(act, paths.sidecar(episode.key))
    if any(episode.voices.get(number, "") != new for number, (_old, new) in changed.items()):
        told = _("{key}: voices were named again since; take that back first, nothing was done")
        raise ArchiveError(told.format(key=episode.key))
    hidden = pseudonyms_for(archive.root, names_of(archive, episode))
    old = {number: substitute(name, hidden) for number, (name, _new) in changed.items()}
    left = {number: name for number, name in {**episode.voices, **old}.items() if name}
    before = replace(episode, voices=dict(sorted(left.items())))
    path = archive.sidecar_path(episode.key)
    sidecar = Rewriting(paths.sidecar(episode.key), render_episode(before).decode(), text_of(path))
    text: tuple[Rewriting, ...] = ()
    if is_by_hand(archive, episode.key):
        own = _text(archive, act, episode, old)
        text = (replace(own, before=substitute(own.before or "", hidden)),)
    return replace(act, rewritings=(*text, sidecar))


def _text(archive: Archive, act: Act, episode: Episode, old: Names) -> Rewriting:
    """Give a person's text as it was, or its names alone where somebody changed it since."""
    key, path = episode.key, archive.vtt_path(episode.key)
    now = text_of(path)
    own = next((each for each in act.rewritings if each.path == paths.transcript(key)), None)
    if own and own.after == now:
        return own
    if own and own.before and own.after and now:
        return replace(own, before=without_labels(now, own.after, own.before), after=now)
    known = speakers_of(archive, episode)
    names = {**known.names, **old}
    numbers = [int(number) for number in old]
    labelled = label_cues(archive, key, known, replace(known, names=names), numbers)
    before = now if labelled == read_bytes(path) else labelled.decode()
    return Rewriting(paths.transcript(key), before, now)


def _key_of(act: Act) -> str:
    sidecar = next(sidecars(act))
    return sidecar.removeprefix("media/").removesuffix(".json")
