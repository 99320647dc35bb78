"""The fields of episodes, shows and the site as keepers write them: as texts, in a cell."""

import dataclasses
import datetime as dt
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from radio.actions.chapters import merge_chapters, read_chapters, write_chapters
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
from radio.archive.grid import read_slot
from radio.archive.imprint import (
    FILE,
    MAIL,
    PINNED,
    UNSAID,
    Choice,
    Colors,
    Imprint,
    Way,
    is_contact,
    read_imprint,
)
from radio.archive.rights import Rights
from radio.archive.slugs import known_part
from radio.formats import tables
from radio.formats.tables import NO, YES
from radio.french.dates import find_dates, first_day, read_day
from radio.french.letters import fold
from radio.system.connection.place import is_address
from radio.system.errors import ArchiveError, retold
from radio.system.messages import _

LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
PERSON = re.compile(r"(?P<name>.+?)(?: \((?P<role>[^()]+)\))?")
LINK = re.compile(r"(?:^|;)\s*([^;]*?)\s*(https?://\S+?)\s*(?=;\s|;http|;?$)")
REASON = re.compile(r"(?:^|;)\s*(?:raison|reason)\s*:\s*(?P<reason>.*)$", re.IGNORECASE | re.DOTALL)
COLOR = re.compile(r"(fond|accent)\s*:?\s*(#[0-9a-f]{6})\b", re.IGNORECASE)
SWITCHES: Mapping[str, tuple[str, bool]] = {
    "sans écoute": ("listen", False),
    "sans téléchargement": ("download", False),
    "sans flux": ("feed", False),
    "radios seulement": ("radios_only", True),
    "copie sans musique": ("music_free", True),
}
WAYS: Mapping[Way, str] = {"inbox": "boîte", "uploads": "dépôts", "sources": "sources"}
# the same words, in the same order
ENGLISH = ("no listening", "no download", "no feed", "radios only", "music-free copy")
IN_ENGLISH = dict(zip(ENGLISH, SWITCHES, strict=True))


@dataclass(frozen=True)
class Field:
    """How a value is written as a text, and read; `read` raises ValueError."""

    write: Callable[..., str]
    read: Callable[[str], Any]
    shape: Literal["line", "list", "text"] = "line"
    # None: who comes second decides
    merge: Callable[[str, str, str], str | None] = lambda _was, _now, _mine: None
    sets: tuple[str, ...] = ()  # attributes, if not that of its name

    def plainly(self, text: str) -> str:
        """Write a text in one way, whatever page, cell or system it comes from."""
        if self.shape == "list":
            return tables.join(tables.split(text))
        return tables.plain(text).strip() if self.shape == "text" else " ".join(text.split())


@dataclass(frozen=True)
class Site:
    """What the site says of itself, as keepers change it at the desk."""

    name: str = ""
    contact: str = ""
    legal: str = ""
    license: str = ""
    source: str = ""
    team: str = ""
    visit: str = ""
    phone: str = ""
    sentence: str = ""
    day: Choice = dataclasses.field(default_factory=Choice)
    night: Choice = dataclasses.field(default_factory=Choice)
    proposals: bool | None = None
    drafts: tuple[Way, ...] = UNSAID.drafts

    @property
    def imprint(self) -> Imprint:
        """The same, as pages have it. Raises ValueError saying what can't be so."""
        words = {name: getattr(self, name) for name in WORDS}
        return Imprint(**words, colors=Colors(self.day, self.night))


Item = Episode | Show | Site
COLORS = ("day", "night")
WORDS = tuple(each.name for each in dataclasses.fields(Site) if each.name not in COLORS)


def change(item: Item, texts: Mapping[str, str]) -> Item:
    """Change fields of an item by texts. Raises ArchiveError with the field, and what was expected.
    A text that says the same in another way, as spreadsheets write dates, changes nothing."""
    fields, values = fields_of(item), dict[str, Any]()
    for name, text in texts.items():
        if name not in fields:
            message = _("{name} : ce champ n’existe pas ; il y a {names}")
            raise ArchiveError(message, name=name, names=", ".join(fields))
        before, said = _written(item, name), tables.plain(text)
        if said == before:
            continue
        message = _("{name} : {text!r:.60} : {error}")
        with retold(message, ValueError, by=ArchiveError, name=name, text=text):
            value = fields[name].read(said)
        sets = fields[name].sets
        each = dict(zip(sets, value, strict=True)) if sets else {name: value}
        if _written(dataclasses.replace(item, **each), name) != before:
            values |= each
    for each in values.get("chapters", ()):
        if isinstance(item, Episode) and each.start >= item.audio.duration:
            message = _("chapters : {title} : commence après la fin de l’enregistrement")
            raise ArchiveError(message, title=each.title)
    return _checked(dataclasses.replace(item, **values))


def texts_of(item: Item) -> dict[str, str]:
    """Write all fields of an item as texts."""
    return {name: _written(item, name) for name in fields_of(item)}


def _written(item: Item, name: str) -> str:
    return fields_of(item)[name].write(*(getattr(item, each) for each in attributes_of(item, name)))


def attributes_of(item: Item, name: str) -> tuple[str, ...]:
    """Name the attributes that a field sets."""
    return fields_of(item)[name].sets or (name,)


def fields_of(item: Item) -> Mapping[str, Field]:
    """Give the fields that keepers may change by a text."""
    shown = SHOW_FIELDS if isinstance(item, Show) else EPISODE_FIELDS
    return SITE_FIELDS if isinstance(item, Site) else shown


def key_of(item: Item) -> str:
    """Give the key of an episode, the slug of a show, or the file of the site."""
    return FILE if isinstance(item, Site) else item.slug if isinstance(item, Show) else item.key


def _checked(item: Item) -> Item:
    """Read an item as its file will be read."""
    if isinstance(item, Show):
        return read_show(item.slug, render_show(item), item.slug)
    if isinstance(item, Episode):
        return read_episode(item.show, item.slug, render_episode(item), item.key)
    with retold(_("{place} : {error}"), ValueError, by=ArchiveError, place=FILE):
        item.imprint  # noqa: B018 (reading it is the check)
    return item


def read_site(words: str | None, where: object = FILE) -> Site:
    """Read `site.json`; empty where there is none. Raises ArchiveError naming `where`."""
    imprint, _faults = read_imprint((words or "{}").encode(), where)
    said = {name: getattr(imprint, name) for name in WORDS}
    return Site(**said, day=imprint.colors.day, night=imprint.colors.night)


def render_site(site: Site, words: str | None) -> str:
    """Write changes into the file; all else in it stays, even if wrong."""
    data, before = json.loads(words or "{}"), read_site(words)
    changed = [name for name in (*WORDS, *COLORS) if getattr(site, name) != getattr(before, name)]
    for name in changed:
        value = getattr(site, name)
        if name in COLORS:
            known = data.get("colors")
            said = {each: color for each, color in asdict(value).items() if color}
            data["colors"] = {**(known if isinstance(known, dict) else {}), name: said}
        else:
            data[name] = value
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def _line(check: Callable[[str], object], expected: str, *, is_needed: bool = False) -> Field:
    def read(text: str) -> str:
        said = " ".join(text.split())
        if (said or is_needed) and not check(said):
            raise ValueError(_(expected))
        return said

    return Field(str, read)


def _read_number(text: str) -> int | None:
    if text.strip() and not (text.strip().isdecimal() and int(text) > 0):
        raise ValueError(_("il faut un nombre entier, 1 ou plus"))
    return int(text) if text.strip() else None


def _switch(off: str, unsaid: bool | None = False) -> Field:
    """Make a field of yes or no, which is written `off`; empty means `unsaid`."""

    def read(text: str) -> bool | None:
        if (said := text.strip().lower()) not in YES | NO:
            raise ValueError(_("écrivez oui ou non"))
        return said in YES if said else unsaid

    return Field(lambda value: "" if value is None else "oui" if value else off, read)


def _write_colors(choice: Choice) -> str:
    said = (("fond", choice.background), ("accent", choice.accent))
    return tables.join(f"{word} {color}" for word, color in said if color)


def _read_colors(text: str) -> Choice:
    if COLOR.sub("", text).strip(" ;\n"):
        raise ValueError(_("pas des couleurs ; écrivez « fond #ffffff ; accent #1f5a2e »"))
    said = {word.lower(): color.lower() for word, color in COLOR.findall(text)}
    return Choice(said.get("fond", ""), said.get("accent", ""))


def _read_date(text: str) -> tuple[dt.date, str, bool]:
    """Read a day as people write it, or a month or a year where no more is known."""
    if day := read_day(text):
        return day, "day", True
    found = find_dates(text := text.strip(), dt.date.today())
    readings = [each.readings[0] for each in found if text[each.start : each.end] == text]
    if len(readings) != 1 or not readings[0][0]:
        raise ValueError(_("pas une date ; écrivez-la 2024-03-19, 19 mars 2024, 2024-03 ou 2024"))
    return *first_day(*readings[0]), True


def _read_people(text: str) -> tuple[Person, ...]:
    found = filter(None, map(PERSON.fullmatch, tables.split(text)))
    return tuple(Person(each["name"], each["role"] or "") for each in found)


def _read_links(text: str) -> tuple[Link, ...]:
    if LINK.sub("", text).strip(" ;\n"):
        raise ValueError(_("il faut une adresse après chaque titre ; écrivez « Titre https://… »"))
    return tuple(Link(url, " ".join(title.split())) for title, url in LINK.findall(text))


def _read_grid(text: str) -> tuple[str, ...]:
    """Read when a show is on the air, a line for each place in the week."""
    lines = tuple(dict.fromkeys(tables.split(text)))
    for line in lines:
        try:
            read_slot(line)
        except ArchiveError as error:
            raise ValueError(error) from error
    return lines


def _write_rights(rights: Rights) -> str:
    refused = [words for words, (name, value) in SWITCHES.items() if getattr(rights, name) == value]
    return tables.join([*refused, *([f"raison : {rights.reason}"] if rights.reason else [])])


def _read_rights(text: str) -> Rights:
    """Read what is refused; the reason comes last, for it may have semicolons."""
    said = REASON.search(text)
    values: dict[str, Any] = {"reason": " ".join(said["reason"].split()) if said else ""}
    for part in tables.split(REASON.sub("", text)):
        words = IN_ENGLISH.get(part.lower(), part.lower())
        if words not in SWITCHES:
            raise ValueError(_("au choix : {names}", names=" ; ".join([*SWITCHES, "raison : …"])))
        name, value = SWITCHES[words]
        values[name] = value
    return Rights(**values)


def _read_ways(text: str) -> tuple[Way, ...]:
    """Read how recordings come in that wait to be published."""
    ways: dict[str, Way] = {fold(name): way for way, name in WAYS.items()}
    ways |= {way: way for way in WAYS}
    said = [fold(each.lower()) for each in tables.split(text)]
    if any(each not in ways for each in said):
        raise ValueError(_("au choix : {names}", names=" ; ".join(WAYS.values())))
    return tuple(dict.fromkeys(ways[each] for each in said))


DATED = ("date", "date_precision", "date_sure")
LINE = Field(str, lambda text: " ".join(text.split()))
PARAGRAPHS = Field(tables.plain, str.strip, "text")
SERIES = Field(tables.join, lambda text: tuple(dict.fromkeys(tables.split(text))), "list")
NUMBER = Field(lambda value: str(value or ""), _read_number)


def _read_languages(text: str) -> str | tuple[str, ...]:
    several = tuple(SPOKEN.read(each) for each in text.split(",") if each.strip())
    return several if len(several) > 1 else "".join(several)


TWO_COLORS = Field(_write_colors, _read_colors)
TITLE = _line(bool, _("il faut un titre"), is_needed=True)
CONTACT = _line(is_contact, _("il faut un courriel, ou https://…"))
SPOKEN = _line(LANGUAGE.fullmatch, _("pas une langue ; écrivez fr, oc ou pt-BR"))
SPOKEN_THERE = Field(
    lambda some: some if isinstance(some, str) else ", ".join(some), _read_languages
)
LINKS = Field(
    lambda links: tables.join(f"{e.title} {e.url}".strip() for e in links), _read_links, "list"
)
EPISODE_FIELDS: Mapping[str, Field] = {
    "title": TITLE,
    "date": Field(lambda day, precision, _sure: known_part(day, precision), _read_date, sets=DATED),
    "date_sure": _switch("non"),
    "people": Field(lambda some: tables.join(e.with_role for e in some), _read_people, "list"),
    "producers": SERIES,
    "tags": SERIES,
    "season": NUMBER,
    "number": NUMBER,
    "language": SPOKEN_THERE,
    "links": LINKS,
    "chapters": Field(write_chapters, read_chapters, "list", merge_chapters),
    "playlist": SERIES,
    "rights": Field(_write_rights, _read_rights),
    "description": PARAGRAPHS,
}
SHOW_FIELDS: Mapping[str, Field] = {
    "title": TITLE,
    "description": PARAGRAPHS,
    "station": LINE,
    "author": LINE,
    "contact": CONTACT,
    "producers": SERIES,
    "language": SPOKEN,
    "category": LINE,
    "explicit": _switch(""),
    "link": _line(is_address, _("pas une adresse ; écrivez https://…")),
    "license": LINE,
    "glossary": SERIES,
    "location": LINE,
    "funding": LINKS,
    "image_shows": LINE,
    "owner": _line(MAIL.fullmatch, _("il faut un courriel")),
    "claims": SERIES,
    "grid": Field(tables.join, _read_grid, "list"),
    "uncounted": _switch(""),
}
SITE_FIELDS: Mapping[str, Field] = {
    "name": LINE,
    "contact": CONTACT,
    "legal": PARAGRAPHS,
    "license": LINE,
    "source": LINE,
    "team": PARAGRAPHS,
    "visit": PARAGRAPHS,
    "phone": LINE,
    "sentence": _line(PINNED.fullmatch, _("pas l’adresse d’une phrase ; copiez …/shows/…?t=…")),
    "day": TWO_COLORS,
    "night": TWO_COLORS,
    "proposals": _switch("non", unsaid=None),
    "drafts": Field(lambda ways: tables.join(WAYS[each] for each in ways), _read_ways, "list"),
}
