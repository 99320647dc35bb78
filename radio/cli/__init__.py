"""The `radio` command: it parses, calls the rooms, and says what happened.

Results go to standard output, messages to standard error. Exit 0: done; 1: failed, with one line
that says what, which file, what to do; 2: wrong usage.
"""

import dataclasses
import logging
import os
import sys
import tempfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from urllib.parse import quote_plus

import click

import radio
from radio.archive import Archive
from radio.check import check as check_archive
from radio.check import write_report
from radio.cli.audit import audit_command
from radio.cli.bags import take_bag
from radio.cli.export import export
from radio.cli.mirror import mirror_command
from radio.cli.terminal import as_json, duration, each_of, json_text, progress_bar, with_archive
from radio.cli.transcription import model, transcribe_command
from radio.demonstration import SEARCHES, prepare
from radio.episode import Episode, slugify
from radio.errors import ArchiveError, RadioError
from radio.ingest.files import find_files, ingest, new_show
from radio.ingest.parcels import is_bag
from radio.ingest.waveforms import draw, undrawn
from radio.publish.bags import measure_all
from radio.publish.chapters import keep_proposals, unproposed
from radio.search import Index, Wanted
from radio.server import serve as serve_site
from radio.transcribe.checkpoint import headway
from radio.transcript import clock
from radio.web.frozen import freeze


def main() -> None:
    """Run the command; what can be explained is one line."""
    logging.basicConfig(format="radio: %(message)s", level=logging.WARNING)
    try:
        cli()
    except RadioError as error:
        click.echo(f"radio: {error}", err=True)
        sys.exit(1)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(radio.__version__, prog_name="radio")
def cli() -> None:
    """Keep, transcribe, search and serve the shows of a radio, on this machine."""


cli.add_command(transcribe_command)
cli.add_command(model)
cli.add_command(audit_command)
cli.add_command(export)
cli.add_command(mirror_command)


@cli.command()
@with_archive
@click.option("--show", metavar="SLUG", help="Add a show of this name.")
@click.option("--title", help="The title of that show.")
def init(archive: Archive, show: str | None, title: str | None) -> None:
    """Make an empty archive, or add a show to one."""
    archive.create()
    if show or title:
        address = os.environ.get("RADIO_BASE_URL", "").rstrip("/")
        added = new_show(archive, show or slugify(title or ""), title or show or "", address)
        click.echo(archive.media / added.slug / "show.json")


@cli.command("ingest")
@with_archive
@click.argument(
    "sources", nargs=-1, required=True, metavar="FILE…", type=click.Path(path_type=Path)
)
@click.option("--show", metavar="SLUG", help="The show they belong to, where there are several.")
@click.option("--date", type=click.DateTime(["%Y-%m-%d"]), help="When it was broadcast.")
@click.option("--title", help="Its title.")
@click.option("--dry-run", is_flag=True, help="Name what would be taken, take nothing.")
def ingest_command(
    archive: Archive,
    sources: tuple[Path, ...],
    show: str | None,
    date: datetime | None,
    title: str | None,
    dry_run: bool,
) -> None:
    """Take audio files, or folders of them, into the archive.

    A bag (`radio export bag`), be it a folder or a ZIP, is verified and taken back whole.
    """
    day = date.date() if date else None

    def take(path: Path) -> None:
        if is_bag(path):
            take_bag(archive, path, dry_run=dry_run)
            return
        into = show or _only_show(archive)
        if dry_run:
            click.echo(path)
            return
        with progress_bar(path.name) as progress:
            episode = ingest(archive, path, into, date=day, title=title, progress=progress)
        click.echo(episode.key)

    archive.require()
    each_of([path for source in sources for path in _found(source)], take)
    Index(archive).refresh()


@cli.command()
@with_archive
@click.option("--rebuild", is_flag=True, help="Make it anew from the files.")
@click.option("--pages", is_flag=True, help="Also the pages that go with the whole archive.")
def index(archive: Archive, rebuild: bool, pages: bool) -> None:
    """Bring the search index up to date with the files, and with it what else is made of them.

    That is the waveforms and the proposals of chapters that are missing, and the checksums that
    downloads of the whole archive need.
    """
    changes = Index(archive.require()).refresh(rebuild=rebuild)
    click.echo(f"{changes.indexed} indexed, {changes.removed} removed", err=True)

    def take(episode: Episode) -> None:
        with progress_bar(episode.slug) as progress:
            draw(archive, episode, progress)

    each_of(unproposed(archive), lambda episode: keep_proposals(archive, episode))
    if pages:
        with progress_bar("Pages") as progress:
            freeze(archive, archive.site, progress)
    with progress_bar("Checksums") as progress:
        measure_all(archive, progress)
    each_of(undrawn(archive), take)


@cli.command()
@with_archive
@click.argument("words", nargs=-1, required=True, metavar="WORDS…")
@click.option("--show", metavar="SLUG", help="In this show only.")
@click.option("--page", default=1, show_default=True, type=click.IntRange(1))
@as_json
def search(
    archive: Archive, words: tuple[str, ...], show: str | None, page: int, as_json: bool
) -> None:
    """Find what was said: episode, second, passage."""
    found = Index(archive.require())
    found.refresh()
    results = found.search(" ".join(words), Wanted(show, page=page))
    if as_json:
        click.echo(json_text(dataclasses.asdict(results)))
        return
    for episode in results.episodes:
        click.echo(f"{episode.key}  {episode.title}")
        for hit in episode.hits:
            passage = "".join(click.style(t, bold=True) if m else t for t, m in hit.snippet)
            click.echo(f"  {clock(hit.start)}  {passage}")
    click.echo(f"{results.total} episodes, page {results.page} of {results.pages}", err=True)


@cli.command("list")
@with_archive
@click.option("--show", metavar="SLUG", help="Of this show only.")
@as_json
def list_command(archive: Archive, show: str | None, as_json: bool) -> None:
    """List the episodes, the newest first."""
    missing = {episode.key for episode in archive.require().missing()}
    episodes = archive.episodes(show)
    if as_json:
        rows = [
            {
                "key": e.key,
                "title": e.title,
                "date": e.date.isoformat(),
                "status": e.status,
                "duration": e.audio.duration,
                "transcribed": e.key not in missing,
            }
            for e in episodes
        ]
        click.echo(json_text(rows))
        return
    for each in episodes:
        state = _state(archive, each) if each.key in missing else "transcribed"
        state = state if each.status == "published" else f"{each.status}, {state}"
        click.echo(f"{each.key}  {clock(each.audio.duration)}  {state}  {each.title}")


@cli.command("show")
@with_archive
@click.argument("key")
def show_command(archive: Archive, key: str) -> None:
    """Print the sidecar of an episode."""
    archive.require().episode(key)
    click.echo(archive.sidecar_path(key).read_text(encoding="utf-8"), nl=False)


@cli.command()
@with_archive
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def serve(archive: Archive, host: str, port: int) -> None:
    """Serve the site; RADIO_BASE_URL is the address that listeners use."""
    serve_site(archive.require(), host, port, lambda address: click.echo(address, err=True))


@cli.command()
@with_archive
@as_json
def check(archive: Archive, as_json: bool) -> None:
    """Re-hash every file; name what is missing, changed, orphaned or unreadable."""
    with progress_bar("Checking") as progress:
        findings = list(check_archive(archive.require(), progress))
    if as_json:
        click.echo(
            json_text([{**dataclasses.asdict(each), "path": str(each.path)} for each in findings])
        )
    for each in () if as_json else findings:
        click.echo(f"{each.kind}: {each.path}: {each.detail}")
    click.echo(f"{len(findings)} findings" if findings else "All is as it was.", err=True)
    try:
        write_report(archive, len(findings))
    except RadioError as error:
        click.echo(f"radio: {error}; the site won’t tell of this check", err=True)
    sys.exit(1 if findings else 0)


@cli.command()
@click.option("--root", type=click.Path(path_type=Path), help="Keep it in this folder.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def demo(root: Path | None, host: str, port: int) -> None:
    """Make an archive of three sample shows, transcribe them here, serve it."""

    def ready(address: str) -> None:
        search = quote_plus(SEARCHES[0])
        click.echo(f"\nThe archive answers on {address}\nTry {address}/search?q={search}", err=True)

    with tempfile.TemporaryDirectory(prefix="radio-demo-") as scratch:
        archive = Archive(root or Path(scratch))
        prepare(archive, progress_bar, lambda line: click.echo(line, err=True))
        serve_site(archive, host, port, ready)


def _state(archive: Archive, episode: Episode) -> str:
    length = episode.audio.duration
    done = headway(archive, episode.key, length)
    if done is None:
        return "to transcribe"
    left = "" if done.left is None else f", {duration(done.left)} left"
    return f"{done.share(length):.0%} transcribed{left}"


def _found(source: Path) -> Iterable[Path]:
    return [source] if is_bag(source) else find_files(source)


def _only_show(archive: Archive) -> str:
    shows = archive.shows()
    if len(shows) != 1:
        known = ", ".join(show.slug for show in shows) or "none yet, see `radio init --help`"
        raise ArchiveError(f"which show? give --show SLUG ({known})")
    return shows[0].slug
