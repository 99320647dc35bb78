"""Sources that are followed: `radio work` takes what is new there."""

import time
from email.message import Message
from pathlib import Path

import click

from radio.archive import Archive
from radio.archive.follows import EVERY, Follow, read_follows, read_pause, write_follows
from radio.archive.locks import is_locked
from radio.cli.lines import counted, say, say_json, tell, warn
from radio.cli.naming import only_show, require_show
from radio.cli.terminal import as_json, flag, option, with_archive
from radio.ingest import feeds, sources
from radio.ingest.looks import LOCK, Look, due, look_at_all, read_looks
from radio.ingest.reading import read_in_child
from radio.search import Index
from radio.system.connection.fetch import Answer, Web
from radio.system.disk import read_bytes
from radio.system.errors import ArchiveError, RadioError
from radio.system.messages import _

NAMED = 3  # titles of what vanished


@with_archive
@click.argument("source", metavar=_("ADRESSE|FICHIER.opml"))
@option("--show", _("L’émission de ses enregistrements, s’il y en a plusieurs."), _("SLUG"))
@option("--every", _("Combien de temps attendre entre deux visites."), "30min|6h|1d", default=EVERY)
def add(archive: Archive, source: str, show: str | None, every: str) -> int:
    """Suivre un flux ou un site : `radio work` y passe de temps en temps, et ajoute ce qui est
    nouveau.

    D’une liste (OPML), chaque flux l’est. C’est dans follows.json, que vous pouvez modifier.
    """
    if read_pause(every) is None:
        message = _("{every!r} n’est pas une durée ; écrivez 30min, 6h ou 1j")
        raise click.BadParameter(_(message, every=every))
    into = only_show(archive) if show is None else require_show(archive, show)
    path, failures = Path(source), 0
    for address in _listed(path) if path.is_file() else [source]:
        try:
            _follow(archive, Follow(address, into, every))
        except RadioError as error:  # of one site, and no reason to leave out the others
            failures += 1
            warn(error)
    return failures


def _listed(path: Path) -> tuple[str, ...]:
    content = read_bytes(path.absolute(), feeds.LARGEST)
    sent = Answer(str(path), 200, Message(), content)
    return read_in_child(feeds.read_list, sent, feeds.MEMORY, feeds.SECONDS).feeds


def _follow(archive: Archive, follow: Follow) -> None:
    """Follow a source that can be read now."""
    with Web() as web:
        discovery = sources.look(web, follow.address, archive.show(follow.into))
        next(iter(discovery.arrivals), None)  # that its first page is read
    with archive.lock():
        write_follows(archive.root, read_follows(archive.root).with_one(follow))
    message = _("{address} : suivi, dans {show}, {every} entre deux visites")
    say(message, address=follow.address, show=follow.into, every=follow.every)


@with_archive
@as_json
def list_all(archive: Archive, as_json: bool) -> None:
    """Lister ce qui est suivi, la prochaine visite, et ce qui a disparu là-bas et reste ici."""
    if as_json:
        say_json(as_data(archive))
        return
    message = _("Rien n’est suivi ; `radio source add ADRESSE` commence.")
    for line in lines(archive) or [message]:
        say(line)


@with_archive
@click.argument("address", metavar=_("ADRESSE"))
def remove(archive: Archive, address: str) -> None:
    """Cesser de suivre une adresse ; ce qui a été ajouté reste."""
    with archive.lock():
        follows = read_follows(archive.root)
        if follows.of(address) is None:
            message = _("{address} : pas suivi ; `radio source list` dit ce qui l’est")
            raise ArchiveError(message, address=address)
        write_follows(archive.root, follows.without(address))
    say(_("{address} : plus suivi ; ce qui a été ajouté reste"), address=address)


@with_archive
@flag("--due", _("Ne regarder que ce qui est à revoir maintenant."), "only_due")
def look(archive: Archive, only_due: bool) -> int:
    """Regarder maintenant tout ce qui est suivi, et ajouter ce qui est nouveau."""
    follows = due(archive) if only_due else list(read_follows(archive.root).follows)
    if not only_due and is_locked(archive.root, LOCK):
        tell(_("`radio work` y regarde en ce moment ; la visite suit la sienne"))
    try:
        failures = look_at_all(archive, follows, say, wait=not only_due)
    finally:
        if not only_due:  # else `radio work` does
            Index(archive).refresh()
    for each, looked in _looked(archive):
        if each in follows and looked.trouble:
            warn(looked.trouble)
    return failures


def as_data(archive: Archive) -> list[dict[str, object]]:
    """Give the followed sources, for scripts."""
    return [
        {
            "address": each.address,
            "show": each.into,
            "every": each.every,
            "looked": look.began or None,
            "next": look.next or None,
            "taken": look.taken,
            "there": len(look.seen),
            "vanished": list(look.vanished.values()),
            "missed": list(look.missed.values()),
            "failed": list(look.failed.values()),
            "trouble": look.trouble,
        }
        for each, look in _looked(archive)
    ]


def lines(archive: Archive) -> list[str]:
    """Say of each source when it was looked at, what is there, and what is no longer."""
    return [line for each, look in _looked(archive) for line in _lines(each, look)]


def _looked(archive: Archive) -> list[tuple[Follow, Look]]:
    looks, follows = read_looks(archive), read_follows(archive.root).follows
    return [(each, looks.get(each.address, Look())) for each in follows]


def _lines(follow: Follow, look: Look) -> list[str]:
    message = _("suivi : {address} dans {show}, {every} entre deux visites")
    line = _(message, address=follow.address, show=follow.into, every=follow.every)
    if not look.began:
        return [line + _("; pas encore visité")]
    there = counted(len(look.seen), "{n} enregistrement là-bas", "{n} enregistrements là-bas")
    again = _("prochaine visite à {time}", time=_clock(look.next))
    looked = _("visité à {time}", time=_clock(look.began))
    said = [f"{line}; {there}; {looked}, {again}"]
    if look.trouble:
        tries = counted(look.times, "{n} essai", "{n} essais")
        said.append(_("échoué : {message} ({tries})", message=look.trouble, tries=tries))
    said += [_("échoué : {message}", message=each) for each in look.failed.values()]
    for line, some in (
        (_("plus là-bas, gardé ici : {number} ({titles})"), look.vanished),
        (_("disparu avant d’avoir pu être ajouté : {number} ({titles})"), look.missed),
    ):
        if some:
            number = counted(len(some), "{n} enregistrement", "{n} enregistrements")
            titles = ", ".join([*some.values()][-NAMED:]) + (", …" if len(some) > NAMED else "")
            said.append(_(line, number=number, titles=titles))
    return said


def _clock(moment: float) -> str:
    """Write a moment, with its day if it is not today."""
    then, today = time.localtime(moment), time.localtime()
    form = "%H:%M" if then[:3] == today[:3] else "%Y-%m-%d %H:%M"
    return time.strftime(form, then)
