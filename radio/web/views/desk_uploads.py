"""The page of the desk where keepers send recordings, and say what becomes of them."""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from radio.actions.admission import Entrant, Verdict, admit
from radio.archive import Archive
from radio.archive.episode import Show
from radio.formats.tables import YES
from radio.ingest import uploads
from radio.ingest.plan import SKIP, TAKE, PlanRow, order_of
from radio.ingest.uploads import Refusal, SentFile
from radio.proposals.twins.arrivals import listen_to_sent, remove_copies
from radio.system.errors import ArchiveError, NotFoundError, RadioError
from radio.web.awaited import titles_of
from radio.web.chores import busy, chore_seen, chores
from radio.web.context import catalogue
from radio.web.forms import parts
from radio.web.gate import desk, keeper, streamed, takes, who
from radio.web.language import weight
from radio.web.listening import BODY
from radio.web.views.desk_fields import LONGEST, slug_of, titles

CHORE, HEARING = "uploads", "uploads-heard"
PIECE = 4 << 20  # bytes that a browser sends at once
FORM = BODY - (1 << 20)  # bytes of a form with its files, which is told where it is too heavy
PLAN = 256 << 10  # bytes
FIELDS = ("date", "title", "people")
VERDICTS: dict[str, Verdict] = {"same": "same", "other": "other"}

Json = tuple[dict[str, object], int]


@dataclass(frozen=True)
class Waiting:
    """A recording that waits, with what its row says, and what is wrong about that."""

    upload: SentFile
    row: PlanRow
    show: str  # as it is written: a title, or what an address has of it
    is_sure: bool = False  # whether a keeper says that the date is right
    verdict: Verdict = ""
    fault: str = ""
    wrong: str = ""  # the field that is

    @property
    def is_wanted(self) -> bool:
        """Whether it goes in unless a keeper says otherwise."""
        return self.row.action == TAKE and not self.upload.fault

    @property
    def is_guessed(self) -> bool:
        """Whether nobody told its date."""
        row = self.upload.row
        return row is not None and row.date != "" and row.date_sure not in YES

    @property
    def twin(self) -> str:
        """Name what it sounds like: an episode by its key, another that was sent by its place."""
        row = self.upload.row
        return row.twin_of if row and row.action == TAKE else ""

    @property
    def candidate(self) -> Entrant | None:
        """Give it as it is to be taken in; None where it is not."""
        order = None if self.fault else order_of(self.row)
        return Entrant(self.upload, order, self.verdict, self.twin) if order else None


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
            kept = uploads.store(catalogue().archive, part.file, show, who(), part.content)
            told = "" if isinstance(kept, SentFile) else _told(kept)
        except RadioError as error:
            told = str(error)
        number += not told
        faults += [f"{part.file[:LONGEST]}\u00a0: {told}"] if told else []
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
        found = uploads.begin(catalogue().archive, name, int(size), changed, show, who())
    except ArchiveError as error:
        return {"fault": str(error)}, 422
    if not isinstance(found, SentFile):
        return {"fault": _told(found)}, 422
    return _state(found, uploads.received(catalogue().archive, found)), 200


@desk.post("/uploads/<name>/piece")
@keeper
@takes(PIECE + 1, tells=lambda name: {"fault": _told("large"), "name": name})
@streamed
def piece(name: str) -> Json:
    """Take a piece of a file; one that was changed on its way is left out."""
    content, told = request.get_data(), request.args.get("sha256", "")
    try:
        found = uploads.find(catalogue().archive, name)
        if told and hashlib.sha256(content).hexdigest() != told:
            return _state(found, uploads.received(catalogue().archive, found)), 409
        here = uploads.add(
            catalogue().archive, found, request.args.get("from", -1, type=int), content
        )
        if here == found.size:
            found = uploads.finish(catalogue().archive, found)
    except NotFoundError:
        return {"fault": gettext("Quelqu’un a ôté ce fichier.")}, 404
    except RadioError as error:
        return {"fault": str(error)}, 422
    return _state(found, here), 200


@desk.post("/uploads/<name>/remove")
@keeper
def remove(name: str) -> AnyResponse:
    """Take a file away that is not to become an episode."""
    if not chores().running(CHORE):
        remove_copies(catalogue().archive, [uploads.find(catalogue().archive, name)])
    return redirect(url_for("desk.sent"), 303)


@desk.post("/uploads/take")
@keeper
@takes(PLAN)
def take() -> AnyResponse:
    """Make episodes of what is ticked, as the form corrects it."""
    archive, index, name = catalogue().archive, catalogue().index, who()
    typed = _typed(archive)
    wrong = any(each.fault for each in typed.values())
    chosen = [each.candidate for each in typed.values() if each.candidate]
    if wrong or not chosen:
        fault = gettext("Rien n’est entré\u00a0: une ligne ne va pas.") if wrong else ""
        fault = fault or gettext("Choisissez au moins un enregistrement.")
        return make_response(_page(typed, fault), 422)
    if not chores().begin(CHORE, lambda progress: admit(archive, index, chosen, name, progress)):
        return busy()
    return redirect(url_for("desk.sent"), 303)


@desk.post("/uploads/hear")
@keeper
def hear() -> AnyResponse:
    """Listen to what waits, to tell what of it sounds like an episode."""
    archive = catalogue().archive
    if not chores().begin(HEARING, lambda progress: listen_to_sent(archive, progress)):
        return busy()
    return redirect(url_for("desk.sent"), 303)


def _shown(shows: Sequence[Show], upload: SentFile) -> Waiting:
    """Give one as nobody wrote anything of it yet."""
    row = upload.row or PlanRow("")
    return Waiting(upload, row, titles(shows).get(row.show, row.show))


def _typed(archive: Archive) -> dict[str, Waiting]:
    """Read what a keeper wrote of each that waits, by id."""
    shows, waiting = archive.shows(), [each for each in uploads.uploads(archive) if each.row]
    written = {each.id: _written(shows, each) for each in waiting}
    wanted = {each.row.file for each in written.values() if each.row.action == TAKE}
    files = {each.row.file: each.upload.name for each in written.values()}
    return {key: _judged(archive, each, files, wanted) for key, each in written.items()}


def _written(shows: Sequence[Show], upload: SentFile) -> Waiting:
    """Read what a keeper wrote of one, and tell what is wrong with its row."""
    plain, form, name = _shown(shows, upload), request.form, upload.id
    row, is_sure, is_wanted = plain.row, f"sure-{name}" in form, f"take-{name}" in form
    said = {
        each: form.get(f"{each}-{name}", getattr(row, each))[:LONGEST].strip() for each in FIELDS
    }
    show = form.get(f"show-{name}", plain.show)[:LONGEST]
    said |= {
        "show": slug_of(shows, show),
        "date_sure": "oui" if is_sure else row.date_sure,
    }
    row = replace(row, **said, action=TAKE if is_wanted else SKIP)
    verdict = VERDICTS.get(form.get(f"twin-{name}", ""), "")
    fault, wrong = "", "date"
    if is_wanted and not row.show:
        fault = gettext("Il n’y a pas d’émission «\u00a0%(name)s\u00a0».", name=show)
        wrong = "show"
    elif is_wanted and is_sure and not row.date:
        fault = gettext("Écrivez la date, ou ne dites pas qu’elle est sûre.")
    elif is_wanted:
        try:
            order_of(row)
        except (ArchiveError, OSError) as error:
            fault = str(error)
    return Waiting(upload, row, show, is_sure, verdict, fault, wrong if fault else "")


def _judged(archive: Archive, waiting: Waiting, files: dict[str, str], wanted: set[str]) -> Waiting:
    """Tell whether what was said of one that sounds like another can be done.

    No copy of an episode goes in to become one with it where it would be public meanwhile.
    """
    if waiting.row.action != TAKE or not waiting.verdict or waiting.fault:
        return waiting
    told, twin = "", waiting.twin
    if twin in files:
        if twin not in wanted:
            told = gettext(
                "Faites entrer aussi «\u00a0%(name)s\u00a0», ou ne décidez rien.", name=files[twin]
            )
        return replace(waiting, fault=told, wrong="twin" if told else "")
    try:
        episode = archive.episode(twin)
    except RadioError:
        told = gettext("L’épisode auquel il ressemblait n’est plus là. Faites écouter de nouveau.")
        return replace(waiting, fault=told, wrong="twin")
    if waiting.verdict == "same" and episode.redactions:
        told = gettext(
            "Un passage a été retiré de cet épisode, et ce fichier l’a peut-être encore. Ôtez-le, "
            "ou, si le passage n’y est pas, faites-le entrer sans décider, puis radio merge."
        )
    elif waiting.verdict == "same" and not episode.is_public(dt.date.today()):
        told = gettext(
            "Cet épisode n’est pas public, et ce fichier le serait en entrant. Ôtez-le, ou mettez-"
            "le à la place de l’ancien son par la page «\u00a0Remplacer le son\u00a0» de l’épisode."
        )
    return replace(waiting, fault=told, wrong="twin" if told else "")


def _page(typed: Mapping[str, Waiting] | None = None, fault: str = "") -> str:
    archive = catalogue().archive
    every, shows = uploads.uploads(archive), archive.shows()
    rows = [each.row for each in every if each.row]
    sent = {each.row.file: each.name for each in every if each.row}
    return render_template(
        "desk_uploads.html",
        fault=fault,
        shows=shows,
        show_names=titles(shows).values(),
        unfinished=[(each, uploads.received(archive, each)) for each in every if not each.row],
        waiting=[(typed or {}).get(each.id) or _shown(shows, each) for each in every if each.row],
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
