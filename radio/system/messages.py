"""What is said to people: French as in the source, or English by gettext; click's own texts are
English, or French by `translations/fr/LC_MESSAGES/click.po`. The system's locales may be missing,
so they are not used. A message remembers what it was made of: `_` says it again in another
language, `as_data` and `from_data` carry it through a file."""

import datetime as dt
import errno
import gettext
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Any

DOMAIN = "radio"
CLICK = "click"
FOLDER = Path(__file__).parent.parent / "translations"
FORMS = {"id": str, "several": str, "number": int, "values": dict}


def language(environment: Mapping[str, str]) -> str:
    """Choose French or English for whoever runs a command, as gettext reads the environment.

    >>> language({"LANG": "fr_FR.UTF-8"}), language({"LANG": "fr_FR", "LC_ALL": "C"})
    ('fr', 'en')
    >>> language({"LANG": "de_DE", "LANGUAGE": "de:fr"})
    'fr'
    >>> language({"LANG": "fr_FR", "LANGUAGE": "en:fr"})
    'en'
    """
    names = (environment.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale = next(filter(None, names), "C").partition(".")[0]
    if locale in ("C", "POSIX"):
        return "en"
    wanted = [each[:2] for each in (environment.get("LANGUAGE") or locale).split(":")]
    return next((each for each in wanted if each in ("fr", "en")), "en")


_own = language(os.environ)
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


class _French(gettext.NullTranslations):
    """The texts of the source; zero and one are singular."""

    def ngettext(self, one: str, several: str, number: int) -> str:
        return one if abs(number) < 2 else several


@lru_cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == "fr":
        return _French()
    return gettext.translation(DOMAIN, FOLDER, [language], fallback=True)


class Message(str):
    """A text in the language in which it was made, and what it was made of."""

    id: str  # in French, as the source has it
    several: str  # the same of more than one, where it counts something; else ""
    number: int
    values: Mapping[str, Any]  # by name, what was filled in


def _(message: str, /, **values: object) -> str:
    """Say a message in the present language, with its values; a `Message` is said again."""
    if isinstance(message, Message):
        return _make(message.id, message.several, message.number, {**message.values, **values})
    return _make(message, "", 0, values) if message else ""


def ngettext(one: str, several: str, number: int, /, **values: object) -> str:
    """Say the singular or the plural of a message likewise."""
    return _make(one, several, number, values)


def _make(one: str, several: str, number: int, values: Mapping[str, object]) -> Message:
    values = {name: _(each) if isinstance(each, Message) else each for name, each in values.items()}
    spoken = _catalogue(_asked.get() or _own)
    text = spoken.ngettext(one, several, number) if several else spoken.gettext(one)
    message = Message(text.format(**values) if values else text)
    message.id, message.several, message.number = one, several, number
    message.values = {name: _free(value) for name, value in values.items()}
    return message


def _free(value: object) -> object:
    """Give an equal value that holds on to nothing, as an error does to its files."""
    if isinstance(value, list | dict):  # of a list of foreign JSON
        return json.loads(json.dumps(value, default=str, skipkeys=True))
    return value if isinstance(value, str | int | float | dt.date | dt.time) else str(value)


def reworded(message: object, old: str, new: str) -> str:
    """Say a message with a word replaced in what was filled in, such as the name of a file."""
    text = str(message)
    if not isinstance(text, Message):
        return text.replace(old, new)
    values = {
        name: each.replace(old, new) if isinstance(each, str) else each
        for name, each in text.values.items()
    }
    return _make(text.id, text.several, text.number, values)


def as_data(text: object) -> object:
    """Give a message as a file has it: for `records.render`. Raises TypeError for another thing."""
    if not isinstance(text, Message):
        return str.__str__(text)
    values = {name: _plain(each) for name, each in text.values.items()}
    return {"said": str(text)} | vars(text) | {"values": values}


def _plain(value: object) -> object:
    if isinstance(value, dt.date | dt.time):
        return str(value)
    return as_data(value) if isinstance(value, str) else value


def from_data(data: Any) -> Any:
    """Say the messages in data read from a file, in the present language; others stay."""
    if isinstance(data, list):
        data[:] = map(from_data, data)
    elif isinstance(data, dict):
        data.update({name: from_data(value) for name, value in data.items()})
        if isinstance(said := data.get("said"), str):
            return _said_again(data, said)
    return data


def _said_again(data: Mapping[str, Any], said: str) -> str:
    made_of = [data.get(name) for name in FORMS]
    if not all(map(isinstance, made_of, FORMS.values())):
        return said
    is_ours = _catalogue("en").gettext(data["id"]) != data["id"]
    try:
        return _make(*made_of) if is_ours else said  # type: ignore[arg-type]
    except (LookupError, TypeError, ValueError):
        return said


SYSTEM = {  # the system's usual errors, by number
    errno.EADDRINUSE: _("Adresse déjà prise"),
    errno.EADDRNOTAVAIL: _("Adresse qui n’est pas de cette machine"),
    errno.EEXIST: _("Le fichier existe déjà"),
    errno.ENAMETOOLONG: _("Nom de fichier trop long"),
    errno.EIO: _("Erreur de lecture ou d’écriture du disque"),
    errno.EISDIR: _("C’est un dossier"),
    errno.ENOSPC: _("Plus de place sur le disque"),
    errno.ENOENT: _("Ni fichier ni dossier de ce nom"),
    errno.ENOTDIR: _("Ce n’est pas un dossier"),
    errno.EPERM: _("Opération interdite"),
    errno.EACCES: _("Accès refusé"),
    errno.EROFS: _("Le disque est en lecture seule"),
}


def reason(error: OSError) -> str:
    """Say why the system refused."""
    known = SYSTEM.get(error.errno or 0)
    return _(known) if known else error.strerror or str(error)


def speak_for_click() -> None:
    """Have click's own words (usage, options) in the same language."""
    os.environ["LANGUAGE"] = _own if _own == "fr" else "C"
    gettext.bindtextdomain(CLICK, str(FOLDER))
    gettext.textdomain(CLICK)
