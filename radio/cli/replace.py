"""Put a better copy of the same broadcast in the place of a recording."""

from pathlib import Path

import click

from radio.archive import Archive
from radio.cli.naming import find_episode
from radio.cli.protection import with_note
from radio.cli.terminal import progress_bar, with_archive
from radio.messages import _
from radio.search import Index
from radio.work.replacing import BetterCopy, Relaid, listen, put_in_place, require_other


@click.command("replace")
@with_archive
@click.argument("key", metavar=_("KEY"))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", "sure", is_flag=True, help=_("Replace it all the same."))
@with_note
def command(archive: Archive, key: str, file: Path, sure: bool, note: str) -> None:
    """Put a better copy of the same broadcast in the place of the recording of an episode.

    Its address and its name in feeds stay; text, chapters and what the machine heard get their
    times in the new recording. The old one goes to the folder `trash`; `radio undo` brings it back
    while it lies there and nothing else changed. A file that does not sound like it is refused, and
    any where a passage was taken out: the file may have it; --yes takes it.
    """
    archive.require()
    episode = find_episode(archive, key)
    copy = BetterCopy(file, sure, note)
    require_other(episode, copy)
    with progress_bar(_("Listening")) as progress:
        likeness = listen(archive, episode, copy, progress)
    with progress_bar(_("Sound")) as progress:
        relaid = put_in_place(archive, Index(archive), episode, copy, likeness, progress)
    click.echo(_("{key}: replaced; `radio undo` takes it back").format(key=episode.key))
    _remark(episode.key, relaid)


def _remark(key: str, relaid: Relaid) -> None:
    if relaid.offset:
        told = _("all is said {offset:+.2f} s later there, and the text follows")
        click.echo(told.format(offset=relaid.offset), err=True)
    if not relaid.is_whole:
        told = _(
            "one holds more than the other: read the text, or `radio transcribe --again {key}`"
        )
        click.echo(told.format(key=key), err=True)
