"""Who is signed in at the desk, without a browser."""

from typing import cast

from flask.testing import FlaskClient

from radio.archive import Archive
from radio.desk import accounts
from radio.desk.accounts import Role
from radio.desk.entrance import Entrance
from radio.search import Index
from radio.web.gate import COOKIE
from radio.web.site import create_app

OWN = {"Sec-Fetch-Site": "same-origin"}
WORD = "une phrase assez longue"


def signed_in(archive: Archive, role: Role, name: str = "Noé") -> FlaskClient:
    """A client of the site of an archive in which somebody has just come in."""
    accounts.add(archive.root, name, role)
    app = create_app(archive, Index(archive))
    entrance = cast(Entrance, app.extensions["desk"])
    entrance.accept(accounts.invite(archive.root, name, entrance.clock()), WORD)
    client = app.test_client()
    client.set_cookie(COOKIE, entrance.sign_in(name, WORD, "", ""))
    return client
