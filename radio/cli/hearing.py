"""What `radio check --sound` says of each recording."""

import os
from concurrent.futures import Future, ThreadPoolExecutor, as_completed

from radio.archive import Archive
from radio.archive.episode import Episode
from radio.cli.lines import say
from radio.cli.terminal import duration, each_of, json_text, progress_bar
from radio.derived.soundness import Fault, faults, gain, quality_of, spoken_ends
from radio.sound.quality import Quality
from radio.system.messages import _


def check_sound(archive: Archive, as_json: bool) -> int:
    """Listen to all recordings and tell how they sound, and how many can't be heard."""
    episodes = [each for each in archive.episodes() if archive.holds(archive.audio_path(each))]
    heard: dict[str, Quality] = {}
    failures = _listen(archive, episodes, heard)
    listed = [
        (each, heard[each.key], tuple(faults(heard[each.key], spoken_ends(archive, each))))
        for each in episodes
        if each.key in heard
    ]
    if as_json:
        say(json_text([_as_value(*each) for each in listed]))
    for each in () if as_json else listed:
        say(_line(*each))
    return failures


def _listen(archive: Archive, episodes: list[Episode], heard: dict[str, Quality]) -> int:
    total = sum(each.audio.duration for each in episodes) or 1.0
    done = 0.0
    with (
        progress_bar(_("Listening"), total) as progress,
        ThreadPoolExecutor(os.cpu_count()) as pool,
    ):
        listened = {pool.submit(quality_of, archive, each): each for each in episodes}

        def take(future: Future[Quality]) -> None:
            nonlocal done
            episode = listened[future]
            done += episode.audio.duration
            progress(done)
            heard[episode.key] = future.result()

        return each_of(as_completed(listened), take)


def _line(episode: Episode, quality: Quality, found: tuple[Fault, ...]) -> str:
    loudness = _("nothing to hear")
    if quality.loudness is not None:
        loudness = f"{quality.loudness:.1f} LUFS"
    told = ", ".join(map(_told, found)) or _("good")
    return f"{episode.key}: {loudness}: {told}"


def _told(fault: Fault) -> str:
    match fault.kind:
        case "clipping":
            return _("clipped for {time}").format(time=duration(fault.value))
        case "silence":
            told = _("{time} of silence at {at:.0f} s")
            return told.format(time=duration(fault.value), at=fault.at)
        case "one ear":
            return _("only the left side") if fault.value == 1 else _("only the right side")
        case "low":
            return _("very low")
        case "begins cut":
            return _("begins in the middle of speech (cut?)")
        case "ends cut":
            return _("ends in the middle of speech (cut?)")
        case "no seek":
            return _("nothing in it says where its moments lie: players jump badly")


def _as_value(episode: Episode, quality: Quality, found: tuple[Fault, ...]) -> dict[str, object]:
    return {
        "episode": episode.key,
        "loudness": quality.loudness,
        "peak": quality.peak,
        "gain": gain(quality),
        "faults": [each.__dict__ for each in found],
    }
