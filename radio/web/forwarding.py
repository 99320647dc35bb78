"""Old addresses lead to the present ones, or say why something is gone. `bare` is the shortest
page: it needs nothing of the archive but the imprint, which is remembered."""

from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.exceptions import ServiceUnavailable

from radio.archive import forwarding
from radio.formats.markdown import render_html
from radio.system.errors import NotFoundError, WithdrawnError
from radio.web import language
from radio.web.context import Departed, catalogue

RETRY = "600"  # seconds until a disk may be there again

PAGE = Markup(
    '<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<meta name="color-scheme" content="light dark"><title>{code}</title></head>'
    "<body><main><h1>{code}</h1><p>{message}</p>{people}</main></body></html>"
)


class Away(ServiceUnavailable):
    """What is asked for lies on a disk that is not there: it is not gone, as 404 would say."""

    def __init__(self) -> None:
        message = gettext("Cette page est momentanément indisponible. Réessayez plus tard.")
        super().__init__(response=bare(503, message, RETRY))


def forwarded() -> Response | None:
    """Redirect an old address, with its query; None if nothing had it. Raises Gone or Away."""
    asked = dict(request.view_args or {})
    if not (request.endpoint and "show" in asked):
        return None
    try:
        path = url_for(request.endpoint, **{**asked, **_now(asked), "lang": None})
    except WithdrawnError as error:
        raise Departed(error) from error
    except NotFoundError:
        refuse_away()
        return None
    query = request.query_string.decode("ascii", "replace")
    address = f"{path}?{query}" if query else path
    # Another episode may take the old name one day, so nobody is to keep this for ever.
    return Response(status=301, headers={"Location": address, "Cache-Control": "no-cache"})


def refuse_away() -> None:
    """Raise Away where what can't be found seems to lie on a disk that is not there."""
    if forwarding.is_away(catalogue().archive):
        raise Away


def _now(asked: dict[str, Any]) -> dict[str, str]:
    """Give the names that are in place of those of an address; errors as of `forwarding`."""
    archive, name = catalogue().archive, "slug" if "slug" in asked else "name"
    if name not in asked:
        return {"show": forwarding.show_at(archive, asked["show"])}
    show, slug = forwarding.episode_at(archive, f"{asked['show']}/{asked[name]}").split("/", 1)
    return {"show": show, name: slug}


def bare(code: int, message: str, retry: str = "") -> Response:
    """Say in a sentence what is wrong, and whom to tell; `retry` is in seconds."""
    imprint, people = catalogue().imprint, Markup()
    if imprint.contact:
        contact = gettext("Contact\u00a0:"), imprint.contact_link, imprint.contact
        people += Markup('<p>{} <a href="{}" rel="noreferrer">{}</a></p>').format(*contact)
    if imprint.legal:
        people += Markup("<h2>{}</h2>").format(gettext("Mentions légales"))
        people += Markup(render_html(imprint.legal))  # noqa: S704 (it escapes all words)
    page = PAGE.format(lang=language.current(), code=code, message=message, people=people)
    return Response(page, code, {"Retry-After": retry} if retry else None)
