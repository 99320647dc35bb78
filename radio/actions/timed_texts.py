"""A text on the disk with what the machine heard beside it, written anew together."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from radio.archive import Archive
from radio.archive.removal import Wording
from radio.archive.standing import naming, standing
from radio.system.disk import is_file, read_bytes
from radio.text.transcript import (
    LARGEST_EVIDENCE,
    LARGEST_TEXT,
    Evidence,
    Transcript,
    read_evidence,
    read_vtt,
    render_evidence,
    render_vtt,
)


@dataclass(frozen=True)
class TimedText:
    """A text of an episode and its evidence; one of both may be missing."""

    path: PurePosixPath  # of the text, beneath the root
    text: Transcript | None
    evidence: Evidence | None

    @classmethod
    def read(cls, archive: Archive, path: PurePosixPath) -> "TimedText":
        """Read the text of a path and the evidence beside it, or that evidence alone.

        Raises TranscriptError or ArchiveError if one of both can't be read.
        """
        beside, text, evidence = path.with_suffix(".json"), None, None
        if is_file(archive.root / beside):
            content = read_bytes(archive.root / beside, LARGEST_EVIDENCE)
            evidence = read_evidence(content, archive.root / beside)
        if path.suffix == ".vtt":
            text = read_vtt(read_bytes(archive.root / path, LARGEST_TEXT), archive.root / path)
        return cls(path.with_suffix(".vtt"), text, evidence)

    @property
    def is_machines(self) -> bool:
        """Whether the text is as the machine wrote it."""
        return self.text is not None and standing(self.text, self.evidence) == "machine"

    def rewritten(
        self, text: Transcript | None, evidence: Evidence | None, audio: str
    ) -> Iterator[Wording]:
        """Write both anew for the recording of a sha256; a machine's text stays the machine's."""
        if text is not None:
            note = {**text.note, "audio": audio} if "audio" in text.note else text.note
            written = render_vtt(replace(text, note=note))
            yield Wording(str(self.path), written)
            if evidence and self.is_machines:
                evidence = naming(evidence, written)
        if evidence:
            yield Wording(str(self.path.with_suffix(".json")), render_evidence(evidence).decode())
