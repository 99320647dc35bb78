"""What the desk does with pictures: an episode or a show gets one, or loses it."""

from flask import make_response, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from radio.acts.covering import give_cover, take_cover
from radio.acts.drafts import Draft, lay
from radio.acts.editing import current
from radio.errors import ArchiveError, ReaderError
from radio.web.context import catalogue
from radio.web.forms import parts
from radio.web.gate import desk, keeper, streamed, takes, visit
from radio.web.settling import settle
from radio.web.views.desk_fields import page

LARGEST = 10 << 20  # bytes of a picture
HEADS = 64 << 10  # bytes of the form around it


def _too_heavy(show: str, slug: str = "") -> str:
    """Say it on the page from which the picture comes."""
    fault = gettext(
        "Cette image pèse plus de %(most)s. Rien n’a été changé\u00a0: "
        "enregistrez-la plus petite, ou en JPEG, puis choisissez-la de nouveau.",
        most="10\u00a0Mo",
    )
    item = current(catalogue().archive, f"{show}/{slug}" if slug else show)
    return page(item, lay(item, Draft({}, {})), fault)


@desk.post("/cover/<show>/<slug>")
@keeper
@takes(LARGEST + HEADS, tells=_too_heavy)
@streamed
def episode_cover(show: str, slug: str) -> AnyResponse:
    """Give an episode a picture, or take it away."""
    return _change(f"{show}/{slug}", url_for("desk.fields", show=show, slug=slug, covered=1))


@desk.post("/cover/<show>")
@keeper
@takes(LARGEST + HEADS, tells=_too_heavy)
@streamed
def show_cover(show: str) -> AnyResponse:
    """Give a show a picture, or take it away."""
    catalogue().archive.show(show)
    return _change(show, url_for("desk.show_fields", show=show, covered=1))


def _change(key: str, here: str) -> AnyResponse:
    archive, who = catalogue().archive, visit().account.name
    current(archive, key)
    content, told = _read()
    seen = told.get("seen", "")
    try:
        if told.get("act") == "take":
            take_cover(archive, key, seen, who)
        else:
            give_cover(archive, key, content, seen, who)
    except ReaderError:
        return _refused(
            key, gettext("Ce n’est pas une image JPEG, PNG ou WebP que l’on sait lire.")
        )
    except ArchiveError as error:
        fault = gettext("Rien n’a été changé\u00a0: %(reason)s", reason=str(error))
        return _refused(key, fault, 409)
    settle()
    return redirect(here, 303)


def _read() -> tuple[bytes, dict[str, str]]:
    """Read the picture of the form, byte by byte, and what else it says."""
    content, told = b"", dict[str, str]()
    for part in parts(request.headers.get("Content-Type", ""), request.stream):
        if part.name == "picture":
            content = b"".join(part.content)
        else:
            told[part.name] = part.text()
    return content, told


def _refused(key: str, fault: str, code: int = 422) -> AnyResponse:
    item = current(catalogue().archive, key)
    return make_response(page(item, lay(item, Draft({}, {})), fault), code)
