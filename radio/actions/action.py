"""Actions: what keepers do, each declared once, for its command and its page of the desk. An action
says what it asks for and how it changes one episode. `Action` does the rest: lock, « changed
meanwhile », one act of the history, an entry of the journal for each episode."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from radio.actions.editing import compare, write
from radio.archive import Archive, holdings, journal
from radio.archive.acts import changed_meanwhile
from radio.archive.episode import Episode
from radio.archive.facts import Facts
from radio.archive.history import Act, What
from radio.archive.protection import read_moment
from radio.derived import cache
from radio.french.dates import read_day, read_hour
from radio.french.letters import tidy
from radio.search import Index
from radio.system.errors import ArchiveError
from radio.system.messages import _

Changed = tuple[Episode, Episode | None]
Kind = Literal["line", "text", "day", "coming", "moment", "choice", "switch"]
LONGEST = 300  # characters of a line
MISSING = _("il manque quelque chose ici")


class WrongFieldError(ArchiveError):
    """What is written in a field is none of its values; the message says why."""

    def __init__(self, field: str, why: str, /, **values: object):
        super().__init__(why, **values)
        self.field = field


@dataclass(frozen=True)
class Input:
    """Something that is asked for, as a text: a field of a form at the desk. For a command it is an
    argument if needed, else an option. Of several choices, one without an option is the default."""

    name: str
    kind: Kind = "line"
    longest: int = LONGEST  # characters
    choices: tuple[str, ...] = ()
    is_needed: bool = False
    help: str = ""  # what the command says of it
    option: str = ""  # what the command calls it, where that is not its name
    metavar: str = ""  # what the command writes for its value
    flags: Mapping[str, str] = field(default_factory=dict)  # choices that are options: their help
    is_on: bool = False  # whether a switch is on where the command does not name it

    def tidied(self, text: str) -> str:
        """Clean what somebody typed."""
        return "\n".join(text.splitlines()).strip() if self.kind == "text" else tidy(text)

    def read(self, text: str) -> Any:
        """Read a clean text; None for no day and no moment. Raises WrongFieldError."""
        if len(text) > self.longest:
            message = _("c’est trop long : {most} caractères au plus", most=self.longest)
            raise WrongFieldError(self.name, message)
        if self.is_needed and not text:
            raise WrongFieldError(self.name, MISSING)
        match self.kind:
            case "switch":
                return bool(text)
            case "choice" if text not in self.choices:
                raise WrongFieldError(self.name, _("choisissez ici"))
            case "line" | "text" | "choice":
                return text
            case _ if not text:
                return None
            case "moment":
                value: object = read_moment(text)
                message = _("{text!r} : écrivez un moment comme 12:34, 1:02:03 ou 75")
            case "coming":
                hour = read_hour(text)
                value = hour if hour and hour > dt.datetime.now() else None
                message = _("{text} : donnez un jour à venir : 2026-12-25, 25/12/2026 à 20 h")
            case _:
                value, message = read_day(text), NO_DAY
        if value is None:
            raise WrongFieldError(self.name, message, text=text)
        return value


NO_DAY = _("{text} : pas un jour ; écrivez-le 2024-03-19 ou 19 mars 2024")
NOTE = Input("note", help=_("Qui l’a demandé, et pourquoi : pour vous seuls, dans le journal."))


def read_fields(fields: Iterable[Input], texts: Mapping[str, str]) -> dict[str, Any]:
    """Read clean texts by field. Raises WrongFieldError for the first that is wrong."""
    return {each.name: each.read(texts.get(each.name, "")) for each in fields}


@dataclass(frozen=True)
class Action:
    """Something that keepers do to what is written of episodes; `radio undo` takes it back."""

    name: What
    change: Callable[..., Episode | None]  # an episode, what is asked for by name -> it then
    fields: tuple[Input, ...] = ()
    facts: Callable[..., Facts] | None = None  # what is noted of what is asked for; else the fields
    words: str = ""  # what listeners read then, where no reason is given

    def after(self, before: Sequence[Episode], **asked: Any) -> Sequence[Episode | None]:
        """Give some episodes as they would be; None for one that would be gone."""
        return [self.change(each, **asked) for each in before]

    def __call__(
        self,
        archive: Archive,
        keys: Sequence[str],
        *,
        note: str = "",
        who: str = "",
        seen: Sequence[Episode] = (),
        **asked: Any,
    ) -> Act | None:
        """Change some episodes in one act, unless one changed since it was `seen`; None if nothing
        is to be changed."""
        before = [archive.episode(key) for key in dict.fromkeys(keys)]
        if seen and before != [*seen]:
            raise changed_meanwhile(
                next((each.key for each in seen if each not in before), seen[0].key)
            )
        pairs = zip(before, self.after(before, **asked), strict=True)
        both = [(old, new) for old, new in pairs if old != new]
        act, noted = self.write(archive, both, who, **asked) if both else (None, {})
        others = len(noted) - 1
        run: Facts = {"run": act.name, "others": others} if act and others else {}
        facts = {key: {**each, **run} for key, each in noted.items()}
        journal.note_each(archive.root, self.name, facts, note=note, who=who)
        return act

    def write(
        self, archive: Archive, both: Sequence[Changed], who: str, **asked: Any
    ) -> tuple[Act | None, Mapping[str, Facts]]:
        """Write episodes that change, as they were and will be; give what is noted of each."""
        edits = [compare(old, new) for old, new in both if new]
        facts = self.facts(**asked) if self.facts else None
        act = write(archive, edits, self.name, facts, who)
        return act, {each.key: each.facts if facts is None else facts for each in edits}


def catch_up(
    archive: Archive, index: Index, changed: Collection[str] = (), *, accept: bool = False
) -> None:
    """Update the index, and forget what was made of what nobody may have any more. All that was
    made of episodes `changed` goes first: it quotes them. `accept`: what is gone is meant to be.
    Raises SearchError if the index can't be updated."""
    if changed:
        cache.forget(archive, holdings.public_keys(archive) - set(changed))
    try:
        index.refresh(accept=accept)
    finally:
        cache.forget(archive, holdings.stamps(archive).keys())
