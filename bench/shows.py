"""The sample shows that everything is measured on, with what is heard in them."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
DATA = ROOT / "tests" / "data"
SOUNDS = {"bench": DATA / "bench", "demo": ROOT / "radio" / "demo", "air": DATA / "air"}
"""Where the recordings of each set lie: one long show, three short ones, three as heard on air."""


@dataclass(frozen=True)
class SampleShow:
    """A recording and its reference, heard and written down exactly."""

    group: str  # bench, demo or air
    sound: Path

    @property
    def name(self) -> str:
        """Its name, the same in every table."""
        return f"{self.group}/{self.sound.stem}"

    @cached_property
    def reference(self) -> dict[str, Any]:
        """What is heard: `duration` in seconds, and `regions` with start, end, kind.

        A region of speech has a `voice`, A, B, C…, and a `text`.
        """
        path = DATA / self.group / f"{self.sound.stem}.json"
        read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return read

    @property
    def speech(self) -> Sequence[dict[str, Any]]:
        """The regions in which somebody speaks."""
        return [each for each in self.reference["regions"] if each["kind"] == "speech"]

    @property
    def text(self) -> str:
        """All that is said."""
        return " ".join(str(region["text"]) for region in self.speech)


def shows(*groups: str) -> list[SampleShow]:
    """List the sample shows of some sets; of all without a name."""
    return [
        SampleShow(group, sound)
        for group in groups or SOUNDS
        for sound in sorted(SOUNDS[group].glob("*.mp3"))
    ]


def plain(text: str) -> str:
    """Leave what a listener hears: words without signs and capitals."""
    return re.sub(r"[\W_]+", " ", text.lower().replace("œ", "oe")).strip()
