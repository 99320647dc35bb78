"""A copy of an episode without its music."""

import sys
from pathlib import Path

import click

from radio.archive import Archive
from radio.cli.lines import say
from radio.cli.naming import find_episode
from radio.cli.terminal import progress_bar, with_archive
from radio.kit.music_free import REMEDY, WITHOUT, plan_of, render_plan, write_copy
from radio.system.disk import explained, keep, unfinished, write_whole
from radio.system.errors import ArchiveError
from radio.system.messages import _


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
        raise ArchiveError(_("{path}: is there already; choose another name").format(path=target))
    with unfinished(target) as part:
        with explained(target, REMEDY), progress_bar(_("Copy without music")) as progress:
            plan = write_copy(archive, episode, part, progress)
        keep(part, target)
    write_whole(target.with_suffix(".csv"), "".join(render_plan(plan)).encode())
    say(target)
    say(target.with_suffix(".csv"))
