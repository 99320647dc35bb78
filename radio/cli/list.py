"""List episodes, and how far they are transcribed."""

import click

from radio.archive import Archive
from radio.cli.terminal import as_json, duration, json_text, with_archive
from radio.episode import Episode
from radio.transcribe.checkpoint import headway
from radio.transcript import clock


@click.command("list")
@with_archive
@click.option("--show", metavar="SLUG", help="Of this show only.")
@as_json
def command(archive: Archive, show: str | None, as_json: bool) -> None:
    """List the episodes, the newest first."""
    missing = {episode.key for episode in archive.require().missing()}
    episodes = archive.episodes(show)
    if as_json:
        rows = [
            {
                "key": e.key,
                "title": e.title,
                "date": e.date.isoformat(),
                "status": e.status,
                "duration": e.audio.duration,
                "transcribed": e.key not in missing,
            }
            for e in episodes
        ]
        click.echo(json_text(rows))
        return
    for each in episodes:
        state = _state(archive, each) if each.key in missing else "transcribed"
        state = state if each.status == "published" else f"{each.status}, {state}"
        click.echo(f"{each.key}  {clock(each.audio.duration)}  {state}  {each.title}")


def _state(archive: Archive, episode: Episode) -> str:
    length = episode.audio.duration
    done = headway(archive, episode.key, length)
    if done is None:
        return "to transcribe"
    left = "" if done.left is None else f", {duration(done.left)} left"
    return f"{done.share(length):.0%} transcribed{left}"
