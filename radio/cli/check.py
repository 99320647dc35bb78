"""Prove that nothing has changed: the files of an archive, the promises of a site."""

import contextlib
import dataclasses
import os
from collections.abc import Sequence
from pathlib import Path

import click

from radio.actions.repairing import CopySource, open_sources, repair, to_repair
from radio.archive import Archive, companions, losses
from radio.archive.check import Finding, check, report, tell_private
from radio.archive.episode import Episode
from radio.audit import crawl
from radio.audit import report as reports
from radio.cli.lines import counted, duration, say, say_each, say_json, tell
from radio.cli.terminal import accept_losses, as_json, flag, listen, progress_bar, with_archive
from radio.derived.soundness import Fault, faults, gain, quality_of, spoken_ends
from radio.mirror.origin import read_origin
from radio.sound.quality import Quality
from radio.system.errors import ArchiveError, RadioError
from radio.system.messages import _
from radio.system.words import LANGUAGES

KINDS = {
    "missing": _("manquant"),
    "damaged": _("abîmé"),
    "orphaned": _("orphelin"),
    "unreadable": _("illisible"),
    "leftover": _("reste"),
    "private": _("privé"),
    "changed": _("changé"),
}
SOUNDS = {
    "clipping": _("saturé pendant {time}"),
    "silence": _("{time} de silence à {at:.0f} s"),
    "low": _("très bas"),
    "begins cut": _("commence en pleine parole (coupé ?)"),
    "ends cut": _("finit en pleine parole (coupé ?)"),
    "no seek": _("sans repères de temps : les lecteurs s’y déplacent mal"),
}
EARS = {1: _("seulement à gauche"), 2: _("seulement à droite")}


@with_archive
@as_json
@accept_losses
@flag("--sound", _("Écouter aussi le son, et dire ce qui s’y entend mal."))
@flag("--repair", _("Prendre ce qui est abîmé ou manque dans une copie."), "mend")
@click.option(
    "--from",
    "places",
    multiple=True,
    metavar=_("SOURCE"),
    help=_("Une copie : dossier d’une sauvegarde, sac, adresse d’un site. Se répète."),
)
def files(
    archive: Archive,
    as_json: bool,
    accept: bool,
    sound: bool,
    mend: bool,
    places: tuple[str, ...],
) -> int:
    """Relire chaque fichier et dire ce qui ne va pas.

    C’est ce qui manque, est abîmé, orphelin ou illisible, et ce que des commandes interrompues ont
    laissé : dans le son et les textes, dans ce qui est scellé ou à la corbeille, dans les listes et
    les comptes. Là où beaucoup a disparu d’un coup, comme quand un disque est débranché, rien n’est
    lu. Les données privées des étiquettes sont signalées aussi, sans compter pour une faute. Code
    de sortie 0 : tout va bien ; 1 : non.

    Ce qui fut changé à la main est dit aussi, et n’est pas une faute : ce qui s’est abîmé tout seul
    a d’autres octets sans que personne l’ait écrit. Avec --repair, c’est repris d’une copie, là où
    l’empreinte est la bonne ; sinon rien n’est deviné. Par défaut : RADIO_BACKUP, et l’original
    d’une copie. Le fichier abîmé va à la corbeille ; `radio undo` défait la réparation.

    Avec --sound, chaque enregistrement est écouté, une fois : une ligne dit son volume (EBU R128),
    et ce dont on se plaindrait à l’écoute. Les fichiers restent comme ils sont.
    """
    if sound:
        return _check_sound(archive, as_json)
    if places and not mend:
        raise click.UsageError(_("--from va avec --repair"))
    if accept:
        losses.take_inventory(archive.root, forget=True)
        companions.let_go(archive)
    changed = list[Finding]()
    with progress_bar(_("Vérification")) as progress:
        findings = list(check(archive, progress, changed.append))
    if mend:
        repaired = _repair(archive, findings, places)
        findings = [each for each in findings if each.path not in repaired]
    say_each(
        [*findings, *changed, *tell_private(archive)],
        as_json,
        lambda each: f"{_(KINDS[each.kind])}: {each.path}: {each.detail}",
        lambda each: {**dataclasses.asdict(each), "path": str(each.path)},
    )
    number = len(findings)
    tell(counted(number, "{n} constat", "{n} constats") if number else _("Tout est comme avant."))
    try:
        losses.take_inventory(archive.root)
        report(archive, findings)
    except RadioError as error:
        tell(_("radio: {error} ; le site ne parlera pas de cette vérification"), error=error)
    return number


def _repair(archive: Archive, findings: Sequence[Finding], places: Sequence[str]) -> set[Path]:
    """Repair what can be, and name what can't, with what was tried; give what is whole again."""
    origin = read_origin(archive.root)
    usual = (os.environ.get("RADIO_BACKUP", ""), origin.url if origin else "")
    done, sources = set[Path](), list[CopySource]()
    with contextlib.ExitStack() as held, progress_bar(_("Réparation")) as progress:
        for place in places or filter(None, usual):
            sources += open_sources(archive, place, held, progress)
        if not sources:
            message = _("aucune copie n’est connue ici ; donnez-en une par --from")
            raise ArchiveError(message)
        repairs = repair(archive, to_repair(archive, findings), sources)
    for each in repairs:
        if each.source:
            tell(_("réparé : {path} (de {source})"), path=each.path, source=each.source)
            done.add(archive.root / each.path)
        else:
            message = _("pas réparé : {path} : {tried}")
            tell(message, path=each.path, tried="; ".join(each.tried))
    return done


def _check_sound(archive: Archive, as_json: bool) -> int:
    episodes = [each for each in archive.episodes() if archive.holds(archive.audio_path(each))]
    heard: dict[str, Quality] = {}

    def hear(episode: Episode) -> None:
        heard[episode.key] = quality_of(archive, episode)

    failures = listen(episodes, hear)
    found = [each for each in episodes if each.key in heard]
    faulty = {each.key: [*faults(heard[each.key], spoken_ends(archive, each))] for each in found}

    def line(each: Episode) -> str:
        loudness = heard[each.key].loudness
        message = _("rien à entendre") if loudness is None else f"{loudness:.1f} LUFS"
        wrong = ", ".join(map(_described, faulty[each.key])) or _("bon")
        return f"{each.key}: {message}: {wrong}"

    def value(each: Episode) -> dict[str, object]:
        quality = heard[each.key]
        row = {"episode": each.key, "loudness": quality.loudness, "peak": quality.peak}
        return {**row, "gain": gain(quality), "faults": [vars(one) for one in faulty[each.key]]}

    say_each(found, as_json, line, value)
    return failures


def _described(fault: Fault) -> str:
    text = EARS[int(fault.value)] if fault.kind == "one ear" else SOUNDS[fault.kind]
    return _(text, time=duration(fault.value), at=fault.at)


@click.argument("url")
@click.option(
    "--lang", default="fr", show_default=True, type=click.Choice(LANGUAGES), help=_("La langue.")
)
@as_json
def audit(url: str, lang: str, as_json: bool) -> int:
    """Visiter un site et vérifier qu’il tient ses promesses.

    Cherche des requêtes vers d’autres sites, du code dans les pages, des cookies, des en-têtes
    faibles, des liens morts et des transcriptions absentes. Donnez l’adresse publique. Le rapport
    va à la sortie standard et peut être publié tel quel.
    """
    with progress_bar(url) as progress:
        visited = crawl.audit(url, progress)
    if as_json:
        say_json(dataclasses.asdict(visited))
    else:
        say(reports.render(visited, lang).rstrip("\n"))
    number = len(visited.findings)
    tell(counted(number, "{n} constat", "{n} constats") if number else _("Rien à signaler."))
    if visited.stopped:
        message = _("radio: {url} : arrêté après {stopped} ; le site en a davantage")
        tell(message, url=url, stopped=visited.stopped)
    return number + bool(visited.stopped)
