"""Keepers at the desk of an archive, signed in, and the forms that they send."""

import re
from typing import cast

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from radio.archive import Archive
from radio.desk import accounts
from radio.desk.accounts import Role
from radio.desk.entrance import Entrance
from radio.search import Index
from radio.web.gate import COOKIE
from radio.web.site import create_app
from tests.patience import until
from tests.visits import text

WORD = "une phrase assez longue"
OWN = {"Sec-Fetch-Site": "same-origin"}
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


def signed_in(archive: Archive, role: Role = "keeper", name: str = "Noé") -> FlaskClient:
    """Somebody whom the desk of a site knows."""
    accounts.add(archive.root, name, role)
    app = create_app(archive, Index(archive))
    entrance = cast(Entrance, app.extensions["desk"])
    entrance.accept(accounts.invite(archive.root, name, entrance.clock()), WORD)
    client = app.test_client()
    client.set_cookie(COOKIE, entrance.sign_in(name, WORD, "", ""))
    return client


def hidden(page: TestResponse) -> dict[str, str]:
    """What the forms of a page say of themselves."""
    return dict(HIDDEN.findall(page.text))


def when_over(client: FlaskClient, path: str, busy: str) -> str:
    """The words of a page, once it says no more that something goes on."""

    def look() -> str:
        page = text(client.get(path))
        return "" if busy in page else page

    return until(look, lambda: text(client.get(path)))


def send(client: FlaskClient, page: TestResponse, **fields: str) -> TestResponse:
    """Send a form of a page as it was shown, with what is written in it."""
    data = hidden(page) | fields
    return client.post(page.request.path, data=data, headers=OWN)
