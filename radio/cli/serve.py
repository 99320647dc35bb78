"""Serve the site, and the demonstration."""

from pathlib import Path

import click

from radio.archive import Archive, imprint
from radio.cli.commands import ROOT
from radio.cli.lines import tell
from radio.cli.naming import public_address
from radio.cli.terminal import on_port, option, progress_bar, with_archive
from radio.demo import SEARCH, prepare
from radio.server import serve
from radio.system.messages import _
from radio.transcribe import extras

DEMO = ".demo"
on_host = click.option("--host", default="127.0.0.1", show_default=True)


@with_archive
@on_host
@on_port
@option(
    "--desk",
    _("Un autre port pour le bureau ; le site lui-même n’en a alors pas."),
    type=click.IntRange(1, 65535),
)
@option(
    "--metrics",
    _("Un port où cette machine seule lit des comptes pour Prometheus, sans rien de qui écoute."),
    type=click.IntRange(1, 65535),
)
def site(archive: Archive, host: str, port: int, desk: int | None, metrics: int | None) -> None:
    """Lancer le site.

    RADIO_BASE_URL est l’adresse par laquelle le public y vient.
    """
    base_url = public_address()
    if metrics:
        extras.require("prometheus_client")

    def ready(address: str) -> None:
        tell(address)
        if not base_url:
            message = _(
                "RADIO_BASE_URL n’est pas donnée : flux, plan du site et listes de lecture en ont "
                "besoin, et les citations sont sans adresse"
            )
            tell(message)
        if not imprint.about(archive.root).contact:
            message = _(
                "site.json ne donne pas de contact : personne ne peut vous signaler une erreur"
            )
            tell(message)

    serve(archive, host, port, ready, base_url=base_url, desk=desk, metrics=metrics)


def _folder(context: click.Context, _option: object, given: str | None) -> Path:
    return Path(given or context.meta.get(ROOT) or DEMO)


@option("--root", _("La garder dans ce dossier."), show_default=DEMO, callback=_folder)
@on_host
@on_port
def demo(root: Path, host: str, port: int) -> None:
    """Transcrire ici trois émissions d’exemple, et lancer leur site."""

    def ready(address: str) -> None:
        message = _(
            "\n"
            "L’archive répond sur {address}\n"
            "Essayez {address}/search?q={search}\n"
            "Elle reste dans {root} : `radio search --root {root} {search}` l’y trouve"
        )
        tell(message, address=address, search=SEARCH, root=root)

    archive = Archive(root)
    prepare(archive, progress_bar, tell)
    base_url = public_address() or f"http://{host}:{port}"
    serve(archive, host, port, ready, base_url=base_url)
