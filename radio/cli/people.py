"""What people asked for: a name replaced, who agreed to be heard, a right of reply."""

import sys
from dataclasses import asdict
from pathlib import Path
from textwrap import shorten
from typing import Any

import click

from radio.actions import protecting
from radio.actions.action import Input
from radio.actions.pseudonym_places import misheard_forms, still_named
from radio.actions.pseudonymising import Replacement, put_pseudonym, unknown_naming
from radio.archive import Archive
from radio.archive.consents import Consent, consents_of
from radio.archive.episode import Episode
from radio.archive.keys import names_of
from radio.archive.protection import PublicReply
from radio.archive.slugs import slugify
from radio.cli.acting import YES, asking, find_all, on_episode, settle, tell_changed, tell_left
from radio.cli.lines import say, warn
from radio.cli.terminal import as_json, confirm, option, say_json, with_archive
from radio.search import Index
from radio.system.disk import read_bytes
from radio.system.errors import ArchiveError, NotFoundError
from radio.system.messages import _
from radio.text.transcript import clock


@click.command("pseudonym")
@with_archive
@click.argument("keys", nargs=-1, metavar=_("CLÉ…"))
@asking(
    Input("name", is_needed=True, metavar=_("NOM")),
    Input("shown", is_needed=True, metavar=_("PSEUDONYME")),
    Input("everywhere", "switch", help=_("Dans tous les épisodes, émissions et thèmes.")),
    Input("forget", "switch", help=_("Ne garder le nom dans aucun historique : rien ne l’annule.")),
    YES,
)
@option(
    "--also",
    _("Une autre forme du nom, remplacée aussi : mal entendue, ou une partie."),
    _("FORME"),
    "forms",
    multiple=True,
)
def pseudonym(
    archive: Archive, keys: tuple[str, ...], name: str, everywhere: bool, sure: bool, **said: Any
) -> None:
    """Remplacer un NOM dans tout ce qui est écrit d’épisodes : textes, titres, personnes,
    mots-clés, versions.

    CLÉ est un épisode, ou une émission avec tous ses épisodes. Accents et majuscules ne comptent
    pas. Ce qui ressemble au nom à l’oreille dans les textes est ensuite listé : donnez ce qui le
    désigne par --also. Les transcriptions à venir remplacent tout cela aussi. L’enregistrement le
    dit toujours : `radio protect redact`.
    """
    if everywhere == bool(keys):
        raise click.UsageError(_("nommez des épisodes, ou --everywhere"))
    asked = Replacement(name, **said)
    found, failures = find_all(archive, keys, shows=True)
    if keys and not found:
        sys.exit(1)
    if asked.forget and not sure:
        confirm(
            _("Remplacer le nom pour toujours, et oublier ce qui a été fait avant à ces épisodes ?")
        )
    changed = put_pseudonym(archive, Index(archive), found, asked)
    tell_changed(len(changed), final=asked.forget)
    for left in still_named(archive, changed, asked.names):
        if left.path:
            warn(_("{path} : pas regardé ; supprimez-le si le nom y est"), path=left.path)
        else:
            warn(_("{key} : son adresse a le nom ; `radio move --rename` la change"), key=left.key)
    tell_left(unknown_naming(archive, found, asked))
    told = _(
        "{key} : lui ressemble à l’oreille : {words} ({count}), comme dans "
        "« {example} » ; --also le remplace"
    )
    for form in misheard_forms(archive, found, name):
        warn(told, **asdict(form))
    sys.exit(1 if failures else 0)


@click.command("consent")
@on_episode(
    *protecting.CONSENT[1:],
    Input("remove", "switch", help=_("Ne rien garder de cette personne ici.")),
)
@click.argument("person", required=False, metavar=_("[PERSONNE]"))
@as_json
def consent(
    archive: Archive,
    episode: Episode,
    person: str | None,
    remove: bool,
    note: str,
    as_json: bool,
    **said: Any,
) -> None:
    """Noter qu’une personne a accepté d’être entendue, ou l’a repris ; sans PERSONNE, lister qui
    l’a fait.

    C’est privé : c’est dans `desk/consents/`, que n’a aucune page, aucun export, sac ou copie.
    """
    names = names_of(archive, episode)
    if person is None:
        if any(said.values()) or note or remove:
            raise click.UsageError(_("nommez la personne"))
        _list_consents(consents_of(archive.root, names), as_json)
    elif remove:
        known = {slugify(each.person): each for each in consents_of(archive.root, names)}
        if slugify(person) not in known:
            told = _("{key} : rien n’est noté de {person}")
            raise NotFoundError(told, key=names[-1], person=person)
        protecting.change_consent(archive, names, None, known[slugify(person)], note=note)
    elif said["given"] or said["withdrawn"]:
        given = protecting.agree(archive, names, Consent(person, **said), note=note)
        _list_consents([given], as_json)
    else:
        raise click.UsageError(_("donnez le jour : --given ou --withdrawn"))


def _list_consents(found: list[Consent], as_json: bool) -> None:
    if as_json:
        say_json([asdict(each) for each in found])
        return
    for each in found:
        given = _("a accepté le {day}", day=each.given or "?")
        taken = _("l’a repris le {day}", day=each.withdrawn) if each.withdrawn else ""
        say("  ".join(filter(None, (each.person, given, taken, " ".join(each.terms.split())))))


@click.command("reply")
@on_episode(
    *protecting.REPLY[1:],
    Input("remove", "switch", help=_("Ôter la réponse de ce numéro.")),
)
@option(
    "--text",
    _("Le texte de la réponse, en UTF-8 ; « - » le lit au clavier ou d’un tube."),
    _("FICHIER"),
    "source",
)
@option(
    "--number",
    _("Quelle réponse elle remplace, comptée comme dans la liste."),
    _("NUMÉRO"),
    type=int,
    default=0,
)
def reply(
    archive: Archive,
    episode: Episode,
    source: str | None,
    number: int,
    remove: bool,
    note: str,
    **said: Any,
) -> None:
    """Montrer un droit de réponse avec un épisode : sur sa page, dans les flux, les lecteurs et les
    téléchargements.

    Sans --text, la commande liste les réponses qui s’y trouvent, avec leurs numéros.
    """
    if remove and (source or not number):
        raise click.UsageError(_("--remove demande --number, et pas de --text"))
    if number and not (source or remove):
        raise click.UsageError(_("donnez --text, ou --remove"))
    if not (number or source):
        _list_replies(episode)
        return
    given = PublicReply(_read(source), said["author"], said["at"], said["day"]) if source else None
    old = _reply(episode, number) if number else None
    settle(archive, protecting.reply(archive, [episode.key], old=old, given=given, note=note))


def _reply(episode: Episode, number: int) -> PublicReply:
    known = episode.protection.replies
    if not 0 < number <= len(known):
        told = _("{key} : pas de réponse {number} ; `radio protect reply {key}` les liste")
        raise ArchiveError(told, key=episode.key, number=number)
    return known[number - 1]


def _list_replies(episode: Episode) -> None:
    for number, each in enumerate(episode.protection.replies, 1):
        at = clock(each.at) if each.at is not None else ""
        words = shorten(each.text, 60, placeholder="…")
        say("  ".join(filter(None, (str(number), each.day, each.author, at, words))))


def _read(source: str) -> str:
    content = sys.stdin.buffer.read() if source == "-" else read_bytes(Path(source).resolve())
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ArchiveError(
            _("{where} : pas de l’UTF-8 ; enregistrez le fichier en UTF-8"), where=source
        ) from error
