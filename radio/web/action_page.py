"""The frame of the desk's pages on which keepers act on an episode: a form for the fields of an
action. Nothing is done where something changed since it was shown; long work goes on by itself."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Generic, TypeVar

from flask import redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from radio.actions.action import NOTE, Input, WrongFieldError, read_fields
from radio.proposals.queue import hash_of
from radio.system.errors import RadioError
from radio.system.progress import Progress
from radio.web.context import catalogue
from radio.web.desk_pages import chore_seen, desk_page, settle, start, unchanged
from radio.web.gate import LARGEST, desk, keeper, who

Meant = TypeVar("Meant")
Thing = TypeVar("Thing")
MOST_DIGITS = 6  # of a number in a list


class ActionPage(ABC, Generic[Meant]):
    """An action asked for at the desk; made for each request. Its template calls it `asked`."""

    endpoint: ClassVar[str]
    place: ClassVar[str]  # the address beneath the desk, before the key of the episode
    is_of_episode: ClassVar[bool] = True  # else of the whole archive
    fields: tuple[Input, ...]
    template: ClassVar[str]
    is_sure: ClassVar[bool] = False  # whether it shows what would be done, and asks again
    chore: ClassVar[str] = ""  # what it is named by, where it takes minutes
    most: ClassVar[int] = LARGEST  # bytes of the form

    texts: Mapping[str, str] = {}  # what is written in the form, by field
    number = 0  # counts what there is several of, from 1; 0 is a new one
    values: Mapping[str, Any] = {}  # what the texts mean, but for the note
    meant: Meant  # what is asked for, once it `is_read`
    is_read = False
    fault = ""
    wrong = ""  # the field that it is about

    def __init__(self, **names: str):
        self.archive, self.index = catalogue().archive, catalogue().index
        self.names = names  # of its address: show and slug
        if self.is_of_episode:
            self.episode = self.archive.episode("/".join(names.values()))

    @classmethod
    def register(cls) -> None:
        """Let the page answer at the desk, keepers alone."""

        def view(**names: str) -> AnyResponse:
            page = cls(**names)
            if request.method == "POST":
                return page.answer()
            page.texts = page.first()
            return page.form()

        methods = ["GET", "POST"]
        rule = f"/{cls.place}/<show>/<slug>" if cls.is_of_episode else f"/{cls.place}"
        desk.add_url_rule(rule, cls.endpoint, keeper.mark(view, cls.most), methods=methods)

    @abstractmethod
    def first(self) -> Mapping[str, str]:
        """Give what the form says before anything is asked for."""

    @abstractmethod
    def mean(self) -> Meant:
        """Give what is asked for. Raises RadioError; WrongFieldError for a field."""

    @abstractmethod
    def seen(self) -> tuple[object, ...]:
        """Give all that was shown: where any of it changes, nothing is done."""

    @abstractmethod
    def act(self) -> AnyResponse:
        """Do what is asked for. Raises RadioError, having changed nothing, if it can't be done."""

    def context(self) -> dict[str, Any]:
        """Give what else the form shows."""
        return {}

    def preview(self) -> dict[str, Any]:
        """Give what the second page shows of what would be done."""
        return {}

    def changed(self) -> None:
        """Say that something changed since it was shown; the form may say what holds then."""
        surely = gettext("Rien n’a été fait\u00a0: quelque chose a changé. Vérifiez de nouveau.")
        since = gettext("Rien n’a été changé\u00a0: l’épisode a changé entre-temps. Le voici.")
        self.fault = surely if self.is_sure else since

    def refuse(self) -> None:
        """Say why nothing is done, where what becomes of something is not chosen twice alike."""
        if request.form.get("again") != self.texts.get("fate"):
            self.fault = gettext("Rien n’a été fait\u00a0: les deux réponses sont différentes.")

    @property
    def by(self) -> dict[str, Any]:
        """Who asks for it, with what the journal notes, for keepers alone."""
        return {"note": self.texts.get(NOTE.name, ""), "who": who()}

    def answer(self) -> AnyResponse:
        """Answer a form that was sent."""
        form = request.form
        self.texts = {each.name: each.tidied(form.get(each.name, "")) for each in self.fields}
        try:
            self.read()
        except RadioError as error:
            self.fault = str(error)
            self.wrong = error.field if isinstance(error, WrongFieldError) else ""
            return self.form(422)
        if self.is_sure:
            return self.twice()
        if form.get("seen", self.hash) != self.hash:
            self.changed()
            return self.form(409)
        return self.do()

    def read(self) -> None:
        """Read what is asked for. Raises a RadioError for the first thing that is wrong."""
        self.values = read_fields(self.fields, self.texts)
        self.values.pop(NOTE.name, None)
        self.meant, self.is_read = self.mean(), True

    def twice(self) -> AnyResponse:
        """Show what would be done, then do that and nothing else."""
        if "sure" not in request.form:
            return self.shown()
        self.refuse()
        if not self.fault and request.form.get("seen") != self.hash:
            self.changed()
        return self.shown() if self.fault else self.do()

    def do(self) -> AnyResponse:
        """Do what is asked for, or say why it can't be done."""
        try:
            return self.act()
        except RadioError as error:
            if self.is_sure:
                self.fault = gettext("Rien n’a été fait\u00a0: %(reason)s", reason=str(error))
                return self.shown()
            self.fault = unchanged(error)
            return self.form(409)

    def form(self, code: int = 200) -> AnyResponse:
        """Show the form, with what is wrong about it."""
        context = {"fields": self.fields, "chore": chore_seen(self.name_of_chore)}
        return self.page(code, **context, **self.context())

    def shown(self) -> AnyResponse:
        """Show what would be done, and ask a second time."""
        return self.page(409 if self.fault else 200, is_sure=True, **self.preview())

    def page(self, code: int, **context: Any) -> AnyResponse:
        """Write the page, with what both of its forms show."""
        if self.is_of_episode:
            spoken = self.archive.show(self.episode.show).language_of(self.episode)
            context |= {"episode": self.episode, "spoken": spoken}
        return desk_page(
            self.template,
            fault=self.fault,
            code=code,
            here=self.here(),
            asked=self,
            wrong=self.wrong,
            seen=self.hash,
            **context,
        )

    @property
    def hash(self) -> str:
        """Name what was shown, in a few letters."""
        return hash_of(*self.seen())

    def here(self, **query: Any) -> str:
        """Give the address of the page."""
        return url_for(f"desk.{self.endpoint}", **{**self.names, **query})

    @property
    def name_of_chore(self) -> str:
        """Name what goes on beside all else."""
        return f"{self.chore} {'/'.join(self.names.values())}"

    def begin(self, act: Callable[[Progress], object], then: str = "") -> AnyResponse:
        """Begin what takes minutes, beside all else; or say what the site is at."""
        return start(self.name_of_chore, act, then or self.here())

    def done(self, then: str = "") -> AnyResponse:
        """Let all follow that was made of what has changed, and say that it is done."""
        settle()
        return redirect(then or self.here(done=1), 303)


class ListPage(ActionPage[Thing | None], Generic[Thing]):
    """An action on one of a list: `meant` replaces the `old` item; None removes that."""

    old: Thing | None = None

    @abstractmethod
    def several(self) -> Sequence[Thing]:
        """List what there is."""

    @abstractmethod
    def written(self, thing: Thing) -> Mapping[str, str]:
        """Write one of them as the form has it."""

    def find(self, text: str) -> None:
        """Find the one that a number counts, from 1."""
        every = self.several()
        number = int(text) if text.isdecimal() and len(text) < MOST_DIGITS else 0
        if 0 < number <= len(every):
            self.number, self.old = number, every[number - 1]

    def read(self) -> None:
        """Find the old one; if it is removed, nothing else counts of what is written."""
        self.find(request.form.get("number", ""))
        if self.number and request.form.get("act") == "remove":
            self.remove()
        else:
            super().read()

    def remove(self) -> None:
        """Have the old one taken away. Raises WrongFieldError where more is to be said."""
        self.meant, self.is_read = None, True

    def first(self) -> Mapping[str, str]:
        """Show the one that the address counts, or a new one."""
        self.find(request.args.get("number", ""))
        return self.written(self.old) if self.old else {}

    def seen(self) -> tuple[object, ...]:
        """Name all of them."""
        return tuple(self.several())

    def changed(self) -> None:
        """Show the list of now, beside what was written."""
        self.number, self.old, self.is_read = 0, None, False
        self.fault = gettext("Rien n’a été changé\u00a0: la liste a changé entre-temps. La voici.")
