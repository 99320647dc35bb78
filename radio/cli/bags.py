"""The archive given away whole, and taken back."""

import sys
from pathlib import Path

import click

from radio.archive import Archive
from radio.cli.terminal import each_of, progress_bar, with_archive
from radio.errors import ArchiveError
from radio.ingest.bags import verify
from radio.ingest.parcels import opened
from radio.ingest.unpacking import Part, require_room, sort_out, take
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


def take_bag(archive: Archive, path: Path, *, dry_run: bool) -> None:
    """Take what is new of a bag, with a line for what is not.

    Raises ArchiveError if the bag is not whole, or if some of it could not be taken.
    """
    with opened(path) as parcel:
        with progress_bar(path.name) as progress:
            bag = verify(parcel, path, progress)
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

        each_of(new, take_part)
    if refused:
        raise ArchiveError(f"{path}: {len(refused)} parts were not taken")
