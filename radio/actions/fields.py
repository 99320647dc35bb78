"""The fields of episodes, shows and the site as keepers write them: as texts, in a cell."""

import dataclasses
import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from radio.actions.chapter_rows import merge_chapters
from radio.actions.chapters import read_chapters, write_chapters
from radio.actions.shapes import Field, line, number, paragraphs, read_contact, series
from radio.actions.site import SITE_FIELDS, Site
from radio.archive.episode import (
    Episode,
    Link,
    Person,
    Show,
    read_episode,
    read_show,
    render_episode,
    render_show,
)
from radio.archive.imprint import FILE
from radio.archive.rights import Rights
from radio.formats import tables
from radio.formats.tables import NO, YES
from radio.french.dates import find_dates, read_day
from radio.system.connection.place import is_address
from radio.system.errors import ArchiveError
from radio.system.messages import _

Item = Episode | Show | Site

LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
PERSON = re.compile(r"(?P<name>.+?)(?: \((?P<role>[^()]+)\))?")
LINK = re.compile(r"(?:^|;)\s*([^;]*?)\s*(https?://\S+?)\s*(?=;\s|;http|;?$)")
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


def change(item: Item, texts: Mapping[str, str]) -> Item:
    """Give an episode or a show some fields anew, as texts; those that say the same stay.

    Raises ArchiveError naming the field, and what was expected.
    """
    fields, values = fields_of(item), dict[str, Any]()
    for name, text in texts.items():
        if name not in fields:
            told = _("{name}: no such field; there are {names}")
            raise ArchiveError(told, name=name, names=", ".join(fields))
        try:
            values |= _read(fields[name], item, tables.plain(text))
        except ValueError as error:
            told = _("{name}: {text!r:.60}: {error}")
            raise ArchiveError(told, name=name, text=text, error=error) from error
    for each in values.get("chapters", ()):
        if isinstance(item, Episode) and each.start >= item.audio.duration:
            told = _("chapters: {title}: begins after the end of the recording")
            raise ArchiveError(told, title=each.title)
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
    if isinstance(item, Site):
        return SITE_FIELDS
    return SHOW_FIELDS if isinstance(item, Show) else EPISODE_FIELDS


def key_of(item: Item) -> str:
    """Name an episode by its key, a show by its slug, and the site by its file."""
    if isinstance(item, Site):
        return FILE
    return item.slug if isinstance(item, Show) else item.key


def _checked(item: Item) -> Item:
    """Read an item as its file will be read.

    Raises ArchiveError if that could not be.
    """
    if isinstance(item, Site):
        try:
            item.imprint  # noqa: B018 (reading it is the check)
        except ValueError as error:
            told = _("{place}: {error}").format(place=FILE, error=error)
            raise ArchiveError(told) from error
        return item
    if isinstance(item, Show):
        return read_show(item.slug, render_show(item), item.slug)
    return read_episode(item.show, item.slug, render_episode(item), item.key)


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
    return {"date": day, "date_precision": precision, "date_sure": True}


def _find_date(text: str) -> tuple[int, int, int]:
    text = text.strip()
    found = find_dates(text, dt.date.today())
    readings = [each.readings[0] for each in found if text[each.start : each.end] == text]
    if len(readings) == 1 and readings[0][0]:
        return readings[0]
    raise ValueError(_("not a date; write it as 2024-03-19, 2024-03 or 2024"))


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


def _answer(name: str, no: str) -> Field:
    """Give a field that is yes or no."""

    def read(text: str) -> dict[str, Any]:
        if (said := text.strip().lower()) not in YES | NO:
            raise ValueError(_("neither yes nor no"))
        return {name: said in YES}

    return Field(lambda item: "oui" if getattr(item, name) else no, read)


def _write_rights(episode: Episode) -> str:
    """Write what is refused, in words; nothing where all is allowed."""
    rights = episode.rights
    refused = [words for words, (name, value) in SWITCHES.items() if getattr(rights, name) == value]
    return tables.join([*refused, *([f"raison : {rights.reason}"] if rights.reason else [])])


def _read_chapters(text: str) -> dict[str, Any]:
    return {"chapters": read_chapters(text)}


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
    "date_sure": _answer("date_sure", "non"),
    "people": Field(_write_people, _read_people, "list"),
    "producers": series("producers"),
    "tags": series("tags"),
    "season": number("season"),
    "number": number("number"),
    "language": Field(lambda item: item.language, _read_language),
    "links": Field(_write_links, _read_links, "list"),
    "chapters": Field(
        lambda item: write_chapters(item.chapters), _read_chapters, "list", merge_chapters
    ),
    "playlist": series("playlist"),
    "rights": Field(_write_rights, _read_rights),
    "description": paragraphs("description"),
}
SHOW_FIELDS: Mapping[str, Field] = {
    "title": Field(lambda item: item.title, _read_title),
    "description": paragraphs("description"),
    "station": line("station"),
    "author": line("author"),
    "contact": Field(lambda item: item.contact, read_contact),
    "producers": series("producers"),
    "language": Field(lambda item: item.language, _read_language),
    "category": line("category"),
    "explicit": _answer("explicit", ""),
    "link": Field(lambda item: item.link, _read_address),
    "license": line("license"),
    "glossary": series("glossary"),
}
