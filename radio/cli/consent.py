"""Note and list who agreed to be heard."""

from dataclasses import asdict
from typing import Any

import click

from radio.actions.action import Input
from radio.actions.consenting import FIELDS, agree, note_change
from radio.archive import Archive
from radio.archive.consents import Consent, consents_of
from radio.archive.episode import Episode
from radio.archive.keys import names_of
from radio.archive.slugs import slugify
from radio.cli.acting import on_episode
from radio.cli.lines import say
from radio.cli.terminal import as_json, json_text
from radio.system.errors import NotFoundError
from radio.system.messages import _


@click.command("consent")
@on_episode(*FIELDS[1:], Input("remove", "switch", help=_("Keep nothing of that person here.")))
@click.argument("person", required=False, metavar=_("[PERSON]"))
@as_json
def command(
    archive: Archive,
    episode: Episode,
    person: str | None,
    remove: bool,
    note: str,
    as_json: bool,
    **said: Any,
) -> None:
    """Note that a person agreed to be heard, or took that back; without PERSON, list who did.

    This is private: it lies in `desk/consents/`, which no page, export, bag or mirror has.
    """
    names = names_of(archive, episode)
    if person is None:
        if any(said.values()) or note or remove:
            raise click.UsageError(_("name the person"))
        _list(consents_of(archive.root, names), as_json)
        return
    if remove:
        _remove(archive, names, person, note)
        return
    if not (said["given"] or said["withdrawn"]):
        raise click.UsageError(_("give the day: --given or --withdrawn"))
    consent = Consent(person, **said)
    _list([agree(archive, names, consent, note=note)], as_json)


def _remove(archive: Archive, names: tuple[str, ...], person: str, note: str) -> None:
    known = {slugify(each.person): each for each in consents_of(archive.root, names)}
    if slugify(person) not in known:
        raise NotFoundError(_("{key}: nothing is noted of {person}"), key=names[-1], person=person)
    note_change(archive, names, None, known[slugify(person)], note=note)


def _list(found: list[Consent], as_json: bool) -> None:
    if as_json:
        say(json_text([asdict(each) for each in found]))
        return
    for each in found:
        given = _("agreed {day}").format(day=each.given or "?")
        taken = _("took it back {day}").format(day=each.withdrawn) if each.withdrawn else ""
        say("  ".join(filter(None, (each.person, given, taken, " ".join(each.terms.split())))))
