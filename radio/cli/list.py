"""List episodes, and how far they are transcribed."""

import datetime as dt
from collections.abc import Iterable

import click

from radio.archive import Archive
from radio.archive.episode import Episode
from radio.archive.slugs import slugify
from radio.archive.standing import form_of
from radio.cli.acting import read_as
from radio.cli.lines import say, tell, warn
from radio.cli.naming import find_episode, require_show
from radio.cli.terminal import as_json, duration, json_text, warn_away, with_archive
from radio.system.errors import RadioError
from radio.system.messages import _
from radio.text.captions import remark
from radio.text.transcript import clock
from radio.transcribe.checkpoint import headway
from radio.work.condition import away

UNREADABLE = _("a text that can’t be read: see `radio check`")
STATUSES = {
    "embargoed": _("embargoed"),
    "withdrawn": _("withdrawn"),
}


def _is_among(wanted: str | None, names: Iterable[str]) -> bool:
    """Whether a name is among others, however its letters are written; also where none is wanted.

    >>> _is_among("zoe durand", ["Zoé Durand"]), _is_among(None, []), _is_among("x", [])
    (True, True, False)
    """
    return wanted is None or slugify(wanted) in map(slugify, names)


@click.command("list")
@with_archive
@click.option("--show", metavar=_("SLUG"), help=_("Of this show only."))
@click.option("--guessed", is_flag=True, help=_("Those whose date nobody told, only."))
@click.option(
    "--since", metavar=_("DAY"), callback=read_as("day"), help=_("From this day on only.")
)
@click.option("--until", metavar=_("DAY"), callback=read_as("day"), help=_("Up to this day only."))
@click.option("--person", metavar=_("NAME"), help=_("With this person or by this collective only."))
@click.option("--tag", metavar=_("TAG"), help=_("With this tag only."))
@as_json
def command(
    archive: Archive,
    show: str | None,
    guessed: bool,
    since: dt.date | None,
    until: dt.date | None,
    person: str | None,
    tag: str | None,
    as_json: bool,
) -> None:
    """List the episodes, the newest first."""
    missing = {episode.key for episode in archive.require().missing()}
    warn_away(vanished := away(archive))
    if show is not None:
        require_show(archive, show)
    episodes = [
        each
        for each in archive.episodes(show)
        if each.is_guessed or not guessed
        if (since or each.date) <= each.date <= (until or each.date)
        if _is_among(person, each.names) and _is_among(tag, each.tags)
    ]
    if as_json:
        say(json_text([_row(archive, each, each.key not in missing) for each in episodes]))
        return
    if not episodes and not any((vanished, guessed, since, until, person, tag)):
        tell(_("no episode yet; `radio ingest` takes some"))
    for each in episodes:
        state = _state(archive, each) if each.key in missing else _text(archive, each)
        state = state if each.status == "published" else f"{STATUSES[each.status]}, {state}"
        state = _("date guessed, {state}").format(state=state) if each.is_guessed else state
        say(f"{each.key}  {clock(each.audio.duration)}  {state}  {each.title}")


def _row(archive: Archive, episode: Episode, transcribed: bool) -> dict[str, object]:
    return {
        "key": episode.key,
        "title": episode.title,
        "date": episode.date.isoformat(),
        "date_sure": episode.date_sure,
        "date_precision": episode.date_precision,
        "status": episode.status,
        "duration": episode.audio.duration,
        "transcribed": transcribed,
        "readable": not transcribed or _text(archive, episode) != UNREADABLE,
    }


def _text(archive: Archive, episode: Episode) -> str:
    """Say that there is a text; where it is written in another form, what to do about it."""
    try:
        form = form_of(archive, episode.key)
    except RadioError:
        return UNREADABLE
    if not form:
        return _("transcribed")
    warn(remark(form, archive.vtt_path(episode.key)))
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


@click.command("show")
@with_archive
@click.argument("key", metavar=_("KEY"))
def show(archive: Archive, key: str) -> None:
    """Print the sidecar of an episode."""
    find_episode(archive.require(), key)
    say(archive.sidecar_path(key).read_text(encoding="utf-8").rstrip("\n"))
