"""What books and reports say: in French, else in English as the catalogue of the site has it."""

import gettext
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import radio

CATALOGUES = Path(radio.__file__).parent / "web" / "translations"
LANGUAGES = ("fr", "en")


@dataclass(frozen=True)
class Words:
    """What is said in one of LANGUAGES."""

    language: str

    def say(self, text: str, **values: object) -> str:
        """Say a text of the catalogue in this language, with its values."""
        return _catalogue(self.language).gettext(text).format(**values)

    def lasting(self, seconds: float) -> str:
        """Write a duration as people say it."""
        hours, minutes = divmod(max(1, round(seconds / 60)), 60)
        return f"{hours} h {minutes:02d}" if hours else f"{minutes} min"


@lru_cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("messages", CATALOGUES, [language], fallback=True)


def words_of(language: str) -> Words:
    """Give the words for a language: French, or English for all others.

    >>> words_of("fr-CA").say("Couverture"), words_of("de").say("Couverture")
    ('Couverture', 'Cover')
    """
    return Words("fr" if language.lower().startswith("fr") else "en")
