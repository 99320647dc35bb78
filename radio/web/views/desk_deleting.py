"""Pages of the desk on which keepers delete an episode, or bring back what was deleted."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from radio.actions.deletion import FIELDS, delete_episode, deletions, restore
from radio.actions.following import catch_up
from radio.actions.forgetting import forget_episode
from radio.archive import Archive, stores
from radio.archive.episode import Episode
from radio.search import Index
from radio.system.errors import RadioError
from radio.system.progress import Progress
from radio.web.action_page import ActionPage, Submission, who
from radio.web.chores import chore_seen
from radio.web.context import catalogue
from radio.web.gate import desk, keeper
from radio.web.settling import settle


class DeletionPage(ActionPage[str]):
    """Ask what becomes of an episode; show what goes; then delete it, or forget it."""

    endpoint, place, chore = "deleting", "delete", "forget"
    template, sure = "desk_delete.html", "desk_delete_sure.html"
    fields = FIELDS

    def first(self, episode: Episode) -> Submission[str]:
        """Give the reason for which it was withdrawn, if it was."""
        return Submission({"reason": episode.reason})

    def mean(self, episode: Episode, asked: Submission[str]) -> str:
        """Tell what becomes of it."""
        return asked.texts["fate"]

    def seen(self, episode: Episode, asked: Submission[str]) -> tuple[object, ...]:
        """Name the episode: no other one of its key is deleted."""
        return episode.guid, episode.audio.sha256, episode.title, episode.status

    def preview(self, episode: Episode, asked: Submission[str], meant: str) -> dict[str, Any]:
        """Show what goes."""
        today = dt.date.today()
        return {
            "files": len([*stores.files(catalogue().archive.root, [episode.key], *stores.SHOWS)]),
            "is_known": episode.is_public(today) or episode.is_withdrawn(today),
        }

    def chore_of(self, episode: Episode) -> str:
        """Name no episode: it is forgotten."""
        return self.chore

    def act(self, episode: Episode, asked: Submission[str], meant: str) -> AnyResponse:
        """Put it in the trash at once, or forget it beside all else."""
        archive, index, name = catalogue().archive, catalogue().index, who()
        if meant == "forget":
            return self.begin(
                episode,
                lambda progress: _forget(archive, index, episode.key, name, progress),
                url_for("desk.deleted"),
            )
        reason = asked.texts["reason"]
        delete_episode(archive, episode.key, reason, note=asked.note, who=name, seen=episode)
        return self.done(episode, url_for("desk.deleted", gone=1))


def _forget(
    archive: Archive, index: Index, key: str, name: str, progress: Progress
) -> Sequence[str]:
    left = forget_episode(archive, key, name)
    progress(0.5)
    catch_up(archive, index, accept=True)
    return left


@desk.route("/deleted", methods=["GET", "POST"])
@keeper
def deleted() -> str | AnyResponse:
    """List what was deleted and lies in the trash; bring one of it back."""
    archive = catalogue().archive
    fault, code = "", 200
    if request.method == "POST":
        try:
            restore(archive, request.form.get("act", ""), who=who())
            settle()
            return redirect(url_for("desk.deleted", done=1), 303)
        except RadioError as error:
            code, fault = 409, gettext("Rien n’a été ramené\u00a0: %(reason)s", reason=str(error))
    page = render_template(
        "desk_deleted.html",
        found=deletions(archive),
        chore=chore_seen(DeletionPage.chore),
        fault=fault,
    )
    return make_response(page, code)


DeletionPage().register()
