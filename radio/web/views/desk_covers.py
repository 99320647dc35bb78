"""What the desk does with pictures: an episode or a show gets one, loses it, or has one of two."""

import datetime as dt
from pathlib import Path

from flask import Response, redirect, request
from flask_babel import gettext
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from radio.actions.covering import LARGEST as TRASHED
from radio.actions.covering import former, give_cover, present, print_of, put_back
from radio.actions.editing import current, edits_of
from radio.archive import history
from radio.archive.episode import PICTURES, Episode, Show
from radio.archive.history import Act
from radio.system.disk import read_bytes
from radio.system.errors import ArchiveError, ReaderError
from radio.web.context import catalogue
from radio.web.desk_pages import desk_page, unchanged
from radio.web.forms import parts
from radio.web.gate import keeper, who
from radio.web.views.desk_fields import done, here, page

LARGEST = 10 << 20  # bytes of a picture
HEADS = 64 << 10  # bytes of the form around it


def _too_heavy(show: str, slug: str = "") -> AnyResponse:
    fault = gettext(
        "Cette image pèse plus de %(most)s. Rien n’a été changé\u00a0: "
        "enregistrez-la plus petite, ou en JPEG, puis choisissez-la de nouveau.",
        most="10\u00a0Mo",
    )
    return page(current(catalogue().archive, f"{show}/{slug}" if slug else show), fault=fault)


@keeper.post(
    "/cover/<show>", "/cover/<show>/<slug>", most=LARGEST + HEADS, tells=_too_heavy, streamed=True
)
def cover(show: str, slug: str = "") -> AnyResponse:
    """Give an episode or a show a picture, or take it away."""
    archive, content, fields = catalogue().archive, b"", dict[str, str]()
    archive.show(show)
    key = f"{show}/{slug}" if slug else show
    item = current(archive, key)
    for part in parts(request.headers.get("Content-Type", ""), request.stream):
        if part.name == "picture":
            content = b"".join(part.content)
        else:
            fields[part.name] = part.text()
    seen = fields.get("cover", "")
    try:
        is_taken = fields.get("act") == "take"
        give_cover(archive, key, None if is_taken else content, seen, who())
    except ReaderError:
        fault = gettext("Ce fichier n’est pas une image JPEG, PNG ou WebP lisible.")
        return page(item, fault=fault, code=422)
    except ArchiveError as error:
        return page(current(archive, key), fault=unchanged(error))
    return done(item, "covered")


@keeper.form("/covers/<act>")
def two_covers(act: str) -> AnyResponse:
    """Show the picture of before an act beside the one of now, and keep the chosen one."""
    archive, (item, found), fault, code = catalogue().archive, _undoable(act), "", 409
    choice = request.form.get("take", "")
    if choice == "theirs":
        return redirect(here(item, kept=1), 303)
    if choice == "mine":
        try:
            put_back(archive, found, request.form.get("seen", ""), who())
            return done(item, "covered")
        except ArchiveError as error:
            fault = unchanged(error)
    elif request.method == "POST":
        fault, code = gettext("Choisissez l’une des deux images."), 422
    return desk_page(
        "desk_two_covers.html",
        item=item,
        here=here(item),
        act=found,
        before=_facts(former(archive, found)),
        now=_facts(present(archive, item)),
        seen=print_of(archive, item),
        fault=fault,
        code=code,
    )


@keeper.get("/covers/<act>/former")
def former_cover(act: str) -> AnyResponse:
    """Give the picture of before an act, which is in the trash."""
    path = former(catalogue().archive, _undoable(act)[1])
    if path is None:
        raise NotFound
    return Response(read_bytes(path, TRASHED), mimetype=PICTURES[path.suffix])


def _undoable(name: str) -> tuple[Episode | Show, Act]:
    """Find an act that still holds and gave something a picture, or took it away."""
    archive = catalogue().archive
    acts = (each for each in history.acts(archive.root) if each.name == name)
    act = next((each for each in acts if (each.what, each.state) == ("cover", "done")), None)
    for each in edits_of(act) if act else ():
        item = current(archive, each.key)
        if act and isinstance(item, Episode | Show):
            return item, act
    raise NotFound


def _facts(path: Path | None) -> tuple[str, int] | None:
    if path is None:
        return None
    status = path.stat()
    day = dt.datetime.fromtimestamp(status.st_mtime, dt.UTC).astimezone().date()
    return day.isoformat(), status.st_size
