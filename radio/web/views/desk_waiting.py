"""What waits, at the desk: on its first page, and in a private feed of each account."""

import datetime as dt
import math
import os
from collections.abc import Iterator
from urllib.parse import urljoin

from flask import Response, request, url_for
from flask_babel import gettext

from radio.desk.accounts import Account
from radio.formats.podcast_feed import RSS, Excerpt, render_excerpts
from radio.system.errors import BrakedError, DeniedError
from radio.web.addresses import known_url
from radio.web.context import catalogue, plain_name
from radio.web.forwarding import bare
from radio.web.gate import anybody, entrance, opens, visit
from radio.work.waiting import State, WaitingThings, list_waiting


def awaited(account: Account) -> list[tuple[WaitingThings, str]]:
    """List what waits for an account, each with the address of the page where it is done."""
    found = list[tuple[WaitingThings, str]]()
    for each in list_waiting(State(catalogue().archive)):
        page, _, place = each.kind.page.partition("#")
        if opens(account, page):
            state = each.kind.name if page == "episodes" else None
            order = "doubt" if page == "rereading" else None
            address = url_for(f"desk.{page}", state=state, order=order, _anchor=place or None)
            found.append((each, address))
    return found


def open_feed() -> str:
    """Open a feed of what waits for whoever is signed in; give its address."""
    return whole(url_for("desk.feed", secret=entrance().open_feed(visit()), lang=None))


@anybody.get("/feed/<secret>.xml")
def feed(secret: str) -> Response:
    """Give what waits for whoever has the secret, to a program that reads feeds."""
    try:
        account = entrance().reader(secret)
    except BrakedError as error:
        seconds = str(math.ceil(error.seconds))
        return bare(429, gettext("Trop d’essais. Réessayez plus tard."), seconds)
    except DeniedError:
        return bare(404, gettext("Ce flux n’existe pas, ou plus."))
    title = gettext("%(name)s, ce qui attend", name=plain_name())
    about = gettext("Ce flux est à vous seul\u00a0: ne donnez son adresse à personne.")
    page, own = whole(url_for("desk.home")), whole(request.path)
    content = render_excerpts(title, about, page, own, _items(account))
    return Response(content, content_type=f"{RSS}; charset=utf-8")


def _items(account: Account) -> Iterator[Excerpt]:
    """Give an item for each kind; a new one where the number changed, and each week."""
    today = dt.date.today()
    monday = today - dt.timedelta(days=today.weekday())
    for each, address in awaited(account):
        names = " · ".join(each.names) + (" …" if each.is_more else "")
        guid = f"{each.kind.name} {len(each.things)} {monday}"
        yield Excerpt(each.text, whole(address), monday, names, guid)


def whole(address: str) -> str:
    """Give the whole address of a page of the desk, which may have a name of its own."""
    own = os.environ.get("RADIO_DESK_URL", "").strip() or known_url() or request.host_url
    return urljoin(own, address)
