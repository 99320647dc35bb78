"""A sample show as a machine heard it: words with what they are worth, and two voices."""

from collections.abc import Mapping
from itertools import pairwise

from radio.archive import Archive
from radio.archive.standing import hash_cues, sha256
from radio.text.transcript import Evidence, Region, Segment, Turn, Word, render_evidence, render_vtt
from radio.transcribe.corrections import compose
from tests.samples import STREET, put

KEY = f"emission/{STREET}"
SAID = {
    10: "La kni dit non à tout le monde.",
    20: "Euh oui, la kni dit peut-être.",
    130: "Et voilà.",
    140: "La suite.",
}


def hear(archive: Archive, what: Mapping[int, str] = SAID) -> None:
    """Put a text in the archive, of two stretches unless more is said, which the machine wrote."""
    episode = put(archive, STREET)
    segments = []
    for start, said in what.items():
        times = pairwise(start + 0.4 * each for each in range(len(said.split()) + 1))
        heard = tuple(
            Word(*both, each, 0.1 if "kni" in each else 0.99)
            for both, each in zip(times, said.split(), strict=True)
        )
        segments.append(Segment(start, heard[-1].end, said, heard, 1, 0.0, -0.2, 1.2, 0.01))
    transcript = compose(segments, {}, {"status": "machine", "model": "base"})
    vtt = render_vtt(transcript).encode()
    own = (
        (episode.audio.sha256, "fr", 200.0, (Region(10.0, 142.0, "speech"),), tuple(segments)),
        sha256(vtt),
        hash_cues(transcript.cues),
    )
    turns = (Turn(10.0, 15.0, 1), Turn(20.0, 23.0, 2), Turn(130.0, 142.0, 1))
    evidence = Evidence("x", {}, "base", "0", {}, *own[0], turns, vtt=own[1], cues=own[2])
    archive.evidence_path(KEY).write_bytes(render_evidence(evidence))
    archive.vtt_path(KEY).write_bytes(vtt)
