"""Rename an episode or a show, or move an episode to another show; old addresses lead to new ones.
Files are renamed with all that was made of them. The guids stay, so podcast programs take nothing
for new. A name that is taken or not valid raises ArchiveError."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from typing import Any

from radio.actions.action import Action, Changed, Input
from radio.actions.editing import rewriting
from radio.archive import Archive, journal, paths, stores
from radio.archive.acts import (
    key_act,
    named,
    perform,
    require_free,
    require_idle,
    require_own,
    require_same,
)
from radio.archive.episode import Episode, Show, render_show
from radio.archive.facts import Facts
from radio.archive.history import Act, Rewriting, What, text_of
from radio.archive.slugs import SLUG, episode_slug, slugify
from radio.system.errors import ArchiveError
from radio.system.messages import _


def rename_episode(archive: Archive, key: str, name: str, who: str = "") -> Episode:
    """Give an episode another slug; or another title, which makes its slug."""
    with archive.lock():
        episode = archive.episode(key)
        if SLUG.fullmatch(name):
            renamed = replace(episode, slug=name)
        else:
            title, known = " ".join(name.split()), episode.date if episode.date_sure else None
            slug = episode_slug(known, _fit(title), episode.date_precision)
            renamed = replace(episode, slug=slug, title=title)
        if renamed.key == key and renamed != episode:
            require_own(archive)
            perform(archive, replace(key_act(archive, episode, renamed, "rename"), who=who))
        else:
            _give_keys(archive, [(episode, renamed)], who, "rename")
        return archive.episode(renamed.key)


def move_episodes(archive: Archive, before: Sequence[Episode], show: str, who: str = "") -> Act:
    """Move episodes to another show, in one act, if they are still as they were."""
    with archive.lock():
        slug = archive.show(show).slug
        require_same(archive, before)
        for each in before:
            if archive.show(each.show).picture == each.image != "":
                message = _(
                    "{image} : c’est aussi l’image de l’émission ; nommez-en une autre dans "
                    "son show.json"
                )
                raise ArchiveError(message, image=each.image)
        return _give_keys(archive, [(each, replace(each, show=slug)) for each in before], who)


class _Move(Action):
    """Moves episodes; the journal names each by its new key."""

    def write(
        self, archive: Archive, both: Sequence[Changed], who: str, **asked: Any
    ) -> tuple[Act | None, Mapping[str, Facts]]:
        """Rename all files of the episodes, in one act."""
        act = move_episodes(archive, [old for old, _new in both], asked["show"], who)
        return act, {new.key: {"from": old.key} for old, new in both if new}


move = _Move(
    "move",
    lambda episode, show: replace(episode, show=show),
    (Input("show", "choice", is_needed=True),),
)


def rename_show(archive: Archive, slug: str, name: str) -> Show:
    """Give a show another slug; or another title, which makes its slug."""
    with archive.lock():
        require_own(archive)
        show = archive.read_show(slug)
        title = show.title if SLUG.fullmatch(name) else " ".join(name.split())
        new = name if SLUG.fullmatch(name) else slugify(_fit(title))
        if new != slug and ((archive.media / new).exists() or (archive.transcripts / new).exists()):
            raise ArchiveError(_("{slug} : il y a déjà une émission de ce nom"), slug=new)
        require_idle(archive, [each.key for each in archive.episodes(slug)])
        former = tuple(each for each in show.formerly if each != new)
        formerly = former if new == slug else (*former, slug)
        renamed = replace(show, slug=new, title=title, formerly=formerly)
        text = render_show(renamed).decode()
        own = Rewriting(paths.show(new), text_of(archive.show_path(slug)), text)
        moves = tuple(stores.renamed_show(archive.root, slug, new)) if new != slug else ()
        others = (each for each in archive.shows() if each.slug not in (slug, new))
        rewritings = (own, *_forget(archive, {slug}, others))
        perform(archive, Act("rename", (slug,), {"to": new}, moves, rewritings))
    return renamed


def _give_keys(
    archive: Archive, pairs: Sequence[tuple[Episode, Episode]], who: str = "", what: What = "move"
) -> Act:
    """Give episodes new keys; what had one of them before gets its private files back."""
    require_own(archive)
    olds, news = [old.key for old, _new in pairs], {new.key for _old, new in pairs}
    if len(news) < len(pairs):
        message = _("deux des épisodes auraient la même adresse ; faites-le en plusieurs fois")
        raise ArchiveError(message)
    for old, new in pairs:
        if new == old:
            raise ArchiveError(_("{key} : c’est déjà son nom"), key=old.key)
        require_free(archive, new.key)
    require_idle(archive, olds)
    acts = [key_act(archive, old, named(new, old), what) for old, new in pairs]
    others = [each for each in archive.episodes() if each.key not in olds]
    back = (
        move
        for each in others
        for key in news.intersection(each.formerly)
        for move in stores.renamed(archive.root, key, each.key, journal.FOLDER)
    )
    renamings = (*back, *(move for act in acts for move in act.renamings))
    own = (each for act in acts for each in act.rewritings)
    written = (*own, *_forget(archive, {*olds}, others))
    facts = {"to": pairs[0][1].key if len(pairs) == 1 else pairs[0][1].show}
    return perform(archive, Act(what, tuple(olds), facts, renamings, written, who=who))


def _forget(
    archive: Archive, names: Set[str], items: Iterable[Episode | Show]
) -> Iterator[Rewriting]:
    """Remove former names from other items: these had them since."""
    for each in items:
        if not names.isdisjoint(each.formerly):
            left = tuple(former for former in each.formerly if former not in names)
            yield rewriting(archive, replace(each, formerly=left))


def _fit(title: str) -> str:
    if not slugify(title):
        message = _("{title!r} : ce n’est pas un nom ; il y faut des lettres ou des chiffres")
        raise ArchiveError(message, title=title)
    return title
