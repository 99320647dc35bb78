"""The site as files: `export` writes its pages, `lexicon` the words for its search."""

from collections.abc import Sequence

from radio.archive import Archive
from radio.derived.recipe import Making, Recipe


def _make(archive: Archive, keys: Sequence[str], making: Making) -> None:
    """Bring the pages up to date; only the process that does so loads the site."""
    from radio.static_site.export import freeze

    making.each(keys, lambda _: freeze(archive, archive.site, making.progress))


PAGES = Recipe("pages", lambda _: [""], _make, of_all=True, share=0.1)
