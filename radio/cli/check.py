"""Check that nothing has changed."""

import contextlib
import dataclasses
import os
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from typing import TextIO

import click

from radio.archive import Archive, companions, losses, paths
from radio.archive.check import check, names_of, tell_private, write_report
from radio.archive.episode import Episode
from radio.cli.lines import say, tell
from radio.cli.terminal import (
    accept_losses,
    as_json,
    counted,
    duration,
    each_of,
    json_text,
    progress_bar,
    with_archive,
)
from radio.derived.soundness import Fault, faults, gain, quality_of, spoken_ends
from radio.sound.quality import Quality
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
    tell(counted(len(findings), "finding", "findings") if findings else _("All is as it was."))
    try:
        losses.take_inventory(archive.root)
        write_report(archive, len(findings), names_of(archive, findings))
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


def check_sound(archive: Archive, as_json: bool) -> int:
    """Listen to all recordings and tell how they sound, and how many can't be heard."""
    episodes = [each for each in archive.episodes() if archive.holds(archive.audio_path(each))]
    heard: dict[str, Quality] = {}
    failures = _listen(archive, episodes, heard)
    listed = [
        (each, heard[each.key], tuple(faults(heard[each.key], spoken_ends(archive, each))))
        for each in episodes
        if each.key in heard
    ]
    if as_json:
        say(json_text([_as_value(*each) for each in listed]))
    for each in () if as_json else listed:
        say(_line(*each))
    return failures


def _listen(archive: Archive, episodes: list[Episode], heard: dict[str, Quality]) -> int:
    total = sum(each.audio.duration for each in episodes) or 1.0
    done = 0.0
    with (
        progress_bar(_("Listening"), total) as progress,
        ThreadPoolExecutor(os.cpu_count()) as pool,
    ):
        listened = {pool.submit(quality_of, archive, each): each for each in episodes}

        def take(future: Future[Quality]) -> None:
            nonlocal done
            episode = listened[future]
            done += episode.audio.duration
            progress(done)
            heard[episode.key] = future.result()

        return each_of(as_completed(listened), take)


def _line(episode: Episode, quality: Quality, found: tuple[Fault, ...]) -> str:
    loudness = _("nothing to hear")
    if quality.loudness is not None:
        loudness = f"{quality.loudness:.1f} LUFS"
    told = ", ".join(map(_told, found)) or _("good")
    return f"{episode.key}: {loudness}: {told}"


def _told(fault: Fault) -> str:
    match fault.kind:
        case "clipping":
            return _("clipped for {time}").format(time=duration(fault.value))
        case "silence":
            told = _("{time} of silence at {at:.0f} s")
            return told.format(time=duration(fault.value), at=fault.at)
        case "one ear":
            return _("only the left side") if fault.value == 1 else _("only the right side")
        case "low":
            return _("very low")
        case "begins cut":
            return _("begins in the middle of speech (cut?)")
        case "ends cut":
            return _("ends in the middle of speech (cut?)")
        case "no seek":
            return _("nothing in it says where its moments lie: players jump badly")


def _as_value(episode: Episode, quality: Quality, found: tuple[Fault, ...]) -> dict[str, object]:
    return {
        "episode": episode.key,
        "loudness": quality.loudness,
        "peak": quality.peak,
        "gain": gain(quality),
        "faults": [each.__dict__ for each in found],
    }
