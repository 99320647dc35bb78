"""The sample shows that everything is measured on, with what is heard in them."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from radio.french.numbers import GREAT, find_numbers

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

SPELLINGS: dict[str, str | Callable[[re.Match[str]], str]] = {
    "œ": "oe",
    r"\b((?:[A-Z]\.){2,})": lambda dotted: dotted[0].replace(".", "") + " ",
    r"\b(\d{1,2})\s?h\s?(\d\d)?\b": r"\1 heures \2",
    r"\b\d{1,3}(?:[\s.]\d{3})+\b": lambda grouped: re.sub(r"\D", "", grouped[0]),
    r"(\d),(\d)": r"\1 virgule \2",
    "%": " pour cent",
    "€": " euros",
    r"\bn°": "numéro ",
    r"\b1er\b": "premier",
    r"\b1(?:re|ère)\b": "première",
}
"""What is heard alike is written in one way, before anything is compared."""


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


def plain(text: str) -> str:
    """Leave what a listener hears: words without signs and capitals, each number in figures.

    >>> plain("Jeudi, à dix-huit heures trente : 6 millions d’euros, dit la C.N.I.L.")
    'jeudi à 18 heures 30 6000000 d euros dit la cnil'
    """
    for written, heard in SPELLINGS.items():
        text = re.sub(written, heard, text, flags=re.IGNORECASE)
    words = re.sub(r"[\W_]+", " ", text.lower()).split()
    for place in range(len(words) - 1, 0, -1):
        if words[place] in GREAT and words[place - 1].isdecimal():
            words[place - 1 : place + 1] = [str(int(words[place - 1]) * GREAT[words[place]])]
    for first, last, value in reversed(list(find_numbers(words))):
        words[first:last] = [str(value)]
    return " ".join("un" if word == "1" else word for word in words)
