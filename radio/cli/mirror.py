"""The command that copies another instance."""

from functools import partial
from itertools import chain

import click

from radio.actions.deletion import forget_episode
from radio.archive import Archive
from radio.cli.intake import readers_for
from radio.cli.lines import say, tell, warn
from radio.cli.terminal import accept_losses, each_of, progress_bar, with_folder
from radio.mirror.copy import open_copy
from radio.mirror.difference import Unit
from radio.search import Index
from radio.system.errors import RadioError
from radio.system.messages import _

NAMED = 5  # episodes that are gone


@with_folder
@click.argument("url")
@accept_losses
def command(archive: Archive, url: str, accept: bool) -> int:
    """Copier une autre archive, ou ce qui y a changé depuis.

    Chaque empreinte est vérifiée, une copie coupée reprend où elle en était, et seul est effacé ce
    qui a été oublié là-bas (`radio delete --forget`). La copie a un dossier à elle, que la commande
    crée. Là où beaucoup a disparu d’un coup, comme quand un disque est débranché, rien n’est
    repris, et là où beaucoup a été oublié d’un coup, rien n’est effacé, sauf si vous donnez --yes.
    """
    forget = partial(forget_episode, is_copy=True)
    with open_copy(archive, url, accept=accept, forget=forget) as copy:

        def take(unit: Unit | RadioError) -> None:
            if isinstance(unit, RadioError):
                raise unit
            with progress_bar("…" if unit.is_forgotten else unit.key) as progress:
                remarks = copy.take(unit, progress)
            if not unit.is_forgotten:
                say(unit.key)
            for remark in remarks:
                warn(remark)

        if losses := copy.difference.gone():
            names = ", ".join(losses[:NAMED]) + (", …" if len(losses) > NAMED else "")
            message = _("radio: {gone} n’y sont plus, gardés ici : {names}")
            tell(message, gone=len(losses), names=names)
        try:
            faults, units = copy.difference.faults, copy.difference.units
            with readers_for(len(units)):
                failures = each_of(chain[Unit | RadioError](faults, units), take)
            if not failures:
                copy.finish()
        finally:
            Index(archive).refresh(accept=accept)
    return failures
