"""The recordings of a site that Podlove Publisher keeps: WordPress' own posts don't name them.

https://docs.podlove.org/podlove-publisher/api/
"""

import logging
from typing import Any

from radio.ingest.articles import Article
from radio.ingest.rest import Api
from radio.ingest.sound import LinkedSound, distinct, whole
from radio.system.errors import RadioError
from radio.system.messages import _

EPISODES = "podlove/v2/episodes"
KIND = "podcast"  # the type of its posts
MOST = 2000  # episodes

log = logging.getLogger(__name__)


def recordings(api: Api, articles: list[Article]) -> dict[int, tuple[LinkedSound, ...]]:
    """Give the recordings of the posts that have none of their own, by the numbers of the posts."""
    wanted = {each.number_there for each in articles if each.kind == KIND and not each.sounds}
    found: dict[int, tuple[LinkedSound, ...]] = {}
    for number in _numbers(api) if wanted else ():
        try:
            about = api.value(f"{EPISODES}/{number}")
        except RadioError as error:
            log.warning("%s", error)
            continue
        post = _number(about.get("post_id"))
        if post in wanted:
            found[post] = _sounds(about.get("audio"))
    return found


def _numbers(api: Api) -> list[int]:
    try:
        results = api.value(EPISODES).get("results")
    except RadioError as error:
        log.warning(_("%s; the posts alone are read"), error)
        return []
    listed = results[:MOST] if isinstance(results, list) else []
    return [
        number for each in listed if isinstance(each, dict) and (number := _number(each.get("id")))
    ]


def _number(value: Any) -> int:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _sounds(files: Any) -> tuple[LinkedSound, ...]:
    """Give the one recording that an episode has in several formats."""
    listed = files if isinstance(files, list) else []
    places = [whole(str(each.get("url", ""))) for each in listed if isinstance(each, dict)]
    return tuple(distinct(LinkedSound(place, player=0) for place in places if place))
