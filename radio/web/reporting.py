"""Telling those who answer for an episode, or the site, what is wrong: a letter begun for them.

Where nobody said how to be reached, nothing is offered.
"""

from flask import request
from flask_babel import gettext

from radio.archive import imprint
from radio.archive.episode import Episode, Show
from radio.formats.citation import Citation
from radio.text.transcript import clock
from radio.web import language
from radio.web.addresses import known_url, quoted_address
from radio.web.context import catalogue

LONGEST = 300  # characters of what is quoted


def report(show: Show, episode: Episode, citation: Citation | None = None) -> str:
    """Give where an error in an episode is told: a letter that names it, and second and sentence.

    The lines keep their places: `report.js` writes in the second what is heard now.
    """
    contact = _contact_of(show)
    facts = f"{show.title}, «\u00a0{episode.title}\u00a0», {language.dated(episode.known_date)}"
    place = "" if citation is None or citation.second is None else _place(citation)
    address = citation.address if citation else quoted_address(episode.key)
    subject = gettext("Une erreur dans «\u00a0%(title)s\u00a0»", title=episode.title)
    return _to(contact, subject, [facts, place, address])


def _place(citation: Citation) -> str:
    time, words = clock(citation.second or 0), citation.words[:LONGEST]
    if not words:
        return str(gettext("À %(time)s", time=time))
    return str(gettext("À %(time)s\u00a0: «\u00a0%(words)s\u00a0»", time=time, words=words))


def rebroadcast(show: Show, episode: Episode) -> str:
    """Give where another radio asks for an episode that is not given to everybody."""
    contact, address = _contact_of(show), quoted_address(episode.key)
    subject = gettext("Rediffuser «\u00a0%(title)s\u00a0»", title=episode.title)
    mail = imprint.mail_of(contact)
    return imprint.letter(mail, subject, [address]) if mail else imprint.link_to(contact)


def miss(query: str) -> str:
    """Give where those are told who look for something in vain."""
    subject = gettext("Recherche sans résultat\u00a0: «\u00a0%(query)s\u00a0»", query=query)
    return _to(catalogue().imprint.contact, subject, [])


def trouble(code: int) -> str:
    """Give where a page that fails is told of, with its address."""
    subject = gettext("Erreur %(code)s sur le site", code=code)
    return _to(catalogue().imprint.contact, subject, [f"{known_url()}{request.path}"])


def _contact_of(show: Show) -> str:
    return show.contact if imprint.is_contact(show.contact) else catalogue().imprint.contact


def _to(contact: str, subject: str, facts: list[str]) -> str:
    mail = imprint.mail_of(contact)
    if not mail:
        return imprint.link_to(contact)
    return imprint.letter(mail, subject, [*facts, "", gettext("Ce qui ne va pas\u00a0:"), ""])
