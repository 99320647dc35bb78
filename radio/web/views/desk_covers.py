"""What the desk does with pictures: an episode or a show gets one, or loses it."""

from flask import make_response, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from radio.acts.covering import give_cover, take_cover
from radio.acts.drafts import Draft, lay
from radio.acts.editing import current
from radio.errors import ArchiveError, ReaderError
from radio.web.context import catalogue
from radio.web.gate import desk, keeper, takes, visit
from radio.web.settling import settle
from radio.web.views.desk_fields import page

LARGEST = 10 << 20  # bytes of a picture
HEADS = 64 << 10  # bytes of the form around it


@desk.post("/cover/<show>/<slug>")
@keeper
@takes(LARGEST + HEADS)
def episode_cover(show: str, slug: str) -> AnyResponse:
    """Give an episode a picture, or take it away."""
    return _change(f"{show}/{slug}", url_for("desk.fields", show=show, slug=slug, covered=1))


@desk.post("/cover/<show>")
@keeper
@takes(LARGEST + HEADS)
def show_cover(show: str) -> AnyResponse:
    """Give a show a picture, or take it away."""
    catalogue().archive.show(show)
    return _change(show, url_for("desk.show_fields", show=show, covered=1))


def _change(key: str, here: str) -> AnyResponse:
    archive, who = catalogue().archive, visit().account.name
    current(archive, key)
    file, seen = request.files.get("picture"), request.form.get("seen", "")
    try:
        if request.form.get("act") == "take":
            take_cover(archive, key, seen, who)
        else:
            give_cover(archive, key, file.read() if file else b"", seen, who)
    except ReaderError:
        return _refused(
            key, gettext("Ce n’est pas une image JPEG, PNG ou WebP que l’on sait lire.")
        )
    except ArchiveError as error:
        fault = gettext("Rien n’a été changé\u00a0: %(reason)s", reason=str(error))
        return _refused(key, fault, 409)
    settle()
    return redirect(here, 303)


def _refused(key: str, fault: str, code: int = 422) -> AnyResponse:
    item = current(catalogue().archive, key)
    return make_response(page(item, lay(item, Draft({}, {})), fault), code)
