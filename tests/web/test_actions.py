"""What is the same for all actions at the desk: each proof is made of each of their pages."""

import contextlib
import html
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from radio.actions import sewing
from radio.actions.protecting import grant, reply, withdraw
from radio.actions.undoing import undo
from radio.archive import Archive, history, journal
from radio.archive.consents import Consent, note_consent
from radio.archive.episode import Episode
from radio.archive.protection import PublicReply
from radio.archive.rights import Rights
from radio.ingest import uploads
from radio.system.messages import _, speaking
from radio.system.progress import Progress
from radio.text.transcript import Cue
from radio.web.action_page import ActionPage
from radio.work.chore import Chore, Chores
from tests.heard import write_cues
from tests.patience import LONG, until
from tests.samples import CITY, DEMO, STREET, put
from tests.visits import text, words
from tests.web.desks import OWN, chores_of, hidden, signed_in

KEY = f"emission/{STREET}"
NAME = "Zoé Zimmermann"
Change = Callable[[Archive], object]
Fields = dict[str, str]


def retitle(archive: Archive) -> None:
    archive.write_episode(replace(archive.episode(KEY), title="Autre", guid="another"))


def say(archive: Archive) -> None:
    write_cues(archive, KEY, Cue(0, 4, f"Alors {NAME} dit autre chose."))


def sound(archive: Archive) -> None:
    episode = archive.episode(KEY)
    archive.write_episode(replace(episode, audio=replace(episode.audio, sha256="0" * 64)))


@dataclass(frozen=True)
class Page:
    """A page of an action: what is written in its form, and what somebody else may do meanwhile."""

    place: str
    asked: Fields
    meanwhile: Change
    wrong: tuple[Fields, ...]  # what is said to be wrong, where it is written instead
    is_sure: bool = False  # whether it asks a second time
    again: Fields = field(default_factory=dict)
    is_long: bool = False  # whether it is done beside all else
    is_undone: bool = True  # whether `radio undo` takes it back
    key: str = f"/{KEY}"  # nothing where it is of no episode

    @property
    def here(self) -> str:
        return f"/desk/{self.place}{self.key}"


lasting = partial(Page, is_sure=True, is_long=True, is_undone=False)
undoable = partial(Page, is_sure=True, is_long=True)
WITHDRAWN = {"act": "withdraw", "reason": "Procès"}
NO_ACT = ({"act": ""}, {"act": "embargo"}, {"until": "2020-01-01"}, {"until": "never"})
REPLIED = {"text": "C’est faux.", "act": "publish"}
GIVEN = {"person": "Zoé", "act": "save"}
NO, LEA = PublicReply("Non."), Consent("Léa")
NO_TEXT = ({"text": " "}, {"text": "x" * 12_001})
NO_TIME = ({"at": "tôt"}, {"at": "2:00:00"}, {"day": "tôt"})
NOBODY = ({"person": " "}, {"person": "…"}, {"given": "tôt"}, {"terms": "x" * 2001})
NO_FATE = ({"fate": "x"}, {"reason": "x" * 301})
CUT = {"start": "1", "end": "2", "cover": "silence", "fate": "seal"}
NO_CUT = ({"start": "x"}, {"end": "0:01"}, {"end": "2:00:00"}, {"fate": ""})
RENAMED = {"name": NAME, "shown": "Camille", "scope": "episode", "fate": "keep"}
NO_NAME = ({"name": " "}, {"name": "…"}, {"shown": ""}, {"scope": "x"}, {"more": "Camille"})


def restrict(archive: Archive) -> None:
    grant(archive, [KEY], rights=Rights(feed=False), playlist=("C",))


SEWN = {"title": "Un fil", "author": "Zoé", "passages": "\n".join([f"{KEY} 0:00"] * 5)}
UNSEWN = ({"title": " "}, {"title": "…"}, {"author": "x" * 121}, {"passages": "x"})


def sew(archive: Archive) -> None:
    sewing.sew(archive, sewing.read_thread(archive, SEWN), None)


PAGES = (
    Page("threads", SEWN, sew, UNSEWN, is_undone=False, key=""),
    Page("fields", WITHDRAWN, lambda site: withdraw(site, [KEY]), NO_ACT),
    Page("reply", REPLIED, lambda site: reply(site, [KEY], given=NO), NO_TEXT + NO_TIME),
    Page("rights", {"listen": "1", "reason": "Contrat"}, restrict, (NO_FATE[1],)),
    Page("music", {"playlist": "A – B"}, restrict, ({"playlist": "x" * 60_001},)),
    Page("consents", GIVEN, lambda it: note_consent(it.root, [KEY], LEA), NOBODY, is_undone=False),
    Page("delete", {"fate": "trash"}, retitle, NO_FATE, is_sure=True, again={"again": "trash"}),
    lasting("delete", {"fate": "forget"}, retitle, NO_FATE, again={"again": "forget"}),
    lasting("redact", CUT, say, NO_CUT, again={"again": "seal"}),
    undoable("pseudonym", RENAMED, say, NO_NAME),
    undoable("recording", {"file": "", "anyway": "1"}, sound, ({"file": ""}, {"file": "x"})),
)
SOON = ("fields", "rights", "music", "delete")
HASTY = [each for each in PAGES if each.place in SOON and not each.is_long]
IDS = ["-".join([each.place, *each.again.values()]) for each in PAGES]
each_page = pytest.mark.parametrize("action", PAGES, ids=IDS)


@pytest.fixture
def site(archive: Archive) -> Archive:
    put(archive, STREET, title=f"Avec {NAME}")
    write_cues(archive, KEY, Cue(0, 4, f"Bonjour {NAME}."), Cue(4, 9, "La rue est à nous."))
    uploads.store(archive, "m.mp3", "emission", "Noé", [(DEMO / f"{CITY}.mp3").read_bytes()])
    return archive


def asked_of(archive: Archive, action: Page, **more: str) -> Fields:
    (sent,) = uploads.uploads(archive)
    return action.asked | ({"file": sent.id} if "file" in action.asked else {}) | more


def is_refused(answer: TestResponse, code: int) -> bool:
    return (answer.status_code, 'role="alert"' in answer.text) == (code, True)


def send(
    client: FlaskClient, action: Page, shown: TestResponse, fields: Fields, **told: str
) -> TestResponse:
    return client.post(action.here, data=hidden(shown) | fields, headers=OWN | told)


def ready(archive: Archive, client: FlaskClient, action: Page) -> tuple[TestResponse, Fields]:
    """Give the page on which the last press is made, and what is written there."""
    asked, shown = asked_of(archive, action), client.get(action.here)
    if action.is_sure:
        sure = send(client, action, shown, asked)
        assert 'class="grave"' in sure.text and 'class="grave"' not in shown.text
        return sure, asked | action.again | {"sure": "1"}
    if action.place == "reply":
        shown = send(client, action, shown, asked | {"act": "show"})
    return shown, asked


def state(archive: Archive) -> tuple[list[Episode], int]:
    return archive.episodes(), len(history.acts(archive.root))


@each_page
def test_what_can_not_be_is_said_and_what_was_typed_stays(site: Archive, action: Page) -> None:
    """Nothing is done for others, or of what is too long, wrong, or changed: in French too."""
    client, before, note = signed_in(site), state(site), "x" * 301
    reader, asked = signed_in(site, "rereader", "Léa"), asked_of(site, action)
    stranger, elsewhere = reader.application.test_client(), {"Sec-Fetch-Site": "cross-site"}
    asks = ((reader, 403, OWN), (stranger, 303, OWN), (client, 200, elsewhere))
    for other, opened, headers in asks:
        assert other.get(action.here).status_code == opened
        assert other.post(action.here, data=asked, headers=headers).status_code == 403
    assert client.get(f"{action.here}x").status_code == 404
    for language in ("en", "fr"):
        shown = client.get(action.here, headers={"Accept-Language": language})
        assert (shown.status_code, f'<html lang="{language}"' in shown.text) == (200, True)
        asked = asked_of(site, action, note=note)
        told = send(client, action, shown, asked, **{"Accept-Language": language})
        with speaking(language):
            long = _("c’est trop long : {most} caractères au plus").format(most=300)
        assert f'value="{note}"' in told.text and long in words(told, 422)
    assert "Note pour le journal" in text(told)
    assert 'aria-describedby="fault' in told.text and 'aria-invalid="true" autofocus' in told.text
    for wrong in action.wrong:
        told = send(client, action, shown, asked_of(site, action) | wrong)
        assert is_refused(told, 422), wrong
        kept = [each for each in wrong.values() if each.strip() and each not in ("x", "embargo")]
        assert all(html.escape(each, quote=False) in told.text for each in kept), wrong
    shown, asked = ready(site, client, action)
    for wrong in ({"again": "x"}, {"again": ""}, {"seen": "0"}) if action.again else ():
        words(send(client, action, shown, asked | wrong), 409, "Rien n’a été fait")
    assert state(site) == before
    action.meanwhile(site)
    before = state(site)
    met = send(client, action, shown, asked)
    assert is_refused(met, 409) and "Rien n’a" in text(met)
    assert state(site) == before


@contextlib.contextmanager
def busy(client: FlaskClient) -> Iterator[None]:
    begun, end = threading.Event(), threading.Event()

    def act(progress: Progress) -> None:
        progress(0.42)
        begun.set()
        end.wait(LONG)

    assert chores_of(client.application).begin("kit x/y", act)
    assert begun.wait(LONG)
    try:
        yield
    finally:
        end.set()


def over(client: FlaskClient) -> None:
    until(lambda: not chores_of(client.application).running())


@each_page
def test_what_is_done_waits_is_noted_and_undone(site: Archive, action: Page) -> None:
    client, before = signed_in(site), state(site)
    shown, asked = ready(site, client, action)
    asked |= {"note": "lettre"}
    if action.is_long:
        with busy(client):
            met = send(client, action, shown, asked)
            words(met, 409, "42")
            kept = hidden(met)
            assert {name: kept.get(name) for name in asked} == asked
            again = send(client, action, met, {})
            assert (again.status_code, hidden(again) | {"token": ""}) == (409, kept | {"token": ""})
        assert state(site) == before
        over(client)
        shown, asked = met, {}
    assert send(client, action, shown, asked).status_code == 303
    over(client)
    if not action.is_undone:
        return
    assert site.episodes() != before[0]
    entry, act = journal.entries(site.root)[0], history.acts(site.root)[0]
    assert (entry.who, entry.key, entry.note) == ("Noé", KEY, "lettre")
    assert (act.what, act.keys, act.line[: len(KEY)]) == (entry.what, (KEY,), KEY)
    undo(site, who="Zoé")
    assert site.episodes() == before[0]
    entry = journal.entries(site.root)[0]
    told = {"undone": act.what}
    assert (entry.who, entry.what, entry.key, entry.facts) == ("Zoé", "undo", KEY, told)


@pytest.mark.parametrize("action", HASTY, ids=lambda it: it.place)
def test_what_others_do_stays(site: Archive, action: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even between the last look at the episode and what is done to it."""
    client, do, then = signed_in(site), ActionPage.do, []
    shown, asked = ready(site, client, action)

    def late(page: Any) -> Any:
        action.meanwhile(site)
        then.append(state(site))
        return do(page)

    monkeypatch.setattr(ActionPage, "do", late)
    assert is_refused(send(client, action, shown, asked), 409)
    assert then == [state(site)]


def test_what_is_made_waits_for_what_goes_on_and_is_asked_for_again(site: Archive) -> None:
    client = signed_in(site)
    below = {"base_url": "http://localhost/decoudre", "headers": OWN}
    with busy(client):
        for what in ("kit", "copy"):
            met = client.post(f"/desk/making/{KEY}?lang=fr", data={"what": what}, **below)
            words(met, 409, "42")
            assert f'action="/decoudre/desk/making/{KEY}?lang=fr"' in met.text
            assert hidden(met)["what"] == what


def test_a_page_is_answered_while_another_forgets_a_chore(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = iter([Chore("look"), None])  # between two of them another page forgets it
    latest = property(lambda _: next(looks), lambda *_: None)
    monkeypatch.setattr(Chores, "_latest", latest, raising=False)
    found = Chores().latest()
    assert found and found.name == "look"
