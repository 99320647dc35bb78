"""A transcript that people wrote takes the place of the machine's, with times."""

from dataclasses import dataclass, replace
from pathlib import Path

from radio.archive import Archive
from radio.archive.pseudonyms import pseudonyms_for, substitute
from radio.archive.traces import names_of
from radio.system.disk import write_whole
from radio.system.errors import TranscriptError
from radio.system.messages import _
from radio.text.transcript import Transcript, render_vtt
from radio.transcribe import documents
from radio.transcribe.align import Alignment, align
from radio.transcribe.versions import is_by_hand, keep_present

LEAST = 0.2
"""Agreement below which it is the text of something else: that of another show in French has 0.11
at most on the sample shows, the right one 0.73 at least."""


@dataclass(frozen=True)
class Adoption:
    """A text on its way into the archive."""

    key: str
    source: str  # name of the file
    alignment: Alignment


def lay(archive: Archive, key: str, path: Path) -> Adoption:
    """Lay the text in a file on the sound of an episode, by the words that the machine heard.

    Names that were replaced in the episode stay replaced.

    Raises TranscriptError if the file can't be read, if the machine has not heard the episode yet,
    or if hardly a word of it is said there.
    """
    episode, evidence = archive.episode(key), archive.evidence(key)
    if evidence is None:
        raise TranscriptError(
            _("{key}: the machine has not heard it yet; `radio transcribe {key}` first").format(
                key=key
            )
        )
    if not any(segment.words for segment in evidence.segments):
        raise TranscriptError(_("{key}: the machine heard no word in it").format(key=key))
    hidden = pseudonyms_for(archive.root, names_of(archive, episode))
    read = documents.read(path, [person.name for person in episode.people])
    lines = [
        replace(each, text=substitute(each.text, hidden), voice=substitute(each.voice, hidden))
        for each in read
    ]
    alignment = align(lines, evidence)
    if alignment.agreement < LEAST:
        raise TranscriptError(
            _("{path}: hardly a line of it is said in {key}; is it the right text?").format(
                path=path, key=key
            )
        )
    return Adoption(key, substitute(path.name, hidden), alignment)


def adopt(archive: Archive, adoption: Adoption, *, force: bool = False) -> None:
    """Write the text in the place of the present one, which is kept aside.

    Raises TranscriptError if a person reread or changed the present one, unless `force` is given;
    ArchiveError if the disk refuses.
    """
    key = adoption.key
    path = archive.vtt_path(key)
    note = {"status": "reread", "source": adoption.source}
    text = render_vtt(Transcript(adoption.alignment.cues, note)).encode()
    with archive.lock():
        if path.exists():
            if is_by_hand(archive, key) and not force:
                raise TranscriptError(
                    _(
                        "{key}: a person reread or changed its transcript; --force replaces it"
                    ).format(key=key)
                )
            keep_present(archive, key)
        write_whole(path, text)
