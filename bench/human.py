"""Shows of human voices: prompts of telephone exchanges in Debian's packages, in channels of ours.

June Wallack (asterisk-core-sounds-fr-wav, CC BY-SA 3.0) reads at 8 kHz, Armelle Desjardins
(asterisk-prompt-fr-armelle, BSD) through a telephone's GSM. Their sounds are read where the
packages put them and go into no repository. What they say is in `human.tsv`: the packages don't
tell it, so it was written down from what several decodings heard; unclear prompts are left out.
Each prompt is in one show, so that its words count once. Half a minute of a quiet room is in some.
"""

import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
import soundfile

from bench.shows import PROMPTS, shows
from bench.voices import room, telephone
from radio.sound import RATE, Samples, decode

FOLDERS = {"June": PROMPTS / "fr_CA_f_June", "Armelle": PROMPTS / "fr"}
TEXTS = Path(__file__).with_suffix(".tsv")
SEED = 9
GAPS = (0.35, 1.4)  # seconds between two prompts, at least and at most
ROOM = 0.0004  # of full scale: the noise of a quiet room
EMPTY = 30.0  # seconds in which nobody speaks
UNDER = -16.0  # dB: the bed of music under the voice

Channel = Callable[[Samples], Samples]


@dataclass(frozen=True)
class Prompt:
    """A sound of one voice, and what is said in it."""

    voice: str
    path: Path
    text: str


@dataclass(frozen=True)
class Plan:
    """Which voices speak in a show, and what carries them."""

    name: str
    share: dict[str, tuple[int, int]]  # of the prompts of each voice: which one of how many
    channel: Channel = lambda samples: samples
    has_gap: bool = False
    has_music: bool = False


PLANS = (
    Plan("studio", {"June": (0, 5)}, has_gap=True),
    Plan("room", {"June": (1, 5)}, room),
    Plan("telephone", {"June": (2, 5)}, telephone, has_gap=True),
    Plan("music", {"June": (3, 5)}, has_music=True),
    Plan("gsm", {"Armelle": (0, 2)}, has_gap=True),
    Plan("turns", {"June": (4, 5), "Armelle": (1, 2)}),
)


def prompts(voice: str) -> list[Prompt]:
    """List the prompts of a voice whose words are known, in an order drawn by lot."""
    found = list[Prompt]()
    for line in TEXTS.read_text("utf-8").splitlines():
        name, _, text = line.partition("\t")
        if name.startswith(f"{voice}/") and text:
            path = FOLDERS[voice] / name.partition("/")[2]
            found.append(Prompt(voice, path, text))
    random.Random(SEED).shuffle(found)  # noqa: S311
    return found


def build(folder: Path) -> None:
    """Write the shows and what is said in them into a folder, like the sample shows."""
    folder.mkdir(parents=True, exist_ok=True)
    for plan in PLANS:
        lists = [prompts(voice)[which::of] for voice, (which, of) in plan.share.items()]
        samples, regions = _said(plan, list(_by_turns(lists)))
        if plan.has_music:
            samples = samples + _music(len(samples)) * 10 ** (UNDER / 20)
        found = {"duration": round(len(samples) / RATE, 3), "regions": regions}
        path = folder / f"{plan.name}.mp3"
        path.with_suffix(".json").write_text(json.dumps(found, ensure_ascii=False, indent=1))
        soundfile.write(path, np.clip(samples, -0.98, 0.98), RATE, format="MP3")


def _by_turns(lists: Sequence[Sequence[Prompt]]) -> Iterator[Prompt]:
    """Give some prompts of one voice, then of the next: one to three at a time."""
    chance, rest = random.Random(SEED), [list(each) for each in lists]  # noqa: S311
    while any(rest):
        for each in rest:
            for _number in range(min(chance.randint(1, 3), len(each))):
                yield each.pop(0)


def _said(plan: Plan, asked: Sequence[Prompt]) -> tuple[Samples, list[dict[str, Any]]]:
    chance = np.random.default_rng(SEED)
    parts, regions, place = [_quiet(0.5, chance)], list[dict[str, Any]](), 0.5
    for number, prompt in enumerate(asked):
        sound = plan.channel(_voiced(prompt.path))
        end = place + len(sound) / RATE
        spoken = {"start": round(place, 3), "end": round(end, 3), "kind": "speech"}
        regions.append({**spoken, "voice": prompt.voice[0], "text": prompt.text})
        is_middle = plan.has_gap and number == len(asked) // 2
        after = EMPTY if is_middle else float(chance.uniform(*GAPS))
        kind = "music" if plan.has_music else "silence"
        regions.append({"start": round(end, 3), "end": round(end + after, 3), "kind": kind})
        parts += [sound, _quiet(after, chance)]
        place = end + after
    return np.concatenate(parts), regions


def _voiced(path: Path) -> Samples:
    """Read a prompt without the quiet around it, as loud as the others."""
    with av.open(path) as container:
        resampler = av.AudioResampler("flt", "mono", RATE)
        frames = [*container.decode(audio=0), None]
        parts = [each.to_ndarray()[0] for frame in frames for each in resampler.resample(frame)]
    whole = np.concatenate(parts)
    loud = np.flatnonzero(np.abs(whole) > 0.02 * np.abs(whole).max())
    sound = whole[max(0, loud[0] - RATE // 20) : loud[-1] + RATE // 20]
    return np.asarray(sound / np.abs(sound).max() * 0.5, np.float32)


def _quiet(seconds: float, chance: np.random.Generator) -> Samples:
    noise = chance.standard_normal(round(seconds * RATE)) * ROOM
    return noise.astype(np.float32)


def _music(length: int) -> Samples:
    """Repeat the music of the long sample show."""
    show = shows("bench")[0]
    whole = np.concatenate(list(decode(show.sound)))
    music = [each for each in show.reference["regions"] if each["kind"] == "music"]
    parts = [whole[round(each["start"] * RATE) : round(each["end"] * RATE)] for each in music]
    return np.resize(np.concatenate(parts), length)
