"""Take the archive elsewhere: a bag, a site of files, a kit, lists of music, the yearly report."""

import datetime as dt
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from radio.archive import Archive
from radio.archive.episode import Episode
from radio.archive.tunes import read_tune
from radio.bags.export import Export, export_bag
from radio.bags.payload import left_out
from radio.books.annual import figures_of, name_of, render_page, render_programmes
from radio.cli.acting import read_as
from radio.cli.lines import say, tell, warn
from radio.cli.naming import find_episode
from radio.cli.terminal import (
    accept_losses,
    counted,
    flag,
    option,
    progress_bar,
    public_address,
    with_archive,
    with_folder,
)
from radio.derived.chapters import chapters_of
from radio.formats.playlists import render_tunes
from radio.kit.music_free import REMEDY, WITHOUT, plan_of, render_plan, write_copy
from radio.kit.rebroadcast import write_kit
from radio.search import Index
from radio.static_site.export import export, freeze
from radio.system.disk import explained, keep, unfinished, write_whole
from radio.system.errors import ArchiveError, SearchError, warned
from radio.system.messages import _
from radio.system.tree import files as files_of_tree
from radio.system.words import LANGUAGES, words_of
from radio.text.transcript import clock

TRIES = 3


@click.command("bag")
@with_archive
@click.argument("dest", type=click.Path(path_type=Path))
@flag("--verify", _("Read back what lies there, and replace what differs."))
@accept_losses
def bag(archive: Archive, dest: Path, verify: bool, accept: bool) -> None:
    """Write the archive to a folder as a BagIt bag, withdrawn episodes and all.

    What the desk knows, sealed originals, trash and history are not in it, and it says so.

    On the next run only what changed is copied, and what the archive no longer holds is removed,
    unless so much vanished at once that nobody can have meant it. `radio ingest DEST` takes it
    back, in this archive or another; data/index.html opens in a browser, without a server.
    """
    with warned():  # a bag of what is half done is better than none
        archive.finished()
    are_faults = False
    for outcome in _exports(archive, dest, verify=verify, accept=accept):
        _tell(outcome)
        are_faults = bool(outcome.faults)
    if names := ", ".join(f"{name}/" for name in left_out(archive)):
        told = _(
            "not in the bag, for keepers here alone: {names} (but hashes of replaced names); "
            "to keep these, copy the archive’s folder"
        )
        tell(told, names=names)
    sys.exit(1 if are_faults else 0)


def _exports(archive: Archive, dest: Path, *, verify: bool, accept: bool) -> Iterator[Export]:
    """Write the bag; and again where a removal took index or pages away meanwhile."""
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


def _tell(outcome: Export) -> None:
    for path in outcome.damaged:
        tell(_("radio: {path}: no longer what was written; replaced where it could be"), path=path)
    for fault in outcome.faults:
        warn(fault)
    files = counted(outcome.copied, "file", "files")
    told = _("{copied} copied, {kept} kept, {removed} removed")
    tell(told, copied=files, kept=outcome.kept, removed=outcome.removed)


@click.command("site")
@with_folder
@click.argument("folder", metavar="DEST", type=click.Path(path_type=Path))
@flag("--link", _("Link to the recordings instead of copying them (same disk)."))
@accept_losses
def site(archive: Archive, folder: Path, link: bool, accept: bool) -> None:
    """Write the site as files, for a disk or any web host.

    Open index.html: listening, reading and searching need neither a server nor a network. Books
    that are made already, for RADIO_BASE_URL, come along. Another run writes what
    has changed and takes away what is no longer public, nothing else, and stops if so much
    vanished at once that nobody can have meant it. With --link, what is changed in the
    folder is changed in the archive.
    """
    Index(archive.finished()).refresh(accept=accept)
    place, books_url = folder.absolute(), public_address()
    with progress_bar(str(folder)) as progress:
        changes = export(archive, place, progress, link=link, accept=accept, books_url=books_url)
    files = counted(len(changes.files), "file", "files")
    told = _("{written} written, {removed} removed, {files}")
    tell(told, written=changes.written, removed=changes.removed, files=files)
    say(folder / "index.html")


@click.command("kit")
@with_archive
@click.argument("key")
@click.argument("dest", type=click.Path(path_type=Path))
def kit(archive: Archive, key: str, dest: Path) -> None:
    """Write what another radio needs to broadcast an episode again, to a folder or a ZIP.

    The recording, a copy of it at -16 LUFS, measured again, the running order as text and CSV, the
    exact length, licence, rights and contact in words, and the sha256 of each file.
    """
    episode = find_episode(archive, key)
    with progress_bar(_("Kit")) as progress:
        write_kit(archive, episode, chapters_of(archive, episode), dest, progress)
    say(dest)


@click.command("music-free")
@with_archive
@click.argument("key")
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False))
def music_free(archive: Archive, key: str, folder: Path | None) -> None:
    """List what music an episode has; write to a folder a copy without it, with that list.

    No word that the machine heard is cut. Where something sounds under voices, the list says
    `beneath`: that stays, and somebody has to listen. The recording itself stays as it is.
    """
    episode = find_episode(archive, key)
    if folder is None:
        with progress_bar(_("Music")) as progress:
            plan = plan_of(archive, episode, progress)
        sys.stdout.write("".join(render_plan(plan)))
        return
    target = folder / f"{episode.slug}.{WITHOUT.replace(' ', '-')}.mp3"
    if target.exists():
        raise ArchiveError(_("{path}: is there already; choose another name"), path=target)
    with unfinished(target) as part:
        with explained(target, REMEDY), progress_bar(_("Copy without music")) as progress:
            plan = write_copy(archive, episode, part, progress)
        keep(part, target)
    write_whole(target.with_suffix(".csv"), "".join(render_plan(plan)).encode())
    say(target)
    say(target.with_suffix(".csv"))


@click.command("playlist")
@with_archive
@click.argument("keys", metavar="[KEY]…", nargs=-1)
@option("--from", _("From this day on only."), _("DAY"), "since", callback=read_as("day"))
@option("--to", _("Up to this day only."), _("DAY"), "until", callback=read_as("day"))
@flag("--csv", _("As CSV, as rights societies ask for it."), "as_csv")
def playlist(
    archive: Archive,
    keys: tuple[str, ...],
    since: dt.date | None,
    until: dt.date | None,
    as_csv: bool,
) -> None:
    """Tell what music episodes play, the oldest first.

    It is what their sidecars say, and `radio edit KEY playlist="…"` writes it, as in « Artist –
    Title [Label] 3:25 @12:30 »: how long it is played, when it begins. Without keys, of all
    episodes that were broadcast in some days, withdrawn ones too: they were on the air.
    """
    found = [find_episode(archive, key) for key in keys] if keys else archive.episodes()
    episodes = [each for each in found if (since or each.date) <= each.date <= (until or each.date)]
    episodes.sort(key=lambda each: (each.date, each.slug))
    if as_csv:
        listed = ((archive.show(each.show), each) for each in episodes)
        click.echo(render_tunes(listed), nl=False)
        return
    told = [_music(each) for each in episodes if each.playlist]
    say("\n\n".join(told) if told else _("No music is told of."))


def _music(episode: Episode) -> str:
    lines = [f"{episode.known_date}  {episode.title}  ({episode.key})".strip()]
    for tune in map(read_tune, episode.playlist):
        start = "" if tune.start is None else clock(tune.start)
        label = f" [{tune.label}]" if tune.label else ""
        length = "" if tune.length is None else f"  {clock(tune.length)}"
        lines.append(f"{start:>8}  {tune.name}{label}{length}")
    return "\n".join(lines)


@click.command("report")
@with_archive
@click.argument("year", type=click.IntRange(1900, 9999), default=lambda: dt.date.today().year)
@option(
    "--to",
    _("Where the two files go; else the current folder."),
    _("FOLDER"),
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=".",
)
@option("--language", _("Of the page."), type=click.Choice(sorted(LANGUAGES)), default="fr")
def report(archive: Archive, year: int, folder: Path, language: str) -> None:
    """Write the report of a year: a page to print, and its programmes as CSV.

    Hours broadcast, added and kept, months, shows, collectives, themes, people, the share that has
    a text and that was reread, and each programme by title, date and length, as funds ask for
    them. Listening is not counted: nobody is watched.
    """
    figures, name = figures_of(archive, year), name_of(archive)
    folder.mkdir(parents=True, exist_ok=True)
    page, table = folder / f"rapport-{year}.html", folder / f"rapport-{year}.csv"
    write_whole(page, render_page(name, figures, words_of(language)).encode())
    write_whole(table, render_programmes(figures))
    say(page)
    say(table)
