"""What a radio tells once a year of its archive."""

import datetime as dt
from pathlib import Path

import click

from radio.archive import Archive
from radio.books.annual import figures_of, name_of, render_page, render_programmes
from radio.books.words import LANGUAGES, words_of
from radio.cli.lines import say
from radio.cli.terminal import with_archive
from radio.system.disk import write_whole
from radio.system.messages import _


@click.command("report")
@with_archive
@click.argument("year", type=click.IntRange(1900, 9999), default=lambda: dt.date.today().year)
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=".",
    metavar=_("FOLDER"),
    help=_("Where the two files go; else the current folder."),
)
@click.option(
    "--language", type=click.Choice(sorted(LANGUAGES)), default="fr", help=_("Of the page.")
)
def command(archive: Archive, year: int, folder: Path, language: str) -> None:
    """Write the report of a year: a page to print, and its programmes as CSV.

    Hours broadcast, added and kept, months, shows, collectives, themes, people, the share that has
    a text and that was reread, and each programme by title, date and length, as funds ask for
    them. Listening is not counted: nobody is watched.
    """
    figures = figures_of(archive.require(), year)
    name = name_of(archive)
    folder.mkdir(parents=True, exist_ok=True)
    page, table = folder / f"rapport-{year}.html", folder / f"rapport-{year}.csv"
    write_whole(page, render_page(name, figures, words_of(language)).encode())
    write_whole(table, render_programmes(figures))
    say(page)
    say(table)
