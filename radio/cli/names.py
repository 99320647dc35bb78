"""Names: those that shows tell the machine, and the people and themes that have a page."""

from dataclasses import asdict

import click

from radio.actions.editing import add_to_glossary
from radio.archive import Archive
from radio.archive.slugs import slugify
from radio.archive.themes import Theme, accept
from radio.cli.commands import Group
from radio.cli.lines import say, tell
from radio.cli.naming import require_show
from radio.cli.terminal import (
    as_json,
    counted,
    each_of,
    flag,
    option,
    progress_bar,
    say_json,
    with_archive,
)
from radio.proposals import glossary_names
from radio.proposals.glossary_names import GlossaryProposal
from radio.proposals.names import LEAST, NameModel, hear, is_on, missing, propose, release
from radio.search import Index
from radio.system.errors import RadioError
from radio.system.messages import _
from radio.text.transcript import clock

KINDS = {"person": _("person"), "theme": _("theme")}


@click.command("glossary")
@with_archive
@click.argument("show", required=False, metavar=_("[SHOW]"))
@flag("--proposals", _("List names that were mended, or doubted in several episodes."), "proposed")
@option("--add", _("Add a name; again."), _("NAME"), "names", multiple=True)
@as_json
def glossary(
    archive: Archive, show: str | None, proposed: bool, names: tuple[str, ...], as_json: bool
) -> None:
    """List the names that shows tell the machine, those that they might, or add some.

    What is added counts for what is transcribed from then on; `radio undo` takes it back. A name
    that was refused, at the desk or in themes.json, is not proposed.
    """
    if names and not show:
        raise click.UsageError(_("--add needs a SHOW"))
    slugs = [require_show(archive, show)] if show else [each.slug for each in archive.shows()]
    if names:
        add_to_glossary(archive, slugs[0], names)
        Index(archive).refresh()
        tell(counted(len(names), "name in the glossary", "names in the glossary"))
    elif proposed:
        _show([each for slug in slugs for each in glossary_names.propose(archive, slug)], as_json)
    elif as_json:
        say_json({slug: archive.read_show(slug).glossary for slug in slugs})
    else:
        for slug in slugs:
            for entry in archive.read_show(slug).glossary:
                say(f"{slug}  {entry}")


def _show(found: list[GlossaryProposal], as_json: bool) -> None:
    if as_json:
        say_json([asdict(each) for each in found])
        return
    for each in found:
        number = counted(each.times, "time mended", "times mended")
        if each.source != "mended":
            episodes = counted(each.times, "episode", "episodes")
            number = _("doubted in {episodes}").format(episodes=episodes)
        say(f"{each.show}  {each.name}  {number} ({each.key} {clock(each.second)})")
    if not found:
        tell(_("No name waits for your yes or no."))


@click.group("themes", cls=Group)
def themes() -> None:
    """List the themes, and decide on names that are proposed.

    A theme has a page of its own: what is said of it, in order of time. So have tags, people and
    the names of glossaries, unasked. What you decide stands in themes.json, which you may edit.
    """


@themes.command("list")
@with_archive
@as_json
def list_themes(archive: Archive, as_json: bool) -> None:
    """List the people and themes that have a page, each with its number of episodes."""
    index = Index(archive)
    index.refresh()
    counts = index.dossiers.subjects()
    if as_json:
        rows = [
            {"name": each.subject.name, "kind": each.subject.kind, "slug": each.subject.slug}
            | {"episodes": each.episodes}
            for each in counts
        ]
        say_json(rows)
        return
    for each in counts:
        number = counted(each.episodes, "episode", "episodes")
        say(f"{KINDS[each.subject.kind]}  {each.subject.name}  {number}")


@themes.command("propose")
@with_archive
@option("--least", _("Episodes that say it, at least."), default=LEAST, show_default=True)
@as_json
def propose_themes(archive: Archive, least: int, as_json: bool) -> None:
    """Listen for names in the finished texts, and list those on which you did not decide.

    This needs the extra `names`. Each text is read once; a run that is cut short goes on in the
    next. Listeners see nothing of it before `radio text themes accept`.
    """
    if not is_on():
        raise RadioError(
            _("the extra `names` is not installed: pip install 'radio-archive[names]'")
        )
    _listen(archive)
    found = propose(archive, least)
    if as_json:
        say_json([vars(each) for each in found])
        return
    for each in found:
        number = counted(each.episodes, "episode", "episodes")
        say(f"{each.name}  {KINDS[each.kind]}  {number}")
        say(f"    « {each.sentence} » ({each.key} {clock(each.second)})")
    if not found:
        tell(_("No name waits for your yes or no."))


@themes.command("accept")
@with_archive
@click.argument("names", nargs=-1, required=True, metavar=_("NAME…"))
@flag("--person", _("They are people of whom is spoken."))
def accept_themes(archive: Archive, names: tuple[str, ...], person: bool) -> None:
    """Say yes: each of these names is a theme, or a person, and has a page."""
    kinds = {slugify(each.name): each.kind for each in propose(archive, 1)}
    accepted = [
        Theme(name, kind="person" if person else kinds.get(slugify(name), "theme"))
        for name in names
    ]
    with archive.lock():
        accept(archive.root, accepted)
    tell(counted(len(names), "name has a page", "names have a page"))


def _listen(archive: Archive) -> None:
    episodes = missing(archive, release())
    if not episodes:
        return
    model = NameModel()
    with progress_bar(_("Names")) as progress:

        def take(number: int) -> None:
            hear(archive, episodes[number].key, model.find, release())
            progress((number + 1) / len(episodes))

        each_of(range(len(episodes)), take)
