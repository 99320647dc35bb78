"""What a copy without music leaves out of shows, against what is heard in them.

The sample shows, and others that are mixed here where the machine has what these are made of.
"""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from bench.heard import ENGINES, hear, heard
from bench.mixes import mixed
from bench.played import NEEDED, are_possible
from bench.shows import SampleShow
from radio.kit.music_free import asked
from radio.sound.borders import Span, listen
from radio.text.transcript import Evidence
from radio.transcribe import engines


def cuts_of(show: SampleShow, evidence: Evidence) -> Sequence[Span]:
    """Tell what would be cut of a show."""
    return listen(show.sound, asked(evidence)).cuts


def regions(show: SampleShow, kind: str) -> list[Span]:
    """Give the spans of a show in which something of a kind is heard."""
    found = (each for each in show.reference["regions"] if each["kind"] == kind)
    return [(each["start"], each["end"]) for each in found]


def share(some: Iterable[Span], cuts: Sequence[Span]) -> tuple[float, float]:
    """Tell how many seconds of some spans are cut, and how long they are."""
    spans = list(some)
    both = sum(max(0.0, min(b, d) - max(a, c)) for a, b in spans for c, d in cuts)
    return both, sum(b - a for a, b in spans)


def _all_heard(engine: str) -> Iterator[tuple[SampleShow, Evidence]]:
    yield from heard(engine)
    if are_possible():
        with tempfile.TemporaryDirectory() as folder:
            yield from hear(engines.load(engine, "base"), mixed(Path(folder)))


def _rows() -> Iterator[str]:
    for name, engine in ENGINES.items():
        for show, evidence in _all_heard(engine):
            cuts = cuts_of(show, evidence)
            gone, music = share(regions(show, "music"), cuts)
            lost, speech = share(regions(show, "speech"), cuts)
            told = f"{100 * gone / music:.2f} % of {music:.0f} s" if music else "none there"
            yield f"| {show.name} | {name} | {told} | {100 * lost / speech:.3f} % |"


def table() -> str:
    """Measure, and lay it out."""
    head = ["| show | heard by | music gone | speech lost |", "|---|---|---|---|"]
    missing = [] if are_possible() else ["", f"Without {NEEDED} there are no mixed shows."]
    return "\n".join([*head, *_rows(), *missing])
