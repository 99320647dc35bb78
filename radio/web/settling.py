"""What follows at once when somebody at the desk has changed something: search, and what was made.

What can't follow now costs a warning: the change itself is done, and the site follows its files by
itself (`radio.work.upkeep`).
"""

import logging

from radio.actions.following import catch_up
from radio.system.errors import RadioError
from radio.web.context import catalogue

log = logging.getLogger(__name__)


def settle() -> None:
    """Let the search follow, and what was made of episodes that listeners may have no longer."""
    try:
        catch_up(catalogue().archive, catalogue().index)
    except RadioError as error:
        log.warning("%s", error)


def follow() -> None:
    """Let the search follow where words alone have changed."""
    try:
        catalogue().index.refresh()
    except RadioError as error:
        log.warning("%s", error)
