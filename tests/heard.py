"""A sample show as a machine heard it: words with what they are worth, and two voices."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

from radio.archive import Archive
from radio.archive.authorship import hash_cues, sha256
from radio.system.disk import write_whole
from radio.text.transcript import (
    Cue,
    Evidence,
    Region,
    Segment,
    Transcript,
    Turn,
    Word,
    render_evidence,
    render_vtt,
)
from radio.transcribe.corrections import compose
from tests.samples import STREET, put

KEY = f"emission/{STREET}"
SAID = {10: "La kni dit non à tout le monde.", 20: "Euh oui, la kni dit peut-être."}
SAID |= {130: "Et voilà.", 140: "La suite."}


def evidence_of(archive: Archive, key: str = KEY) -> Evidence:
    evidence = archive.evidence(key)
    assert evidence is not None
    return evidence


def transcript_of(archive: Archive, key: str = KEY) -> Transcript:
    transcript = archive.transcript(key)
    assert transcript is not None
    return transcript


def hear(
    archive: Archive,
    what: Mapping[int, str] = SAID,
    slug: str = STREET,
    *,
    pace: float = 0.4,
    voice: Callable[[float], str] = lambda _second: "",
) -> None:
    """Write a text that the machine heard, of two sections unless more is said: `pace` seconds a
    word, in doubt of « kni » and « Zinzolin »."""
    key, segments = f"emission/{slug}", []
    episode = archive.episode(key) if archive.sidecar_path(key).exists() else put(archive, slug)
    for start, said in what.items():
        times = pairwise(start + pace * each for each in range(len(said.split()) + 1))
        heard = tuple(
            Word(*both, each, 0.1 if "kni" in each or each == "Zinzolin" else 0.99)
            for both, each in zip(times, said.split(), strict=True)
        )
        segments.append(Segment(start, heard[-1].end, said, heard, 1, 0.0, -0.2, 1.2, 0.01))
    made = compose(segments, {"status": "machine", "model": "base"})
    cues = tuple(replace(cue, voice=voice(cue.start)) for cue in made.cues)
    vtt = render_vtt(Transcript(cues, made.note)).encode()
    first, last = min(what), max(what)
    regions = (Region(first, last + 2.0, "speech"),)
    turns = (Turn(10.0, 15.0, 1), Turn(20.0, 23.0, 2), Turn(130.0, 142.0, 1))
    own = (episode.audio.sha256, "fr", 200.0, regions, tuple(segments), turns)
    evidence = Evidence("x", {}, "base", "0", {}, *own, vtt=sha256(vtt), cues=hash_cues(cues))
    archive.evidence_path(key).write_bytes(render_evidence(evidence))
    archive.vtt_path(key).write_bytes(vtt)


def write_cues(archive: Archive, key: str, *cues: Cue, **note: str) -> str:
    """Write the text of an episode, and give it as its file has it."""
    text = render_vtt(Transcript(cues, note))
    write_whole(archive.vtt_path(key), text.encode())
    return text


def write_evidence(
    archive: Archive, key: str, *segments: Segment, audio: str = "", **more: object
) -> Evidence:
    """Write what was heard of the recording of an episode, or of another one, and give it."""
    made = evidence_for(audio or archive.episode(key).audio.sha256, *segments, **more)
    write_whole(archive.evidence_path(key), render_evidence(made))
    return made


def segment(*words: tuple[str, float], seconds: float = 0.4) -> Segment:
    """What was heard of one window: words, each with its second."""
    heard = tuple(Word(start, start + seconds, word, 0.9) for word, start in words)
    text = " ".join(word for word, _start in words)
    return Segment(heard[0].start, heard[-1].end, text, heard, 1, 0.0, -0.1, 1.0, 0.0)


def evidence_for(audio: str, *segments: Segment, **more: object) -> Evidence:
    """All that was heard of a recording of a sample show."""
    known = Evidence("fake", {}, "base", "", {}, audio, "fr", 62.8, (), segments)
    return replace(known, **more)  # type: ignore[arg-type]


def alter(archive: Archive, key: str = KEY, **changes: Any) -> None:
    """Change what was heard of an episode."""
    changed = replace(evidence_of(archive, key), **changes)
    archive.evidence_path(key).write_bytes(render_evidence(changed))


def edit(archive: Archive, *changes: tuple[str, str], key: str = KEY, times: int = -1) -> str:
    """Change the text of an episode in its file, as a person does in an editor, and give it."""
    path = archive.vtt_path(key)
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        text = text.replace(old, new, times)
    path.write_text(text, encoding="utf-8")
    return text
