"""What an episode is, for machines: JSON-LD in the words of https://schema.org. Pure."""

from collections.abc import Iterable
from typing import Any

from radio.archive.episode import Episode, Show
from radio.formats import addresses
from radio.formats.markdown import plain


def describe(
    show: Show, episode: Episode, base_url: str, transcribed: bool, original: str = ""
) -> dict[str, Any]:
    """Describe an episode of the site `base_url`; a copy names it as the `original` site does."""
    series = {
        "@type": ["RadioSeries", "PodcastSeries"],
        "name": show.title,
        "producer": _named("Organization", show.producers),
        "url": addresses.show_page(base_url, show.slug),
        "webFeed": addresses.show_feed(base_url, show.slug),
    }
    sound = {
        "@type": "AudioObject",
        "contentUrl": addresses.listening(base_url, episode),
        "encodingFormat": episode.audio.mime,
        "contentSize": str(episode.audio.size),
        "sha256": episode.audio.sha256,
        "duration": _iso(episode.audio.duration),
    }
    if transcribed:
        sound["transcript"] = addresses.transcript(base_url, episode.key, "txt")
        sound["caption"] = addresses.transcript(base_url, episode.key, "vtt")
    spoken = show.languages_of(episode)
    return _filled(
        {
            "@context": "https://schema.org",
            "@type": ["RadioEpisode", "PodcastEpisode"],
            "@id": addresses.episode_page(original or base_url, episode.key),
            "url": addresses.episode_page(base_url, episode.key),
            "name": episode.title,
            "description": plain(episode.description),
            "datePublished": episode.known_date,
            "inLanguage": list(spoken) if len(spoken) > 1 else spoken[0],
            "keywords": list(episode.tags),
            "contributor": _named("Person", [each.name for each in episode.people]),
            "producer": _named("Organization", show.producers_of(episode)),
            "license": show.license,
            "publisher": {"@type": "Organization", "name": show.station} if show.station else None,
            "partOfSeries": _filled(series),
            "associatedMedia": _filled(sound),
        }
    )


def _named(kind: str, names: Iterable[str]) -> list[dict[str, str]]:
    return [{"@type": kind, "name": name} for name in names]


def _filled(described: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in described.items() if value}


def _iso(seconds: float) -> str:
    """Write a duration as ISO 8601 does.

    >>> _iso(3754.2)
    'PT1H2M34S'
    """
    minutes, second = divmod(round(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"PT{hours}H{minute}M{second}S"
