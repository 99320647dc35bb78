"""What the commands have in common that protect people."""

from collections.abc import Iterable

from radio.actions.following import catch_up
from radio.archive import Archive
from radio.cli.lines import tell, warn
from radio.cli.naming import find_episode
from radio.cli.terminal import counted, each_of
from radio.search import Index
from radio.system.messages import _


def find_keys(archive: Archive, keys: Iterable[str]) -> tuple[list[str], int]:
    """Find the episodes of some keys; one that is not there costs a line. Tell how many did."""
    found = dict[str, None]()
    failures = each_of(keys, lambda key: found.update({find_episode(archive, key).key: None}))
    return list(found), failures


def settle(archive: Archive, changed: int) -> None:
    """Let all that was made of the episodes follow at once, and say what was done."""
    catch_up(archive, Index(archive))
    tell_changed(changed)


def tell_left(paths: Iterable[str]) -> None:
    """Name the files in which what was taken away may still stand, for whoever can judge them."""
    told = _("{path}: no file of the program; what was taken away may stand in it: look, delete it")
    for path in paths:
        warn(told, path=path)


def tell_changed(changed: int, *, final: bool = False) -> None:
    """Say how many episodes changed, and whether that can be taken back."""
    told = _("{episodes} changed; `radio undo` takes it back") if changed else _("nothing changed")
    told = _("{episodes} changed, for ever") if changed and final else told
    tell(told, episodes=counted(changed, "episode", "episodes"))
