"""The sample shows that everything is measured on, with what is heard in them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
DATA = ROOT / "tests" / "data"
MADE, HUMAN = ("bench", "demo", "air"), ("human",)
"""The sets in which voices are made by a program, and those in which people speak."""

PROMPTS = Path("/usr/share/asterisk/sounds")
SOUNDS = {"bench": DATA / "bench", "demo": ROOT / "radio" / "demo", "air": DATA / "air"}
"""Where the recordings of each set lie: one long show, three short ones, three as heard on air; and
those of people, which `bench.human` makes where Debian's packages have them."""

if (PROMPTS / "fr_CA_f_June").is_dir() and (PROMPTS / "fr").is_dir():
    SOUNDS["human"] = ROOT / ".bench" / "human"


@dataclass(frozen=True)
class SampleShow:
    """A recording and its reference, heard and written down exactly."""

    group: str  # of SOUNDS
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
        beside = self.sound.with_suffix(".json")
        path = beside if beside.exists() else DATA / self.group / beside.name
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
    if "human" in (groups or SOUNDS) and not SOUNDS["human"].exists():
        from bench import human

        human.build(SOUNDS["human"])
    return [
        SampleShow(group, sound)
        for group in groups or SOUNDS
        for sound in sorted(SOUNDS[group].glob("*.mp3"))
    ]
