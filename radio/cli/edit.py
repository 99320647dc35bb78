"""Change what is written of episodes and shows."""

from pathlib import Path

import click

from radio.actions.editing import Edit, edit, export_fields, read_edits, unknown_columns, write
from radio.actions.fields import texts_of
from radio.archive import Archive
from radio.cli.lines import counted, say, tell, warn
from radio.cli.naming import Several, find_episode, require_show
from radio.cli.terminal import flag, option, table, with_archive
from radio.search import Index
from radio.system.disk import read_bytes, write_whole
from radio.system.errors import RadioError
from radio.system.messages import _

SHOWN = 60  # characters of a field


@with_archive
@click.argument("key", required=False, default="", metavar=_("[CLÉ]"))
@click.argument("values", nargs=-1, metavar=_("[CHAMP=VALEUR…]"))
@table(
    "--export",
    _("Écrire les champs de tous les épisodes dans un tableau, à corriger dans un tableur."),
    "exported",
)
@table("--import", _("Appliquer les changements faits dans un tel tableau."), "imported")
@option("--show", _("N’exporter que cette émission."), _("SLUG"))
@flag("--dry-run", _("Montrer ce qui changerait, sans rien changer."))
@flag("--force", _("Écraser ce qui a changé depuis l’export."))
def command(
    archive: Archive,
    key: str,
    values: Several,
    exported: Path | None,
    imported: Path | None,
    show: str | None,
    dry_run: bool,
    force: bool,
) -> int:
    """Changer des champs d’un épisode ou d’une émission : title="Un titre" date="12 mai 2023"
    tags="eau; ville".

    Sans valeur, les champs sont listés. Plusieurs valeurs d’un champ se séparent par des
    points-virgules ; une valeur vide retire ce qui y était. L’adresse reste : `radio move --rename`
    la change. `radio undo` annule le tout.
    """
    if bool(key) + bool(exported) + bool(imported) != 1:
        raise click.UsageError(_("donnez une CLÉ, --export ou --import"))
    if exported:
        write_whole(exported, export_fields(archive, show and require_show(archive, show)))
    elif imported:
        return _import(archive, imported, dry_run, force)
    else:
        _edit(archive, key, values, dry_run)
    return 0


def _edit(archive: Archive, key: str, values: Several, dry_run: bool) -> None:
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
            raise click.UsageError(_("{value} : écrivez-le CHAMP=VALEUR", value=value[:SHOWN]))
        texts[name.strip().lower()] = text
    if "date" in texts and "/" in key:  # whoever writes it again says that it is right
        texts.setdefault("date_sure", "oui")
    _write(archive, [edit(archive, key, texts)], dry_run)


def _import(archive: Archive, path: Path, dry_run: bool, force: bool) -> int:
    content, edits, faults = read_bytes(path), list[Edit](), 0
    for name in unknown_columns(content, path):
        warn(_("{path} : pas de champ {name} ; laissé de côté"), path=path, name=name)
    for found in read_edits(archive, content, path, force=force):
        if isinstance(found, RadioError):
            faults += 1
            warn(found)
        elif found.changes:
            edits.append(found)
    _write(archive, edits, dry_run, imported=True)
    return faults


def _write(archive: Archive, edits: list[Edit], dry_run: bool, *, imported: bool = False) -> None:
    for each in edits:
        for name, (before, after) in each.changes.items():
            say(f"{each.key}  {name}: {_short(before)} -> {_short(after)}")
    if not dry_run and write(archive, edits, "import" if imported else "edit"):
        Index(archive).refresh()
    number = counted(sum(bool(each.changes) for each in edits), "{n} fiche", "{n} fiches")
    tell(_("changerait : {entries}") if dry_run else _("changé : {entries}"), entries=number)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return (line if len(line) <= SHOWN else f"{line[: SHOWN - 1]}…") or "∅"
