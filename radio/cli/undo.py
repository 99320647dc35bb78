"""Take back what was done to the catalogue."""

from datetime import datetime

import click

from radio.actions.following import catch_up
from radio.actions.undoing import undo, undo_field
from radio.archive import Archive, history
from radio.archive.history import Act
from radio.cli.lines import say, tell
from radio.cli.terminal import as_json, json_text, with_archive
from radio.search import Index
from radio.system.messages import _

STATES = {"done": "", "undone": _(" (undone)"), "emptied": _(" (its trash was emptied)")}


ACTS = {
    "rename": _("the rename of"),
    "move": _("the move of"),
    "delete": _("the deletion of"),
    "edit": _("the change of"),
    "import": _("the import of"),
    "merge": _("the merge of"),
    "withdraw": _("the withdrawal of"),
    "embargo": _("the embargo of"),
    "publish": _("the publication of"),
    "noindex": _("what search engines are told of"),
    "pseudonym": _("the pseudonym in"),
    "reply": _("the reply to"),
    "mend": _("the mending of"),
    "replace": _("the replaced recording of"),
    "cover": _("the picture of"),
    "voices": _("the names of the voices of"),
}


@click.command("undo")
@with_archive
@click.argument("name", required=False, default="", metavar=_("[ACT]"))
@click.option(
    "--field",
    nargs=2,
    metavar=_("KEY FIELD"),
    help=_("Take back one field of one episode or show, and nothing else."),
)
@click.option("--list", "listing", is_flag=True, help=_("List what was done, the newest first."))
@as_json
def command(
    archive: Archive, name: str, field: tuple[str, str] | None, listing: bool, as_json: bool
) -> None:
    """Take back the last rename, move, delete or edit; or another, by its name in the list.

    What changed since is not overwritten: then nothing is undone.
    """
    if listing:
        acts = history.acts(archive.require().root)
        if as_json:
            say(json_text([_row(act) for act in acts]))
            return
        for act in acts:
            moment = datetime.fromisoformat(act.when).astimezone()
            say(f"{act.name}  {moment:%Y-%m-%d %H:%M}  {act.line}{STATES[act.state]}")
        return
    archive.finished()  # what was cut short may be the last act
    undone = undo_field(archive, *field, name) if field else undo(archive, name)
    catch_up(archive, Index(archive))
    if undone:
        told = _("undone: {what} {told}").format(what=ACTS[undone.what], told=undone.line)
        tell(told)


def _row(act: Act) -> dict[str, str]:
    return {
        "name": act.name,
        "when": act.when,
        "what": act.what,
        "told": act.line,
        "state": act.state,
    }
