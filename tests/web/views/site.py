"""A site of three episodes to hear, whose index gives prepared answers."""

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any, cast

from flask.testing import FlaskClient

import radio.web
from radio.archive import Archive
from radio.archive.dossier import Count, Dossier, Kind, Line, Mentions, Subject
from radio.archive.episode import Audio, Episode
from radio.search import EpisodeHits, Hit, Index, Results, SearchOptions
from radio.search.passage import CharacterRange, Passage
from radio.search.results import Facets, Interpretation
from radio.system.errors import SearchError
from radio.text.transcript import Cue, Region
from radio.web.site import create_app
from tests import heard
from tests.samples import CITY, DEMO, SHOW, STREET

ROOM = Path(radio.web.__file__).parent
PAGE = f"/shows/{SHOW}/{STREET}"
MEDIA = f"/media/{SHOW}/{STREET}.mp3"
TEXTS = f"/transcripts/{SHOW}/{STREET}"
CLIP = MEDIA.replace("/media/", "/clips/") + "?t=2,5.5"
FEED = f"/shows/{SHOW}/feed.xml"
CANARY = "canary-of-the-outside"
HERE = "http://localhost"
Batch = tuple[EpisodeHits, ...]
COVER = (
    '<img class="cover" src="/covers/[^"]*"(?: srcset="/covers/[^"]*")? alt="" '
    'width="[0-9]*" height="[0-9]*"[^>]*>'
)
CUES = (
    Cue(0.0, 2.15, "Bonjour à toutes et à tous."),
    Cue(2.65, 6.125, "Vous écoutez La Machine à découdre, sur Radio Dio."),
    Cue(11.308, 14.108, "Aujourd'hui, nous parlons des micros & des lampadaires.", "Camille"),
    Cue(14.805, 22.23, "Une vingtaine de capteurs sonores dans le quartier.", "Camille"),
)
MACHINE = {"status": "machine", "engine": "openai-whisper 20250625", "model": "base"}
MACHINE["date"] = "2026-05-03"


class CannedDossiers:
    """One theme, of which two episodes of a year say much."""

    subject = Subject("theme", "Caméra", "camera")
    lines = tuple(Line(f"{SHOW}/{slug}", slug[:10], 200, True) for slug in (STREET, CITY))

    def state(self) -> tuple[object, ...]:
        return (id(self),)

    def subjects(self) -> tuple[Count, ...]:
        return (Count(self.subject, 2),)

    def find(self, _kind: Kind, slug: str) -> Subject | None:
        return self.subject if slug == self.subject.slug else None

    def named(self, _kind: Kind, name: str) -> Subject | None:
        return self.subject if name == self.subject.name else None

    def outline(self, _subject: Subject) -> tuple[Line, ...]:
        return self.lines

    def dossier(self, subject: Subject, lines: Sequence[Line]) -> Dossier:
        return Dossier(subject, tuple(Mentions(line, ()) for line in lines))

    def whole(self, subject: Subject, lines: Sequence[Line]) -> Dossier:
        return self.dossier(subject, lines)


class Canned:
    """An index that gives prepared answers, or that is broken."""

    def __init__(self, answer: Results | SearchError | None = None):
        self.answer = answer
        self.dossiers = CannedDossiers()
        self.asked: list[object] = []

    def search(self, query: str, wanted: SearchOptions) -> Results:
        self.asked = [query, wanted.show, wanted.page]
        return self._known() or Results(query, 0, (), 1, 1)

    def batches(self, query: str, wanted: SearchOptions, _most: int) -> Iterator[Batch]:
        yield self.search(query, wanted).episodes

    def mentions(self, _query: str, _wanted: SearchOptions) -> dict[dt.date, int]:
        return {}

    def interpret(self, _query: str, _wanted: SearchOptions) -> Interpretation:
        return Interpretation()

    def suggestions(self, beginning: str, most: int = 10) -> list[str]:
        self._known()
        return [f"{beginning}é", 'dit "oui" & <non>'][:most]

    def examples(self) -> list[str]:
        return []

    def related(self, _key: str) -> tuple[EpisodeHits, ...]:
        self._known()
        return ()

    def _known(self) -> Results | None:
        if isinstance(self.answer, SearchError):
            raise self.answer
        return self.answer


def said(start: float, *parts: tuple[str, bool]) -> Hit:
    """A hit in a passage of no length, some parts of which match."""
    pairs = zip(accumulate(len(part) for part, _ in parts), parts, strict=True)
    matches = [CharacterRange(end - len(part), end) for end, (part, is_match) in pairs if is_match]
    text = "".join(part for part, _ in parts)
    return Hit(Passage(0, ((start, start, text),)), matches or [CharacterRange(0, 0)])


HIT = said(12.0, ("écoutez ", False), ("Radio", True), (" & co", False))
DAY = dt.date(2024, 1, 16)
AUDIO = Audio(f"{STREET}.mp3", "0" * 64, 1, "audio/mpeg", 62.8)
STREET_HITS = EpisodeHits(Episode(SHOW, STREET, "Les micros : de la rue", DAY, AUDIO, ""), (HIT,))
FACETS = Facets((("a", 2), ("b", 1)), ((2024, 2), (2023, 1)), (("Noé", 1), ("Zoé", 1)), ())
FOUND = Results("radio dio", 21, (STREET_HITS,), 1, 2, FACETS)


def make_episode(archive: Archive, slug: str, title: str, **fields: object) -> Episode:
    content = (DEMO / f"{STREET}.mp3").read_bytes()
    (archive.media / SHOW / f"{slug}.mp3").write_bytes(content)
    sha256 = hashlib.sha256(content).hexdigest()
    audio = Audio(f"{slug}.mp3", sha256, len(content), "audio/mpeg", 62.8)
    episode = Episode(SHOW, slug, title, dt.date.fromisoformat(slug[:10]), audio, f"guid-{slug}")
    episode = dataclasses.replace(episode, **fields)  # type: ignore[arg-type]
    archive.write_episode(episode)
    return episode


def write_transcript(archive: Archive, slug: str, cues: Sequence[Cue], **note: str) -> None:
    archive.vtt_path(f"{SHOW}/{slug}").parent.mkdir(exist_ok=True)
    heard.write_cues(archive, f"{SHOW}/{slug}", *cues, **note)


def write_evidence(archive: Archive, slug: str, *regions: Region, **more: Any) -> None:
    segments = more.pop("segments", ())
    heard.write_evidence(archive, f"{SHOW}/{slug}", *segments, regions=regions, **more)


def visit(archive: Archive, index: object, base_url: str = HERE) -> FlaskClient:
    return create_app(archive, cast(Index, index), base_url=base_url).test_client()


def hits(*episodes: EpisodeHits, page: int = 1, pages: int = 1) -> Results:
    return Results("x", len(episodes), episodes, page, pages)


def found(slug: str, *snippets: tuple[tuple[str, bool], ...], title: str = "") -> EpisodeHits:
    made = tuple(said(12.5 + n, *snippet) for n, snippet in enumerate(snippets))
    return EpisodeHits(Episode(SHOW, slug, title or slug, DAY, AUDIO, ""), made)
