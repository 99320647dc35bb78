"""What another radio needs to broadcast an episode, as a folder or a ZIP, from keepers alone: the
recording, a copy as loud as radios want it, the text beside both by their names, so that players
show it, the running order, and the terms in words."""

import contextlib
import datetime as dt
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from radio.archive import Archive, holdings, imprint
from radio.archive.authorship import status_of
from radio.archive.episode import Episode
from radio.archive.tunes import read_tune
from radio.derived.cache import KITS, state_of
from radio.derived.soundness import LISTENING, quality_of
from radio.formats.tables import render_table
from radio.sound.quality import listen_closely
from radio.sound.recoding import as_mp3, recode
from radio.system.checksums import hash_file
from radio.system.disk import discard, explained, is_file, keep, temporary, unfinished, write_whole
from radio.system.edition import edition
from radio.system.errors import ArchiveError, AudioError, RadioError, WithdrawnError, WithheldError
from radio.system.messages import _
from radio.system.progress import Progress, silent
from radio.text.chapters import Chapters
from radio.text.transcript import Cue, clock, timestamp

NEAR = 0.5  # LU by which the copy may differ
TRIES = 4
HEADER = ("start", "length", "kind", "what", "artist", "label")
TIMES = ("start", "length")
SUMS = "SHA256SUMS"


@dataclass(frozen=True)
class OrderLine:
    """A line of the running order."""

    start: float | None  # seconds
    length: float | None
    kind: str  # chapter, music, voice
    what: str
    artist: str = ""
    label: str = ""


def write_kit(
    archive: Archive, episode: Episode, chapters: Chapters, dest: Path, progress: Progress = silent
) -> None:
    """Write the kit of an episode, to a ZIP if `dest` ends so. Raises WithdrawnError, WithheldError
    if it must not be heard, ArchiveError if `dest` exists or the disk refuses, AudioError."""
    now = dt.datetime.now()
    if episode.is_withdrawn(now):
        raise WithdrawnError(_("{key} : retiré ; il n’est pas à rediffuser", key=episode.key))
    holdings.require_sound(archive, episode)
    if not episode.is_public(now):
        text = _("{key} : pas encore publié ; « radio protect publish {key} » le rend public")
        raise WithheldError(_(text, key=episode.key))
    if dest.exists():
        raise ArchiveError(_("{path} : existe déjà ; choisissez un autre nom", path=dest))
    with explained(dest):
        dest.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".kit-", dir=dest.parent) as place:
            folder = Path(place) / episode.slug
            folder.mkdir()
            _fill(archive, episode, chapters, folder, progress)
            if dest.suffix.lower() != ".zip":
                folder.rename(dest)
                return
            with unfinished(dest) as part:
                with zipfile.ZipFile(part, "w") as packed:
                    for path in sorted(folder.iterdir()):
                        packed.write(path, f"{folder.name}/{path.name}")
                keep(part, dest)


def find_kit(archive: Archive, episode: Episode) -> Path | None:
    """Tell where the kit of an episode lies as a ZIP; None where it is to be made, or made anew."""
    path = _kit_path(archive, episode)
    return path if is_file(path) else None


def make_kit(
    archive: Archive, episode: Episode, chapters: Chapters, progress: Progress = silent
) -> None:
    """Make the kit as a ZIP in the cache, unless it is there. Raises as `write_kit` does."""
    path = _kit_path(archive, episode)
    if path.exists():
        return
    part = temporary(path).with_suffix(".zip")
    discard(part)
    try:
        write_kit(archive, episode, chapters, part, progress)
        with archive.lock():  # a redaction takes what was made away under it
            if archive.episode(episode.key) == episode:
                KITS.keep(archive, part, path)
    finally:
        discard(part)


def _kit_path(archive: Archive, episode: Episode) -> Path:
    state = state_of(archive, episode, None)
    return KITS.path(archive, episode.key, state, edition("sound", "kit"))


def _fill(
    archive: Archive, episode: Episode, chapters: Chapters, folder: Path, progress: Progress
) -> None:
    name = f"{episode.slug}.{LISTENING:.0f}-LUFS.mp3"
    shutil.copyfile(archive.audio_path(episode), folder / episode.audio.file)
    loudness = level_copy(archive, episode, folder / name, progress)
    if holdings.is_finished(archive, episode.key):
        for sound in (episode.audio.file, name):
            text = (folder / sound).with_suffix(".vtt")
            shutil.copyfile(archive.vtt_path(episode.key), text)
    marks = list(running_order(archive, episode, chapters))
    terms = describe(archive, episode, name, loudness)
    write_whole(folder / _("LISEZ-MOI.txt"), terms.encode())
    write_whole(folder / _("conducteur.txt"), _in_words(episode, marks).encode())
    rows = list[tuple[str, ...]]()
    for each in marks:
        times = ("" if time is None else exact(time) for time in (each.start, each.length))
        rows.append((*times, each.kind, each.what, each.artist, each.label))
    write_whole(folder / _("conducteur.csv"), render_table(HEADER, rows, TIMES))
    sums = "".join(f"{hash_file(path)}  {path.name}\n" for path in sorted(folder.iterdir()))
    write_whole(folder / SUMS, sums.encode())


def level_copy(
    archive: Archive, episode: Episode, target: Path, progress: Progress = silent
) -> float:
    """Write a copy as loud as radios want it; tell its LUFS. Raises AudioError if it can't be."""
    source, heard = archive.audio_path(episode), quality_of(archive, episode).loudness
    gain = 0.0
    for number in range(TRIES):
        if heard is None or (number and abs(heard - LISTENING) <= NEAR / 2):
            break
        gain += LISTENING - heard
        recode(as_mp3, source, target, gain)
        heard = listen_closely(target).loudness
        progress((number + 1) / TRIES)
    if heard is None or abs(heard - LISTENING) > NEAR:
        raise AudioError(_("{key} : son niveau ne peut pas être réglé", key=episode.key))
    return heard


def running_order(archive: Archive, episode: Episode, chapters: Chapters) -> Iterator[OrderLine]:
    """Give chapters and music in the order in which they come, then who speaks, and how long."""
    parts = sorted(chapters.parts, key=lambda each: each.start)
    ends = [*(each.start for each in parts[1:]), episode.audio.duration]
    marks = [
        OrderLine(each.start, end - each.start, "chapter", each.title)
        for each, end in zip(parts, ends, strict=False)  # without chapters there is an end alone
    ]
    marks += [
        OrderLine(tune.start, tune.length, "music", tune.title, tune.artist, tune.label)
        for tune in map(read_tune, episode.playlist)
    ]
    yield from sorted(marks, key=lambda each: (each.start is None, each.start or 0.0))
    voices = dict[str, list[Cue]]()
    with contextlib.suppress(RadioError):
        said = archive.transcript(episode.key)
        for cue in said.cues if said else ():
            voices.setdefault(cue.voice, []).append(cue)
    for name, cues in voices.items():
        if name:
            length = sum(cue.end - cue.start for cue in cues)
            yield OrderLine(cues[0].start, length, "voice", name)


def describe(archive: Archive, episode: Episode, copy: str, loudness: float) -> str:
    """Say in words what the kit holds, how long it lasts, and under which terms."""
    show, site = archive.show(episode.show), imprint.about(archive.root)
    untold = _("pas indiquée : demandez avant de diffuser")
    rows = [
        (_("Épisode"), episode.title),
        (_("Émission"), " – ".join(filter(None, (show.title, show.station)))),
        (_("Diffusé le"), episode.known_date or _("date inconnue")),
        (_("Avec"), ", ".join(each.name for each in episode.people)),
        (_("Fait par"), ", ".join(show.producers_of(episode))),
        (_("Durée exacte"), f"{exact(episode.audio.duration)} ({episode.audio.duration:.3f} s)"),
        (_("Licence"), show.license or site.license or untold),
        (_("Droits"), _rights_in_words(episode)),
        (_("Contact"), show.contact or site.contact or _("pas indiqué")),
        (_("Enregistrement"), f"{episode.audio.file}, sha256 {episode.audio.sha256}"),
        (_("Copie mise à niveau"), f"{copy}, {loudness:.1f} LUFS"),
        (_("Transcription"), _transcript_in_words(archive, episode)),
    ]
    lines = [_("{name} : {text}", name=name, text=text) for name, text in rows if text]
    proof = _("`sha256sum --check {name}` vérifie les fichiers.", name=SUMS)
    return "\n".join([*lines, "", proof, ""])


def _transcript_in_words(archive: Archive, episode: Episode) -> str:
    if not holdings.is_finished(archive, episode.key):
        return ""
    is_machine = status_of(archive, episode.key) == "machine"
    return ".vtt, " + (_("texte de la machine") if is_machine else _("à côté de chaque son"))


def _rights_in_words(episode: Episode) -> str:
    rights = episode.rights
    if rights.are_whole:
        message = _("tout le monde peut l’écouter, le télécharger et le recevoir par le podcast")
    elif not rights.listen:
        message = _("le public n’en reçoit pas le son")
    elif not rights.allows("download"):
        message = _("le public peut l’écouter sur le site, mais pas le télécharger")
    else:
        message = _("le public peut l’écouter et le télécharger ; il n’est pas dans le podcast")
    for_radios = _("d’autres radios peuvent le demander") if rights.radios_only else ""
    return ". ".join(filter(None, (message, for_radios, rights.reason)))


def exact(seconds: float) -> str:
    """Write a length to the thousandth, as schedules of radios have it.

    >>> exact(3754.5)
    '1:02:34.500'
    """
    return timestamp(seconds).removeprefix("0")


def _in_words(episode: Episode, marks: Sequence[OrderLine]) -> str:
    kinds = {"chapter": _("chapitre"), "music": _("musique"), "voice": _("voix")}
    lines = [episode.title, exact(episode.audio.duration), ""]
    for each in marks:
        start = "" if each.start is None else clock(each.start)
        length = "" if each.length is None else f" ({clock(each.length)})"
        name = " – ".join(filter(None, (each.artist, each.what)))
        label = f" [{each.label}]" if each.label else ""
        message = _("{name} : {text}", name=kinds[each.kind], text=f"{name}{label}{length}")
        lines.append(f"{start:>8}  {message}")
    return "\n".join([*lines, ""])
