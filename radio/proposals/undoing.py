"""Take back what was done, each kind of act by its own rule: for the desk and the command alike.

The journal says who took back what. Nothing is overwritten that changed since.
"""

from radio.actions.covering import uncover
from radio.actions.reinstating import reinstate
from radio.actions.undoing import deed_of, take_back
from radio.archive import Archive, history, journal
from radio.archive.history import Act
from radio.proposals.sentences import follow, text_of
from radio.system.errors import NotFoundError
from radio.system.messages import _
from radio.transcribe.voice_labels import unname


def undo(archive: Archive, name: str = "", who: str = "", key: str = "") -> Act:
    """Take back an act, the last one that stands where none is named.

    The journal names the episode or show with that `key`, or else the first that the act changed.
    Raises NotFoundError if there is none of that name, ArchiveError, having changed nothing, if
    something of it changed since or the disk refuses, BusyError while its episode is being
    transcribed.
    """
    act = history.act_to_undo(archive.root, name)
    if act.what == "replace":
        before = text_of(archive, act.keys[0])
        undone = reinstate(archive, act, who=who)
        follow(archive, act.keys[0], before)
        return undone
    undone = _by_rule(archive, act, who)
    facts = {"undone": act.what}
    journal.note(archive.root, "undo", key=key or next(iter(act.keys), ""), facts=facts, who=who)
    return undone


def undo_act(archive: Archive, key: str, name: str, who: str = "") -> Act:
    """Take back an act that changed an episode or a show, wherever else it changed something.

    Raises NotFoundError if no such act stands that can be taken back from there; errors as `undo`.
    """
    found = deed_of(archive, key, name)
    if found is None or not found.is_whole:
        told = _("{name}: no such act to undo; `radio undo --list` names them")
        raise NotFoundError(told.format(name=name))
    return undo(archive, name, who, key)


def _by_rule(archive: Archive, act: Act, who: str) -> Act:
    if act.what == "voices":
        return unname(archive, act)
    if act.what == "cover":
        return uncover(archive, act)
    return take_back(archive, act, who)
