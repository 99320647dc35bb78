"""Make what is derived from the files."""

import sys

import click

from radio.archive import Archive
from radio.bags.payload import CHECKSUMS
from radio.cli.lines import tell, warn
from radio.cli.terminal import accept_losses, progress_bar, public_address, with_archive
from radio.derived.chapters import CHAPTERS
from radio.derived.recipe import Failed, Kind, Made, Making, Means, Message, Reached, Recipe
from radio.ingest.waveforms import WAVEFORMS
from radio.search import Index
from radio.search.sense.vectors import VECTORS
from radio.static_site.making import PAGES
from radio.system.errors import ModelError
from radio.system.messages import _
from radio.system.progress import Progress
from radio.transcribe.recipes import VOICES
from radio.work.recipes import BOOKS

LABELS: dict[Kind, str] = {
    "voices": _("Voices"),
    "chapters": _("Chapters"),
    "pages": _("Pages"),
    "checksums": _("Checksums"),
    "waveforms": _("Waveforms"),
    "sense": _("Sense"),
    "books": _("Booklets"),
}


@click.command("index")
@with_archive
@click.option("--rebuild", is_flag=True, help=_("Make it anew from the files."))
@click.option("--pages", is_flag=True, help=_("Also the pages that go with the whole archive."))
@click.option("--booklets", is_flag=True, help=_("Also booklets to print, and books of dossiers."))
@accept_losses
def command(archive: Archive, rebuild: bool, pages: bool, booklets: bool, accept: bool) -> None:
    """Bring what is made of the files up to date.

    That is the search index, missing waveforms, voices and proposals of chapters, and the checksums
    that downloads of the whole archive need. Where many files vanished at once, as with a disk that
    is not there, what was made of them stays, and the exit code is 1.
    """
    archive.require()
    means = Means(base_url=public_address() if booklets else "", is_hurried=True)
    failures = _make(archive, VOICES, means)
    _refresh(archive, rebuild, accept)
    last = [BOOKS] if booklets else []
    for recipe in (CHAPTERS, *([PAGES] if pages else []), CHECKSUMS, WAVEFORMS, VECTORS, *last):
        failures += _make(archive, recipe, means)
    sys.exit(1 if failures else 0)


def _make(archive: Archive, recipe: Recipe, means: Means) -> int:
    """Make what is missing by a recipe, and tell how many failed."""
    keys = recipe.missing(archive)
    if not keys:
        return 0
    with progress_bar(LABELS[recipe.kind]) as progress:
        shown = _Shown(len(keys), progress)
        try:
            recipe.make(archive, keys, Making(shown.take, means))
        except ModelError as error:
            shown.take(Failed("", str(error)))
    return shown.failures


class _Shown:
    """How it goes, for whoever reads along: how much is done, and what fails."""

    def __init__(self, number: int, progress: Progress):
        self._number, self._progress = number, progress
        self._done = self.failures = 0

    def take(self, message: Message) -> None:
        """Take in what is told."""
        match message:
            case Reached(_, share):
                self._progress(min((self._done + share) / self._number, 1.0))
            case Made():
                self._done += 1
            case Failed(_, text):
                self._done += 1
                self.failures += 1
                warn(text)


def _refresh(archive: Archive, rebuild: bool, accept: bool) -> None:
    """Bring the search index up to date. Exit with 1 where too many files vanished."""
    changes = Index(archive).refresh(rebuild=rebuild, accept=accept)
    note = _(", {held} kept").format(held=changes.held) if changes.held else ""
    told = _("{indexed} indexed, {removed} removed{kept}")
    tell(told, indexed=changes.indexed, removed=changes.removed, kept=note)
    if changes.held:
        sys.exit(1)
