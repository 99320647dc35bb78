"""What is given to a command: keys and shows, or the nearest ones; the address for listeners."""

import difflib
import os
from urllib.parse import quote, urlsplit

from radio.archive import Archive
from radio.archive.episode import Episode
from radio.archive.slugs import slugify
from radio.mirror.client import read_address
from radio.system.errors import ArchiveError, NotFoundError, RadioError
from radio.system.messages import _

NEW_SHOW = _('`radio init --show mon-emission --title "Mon émission"`')
Several = tuple[str, ...]  # what may be given more than once
CLOSE = 0.5  # likeness, 0 to 1, from which on a name may be the one that was meant


def find_episode(archive: Archive, key: str) -> Episode:
    """Read an episode. Raises NotFoundError with the nearest key, ArchiveError if unreadable."""
    try:
        return archive.episode(key)
    except NotFoundError as error:
        slugs = {each.slug: each.key for each in archive.episodes()}
        near = difflib.get_close_matches(slugify(key.rpartition("/")[2]), slugs, 1, CLOSE)
        if near:
            message = _(
                "{key} : pas d’épisode de ce nom ; est-ce {near} ? `radio list` les liste tous"
            )
            raise NotFoundError(message, key=key, near=slugs[near[0]]) from error
        message = _(
            "{key} : pas d’épisode de ce nom ; une clé s’écrit ÉMISSION/ÉPISODE, voir `radio list`"
        )
        raise NotFoundError(message, key=key or repr(key)) from error


def require_show(archive: Archive, slug: str) -> str:
    """Return the name of a show. Raises NotFoundError with the nearest one and all others."""
    slugs = sorted(show.slug for show in archive.shows())
    if slug in slugs:
        return slug
    near = difflib.get_close_matches(slugify(slug), slugs, 1, CLOSE)
    names = ", ".join(slugs) or _("aucune pour l’instant, voir `radio init --help`")
    if near:
        message = _(
            "{slug} : pas d’émission de ce nom ; est-ce {near} ? (les émissions : {listed})"
        )
        raise NotFoundError(message, slug=slug, near=near[0], listed=names)
    message = _("{slug} : pas d’émission de ce nom (les émissions : {listed})")
    raise NotFoundError(message, slug=slug or repr(slug), listed=names)


def only_show(archive: Archive) -> str:
    """Give the only show of an archive. Raises ArchiveError if there are several or none."""
    slugs = [show.slug for show in archive.shows()]
    if not slugs:
        message = _(
            "quelle émission ? il n’y en a pas encore ; {example} en crée une : son nom dans "
            "les adresses (lettres a-z, chiffres, traits d’union), puis son titre"
        )
        raise ArchiveError(message, example=NEW_SHOW)
    if len(slugs) > 1:
        message = _("quelle émission ? écrivez l’une de celles-ci après --show : {listed}")
        raise ArchiveError(message, listed=", ".join(slugs))
    return slugs[0]


def public_address() -> str:
    """Read RADIO_BASE_URL; empty if unset. Raises RadioError if it is no plain address."""
    text = os.environ.get("RADIO_BASE_URL", "").strip()
    if not text:
        return ""
    try:
        address = read_address(text)
    except RadioError as error:
        raise RadioError(_("RADIO_BASE_URL : {error}"), error=error) from error
    path = urlsplit(address).path
    if "%" in path or "//" in path or path != quote(path):
        message = _("RADIO_BASE_URL : {text} : écrivez son chemin en lettres, chiffres et tirets")
        raise RadioError(message, text=text)
    return address
