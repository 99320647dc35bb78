"""What the desk sets going: what follows a change at once, and acts that take minutes.

These are done one at a time, whatever page began them. What can't follow at once costs a warning:
the change itself is done, and the site follows its files by itself (`radio.work.upkeep`).
"""

import logging

from flask import current_app, g, make_response, render_template
from werkzeug.wrappers import Response as AnyResponse

from radio.actions.action import catch_up
from radio.system.errors import RadioError
from radio.web.context import catalogue
from radio.web.forms import asked_fields
from radio.work.chore import Chore, Chores

log = logging.getLogger(__name__)


def chores() -> Chores:
    """Give the chores of this site."""
    found: Chores = current_app.extensions.setdefault("chores", Chores())
    return found


def busy() -> AnyResponse:
    """Say what the site is at, and keep what somebody asks for: one press asks for it again."""
    told = {"why": "busy", "chore": chores().running(), "fields": asked_fields()}
    return make_response(render_template("desk_not_done.html", **told), 409)


def look_at_chores() -> None:
    """Note how the last chore stands, before a page reads any file.

    Else one that ends meanwhile would be told as done, beside files as they were before.
    """
    g.chore = chores().latest()


def chore_seen(name: str) -> Chore | None:
    """Give the chore of that name as it stood when the page was asked for."""
    chore: Chore | None = g.chore
    return chore if chore and chore.name == name else None


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
