"""The addresses of a site, as `web/views` answers them, for feeds, lists, records and tags. Pure.
No slash ends `base_url`, the public address of the site."""

from pathlib import PurePath
from typing import Literal

from radio.archive.dossier import Kind, Subject
from radio.archive.episode import Episode, Show

SEARCH, SEARCH_FEED = "/search", "/search.xml"  # what is searched follows as `?q=`
ICON = "/static/icon.svg"
TERMS = "/about"  # the page that says under which terms recordings are given
Room = Literal["people", "themes", "threads"]
ROOMS: dict[Kind, Room] = {"person": "people", "theme": "themes", "thread": "threads"}
SQUARE = 1400  # pixels of a cover that is drawn: the least that directories take


def show_page(base_url: str, show: str) -> str:
    """Give the address of the page of a show, by its slug."""
    return f"{base_url}/shows/{show}/"


def show_feed(base_url: str, show: str) -> str:
    """Give the address of the feed of a show."""
    return f"{show_page(base_url, show)}feed.xml"


def publisher_feed(base_url: str) -> str:
    """Give the address of the list of shows, as podcast programs take it from a publisher."""
    return f"{base_url}/publisher.xml"


def episode_page(base_url: str, key: str) -> str:
    """Give the address of the page of an episode."""
    return f"{base_url}/shows/{key}"


def dossier_page(base_url: str, subject: Subject) -> str:
    """Give the address of the dossier of a person or a theme, or of a thread."""
    return f"{base_url}/{ROOMS[subject.kind]}/{subject.slug}"


def recording(base_url: str, episode: Episode) -> str:
    """Give the address of the audio of an episode, as it was received."""
    return f"{base_url}/media/{episode.show}/{episode.audio.file}"


def listening(base_url: str, episode: Episode) -> str:
    """Give where the audio of an episode is heard; nothing where its rights allow that nowhere."""
    return recording(base_url, episode) if episode.rights.allows("listen") else ""


def transcript(base_url: str, key: str, form: str) -> str:
    """Give the address of what is said in an episode; `form` is the ending of the file."""
    return f"{base_url}/transcripts/{key}.{form}"


def chapter_list(base_url: str, episode: Episode) -> str:
    """Give the address of the chapters of an episode, for programs that play it."""
    return f"{base_url}/shows/{episode.show}/chapters/{episode.slug}.json"


def cover(base_url: str, show: Show, image: str = "") -> str:
    """Give the address of a picture: of an episode, else of its show, else the one we draw."""
    if image:
        return f"{base_url}/covers/{show.slug}/{image}"
    if show.picture:
        return f"{base_url}/covers/{show.slug}{PurePath(show.picture).suffix}"
    return f"{base_url}/covers/{show.slug}.png?size={SQUARE}"
