"""The lists of episodes at the desk, narrowed by what their address asks for; what keepers do to
those that they tick."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from radio.actions import several
from radio.actions.action import NOTE, Action, Input, catch_up
from radio.actions.deletion import delete
from radio.actions.protecting import draft, publish, withdraw
from radio.actions.renaming import move
from radio.actions.undoing import undo
from radio.archive import history
from radio.archive.episode import Episode
from radio.archive.history import Act
from radio.french.letters import fold, tidy
from radio.system.errors import RadioError, warned
from radio.system.messages import _
from radio.web.action_page import ActionPage
from radio.web.context import catalogue, shows
from radio.web.desk_pages import chore_seen, chores, desk_page, paged, start
from radio.web.gate import keeper, who
from radio.web.language import brief, hour
from radio.work.waiting import OF_EPISODES, State

A_PAGE = 50  # episodes
AT_ONCE = 100  # episodes; an act on more goes on beside all else
CHORE = "several"
LARGEST = 400 << 10  # bytes of a form with some thousand keys
ACTS: Mapping[str, tuple[str, Action]] = {
    "publish": (_("Publier"), publish),
    "draft": (_("Remettre en brouillon"), draft),
    "withdraw": (_("Retirer"), withdraw),
    "tag": (_("Ajouter un mot-clé"), several.tag),
    "person": (_("Ajouter une personne"), several.person),
    "move": (_("Changer d’émission"), move),
    "rhythm": (_("Dater, à un rythme"), several.rhythm),
    "delete": (_("Supprimer"), delete),
}
FILTERS = ("state", "show", "year", "person", "q")


@keeper.form("/episodes")
def episodes() -> AnyResponse:
    """List all episodes, those too that nobody may hear, or those that are asked for. Undo what
    was done to some of them."""
    archive, fault, chore = catalogue().archive, "", chore_seen(CHORE)
    if request.method == "POST":
        try:
            return _undo(request.form.get("undo", ""))
        except RadioError as error:
            fault = gettext("Rien n’a été défait\u00a0: %(reason)s", reason=str(error))
    elif "none" in request.args:
        fault = gettext("Cochez d’abord des épisodes, et choisissez quoi en faire.")
    elif chore and not chore.is_running:
        chores().forget(CHORE)
        fault = chore.fault and gettext("Cela a échoué\u00a0: %(reason)s", reason=chore.fault)
    found = chore.found if chore else None
    name = found.name if isinstance(found, Act) else request.args.get("done", "")
    state, done = State(archive), history.find(archive.root, name)
    kind = OF_EPISODES.get(asked_for()["state"])
    heading = _(kind.label) if kind else gettext("Épisodes")
    turns = gettext("Plus récents"), gettext("Plus anciens")
    acts = [(name, _(label)) for name, (label, _action) in ACTS.items()]
    some = matching(state)
    return list_episodes(
        heading, "desk.fields", state, some, turns, acts=acts, act=done, fault=fault
    )


def _undo(name: str) -> AnyResponse:
    archive, index, by = catalogue().archive, catalogue().index, who()

    def back() -> Act:
        undone = undo(archive, name, by)
        with warned():
            catch_up(archive, index, accept=bool(undone.renamings))
        return undone

    act = history.act_to_undo(archive.root, name or "-")  # not the last one
    return _carry_out(len(act.keys), back)


def _carry_out(number: int, act: Callable[[], Act | None]) -> AnyResponse:
    """Do an act, beside all else where it is on many; then show the list."""
    here = narrowed()
    if number > AT_ONCE:
        return start(CHORE, lambda _progress: act(), url_for("desk.episodes", **here))
    done = act()
    return redirect(url_for("desk.episodes", done=done.name if done else None, **here), 303)


def asked_for() -> dict[str, str]:
    """Give what the address asks for, by filter; "" where that is all."""
    return {each: tidy(request.args.get(each, "")) for each in FILTERS}


def narrowed() -> dict[str, Any]:
    """Give what narrows the list."""
    return {name: text for name, text in asked_for().items() if text}


def matching(state: State) -> list[Episode]:
    """Keep the episodes that are as the address asks for, in each way."""
    asked = asked_for()
    kind = OF_EPISODES.get(asked["state"])
    keys = {*kind.find(state)} if kind else None
    person, words = (_folded(asked[each]).split() for each in ("person", "q"))
    return [
        each
        for each in state.episodes
        if (keys is None or each.key in keys)
        and asked["show"] in ("", each.show)
        and (not asked["year"] or _year(each) == asked["year"])
        and (not person or any(_has(name, person) for name in each.names))
        and (not words or _has(f"{each.key} {each.title}", words))
    ]


def _year(episode: Episode) -> str:
    return str(episode.date.year) if episode.date_sure else ""


def _has(text: str, words: Sequence[str]) -> bool:
    folded = _folded(text)
    return all(word in folded for word in words)


@lru_cache(maxsize=20_000)
def _folded(text: str) -> str:
    return fold(text.lower())


def list_episodes(
    heading: str,
    to: str,
    state: State,
    found: Sequence[Episode],
    turns: tuple[str, str],
    **context: Any,
) -> AnyResponse:
    """List episodes with the state of their texts, page by page; each leads to an endpoint."""
    years = sorted({_year(each) for each in state.episodes} - {""}, reverse=True)
    return desk_page(
        "desk_episodes.html",
        heading=heading,
        to=to,
        **paged(found, A_PAGE),
        asked=asked_for(),
        narrowed=narrowed(),
        ticked="ticked" in request.args,
        chore=chore_seen(CHORE),
        options={
            "state": [(each.name, _(each.label)) for each in OF_EPISODES.values()],
            "show": [(each.slug, each.title) for each in shows()],
            "year": [(each, each) for each in years],
        },
        before=turns[0],
        after=turns[1],
        now=state.now,
        standing=standing,
        **context,
    )


def standing(episode: Episode, now: dt.datetime) -> str:
    """Say whether listeners may hear an episode, or when."""
    if episode.is_public(now):
        return str(gettext("publié"))
    day = hour(episode.opens) if episode.opens else ""
    if episode.is_waiting(now):
        return str(gettext("à venir le %(day)s", day=day) if day else gettext("brouillon"))
    return str(gettext("retiré jusqu’au %(day)s", day=day) if day else gettext("retiré"))


class _Several(ActionPage[Action]):
    """Do the same to all that is ticked, in one act: ask what it needs, show what would change."""

    endpoint, place, template = "several", "several", "desk_several.html"
    is_of_episode, is_sure, most = False, True, LARGEST

    def __init__(self) -> None:
        super().__init__()
        self.state, self.names, form = State(self.archive), narrowed(), request.form
        self.label, self.action = ACTS.get(form.get("act", ""), ("", draft))
        keys = {*form.getlist("key"), *form.get("keys", "").split()}
        every = matching(self.state) if "every" in form else self.state.episodes
        self.some = [each for each in every if "every" in form or each.key in keys]
        self.titles = {each.slug: each.title for each in shows()}
        self.fields = (*(self._fitted(each) for each in self.action.fields), NOTE)
        self.then: Sequence[Episode | None] = ()

    def _fitted(self, field: Input) -> Input:
        """Give a field with the shows to choose from."""
        is_show = field.name == "show"
        return replace(field, choices=tuple(self.titles)) if is_show else field

    def first(self) -> Mapping[str, str]:
        given = {e.name: e.choices[0] for e in self.fields if e.choices and not e.is_needed}
        return {**given, **self._ticked()}

    def _ticked(self) -> dict[str, str]:
        keys = "" if "every" in request.form else " ".join(each.key for each in self.some)
        ticked = {"every": "1"} if not keys else {"keys": keys}
        return {"act": request.form.get("act", ""), **ticked}

    def answer(self) -> AnyResponse:
        """Ask for what the act needs, when it is chosen; else answer as any page."""
        if not (self.some and self.label):
            return redirect(url_for("desk.episodes", none=1, **narrowed()), 303)
        if "seen" not in request.form and self.action.fields:
            self.texts = self.first()
            return self.form()
        return super().answer()

    def form(self, code: int = 200) -> AnyResponse:
        """Show the form, or the list where nothing is ticked."""
        back = redirect(url_for("desk.episodes", **narrowed()), 303)
        return super().form(code) if self.some and self.label else back

    def read(self) -> None:
        self.texts = {**self.texts, **self._ticked()}
        super().read()

    def mean(self) -> Action:
        self.then = self.action.after(self.some, **self.values)
        return self.action

    def seen(self) -> tuple[object, ...]:
        return tuple(self.some)

    def changed(self) -> None:
        self.fault = gettext(
            "Rien n’a été fait\u00a0: quelque chose a changé. Vérifiez de nouveau."
        )

    def page(self, code: int, **context: Any) -> AnyResponse:
        """Write the page, with what is ticked."""
        back = url_for("desk.episodes", **narrowed())
        return super().page(code, heading=_(self.label), some=self.some, back=back, **context)

    def context(self) -> dict[str, Any]:
        return {"shows": [*self.titles.items()]}

    def preview(self) -> dict[str, Any]:
        """List what would change, in the order of the days."""
        both = [(old, new) for old, new in zip(self.some, self.then, strict=True) if old != new]
        both.sort(key=lambda each: (each[1] or each[0]).date)
        return {"rows": [(old, self._changes(old, new)) for old, new in both]}

    def _changes(self, old: Episode, new: Episode | None) -> list[tuple[str, str]]:
        if not new:
            return [(self._told(old)[0], gettext("à la corbeille"))]
        return [(a, b) for a, b in zip(self._told(old), self._told(new), strict=True) if a != b]

    def _told(self, episode: Episode) -> tuple[str, ...]:
        """Tell what acts change of an episode, each in words."""
        return (
            " ".join(filter(None, (standing(episode, self.state.now), episode.reason))),
            brief(episode.known_date),
            self.titles.get(episode.show, episode.show),
            ", ".join(episode.tags),
            ", ".join(each.with_role for each in episode.people),
        )

    def act(self) -> AnyResponse:
        keys, asked = [each.key for each in self.some], {**self.by, **self.values}

        def do() -> Act | None:
            act = self.action(self.archive, keys, seen=self.some, **asked)
            with warned():
                catch_up(self.archive, self.index)
            return act

        return _carry_out(len(keys), do)


_Several.register()
