"""Search from a terminal."""

import dataclasses

import click

from radio.archive import Archive
from radio.cli.naming import require_show
from radio.cli.terminal import as_json, counted, json_text, with_archive
from radio.messages import _
from radio.search import Index, SearchOptions
from radio.transcript import clock


@click.command("search")
@with_archive
@click.argument("words", nargs=-1, required=True, metavar=_("WORDS…"))
@click.option("--show", metavar=_("SLUG"), help=_("In this show only."))
@click.option("--page", default=1, show_default=True, type=click.IntRange(1))
@click.option("--exact", is_flag=True, help=_("Take a word that is nowhere said for no other."))
@as_json
def command(
    archive: Archive,
    words: tuple[str, ...],
    show: str | None,
    page: int,
    exact: bool,
    as_json: bool,
) -> None:
    """Find what was said: episode, second, passage."""
    index = Index(archive.require())
    if show is not None:
        require_show(archive, show)
    index.refresh()
    results = index.search(" ".join(words), SearchOptions(show, page=page, as_typed=exact))
    if as_json:
        click.echo(json_text(dataclasses.asdict(results)))
        return
    if results.instead:
        click.echo(
            _("a word is nowhere said; looked for: {instead}").format(instead=results.instead),
            err=True,
        )
    for episode in results.episodes:
        click.echo(f"{episode.key}  {episode.title}")
        for hit in episode.hits:
            passage = "".join(click.style(t, bold=True) if m else t for t, m in hit.snippet)
            click.echo(f"  {clock(hit.start)}  {passage}")
    click.echo(
        _("{total}, page {page} of {pages}").format(
            total=counted(results.total, "episode", "episodes"),
            page=results.page,
            pages=results.pages or 1,
        ),
        err=True,
    )
