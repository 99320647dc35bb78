"""Note and list who agreed to be heard."""

import datetime as dt
from dataclasses import asdict

import click

from radio.actions.consenting import agree, note_change
from radio.archive import Archive
from radio.archive.consents import Consent, consents_of
from radio.archive.keys import names_of
from radio.archive.slugs import slugify
from radio.cli.acting import read_as, with_note
from radio.cli.lines import say
from radio.cli.naming import find_episode
from radio.cli.terminal import as_json, json_text, with_archive
from radio.system.errors import NotFoundError
from radio.system.messages import _


@click.command("consent")
@with_archive
@click.argument("key", metavar=_("KEY"))
@click.argument("person", required=False, metavar=_("[PERSON]"))
@click.option("--given", metavar=_("DAY"), callback=read_as("day"), help=_("When they agreed."))
@click.option("--terms", default="", metavar=_("TEXT"), help=_("To what, in their words."))
@click.option(
    "--withdrawn", metavar=_("DAY"), callback=read_as("day"), help=_("When they took it back.")
)
@click.option("--remove", is_flag=True, help=_("Keep nothing of that person here."))
@with_note
@as_json
def command(
    archive: Archive,
    key: str,
    person: str | None,
    given: dt.date | None,
    terms: str,
    withdrawn: dt.date | None,
    remove: bool,
    note: str,
    as_json: bool,
) -> None:
    """Note that a person agreed to be heard, or took that back; without PERSON, list who did.

    This is private: it lies in `desk/consents/`, which no page, export, bag or mirror has.
    """
    names = names_of(archive, find_episode(archive.require(), key))
    if person is None:
        if given or terms or withdrawn or note or remove:
            raise click.UsageError(_("name the person"))
        _list(consents_of(archive.root, names), as_json)
        return
    if remove:
        _remove(archive, names, person, note)
        return
    if not (given or withdrawn):
        raise click.UsageError(_("give the day: --given or --withdrawn"))
    consent = Consent(person, given, terms, withdrawn)
    _list([agree(archive, names, consent, note=note)], as_json)


def _remove(archive: Archive, names: tuple[str, ...], person: str, note: str) -> None:
    known = {slugify(each.person): each for each in consents_of(archive.root, names)}
    if slugify(person) not in known:
        told = _("{key}: nothing is noted of {person}")
        raise NotFoundError(told.format(key=names[-1], person=person))
    note_change(archive, names, None, known[slugify(person)], note=note)


def _list(found: list[Consent], as_json: bool) -> None:
    if as_json:
        say(json_text([asdict(each) for each in found]))
        return
    for each in found:
        given = _("agreed {day}").format(day=each.given or "?")
        taken = _("took it back {day}").format(day=each.withdrawn) if each.withdrawn else ""
        say("  ".join(filter(None, (each.person, given, taken, " ".join(each.terms.split())))))
