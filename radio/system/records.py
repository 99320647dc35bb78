"""Frozen dataclasses as JSON files that people read and edit: the only importer of msgspec. A field
`extra` holds unknown keys, so that nothing a person or a later version wrote is lost."""

import contextlib
import dataclasses
import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

from radio.system.disk import LARGEST, is_file, read_bytes, write_whole
from radio.system.errors import ArchiveError
from radio.system.messages import _, as_data, from_data

DEEPEST = 50  # levels of values within values
GREATEST = 1 << 63  # of whole numbers

Record = TypeVar("Record")


def read(
    record: type[Record],
    text: bytes,
    where: object,
    *,
    version: int | None = None,
    amend: Callable[[dict[str, Any]], None] = lambda _: None,
    **fields: str,
) -> Record:
    """Make a record of JSON bytes, with types checked; `fields` are what the file leaves out,
    `amend` changes the data first. Raises ArchiveError with `where`: no JSON object, a value that
    could not be written again, another `version`, a key missing or of a wrong type."""
    data = _parse(text, where)
    if version is not None and data.pop("version", None) != version:
        message = _(
            "{where} : pas de la version {version} ; un `radio` plus récent saura peut-être le lire"
        )
        raise ArchiveError(message, where=where, version=version)
    amend(data)
    data.update(fields)
    names = _names(record)
    values = {key: value for key, value in data.items() if key in names - {"extra"}}
    if "extra" in names:
        values["extra"] = {key: value for key, value in data.items() if key not in names}
    try:
        return msgspec.convert(values, record)
    except msgspec.ValidationError as error:
        message = _("{where} : {error} ; réparez ou restaurez le fichier")
        raise ArchiveError(message, where=where, error=error) from error


def recall(record: type[Record], path: Path, most: int = LARGEST, **how: Any) -> Record | None:
    """Read the record of a derived file of at most so many bytes; None where that can't be."""
    try:
        return read(record, read_bytes(path, most), path, **how)
    except ArchiveError:
        return None


def read_each(record: type[Record], text: bytes, where: object) -> tuple[Record, tuple[str, ...]]:
    """Make a record of JSON bytes without the wrong values, and a line for each of these or unknown
    name; all fields have defaults. Raises ArchiveError with `where` if it is no object."""
    data, names, values = _parse(text, where), _names(record), dict[str, Any]()
    unknown = _("{where} : {name!r:.80} : pas de champ de ce nom")
    faults = [_(unknown, where=where, name=name) for name in data if name not in names]
    for name in data.keys() & names:
        try:
            msgspec.convert({name: data[name]}, record)
            values[name] = data[name]
        except msgspec.ValidationError as error:
            message = _("{where} : {name} laissé de côté : {error}")
            faults.append(_(message, where=where, name=name, error=error))
    return msgspec.convert(values, record), tuple(sorted(faults))


def _names(record: type) -> set[str]:
    return {field.name for field in dataclasses.fields(record)}


def render(
    record: object,
    *,
    version: int | None = None,
    leave_out: frozenset[str] = frozenset(),
    spell: Callable[[object], object] = str,
) -> bytes:
    """Write a record as indented UTF-8 JSON: version first, dates ISO, unknown keys last. Messages
    are written as text, or by `spell`, so that they can be said again."""
    data = msgspec.to_builtins(record, enc_hook=spell, builtin_types=(dt.datetime,))
    extra = data.pop("extra", {})
    head = {} if version is None else {"version": version}
    body = {key: value for key, value in data.items() if key not in leave_out}
    text = json.dumps(head | body | extra, ensure_ascii=False, indent=2, default=write_hour)
    return f"{text}\n".encode()


def write_hour(when: dt.datetime) -> str:
    """Write a day and an hour of it as ISO has them; midnight as the day alone.

    >>> write_hour(dt.datetime(2026, 12, 1, 20)), write_hour(dt.datetime(2026, 12, 1))
    ('2026-12-01T20:00', '2026-12-01')
    """
    return when.isoformat(timespec="seconds").removesuffix(":00").removesuffix("T00:00")


@dataclasses.dataclass(frozen=True)
class RecordFile(Generic[Record]):
    """A file that holds one record; every field of it has a default, which holds without a file."""

    name: str  # beneath the root of the archive
    record: type[Record]
    version: int | None = 1
    has_messages: bool = False  # its texts may be messages, to be said again in another language
    # raises ArchiveError with the place of a wrong record
    require: Callable[[Record, object], None] = lambda *_: None

    def parse(self, text: bytes, where: object) -> Record:
        """Read the text of the file; raises ArchiveError naming `where` and what is wrong in it."""
        amend = from_data if self.has_messages else lambda _: None
        found = read(self.record, text, where, version=self.version, amend=amend)
        self.require(found, where)
        return found

    def read(self, root: Path) -> Record:
        """Read the file of an archive. Raises ArchiveError with the file and its fault."""
        path = root / self.name
        return self.parse(read_bytes(path), path) if is_file(path) else self.record()

    def recall(self, root: Path) -> Record:
        """Read a derived file of an archive; one that can't be read counts as missing."""
        try:
            return self.read(root)
        except ArchiveError:
            return self.record()

    def render(self, record: Record) -> bytes:
        """Give the text of the file."""
        spell = as_data if self.has_messages else str
        return render(record, version=self.version, spell=spell)

    def write(self, root: Path, record: Record) -> None:
        """Write the file of an archive, whole. Raises ArchiveError if the disk refuses."""
        write_whole(root / self.name, self.render(record))


def _parse(text: bytes, where: object) -> dict[str, Any]:
    """Parse JSON; refuse what could not be written again, as half a letter or NaN."""
    fault = ""
    message = _("{where} : un objet JSON était attendu ; réparez ou restaurez le fichier")
    try:
        data = msgspec.json.decode(text.decode(json.detect_encoding(text)))
        _refuse_odd(data)
        if isinstance(data, dict):
            return data
    except UnicodeDecodeError:
        message = _("{where} : pas de l’UTF-8 ; enregistrez le fichier en UTF-8")
    except (ValueError, RecursionError, msgspec.DecodeError) as error:
        message = _("{where} : pas du JSON ({fault}) ; réparez ou restaurez le fichier")
        fault = _("une valeur qu’aucun fichier ne devrait contenir : {error}", error=error)
        with contextlib.suppress(RecursionError):
            try:  # this parser counts lines
                json.loads(text)
            except ValueError as syntax:
                fault = str(syntax)
    raise ArchiveError(message, where=where, fault=fault)


def _refuse_odd(data: object) -> None:
    """Raise ValueError for numbers over 64 bits, and for values nested too deep."""
    level = [data] if isinstance(data, dict | list) else []
    for _rest in range(DEEPEST):
        values = [v for each in level for v in (each.values() if isinstance(each, dict) else each)]
        if any(type(value) is int and not -GREATEST <= value < GREATEST for value in values):
            raise ValueError(_("un nombre de plus de 64 bits"))
        level = [value for value in values if isinstance(value, dict | list)]
        if not level:
            return
    raise ValueError(_("plus de {deepest} valeurs l’une dans l’autre", deepest=DEEPEST))
