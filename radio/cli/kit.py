"""What another radio needs of an episode: a kit to broadcast it again, a copy without its music."""

import sys
from pathlib import Path

import click

from radio.archive import Archive
from radio.cli.lines import say
from radio.cli.naming import find_episode
from radio.cli.terminal import progress_bar, with_archive
from radio.derived.chapters import chapters_of
from radio.kit.music_free import REMEDY, WITHOUT, plan_of, render_plan, write_copy
from radio.kit.rebroadcast import write_kit
from radio.system.disk import explained, keep, unfinished, write_whole
from radio.system.errors import ArchiveError
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


@click.command("music-free")
@with_archive
@click.argument("key")
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False))
def music_free(archive: Archive, key: str, folder: Path | None) -> None:
    """List what music an episode has; write to a folder a copy without it, with that list.

    No word that the machine heard is cut. Where something sounds under voices, the list says
    `beneath`: that stays, and somebody has to listen. The recording itself stays as it is.
    """
    episode = find_episode(archive.require(), key)
    if folder is None:
        with progress_bar(_("Music")) as progress:
            plan = plan_of(archive, episode, progress)
        sys.stdout.write("".join(render_plan(plan)))
        return
    target = folder / f"{episode.slug}.{WITHOUT.replace(' ', '-')}.mp3"
    if target.exists():
        raise ArchiveError(_("{path}: is there already; choose another name"), path=target)
    with unfinished(target) as part:
        with explained(target, REMEDY), progress_bar(_("Copy without music")) as progress:
            plan = write_copy(archive, episode, part, progress)
        keep(part, target)
    write_whole(target.with_suffix(".csv"), "".join(render_plan(plan)).encode())
    say(target)
    say(target.with_suffix(".csv"))
