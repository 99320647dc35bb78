"""People at the desk of an archive, signed in, and the forms that they send."""

import contextlib
import html
import re
import threading
from collections.abc import Iterator
from operator import attrgetter
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page
from werkzeug.test import TestResponse

from radio.archive import Archive, journal
from radio.desk import accounts
from radio.desk.accounts import Role
from radio.desk.entrance import Entrance
from radio.proposals.intake import Budget, Sentence, take
from radio.proposals.queue import read
from radio.search import Index
from radio.text.sentences import sentence_of
from radio.web.desk_pages import chores
from radio.web.gate import COOKIE
from radio.web.listening import listen
from radio.web.site import create_app
from radio.work.chore import Chores
from tests.heard import KEY, transcript_of
from tests.patience import until
from tests.processes import free_port
from tests.visits import text, words

WORD, OTHER_WORD = "une phrase assez longue", "une autre phrase, à part"
OWN = {"Sec-Fetch-Site": "same-origin"}
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
FIELD = re.compile(r"<input ([^>]*)>|<(textarea|select) ([^>]*)>\n?(.*?)</\2>", re.DOTALL)
ATTRIBUTE, SELECTED = re.compile(r'([\w-]+)="([^"]*)"'), re.compile(r'value="([^"]*)" selected')
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: float = 1_900_000_000.0):
        self.now = now

    def __call__(self) -> float:
        return self.now


def enrol(archive: Archive, name: str = "Noé", role: Role = "keeper") -> str:
    """Give somebody an account and sign them in; tell what their browser shows."""
    entrance = Entrance(archive.root)
    accounts.add(archive.root, name, role)
    entrance.accept(accounts.invite(archive.root, name), WORD)
    return entrance.sign_in(name, WORD, "")


def listening(app: Flask, prefix: str = "") -> int:
    """Have a site listen as it does at work, until the tests end; give its port."""
    port = free_port()
    threading.Thread(target=listen(app, "127.0.0.1", port, prefix).run, daemon=True).start()
    return port


def people(archive: Archive, *names: str, role: Role = "keeper") -> list[FlaskClient]:
    app = create_app(archive, Index(archive))
    clients = [app.test_client() for _ in names]
    for client, name in zip(clients, names, strict=True):
        client.set_cookie(COOKIE, enrol(archive, name, role))
    return clients


def signed_in(archive: Archive, role: Role = "keeper", name: str = "Noé") -> FlaskClient:
    return people(archive, name, role=role)[0]


def chores_of(app: Flask) -> Chores:
    with app.app_context():
        return chores()


def cookie(token: str, address: str) -> Any:
    url = address.replace("http:", "https:")  # of a cookie that is secure
    return {"name": COOKIE, "value": token, "url": url, "secure": True}


@contextlib.contextmanager
def at_desk(browser: Browser, archive: Archive, path: str) -> Iterator[Page]:
    """Open a page of the desk on the phone of a keeper, Zoé."""
    address = f"http://127.0.0.1:{listening(create_app(archive, Index(archive)))}"
    with browser.new_context(locale="fr-FR", viewport={"width": 360, "height": 740}) as context:
        context.add_cookies([cookie(enrol(archive, "Zoé"), address)])
        page = context.new_page()
        page.goto(f"{address}{path}")
        yield page


def propose(archive: Archive, words: str, number: int = 0, comment: str = "") -> str:
    cue = transcript_of(archive).cues[number]
    sentence = Sentence(KEY, cue.start, cue.end, sentence_of([cue]))
    assert take(archive.root, Budget(), sentence, words, comment) == "kept"
    return read(archive.root).waiting[-1].id


def said(archive: Archive, key: str = KEY) -> str:
    return sentence_of(transcript_of(archive, key).cues)


def noted(archive: Archive, fields: str = "who what note") -> Any:
    """Some fields of what the journal says last."""
    return attrgetter(*fields.split())(journal.entries(archive.root)[0])


def follow(client: FlaskClient, done: TestResponse, *expected: str) -> str:
    """The text of the page to which an answer leads, which has these words."""
    assert done.status_code == 303, text(done)
    return words(client.get(done.location), 200, *expected)


def edit_file(archive: Archive, old: str, new: str) -> None:
    path = archive.vtt_path(KEY)
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new), encoding="utf-8")


def hidden(page: TestResponse) -> dict[str, str]:
    """What the forms of a page say of themselves."""
    return dict(HIDDEN.findall(page.text))


def form_of(page: str, after: str = "") -> dict[str, list[str]]:
    """What a browser sends of a form that nobody touched: the first one after some words."""
    part, found = page.partition(after)[2] if after else page, dict[str, list[str]]()
    for line, kind, area, inside in FIELD.findall(part.partition("</form>")[0]):
        told = dict(ATTRIBUTE.findall(line or area))
        value = inside if kind == "textarea" else told.get("value", "")
        if kind == "select":
            value = "".join(SELECTED.findall(inside))
        is_ticked = told.get("type") == "checkbox" and line.endswith(" checked")
        if kind or is_ticked or told.get("type") in ("hidden", "text"):
            found.setdefault(told["name"], []).append(html.unescape(value))
    return found


def when_over(client: FlaskClient, path: str, busy: str) -> str:
    """The words of a page, once it says no more that something goes on."""

    def look() -> str:
        page = text(client.get(path))
        return "" if busy in page else page

    return until(look, lambda: text(client.get(path)))


def send(client: FlaskClient, page: TestResponse, **fields: str | list[str]) -> TestResponse:
    data = {**hidden(page), **fields}
    return client.post(page.request.path, data=data, headers=OWN)


def show_several(
    client: FlaskClient, act: str, keys: list[str], query: str = "", **fields: str
) -> TestResponse:
    """Tick episodes, choose an act and what it needs; give the page of what would change."""
    path = f"/desk/several?{query}"
    page = client.post(path, data={"act": act, "key": keys, **fields}, headers=OWN)
    if 'name="sure"' in page.text or page.status_code != 200:
        return page
    return client.post(path, data={**hidden(page), **fields}, headers=OWN)


def do(client: FlaskClient, act: str, keys: list[str], **fields: str) -> TestResponse:
    """Do an act to several episodes; give the list then."""
    done = send(client, show_several(client, act, keys, **fields), sure="1")
    assert done.status_code == 303, text(done)
    return client.get(done.location)
