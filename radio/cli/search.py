"""Search from a terminal."""

import contextlib
import dataclasses
from typing import Any

import click

from radio.archive import Archive
from radio.archive.holdings import without_text
from radio.cli.lines import counted, say, say_json, tell
from radio.cli.naming import Several, require_show
from radio.cli.terminal import as_json, flag, option, with_archive
from radio.search import EpisodeHits, Index, Results, SearchOptions
from radio.search.passage import Snippet
from radio.search.sense.guesses import Guesses, Sense
from radio.search.syntax import by_person, by_tag
from radio.system.messages import _
from radio.text.transcript import clock

PATIENCE = 60.0  # seconds to load the model, at most


@with_archive
@click.argument("words", nargs=-1, required=True, metavar=_("MOTS…"))
@option("--show", _("Dans cette émission seulement."), _("SLUG"))
@click.option("--page", default=1, show_default=True, type=click.IntRange(1))
@flag("--exact", _("Ne pas remplacer un mot qui n’est dit nulle part par un mot proche."))
@as_json
def command(
    archive: Archive, words: Several, show: str | None, page: int, exact: bool, as_json: bool
) -> None:
    """Trouver ce qui a été dit : épisode, seconde, passage."""
    index = Index(archive)
    if show is not None:
        require_show(archive, show)
    index.refresh()
    query, options = " ".join(words), SearchOptions(show, page=page, as_typed=exact)
    results = index.search(query, options)
    guesses: Guesses | None = None
    if page == 1:  # what may say the same in other words, beside what was found
        with contextlib.closing(Sense(archive, index)) as sense:
            guesses = sense.guess(results.query, options, PATIENCE)
            guesses = guesses and guesses.beyond(results)
    if as_json:
        say_json(_as_data(results, guesses))
        return
    _show_meaning(results)
    for episode in results.episodes:
        say(f"{episode.key}  {_in_bold(episode.heading)}")
        for snippet in episode.told:
            say(f"  {_in_bold(snippet)}")
        for hit in episode.hits:
            same = _("la même phrase que plus haut")
            say(f"  {clock(hit.start)}  {same if hit.again else _in_bold(hit.snippet)}")
    _show_near(results)
    if guesses and guesses.passages:
        tell(_("Sur le même sujet, en d’autres mots (trouvé par une machine) :"))
        for each in guesses.passages:
            say(f"~ {each.key}  {each.title}")
            say(f"  {clock(each.start)}  {each.text}")
    if number := without_text(archive, show):
        message = _("{episodes} encore sans texte ; `radio transcribe` écrit ce qui s’y dit")
        tell(message, episodes=counted(number, "{n} épisode", "{n} épisodes"))
    total, pages = counted(results.total, "{n} épisode", "{n} épisodes"), results.pages or 1
    tell(_("{total}, page {page} sur {pages}"), total=total, page=results.page, pages=pages)


def _in_bold(snippet: Snippet) -> str:
    return "".join(click.style(text, bold=True) if is_match else text for text, is_match in snippet)


def _as_data(results: Results, guesses: Guesses | None) -> dict[str, Any]:
    content = dataclasses.asdict(dataclasses.replace(results, episodes=()))
    del content["aired"]  # for drawing alone
    content["episodes"] = [_row(each) for each in results.episodes]
    passages = dataclasses.asdict(guesses)["passages"] if guesses else None
    return {**content, **content.pop("interpretation"), "sense": passages}


def _row(found: EpisodeHits) -> dict[str, Any]:
    own, hits = found.episode, list[dict[str, Any]]()
    for hit in found.hits:
        said = {"passage": dataclasses.asdict(hit.passage), "matches": hit.matches}
        hits.append({"start": hit.start, "said": said, "again": hit.again})
    about = {"key": own.key, "show": own.show, "title": own.title, "date": own.date}
    more = {"more": found.more, "heading": found.heading, "told": found.told}
    return {**about, "hits": hits, **more, "known": own.known_date}


def _show_meaning(results: Results) -> None:
    """Say how the query was understood, and what narrows it to a time that it names."""
    found = results.interpretation
    if found.time:
        tell(_("seulement ce qui a été diffusé alors ; cherché : {query}"), query=found.time.query)
    for message, words in (
        (_("une question se cherche par ses mots : {words}"), found.asked),
        (_("un mot n’est dit nulle part ; cherché : {instead}"), found.instead),
        (_("rien ne réunit tous ces mots ; sans : {words}"), ", ".join(found.without)),
        (_("les émissions sont en français ; essayez : {words}"), found.french),
    ):
        if words:
            tell(message, words=words, instead=words)
    for also in found.also:
        source = also.episode if also.second is None else f"{also.episode} {clock(also.second)}"
        if also.show:
            source = _("glossaire de {show}", show=also.title)
        tell(_("aussi : {text} ({source})"), text=also.text, source=source)
    for choice in results.periods:
        episodes = counted(choice.episodes, "{n} épisode", "{n} épisodes")
        message = _("diffusés alors : {episodes}, avec : {query}")
        tell(message, episodes=episodes, query=choice.query)


def _show_near(results: Results) -> None:
    near = results.near
    subjects = (f'"{text}"' for each in near.subjects for text in each.texts)
    names = (*subjects, *map(by_person, near.people), *map(by_tag, near.tags))
    for text in (*names, *(f"{key}  {title}" for key, title in near.episodes)):
        tell(_("proche : {text}"), text=text)
    if results.beyond:
        count = counted(results.beyond, "{n} épisode", "{n} épisodes")
        tell(_("sans les filtres : {count}"), count=count)
