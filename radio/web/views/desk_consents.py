"""Pages of the desk on which keepers note who agreed to be heard: the private record, for them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from radio.actions.action import MISSING, NOTE, Input, WrongFieldError
from radio.actions.consenting import note_change
from radio.archive.consents import Consent, consents_of, keys_with_consents
from radio.archive.episode import Episode
from radio.archive.keys import names_of
from radio.archive.slugs import slugify
from radio.web.action_page import ActionPage, Submission, is_removal, who
from radio.web.context import catalogue
from radio.web.gate import LONG, desk, keeper

MOST = 1000  # lines of the list


@dataclass(frozen=True)
class Noting:
    """A consent that is to be noted, and the one in whose place; None for none."""

    given: Consent | None
    old: Consent | None = None


@desk.get("/consents")
@keeper
def all_consents() -> str:
    """List who agreed to be heard, of all episodes, by person."""
    archive = catalogue().archive
    known = {name: each for each in archive.episodes() for name in names_of(archive, each)}
    found = [
        (consent, known.get(key), key)
        for key in keys_with_consents(archive.root)
        for consent in consents_of(archive.root, [key])
    ]
    found.sort(key=lambda each: (each[0].person.casefold(), each[2]))
    return render_template("desk_all_consents.html", found=found[:MOST], total=len(found))


class ConsentsPage(ActionPage[Noting]):
    """List who agreed to be heard in an episode; note, change and take away what is known."""

    endpoint, place, template, most = "consents", "consents", "desk_consents.html", LONG
    fields = (
        Input("person", is_needed=True),
        Input("given", "day"),
        Input("terms", "text", 2000),
        Input("withdrawn", "day"),
        NOTE,
    )

    def several(self, episode: Episode) -> Sequence[Consent]:
        """List what is noted."""
        archive = catalogue().archive
        return consents_of(archive.root, names_of(archive, episode))

    def first(self, episode: Episode) -> Submission[Noting]:
        """Show a consent that is noted, or none."""
        number, known = request.args.get("number", 0, type=int), self.several(episode)
        if not 0 < number <= len(known):
            return Submission({})
        old = known[number - 1]
        days = {"given": str(old.given or ""), "withdrawn": str(old.withdrawn or "")}
        return Submission({"person": old.person, "terms": old.terms, **days}, number)

    def mean(self, episode: Episode, asked: Submission[Noting]) -> Noting:
        """Give the consent; taking one away is ticked first."""
        old = self.several(episode)[asked.number - 1] if asked.number else None
        if is_removal(asked):
            if "sure" not in request.form:
                told = gettext("Rien n’est ôté\u00a0: cochez d’abord la case.")
                raise WrongFieldError("sure", told)
            return Noting(None, old)
        if not slugify(asked.texts["person"]):
            raise WrongFieldError("person", MISSING)
        values = {name: value for name, value in asked.values.items() if name != NOTE.name}
        return Noting(Consent(**values), old)

    def seen(self, episode: Episode, asked: Submission[Noting]) -> tuple[object, ...]:
        """Name what is noted."""
        return tuple(self.several(episode))

    def changed(self, episode: Episode, asked: Submission[Noting]) -> Submission[Noting]:
        """Show the list of now, beside what was written."""
        fault = gettext("Rien n’a été changé\u00a0: la liste l’a été depuis. La voici.")
        return replace(asked, number=0, fault=str(fault))

    def told(self, episode: Episode, asked: Submission[Noting]) -> dict[str, Any]:
        """Show what is noted."""
        return {"known": self.several(episode), "today": dt.date.today()}

    def act(self, episode: Episode, asked: Submission[Noting], meant: Noting) -> AnyResponse:
        """Note it."""
        archive, names = catalogue().archive, names_of(catalogue().archive, episode)
        note_change(archive, names, meant.given, meant.old, note=asked.note, who=who())
        return self.done(episode)


ConsentsPage().register()
