"""Take recordings in, and bags back."""

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import click

from radio.archive import Archive
from radio.bags.containers import is_bag, opened
from radio.bags.restore import Part, require_room, sort_out, take
from radio.bags.verify import verify
from radio.cli.fetching import fetch
from radio.cli.naming import require_show
from radio.cli.terminal import counted, each_of, progress_bar, with_archive
from radio.episode import is_address
from radio.errors import ArchiveError
from radio.ingest.description import Day, Description
from radio.ingest.files import ingest
from radio.ingest.folders import Left, find
from radio.ingest.neighbours import kept, neighbour
from radio.messages import _
from radio.search import Index

NAMED = 20  # files that are left for the same reason

TALLIED = {
    "taken": _("taken"),
    "known": _("taken before"),
    "refused": _("refused"),
    "left": _("left"),
}


@click.command("ingest")
@with_archive
@click.argument("sources", nargs=-1, required=True, metavar=_("SOURCE…"), type=click.Path())
@click.option(
    "--show", metavar=_("SLUG"), help=_("The show they belong to, where there are several.")
)
@click.option("--date", type=click.DateTime(["%Y-%m-%d"]), help=_("When it was broadcast."))
@click.option("--title", help=_("Its title."))
@click.option("--dry-run", is_flag=True, help=_("Name what would be taken, take nothing."))
def command(
    archive: Archive,
    sources: tuple[str, ...],
    show: str | None,
    date: datetime | None,
    title: str | None,
    dry_run: bool,
) -> None:
    """Take recordings into the archive: files, folders of them, or what lies at an address.

    An address is that of a feed, of a site made with WordPress or a part of it, of a page with
    recordings, of one of them, of a blog of audioblog or something of archive.org; of a site with
    several shows, only what belongs to --show is taken. What was taken before is passed over. A bag
    (`radio export bag`), be it a folder or a ZIP, is verified and taken back whole. A text beside a
    recording, under its name, is taken with it. What else a folder holds is left, named.
    """
    archive.require()
    addresses = [source for source in sources if is_address(source)]
    places = [Path(source) for source in sources if not is_address(source)]
    found = [each for place in places for each in _found(place)]
    files = [each for each in found if isinstance(each, Path)]
    into = "" if not addresses and all(map(is_bag, files)) else _show(archive, show)
    said, tally = _given(date, title), Counter[str]()
    left = [each for each in found if isinstance(each, Left)]

    try:
        tally["refused"] += each_of(
            files, lambda path: _take(archive, path, into, said, tally, dry_run=dry_run)
        )
        for address in addresses:
            left += fetch(archive, address, into, said, tally, dry_run=dry_run)
    finally:  # whatever ends the run, what was taken is found
        Index(archive).refresh()
    tally["left"] += _name_left(left)
    _tell(tally)
    sys.exit(1 if tally["refused"] else 0)


def _take(
    archive: Archive,
    path: Path,
    show: str,
    said: Description,
    tally: Counter[str],
    *,
    dry_run: bool,
) -> None:
    """Take a file, or a bag; or name it alone."""
    if is_bag(path):
        _take_bag(archive, path, tally, dry_run=dry_run)
        return
    if dry_run:
        click.echo(path)
    else:
        with progress_bar(path.name) as progress:
            episode = ingest(archive, path, show, said, progress)
        _name(archive, path, episode.key)
    tally["taken"] += 1


def _tell(tally: Counter[str]) -> None:
    if tally.total() > 1:
        counts = (f"{tally[what]} {text}" for what, text in TALLIED.items() if tally[what])
        click.echo(", ".join(counts), err=True)


def _given(date: datetime | None, title: str | None) -> Description:
    """Tell what the keeper says of all of them."""
    return Description(title or "", Day(date.date(), "given") if date else None)


def _name(archive: Archive, path: Path, key: str) -> None:
    """Name the episode that a recording became, and the text that was kept with it."""
    click.echo(key)
    text = neighbour(path)
    if text and kept(archive, key, text).exists():
        told = _("{path}: kept as the text of {key}; it is laid on the sound once that is heard")
        click.echo(f"radio: {told.format(path=text, key=key)}", err=True)


def _take_bag(archive: Archive, path: Path, tally: Counter[str], *, dry_run: bool) -> None:
    """Take what is new and sound of a bag, with a line for what is not, and count both.

    Raises ArchiveError if it is no bag, or is not whole.
    """
    with opened(path) as parcel:
        with progress_bar(path.name) as progress:
            bag = verify(parcel, path, progress)
        for place, fault in bag.faults.items():
            click.echo(f"radio: {path / place}: {fault}", err=True)
        parts = sort_out(archive, bag)
        require_room(archive, bag, parts)
        new = [part for part in parts if part.fate == "new"]
        refused = [part for part in parts if part.fate == "refused"]
        for part in parts:
            if part.fate != "new" and part.reason:
                click.echo(f"radio: {part.name}: {part.reason}", err=True)

        def take_part(part: Part) -> None:
            if not dry_run:
                with progress_bar(part.name) as progress:
                    take(archive, bag, part, progress)
            click.echo(part.name)

        failed = each_of(new, take_part)
    tally["taken"] += len(new) - failed
    tally["refused"] += len(refused) + failed
    if bag.faults:
        raise ArchiveError(
            _("{path}: damaged, {faults} faults; what is sound was taken").format(
                path=path, faults=len(bag.faults)
            )
        )
    if refused:
        number = counted(len(refused), "part was", "parts were")
        message = _("{path}: {number} not taken").format(path=path, number=number)
        click.echo(f"radio: {message}", err=True)


def _found(source: Path) -> Iterable[Path | Left]:
    return [source] if is_bag(source) else find(source)


def _name_left(left: Sequence[Left]) -> int:
    """Name the files that are left, NAMED of each kind at most, and count them."""
    by_reason = attrgetter("reason")
    for reason, alike in groupby(sorted(left, key=by_reason), key=by_reason):
        some = list(alike)
        for each in some[:NAMED]:
            detail = f"{reason} (beside {each.beside})" if each.beside else reason
            click.echo(
                _("radio: left: {path}: {reason}").format(path=each.path, reason=detail), err=True
            )
        if len(some) > NAMED:
            click.echo(
                _("radio: left: {named} more: {reason}").format(
                    named=len(some) - NAMED, reason=reason
                ),
                err=True,
            )
    return len(left)


def _show(archive: Archive, slug: str | None) -> str:
    """Tell which show all of it belongs to, before anything is taken."""
    if slug is not None:
        return require_show(archive, slug)
    shows = archive.shows()
    if len(shows) != 1:
        names = ", ".join(show.slug for show in shows) or _("none yet, see `radio init --help`")
        raise ArchiveError(_("which show? give --show SLUG ({known})").format(known=names))
    return shows[0].slug
