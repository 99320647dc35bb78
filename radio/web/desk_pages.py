"""What the pages of the desk share: how one is shown, and what it starts. A change stands even if
the search can't follow it at once: `radio.work.upkeep` repairs that."""

import contextlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from flask import current_app, g, make_response, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from radio.actions.action import catch_up
from radio.archive import Archive
from radio.system.errors import RadioError, warned
from radio.system.progress import Progress
from radio.web.context import catalogue
from radio.work.chore import Chore, Chores


def desk_page(template: str, *, fault: str = "", code: int = 409, **context: Any) -> AnyResponse:
    """Show a page of the desk; where something is wrong, it says so and answers with `code`."""
    return make_response(render_template(template, fault=fault, **context), code if fault else 200)


def unchanged(reason: object) -> str:
    """Say that nothing was changed, and why."""
    return str(gettext("Rien n’a été changé\u00a0: %(reason)s", reason=str(reason)))


def paged(found: Sequence[Any], most: int) -> dict[str, Any]:
    """Give a page of a long list, by the number in its address, and its place."""
    pages = max(1, -(-len(found) // most))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    here = found[(page - 1) * most : page * most]
    return {"here": here, "total": len(found), "page": page, "pages": pages}


def titles_of(archive: Archive, keys: Iterable[str]) -> dict[str, str]:
    """Give the titles of the episodes that are there, by key."""
    found = {}
    for key in {each for each in keys if "/" in each}:
        with contextlib.suppress(RadioError):
            found[key] = archive.episode(key).title
    return found


def chores() -> Chores:
    """Give the chores of this site."""
    found: Chores = current_app.extensions.setdefault("chores", Chores())
    return found


def not_done(code: int, why: str, *, is_kept: bool = False, **context: Any) -> AnyResponse:
    """Say why nothing was done; if it `is_kept`, what was asked for can be asked again."""
    every = request.form.items(multi=True) if is_kept else ()
    fields = [(name, text) for name, text in every if name != "token"]
    page = render_template("desk_not_done.html", why=why, fields=fields, **context)
    return make_response(page, code)


def busy() -> AnyResponse:
    """Say what the site is busy with, and keep the request: one press asks for it again."""
    return not_done(409, "busy", is_kept=True, chore=chores().running())


def start(name: str, act: Callable[[Progress], object], page: str) -> AnyResponse:
    """Begin a chore, and lead to the page that tells of it; or say what the site is busy with."""
    return redirect(page, 303) if chores().begin(name, act) else busy()


def look_at_chores() -> None:
    """Note the last chore before files are read: if it ends later, old files would seem new."""
    g.chore = chores().latest()


def chore_seen(name: str) -> Chore | None:
    """Give the chore of that name as it stood when the page was asked for."""
    chore: Chore | None = g.chore
    return chore if chore and chore.name == name else None


def settle() -> None:
    """Let the search follow, and what was made of episodes that listeners may have no longer."""
    with warned():
        catch_up(catalogue().archive, catalogue().index)


def follow() -> None:
    """Let the search follow where words alone have changed."""
    with warned():
        catalogue().index.refresh()
