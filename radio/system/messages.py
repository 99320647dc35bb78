"""What the command says, in the language of whoever runs it: French where the locale is French.

English is the source; `translations/fr/LC_MESSAGES/radio.po` has the French. Nothing is asked of
the system's own locales, which may not be installed. The site has words of its own for visitors;
what it passes on of ours to keepers is in their language (`speak`).

A message that lasts, be it in a file or in a name of a module, is told to people who speak another
language than whoever met it. So a message knows how it was made, and is said anew whenever `str`,
`format` or an f-string asks for it; `lasting` and `retell` carry it through a file.
"""

import gettext
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Any, SupportsIndex

DOMAIN = "radio"
MADE_OF = {"message": str, "several": str, "number": int, "values": dict | None}
FOLDER = Path(__file__).parent.parent / "translations"


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
    """Speak a language for a while."""
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


class Said(str):
    """A message in the language of the moment, which can be said again in another one."""

    def __new__(cls, text: str, **made_of: Any) -> "Said":
        """Take the text, and what it was made of; what is pickled is given that afterwards."""
        said = super().__new__(cls, text)
        said.__dict__.update(made_of)
        return said

    message: str  # in English, as the source has it
    several: str = ""  # the same of more than one, where it counts something
    number: int = 0  # how many
    values: Mapping[str, Any] | None = None  # by name, what was filled in

    def __str__(self) -> str:
        return self.again()

    def __format__(self, form: str) -> str:
        return format(plain(self.again()), form)

    def again(self) -> "Said":
        """Say it in the language that is spoken now."""
        text = self._pattern()
        if self.values is not None:
            try:
                text = text.format(**self.values)
            except (LookupError, TypeError, ValueError):
                text = plain(self)  # a file tells other values, or in another form
        return Said(text, **self.__dict__)

    def format(self, *places: object, **values: object) -> str:
        """Fill values in, in the language that is spoken now."""
        text = self._pattern().format(*places, **values)
        kept = {name: _untied(value) for name, value in values.items()}
        return Said(text, **self.__dict__ | {"values": kept})

    def replace(self, old: str, new: str, count: SupportsIndex = -1, /) -> str:
        """Replace words, in what was filled in too; a text alone where they stand elsewhere."""
        text, made_of = super().replace(old, new, count), dict(self.__dict__)
        if self.values:
            made_of["values"] = {
                name: value.replace(old, new, count) if isinstance(value, str) else value
                for name, value in self.values.items()
            }
        said = Said(text, **made_of)
        return said if plain(said.again()) == text else text

    @property
    def is_ours(self) -> bool:
        """Whether the French catalogue has it."""
        with speaking("fr"):
            return self._pattern() not in (self.message, self.several)

    def _pattern(self) -> str:
        if self.several:
            return _spoken().ngettext(self.message, self.several, self.number)
        return _spoken().gettext(self.message)


def _untied(value: object) -> object:
    """Give a value that says the same and holds on to nothing, as an error does to its files."""
    if isinstance(value, list | dict | None):  # of a list of foreign JSON
        return json.loads(json.dumps(value, default=str, skipkeys=True))
    return value if isinstance(value, str | int | float) else str(value)


def plain(text: object) -> str:
    """Give a message as its text and nothing more. Raises TypeError for another thing."""
    return str.__str__(text)


def lasting(text: object) -> object:
    """Give a message as a file has it, so that it can be said again: for `records.render`.

    Raises TypeError for another thing.
    """
    if not isinstance(text, Said):
        return plain(text)
    values = text.values and {
        name: lasting(each) if isinstance(each, Said) else each
        for name, each in text.values.items()
    }
    return {"said": plain(text)} | text.__dict__ | {"values": values}


def retell(data: Any) -> Any:
    """Say the messages of a file anew, in the language that is spoken now: for `records.read`.

    What is none of ours stays as it is written there.
    """
    if isinstance(data, list):
        data[:] = map(retell, data)
    elif isinstance(data, dict):
        data.update({name: retell(value) for name, value in data.items()})
        if isinstance(data.get("said"), str) and isinstance(data.get("message"), str):
            made_of = {name: data[name] for name in MADE_OF if name in data}
            if not all(isinstance(made_of[name], MADE_OF[name]) for name in made_of):
                return data["said"]
            said = Said(data["said"], **made_of)
            return said.again() if said.is_ours else plain(said)
    return data


def _(message: str) -> str:
    """Give a message in the language of whoever runs the command, or is answered."""
    if isinstance(message, Said):
        return message.again()
    return Said(_spoken().gettext(message), message=message) if message else ""


def ngettext(one: str, several: str, number: int) -> str:
    """Give the singular or the plural of a message."""
    text = _spoken().ngettext(one, several, number)
    return Said(text, message=one, several=several, number=number)


def reason(error: OSError) -> str:
    """Say why the system refused, in the language of whoever runs the command."""
    return _(error.strerror) if error.strerror else str(error)


def speak_for_click() -> None:
    """Have click's own words (usage, options) from the same catalogue, in the same language."""
    os.environ["LANGUAGE"] = ":".join(languages(os.environ)) or "C"
    gettext.bindtextdomain(DOMAIN, str(FOLDER))
    gettext.textdomain(DOMAIN)
