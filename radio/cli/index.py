"""Make what is derived from the files."""

import contextlib
import math
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager

import click

from radio.archive import Archive
from radio.archive.episode import Episode
from radio.bags.sums import measure_all
from radio.cli.booklets import make_booklets, make_dossiers, make_plans
from radio.cli.hearing import listen_a_while
from radio.cli.lines import say
from radio.cli.terminal import accept_losses, each_of, progress_bar, with_archive
from radio.derived.chapters.chapters import keep_proposals, missing_proposals
from radio.ingest.waveforms import draw, undrawn
from radio.search import Index
from radio.search.sense import vectors
from radio.static_site.export import freeze
from radio.system.errors import AudioError, ModelError, TranscriptError
from radio.system.messages import _
from radio.system.progress import Progress
from radio.transcribe import voices
from radio.work.allowance import Allowance
from radio.work.rest import UNFINISHED
from radio.work.tries import note_failure, worth_telling

PATIENCE = 120.0  # seconds after which a run leaves books to the next one

Bar = Callable[[str], AbstractContextManager[Progress]]
"""Shows under a label how much of something is done."""


@click.command("index")
@with_archive
@click.option("--rebuild", is_flag=True, help=_("Make it anew from the files."))
@click.option("--pages", is_flag=True, help=_("Also the pages that go with the whole archive."))
@click.option(
    "--rest",
    is_flag=True,
    hidden=True,
    help=_("Only what a site at work does not do itself: not the search index."),
)
@click.option(
    "--listen", is_flag=True, hidden=True, help=_("Only listen to some recordings, for a while.")
)
@click.option("--booklets", is_flag=True, help=_("Also booklets to print, and books of dossiers."))
@accept_losses
def command(archive: Archive, rebuild: bool, pages: bool, accept: bool, **asked: bool) -> None:
    """Bring what is made of the files up to date.

    That is the search index, missing waveforms, voices and proposals of chapters, and the checksums
    that downloads of the whole archive need. Where many files vanished at once, as with a disk that
    is not there, what was made of them stays, and the exit code is 1.
    """
    archive.require()
    rest = asked["rest"]
    if asked["listen"]:
        sys.exit(listen_a_while(archive))
    bar: Bar = _silent if rest else progress_bar
    failures = _tell(archive, worth_telling(archive) if rest else voices.untold(archive), bar)
    if not rest:
        _refresh(archive, rebuild, accept)
    is_made = _make(archive, pages, bar) and not failures
    left = 0
    if rest or asked["booklets"]:
        left, failures = _make_books(archive, bar, rest, bound=not asked["booklets"])
    sys.exit(1 if failures or not is_made else UNFINISHED if left else 0)


def _make_books(archive: Archive, bar: Bar, rest: bool, *, bound: bool) -> tuple[int, int]:
    """Make missing books, as long as they may take; tell how many are left, how many failed."""
    allowance, left, failures = Allowance(archive), 0, 0
    makers = [(make_booklets, _("Booklets")), (make_dossiers, _("Books of dossiers"))]
    for make, label in [(make_plans, "")] * rest + makers:
        seconds = min(PATIENCE, allowance.left) if bound else math.inf
        with bar(label) as progress:
            told = allowance.watch(progress) if bound else progress
            more, failed = make(archive, told, seconds)
        left, failures = left + more, failures + failed
    allowance.note(left)
    return left, failures


def _tell(archive: Archive, keys: Iterable[str], bar: Bar) -> int:
    """Tell who speaks where nobody listened yet, before all that is made of texts."""

    def tell(key: str) -> None:
        duration = archive.episode(key).audio.duration or 1.0
        try:
            with bar(key) as progress:
                voices.tell(archive, key, lambda seconds: progress(seconds / duration))
        except (AudioError, TranscriptError):
            note_failure(archive, key)
            raise

    if not os.access(archive.transcripts, os.W_OK):  # a site that may only read them
        return 0
    try:
        return each_of(keys, tell)
    except ModelError as error:
        say(f"radio: {error}", err=True)
        return 1


def _refresh(archive: Archive, rebuild: bool, accept: bool) -> None:
    """Bring the search index up to date. Exit with 1 where too many files vanished."""
    changes = Index(archive).refresh(rebuild=rebuild, accept=accept)
    note = _(", {held} kept").format(held=changes.held) if changes.held else ""
    say(
        _("{indexed} indexed, {removed} removed{kept}").format(
            indexed=changes.indexed, removed=changes.removed, kept=note
        ),
        err=True,
    )
    if changes.held:
        sys.exit(1)


@contextlib.contextmanager
def _silent(_label: str) -> Iterator[Progress]:
    """Show nothing: the journal of whoever works by itself keeps what fails, and no more."""
    yield lambda _: None


def _make(archive: Archive, pages: bool, bar: Bar) -> bool:
    """Make what is missing of the rest, and tell whether all of it could be made."""

    def take(episode: Episode) -> None:
        with bar(episode.slug) as progress:
            draw(archive, episode, progress)

    failures = each_of(missing_proposals(archive), lambda episode: keep_proposals(archive, episode))
    if pages:
        with bar(_("Pages")) as progress:
            freeze(archive, archive.site, progress)
    with bar(_("Checksums")) as progress:
        measure_all(archive, progress)
    failures += each_of(undrawn(archive), take)
    return not failures + _make_vectors(archive, bar)


def _make_vectors(archive: Archive, bar: Bar) -> int:
    """Make what the search by sense needs, and tell how many episodes failed."""
    keys = [each.key for each in vectors.missing(archive)]
    if not keys:
        return 0
    with bar(_("Sense")) as progress:
        failures = vectors.make_all(archive, keys, progress)
    for failure in failures:
        say(f"radio: {failure}", err=True)
    return len(failures)
