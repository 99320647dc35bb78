"""Replace a name by a pseudonym."""

import sys

import click

from radio import caches
from radio.acts.pseudonymising import Replacement, replace_name, still_named
from radio.archive import Archive
from radio.cli.protection import find_keys, settle, with_note
from radio.cli.terminal import confirm, with_archive
from radio.holdings import public_keys
from radio.mending import proposals
from radio.messages import _
from radio.traces import keys_of


@click.command("pseudonym")
@with_archive
@click.argument("keys", nargs=-1, metavar=_("KEY…"))
@click.argument("name", metavar=_("NAME"))
@click.argument("pseudonym", metavar=_("PSEUDONYM"))
@click.option("--everywhere", is_flag=True, help=_("In all episodes, shows and themes."))
@click.option(
    "--forget", is_flag=True, help=_("Keep the name in no history: nothing takes that back.")
)
@click.option("--yes", "sure", is_flag=True, help=_("Do not ask."))
@with_note
def command(
    archive: Archive,
    keys: tuple[str, ...],
    name: str,
    pseudonym: str,
    everywhere: bool,
    forget: bool,
    sure: bool,
    note: str,
) -> None:
    """Replace a NAME in all that is written of episodes: texts, titles, people, tags, versions.

    Accents and capitals do not matter. A name has several forms: give each, "Zoé Durand" before
    "Durand". Later transcriptions replace it too. The recording still says it: `radio redact`.
    """
    if everywhere == bool(keys):
        raise click.UsageError(_("name episodes, or --everywhere"))
    found, failures = find_keys(archive.require(), keys)
    if keys and not found:
        sys.exit(1)
    if forget and not sure:
        confirm(_("Replace the name for ever, and forget what was done to these episodes before?"))
    asked = Replacement(name, pseudonym, forget, note)
    changed = replace_name(archive, found, asked)
    had = {key for each in found for key in keys_of(archive, archive.episode(each))}
    proposals.forget_name(archive.root, name, had)
    caches.forget(archive, public_keys(archive) - set(changed))  # books that quote them
    settle(archive, len(changed), final=forget)
    for line in still_named(archive, changed, name):
        click.echo(f"radio: {line}", err=True)
    sys.exit(1 if failures else 0)
