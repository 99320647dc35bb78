"""What the desk does with the show of an episode: it is moved to another one."""

from flask import redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from radio.actions.renaming import move_episode
from radio.archive import journal
from radio.archive.episode import Episode
from radio.system.errors import ArchiveError
from radio.web.context import catalogue
from radio.web.gate import desk, keeper, visit
from radio.web.planning import LONGEST, slug_of
from radio.web.settling import settle
from radio.web.views.desk_fields import refused


@desk.post("/move/<show>/<slug>")
@keeper
def move(show: str, slug: str) -> AnyResponse:
    """Move an episode to a show that is named in words; its old address leads there."""
    archive, who = catalogue().archive, visit().account.name
    episode, name = archive.episode(f"{show}/{slug}"), request.form.get("show", "")
    target = slug_of(archive.shows(), name)
    if not target:
        told = gettext("il n’y a pas d’émission «\u00a0%(name)s\u00a0».", name=name[:LONGEST])
        return _refused(episode, str(told), 422)
    try:
        moved = move_episode(archive, episode.key, target, who)
    except ArchiveError as error:
        return _refused(episode, str(error), 409)
    journal.note(archive.root, "move", key=moved.key, facts={"from": episode.key}, who=who)
    settle()
    return redirect(url_for("desk.fields", show=moved.show, slug=moved.slug, moved=1), 303)


def _refused(episode: Episode, reason: str, code: int) -> AnyResponse:
    fault = gettext("Rien n’a été changé\u00a0: %(reason)s", reason=reason)
    return refused(episode, str(fault), code)
