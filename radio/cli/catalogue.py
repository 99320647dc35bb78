"""The catalogue: list and show episodes, move, rename and delete them, take back what was done."""

import datetime as dt
import sys
from collections.abc import Iterable

import click

from radio.actions import deletion
from radio.actions.action import Input, catch_up
from radio.actions.forgetting import forget_episode
from radio.actions.renaming import move_episode, rename_episode, rename_show
from radio.actions.undoing import undo, undo_field
from radio.archive import Archive, history, journal
from radio.archive.episode import Episode
from radio.archive.slugs import slugify
from radio.archive.standing import form_of
from radio.cli.acting import YES, asking, read_as, tell_left
from radio.cli.lines import say, tell, warn
from radio.cli.naming import find_episode, require_show
from radio.cli.terminal import (
    as_json,
    confirm,
    counted,
    duration,
    each_of,
    flag,
    option,
    say_json,
    warn_away,
    with_archive,
    with_folder,
)
from radio.search import Index
from radio.system.errors import RadioError
from radio.system.messages import _
from radio.text.transcript import clock, remark
from radio.transcribe.versions import headway
from radio.work.condition import away

UNREADABLE = _("a text that can’t be read: see `radio check`")
STATUSES = {"embargoed": _("embargoed"), "withdrawn": _("withdrawn")}
STATES = {"done": "", "undone": _(" (undone)"), "emptied": _(" (its trash was emptied)")}
ACTS = {
    "rename": _("the rename of"),
    "move": _("the move of"),
    "delete": _("the deletion of"),
    "edit": _("the change of"),
    "import": _("the import of"),
    "merge": _("the merge of"),
    "withdraw": _("the withdrawal of"),
    "embargo": _("the embargo of"),
    "publish": _("the publication of"),
    "noindex": _("what search engines are told of"),
    "pseudonym": _("the pseudonym in"),
    "reply": _("the reply to"),
    "mend": _("the mending of"),
    "replace": _("the replaced recording of"),
    "cover": _("the picture of"),
    "voices": _("the names of the voices of"),
}


def _is_among(wanted: str | None, names: Iterable[str]) -> bool:
    """Whether a name is among others, however its letters are written; also where none is wanted.

    >>> _is_among("zoe durand", ["Zoé Durand"]), _is_among(None, []), _is_among("x", [])
    (True, True, False)
    """
    return wanted is None or slugify(wanted) in map(slugify, names)


@click.command("list")
@with_archive
@option("--show", _("Of this show only."), _("SLUG"))
@flag("--guessed", _("Those whose date nobody told, only."))
@option("--since", _("From this day on only."), _("DAY"), callback=read_as("day"))
@option("--until", _("Up to this day only."), _("DAY"), callback=read_as("day"))
@option("--person", _("With this person or by this collective only."), _("NAME"))
@option("--tag", _("With this tag only."), _("TAG"))
@as_json
def list_episodes(
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
    missing = {episode.key for episode in archive.missing()}
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
        say_json([_row(archive, each, each.key not in missing) for each in episodes])
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
    left = ""
    if progress.remaining is not None:
        left = _(", {left} left").format(left=duration(progress.remaining))
    return _("{share:.0%} transcribed{left}").format(share=progress.share(length), left=left)


@click.command("show")
@with_archive
@click.argument("key", metavar=_("KEY"))
def show(archive: Archive, key: str) -> None:
    """Print the sidecar of an episode."""
    find_episode(archive, key)
    say(archive.sidecar_path(key).read_text(encoding="utf-8").rstrip("\n"))


@click.command("move")
@with_archive
@click.argument("keys", nargs=-1, required=True, metavar=_("KEY…"))
@click.argument("show", metavar=_("SHOW"))
@flag("--rename", _("Give one episode or show another name: KEY, then NAME."))
def move(archive: Archive, keys: tuple[str, ...], show: str, rename: bool) -> None:
    """Move episodes to another show, or rename an episode or a show; old addresses lead there.

    A new name is a title, or the end of the address. Nothing is transcribed again. `radio undo`
    takes it back, one episode after the other.
    """
    if rename and len(keys) > 1:
        raise click.UsageError(_("--rename takes one KEY, and a NAME"))
    failures = 0
    if not rename:
        require_show(archive, show)
        failures = each_of(
            keys, lambda key: say(move_episode(archive, find_episode(archive, key).key, show).key)
        )
    elif "/" in keys[0]:
        say(rename_episode(archive, find_episode(archive, keys[0]).key, show).key)
    else:
        say(rename_show(archive, require_show(archive, keys[0]), show).slug)
    Index(archive).refresh()
    sys.exit(1 if failures else 0)


@click.command("delete")
@with_archive
@click.argument("keys", nargs=-1, metavar=_("KEY…"))
@asking(
    *deletion.FIELDS,
    Input("empty", "switch", option="empty-trash", help=_("Remove for ever what was deleted.")),
    YES,
)
def delete(
    archive: Archive,
    keys: tuple[str, ...],
    reason: str,
    fate: str,
    empty: bool,
    sure: bool,
    note: str,
) -> None:
    """Delete episodes (SHOW/EPISODE) or shows: their files go to the folder `trash`.

    Their addresses say that they are gone, and why. `radio undo` brings them back, until the trash
    is emptied. `radio protect withdraw` hides an episode without deleting it.
    """
    if empty == bool(keys):
        raise click.UsageError(_("name what to delete, or --empty-trash"))
    if empty:
        _empty(archive, sure)
        return
    if fate == "forget":
        _forget(archive, keys, sure)
        return

    def delete_one(key: str) -> None:
        if "/" in key:
            key = find_episode(archive, key).key
            say(deletion.delete_episode(archive, key, reason, note=note).line)
            return
        number = len(archive.episodes(require_show(archive, key)))
        if number and not sure:
            asked = _("Delete the show {show} with {episodes}?")
            confirm(asked.format(show=key, episodes=counted(number, "episode", "episodes")))
        say(deletion.delete_show(archive, key, reason, note=note).line)

    failures = each_of(keys, delete_one)
    catch_up(archive, Index(archive))
    if failures < len(keys):
        warn(_("in the trash; `radio undo` brings it back"))
    sys.exit(1 if failures else 0)


def _forget(archive: Archive, keys: tuple[str, ...], sure: bool) -> None:
    if alone := [key for key in keys if "/" not in key]:
        told = _("{show}: not an episode; --forget takes one at a time, as SHOW/EPISODE")
        raise click.UsageError(told.format(show=alone[0]))
    if not sure:
        confirm(_("Forget {keys} for ever, without a trace?").format(keys=", ".join(keys)))

    left = dict[str, None]()
    failures = each_of(keys, lambda key: left.update(dict.fromkeys(forget_episode(archive, key))))
    catch_up(archive, Index(archive), accept=True)
    tell_left(left)
    sys.exit(1 if failures else 0)


def _empty(archive: Archive, sure: bool) -> None:
    number, size = deletion.trash_size(archive)
    files = counted(number, "file", "files")
    if number and not sure:
        asked = _("Remove {files} ({size:.1f} MB) for ever?")
        confirm(asked.format(files=files, size=size / 1e6))
    deletion.empty_trash(archive)
    tell(_("{files} removed"), files=files)


@click.command("undo")
@with_folder
@click.argument("name", required=False, default="", metavar=_("[ACT]"))
@option(
    "--field",
    _("Take back one field of one episode or show, and nothing else."),
    _("KEY FIELD"),
    nargs=2,
)
@flag("--list", _("List what was done, the newest first."), "listing")
@as_json
def take_back(
    archive: Archive, name: str, field: tuple[str, str] | None, listing: bool, as_json: bool
) -> None:
    """Take back the last rename, move, delete or edit; or another, by its name in the list.

    What changed since is not overwritten: then nothing is undone.
    """
    if listing:
        _list_acts(history.acts(archive.require().root), as_json)
        return
    archive.finished()  # what was cut short may be the last act
    undone = undo_field(archive, *field, name) if field else undo(archive, name)
    catch_up(archive, Index(archive))
    if undone:
        tell(_("undone: {what} {told}"), what=ACTS[undone.what], told=undone.line)


def _list_acts(acts: list[history.Act], as_json: bool) -> None:
    if as_json:
        names = ("name", "when", "what", "state")
        say_json(
            [{name: getattr(act, name) for name in names} | {"told": act.line} for act in acts]
        )
    for act in () if as_json else acts:
        say(f"{act.name}  {_moment(act.when)}  {act.line}{STATES[act.state]}")


@click.command("journal")
@with_archive
@click.argument("key", required=False, default="", metavar=_("[KEY]"))
@as_json
def log(archive: Archive, key: str, as_json: bool) -> None:
    """Tell who did what and why, the newest first; of one episode, by its key.

    The journal is private: it lies in `desk/`, which no page, export, bag or mirror has.
    """
    found = [each for each in journal.entries(archive.root) if key in ("", each.key)]
    if as_json:
        names = ("when", "who", "what", "key", "note")
        say_json([{n: getattr(each, n) for n in names} | {"told": each.line} for each in found])
    for each in () if as_json else found:
        parts = (_moment(each.when), each.who, each.what, each.key, each.line, each.note)
        say("  ".join(" ".join(part.split()) for part in parts if part))


def _moment(when: str) -> str:
    """Write a moment in the hours of this place; as it stands there where it is none."""
    try:
        return f"{dt.datetime.fromisoformat(when).astimezone():%Y-%m-%d %H:%M}"
    except ValueError:
        return when
