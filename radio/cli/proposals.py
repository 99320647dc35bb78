"""What listeners and models propose, and names: words, those of the glossaries, themes."""

from collections.abc import Sequence
from dataclasses import asdict

import click

from radio.actions.editing import add_to_glossary
from radio.archive import Archive
from radio.archive.dossier import Count
from radio.archive.slugs import slugify
from radio.archive.themes import Theme
from radio.archive.themes import accept as add_themes
from radio.cli.commands import Group
from radio.cli.lines import counted, say, say_each, say_json, tell
from radio.cli.naming import Several, require_show
from radio.cli.terminal import as_json, each_of, flag, option, progress_bar, with_archive
from radio.proposals import known as untyped
from radio.proposals import names as proper
from radio.proposals.decisions import WaitingMending, accept, clear, refuse, waiting
from radio.proposals.elsewhere import accepted_mending, carry_out, pairs_of, spread
from radio.proposals.names import LEAST, GlossaryProposal, Proposal
from radio.proposals.queue import are_taken
from radio.search import Index
from radio.system.errors import RadioError
from radio.system.messages import _
from radio.text.transcript import clock

KINDS = {"person": _("personne"), "theme": _("thème")}
NONE = _("Aucun nom n’attend votre réponse.")


@click.group("proposals", cls=Group, invoke_without_command=True)
@with_archive
@as_json
@click.pass_context
def command(context: click.Context, archive: Archive, as_json: bool) -> None:
    """Lister les mots que proposent les auditrices et auditeurs, pour en décider.

    Ce que plusieurs proposent vient d’abord. Chaque entrée dit l’endroit, ce qui y est écrit et ce
    qui est proposé ; `?t=` dans l’adresse de l’épisode le fait entendre. Le manuel
    (« Corriger ensemble ») dit comment proposer.
    """
    if context.invoked_subcommand:
        return
    found = waiting(archive)
    say_each(found, as_json, _line, lambda each: asdict(each.mending) | {"trouble": each.trouble})
    if found and not as_json:
        tell(counted(len(found), "{n} proposition attend", "{n} propositions attendent"))
    elif not as_json:
        untaken = _('Le public ne peut rien proposer : "proposals": true dans site.json le permet.')
        none = _("Aucune proposition n’attend votre réponse.")
        tell(none if are_taken(archive.root) else untaken)


def _line(found: WaitingMending) -> str:
    each = found.mending
    marks = [
        f"×{each.count}" if each.count > 1 else "",
        _("loin de ce qui est écrit") if each.is_far else "",
        found.trouble,
    ]
    head = "  ".join(filter(None, (each.id, f"{each.key} {clock(each.start)}", each.day, *marks)))
    comment = [f"    ({each.comment})"] if each.comment else []
    return "\n".join((head, f"    − {each.was}", f"    + {each.words}", *comment))


@command.command("accept")
@with_archive
@click.argument("names", nargs=-1, metavar=_("[ID…]"))
@option("--text", _("Ce qui a été dit, comme vous l’entendez."), _("MOTS"))
@flag(
    "--all-equal",
    _("Toutes celles que plusieurs ont faites, là où personne ne propose autre chose."),
)
def accept_some(archive: Archive, names: Several, text: str | None, all_equal: bool) -> int:
    """Dire oui : les textes, les pages, les fichiers et l’index ont ces mots aussitôt.

    `radio undo` annule chacune.
    """
    if text is not None and (len(names) != 1 or all_equal):
        raise click.UsageError(_("--text va avec un seul ID"))

    def take(name: str) -> None:
        mended = accept(archive, name, text or "")
        say(f"{mended.key} {clock(mended.start)}  {mended.accepted}")
        if pairs_of(mended.was, mended.accepted):
            message = _(
                "    `radio text proposals elsewhere {name}` le cherche dans toute l’émission"
            )
            tell(message, name=name)

    others = list[str]()
    if all_equal:
        found = waiting(archive)
        clears = set(clear(found))
        # One listener may propose the same twice: what is far from the text waits for an ear.
        some = (each.mending for each in found if each.mending.count > 1)
        others = [each.id for each in some if each.id in clears and not each.is_far]
    chosen = _chosen(names, others)
    failed = each_of(chosen, take)
    done = len(chosen) - failed
    if done:
        Index(archive).refresh()
    tell(counted(done, "{n} phrase corrigée", "{n} phrases corrigées"))
    return failed


@command.command("elsewhere")
@with_archive
@click.argument("name", metavar=_("ID"))
@option(
    "--wrong",
    _("Seulement ce mot mal entendu, s’il y en a plusieurs ; à répéter pour d’autres."),
    _("MOTS"),
    "wrongs",
    multiple=True,
)
@flag("--glossary", _("Ajouter aussi le mot juste au glossaire."))
@flag("--yes", _("Corriger ce qui est montré."))
def look_elsewhere(archive: Archive, name: str, wrongs: Several, glossary: bool, yes: bool) -> None:
    """Chercher dans tous les textes de l’émission ce qu’une proposition acceptée a corrigé.

    Les endroits sont montrés, rien d’autre. Avec --yes l’émission garde la correction, et ce que la
    machine a écrit est corrigé ; ce qu’une personne a relu reste. `radio undo` l’annule.
    """
    mended = accepted_mending(archive, name)
    pairs = pairs_of(mended.was, mended.accepted)
    if unknown := [each for each in wrongs if each not in pairs]:
        message = _("{wrong} : pas mal entendu là ; au choix : {pairs}")
        raise RadioError(message, wrong=unknown[0], pairs=", ".join(pairs) or "∅")
    chosen = {wrong: right for wrong, right in pairs.items() if not wrongs or wrong in wrongs}
    if not chosen:
        tell(_("Aucun mot n’a pu être mal entendu ailleurs."))
        return
    found = spread(archive, mended.show, chosen)
    for wrong, right in found.pairs.items():
        say(f"{wrong} -> {right}")
    for each in found.places:
        left = _("  (relu : laissé tel quel)") if each.is_left else ""
        say(f"{each.key} {clock(each.second)}{left}")
        say(f"    − {each.before}")
        say(f"    + {each.after}")
    tell(counted(len(found.wrong_places), "{n} endroit à corriger", "{n} endroits à corriger"))
    if yes:
        carry_out(archive, found, chosen.values() if glossary else ())
        Index(archive).refresh()


@command.command("refuse")
@with_archive
@click.argument("names", nargs=-1, metavar=_("[ID…]"))
@flag("--all-far", _("Toutes celles qui ont peu à voir avec ce qui est écrit."))
@flag("--all-changed", _("Toutes celles qui ne peuvent plus être acceptées."))
def refuse_some(archive: Archive, names: Several, all_far: bool, all_changed: bool) -> None:
    """Dire non : les mêmes mots ne sont plus proposés pour ces phrases."""
    found = waiting(archive)
    others = [each.mending.id for each in found if all_far and each.mending.is_far]
    others += [each.mending.id for each in found if all_changed and each.trouble]
    number = refuse(archive, _chosen(names, others, asked=all_far or all_changed))
    tell(counted(number, "{n} proposition refusée", "{n} propositions refusées"))


def _chosen(names: Several, others: Sequence[str], *, asked: bool = False) -> list[str]:
    if not (names or others or asked):
        raise click.UsageError(_("nommez-en ; `radio text proposals` les liste"))
    return list(dict.fromkeys((*names, *others)))


@with_archive
@click.argument("show", required=False, metavar=_("[ÉMISSION]"))
@flag("--proposals", _("Lister les noms corrigés, ou douteux dans plusieurs épisodes."), "proposed")
@flag(
    "--known",
    _("Lister les noms que la machine a trouvés seule, et les mots qu’ils ont remplacés."),
)
@option("--add", _("Ajouter un nom ; peut être répété."), _("NOM"), "names", multiple=True)
@option(
    "--away", _("Ne plus utiliser un nom ; peut être répété."), _("NOM"), "refused", multiple=True
)
@as_json
def glossary(
    archive: Archive,
    show: str | None,
    proposed: bool,
    known: bool,
    names: Several,
    refused: Several,
    as_json: bool,
) -> None:
    """Lister les noms que les émissions donnent à la machine, ceux qu’elles pourraient donner, ou
    en ajouter.

    Ce qui est ajouté vaut pour ce qui est transcrit ensuite ; `radio undo` l’annule. Un nom refusé,
    au bureau ou dans themes.json, n’est pas proposé. La machine prend aussi des noms dans les
    fiches et les textes relus ; --away en retire un, et réécrit les textes que personne n’a relus.
    """
    if (known or names or refused) and not show:
        raise click.UsageError(_("--add, --away et --known demandent une ÉMISSION"))
    slugs = [require_show(archive, show)] if show else [each.slug for each in archive.shows()]
    if names:
        add_to_glossary(archive, slugs[0], names)
        Index(archive).refresh()
        tell(counted(len(names), "{n} nom au glossaire", "{n} noms au glossaire"))
    elif refused:
        untyped.refuse(archive, refused)
        changed = untyped.write_without(archive, Index(archive), slugs[0])
        tell(counted(len(changed), "{n} texte réécrit", "{n} textes réécrits"))
    elif known:
        _list_known(archive, slugs[0], as_json)
    elif proposed:
        found = [each for slug in slugs for each in proper.propose_for_glossary(archive, slug)]
        say_each(found, as_json, _name, nothing=NONE)
    elif as_json:
        say_json({slug: archive.read_show(slug).glossary for slug in slugs})
    else:
        for slug in slugs:
            for entry in archive.read_show(slug).glossary:
                say(f"{slug}  {entry}")


def _name(each: GlossaryProposal) -> str:
    number = counted(each.times, "{n} correction", "{n} corrections")
    if each.source != "mended":
        episodes = counted(each.times, "{n} épisode", "{n} épisodes")
        number = _("douteux dans {episodes}", episodes=episodes)
    return f"{each.show}  {each.name}  {number} ({each.key} {clock(each.second)})"


def _list_known(archive: Archive, slug: str, as_json: bool) -> None:
    names, replaced = untyped.in_prompt(archive, slug), list(untyped.replaced(archive, slug))
    if as_json:
        say_json({"prompt": names, "replaced": [asdict(each) for each in replaced]})
        return
    for name in names:
        say(name)
    for each in replaced:
        say(f"{each.key} {clock(each.second)}  {each.heard} -> {each.written}")


@click.group("themes", cls=Group)
def themes() -> None:
    """Lister les thèmes, et décider des noms proposés.

    Un thème a sa page : ce qui en est dit, dans l’ordre des dates. Les mots-clés, les personnes et
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

    def line(each: Count) -> str:
        number = counted(each.episodes, "{n} épisode", "{n} épisodes")
        return f"{_(KINDS[each.subject.kind])}  {each.subject.name}  {number}"

    def value(each: Count) -> dict[str, object]:
        found = each.subject
        row = {"name": found.name, "kind": found.kind, "slug": found.slug}
        return {**row, "episodes": each.episodes}

    found = (each for each in index.dossiers.subjects() if each.subject.kind in KINDS)
    say_each(list(found), as_json, line, value)


@themes.command("propose")
@with_archive
@option("--least", _("Nombre d’épisodes qui le disent, au moins."), default=LEAST)
@as_json
def propose_themes(archive: Archive, least: int, as_json: bool) -> None:
    """Chercher des noms dans les textes finis, et lister ceux dont vous n’avez pas décidé.

    Il faut l’extra `names`. Chaque texte est lu une fois ; un travail interrompu reprend la fois
    suivante. Personne n’en voit rien avant `radio text themes accept`.
    """
    if not proper.is_on():
        message = _("l’extra `names` n’est pas installé : pip install 'radio-archive[names]'")
        raise RadioError(message)
    _listen(archive)

    def line(each: Proposal) -> str:
        number = counted(each.episodes, "{n} épisode", "{n} épisodes")
        said = f"    « {each.sentence} » ({each.key} {clock(each.second)})"
        return f"{each.name}  {_(KINDS[each.kind])}  {number}\n{said}"

    say_each(proper.propose(archive, least), as_json, line, vars, NONE)


@themes.command("accept")
@with_archive
@click.argument("names", nargs=-1, required=True, metavar=_("NOM…"))
@flag("--person", _("Ce sont des personnes dont on parle."))
def accept_themes(archive: Archive, names: Several, person: bool) -> None:
    """Dire oui : chacun de ces noms est un thème, ou une personne, et a une page."""
    kinds = {slugify(each.name): each.kind for each in proper.propose(archive, 1)}
    chosen = ("person" if person else kinds.get(slugify(name), "theme") for name in names)
    accepted = [Theme(name, kind=kind) for name, kind in zip(names, chosen, strict=True)]
    with archive.lock():
        add_themes(archive.root, accepted)
    tell(counted(len(names), "{n} nom a une page", "{n} noms ont une page"))


def _listen(archive: Archive) -> None:
    episodes = proper.missing(archive, proper.release())
    if not episodes:
        return
    find = proper.load()
    with progress_bar(_("Noms")) as progress:

        def take(number: int) -> None:
            proper.hear(archive, episodes[number].key, find, proper.release())
            progress((number + 1) / len(episodes))

        each_of(range(len(episodes)), take)
