"""The state of automatic work and of the archive: now, still to do, failed, waiting for keepers."""

import dataclasses
import os
import time
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from radio.archive import Archive
from radio.cli import source
from radio.cli.lines import counted, duration, say, say_json, warn, warn_away
from radio.cli.terminal import as_json, with_archive
from radio.derived.recipe import Kind
from radio.ingest import inbox
from radio.ingest.inbox import LOG, DropsLog
from radio.ingest.names import decoded
from radio.system.errors import ModelError
from radio.system.messages import _
from radio.work.condition import Condition
from radio.work.queue import Passes, Queue, choose_passes
from radio.work.status import Current, Remainder, WorkStatus, is_running
from radio.work.tries import ORDERS
from radio.work.waiting import WHAT_TO_DO, State, WaitingThings, list_waiting

NAMES = {
    "transcribe": _("première passe"),
    "improve": _("meilleure passe"),
    "voices": _("voix"),
    "chapters": _("chapitres"),
    "checksums": _("empreintes"),
    "fixity": _("relecture des fichiers"),
    "waveforms": _("formes d’onde"),
    "pages": _("pages"),
    "sense": _("recherche par le sens"),
    "sound": _("niveau du son et doublons"),
    "books": _("livres et livrets, quelques minutes par heure"),
    "rehear": _("réécoute de ce qui est incertain"),
    "model": _("modèle"),
}
REMEDIES: dict[Kind, str] = {  # what a keeper may do about failures that are not just tried again
    "transcribe": _("c’est retenté tout seul ; `radio transcribe {key}` réessaie aussitôt"),
    "improve": _("rien n’est perdu, le premier texte reste ; c’est retenté tout seul"),
    "model": _("`radio model list` dit lesquels sont là, `radio model fetch base` en apporte un"),
}

NAMED = 3  # files of a kind


@with_archive
@as_json
def command(archive: Archive, as_json: bool) -> None:
    """Dire ce que fait `radio work` en ce moment, ce qui reste, ce qui a échoué, ce qui vous
    attend.

    Ce qui reste est dit même là où il ne tourne pas. La place sur le disque, la dernière
    vérification des fichiers, les sources suivies et les propositions du public y sont aussi.
    """
    state = State(archive)
    runs, found = is_running(archive), state.condition
    warn_away(found.away)
    if not runs:
        state.work = _counted(archive, state.work)
    status, waits = state.work, list_waiting(state)
    if as_json:
        paused = ORDERS.recall(archive.root).is_paused
        data = {
            "running": runs,
            "paused": paused,
            **dataclasses.asdict(status),
            "follows": source.as_data(archive),
        }
        data |= {"inbox": as_data(archive), "condition": dataclasses.asdict(found)}
        data["waiting"] = [
            {"kind": each.kind.name, "number": len(each.things), "things": each.things}
            for each in waits
        ]
        say_json(data)
        return
    say(_now(status.current) if runs else _("`radio work` ne tourne pas ici."))
    if ORDERS.recall(archive.root).is_paused:
        say(_("En pause ; `radio work --resume` le fait reprendre."))
    for each in status.left:
        say(_left(each, status))
    if not status.left:
        say(_("Il ne reste rien à faire."))
    for trouble in status.troubles:
        again = time.strftime("%H:%M", time.localtime(trouble.until))
        tries = counted(trouble.times, "{n} essai", "{n} essais")
        message = _(
            "échec : {message} ({tries} ; de nouveau à {again}, ou dès que ses fichiers changent)"
        )
        say(message, message=trouble.message, tries=tries, again=again)
        remedy = REMEDIES.get(trouble.kind) or _("c’est retenté tout seul")
        say(_("  que faire : {remedy}"), remedy=_(remedy, key=trouble.key))
    for line in (*source.lines(archive), *lines(archive), *_condition(found), *_waiting(waits)):
        say(line)


def _counted(archive: Archive, status: WorkStatus) -> WorkStatus:
    """Count what is left, for nobody else does; warn where no model is here."""
    passes: Passes | None = None
    try:
        passes = choose_passes(status.asked)
    except ModelError as error:
        warn(error)
    return Queue(archive).recount(status, passes)


def _now(current: Current | None) -> str:
    """Say what is done now.

    >>> _now(Current("transcribe", "emission/2024-01-16-rue", "base", 0.42, 75.0))
    'Now: first pass, emission/2024-01-16-rue (base), 42 %, 1 min left'
    """
    if current is None:
        return _("Maintenant : rien")
    text = _("Maintenant : {what}", what=NAMES[current.kind])
    if current.key:
        text += f", {current.key} ({current.model}), {current.share * 100:.0f} %"
    if current.left is not None:
        text += _(", encore {left}", left=duration(current.left))
    return text


def _left(left: Remainder, status: WorkStatus) -> str:
    match left.kind:
        case "checksums":
            size = _(", {size:.0f} Mo", size=left.size / 1e6)
            text = counted(left.number, "{n} fichier", "{n} fichiers") + size
        case "books":
            text = counted(left.number, "{n} livre", "{n} livres")
        case "pages":
            text = _("à refaire")
        case _kind:
            text = counted(left.number, "{n} épisode", "{n} épisodes")
    if left.sound:
        model = status.first if left.kind == "transcribe" else status.better
        sound = _("{hours} à écouter", hours=duration(left.sound))
        text += ", " + sound + (_(" avec {model}", model=model) if model else "")
    if left.work is not None:
        text += _(", environ {time} de travail", time=duration(left.work))
    if left.kind == "improve" and status.quiet:
        text += f" ({status.quiet})"
    return _("{what} :", what=NAMES[left.kind]) + f" {text}"


def _condition(found: Condition) -> Iterator[str]:
    size = _("{size:.1f} Go", size=found.free / 1e9)
    hours = counted(round(found.hours), "{n} heure", "{n} heures")
    message = _("disque : {size} libres, de la place pour environ {hours} de son")
    yield _(message, size=size, hours=hours)
    if found.days is None:
        yield _("fichiers : jamais vérifiés")
    if found.proof.days is not None:
        number = counted(found.proof.number, "{n} enregistrement", "{n} enregistrements")
        days = counted(found.proof.days, "{n} jour", "{n} jours")
        message = _("relus, et entiers : {number}, le plus ancien il y a {days}")
        yield _(message, number=number, days=days)
    if found.checked:
        amount = counted(found.checked.recordings, "{n} enregistrement", "{n} enregistrements")
        faults = counted(found.findings, "{n} constat", "{n} constats")
        faults = faults if found.findings else _("tout va bien")
        message = _("fichiers : vérifiés le {day}, {amount}, {faults}")
        yield _(message, day=found.checked.date, amount=amount, faults=faults)
    if found.saved is not None:
        tried = _("jamais essayées")
        if found.tried is not None:
            days = counted(found.tried, "{n} jour", "{n} jours")
            tried = _("essayées il y a {days}", days=days)
        days = counted(found.saved, "{n} jour", "{n} jours")
        yield _("copies : la dernière il y a {days}, {tried}", days=days, tried=tried)
    if found.proposals:
        number = counted(found.proposals, "{n} proposition", "{n} propositions")
        yield _("public : {number} à juger", number=number)


def _waiting(waits: Sequence[WaitingThings]) -> Iterator[str]:
    """Say what waits for a person, the gravest first, and what to do; else that all is well."""
    yield _("Ce qui vous attend :") if waits else _("Tout va bien : rien ne vous attend.")
    for each in waits:
        yield f"- {each.text} — {_(WHAT_TO_DO[each.kind.name])}"
        keys = [*dict.fromkeys(filter(None, each.things))]
        yield from (f"  {key}" for key in (*keys[:NAMED], *["…"] * each.is_more))


def as_data(archive: Archive) -> dict[str, object] | None:
    """Give the files of the inbox and what became of them, for scripts; None without an inbox."""
    if not inbox.folder(archive).is_dir():
        return None
    there, log = inbox.look(archive, inbox.wait_of(os.environ)), LOG.recall(archive.root)
    return {
        "ready": [decoded(each.path.name) for each in there.ready],
        "waiting": [decoded(each.name) for each in there.waiting],
        "locked": list(there.locked),
        "number": log.number,
        "taken": [{"name": each.name, "key": each.key, "when": each.when} for each in log.taken],
        "failed": _failures(there, log),
        "refused": [*inbox.refused(archive)],
    }


def lines(archive: Archive) -> list[str]:
    """Say what waits in the inbox, what was taken, and what failed."""
    if not inbox.folder(archive).is_dir():
        return []
    there, log = inbox.look(archive, inbox.wait_of(os.environ)), LOG.recall(archive.root)
    waiting = [
        decoded(each.name) for each in (*(drop.path for drop in there.ready), *there.waiting)
    ]
    files = _names(waiting)
    said = [_("boîte d’arrivée : en attente : {files}", files=files)] if waiting else []
    if log.number:
        last = ", ".join(each.key for each in log.taken[-NAMED:])
        files = counted(log.number, "{n} fichier", "{n} fichiers")
        taken = _("boîte d’arrivée : ajouté jusqu’ici : {files}, en dernier {last}")
        said.append(_(taken, files=files, last=last))
    troubles = [*there.locked, *_failures(there, log)]
    return said + [_("échoué : {message}", message=each) for each in troubles]


def _failures(there: inbox.Inbox, log: DropsLog) -> list[str]:
    here = {decoded(path.name) for path in (*(each.path for each in there.ready), *there.waiting)}
    return [messages for name, messages in log.failed.items() if PurePath(name).name in here]


def _names(names: list[str]) -> str:
    more = ", …" if len(names) > NAMED else ""
    number = counted(len(names), "{n} fichier", "{n} fichiers")
    return f"{number} ({', '.join(names[:NAMED])}{more})"
