"""What was done to the archive, by whom and why."""

import datetime as dt

import click

from radio.archive import Archive, journal
from radio.cli.lines import say_each
from radio.cli.terminal import as_json, with_archive
from radio.system.messages import _


@with_archive
@click.argument("key", required=False, default="", metavar=_("[CLÉ]"))
@as_json
def command(archive: Archive, key: str, as_json: bool) -> None:
    """Dire qui a fait quoi et pourquoi, le plus récent d’abord ; d’un épisode, par sa clé.

    Le journal est privé : il est dans `desk/`, que n’a aucune page, aucun export, sac ou copie.
    """

    def line(each: journal.Entry) -> str:
        parts = (moment(each.when), each.who, each.what, each.key, each.line, each.note)
        return "  ".join(" ".join(part.split()) for part in parts if part)

    def value(each: journal.Entry) -> dict[str, str]:
        names = ("when", "who", "what", "key", "note")
        return {name: getattr(each, name) for name in names} | {"told": each.line}

    found = [each for each in journal.entries(archive.root) if key in ("", each.key)]
    say_each(found, as_json, line, value)


def moment(when: str) -> str:
    """Write a moment in local time; as it is if it is none."""
    try:
        return f"{dt.datetime.fromisoformat(when).astimezone():%Y-%m-%d %H:%M}"
    except ValueError:
        return when
