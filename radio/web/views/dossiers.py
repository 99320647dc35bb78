"""The themes and people of the archive, and a dossier of each: what is said of it, and when."""

import itertools
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from flask import (
    Blueprint,
    Response,
    current_app,
    redirect,
    render_template,
    request,
    stream_with_context,
)
from flask import url_for as address_of
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from radio.archive import Archive, holdings
from radio.archive.authorship import status_of
from radio.archive.dossier import Count, Kind, Line, Mentions, Quotation, Subject
from radio.books.dossiers import find_books, state_of, states_now
from radio.formats.podcast_feed import Excerpt, render_excerpts
from radio.formats.tables import render_csv
from radio.french.letters import fold
from radio.system.disk import stamp
from radio.system.errors import NotFoundError
from radio.text.transcript import clock
from radio.web import language
from radio.web.addresses import absolute, episode_address, write_second
from radio.web.context import catalogue, shows
from radio.web.headers import as_file, attached
from radio.web.rendered import rendered
from radio.web.timeline import of_dossier

dossiers = Blueprint("dossiers", __name__)

Room = Literal["people", "themes"]
KINDS: dict[Room, Kind] = {"people": "person", "themes": "theme"}
ROOMS: dict[Kind, Room] = {kind: room for room, kind in KINDS.items()}
IN_FEED = 20  # episodes
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


@dataclass(frozen=True)
class Year:
    """A year in which something is said: of how many episodes, and on which page it begins."""

    year: int
    episodes: int
    leaf: Leaf
    address: str


@dataclass(frozen=True)
class BookSizes:
    """The bytes of the books of a dossier; 0 while there is none."""

    epub: int = 0
    booklet: int = 0


def leaves(lines: Sequence[Line]) -> list[Leaf]:
    """Part the episodes of a dossier into pages of whole years, where these are not too long.

    >>> some = [Line(f"a/{year}", str(year), 25, False) for year in (2020, 2021, 2022)]
    >>> [(each.year, each.last, each.number) for each in leaves(some)]
    [(2020, 2021, 1), (2022, 2022, 1)]
    >>> much = [Line("a/b", "2019", 45, False)] * 2
    >>> [(each.year, each.number) for each in leaves([*much, *some])]
    [(2019, 1), (2019, 2), (2020, 1), (2022, 1)]
    """
    found = [Leaf(())]
    for _year, some in itertools.groupby(lines, key=lambda line: line.year):
        for number, part in enumerate(_cut(some), 1):
            before = found[-1]
            fits = number == before.number == 1 and _long(before.lines) + _long(part) <= LONG
            if fits or not before.lines:
                found[-1] = Leaf((*before.lines, *part))
            else:
                found.append(Leaf(part, number))
    return found


def _cut(lines: Iterator[Line]) -> Iterator[tuple[Line, ...]]:
    """Cut the episodes of a year where a page would be too long."""
    part: tuple[Line, ...] = ()
    for line in lines:
        if part and _long((*part, line)) > LONG:
            yield part
            part = ()
        part = (*part, line)
    yield part


def _long(lines: Sequence[Line]) -> int:
    """Tell about how many sentences some episodes say."""
    return sum(max(1, line.passages) + line.is_named for line in lines)


@dossiers.get("/themes")
def themes() -> str | AnyResponse:
    """List all people and themes by their first letter; `?name=` leads to the one of a name."""
    if name := request.args.get("name"):
        return redirect(_address_of_name("theme", name))
    asked = catalogue().index.dossiers
    counts = asked.subjects()
    names = rendered("names.html", asked.state(), lambda: {"kinds": list(_by_kind(counts))})
    return render_template("themes.html", names=names)


@dossiers.get("/people")
def people() -> AnyResponse:
    """Lead to the people in that list, or to the one of `?name=`."""
    name = request.args.get("name")
    there = address_of("dossiers.themes", _anchor="person")
    return redirect(_address_of_name("person", name) if name else there)


def _address_of_name(kind: Kind, name: str) -> str:
    """Give the address of the dossier of a name; that of a search for it where there is none."""
    subject = catalogue().index.dossiers.named(kind, name)
    if subject is None:
        return address_of("finding.search", q=f'"{name[:LONGEST]}"')
    return address_of("dossiers.dossier", room=ROOMS[subject.kind], slug=subject.slug)


@dossiers.get("/<any(people, themes):room>/<slug>")
def dossier(room: Room, slug: str) -> str:
    """Tell what is said of somebody or something, from the beginning."""
    subject = find_subject(room, slug)
    return _page(subject, leaves(catalogue().index.dossiers.outline(subject)), 0)


@dossiers.get("/<any(people, themes):room>/<slug>/<int:year>", endpoint="year")
@dossiers.get(
    "/<any(people, themes):room>/<slug>/<int:year>-<int:number>", endpoint="numbered_year"
)
def further(room: Room, slug: str, year: int, number: int = 1) -> str | AnyResponse:
    """Go on with a year, or with a further page of it; 0 stands for what nobody dated."""
    subject = find_subject(room, slug)
    every = leaves(catalogue().index.dossiers.outline(subject))
    for place, leaf in enumerate(every):
        if place and (leaf.year, leaf.number) == (year, number):
            return _page(subject, every, place)
        if number == 1 and any(line.year == year for line in leaf.lines):
            return redirect(f"{leaf_address(subject, leaf, every[0])}#y{year}")
    raise NotFoundError(f"{room}/{slug}: nothing in {year}, page {number}")


@dossiers.get("/<any(people, themes):room>/<slug>/feed.xml")
def feed(room: Room, slug: str) -> Response:
    """Give what was said of it lately, for programs that read feeds."""
    subject = find_subject(room, slug)
    dated = [each for each in catalogue().index.dossiers.outline(subject) if each.known_date]
    latest = catalogue().index.dossiers.dossier(subject, dated[-IN_FEED:][::-1])
    page = absolute(address_of("dossiers.dossier", room=room, slug=slug, lang=None))
    own = absolute(address_of("dossiers.feed", room=room, slug=slug))
    about = gettext("Ce qui est dit dans les archives, phrase par phrase")
    content = render_excerpts(subject.name, about, page, own, _excerpts(latest.entries))
    return as_file(Response(content, content_type="application/rss+xml; charset=utf-8"), "no-cache")


@dossiers.get("/<any(people, themes):room>/<slug>/sentences.csv")
def table(room: Room, slug: str) -> Response:
    """Give all the sentences as a table for other programs."""
    subject = find_subject(room, slug)
    lines = render_csv(_rows(subject, catalogue().index.dossiers.outline(subject)))
    response = Response(stream_with_context(lines), content_type="text/csv; charset=utf-8")
    return as_file(response, "no-store", attached(f"{subject.slug}.csv"))


def find_subject(room: Room, slug: str) -> Subject:
    """Find a person or a theme. Raises NotFoundError where there is none."""
    subject = catalogue().index.dossiers.find(KINDS[room], slug)
    if subject is None:
        raise NotFoundError(f"{room}/{slug}: no such dossier")
    return subject


def leaf_address(subject: Subject, leaf: Leaf, first: Leaf) -> str:
    """Give the address of a page of a dossier; the first one is the dossier's own."""
    values: dict[str, Any] = {"room": ROOMS[subject.kind], "slug": subject.slug}
    if leaf == first:
        return address_of("dossiers.dossier", **values)
    if leaf.number == 1:
        return address_of("dossiers.year", **values, year=leaf.year)
    return address_of("dossiers.numbered_year", **values, year=leaf.year, number=leaf.number)


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


def sizes_of(subject: Subject) -> BookSizes:
    """Tell how large the books of a dossier are; a site as files may have none."""
    archive, url = catalogue().archive, current_app.config["BOOKS_URL"]
    if url is None or not (made := state_of(archive, subject)):
        return BookSizes()
    return _sizes(archive, subject, url, catalogue().index.dossiers.state(), made)


@lru_cache(maxsize=KEPT)
def _sizes(
    archive: Archive, subject: Subject, base_url: str, _state: Hashable, _made: Hashable
) -> BookSizes:
    found = find_books(archive, subject, base_url, states_now(archive))
    return BookSizes(*(stamp(each)[1] if each else 0 for each in (found.epub, found.booklet)))


def _page(subject: Subject, every: Sequence[Leaf], place: int) -> str:
    books = sizes_of(subject)
    state = subject, place, catalogue().index.dossiers.state(), books
    return render_template(
        "dossier.html",
        subject=subject,
        room=ROOMS[subject.kind],
        whole=len(every) == 1,
        leaf=every[place],
        text=rendered("chronicle.html", state, lambda: _tell(subject, every, place, books)),
    )


def _tell(subject: Subject, every: Sequence[Leaf], place: int, books: BookSizes) -> dict[str, Any]:
    """Give what a page of a dossier shows."""
    leaf, lines = every[place], [line for leaf in every for line in leaf.lines]
    years = [*_years(subject, every)]
    entries = catalogue().index.dossiers.dossier(subject, leaf.lines).entries
    said = [each for each in entries if each.sentences or subject.kind == "theme"]
    own = [each for each in entries if each.own or each.line.is_named]
    near = [("prev", each) for each in every[max(0, place - 1) : place]]
    near += [("next", each) for each in every[place + 1 : place + 2]]
    durations = {each.key: each.audio.duration for each in holdings.episodes(catalogue().archive)}
    return {
        "subject": subject,
        "room": ROOMS[subject.kind],
        "query": query_for(subject),
        "books": books,
        "lines": lines,
        "years": years,
        "timeline": of_dossier(
            ((line.known_date, durations.get(line.key, 0.0)) for line in lines),
            {each.year: (each.episodes, each.address) for each in years},
            {line.year for line in leaf.lines},
        ),
        "whole": len(every) == 1,
        "leaf": leaf,
        "beside": [(each, rel, leaf_address(subject, each, every[0])) for rel, each in near],
        "said": _by_year(said),
        "own": _by_year(own) if subject.kind == "person" else [],
        "episodes": {each.key: catalogue().episode(each.key) for each in entries},
        "titles": {each.slug: each.title for each in shows()},
        "label_of": _label,
    }


def _years(subject: Subject, every: Sequence[Leaf]) -> Iterator[Year]:
    """Tell the years of a dossier, each with the page on which it begins."""
    lines = [(line.year, leaf) for leaf in every for line in leaf.lines]
    for year, some in itertools.groupby(lines, key=lambda pair: pair[0]):
        leaf, *further = [leaf for _, leaf in some]
        address = f"{leaf_address(subject, leaf, every[0])}#y{year}"
        yield Year(year, 1 + len(further), leaf, address)


def _label(key: str) -> str:
    """Say in the language of an episode that nobody reread it; nothing where somebody did."""
    show = catalogue().archive.show(key.partition("/")[0])
    return language.reread(status_of(catalogue().archive, key), show.language)


def _by_year(entries: Sequence[Mentions]) -> list[tuple[int, list[Mentions]]]:
    by_year = itertools.groupby(entries, lambda each: each.line.year)
    return [(year, list(some)) for year, some in by_year]


def _by_kind(counts: Sequence[Count]) -> Iterator[tuple[Kind, int, list[tuple[str, list[Count]]]]]:
    for kind in ROOMS:
        some = [each for each in counts if each.subject.kind == kind]
        yield kind, len(some), list(_by_letter(some))


def _by_letter(counts: Sequence[Count]) -> Iterator[tuple[str, list[Count]]]:
    """Group subjects by their first letter; what begins with none is together."""

    def letter(count: Count) -> str:
        first = fold(count.subject.name.lower())[:1].upper()
        return first if first.isalpha() else "#"

    ordered = sorted(counts, key=lambda each: (not letter(each).isalpha(), letter(each)))
    return ((first, list(some)) for first, some in itertools.groupby(ordered, letter))


def _excerpts(entries: Sequence[Mentions]) -> Iterator[Excerpt]:
    archive = catalogue().archive
    for entry in entries:
        episode, label = archive.episode(entry.key), _label(entry.key)
        for each in (*entry.sentences, *entry.own):
            at = write_second(each.start)
            link = absolute(episode_address(each.key, at, "t"))
            who = f"{each.voice}\N{NO-BREAK SPACE}: " if each.voice else ""
            text = f"{who}{each.text}" + (f" [{label}]" if label else "")
            yield Excerpt(f"{episode.title} – {clock(each.start)}", link, episode.date, text)


def _rows(subject: Subject, lines: Sequence[Line]) -> Iterator[list[str]]:
    head = ("show", "episode", "date", "time", "start", "end", "voice", "said", "transcript")
    yield [*head, "sentence", "address"]
    rows = 0
    for first in range(0, len(lines), AT_ONCE):
        some = catalogue().index.dossiers.whole(subject, lines[first : first + AT_ONCE])
        for entry in some.entries:
            for said, sentences in (("of", entry.sentences), ("by", entry.own)):
                for each in sentences:
                    yield _row(entry, said, each)
                    rows += 1
        if rows >= IN_TABLE:
            return


def _row(entry: Mentions, said: str, sentence: Quotation) -> list[str]:
    show, _, _slug = entry.key.partition("/")
    title = catalogue().archive.episode(entry.key).title
    status = status_of(catalogue().archive, entry.key)
    at, until = write_second(sentence.start), write_second(sentence.end)
    when = [entry.line.known_date, clock(sentence.start), at, until]
    address = episode_address(entry.key, at, "t")
    return [show, title, *when, sentence.voice, said, status, sentence.text, address]
