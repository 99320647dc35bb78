"""The page of the desk on which a name is replaced by another: shown first, wherever it stands."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import request
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from radio.actions.action import LONGEST, NOTE, Input
from radio.actions.pseudonym_places import NamedPlace, NameFound, look_for, places_of
from radio.actions.pseudonymising import Replacement, put_pseudonym, scope_of, unknown_naming
from radio.archive.episode import Episode
from radio.french.letters import tidy
from radio.proposals.queue import hash_of
from radio.system.errors import ArchiveError, RadioError
from radio.system.progress import Progress
from radio.text.aligned import Differences, tell_apart
from radio.web.action_page import ActionPage, Submission
from radio.web.chores import busy, chore_seen, chores
from radio.web.context import catalogue
from radio.web.gate import who

MOST_FORMS = 30
MOST = 200  # places that are shown of an episode or a show
AT_ONCE = 30  # episodes that are looked through while a keeper waits
NOTHING = NameFound((), (), ())


@dataclass(frozen=True)
class _Sought:
    """What is to be replaced, and where: in an episode, a show, or without keys everywhere."""

    keys: tuple[str, ...]
    replacement: Replacement
    ticked: tuple[str, ...]  # forms that were
    found: NameFound = NOTHING

    def state(self, places: Sequence[NamedPlace]) -> tuple[object, ...]:
        """Name what is to be done, and all places that it changes."""
        sought = self.replacement
        return self.keys, sought.names, sought.shown, sought.forget, *places


class _Pseudonym(ActionPage[_Sought]):
    """Ask for a name; show where it stands and how it is misheard; then have it replaced."""

    endpoint, place, template = "pseudonym", "pseudonym", "desk_pseudonym.html"
    is_sure, chore = True, "pseudonym"
    fields = (
        Input("name", is_needed=True),
        Input("shown", is_needed=True),
        Input("scope", "choice", choices=("episode", "show", "all")),
        Input("fate", "choice", choices=("keep", "forget")),
        Input("more"),
        NOTE,
    )

    def first(self, episode: Episode) -> Submission[_Sought]:
        """Ask for nothing yet; a search that is over is forgotten."""
        chores().forget(f"look {episode.key}")
        return Submission({"scope": "episode", "fate": "keep"})

    def mean(self, episode: Episode, asked: Submission[_Sought]) -> _Sought:
        """Give the name with the forms that were ticked or written."""
        ticked = tuple(dict.fromkeys(filter(None, map(tidy, request.form.getlist("form")))))
        for each in ticked:
            Input("more").read(each)
        values = asked.values
        names = (*ticked, *filter(None, map(str.strip, values["more"].split(","))))
        forgets = values["fate"] == "forget"
        replacement = Replacement(
            values["name"], values["shown"], names, forgets, asked.note, who()
        )
        _checked = replacement.made
        keys = {"episode": (episode.key,), "show": (episode.show,), "all": ()}[values["scope"]]
        return _Sought(keys, replacement, ticked[:MOST_FORMS])

    def twice(self, episode: Episode, asked: Submission[_Sought], meant: _Sought) -> AnyResponse:
        """Look for the name first; that may go on beside all else."""
        try:
            found = self._look(episode, asked, meant)
        except RadioError as error:
            return self.form(episode, replace(asked, fault=str(error)), 422)
        if not isinstance(found, NameFound):
            return found
        meant = replace(meant, found=found)
        return super().twice(episode, replace(asked, meant=meant), meant)

    def _look(
        self, episode: Episode, asked: Submission[_Sought], meant: _Sought
    ) -> NameFound | AnyResponse:
        """Tell where the name stands; or how far that is, where many episodes are looked through.

        Raises a RadioError if it can't be told.
        """
        archive, keys, sought = catalogue().archive, meant.keys, meant.replacement
        if len(scope_of(archive, keys).episodes) <= AT_ONCE:
            return look_for(archive, keys, sought)
        name, what = f"look {episode.key}", hash_of(keys, sought.names, sought.shown)
        chore = chore_seen(name)
        if chore and chore.fault:
            chores().forget(name)
            raise ArchiveError(chore.fault)
        match chore and chore.found:
            case (found_what, NameFound() as found) if found_what == what:
                return found
        is_running = chore is not None and chore.is_running
        if not is_running and not chores().begin(
            name, lambda progress: (what, look_for(archive, keys, sought, progress))
        ):
            return busy()
        told = {"chore": chores().latest(), "ticked": meant.ticked, "is_sure": True}
        return self.page(episode, asked, 200, **told)

    def seen(self, episode: Episode, asked: Submission[_Sought]) -> tuple[object, ...]:
        """Name the places that were shown: nothing else is replaced."""
        return asked.meant.state(asked.meant.found.places) if asked.meant else ()

    def context(self, episode: Episode, asked: Submission[_Sought]) -> dict[str, Any]:
        return {"show_title": catalogue().archive.show(episode.show).title}

    def changed(self, episode: Episode, asked: Submission[_Sought]) -> Submission[_Sought]:
        fault = gettext("Rien n’a encore été fait\u00a0: voici ce qui serait remplacé maintenant.")
        return replace(asked, fault=str(fault))

    def refusal(self, asked: Submission[_Sought]) -> str:
        """Have it said twice that nothing brings a name back."""
        if asked.texts["fate"] != "forget" or request.form.get("again") == "forget":
            return ""
        fault = gettext("Rien n’a été fait\u00a0: dites encore une fois que rien ne le ramènera.")
        return str(fault)

    def preview(
        self, episode: Episode, asked: Submission[_Sought], meant: _Sought
    ) -> dict[str, Any]:
        """Show the places and what would stand there, and how the name may be misheard."""
        found = meant.found
        return {
            "meant": meant.replacement,
            "ticked": meant.ticked,
            "places": [(each, _pairs(each)) for each in found.places],
            "total": sum(each.count for each in found.places),
            "forms": found.forms,
            "left": found.left,
            "longest": LONGEST,
        }

    def act(self, episode: Episode, asked: Submission[_Sought], meant: _Sought) -> AnyResponse:
        """Begin it; what changed by then is shown again."""
        archive, index = catalogue().archive, catalogue().index
        keys, sought, seen = meant.keys, meant.replacement, self.seen(episode, asked)
        changed = gettext(
            "ce qui serait remplacé a changé entre-temps\u00a0; regardez encore une fois"
        )

        def replace_it(progress: Progress) -> list[str]:
            now = places_of(archive, keys, sought, lambda share: progress(share * 0.3))
            if meant.state(now) != seen:
                raise ArchiveError(changed)
            put_pseudonym(archive, index, keys, sought, lambda share: progress(0.3 + share * 0.7))
            return unknown_naming(archive, keys, sought)

        return self.begin(episode, replace_it)


def _pairs(place: NamedPlace) -> list[tuple[float | None, Differences, Differences]]:
    pairs = [(None, *pair) for pair in place.fields] + list(place.sentences)
    return [(at, *tell_apart(was, will)) for at, was, will in pairs[:MOST]]


_Pseudonym().register()
