"""Copies of the whole archive: made, tried, brought back."""

from pathlib import Path

import click

from radio.archive import Archive
from radio.archive.check import Finding, check
from radio.cli.check import KINDS
from radio.cli.lines import counted, duration, say, say_each, tell, warn
from radio.cli.terminal import accept_losses, flag, option, progress_bar, with_archive, with_folder
from radio.preservation.backup import PARTS, back_up, choose
from radio.preservation.copies import Copies, Snapshot
from radio.preservation.restore import Restored, drill, restore_some
from radio.preservation.restore import restore as bring_back
from radio.search import Index, SearchOptions
from radio.system import process
from radio.system.messages import _

WHEN = "%Y-%m-%d %H:%M"
with_program = option(
    "--with",
    _("Par quel programme ; sinon celui qui a fait les copies qui y sont."),
    "rsync|restic",
    "program",
    default="",
    show_default=False,
    type=click.Choice(["", "rsync", "restic"]),
)


@with_archive
@click.argument("place", required=False, default="", metavar=_("[OÙ]"))
@with_program
@accept_losses
@option(
    "--read-back",
    _("Relire le nouveau, et de ce qui était déjà copié une part sur N."),
    "N",
    "parts",
    default=PARTS,
    type=click.IntRange(1),
)
@flag("--keep-all", _("N’ôter aucune copie plus ancienne."))
@flag("--drill", _("Essayer la dernière copie : la reprendre à part, tout relire, l’ôter."))
def command(
    archive: Archive,
    place: str,
    program: str,
    accept: bool,
    parts: int,
    keep_all: bool,
    drill: bool,
) -> int:
    """Copier toute l’archive, sauf ce qui se refait, et relire la copie.

    OÙ est un dossier d’un autre disque, « nom@machine:/dossier » par SSH, ou un dépôt restic ; sans
    lui, RESTIC_REPOSITORY ou RADIO_BACKUP. restic copie s’il est là avec sa phrase secrète
    (RESTIC_PASSWORD_FILE), sinon rsync : un dossier par copie, où ce qui n’a pas changé ne prend
    pas de place. On peut travailler pendant ce temps.

    Restent les copies de 7 jours, 4 semaines, 12 mois et de toutes les années. Ce que la dernière
    copie a et qui n’est plus ici est nommé, et aucune copie n’est faite sans --yes.

    Avec --drill, rien n’est copié : la dernière copie est reprise à part (TMPDIR), chaque empreinte
    comparée, un mot cherché, un enregistrement décodé. Code de sortie 0 : tout va bien ; 1 : non.
    """
    process.lower_priority()
    copies = choose(archive.root, place, program)
    if drill:
        return _try(archive, copies)
    made = back_up(
        archive, copies, accept=accept, parts=parts, keep_all=keep_all, stage=progress_bar
    )
    message = _("{place} : copie {name}, {files}, {size:.1f} Go, dont {fresh} de nouveaux")
    files = counted(made.files, "{n} fichier", "{n} fichiers")
    size = made.size / 1e9
    say(
        message, place=copies.place, name=_name(made.copy), files=files, size=size, fresh=made.fresh
    )
    for each in made.forgotten:
        say(_("ôtée : {name}", name=_name(each)))
    for fault in made.faults:
        warn(fault)
    return len(made.faults)


def _try(archive: Archive, copies: Copies) -> int:
    def find(there: Archive, word: str) -> bool:
        index = Index(there)
        index.refresh()
        return index.search(word, SearchOptions(as_typed=True)).total > 0

    done = drill(archive, copies, find, progress_bar)
    for fault in done.faults:
        warn(fault)
    message = _("{place} : copie {name} essayée en {time}, {files} ; trouvé « {word} », lu {heard}")
    say(
        message,
        place=copies.place,
        name=_name(done.copy),
        time=duration(done.minutes * 60),
        files=counted(done.files, "{n} fichier", "{n} fichiers"),
        word=done.word,
        heard=done.heard or "–",
    )
    return len(done.faults)


@with_folder
@click.argument("place", required=False, default="", metavar=_("[OÙ]"))
@click.argument("into", required=False, type=click.Path(path_type=Path), metavar=_("[DOSSIER]"))
@with_program
@option("--copy", _("Laquelle, par le début de son nom ; sinon la dernière."), _("NOM"), "name")
@option("--only", _("Seulement cet épisode ou ce fichier, là où il manque."), _("CLÉ"))
@flag("--list", _("Dire quelles copies il y a."), "is_list")
def restore(
    archive: Archive,
    place: str,
    into: Path | None,
    program: str,
    name: str | None,
    only: str | None,
    is_list: bool,
) -> int:
    """Reprendre une copie dans un dossier vide, et comparer chaque empreinte.

    OÙ est ce qui fut donné à `radio backup` ; DOSSIER, vide ou nouveau, est par défaut celui de
    l’archive. Un fichier abîmé est pris d’une copie plus ancienne qui l’a entier ; ce qui manque
    est nommé, et quelle copie l’a. Code de sortie 0 : tout est là ; 1 : non.

    Avec --only, l’archive reste, et seul ce qui y manque d’un épisode (émission/épisode) ou d’un
    fichier (media/…) est repris.
    """
    copies = choose(archive.root, place, program)
    if is_list:
        every = copies.every()
        say_each(every, False, _name, nothing=_("Aucune copie."))
        return 0
    if only:
        brought, stay = restore_some(archive.require(), copies, only, name or "")
        for path in brought:
            say(path)
        for path in stay:
            warn(_("{path} : autre que dans la copie ; il reste comme il est", path=path))
        return 0
    folder = into or archive.root
    done = bring_back(copies, folder, name or "", progress_bar)
    return _tell(folder, done)


def _tell(folder: Path, done: Restored) -> int:
    """Say what was brought back, and what is wrong with it."""
    if not done.has_list:
        warn(
            _(
                "{name} : pas de liste d’empreintes ; ce qui y manque n’est pas su",
                name=done.copy.name,
            )
        )
    for path, name in done.mended.items():
        warn(_("{path} : abîmé dans cette copie, pris de {name}", path=path, name=name))
    for path in done.damaged:
        warn(_("{path} : abîmé dans toutes les copies qui l’ont", path=folder / path))
    for path, name in done.lacking.items():
        found = _("la copie {name} l’a : `radio restore --copy {name} --only {path}`")
        warn(_(found, name=name, path=path) if name else _("{path} : dans aucune copie", path=path))
    with progress_bar(_("Vérification")) as progress:
        findings = list(check(Archive(folder), progress))
    say_each(findings, False, _line)
    faults = len(findings) + len(done.damaged)
    message = _("{folder} : copie {name} reprise, {files}")
    files = counted(done.files, "{n} fichier", "{n} fichiers")
    say(message, folder=folder, name=_name(done.copy), files=files)
    tell(counted(faults, "{n} constat", "{n} constats") if faults else _("Tout est comme avant."))
    return faults


def _line(finding: Finding) -> str:
    return f"{_(KINDS[finding.kind])}: {finding.path}: {finding.detail}"


def _name(copy: Snapshot) -> str:
    """Name a copy and when it was made; a snapshot by as much as restic shows."""
    when = copy.when.strftime(WHEN)
    return copy.name if copy.name[:10] == when[:10] else f"{copy.name[:8]} ({when})"
