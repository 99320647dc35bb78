"""Listeners get the same bytes with a desk and without; where nobody has an account, as before."""

import json
import re

from flask.testing import FlaskClient

from radio.archive import Archive
from radio.desk import accounts
from radio.search import Index
from radio.web.gate import COOKIE
from radio.web.site import create_app
from tests.samples import CITY, STREET, put
from tests.visits import Links
from tests.web.desks import OWN, enrol

WAY = re.compile(rb'<p class="sections"><a href="/desk/.*?</p>\n', re.DOTALL)
HERE = "https://radio.example.org"
MOST = 100  # addresses: of each kind some
Answer = tuple[str, tuple[tuple[str, str], ...], bytes]


def asked(client: FlaskClient, address: str) -> Answer:
    """What is answered to somebody who asks, but for the clock."""
    with client.get(address) as answer:
        headers = tuple(each for each in answer.headers if each[0] != "Date")
        return answer.status, headers, answer.data


def walk(client: FlaskClient) -> dict[str, Answer]:
    rules, answers = client.application.url_map.iter_rules(), dict[str, Answer]()
    todo = sorted(e.rule for e in rules if "GET" in (e.methods or ()) and not e.arguments)
    todo += ["/nope", "/desk/nope", "/desk"]
    while todo and len(answers) < MOST:
        address = todo.pop(0).partition("#")[0].removeprefix(HERE)
        if address in answers or not address.startswith("/"):
            continue
        status, headers, data = answers[address] = asked(client, address)
        if status.startswith("200") and "text/html" in dict(headers).get("Content-Type", ""):
            todo += Links(data.decode()).found
    return answers


def test_with_no_account_the_site_is_as_before(archive: Archive) -> None:
    for slug in (STREET, CITY):
        put(archive, slug)
    index, settings = Index(archive), archive.root / "site.json"

    def again(*, with_desk: bool = True) -> FlaskClient:
        return create_app(archive, index, base_url=HERE, with_desk=with_desk).test_client()

    def differing(client: FlaskClient) -> set[str]:
        return {each for each in before if asked(client, each) != before[each]}

    before = walk(again(with_desk=False))
    assert len(before) == MOST
    assert before.pop("/desk")[0].startswith("404")
    assert not any(b"/desk" in data for _status, _headers, data in before.values())
    assert differing(again()) == set()
    accounts.add(archive.root, "Zoé", "keeper")
    with_keeper = again()
    changed = differing(with_keeper)  # somebody is there to read what listeners propose
    assert changed
    for each in changed - {"/privacy"}:  # which says what is kept of those who propose
        assert b"Proposer une correction" in asked(with_keeper, each)[2]
    settings.write_text(json.dumps({"proposals": False}), encoding="utf-8")
    before = walk(again(with_desk=False))
    del before["/desk"]
    keeper = again()
    keeper.set_cookie(COOKIE, enrol(archive, "Noé"))
    own = differing(keeper)
    assert {each.partition("?")[0].count("/") for each in own} == {3}  # of shows and episodes
    for each in own:
        added, gone = WAY.subn(b"", asked(keeper, each)[2])[::-1]
        assert (added, gone) == (1, before[each][2])
    for client in (again(), keeper.application.test_client()):  # signed in is nobody else
        assert differing(client) == set()
        assert client.post(f"/shows/emission/{STREET}", headers=OWN).status_code == 405
