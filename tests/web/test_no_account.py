"""Where nobody has an account, the site is what it was before there was a desk: to the byte."""

import json
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from radio.archive import Archive
from radio.desk import accounts
from radio.search import Index
from radio.web.site import create_app
from tests.samples import CITY, STREET, put
from tests.visits import Links

HERE = "https://radio.example.org"
MOST = 150  # addresses: of each kind some
TOLD = "/privacy"  # says what is kept of those who propose
Answer = tuple[str, tuple[tuple[str, str], ...], bytes]


def plain_addresses(app: Flask) -> Iterator[str]:
    """Every address of the map that names nothing."""
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.arguments:
            yield rule.rule


def asked(client: FlaskClient, address: str) -> Answer:
    """What is answered to somebody who asks, but for the clock."""
    with client.get(address) as answer:
        headers = tuple(each for each in answer.headers if each[0] != "Date")
        return answer.status, headers, answer.data


def walk(client: FlaskClient) -> dict[str, Answer]:
    """Every address that the map and the pages name, and what is answered there."""
    todo, answers = sorted(plain_addresses(client.application)), dict[str, Answer]()
    while todo and len(answers) < MOST:
        address = todo.pop(0).partition("#")[0].removeprefix(HERE)
        if address in answers or not address.startswith("/") or address.startswith("/desk"):
            continue
        status, headers, data = answers[address] = asked(client, address)
        if status.startswith("200") and "text/html" in dict(headers).get("Content-Type", ""):
            todo += Links(data.decode()).found
    return answers


@pytest.mark.parametrize("settings", [{}, {"proposals": False}], ids=["as it is", "none taken"])
def test_with_no_account_the_site_is_as_before(archive: Archive, settings: dict[str, bool]) -> None:
    for slug in (STREET, CITY):
        put(archive, slug)
    (archive.root / "site.json").write_text(json.dumps(settings), encoding="utf-8")
    index = Index(archive)

    def again(*, with_desk: bool = True) -> FlaskClient:
        app = create_app(archive, index, base_url=HERE, with_desk=with_desk)
        return app.test_client()

    before = walk(again(with_desk=False))
    assert len(before) == MOST
    assert not any(b"/desk" in data for _status, _headers, data in before.values())
    with_desk = again()
    assert {each for each in before if asked(with_desk, each) != before[each]} == set()
    accounts.add(archive.root, "Zoé", "keeper")
    with_keeper = again()
    now = {each: asked(with_keeper, each) for each in before}
    changed = {each for each in before if now[each] != before[each]}
    assert [
        each for each in changed - {TOLD} if b"Proposer une correction" not in now[each][2]
    ] == []
    assert bool(changed) is not bool(settings)  # somebody is there to read what listeners propose
