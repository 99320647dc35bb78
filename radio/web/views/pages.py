"""The pages: home, catalogue, a show, an episode, and those that explain.

A show lists the episodes of one year, or the newest, and how many other years hold.
"""

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from flask import Blueprint, current_app, render_template, request
from markupsafe import Markup

from radio.archive import Archive, holdings
from radio.archive.catalogue import neighbours, size_of, take_stock
from radio.archive.check import Report, read_report
from radio.archive.episode import Episode, Show
from radio.archive.tunes import read_tune
from radio.books.book import core_mime
from radio.books.cache import find_booklet
from radio.derived.chapters import chapters_of
from radio.derived.copies import find_copy
from radio.derived.soundness import known_gain
from radio.formats.citation import Citation
from radio.formats.dublin_core import describe_episode, describe_show
from radio.formats.schema_org import describe
from radio.kit import music_free
from radio.search import LEAD_IN, EpisodeHits, Hit, Results
from radio.system.disk import stamp
from radio.system.errors import ArchiveError, SearchError
from radio.text.chapters import Chapters
from radio.text.sentences import TICK
from radio.text.transcript import Transcript
from radio.transcribe.checkpoint import headway
from radio.web import timeline
from radio.web.addresses import Span, canonical, known_url, playback_span, read_span
from radio.web.context import catalogue
from radio.web.quoting import cite
from radio.web.reading import Reading, read
from radio.web.rendered import rendered
from radio.web.views.listing import totals
from radio.web.views.search import find, read_options, read_query, words_to_try
from radio.web.views.sharing import frame
from radio.web.waveform import Waveform, draw
from radio.work.status import WorkStatus, is_running, read_status

FULL = 24  # episodes, after which a page begins no other year
UNDATED = "0"  # the year of those whose date is unknown, as an address names it


@dataclass(frozen=True)
class ShowYear:
    """A year of a show."""

    year: str  # nothing where the date is unknown
    number: int
    episodes: Sequence[Episode] = ()  # none where another page lists them

    @property
    def name(self) -> str:
        """Name it in addresses."""
        return self.year or UNDATED


def shelve(episodes: Sequence[Episode], asked: str, *, whole: bool = False) -> list[ShowYear]:
    """Put the episodes of a show on shelves, the newest first; those without a date come last.

    Lists what is on the shelf that is asked for, else on the newest until the page is full; of the
    others it tells the number. `whole` lists everything.
    """
    found = dict[str, list[Episode]]()
    for each in episodes:
        found.setdefault(each.known_date[:4], []).append(each)
    shelves = [
        ShowYear(year, len(found[year]), found[year]) for year in sorted(found, reverse=True)
    ]
    if whole:
        return shelves
    names = {each.name for each in shelves}
    shown = {asked} if asked in names else _newest(shelves)
    return [each if each.name in shown else ShowYear(each.year, each.number) for each in shelves]


def _newest(shelves: Sequence[ShowYear]) -> set[str]:
    """Name the first shelves, until a page is full."""
    listed, names = 0, set[str]()
    for shelf in shelves:
        if listed and listed + shelf.number > FULL:
            break
        listed += shelf.number
        names.add(shelf.name)
    return names


pages = Blueprint("pages", __name__)
log = logging.getLogger(__name__)

LATEST = 7  # episodes: one large, six in a list

Answer = TypeVar("Answer")


@pages.get("/")
def home() -> str:
    """Search first, then what is new, then the shows."""
    archive = catalogue().archive
    episodes, shows = holdings.episodes(archive), archive.shows()
    newest = {each.show: each for each in reversed(episodes)}
    return render_template(
        "home.html",
        episodes=episodes[:LATEST],
        shows=[(show, newest.get(show.slug)) for show in shows],
        timeline=timeline.of_archive(),
        tries=words_to_try(),
    )


@pages.get("/shows/<show>/")
def show(show: str) -> str:
    """List the episodes of a show, the newest first: those of the year that `?year=` names."""
    archive, year = catalogue().archive, request.args.get("year", "")
    item = archive.show(show)
    episodes = holdings.episodes(archive, show)
    shelves = shelve(episodes, year, whole=current_app.config["FROZEN"])
    listed = tuple(each.name for each in shelves if each.episodes)
    here = year if year in listed else ""
    pictures = tuple(map(stamp, _pictures(item, shelves)))
    state = show, here, listed, pictures, holdings.state(archive, archive.folders())
    told = {"show": item, "shelves": shelves}
    return render_template(
        "show.html",
        show=item,
        episodes=episodes,
        list=rendered(
            "shelves.html", state, lambda: told | {"timeline": timeline.of_show(show, here)}
        ),
        size=size_of(episodes),
        dublin_core=describe_show(item, canonical()),
    )


def _pictures(show: Show, shelves: Sequence[ShowYear]) -> Iterator[Path]:
    """Tell where the pictures lie that a list of a show has: one may be changed in its place."""
    items: list[Show | Episode] = [show]
    items += [each for shelf in shelves for each in shelf.episodes if each.image]
    for item in items:
        if path := catalogue().archive.picture_path(item):
            yield path


@pages.get("/catalogue")
def catalogue_page() -> str:
    """List all that there is by show, year, person and tag, with how many episodes of each."""
    archive = catalogue().archive
    paged = (archive.site / "index.html").is_file()
    stock = vars(take_stock(archive))
    return render_template("catalogue.html", paged=paged, work=_work(archive), **stock)


def _work(archive: Archive) -> WorkStatus | None:
    """Tell what `radio work` has still to hear; None where it does not run."""
    if current_app.config["FROZEN"] or not is_running(archive):
        return None
    return read_status(archive)


@pages.get("/<any(help, about, privacy, kept, legal, accessibility):name>")
def words(name: str) -> str:
    """Explain: how to use the site, what it is, what is kept of a visit (nothing unless asked)."""
    has_sense = catalogue().sense.is_there() and not current_app.config["FROZEN"]
    shows = catalogue().archive.shows()
    return render_template(f"{name}.html", shows=shows, has_sense=has_sense)


@pages.get("/fixity")
def integrity() -> str:
    """Say what the archive holds, when it was last verified, and how to prove it unchanged."""
    return render_template("fixity.html", held=totals(), checked=_last_report())


@pages.get("/shows/<show>/<slug>")
def episode(show: str, slug: str) -> str:
    """Play an episode, from `?t=` on, and give all that is said in it to read.

    `?q=` looks for words in it.
    """
    archive, episode = catalogue().archive, catalogue().episode(f"{show}/{slug}")
    given = {file.kind for file in holdings.files_of(archive, episode)}
    frozen = current_app.config["FROZEN"]  # such a page is given away: no words before the last
    chapters = chapters_of(archive, episode)
    reading = None if frozen and "transcript" not in given else read(episode, chapters)
    answers = {} if frozen else _answers(episode, reading, "transcript" in given)
    return render_template(
        "episode.html",
        show=archive.show(show),
        episode=episode,
        reading=reading,
        lead=LEAD_IN,
        chapters=chapters,
        gain=known_gain(archive, episode),
        copy_size=0 if frozen else _size(find_copy(archive, episode)),
        music_free=0 if frozen else _size(music_free.find_copy(archive, episode)),
        waveform=_waveform(episode, chapters, answers.get("hits", ())),
        headway=headway(archive, episode.key, episode.audio.duration),
        neighbours=neighbours(archive, episode),
        dublin_core=describe_episode(archive.show(show), episode, canonical()),
        given=given,
        in_book=core_mime(archive, episode),
        booklet=_booklet(episode),
        tunes=[read_tune(line) for line in episode.playlist],
        **answers,
    )


def _size(path: Path | None) -> int:
    """Tell the bytes of a copy of an episode; 0 where there is none."""
    return stamp(path)[1] if path else 0


def _booklet(episode: Episode) -> int:
    """Tell the bytes of the booklet of an episode; 0 while there is none."""
    url = current_app.config["BOOKS_URL"]
    return 0 if url is None else _size(find_booklet(catalogue().archive, episode, url))


def _answers(episode: Episode, reading: Reading | None, finished: bool) -> dict[str, Any]:
    """Give the parts that only a server can answer: search, quotes, related episodes."""
    span, results = read_span(request.args.get("t", ""), episode.audio.duration), _results(episode)
    hits = results.episodes[0].hits if results and results.episodes else ()
    citation = _citation(episode, span, reading)
    return {
        "span": span,
        "playback": span and playback_span(span, read_query()),
        "query": read_query(),
        "results": results,
        "hits": hits,
        "passage": sum(hit.start <= span.start + TICK for hit in hits) if span else 0,
        "related": _related(episode.key),
        "citation": citation,
        "frame": frame(episode, citation.at),
        "linked": _json_ld(episode, finished),
    }


@pages.get("/share/<show>/<slug>")
def share(show: str, slug: str) -> str:
    """Give all the ways to quote an episode, or what is said at `?t=`."""
    episode = catalogue().episode(f"{show}/{slug}")
    span = read_span(request.args.get("t", ""), episode.audio.duration)
    reading = read(episode, chapters_of(catalogue().archive, episode))
    citation = _citation(episode, span, reading)
    return render_template(
        "share.html", episode=episode, citation=citation, frame=frame(episode, citation.at)
    )


def _last_report() -> Report | None:
    """Tell how the last `radio check` ended; None where its report is missing or can't be read."""
    try:
        return read_report(catalogue().archive)
    except ArchiveError as error:
        log.warning("%s", error)
        return None


def _citation(episode: Episode, span: Span | None, reading: Reading | None) -> Citation:
    transcript = Transcript(reading.cues, reading.note) if reading else Transcript(())
    return cite(catalogue().archive.show(episode.show), episode, span, transcript)


def _waveform(episode: Episode, chapters: Chapters, hits: Sequence[Hit]) -> Waveform | None:
    """Draw the waveform of an episode; None where there is none, or it can't be read."""
    try:
        bars = catalogue().archive.waveform(episode)
    except ArchiveError as error:
        log.warning("%s", error)
        return None
    if not bars:
        return None
    starts = (chapter.start for chapter in chapters.parts)
    return draw(bars, episode.audio.duration, starts, (hit.start for hit in hits))


def _results(episode: Episode) -> Results | None:
    """Look for `?q=` in an episode; None where it isn't asked for, or the search fails."""
    options = replace(read_options(), show=None, episode=episode.key, page=1, size=1, whole=True)
    return _unless_it_fails(lambda: find(read_query(), options))


def _related(key: str) -> tuple[EpisodeHits, ...]:
    """Find episodes about the same subjects."""
    return _unless_it_fails(lambda: catalogue().index.related(key)) or ()


def _unless_it_fails(ask: Callable[[], Answer]) -> Answer | None:
    """Ask the index. If the search fails, the page is shown without its answer."""
    try:
        return ask()
    except SearchError as error:
        log.warning("%s", error)
        return None


def _json_ld(episode: Episode, transcribed: bool) -> Markup:
    """Describe an episode for machines, as JSON that no tag of HTML can end."""
    show = catalogue().archive.show(episode.show)
    metadata = describe(show, episode, known_url(), transcribed, canonical())
    return Markup(json.dumps(metadata, ensure_ascii=False).replace("<", "\\u003c"))  # noqa: S704
