"""List episodes, and how far they are transcribed."""

import click

from radio.archive import Archive
from radio.cli.naming import require_show
from radio.cli.terminal import as_json, duration, json_text, with_archive
from radio.episode import Episode
from radio.errors import RadioError
from radio.messages import _
from radio.standing import form_of
from radio.transcribe.checkpoint import headway
from radio.transcript import clock, remark

UNREADABLE = _("a text that can’t be read: see `radio check`")
STATUSES = {"embargoed": _("embargoed"), "withdrawn": _("withdrawn")}


@click.command("list")
@with_archive
@click.option("--show", metavar=_("SLUG"), help=_("Of this show only."))
@click.option("--guessed", is_flag=True, help=_("Those whose date nobody told, only."))
@as_json
def command(archive: Archive, show: str | None, guessed: bool, as_json: bool) -> None:
    """List the episodes, the newest first."""
    missing = {episode.key for episode in archive.require().missing()}
    if show is not None:
        require_show(archive, show)
    episodes = [each for each in archive.episodes(show) if each.is_guessed or not guessed]
    if as_json:
        rows = [
            {
                "key": e.key,
                "title": e.title,
                "date": e.date.isoformat(),
                "date_from": e.date_from,
                "date_precision": e.date_precision,
                "status": e.status,
                "duration": e.audio.duration,
                "transcribed": e.key not in missing,
                "readable": e.key in missing or _text(archive, e) != UNREADABLE,
            }
            for e in episodes
        ]
        click.echo(json_text(rows))
        return
    if not episodes and not guessed:
        click.echo(_("no episode yet; `radio ingest` takes some"), err=True)
    for each in episodes:
        state = _state(archive, each) if each.key in missing else _text(archive, each)
        state = state if each.status == "published" else f"{STATUSES[each.status]}, {state}"
        state = _("date guessed, {state}").format(state=state) if each.is_guessed else state
        click.echo(f"{each.key}  {clock(each.audio.duration)}  {state}  {each.title}")


def _text(archive: Archive, episode: Episode) -> str:
    """Say that there is a text; where it is written in another form, what to do about it."""
    try:
        form = form_of(archive, episode.key)
    except RadioError:
        return UNREADABLE
    if not form:
        return _("transcribed")
    click.echo(f"radio: {remark(form, archive.vtt_path(episode.key))}", err=True)
    return _("transcribed ({form})").format(form=form)


def _state(archive: Archive, episode: Episode) -> str:
    length = episode.audio.duration
    progress = headway(archive, episode.key, length)
    if progress is None:
        return _("to transcribe")
    remainder = (
        ""
        if progress.remaining is None
        else _(", {left} left").format(left=duration(progress.remaining))
    )
    return _("{share:.0%} transcribed{left}").format(share=progress.share(length), left=remainder)
