"""The page of the desk where keepers send recordings, and say what becomes of them."""

import hashlib
from collections.abc import Mapping

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from radio.actions.admission import admit
from radio.archive import Archive
from radio.ingest import uploads
from radio.ingest.plan import TAKE
from radio.ingest.uploads import Refusal, SentFile
from radio.proposals.twins.arrivals import listen_to_sent, remove_copies
from radio.system.errors import ArchiveError, NotFoundError, RadioError
from radio.web import planning
from radio.web.awaited import titles_of
from radio.web.chores import busy, chore_seen, chores
from radio.web.context import catalogue
from radio.web.forms import parts
from radio.web.gate import desk, keeper, streamed, takes, visit
from radio.web.language import weight
from radio.web.listening import BODY
from radio.web.planning import Waiting

CHORE, HEARING = "uploads", "uploads-heard"
PIECE = 4 << 20  # bytes that a browser sends at once
FORM = BODY - (1 << 20)  # bytes of a form with its files, which is told where it is too heavy
PLAN = 256 << 10  # bytes

Json = tuple[dict[str, object], int]


@desk.get("/uploads")
@keeper
def sent() -> str:
    """Show what comes in, and what is here to be taken."""
    return _page()


@desk.post("/uploads")
@keeper
@takes(FORM, lambda: _page(fault=_too_heavy()))
@streamed
def send() -> AnyResponse:
    """Keep the files of a form, of a browser without scripts."""
    show, faults, number = "", list[str](), 0
    for part in parts(request.headers.get("Content-Type", ""), request.stream):
        if part.name == "show":
            show = part.text()
        if part.name != "file" or not part.file:
            continue
        try:
            kept = uploads.store(_archive(), part.file, show, visit().account.name, part.content)
            number += isinstance(kept, SentFile)
            if not isinstance(kept, SentFile):
                faults.append(f"{part.file[: planning.LONGEST]}\u00a0: {_told(kept)}")
        except RadioError as error:
            faults.append(f"{part.file[: planning.LONGEST]}\u00a0: {error}")
    if not number and not faults:
        faults.append(gettext("Choisissez des fichiers."))
    if faults:
        return make_response(_page(fault=" ".join(faults)), 422)
    return redirect(url_for("desk.sent", here=number), 303)


@desk.post("/uploads/begin")
@keeper
def begin() -> Json:
    """Begin with a file, or tell how much of it is here."""
    size, changed = (request.form.get(each, 0.0, type=float) for each in ("size", "changed"))
    name, show = (request.form.get(each, "") for each in ("name", "show"))
    size = size if 0 <= size <= 2 * uploads.LARGEST else 2 * uploads.LARGEST
    changed = changed if 0 < changed < 1e11 else 0.0
    try:
        found = uploads.begin(_archive(), name, int(size), changed, show, visit().account.name)
    except ArchiveError as error:
        return {"fault": str(error)}, 422
    if not isinstance(found, SentFile):
        return {"fault": _told(found)}, 422
    return _state(found, uploads.received(_archive(), found)), 200


@desk.post("/uploads/<name>/piece")
@keeper
@takes(PIECE + 1, tells=lambda name: {"fault": _told("large"), "name": name})
@streamed
def piece(name: str) -> Json:
    """Take a piece of a file; one that was changed on its way is left out."""
    content, told = request.get_data(), request.args.get("sha256", "")
    try:
        found = uploads.find(_archive(), name)
        if told and hashlib.sha256(content).hexdigest() != told:
            return _state(found, uploads.received(_archive(), found)), 409
        here = uploads.add(_archive(), found, request.args.get("from", -1, type=int), content)
        if here == found.size:
            found = uploads.finish(_archive(), found)
    except NotFoundError:
        return {"fault": gettext("Quelqu’un a ôté ce fichier.")}, 404
    except RadioError as error:
        return {"fault": str(error)}, 422
    return _state(found, here), 200


@desk.post("/uploads/<name>/remove")
@keeper
def remove(name: str) -> AnyResponse:
    """Take a file away that is not to become an episode."""
    if not chores().is_running(CHORE):
        remove_copies(_archive(), [uploads.find(_archive(), name)])
    return redirect(url_for("desk.sent"), 303)


@desk.post("/uploads/take")
@keeper
@takes(PLAN)
def take() -> AnyResponse:
    """Make episodes of what is ticked, as the form corrects it."""
    archive, index, who = _archive(), catalogue().index, visit().account.name
    typed = planning.read(archive, [each for each in uploads.uploads(archive) if each.row])
    wrong = any(each.fault for each in typed.values())
    chosen = [each.candidate for each in typed.values() if each.candidate]
    if wrong or not chosen:
        fault = gettext("Rien n’est entré\u00a0: une ligne ne va pas.") if wrong else ""
        fault = fault or gettext("Choisissez au moins un enregistrement.")
        return make_response(_page(typed, fault), 422)
    if not chores().begin(CHORE, lambda progress: admit(archive, index, chosen, who, progress)):
        return busy()
    return redirect(url_for("desk.sent"), 303)


@desk.post("/uploads/hear")
@keeper
def hear() -> AnyResponse:
    """Listen to what waits, to tell what of it sounds like an episode."""
    archive = _archive()
    if not chores().begin(HEARING, lambda progress: listen_to_sent(archive, progress)):
        return busy()
    return redirect(url_for("desk.sent"), 303)


def _page(typed: Mapping[str, Waiting] | None = None, fault: str = "") -> str:
    archive = _archive()
    every, shows = uploads.uploads(archive), archive.shows()
    rows = [each.row for each in every if each.row]
    sent = {each.row.file: each.name for each in every if each.row}
    return render_template(
        "desk_uploads.html",
        fault=fault,
        shows=shows,
        show_names=planning.titles(shows).values(),
        unfinished=[(each, uploads.received(archive, each)) for each in every if not each.row],
        waiting=[
            (typed or {}).get(each.id) or planning.shown(shows, each) for each in every if each.row
        ],
        titles=titles_of(archive, (each.twin_of for each in rows)) | sent,
        is_comparable=any(each.action == TAKE for each in rows),
        chore=chore_seen(CHORE),
        hearing=chore_seen(HEARING),
        piece=PIECE,
        at_once=FORM,
        largest=uploads.LARGEST,
        most=uploads.MOST,
        room=min(uploads.room(archive), uploads.LARGEST),
        days=uploads.KEPT_DAYS,
        is_typed=typed is not None,
    )


def _told(why: Refusal) -> str:
    """Say why a file is not taken."""
    told: dict[Refusal, str] = {
        "empty": gettext("ce fichier est vide."),
        "large": gettext("c’est trop lourd, %(size)s au plus.", size=weight(uploads.LARGEST)),
        "many": gettext("Trop de fichiers attendent déjà (%(number)s).", number=uploads.MOST),
        "full": gettext(
            "%(size)s attendent déjà, faites entrer ou ôtez.", size=weight(uploads.TOTAL)
        ),
        "room": gettext("il n’y a plus assez de place sur le disque de l’archive."),
    }
    return told[why]


def _too_heavy() -> str:
    """Say why nothing of a form is taken, all of which came."""
    told = gettext(
        "Rien n’est entré\u00a0: c’est trop lourd, %(size)s au plus à la fois.", size=weight(FORM)
    )
    return str(told)


def _state(upload: SentFile, here: int) -> dict[str, object]:
    return {"id": upload.id, "received": here, "size": upload.size, "sha256": upload.sha256}


def _archive() -> Archive:
    return catalogue().archive
