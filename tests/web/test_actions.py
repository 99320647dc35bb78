"""What is the same for all actions at the desk: each proof is made of each of their pages."""

import contextlib
import html
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, cast

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from radio.actions.protecting import grant, reply, withdraw
from radio.actions.undoing import undo
from radio.archive import Archive, history, journal
from radio.archive.consents import Consent, note_consent
from radio.archive.episode import Episode
from radio.archive.protection import PublicReply
from radio.archive.rights import Rights
from radio.ingest import uploads
from radio.ingest.uploads import SentFile
from radio.system.messages import _, speaking
from radio.system.progress import Progress
from radio.text.transcript import Cue
from radio.web.action_page import ActionPage
from radio.work.chore import Chore, Chores
from tests.heard import write_cues
from tests.patience import LONG, until
from tests.samples import CITY, DEMO, STREET, put
from tests.visits import text
from tests.web.desks import OWN, hidden, signed_in

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

    @property
    def here(self) -> str:
        return f"/desk/{self.place}/{KEY}"


lasting = partial(Page, is_sure=True, is_long=True, is_undone=False)
undoable = partial(Page, is_sure=True, is_long=True)
WITHDRAWN = {"act": "withdraw", "reason": "Procès"}
NO_ACT = ({"act": ""}, {"act": "embargo"}, {"until": "2020-01-01"}, {"until": "never"})
REPLIED = {"text": "C’est faux.", "act": "publish"}
NO = PublicReply("Non.")
NO_TEXT = ({"text": " "}, {"text": "x" * 12_001})
NO_TIME = ({"at": "tôt"}, {"at": "2:00:00"}, {"day": "tôt"})
NO_TITLE = ({"title": "A – B"}, {"artist": "Magny"}, {"title": "Non", "length": "y"})
NOBODY = ({"person": " "}, {"person": "…"}, {"given": "tôt"}, {"terms": "x" * 2001})
NO_FATE = ({"fate": "x"}, {"reason": "x" * 301})
CUT = {"start": "1", "end": "2", "cover": "silence", "fate": "seal"}
NO_CUT = ({"start": "x"}, {"end": "0:01"}, {"end": "2:00:00"}, {"fate": ""})
RENAMED = {"name": NAME, "shown": "Camille", "scope": "episode", "fate": "keep"}
NO_NAME = ({"name": " "}, {"name": "…"}, {"shown": ""}, {"scope": "x"}, {"more": "Camille"})


def restrict(archive: Archive) -> None:
    grant(archive, [KEY], rights=Rights(feed=False), playlist=())


def agree(archive: Archive) -> None:
    note_consent(archive.root, [KEY], Consent("Léa"))


PAGES = (
    Page("episodes", WITHDRAWN, lambda archive: withdraw(archive, [KEY]), NO_ACT),
    Page("reply", REPLIED, lambda archive: reply(archive, [KEY], given=NO), NO_TEXT + NO_TIME),
    Page("rights", {"listen": "1", "reason": "Contrat"}, restrict, (*NO_TITLE, NO_FATE[1])),
    Page("consents", {"person": "Zoé", "act": "save"}, agree, NOBODY, is_undone=False),
    Page("delete", {"fate": "trash"}, retitle, NO_FATE, is_sure=True, again={"again": "trash"}),
    lasting("delete", {"fate": "forget"}, retitle, NO_FATE, again={"again": "forget"}),
    lasting("redact", CUT, say, NO_CUT, again={"again": "seal"}),
    undoable("pseudonym", RENAMED, say, NO_NAME),
    undoable("recording", {"file": "", "anyway": "1"}, sound, ({"file": ""}, {"file": "x"})),
)
HASTY = [each for each in PAGES if each.place in ("episodes", "rights", "delete")]
AT_ONCE = [each for each in HASTY if not each.is_long]
IDS = ["-".join([each.place, *each.again.values()]) for each in PAGES]
each_page = pytest.mark.parametrize("action", PAGES, ids=IDS)


@pytest.fixture
def site(archive: Archive) -> Archive:
    put(archive, STREET, title=f"Avec {NAME}")
    write_cues(archive, KEY, Cue(0, 4, f"Bonjour {NAME}."), Cue(4, 9, "La rue est à nous."))
    content = (DEMO / f"{CITY}.mp3").read_bytes()
    assert isinstance(uploads.store(archive, "m.mp3", "emission", "Noé", [content]), SentFile)
    return archive


def asked_of(archive: Archive, action: Page, **more: str) -> Fields:
    (sent,) = uploads.uploads(archive)
    return action.asked | ({"file": sent.id} if "file" in action.asked else {}) | more


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
def test_nothing_is_done_for_whom_it_is_not(site: Archive, action: Page) -> None:
    keeper, reader = signed_in(site, name="Zoé"), signed_in(site, "rereader", "Léa")
    stranger, asked, before = reader.application.test_client(), asked_of(site, action), state(site)
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    asks = ((reader, 403, OWN), (stranger, 303, OWN), (keeper, 200, elsewhere))
    for client, opened, headers in asks:
        assert client.get(action.here).status_code == opened
        assert client.post(action.here, data=asked, headers=headers).status_code == 403
    assert keeper.get(f"{action.here}x").status_code == 404
    assert state(site) == before


@each_page
def test_what_can_not_be_is_said_and_what_was_typed_stays(site: Archive, action: Page) -> None:
    """In both languages: what is too long, wrong, not chosen twice alike, changed meanwhile."""
    client, before, note = signed_in(site), state(site), "x" * 301
    for language in ("en", "fr"):
        shown = client.get(action.here, headers={"Accept-Language": language})
        assert (shown.status_code, f'<html lang="{language}"' in shown.text) == (200, True)
        asked = asked_of(site, action, note=note)
        told = send(client, action, shown, asked, **{"Accept-Language": language})
        assert (told.status_code, f'value="{note}"' in told.text) == (422, True)
        with speaking(language):
            assert _("c’est trop long : {most} signes au plus").format(most=300) in text(told)
    assert "Note pour le journal" in text(told)
    assert 'aria-describedby="fault' in told.text and 'aria-invalid="true" autofocus' in told.text
    for wrong in action.wrong:
        told = send(client, action, shown, asked_of(site, action) | wrong)
        assert (told.status_code, 'role="alert"' in told.text) == (422, True), wrong
        kept = [each for each in wrong.values() if each.strip() and each not in ("x", "embargo")]
        assert all(html.escape(each, quote=False) in told.text for each in kept), wrong
    shown, asked = ready(site, client, action)
    for wrong in ({"again": "x"}, {"again": ""}, {"seen": "0"}) if action.again else ():
        refused = send(client, action, shown, asked | wrong)
        assert (refused.status_code, "Rien n’a été fait" in refused.text) == (409, True)
    assert state(site) == before
    action.meanwhile(site)
    before = state(site)
    met = send(client, action, shown, asked)
    assert (met.status_code, 'role="alert"' in met.text) == (409, True)
    assert "Rien n’a" in text(met)
    assert state(site) == before


@contextlib.contextmanager
def busy(client: FlaskClient) -> Iterator[None]:
    chores = cast(Chores, client.application.extensions.setdefault("chores", Chores()))
    begun, end = threading.Event(), threading.Event()

    def act(progress: Progress) -> None:
        progress(0.42)
        begun.set()
        end.wait(LONG)

    assert chores.begin("kit x/y", act)
    assert begun.wait(LONG)
    try:
        yield
    finally:
        end.set()


def over(client: FlaskClient) -> None:
    chores = cast(Chores, client.application.extensions["chores"])
    until(lambda: not chores.running())


@each_page
def test_what_is_done_waits_is_noted_and_undone(site: Archive, action: Page) -> None:
    client, before = signed_in(site), state(site)
    shown, asked = ready(site, client, action)
    asked |= {"note": "lettre"}
    if action.is_long:
        with busy(client):
            met = send(client, action, shown, asked)
            assert (met.status_code, "42" in text(met)) == (409, True)
            kept = hidden(met)
            assert {name: kept.get(name) for name in asked} == asked
            again = send(client, action, met, {})
            assert (again.status_code, hidden(again) | {"token": ""}) == (409, kept | {"token": ""})
        assert state(site) == before
        over(client)
        shown, asked = met, {}
    assert send(client, action, shown, asked).status_code == 303
    if action.is_long:
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


@pytest.mark.parametrize("action", AT_ONCE, ids=lambda it: it.place)
def test_what_others_do_stays(site: Archive, action: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even between the last look at the episode and what is done to it."""
    client, do, then = signed_in(site), ActionPage.do, []
    shown, asked = ready(site, client, action)

    def late(page: Any) -> Any:
        action.meanwhile(site)
        then.append(state(site))
        return do(page)

    monkeypatch.setattr(ActionPage, "do", late)
    met = send(client, action, shown, asked)
    assert (met.status_code, 'role="alert"' in met.text) == (409, True)
    assert then == [state(site)]


def test_what_is_made_waits_for_what_goes_on_and_is_asked_for_again(site: Archive) -> None:
    client = signed_in(site)
    below = {"base_url": "http://localhost/decoudre", "headers": OWN}
    with busy(client):
        for what in ("kit", "copy"):
            met = client.post(f"/desk/making/{KEY}?lang=fr", data={"what": what}, **below)
            assert (met.status_code, "42" in text(met)) == (409, True)
            assert f'action="/decoudre/desk/making/{KEY}?lang=fr"' in met.text
            assert hidden(met)["what"] == what


def test_a_page_is_answered_while_another_forgets_what_was_done() -> None:
    class Forgotten(Chores):
        """Between two looks at the chore another page forgets it."""

        looks = iter([Chore("look"), None])

        @property
        def _latest(self) -> Chore | None:
            return next(self.looks)

        @_latest.setter
        def _latest(self, _chore: Chore | None) -> None:
            pass

    found = Forgotten().latest()
    assert found and found.name == "look"
