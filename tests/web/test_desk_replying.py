"""A keeper attaches a reply at the desk: seen before it stands, changed, taken away, undone."""

import datetime as dt

from radio.archive import Archive, history
from radio.archive.acts import undo
from radio.archive.protection import PublicReply
from tests.samples import STREET, put
from tests.visits import text
from tests.web.desks import send, signed_in

KEY = f"emission/{STREET}"
HERE = f"/desk/reply/{KEY}"
ASKED = {"text": "C’est <b>faux</b>.\r\n\r\nJe n’ai *rien* dit.", "author": "Zoé", "at": "0:01"}
SAID = "C’est <b>faux</b>.\n\nJe n’ai *rien* dit."


def test_a_reply_is_seen_published_changed_and_taken_away(archive: Archive) -> None:
    put(archive, STREET)
    client = signed_in(archive)
    page = client.get(HERE)
    assert "Aucune réponse n’est publiée" in text(page)
    shown = send(client, page, **ASKED, day="2026-05-12", act="show")
    assert "<em>rien</em>" in shown.text and "C’est &lt;b&gt;faux" in shown.text
    assert archive.episode(KEY).protection.replies == ()
    other = send(client, shown, **ASKED | {"text": "Non."}, day="2026-05-12", act="publish")
    assert "Elle se lira ainsi" in other.text  # what was not shown is shown first
    assert archive.episode(KEY).protection.replies == ()
    done = send(client, shown, **ASKED, day="2026-05-12", act="publish")
    assert done.status_code == 303
    (reply,) = archive.episode(KEY).protection.replies
    assert reply == PublicReply(SAID, "Zoé", 1.0, dt.date(2026, 5, 12))
    assert "C’est &lt;b&gt;faux" in client.get(f"/shows/{KEY}").text
    stale = send(client, shown, **ASKED, act="remove", number="1")
    assert (stale.status_code, len(archive.episode(KEY).protection.replies)) == (409, 1)

    changing = client.get(f"{HERE}?number=1")
    assert 'value="0:01"' in changing.text and 'value="2026-05-12"' in changing.text
    shown = send(client, changing, **ASKED | {"at": ""}, day="2026-05-12", act="show")
    assert send(client, shown, **ASKED | {"at": ""}, day="2026-05-12", act="publish").location
    assert archive.episode(KEY).protection.replies[0].at is None
    undo(archive)
    assert archive.episode(KEY).protection.replies == (reply,)
    assert send(client, client.get(f"{HERE}?number=1"), act="remove").status_code == 303
    assert archive.episode(KEY).protection.replies == ()
    undo(archive)
    assert archive.episode(KEY).protection.replies == (reply,)
    assert history.acts(archive.root)[0].state == "undone"


def test_what_is_no_reply_is_said_and_kept_in_the_form(archive: Archive) -> None:
    put(archive, STREET)
    client = signed_in(archive)
    page = client.get(HERE)
    for wrong in ({"text": " "}, {"at": "tôt"}, {"at": "2:00:00"}, {"day": "tôt"}):
        answer = send(client, page, **ASKED | {"day": ""} | wrong, act="publish")
        assert (answer.status_code, 'role="alert"' in answer.text) == (422, True)
        assert 'value="Zoé"' in answer.text
    whole = send(client, page, **ASKED | {"text": "L’été, " * 1714}, day="", act="show")
    assert (whole.status_code, "Elle se lira ainsi" in whole.text) == (200, True)
    long = send(client, page, **ASKED | {"text": "x" * 12_001}, act="show")
    assert (long.status_code, "trop long" in long.text) == (422, True)
    assert archive.episode(KEY).protection.replies == ()
