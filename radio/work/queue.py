"""The queue: what there is to do, read from the files each time, and the models that do it."""

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from radio.archive import Archive
from radio.archive.episode import Episode
from radio.bags.payload import are_pages_current, unmeasured
from radio.derived.chapters import CHAPTERS
from radio.derived.recipe import Kind
from radio.ingest.files import WAVEFORMS
from radio.system.disk import stamp
from radio.system.errors import RadioError
from radio.transcribe import engines
from radio.transcribe.models import catalogue
from radio.transcribe.recipes import HEARINGS, VOICES, Pass, unheard
from radio.transcribe.renewal import IMPROVEMENT, doubt, lead
from radio.transcribe.versions import headway
from radio.work.recipes import SOUND
from radio.work.status import Asked, Remainder, Trouble, WorkStatus


@dataclass(frozen=True)
class Passes:
    """The models of the two passes, perhaps the same."""

    first: str
    better: str
    rehear: bool = True  # what is in doubt is heard again

    @property
    def are_two(self) -> bool:
        """Whether the second is by a better model."""
        return lead(self.better, self.first) > 0


def choose_passes(asked: Asked) -> Passes:
    """Choose the models: first the one asked for, else `base`, else the lightest that is not tiny;
    then the one asked for, else the best. Raises ModelError if no engine or model is installed."""
    best = asked.better or engines.pick(asked.engine)[1]
    names = engines.FASTEST_FIRST if asked.engine == "auto" else (asked.engine,)
    installed = filter(engines.is_installed, names)
    here = {model for name in installed for model in engines.readable(name)}
    return Passes(asked.first or catalogue.lightest(here) or best, best, asked.rehear)


def files_of(archive: Archive, episode: Episode) -> str:
    """Name the state of what is made of an episode."""
    show, audio = archive.show_path(episode.show), archive.audio_path(episode)
    return str((*archive.stamps(episode.key), stamp(show), stamp(audio)))


def reached(archive: Archive, kind: Kind, episode: Episode) -> float:
    """Give how many seconds of an episode are done."""
    name = IMPROVEMENT if kind == "improve" else "checkpoint"
    length = episode.audio.duration
    way = headway(archive, episode.key, length, name)
    return min(way.reached, length) if way else 0.0


class Queue:
    """The work that is left on an archive."""

    def __init__(self, archive: Archive):
        self._archive = archive
        self._doubts: dict[str, tuple[object, float | None]] = {}

    def better(self, passes: Passes) -> list[Episode]:
        """List the texts to improve: begun ones, then the least certain."""
        found = list[tuple[bool, float, Episode]]()
        for episode, files in self._texts() if passes.are_two else ():
            state, known = (passes.better, files), self._doubts.get(episode.key)
            if known is None or known[0] != state:
                known = state, doubt(self._archive, episode, passes.better)
                self._doubts[episode.key] = known
            if known[1] is not None:
                begun = self._archive.checkpoint_path(episode.key, IMPROVEMENT).exists()
                found.append((not begun, known[1], episode))
        return [episode for *_rank, episode in sorted(found, key=lambda each: each[:2])]

    def _texts(self) -> Iterator[tuple[Episode, object]]:
        for show in self._archive.folders():
            about, by_slug = stamp(self._archive.show_path(show)), dict[str, list[object]]()
            for name, state in sorted(self._archive.text_stamps(show).items()):
                slug = name.removeprefix(".").partition(".")[0]
                by_slug.setdefault(slug, []).append((name, state))
            for episode, state in self._archive.stamped_episodes(show):
                yield episode, (about, state, by_slug.get(episode.slug))

    def left(
        self, passes: Passes | None, speeds: Mapping[str, float], books: int = 0
    ) -> tuple[Remainder, ...]:
        """Count what is left of each kind, with times for models of known speed."""
        archive = self._archive
        speed = speeds.get(passes.first if passes else "")
        found = [self._to_hear("transcribe", unheard(archive), speed)]
        if passes:
            found.append(self._to_hear("improve", self.better(passes), speeds.get(passes.better)))
        files, size = unmeasured(archive)
        found += [
            *(Remainder(each.kind, len(each.missing(archive))) for each in (VOICES, CHAPTERS)),
            Remainder("checksums", files, size=size),
            Remainder("waveforms", len(WAVEFORMS.missing(archive))),
            Remainder("books", books),
            Remainder("sound", len(SOUND.missing(archive))),
            Remainder("rehear", len(HEARINGS.missing(archive)) if passes and passes.rehear else 0),
            Remainder("pages", 0 if are_pages_current(archive) else 1),
        ]
        return tuple(each for each in found if each.number)

    def _to_hear(self, kind: Pass, episodes: Sequence[Episode], speed: float | None) -> Remainder:
        now, public, hidden = datetime.now(), list[float](), list[float]()
        for each in episodes:
            left = each.audio.duration - reached(self._archive, kind, each)
            (public if each.is_public(now) else hidden).append(left)
        sound = sum(public) + sum(hidden)
        work, known = (each / speed if speed else None for each in (sound, sum(public)))
        return Remainder(kind, len(episodes), len(public), sound, work=work, public_work=known)

    def recount(self, status: WorkStatus, passes: Passes | None) -> WorkStatus:
        """Count again what is left, without what was mended, where nobody is at work."""
        left = self.left(passes, status.speeds, status.of("books").number)
        troubles = self.unsolved(status.troubles, passes)
        first, better = (passes.first, passes.better) if passes else ("", "")
        return replace(
            status, first=first, better=better, current=None, left=left, troubles=troubles
        )

    def unsolved(self, troubles: Iterable[Trouble], passes: Passes | None) -> tuple[Trouble, ...]:
        """Leave out troubles that are over: files were changed or deleted, or nothing is left."""

        def stands(trouble: Trouble) -> bool:
            archive = self._archive
            match trouble.kind:
                case _ if trouble.key:
                    if not archive.holds(archive.sidecar_path(trouble.key)):
                        return False
                    with contextlib.suppress(RadioError):  # else its sidecar can't be read
                        return files_of(archive, archive.episode(trouble.key)) == trouble.files
                case "model":
                    return passes is None
                case "transcribe":
                    return bool(unheard(archive))
                case "improve":
                    return passes is None or bool(self.better(passes))
                case "voices":
                    return bool(VOICES.missing(archive))
            return True

        return tuple(filter(stands, troubles))
