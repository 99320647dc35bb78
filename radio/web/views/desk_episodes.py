"""Pages of the desk where keepers find episodes, publish several, and delete one."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from radio.actions import deletion
from radio.actions.action import catch_up, read_fields
from radio.actions.deletion import forget_episode
from radio.actions.protecting import publish
from radio.actions.undoing import restore
from radio.archive import stores
from radio.archive.acts import changed_meanwhile
from radio.archive.episode import Episode
from radio.system.errors import ArchiveError, RadioError
from radio.system.messages import _
from radio.system.progress import Progress
from radio.web.action_page import ActionPage
from radio.web.context import catalogue
from radio.web.desk_pages import chore_seen, desk_page, paged, settle, unchanged
from radio.web.gate import keeper, who
from radio.work.waiting import State, list_waiting

A_PAGE = 50  # episodes


@keeper.form("/episodes")
def episodes() -> AnyResponse:
    """List all episodes, those too that nobody may hear; `?q=` leaves those that say so,
    `?only=waiting` those that are not published yet, `?waits=` those that wait for the same thing.
    Publish those that are ticked."""
    fault = ""
    if request.method == "POST":
        try:
            _publish(request.form.getlist("key"))
            return redirect(url_for("desk.episodes", done=1), 303)
        except RadioError as error:
            fault = unchanged(error)
    archive, now, only = catalogue().archive, dt.datetime.now(), request.args.get("only")
    every, heading = archive.episodes(), gettext("Épisodes")
    waiting = [each for each in every if each.is_waiting(now)]
    shown = waiting if only else every
    for kind in list_waiting(State(archive)) if "waits" in request.args else ():
        if kind.kind.name == request.args["waits"]:
            heading, keys = kind.text, {*kind.things}
            shown = [each for each in every if each.key in keys]
    found = [(each, "") for each in matching(shown)]
    turns = gettext("Plus récents"), gettext("Plus anciens")
    return list_episodes(
        heading, "desk.fields", found, turns, waiting=len(waiting), only=only, fault=fault
    )


def _publish(keys: Sequence[str]) -> None:
    """Publish what is ticked, perhaps at an hour. Raises RadioError; what somebody withdrew since
    it was listed stays withdrawn."""
    archive, now = catalogue().archive, dt.datetime.now()
    for key in keys:
        if archive.episode(key).is_withdrawn(now):
            raise changed_meanwhile(key)
    if not keys:
        raise ArchiveError(_("cochez d’abord des épisodes"))
    asked = read_fields(publish.fields, {"until": request.form.get("until", "")})
    publish(archive, keys, who=who(), **asked)
    settle()


def matching(every: Sequence[Episode]) -> list[Episode]:
    """Keep the episodes whose key or title has all the words that are asked for."""
    words = request.args.get("q", "").casefold().split()
    texts = ((each, f"{each.key} {each.title}".casefold()) for each in every)
    return [each for each, text in texts if all(word in text for word in words)]


def list_episodes(
    heading: str,
    to: str,
    found: Sequence[tuple[Episode, str]],
    turns: tuple[str, str],
    **context: Any,
) -> AnyResponse:
    """List episodes with the state of their texts, page by page; each leads to an endpoint."""
    return desk_page(
        "desk_episodes.html",
        heading=heading,
        to=to,
        **paged(found, A_PAGE),
        query=request.args.get("q", "").strip(),
        before=turns[0],
        after=turns[1],
        now=dt.datetime.now(),
        **context,
    )


class _Deletion(ActionPage[str]):
    """Ask what becomes of an episode; show what goes; then delete it, or forget it."""

    endpoint, place, template = "deleting", "delete", "desk_delete.html"
    is_sure, chore, fields = True, "forget", deletion.FIELDS
    name_of_chore = chore  # which names no episode: it is forgotten

    def first(self) -> Mapping[str, str]:
        return {"reason": self.episode.reason}

    def mean(self) -> str:
        return self.texts["fate"]

    def seen(self) -> tuple[object, ...]:
        """Name the episode: no other one of its key is deleted."""
        episode = self.episode
        return episode.guid, episode.audio.sha256, episode.title, episode.status

    def preview(self) -> dict[str, Any]:
        episode, now = self.episode, dt.datetime.now()
        files = stores.files(self.archive.root, [episode.key], *stores.SHOWS)
        return {"files": len([*files]), "is_known": not episode.is_waiting(now)}

    def act(self) -> AnyResponse:
        """Delete it at once, or forget it in the background."""
        archive, index, episode = self.archive, self.index, self.episode
        if self.meant == "trash":
            reason = self.texts["reason"]
            deletion.delete_episode(archive, episode.key, reason, seen=episode, **self.by)
            return self.done(url_for("desk.deleted", gone=1))
        name = who()

        def forget(progress: Progress) -> Sequence[str]:
            left = forget_episode(archive, episode.key, name)
            progress(0.5)
            catch_up(archive, index, accept=True)
            return left

        return self.begin(forget, url_for("desk.deleted"))


@keeper.form("/deleted")
def deleted() -> AnyResponse:
    """List the trash; bring something of it back."""
    archive, fault = catalogue().archive, ""
    if request.method == "POST":
        try:
            restore(archive, request.form.get("act", ""), who=who())
            settle()
            return redirect(url_for("desk.deleted", done=1), 303)
        except RadioError as error:
            fault = gettext("Rien n’a été ramené\u00a0: %(reason)s", reason=str(error))
    found, chore = deletion.deletions(archive), chore_seen(_Deletion.chore)
    return desk_page("desk_deleted.html", fault=fault, found=found, chore=chore)


_Deletion.register()
