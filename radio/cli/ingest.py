"""Take recordings in, and bags back."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import click

from radio.archive import Archive
from radio.cli.bags import take_bag
from radio.cli.naming import require_show
from radio.cli.terminal import each_of, progress_bar, with_archive
from radio.errors import ArchiveError
from radio.ingest.files import find_files, ingest
from radio.ingest.parcels import is_bag
from radio.messages import _
from radio.search import Index


@click.command("ingest")
@with_archive
@click.argument(
    "sources", nargs=-1, required=True, metavar="FILE…", type=click.Path(path_type=Path)
)
@click.option("--show", metavar="SLUG", help=_("The show they belong to, where there are several."))
@click.option("--date", type=click.DateTime(["%Y-%m-%d"]), help=_("When it was broadcast."))
@click.option("--title", help=_("Its title."))
@click.option("--dry-run", is_flag=True, help=_("Name what would be taken, take nothing."))
def command(
    archive: Archive,
    sources: tuple[Path, ...],
    show: str | None,
    date: datetime | None,
    title: str | None,
    dry_run: bool,
) -> None:
    """Take audio files, or folders of them, into the archive.

    A bag (`radio export bag`), be it a folder or a ZIP, is verified and taken back whole.
    """
    day = date.date() if date else None

    def take(path: Path) -> None:
        if is_bag(path):
            take_bag(archive, path, dry_run=dry_run)
            return
        if dry_run:
            click.echo(path)
            return
        with progress_bar(path.name) as progress:
            episode = ingest(archive, path, into, date=day, title=title, progress=progress)
        click.echo(episode.key)

    archive.require()
    found = [path for source in sources for path in _found(source)]
    into = _show(archive, show) if not all(map(is_bag, found)) else ""
    each_of(found, take)
    Index(archive).refresh()


def _found(source: Path) -> Iterable[Path]:
    return [source] if is_bag(source) else find_files(source)


def _show(archive: Archive, named: str | None) -> str:
    """Tell which show all of it belongs to, before anything is taken."""
    if named is not None:
        return require_show(archive, named)
    shows = archive.shows()
    if len(shows) != 1:
        known = ", ".join(show.slug for show in shows) or _("none yet, see `radio init --help`")
        raise ArchiveError(_("which show? give --show SLUG ({known})").format(known=known))
    return shows[0].slug
