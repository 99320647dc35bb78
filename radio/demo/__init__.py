"""The demonstration: three sample shows, from audio file to found sentence. The recordings were
made for this project and are read by synthetic voices."""

import dataclasses
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib import resources

from radio.archive import Archive
from radio.archive.episode import Show
from radio.ingest.description import Description
from radio.ingest.files import ingest, new_show
from radio.search import Index
from radio.system.errors import ModelError
from radio.system.messages import _
from radio.system.progress import Progress
from radio.text.chapters import Chapter
from radio.transcribe import engines
from radio.transcribe.pool import local_pool
from radio.transcribe.transcription import transcribe
from radio.transcribe.voices import tell_if_untold

MODEL = "base"
SHOW = Show(
    slug="la-machine-a-decoudre",
    title="La Machine à découdre",
    description=(
        "L’émission d’un collectif qui observe et combat la surveillance. "
        "Trois épisodes d’exemple, lus par des voix de synthèse."
    ),
    station="Radio Dio",
    author="La Machine à découdre",
    category="Society & Culture",
)
EPISODES = "episodes.toml"  # what is said of each, by the name of its file beside it
SEARCH = "cassette"  # that both engines hear

# shows a label and how much of a total is done
Bar = Callable[[str, float], AbstractContextManager[Progress]]
Say = Callable[[str], None]


def episodes() -> dict[str, Description]:
    """Give what is said of the sample episodes, by the names of their files."""
    text = (resources.files("radio.demo") / EPISODES).read_text(encoding="utf-8")
    return {
        name: Description(
            said["title"],
            text=said["text"],
            tags=tuple(said["tags"]),
            chapters=tuple(Chapter(*each) for each in said["chapters"]),
        )
        for name, said in tomllib.loads(text).items()
    }


def prepare(archive: Archive, bar: Bar, say: Say) -> None:
    """Make the archive of the three shows, or finish it after a stop; `say` how long each step
    took. Raises ModelError, before writing, if no engine is installed or its weights can't be
    had."""
    engine = ""
    if len(list(archive.episodes(SHOW.slug))) < len(episodes()) or archive.missing():
        engine = engines.choose(engines.usual())
        ready = _("modèle Whisper prêt, pour {engine}", engine=engines.PACKAGES[engine])
        with _timed(ready, say):
            try:
                engines.find(engine, MODEL)
            except ModelError:
                with bar(f"Whisper {MODEL}", 1.0) as progress:
                    engines.fetch(engine, MODEL, progress)
    with _timed(_("ajouté"), say):
        _ingest(archive, bar)
    if missing := archive.missing():
        with (
            _timed(_("transcrit sur cette machine"), say),
            local_pool(engines.load(engine, MODEL)) as pool,
        ):
            for episode in missing:
                with bar(episode.title, episode.audio.duration) as progress:
                    transcribe(archive, episode, pool, progress=progress)
                    tell_if_untold(archive, episode.key)
    with _timed(_("indexé"), say):
        Index(archive).refresh()


def _ingest(archive: Archive, bar: Bar) -> None:
    archive.create()
    if not (archive.media / SHOW.slug / "show.json").exists():
        new = new_show(archive, SHOW.slug, SHOW.title)
        archive.write_show(dataclasses.replace(SHOW, guid=new.guid))
    present = {episode.source.original_name for episode in archive.episodes(SHOW.slug)}
    for name, said in episodes().items():
        if name not in present:
            source = resources.files("radio.demo") / name
            with resources.as_file(source) as path, bar(said.title, 1.0) as progress:
                ingest(archive, path, SHOW.slug, said, progress)


@contextmanager
def _timed(what: str, say: Say) -> Iterator[None]:
    start = time.monotonic()
    yield
    whole, _point, tenth = f"{time.monotonic() - start:.1f}".partition(".")
    say(_("{what} : {whole},{tenth} s", what=what, whole=whole, tenth=tenth))
