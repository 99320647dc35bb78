"""The themes and people of the archive, and a dossier of each: what is said of it, and when; and
threads, which somebody made of passages."""

import itertools
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import Blueprint, Response, current_app, g, redirect, render_template, request, url_for
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from radio.archive import Archive, holdings
from radio.archive.authorship import status_of
from radio.archive.dossier import Count, Kind, Line, Mentions, Subject
from radio.books.dossiers import find_books, state_of, states_now
from radio.formats.addresses import ROOMS, Room
from radio.formats.podcast_feed import Excerpt, render_excerpts
from radio.formats.tables import render_csv
from radio.french.letters import fold
from radio.system.disk import stamp
from radio.system.errors import NotFoundError
from radio.text.transcript import clock
from radio.web.addresses import absolute, episode_address
from radio.web.context import catalogue, listed, shows
from radio.web.headers import attached, file_of
from radio.web.quoting import label_of
from radio.web.rendered import rendered
from radio.web.spans import write_second
from radio.web.timeline import of_dossier

dossiers = Blueprint("dossiers", __name__)

DOSSIER = "/<any(people, themes):room>/<slug>"
KINDS: dict[Room, Kind] = {room: kind for kind, room in ROOMS.items()}
AT_ONCE = 5  # episodes that a table reads
IN_TABLE = 20_000  # rows
LONGEST = 200  # characters of a query
LONG = 60  # sentences on a page, about
KEPT = 300  # dossiers whose books were weighed


@dataclass(frozen=True)
class Leaf:
    """A page of a dossier: some of its episodes, the oldest first."""

    lines: tuple[Line, ...]
    number: int = 1  # of the pages that begin with its year

    @property
    def year(self) -> int:
        """The year with which it begins; 0 where nobody told a date."""
        return self.lines[0].year if self.lines else 0

    @property
    def last(self) -> int:
        """The year with which it ends, likewise."""
        return self.lines[-1].year if self.lines else 0


def leaves(lines: Sequence[Line]) -> list[Leaf]:
    """Part the episodes of a dossier into pages of whole years, where these are not too long.

    >>> some = [Line(f"a/{year}", str(year), 25, False) for year in (2020, 2021, 2022)]
    >>> [(each.year, each.last, each.number) for each in leaves(some)]
    [(2020, 2021, 1), (2022, 2022, 1)]
    >>> much = [Line("a/b", "2019", 45, False)] * 2
    >>> [(each.year, each.number) for each in leaves([*much, *some])]
    [(2019, 1), (2019, 2), (2020, 1), (2022, 1)]
    """

    def sentences(some: Sequence[Line]) -> int:
        return sum(max(1, line.passages) + line.is_named for line in some)

    found = [Leaf(())]
    for _year, of_year in itertools.groupby(lines, key=lambda line: line.year):
        parts: list[tuple[Line, ...]] = [()]
        for line in of_year:
            if parts[-1] and sentences((*parts[-1], line)) > LONG:
                parts.append(())
            parts[-1] = (*parts[-1], line)
        for number, part in enumerate(parts, 1):
            before, is_first = found[-1], number == found[-1].number == 1
            fits = is_first and sentences(before.lines) + sentences(part) <= LONG
            if fits or not before.lines:
                found[-1] = Leaf((*before.lines, *part))
            else:
                found.append(Leaf(part, number))
    return found


def names() -> Markup:
    """List the threads, and all people and themes by their first letter."""
    asked = catalogue().index.dossiers
    counts = asked.subjects()

    def letter(count: Count) -> str:
        first = fold(count.subject.name.lower())[:1].upper()
        return first if first.isalpha() else "#"

    def tell() -> dict[str, Any]:
        ordered = sorted(counts, key=lambda each: (not letter(each).isalpha(), letter(each)))
        kinds = []
        for kind in ("person", "theme"):
            some = [each for each in ordered if each.subject.kind == kind]
            by_letter = itertools.groupby(some, letter)
            kinds.append((kind, len(some), [(first, list(own)) for first, own in by_letter]))
        threads = [each.subject for each in counts if each.subject.kind == "thread"]
        return {"kinds": kinds, "threads": threads}

    return rendered("names.html", asked.state(), tell)


@dossiers.get("/<any(people, themes, threads):room>")
def named(room: Room) -> AnyResponse:
    """Lead to the dossier of `?name=`, else to the list of all."""
    name, kind = request.args.get("name"), KINDS[room]
    listed = url_for("pages.catalogue_page", _anchor=kind)
    return redirect(_address_of_name(kind, name) if name else listed)


def _address_of_name(kind: Kind, name: str) -> str:
    """Give the address of the dossier of a name; that of a search for it where there is none."""
    subject = catalogue().index.dossiers.named(kind, name)
    if subject is None:
        return url_for("finding.search", q=f'"{name[:LONGEST]}"')
    return url_for("dossiers.dossier", room=ROOMS[subject.kind], slug=subject.slug)


@dossiers.get("/<any(people, themes, threads):room>/<slug>")
@dossiers.get(f"{DOSSIER}/<int:year>", endpoint="year")
@dossiers.get(f"{DOSSIER}/<int:year>-<int:number>", endpoint="numbered_year")
def dossier(room: Room, slug: str, year: int | None = None, number: int = 1) -> str | AnyResponse:
    """Tell what is said of somebody or something, from the beginning; or go on with a year, or a
    further page of it: 0 stands for what nobody dated."""
    subject = find_subject(room, slug)
    if subject.kind == "thread":
        return _thread(subject)
    every = leaves(catalogue().index.dossiers.outline(subject))
    if year is None:
        return _page(subject, every, 0)
    for place, leaf in enumerate(every):
        if place and (leaf.year, leaf.number) == (year, number):
            return _page(subject, every, place)
        if number == 1 and any(line.year == year for line in leaf.lines):
            return redirect(f"{leaf_address(subject, leaf, every[0])}#y{year}")
    raise NotFoundError(f"{room}/{slug}: nothing in {year}, page {number}")


@dossiers.get(f"{DOSSIER}/feed.xml")
def feed(room: Room, slug: str) -> Response:
    """Give what was said of it lately, for programs that read feeds."""
    subject = find_subject(room, slug)
    dated = [each for each in catalogue().index.dossiers.outline(subject) if each.known_date]
    latest = catalogue().index.dossiers.dossier(subject, dated[-20:][::-1])
    page = absolute(url_for("dossiers.dossier", room=room, slug=slug, lang=None))
    own = absolute(url_for("dossiers.feed", room=room, slug=slug))
    about = gettext("Ce qui est dit dans les archives, phrase par phrase")
    content = render_excerpts(subject.name, about, page, own, _excerpts(latest.entries))
    return file_of(content, "application/rss+xml; charset=utf-8", "no-cache")


@dossiers.get(f"{DOSSIER}/sentences.csv")
def table(room: Room, slug: str) -> Response:
    """Give all the sentences as a table for other programs."""
    subject = find_subject(room, slug)
    lines = render_csv(_rows(subject, catalogue().index.dossiers.outline(subject)))
    named = attached(f"{subject.slug}.csv")
    return file_of(lines, "text/csv; charset=utf-8", "no-store", named)


def find_subject(room: Room, slug: str) -> Subject:
    """Find a person, a theme or a thread. Raises NotFoundError where there is none."""
    subject = catalogue().index.dossiers.find(KINDS[room], slug)
    if subject is None:
        raise NotFoundError(f"{room}/{slug}: no such dossier")
    return subject


def leaf_address(subject: Subject, leaf: Leaf, first: Leaf) -> str:
    """Give the address of a page of a dossier; the first one is the dossier's own."""
    values: dict[str, Any] = {"room": ROOMS[subject.kind], "slug": subject.slug}
    if leaf == first:
        return url_for("dossiers.dossier", **values)
    if leaf.number == 1:
        return url_for("dossiers.year", **values, year=leaf.year)
    return url_for("dossiers.numbered_year", **values, year=leaf.year, number=leaf.number)


def query_for(subject: Subject) -> str:
    """Write the query that finds a subject: its names and words, as many as one query holds.

    >>> query_for(Subject("theme", "caméra", "camera", ("VSA",)))
    '"caméra" OU "VSA"'
    """
    query = ""
    for text in subject.texts:
        longer = f'{query} OU "{text}"' if query else f'"{text}"'
        query = longer if len(longer) <= LONGEST else query
    return query


def sizes_of(subject: Subject) -> tuple[int, int]:
    """Tell the bytes of the EPUB and of the booklet of a dossier; 0 where there is none."""
    archive, url = catalogue().archive, current_app.config["BOOKS_URL"]
    if url is None or not (made := state_of(archive, subject)):
        return 0, 0
    return _sizes(archive, subject, url, catalogue().index.dossiers.state(), made)


@lru_cache(maxsize=KEPT)
def _sizes(
    archive: Archive, subject: Subject, base_url: str, _state: Hashable, _made: Hashable
) -> tuple[int, int]:
    found = find_books(archive, subject, base_url, states_now(archive))
    epub, booklet = (stamp(found[form])[1] if form in found else 0 for form in ("epub", "pdf"))
    return epub, booklet


def _page(subject: Subject, every: Sequence[Leaf], place: int) -> str:
    room, books, leaf = ROOMS[subject.kind], sizes_of(subject), every[place]
    shared = {"subject": subject, "room": room, "whole": len(every) == 1, "leaf": leaf}
    state = subject, place, catalogue().index.dossiers.state(), books

    def tell() -> dict[str, Any]:
        context = {"books": dict(zip(("epub", "booklet"), books, strict=True))}
        return {**shared, **context, **_tell(subject, every, place)}

    return render_template("dossier.html", **shared, text=rendered("chronicle.html", state, tell))


def _thread(subject: Subject) -> str:
    """Give the passages that somebody chose, in their order, with a line before each."""
    archive, asked = catalogue().archive, catalogue().index.dossiers
    told = asked.dossier(subject, asked.outline(subject))
    episodes = {each.key: listed(each.key) for each in told.entries}
    g.unindexed = any(each.protection.noindex for each in episodes.values())
    seconds = sum(each.end - each.start for each in told.sentences)
    return render_template(
        "dossier.html",
        subject=subject,
        whole=True,
        entries=told.entries,
        episodes=episodes,
        spoken={key: archive.show(it.show).language_of(it) for key, it in episodes.items()},
        heard=(len(told.sentences), seconds),
        books=dict(zip(("epub", "booklet"), sizes_of(subject), strict=True)),
        label_of=label_of,
    )


def _tell(subject: Subject, every: Sequence[Leaf], place: int) -> dict[str, Any]:
    """Give what a page of a dossier tells; each year with the page on which it begins."""
    leaf, lines = every[place], [line for leaf in every for line in leaf.lines]
    begun = {line.year: each for each in reversed(every) for line in each.lines}
    years = list[dict[str, Any]]()
    for year, episodes in Counter(line.year for line in lines).items():
        address = f"{leaf_address(subject, begun[year], every[0])}#y{year}"
        context = {"year": year, "episodes": episodes, "leaf": begun[year], "address": address}
        years.append(context)
    entries = catalogue().index.dossiers.dossier(subject, leaf.lines).entries
    said = [each for each in entries if each.sentences or subject.kind == "theme"]
    own = [each for each in entries if each.own or each.line.is_named]
    near = [("prev", each) for each in every[max(0, place - 1) : place]]
    near += [("next", each) for each in every[place + 1 : place + 2]]
    durations = {each.key: each.audio.duration for each in holdings.episodes(catalogue().archive)}
    return {
        "query": query_for(subject),
        "lines": lines,
        "years": years,
        "timeline": of_dossier(
            ((line.known_date, durations.get(line.key, 0.0)) for line in lines),
            {each["year"]: (each["episodes"], each["address"]) for each in years},
            {line.year for line in leaf.lines},
        ),
        "beside": [(each, rel, leaf_address(subject, each, every[0])) for rel, each in near],
        "said": _by_year(said),
        "own": _by_year(own) if subject.kind == "person" else [],
        "episodes": {each.key: catalogue().episode(each.key) for each in entries},
        "titles": {each.slug: each.title for each in shows()},
        "label_of": label_of,
    }


def _by_year(entries: Sequence[Mentions]) -> list[tuple[int, list[Mentions]]]:
    by_year = itertools.groupby(entries, lambda each: each.line.year)
    return [(year, list(some)) for year, some in by_year]


def _excerpts(entries: Sequence[Mentions]) -> Iterator[Excerpt]:
    for entry in entries:
        episode, label = catalogue().archive.episode(entry.key), label_of(entry.key)
        for each in (*entry.sentences, *entry.own):
            link = absolute(episode_address(each.key, write_second(each.start), "t"))
            who = f"{each.voice}\u00a0: " if each.voice else ""
            text = f"{who}{each.text}" + (f" [{label}]" if label else "")
            yield Excerpt(f"{episode.title} – {clock(each.start)}", link, episode.date, text)


def _rows(subject: Subject, lines: Sequence[Line]) -> Iterator[list[str]]:
    head = ("show", "episode", "date", "time", "start", "end", "voice", "said", "transcript")
    yield [*head, "sentence", "address"]
    archive, rows = catalogue().archive, 0
    for first in range(0, len(lines), AT_ONCE):
        some = catalogue().index.dossiers.whole(subject, lines[first : first + AT_ONCE])
        for entry in some.entries:
            episode, status = archive.episode(entry.key), status_of(archive, entry.key)
            sentences = [("of", each) for each in entry.sentences]
            sentences += [("by", each) for each in entry.own]
            for said, each in sentences:
                at, until = write_second(each.start), write_second(each.end)
                when = [entry.line.known_date, clock(each.start), at, until]
                what = [each.voice, said, status, each.text, episode_address(entry.key, at, "t")]
                yield [episode.show, episode.title, *when, *what]
            rows += len(sentences)
        if rows >= IN_TABLE:
            return
