"""Pages of the desk on which keepers note who agreed to be heard: the private record, for them."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from radio.actions.action import MISSING, NOTE, WrongFieldError
from radio.actions.consenting import FIELDS, note_change
from radio.archive.consents import Consent, consents_of, keys_with_consents
from radio.archive.episode import Episode
from radio.archive.keys import names_of
from radio.archive.slugs import slugify
from radio.web.action_page import ListPage, Placing, Submission, is_removal, who
from radio.web.context import catalogue
from radio.web.gate import LONG, desk, keeper

MOST = 1000  # lines of the list

Noting = Submission[Placing[Consent]]


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


class ConsentsPage(ListPage[Consent]):
    """List who agreed to be heard in an episode; note, change and take away what is known."""

    endpoint, place, template, most = "consents", "consents", "desk_consents.html", LONG
    fields = FIELDS

    def several(self, episode: Episode) -> Sequence[Consent]:
        """List what is noted."""
        archive = catalogue().archive
        return consents_of(archive.root, names_of(archive, episode))

    def texts(self, thing: Consent) -> Mapping[str, str]:
        """Write a consent."""
        days = {"given": str(thing.given or ""), "withdrawn": str(thing.withdrawn or "")}
        return {"person": thing.person, "terms": thing.terms, **days}

    def given(self, episode: Episode, asked: Noting) -> Consent | None:
        """Give the consent; taking one away is ticked first."""
        if is_removal(asked):
            if "sure" in request.form:
                return None
            told = gettext("Rien n’est ôté\u00a0: cochez d’abord la case.")
            raise WrongFieldError("sure", told)
        if not slugify(asked.texts["person"]):
            raise WrongFieldError("person", MISSING)
        values = {name: value for name, value in asked.values.items() if name != NOTE.name}
        return Consent(**values)

    def context(self, episode: Episode, asked: Noting) -> dict[str, Any]:
        """Show what is noted."""
        return {"known": self.several(episode)}

    def act(self, episode: Episode, asked: Noting, meant: Placing[Consent]) -> AnyResponse:
        """Note it."""
        archive, names = catalogue().archive, names_of(catalogue().archive, episode)
        note_change(archive, names, meant.given, meant.old, note=asked.note, who=who())
        return self.done(episode)


ConsentsPage().register()
