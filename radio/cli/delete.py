"""Delete episodes and shows, and empty the trash."""

import sys

import click

from radio.actions.action import Input
from radio.actions.deletion import FIELDS, delete_episode, delete_show, empty_trash, trash_size
from radio.actions.following import catch_up
from radio.actions.forgetting import forget_episode
from radio.archive import Archive
from radio.cli.acting import YES, asking
from radio.cli.lines import say, tell
from radio.cli.naming import find_episode, require_show
from radio.cli.protection import tell_left
from radio.cli.terminal import confirm, counted, each_of, with_archive
from radio.search import Index
from radio.system.messages import _


@click.command("delete")
@with_archive
@click.argument("keys", nargs=-1, metavar=_("KEY…"))
@asking(
    *FIELDS,
    Input("empty", "switch", option="empty-trash", help=_("Remove for ever what was deleted.")),
    YES,
)
def command(
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
    archive.require()
    if empty == bool(keys):
        raise click.UsageError(_("name what to delete, or --empty-trash"))
    if empty:
        _empty(archive, sure)
        return
    if fate == "forget":
        _forget(archive, keys, sure)
        return

    deleted = list[str]()

    def delete(key: str) -> None:
        if "/" in key:
            say(delete_episode(archive, find_episode(archive, key).key, reason, note=note).line)
        else:
            _delete_show(archive, require_show(archive, key), reason, sure, note)
        deleted.append(key)

    failures = each_of(keys, delete)
    catch_up(archive, Index(archive))
    if deleted:
        tell("radio: " + _("in the trash; `radio undo` brings it back"))
    sys.exit(1 if failures else 0)


def _delete_show(archive: Archive, show: str, reason: str, sure: bool, note: str) -> None:
    number = len(archive.episodes(show))
    asked = _("Delete the show {show} with {episodes}?")
    episodes = counted(number, "episode", "episodes")
    if number and not sure:
        confirm(asked.format(show=show, episodes=episodes))
    say(delete_show(archive, show, reason, note=note).line)


def _forget(archive: Archive, keys: tuple[str, ...], sure: bool) -> None:
    """Purge episodes, files and history, search and all that was made of them."""
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
    number, size = trash_size(archive)
    files = counted(number, "file", "files")
    if number and not sure:
        asked = _("Remove {files} ({size:.1f} MB) for ever?").format(files=files, size=size / 1e6)
        confirm(asked)
    empty_trash(archive)
    tell(_("{files} removed"), files=files)
