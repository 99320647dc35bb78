"""The page of the desk that says what goes on by itself, in the words of volunteers.

Keepers have it pause and go on, and have what failed be tried again at once.
"""

import shutil
from datetime import datetime

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from radio.archive import Archive, journal
from radio.archive.check import prove
from radio.archive.follows import Follow, read_follows
from radio.ingest.looks import Look, hasten, read_looks
from radio.system.errors import ArchiveError, BusyError
from radio.web.awaited import titles_of
from radio.web.chores import busy, chore_seen, chores
from radio.web.context import catalogue
from radio.web.gate import desk, keeper, rereader, who
from radio.work.condition import condition_of
from radio.work.status import is_running, read_status
from radio.work.tries import Orders, pause, try_again

NAMED = 5  # recordings that vanished
when = datetime.fromtimestamp


@desk.get("/status")
@rereader
def state() -> str:
    """Say what is being done, what is left, what failed and why, and how the disk is."""
    told = gettext("On regarde déjà ce qui est suivi\u00a0: réessayez dans un moment.")
    return _page(told if request.args.get("busy") else "")


def _page(fault: str) -> str:
    archive = catalogue().archive
    status, orders = read_status(archive), Orders(archive)
    keys = [each.key for each in (*status.troubles, status.current) if each]
    again = [None if orders.is_wished(each) else when(each.until) for each in status.troubles]
    return render_template(
        "desk_status.html",
        runs=is_running(archive),
        is_paused=orders.is_paused,
        status=status,
        troubles=list(zip(status.troubles, again, strict=True)),  # None: soon, as somebody asked
        titles=titles_of(archive, keys),
        follows=_follows(archive),
        named=NAMED,
        disk=shutil.disk_usage(archive.root),
        found=condition_of(archive),
        checking=chore_seen("check"),
        fault=fault,
    )


@desk.post("/status")
@keeper
def order() -> AnyResponse:
    """Have the work pause or go on, or something that failed be tried again at once."""
    archive, act = catalogue().archive, request.form.get("act", "")
    kind, key = request.form.get("kind", ""), request.form.get("key", "")
    is_busy = None
    try:
        if act in ("pause", "resume"):
            pause(archive, on=act == "pause")
            journal.note(archive.root, act, who=who())
        elif act == "check":
            if not chores().begin("check", lambda progress: prove(archive, progress)):
                return busy()
        elif act == "look":
            address = request.form.get("address", "")
            if read_follows(archive.root).of(address):
                hasten(archive, address)
        elif act == "again":
            every = read_status(archive).troubles
            meant = [each for each in every if not kind or (each.kind, each.key) == (kind, key)]
            try_again(archive, meant)
    except BusyError:
        is_busy = 1
    except ArchiveError as error:
        fault = gettext("Rien n’a été changé\u00a0: %(reason)s", reason=str(error))
        return make_response(_page(fault), 409)
    return redirect(url_for("desk.state", busy=is_busy, done=None if is_busy else act), 303)


def _follows(archive: Archive) -> list[tuple[Follow, Look, datetime | None]]:
    """Give what is followed, with its last look, and when that was; none where none is readable."""
    try:
        follows = read_follows(archive.root).follows
    except ArchiveError:
        return []
    looks = read_looks(archive)
    found = [(each, looks.get(each.address, Look())) for each in follows]
    return [(each, look, when(look.began) if look.began else None) for each, look in found]
