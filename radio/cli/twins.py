"""Two copies of one recording: find them, merge them."""

import click

from radio.actions import merging
from radio.actions.merging import Merger
from radio.archive import Archive
from radio.archive.episode import Episode
from radio.cli.lines import say, tell
from radio.cli.naming import find_episode
from radio.cli.terminal import (
    as_json,
    duration,
    flag,
    listen,
    option,
    progress_bar,
    say_json,
    with_archive,
)
from radio.proposals.twins.prints import Prints, Twins, propose
from radio.search import Index
from radio.system.messages import _


@click.command("merge")
@with_archive
@click.argument("keys", nargs=-1, metavar=_("KEY KEY"))
@flag("--find", _("Listen, and list the episodes that sound alike."))
@option("--apart", _("These two are not the same: propose them no more."), _("KEY KEY"), nargs=2)
@option("--keep", _("Keep this one, though the other sounds better."), _("KEY"))
@flag("--yes", _("Merge them though they do not sound alike."), "sure")
@as_json
def merge(
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
    if apart:
        first, second = (find_episode(archive, key) for key in apart)
        tell(merging.part(archive, first, second))
    elif find:
        _find(archive, as_json)
    elif len(keys) == 2:
        one, two = (find_episode(archive, key) for key in keys)
        _merge(archive, one, two, keep, sure)
    else:
        raise click.UsageError(_("name two episodes, or --find"))


def _merge(archive: Archive, one: Episode, two: Episode, keep: str | None, sure: bool) -> None:
    if not sure:
        merging.require_whole(one, two)
    choice = _chosen(archive, one, two, keep)
    with progress_bar(_("Listening"), 2.0) as progress:
        likeness = merging.listen(archive, choice, progress)
    if not sure:
        merging.require_alike(one, two, likeness)
    texts = {each.description for each in (one, two) if each.description}
    merging.unite(archive, choice, likeness)
    Index(archive).refresh()
    say(merging.told_united(choice))
    if len(texts) > 1 and archive.episode(choice.kept.key).description not in texts:
        tell(_("both descriptions are kept, one after the other"))


def _chosen(archive: Archive, one: Episode, two: Episode, keep: str | None) -> Merger:
    if keep is None:
        with progress_bar(_("Quality"), 2.0) as progress:
            return merging.judge(archive, one, two, progress)
    if keep not in (one.key, two.key):
        raise click.UsageError(_("--keep names one of the two"))
    kept, left = (one, two) if keep == one.key else (two, one)
    return Merger(kept, left, _("as you said"))


def _find(archive: Archive, as_json: bool) -> None:
    """List the episodes that sound alike, once those were listened to that nobody did before."""
    prints = Prints(archive)
    if missing := prints.missing():
        listen(missing, prints.make)
    with progress_bar(_("Comparing")) as progress:
        found = propose(archive, progress)
    if as_json:
        say_json([_as_value(each) for each in found])
        return
    for each in found:
        told = (
            _("{first} = {second}: {common} in common, {agreement:.0%} alike")
            if each.likeness.is_whole
            else _("{first} ≈ {second}: a part, {common} in common, {agreement:.0%} alike")
        )
        first, second, common = each.first.key, each.second.key, duration(each.likeness.common)
        agreement = each.likeness.agreement
        say(told, first=first, second=second, common=common, agreement=agreement)
    if not found:
        tell(_("No twins."))


def _as_value(twins: Twins) -> dict[str, object]:
    likeness = twins.likeness
    return {
        "first": twins.first.key,
        "second": twins.second.key,
        "agreement": round(likeness.agreement, 3),
        "offset": likeness.offset,
        "common": likeness.common,
        "share": round(likeness.share, 3),
        "whole": likeness.is_whole,
    }
