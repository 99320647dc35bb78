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
from radio.proposals.names import LEAST, hear, is_on, load, missing, propose, release
from radio.search import Index
from radio.system.errors import RadioError
from radio.system.messages import _
from radio.text.transcript import clock

KINDS = {"person": _("personne"), "theme": _("thème")}


@click.command("glossary")
@with_archive
@click.argument("show", required=False, metavar=_("[ÉMISSION]"))
@flag("--proposals", _("Lister les noms corrigés, ou douteux dans plusieurs épisodes."), "proposed")
@option("--add", _("Ajouter un nom ; à répéter."), _("NOM"), "names", multiple=True)
@as_json
def glossary(
    archive: Archive, show: str | None, proposed: bool, names: tuple[str, ...], as_json: bool
) -> None:
    """Lister les noms que les émissions disent à la machine, ceux qu’elles pourraient dire, ou en
    ajouter.

    Ce qui est ajouté vaut pour ce qui est transcrit ensuite ; `radio undo` le reprend. Un nom
    refusé, au bureau ou dans themes.json, n’est pas proposé.
    """
    if names and not show:
        raise click.UsageError(_("--add demande une ÉMISSION"))
    slugs = [require_show(archive, show)] if show else [each.slug for each in archive.shows()]
    if names:
        add_to_glossary(archive, slugs[0], names)
        Index(archive).refresh()
        tell(counted(len(names), "{n} nom au glossaire", "{n} noms au glossaire"))
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
        number = counted(each.times, "{n} correction", "{n} corrections")
        if each.source != "mended":
            episodes = counted(each.times, "{n} épisode", "{n} épisodes")
            number = _("douteux dans {episodes}", episodes=episodes)
        say(f"{each.show}  {each.name}  {number} ({each.key} {clock(each.second)})")
    if not found:
        tell(_("Aucun nom n’attend votre oui ou votre non."))


@click.group("themes", cls=Group)
def themes() -> None:
    """Lister les thèmes, et décider des noms proposés.

    Un thème a sa page : ce qui en est dit, dans l’ordre du temps. Les mots-clés, les personnes et
    les noms des glossaires en ont une sans rien demander. Ce que vous décidez est dans themes.json,
    que vous pouvez modifier.
    """


@themes.command("list")
@with_archive
@as_json
def list_themes(archive: Archive, as_json: bool) -> None:
    """Lister les personnes et les thèmes qui ont une page, chacun avec son nombre d’épisodes."""
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
        number = counted(each.episodes, "{n} épisode", "{n} épisodes")
        say(f"{KINDS[each.subject.kind]}  {each.subject.name}  {number}")


@themes.command("propose")
@with_archive
@option(
    "--least", _("Nombre d’épisodes qui le disent, au moins."), default=LEAST, show_default=True
)
@as_json
def propose_themes(archive: Archive, least: int, as_json: bool) -> None:
    """Chercher des noms dans les textes finis, et lister ceux dont vous n’avez pas décidé.

    Il faut l’extra `names`. Chaque texte est lu une fois ; un travail interrompu reprend au
    suivant. Personne n’en voit rien avant `radio text themes accept`.
    """
    if not is_on():
        raise RadioError(
            _("l’extra `names` n’est pas installé : pip install 'radio-archive[names]'")
        )
    _listen(archive)
    found = propose(archive, least)
    if as_json:
        say_json([vars(each) for each in found])
        return
    for each in found:
        number = counted(each.episodes, "{n} épisode", "{n} épisodes")
        say(f"{each.name}  {KINDS[each.kind]}  {number}")
        say(f"    « {each.sentence} » ({each.key} {clock(each.second)})")
    if not found:
        tell(_("Aucun nom n’attend votre oui ou votre non."))


@themes.command("accept")
@with_archive
@click.argument("names", nargs=-1, required=True, metavar=_("NOM…"))
@flag("--person", _("Ce sont des personnes dont on parle."))
def accept_themes(archive: Archive, names: tuple[str, ...], person: bool) -> None:
    """Dire oui : chacun de ces noms est un thème, ou une personne, et a une page."""
    kinds = {slugify(each.name): each.kind for each in propose(archive, 1)}
    accepted = [
        Theme(name, kind="person" if person else kinds.get(slugify(name), "theme"))
        for name in names
    ]
    with archive.lock():
        accept(archive.root, accepted)
    tell(counted(len(names), "{n} nom a une page", "{n} noms ont une page"))


def _listen(archive: Archive) -> None:
    episodes = missing(archive, release())
    if not episodes:
        return
    find = load()
    with progress_bar(_("Noms")) as progress:

        def take(number: int) -> None:
            hear(archive, episodes[number].key, find, release())
            progress((number + 1) / len(episodes))

        each_of(range(len(episodes)), take)
