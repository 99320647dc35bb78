"""The commands that give the archive away, whole."""

import sys
from pathlib import Path

import click

from radio.archive import Archive
from radio.cli.terminal import progress_bar, with_archive
from radio.publish.export import export_bag


@click.group("export")
def export() -> None:
    """Give the archive away in forms that need no program of ours."""


@export.command("bag")
@with_archive
@click.argument("dest", type=click.Path(path_type=Path))
def bag_command(archive: Archive, dest: Path) -> None:
    """Write the whole archive to a folder as a BagIt bag, withdrawn episodes and all.

    On the next run only what changed is copied, and what the archive no longer holds is removed.
    `radio ingest DEST` takes it back, in this archive or another.
    """
    with progress_bar(dest.name) as progress:
        done = export_bag(archive.require(), dest, progress)
    for fault in done.faults:
        click.echo(f"radio: {fault}", err=True)
    click.echo(f"{done.copied} files copied, {done.kept} kept, {done.removed} removed", err=True)
    sys.exit(1 if done.faults else 0)
