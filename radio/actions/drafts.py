"""Drafts: what a keeper writes on a page that lies open, laid over what others wrote meanwhile.

A field that one of both changed is as that one wrote it. One that both changed is decided by who
comes second, who is shown what was there, what stands there and what they wrote: nothing is lost.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from radio.actions.editing import Edit, compare, current, write_held
from radio.actions.fields import Item, change, fields_of, texts_of
from radio.archive import Archive, journal
from radio.system.errors import ArchiveError


@dataclass(frozen=True)
class Draft:
    """Some fields of an episode or a show, as texts by name."""

    was: Mapping[str, str]  # as the page showed them
    mine: Mapping[str, str]  # as somebody wrote them there


@dataclass(frozen=True)
class Clash:
    """A field that two people changed, each without knowing of the other."""

    was: str
    now: str
    mine: str


@dataclass(frozen=True)
class Laid:
    """A draft laid over what is there now."""

    edit: Edit
    clashes: Mapping[str, Clash]
    faults: Mapping[str, str]  # what is wrong with a text, by field
    others: tuple[str, ...]  # fields that others changed meanwhile, and that stay so
    draft: Draft  # what the page goes on from

    @property
    def is_clear(self) -> bool:
        """Whether nothing of it waits for a decision or a better text."""
        return not self.clashes and not self.faults


def lay(item: Item, draft: Draft) -> Laid:
    """Tell what a draft changes of an episode or a show as it is now."""
    now, fields = texts_of(item), fields_of(item)
    was = {name: draft.was.get(name, now[name]) for name in now}
    mine = {name: text for name, text in draft.mine.items() if name in now}

    def same(name: str, one: str, other: str) -> bool:
        return fields[name].plainly(one) == fields[name].plainly(other)

    own = {name for name, text in mine.items() if not same(name, text, was[name])}
    moved = [name for name in now if not same(name, was[name], now[name])]
    both = {
        name: fields[name].merge(was[name], now[name], mine[name])
        for name in moved
        if name in own and not same(name, mine[name], now[name])
    }
    mine |= {name: merged for name, merged in both.items() if merged is not None}
    clashes = {
        name: Clash(was[name], now[name], mine[name])
        for name, merged in both.items()
        if merged is None
    }
    texts = {name: mine[name] for name in now if name in own and name not in clashes}
    faults = _faults(item, texts)
    after = change(item, {} if faults else texts)
    shown = {name: mine[name] if name in own else now[name] for name in now}
    others = tuple(name for name in moved if name not in own or both.get(name) is not None)
    return Laid(compare(item, after), clashes, faults, others, Draft(now, shown))


def save(archive: Archive, key: str, draft: Draft, who: str = "") -> Laid:
    """Write a draft down if nothing of it waits; else tell what does, having changed nothing.

    The journal says which fields changed, never what they say. Raises NotFoundError if there is
    none of that key, ArchiveError if it can't be read or the disk refuses.
    """
    with archive.lock():
        laid = lay(current(archive, key), draft)
        is_written = laid.is_clear and laid.edit.before != laid.edit.after
        if is_written:
            write_held(archive, [laid.edit], who=who)
    if is_written:
        journal.note(archive.root, "edit", key=key, facts=laid.edit.facts, who=who)
    return laid


def _faults(item: Item, texts: Mapping[str, str]) -> dict[str, str]:
    faults = {}
    for name, text in texts.items():
        try:
            change(item, {name: text})
        except ArchiveError as error:
            faults[name] = str(error)
    return faults
