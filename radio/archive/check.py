"""Fixity: is every file still what it was, is anything missing or left over? Nothing is mended
here: a person does. The public page has their number. LossError: the disk may be missing."""

import datetime as dt
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import starmap
from pathlib import Path
from typing import Literal

from radio.archive import changes, companions, fixity, fixity_log, history, losses, stores
from radio.archive.archive import Archive
from radio.archive.episode import MIME, Episode, Show
from radio.archive.paths import key_of
from radio.archive.slugs import SLUG
from radio.sound.tags.private import read_private
from radio.system.disk import LINK, is_file, is_folder, stamp
from radio.system.errors import RadioError
from radio.system.messages import _
from radio.system.progress import Progress, silent
from radio.system.records import RecordFile
from radio.text.transcript import tell_stray

NAMES = _("renommez-le (lettres a-z, chiffres, traits d’union), ou déplacez-le")

Kind = Literal["missing", "damaged", "orphaned", "unreadable", "leftover", "private", "changed"]
BY_HAND = ("show", "sidecar", "transcript", "translation")  # what people write in an editor
TOGETHER = 60_000_000_000  # nanoseconds between two files that were written as one
MOST_NAMED = 20  # findings
WORK = (["checkpoint", "json"], ["improvement", "json"], ["translation", "json"])  # under way


@dataclass(frozen=True)
class Finding:
    """Something that is not as it should be."""

    kind: Kind
    path: Path
    detail: str


@dataclass(frozen=True)
class Report:
    """The result of a check of the whole archive."""

    date: str = ""  # ISO day, UTC
    recordings: int = 0
    size: int = 0  # bytes of them
    findings: int = 0
    named: tuple[str, ...] = ()  # of some of them the kind, and the path beneath the root


Tell = Callable[[Finding], object]
REPORT = RecordFile("cache/fixity.json", Report)


def prove(archive: Archive, progress: Progress = silent) -> Report:
    """Check the whole archive, and save the result. Raises LossError."""
    findings = list(check(archive, progress))
    losses.take_inventory(archive.root)
    return report(archive, findings)


def report(archive: Archive, every: Iterable[Finding]) -> Report:
    """Save what a check found, but for what is damaged, which the log of fixity knows. The first
    findings are named, for readers without the command."""
    known = {archive.root / path for path in fixity_log.damaged(archive.root)}
    findings = [each for each in every if each.path not in known]
    names = (f"{each.kind} {each.path.relative_to(archive.root)}" for each in findings[:MOST_NAMED])
    named = tuple(name.encode(errors="backslashreplace").decode() for name in names)
    return write_report(archive, len(findings), named)


def write_report(archive: Archive, findings: int, named: tuple[str, ...] = ()) -> Report:
    """Save the number of findings of a check, and some by name."""
    sizes = [episode.audio.size for episode in archive.episodes()]
    today = dt.datetime.now(dt.UTC).date().isoformat()
    report = Report(today, len(sizes), sum(sizes), findings, named)
    REPORT.write(archive.root, report)
    return report


def read_report(archive: Archive) -> Report | None:
    """Read the result of the last check; None if there is none since the cache was emptied."""
    report = REPORT.read(archive.root)
    return report if report.date else None


def check(
    archive: Archive, progress: Progress = silent, tell: Tell = lambda _: None
) -> Iterator[Finding]:
    """Read the whole archive, and find what is not as it should be; `tell` gets what is no fault.
    Raises LossError."""
    losses.refuse(archive.root, losses.inventory(archive.root))
    yield from _find_odd(archive)
    for slug in archive.folders():
        yield from _check_show(archive, slug)
    sidecars = [
        path
        for show in archive.folders()
        for path in sorted((archive.media / show).glob("[!.]*.json"))
        if path.name != "show.json" and SLUG.fullmatch(path.stem) and is_file(path)
    ]  # those that can't be read too
    keys = {f"{path.parent.name}/{path.stem}" for path in sidecars}
    for path in sidecars:
        yield from _check_episode(archive, path)
    yield from _read_all(archive, progress, tell)
    yield from starmap(Finding, companions.faults(archive))
    yield from _find_orphans(archive, keys)
    yield from _find_leftovers(archive, keys)
    remedy = _("il était là ; restaurez-le, ou lancez `radio check --yes` s’il a été effacé exprès")
    for lost in losses.lost(archive.root):  # of which nothing else tells
        yield Finding("missing", archive.root / lost, remedy)


def tell_private(archive: Archive) -> Iterator[Finding]:
    """Find recordings with private data in their tags, which is no fault of the archive."""
    message = _(
        "ses étiquettes contiennent {traces} ; aucune page ne le montre, mais le fichier le dit"
    )
    paths = [archive.audio_path(each) for each in archive.episodes()]
    for path, traces in read_private([path for path in paths if is_file(path)]):
        yield Finding("private", path, _(message, traces=", ".join(traces)))


def _find_odd(archive: Archive) -> Iterator[Finding]:
    """Find what counts as nothing: links, pipes and the like, and names of no show or episode."""
    for folder in (*_visible(archive.media), *_visible(archive.transcripts)):
        if not is_folder(folder):
            yield from _judge(folder)
            continue
        if not SLUG.fullmatch(folder.name):
            yield Finding("orphaned", folder, _("pas un nom d’émission ; {names}", names=NAMES))
        if not os.access(folder, os.R_OK | os.X_OK):
            yield Finding("unreadable", folder, _("ne peut pas être ouvert ; vérifiez ses droits"))
        for path in _visible(folder):
            yield from _judge(path)
            if path.suffix == ".json" and not SLUG.fullmatch(path.name.partition(".")[0]):
                yield Finding("orphaned", path, _("pas un nom d’épisode ; {names}", names=NAMES))


def _visible(folder: Path) -> list[Path]:
    return sorted(folder.glob("[!.]*"))


def _judge(path: Path) -> Iterator[Finding]:
    if path.is_symlink():
        yield Finding("unreadable", path, _("un lien, qui n’est pas suivi ; {link}", link=LINK))
    elif not is_file(path) and not is_folder(path):
        yield Finding("unreadable", path, _("ni fichier ni dossier ; déplacez-le"))


def _check_show(archive: Archive, slug: str) -> Iterator[Finding]:
    path = archive.show_path(slug)
    try:
        yield from _check_picture(archive, archive.read_show(slug))
    except RadioError as error:
        if is_file(path):
            yield Finding("unreadable", path, str(error))
        elif not os.path.lexists(path) and archive.sidecar_stamps(slug):
            yield Finding("missing", path, _("restaurez-le d’une copie, ou réécrivez son titre"))


def _check_episode(archive: Archive, path: Path) -> Iterator[Finding]:
    try:
        episode = archive.episode(f"{path.parent.name}/{path.stem}")
    except RadioError as error:
        yield Finding("unreadable", path, str(error))
        return
    if "until" in episode.extra:
        message = _(
            "until : {written!r} n’est pas une date, et l’embargo dure toujours ; écrivez-la "
            "2026-12-25, ou 2026-12-25T20:00"
        )
        yield Finding("unreadable", path, _(message, written=episode.extra["until"]))
    sound = archive.audio_path(episode)
    if not os.path.lexists(sound):
        yield Finding("missing", sound, _("restaurez-le d’une copie"))
    yield from _check_picture(archive, episode)
    yield from _check_transcript(archive, episode)


def _check_picture(archive: Archive, item: Show | Episode) -> Iterator[Finding]:
    path = archive.picture_path(item)
    if path and not os.path.lexists(path):
        yield Finding("missing", path, _("restaurez-la d’une copie, ou videz `image` à côté"))


def _check_transcript(archive: Archive, episode: Episode) -> Iterator[Finding]:
    path = archive.vtt_path(episode.key)
    try:
        transcript = archive.transcript(episode.key)
        evidence = archive.evidence(episode.key)
    except RadioError as error:
        yield Finding("unreadable", path, str(error))
        return
    if transcript and transcript.note.get("audio", episode.audio.sha256) != episode.audio.sha256:
        yield Finding("orphaned", path, _("la transcription d’un autre enregistrement"))
    if transcript and transcript.stray:
        place = transcript.stray.removeprefix(f"{path}:")
        yield Finding("damaged", path, tell_stray(_("ligne {number}", number=place)))
    if evidence and not os.path.lexists(path):
        yield Finding("missing", path, _("`radio transcribe` le réécrit, sans réécouter"))


def _read_all(archive: Archive, progress: Progress, tell: Tell) -> Iterator[Finding]:
    """Read every file again, write that to the log, and find what is damaged."""
    reader = fixity.FixityReader(archive)
    remedies = {
        "damaged": _("ce n’est plus ce qui fut écrit ; `radio check --repair` cherche une copie"),
        "unreadable": _("ne peut plus être lu ; `radio check --repair` en cherche une copie"),
    }
    for each in fixity.read_again(reader, reader.files, progress, log=False):
        path = archive.root / each.path
        if each.found == "damaged" or each.found == "unreadable":
            yield Finding(each.found, path, remedies[each.found])
        elif each.found == "changed" and _is_by_hand(archive, each.path):
            day = dt.datetime.fromtimestamp(each.stamp[0] / 1e9).date()
            tell(Finding("changed", path, _("changé à la main le {day}", day=day)))


def _is_by_hand(archive: Archive, path: str) -> bool:
    """Whether a person changed a file outside the program, as far as anybody can tell."""
    store, place = stores.store_at(path), archive.root / path
    if store is None or not (store.kind in BY_HAND or store.top == ""):
        return False
    if store.kind == "transcript":  # the machine writes its evidence with it
        written, heard = stamp(place)[0], stamp(place.with_suffix(".json"))[0]
        return abs(written - heard) > TOGETHER
    acts = history.acts(archive.root, path)
    after = (each.after for act in acts for each in act.rewritings if each.path == path)
    return not any(changes.says(place, text) for text in after)


def _find_orphans(archive: Archive, keys: set[str]) -> Iterator[Finding]:
    bare = _("pas de fiche ; déplacez-le, puis ajoutez-le par `radio ingest`")
    for path in sorted(archive.media.glob("*/[!.]*")):
        if path.suffix in MIME and f"{path.parent.name}/{path.stem}" not in keys:
            yield Finding("orphaned", path, bare)
    alone = _("pas d’épisode de ce nom ; restaurez sa fiche et son enregistrement")
    for path in sorted(archive.transcripts.glob("*/[!.]*")):
        if key_of(path.as_posix()) not in keys:
            yield Finding("orphaned", path, alone)


def _find_leftovers(archive: Archive, keys: set[str]) -> Iterator[Finding]:
    message = _("{size} d’un travail interrompu ; la prochaine commande qui écrit le supprimera")
    for path in sorted(archive.root.glob("[!i]*/**/.*.part")):  # the index sweeps its own
        if not _is_written(path):
            yield Finding("leftover", path, _(message, size=f"{stamp(path)[1] / 1e6:.1f} MB"))
    remedy = _("travail sur un épisode qui n’existe pas ; effacez-le")
    for path in sorted(archive.transcripts.glob("*/.*.json")):
        if path.name.split(".")[2:] in WORK and key_of(path.as_posix()) not in keys:
            yield Finding("leftover", path, remedy)


def _is_written(path: Path) -> bool:
    try:
        os.kill(int(path.name.split(".")[-2]), 0)
    except PermissionError:
        return True
    except (ValueError, OverflowError, ProcessLookupError):
        return False
    return True
