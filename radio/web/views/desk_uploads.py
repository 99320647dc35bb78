"""The page of the desk where keepers send recordings, and say what becomes of them."""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from flask import redirect, request, url_for
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
from radio.web.context import catalogue
from radio.web.desk_pages import chore_seen, chores, desk_page, start, titles_of
from radio.web.forms import parts
from radio.web.gate import keeper, who
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
class UploadRow:
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
        """Whether nobody gave its date."""
        row = self.upload.row
        return row is not None and row.date != "" and row.date_sure not in YES

    @property
    def twin(self) -> str:
        """Name what it sounds like: an episode by its key, another that was sent by its place."""
        row = self.upload.row
        return row.twin_of if row and row.action == TAKE else ""


@keeper.get("/uploads")
def sent() -> AnyResponse:
    """Show what comes in, and what is here to be taken."""
    return _page()


def _too_heavy() -> AnyResponse:
    message = gettext("Rien n’a été reçu\u00a0: c’est trop lourd, %(size)s au plus à la fois.")
    return _page(fault=message % {"size": weight(FORM)}, code=413)


@keeper.post("/uploads", most=FORM, tells=_too_heavy, streamed=True)
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
            fault = "" if isinstance(kept, SentFile) else _reason(kept)
        except RadioError as error:
            fault = str(error)
        number += not fault
        faults += [f"{part.file[:LONGEST]}\u00a0: {fault}"] if fault else []
    if not number and not faults:
        faults.append(gettext("Choisissez des fichiers."))
    if faults:
        return _page(fault=" ".join(faults))
    return redirect(url_for("desk.sent", here=number), 303)


@keeper.post("/uploads/begin")
def begin() -> Json:
    """Begin with a file, or say how much of it is here."""
    size, changed = (request.form.get(each, 0.0, type=float) for each in ("size", "changed"))
    name, show = (request.form.get(each, "") for each in ("name", "show"))
    size = size if 0 <= size <= 2 * uploads.LARGEST else 2 * uploads.LARGEST
    changed = changed if 0 < changed < 1e11 else 0.0
    try:
        found = uploads.begin(catalogue().archive, name, int(size), changed, show, who())
    except ArchiveError as error:
        return {"fault": str(error)}, 422
    return _state(found) if isinstance(found, SentFile) else ({"fault": _reason(found)}, 422)


@keeper.post(
    "/uploads/<name>/piece",
    most=PIECE + 1,
    tells=lambda name: {"fault": _reason("large"), "name": name},
    streamed=True,
)
def piece(name: str) -> Json:
    """Take a part of a file; one that changed on its way is left out."""
    archive, content, sent = catalogue().archive, request.get_data(), request.args.get("sha256", "")
    try:
        found = uploads.find(archive, name)
        if sent and hashlib.sha256(content).hexdigest() != sent:
            return _state(found, 409)
        here = uploads.add(archive, found, request.args.get("from", -1, type=int), content)
        return _state(uploads.finish(archive, found) if here == found.size else found)
    except NotFoundError:
        return {"fault": gettext("Quelqu’un a enlevé ce fichier.")}, 404
    except RadioError as error:
        return {"fault": str(error)}, 422


def _state(found: SentFile, code: int = 200) -> Json:
    here = uploads.received(catalogue().archive, found)
    return {"id": found.id, "received": here, "size": found.size, "sha256": found.sha256}, code


@keeper.post("/uploads/<name>/remove")
def remove(name: str) -> AnyResponse:
    """Take a file away that is not to become an episode."""
    if not chores().running(CHORE):
        remove_copies(catalogue().archive, [uploads.find(catalogue().archive, name)])
    return redirect(url_for("desk.sent"), 303)


@keeper.post("/uploads/take", most=PLAN)
def take() -> AnyResponse:
    """Make episodes of what is ticked, as the form corrects it."""
    archive, index, name = catalogue().archive, catalogue().index, who()
    typed, chosen = _typed(archive), list[Entrant]()
    for each in typed:
        if not each.fault and (order := order_of(each.row)):
            chosen.append(Entrant(each.upload, order, each.verdict, each.twin))
    if any(each.fault for each in typed):
        return _page(typed, gettext("Rien n’a été ajouté\u00a0: une ligne ne va pas."))
    if not chosen:
        return _page(typed, gettext("Choisissez au moins un enregistrement."))
    act = partial(admit, archive, index, chosen, name)
    return start(CHORE, act, url_for("desk.sent"))


@keeper.post("/uploads/hear")
def hear() -> AnyResponse:
    """Listen to the waiting files, to find those that sound like an episode."""
    act = partial(listen_to_sent, catalogue().archive)
    return start(HEARING, act, url_for("desk.sent"))


def _shown(shows: Sequence[Show], upload: SentFile) -> UploadRow:
    row = upload.row or PlanRow("")
    return UploadRow(upload, row, titles(shows).get(row.show, row.show))


def _typed(archive: Archive) -> list[UploadRow]:
    shows, found = archive.shows(), list[UploadRow]()
    written = [_written(shows, each) for each in uploads.uploads(archive) if each.row]
    files = {each.row.file: each for each in written}
    for each in written:
        fault = "" if each.fault else _twin_fault(archive, each, files)
        found.append(replace(each, fault=fault, wrong="twin") if fault else each)
    return found


def _written(shows: Sequence[Show], upload: SentFile) -> UploadRow:
    plain, form, name = _shown(shows, upload), request.form, upload.id
    row, is_sure, is_wanted = plain.row, f"sure-{name}" in form, f"take-{name}" in form
    said = {it: form.get(f"{it}-{name}", getattr(row, it))[:LONGEST].strip() for it in FIELDS}
    show = form.get(f"show-{name}", plain.show)[:LONGEST]
    said |= {"show": slug_of(shows, show), "date_sure": "oui" if is_sure else row.date_sure}
    row = replace(row, **said, action=TAKE if is_wanted else SKIP)
    verdict = VERDICTS.get(form.get(f"twin-{name}", ""), "")
    fault, wrong = "", "date"
    if is_wanted and not row.show:
        fault = gettext("Il n’y a pas d’émission «\u00a0%(name)s\u00a0».", name=show)
        wrong = "show"
    elif is_wanted and is_sure and not row.date:
        fault = gettext("Écrivez la date, ou décochez «\u00a0Cette date est sûre\u00a0».")
    elif is_wanted:
        try:
            order_of(row)
        except (RadioError, OSError) as error:
            fault = str(error)
    return UploadRow(upload, row, show, is_sure, verdict, fault, wrong if fault else "")


def _twin_fault(archive: Archive, waiting: UploadRow, files: Mapping[str, UploadRow]) -> str:
    """Say why an order for a twin can't be done: a copy must not become public with its episode."""
    fault, other = "", files.get(waiting.twin)
    if waiting.row.action != TAKE or not waiting.verdict or (other and other.row.action == TAKE):
        return ""
    if other:
        name = other.upload.name
        fault = gettext("Ajoutez aussi «\u00a0%(name)s\u00a0», ou ne décidez rien.", name=name)
        return str(fault)
    try:
        episode = archive.episode(waiting.twin)
    except RadioError:
        fault = gettext("L’épisode auquel il ressemblait n’est plus là. Comparez de nouveau.")
        return str(fault)
    if waiting.verdict == "same" and episode.redactions:
        fault = gettext(
            "Un passage a été retiré de cet épisode, et ce fichier l’a peut-être encore. "
            "Enlevez-le, ou, si le passage n’y est pas, ajoutez-le sans décider, puis "
            "réunissez-les."
        )
    elif waiting.verdict == "same" and not (_are_drafts() or episode.is_public(dt.datetime.now())):
        fault = gettext(
            "Cet épisode n’est pas public, et ce fichier le deviendrait. Enlevez-le, ou mettez-le "
            "à la place de l’ancien par la page «\u00a0Remplacer le son\u00a0» de l’épisode."
        )
    return fault


def _are_drafts() -> bool:
    return "uploads" in catalogue().imprint.drafts


def _page(
    typed: Sequence[UploadRow] | None = None, fault: str = "", code: int = 422
) -> AnyResponse:
    archive = catalogue().archive
    every, shows = uploads.uploads(archive), archive.shows()
    waiting = typed or [_shown(shows, each) for each in every if each.row]
    rows = [each.row for each in every if each.row]
    sent = {each.row.file: each.name for each in every if each.row}
    return desk_page(
        "desk_uploads.html",
        fault=fault,
        code=code,
        shows=shows,
        show_names=titles(shows).values(),
        unfinished=[(each, uploads.received(archive, each)) for each in every if not each.row],
        waiting=waiting,
        titles=titles_of(archive, (each.twin_of for each in rows)) | sent,
        is_comparable=any(each.action == TAKE for each in rows),
        chore=chore_seen(CHORE),
        are_drafts=_are_drafts(),
        hearing=chore_seen(HEARING),
        piece=PIECE,
        at_once=FORM,
        room=min(uploads.room(archive), uploads.LARGEST),
        days=uploads.KEPT_DAYS,
        is_typed=typed is not None,
    )


def _reason(why: Refusal) -> str:
    total = weight(uploads.TOTAL)
    reasons: dict[Refusal, str] = {
        "empty": gettext("ce fichier est vide."),
        "large": gettext("c’est trop lourd, %(size)s au plus.", size=weight(uploads.LARGEST)),
        "many": gettext("Trop de fichiers attendent déjà (%(number)s).", number=uploads.MOST),
        "full": gettext(
            "%(size)s attendent déjà\u00a0: ajoutez ou enlevez des fichiers.", size=total
        ),
        "room": gettext("il n’y a plus assez de place sur le disque de l’archive."),
    }
    return reasons[why]
