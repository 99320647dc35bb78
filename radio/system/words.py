"""What books and reports say: in French, else in English."""

from dataclasses import dataclass

from radio.system.messages import _, ngettext, speaking

LANGUAGES = ("fr", "en")


@dataclass(frozen=True)
class Words:
    """What is said in one of LANGUAGES."""

    language: str

    def say(self, text: str, **values: object) -> str:
        """Say a text of the catalogue in this language, with its values."""
        with speaking(self.language):
            return str.__str__(_(text, **values))

    def count(self, one: str, several: str, number: int) -> str:
        """Say the singular or the plural of a text, with the number `n`."""
        with speaking(self.language):
            return str.__str__(ngettext(one, several, number, n=number))

    def lasting(self, seconds: float) -> str:
        """Write a duration as people say it."""
        hours, minutes = divmod(max(1, round(seconds / 60)), 60)
        return f"{hours} h {minutes:02d}" if hours else f"{minutes} min"


def words_of(language: str) -> Words:
    """Give the words for a language: French, or English for all others.

    >>> words_of("fr-CA").say("Couverture"), words_of("de").say("Couverture")
    ('Couverture', 'Cover')
    """
    return Words("fr" if language.lower().startswith("fr") else "en")
