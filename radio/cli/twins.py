"""Two copies of one recording: find them, merge them."""

import click

from radio.actions import merging
from radio.actions.merging import Merger
from radio.archive import Archive
from radio.archive.episode import Episode
from radio.cli.lines import duration, say, say_each, tell
from radio.cli.naming import Several, find_episode
from radio.cli.terminal import as_json, flag, listen, option, progress_bar, with_archive
from radio.derived.prints import Prints
from radio.proposals.twins.prints import Twins, propose
from radio.search import Index
from radio.system.messages import _


@with_archive
@click.argument("keys", nargs=-1, metavar=_("CLÉ CLÉ"))
@flag("--find", _("Écouter, et lister les épisodes qui se ressemblent au son."))
@option(
    "--apart", _("Ces deux-là ne sont pas les mêmes : ne plus les proposer."), _("CLÉ CLÉ"), nargs=2
)
@option("--keep", _("Garder celui-ci, même si l’autre sonne mieux."), _("CLÉ"))
@flag("--yes", _("Les fusionner même s’ils ne se ressemblent pas."), "sure")
@as_json
def merge(
    archive: Archive,
    keys: Several,
    find: bool,
    apart: tuple[str, str] | None,
    keep: str | None,
    sure: bool,
    as_json: bool,
) -> None:
    """Fusionner deux épisodes qui ont le même enregistrement : le meilleur son reste, avec tout ce
    que l’on sait des deux.

    Personnes, mots-clés, liens, chapitres, et le texte qu’une personne a écrit vont à celui qui
    reste, et celui de la machine s’il n’en a pas ; l’adresse de l’autre y mène, et ses fichiers
    vont dans `trash`. `radio undo` annule le tout, tant que la corbeille n’est pas vidée.

    Rien n’est fusionné sans vous : --find liste les épisodes qui se ressemblent au son, quels que
    soient leur format, leurs étiquettes et leur volume. Chaque enregistrement est écouté une fois,
    en quelques secondes par heure ; un travail interrompu reprend la fois suivante.
    """
    if apart:
        first, second = (find_episode(archive, key) for key in apart)
        tell(merging.part(archive, first, second))
    elif find:
        _find(archive, as_json)
    elif len(keys) == 2:
        one, two = (find_episode(archive, key) for key in keys)
        _merge(archive, one, two, keep, sure)
    else:
        raise click.UsageError(_("nommez deux épisodes, ou --find"))


def _merge(archive: Archive, one: Episode, two: Episode, keep: str | None, sure: bool) -> None:
    if not sure:
        merging.require_whole(one, two)
    choice = _chosen(archive, one, two, keep)
    texts = {each.description for each in (one, two) if each.description}
    with progress_bar(_("Écoute"), 2.0) as progress:
        merging.unite(archive, choice, progress, is_sure=sure)
    Index(archive).refresh()
    say(choice.summary)
    if len(texts) > 1 and archive.episode(choice.kept.key).description not in texts:
        tell(_("les deux descriptions sont gardées, l’une après l’autre"))


def _chosen(archive: Archive, one: Episode, two: Episode, keep: str | None) -> Merger:
    if keep is None:
        with progress_bar(_("Qualité"), 2.0) as progress:
            return merging.judge(archive, one, two, progress)
    if keep not in (one.key, two.key):
        raise click.UsageError(_("--keep nomme l’un des deux"))
    return merging.known_choice(archive, one, two, keep)


def _find(archive: Archive, as_json: bool) -> None:
    """List the episodes that sound alike, after listening to the new ones."""
    prints = Prints(archive)
    if missing := prints.missing():
        listen(missing, prints.of)
    with progress_bar(_("Comparaison")) as progress:
        found = propose(archive, progress)

    def line(each: Twins) -> str:
        whole = _("{first} = {second} : {common} en commun, ressemblance {agreement:.0%}")
        part = _(
            "{first} ≈ {second} : un extrait, {common} en commun, ressemblance {agreement:.0%}"
        )
        unsure = _("{first} ? {second} : pareils par endroits, ressemblance {agreement:.0%}")
        message = (whole if each.likeness.is_whole else part) if each.likeness.is_sure else unsure
        common = duration(each.likeness.common)
        keys = {"first": each.first.key, "second": each.second.key}
        return _(message, **keys, common=common, agreement=each.likeness.agreement)

    say_each(found, as_json, line, _as_value, _("Aucun doublon."))


def _as_value(twins: Twins) -> dict[str, object]:
    found = twins.likeness
    sounds = {"agreement": round(found.agreement, 3), "offset": found.offset, "sure": found.is_sure}
    shared = {"common": found.common, "share": round(found.share, 3), "whole": found.is_whole}
    return {"first": twins.first.key, "second": twins.second.key, **sounds, **shared}
