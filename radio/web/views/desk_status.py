"""The page of the desk on what goes on by itself. Keepers pause it, or try failures again."""

import contextlib
import math
import shutil
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from flask import current_app, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from radio.archive import Archive, journal
from radio.archive.check import prove
from radio.archive.follows import Follow, read_follows
from radio.audit.outside import Diagnosis
from radio.ingest import inbox
from radio.ingest.looks import Look, hasten, read_looks
from radio.system.errors import ArchiveError, BusyError
from radio.system.messages import _
from radio.web.context import catalogue
from radio.web.desk_pages import chore_seen, desk_page, start, titles_of, unchanged
from radio.web.gate import keeper, rereader, visit, who
from radio.web.views.desk_waiting import awaited
from radio.work.condition import condition_of
from radio.work.doctor import INSIDE, OUTSIDE, Examination, examine
from radio.work.status import is_running, read_status
from radio.work.tries import ORDERS, pause, try_again

NAMED = 5  # recordings that vanished
PATIENCE = 5.0  # seconds for a look at the machine, while somebody waits for the page
when = datetime.fromtimestamp


@rereader.get("/status")
def state(fault: str = "") -> AnyResponse:
    """Say what is being done, what is left, what failed and why, and how the disk is."""
    archive, follows = catalogue().archive, list[tuple[Follow, Look, datetime | None]]()
    if request.args.get("busy"):
        fault = gettext("Une consultation est déjà en cours\u00a0: réessayez dans un moment.")
    status, looks = read_status(archive), read_looks(archive)
    orders, outside = ORDERS.recall(archive.root), chore_seen("outside")
    is_keeper = visit().account.role == "keeper"
    keys = [each.key for each in (*status.troubles, status.current) if each]
    again = [None if orders.has_wish(each) else when(each.until) for each in status.troubles]
    with contextlib.suppress(ArchiveError):
        for each in read_follows(archive.root).follows:
            look = looks.get(each.address, Look())
            follows.append((each, look, when(look.began) if look.began else None))
    return desk_page(
        "desk_status.html",
        runs=is_running(archive),
        is_paused=orders.is_paused,
        status=status,
        troubles=list(zip(status.troubles, again, strict=True)),  # None: soon, as somebody asked
        titles=titles_of(archive, keys),
        follows=follows,
        named=NAMED,
        disk=shutil.disk_usage(archive.root),
        found=condition_of(archive, archive.episodes()),
        waits=[each for each in awaited(visit().account) if each[0].kind.page[:5] == "state"],
        refused={**inbox.refused(archive), **inbox.left(archive)},
        checking=chore_seen("check"),
        rebuilding=chore_seen("rebuild"),
        machine=_told(_examined(INSIDE, *_places())) if is_keeper else [],
        outside=outside,
        seen_outside=_told(outside.found if outside else None),
        fault=fault,
        code=409 if request.method == "POST" else 200,
    )


@keeper.post("/status")
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
            return start(act, partial(prove, archive), url_for("desk.state", done=act))
        elif act == "rebuild":
            make = partial(catalogue().index.refresh, rebuild=True)
            return start(
                act, lambda progress: make(progress=progress), url_for("desk.state", done=act)
            )
        elif act == "outside":
            own = partial(_examined, OUTSIDE, *_places())
            return start(act, lambda _progress: own(), url_for("desk.state", done=act))
        elif act == "look":
            if read_follows(archive.root).of(address := request.form.get("address", "")):
                hasten(archive, address)
        elif act == "again":
            every = read_status(archive).troubles
            meant = [each for each in every if not kind or (each.kind, each.key) == (kind, key)]
            try_again(archive, meant)
    except BusyError:
        is_busy = 1
    except ArchiveError as error:
        return state(unchanged(error))
    return redirect(url_for("desk.state", busy=is_busy, done=None if is_busy else act), 303)


def _places() -> tuple[Archive, str, int]:
    """Give the archive, the address of its site, and the port at which this answer is given."""
    port = int(request.environ.get("SERVER_PORT", 0))
    return catalogue().archive, current_app.config["BASE_URL"], port


def _examined(
    rows: Sequence[Examination], archive: Archive, base_url: str, port: int
) -> list[tuple[Examination, Diagnosis]]:
    """Look at the machine, as far as the site may."""
    most = PATIENCE if rows is INSIDE else math.inf
    return list(examine(archive, base_url, port, rows, is_deep=False, most=most))


def _told(found: object) -> list[tuple[str, str, str]]:
    """Give what was looked at, what was seen and how that is, the worst first; not what to do about
    it, which takes a terminal."""
    rows = found if isinstance(found, list) else []
    told = [(_(row.subject), each.seen.replace("\n", ", "), each.verdict) for row, each in rows]
    return sorted(told, key=lambda each: each[2], reverse=True)
