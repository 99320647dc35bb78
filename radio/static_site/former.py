"""Old addresses of a site as files: at each lies a page that leads to the new one."""

import contextlib
import hashlib
from collections.abc import Iterator, Set
from functools import partial

from radio.archive import Archive, holdings
from radio.archive.forwarding import FormerNames, episode_at, former_names
from radio.formats.addresses import episode_page, show_page
from radio.system.errors import RadioError
from radio.system.tree import Content, Product
from radio.web.frozen import Frozen, lead


def product(app: Frozen, archive: Archive, site: str) -> Product:
    """Give the pages at old addresses; `site` is the state of what all pages share."""
    names = former_names(archive)
    titles = [(each.key, each.title) for each in holdings.episodes(archive)]
    shows = [(each.slug, each.title) for each in archive.shows()]
    digest = hashlib.sha256(repr((site, names, titles, shows)).encode()).hexdigest()
    return Product("moved", digest, partial(_pages, app, archive, names))


def _pages(app: Frozen, archive: Archive, names: FormerNames) -> Iterator[tuple[str, Content]]:
    for old, new in sorted(names.shows.items()):
        if old not in archive.folders():
            yield lead(app, show_page("", old), show_page("", new), archive.show(new).title)
    public = holdings.public_keys(archive)
    for old in sorted(_former_keys(names, public)):
        with contextlib.suppress(RadioError):  # what has that name now, or was withdrawn
            key = episode_at(archive, old)
            if key in public:
                title = archive.episode(key).title
                yield lead(app, episode_page("", old), episode_page("", key), title)


def _former_keys(names: FormerNames, public: Set[str]) -> Set[str]:
    """Name the keys that episodes had, those under a former name of their show too."""
    known = {*names.episodes, *public}
    within = {
        f"{old}/{key.partition('/')[2]}"
        for old, new in names.shows.items()
        for key in known
        if key.startswith(f"{new}/")
    }
    return {*names.episodes, *within}
