"""The commands that take the archive elsewhere."""

from pathlib import Path

import click

from radio.archive import Archive
from radio.cli.terminal import progress_bar, with_archive
from radio.web.frozen import export as export_site


@click.group()
def export() -> None:
    """Take the archive elsewhere."""


@export.command()
@with_archive
@click.argument("folder", metavar="DEST", type=click.Path(path_type=Path))
@click.option(
    "--link", is_flag=True, help="Link to the recordings instead of copying them (same disk)."
)
def site(archive: Archive, folder: Path, link: bool) -> None:
    """Write the site as files, for a disk or any web host.

    Open index.html: listening, reading and searching need neither a server nor a network. Another
    run writes what has changed and takes away what is no longer public, nothing else. With --link,
    what is changed in the folder is changed in the archive.
    """
    with progress_bar(str(folder)) as progress:
        changes = export_site(archive.require(), folder.absolute(), progress, link=link)
    counted = f"{changes.written} written, {changes.removed} removed, {len(changes.files)} files"
    click.echo(counted, err=True)
    click.echo(folder / "index.html")
