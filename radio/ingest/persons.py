"""People, as tags and names of files list them. Pure."""

import re
from collections.abc import Iterable

from radio.archive.episode import Person
from radio.french.letters import plain_letters

MOST_WORDS = 4  # of a name
_BETWEEN = re.compile(r"\s*[;/|]\s*|\s*,\s+|\s+&\s+|\s+(?:et|and|feat\.?|ft\.?|avec|with)\s+|\0")
_SMALL = r"(?:de|du|des|la|le|d'|d’|von|van|el|ben)"
_NAME = (
    rf"(?:(?:{_SMALL} ?)?[^\W\d_a-zà-ÿ][\w’'.-]*)(?: (?:{_SMALL} ?)?[^\W\d_a-zà-ÿ][\w’'.-]*){{0,3}}"
)
_WITH = re.compile(rf"\b[Aa]vec ({_NAME}(?:(?:, | et | & ){_NAME})*)(?=\s*(?:$|[-–.,;:()\[\]\0]))")
_ROLE = re.compile(r"(?P<name>[^()]+?)\s*\((?P<role>[^()]{2,40})\)")
_NOBODY = re.compile(
    r"(?:artiste?s? ?)?(?:inconnue?s?|unknown(?: artist)?|n/?a|none|various(?: artists)?|divers|"
    r"artistes? divers|audacity|lame|admin|user|utilisateur|.*@.*|https?:.*|www\..*)|\W*"
)


def split_people(texts: Iterable[str], names: re.Pattern[str]) -> tuple[Person, ...]:
    """Make people of « Camille ; Zoé (invitée) »; a show and its station are none.

    >>> [each.name for each in split_people(["avec Anna, Léa Roux et Zoé"], re.compile("lmad"))]
    ['Anna', 'Léa Roux', 'Zoé']
    """
    parts = (part for text in texts for part in _parts(" ".join(text.split())))
    people = (read_person(part) for part in parts if _is_somebody(part, names))
    return tuple(dict.fromkeys(people))


def people_in(title: str) -> tuple[Person, ...]:
    """Find those whom a title names with « avec ».

    >>> people_in("Vivre avec les puces"), people_in("Les puces (avec Zoé)")
    ((), (Person(name='Zoé', role=''),))
    """
    match = _WITH.search(title)
    return tuple(Person(each) for each in re.split(r", | et | & ", match[1])) if match else ()


def _parts(text: str) -> list[str]:
    """Cut a list where names are joined; a word in small letters is no name."""
    text = re.sub(r"^(?:avec|with)\s+", "", text, flags=re.IGNORECASE)
    parts = [each.strip(" ,") for each in _BETWEEN.split(text)]
    parts = [each for each in parts if each]
    are_names = all(each[0].isupper() or not each[0].isalpha() for each in parts)
    return parts if are_names else [part for part in re.split(r"\s*[;/|\0]\s*", text) if part]


def _is_somebody(text: str, names: re.Pattern[str]) -> bool:
    plain = plain_letters(text).strip()
    return not _NOBODY.fullmatch(plain) and not names.fullmatch(plain)


def read_person(text: str) -> Person:
    """Read « Zoé (invitée) »."""
    match = _ROLE.fullmatch(text)
    return Person(match["name"], match["role"].strip()) if match else Person(text)
