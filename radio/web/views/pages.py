"""The pages: home, catalogue, a show with the episodes of a year, an episode, explanations."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from flask import Blueprint, current_app, render_template, request
from markupsafe import Markup

from radio.archive import holdings, passages
from radio.archive.check import read_report
from radio.archive.daily import ALWAYS, sentence_of_day
from radio.archive.episode import Episode, Show
from radio.archive.fixity import prove_read
from radio.archive.holdings import neighbours, size_of, take_stock
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
from radio.search.results import LEAD_IN, LONGEST_LEAD
from radio.system.disk import stamp
from radio.system.errors import warned
from radio.text.sentences import TICK
from radio.text.transcript import Transcript
from radio.transcribe.versions import headway
from radio.web import timeline
from radio.web.addresses import canonical, known_url
from radio.web.charts import draw_waveform
from radio.web.context import catalogue
from radio.web.queries import read_options, read_query
from radio.web.quoting import cite
from radio.web.reading import Reading, read
from radio.web.rendered import rendered
from radio.web.spans import Span, playback_span, read_span
from radio.web.views.dossiers import names
from radio.web.views.listing import totals
from radio.web.views.search import find, words_to_try
from radio.web.views.sharing import frame
from radio.work.status import is_running, read_status

pages = Blueprint("pages", __name__)

LATEST = 7  # episodes: one large, six in a list
FULL = 24  # episodes, after which a page begins no other year
UNDATED = "0"  # the year of those whose date is unknown, as an address names it

Answer = TypeVar("Answer")


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


def shelve(episodes: Iterable[Episode], asked: str, *, is_whole: bool = False) -> list[ShowYear]:
    """Put the episodes of a show on shelves by year, the newest first, undated ones last. Only the
    asked shelf lists them, else the newest until the page is full; all if `is_whole`."""
    found = dict[str, list[Episode]]()
    for each in episodes:
        found.setdefault(each.known_date[:4], []).append(each)
    shelves = [ShowYear(year, len(found[year]), found[year]) for year in sorted(found)[::-1]]
    names, count = {each.name for each in shelves if each.name == asked}, 0
    for shelf in shelves if not names else ():
        count += shelf.number
        if is_whole or count <= FULL or shelf is shelves[0]:
            names.add(shelf.name)
    return [each if each.name in names else replace(each, episodes=()) for each in shelves]


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
        **_one_sentence(),
        **_newest_thread(),
    )


def _one_sentence() -> dict[str, Any]:
    """Give the sentence of this day and its episode; nothing where there is none."""
    archive, frozen = catalogue().archive, current_app.config["FROZEN"]
    with warned():
        if sentence := sentence_of_day(archive, ALWAYS if frozen else str(date.today())):
            quoted = archive.episode(sentence.key)
            spoken = archive.show(quoted.show).language_of(quoted)
            return {"sentence": sentence, "quoted": quoted, "spoken": spoken}
    return {}


def _newest_thread() -> dict[str, Any]:
    """Give the newest thread, and how it begins; nothing where there is none."""
    archive = catalogue().archive
    with warned():
        for thread in list(passages.threads(archive))[:1]:
            for first in passages.read(archive, thread).entries[:1]:
                return {"thread": thread, "first": first}
    return {}


@pages.get("/shows/<show>/")
def show(show: str) -> str:
    """List the episodes of a show, the newest first: those of the year that `?year=` names."""
    archive, year = catalogue().archive, request.args.get("year", "")
    item, episodes = archive.show(show), holdings.episodes(archive, show)
    shelves = shelve(episodes, year, is_whole=current_app.config["FROZEN"])
    listed = [shelf for shelf in shelves if shelf.episodes]
    here = year if year in {shelf.name for shelf in listed} else ""
    # A picture may be changed in its place.
    shown: list[Show | Episode] = [item]
    shown += [each for shelf in listed for each in shelf.episodes if each.image]
    pictures = tuple(stamp(path) for each in shown if (path := archive.picture_path(each)))
    names = tuple(shelf.name for shelf in listed)
    state = show, here, names, pictures, holdings.state(archive, archive.folders())

    def tell() -> dict[str, Any]:
        return {"show": item, "shelves": shelves, "timeline": timeline.of_show(show, here)}

    return render_template(
        "show.html",
        show=item,
        episodes=episodes,
        list=rendered("shelves.html", state, tell),
        size=size_of(episodes),
        dublin_core=describe_show(item, canonical()),
    )


@pages.get("/catalogue")
def catalogue_page() -> str:
    """List all that there is by show, year, person and theme, and what is still to be heard."""
    archive = catalogue().archive
    runs = not current_app.config["FROZEN"] and is_running(archive)
    return render_template(
        "catalogue.html",
        names=_unless_it_fails(names) or "",
        paged=(archive.site / "index.html").is_file(),
        work=read_status(archive) if runs else None,
        **vars(take_stock(archive)),
    )


@pages.get("/<any(help, about, privacy, kept, legal, accessibility):name>")
def words(name: str) -> str:
    """Explain: how to use the site, what it is, what is kept of a visit (nothing unless asked)."""
    has_sense = catalogue().sense.is_there() and not current_app.config["FROZEN"]
    shows = catalogue().archive.shows()
    return render_template(f"{name}.html", shows=shows, has_sense=has_sense)


@pages.get("/fixity")
def integrity() -> str:
    """Say what the archive holds, when it was last verified, and how to prove it unchanged."""
    checked = _unless_it_fails(lambda: read_report(catalogue().archive))
    public = holdings.episodes(catalogue().archive)
    broken = sum(each.rights == holdings.UNSOUND for each in public)
    proof = _unless_it_fails(lambda: prove_read(catalogue().archive, public))
    return render_template(
        "fixity.html", held=totals(), checked=checked, proof=proof, broken=broken
    )


@pages.get("/shows/<show>/<slug>")
def episode(show: str, slug: str) -> str:
    """Play an episode, from `?t=` on, with all that is said in it; `?q=` looks for words there."""
    archive, episode = catalogue().archive, catalogue().episode(f"{show}/{slug}")
    given = {file.kind for file in holdings.files_of(archive, episode)}
    frozen = current_app.config["FROZEN"]  # such a page is given away: no words before the last
    chapters, books_url = chapters_of(archive, episode), current_app.config["BOOKS_URL"]
    reading = None if frozen and "transcript" not in given else read(episode, chapters)
    answers = {} if frozen else _answers(episode, reading, "transcript" in given)
    bars = _unless_it_fails(lambda: archive.waveform(episode))
    starts = [chapter.start for chapter in chapters.parts]
    hits = [hit.start for hit in answers.get("hits", ())]
    return render_template(
        "episode.html",
        show=archive.show(show),
        episode=episode,
        reading=reading,
        leads=(LEAD_IN, LONGEST_LEAD),
        chapters=chapters,
        gain=known_gain(archive, episode),
        copy_size=0 if frozen else _size(find_copy(archive, episode)),
        music_free=0 if frozen else _size(music_free.find_copy(archive, episode)),
        waveform=bars and draw_waveform(bars, episode.audio.duration, starts, hits),
        headway=headway(archive, episode.key, episode.audio.duration),
        neighbours=neighbours(archive, episode),
        dublin_core=describe_episode(archive.show(show), episode, canonical()),
        given=given,
        in_book=core_mime(archive, episode),
        booklet=0 if books_url is None else _size(find_booklet(archive, episode, books_url)),
        tunes=[read_tune(line) for line in episode.playlist],
        **answers,
    )


def _size(path: Path | None) -> int:
    return stamp(path)[1] if path else 0


def _answers(episode: Episode, reading: Reading | None, is_finished: bool) -> dict[str, Any]:
    """Give the parts that only a server can answer: search, quotes, related episodes."""
    query, span = read_query(), read_span(request.args.get("t", ""), episode.audio.duration)
    options = replace(read_options(), show=None, episode=episode.key, page=1, size=1, whole=True)
    results = _unless_it_fails(lambda: find(query, options))
    hits = results.episodes[0].hits if results and results.episodes else ()
    citation = _citation(episode, span, reading)
    show = catalogue().archive.show(episode.show)
    described = describe(show, episode, known_url(), is_finished, canonical())
    linked = json.dumps(described, ensure_ascii=False)
    return {
        "span": span,
        "playback": span and playback_span(span, query, hits),
        "query": query,
        "results": results,
        "hits": hits,
        "passage": sum(hit.start <= span.start + TICK for hit in hits) if span else 0,
        "related": _unless_it_fails(lambda: catalogue().index.related(episode.key)) or (),
        "citation": citation,
        "frame": frame(episode, citation.at),
        "linked": Markup(linked.replace("<", "\\u003c")),  # noqa: S704 (no tag of HTML ends it)
    }


@pages.get("/share/<show>/<slug>")
def share(show: str, slug: str) -> str:
    """Give all the ways to quote an episode, or what is said at `?t=`."""
    episode = catalogue().episode(f"{show}/{slug}")
    span = read_span(request.args.get("t", ""), episode.audio.duration)
    reading = read(episode, chapters_of(catalogue().archive, episode))
    citation = _citation(episode, span, reading)
    context = {"citation": citation, "frame": frame(episode, citation.at)}
    return render_template("share.html", episode=episode, **context)


def _citation(episode: Episode, span: Span | None, reading: Reading | None) -> Citation:
    transcript = Transcript(reading.cues, reading.note) if reading else None
    return cite(catalogue().archive.show(episode.show), episode, span, transcript)


def _unless_it_fails(ask: Callable[[], Answer]) -> Answer | None:
    """Ask the index, or read what was made; if that fails, the page is shown without it."""
    with warned():
        return ask()
    return None
