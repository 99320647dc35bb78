"""Old addresses: each leads to where what had it is now, or says why that is gone."""

from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext
from werkzeug.exceptions import ServiceUnavailable

from radio.archive import forwarding
from radio.system.errors import NotFoundError, WithdrawnError
from radio.web.bare import bare
from radio.web.context import Departed, catalogue

RETRY = "600"  # seconds until a disk may be there again


class Away(ServiceUnavailable):
    """What is asked for lies on a disk that is not there: it is not gone, as 404 would say."""

    def __init__(self) -> None:
        told = gettext("Ceci n’est pas là pour l’instant, et reviendra. Réessayez plus tard.")
        response = bare(503, told)
        response.headers["Retry-After"] = RETRY
        super().__init__(response=response)


def forwarded() -> Response | None:
    """Redirect to what had the address that is asked for before; None where nothing had.

    The query goes along. Raises Gone with the reason if it was deleted, Away if its disk is.
    """
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
    show, _slash, slug = forwarding.episode_at(archive, f"{asked['show']}/{asked[name]}").partition(
        "/"
    )
    return {"show": show, name: slug}
