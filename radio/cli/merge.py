"""Merge two episodes that hold one recording."""

import click

from radio.actions.merging import (
    Merger,
    judge,
    listen,
    require_alike,
    require_whole,
    told_united,
    unite,
)
from radio.archive import Archive
from radio.archive.episode import Episode
from radio.cli.lines import say, tell
from radio.cli.naming import find_episode
from radio.cli.terminal import as_json, progress_bar, with_archive
from radio.cli.twins import command as find_twins
from radio.search import Index
from radio.system.messages import _


@click.command("merge")
@with_archive
@click.argument("keys", nargs=-1, metavar=_("KEY KEY"))
@click.option("--find", is_flag=True, help=_("Listen, and list the episodes that sound alike."))
@click.option(
    "--apart",
    nargs=2,
    metavar=_("KEY KEY"),
    help=_("These two are not the same: propose them no more."),
)
@click.option("--keep", metavar=_("KEY"), help=_("Keep this one, though the other sounds better."))
@click.option("--yes", "sure", is_flag=True, help=_("Merge them though they do not sound alike."))
@as_json
@click.pass_context
def command(
    context: click.Context,
    archive: Archive,
    keys: tuple[str, ...],
    find: bool,
    apart: tuple[str, str] | None,
    keep: str | None,
    sure: bool,
    as_json: bool,
) -> None:
    """Merge two episodes that hold one recording: the better sound stays, with all that is known.

    People, tags, links, chapters, and the text that a person wrote go to the one that stays, and
    the machine's text where it has none; the address of the other leads there, and its files go to
    the folder `trash`. `radio undo` takes it back, until the trash is emptied.

    Nothing is merged unasked: --find lists the episodes that sound alike, whatever their format,
    tags and loudness. Each recording is listened to once, which takes some seconds for an hour; a
    run that is cut short goes on in the next.
    """
    if find or apart:
        context.invoke(find_twins, archive=archive, as_json=as_json, apart=apart)
        return
    if len(keys) != 2:
        raise click.UsageError(_("name two episodes, or --find"))
    archive.require()
    one, two = (find_episode(archive, key) for key in keys)
    if not sure:
        require_whole(one, two)
    choice = _chosen(archive, one, two, keep)
    with progress_bar(_("Listening"), 2.0) as progress:
        likeness = listen(archive, choice, progress)
    if not sure:
        require_alike(one, two, likeness)
    texts = {each.description for each in (one, two) if each.description}
    unite(archive, choice, likeness)
    Index(archive).refresh()
    say(told_united(choice))
    if len(texts) > 1 and archive.episode(choice.kept.key).description not in texts:
        tell(_("both descriptions are kept, one after the other"))


def _chosen(archive: Archive, one: Episode, two: Episode, keep: str | None) -> Merger:
    if keep is None:
        with progress_bar(_("Quality"), 2.0) as progress:
            return judge(archive, one, two, progress)
    if keep not in (one.key, two.key):
        raise click.UsageError(_("--keep names one of the two"))
    kept, left = (one, two) if keep == one.key else (two, one)
    return Merger(kept, left, _("as you said"))
