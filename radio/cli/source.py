"""Sources that are followed: `radio work` takes what is new there."""

import time
from email.message import Message
from pathlib import Path

import click

from radio.archive import Archive
from radio.archive.follows import (
    EVERY,
    Follow,
    is_folder,
    read_follows,
    read_pause,
    write_follows,
)
from radio.archive.locks import is_locked
from radio.cli.lines import counted, say, say_json, tell, warn
from radio.cli.naming import only_show, require_show
from radio.cli.terminal import as_json, flag, option, with_archive
from radio.ingest import feeds, sources
from radio.ingest.looks import LOCK, Look, due, look_at_all, read_looks
from radio.ingest.reading import read_in_child
from radio.ingest.recorders import Recorder
from radio.search import Index
from radio.sound import require_sound
from radio.system.connection.fetch import Answer, Web
from radio.system.connection.place import is_address
from radio.system.disk import read_bytes
from radio.system.errors import ArchiveError, RadioError
from radio.system.messages import _

NAMED, MISSED = 3, 20  # titles of what vanished, and shows on the air that were missed


@with_archive
@click.argument("source", metavar=_("ADRESSE|FICHIER.opml"))
@option("--show", _("L’émission de ses enregistrements, s’il y en a plusieurs."), _("SLUG"))
@option("--every", _("Combien de temps attendre entre deux visites."), "30min|6h|1d", default=EVERY)
@option("--jingle", _("D’une pige : l’indicatif par lequel l’émission commence."), _("FICHIER"))
@option("--closing", _("De même : celui par lequel elle finit."), _("FICHIER"))
def add(
    archive: Archive,
    source: str,
    show: str | None,
    every: str,
    jingle: str | None,
    closing: str | None,
) -> int:
    """Suivre un flux, un site ou la pige de la radio : `radio work` y passe de temps en temps, et
    ajoute ce qui est nouveau.

    D’une liste (OPML), chaque flux l’est. La pige est le dossier où la radio enregistre tout, ou
    le motif de ses noms (/srv/pige/%Y/%m/%d/%Hh%M.ogg) : de chaque émission, `grid` dans son
    show.json dit quand elle passe. Le tout est dans follows.json, que vous pouvez modifier.
    """
    if read_pause(every) is None:
        message = _("{every!r} n’est pas une durée ; écrivez 30min, 6h ou 1j")
        raise click.BadParameter(_(message, every=every))
    path, failures = Path(source), 0
    if not is_address(source) and ("%" in source or path.is_dir()):
        jingles = tuple(str(Path(each).absolute()) for each in (jingle, closing) if each)
        _follow_air(archive, str(path.absolute()), show, every, jingles)
        return 0
    into = only_show(archive) if show is None else require_show(archive, show)
    for address in _listed(path) if path.is_file() else [source]:
        try:
            _follow(archive, Follow(address, into, every))
        except RadioError as error:  # of one site, and no reason to leave out the others
            failures += 1
            warn(error)
    return failures


def _follow_air(
    archive: Archive, place: str, show: str | None, every: str, jingles: tuple[str, ...]
) -> None:
    """Follow a recorder of the station; its jingles are those of one show."""
    follows, into = (
        read_follows(archive.require().root),
        require_show(archive, show) if show else "",
    )
    old = follows.of(place)
    named = {into: jingles} if jingles else {}
    if named and not into:
        raise click.BadParameter(_("--jingle : de quelle émission ? ajoutez --show"))
    for jingle in map(Path, jingles):
        require_sound(jingle)
    begins = Recorder(place).begins
    if not begins:
        message = _(
            "{place} : aucun enregistrement dont on sache l’heure ; donnez le motif des noms"
        )
        raise ArchiveError(message, place=place)
    on_air = [each.slug for each in archive.shows() if each.grid]
    both = {**(old.jingles if old else {}), **named}
    known = Follow(place, old.into if old and jingles else into, every, both)
    with archive.lock():
        write_follows(archive.root, read_follows(archive.root).with_one(known))
    message = _("{place} : suivi ; {files}, depuis le {day}")
    files = counted(len(begins), "{n} enregistrement", "{n} enregistrements")
    say(message, place=place, files=files, day=_clock(begins[0][0]))
    if not on_air:
        warn(_('aucune émission n’a de grille : `radio edit ÉMISSION grid="mardi 20:00 60 min"`'))


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
            "told": list(look.told.values()),
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
    show = follow.into or _("chaque émission qui a une grille")
    line = _(message, address=follow.address, show=show, every=follow.every)
    if not look.began:
        return [line + _("; pas encore visité")]
    there = counted(len(look.seen), "{n} enregistrement là-bas", "{n} enregistrements là-bas")
    if is_folder(follow.address):
        there = counted(len(look.seen), "{n} émission à l’antenne", "{n} émissions à l’antenne")
    again = _("prochaine visite à {time}", time=_clock(look.next))
    looked = _("visité à {time}", time=_clock(look.began))
    said = [f"{line}; {there}; {looked}, {again}"]
    if look.trouble:
        tries = counted(look.times, "{n} essai", "{n} essais")
        said.append(_("échoué : {message} ({tries})", message=look.trouble, tries=tries))
    said += [_("échoué : {message}", message=each) for each in look.failed.values()]
    said += [_("à savoir : {message}", message=each) for each in look.told.values()]
    if is_folder(follow.address):
        missed = [*look.missed.values()][-MISSED:]
        said += [_("pas prise : {message}", message=each) for each in missed]
        return said
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
