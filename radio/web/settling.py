"""What follows at once when a keeper has changed episodes: search, and what was made of them."""

from radio import caches, holdings
from radio.web.context import catalogue


def settle() -> None:
    """Let the search follow, and what was made of episodes that listeners may have no longer."""
    archive = catalogue().archive
    catalogue().index.refresh()
    caches.forget(archive, holdings.stamps(archive).keys())
