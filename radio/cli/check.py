"""Check that nothing has changed."""

import contextlib
import dataclasses
import sys
from collections.abc import Iterator
from typing import TextIO

import click

from radio.archive import Archive, companions, losses, paths
from radio.archive.check import check, names_of, tell_private, write_report
from radio.cli.hearing import check_sound
from radio.cli.lines import say
from radio.cli.terminal import (
    accept_losses,
    as_json,
    counted,
    json_text,
    progress_bar,
    with_archive,
)
from radio.system.disk import is_file
from radio.system.errors import ArchiveError, RadioError
from radio.system.messages import _

KINDS = {
    "missing": _("missing"),
    "damaged": _("damaged"),
    "orphaned": _("orphaned"),
    "unreadable": _("unreadable"),
    "leftover": _("leftover"),
    "private": _("private"),
}


@click.command("check")
@with_archive
@as_json
@accept_losses
@click.option("--sound", is_flag=True, help=_("Listen: what would a listener complain of?"))
@click.option(
    "--lost",
    "listed",
    type=click.File(errors="replace"),
    hidden=True,
    help=_("Only name what is gone, of what this list names too."),
)
def command(
    archive: Archive, as_json: bool, accept: bool, sound: bool, listed: TextIO | None
) -> None:
    """Read every file again and name what is wrong.

    That is what is missing, damaged, orphaned or unreadable, and what killed runs left: in sound
    and texts, in what is sealed or in the trash, in lists and accounts. Where much vanished at
    once, as with a disk that is not there, nothing is read. Private data in the tags of recordings
    is named too, and counts as no fault. Exit code 0: all is well; 1: not.

    With --sound each recording is listened to, once: a line tells its loudness (EBU R128), and what
    a listener would complain of. The files stay as they are.
    """
    if sound:
        sys.exit(1 if check_sound(archive.require(), as_json) else 0)
    if listed:
        sys.exit(1 if _name_lost(archive.require(), listed.read(), accept) else 0)
    if accept:
        losses.take_inventory(archive.require().root, forget=True)
        companions.let_go(archive)
    with progress_bar(_("Checking")) as progress:
        findings = list(check(archive.require(), progress))
    told = [*findings, *tell_private(archive)]
    if as_json:
        say(json_text([{**dataclasses.asdict(each), "path": str(each.path)} for each in told]))
    for each in () if as_json else told:
        say(f"{KINDS[each.kind]}: {each.path}: {each.detail}")
    say(
        counted(len(findings), "finding", "findings") if findings else _("All is as it was."),
        err=True,
    )
    try:
        losses.take_inventory(archive.root)
        write_report(archive, len(findings), names_of(archive, findings))
    except RadioError as error:
        say(_("radio: {error}; the site won’t tell of this check").format(error=error), err=True)
    sys.exit(1 if findings else 0)


def _name_lost(archive: Archive, listed: str, accept: bool) -> bool:
    """Name what a copy would lack, by the list of another copy too; whether there is something.

    `deploy/backup` and `deploy/restore` ask.
    """
    lost = [] if accept else [*losses.lost(archive.root, listed), *_lost_sounds(archive)]
    for path in lost:
        say(path)
    if lost:
        told = _(
            "radio: {root}: this was here and is gone; is the disk there? Restore it from a copy, "
            "or say --yes if it was deleted on purpose"
        )
        say(told.format(root=archive.root), err=True)
    with contextlib.suppress(ArchiveError):  # a full disk, or one that is only read, stops no copy
        losses.take_inventory(archive.root, forget=accept)
    return bool(lost)


def _lost_sounds(archive: Archive) -> Iterator[str]:
    for each in archive.episodes():
        if not is_file(archive.audio_path(each)):
            yield paths.audio(each)
