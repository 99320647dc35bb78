"""Books to take away: an EPUB whose text follows the voice, a booklet to print."""

import io
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from radio.archive import Archive, holdings
from radio.archive.dossier import Kind
from radio.archive.episode import Episode
from radio.books.book import Book, BookPart, anthology, book_of, read_part, sound_note
from radio.books.booklet import write_booklet
from radio.books.epub import plan_epub
from radio.books.excerpts import parts_about, parts_of, seconds_of, title_of_search, with_sounds
from radio.cli.naming import Several, find_episode, public_address, require_show
from radio.cli.terminal import flag, option, progress_bar, with_archive
from radio.derived.chapters import chapters_of
from radio.formats.zips import open_zipped
from radio.search import Index, SearchOptions
from radio.system.checksums import copy_blocks
from radio.system.disk import blocks, keep, unfinished
from radio.system.errors import NotFoundError, WithdrawnError, warned
from radio.system.messages import _
from radio.system.words import words_of

Contents = tuple[str, str, list[BookPart]]  # title, subtitle, parts


def chosen(command: Callable[..., None]) -> Callable[..., None]:
    """Let a command choose what goes into a book."""
    for each in (
        click.argument("dest", metavar="DEST", type=click.Path(path_type=Path)),
        click.argument("keys", metavar=_("[CLÉ…]"), nargs=-1),
        option("--theme", _("Ce qui est dit d’un thème."), _("SLUG")),
        option("--thread", _("Ce qu’un fil a réuni."), _("SLUG")),
        option("--person", _("Ce qui est dit d’une personne."), _("SLUG")),
        option("--query", _("Les passages que trouve une recherche."), _("MOTS")),
        option("--year", _("De cette année seulement."), type=int),
        option("--show", _("Les épisodes d’une émission."), _("SLUG")),
        with_archive,
    ):
        command = each(command)
    return command


@chosen
@flag("--no-sound", _("Le texte seul."))
def epub(archive: Archive, dest: Path, no_sound: bool, **asked: Any) -> None:
    """Écrire un EPUB d’épisodes ou d’extraits, dont le texte suit la voix.

    Il ne contient que ce qui est public. Le son que les liseuses ne lisent pas est converti.
    """
    book = _gather(archive, **asked)
    with tempfile.TemporaryDirectory() as folder, progress_bar(dest.name) as progress:
        sounded = book if no_sound else with_sounds(archive, book, Path(folder))
        note = "" if no_sound else sound_note(sounded.parts[0])
        with tempfile.TemporaryFile() as plan:
            plan_epub(archive, sounded, note, plan)
            plan.flush()
            with open_zipped(plan, archive.root) as packed, unfinished(dest.absolute()) as part:
                size = packed.seek(0, io.SEEK_END)
                packed.seek(0)
                with part.open("wb") as file:
                    copy_blocks(blocks(packed), file, size, progress)
                keep(part, dest.absolute())


@chosen
def booklet(archive: Archive, dest: Path, **asked: Any) -> None:
    """Écrire un livret à imprimer, d’épisodes ou d’extraits : A5, avec des codes à scanner qui
    mènent au passage.

    RADIO_BASE_URL dit l’adresse du site ; sans elle, il n’y a pas de codes.
    """
    book = _gather(archive, **asked)
    with unfinished(dest.absolute()) as part:
        write_booklet(book, part)
        keep(part, dest.absolute())


def _gather(archive: Archive, **asked: Any) -> Book:
    title, subtitle, parts = _choose(archive, public_address(), **asked)
    if not parts:
        message = _("rien à mettre dans un livre : aucun épisode, ou aucun avec un texte")
        raise NotFoundError(message)
    if len(parts) == 1 and parts[0].is_whole:
        return book_of(archive, parts[0])
    return anthology(archive, title, subtitle, parts, f"{title} {sorted(map(repr, asked.items()))}")


def _choose(
    archive: Archive, address: str, keys: Several, show: str | None, year: int | None, **asked: Any
) -> Contents:
    if show:
        require_show(archive, show)
    kinds: tuple[Kind, ...] = ("person", "theme", "thread")
    for kind in kinds:
        if asked[kind]:
            return _dossier(archive, kind, asked[kind], address)
    if query := asked["query"]:
        return _found(archive, query, show, year, address)
    if not keys and not show:
        raise click.UsageError(
            _("nommez des épisodes, ou --show, --query, --person, --theme ou --thread")
        )
    episodes = [_public(archive, key) for key in keys]
    if show:
        listed = reversed(holdings.episodes(archive, show))
        episodes += [each for each in listed if year in (None, each.date.year)]
    parts = list[BookPart]()
    for each in episodes:
        with warned():  # one without a text costs a line
            parts.append(read_part(archive, each, chapters_of(archive, each), address))
    title = archive.show(episodes[0].show).title if episodes else ""
    return title, str(year or "") or title, parts


def _public(archive: Archive, key: str) -> Episode:
    try:
        return holdings.episode(archive, find_episode(archive, key).key)
    except WithdrawnError as error:
        raise NotFoundError(_("{key} : retiré, donc dans aucun livre"), key=key) from error


def _dossier(archive: Archive, kind: Kind, slug: str, address: str) -> Contents:
    index = Index(archive)
    index.refresh()
    subject = index.dossiers.find(kind, slug)
    if subject is None:
        raise NotFoundError(_("{slug} : ni personne, ni thème, ni fil de ce nom"), slug=slug)
    dossier = index.dossiers.whole(subject, index.dossiers.outline(subject))
    found = {each.key: seconds_of(each) for each in dossier.entries}
    about = subject.author or subject.description
    return subject.name, about, parts_about(archive, subject, found, address)


def _found(
    archive: Archive, query: str, show: str | None, year: int | None, address: str
) -> Contents:
    index = Index(archive)
    index.refresh()
    found, page, pages = dict[str, list[float]](), 1, 1
    while page <= pages:
        results = index.search(query, SearchOptions(show, page=page, whole=True))
        found |= {each.key: [hit.start for hit in each.hits] for each in results.episodes}
        page, pages = page + 1, results.pages
    kept = (key for key in found if year in (None, archive.episode(key).date.year))
    ordered = sorted(kept, key=lambda key: key.partition("/")[2])
    parts = list(parts_of(archive, {key: found[key] for key in ordered}, address))
    words = words_of(parts[0].language if parts else "fr")
    return title_of_search(words, query), str(year or ""), parts
