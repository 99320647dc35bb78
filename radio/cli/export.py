"""Take the archive elsewhere: as a bag, as a site of files."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from radio.archive import Archive
from radio.bags.export import Export, export_bag
from radio.bags.payload import left_out
from radio.cli.lines import say, tell, warn
from radio.cli.terminal import accept_losses, counted, progress_bar, public_address, with_archive
from radio.search import Index
from radio.static_site.export import export, freeze
from radio.system.errors import SearchError, warned
from radio.system.messages import _
from radio.system.tree import files as files_of_tree

TRIES = 3


@click.command("bag")
@with_archive
@click.argument("dest", type=click.Path(path_type=Path))
@click.option(
    "--verify", is_flag=True, help=_("Read back what lies there, and replace what differs.")
)
@accept_losses
def bag(archive: Archive, dest: Path, verify: bool, accept: bool) -> None:
    """Write the archive to a folder as a BagIt bag, withdrawn episodes and all.

    What the desk knows, sealed originals, trash and history are not in it, and it says so.

    On the next run only what changed is copied, and what the archive no longer holds is removed,
    unless so much vanished at once that nobody can have meant it. `radio ingest DEST` takes it
    back, in this archive or another; data/index.html opens in a browser, without a server.
    """
    archive.require()
    with warned():  # a bag of what is half done is better than none
        archive.finished()
    are_faults = False
    for outcome in _exports(archive, dest, verify=verify, accept=accept):
        _tell(outcome)
        are_faults = bool(outcome.faults)
    if names := ", ".join(f"{name}/" for name in left_out(archive)):
        told = _(
            "not in the bag, for keepers here alone: {names} (but hashes of replaced names); "
            "to keep these, copy the archive’s folder"
        )
        tell(told, names=names)
    sys.exit(1 if are_faults else 0)


def _exports(archive: Archive, dest: Path, *, verify: bool, accept: bool) -> Iterator[Export]:
    """Write the bag; and again where a removal took index or pages away meanwhile."""
    for left in reversed(range(TRIES)):
        try:
            Index(archive).refresh(accept=accept)
            with progress_bar(_("Pages")) as progress:
                freeze(archive, archive.site, progress, accept=accept)
        except SearchError:
            if left:
                continue
            raise
        with progress_bar(dest.name) as progress:
            yield export_bag(archive, dest, progress, verify=verify, accept=accept)
        pages = files_of_tree(archive.site)
        if pages and all((archive.site / path).exists() for path in pages):
            return


def _tell(outcome: Export) -> None:
    for path in outcome.damaged:
        tell(_("radio: {path}: no longer what was written; replaced where it could be"), path=path)
    for fault in outcome.faults:
        warn(fault)
    files = counted(outcome.copied, "file", "files")
    told = _("{copied} copied, {kept} kept, {removed} removed")
    tell(told, copied=files, kept=outcome.kept, removed=outcome.removed)


@click.command("site")
@with_archive
@click.argument("folder", metavar="DEST", type=click.Path(path_type=Path))
@click.option(
    "--link", is_flag=True, help=_("Link to the recordings instead of copying them (same disk).")
)
@accept_losses
def site(archive: Archive, folder: Path, link: bool, accept: bool) -> None:
    """Write the site as files, for a disk or any web host.

    Open index.html: listening, reading and searching need neither a server nor a network. Books
    that are made already, for RADIO_BASE_URL, come along. Another run writes what
    has changed and takes away what is no longer public, nothing else, and stops if so much
    vanished at once that nobody can have meant it. With --link, what is changed in the
    folder is changed in the archive.
    """
    Index(archive.finished()).refresh(accept=accept)
    with progress_bar(str(folder)) as progress:
        changes = export(
            archive,
            folder.absolute(),
            progress,
            link=link,
            accept=accept,
            books_url=public_address(),
        )
    files = counted(len(changes.files), "file", "files")
    told = _("{written} written, {removed} removed, {files}")
    tell(told, written=changes.written, removed=changes.removed, files=files)
    say(folder / "index.html")
