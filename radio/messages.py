"""What the command says, in the language of whoever runs it: French where the locale is French.

English is the source; `translations/fr/LC_MESSAGES/radio.po` has the French. Nothing is asked of
the system's own locales, which may not be installed. The site has words of its own for visitors;
what it passes on of ours to keepers is in their language (`speak`).
"""

import gettext
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

DOMAIN = "radio"
FOLDER = Path(__file__).parent / "translations"


def languages(environment: Mapping[str, str]) -> list[str]:
    """Give the languages wanted, the first one first, as gettext reads them; none for English.

    >>> languages({"LANG": "fr_FR.UTF-8"}), languages({"LANG": "fr_FR", "LC_ALL": "C"})
    (['fr_FR'], [])
    >>> languages({"LANG": "de_DE", "LANGUAGE": "de:fr"})
    ['de', 'fr']
    >>> languages({"LANG": "fr_FR", "LANGUAGE": "en:fr"})
    []
    """
    names = (environment.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale = next(filter(None, names), "C").partition(".")[0]
    if locale in ("C", "POSIX"):
        return []
    locales = [
        each.partition(".")[0] for each in (environment.get("LANGUAGE") or locale).split(":")
    ]
    english = (at for at, each in enumerate(locales) if each.partition("_")[0] in ("en", "C"))
    return list(filter(None, locales[: next(english, len(locales))]))


_translation = gettext.translation(DOMAIN, FOLDER, languages(os.environ), fallback=True)
_asked: ContextVar[str] = ContextVar("asked", default="")


def speak(language: str) -> None:
    """Speak a language from now on in this thread; with "", that of whoever runs the command."""
    _asked.set(language)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language for a while; "" for what is kept, which is in one language for all."""
    before = _asked.set(language)
    try:
        yield
    finally:
        _asked.reset(before)


@lru_cache
def _catalogue(language: str) -> gettext.NullTranslations:
    wanted = languages({"LANG": language})
    return gettext.translation(DOMAIN, FOLDER, wanted, fallback=True)


def _spoken() -> gettext.NullTranslations:
    language = _asked.get()
    return _catalogue(language) if language else _translation


def _(message: str) -> str:
    """Give a message in the language of whoever runs the command, or is answered."""
    return _spoken().gettext(message) if message else ""


def ngettext(one: str, several: str, number: int) -> str:
    """Give the singular or the plural of a message."""
    return _spoken().ngettext(one, several, number)


def reason(error: OSError) -> str:
    """Say why the system refused, in the language of whoever runs the command."""
    return _(error.strerror) if error.strerror else str(error)


def speak_for_click() -> None:
    """Have click's own words (usage, options) from the same catalogue, in the same language."""
    os.environ["LANGUAGE"] = ":".join(languages(os.environ)) or "C"
    gettext.bindtextdomain(DOMAIN, str(FOLDER))
    gettext.textdomain(DOMAIN)
