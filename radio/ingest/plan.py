"""What would be taken, as a table that a keeper corrects, and the table read back. A row is a
recording: its place, what is known of it, what is done with it. What is corrected is sure."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

from radio.archive import Archive
from radio.archive.episode import Show
from radio.archive.gone import read_gone
from radio.archive.slugs import slugify
from radio.formats.tables import YES, join, read_table, render_table, split
from radio.french.dates import find_dates
from radio.ingest.description import Arrival, Day, Description
from radio.ingest.files import refuse_what_is_no_file
from radio.ingest.names import changed_on, describe_file, read_person, readable
from radio.ingest.recordings import Known, Recordings, state_of
from radio.ingest.titles import made_title
from radio.sound import require_sound
from radio.sound.tags.reader import Tags
from radio.system.checksums import hash_file
from radio.system.connection.place import is_address
from radio.system.disk import explained
from radio.system.errors import ArchiveError, DiscardedError, RadioError, TwinError
from radio.system.messages import _

TAKE, SKIP, TWIN, REFUSE = "take", "skip", "twin", "refuse"
# What is done with a row, in the words that people write.
ACTIONS = {TAKE: TAKE, "prendre": TAKE, SKIP: SKIP, "passer": SKIP, TWIN: TWIN, REFUSE: REFUSE}


@dataclass(frozen=True)
class PlanRow:
    """A recording in a plan, as text."""

    file: str  # its path, or its address
    show: str = ""
    date: str = ""  # 2023-05-12, 2023-05, 2023
    date_sure: str = ""  # oui or non
    title: str = ""
    people: str = ""
    twin_of: str = ""  # key of the episode, or file of the row before
    action: str = TAKE
    reason: str = ""
    state: str = ""  # size and change of the file, and its date as it was read


COLUMNS = tuple(each.name for each in fields(PlanRow))


@dataclass(frozen=True)
class Order:
    """A row of a plan to be taken."""

    place: str
    show: str
    said: Description
    source: str = ""  # the address that offered it
    asked: str = ""  # the show that was looked for there


class Surveyor:
    """Makes rows of files, with their twins in the archive and among themselves."""

    def __init__(self, archive: Archive, recordings: Recordings):
        self._recordings = recordings
        self._sizes = {each.audio.size for each in archive.episodes()}
        self._sizes |= {each.size for each in read_gone(archive.root).recordings.values()}
        self._places: dict[int, Path] = {}  # the first file of each size
        self._hashes: dict[str, Path] = {}

    def row(self, path: Path, tags: Tags, show: Show, said: Description) -> PlanRow:
        """Write what would become of a file. Only a file that may be a twin is read whole."""
        # A path that is not UTF-8 is written as an address of the file.
        file = text = str(path.absolute())
        if not text.isprintable() or text != text.encode(errors="replace").decode():
            file = path.absolute().as_uri()
        row = PlanRow(file, show.slug)
        try:
            refuse_what_is_no_file(path)
            if tags.is_unread:
                require_sound(path)
            stations = self._recordings.stations
            known = said.completed(describe_file(path, tags, show, stations))
            row = _row(file, show, known, readable(path.stem), state_of(path))
            twin = self._twin(path)
        except DiscardedError as error:
            return replace(row, action=SKIP, reason=str(error))
        except TwinError as error:
            return PlanRow(file, show.slug, action=TWIN, reason=str(error))
        except RadioError as error:
            return PlanRow(file, show.slug, action=REFUSE, reason=str(error))
        return replace(row, twin_of=twin, action=TWIN) if twin else row

    def _twin(self, path: Path) -> str:
        self._recordings.refuse_seen(path)
        size = path.stat().st_size
        first = self._places.setdefault(size, path)
        if size not in self._sizes and first == path:
            return ""
        with explained(path, _("vérifiez le disque")):
            if first != path:
                self._hashes.setdefault(hash_file(first), first)
            sha256 = hash_file(path)
        twin = self._hashes.setdefault(sha256, path)
        self._recordings.refuse_discarded(path, sha256)
        return self._recordings.key_of(sha256) or ("" if twin == path else str(twin))


def arrival_row(arrival: Arrival, show: Show, known: Known, source: str) -> PlanRow:
    """Write what would become of a recording at an address."""
    row = _row(arrival.place, show, arrival.said, arrival.name, f"from {source} {show.slug}")
    if known.is_discarded(arrival):
        return replace(row, action=SKIP, reason=_("déjà supprimé ici"))
    key = known.key(arrival)
    return row if key is None else replace(row, twin_of=key, action=TWIN)


def _row(file: str, show: Show, said: Description, name: str, state: str) -> PlanRow:
    date = said.day.known if said.day else ""
    is_sure = ("oui" if said.day.is_sure else "non") if said.day else ""
    title = said.title or made_title(said.day, said.number, show.language) or name
    made = "" if said.title else f" {_made(title)}"
    return PlanRow(
        *(file, show.slug, date, is_sure, title, join(each.with_role for each in said.people)),
        state=f"{state}{made} {date}".strip(),
    )


def _made(title: str) -> str:
    """Mark a title that nobody said: if not corrected, it is made anew of the date."""
    return f"made {hashlib.sha256(title.encode(errors='replace')).hexdigest()[:16]}"


def write_plan(rows: Iterable[PlanRow]) -> bytes:
    """Write a plan as a table."""
    return render_table(COLUMNS, map(astuple, rows))


def read_plan(content: bytes, where: object) -> Iterator[Order | ArchiveError]:
    """Give the rows to take, and what is wrong with others. Raises ArchiveError for no table."""
    for line in read_table(content, where, ("file",)):
        try:
            cells = {name: line.cells.get(name, "").strip() for name in COLUMNS}
            if found := order_of(PlanRow(**cells | {"action": cells["action"] or SKIP})):
                yield found
        except RadioError as error:
            message = _("{where} : ligne {line} : {error}")
            yield ArchiveError(message, where=where, line=line.line, error=error)


def order_of(row: PlanRow) -> Order | None:
    """Read a row; None where nothing is to be taken. Raises RadioError if it can't be read."""
    action = ACTIONS.get(row.action.lower())
    if action is None:
        message = _("action : {text} : écrivez {take} ou {skip}")
        raise ArchiveError(message, text=row.action, take=TAKE, skip=SKIP)
    if action != TAKE:
        return None
    words, day = row.state.split(), _day(row)
    people = tuple(map(read_person, split(row.people)))
    title = "" if _made(row.title) in row.state else row.title
    said = Description(title, day, people=people, settled=("people",))
    if is_address(row.file):
        source, asked = words[1:3] if words[:1] == ["from"] and len(words) > 2 else (row.file, "")
        return Order(row.file, row.show, said, source, asked)
    path = _meant(path_of(row.file), words[:2])
    refuse_what_is_no_file(path)
    if len(words) >= 2 and words[:2] != state_of(path).split():
        raise ArchiveError(_("{path} : changé depuis le plan ; refaites-le", path=path))
    # Where a keeper took it away, nobody knows it.
    said = replace(said, day=day or Day(changed_on(path), is_sure=False))
    return Order(str(path), row.show, said)


def _day(row: PlanRow) -> Day | None:
    """Read a date as people and spreadsheets write it; one that was corrected is sure."""
    if not row.date:
        return None
    found = find_dates(row.date, dt.datetime.now(dt.UTC).date())
    if len(found) != 1 or found[0].readings[0][0] == 0:
        message = _(
            "date : {text} : pas une date, ou à venir ; écrivez 2024-03-19, 2024-03 ou 2024"
        )
        raise ArchiveError(message, text=row.date)
    day = Day.of(found[0].readings[0])
    is_sure = row.date_sure.lower() in YES or [day.known] != row.state.split()[-1:]
    return replace(day, is_sure=is_sure)


def _meant(path: Path, state: list[str]) -> Path:
    """Give the file of a row: where a spreadsheet lost accents of its path, the only file there
    that has the same other letters and is in the state that the row tells."""
    if len(state) < 2 or (path.exists() and state_of(path).split() == state):
        return path
    places = [Path(path.anchor)]
    for name in path.parts[1:]:
        there = (each for folder in places for each in folder.glob("*"))
        letters = slugify(name).replace("-", "")  # of é that are two signs Excel makes e´ or e?
        places = [each for each in there if slugify(each.name).replace("-", "") == letters]
    found = [each for each in places if state_of(each).split() == state]
    return found[0] if len(found) == 1 else path


def path_of(text: str) -> Path:
    """Give the path that a row writes."""
    if not text.startswith("file://"):
        return Path(text)
    return Path(unquote_to_bytes(urlsplit(text).path).decode(errors="surrogateescape"))
