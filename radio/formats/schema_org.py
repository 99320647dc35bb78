"""What an episode is, for machines: JSON-LD in the words of https://schema.org. Pure."""

from collections.abc import Iterable
from typing import Any

from radio.archive.episode import Episode, Show
from radio.formats import addresses
from radio.formats.markdown import plain


def describe(
    show: Show, episode: Episode, base_url: str, transcribed: bool, original: str = ""
) -> dict[str, Any]:
    """Describe an episode; `base_url` is the site's own address, without a slash at its end.

    A copy names the episode as the `original` site does.
    """
    return _filled(
        {
            "@context": "https://schema.org",
            "@type": ["RadioEpisode", "PodcastEpisode"],
            "@id": addresses.episode_page(original or base_url, episode.key),
            "url": addresses.episode_page(base_url, episode.key),
            "name": episode.title,
            "description": plain(episode.description),
            "datePublished": episode.known_date,
            "inLanguage": show.language_of(episode),
            "keywords": list(episode.tags),
            "contributor": [{"@type": "Person", "name": each.name} for each in episode.people],
            "producer": _organizations(show.producers_of(episode)),
            "license": show.license,
            "publisher": {"@type": "Organization", "name": show.station} if show.station else None,
            "partOfSeries": _series(show, base_url),
            "associatedMedia": _audio(episode, base_url, transcribed),
        }
    )


def _series(show: Show, base_url: str) -> dict[str, Any]:
    return _filled(
        {
            "@type": ["RadioSeries", "PodcastSeries"],
            "name": show.title,
            "producer": _organizations(show.producers),
            "url": addresses.show_page(base_url, show.slug),
            "webFeed": addresses.show_feed(base_url, show.slug),
        }
    )


def _organizations(names: Iterable[str]) -> list[dict[str, str]]:
    return [{"@type": "Organization", "name": name} for name in names]


def _audio(episode: Episode, base_url: str, transcribed: bool) -> dict[str, Any]:
    said = {
        "transcript": addresses.transcript(base_url, episode.key, "txt"),
        "caption": addresses.transcript(base_url, episode.key, "vtt"),
    }
    return _filled(
        {
            "@type": "AudioObject",
            "contentUrl": addresses.listening(base_url, episode),
            "encodingFormat": episode.audio.mime,
            "contentSize": str(episode.audio.size),
            "sha256": episode.audio.sha256,
            "duration": _iso(episode.audio.duration),
            **(said if transcribed else {}),
        }
    )


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
