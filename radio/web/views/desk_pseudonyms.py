"""The page of the desk on which a name is replaced everywhere, after it is shown."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from radio.actions.action import LONGEST, NOTE, Input
from radio.actions.pseudonym_places import MOST_FORMS, NamedPlace, NameFound, look_for, places_of
from radio.actions.pseudonymising import Replacement, put_pseudonym, scope_of, unknown_naming
from radio.french.letters import tidy
from radio.proposals.queue import hash_of
from radio.system.errors import ArchiveError, RadioError
from radio.system.progress import Progress
from radio.text.aligned import Differences, word_differences
from radio.web.action_page import ActionPage
from radio.web.desk_pages import busy, chore_seen, chores

MOST = 200  # places that are shown of an episode or a show
AT_ONCE = 30  # episodes that are looked through while a keeper waits


class _Pseudonym(ActionPage[Replacement]):
    """Ask for a name; show where it is and how it is misheard; then have it replaced."""

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
    keys: tuple[str, ...]  # where it is replaced: in an episode, a show, or without keys everywhere
    ticked: tuple[str, ...]  # forms that were
    found = NameFound((), (), ())

    def first(self) -> Mapping[str, str]:
        """Begin empty; forget a search that is over."""
        chores().forget(f"look {self.episode.key}")
        return {"scope": "episode", "fate": "keep"}

    def mean(self) -> Replacement:
        ticked = tuple(dict.fromkeys(filter(None, map(tidy, request.form.getlist("form")))))
        for each in ticked:
            Input("more").read(each)
        values, places = self.values, {"episode": (self.episode.key,), "show": (self.episode.show,)}
        self.keys, self.ticked = places.get(values["scope"], ()), ticked[:MOST_FORMS]
        names = (*ticked, *filter(None, map(str.strip, values["more"].split(","))))
        is_forgotten = values["fate"] == "forget"
        meant = Replacement(values["name"], values["shown"], names, is_forgotten, **self.by)
        _checked = meant.made
        return meant

    def twice(self) -> AnyResponse:
        """Look for the name first; that may go on in the background."""
        try:
            found = self._look()
        except RadioError as error:
            self.fault = str(error)
            return self.form(422)
        if not isinstance(found, NameFound):
            return found
        self.found = found
        return super().twice()

    def _look(self) -> NameFound | AnyResponse:
        """Give where the name is, or how far the search is. Raises RadioError if it fails."""
        archive, keys, sought = self.archive, self.keys, self.meant
        if len(scope_of(archive, keys).episodes) <= AT_ONCE:
            return look_for(archive, keys, sought)
        name, what = f"look {self.episode.key}", hash_of(keys, sought.names, sought.shown)
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
        return self.page(200, chore=chores().latest(), ticked=self.ticked, is_sure=True)

    def seen(self) -> tuple[object, ...]:
        """Name the places that were shown: nothing else is replaced."""
        return self._state(self.found.places) if self.is_read else ()

    def _state(self, places: Sequence[NamedPlace]) -> tuple[object, ...]:
        sought = self.meant
        return self.keys, sought.names, sought.shown, sought.forget, *places

    def context(self) -> dict[str, Any]:
        return {"show_title": self.archive.show(self.episode.show).title}

    def changed(self) -> None:
        fault = gettext("Rien n’a encore été fait\u00a0: voici ce qui serait remplacé maintenant.")
        self.fault = fault

    def refuse(self) -> None:
        """Have it said twice that nothing brings a name back."""
        if self.meant.forget and request.form.get("again") != "forget":
            why = gettext("Rien n’a été fait\u00a0: confirmez que rien ne le ramènera.")
            self.fault = why

    def preview(self) -> dict[str, Any]:
        """Show the places with their new words, and how the name may be misheard."""
        found = self.found
        return {
            "meant": self.meant,
            "ticked": self.ticked,
            "places": [(each, _pairs(each)) for each in found.places],
            "total": sum(each.count for each in found.places),
            "forms": found.forms,
            "left": found.left,
            "longest": LONGEST,
        }

    def act(self) -> AnyResponse:
        """Begin it; what changed by then is shown again."""
        archive, index = self.archive, self.index
        keys, sought, seen = self.keys, self.meant, self.seen()
        why = gettext("ce qui serait remplacé a changé entre-temps\u00a0; vérifiez de nouveau")

        def replace_it(progress: Progress) -> list[str]:
            now = places_of(archive, keys, sought, lambda share: progress(share * 0.3))
            if self._state(now) != seen:
                raise ArchiveError(why)
            put_pseudonym(archive, index, keys, sought, lambda share: progress(0.3 + share * 0.7))
            return unknown_naming(archive, keys, sought)

        return self.begin(replace_it)


def _pairs(place: NamedPlace) -> list[tuple[float | None, Differences, Differences]]:
    pairs = [(None, *pair) for pair in place.fields] + list(place.sentences)
    return [(at, *word_differences(was, will)) for at, was, will in pairs[:MOST]]


_Pseudonym.register()
