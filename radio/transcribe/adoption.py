"""A text that people wrote takes the place of the machine's, with times. A keeper gives it to
`radio text align`, or it came with a recording: then it is judged more strictly."""

import logging
import statistics
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from radio.archive import Archive, paths
from radio.archive.authorship import status_of
from radio.archive.episode import TEXTS
from radio.archive.keys import pseudonyms_of
from radio.archive.pseudonyms import substitute
from radio.french.letters import plain_words
from radio.system.disk import keep, read_bytes, write_whole
from radio.system.errors import RadioError, ReaderError, TranscriptError
from radio.system.messages import _
from radio.text.transcript import LARGEST_TEXT, Transcript, read_vtt, render_vtt
from radio.transcribe import documents
from radio.transcribe.align import Alignment, align
from radio.transcribe.documents import ScriptLine
from radio.transcribe.versions import is_by_hand, keep_present

# Agreement: another show has at most 0.11 on the samples, the right text 0.73 and more.
LEAST = 0.2
COVERED = 0.75  # of what was heard must be in the text, or words would be lost
FITTING = 1.0  # seconds that the times of captions may be off at the median
CAPTIONS = (".vtt", ".srt")

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Adoption:
    """A text on its way into the archive."""

    key: str
    source: str  # name of the file
    alignment: Alignment


def align_text(archive: Archive, key: str, path: Path) -> Adoption:
    """Align a file's text with the words that were heard; replaced names stay replaced. Raises
    TranscriptError if it can't be read, nothing was heard yet, or hardly a word is said there."""
    episode, evidence = archive.episode(key), archive.evidence(key)
    if evidence is None:
        message = _(
            "{key} : la machine ne l’a pas encore entendu ; d’abord `radio transcribe {key}`"
        )
        raise TranscriptError(message, key=key)
    if not any(segment.words for segment in evidence.segments):
        raise TranscriptError(_("{key} : la machine n’y a entendu aucun mot", key=key))
    hidden = pseudonyms_of(archive, episode)
    read = documents.read(path, [person.name for person in episode.people])
    pairs = ((substitute(each.text, hidden), substitute(each.voice, hidden)) for each in read)
    alignment = align([ScriptLine(*each) for each in pairs], evidence)
    if alignment.agreement < LEAST:
        message = _(
            "{path} : presque aucune ligne n’en est dite dans {key} ; est-ce le bon texte ?"
        )
        raise TranscriptError(message, path=path, key=key)
    return Adoption(key, substitute(path.name, hidden), alignment)


def adopt(archive: Archive, adoption: Adoption, *, force: bool = False) -> None:
    """Write the text in the place of the present one, which is set aside. Without `force`, raises
    TranscriptError if a person reread or changed the present one."""
    key = adoption.key
    path = archive.vtt_path(key)
    note = {"status": "reread", "source": adoption.source}
    text = render_vtt(Transcript(adoption.alignment.cues, note)).encode()
    with archive.lock():
        if path.exists():
            if is_by_hand(archive, key) and not force:
                message = _(
                    "{key} : une personne a relu ou modifié son texte ; --force le remplace"
                )
                raise TranscriptError(message, key=key)
            keep_present(archive, key)
        write_whole(path, text)


def waiting(archive: Archive) -> list[str]:
    """List the keys whose text came with the recording and waits, though the machine is done."""
    names = [(show, name) for show in archive.folders() for name in archive.text_stamps(show)]
    parts = ((show, *name.partition(".source")) for show, name in names)
    found = {f"{show}/{slug}" for show, slug, _source, suffix in parts if suffix in TEXTS}
    return [
        key
        for key in sorted(found)
        if archive.holds(archive.sidecar_path(key))
        and archive.is_transcribed(key)
        and archive.holds(archive.evidence_path(key))
        and status_of(archive, key) == "machine"
    ]


def adopt_waiting(archive: Archive) -> Iterator[str]:
    """Adopt the texts that are `waiting`; give the keys of those adopted."""
    return (key for key in waiting(archive) if adopt_source(archive, key))


def adopt_source(archive: Archive, key: str) -> bool:
    """Adopt the text that came with a recording; return whether it was. A failure costs a warning.
    A text of something else is renamed `unsaid`; one that can't be read waits."""
    try:
        path = _source(archive, key)
        if path is None or is_by_hand(archive, key):
            return False
        try:
            adoption = _judge(archive, key, path)
        except (TranscriptError, ReaderError) as error:
            with archive.lock():
                aside = decline(archive, key)
            log.warning(_("%s ; gardé sous le nom de %s"), error, aside.name if aside else "")
            return False
        adopt(archive, adoption)
    except RadioError as error:
        log.warning("%s", error)
        return False
    return True


def _source(archive: Archive, key: str) -> Path | None:
    places = (archive.root / paths.source_text(key, suffix) for suffix in TEXTS)
    return next(filter(archive.holds, places), None)


def decline(archive: Archive, key: str) -> Path | None:
    """Rename the text that came with a recording to `unsaid`, so that it is not tried again. Return
    its new place, None without one. Call it under the archive's lock."""
    path = _source(archive, key)
    if path is None:
        return None
    aside = archive.root / paths.source_text(key, path.suffix, "unsaid")
    keep(path, aside)
    return aside


def _judge(archive: Archive, key: str, path: Path) -> Adoption:
    """Align a text with the sound. Captions by people stay as they are, unless their times are
    those of another recording; those by a machine are refused."""
    captions: Transcript | None = None
    if path.suffix in CAPTIONS:
        captions = read_vtt(read_bytes(path, LARGEST_TEXT), path)
        if captions.is_machine:
            raise TranscriptError(_("{path} : il dit avoir été écrit par une machine", path=path))
    name = Path(archive.episode(key).source.original_name).stem + path.suffix
    adoption = replace(align_text(archive, key, path), source=name)
    coverage = adoption.alignment.coverage
    if coverage < COVERED:
        message = _("{path} : seulement {share:.0%} de ce qui est dit s’y trouve")
        raise TranscriptError(message, path=path, share=coverage)
    evidence = archive.evidence(key)
    if captions is None or evidence is None:
        return adoption
    said = [cue for cue in captions.cues if plain_words(cue.text)]
    starts = align([ScriptLine(cue.text, cue.voice) for cue in said], evidence).starts
    pairs = zip(starts, said, strict=True)
    distances = [abs(start - cue.start) for start, cue in pairs if start is not None]
    if not distances or statistics.median(distances) > FITTING:
        return adoption
    return replace(adoption, alignment=replace(adoption.alignment, cues=captions.cues))
