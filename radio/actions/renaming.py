"""Rename an episode or a show, or move an episode to another show; old addresses lead to new ones.
Files are renamed with all that was made of them. The guids stay, so podcast programs take nothing
for new. A name that is taken or not valid raises ArchiveError."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from radio.actions.editing import rewriting
from radio.archive import Archive, journal, paths, stores
from radio.archive.acts import key_act, named, perform, require_free, require_idle, require_own
from radio.archive.episode import Episode, Show, render_show
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
        return _give_key(archive, episode, renamed, "rename", who)


def move_episode(archive: Archive, key: str, show: str, who: str = "") -> Episode:
    """Move an episode to another show."""
    with archive.lock():
        episode = archive.episode(key)
        moved = replace(episode, show=archive.show(show).slug)
        if archive.show(episode.show).picture == episode.image != "":
            message = _(
                "{image} : c’est aussi l’image de l’émission ; nommez-en une autre dans "
                "son show.json"
            )
            raise ArchiveError(message, image=episode.image)
        return _give_key(archive, episode, moved, "move", who)


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
        rewritings = (own, *_forget(archive, slug, others))
        perform(archive, Act("rename", (slug,), {"to": new}, moves, rewritings))
    return renamed


def _give_key(archive: Archive, old: Episode, new: Episode, what: What, who: str = "") -> Episode:
    """Give an episode its new key; one that had it before gets its private files back."""
    require_own(archive)
    if new == old:
        raise ArchiveError(_("{key} : c’est déjà son nom"), key=old.key)
    if new.key == old.key:
        perform(archive, replace(key_act(archive, old, new, what), who=who))
        return new
    require_free(archive, new.key)
    require_idle(archive, [old.key])
    new = named(new, old)
    act = key_act(archive, old, new, what)
    others = [each for each in archive.episodes() if each.key != old.key]
    had = (each.key for each in others if new.key in each.formerly)
    given = (m for key in had for m in stores.renamed(archive.root, new.key, key, journal.FOLDER))
    rewritings = (*act.rewritings, *_forget(archive, old.key, others))
    renamings = (*given, *act.renamings)
    perform(archive, replace(act, renamings=renamings, rewritings=rewritings, who=who))
    return new


def _forget(archive: Archive, name: str, items: Iterable[Episode | Show]) -> Iterator[Rewriting]:
    """Remove a former name from other items: this one had it since."""
    for each in items:
        if name in each.formerly:
            left = tuple(former for former in each.formerly if former != name)
            yield rewriting(archive, replace(each, formerly=left))


def _fit(title: str) -> str:
    if not slugify(title):
        message = _("{title!r} : ce n’est pas un nom ; il y faut des lettres ou des chiffres")
        raise ArchiveError(message, title=title)
    return title
