"""Books in the site as files: copies of those that were made beforehand; none is made for it."""

from collections.abc import Iterator
from pathlib import Path

from radio.archive import Archive
from radio.archive.dossier import Subject
from radio.archive.episode import Episode
from radio.books.cache import find_booklet
from radio.books.dossiers import find_books, states_now
from radio.system.disk import stamp
from radio.system.tree import Product
from radio.web.frozen import PLACES
from radio.web.views.dossiers import ROOMS


def of_episode(archive: Archive, episode: Episode, base_url: str | None) -> str:
    """Name the state of the booklet of an episode; nothing while there is none."""
    found = None if base_url is None else find_booklet(archive, episode, base_url)
    return str((found.name, stamp(found))) if found else ""


def copies(
    archive: Archive, episodes: list[Episode], subjects: list[Subject], base_url: str
) -> Iterator[Product]:
    """Give the booklets of episodes, and the books of dossiers, that are there now."""
    for episode in episodes:
        if found := find_booklet(archive, episode, base_url):
            place = PLACES["books.sheets"].format(show=episode.show, slug=episode.slug)
            yield _copy(f"booklet of {episode.key}", {place: found})
    state = states_now(archive)
    for subject in subjects:
        books = find_books(archive, subject, base_url, state)
        names = {"room": ROOMS[subject.kind], "slug": subject.slug}
        kinds = (("books.dossier_epub", books.epub), ("books.dossier_sheets", books.booklet))
        places = {PLACES[kind].format(**names): path for kind, path in kinds if path}
        if places:
            yield _copy(f"books of {subject.kind} {subject.slug}", places)


def _copy(name: str, places: dict[str, Path]) -> Product:
    state = str([(place, path.name, stamp(path)) for place, path in places.items()])
    return Product(name, state, places.items)
