"""What keepers change of the site itself: `site.json`, of which all else stays as it is."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from radio.actions.shapes import Field, line, paragraphs, read_contact
from radio.archive.imprint import FILE, Choice, Colors, Imprint, read_imprint
from radio.formats import tables
from radio.formats.tables import NO, YES
from radio.system.messages import _

COLOR = re.compile(r"(fond|accent)\s*:?\s*(#[0-9a-f]{6})\b", re.IGNORECASE)


@dataclass(frozen=True)
class Site:
    """What the site says of itself, as keepers change it at the desk."""

    name: str = ""
    contact: str = ""
    legal: str = ""
    license: str = ""
    source: str = ""
    day: Choice = field(default_factory=Choice)
    night: Choice = field(default_factory=Choice)
    proposals: bool | None = None

    @property
    def imprint(self) -> Imprint:
        """All of it as pages have it.

        Raises ValueError saying what can't be so.
        """
        words = {name: getattr(self, name) for name in WORDS}
        return Imprint(**words, colors=Colors(self.day, self.night))


WORDS = tuple(each.name for each in fields(Site) if each.name not in ("day", "night"))


def read_site(words: str | None, where: object = FILE) -> Site:
    """Read the file; where there is none, nothing is said.

    Raises ArchiveError naming `where` if it is no JSON object.
    """
    imprint, _faults = read_imprint((words or "{}").encode(), where)
    said = {name: getattr(imprint, name) for name in WORDS}
    return Site(**said, day=imprint.colors.day, night=imprint.colors.night)


def render_site(site: Site, words: str | None) -> str:
    """Write what changed into the file as it was: what it says besides, even if wrong, stays."""
    data, before = json.loads(words or "{}"), read_site(words)
    for name in WORDS:
        if getattr(site, name) != getattr(before, name):
            data[name] = getattr(site, name)
    for name in ("day", "night"):
        if getattr(site, name) != getattr(before, name):
            _set_colors(data, name, getattr(site, name))
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def _set_colors(data: dict[str, Any], name: str, choice: Choice) -> None:
    known = data.get("colors")
    colors = dict(known) if isinstance(known, dict) else {}
    colors[name] = {each: color for each, color in asdict(choice).items() if color}
    data["colors"] = colors


def _colors(name: str) -> Field:
    def write(site: Site) -> str:
        choice = getattr(site, name)
        said = (("fond", choice.background), ("accent", choice.accent))
        return tables.join(f"{word} {color}" for word, color in said if color)

    def read(text: str) -> dict[str, Any]:
        if COLOR.sub("", text).strip(" ;\n"):
            raise ValueError(_("not colours; write « fond #ffffff ; accent #1f5a2e »"))
        said = {word.lower(): color.lower() for word, color in COLOR.findall(text)}
        return {name: Choice(said.get("fond", ""), said.get("accent", ""))}

    return Field(write, read)


def _read_proposals(text: str) -> dict[str, Any]:
    if (said := text.strip().lower()) not in YES | NO:
        raise ValueError(_("neither yes nor no"))
    return {"proposals": (YES | NO)[said] if said else None}


def _write_proposals(site: Site) -> str:
    return "" if site.proposals is None else "oui" if site.proposals else "non"


SITE_FIELDS: Mapping[str, Field] = {
    "name": line("name"),
    "contact": Field(lambda item: item.contact, read_contact),
    "legal": paragraphs("legal"),
    "license": line("license"),
    "source": line("source"),
    "day": _colors("day"),
    "night": _colors("night"),
    "proposals": Field(_write_proposals, _read_proposals),
}
