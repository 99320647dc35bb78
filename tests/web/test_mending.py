"""Listeners mend a sentence: without script, account, cookie or address."""

import pytest
from flask.testing import FlaskClient

from radio.archive import Archive
from radio.proposals.intake import MOST_OF_SENTENCE
from radio.proposals.queue import read
from radio.text.transcript import Cue
from tests.heard import write_cues
from tests.samples import CITY, STREET, put
from tests.tables import for_each
from tests.visits import Links, text
from tests.web.desks import form_of
from tests.web.sites import visit

KEY = f"emission/{STREET}"
PAGE = f"/shows/{KEY}"
FORM = f"/propose/{KEY}"
KNI = Cue(2.5, 4.0, "La kni dit"), Cue(4.0, 6.0, "non.")
CUES = (Cue(0.0, 2.0, "Bonjour."), *KNI, Cue(7.0, 9.0, "Et voilà."))


@pytest.fixture
def mended(archive: Archive) -> Archive:
    put(archive, STREET)
    put(archive, CITY, status="withdrawn", reason="À sa demande.")
    write_cues(archive, KEY, *CUES, status="machine")
    (archive.root / "site.json").write_text('{"proposals": true}', encoding="utf-8")
    return archive


def fields(page: str) -> dict[str, str]:
    return {name: value for name, (value,) in form_of(page, 'class="around"').items()}


def send(client: FlaskClient, at: str = "?t=3", **changed: str) -> tuple[int, str]:
    sent = fields(client.get(f"{FORM}{at}").text) | changed
    answer = client.post(f"{FORM}{at}", data=sent)
    return answer.status_code, answer.headers.get("Location", "") or answer.text


def test_a_sentence_is_reached_from_its_address_and_proposed_and_thanked(mended: Archive) -> None:
    client = visit(mended)
    page = client.get(f"{PAGE}?t=3").text
    (link,) = {each for each in Links(page).found if each.startswith("/propose/")}
    shown = client.get(link)
    assert "Écrivez ce qui a été dit, pas ce qu’il aurait fallu dire." in shown.text
    assert f"/media/{KEY}.mp3#t=2.5" in shown.text
    assert "Bonjour. La kni dit non. Et voilà." in text(shown).replace("  ", " ")
    sent = fields(shown.text)
    assert sent["words"] == "La kni dit non."
    assert set(sent) == {"words", "comment", "website", "seen"}
    answer = client.post(link, data=sent | {"words": "La CNIL dit non."})
    assert answer.status_code == 303
    thanks = client.get(answer.headers["Location"])
    assert "Merci" in thanks.text
    assert "no-store" in thanks.headers["Cache-Control"]
    for each in (shown, answer, thanks):
        assert "Set-Cookie" not in each.headers
    (kept,) = read(mended.root).waiting
    assert (kept.key, kept.start, kept.end, kept.words) == (KEY, 2.5, 6.0, "La CNIL dit non.")


def test_where_nothing_is_taken_no_such_address_is_known(mended: Archive) -> None:
    (mended.root / "site.json").unlink()
    client = visit(mended)
    for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"):
        here = client.open(f"/propose/{KEY}", method=method)
        nowhere = client.open(f"/propane/{KEY}", method=method)
        assert here.status_code == nowhere.status_code == 404
        assert here.data.replace(b"propose", b"propane") == nowhere.data
        assert str(here.headers) == str(nowhere.headers)
    for path in (PAGE, f"{PAGE}?t=3", "/privacy"):
        assert "propos" not in client.get(path).text.replace("À propos", "")


def test_only_its_own_form_is_taken(mended: Archive) -> None:
    client = visit(mended)
    sent = fields(client.get(f"{FORM}?t=3").text) | {"words": "La CNIL dit non."}
    elsewhere = {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site", "Origin": "null"}
    for headers in (*elsewhere, {"Origin": "https://evil.example"}, {"Origin": "http://["}):
        assert client.post(f"{FORM}?t=3", data=sent, headers=headers).status_code == 403
    assert client.post(f"{FORM}?t=3", json=sent).status_code == 415
    assert client.post(f"{FORM}?t=3", data=sent | {"comment": "a" * 17000}).status_code == 413
    for path in ("/", PAGE, "/search", f"/media/{KEY}.mp3"):
        assert client.post(path, data=sent).status_code == 405
    for method in ("PUT", "DELETE", "OPTIONS"):
        assert client.open(FORM, method=method).status_code == 405
    assert read(mended.root).waiting == ()
    own = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert client.post(f"{FORM}?t=3", data=sent, headers=own).status_code == 303
    behind = {"Origin": "https://radio.example"}  # a proxy that tells another host
    site = visit(mended, "https://radio.example")
    assert site.post(f"{FORM}?t=3", data=sent, headers=behind).status_code == 303


def test_a_listener_of_a_site_without_https_is_heard_and_robots_are_not(mended: Archive) -> None:
    """Chromium and Firefox hide there where our own form comes from: its page sends no referrer."""
    client = visit(mended)
    assert send(client, words="Achetez", website="https://spam.example")[0] == 303
    assert read(mended.root).waiting == ()
    sent = fields(client.get(f"{FORM}?t=3").text) | {"words": "La CNIL dit non."}
    answer = client.post(f"{FORM}?t=3", data=sent, headers={"Origin": "null"})
    assert answer.status_code == 303
    assert len(read(mended.root).waiting) == 1


@for_each(
    ("changed", "code", "told"),
    [
        ({}, 422, "C’est déjà ce qui est écrit"),
        ({"words": " \n "}, 422, "Écrivez ce que vous avez entendu"),
        ({"words": "é" * 1001}, 422, "C’est trop long"),
        ({"words": "a\x07"}, 422, "caractères invisibles"),
        ({"words": "La CNIL.", "seen": "0123456789abcdef"}, 409, "La phrase a changé"),
    ],
)
def test_faults_keep_words(mended: Archive, changed: dict[str, str], code: int, told: str) -> None:
    status, page = send(visit(mended), comment="Ma remarque", **changed)
    assert status == code
    assert told in page
    assert fields(page)["comment"] == "Ma remarque"
    assert read(mended.root).waiting == ()


def test_too_many_are_told_to_come_back_in_ten_minutes(mended: Archive) -> None:
    client = visit(mended)
    sent = fields(client.get(f"{FORM}?t=3").text)
    for number in range(MOST_OF_SENTENCE):
        assert client.post(f"{FORM}?t=3", data=sent | {"words": f"{number}"}).status_code == 303
    late = client.post(f"{FORM}?t=3", data=sent | {"words": "Trop tard"})
    assert (late.status_code, late.headers["Retry-After"]) == (429, "600")
    assert "réessayez dans dix minutes" in late.text
    assert fields(late.text)["words"] == "Trop tard"
    assert client.get(PAGE).status_code == 200
    assert len(read(mended.root).waiting) == MOST_OF_SENTENCE


def test_what_listeners_may_not_hear_they_do_not_mend(mended: Archive) -> None:
    client = visit(mended)
    assert client.get(f"/propose/emission/{CITY}").status_code == 410
    assert client.post(f"/propose/emission/{CITY}", data={"words": "a"}).status_code == 410
    assert client.get("/propose/emission/2024-01-01-nulle-part").status_code == 404
    mended.checkpoint_path(KEY).write_text("{}", encoding="utf-8")  # being transcribed
    assert client.get(FORM).status_code == 404
