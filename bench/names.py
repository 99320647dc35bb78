"""What names bring that nobody typed: told in the prompt, written by sound afterwards, or both.

Each sample show is judged with what its archive knows at first (its title and, in `demo`, its
description), then with the texts of all other shows as reread texts of its own show, then with all
names of its reference typed in the glossary: the most that names can bring. `SHOWS=folder` adds
recordings beside a `.json` with `title`, `description`, `people`, `tags` and `regions`.
"""

import dataclasses
import datetime as dt
import os
import sys
import tempfile
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from unittest.mock import patch

import numpy as np

from bench.errors import Counts, count, interval, rate
from bench.heard import hear
from bench.rightness import tell_right
from bench.shows import SampleShow, shows
from radio import demo
from radio.archive import Archive
from radio.archive.episode import Audio, Episode, Person, Show
from radio.french.sounds import letters
from radio.text.transcript import Cue, Evidence, Transcript, Word, render_vtt
from radio.transcribe import engines, transcription
from radio.transcribe.corrections import audible_words, find_misheard, write_names
from radio.transcribe.engines.interface import Engine
from radio.transcribe.names import known_names, names_in, prompt_of

KNOWN = {"at first": "first", "after nine reread episodes": "reread", "all names typed": "typed"}
SLUG = "2024-01-01-mesure"


def sample_shows() -> list[SampleShow]:
    """List the sample shows, and those of the folder `SHOWS`."""
    folder = os.environ.get("SHOWS", "")
    more = sorted(Path(folder).glob("*.mp3")) if folder else ()
    return [*(SampleShow(folder, each) for each in more), *shows()]


def catalogued(sample: SampleShow) -> tuple[Show, Episode]:
    """Write what keepers typed of a show."""
    told, known = demo.episodes().get(sample.sound.name), sample.reference
    day, audio = dt.date(2024, 1, 1), Audio(f"{SLUG}.mp3", "0" * 64, 1, "audio/mpeg", 1.0)
    title = told.title if told else known.get("title", sample.sound.stem[11:].replace("-", " "))
    episode = Episode(
        "mesure",
        SLUG,
        title.capitalize(),
        day,
        audio,
        SLUG,
        description=told.text if told else known.get("description", ""),
        people=tuple(map(Person, known.get("people", ()))),
        tags=told.tags if told else tuple(known.get("tags", ())),
    )
    ours = dataclasses.replace(demo.SHOW, slug="mesure")
    return ours if told or "title" in known else Show("mesure", "Mesure"), episode


@cache
def names_of(sample: SampleShow, known: str) -> tuple[str, tuple[str, ...]]:
    """Give the prompt of a show, and the names to be written by sound."""
    show, episode = catalogued(sample)
    if known == "typed":
        show = dataclasses.replace(show, glossary=tuple(names_in([sample.text])))
    with tempfile.TemporaryDirectory() as folder:
        archive = Archive(Path(folder))
        archive.create()
        archive.write_show(show)
        archive.write_episode(episode)
        others = [each for each in sample_shows() if each != sample and known == "reread"]
        for number, other in enumerate(others, 1):
            slug = f"2023-01-{number:02}-relu"
            audio = dataclasses.replace(episode.audio, file=f"{slug}.mp3")
            archive.write_episode(Episode("mesure", slug, "Relu", episode.date, audio, slug))
            cues = tuple(Cue(at["start"], at["end"], at["text"]) for at in other.speech)
            path = archive.vtt_path(f"mesure/{slug}")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(render_vtt(Transcript(cues, {"status": "reread"})), encoding="utf-8")
        names = known_names(archive, episode)
        return prompt_of(archive, episode), names


class Listener:
    """An engine that hears each show once with each prompt."""

    def __init__(self, engine: Engine):
        self._engine = engine
        self._heard: dict[tuple[SampleShow, str], Evidence] = {}

    def words(
        self, sample: SampleShow, prompt: str, names: Sequence[str] = ()
    ) -> tuple[list[Word], list[Word]]:
        """Give the words of a show as heard, and with names by sound."""
        if (sample, prompt) not in self._heard:
            with patch.object(transcription, "prompt_of", lambda *_: prompt):
                [(_, self._heard[sample, prompt])] = hear(self._engine, [sample])
        segments = self._heard[sample, prompt].segments
        heard = [word for each in segments for word in audible_words(each)]
        return heard, write_names(heard, find_misheard(heard, names, segments))


def _count(sample: SampleShow, words: Iterable[Word]) -> Counts:
    return count(sample, [(each.text, (each.start + each.end) / 2) for each in words])


def _lost(heard: Sequence[Word], right: Sequence[bool], written: Sequence[Word]) -> int:
    """Count the words that were right and no longer stand within a second of where they stood."""
    there = {(letters(each.text), round(each.start)) for each in written}
    near = {(text, second + more) for text, second in there for more in (-1, 0, 1)}
    places = ((letters(word.text), round(word.start)) for word in heard)
    return sum(was and each not in near for was, each in zip(right, places, strict=True))


def row(listener: Listener, known: str, *, told: bool, by_sound: bool) -> str:
    """Judge one way: the rate, its difference to none, right words that sound made wrong."""
    counts, before, lost, all_right = list[Counts](), list[Counts](), 0, 0
    for sample in sample_shows():
        prompt, names = names_of(sample, known)
        heard, written = listener.words(sample, prompt * told, names if by_sound else ())
        was = tell_right([each.text for each in heard], sample.text)
        all_right += sum(was)
        lost += _lost(heard, was, written)
        counts.append(_count(sample, written))
        before.append(_count(sample, listener.words(sample, "")[0]))
    now, none = np.concatenate(counts), np.concatenate(before)
    low, high = interval(now, none)
    change = rate(now) - rate(none)
    cells = f"{rate(now):.3f} | {change:+.4f} ({low:+.4f} to {high:+.4f})"
    return f"{cells} | {change / rate(none):+.1%} | {1000 * lost / all_right:.1f}"


def table() -> str:
    """Measure all ways with faster-whisper."""
    listener = Listener(engines.load("faster", "base"))
    head = "| names known | how | word errors | difference to none | relative | right words made "
    rows = [head + "wrong by sound, of 1,000 |", "|---" * 6 + "|"]
    ways = {"prompt": (True, False), "sound": (False, True), "both": (True, True)}
    for title, known in KNOWN.items():
        for way, (told, by_sound) in ways.items():
            print(f"{title}, {way}…", file=sys.stderr, flush=True)  # noqa: T201
            found = row(listener, known, told=told, by_sound=by_sound)
            rows.append(f"| {title} | {way} | {found} |")
    return "\n".join(rows)
