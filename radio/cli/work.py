"""All automatic work, in one process."""

import signal
from collections.abc import Callable

from radio.archive import Archive
from radio.cli.lines import counted, say, tell
from radio.cli.naming import public_address
from radio.cli.terminal import Command, flag, option, with_archive
from radio.cli.transcribe import read_hours, with_engine, with_threads
from radio.static_site import PAGES
from radio.system import process
from radio.system.messages import _
from radio.transcribe.schedule import Hours
from radio.work.status import LOCK, Asked, read_status
from radio.work.tries import pause, try_again
from radio.work.worker import Worker, WorkOptions

QUIET = "23:00-07:00"


def _order(name: str, told: str) -> Callable[[Command], Command]:
    return flag(f"--{name}", told, "order", flag_value=name)


@with_archive
@option(
    "--quiet",
    _("Heures de la meilleure passe, ou `always` pour toujours (RADIO_QUIET)."),
    QUIET,
    envvar="RADIO_QUIET",
    default=QUIET,
    callback=read_hours,
)
@flag("--once", _("Faire ce qu’il y a à faire maintenant, puis finir."))
@with_engine("auto", shown=True)
@option("--first", _("Pour la première passe ; base, sinon le plus léger."), _("MODÈLE"))
@option("--model", _("Pour la meilleure passe ; le meilleur par défaut."), _("MODÈLE"), "better")
@with_threads
@option(
    "--follow/--no-follow",
    _(
        "Regarder ce qui est suivi ; inutile là où `radio source look --due` le fait, avec un "
        "réseau."
    ),
    default=True,
)
@option(
    "--rehear/--no-rehear",
    _("Réécouter ce qui est incertain, quand rien d’autre n’est à faire ; pas avec --once."),
    default=True,
)
@_order("retry", _("Seulement réessayer ce qui a échoué, par celui qui tourne ou le prochain."))
@_order("pause", _("Seulement mettre en pause celui qui tourne, jusqu’à nouvel ordre."))
@_order("resume", _("Seulement le faire reprendre."))
def command(
    archive: Archive,
    quiet: Hours | None,
    once: bool,
    engine: str,
    first: str | None,
    better: str | None,
    threads: int | None,
    follow: bool,
    rehear: bool,
    order: str | None,
) -> int:
    """Faire tout ce qui se fait seul, jusqu’à l’arrêt.

    Les nouveaux épisodes sont transcrits aussitôt avec un modèle léger, pour être trouvés en
    quelques minutes, et de nouveau aux heures calmes avec le meilleur modèle présent, les moins
    sûrs d’abord. Chapitres, empreintes, formes d’onde et pages viennent après ; ce qui est suivi
    (`radio source add`) est visité quand c’est l’heure. Tout cela avec la plus basse priorité ;
    arrêtez-le quand vous voulez. `radio status` dit où il en est.
    """
    if order == "retry":
        troubles = read_status(archive).troubles
        try_again(archive, troubles)
        say(counted(len(troubles), "{n} chose sera réessayée", "{n} choses seront réessayées"))
        return 0
    if order:
        pause(archive, on=order == "pause")
        say(_("en pause ; --resume pour reprendre") if order == "pause" else _("reprend"))
        return 0
    process.lower_priority()
    process.spare(heaps=1)
    asked = Asked(engine, first or "", better or "", rehear and not once)
    options = WorkOptions(asked, quiet, threads, once, follow, public_address())
    worker = Worker(archive, options, say, PAGES)
    signal.signal(signal.SIGTERM, lambda *_: worker.stop())
    try:
        with archive.lock(LOCK, wait=False):  # nobody else works on it
            worker.run()
    except KeyboardInterrupt:
        tell(_("\nArrêté ; ce qui est fait est gardé : la même commande reprendra là."))
    return worker.failures if once else 0
