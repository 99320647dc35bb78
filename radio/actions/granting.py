"""Say what listeners may do with a recording, and what music it plays: one act, for keepers."""

from collections.abc import Sequence
from dataclasses import replace

from radio.actions.action import Action
from radio.archive.episode import Episode
from radio.archive.rights import Rights


def _granted(episode: Episode, *, rights: Rights, playlist: Sequence[str]) -> Episode:
    return replace(episode, rights=rights, playlist=tuple(playlist))


grant = Action("edit", _granted)
"""Give an episode rights and a playlist."""
