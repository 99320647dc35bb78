"""Change what is written of episodes and shows."""

import sys
from pathlib import Path

import click

from radio.actions.editing import Edit, edit, export_fields, read_edits, unknown_columns, write
from radio.actions.fields import texts_of
from radio.archive import Archive
from radio.cli.lines import say, tell, warn
from radio.cli.naming import find_episode, require_show
from radio.cli.terminal import counted, flag, option, with_archive
from radio.search import Index
from radio.system.disk import read_bytes, write_whole
from radio.system.errors import RadioError
from radio.system.messages import _

SHOWN = 60  # characters of a field


@click.command("edit")
@with_archive
@click.argument("key", required=False, default="", metavar=_("[KEY]"))
@click.argument("values", nargs=-1, metavar=_("[FIELD=VALUE…]"))
@option(
    "--export",
    _("Write the fields of all episodes as a table, to be corrected in a spreadsheet."),
    _("TABLE.csv"),
    "exported",
    type=click.Path(path_type=Path),
)
@option(
    "--import",
    _("Take the cells that were changed in such a table."),
    _("TABLE.csv"),
    "imported",
    type=click.Path(path_type=Path),
)
@option("--show", _("Export this show only."), _("SLUG"))
@flag("--dry-run", _("Show what would change, change nothing."))
@flag("--force", _("Overwrite what changed since the export."))
def command(
    archive: Archive,
    key: str,
    values: tuple[str, ...],
    exported: Path | None,
    imported: Path | None,
    show: str | None,
    dry_run: bool,
    force: bool,
) -> None:
    """Change fields of an episode or a show: title="Un titre" date="12 mai 2023" tags="eau; ville".

    Without values the fields are listed. Several values of one field stand between semicolons; an
    empty one removes what was there. The address stays: `radio move --rename` changes it.
    `radio undo` takes all of it back.
    """
    if bool(key) + bool(exported) + bool(imported) != 1:
        raise click.UsageError(_("give a KEY, --export or --import"))
    if exported:
        write_whole(exported, export_fields(archive, show and require_show(archive, show)))
    elif imported:
        _import(archive, imported, dry_run, force)
    else:
        _edit(archive, key, values, dry_run)


def _edit(archive: Archive, key: str, values: tuple[str, ...], dry_run: bool) -> None:
    key = find_episode(archive, key).key if "/" in key else require_show(archive, key)
    if not values:
        item = archive.episode(key) if "/" in key else archive.read_show(key)
        for name, text in texts_of(item).items():
            say(f"{name}={text}")
        return
    texts = dict[str, str]()
    for value in values:
        name, is_given, text = value.partition("=")
        if not is_given:
            raise click.UsageError(_("{value}: not FIELD=VALUE").format(value=value[:SHOWN]))
        texts[name.strip().lower()] = text
    if "date" in texts and "/" in key:  # whoever writes it again says that it is right
        texts.setdefault("date_sure", "oui")
    _write(archive, [edit(archive, key, texts)], dry_run)


def _import(archive: Archive, path: Path, dry_run: bool, force: bool) -> None:
    content, edits, faults = read_bytes(path), list[Edit](), 0
    for name in unknown_columns(content, path):
        warn(_("{path}: no field {name}; left out"), path=path, name=name)
    for found in read_edits(archive, content, path, force=force):
        if isinstance(found, RadioError):
            faults += 1
            warn(found)
        elif found.changes:
            edits.append(found)
    _write(archive, edits, dry_run, imported=True)
    sys.exit(1 if faults else 0)


def _write(archive: Archive, edits: list[Edit], dry_run: bool, *, imported: bool = False) -> None:
    for each in edits:
        for name, (before, after) in each.changes.items():
            say(f"{each.key}  {name}: {_short(before)} -> {_short(after)}")
    if not dry_run and write(archive, edits, "import" if imported else "edit"):
        Index(archive).refresh()
    number = counted(sum(bool(each.changes) for each in edits), "entry", "entries")
    tell(_("{entries} would change") if dry_run else _("{entries} changed"), entries=number)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return (line if len(line) <= SHOWN else f"{line[: SHOWN - 1]}…") or "∅"
