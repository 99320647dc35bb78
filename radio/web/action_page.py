"""Pages of the desk on which keepers act on an episode: the frame of all of them.

A page asks in a form for the fields of an action, each with its limits. It may show what would
become of the episode, and ask a second time. What changed since it was shown is not touched: then
the page says so. What takes minutes is done beside all else, and the page says how far it is.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Generic, TypeVar

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from radio.actions.action import NOTE, Input, WrongFieldError, read_fields
from radio.archive.episode import Episode
from radio.proposals.queue import hash_of
from radio.system.errors import RadioError
from radio.system.progress import Progress
from radio.web.chores import busy, chore_seen, chores, settle
from radio.web.context import catalogue
from radio.web.gate import LARGEST, desk, keeper, takes

Meant = TypeVar("Meant")
Thing = TypeVar("Thing")
MOST_DIGITS = 6  # of a number in a list


@dataclass(frozen=True)
class Submission(Generic[Meant]):
    """What a keeper wrote in the form of an action, and what it means.

    `number` counts what the episode has several of, from 1; 0 is a new one.
    """

    texts: Mapping[str, str]  # by field
    number: int = 0
    values: Mapping[str, Any] = field(default_factory=dict)  # what the texts mean
    meant: Meant | None = None
    fault: str = ""
    wrong: str = ""  # the field that it is about

    @property
    def note(self) -> str:
        """What the journal notes, for keepers alone."""
        return self.texts.get(NOTE.name, "")


@dataclass(frozen=True)
class Placing(Generic[Thing]):
    """Something that is to stand with an episode, and what in whose place; None for nothing."""

    given: Thing | None
    old: Thing | None = None


class ActionPage(ABC, Generic[Meant]):
    """How one action is asked for at the desk; each is one object, which answers its address."""

    endpoint: ClassVar[str]
    place: ClassVar[str]  # the address beneath the desk, before the key of the episode
    fields: ClassVar[tuple[Input, ...]]
    template: ClassVar[str]
    is_sure: ClassVar[bool] = False  # whether it shows what would be done, and asks again
    chore: ClassVar[str] = ""  # what it is named by, where it takes minutes
    most: ClassVar[int] = LARGEST  # bytes of the form

    def register(self) -> None:
        """Let the page answer at the desk, keepers alone."""

        def view(show: str, slug: str) -> AnyResponse:
            return self.answer(catalogue().archive.episode(f"{show}/{slug}"))

        rule, methods = f"/{self.place}/<show>/<slug>", ["GET", "POST"]
        desk.add_url_rule(rule, self.endpoint, keeper(takes(self.most)(view)), methods=methods)

    @abstractmethod
    def first(self, episode: Episode) -> Submission[Meant]:
        """Give what the form says before anything is asked for."""

    @abstractmethod
    def mean(self, episode: Episode, asked: Submission[Meant]) -> Meant:
        """Give what is asked for. Raises a RadioError: WrongFieldError, where it is of a field."""

    @abstractmethod
    def seen(self, episode: Episode, asked: Submission[Meant]) -> tuple[object, ...]:
        """Give all that was shown: where any of it changes, nothing is done."""

    @abstractmethod
    def act(self, episode: Episode, asked: Submission[Meant], meant: Meant) -> AnyResponse:
        """Do what is asked for. Raises RadioError, having changed nothing, if it can't be done."""

    def context(self, episode: Episode, asked: Submission[Meant]) -> dict[str, Any]:
        """Give what else the form shows."""
        return {}

    def preview(self, episode: Episode, asked: Submission[Meant], meant: Meant) -> dict[str, Any]:
        """Give what the second page shows of what would be done."""
        return {}

    def number(self, episode: Episode, text: str) -> int:
        """Read which one it is about, of what the episode has several of; 0 for none."""
        return 0

    def changed(self, episode: Episode, asked: Submission[Meant]) -> Submission[Meant]:
        """Say that something changed since it was shown; give what the form says then."""
        if self.is_sure:
            fault = gettext("Rien n’a été fait\u00a0: l’épisode a changé. Voici ce qui partirait.")
        else:
            fault = gettext(
                "Rien n’a été changé\u00a0: l’épisode l’a été depuis. Le voici maintenant."
            )
        return replace(asked, fault=str(fault))

    def refusal(self, asked: Submission[Meant]) -> str:
        """Say why nothing is done: what becomes of something was not chosen twice alike."""
        if request.form.get("again") == asked.texts.get("fate"):
            return ""
        return str(gettext("Rien n’a été fait\u00a0: les deux réponses diffèrent."))

    def answer(self, episode: Episode) -> AnyResponse:
        """Answer somebody who opens the page, or sends its form."""
        if request.method != "POST":
            return self.form(episode, self.first(episode))
        asked = self.read(episode)
        meant = asked.meant
        if meant is None:
            return self.form(episode, asked, 422)
        if self.is_sure:
            return self.twice(episode, asked, meant)
        if request.form.get("seen", self.hash(episode, asked)) != self.hash(episode, asked):
            return self.form(episode, self.changed(episode, asked), 409)
        return self.do(episode, asked, meant)

    def read(self, episode: Episode) -> Submission[Meant]:
        """Read what is asked for, with what is wrong about it."""
        texts = {each.name: each.tidied(request.form.get(each.name, "")) for each in self.fields}
        asked = Submission[Meant](texts, self.number(episode, request.form.get("number", "")))
        try:
            if not is_removal(asked):
                asked = replace(asked, values=read_fields(self.fields, texts))
            return replace(asked, meant=self.mean(episode, asked))
        except RadioError as error:
            wrong = error.field if isinstance(error, WrongFieldError) else ""
            return replace(asked, fault=str(error), wrong=wrong)

    def twice(self, episode: Episode, asked: Submission[Meant], meant: Meant) -> AnyResponse:
        """Show what would be done, then do that and nothing else."""
        if "sure" not in request.form:
            return self.shown(episode, asked, meant)
        fault = self.refusal(asked)
        if not fault and request.form.get("seen") != self.hash(episode, asked):
            fault = self.changed(episode, asked).fault
        return self.shown(episode, asked, meant, fault) if fault else self.do(episode, asked, meant)

    def do(self, episode: Episode, asked: Submission[Meant], meant: Meant) -> AnyResponse:
        """Do what is asked for; say why where it can't be done."""
        try:
            return self.act(episode, asked, meant)
        except RadioError as error:
            if self.is_sure:
                fault = gettext("Rien n’a été fait\u00a0: %(reason)s", reason=str(error))
                return self.shown(episode, asked, meant, str(fault))
            fault = gettext("Rien n’a été changé\u00a0: %(reason)s", reason=str(error))
            return self.form(episode, replace(asked, fault=str(fault)), 409)

    def form(self, episode: Episode, asked: Submission[Meant], code: int = 200) -> AnyResponse:
        """Show the form, with what is wrong about it."""
        chore = chore_seen(self.chore_of(episode))
        told = {"fields": self.fields, "chore": chore, **self.context(episode, asked)}
        return self.page(episode, asked, code, **told)

    def shown(
        self, episode: Episode, asked: Submission[Meant], meant: Meant, fault: str = ""
    ) -> AnyResponse:
        """Show what would be done, and ask a second time."""
        asked = replace(asked, fault=fault)
        told = {"is_sure": True, **self.preview(episode, asked, meant)}
        return self.page(episode, asked, 409 if fault else 200, **told)

    def page(
        self, episode: Episode, asked: Submission[Meant], code: int, **told: Any
    ) -> AnyResponse:
        """Write the page, with what both of its forms show."""
        page = render_template(
            self.template,
            episode=episode,
            here=self.here(episode),
            asked=asked,
            fault=asked.fault,
            wrong=asked.wrong if asked.fault else "",
            seen=self.hash(episode, asked),
            spoken=catalogue().archive.show(episode.show).language_of(episode),
            **told,
        )
        return make_response(page, code)

    def hash(self, episode: Episode, asked: Submission[Meant]) -> str:
        """Name what was shown, in a few letters."""
        return hash_of(*self.seen(episode, asked))

    def here(self, episode: Episode, **said: Any) -> str:
        """Give the address of the page."""
        return url_for(f"desk.{self.endpoint}", show=episode.show, slug=episode.slug, **said)

    def chore_of(self, episode: Episode) -> str:
        """Name what goes on beside all else."""
        return f"{self.chore} {episode.key}"

    def begin(
        self, episode: Episode, act: Callable[[Progress], object], then: str = ""
    ) -> AnyResponse:
        """Begin what takes minutes, beside all else; or say what the site is at."""
        if not chores().begin(self.chore_of(episode), act):
            return busy()
        return redirect(then or self.here(episode), 303)

    def done(self, episode: Episode, then: str = "") -> AnyResponse:
        """Let all follow that was made of what has changed, and say that it is done."""
        settle()
        return redirect(then or self.here(episode, done=1), 303)


class ListPage(ActionPage[Placing[Thing]], Generic[Thing]):
    """How something is asked for that an episode has several of: one more, another, one less."""

    @abstractmethod
    def several(self, episode: Episode) -> Sequence[Thing]:
        """List what the episode has."""

    @abstractmethod
    def texts(self, thing: Thing) -> Mapping[str, str]:
        """Write one of them as the form has it."""

    @abstractmethod
    def given(self, episode: Episode, asked: Submission[Placing[Thing]]) -> Thing | None:
        """Give the new one; None where one is taken away. Errors as of `mean`."""

    def number(self, episode: Episode, text: str) -> int:
        """Count from 1."""
        number = int(text) if text.isdecimal() and len(text) < MOST_DIGITS else 0
        return number if number <= len(self.several(episode)) else 0

    def first(self, episode: Episode) -> Submission[Placing[Thing]]:
        """Show the one that the address counts, or a new one."""
        number = self.number(episode, request.args.get("number", ""))
        return Submission(self.texts(self.several(episode)[number - 1]) if number else {}, number)

    def mean(self, episode: Episode, asked: Submission[Placing[Thing]]) -> Placing[Thing]:
        """Give both."""
        old = self.several(episode)[asked.number - 1] if asked.number else None
        return Placing(self.given(episode, asked), old)

    def seen(self, episode: Episode, asked: Submission[Placing[Thing]]) -> tuple[object, ...]:
        """Name all of them."""
        return tuple(self.several(episode))

    def changed(
        self, episode: Episode, asked: Submission[Placing[Thing]]
    ) -> Submission[Placing[Thing]]:
        """Show the list of now, beside what was written."""
        fault = gettext("Rien n’a été changé\u00a0: la liste l’a été depuis. La voici.")
        return replace(asked, number=0, meant=None, fault=str(fault))


def is_removal(asked: Submission[Any]) -> bool:
    """Whether one of several is to be taken away: then nothing else counts of what is written."""
    return bool(asked.number) and request.form.get("act") == "remove"
