"""Protect people: who may hear episodes, passages taken out and given back, better copies."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from radio.actions import protecting, redacting
from radio.actions.action import catch_up
from radio.actions.replacing import BetterCopy, CopyHeard, listen, put_in_place, require_other
from radio.archive import Archive
from radio.archive.episode import Episode
from radio.cli.acting import YES, acting, on_episode, tell_left
from radio.cli.lines import say, tell
from radio.cli.terminal import confirm, progress_bar
from radio.search import Index
from radio.system.messages import _
from radio.text.transcript import clock


@click.command("publish")
@acting(protecting.publish)
def publish() -> None:
    """Donner de nouveau à entendre des épisodes retirés ou sous embargo."""


@click.command("embargo")
@acting(protecting.embargo)
def embargo() -> None:
    """Taire des épisodes avant un jour : « 25/12/2026 », « 1er janvier 2027 ».

    Ils paraissent d’eux-mêmes ce jour-là, à minuit.
    """


@click.command("withdraw")
@acting(protecting.withdraw)
def withdraw() -> None:
    """Retirer des épisodes : plus rien à entendre ni à lire, ni pages, ni recherche, ni flux, ni
    téléchargements, ni copies.

    Leur adresse dit qu’ils ont été retirés, et pourquoi. Les fichiers restent ; `radio protect
    publish` les redonne.
    """


@click.command("noindex")
@acting(protecting.hide)
def noindex() -> None:
    """Demander aux moteurs de recherche de laisser des épisodes de côté ; la recherche de l’archive
    les trouve toujours.
    """


@click.command("redact")
@on_episode(*redacting.FIELDS, YES)
def redact(archive: Archive, episode: Episode, sure: bool, **asked: Any) -> None:
    """Retirer d’un épisode le passage entre deux moments (12:34.5, ou des secondes).

    Il est muet dans le son, et absent du texte, de ce que la machine a entendu, des versions
    anciennes, de la recherche, des flux, des téléchargements et de tout ce qui en fut fait ; le
    site en fichiers suit au prochain `radio export site`, les copies et les épisodes gardés à leur
    prochaine visite. Le son est encodé de nouveau. L’original est scellé ou détruit : dites lequel.
    `radio undo` ne le ramène pas.
    """
    request = redacting.Request(**asked)
    if not request.fate:
        raise click.UsageError(_("dites ce que devient l’original : --seal ou --destroy"))
    archive.transcript(episode.key)  # one that can't be read would go whole: mend it first
    if not sure:
        question = (
            _("Retirer de {key} le passage de {start} à {end}, et sceller l’original ?")
            if request.fate == "seal"
            else _(
                "Retirer de {key} le passage de {start} à {end}, et détruire l’original "
                "pour toujours ?"
            )
        )
        _confirm(question, episode, request.start, request.end)
    with progress_bar(_("Son")) as progress:
        left = redacting.take_out(archive, Index(archive), episode, request, progress)
    say(_("{key} : le passage a été retiré"), key=episode.key)
    tell_left(left)


@click.command("unseal")
@on_episode(replace(YES, help=_("Ne pas demander, et remettre aussi l’ancien texte.")))
def unseal(archive: Archive, episode: Episode, sure: bool, note: str) -> None:
    """Rendre l’original du dernier passage retiré d’un épisode.

    Son et textes sont comme avant, sauf les noms remplacés depuis ; la page et le flux ne disent
    plus qu’un passage a été retiré. Ce qui en tenait lieu va dans le dossier `trash`. `radio
    protect redact` retire de nouveau le passage. Ce qui fut détruit ne peut être rendu.
    """
    redacting.sealed_original(archive, episode.key)
    if not sure:
        passage = episode.redactions[-1]
        asked = _("Faire entendre de nouveau à tout le monde {start} à {end} de {key} ?")
        _confirm(asked, episode, passage.start, passage.end)
    redacting.unseal(archive, episode.key, is_sure=sure, note=note)
    catch_up(archive, Index(archive), [episode.key])
    say(_("{key} : l’original est de retour"), key=episode.key)


def _confirm(question: str, episode: Episode, start: float, end: float) -> None:
    confirm(_(question, key=episode.key, start=clock(start), end=clock(end)))


@click.command("replace")
@on_episode(replace(YES, help=_("Le remplacer malgré tout.")))
@click.argument(
    "file", metavar=_("FICHIER"), type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
def put_better(archive: Archive, episode: Episode, file: Path, sure: bool, note: str) -> None:
    """Mettre une meilleure copie de la même émission à la place de l’enregistrement d’un épisode.

    Son adresse et son nom dans les flux restent ; texte, chapitres et ce que la machine a entendu
    sont posés sur le nouvel enregistrement, là où chaque moment s’y entend : autour d’une coupe, à
    une autre allure. L’ancien va dans le dossier `trash` ; `radio undo` le ramène tant qu’il y est
    et que rien d’autre n’a changé. Un fichier qui ne lui ressemble pas est refusé, et tout fichier
    là où un passage a été retiré : il l’a peut-être ; --yes le prend.
    """
    copy = BetterCopy(file, sure, note)
    require_other(episode, copy)
    with progress_bar(_("Écoute")) as progress:
        heard = listen(archive, episode, copy, progress)
    with progress_bar(_("Son")) as progress:
        put_in_place(archive, Index(archive), episode, copy, heard, progress)
    say(_("{key} : remplacé ; `radio undo` le défait"), key=episode.key)
    for remark in _remarks(episode.key, heard):
        tell(remark)


def _remarks(key: str, heard: CopyHeard) -> Iterator[str]:
    if not heard.is_known:
        yield _(
            "il ne lui ressemble pas, le texte garde donc ses moments ; `radio transcribe "
            "--again {key}` l’écoute, `radio text align {key} TEXTE` y pose un texte",
            key=key,
        )
    elif offset := heard.moments.offset:
        yield _("tout y est dit {offset:+.2f} s plus tard, et le texte suit", offset=offset)
    elif offset is None:
        yield _("le texte y est posé, moment par moment")
    for gap in heard.moments.gaps():
        yield _(
            "à {at} : il y manque {lacks:.0f} s, {adds:.0f} s y sont nouvelles",
            at=clock(gap.at),
            lacks=gap.lacks,
            adds=gap.adds,
        )
    if not heard.is_whole:
        yield _(
            "l’un contient plus que l’autre : relisez le texte, ou `radio transcribe --again "
            "{key}`",
            key=key,
        )
