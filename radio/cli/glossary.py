"""The glossaries of shows: names that the machine is told, and those that it might be."""

from dataclasses import asdict

import click

from radio.actions.editing import add_to_glossary
from radio.archive import Archive
from radio.cli.lines import say, tell
from radio.cli.naming import require_show
from radio.cli.terminal import as_json, counted, json_text, with_archive
from radio.proposals.glossary_names import GlossaryProposal, propose
from radio.search import Index
from radio.system.messages import _
from radio.text.transcript import clock


@click.command("glossary")
@with_archive
@click.argument("show", required=False, metavar=_("[SHOW]"))
@click.option(
    "--proposals",
    "proposed",
    is_flag=True,
    help=_("List names that were mended, or doubted in several episodes."),
)
@click.option("--add", "names", multiple=True, metavar=_("NAME"), help=_("Add a name; again."))
@as_json
def command(
    archive: Archive, show: str | None, proposed: bool, names: tuple[str, ...], as_json: bool
) -> None:
    """List the names that shows tell the machine, those that they might, or add some.

    What is added counts for what is transcribed from then on; `radio undo` takes it back. A name
    that was refused, at the desk or in themes.json, is not proposed.
    """
    archive.require()
    if names and not show:
        raise click.UsageError(_("--add needs a SHOW"))
    slugs = [require_show(archive, show)] if show else [each.slug for each in archive.shows()]
    if names:
        add_to_glossary(archive, slugs[0], names)
        Index(archive).refresh()
        tell(counted(len(names), "name in the glossary", "names in the glossary"))
    elif proposed:
        _show([each for slug in slugs for each in propose(archive, slug)], as_json)
    elif as_json:
        say(json_text({slug: archive.read_show(slug).glossary for slug in slugs}))
    else:
        for slug in slugs:
            for entry in archive.read_show(slug).glossary:
                say(f"{slug}  {entry}")


def _show(found: list[GlossaryProposal], as_json: bool) -> None:
    if as_json:
        say(json_text([asdict(each) for each in found]))
        return
    for each in found:
        place = f"{each.key} {clock(each.second)}"
        if each.source == "mended":
            number = counted(each.times, "time mended", "times mended")
        else:
            number = _("doubted in {episodes}").format(
                episodes=counted(each.times, "episode", "episodes")
            )
        say(f"{each.show}  {each.name}  {number} ({place})")
    if not found:
        tell(_("No name waits for your yes or no."))
