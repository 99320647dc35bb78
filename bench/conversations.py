"""Conversations of two human voices by turns, made of Debian's prompts for telephone exchanges.

June Wallack (CC BY-SA 3.0) and Armelle Desjardins were recorded at 8 kHz. Only who speaks is
measured here; their words are in `bench.human`. The sounds stay where Debian's packages put them.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path

import av
import numpy as np
import soundfile

from bench.mixes import MixedShow
from bench.shows import PROMPTS
from radio.sound import RATE, Samples

SPEAKERS = {"June": PROMPTS / "fr_CA_f_June", "Armelle": PROMPTS / "fr"}
NEEDED = "`asterisk-core-sounds-fr-wav`, `asterisk-prompt-fr-armelle`"
DRAWINGS = 3
LENGTH = 90.0  # seconds
TURN = 5.0, 20.0  # seconds, at least and at most
PROMPT = 1.5, 20.0  # seconds of a prompt
GAP = 0.35  # seconds between two prompts
LOUDNESS = 0.08  # of full scale, on average where it is not quiet

Channel = Callable[[Samples], Samples]


def are_possible() -> bool:
    """Whether the prompts are on this machine."""
    return all(folder.is_dir() for folder in SPEAKERS.values())


def conversations(
    folder: Path, carried: Mapping[str, Mapping[str, Channel]]
) -> Iterator[MixedShow]:
    """Write conversations into a folder, with who speaks when: some of each name, in which each
    voice may come through a channel."""
    for (name, channels), seed in itertools.product(carried.items(), range(DRAWINGS)):
        parts, regions, place = list[Samples](), list[dict[str, object]](), 0.0
        for voice, prompt in _drawn({each: _prompts(each) for each in SPEAKERS}, seed):
            sound = _as_loud(channels[voice](prompt) if voice in channels else prompt)
            end = place + len(sound) / RATE
            regions.append({"start": place, "end": end, "kind": "speech", "voice": voice})
            parts += [sound, np.zeros(round(GAP * RATE), np.float32)]
            place = end + GAP
        path = folder / f"{name.replace(' ', '-')}-{seed + 1}.wav"
        soundfile.write(path, np.concatenate(parts), RATE)
        yield MixedShow(f"humans, {name}", path, {"duration": place, "regions": regions})


def _drawn(prompts: Mapping[str, list[Samples]], seed: int) -> Iterator[tuple[str, Samples]]:
    """Draw prompts of one voice after the other, until a conversation is long enough."""
    chance, place = np.random.default_rng(seed), 0.0
    left = {voice: list(chance.permutation(len(each))) for voice, each in prompts.items()}
    for voice in itertools.cycle(prompts):
        until = place + chance.uniform(*TURN)
        while place < until:
            prompt = prompts[voice][left[voice].pop()]
            place += len(prompt) / RATE + GAP
            yield voice, prompt
        if place > LENGTH:
            return


@cache
def _prompts(voice: str) -> list[Samples]:
    paths = sorted(path for path in SPEAKERS[voice].glob("*.*") if path.suffix in (".gsm", ".wav"))
    shortest, longest = (RATE * each for each in PROMPT)
    return [each for each in map(_decoded, paths) if shortest < len(each) < longest]


def _decoded(path: Path) -> Samples:
    with av.open(path, format=path.suffix[1:]) as container:
        resampler = av.AudioResampler("flt", "mono", RATE)
        frames = itertools.chain(container.decode(audio=0), [None])
        pieces = [out.to_ndarray()[0] for each in frames for out in resampler.resample(each)]
    return np.concatenate([np.zeros(0, np.float32), *pieces])


def _as_loud(samples: Samples) -> Samples:
    spoken = samples[np.abs(samples) > 0.01]
    return np.asarray(samples / np.sqrt((spoken**2).mean()) * LOUDNESS, np.float32)
