"""Put a better copy of the same broadcast in the place of a recording."""

from pathlib import Path

import click

from radio.acts.replacing import replace_recording
from radio.archive import Archive
from radio.audio.shift import refine
from radio.checksums import hash_file
from radio.cli.naming import find_episode
from radio.cli.protection import with_note
from radio.cli.terminal import progress_bar, with_archive
from radio.episode import Episode
from radio.errors import ArchiveError
from radio.messages import _
from radio.search import Index
from radio.twins.likeness import Likeness, compare
from radio.twins.prints import Prints

SHIFTED = 0.02  # seconds: less is no shift


@click.command("replace")
@with_archive
@click.argument("key", metavar=_("KEY"))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", "sure", is_flag=True, help=_("Replace it all the same."))
@with_note
def command(archive: Archive, key: str, file: Path, sure: bool, note: str) -> None:
    """Put a better copy of the same broadcast in the place of the recording of an episode.

    Its address and its name in feeds stay; text, chapters and what the machine heard get their
    times in the new recording. The old one goes to the folder `trash`. A file that does not sound
    like it is refused, and any where a passage was taken out: the file may have it; --yes takes it.
    """
    archive.require()
    episode = find_episode(archive, key)
    if hash_file(file) == episode.audio.sha256:
        raise ArchiveError(_("{file}: the recording of {key} itself").format(file=file, key=key))
    if episode.redactions and not sure:
        told = _("{key}: a passage was taken out; --yes if {file} does not have it either")
        raise ArchiveError(told.format(key=episode.key, file=file))
    likeness = _listen(archive, episode, file)
    if not likeness.is_twin and not sure:
        told = _("{file} does not sound like {key}; --yes replaces it nevertheless")
        raise ArchiveError(told.format(file=file, key=episode.key))
    offset = 0.0
    if likeness.is_twin:
        offset = refine(file, archive.audio_path(episode), likeness.offset)
    offset = offset if abs(offset) >= SHIFTED else 0.0
    with progress_bar(_("Sound")) as progress:
        replace_recording(archive, episode.key, file, offset, note=note, progress=progress)
    Index(archive).refresh()
    click.echo(_("{key}: replaced").format(key=episode.key))
    _remark(episode.key, offset, likeness)


def _listen(archive: Archive, episode: Episode, file: Path) -> Likeness:
    prints = Prints(archive)
    with progress_bar(_("Listening")) as progress:
        old = prints.of(episode, progress)
        return compare(prints.of_file(file, hash_file(file)), old)


def _remark(key: str, offset: float, likeness: Likeness) -> None:
    if offset:
        told = _("all is said {offset:+.2f} s later there, and the text follows")
        click.echo(told.format(offset=offset), err=True)
    if not likeness.is_whole:
        told = _(
            "one holds more than the other: read the text, or `radio transcribe --again {key}`"
        )
        click.echo(told.format(key=key), err=True)
