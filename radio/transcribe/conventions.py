"""How a show has words written: numbers, hours and acronyms in one way.

Applied where a text is made of the machine's words. The evidence keeps them as they were heard, and
a text by a person is never touched.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from radio.archive.episode import Episode, Show
from radio.archive.glossary import names
from radio.text.transcript import Word
from radio.transcribe.acronyms import find_acronyms, write_acronyms
from radio.transcribe.figures import write_numbers


@dataclass(frozen=True)
class Conventions:
    """What a show has written in its own way; nothing, without more."""

    numbers: bool = False  # as French typography has them
    listed: frozenset[str] = frozenset()  # acronyms of the glossary
    seen: frozenset[str] = frozenset()  # acronyms of the catalogue

    def write(self, words: Sequence[Word]) -> list[Word]:
        """Write words that were heard; one that stands for several lasts as long as they do."""
        if self.listed or self.seen:
            words = write_acronyms(words, self.listed, self.seen)
        return write_numbers(words) if self.numbers else list(words)


def conventions(show: Show, episode: Episode) -> Conventions:
    """Tell the conventions for an episode; there are none but for French."""
    if show.language_of(episode).lower().partition("-")[0] != "fr":
        return Conventions()
    catalogue = (
        *(show.title, show.station, show.author, show.description),
        *(episode.title, episode.description, *episode.tags),
        *(person.name for person in episode.people),
    )
    return Conventions(
        show.numbers == "convention", find_acronyms(names(show.glossary)), find_acronyms(catalogue)
    )
