"""The fields of episodes and shows as keepers write them: on a command line, in a cell."""

import dataclasses
import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from radio import tables
from radio.dates import find_dates, read_day
from radio.episode import (
    DATES_FROM,
    Episode,
    Link,
    Person,
    Show,
    is_address,
    read_episode,
    read_show,
    render_episode,
    render_show,
)
from radio.errors import ArchiveError
from radio.messages import _
from radio.rights import Rights

Item = Episode | Show

LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
PERSON = re.compile(r"(?P<name>.+?)(?: \((?P<role>[^()]+)\))?")
LINK = re.compile(r"(?:^|;)\s*([^;]*?)\s*(https?://\S+?)\s*(?=;\s|;http|;?$)")
YES = {"oui": True, "yes": True, "true": True, "vrai": True, "1": True}
NO = {"": False, "non": False, "no": False, "false": False, "faux": False, "0": False}
REASON = re.compile(r"(?:^|;)\s*(?:raison|reason)\s*:\s*(?P<reason>.*)$", re.IGNORECASE | re.DOTALL)
SWITCHES: Mapping[str, tuple[str, bool]] = {
    "sans écoute": ("listen", False),
    "sans téléchargement": ("download", False),
    "sans flux": ("feed", False),
    "radios seulement": ("radios_only", True),
    "copie sans musique": ("music_free", True),
}
IN_ENGLISH = {
    "no listening": "sans écoute",
    "no download": "sans téléchargement",
    "no feed": "sans flux",
    "radios only": "radios seulement",
    "music-free copy": "copie sans musique",
}
KNOWN = {"day": 10, "month": 7, "year": 4}  # characters of an ISO date


@dataclass(frozen=True)
class Field:
    """How a field is written as a text, and read: what a text changes, by attribute.

    `read` raises ValueError saying what was expected.
    """

    write: Callable[[Any], str]
    read: Callable[[str], dict[str, Any]]
    shape: Literal["line", "list", "text"] = "line"

    def plainly(self, text: str) -> str:
        """Write a text in one way, whatever page, cell or system it comes from."""
        if self.shape == "list":
            return tables.join(tables.split(text))
        return tables.plain(text).strip() if self.shape == "text" else " ".join(text.split())


def change(item: Item, texts: Mapping[str, str]) -> Item:
    """Give an episode or a show some fields anew, as texts; those that say the same stay.

    Raises ArchiveError naming the field, and what was expected.
    """
    fields, values = fields_of(item), dict[str, Any]()
    for name, text in texts.items():
        if name not in fields:
            raise ArchiveError(
                _("{name}: no such field; there are {names}").format(
                    name=name, names=", ".join(fields)
                )
            )
        try:
            values |= _read(fields[name], item, tables.plain(text))
        except ValueError as error:
            raise ArchiveError(
                _("{name}: {text!r:.60}: {error}").format(name=name, text=text, error=error)
            ) from error
    return _checked(dataclasses.replace(item, **values))


def _read(field: Field, item: Item, text: str) -> dict[str, Any]:
    """Read a text; nothing where it says the same in another way, as spreadsheets write dates."""
    before = field.write(item)
    if text == before:
        return {}
    values = field.read(text)
    return {} if field.write(dataclasses.replace(item, **values)) == before else values


def texts_of(item: Item) -> dict[str, str]:
    """Write all fields of an episode or a show as texts."""
    return {name: field.write(item) for name, field in fields_of(item).items()}


def fields_of(item: Item) -> Mapping[str, Field]:
    """Give the fields that keepers may change by a text."""
    return SHOW_FIELDS if isinstance(item, Show) else EPISODE_FIELDS


def _checked(item: Item) -> Item:
    """Read an item as its file will be read.

    Raises ArchiveError if that could not be.
    """
    if isinstance(item, Show):
        return read_show(item.slug, render_show(item), item.slug)
    return read_episode(item.show, item.slug, render_episode(item), item.key)


def _text(name: str) -> Field:
    return Field(
        lambda item: tables.plain(getattr(item, name)), lambda text: {name: text.strip()}, "text"
    )


def _line(name: str) -> Field:
    return Field(lambda item: getattr(item, name), lambda text: {name: " ".join(text.split())})


def _list(name: str) -> Field:
    return Field(
        lambda item: tables.join(getattr(item, name)),
        lambda text: {name: tuple(dict.fromkeys(tables.split(text)))},
        "list",
    )


def _number(name: str) -> Field:
    def read(text: str) -> dict[str, Any]:
        if text.strip() and not (text.strip().isdecimal() and int(text) > 0):
            raise ValueError(_("not a whole number from 1"))
        return {name: int(text) if text.strip() else None}

    return Field(lambda item: str(getattr(item, name) or ""), read)


def _read_title(text: str) -> dict[str, Any]:
    if not text.strip():
        raise ValueError(_("a title is needed"))
    return {"title": " ".join(text.split())}


def _write_date(episode: Episode) -> str:
    return episode.date.isoformat()[: KNOWN.get(episode.date_precision, 10)]


def _read_date(text: str) -> dict[str, Any]:
    """Read a day as people write it, or a month or a year where no more is known."""
    day, precision = read_day(text), "day"
    if day is None:
        year, month, number = _find_date(text)
        day = dt.date(year, month or 1, number or 1)
        precision = "day" if number else "month" if month else "year"
    return {"date": day, "date_precision": precision, "date_from": "given"}


def _find_date(text: str) -> tuple[int, int, int]:
    text = text.strip()
    found = find_dates(text, dt.date.today())
    readings = [each.readings[0] for each in found if text[each.start : each.end] == text]
    if len(readings) == 1 and readings[0][0]:
        return readings[0]
    raise ValueError(_("not a date; write it as 2024-03-19, 2024-03 or 2024"))


def _read_origin(text: str) -> dict[str, Any]:
    if text.strip() not in DATES_FROM:
        raise ValueError(_("not one of {names}").format(names=", ".join(DATES_FROM)))
    return {"date_from": text.strip()}


def _read_language(text: str) -> dict[str, Any]:
    if text.strip() and not LANGUAGE.fullmatch(text.strip()):
        raise ValueError(_("not a language; write it as fr, oc or pt-BR"))
    return {"language": text.strip()}


def _read_people(text: str) -> dict[str, Any]:
    found = (PERSON.fullmatch(each) for each in tables.split(text))
    return {"people": tuple(Person(m["name"], m["role"] or "") for m in found if m)}


def _write_people(episode: Episode) -> str:
    return tables.join(
        f"{each.name} ({each.role})" if each.role else each.name for each in episode.people
    )


def _write_links(episode: Episode) -> str:
    return tables.join(f"{each.title} {each.url}".strip() for each in episode.links)


def _read_links(text: str) -> dict[str, Any]:
    found = tuple(Link(url, " ".join(title.split())) for title, url in LINK.findall(text))
    if LINK.sub("", text).strip(" ;\n"):
        raise ValueError(_("no address beside a title; write « Title https://… »"))
    return {"links": found}


def _read_address(text: str) -> dict[str, Any]:
    if text.strip() and not is_address(text.strip()):
        raise ValueError(_("not an address; write it as https://…"))
    return {"link": text.strip()}


def _read_explicit(text: str) -> dict[str, Any]:
    if (said := text.strip().lower()) not in YES | NO:
        raise ValueError(_("neither yes nor no"))
    return {"explicit": said in YES}


def _write_rights(episode: Episode) -> str:
    """Write what is refused, in words; nothing where all is allowed."""
    rights = episode.rights
    refused = [words for words, (name, value) in SWITCHES.items() if getattr(rights, name) == value]
    return tables.join([*refused, *([f"raison : {rights.reason}"] if rights.reason else [])])


def _read_rights(text: str) -> dict[str, Any]:
    """Read what is refused; the reason comes last, for it may have semicolons."""
    said = REASON.search(text)
    values: dict[str, Any] = {"reason": " ".join(said["reason"].split()) if said else ""}
    for part in tables.split(REASON.sub("", text)):
        words = IN_ENGLISH.get(part.lower(), part.lower())
        if words not in SWITCHES:
            expected = " ; ".join([*SWITCHES, "raison : …"])
            raise ValueError(_("not one of {names}").format(names=expected))
        name, value = SWITCHES[words]
        values[name] = value
    return {"rights": Rights(**values)}


EPISODE_FIELDS: Mapping[str, Field] = {
    "title": Field(lambda item: item.title, _read_title),
    "date": Field(_write_date, _read_date),
    "date_from": Field(lambda item: item.date_from, _read_origin),
    "people": Field(_write_people, _read_people, "list"),
    "producers": _list("producers"),
    "tags": _list("tags"),
    "season": _number("season"),
    "number": _number("number"),
    "language": Field(lambda item: item.language, _read_language),
    "links": Field(_write_links, _read_links, "list"),
    "playlist": _list("playlist"),
    "rights": Field(_write_rights, _read_rights),
    "description": _text("description"),
}
SHOW_FIELDS: Mapping[str, Field] = {
    "title": Field(lambda item: item.title, _read_title),
    "description": _text("description"),
    "station": _line("station"),
    "author": _line("author"),
    "producers": _list("producers"),
    "language": Field(lambda item: item.language, _read_language),
    "category": _line("category"),
    "explicit": Field(lambda item: "oui" if item.explicit else "", _read_explicit),
    "link": Field(lambda item: item.link, _read_address),
    "license": _line("license"),
    "glossary": _list("glossary"),
}
