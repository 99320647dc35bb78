"""A quotation says who answers for its words, in every form in which it leaves the site."""

import json
from pathlib import Path

from flask.testing import FlaskClient

from radio.archive import Archive
from radio.archive.episode import Show
from radio.static_site.export import export
from radio.text.transcript import Cue
from tests.heard import write_cues
from tests.samples import STREET, put
from tests.tables import for_each
from tests.web.sites import visit

KEY = f"emission/{STREET}"
CUES = (Cue(0.0, 2.0, "Rien."), Cue(2.0, 4.0, "Des micros"), Cue(4.0, 6.0, "dans la rue."))
WORDS = "Des micros dans la rue."
LABELS = {"machine": "transcription automatique non relue", "reread": ""}
LABELS |= {"": "on ignore si la transcription a été relue"}
CITED = {"text": "txt", "bibtex": "bib", "csl": "json"}
FORMS = {name: f"/cite/{KEY}.{form}?t=4.5" for name, form in CITED.items()}
FORMS |= {"page": f"/shows/{KEY}?t=4.5", "share": f"/share/{KEY}?t=4.5"}
FORMS["oembed"] = f"/oembed?url=https://radio.example/shows/{KEY}%3Ft=4.5"
FORMS["selection"] = f"/share/{KEY}?t=2,6"


def quoting(archive: Archive, status: str, language: str = "fr") -> FlaskClient:
    archive.write_show(Show("emission", "Émission", language=language))
    put(archive, STREET)
    write_cues(archive, KEY, *CUES, **({"status": status} if status else {}))
    return visit(archive, "https://radio.example")


@for_each("status", LABELS)
def test_a_quotation_says_if_it_was_reread(archive: Archive, tmp_path: Path, status: str) -> None:
    client = quoting(archive, status)
    for form, address in FORMS.items():
        given = client.get(address)
        assert given.status_code == 200
        said = given.get_json() if form in ("csl", "oembed") else None
        content = json.dumps(said, ensure_ascii=False) if said else given.text
        quoted = content.partition('class="citation"')[2].partition("</blockquote>")[0] or content
        assert WORDS in quoted
        for each in LABELS.values():
            assert not each or (each in quoted) is (each == LABELS[status]), form
        assert "00:00:02" in quoted
    page = client.get(FORMS["page"]).text
    description = page.partition('name="description" content="')[2].partition('"')[0]
    assert WORDS in description and LABELS[status] in description
    assert page.partition('og:description" content="')[2].startswith(description)
    export(archive, tmp_path / "site")
    frozen = (tmp_path / "site" / "texts" / f"{KEY}.txt").read_text(encoding="utf-8")
    for content in (client.get(f"/transcripts/{KEY}.txt").text, frozen):
        head, _, rest = content.partition("\n\n")
        assert "Émission" in head and "2024-01-16" in head and LABELS[status] in head.lower()
        assert rest.startswith("[0:00] Rien.")
    assert LABELS[status] in client.get("/search.xml?q=micros").text
    (found,) = client.get("/api/v1/search?q=micros").get_json()["episodes"]
    assert found["transcript"] == (status or "unknown")


def test_a_quotation_leads_to_its_own_words_and_speaks_their_language(archive: Archive) -> None:
    client = quoting(archive, "machine")
    quoted = client.get(FORMS["text"]).text
    assert quoted.endswith(f"https://radio.example/shows/{KEY}?t=2\n")
    again = client.get(f"/cite/{KEY}.txt?t=2").text
    assert again == quoted
    frame = client.get(FORMS["oembed"]).get_json()["html"]
    assert f"https://radio.example/embed/{KEY}?t=2" in frame
    assert "#t=2" in client.get(f"/embed/{KEY}?t=2").text
    assert f"/clips/{KEY}.mp3?t=2,32" in client.get(FORMS["share"]).text
    quoted = quoting(archive, "machine", "en").get(FORMS["text"]).text
    assert "[automatic transcript, not proofread]" in quoted
