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
    """List the words that listeners propose, and decide on them.

    What several propose alike comes first. Each line says the place, what stands there and what is
    proposed; `?t=` of the episode's page plays it. docs/mending.md tells how listeners propose.
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
        tell(counted(len(found), "proposal waits", "proposals wait"))
    elif are_taken(archive.root):
        tell(_("No proposal waits for your yes or no."))
    else:
        told = _('No proposal is taken: "proposals": true in site.json lets listeners mend words.')
        tell(told)


def _say(found: WaitingMending) -> None:
    each = found.mending
    marks = [
        f"×{each.count}" if each.count > 1 else "",
        _("far from what stands") if each.is_far else "",
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
@option("--text", _("What was said, in your own words."), _("WORDS"))
@flag("--all-equal", _("All that several propose alike, where nobody proposes anything else."))
def accept_some(
    archive: Archive, names: tuple[str, ...], text: str | None, all_equal: bool
) -> None:
    """Say yes: texts, pages, files and index have these words at once.

    `radio undo` takes each of them back.
    """
    if text is not None and (len(names) != 1 or all_equal):
        raise click.UsageError(_("--text goes with one ID"))

    def take(name: str) -> None:
        mended = accept(archive, name, text or "")
        say(f"{mended.key} {clock(mended.start)}  {mended.accepted}")
        if pairs_of(mended.was, mended.accepted):
            told = _("    `radio text proposals elsewhere {name}` looks for it in the whole show")
            tell(told, name=name)

    chosen = _chosen(names, _equal(archive) if all_equal else [])
    failed = each_of(chosen, take)
    done = len(chosen) - failed
    if done:
        Index(archive).refresh()
    tell(counted(done, "sentence mended", "sentences mended"))
    sys.exit(1 if failed else 0)


@command.command("elsewhere")
@with_archive
@click.argument("name", metavar=_("ID"))
@option(
    "--wrong",
    _("Only this mishearing, where several were mended; again for another."),
    _("WORDS"),
    "wrongs",
    multiple=True,
)
@flag("--glossary", _("Tell what is right to the glossary, too."))
@flag("--yes", _("Put right what is shown."))
def look_elsewhere(
    archive: Archive, name: str, wrongs: tuple[str, ...], glossary: bool, yes: bool
) -> None:
    """Look for what was misheard in an accepted proposal, in all texts of its show.

    The places are shown, nothing else. With --yes the show keeps the correction, and what the
    machine wrote is put right; what a person reread stays. `radio undo` takes it back.
    """
    mended = accepted_mending(archive, name)
    pairs = pairs_of(mended.was, mended.accepted)
    if unknown := [each for each in wrongs if each not in pairs]:
        told = _("{wrong}: not misheard there; there are {pairs}")
        raise RadioError(told, wrong=unknown[0], pairs=", ".join(pairs) or "∅")
    chosen = {wrong: right for wrong, right in pairs.items() if not wrongs or wrong in wrongs}
    if not chosen:
        tell(_("No word that may have been misheard elsewhere."))
        return
    found = spread(archive, mended.show, chosen)
    for wrong, right in found.pairs.items():
        say(f"{wrong} -> {right}")
    for each in found.places:
        left = _("  (reread: left alone)") if each.is_left else ""
        say(f"{each.key} {clock(each.second)}{left}")
        say(f"    − {each.before}")
        say(f"    + {each.after}")
    tell(counted(len(found.wrong_places), "place to put right", "places to put right"))
    if yes:
        carry_out(archive, found, chosen.values() if glossary else ())
        Index(archive).refresh()


@command.command("refuse")
@with_archive
@click.argument("names", nargs=-1, metavar=_("[ID…]"))
@flag("--all-far", _("All that have little to do with what stands."))
@flag("--all-changed", _("All that can no longer be accepted."))
def refuse_some(archive: Archive, names: tuple[str, ...], all_far: bool, all_changed: bool) -> None:
    """Say no: the same words are not proposed again for these sentences."""
    found = waiting(archive)
    others = [each.mending.id for each in found if all_far and each.mending.is_far]
    others += [each.mending.id for each in found if all_changed and each.trouble]
    number = refuse(archive, _chosen(names, others, asked=all_far or all_changed))
    tell(counted(number, "proposal refused", "proposals refused"))


def _chosen(names: tuple[str, ...], others: Sequence[str], *, asked: bool = False) -> list[str]:
    if not (names or others or asked):
        raise click.UsageError(_("name some; `radio text proposals` lists them"))
    return list(dict.fromkeys((*names, *others)))


def _equal(archive: Archive) -> list[str]:
    found = waiting(archive)
    clears = set(clear(found))
    # One listener may propose the same twice: what is far from the text waits for an ear.
    some = (each.mending for each in found if each.mending.count > 1)
    return [each.id for each in some if each.id in clears and not each.is_far]
