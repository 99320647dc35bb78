"""A keeper takes a passage out at the desk: shown first, chosen twice, done aside, told."""

import re
from itertools import pairwise

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from radio.archive import Archive, journal
from radio.archive.standing import sha256
from radio.search import Index
from radio.search.hits import SearchOptions
from radio.text.transcript import Evidence, Segment, Word, render_evidence, render_vtt
from radio.transcribe.corrections import compose
from tests.samples import STREET, put
from tests.visits import text
from tests.web.desks import OWN, signed_in, when_over

KEY = f"emission/{STREET}"
HERE = f"/desk/redact/{KEY}"
SAID = ("Bonjour à toutes.", "Alors monsieur Zinzolin habite au coin <là>.", "Merci à tous.")
ASKED = {
    "start": "0:20",
    "end": "22,5",
    "cover": "tone",
    "fate": "seal",
    "text": "[un nom]",
    "note": "À sa demande.",
}


@pytest.fixture
def heard(archive: Archive) -> Archive:
    """An episode in which a name is said after 20 seconds, and found."""
    episode = put(archive, STREET)
    segments = []
    for number, said in enumerate(SAID):
        words, start = said.split(), 19.0 * number
        times = pairwise(start + each for each in range(len(words) + 1))
        heard = tuple(Word(*both, each, 0.9) for both, each in zip(times, words, strict=True))
        segments.append(Segment(start, heard[-1].end, said, heard, 1, 0.0, -0.2, 1.2, 0.01))
    vtt = render_vtt(compose(segments, {}, {"status": "machine", "model": "base"})).encode()
    sound = episode.audio.sha256, "fr", 62.8
    evidence = Evidence("x", {}, "base", "0", {}, *sound, (), tuple(segments), vtt=sha256(vtt))
    archive.evidence_path(KEY).write_bytes(render_evidence(evidence))
    archive.vtt_path(KEY).write_bytes(vtt)
    return archive


def send(client: FlaskClient, **fields: str) -> TestResponse:
    return client.post(HERE, data=ASKED | fields, headers=OWN)


def sure(client: FlaskClient, page: TestResponse, **fields: str) -> TestResponse:
    """Send the second form as it was shown, with what is chosen again."""
    (seen,) = re.findall(r'name="seen" value="(\w+)"', page.text)
    return send(client, **{"sure": "1", "seen": seen, "again": "seal"} | fields)


def when_done(client: FlaskClient) -> str:
    return when_over(client, HERE, "en train d’être retiré")


def test_a_passage_is_shown_chosen_twice_and_taken_out(heard: Archive) -> None:
    client = signed_in(heard)
    shown = send(client)
    told = text(shown)
    assert "0:19–0:22" in told
    assert "de la seconde 19,9 à la seconde 22,6" in told
    assert "<del>Alors monsieur Zinzolin habite</del>" in shown.text
    assert "&lt;là&gt;" in shown.text
    assert "sealed/" in told
    before = heard.episode(KEY)
    (heard.transcripts / "emission" / "copie.vtt").write_text(before.audio.sha256)
    assert sure(client, shown).status_code == 303
    page = when_done(client)
    assert "Le passage est retiré" in page
    assert "transcripts/emission/copie.vtt" in page  # which only a keeper can judge
    assert "Déjà retirés" in page
    assert heard.episode(KEY).audio.sha256 != before.audio.sha256
    transcript = heard.vtt_path(KEY).read_text(encoding="utf-8")
    assert "Zinzolin" not in transcript
    assert "[un nom]" in transcript
    assert Index(heard).search("zinzolin", SearchOptions()).total == 0
    (entry, *_) = journal.entries(heard.root)
    assert (entry.who, entry.what, entry.note) == ("Noé", "redact", "À sa demande.")


def test_what_is_no_passage_is_said_and_what_fails_too(heard: Archive) -> None:
    client = signed_in(heard)
    for wrong in (
        {"start": "x"},
        {"end": "0:20"},
        {"end": "2:00:00"},
        {"fate": ""},
    ):
        answer = send(client, **wrong)
        assert (answer.status_code, 'role="alert"' in answer.text) == (422, True)
    text_of = heard.vtt_path(KEY)
    said = text_of.read_bytes()
    text_of.write_bytes(b"WEBVTT\n\n0:x --> 00:04.000\nOui.\n")
    unread = send(client)
    assert (unread.status_code, 'role="alert"' in unread.text) == (422, True)
    text_of.write_bytes(said)
    shown = send(client, fate="destroy")
    assert "personne ne l’aura plus" in text(shown)
    heard.audio_path(heard.episode(KEY)).write_bytes(b"no sound")
    assert sure(client, shown, fate="destroy", again="destroy").status_code == 303
    told = when_done(client)
    assert "Cela a échoué" in told
    assert "rien n’est retiré" in told
    assert "Zinzolin" in heard.vtt_path(KEY).read_text(encoding="utf-8")
