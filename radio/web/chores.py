"""The chores of the site that answers this request, one at a time, whatever page began them."""

from flask import current_app, g, make_response, render_template
from werkzeug.wrappers import Response as AnyResponse

from radio.web.forms import asked_fields
from radio.work.chore import Chore, Chores


def chores() -> Chores:
    """Give the chores of this site."""
    found: Chores = current_app.extensions.setdefault("chores", Chores())
    return found


def busy() -> AnyResponse:
    """Say what the site is at, and keep what somebody asks for: one press asks for it again."""
    told = {"chore": chores().running(), "fields": asked_fields()}
    return make_response(render_template("desk_busy.html", **told), 409)


def look_at_chores() -> None:
    """Note how the last chore stands, before a page reads any file.

    Else one that ends meanwhile would be told as done, beside files as they were before.
    """
    g.chore = chores().latest()


def chore_seen(name: str) -> Chore | None:
    """Give the chore of that name as it stood when the page was asked for."""
    chore: Chore | None = g.chore
    return chore if chore and chore.name == name else None
