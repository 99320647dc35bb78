"""Protect people: who may hear episodes, what is taken out, names, agreements, replies."""

from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from textwrap import shorten
from typing import Any

import click

from radio.actions import protecting, redacting
from radio.actions.action import Input, catch_up
from radio.actions.pseudonym_places import misheard_forms, still_named
from radio.actions.pseudonymising import Replacement, put_pseudonym, unknown_naming
from radio.actions.replacing import BetterCopy, CopyHeard, listen, put_in_place, require_other
from radio.actions.trimming import kept_of, widen
from radio.actions.trimming import trim as trim_sound
from radio.archive import Archive
from radio.archive.consents import Consent, consents_of
from radio.archive.episode import Episode
from radio.archive.keys import names_of
from radio.archive.protection import PublicReply
from radio.archive.slugs import slugify
from radio.cli.acting import YES, acting, asking, find_all, on_episode, settle, tell_done, tell_left
from radio.cli.lines import say, say_each, tell, warn
from radio.cli.naming import Several
from radio.cli.terminal import (
    as_json,
    confirm,
    each_of,
    flag,
    option,
    progress_bar,
    read_text,
    with_archive,
)
from radio.search import Index
from radio.sound.borders import Span
from radio.system.errors import ArchiveError, NotFoundError
from radio.system.messages import _
from radio.text.transcript import clock

FOR_EVER = _("Remplacer le nom pour toujours, et oublier ce qui a été fait avant à ces épisodes ?")


@acting(protecting.publish)
def publish() -> None:
    """Publier des brouillons, ou rendre de nouveau publics des épisodes retirés ou sous embargo.

    Avec --at, ils paraissent d’eux-mêmes ce jour-là, à cette heure.
    """


@acting(protecting.draft)
def draft() -> None:
    """Remettre des épisodes en brouillon : personne ne sait qu’ils existent, sur aucune page.

    `radio protect publish` les publie.
    """


@acting(protecting.embargo)
def embargo() -> None:
    """Cacher des épisodes jusqu’à un jour : « 25/12/2026 », « 1er janvier 2027 à 20 h ».

    Ils paraissent d’eux-mêmes ce jour-là, à cette heure, ou à minuit.
    """


@acting(protecting.withdraw)
def withdraw() -> None:
    """Retirer des épisodes : plus rien à entendre ni à lire, ni pages, ni recherche, ni flux, ni
    téléchargements, ni copies.

    Leur adresse dit qu’ils ont été retirés, et pourquoi. Les fichiers restent ; `radio protect
    publish` rend l’épisode de nouveau public.
    """


@acting(protecting.hide)
def noindex() -> None:
    """Demander aux moteurs de recherche de laisser des épisodes de côté ; la recherche de l’archive
    les trouve toujours.
    """


@on_episode(*redacting.FIELDS, YES)
def redact(archive: Archive, episode: Episode, sure: bool, **asked: Any) -> None:
    """Retirer d’un épisode le passage entre deux moments (12:34.5, ou des secondes).

    Il est muet dans le son, et absent du texte, de ce que la machine a entendu, des versions
    anciennes, de la recherche, des flux, des téléchargements et de tout ce qui en a été fait ; le
    site en fichiers suit au prochain `radio export site`, les copies et les épisodes gardés à leur
    prochaine visite. Le son est encodé de nouveau. L’original est scellé ou détruit : dites lequel.
    `radio undo` ne le ramène pas.
    """
    request = redacting.Request(**asked)
    if not request.fate:
        raise click.UsageError(_("dites ce que devient l’original : --seal ou --destroy"))
    archive.transcript(episode.key)  # one that can't be read would go whole: mend it first
    seal = _("Retirer de {key} le passage de {start} à {end}, et sceller l’original ?")
    destroy = _(
        "Retirer de {key} le passage de {start} à {end}, et détruire l’original pour toujours ?"
    )
    times = {"start": clock(request.start), "end": clock(request.end)}
    question = seal if request.fate == "seal" else destroy
    confirm(_(question, key=episode.key, **times), is_sure=sure)
    with progress_bar(_("Son")) as progress:
        left = redacting.take_out(archive, Index(archive), episode, request, progress)
    say(_("{key} : le passage a été retiré"), key=episode.key)
    tell_left(left)


@on_episode(replace(YES, help=_("Ne pas demander, et remettre aussi l’ancien texte.")))
def unseal(archive: Archive, episode: Episode, sure: bool, note: str) -> None:
    """Remettre l’original du dernier passage retiré d’un épisode.

    Son et textes sont comme avant, sauf les noms remplacés depuis ; la page et le flux ne disent
    plus qu’un passage a été retiré. Ce qui le remplaçait va dans le dossier `trash`. `radio protect
    redact` retire de nouveau le passage. Ce qui a été détruit ne revient pas.
    """
    redacting.sealed_original(archive, episode.key)
    if not sure:
        passage = episode.redactions[-1]
        message = _("Faire entendre de nouveau à tout le monde {start} à {end} de {key} ?")
        confirm(_(message, key=episode.key, start=clock(passage.start), end=clock(passage.end)))
    redacting.unseal(archive, episode.key, is_sure=sure, note=note)
    catch_up(archive, Index(archive), [episode.key])
    say(_("{key} : l’original est de retour"), key=episode.key)


@on_episode(replace(YES, help=_("Le remplacer malgré tout.")))
@click.argument(
    "file", metavar=_("FICHIER"), type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
def better(archive: Archive, episode: Episode, file: Path, sure: bool, note: str) -> None:
    """Remplacer l’enregistrement d’un épisode par une meilleure copie de la même émission.

    Son adresse et son nom dans les flux restent ; texte, chapitres et ce que la machine a entendu
    sont calés sur le nouvel enregistrement, là où chaque moment s’y entend : autour d’une coupe, à
    une autre vitesse. L’ancien va dans le dossier `trash` ; `radio undo` le ramène tant qu’il y est
    et que rien d’autre n’a changé. Un fichier qui ne lui ressemble pas est refusé, comme tout
    fichier quand un passage a été retiré : il l’a peut-être encore ; --yes l’accepte.
    """
    copy = BetterCopy(file, sure, note)
    require_other(episode, copy)
    with progress_bar(_("Écoute")) as progress:
        heard = listen(archive, episode, copy, progress)
    with progress_bar(_("Son")) as progress:
        put_in_place(archive, Index(archive), episode, copy, heard, progress)
    say(_("{key} : remplacé ; `radio undo` l’annule"), key=episode.key)
    for remark in _remarks(episode.key, heard):
        tell(remark)


@with_archive
@click.argument("keys", nargs=-1, required=True, metavar=_("CLÉ…"))
@asking()
@flag("--dry-run", _("Dire ce qui serait coupé, sans rien changer."))
@option("--from", _("Garder depuis ce moment, quoi qu’on y entende (12:34)."), "MM:SS", "begin")
@option("--to", _("Et jusqu’à celui-ci."), "MM:SS", "end")
@flag(
    "--wider", _("Reprendre plutôt dix minutes de plus de chaque côté, dans la pige de la radio.")
)
def trim(
    archive: Archive,
    keys: Several,
    dry_run: bool,
    begin: str | None,
    end: str | None,
    wider: bool,
    note: str,
) -> int:
    """Couper le silence au début et à la fin d’enregistrements, ou ce qui n’en est pas.

    Un silence est ce qui reste sous −55 dB ; il part s’il dure trois secondes ou plus, sauf la
    dernière demi-seconde. Rien de ce qui est dit ou a été retiré n’y passe. Rien n’est encodé de
    nouveau : on coupe entre deux trames (MP3, AAC, Opus, Vorbis, WAV), et un FLAC reste le même
    son. Textes, chapitres et tout ce qui a un moment suivent. L’enregistrement tel qu’il était
    va dans le dossier `trash` ; `radio undo` le ramène tant qu’il y est et que rien d’autre n’a
    changé.
    """
    found, failures = find_all(archive, keys)

    def cut(key: str) -> None:
        episode = archive.episode(key)
        asked = _borders(episode, begin, end) if begin or end else None
        with progress_bar(key) as progress:
            if wider:
                later = widen(archive, Index(archive), episode, note=note, progress=progress)
                message = _("{key} : commence maintenant à {time} ; `radio undo` l’annule")
                say(_(message, key=key, time=clock(later)))
                return
            if dry_run:
                kept = asked or kept_of(archive, episode, progress)
            else:
                how: dict[str, Any] = {"asked": asked, "note": note, "progress": progress}
                kept = trim_sound(archive, Index(archive), episode, **how) or WHOLE
        if kept in (WHOLE, (0.0, episode.audio.duration)):
            tell(_("{key} : pas de silence à couper", key=key))
            return
        times = dict(zip(("start", "end"), map(clock, kept), strict=True))
        message = _("{key} : gardé de {start} à {end} ; `radio undo` l’annule")
        if dry_run:
            message = _("{key} : on garderait de {start} à {end}")
        say(_(message, key=key, **times))

    return failures + each_of(found, cut)


WHOLE: Span = 0.0, 0.0  # nothing was cut


def _borders(episode: Episode, begin: str | None, end: str | None) -> Span:
    """Read what is to be kept. Raises WrongFieldError."""
    start, last = (
        Input(name, "moment").read(text or "") for name, text in (("from", begin), ("to", end))
    )
    return start or 0.0, episode.audio.duration if last is None else last


def _remarks(key: str, heard: CopyHeard) -> Iterator[str]:
    if not heard.is_known:
        message = _(
            "il ne lui ressemble pas, le texte garde donc ses moments ; `radio transcribe --again "
            "{key}` le transcrit, `radio text align {key} TEXTE` y cale un texte"
        )
        yield _(message, key=key)
    elif offset := heard.moments.offset:
        yield _("tout y est dit {offset:+.2f} s plus tard, et le texte suit", offset=offset)
    elif offset is None:
        yield _("le texte y est calé, moment par moment")
    for gap in heard.moments.gaps():
        message = _("à {at} : il y manque {lacks:.0f} s, {adds:.0f} s y sont nouvelles")
        yield _(message, at=clock(gap.at), lacks=gap.lacks, adds=gap.adds)
    if not heard.is_whole:
        message = _(
            "l’un contient plus que l’autre : relisez le texte, ou `radio transcribe --again {key}`"
        )
        yield _(message, key=key)


@with_archive
@click.argument("keys", nargs=-1, metavar=_("CLÉ…"))
@asking(
    Input("name", is_needed=True, metavar=_("NOM")),
    Input("shown", is_needed=True, metavar=_("PSEUDONYME")),
    Input("everywhere", "switch", help=_("Dans tous les épisodes, émissions et thèmes.")),
    Input("forget", "switch", help=_("Ne garder le nom dans aucun historique : c’est définitif.")),
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
    archive: Archive, keys: Several, name: str, everywhere: bool, sure: bool, **said: Any
) -> int:
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
        return failures
    confirm(_(FOR_EVER), is_sure=sure or not asked.forget)
    changed = put_pseudonym(archive, Index(archive), found, asked)
    tell_done(len(changed), final=asked.forget)
    for left in still_named(archive, changed, asked.names):
        if left.path:
            warn(_("{path} : pas lu ; supprimez-le si le nom y est"), path=left.path)
        else:
            warn(_("{key} : son adresse a le nom ; `radio move --rename` la change"), key=left.key)
    tell_left(unknown_naming(archive, found, asked))
    message = _(
        "{key} : lui ressemble à l’oreille : {words} ({count}), comme dans "
        "« {example} » ; --also le remplace"
    )
    for form in misheard_forms(archive, found, name):
        warn(message, **asdict(form))
    return failures


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
    """Noter qu’une personne a accepté d’être entendue, ou retiré son accord ; sans PERSONNE, lister
    les accords.

    C’est privé : c’est dans `desk/consents/`, et dans aucune page, aucun export, sac ou copie.
    """
    names = names_of(archive, episode)
    if person is None:
        if any(said.values()) or note or remove:
            raise click.UsageError(_("nommez la personne"))
        say_each(consents_of(archive.root, names), as_json, _line)
    elif remove:
        known = {slugify(each.person): each for each in consents_of(archive.root, names)}
        if slugify(person) not in known:
            message = _("{key} : rien n’est noté de {person}")
            raise NotFoundError(message, key=names[-1], person=person)
        protecting.change_consent(archive, names, None, known[slugify(person)], note=note)
    elif said["given"] or said["withdrawn"]:
        given = protecting.agree(archive, names, Consent(person, **said), note=note)
        say_each([given], as_json, _line)
    else:
        raise click.UsageError(_("donnez le jour : --given ou --withdrawn"))


def _line(each: Consent) -> str:
    given = _("a accepté le {day}", day=each.given or "?")
    taken = _("a retiré son accord le {day}", day=each.withdrawn) if each.withdrawn else ""
    return "  ".join(filter(None, (each.person, given, taken, " ".join(each.terms.split()))))


@on_episode(
    *protecting.REPLY[1:], Input("remove", "switch", help=_("Supprimer la réponse de ce numéro."))
)
@option(
    "--text",
    _("Le texte de la réponse, en UTF-8 ; « - » le lit sur l’entrée standard."),
    _("FICHIER"),
    "source",
)
@option(
    "--number",
    _("Quelle réponse elle remplace, comptée comme dans la liste."),
    _("NUMÉRO"),
    type=int,
)
def reply(
    archive: Archive,
    episode: Episode,
    source: str | None,
    number: int | None,
    remove: bool,
    note: str,
    **said: Any,
) -> None:
    """Joindre un droit de réponse à un épisode : sur sa page, dans les flux, les lecteurs et les
    téléchargements.

    Sans --text, la commande liste les réponses qui s’y trouvent, avec leurs numéros.
    """
    if remove and (source or not number):
        raise click.UsageError(_("--remove demande --number, et pas de --text"))
    if number and not (source or remove):
        raise click.UsageError(_("donnez --text, ou --remove"))
    if not (number or source):
        for place, each in enumerate(episode.protection.replies, 1):
            at = clock(each.at) if each.at is not None else ""
            words = shorten(each.text, 60, placeholder="…")
            say("  ".join(filter(None, (str(place), each.day, each.author, at, words))))
        return
    given = None
    if source:
        given = PublicReply(read_text(source), said["author"], said["at"], said["day"])
    old = _reply(episode, number) if number else None
    settle(archive, protecting.reply(archive, [episode.key], old=old, given=given, note=note))


def _reply(episode: Episode, number: int) -> PublicReply:
    known = episode.protection.replies
    if not 0 < number <= len(known):
        message = _("{key} : pas de réponse {number} ; `radio protect reply {key}` les liste")
        raise ArchiveError(message, key=episode.key, number=number)
    return known[number - 1]
