"""Merge two episodes that hold one recording."""

import click

from radio.acts.merging import Merger, choose, merge
from radio.archive import Archive
from radio.cli.lines import say
from radio.cli.naming import find_episode
from radio.cli.terminal import progress_bar, with_archive
from radio.episode import Episode
from radio.errors import ArchiveError
from radio.messages import _
from radio.search import Index
from radio.soundness import quality_of
from radio.twins.likeness import Likeness, compare
from radio.twins.prints import Prints


@click.command("merge")
@with_archive
@click.argument("first", metavar=_("KEY"))
@click.argument("second", metavar=_("KEY"))
@click.option("--keep", metavar=_("KEY"), help=_("Keep this one, though the other sounds better."))
@click.option("--yes", "sure", is_flag=True, help=_("Merge them though they do not sound alike."))
def command(archive: Archive, first: str, second: str, keep: str | None, sure: bool) -> None:
    """Merge two episodes that hold one recording: the better sound stays, with all that is known.

    People, tags, links, chapters, and the text that a person wrote go to the one that stays, and
    the machine's text where it has none; the address of the other leads there, and its files go to
    the folder `trash`. `radio undo` takes it back, until the trash is emptied.
    """
    archive.require()
    one, two = (find_episode(archive, key) for key in (first, second))
    if (one.redactions or two.redactions) and not sure:
        told = _("{first}, {second}: a passage was taken out of one; --yes if none has it any more")
        raise ArchiveError(told.format(first=one.key, second=two.key))
    choice = _chosen(archive, one, two, keep)
    likeness = _listen(archive, choice)
    if not likeness.is_twin and not sure:
        told = _("{first} and {second} do not sound alike; --yes merges them nevertheless")
        raise ArchiveError(told.format(first=one.key, second=two.key))
    offset = likeness.offset if likeness.is_twin else 0.0
    texts = {each.description for each in (one, two) if each.description}
    alike = likeness.is_twin and likeness.is_whole
    merge(archive, choice.kept.key, choice.left.key, offset, alike=alike)
    Index(archive).refresh()
    say(
        _("{left} -> {kept} ({reason})").format(
            left=choice.left.key, kept=choice.kept.key, reason=choice.reason
        )
    )
    if len(texts) > 1 and archive.episode(choice.kept.key).description not in texts:
        say(_("both descriptions are kept, one after the other"), err=True)


def _chosen(archive: Archive, one: Episode, two: Episode, keep: str | None) -> Merger:
    if keep is None:
        with progress_bar(_("Quality"), 2.0) as progress:
            first = quality_of(archive, one, progress)
            second = quality_of(archive, two, lambda done: progress(1 + done))
        return choose(one, two, (first, second))
    if keep not in (one.key, two.key):
        raise click.UsageError(_("--keep names one of the two"))
    kept, left = (one, two) if keep == one.key else (two, one)
    return Merger(kept, left, _("as you said"))


def _listen(archive: Archive, choice: Merger) -> Likeness:
    prints = Prints(archive)
    with progress_bar(_("Listening"), 2.0) as progress:
        found = []
        for number, each in enumerate((choice.kept, choice.left)):
            found.append(prints.of(each, lambda done, before=number: progress(before + done)))  # type: ignore[misc]
    return compare(*found)
