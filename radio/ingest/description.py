"""What a source says of a recording, before it is taken. Every source (a folder, a feed, a site)
gives arrivals; `plan` lists them; `files` takes them."""

import dataclasses
import datetime as dt
from dataclasses import dataclass

from radio.archive.episode import Link, Person, Soundbite
from radio.archive.slugs import known_part
from radio.french.dates import first_day
from radio.text.chapters import Chapter


@dataclass(frozen=True)
class Day:
    """A date, how much of it is known, and whether anybody said it."""

    date: dt.date  # the first day of the month or of the year where no more is known
    precision: str = "day"  # or month, or year
    is_sure: bool = True  # said by a person, a name, tags or a site; else it is a guess

    @property
    def known(self) -> str:
        """What is known of it, as an ISO date."""
        return known_part(self.date, self.precision)

    @classmethod
    def of(cls, parts: tuple[int, int, int]) -> "Day":
        """Make one of a year, a month and a day, 0 if not known. Raises ValueError."""
        date, precision = first_day(*parts)
        return cls(date, precision)


@dataclass(frozen=True)
class Description:
    """What is known of a recording before it is heard; what is empty is asked of its tags."""

    title: str = ""
    day: Day | None = None
    text: str = ""  # Markdown, safe to show
    language: str = ""
    people: tuple[Person, ...] = ()
    producers: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    soundbites: tuple[Soundbite, ...] = ()
    season: int | None = None
    number: int | None = None
    url: str = ""  # of the audio, where it was fetched
    page: str = ""  # of the article, or of the feed, that offered it
    guid: str = ""  # what it is called there
    is_draft: bool = False  # whether it waits for a keeper to publish it
    settled: tuple[str, ...] = ()  # names of fields that are so, be they empty

    def completed(self, other: "Description") -> "Description":
        """Take from another what this one does not say."""
        fields = {each.name: getattr(self, each.name) for each in dataclasses.fields(self)}
        said = {name: value for name, value in fields.items() if value or name in self.settled}
        return dataclasses.replace(other, **said)


NOTHING = Description()


@dataclass(frozen=True)
class Arrival:
    """A recording at a source, which may become an episode."""

    place: str  # the path of a file, or the address of the audio
    name: str  # of the file, as the source has it
    said: Description = NOTHING
    size: int = 0  # bytes, where it is known
    picture: str = ""  # address
    texts: tuple[str, ...] = ()  # addresses of transcripts, the best first
    chapters: str = ""  # address of chapters as JSON
    sha256: str = ""  # of the audio, where its source tells it
    is_page: bool = False  # whether `place` is a page, that tells the address of the audio
