"""Prove that nothing has changed: the files of an archive, the promises of a site."""

import contextlib
import dataclasses
import sys
from collections.abc import Iterator
from typing import TextIO

import click

from radio.archive import Archive, companions, losses, paths
from radio.archive.check import check, names_of, tell_private, write_report
from radio.archive.episode import Episode
from radio.audit import crawl
from radio.audit import report as reports
from radio.cli.lines import say, tell
from radio.cli.terminal import (
    accept_losses,
    as_json,
    counted,
    duration,
    flag,
    listen,
    option,
    progress_bar,
    say_json,
    with_archive,
)
from radio.derived.soundness import Fault, faults, gain, quality_of, spoken_ends
from radio.sound.quality import Quality
from radio.system.disk import is_file
from radio.system.errors import ArchiveError, RadioError
from radio.system.messages import _
from radio.system.words import LANGUAGES

KINDS = {
    "missing": _("missing"),
    "damaged": _("damaged"),
    "orphaned": _("orphaned"),
    "unreadable": _("unreadable"),
    "leftover": _("leftover"),
    "private": _("private"),
}
SOUNDS = {
    "clipping": _("clipped for {time}"),
    "silence": _("{time} of silence at {at:.0f} s"),
    "low": _("very low"),
    "begins cut": _("begins in the middle of speech (cut?)"),
    "ends cut": _("ends in the middle of speech (cut?)"),
    "no seek": _("nothing in it says where its moments lie: players jump badly"),
}
EARS = {1: _("only the left side"), 2: _("only the right side")}


@click.command("check")
@with_archive
@as_json
@accept_losses
@flag("--sound", _("Listen: what would a listener complain of?"))
@option(
    "--lost",
    _("Only name what is gone, of what this list names too."),
    None,
    "listed",
    type=click.File(errors="replace"),
    hidden=True,
)
def files(
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
        sys.exit(1 if _check_sound(archive, as_json) else 0)
    if listed:
        sys.exit(1 if _name_lost(archive, listed.read(), accept) else 0)
    if accept:
        losses.take_inventory(archive.root, forget=True)
        companions.let_go(archive)
    with progress_bar(_("Checking")) as progress:
        findings = list(check(archive, progress))
    told = [*findings, *tell_private(archive)]
    if as_json:
        say_json([{**dataclasses.asdict(each), "path": str(each.path)} for each in told])
    for each in () if as_json else told:
        say(f"{KINDS[each.kind]}: {each.path}: {each.detail}")
    number = len(findings)
    tell(counted(number, "finding", "findings") if number else _("All is as it was."))
    try:
        losses.take_inventory(archive.root)
        write_report(archive, number, names_of(archive, findings))
    except RadioError as error:
        tell(_("radio: {error}; the site won’t tell of this check"), error=error)
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
        tell(told, root=archive.root)
    with contextlib.suppress(ArchiveError):  # a full disk, or one that is only read, stops no copy
        losses.take_inventory(archive.root, forget=accept)
    return bool(lost)


def _lost_sounds(archive: Archive) -> Iterator[str]:
    for each in archive.episodes():
        if not is_file(archive.audio_path(each)):
            yield paths.audio(each)


def _check_sound(archive: Archive, as_json: bool) -> int:
    episodes = [each for each in archive.episodes() if archive.holds(archive.audio_path(each))]
    heard: dict[str, Quality] = {}

    def hear(episode: Episode) -> None:
        heard[episode.key] = quality_of(archive, episode)

    failures = listen(episodes, hear)
    listed = [
        (each, heard[each.key], faults(heard[each.key], spoken_ends(archive, each)))
        for each in episodes
        if each.key in heard
    ]
    if as_json:
        say_json([_as_value(each, quality, [*found]) for each, quality, found in listed])
    for each, quality, found in () if as_json else listed:
        loudness = _("nothing to hear")
        if quality.loudness is not None:
            loudness = f"{quality.loudness:.1f} LUFS"
        say(f"{each.key}: {loudness}: {', '.join(map(_told, found)) or _('good')}")
    return failures


def _told(fault: Fault) -> str:
    told = EARS[int(fault.value)] if fault.kind == "one ear" else SOUNDS[fault.kind]
    return _(told).format(time=duration(fault.value), at=fault.at)


def _as_value(episode: Episode, quality: Quality, found: list[Fault]) -> dict[str, object]:
    return {
        "episode": episode.key,
        "loudness": quality.loudness,
        "peak": quality.peak,
        "gain": gain(quality),
        "faults": [each.__dict__ for each in found],
    }


@click.command("audit")
@click.argument("url")
@option(
    "--lang",
    _("Of the report."),
    type=click.Choice(LANGUAGES),
    default=LANGUAGES[0],
    show_default=True,
)
@as_json
def audit(url: str, lang: str, as_json: bool) -> None:
    """Visit a site and report what it keeps of its promises.

    Looks for requests to other sites, code in pages, cookies, weak headers, dead links and missing
    transcripts. Give the public address. The report goes to standard output and can be published
    as it is.
    """
    with progress_bar(url) as progress:
        report = crawl.audit(url, progress)
    if as_json:
        say_json(dataclasses.asdict(report))
    else:
        say(reports.render(report, lang).rstrip("\n"))
    number = len(report.findings)
    tell(counted(number, "finding", "findings") if number else _("Nothing found."))
    if report.stopped:
        told = _("radio: {url}: stopped after {stopped}; the site has more")
        tell(told, url=url, stopped=report.stopped)
    sys.exit(1 if number or report.stopped else 0)
