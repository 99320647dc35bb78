"""What another radio needs to broadcast an episode again."""

from pathlib import Path

import click

from radio.archive import Archive
from radio.cli.lines import say
from radio.cli.naming import find_episode
from radio.cli.terminal import progress_bar, with_archive
from radio.derived.chapters.chapters import chapters_of
from radio.kit.rebroadcast import write_kit
from radio.system.messages import _


@click.command("kit")
@with_archive
@click.argument("key")
@click.argument("dest", type=click.Path(path_type=Path))
def kit(archive: Archive, key: str, dest: Path) -> None:
    """Write what another radio needs to broadcast an episode again, to a folder or a ZIP.

    The recording, a copy of it at -16 LUFS, measured again, the running order as text and CSV, the
    exact length, licence, rights and contact in words, and the sha256 of each file.
    """
    episode = find_episode(archive.require(), key)
    with progress_bar(_("Kit")) as progress:
        write_kit(archive, episode, chapters_of(archive, episode), dest, progress)
    say(dest)
