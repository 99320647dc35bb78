"""Replace a name by a pseudonym."""

import sys
from typing import Any

import click

from radio.actions.action import Input
from radio.actions.pseudonym_places import NameLeft, misheard_forms, still_named
from radio.actions.pseudonymising import Replacement, put_pseudonym, unknown_naming
from radio.archive import Archive
from radio.cli.acting import YES, asking
from radio.cli.lines import warn
from radio.cli.naming import find_episode, require_show
from radio.cli.protection import tell_changed, tell_left
from radio.cli.terminal import confirm, each_of, with_archive
from radio.search import Index
from radio.system.messages import _


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
@click.option(
    "--also",
    "forms",
    multiple=True,
    metavar=_("FORM"),
    help=_("Another form of the name that is replaced too: misheard, or a part of it."),
)
def command(
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
    found, failures = _find(archive.require(), keys)
    if keys and not found:
        sys.exit(1)
    if asked.forget and not sure:
        confirm(_("Replace the name for ever, and forget what was done to these episodes before?"))
    changed = put_pseudonym(archive, Index(archive), found, asked)
    tell_changed(len(changed), final=asked.forget)
    for each in still_named(archive, changed, asked.names):
        warn(_told(each))
    tell_left(unknown_naming(archive, found, asked))
    _list(archive, found, name)
    sys.exit(1 if failures else 0)


def _find(archive: Archive, keys: tuple[str, ...]) -> tuple[list[str], int]:
    """Find the episodes and shows of some keys; one that is not there costs a line."""
    found = list[str]()

    def find(key: str) -> None:
        found.append(find_episode(archive, key).key if "/" in key else require_show(archive, key))

    failures = each_of(keys, find)
    return list(dict.fromkeys(found)), failures


def _told(left: NameLeft) -> str:
    """Say where the name still stands."""
    if left.path:
        told = _("{path}: not looked into; delete it if the name stands there")
        return told.format(path=left.path)
    told = _("{key}: its address has the name; `radio move --rename` changes it")
    return told.format(key=left.key)


def _list(archive: Archive, keys: list[str], name: str) -> None:
    """Tell what still stands in the texts and sounds like the name."""
    for each in misheard_forms(archive, keys, name):
        told = _(
            "{key}: sounds like it: {words} ({count}), as in « {example} »; --also replaces it"
        )
        line = told.format(key=each.key, words=each.words, count=each.count, example=each.example)
        warn(line)
