"""What people asked for: a name replaced, who agreed to be heard, a right of reply."""

import sys
from dataclasses import asdict
from pathlib import Path
from textwrap import shorten
from typing import Any

import click

from radio.actions import protecting
from radio.actions.action import Input
from radio.actions.pseudonym_places import misheard_forms, still_named
from radio.actions.pseudonymising import Replacement, put_pseudonym, unknown_naming
from radio.archive import Archive
from radio.archive.consents import Consent, consents_of
from radio.archive.episode import Episode
from radio.archive.keys import names_of
from radio.archive.protection import PublicReply
from radio.archive.slugs import slugify
from radio.cli.acting import YES, asking, find_all, on_episode, settle, tell_changed, tell_left
from radio.cli.lines import say, warn
from radio.cli.terminal import as_json, confirm, option, say_json, with_archive
from radio.search import Index
from radio.system.disk import read_bytes
from radio.system.errors import ArchiveError, NotFoundError
from radio.system.messages import _
from radio.text.transcript import clock


@click.command("pseudonym")
@with_archive
@click.argument("keys", nargs=-1, metavar=_("KEY…"))
@asking(
    Input("name", is_needed=True, metavar=_("NAME")),
    Input("shown", is_needed=True, metavar=_("PSEUDONYM")),
    Input("everywhere", "switch", help=_("In all episodes, shows and themes.")),
    Input("forget", "switch", help=_("Keep the name in no history: nothing takes that back.")),
    YES,
)
@option(
    "--also",
    _("Another form of the name that is replaced too: misheard, or a part of it."),
    _("FORM"),
    "forms",
    multiple=True,
)
def pseudonym(
    archive: Archive, keys: tuple[str, ...], name: str, everywhere: bool, sure: bool, **said: Any
) -> None:
    """Replace a NAME in all that is written of episodes: texts, titles, people, tags, versions.

    KEY is an episode, or a show with all its episodes. Accents and capitals do not matter. What
    sounds like the name in the texts is listed then: give each of it that is meant with --also.
    Later transcriptions replace all of them too. The recording still says it:
    `radio protect redact`.
    """
    if everywhere == bool(keys):
        raise click.UsageError(_("name episodes, or --everywhere"))
    asked = Replacement(name, **said)
    found, failures = find_all(archive, keys, shows=True)
    if keys and not found:
        sys.exit(1)
    if asked.forget and not sure:
        confirm(_("Replace the name for ever, and forget what was done to these episodes before?"))
    changed = put_pseudonym(archive, Index(archive), found, asked)
    tell_changed(len(changed), final=asked.forget)
    for left in still_named(archive, changed, asked.names):
        if left.path:
            warn(_("{path}: not looked into; delete it if the name stands there"), path=left.path)
        else:
            warn(
                _("{key}: its address has the name; `radio move --rename` changes it"), key=left.key
            )
    tell_left(unknown_naming(archive, found, asked))
    told = _("{key}: sounds like it: {words} ({count}), as in « {example} »; --also replaces it")
    for form in misheard_forms(archive, found, name):
        warn(told, **asdict(form))
    sys.exit(1 if failures else 0)


@click.command("consent")
@on_episode(
    *protecting.CONSENT[1:], Input("remove", "switch", help=_("Keep nothing of that person here."))
)
@click.argument("person", required=False, metavar=_("[PERSON]"))
@as_json
def consent(
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
        _list_consents(consents_of(archive.root, names), as_json)
    elif remove:
        known = {slugify(each.person): each for each in consents_of(archive.root, names)}
        if slugify(person) not in known:
            told = _("{key}: nothing is noted of {person}")
            raise NotFoundError(told, key=names[-1], person=person)
        protecting.change_consent(archive, names, None, known[slugify(person)], note=note)
    elif said["given"] or said["withdrawn"]:
        given = protecting.agree(archive, names, Consent(person, **said), note=note)
        _list_consents([given], as_json)
    else:
        raise click.UsageError(_("give the day: --given or --withdrawn"))


def _list_consents(found: list[Consent], as_json: bool) -> None:
    if as_json:
        say_json([asdict(each) for each in found])
        return
    for each in found:
        given = _("agreed {day}").format(day=each.given or "?")
        taken = _("took it back {day}").format(day=each.withdrawn) if each.withdrawn else ""
        say("  ".join(filter(None, (each.person, given, taken, " ".join(each.terms.split())))))


@click.command("reply")
@on_episode(
    *protecting.REPLY[1:],
    Input("remove", "switch", help=_("Take the reply of that number away.")),
)
@option(
    "--text",
    _("The text of the reply, in UTF-8; « - » reads it from the keyboard or a pipe."),
    _("FILE"),
    "source",
)
@option(
    "--number",
    _("Which reply it takes the place of, as the list counts them."),
    _("NUMBER"),
    type=int,
    default=0,
)
def reply(
    archive: Archive,
    episode: Episode,
    source: str | None,
    number: int,
    remove: bool,
    note: str,
    **said: Any,
) -> None:
    """Show a right of reply with an episode: on its page, in feeds, players and downloads.

    Without --text it lists the replies that stand there, with their numbers.
    """
    if remove and (source or not number):
        raise click.UsageError(_("--remove takes a --number, and no --text"))
    if number and not (source or remove):
        raise click.UsageError(_("give the --text, or --remove"))
    if not (number or source):
        _list_replies(episode)
        return
    given = PublicReply(_read(source), said["author"], said["at"], said["day"]) if source else None
    old = _reply(episode, number) if number else None
    settle(archive, protecting.reply(archive, [episode.key], old=old, given=given, note=note))


def _reply(episode: Episode, number: int) -> PublicReply:
    known = episode.protection.replies
    if not 0 < number <= len(known):
        told = _("{key}: no reply {number}; `radio protect reply {key}` lists them")
        raise ArchiveError(told, key=episode.key, number=number)
    return known[number - 1]


def _list_replies(episode: Episode) -> None:
    for number, each in enumerate(episode.protection.replies, 1):
        at = clock(each.at) if each.at is not None else ""
        words = shorten(each.text, 60, placeholder="…")
        say("  ".join(filter(None, (str(number), each.day, each.author, at, words))))


def _read(source: str) -> str:
    content = sys.stdin.buffer.read() if source == "-" else read_bytes(Path(source).resolve())
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ArchiveError(_("{where}: not UTF-8; save the file as UTF-8"), where=source) from error
