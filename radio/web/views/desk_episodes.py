"""Pages of the desk where keepers delete an episode, and bring it back."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from radio.actions import deletion
from radio.actions.action import catch_up
from radio.actions.deletion import forget_episode
from radio.actions.undoing import restore
from radio.archive import stores
from radio.system.errors import RadioError
from radio.system.progress import Progress
from radio.web.action_page import ActionPage
from radio.web.context import catalogue
from radio.web.desk_pages import chore_seen, desk_page, settle
from radio.web.gate import keeper, who


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
            deletion.delete(archive, [episode.key], reason=reason, seen=[episode], **self.by)
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
    return desk_page("desk_journal.html", fault=fault, found=found, chore=chore)


_Deletion.register()
