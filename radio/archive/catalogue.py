"""What there is to hear: by show, year, person and tag, and what lies before and after it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from radio.archive import holdings
from radio.archive.archive import Archive
from radio.archive.episode import Episode, Show
from radio.archive.slugs import slugify


@dataclass(frozen=True)
class Stock:
    """What listeners may hear, with how many episodes of each."""

    number: int  # of episodes
    size: int  # bytes of their recordings
    shows: tuple[tuple[Show, int], ...]  # all shows, by title
    years: tuple[tuple[int, int], ...]  # the newest first
    people: tuple[tuple[str, int], ...]  # by name
    tags: tuple[tuple[str, int], ...]


def take_stock(archive: Archive) -> Stock:
    """Count the public episodes."""
    episodes = holdings.episodes(archive)
    shows = Counter(each.show for each in episodes)
    years = Counter(each.date.year for each in episodes)
    people = Counter(name for each in episodes for name in each.names)
    tags = Counter(tag for each in episodes for tag in set(each.tags))
    return Stock(
        number=len(episodes),
        size=size_of(episodes),
        shows=tuple((show, shows[show.slug]) for show in archive.shows()),
        years=tuple(sorted(years.items(), reverse=True)),
        people=_by_name(people),
        tags=_by_name(tags),
    )


def without_text(archive: Archive, show: str | None = None) -> int:
    """Count the public episodes, perhaps of one show, if none of them has words to search yet."""
    episodes = holdings.episodes(archive, show)
    has_words = any(archive.holds(archive.vtt_path(each.key)) for each in episodes)
    return 0 if has_words else len(episodes)


def size_of(episodes: Iterable[Episode]) -> int:
    """Tell the size of some recordings in bytes, beside which that of their texts is nothing."""
    return sum(episode.audio.size for episode in episodes)


def neighbours(archive: Archive, episode: Episode) -> tuple[Episode | None, Episode | None]:
    """Give the public episode of the show before a public one, and the one after it."""
    episodes = [None, *reversed(holdings.episodes(archive, episode.show)), None]
    place = next(i for i, each in enumerate(episodes) if each and each.slug == episode.slug)
    return episodes[place - 1], episodes[place + 1]


def _by_name(counts: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda pair: slugify(pair[0])))
