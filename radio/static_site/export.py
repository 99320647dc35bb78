"""The site as files, for a disk or any web host. `freeze` writes all that needs no server, beside
`media/<show>/` and `transcripts/<show>/`, whose public files `copies` names. Scripts do the search
(`lexicon`); feeds, cards, clips and tagged downloads are left out. Pages say the policy."""

import contextlib
import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path, PurePath

import radio.web
from radio import pictures
from radio.actions.fields import key_of
from radio.archive import Archive, holdings, losses
from radio.archive.daily import ALWAYS, sentence_of_day
from radio.archive.dossier import Subject
from radio.archive.episode import Episode, Show
from radio.archive.forwarding import episode_at, former_names
from radio.archive.holdings import PAGES_NOTE
from radio.archive.imprint import OWN_COLORS, about, source_address
from radio.archive.imprint import state_of as state_of_site
from radio.bags.payload import name_truth
from radio.books.cache import find_booklet
from radio.books.dossiers import find_books, states_now
from radio.derived.cache import state_of
from radio.derived.covers import given, lettering
from radio.derived.soundness import quality_path
from radio.formats.addresses import ROOMS, episode_page, show_page
from radio.static_site.lexicon import lexicon, texts
from radio.system.disk import explained, stamp, write_whole
from radio.system.edition import edition
from radio.system.errors import RadioError
from radio.system.progress import Progress
from radio.system.tree import Content, Product, TreeChanges, files, update
from radio.text.transcript import render_srt
from radio.web.context import catalogue
from radio.web.frozen import PLACES, Frozen, frozen_site, lead, render
from radio.web.quoting import alone, read_transcript
from radio.web.views.dossiers import leaves, sizes_of
from radio.web.views.listing import WORDS
from radio.web.views.pictures import SIZE, STORED, stylesheet
from radio.web.views.search import words_to_try

SIZES = (STORED, SIZE)  # pixels of the covers of shows; those of episodes are of the last
LINKED = {"audio", "picture", "transcript", "evidence", "translation", "logo"}
SEARCH = ("words", "typing", "shards", "lexicon")  # the parts of `search.js`
SCRIPTS = ("listen", "reading", "sentences", "find", "marks", "found", "report")
FONTS = ("serif-400.woff2", "serif-600.woff2", "serif-LICENSE.txt")
STATIC = ("style.css", "icon.svg", *FONTS, *(f"{name}.js" for name in SCRIPTS))


def freeze(
    archive: Archive, folder: Path, progress: Progress = lambda _: None, *, accept: bool = False
) -> TreeChanges:
    """Bring the pages in a folder up to date. Raises LossError if too much of the archive vanished,
    unless somebody says to `accept` that; ArchiveError if the folder holds something else."""
    with archive.lock("site"):
        _brake(archive, folder, accept)
        made_of, note = name_truth(archive), folder / PAGES_NOTE
        with explained(note, "check the rights of the folder"):
            if note.exists() and note.read_text(encoding="utf-8", errors="replace") != made_of:
                note.unlink()
        changes = update(folder, pages(archive), progress)
        write_whole(note, made_of.encode())
        return changes


def export(
    archive: Archive,
    folder: Path,
    progress: Progress = lambda _: None,
    *,
    link: bool = False,
    accept: bool = False,
    books_url: str | None = None,
) -> TreeChanges:
    """Do the same with copies of recordings, pictures, texts, and books made for `books_url`."""
    with archive.lock("site"):
        _brake(archive, folder, accept)
        products = [*pages(archive, books_url), *copies(archive)]
        return update(folder, products, progress, link=link)


def _brake(archive: Archive, folder: Path, accept: bool) -> None:
    if not accept:
        made = files(folder)
        keys = (re.fullmatch(r"shows/([^/]+/[^/]+)\.html", path) for path in made)
        sidecars = {f"media/{key[1]}.json" for key in keys if key and not key[1].endswith("/index")}
        losses.refuse(archive.root, losses.unmoved(archive.root, made | sidecars))


def copies(archive: Archive) -> Iterator[Product]:
    """Give the files of the archive that the pages link to, by show and by episode."""
    for file in holdings.site_files(archive):
        if file.kind in LINKED:
            here = [(file.path, archive.root / file.path)]
            yield Product(f"copy of {file.path}", str(file.stamp), here.copy)
    for show in archive.shows():
        episodes = holdings.episodes(archive, show.slug)
        for item, found in holdings.files(archive, show, episodes, "listen"):
            linked = [file for file in found if file.kind in LINKED]
            state = str([(PurePath(file.path).name, file.stamp) for file in linked])
            here = [(file.path, archive.root / file.path) for file in linked]
            yield Product(f"copies of {key_of(item)}", state, here.copy)


def pages(archive: Archive, books_url: str | None = None) -> Iterator[Product]:
    """Give all that there is beside the copies."""
    archive = _Still(archive.root)
    app = frozen_site(archive, books_url)
    shows, episodes = archive.shows(), holdings.episodes(archive)
    stations = sorted({show.station for show in shows})
    imprint = state_of_site(archive.root), source_address(about(archive.root))
    site = str((edition(), stations, *imprint))
    shown = site + str([(show.slug, stamp(archive.show_path(show.slug))) for show in shows])
    listed = shown + str([(each.key, *archive.stamps(each.key)[:1]) for each in episodes])
    with app.test_request_context("/"):
        listed += str((words_to_try(), sentence_of_day(archive, ALWAYS)))
        subjects = catalogue().index.dossiers.subjects()
    lists = ["/", "/catalogue", "/search", *(show_page("", show.slug) for show in shows)]
    yield Product("static", site, partial(_static, app))
    yield Product("words", shown, partial(_pages, app, [f"/{name}" for name in WORDS]))
    yield Product("lists", listed + str(subjects), partial(_pages, app, lists))
    items: list[Show | Episode] = [*shows, *episodes]
    for item in items:
        if given(archive, item) is None:
            drawn = lettering(archive, item)
            state = edition("pictures", "static_site") + str(drawn)
            yield Product(f"cover of {key_of(item)}", state, partial(_covers, item, drawn))
    for show in shows:
        own = [each for each in reversed(episodes) if each.show == show.slug]
        around = [None, *((each.key, each.title) for each in own), None]
        for episode, beside in zip(own, zip(around, around[2:], strict=False), strict=True):
            book = None if books_url is None else find_booklet(archive, episode, books_url)
            state = site + _state(archive, episode) + str(beside)
            state += str((book.name, stamp(book))) if book else ""
            yield Product(episode.key, state, partial(_episode, app, episode))
    yield _moved(app, archive, site)
    for count in subjects:
        yield _dossier(app, archive, count.subject, shown)
    if books_url is not None:
        yield from _books(archive, episodes, [each.subject for each in subjects], books_url)
    said = [(e.key, archive.stamps(e.key), holdings.is_finished(archive, e.key)) for e in episodes]
    state = edition() + hashlib.sha256(str(said).encode()).hexdigest()
    yield Product("search", state, partial(lexicon, archive, episodes))


class _Still(Archive):
    """An archive whose lists stay as they were when they were first asked for."""

    def __init__(self, root: Path):
        super().__init__(root)
        self._listed: dict[str | None, list[Episode]] = {}

    def episodes(self, show: str | None = None) -> list[Episode]:
        """List the episodes, the newest first."""
        if None not in self._listed:
            every = self._listed[None] = super().episodes()
            for each in every:
                self._listed.setdefault(each.show, []).append(each)
        return self._listed.get(show, [])


def _pages(app: Frozen, addresses: Iterable[str]) -> Iterator[tuple[str, Content]]:
    return (render(app, address) for address in addresses)


def static_files() -> Iterator[tuple[str, bytes]]:
    """Give the style and the scripts of the pages."""
    folder = Path(radio.web.__file__).parent / "static"
    for name in STATIC:
        yield f"static/{name}", (folder / name).read_bytes()
    parts = ((folder / f"{name}.js").read_bytes() for name in SEARCH)
    yield "static/search.js", b"".join(parts)


def _static(app: Frozen) -> Iterator[tuple[str, Content]]:
    yield from static_files()
    with app.test_request_context("/"):
        if catalogue().imprint.colors != OWN_COLORS:
            yield PLACES["imprint.colors"], stylesheet().encode()


def _covers(item: Show | Episode, drawn: dict[str, str]) -> Iterator[tuple[str, Content]]:
    for size in SIZES if isinstance(item, Show) else SIZES[-1:]:
        yield f"covers/{key_of(item)}-{size}.png", pictures.cover(**drawn, size=size)


def _state(archive: Archive, episode: Episode) -> str:
    paths = [archive.translation_path(episode.key), archive.checkpoint_path(episode.key)]
    paths += [archive.waveform_path(episode), quality_path(archive, episode)]
    return str((state_of(archive, episode, given(archive, episode)), *map(stamp, paths)))


def _episode(app: Frozen, episode: Episode) -> Iterator[tuple[str, Content]]:
    yield render(app, episode_page("", episode.key))
    with app.test_request_context("/"):
        archive = catalogue().archive
        is_finished = holdings.is_finished(archive, episode.key)
        transcript = read_transcript(episode.key) if is_finished else None
        show = archive.show(episode.show)
        text = alone(show, episode, transcript) if transcript else ""
    if transcript:
        yield render(app, f"/transcripts/{episode.key}.html")
        yield f"texts/{episode.key}.txt", text.encode()
        yield f"texts/{episode.key}.srt", render_srt(transcript).encode()
        yield from texts(episode.key, transcript.cues)


def _moved(app: Frozen, archive: Archive, site: str) -> Product:
    """Give pages at old addresses that lead to the new ones; all pages share the state `site`."""
    names, shows = former_names(archive), {each.slug: each.title for each in archive.shows()}
    episodes = {each.key: each.title for each in holdings.episodes(archive)}

    def make() -> Iterator[tuple[str, Content]]:
        yield lead(app, "/themes", "/catalogue", "Parcourir")
        for old, new in sorted(names.shows.items()):
            if old not in archive.folders():
                yield lead(app, show_page("", old), show_page("", new), shows[new])
        within = {  # those under a former name of their show
            f"{old}/{key.partition('/')[2]}"
            for old, new in names.shows.items()
            for key in {*names.episodes, *episodes}
            if key.startswith(f"{new}/")
        }
        for old in sorted({*names.episodes, *within}):
            with contextlib.suppress(RadioError):  # what has that name now, or was withdrawn
                key = episode_at(archive, old)
                if key in episodes:
                    yield lead(app, episode_page("", old), episode_page("", key), episodes[key])

    state = repr((site, names, episodes, shows))
    return Product("moved", hashlib.sha256(state.encode()).hexdigest(), make)


def _dossier(app: Frozen, archive: Archive, subject: Subject, shared: str) -> Product:
    """Give the pages of a dossier; `shared` is the state of what all pages share."""
    with app.test_request_context("/"):
        lines, sizes = catalogue().index.dossiers.outline(subject), sizes_of(subject)
    own = f"/{ROOMS[subject.kind]}/{subject.slug}"
    numbered = ((leaf, "" if leaf.number == 1 else f"-{leaf.number}") for leaf in leaves(lines)[1:])
    further = (f"{own}/{leaf.year}{number}" for leaf, number in numbered)
    said = str([(line, archive.stamps(line.key)) for line in lines])
    name, state = f"dossier {subject.kind} {subject.slug}", f"{shared} {subject} {said} {sizes}"
    return Product(name, state, partial(_pages, app, [own, *further]))


def _books(
    archive: Archive, episodes: list[Episode], subjects: list[Subject], base_url: str
) -> Iterator[Product]:
    """Give copies of the books that were made beforehand; none is made for the site."""
    made = dict[str, dict[str, Path]]()
    for episode in episodes:
        place = PLACES["books.sheets"].format(show=episode.show, slug=episode.slug)
        path = find_booklet(archive, episode, base_url)
        made[f"booklet of {episode.key}"] = {place: path} if path else {}
    states = states_now(archive)
    for subject in subjects:
        found = find_books(archive, subject, base_url, states)
        names = {"room": ROOMS[subject.kind], "slug": subject.slug}
        place_of = partial(PLACES["books.dossier"].format, **names)
        places = {place_of(form=form): path for form, path in found.items()}
        made[f"books of {subject.kind} {subject.slug}"] = places
    for name, places in made.items():
        state = str([(place, path.name, stamp(path)) for place, path in places.items()])
        if places:
            yield Product(name, state, places.items)
