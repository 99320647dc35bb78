"""Shows mixed here for the copy without music: other music, and other ways to lay it beside words.

Music of Debian's `openttd-openmsx`, and a choir that is written here, are played by `fluidsynth`
with the sounds of `timgm6mb-soundfont`; sentences are those of the long sample show. All borders
are known: where a voice is, and where music is loud enough to be heard without one.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import av
import numpy as np
import soundfile
from numpy.typing import NDArray

from bench.played import CHOIR, Sound, played
from bench.shows import SampleShow, shows
from radio.sound.borders import BLOCK, BLOCKS, QUIET
from radio.sound.samples import RATE, decode

VOICE, SONG = -20.0, -17.0  # dB under full scale, on average
GAP = 0.4  # seconds between two sentences


@dataclass(frozen=True)
class Song:
    """Some seconds of music."""

    name: str
    length: float  # seconds
    start: float = 5.0  # of the piece
    rise: float = 0.02  # seconds until it is as loud as it gets
    fall: float = 0.02
    before: float = 0.0  # seconds by which it begins under the words before it
    gain: float = 0.0  # dB


@dataclass(frozen=True)
class Words:
    """Some sentences, one after the other."""

    number: int
    bed: Song | None = None  # that plays beneath


@dataclass(frozen=True)
class Pause:
    """Some silence."""

    length: float  # seconds


Part = Song | Words | Pause


@dataclass(frozen=True)
class Mix:
    """What is heard in a show, one after the other, and as which kind of file."""

    name: str
    suffix: str
    channels: int
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class MixedShow(SampleShow):
    """A show that was mixed, with where its voices and its music are."""

    found: dict[str, Any] = field(default_factory=dict, compare=False)

    @cached_property
    def reference(self) -> dict[str, Any]:
        """What is heard in it."""
        return self.found


def _jingles() -> Iterator[Part]:
    for number, name in enumerate(("city_blues_redfarn", "coconut_run2", "modern_motion") * 2):
        yield Words(2)
        yield Song(name, 3.0 + number % 3, start=8.0 + number)


def _beside(*songs: Song) -> tuple[Part, ...]:
    """Put words before, between and behind some songs."""
    return (*(part for song in songs for part in (Words(2), song)), Words(2))


THREE = tuple(
    Song(name, 24.0) for name in ("ttsong_iii_imuh3", "moo_redfarn", "mosey_along_redfarn")
)
MIXES = (
    Mix("three-songs", ".mp3", 2, (Words(3), *THREE, Words(2))),
    Mix("three-songs-parted", ".m4a", 2, (*_beside(THREE[0])[:-1], Pause(1.5), THREE[1], Words(3))),
    Mix("jingles", ".ogg", 1, tuple(_jingles())),
    Mix(
        "fades",
        ".opus",
        2,
        _beside(
            Song("relax_song", 25.0, rise=4.0, fall=4.0),
            Song("linns_basket", 20.0, rise=2.0, fall=6.0),
        ),
    ),
    Mix(
        "talk-over",
        ".m4a",
        2,
        (
            Song("boogi_marabi_redfarn", 10.0),
            Words(3, Song("boogi_marabi_redfarn", 0.0, start=15.0, gain=-18.0)),
            Song("boogi_marabi_redfarn", 8.0, start=40.0, fall=2.0),
            Words(3),
        ),
    ),
    Mix(
        "crossfade",
        ".mp3",
        2,
        _beside(
            Song("train_filled_with_cash", 20.0, rise=5.0, before=3.0),
            Song("chemistry_lab", 15.0, rise=3.0, before=1.5, fall=1.0),
        ),
    ),
    Mix("percussion", ".mp3", 1, _beside(Song("careless_perc_redfarn", 25.0, start=2.0))),
    Mix("soft", ".mp3", 1, _beside(Song("midnight_snow_run", 25.0, gain=-15.0))),
    Mix("choir", ".mp3", 1, _beside(Song(CHOIR, 20.0, start=0.0), Song(CHOIR, 12.0, start=20.0))),
    Mix(
        "slow-alone",
        ".ogg",
        2,
        _beside(Song("harp_harmony", 20.0), Song("wood_whistles", 20.0)),
    ),
    Mix(
        "fast-loud",
        ".mp3",
        2,
        _beside(Song("run_for_your_life", 25.0, gain=8.0), Song("be_sharp_bw_redfarn", 15.0)),
    ),
)


def mixed(folder: Path) -> list[MixedShow]:
    """Mix the shows into a folder."""
    sentences = _sentences()
    return [_mixed(mix, folder, sentences) for mix in MIXES]


def _mixed(mix: Mix, folder: Path, sentences: Iterator[Sound]) -> MixedShow:
    voice, song = _laid(mix.parts, folder, sentences)
    path = folder / f"{mix.name}{mix.suffix}"
    _write(np.clip(voice + song, -0.98, 0.98), path, mix.channels)
    found = {"duration": len(voice) / RATE, "regions": list(_regions(voice, song))}
    return MixedShow("mixes", path, found)


def _laid(parts: Iterable[Part], folder: Path, sentences: Iterator[Sound]) -> tuple[Sound, Sound]:
    """Lay voices and music along one time."""
    voice, song = np.zeros(RATE * 600, np.float32), np.zeros(RATE * 600, np.float32)
    place = RATE // 2
    for part in parts:
        match part:
            case Pause():
                place += round(part.length * RATE)
            case Song():
                place -= round(part.before * RATE)
                place = _put(song, place, _piece(part, folder))
            case Words():
                begin = place
                for _number in range(part.number):
                    place = _put(voice, place, next(sentences)) + round(GAP * RATE)
                place -= round(GAP * RATE)
                if part.bed:
                    _put(song, begin, _piece(part.bed, folder, (place - begin) / RATE))
    end = place + RATE // 2
    return voice[:end], song[:end]


def _put(track: Sound, place: int, sound: Sound) -> int:
    track[place : place + len(sound)] += sound
    return place + len(sound)


def _sentences() -> Iterator[Sound]:
    """Give sentences of the long show without the quiet around them, again and again."""
    show = shows("bench")[0]
    whole = np.concatenate(list(decode(show.sound)))
    while True:
        for each in show.speech:
            sound = whole[round(each["start"] * RATE) : round(each["end"] * RATE)]
            blocks = np.flatnonzero(_levels(sound) > -50)
            yield _as_loud(sound[blocks[0] * BLOCK : (blocks[-1] + 1) * BLOCK], VOICE)


def _levels(sound: Sound) -> Sound:
    blocks = np.square(sound[: len(sound) // BLOCK * BLOCK].reshape(-1, BLOCK)).mean(axis=1)
    levels: Sound = (10 * np.log10(blocks + 1e-12)).astype(np.float32)
    return levels


def _as_loud(sound: Sound, level: float) -> Sound:
    now = 10 * np.log10(float(np.square(sound).mean()) + 1e-12)
    louder: Sound = (sound * 10 ** ((level - now) / 20)).astype(np.float32)
    return louder


def _piece(song: Song, folder: Path, length: float = 0.0) -> Sound:
    whole, lasting = played(song.name, folder), length or song.length
    first = round(song.start * RATE)
    sound = _as_loud(whole[first : first + round(lasting * RATE)], SONG + song.gain)
    times = np.arange(len(sound), dtype=np.float32) / RATE
    gains = np.minimum(times / song.rise, (len(sound) / RATE - times) / song.fall)
    piece: Sound = sound * np.clip(gains, 0.0, 1.0).astype(np.float32)
    return piece


def _regions(voice: Sound, song: Sound) -> Iterator[dict[str, Any]]:
    """Tell where there are voices, and where music can be heard without one."""
    size = min(len(voice), len(song)) // BLOCK * BLOCK
    spoken = np.any(voice[:size].reshape(-1, BLOCK), axis=1)
    is_voice = _filled(np.asarray(spoken, np.bool_), round(1.2 * GAP * BLOCKS))
    is_song = (_levels(song[:size]) > QUIET) & ~is_voice
    for kind, places in (("speech", is_voice), ("music", is_song)):
        edges = np.flatnonzero(np.diff(np.concatenate(([0], places.astype(np.int8), [0]))))
        for start, end in edges.reshape(-1, 2):
            yield {"kind": kind, "start": start / BLOCKS, "end": end / BLOCKS, "text": ""}


def _filled(places: NDArray[Any], most: int) -> NDArray[np.bool_]:
    """Count short holes for what is on both sides."""
    filled: NDArray[np.bool_] = places.copy()
    last = -most - 1
    for place in np.flatnonzero(places):
        if 1 < place - last <= most:
            filled[last:place] = True
        last = int(place)
    return filled


def _write(sound: Sound, path: Path, channels: int) -> None:
    """Write a show as the kind of file that its suffix names; MP3 of a rate that varies."""
    both = np.stack([sound, np.roll(sound, 7)])[:channels]
    match path.suffix:
        case ".m4a":
            _write_aac(both, path)
        case ".mp3":
            soundfile.write(path, both.T, RATE, format="MP3", bitrate_mode="VARIABLE")
        case suffix:
            coding = "OPUS" if suffix == ".opus" else "VORBIS"
            soundfile.write(path, both.T, RATE, format="OGG", subtype=coding)


def _write_aac(sound: Sound, path: Path) -> None:
    layout = "stereo" if len(sound) == 2 else "mono"
    with av.open(path, "w", format="mp4") as container:
        stream = container.add_stream("aac", rate=RATE)
        stream.layout = layout
        for first in range(0, sound.shape[1], 1024):
            part = np.ascontiguousarray(sound[:, first : first + 1024])
            frame = av.AudioFrame.from_ndarray(part, "fltp", layout)
            frame.sample_rate, frame.pts = RATE, first
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
