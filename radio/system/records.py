"""Frozen dataclasses as JSON files that people read and edit: the only importer of msgspec.

A class with a field `extra` keeps there the keys of the JSON that it does not know, so that
nothing a person or a later version wrote is lost when the file is written again.
"""

import dataclasses
import json
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from radio.system.errors import ArchiveError
from radio.system.messages import _, plain

DEEPEST = 50  # levels of values within values
LARGEST = 1 << 63  # of whole numbers

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
    """Make a record of JSON bytes, its types checked; `fields` are those that the file leaves out.

    `amend` may change what was written before its types are checked. Raises ArchiveError naming
    `where` and what is wrong: no JSON object, a value that could not be written again, another
    `version`, a missing key or one of the wrong type.
    """
    data = _parse(text, where)
    if version is not None and data.pop("version", None) != version:
        raise ArchiveError(
            _("{where}: not of version {version}; a newer `radio` may read it").format(
                where=where, version=version
            )
        )
    amend(data)
    data.update(fields)
    names = {field.name for field in dataclasses.fields(record)}  # type: ignore[arg-type]
    values = {key: value for key, value in data.items() if key in names - {"extra"}}
    if "extra" in names:
        values["extra"] = {key: value for key, value in data.items() if key not in names}
    try:
        return msgspec.convert(values, record)
    except msgspec.ValidationError as error:
        raise ArchiveError(
            _("{where}: {error}; mend or restore the file").format(where=where, error=error)
        ) from error


def read_each(record: type[Record], text: bytes, where: object) -> tuple[Record, tuple[str, ...]]:
    """Make a record of JSON bytes value by value: one that is wrong is left out.

    Gives the record and a line for each value that was left out, or that has a name no field has.
    Every field has a default. Raises ArchiveError naming `where` if it is no JSON object.
    """
    data = _parse(text, where)
    names = {field.name for field in dataclasses.fields(record)}  # type: ignore[arg-type]
    faults = [
        _("{where}: {name!r:.80}: no such field").format(where=where, name=name)
        for name in data
        if name not in names
    ]
    values = {}
    for name in data.keys() & names:
        try:
            msgspec.convert({name: data[name]}, record)
        except msgspec.ValidationError as error:
            faults.append(
                _("{where}: {name} left out: {error}").format(where=where, name=name, error=error)
            )
        else:
            values[name] = data[name]
    return msgspec.convert(values, record), tuple(sorted(faults))


def render(
    record: object,
    *,
    version: int | None = None,
    leave_out: frozenset[str] = frozenset(),
    spell: Callable[[object], object] = plain,
) -> bytes:
    """Write a record as indented UTF-8 JSON: version first, dates ISO, unknown keys last.

    A message is written as its text; `spell` may have it written so that it can be said again.
    """
    data = msgspec.to_builtins(record, enc_hook=spell)
    extra = data.pop("extra", {})
    head = {} if version is None else {"version": version}
    body = {key: value for key, value in data.items() if key not in leave_out}
    return (json.dumps(head | body | extra, ensure_ascii=False, indent=2) + "\n").encode()


def _parse(text: bytes, where: object) -> dict[str, Any]:
    """Parse JSON; what could not be written again is refused, be it half a letter or no number."""
    try:
        data = msgspec.json.decode(text.decode(json.detect_encoding(text)))
        _refuse_odd(data)
    except UnicodeDecodeError as error:
        raise ArchiveError(
            _("{where}: not UTF-8; save the file as UTF-8").format(where=where)
        ) from error
    except (ValueError, RecursionError, msgspec.DecodeError) as error:
        fault = _syntax_error(text) or _("a value that no file should hold: {error}").format(
            error=error
        )
        raise ArchiveError(
            _("{where}: not JSON ({fault}); mend or restore the file").format(
                where=where, fault=fault
            )
        ) from error
    if not isinstance(data, dict):
        raise ArchiveError(
            _("{where}: a JSON object was expected; mend or restore the file").format(where=where)
        )
    return data


def _syntax_error(text: bytes) -> ValueError | None:
    """Find what is wrong in terms of lines, which the stricter parser doesn't count."""
    try:
        json.loads(text)
    except ValueError as error:
        return error
    except RecursionError:
        pass
    return None


def _refuse_odd(data: object) -> None:
    """Raise ValueError for numbers that pass 64 bits, and for values too deep within values."""
    level = [data] if isinstance(data, dict | list) else []
    for _rest in range(DEEPEST):
        values = [v for each in level for v in (each.values() if isinstance(each, dict) else each)]
        if any(type(value) is int and not -LARGEST <= value < LARGEST for value in values):
            raise ValueError(_("a number that passes 64 bits"))
        level = [value for value in values if isinstance(value, dict | list)]
        if not level:
            return
    raise ValueError(_("more than {deepest} values within values").format(deepest=DEEPEST))
