"""Decide what becomes of the words that listeners propose."""

import sys
from collections.abc import Sequence
from dataclasses import asdict

import click

from radio.archive import Archive
from radio.cli.commands import Group
from radio.cli.lines import say, tell
from radio.cli.terminal import as_json, counted, each_of, flag, option, say_json, with_archive
from radio.proposals.decisions import WaitingMending, accept, clear, refuse, waiting
from radio.proposals.elsewhere import accepted_mending, carry_out, pairs_of, spread
from radio.proposals.queue import are_taken
from radio.search import Index
from radio.system.errors import RadioError
from radio.system.messages import _
from radio.text.transcript import clock


@click.group("proposals", cls=Group, invoke_without_command=True)
@with_archive
@as_json
@click.pass_context
def command(context: click.Context, archive: Archive, as_json: bool) -> None:
    """Lister les mots que proposent les auditrices et auditeurs, et en décider.

    Ce que plusieurs proposent de même vient d’abord. Chaque entrée dit la place, ce qui y est écrit
    et ce qui est proposé ; `?t=` dans l’adresse de l’épisode le fait entendre. docs/mending.md dit
    comment l’on propose.
    """
    if context.invoked_subcommand:
        return
    found = waiting(archive)
    if as_json:
        say_json([asdict(each.mending) | {"trouble": each.trouble} for each in found])
        return
    for each in found:
        _say(each)
    if found:
        tell(counted(len(found), "{n} proposition attend", "{n} propositions attendent"))
    elif are_taken(archive.root):
        tell(_("Aucune proposition n’attend votre oui ou votre non."))
    else:
        told = _(
            'Aucune proposition n’est prise : "proposals": true dans site.json laisse '
            "proposer des corrections."
        )
        tell(told)


def _say(found: WaitingMending) -> None:
    each = found.mending
    marks = [
        f"×{each.count}" if each.count > 1 else "",
        _("loin de ce qui est écrit") if each.is_far else "",
        found.trouble,
    ]
    say("  ".join(filter(None, (each.id, f"{each.key} {clock(each.start)}", each.day, *marks))))
    say(f"    − {each.was}")
    say(f"    + {each.words}")
    if each.comment:
        say(f"    ({each.comment})")


@command.command("accept")
@with_archive
@click.argument("names", nargs=-1, metavar=_("[ID…]"))
@option("--text", _("Ce qui a été dit, comme vous l’entendez."), _("MOTS"))
@flag(
    "--all-equal",
    _("Toutes celles que plusieurs font de même, là où personne ne propose autre chose."),
)
def accept_some(
    archive: Archive, names: tuple[str, ...], text: str | None, all_equal: bool
) -> None:
    """Dire oui : les textes, les pages, les fichiers et l’index ont ces mots aussitôt.

    `radio undo` reprend chacune.
    """
    if text is not None and (len(names) != 1 or all_equal):
        raise click.UsageError(_("--text va avec un seul ID"))

    def take(name: str) -> None:
        mended = accept(archive, name, text or "")
        say(f"{mended.key} {clock(mended.start)}  {mended.accepted}")
        if pairs_of(mended.was, mended.accepted):
            told = _("    `radio text proposals elsewhere {name}` le cherche dans toute l’émission")
            tell(told, name=name)

    chosen = _chosen(names, _equal(archive) if all_equal else [])
    failed = each_of(chosen, take)
    done = len(chosen) - failed
    if done:
        Index(archive).refresh()
    tell(counted(done, "{n} phrase corrigée", "{n} phrases corrigées"))
    sys.exit(1 if failed else 0)


@command.command("elsewhere")
@with_archive
@click.argument("name", metavar=_("ID"))
@option(
    "--wrong",
    _("Ce mot mal entendu seul, s’il y en eut plusieurs ; à répéter pour d’autres."),
    _("MOTS"),
    "wrongs",
    multiple=True,
)
@flag("--glossary", _("Donner aussi le mot juste au glossaire."))
@flag("--yes", _("Corriger ce qui est montré."))
def look_elsewhere(
    archive: Archive, name: str, wrongs: tuple[str, ...], glossary: bool, yes: bool
) -> None:
    """Chercher ce qui fut mal entendu dans une proposition acceptée, dans tous les textes de
    l’émission.

    Les places sont montrées, rien d’autre. Avec --yes l’émission garde la correction, et ce que la
    machine a écrit est corrigé ; ce qu’une personne a relu reste. `radio undo` le reprend.
    """
    mended = accepted_mending(archive, name)
    pairs = pairs_of(mended.was, mended.accepted)
    if unknown := [each for each in wrongs if each not in pairs]:
        told = _("{wrong} : pas mal entendu là ; il y a {pairs}")
        raise RadioError(told, wrong=unknown[0], pairs=", ".join(pairs) or "∅")
    chosen = {wrong: right for wrong, right in pairs.items() if not wrongs or wrong in wrongs}
    if not chosen:
        tell(_("Aucun mot qui puisse avoir été mal entendu ailleurs."))
        return
    found = spread(archive, mended.show, chosen)
    for wrong, right in found.pairs.items():
        say(f"{wrong} -> {right}")
    for each in found.places:
        left = _("  (relu : laissé tel quel)") if each.is_left else ""
        say(f"{each.key} {clock(each.second)}{left}")
        say(f"    − {each.before}")
        say(f"    + {each.after}")
    tell(counted(len(found.wrong_places), "{n} place à corriger", "{n} places à corriger"))
    if yes:
        carry_out(archive, found, chosen.values() if glossary else ())
        Index(archive).refresh()


@command.command("refuse")
@with_archive
@click.argument("names", nargs=-1, metavar=_("[ID…]"))
@flag("--all-far", _("Toutes celles qui ont peu à voir avec ce qui est écrit."))
@flag("--all-changed", _("Toutes celles qui ne peuvent plus être acceptées."))
def refuse_some(archive: Archive, names: tuple[str, ...], all_far: bool, all_changed: bool) -> None:
    """Dire non : les mêmes mots ne sont plus proposés pour ces phrases."""
    found = waiting(archive)
    others = [each.mending.id for each in found if all_far and each.mending.is_far]
    others += [each.mending.id for each in found if all_changed and each.trouble]
    number = refuse(archive, _chosen(names, others, asked=all_far or all_changed))
    tell(counted(number, "{n} proposition refusée", "{n} propositions refusées"))


def _chosen(names: tuple[str, ...], others: Sequence[str], *, asked: bool = False) -> list[str]:
    if not (names or others or asked):
        raise click.UsageError(_("nommez-en ; `radio text proposals` les liste"))
    return list(dict.fromkeys((*names, *others)))


def _equal(archive: Archive) -> list[str]:
    found = waiting(archive)
    clears = set(clear(found))
    # One listener may propose the same twice: what is far from the text waits for an ear.
    some = (each.mending for each in found if each.mending.count > 1)
    return [each.id for each in some if each.id in clears and not each.is_far]
