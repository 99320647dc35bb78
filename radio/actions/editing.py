"""Change what is written of episodes and shows: by a table, or on an open page. An open page is a
draft, merged with what others wrote meanwhile. A field that only one of both changed is as that one
wrote it; if both did, who comes second decides, and sees all three texts."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from radio.actions.fields import (
    EPISODE_FIELDS,
    Item,
    Site,
    change,
    fields_of,
    key_of,
    read_site,
    render_site,
    texts_of,
)
from radio.archive import Archive, imprint, journal, paths
from radio.archive.acts import changed_meanwhile, perform
from radio.archive.episode import Show, read_episode, read_show, render_episode, render_show
from radio.archive.facts import Facts
from radio.archive.history import Act, Rewriting, What, text_of
from radio.formats.tables import join, read_table, render_table
from radio.system.disk import read_bytes
from radio.system.errors import ArchiveError, NotFoundError, RadioError
from radio.system.messages import _

COLUMNS = ("key", "stamp", *EPISODE_FIELDS)


@dataclass(frozen=True)
class Edit:
    """Some fields of an item that change."""

    before: Item
    after: Item
    changes: Mapping[str, tuple[str, str]]  # by field: what it says, and what it will say

    @property
    def key(self) -> str:
        """The key of the episode, the slug of the show, or the file of the site."""
        return key_of(self.before)

    @property
    def facts(self) -> Facts:
        """What is noted: the names of the fields, never their texts."""
        return {"fields": ", ".join(self.changes)} if self.changes else {}


def edit(archive: Archive, key: str, texts: Mapping[str, str]) -> Edit:
    """Change some fields of an episode or a show, not written yet."""
    before = current(archive, key)
    return compare(before, change(before, texts))


def current(archive: Archive, key: str) -> Item:
    """Read an item: an episode by its key, a show by its slug, or the site."""
    if key == imprint.FILE:
        return read_site(text_of(archive.root / imprint.FILE))
    return archive.episode(key) if "/" in key else archive.read_show(key)


def write(
    archive: Archive,
    edits: Sequence[Edit],
    what: What = "edit",
    facts: Facts | None = None,
    who: str = "",
) -> Act | None:
    """Write changes in one act, noted as `facts` or fields; None if nothing changes."""
    changed = [each for each in edits if each.before != each.after]
    if not changed:
        return None
    with archive.lock():
        for each in changed:
            if current(archive, each.key) != each.before:
                raise changed_meanwhile(each.key)
        return _write_held(archive, changed, what, facts, who)


def _write_held(
    archive: Archive, changed: Sequence[Edit], what: What, facts: Facts | None, who: str
) -> Act:
    """Write changes of items that were just read, under the archive's lock."""
    rewritings = tuple(rewriting(archive, each.after) for each in changed)
    keys = tuple(each.key for each in changed)
    if facts is None:
        facts = changed[0].facts if len(changed) == 1 else {}
    return perform(archive, Act(what, keys, facts, (), rewritings, who=who))


def compare(before: Item, after: Item) -> Edit:
    """Tell which fields differ between two states of an item."""
    old, new = texts_of(before), texts_of(after)
    return Edit(before, after, {n: (old[n], new[n]) for n in new if old[n] != new[n]})


def export_fields(archive: Archive, show: str | None = None) -> bytes:
    """Write the fields of all episodes, or of those of a show, as a table."""
    episodes = archive.episodes(show)
    rows = ([each.key, stamp_of(archive, each.key), *texts_of(each).values()] for each in episodes)
    return render_table(COLUMNS, rows)


def read_edits(
    archive: Archive, content: bytes, where: object, *, force: bool = False
) -> Iterator[Edit | RadioError]:
    """Read the changes of a table; errors are lines without the present stamp, unless `force`."""
    seen = set[str]()
    for line in read_table(content, where, ["key"]):
        key = line.cells["key"].strip()
        try:
            if key in seen:
                raise ArchiveError(_("{key} : deux fois dans le tableau"), key=key)
            seen.add(key)
            yield _read_line(archive, key, line.cells, force=force)
        except RadioError as error:
            message = _("{where} : ligne {line} : {error}")
            yield ArchiveError(message, where=where, line=line.line, error=error)


def stamp_of(archive: Archive, key: str) -> str:
    """Hash the content of a sidecar in a few letters."""
    return f"v{hashlib.sha256(read_bytes(archive.sidecar_path(key))).hexdigest()[:10]}"


def _read_line(archive: Archive, key: str, cells: Mapping[str, str], *, force: bool) -> Edit:
    if "/" not in key:
        raise NotFoundError(_("{key} : pas un épisode ; `radio list` les liste"), key=key)
    found = edit(archive, key, {name: cells[name] for name in cells if name in EPISODE_FIELDS})
    stamp = cells.get("stamp", "").strip()
    if not found.changes or force or stamp == stamp_of(archive, key):
        return found
    message = _("{key} : changé depuis que le tableau a été écrit ; --force écrase ce changement")
    if not stamp:
        message = _(
            "{key} : sans `stamp`, rien ne dit si elle a changé depuis ; --force prend ce que dit "
            "le tableau"
        )
    raise ArchiveError(message, key=key)


def rewriting(archive: Archive, after: Item) -> Rewriting:
    """Plan how the file of an item changes."""
    if isinstance(after, Site):
        before = text_of(archive.root / imprint.FILE)
        return Rewriting(imprint.FILE, before, render_site(after, before))
    if isinstance(after, Show):
        path, text = paths.show(after.slug), render_show(after)
    else:
        path, text = paths.sidecar(after.key), render_episode(after)
    return Rewriting(path, text_of(archive.root / path), text.decode())


def unknown_columns(content: bytes, where: object) -> list[str]:
    """Name the columns of a table that are ignored."""
    names = (name for line in read_table(content, where, ["key"]) for name in line.cells)
    return [name for name in dict.fromkeys(names) if name not in COLUMNS]


def add_to_glossary(archive: Archive, slug: str, names: Iterable[str], who: str = "") -> Act | None:
    """Add names to the glossary of a show; `radio undo` takes them back."""
    before, added = archive.read_show(slug).glossary, list(dict.fromkeys(names))
    edits = [edit(archive, slug, {"glossary": join((*before, *added))})]
    if act := write(archive, edits, who=who):
        journal.note(archive.root, "glossary", key=slug, facts={"names": join(added)}, who=who)
    return act


def edits_of(act: Act, path: str = "") -> Iterator[Edit]:
    """Tell which fields an act changed, of each item, or of that with one path."""
    for each in act.rewritings:
        place = PurePosixPath(each.path)
        if path not in ("", each.path):
            continue
        if each.path == imprint.FILE:
            yield compare(read_site(each.before), read_site(each.after))
        elif each.before is not None and each.after is not None and place.parts[0] == "media":
            folder, stem = place.parent.name, place.stem
            texts = (each.before.encode(), each.after.encode())
            if stem == "show":
                yield compare(*(read_show(folder, text, place) for text in texts))
            else:
                yield compare(*(read_episode(folder, stem, text, place) for text in texts))


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
class DraftCheck:
    """A draft merged with the present item."""

    edit: Edit
    clashes: Mapping[str, Clash]
    faults: Mapping[str, str]  # what is wrong with a text, by field
    others: tuple[str, ...]  # fields that others changed meanwhile, and that stay so
    draft: Draft  # what the page goes on from

    @property
    def is_clear(self) -> bool:
        """Whether nothing waits for a decision or a better text."""
        return not self.clashes and not self.faults


def check_draft(item: Item, draft: Draft) -> DraftCheck:
    """Tell what a draft changes of an item as it is now."""
    now, fields = texts_of(item), fields_of(item)
    was = {name: draft.was.get(name, now[name]) for name in now}
    mine = {name: text for name, text in draft.mine.items() if name in now}

    def same(name: str, one: str, other: str) -> bool:
        return fields[name].plainly(one) == fields[name].plainly(other)

    own = {name for name, text in mine.items() if not same(name, text, was[name])}
    moved = [name for name in now if not same(name, was[name], now[name])]
    clashes, merged = dict[str, Clash](), set[str]()
    for name in (name for name in moved if name in own and not same(name, mine[name], now[name])):
        both = fields[name].merge(was[name], now[name], mine[name])
        if both is None:
            clashes[name] = Clash(was[name], now[name], mine[name])
        else:
            mine[name] = both
            merged.add(name)
    texts = {name: mine[name] for name in now if name in own and name not in clashes}
    faults = dict[str, str]()
    for name, text in texts.items():
        try:
            change(item, {name: text})
        except ArchiveError as error:
            faults[name] = str(error)
    after = change(item, {} if faults else texts)
    shown = {name: mine[name] if name in own else now[name] for name in now}
    others = tuple(name for name in moved if name not in own or name in merged)
    return DraftCheck(compare(item, after), clashes, faults, others, Draft(now, shown))


def save(archive: Archive, key: str, draft: Draft, who: str = "") -> DraftCheck:
    """Write a draft if nothing of it waits; else tell what does, having changed nothing."""
    with archive.lock():
        checked = check_draft(current(archive, key), draft)
        is_written = checked.is_clear and checked.edit.before != checked.edit.after
        if is_written:
            _write_held(archive, [checked.edit], "edit", None, who)
    if is_written:
        journal.note(archive.root, "edit", key=key, facts=checked.edit.facts, who=who)
    return checked
