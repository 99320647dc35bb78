"""The archive as listeners see it: who may hear what, today."""

import contextlib
import logging
from dataclasses import dataclass
from typing import cast

from flask import current_app, g
from flask_babel import force_locale, gettext
from werkzeug.exceptions import Gone

from radio.archive import Archive, holdings, imprint
from radio.archive.episode import Episode, Show
from radio.archive.imprint import Imprint
from radio.mirror.origin import Origin, about
from radio.search import Index
from radio.search.sense.guesses import Sense
from radio.system.errors import ArchiveError, NotFoundError, RadioError, WithdrawnError, warned

log = logging.getLogger(__name__)


class Departed(Gone):
    """An episode or a show that listeners may no longer have: why, since when, until when."""

    def __init__(self, error: WithdrawnError):
        super().__init__(str(error))
        self.since, self.until = error.since, error.until


@dataclass(frozen=True)
class Catalogue:
    """What every view needs: the archive and its index, and what guesses by sense."""

    archive: Archive
    index: Index
    sense: Sense

    def episode(self, key: str) -> Episode:
        """Read an episode that listeners may hear, and note whether search engines may list it.
        Raises Departed if it was withdrawn, NotFoundError if it isn't there (yet) or readable."""
        try:
            found = holdings.episode(self.archive, key)
        except WithdrawnError as error:
            raise Departed(error) from error
        except NotFoundError:
            raise
        except ArchiveError as error:
            log.warning("%s", error)
            raise NotFoundError(f"{key}: can't be read") from error
        g.unindexed = found.protection.noindex
        return found

    @property
    def origin(self) -> Origin | None:
        """Tell of which instance this is a copy. If the note can't be read, the page names none."""
        with warned():
            return about(self.archive.root)
        return None

    @property
    def imprint(self) -> Imprint:
        """Tell what the site says of itself."""
        return imprint.about(self.archive.root)


def shows() -> list[Show]:
    """List the shows by title; an answer looks at them once."""
    if "shows" not in g:
        g.shows = catalogue().archive.shows()
    return cast(list[Show], g.shows)


def site_name() -> str:
    """Name the site as it says itself; else by its station, where all its shows are of one."""
    if name := catalogue().imprint.name:
        return name
    stations = {show.station for show in shows()}
    if len(stations) == 1 and (station := stations.pop()):
        return str(gettext("%(station)s, les archives", station=station))
    return str(gettext("Archives sonores"))


def plain_name() -> str:
    """Name the site in French, for what is the same for everybody."""
    with force_locale("fr"):
        return site_name()


def catalogue() -> Catalogue:
    """Give the catalogue of the site that answers this request."""
    return cast(Catalogue, current_app.extensions["radio"])


def listed(key: str) -> Episode:
    """Read an episode that a page names, whoever may hear it; an answer looks at each once."""
    known: dict[str, Episode] = g.setdefault("listed", {})
    if key not in known:
        known[key] = catalogue().archive.episode(key)
    return known[key]


def known_date(key: str) -> str:
    """Tell what is known of the date of an episode that was found."""
    with contextlib.suppress(RadioError):  # deleted since it was found
        return listed(key).known_date
    return ""
