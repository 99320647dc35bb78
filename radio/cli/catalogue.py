"""The catalogue: list and show episodes, move, rename and delete them; take back what was done, and
say by whom and why."""

import datetime as dt
from collections.abc import Iterable

import click

from radio.actions import deletion, renaming
from radio.actions.action import Input, catch_up
from radio.actions.deletion import forget_episode
from radio.actions.renaming import rename_episode, rename_show
from radio.actions.undoing import undo, undo_field
from radio.archive import Archive, history, journal
from radio.archive.authorship import form_of
from radio.archive.episode import Episode
from radio.archive.slugs import slugify
from radio.cli.acting import YES, asking, find_all, read_as, tell_left
from radio.cli.lines import counted, duration, say, say_each, tell, warn, warn_away
from radio.cli.naming import Several, find_episode, require_show
from radio.cli.terminal import as_json, confirm, each_of, flag, option, with_archive, with_folder
from radio.search import Index
from radio.system.errors import RadioError
from radio.system.messages import _
from radio.text.transcript import clock, remark
from radio.transcribe.versions import headway
from radio.work.condition import away

UNREADABLE = _("un texte illisible : voir `radio check`")
EMPTY = _("Vider la corbeille : effacer pour toujours ce qui y est.")
STATUSES = {"draft": _("brouillon"), "embargoed": _("sous embargo"), "withdrawn": _("retiré")}
STATES = {"done": "", "undone": _(" (annulé)"), "emptied": _(" (sa corbeille a été vidée)")}
ACTS = {
    "rename": _("le nouveau nom de"),
    "move": _("le déplacement de"),
    "delete": _("la suppression de"),
    "edit": _("le changement de"),
    "import": _("l’import de"),
    "merge": _("la fusion de"),
    "withdraw": _("le retrait de"),
    "embargo": _("l’embargo de"),
    "publish": _("la publication de"),
    "draft": _("le retour en brouillon de"),
    "noindex": _("le réglage des moteurs de recherche pour"),
    "pseudonym": _("le pseudonyme dans"),
    "reply": _("la réponse à"),
    "mend": _("la correction de"),
    "replace": _("le remplacement de l’enregistrement de"),
    "cover": _("la nouvelle image de"),
    "repair": _("la réparation de"),
    "voices": _("les noms des voix de"),
    "thread": _("le fil"),
    "ingest": _("l’ajout de"),
}


def _is_among(wanted: str | None, names: Iterable[str]) -> bool:
    """Whether a name is among others, however its letters are written; also where none is wanted.

    >>> _is_among("zoe durand", ["Zoé Durand"]), _is_among(None, []), _is_among("x", [])
    (True, True, False)
    """
    return wanted is None or slugify(wanted) in map(slugify, names)


@with_archive
@option("--show", _("De cette émission seulement."), _("SLUG"))
@flag("--guessed", _("Seulement ceux dont la date est devinée."))
@flag("--drafts", _("Seulement ceux qui ne sont pas encore publiés."))
@option("--since", _("Seulement à partir de ce jour."), _("JOUR"), callback=read_as("day"))
@option("--until", _("Seulement jusqu’à ce jour."), _("JOUR"), callback=read_as("day"))
@option("--person", _("Seulement avec cette personne ou par ce collectif."), _("NOM"))
@option("--tag", _("Seulement avec ce mot-clé."), _("MOT-CLÉ"))
@as_json
def listing(
    archive: Archive,
    show: str | None,
    guessed: bool,
    drafts: bool,
    since: dt.date | None,
    until: dt.date | None,
    person: str | None,
    tag: str | None,
    as_json: bool,
) -> None:
    """Lister les épisodes, les plus récents d’abord."""
    missing, now = {episode.key for episode in archive.missing()}, dt.datetime.now()
    warn_away(vanished := away(archive))
    if show is not None:
        require_show(archive, show)
    episodes = [
        each
        for each in archive.episodes(show)
        if not (each.date_sure and guessed) and (each.is_waiting(now) or not drafts)
        if (since or each.date) <= each.date <= (until or each.date)
        if _is_among(person, each.names) and _is_among(tag, each.tags)
    ]
    if not (episodes or as_json or any((vanished, guessed, drafts, since, until, person, tag))):
        tell(_("pas encore d’épisode ; `radio ingest` en ajoute"))

    def line(each: Episode) -> str:
        state = _state(archive, each) if each.key in missing else _text(archive, each)
        state = state if each.is_public(now) else f"{_(STATUSES[each.status])}, {state}"
        state = state if each.date_sure else _("date devinée, {state}", state=state)
        return f"{each.key}  {clock(each.audio.duration)}  {state}  {each.title}"

    say_each(episodes, as_json, line, lambda each: _row(archive, each, each.key not in missing))


def _row(archive: Archive, episode: Episode, transcribed: bool) -> dict[str, object]:
    return {
        "key": episode.key,
        "title": episode.title,
        "date": episode.date.isoformat(),
        "date_sure": episode.date_sure,
        "date_precision": episode.date_precision,
        "status": episode.status,
        "duration": episode.audio.duration,
        "transcribed": transcribed,
        "readable": not transcribed or _text(archive, episode) != _(UNREADABLE),
    }


def _text(archive: Archive, episode: Episode) -> str:
    """Say that there is a text; if it has another form, what to do about it."""
    try:
        form = form_of(archive, episode.key)
    except RadioError:
        return _(UNREADABLE)
    if not form:
        return _("transcrit")
    warn(remark(form, archive.vtt_path(episode.key)))
    return _("transcrit ({form})", form=form)


def _state(archive: Archive, episode: Episode) -> str:
    length = episode.audio.duration
    progress = headway(archive, episode.key, length)
    if progress is None:
        return _("à transcrire")
    seconds = progress.remaining
    left = "" if seconds is None else _(", encore {left}", left=duration(seconds))
    return _("{share:.0%} transcrits{left}", share=progress.share(length), left=left)


@with_archive
@click.argument("key", metavar=_("CLÉ"))
def show(archive: Archive, key: str) -> None:
    """Afficher la fiche d’un épisode."""
    find_episode(archive, key)
    say(archive.sidecar_path(key).read_text(encoding="utf-8").rstrip("\n"))


@with_archive
@click.argument("keys", nargs=-1, required=True, metavar=_("CLÉ…"))
@click.argument("show", metavar=_("ÉMISSION"))
@flag("--rename", _("Renommer un épisode ou une émission : CLÉ, puis NOM."))
def move(archive: Archive, keys: Several, show: str, rename: bool) -> int:
    """Déplacer des épisodes dans une autre émission, ou renommer un épisode ou une émission ; les
    anciennes adresses mènent aux nouvelles.

    Un nouveau nom est un titre, ou la fin de l’adresse. Rien n’est transcrit de nouveau. `radio
    undo` l’annule.
    """
    if rename and len(keys) > 1:
        raise click.UsageError(_("--rename demande une seule CLÉ, et un NOM"))
    failures = 0
    if not rename:
        require_show(archive, show)
        found, failures = find_all(archive, keys)
        act = renaming.move(archive, found, show=show)
        for key in act.keys if act else ():
            say(f"{show}/{key.partition('/')[2]}")
    elif "/" in keys[0]:
        say(rename_episode(archive, find_episode(archive, keys[0]).key, show).key)
    else:
        say(rename_show(archive, require_show(archive, keys[0]), show).slug)
    Index(archive).refresh()
    return failures


@with_archive
@click.argument("keys", nargs=-1, metavar=_("CLÉ…"))
@asking(*deletion.FIELDS, Input("empty", "switch", option="empty-trash", help=EMPTY), YES)
def delete(
    archive: Archive, keys: Several, reason: str, fate: str, empty: bool, sure: bool, note: str
) -> int:
    """Supprimer des épisodes (ÉMISSION/ÉPISODE) ou des émissions : leurs fichiers vont dans le
    dossier `trash`.

    Leurs adresses disent qu’ils ont été supprimés, et pourquoi. `radio undo` les ramène, tant que
    la corbeille n’est pas vidée. `radio protect withdraw` cache un épisode sans le supprimer.
    """
    if empty == bool(keys):
        raise click.UsageError(_("nommez ce qu’il faut supprimer, ou --empty-trash"))
    if empty:
        return _empty(archive, sure)
    if fate == "forget":
        return _forget(archive, keys, sure)

    def delete_show(key: str) -> None:
        number = len(archive.episodes(require_show(archive, key)))
        message = _("Supprimer l’émission {show} avec {episodes} ?")
        episodes = counted(number, "{n} épisode", "{n} épisodes")
        confirm(_(message, show=key, episodes=episodes), is_sure=sure or not number)
        say(deletion.delete_show(archive, key, reason, note=note).line)

    found, failures = find_all(archive, (key for key in keys if "/" in key))
    if act := deletion.delete(archive, found, reason=reason, note=note):
        say(act.line)
    failures += each_of((key for key in keys if "/" not in key), delete_show)
    catch_up(archive, Index(archive))
    if failures < len(keys):
        warn(_("dans la corbeille ; `radio undo` le ramène"))
    return failures


def _forget(archive: Archive, keys: Several, sure: bool) -> int:
    if alone := [key for key in keys if "/" not in key]:
        message = _("{show} : pas un épisode ; --forget en prend un à la fois, ÉMISSION/ÉPISODE")
        raise click.UsageError(_(message, show=alone[0]))
    message = _("Oublier {keys} pour toujours, sans laisser de trace ?")
    confirm(_(message, keys=", ".join(keys)), is_sure=sure)
    left = dict[str, None]()
    failures = each_of(keys, lambda key: left.update(dict.fromkeys(forget_episode(archive, key))))
    catch_up(archive, Index(archive), accept=True)
    tell_left(left)
    return failures


def _empty(archive: Archive, sure: bool) -> int:
    number, size = deletion.trash_size(archive)
    files = counted(number, "{n} fichier", "{n} fichiers")
    message = _("Effacer {files} ({size:.1f} Mo) pour toujours ?")
    confirm(_(message, files=files, size=size / 1e6), is_sure=sure or not number)
    deletion.empty_trash(archive)
    tell(_("effacé : {files}"), files=files)
    return 0


@with_folder
@click.argument("name", required=False, default="", metavar=_("[ACTION]"))
@click.argument("keys", nargs=-1, metavar=_("[CLÉ…]"))
@option(
    "--field",
    _("N’annuler qu’un champ d’un épisode ou d’une émission, et rien d’autre."),
    _("CLÉ CHAMP"),
    nargs=2,
)
@flag("--list", _("Lister ce qui a été fait, le plus récent d’abord."), "listing")
@as_json
def take_back(
    archive: Archive,
    name: str,
    keys: Several,
    field: tuple[str, str] | None,
    listing: bool,
    as_json: bool,
) -> None:
    """Annuler la dernière action (nom, émission, champs, suppression, ajout…), ou une autre, par
    son nom dans la liste ; d’un ajout, avec des CLÉS, ces épisodes seulement.

    Si quelque chose a changé depuis, rien n’est annulé ni écrasé. Ce qu’un ajout a pris va dans
    `trash`, ou retourne dans la boîte d’arrivée, sauf ce que quelqu’un a travaillé depuis. Ce que
    la boîte ou une source suivie a ajouté d’elle-même ne s’annule que par son nom.
    """
    if listing:
        say_each(
            history.acts(archive.require().root),
            as_json,
            lambda act: f"{act.name}  {_moment(act.when)}  {act.line}{_(STATES[act.state])}",
            lambda act: _told(act, "name", "when", "what", "state"),
        )
        return
    archive.finished()  # what was cut short may be the last act
    undone = undo_field(archive, *field, name) if field else undo(archive, name, keys=keys)
    catch_up(archive, Index(archive), accept=bool(undone and undone.renamings))
    if undone:
        tell(_("annulé : {what} {told}"), what=ACTS[undone.what], told=undone.line)


@with_archive
@click.argument("key", required=False, default="", metavar=_("[CLÉ]"))
@as_json
def log(archive: Archive, key: str, as_json: bool) -> None:
    """Montrer qui a fait quoi et pourquoi, le plus récent d’abord ; d’un seul épisode, par sa clé.

    Le journal est privé : il est dans `desk/`, et dans aucune page, aucun export, sac ou copie.
    """

    def line(each: journal.Entry) -> str:
        run = str(each.facts.get("run", ""))  # its name, for `radio undo`
        parts = (_moment(each.when), each.who, each.what, each.key, each.line, run, each.note)
        return "  ".join(" ".join(part.split()) for part in parts if part)

    found = [each for each in journal.entries(archive.root) if key in ("", each.key)]
    say_each(found, as_json, line, lambda each: _told(each, "when", "who", "what", "key", "note"))


def _told(each: history.Act | journal.Entry, *names: str) -> dict[str, str]:
    return {name: getattr(each, name) for name in names} | {"told": each.line}


def _moment(when: str) -> str:
    """Write a moment in local time; as it is if it is none."""
    try:
        return f"{dt.datetime.fromisoformat(when).astimezone():%Y-%m-%d %H:%M}"
    except ValueError:
        return when
