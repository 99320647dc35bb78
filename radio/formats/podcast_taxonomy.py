"""Roles, which sidecars name freely in French or English, in the Podcast Taxonomy; categories of
podcast directories. `podcast_taxonomy.toml` has both."""

import tomllib
from importlib import resources

from radio.archive.slugs import slugify

_TABLES = tomllib.loads(
    resources.files("radio.formats").joinpath("podcast_taxonomy.toml").read_text("utf-8")
)
ROLES: list[tuple[str, str, str, str]] = [tuple(each) for each in _TABLES["roles"]]
WORDS = {role.lower(): word for _, role, word, _ in ROLES if word}
CATEGORIES: dict[str, list[str]] = _TABLES["categories"]
DEFAULT = "Society & Culture"
PLACES = {parent.lower(): (parent, "") for parent in CATEGORIES}
for parent, children in CATEGORIES.items():
    PLACES |= {child.lower(): (parent, child) for child in children}


def find_role(text: str) -> dict[str, str]:
    """Name a role as the taxonomy does; one that it doesn't know stays as it is written.

    >>> find_role("Invitée"), find_role("montage et mixage")
    ({'group': 'Cast', 'role': 'Guest'}, {'group': 'Audio Post-Production', 'role': 'Audio Editor'})
    >>> find_role("bricole"), find_role("")
    ({'role': 'bricole'}, {})
    """
    slug = slugify(text)
    for group, role, _, beginnings in ROLES:
        if slug.startswith(tuple(beginnings.split())):
            return {"group": group, "role": role}
    return {"role": text} if slug else {}


def word_of(role: str) -> str:
    """Give our word for a role of the taxonomy; any other stays as it is written.

    >>> word_of("Host"), word_of("bricole")
    ('présentation', 'bricole')
    """
    return WORDS.get(role.strip().lower(), role)


def find_category(text: str) -> tuple[str, str]:
    """Find a category and, where that is meant, its part; the default where it is none.

    >>> find_category("news"), find_category("News > Politics"), find_category("Politics")
    (('News', ''), ('News', 'Politics'), ('News', 'Politics'))
    >>> find_category("Contre la surveillance"), find_category("")
    (('Society & Culture', ''), ('Society & Culture', ''))
    """
    name = text.rpartition(">")[2].strip().lower()
    return PLACES.get(name, (DEFAULT, ""))
