"""The chores of the site that answers this request."""

from flask import current_app

from radio.work.chore import Chores


def chores() -> Chores:
    """Give the chores of this site, one at a time, whatever page began them."""
    found: Chores = current_app.extensions.setdefault("chores", Chores())
    return found
