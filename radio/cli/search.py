"""Search from a terminal."""

import contextlib
import dataclasses
from collections.abc import Iterator
from typing import Any

import click

from radio.archive import Archive
from radio.archive.holdings import without_text
from radio.cli.lines import say, tell
from radio.cli.naming import require_show
from radio.cli.terminal import as_json, counted, flag, option, say_json, with_archive
from radio.search import Alternative, Index, Results, SearchOptions, Snippet
from radio.search.sense.guesses import Guesses, Sense
from radio.search.syntax import by_person, by_tag
from radio.system.messages import _
from radio.text.transcript import clock

PATIENCE = 60.0  # seconds to load the model, at most


@click.command("search")
@with_archive
@click.argument("words", nargs=-1, required=True, metavar=_("WORDS…"))
@option("--show", _("In this show only."), _("SLUG"))
@click.option("--page", default=1, show_default=True, type=click.IntRange(1))
@flag("--exact", _("Take a word that is nowhere said for no other."))
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
    index = Index(archive)
    if show is not None:
        require_show(archive, show)
    index.refresh()
    query, options = " ".join(words), SearchOptions(show, page=page, as_typed=exact)
    results = index.search(query, options)
    guesses = _guess(archive, index, results, options)
    if as_json:
        say_json(_as_data(results, guesses))
        return
    for line in _tell(results):
        tell(line)
    for episode in results.episodes:
        say(f"{episode.key}  {_in_bold(episode.heading)}")
        for snippet in episode.told:
            say(f"  {_in_bold(snippet)}")
        for hit in episode.hits:
            same = _("the same sentence as above")
            say(f"  {clock(hit.start)}  {same if hit.again else _in_bold(hit.snippet)}")
    _show_near(results)
    _show_sense(guesses)
    _tell_textless(archive, show)
    tell(
        _("{total}, page {page} of {pages}"),
        total=counted(results.total, "episode", "episodes"),
        page=results.page,
        pages=results.pages or 1,
    )


def _guess(
    archive: Archive, index: Index, found: Results, options: SearchOptions
) -> Guesses | None:
    """Guess what may say the same in other words, beside what was found on the first page."""
    if options.page > 1:
        return None
    with contextlib.closing(Sense(archive, index)) as sense:
        guesses = sense.guess(found.query, options, PATIENCE)
        return guesses and guesses.beyond(found)


def _show_sense(guesses: Guesses | None) -> None:
    """Show what may say the same in other words, apart."""
    if guesses and guesses.passages:
        tell(_("In the same sense, as a machine guesses:"))
        for each in guesses.passages:
            say(f"~ {each.key}  {each.title}")
            say(f"  {clock(each.start)}  {each.text}")


def _in_bold(snippet: Snippet) -> str:
    return "".join(click.style(text, bold=True) if is_match else text for text, is_match in snippet)


def _as_data(results: Results, guesses: Guesses | None) -> dict[str, Any]:
    content = dataclasses.asdict(results)
    del content["aired"]  # for drawing alone
    passages = dataclasses.asdict(guesses)["passages"] if guesses else None
    return {**content, **content.pop("interpretation"), "sense": passages}


def _tell(results: Results) -> Iterator[str]:
    """Tell what the query was taken for, and what narrows it to a time that it says."""
    interpretation = results.interpretation
    if interpretation.asked:
        yield _("a question is asked by its words: {words}").format(words=interpretation.asked)
    if interpretation.instead:
        yield _("a word is nowhere said; looked for: {instead}").format(
            instead=interpretation.instead
        )
    if interpretation.without:
        yield _("nothing meets all these words; without: {words}").format(
            words=", ".join(interpretation.without)
        )
    if interpretation.french:
        yield _("the shows are in French; try: {words}").format(words=interpretation.french)
    for also in interpretation.also:
        yield _("also: {text} ({source})").format(text=also.text, source=_source(also))
    for choice in results.periods:
        episodes = counted(choice.episodes, "episode", "episodes")
        yield _("broadcast then: {episodes}, with: {query}").format(
            episodes=episodes, query=choice.query
        )


def _source(also: Alternative) -> str:
    if also.show:
        return _("glossary of {show}").format(show=also.title)
    return also.episode if also.second is None else f"{also.episode} {clock(also.second)}"


def _tell_textless(archive: Archive, show: str | None) -> None:
    """Say why no word that is said is found, where no episode has a text yet."""
    if number := without_text(archive, show):
        told = _("{episodes} without any text yet; `radio transcribe` writes what is said")
        tell(told, episodes=counted(number, "episode", "episodes"))


def _show_near(results: Results) -> None:
    near = results.near
    subjects = (f'"{text}"' for each in near.subjects for text in each.texts)
    names = (*subjects, *map(by_person, near.people), *map(by_tag, near.tags))
    for text in (*names, *(f"{key}  {title}" for key, title in near.episodes)):
        tell(_("near: {text}"), text=text)
    if results.beyond:
        count = counted(results.beyond, "episode", "episodes")
        tell(_("without the filters: {count}"), count=count)
