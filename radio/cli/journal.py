"""Print the journal of the house."""

from datetime import datetime

import click

from radio.archive import Archive, journal
from radio.cli.lines import say
from radio.cli.terminal import as_json, json_text, with_archive
from radio.system.messages import _


@click.command("journal")
@with_archive
@click.argument("key", required=False, default="", metavar=_("[KEY]"))
@as_json
def command(archive: Archive, key: str, as_json: bool) -> None:
    """Tell who did what and why, the newest first; of one episode, by its key.

    The journal is private: it lies in `desk/`, which no page, export, bag or mirror has.
    """
    archive.require()
    found = [each for each in journal.entries(archive.root) if key in ("", each.key)]
    if as_json:
        say(json_text([_row(each) for each in found]))
        return
    for each in found:
        parts = (_moment(each.when), each.who, each.what, each.key, each.line, each.note)
        say("  ".join(" ".join(part.split()) for part in parts if part))


def _row(entry: journal.Entry) -> dict[str, object]:
    names = ("when", "who", "what", "key", "note")
    return {**{name: getattr(entry, name) for name in names}, "told": entry.line}


def _moment(when: str) -> str:
    """Write a moment in the hours of this place; as it stands there where it is none."""
    try:
        return f"{datetime.fromisoformat(when).astimezone():%Y-%m-%d %H:%M}"
    except ValueError:
        return when
