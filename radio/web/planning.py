"""What keepers say of recordings that were sent and wait: the rows of a plan in a form."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from flask import request
from flask_babel import gettext

from radio.actions.admission import Entrant, Verdict
from radio.archive import Archive
from radio.archive.episode import Episode, Show
from radio.formats.tables import YES
from radio.ingest.plan import SKIP, TAKE, PlanRow, order_of
from radio.ingest.uploads import SentFile
from radio.system.errors import ArchiveError, RadioError

LONGEST = 500  # characters of a field
FIELDS = ("date", "title", "people")


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


def shown(shows: Iterable[Show], upload: SentFile) -> Waiting:
    """Give one as nobody wrote anything of it yet."""
    row = upload.row or PlanRow("")
    return Waiting(upload, row, titles(shows).get(row.show, row.show))


def titles(shows: Iterable[Show]) -> dict[str, str]:
    """Name shows in words, by slug; where two have one title, each by its slug."""
    every = list(shows)
    all_titles = [each.title for each in every]
    return {
        each.slug: each.title if all_titles.count(each.title) == 1 else each.slug for each in every
    }


def slug_of(shows: Iterable[Show], name: str) -> str:
    """Find a show by its name in words, whatever its capitals, or by its slug; "" where none is."""
    plain = " ".join(name.split()).casefold()
    named = titles(shows)
    found = (slug for slug, title in named.items() if plain in (slug, title.casefold()))
    return next(found, "")


def read(archive: Archive, waiting: Sequence[SentFile]) -> dict[str, Waiting]:
    """Read what a keeper wrote of each, by id."""
    written = {each.id: _written(archive, each) for each in waiting}
    wanted = {each.row.file for each in written.values() if each.row.action == TAKE}
    files = {each.row.file: each.upload.name for each in written.values()}
    return {key: _judged(archive, each, files, wanted) for key, each in written.items()}


def _written(archive: Archive, upload: SentFile) -> Waiting:
    row, form, name = upload.row or PlanRow(""), request.form, upload.id
    said = {
        each: form.get(f"{each}-{name}", getattr(row, each))[:LONGEST].strip() for each in FIELDS
    }
    shows = archive.shows()
    show = form.get(f"show-{name}", titles(shows).get(row.show, row.show))[:LONGEST]
    is_sure, is_wanted = f"sure-{name}" in form, f"take-{name}" in form
    said |= {"show": slug_of(shows, show), "date_sure": "oui" if is_sure else row.date_sure}
    written = replace(row, **said, action=TAKE if is_wanted else SKIP)
    told: dict[str, Verdict] = {"same": "same", "other": "other"}
    verdict = told.get(form.get(f"twin-{name}", ""), "")
    waiting = Waiting(upload, written, show, is_sure, verdict)
    return _checked(waiting) if is_wanted else waiting


def _checked(waiting: Waiting) -> Waiting:
    """Tell what is wrong with a row."""
    if not waiting.row.show:
        told = gettext("Il n’y a pas d’émission «\u00a0%(name)s\u00a0».", name=waiting.show)
        return replace(waiting, fault=str(told), wrong="show")
    if waiting.is_sure and not waiting.row.date:
        told = gettext("Écrivez la date, ou ne dites pas qu’elle est sûre.")
        return replace(waiting, fault=str(told), wrong="date")
    try:
        order_of(waiting.row)
    except (ArchiveError, OSError) as error:
        return replace(waiting, fault=str(error), wrong="date")
    return waiting


def _judged(archive: Archive, waiting: Waiting, files: dict[str, str], wanted: set[str]) -> Waiting:
    """Tell whether what was said of one that sounds like another can be done."""
    if waiting.row.action != TAKE or not waiting.verdict or waiting.fault:
        return waiting
    if waiting.twin in files:
        if waiting.twin in wanted:
            return waiting
        other = files[waiting.twin]
        told = gettext(
            "Faites entrer aussi «\u00a0%(name)s\u00a0», ou ne décidez rien.", name=other
        )
        return replace(waiting, fault=str(told), wrong="twin")
    try:
        twin = archive.episode(waiting.twin)
    except RadioError:
        told = gettext("L’épisode auquel il ressemblait n’est plus là. Faites écouter de nouveau.")
        return replace(waiting, fault=str(told), wrong="twin")
    if waiting.verdict == "same" and (told := _why_apart(twin)):
        return replace(waiting, fault=told, wrong="twin")
    return waiting


def _why_apart(twin: Episode) -> str:
    """Say why no copy of an episode goes in to become one with it: it would be public meanwhile."""
    told = ""
    if twin.redactions:
        told = gettext(
            "Un passage a été retiré de cet épisode, et ce fichier l’a peut-être encore. Ôtez-le, "
            "ou, si le passage n’y est pas, faites-le entrer sans décider, puis radio merge."
        )
    elif not twin.is_public(dt.date.today()):
        told = gettext(
            "Cet épisode n’est pas public, et ce fichier le serait en entrant. Ôtez-le, ou mettez-"
            "le à la place de l’ancien son par la page «\u00a0Remplacer le son\u00a0» de l’épisode."
        )
    return str(told)
