"""History: acts of a keeper on many files, written down first, so that they end whole.

An act renames files and writes small ones anew. It is written to `history/.begun.json` before it
begins; the next holder of the archive's lock finishes what was cut short, over nothing that a
person wrote since (`changes`). What the disk refuses goes back. Each act done is a file of
`history/` with the small files before and after, so that it can be undone unless something changed
since. Files have both names for a moment, where the disk can do that. Listeners and bags get none
of this. All but readers need the archive's lock, and raise ArchiveError if the disk refuses."""

import contextlib
import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from radio.archive.changes import DERIVED, Renaming, Rewriting, carry_out, old_place, says, text_of
from radio.archive.facts import Facts, line_of, read_line
from radio.system import records
from radio.system.disk import explained, read_bytes, regular_files, remove, write_whole
from radio.system.errors import ArchiveError, NotFoundError, retold, warned
from radio.system.messages import _

__all__ = ["Act", "Renaming", "Rewriting", "What", "text_of"]
FOLDER = "history"
BEGUN = f"{FOLDER}/.begun.json"
VERSION = 1
KEPT = 1000  # acts of a kind: many small mendings push out no deletion
LARGEST = 64 << 20  # bytes of an act
OF_ITSELF = ("inbox", "source")  # origins of an ingest that only its name undoes
MOMENT = "%Y%m%d-%H%M%S-%f"  # begins the name of an act

What = (
    Literal["rename", "move", "delete", "edit", "import", "merge", "mend", "voices"]
    | Literal["withdraw", "embargo", "publish", "noindex", "pseudonym", "reply", "replace", "cover"]
    | Literal["draft", "thread", "ingest", "repair"]
)


@dataclass(frozen=True)
class Act:
    """Something that a keeper does to the archive."""

    what: What
    keys: tuple[str, ...] = ()  # of the episodes and shows that it was done to
    facts: Facts = field(default_factory=dict)
    renamings: tuple[Renaming, ...] = ()
    rewritings: tuple[Rewriting, ...] = ()
    name: str = ""  # of its file
    when: str = ""  # ISO date and time, UTC
    state: Literal["done", "undone", "emptied"] = "done"
    who: str = ""  # the account that asked for it; "" for whoever used the command

    @property
    def line(self) -> str:
        """The act in one line, in the current language."""
        return line_of(self.keys, self.facts)

    @property
    def is_run(self) -> bool:
        """Whether it is an ingest that is not undone."""
        return self.what == "ingest" and self.state == "done"


@dataclass(frozen=True)
class _Begun:
    """An act under way, forward or back."""

    act: Act
    back: bool = False


def perform(root: Path, act: Act, joined: Act | None = None) -> Act:
    """Do an act, having written it down, and give it with its name. With `joined`, the last act, it
    becomes one. On ArchiveError nothing is done, or the message says that the act is begun."""
    done = _begin(root, _Begun(named(root, act)))
    if not joined:
        return done
    befores = {each.path: each.before for each in joined.rewritings}
    changes = (replace(each, before=befores[each.path]) for each in done.rewritings)
    both = replace(done, rewritings=tuple(changes))
    with warned(), explained(root / FOLDER):  # else they are two acts
        keep(root, both)
        (root / record(joined)[0]).unlink(missing_ok=True)
        return both
    return done


def named(root: Path, act: Act) -> Act:
    """Give an act the present time, and a name after all others, whatever the clock says."""
    moment = now = dt.datetime.now(dt.UTC)
    for name in _names(root):  # the newest first
        with contextlib.suppress(ValueError):
            last = dt.datetime.strptime(name.rpartition("-")[0], MOMENT).replace(tzinfo=dt.UTC)
            moment = max(now, last + dt.timedelta(microseconds=1))
            break
    return replace(act, name=f"{moment:{MOMENT}}-{act.what}", when=now.isoformat("T", "seconds"))


def last_act(root: Path) -> Act | None:
    """Give the last act, if it stands."""
    newest = next((_read(root, name) for name in _names(root)), None)
    return newest if newest and newest.state == "done" else None


def undo(root: Path, name: str = "", widened: Callable[[Act], Act] = lambda act: act) -> Act:
    """Take back an act, by default the last that stands. `widened` adds what has to go along.
    Raises NotFoundError if no act has that name, ArchiveError if something changed since."""
    return _begin(root, _Begun(widened(act_to_undo(root, name)), back=True))


def act_to_undo(root: Path, name: str = "") -> Act:
    """Give an act that stands, by default the last; errors as of `undo`."""
    for act in acts(root):
        is_asked = act.facts.get("origin") not in OF_ITSELF
        if act.state == "done" and (name == act.name or (is_asked and not name)):
            return act
        if act.state == "undone" and name == act.name:
            message = _("{told} : déjà annulé ; rien n’a été fait")
            raise NotFoundError(message, told=act.line or name)
    message = _("{name} : pas d’action de ce nom à annuler ; `radio undo --list` les liste")
    raise NotFoundError(message if name else _("rien à annuler"), name=name)


def finish(root: Path) -> None:
    """Finish what was cut short."""
    if not is_cut_short(root):
        return
    message = _(
        "{error} ; ou voyez par `radio check` ce qui est à moitié fait, et déplacez-le ailleurs"
    )
    with retold(message, ArchiveError, by=ArchiveError):
        begun = _read_begun(root)
    message = _("{error} ; {told}, commencé avant, doit d’abord être terminé : rien n’a été fait")
    with retold(message, ArchiveError, told=begun.act.line):
        _complete(root, begun)


def unfinished(root: Path) -> str:
    """Describe what is begun and not finished; "" if nothing is."""
    if not is_cut_short(root):
        return ""
    try:
        act = _read_begun(root).act
    except ArchiveError as error:
        return str(error) if is_cut_short(root) else ""
    message = _(
        "{told} : commencé le {when}, pas terminé ; la prochaine commande qui écrit le terminera"
    )
    return _(message, told=act.line, when=act.when)


def is_cut_short(root: Path) -> bool:
    """Whether an act is not finished: its writer is at it, or died."""
    return (root / BEGUN).exists()


def acts(root: Path, *paths: str) -> list[Act]:
    """List the readable acts, the newest first, or only those on some `paths`."""
    return list(filter(None, (_read(root, name, paths) for name in _names(root))))


def find(root: Path, name: str) -> Act | None:
    """Give an act by its name, if there is one that can be read."""
    return _read(root, f"{name}.json") if f"{name}.json" in _names(root) else None


def _names(root: Path) -> list[str]:
    found = regular_files(root / FOLDER, lambda name: name.endswith(".json") and name[0] != ".")
    return sorted(found, reverse=True)


def _read(root: Path, name: str, paths: tuple[str, ...] = ()) -> Act | None:
    path = root / FOLDER / name
    with contextlib.suppress(ArchiveError):
        content = read_bytes(path, LARGEST)
        if not paths or any(each.encode() in content for each in paths):
            return records.read(Act, content, path, version=VERSION, amend=read_line)
    return None


def _begin(root: Path, begun: _Begun) -> Act:
    if obstacle := next(_obstacles(root, _effective(begun)), None):
        raise ArchiveError(obstacle)
    content = records.render(begun, version=VERSION)
    if len(content) > LARGEST:
        message = _("{told} : trop à la fois ({size} Mio) ; faites-le en plusieurs fois")
        raise ArchiveError(message, told=begun.act.line, size=len(content) >> 20)
    former = text_of(root / record(begun.act)[0])
    try:
        write_whole(root / BEGUN, content)
        done = _complete(root, begun)
    except ArchiveError as error:
        message = _(
            "{error} ; ce qui est commencé ({told}) sera fini par la prochaine commande qui écrit"
        )
        if _goes_back(root, begun, former):
            message = _("{error} ; rien n’a été fait")
        raise type(error)(message, error=error, told=begun.act.line) from error
    _drop_old(root)
    return done


def _complete(root: Path, begun: _Begun) -> Act:
    done = replace(begun.act, state="undone" if begun.back else "done")
    path, text = record(done)
    if not says(root / path, text):  # else nothing is left but what it began with
        act = _effective(begun)
        carry_out(root, act.renamings, act.rewritings)
        keep(root, done)
    remove(root / BEGUN)
    return done


def _goes_back(root: Path, begun: _Begun, former: str | None) -> bool:
    """Go back from what the disk refused; return whether nothing is begun then."""
    try:
        if is_cut_short(root):
            act = _effective(replace(begun, back=not begun.back))
            carry_out(root, act.renamings, act.rewritings)
            path = record(begun.act)[0]
            carry_out(root, (), (Rewriting(path, text_of(root / path), former),))
            remove(root / BEGUN)
    except ArchiveError:
        return False
    return True


def _effective(begun: _Begun) -> Act:
    act = begun.act
    if not begun.back:
        return act
    moves = tuple(Renaming(each.new, each.old) for each in act.renamings[::-1])
    places = ((old_place(act.renamings, each.path), each) for each in act.rewritings[::-1])
    changes = tuple(Rewriting(path, each.after, each.before) for path, each in places)
    return replace(act, renamings=moves, rewritings=changes)


def _obstacles(root: Path, act: Act) -> Iterator[str]:
    for each in act.rewritings:
        path = old_place(act.renamings, each.path)
        if text_of(root / path) != each.before:
            yield _("{path} : changé entre-temps ; rien n’a été fait", path=path)
    for old, new in ((each.old, each.new) for each in act.renamings):
        is_derived = old.startswith(DERIVED) or new.startswith(DERIVED)
        if not is_derived and (root / new).exists():
            yield _("{path} : existe déjà ; rien n’a été fait", path=new)
        if not is_derived and not (root / old).exists():
            yield _("{path} : n’est plus là ; rien n’a été fait", path=old)


def _drop_old(root: Path) -> None:
    """Drop the oldest acts of each kind; if that fails, the next act does it."""
    known = Counter[str]()
    with contextlib.suppress(ArchiveError, OSError):
        for name in _names(root):
            known[kind := name.rpartition("-")[2]] += 1
            if known[kind] > KEPT:
                (root / FOLDER / name).unlink(missing_ok=True)


def keep(root: Path, act: Act) -> None:
    """Write down the state of an act."""
    path, text = record(act)
    write_whole(root / path, text.encode())


def record(act: Act) -> tuple[str, str]:
    """Give the path of the record of an act, beneath the root, and its text."""
    return f"{FOLDER}/{act.name}.json", records.render(act, version=VERSION).decode()


def _read_begun(root: Path) -> _Begun:
    def read_act(data: dict[str, Any]) -> None:
        if isinstance(act := data.get("act"), dict):
            read_line(act)

    path = root / BEGUN
    return records.read(_Begun, read_bytes(path, LARGEST), path, version=VERSION, amend=read_act)
