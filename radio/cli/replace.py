"""Put a better copy of the same broadcast in the place of a recording."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import click

from radio.actions.replacing import BetterCopy, CopyHeard, listen, put_in_place, require_other
from radio.archive import Archive
from radio.archive.episode import Episode
from radio.cli.acting import YES, on_episode
from radio.cli.lines import say, tell
from radio.cli.terminal import progress_bar
from radio.search import Index
from radio.system.messages import _
from radio.text.transcript import clock


@click.command("replace")
@on_episode(replace(YES, help=_("Replace it all the same.")))
@click.argument(
    "file", metavar=_("FILE"), type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
def command(archive: Archive, episode: Episode, file: Path, sure: bool, note: str) -> None:
    """Put a better copy of the same broadcast in the place of the recording of an episode.

    Its address and its name in feeds stay; text, chapters and what the machine heard are laid on
    the new recording, where each moment is heard in it: around a cut, or at another pace. The old
    one goes to the folder `trash`; `radio undo` brings it back while it lies there and nothing else
    changed. A file that does not sound like it is refused, and any where a passage was taken out:
    the file may have it; --yes takes it.
    """
    copy = BetterCopy(file, sure, note)
    require_other(episode, copy)
    with progress_bar(_("Listening")) as progress:
        heard = listen(archive, episode, copy, progress)
    with progress_bar(_("Sound")) as progress:
        put_in_place(archive, Index(archive), episode, copy, heard, progress)
    say(_("{key}: replaced; `radio undo` takes it back"), key=episode.key)
    for remark in _remarks(episode.key, heard):
        tell(remark)


def _remarks(key: str, heard: CopyHeard) -> Iterator[str]:
    """Say how the text lies on the new recording."""
    if not heard.is_known:
        told = _(
            "it does not sound like it, so the text keeps its times; "
            "`radio transcribe --again {key}` hears it, `radio text align {key} TEXT` lays a text "
            "on it"
        )
        yield told.format(key=key)
    elif offset := heard.moments.offset:
        told = _("all is said {offset:+.2f} s later there, and the text follows")
        yield told.format(offset=offset)
    elif offset is None:
        yield _("the text is laid on it, moment by moment")
    for gap in heard.moments.gaps():
        told = _("at {at}: {lacks:.0f} s are missing there, {adds:.0f} s are new")
        yield told.format(at=clock(gap.at), lacks=gap.lacks, adds=gap.adds)
    if not heard.is_whole:
        told = _(
            "one holds more than the other: read the text, or `radio transcribe --again {key}`"
        )
        yield told.format(key=key)
