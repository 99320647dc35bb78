"""A transcript on its page: read once and rendered once for each state of its files."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from flask import render_template
from markupsafe import Markup

from radio.archive import Archive
from radio.disk import Stamp, stamp
from radio.episode import Episode
from radio.errors import RadioError
from radio.publish.reading import cue_at, lay_out
from radio.standing import standing
from radio.transcript import Cue, Evidence, Transcript
from radio.web import language
from radio.web.catalogue import catalogue

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reading:
    """What is said in an episode, and how far it can be trusted."""

    note: Mapping[str, str] = field(default_factory=dict)
    cues: tuple[Cue, ...] = ()
    said: Markup = Markup()  # noqa: RUF009 (immutable)
    has_doubts: bool = False

    def opened(self, second: float | None) -> Markup:
        """Give what is said, the cue of a second marked."""
        number = None if second is None else cue_at(self.cues, second)
        if number is None:
            return self.said
        cue = Markup('<a class="cue" id="c{}"').format(number)
        here = Markup('<span id="t"></span>') + cue + Markup(' aria-current="true"')
        return self.said.replace(cue, here, 1)


UNREADABLE = Reading({"status": "unreadable"})


def read(episode: Episode) -> Reading | None:
    """Lay a transcript out, or give None where there is none.

    One that a person's editing broke is no reason to hide the audio: it is UNREADABLE.
    """
    archive, key = catalogue().archive, episode.key
    states = archive.stamps(key)[1], stamp(archive.evidence_path(key))
    spoken = episode.language or archive.show(episode.show).language
    try:
        return _rendered(archive, key, states, spoken, language.chosen(), language.asked())
    except RadioError as error:
        log.warning("%s", error)
        return UNREADABLE


@lru_cache(maxsize=16)
def _rendered(
    archive: Archive,
    key: str,
    _states: tuple[Stamp, Stamp],
    spoken: str,
    _lang: str,
    _asked: str | None,
) -> Reading | None:
    """Render once: two hours take 60 ms to parse and 40 to lay out."""
    transcript = archive.transcript(key)
    if transcript is None:
        return None
    evidence = read_evidence(archive, key)
    parts = list(lay_out(transcript.cues, evidence, doubts=transcript.is_machine))
    runs = (run for part in parts for line in part.lines for run in line.runs)
    return Reading(
        judge(transcript, evidence),
        transcript.cues,
        Markup(render_template("said.html", parts=parts, spoken=spoken)),  # noqa: S704
        any(doubted for _, doubted in runs),
    )


def judge(transcript: Transcript, evidence: Evidence | None) -> Mapping[str, str]:
    """Give the NOTE of a transcript, its status as far as the files tell.

    Where an editor lost the NOTE, the evidence names engine and model.
    """
    status = standing(transcript, evidence)
    if evidence and status == "machine" and "model" not in transcript.note:
        engine = f"{evidence.engine} {evidence.versions.get(evidence.engine, '')}".strip()
        return {**transcript.note, "status": status, "engine": engine, "model": evidence.model}
    return {**transcript.note, "status": status}


def read_evidence(archive: Archive, key: str) -> Evidence | None:
    """Read the machine's evidence; what can't be read costs its marks alone."""
    try:
        return archive.evidence(key)
    except RadioError as error:
        log.warning("%s", error)
        return None
