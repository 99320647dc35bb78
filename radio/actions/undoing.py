"""Undo what was done to an episode or a show: one field, or all of an act, everywhere. Each kind of
act has its own rule. Nothing is overwritten that changed since."""

import contextlib
import datetime as dt
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from radio.actions.covering import uncover
from radio.actions.deletion import deletions
from radio.actions.editing import Edit, compare, current, edits_of, write
from radio.actions.fields import attributes_of, texts_of
from radio.actions.pseudonym_texts import names_hidden, with_names_hidden
from radio.actions.repairing import unrepair
from radio.actions.replacing import reinstate
from radio.actions.runs import undo_run
from radio.archive import Archive, acts, gone, history, journal, paths
from radio.archive.changes import TRASH
from radio.archive.fixity import FixityReader
from radio.archive.fixity_log import BAD
from radio.archive.gone import Gone, read_gone, render_gone
from radio.archive.history import Act, Rewriting
from radio.archive.imprint import FILE
from radio.proposals.sentences import follow, text_of
from radio.system.disk import stamp, write_whole
from radio.system.errors import ArchiveError, NotFoundError, warned
from radio.system.messages import _
from radio.transcribe.voices import renamed_voices, unname

BY_FIELDS = ("edit", "import")  # acts that are nothing but fields
NO_ACT = _("{name} : pas d’action de ce nom à annuler ; `radio undo --list` les liste")
UNTOLD = ("pseudonym",)  # acts of which nobody is shown what was there
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Deed:
    """What an act did to one episode or show."""

    act: Act
    changes: Mapping[str, tuple[str, str]]  # by field: what it said, and what it said then
    number: int  # of all that the act changed
    voices: Mapping[str, tuple[str, str]]  # likewise, by number

    @property
    def moment(self) -> dt.datetime:
        """Its time, by the clock of this machine."""
        return dt.datetime.fromisoformat(self.act.when).astimezone()

    @property
    def is_whole(self) -> bool:
        """Whether it can be undone as a whole from here: no episode was renamed."""
        keeps_names = not self.act.renamings or self.act.what == "cover"
        return self.act.state == "done" and keeps_names


def deeds(archive: Archive, key: str, most: int | None = None) -> list[Deed]:
    """List what was done to an episode or a show, the newest first, at most so many acts."""
    found, own, text = list[Deed](), _path_of(key), f"transcripts/{key}."
    for act in history.acts(archive.root, own, text):
        if len(found) == most:
            break
        touched = [PurePosixPath(each.path) for each in act.rewritings]
        if any(str(each) == own or ("/" in key and str(each).startswith(text)) for each in touched):
            changes = next((each.changes for each in edits_of(act, own)), {})
            voices = renamed_voices(act, own) if act.what == "voices" else {}
            changed = {(each.parent, each.name.partition(".")[0]) for each in touched}
            found.append(Deed(act, {} if act.what in UNTOLD else changes, len(changed), voices))
    return found


def deed_of(archive: Archive, key: str, name: str) -> Deed | None:
    """Give what a named act did to an episode or a show, or None."""
    return next((each for each in deeds(archive, key) if each.act.name == name), None)


def undo(
    archive: Archive, name: str = "", who: str = "", key: str = "", keys: Sequence[str] = ()
) -> Act:
    """Undo an act, by default the last; of an ingest perhaps some `keys` alone. The journal names
    `key`, else the first changed item."""
    act = history.act_to_undo(archive.root, name)
    if keys and act.what != "ingest":
        raise NotFoundError(_("{name} : pas un ajout ; il se défait en entier"), name=act.name)
    _note_damage(archive, act)
    match act.what:
        case "ingest":
            undone = undo_run(archive, act, keys)
        case "replace":  # which has its own line in the journal
            before = text_of(archive, act.keys[0])
            undone = reinstate(archive, act, who=who)
            follow(archive, act.keys[0], before)
            return undone
        case "voices":
            undone = unname(archive, act)
        case "cover":
            undone = uncover(archive, act)
        case "repair":
            undone = unrepair(archive, act)
        case _:
            undone = _take_back(archive, act, who)
    facts = {"undone": act.what}
    journal.note(archive.root, "undo", key=key or next(iter(act.keys), ""), facts=facts, who=who)
    return undone


def led_to(archive: Archive, key: str, *kinds: history.What) -> Act | None:
    """Give the last act of some kinds that stands, and made another key lead to this one."""
    acts = (each for each in history.acts(archive.root) if each.facts.get("to") == key)
    return next((each for each in acts if each.what in kinds and each.state == "done"), None)


def undo_act(archive: Archive, key: str, name: str, who: str = "") -> Act:
    """Undo an act that changed an item. Raises NotFoundError if it can't be undone from there."""
    found = deed_of(archive, key, name)
    if found is None or not found.is_whole:
        raise NotFoundError(NO_ACT, name=name)
    return undo(archive, name, who, key)


def restore(archive: Archive, name: str, *, who: str = "") -> Act:
    """Restore what was deleted, by the name of the act."""
    if name not in {each.name for each in deletions(archive)}:
        raise NotFoundError(NO_ACT, name=name)
    return undo(archive, name, who)


def _take_back(archive: Archive, act: Act, who: str) -> Act:
    """Undo an act that stands; if its files changed, but none of its fields, only these."""
    try:
        return acts.undo(archive, act.name, _as_it_comes_back)
    except ArchiveError as error:
        is_of_fields = act.what in BY_FIELDS and not isinstance(error, NotFoundError)
        if not is_of_fields or history.is_cut_short(archive.root):
            raise
    edits = edits_of(_with_pseudonyms(archive, act))
    write(archive, [_back(archive, each, tuple(each.changes)) for each in edits], who=who)
    undone = replace(act, state="undone")
    with warned():
        history.keep(archive.root, undone)
    return undone


def _note_damage(archive: Archive, act: Act) -> None:
    """Note what is damaged in the trash as damaged where it goes back to, before it does: it comes
    with all the rest, and is given to nobody."""
    aside = {each.new: each.old for each in act.renamings if each.new.startswith(f"{TRASH}/")}
    if not aside:
        return
    reader = FixityReader(archive)
    bad = (each for each in filter(None, map(reader.read, aside)) if each.found in BAD)
    back = [replace(each, path=aside[each.path]) for each in bad]
    reader.keep(each for each in back if stamp(archive.root / each.path) != each.stamp)
    message = _("{path} : abîmé ; `radio check --repair` cherche une copie")
    for each in back:
        log.warning("%s", _(message, path=each.path))


def _as_it_comes_back(archive: Archive, act: Act) -> Act:
    """Give an act as it is to be undone now: no replaced name comes back, later notes stay."""
    wide = acts.with_later(archive, act)
    _hide_in_trash(archive, wide)
    known = _with_pseudonyms(archive, wide).rewritings
    return replace(wide, rewritings=tuple(_beside_later(archive, each) for each in known))


def _with_pseudonyms(archive: Archive, act: Act) -> Act:
    """Put present pseudonyms in the texts before an act, unless it replaced a name itself."""
    if act.what == "pseudonym":
        return act
    before = {each.path: each.before for each in act.rewritings if each.before is not None}
    shown = with_names_hidden(archive, before)
    hidden = (replace(each, before=shown.get(each.path, each.before)) for each in act.rewritings)
    return replace(act, rewritings=tuple(hidden))


def _hide_in_trash(archive: Archive, act: Act) -> None:
    """Replace names in files of the trash, as was done everywhere else since."""
    aside = {each.old: each.new for each in act.renamings if each.new.startswith(f"{TRASH}/")}

    def read(path: str) -> str | None:
        with contextlib.suppress(ArchiveError):  # of another encoding: it comes back as it is
            return history.text_of(archive.root / aside[path]) if path in aside else None
        return None

    for path, text in names_hidden(archive, aside, read):
        write_whole(archive.root / aside[path], text.encode())


def _beside_later(archive: Archive, each: Rewriting) -> Rewriting:
    """Keep what others noted since of what is gone."""
    now = history.text_of(archive.root / gone.FILE) if each.path == gone.FILE else each.after
    if now == each.after:
        return each
    texts = (each.before, each.after)
    known = (gone.parse(text.encode(), gone.FILE) if text else Gone() for text in texts)
    left = gone.taken_back(read_gone(archive.root), *known)
    return replace(each, before=render_gone(left) if left != Gone() else None, after=now)


def undo_field(archive: Archive, key: str, field: str, name: str = "", who: str = "") -> Act | None:
    """Undo the last change of a field, or that of a named act. Raises NotFoundError."""
    path = _path_of(key)
    for act in history.acts(archive.root, path):
        if act.state != "done" or name not in ("", act.name):
            continue
        for each in edits_of(_with_pseudonyms(archive, act), path):
            if field in each.changes:
                undone = write(archive, [_back(archive, each, (field,))], who=who)
                journal.note(archive.root, "undo", key=key, facts={"undone": field}, who=who)
                return undone
    message = _(
        "{key} : aucune action à annuler n’a changé {field} ; `radio undo --list` les liste"
    )
    raise NotFoundError(message, key=key, field=field)


def _back(archive: Archive, old: Edit, fields: tuple[str, ...]) -> Edit:
    now = current(archive, old.key)
    texts, values = texts_of(now), dict[str, Any]()
    for field in fields:
        if texts[field] != old.changes[field][1]:
            message = _("{key} : {field} a changé depuis ; rien n’a été fait")
            raise ArchiveError(message, key=old.key, field=field)
        values |= {each: getattr(old.before, each) for each in attributes_of(now, field)}
    return compare(now, replace(now, **values))


def _path_of(key: str) -> str:
    return FILE if key == FILE else paths.sidecar(key) if "/" in key else paths.show(key)
