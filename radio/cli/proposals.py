"""Decide what becomes of the words that listeners propose."""

import sys
from collections.abc import Sequence
from dataclasses import asdict

import click

from radio.archive import Archive
from radio.cli.commands import Group
from radio.cli.lines import say, tell
from radio.cli.terminal import as_json, counted, each_of, json_text, with_archive
from radio.proposals.decisions import WaitingMending, accept, clear, refuse, waiting
from radio.proposals.elsewhere import Spread, accepted_mending, carry_out, pairs_of, spread
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
    found = waiting(archive.require())
    if as_json:
        rows = [asdict(each.mending) | {"trouble": each.trouble} for each in found]
        say(json_text(rows))
        return
    for each in found:
        say(_line(each))
    tell(_told(archive, found))


@command.command("accept")
@with_archive
@click.argument("names", nargs=-1, metavar=_("[ID…]"))
@click.option("--text", metavar=_("WORDS"), help=_("What was said, in your own words."))
@click.option(
    "--all-equal",
    is_flag=True,
    help=_("All that several propose alike, where nobody proposes anything else."),
)
def accept_some(
    archive: Archive, names: tuple[str, ...], text: str | None, all_equal: bool
) -> None:
    """Say yes: texts, pages, files and index have these words at once.

    `radio undo` takes each of them back.
    """
    archive.require()
    if text is not None and (len(names) != 1 or all_equal):
        raise click.UsageError(_("--text goes with one ID"))
    chosen = _chosen(names, _equal(archive) if all_equal else [])
    done = list[str]()

    def take(name: str) -> None:
        mended = accept(archive, name, text or "")
        say(f"{mended.key} {clock(mended.start)}  {mended.accepted}")
        if pairs_of(mended.was, mended.accepted):
            told = _("    `radio text proposals elsewhere {name}` looks for it in the whole show")
            tell(told, name=name)
        done.append(name)

    failed = each_of(chosen, take)
    if done:
        Index(archive).refresh()
    tell(counted(len(done), "sentence mended", "sentences mended"))
    sys.exit(1 if failed else 0)


@command.command("elsewhere")
@with_archive
@click.argument("name", metavar=_("ID"))
@click.option(
    "--wrong",
    "wrongs",
    multiple=True,
    metavar=_("WORDS"),
    help=_("Only this mishearing, where several were mended; again for another."),
)
@click.option("--glossary", is_flag=True, help=_("Tell what is right to the glossary, too."))
@click.option("--yes", is_flag=True, help=_("Put right what is shown."))
def look_elsewhere(
    archive: Archive, name: str, wrongs: tuple[str, ...], glossary: bool, yes: bool
) -> None:
    """Look for what was misheard in an accepted proposal, in all texts of its show.

    The places are shown, nothing else. With --yes the show keeps the correction, and what the
    machine wrote is put right; what a person reread stays. `radio undo` takes it back.
    """
    mended = accepted_mending(archive.require(), name)
    pairs = pairs_of(mended.was, mended.accepted)
    if unknown := [each for each in wrongs if each not in pairs]:
        told = _("{wrong}: not misheard there; there are {pairs}")
        raise RadioError(told, wrong=unknown[0], pairs=", ".join(pairs) or "∅")
    chosen = {wrong: right for wrong, right in pairs.items() if not wrongs or wrong in wrongs}
    if not chosen:
        tell(_("No word that may have been misheard elsewhere."))
        return
    found = spread(archive, mended.show, chosen)
    _show(found)
    if yes:
        carry_out(archive, found, chosen.values() if glossary else ())
        Index(archive).refresh()


def _show(found: Spread) -> None:
    for wrong, right in found.pairs.items():
        say(f"{wrong} -> {right}")
    for each in found.places:
        left = _("  (reread: left alone)") if each.is_left else ""
        lines = (f"{each.key} {clock(each.second)}{left}", f"− {each.before}", f"+ {each.after}")
        say("\n    ".join(lines))
    number = len(found.wrong_places)
    tell(counted(number, "place to put right", "places to put right"))


@command.command("refuse")
@with_archive
@click.argument("names", nargs=-1, metavar=_("[ID…]"))
@click.option("--all-far", is_flag=True, help=_("All that have little to do with what stands."))
@click.option("--all-changed", is_flag=True, help=_("All that can no longer be accepted."))
def refuse_some(archive: Archive, names: tuple[str, ...], all_far: bool, all_changed: bool) -> None:
    """Say no: the same words are not proposed again for these sentences."""
    found = waiting(archive.require())
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


def _line(found: WaitingMending) -> str:
    """Write a proposal in some lines: its name, place, what stands and what is proposed."""
    each = found.mending
    marks = [
        f"×{each.count}" if each.count > 1 else "",
        _("far from what stands") if each.is_far else "",
        found.trouble,
    ]
    head = "  ".join(filter(None, (each.id, f"{each.key} {clock(each.start)}", each.day, *marks)))
    lines = [head, f"    − {each.was}", f"    + {each.words}"]
    return "\n".join(lines + ([f"    ({each.comment})"] if each.comment else []))


def _told(archive: Archive, found: Sequence[WaitingMending]) -> str:
    if found:
        return counted(len(found), "proposal waits", "proposals wait")
    if are_taken(archive.root):
        return _("No proposal waits for your yes or no.")
    return _('No proposal is taken: "proposals": true in site.json lets listeners mend words.')
