"""Take the archive elsewhere: a bag, a site of files, a kit, lists of music, the yearly report."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import click

from radio.archive import Archive
from radio.archive.tunes import read_tune
from radio.bags.export import Export, export_bag
from radio.bags.payload import left_out
from radio.books.annual import figures_of, name_of, render_heard, render_page, render_programmes
from radio.cli.acting import read_as
from radio.cli.lines import counted, say, tell, warn
from radio.cli.naming import Several, find_episode, public_address
from radio.cli.terminal import accept_losses, flag, option, progress_bar, with_archive, with_folder
from radio.derived.chapters import chapters_of
from radio.formats.playlists import render_tunes
from radio.kit.music_free import WITHOUT, plan_of, render_plan, write_copy
from radio.kit.rebroadcast import write_kit
from radio.proposals.revision import document_of
from radio.search import Index
from radio.search.documents import documents as documents_of
from radio.static_site.export import export, freeze
from radio.system.disk import keep, unfinished, write_whole
from radio.system.errors import ArchiveError, SearchError, warned
from radio.system.messages import _
from radio.system.tree import files as files_of_tree
from radio.system.words import LANGUAGES, words_of
from radio.text.transcript import clock

TRIES = 3
DAMAGED = _("radio: {path} : ce n’est plus ce qui avait été écrit ; remplacé si possible")


@with_archive
@click.argument("dest", type=click.Path(path_type=Path))
@flag("--verify", _("Relire ce qui s’y trouve, et remplacer ce qui diffère."))
@accept_losses
def bag(archive: Archive, dest: Path, verify: bool, accept: bool) -> int:
    """Écrire l’archive dans un dossier comme un sac BagIt, épisodes retirés compris.

    Les données du bureau, les originaux scellés, la corbeille et l’historique n’y sont pas, et le
    sac le dit.

    La fois suivante, seul ce qui a changé est copié, et ce que l’archive n’a plus est supprimé,
    sauf si tant de choses ont disparu d’un coup que personne n’a pu le vouloir. `radio ingest DEST`
    le reprend, dans cette archive ou une autre ; data/index.html s’ouvre dans un navigateur, sans
    serveur.
    """
    with warned():  # a bag of what is half done is better than none
        archive.finished()
    faults = 0
    for outcome in _exports(archive, dest, verify=verify, accept=accept):
        for path in outcome.damaged:
            tell(_(DAMAGED, path=path))
        for fault in outcome.faults:
            warn(fault)
        files = counted(outcome.copied, "{n} fichier", "{n} fichiers")
        message = _("copiés : {copied}, gardés : {kept}, supprimés : {removed}")
        tell(message, copied=files, kept=outcome.kept, removed=outcome.removed)
        faults = len(outcome.faults)
    if names := ", ".join(f"{name}/" for name in left_out(archive)):
        message = _(
            "pas dans le sac, pour l’équipe d’ici seule : {names} (sauf les empreintes des "
            "noms remplacés) ; pour les garder, copiez le dossier de l’archive"
        )
        tell(message, names=names)
    return faults


def _exports(archive: Archive, dest: Path, *, verify: bool, accept: bool) -> Iterator[Export]:
    """Write the bag; and again if a removal took index or pages away meanwhile."""
    for left in reversed(range(TRIES)):
        try:
            Index(archive).refresh(accept=accept)
            with progress_bar(_("Pages")) as progress:
                freeze(archive, archive.site, progress, accept=accept)
        except SearchError:
            if left:
                continue
            raise
        with progress_bar(dest.name) as progress:
            yield export_bag(archive, dest, progress, verify=verify, accept=accept)
        pages = files_of_tree(archive.site)
        if pages and all((archive.site / path).exists() for path in pages):
            return


@with_folder
@click.argument("folder", metavar="DEST", type=click.Path(path_type=Path))
@flag("--link", _("Lier les enregistrements au lieu de les copier (même disque)."))
@accept_losses
def site(archive: Archive, folder: Path, link: bool, accept: bool) -> None:
    """Écrire le site en fichiers, pour un disque ou n’importe quel hébergeur.

    Ouvrez index.html : écouter, lire et chercher ne demandent ni serveur ni réseau. Les livres déjà
    faits, pour RADIO_BASE_URL, y sont. Une autre fois, ce qui a changé est écrit et ce qui n’est
    plus public supprimé, rien d’autre, sauf si tant de choses ont disparu d’un coup que personne
    n’a pu le vouloir. Avec --link, ce qui est changé dans le dossier est changé dans l’archive.
    """
    Index(archive.finished()).refresh(accept=accept)
    place, books_url = folder.absolute(), public_address()
    with progress_bar(str(folder)) as progress:
        changes = export(archive, place, progress, link=link, accept=accept, books_url=books_url)
    files = counted(len(changes.files), "{n} fichier", "{n} fichiers")
    message = _("écrits : {written}, supprimés : {removed}, en tout : {files}")
    tell(message, written=changes.written, removed=changes.removed, files=files)
    say(folder / "index.html")


@with_archive
@click.argument("key")
@click.argument("dest", required=False, type=click.Path(path_type=Path, dir_okay=False))
def document(archive: Archive, key: str, dest: Path | None) -> None:
    """Écrire un texte pour un traitement de texte (.docx) : un paragraphe par tour de parole, avec
    son moment et qui parle.

    On y corrige les mots, change les noms, coupe et joint les paragraphes ; `radio text document
    KEY FICHIER` reprend ce qui a changé.
    """
    episode = find_episode(archive, key)
    target = dest or Path(f"{episode.slug}.docx")
    if target.exists():
        raise ArchiveError(_("{path} : existe déjà ; choisissez un autre nom"), path=target)
    write_whole(target, document_of(archive, episode))
    say(target)


@with_archive
@option(
    "--known",
    _("Ce que le moteur a déjà : une ligne par épisode, sa clé et son empreinte."),
    _("FICHIER"),
    type=click.File(encoding="utf-8"),
)
def documents(archive: Archive, known: TextIO | None) -> None:
    """Écrire les passages de l’archive pour un autre moteur de recherche, une ligne de JSON chacun.

    Avec --known, seulement ce qui a changé, et ce qu’il doit oublier. docs/fr/scale.md dit comment
    PostgreSQL ou OpenSearch les prend.
    """
    has = dict(line.rstrip("\n").split(" ", 1) for line in known or () if " " in line)
    for line in documents_of(archive.finished(), has):
        say(json.dumps(line, ensure_ascii=False))


@with_archive
@click.argument("key")
@click.argument("dest", type=click.Path(path_type=Path))
def kit(archive: Archive, key: str, dest: Path) -> None:
    """Écrire ce qu’il faut à une autre radio pour rediffuser un épisode, dans un dossier ou un ZIP.

    L’enregistrement, une copie à -16 LUFS, mesurée de nouveau, le conducteur en texte et en CSV, la
    durée exacte, licence, droits et contact en mots, et le sha256 de chaque fichier.
    """
    episode = find_episode(archive, key)
    with progress_bar(_("Rediffusion")) as progress:
        write_kit(archive, episode, chapters_of(archive, episode), dest, progress)
    say(dest)


@with_archive
@click.argument("key")
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False))
def music_free(archive: Archive, key: str, folder: Path | None) -> None:
    """Lister les musiques d’un épisode ; écrire dans un dossier une copie sans elles, avec cette
    liste.

    Aucun mot que la machine a entendu n’est coupé. Là où quelque chose s’entend sous les voix, la
    liste dit `beneath` : cela reste, et une personne doit écouter. L’enregistrement, lui, ne change
    pas.
    """
    episode = find_episode(archive, key)
    if folder is None:
        with progress_bar(_("Musiques")) as progress:
            plan = plan_of(archive, episode, progress)
        click.echo("".join(render_plan(plan)), nl=False)
        return
    target = folder / f"{episode.slug}.{WITHOUT.replace(' ', '-')}.mp3"
    if target.exists():
        raise ArchiveError(_("{path} : existe déjà ; choisissez un autre nom"), path=target)
    with unfinished(target) as part:
        with progress_bar(_("Copie sans musique")) as progress:
            plan = write_copy(archive, episode, part, progress)
        keep(part, target)
    write_whole(target.with_suffix(".csv"), "".join(render_plan(plan)).encode())
    say(target)
    say(target.with_suffix(".csv"))


@with_archive
@click.argument("keys", metavar="[KEY]…", nargs=-1)
@option("--from", _("Seulement à partir de ce jour."), _("JOUR"), "since", callback=read_as("day"))
@option("--to", _("Seulement jusqu’à ce jour."), _("JOUR"), "until", callback=read_as("day"))
@flag("--csv", _("En CSV, comme les sociétés d’auteurs le demandent."), "as_csv")
def playlist(
    archive: Archive, keys: Several, since: dt.date | None, until: dt.date | None, as_csv: bool
) -> None:
    """Lister les musiques que jouent les épisodes, du plus ancien au plus récent.

    Elles viennent de leurs fiches ; `radio edit CLÉ playlist="…"` les écrit, comme « Artiste –
    Titre [Label] 3:25 @12:30 » : combien de temps elle est jouée, et quand elle commence. Sans clé,
    celles de tous les épisodes diffusés en certains jours, retirés compris : ils ont été à
    l’antenne.
    """
    found = [find_episode(archive, key) for key in keys] if keys else archive.episodes()
    episodes = [each for each in found if (since or each.date) <= each.date <= (until or each.date)]
    episodes.sort(key=lambda each: (each.date, each.slug))
    if as_csv:
        listed = ((archive.show(each.show), each) for each in episodes)
        click.echo(render_tunes(listed), nl=False)
        return
    lines = list[str]()
    for each in episodes:
        if each.playlist:
            lines.append(f"{each.known_date}  {each.title}  ({each.key})".strip())
        for tune in map(read_tune, each.playlist):
            start = "" if tune.start is None else clock(tune.start)
            label = f" [{tune.label}]" if tune.label else ""
            length = "" if tune.length is None else f"  {clock(tune.length)}"
            lines[-1] += f"\n{start:>8}  {tune.name}{label}{length}"
    say("\n\n".join(lines) or _("Aucune musique n’est notée."))


@with_archive
@click.argument("year", type=click.IntRange(1900, 9999), default=lambda: dt.date.today().year)
@option(
    "--to",
    _("Où vont les deux fichiers ; par défaut le dossier courant."),
    _("DOSSIER"),
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
)
@option("--language", _("La langue de la page."), type=click.Choice(sorted(LANGUAGES)))
def report(archive: Archive, year: int, folder: Path | None, language: str | None) -> None:
    """Écrire le rapport d’une année : une page à imprimer, et ses programmes en CSV.

    Heures diffusées, entrées et gardées, mois, émissions, collectifs, thèmes, personnes, part qui a
    un texte et part relue, et chaque programme par titre, date et durée, comme les fonds de soutien
    les demandent. Là où les écoutes sont comptées (RADIO_COUNT), aussi leurs nombres, et un CSV
    jour par jour ; sinon l’écoute n’est pas comptée : personne n’est observé.
    """
    figures, name, folder = figures_of(archive, year), name_of(archive), folder or Path()
    folder.mkdir(parents=True, exist_ok=True)
    page, table = folder / f"rapport-{year}.html", folder / f"rapport-{year}.csv"
    write_whole(page, render_page(name, figures, words_of(language or "fr")).encode())
    write_whole(table, render_programmes(figures))
    say(page)
    say(table)
    if figures.heard:
        write_whole(folder / f"ecoutes-{year}.csv", render_heard(archive, year))
        say(folder / f"ecoutes-{year}.csv")
