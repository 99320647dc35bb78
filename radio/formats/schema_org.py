"""What an episode is, for machines: JSON-LD in the words of https://schema.org. Pure."""

from typing import Any

from radio.episode import Episode, Show


def describe(
    show: Show, episode: Episode, base_url: str, transcribed: bool, original: str = ""
) -> dict[str, Any]:
    """Describe an episode; `base_url` is the site's own address, without a slash at its end.

    A copy names the episode as the `original` site does.
    """
    page = f"{base_url}/shows/{episode.key}"
    audio = {
        "@type": "AudioObject",
        "contentUrl": f"{base_url}/media/{episode.show}/{episode.audio.file}",
        "encodingFormat": episode.audio.mime,
        "contentSize": str(episode.audio.size),
        "sha256": episode.audio.sha256,
        "duration": _iso(episode.audio.duration),
        "transcript": f"{base_url}/transcripts/{episode.key}.txt" if transcribed else "",
        "caption": f"{base_url}/transcripts/{episode.key}.vtt" if transcribed else "",
    }
    series = {
        "@type": ["RadioSeries", "PodcastSeries"],
        "name": show.title,
        "url": f"{base_url}/shows/{show.slug}/",
        "webFeed": f"{base_url}/shows/{show.slug}/feed.xml",
    }
    described = {
        "@context": "https://schema.org",
        "@type": ["RadioEpisode", "PodcastEpisode"],
        "@id": f"{original or base_url}/shows/{episode.key}",
        "url": page,
        "name": episode.title,
        "description": episode.description,
        "datePublished": episode.date.isoformat(),
        "inLanguage": episode.language or show.language,
        "keywords": list(episode.tags),
        "contributor": [{"@type": "Person", "name": each.name} for each in episode.people],
        "license": show.license,
        "publisher": {"@type": "Organization", "name": show.station} if show.station else None,
        "partOfSeries": series,
        "associatedMedia": {name: value for name, value in audio.items() if value},
    }
    return {name: value for name, value in described.items() if value}


def _iso(seconds: float) -> str:
    """Write a duration as ISO 8601 does.

    >>> _iso(3754.2)
    'PT1H2M34S'
    """
    minutes, second = divmod(round(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"PT{hours}H{minute}M{second}S"
