"""What the desk takes back: a field of an episode, or an act wherever it changed something."""

from flask import make_response, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from radio.acts.drafts import Draft, lay
from radio.acts.undoing import undo_act, undo_field
from radio.archive import Archive
from radio.errors import ArchiveError
from radio.web.context import catalogue
from radio.web.gate import desk, keeper, visit
from radio.web.settling import settle
from radio.web.views.desk_fields import page


@desk.post("/undo/<show>/<slug>")
@keeper
def undoing(show: str, slug: str) -> AnyResponse:
    """Take back what a button of the page of fields names, or say why that cannot be."""
    archive, key = catalogue().archive, f"{show}/{slug}"
    archive.episode(key)
    try:
        _undo(archive, key)
    except ArchiveError as error:
        episode = archive.episode(key)
        fault = gettext("Rien n’a été défait\u00a0: %(reason)s", reason=str(error))
        return make_response(page(episode, lay(episode, Draft({}, {})), fault), 409)
    settle()
    return redirect(url_for("desk.fields", show=show, slug=slug, undone=1), 303)


def _undo(archive: Archive, key: str) -> None:
    name, _space, field = request.form.get("field", "").partition(" ")
    if field:
        undo_field(archive, key, field, name, visit().account.name)
    else:
        undo_act(archive, key, request.form.get("act", ""), visit().account.name)
