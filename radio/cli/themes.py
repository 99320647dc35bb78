"""Decide what is a theme: names that a model hears are proposed, a keeper says yes."""

import click

from radio.archive import Archive
from radio.archive.slugs import slugify
from radio.archive.themes import Theme, accept
from radio.cli.commands import Group
from radio.cli.lines import say, tell
from radio.cli.terminal import as_json, counted, each_of, json_text, progress_bar, with_archive
from radio.proposals.names.hearing import hear, missing
from radio.proposals.names.model import NameModel, is_on, release
from radio.proposals.names.proposals import LEAST, Proposal, propose
from radio.search import Index
from radio.system.errors import RadioError
from radio.system.messages import _
from radio.text.transcript import clock

KINDS = {"person": _("person"), "theme": _("theme")}


@click.group("themes", cls=Group)
def command() -> None:
    """List the themes, and decide on names that are proposed.

    A theme has a page of its own: what is said of it, in order of time. So have tags, people and
    the names of glossaries, unasked. What you decide stands in themes.json, which you may edit.
    """


@command.command("list")
@with_archive
@as_json
def list_all(archive: Archive, as_json: bool) -> None:
    """List the people and themes that have a page, each with its number of episodes."""
    index = Index(archive.require())
    index.refresh()
    counts = index.dossiers.subjects()
    if as_json:
        rows = [
            {"name": each.subject.name, "kind": each.subject.kind, "slug": each.subject.slug}
            | {"episodes": each.episodes}
            for each in counts
        ]
        say(json_text(rows))
        return
    for each in counts:
        number = counted(each.episodes, "episode", "episodes")
        say(f"{KINDS[each.subject.kind]}  {each.subject.name}  {number}")


@command.command("propose")
@with_archive
@click.option(
    "--least", default=LEAST, show_default=True, help=_("Episodes that say it, at least.")
)
@as_json
def propose_names(archive: Archive, least: int, as_json: bool) -> None:
    """Listen for names in the finished texts, and list those on which you did not decide.

    This needs the extra `names`. Each text is read once; a run that is cut short goes on in the
    next. Listeners see nothing of it before `radio text themes accept`.
    """
    archive.require()
    if not is_on():
        told = _("the extra `names` is not installed: pip install 'radio-archive[names]'")
        raise RadioError(told)
    _listen(archive)
    found = propose(archive, least)
    if as_json:
        say(json_text([vars(each) for each in found]))
        return
    for each in found:
        say(_line(each))
    if not found:
        tell(_("No name waits for your yes or no."))


@command.command("accept")
@with_archive
@click.argument("names", nargs=-1, required=True, metavar=_("NAME…"))
@click.option("--person", is_flag=True, help=_("They are people of whom is spoken."))
def accept_names(archive: Archive, names: tuple[str, ...], person: bool) -> None:
    """Say yes: each of these names is a theme, or a person, and has a page."""
    archive.require()
    kinds = {slugify(each.name): each.kind for each in propose(archive, 1)}
    accepted = [
        Theme(name, kind="person" if person else kinds.get(slugify(name), "theme"))
        for name in names
    ]
    with archive.lock():
        accept(archive.root, accepted)
    tell(counted(len(names), "name has a page", "names have a page"))


def _listen(archive: Archive) -> None:
    """Hear the names of the texts that were not listened to."""
    episodes = missing(archive, release())
    if not episodes:
        return
    model = NameModel()
    with progress_bar(_("Names")) as progress:

        def take(number: int) -> None:
            hear(archive, episodes[number].key, model.find, release())
            progress((number + 1) / len(episodes))

        each_of(range(len(episodes)), take)


def _line(proposal: Proposal) -> str:
    number = counted(proposal.episodes, "episode", "episodes")
    place = f"{proposal.key} {clock(proposal.second)}"
    head = f"{proposal.name}  {KINDS[proposal.kind]}  {number}"
    return f"{head}\n    « {proposal.sentence} » ({place})"
