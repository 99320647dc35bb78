"""The queue: what there is to do, read from the files each time; nothing else remembers it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from radio.archive import Archive
from radio.archive.episode import Episode
from radio.bags.payload import are_pages_current
from radio.bags.sums import unmeasured
from radio.derived.chapters import CHAPTERS
from radio.derived.recipe import Kind
from radio.ingest.waveforms import WAVEFORMS
from radio.system.disk import stamp
from radio.system.errors import RadioError
from radio.transcribe.checkpoint import headway
from radio.transcribe.recipes import HEARINGS, VOICES, Pass, unheard
from radio.transcribe.renewal import IMPROVEMENT, doubt
from radio.work.passes import Passes
from radio.work.recipes import SOUND
from radio.work.status import Remainder, Trouble


def files_of(archive: Archive, episode: Episode) -> str:
    """Name the state of what is made of an episode."""
    show, audio = archive.show_path(episode.show), archive.audio_path(episode)
    return str((*archive.stamps(episode.key), stamp(show), stamp(audio)))


class Queue:
    """The work that is left on an archive."""

    def __init__(self, archive: Archive):
        self._archive = archive
        self._doubts: dict[str, tuple[object, float | None]] = {}

    def first(self) -> list[Episode]:
        """List the episodes that lack a transcript and may be heard here, the newest first."""
        return unheard(self._archive)

    def better(self, passes: Passes) -> list[Episode]:
        """List the texts that the better model has not tried: those begun, then the least certain.

        Each evidence is read once for each state of its files.
        """
        if not passes.are_two:
            return []
        doubts = ((self._doubt(each, passes.better, files), each) for each, files in self._texts())
        found = [(doubt, each) for doubt, each in doubts if doubt is not None]
        return [each for _doubt, each in sorted(found, key=self._rank)]

    def _texts(self) -> Iterator[tuple[Episode, object]]:
        """Give each episode with the state of its files, by one look at each folder."""
        for show in self._archive.folders():
            about, by_slug = stamp(self._archive.show_path(show)), dict[str, list[object]]()
            for name, state in self._archive.text_stamps(show).items():
                slug = name.removeprefix(".").partition(".")[0]
                by_slug.setdefault(slug, []).append((name, state))
            for episode, state in self._archive.stamped_episodes(show):
                yield episode, (about, state, sorted(map(str, by_slug.get(episode.slug, ()))))

    def _doubt(self, episode: Episode, model: str, files: object) -> float | None:
        state = model, files
        known = self._doubts.get(episode.key)
        if known is None or known[0] != state:
            known = self._doubts[episode.key] = state, doubt(self._archive, episode, model)
        return known[1]

    def _rank(self, found: tuple[float, Episode]) -> tuple[bool, float]:
        doubt, episode = found
        return not self._archive.checkpoint_path(episode.key, IMPROVEMENT).exists(), doubt

    def left(
        self, passes: Passes | None, speeds: Mapping[str, float], books: int = 0
    ) -> tuple[Remainder, ...]:
        """Tell what is left of each kind; times are told for models whose speed is known.

        How many `books` are left only their maker knows.
        """
        to_hear: list[tuple[Pass, list[Episode], str]] = [
            ("transcribe", self.first(), passes.first if passes else "")
        ]
        if passes:
            to_hear.append(("improve", self.better(passes), passes.better))
        archive = self._archive
        files, size = unmeasured(archive)
        found = [
            *(self._to_hear(kind, some, speeds.get(model)) for kind, some, model in to_hear),
            *(Remainder(each.kind, len(each.missing(archive))) for each in (VOICES, CHAPTERS)),
            Remainder("checksums", files, size=size),
            Remainder("waveforms", len(WAVEFORMS.missing(archive))),
            Remainder("books", books),
            Remainder("sound", len(SOUND.missing(archive))),
            Remainder("rehear", len(HEARINGS.missing(archive)) if passes and passes.rehear else 0),
            Remainder("pages", 0 if are_pages_current(archive) else 1),
        ]
        return tuple(each for each in found if each.number)

    def _to_hear(self, kind: Kind, episodes: Sequence[Episode], speed: float | None) -> Remainder:
        today, left = (
            date.today(),
            [each.audio.duration - self.reached(kind, each) for each in episodes],
        )
        public = [
            sound for each, sound in zip(episodes, left, strict=True) if each.is_public(today)
        ]
        work, known = (sum(some) / speed if speed else None for some in (left, public))
        return Remainder(
            kind, len(left), len(public), sound=sum(left), work=work, public_work=known
        )

    def reached(self, kind: Kind, episode: Episode) -> float:
        """Tell how many seconds of an episode are done already."""
        name = IMPROVEMENT if kind == "improve" else "checkpoint"
        length = episode.audio.duration
        way = headway(self._archive, episode.key, length, name)
        return min(way.reached, length) if way else 0.0

    def unsolved(self, troubles: Iterable[Trouble], passes: Passes | None) -> tuple[Trouble, ...]:
        """Leave out troubles that are over: files were mended or are gone, or nothing is left."""
        return tuple(each for each in troubles if self._stands(each, passes))

    def _stands(self, trouble: Trouble, passes: Passes | None) -> bool:
        if trouble.key:
            return self._is_unchanged(trouble)
        match trouble.kind:
            case "model":
                return passes is None
            case "transcribe":
                return bool(self.first())
            case "improve":
                return passes is None or bool(self.better(passes))
            case "voices":
                return bool(VOICES.missing(self._archive))
        return True

    def _is_unchanged(self, trouble: Trouble) -> bool:
        if not self._archive.holds(self._archive.sidecar_path(trouble.key)):
            return False
        try:
            return files_of(self._archive, self._archive.episode(trouble.key)) == trouble.files
        except RadioError:  # its sidecar can't be read
            return True
