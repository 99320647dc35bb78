"""Find the episodes that are copies of one recording."""

import os
from concurrent.futures import Future, ThreadPoolExecutor, as_completed

import click

from radio.actions.merging import part
from radio.archive import Archive
from radio.cli.lines import say, tell
from radio.cli.naming import find_episode
from radio.cli.terminal import as_json, duration, each_of, json_text, progress_bar, with_archive
from radio.proposals.twins.prints import Prints
from radio.proposals.twins.proposals import Twins, propose
from radio.system.messages import _


@click.command("twins")
@with_archive
@as_json
@click.option(
    "--apart",
    nargs=2,
    metavar=_("KEY KEY"),
    help=_("These two are not the same: propose them no more."),
)
def command(archive: Archive, as_json: bool, apart: tuple[str, str] | None) -> None:
    """List the episodes that sound alike, whatever their format, tags and loudness.

    Each recording is listened to once, which takes some seconds for an hour; a run that is cut
    short goes on in the next. Nothing is merged unasked: `radio merge` does it.
    """
    archive.require()
    if apart:
        first, second = (find_episode(archive, key) for key in apart)
        tell(part(archive, first, second))
        return
    _listen(Prints(archive))
    with progress_bar(_("Comparing")) as progress:
        found = propose(archive, progress)
    if as_json:
        say(json_text([_as_value(each) for each in found]))
        return
    for each in found:
        say(_line(each))
    if not found:
        tell(_("No twins."))


def _listen(prints: Prints) -> None:
    """Make the fingerprints that are missing, as many at once as there are cores."""
    missing = prints.missing()
    if not missing:
        return
    total = sum(each.audio.duration for each in missing) or 1.0
    done = 0.0
    with (
        progress_bar(_("Listening"), total) as progress,
        ThreadPoolExecutor(os.cpu_count()) as pool,
    ):
        listened = {pool.submit(prints.make, each): each for each in missing}

        def take(future: Future[None]) -> None:
            nonlocal done
            done += listened[future].audio.duration
            progress(done)
            future.result()

        each_of(as_completed(listened), take)


def _line(twins: Twins) -> str:
    likeness = twins.likeness
    told = (
        _("{first} = {second}: {common} in common, {agreement:.0%} alike")
        if likeness.is_whole
        else _("{first} ≈ {second}: a part, {common} in common, {agreement:.0%} alike")
    )
    return told.format(
        first=twins.first.key,
        second=twins.second.key,
        common=duration(likeness.common),
        agreement=likeness.agreement,
    )


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
