"""The pages that lead to the episodes, and those that explain: what they say was found to be so."""

import gzip
import re
from collections import Counter

from flask.testing import FlaskClient

from radio.archive import Archive
from radio.work.status import Remainder, WorkStatus, write_status
from tests.samples import ROOT, SHOW
from tests.tables import for_each
from tests.visits import Links, text, words
from tests.web.views.site import PAGE, ROOM, make_episode


def test_home_lists_seven_of_many_and_a_show_a_year(archive: Archive, client: FlaskClient) -> None:
    for day in range(1, 29):
        make_episode(archive, f"2025-01-{day:02d}-x", f"Titre {day}")
    assert client.get("/").text.count('<time datetime="2025') == 7
    show = f"/shows/{SHOW}/"
    page = client.get(show).text
    assert (page.count('<time datetime="2025'), page.count('<time datetime="2024')) == (28, 0)
    assert f'href="{show}?year=2024#y2024">2024 <span>3</span>' in page
    older = client.get(f"{show}?year=2024").text
    assert (older.count('<time datetime="2025'), older.count('<time datetime="2024')) == (0, 3)
    assert client.get(f"{show}?year=1999").text.count("<time datetime=") == 28


def test_a_description_has_links_on_its_page_alone(archive: Archive, client: FlaskClient) -> None:
    told = "Avec :\n\n- [Zoé](https://example.org/zoe)\n- <b>Ali</b>"
    make_episode(archive, "2025-03-02-notes", "Notes", description=told)
    page = client.get(f"/shows/{SHOW}/2025-03-02-notes").text
    link = '<a href="https://example.org/zoe" rel="noreferrer">Zoé</a>'
    assert f"<p>Avec :</p><ul><li>{link}</li><li>&lt;b&gt;Ali&lt;/b&gt;</li></ul>" in page
    assert 'name="description" content="Avec :\n\n- Zoé\n- &lt;b&gt;Ali' in page
    assert "[Zoé]" not in client.get("/").text
    told_by_api = client.get(f"/api/v1/episodes/{SHOW}/2025-03-02-notes").json
    assert told_by_api and link in told_by_api["description_html"]
    assert "&lt;li&gt;&lt;a href=" in client.get(f"/shows/{SHOW}/feed.xml").text


@for_each("page", [PAGE, "/", "/kept", "/search/listen?q=a"])
def test_a_page_loads_little_script(client: FlaskClient, page: str) -> None:
    names = re.findall(r'<script src="/static/(\w+\.js)', client.get(page).text)
    assert "suggest.js" in names
    contents = [(ROOM / "static" / name).read_bytes() for name in names]
    assert sum(len(gzip.compress(content)) for content in contents) < 12_400


def test_the_catalogue_says_what_is_to_transcribe(archive: Archive, client: FlaskClient) -> None:
    first = Remainder("transcribe", 5, public=3, sound=9000.0, work=9000.0, public_work=7200.0)
    better = Remainder("improve", 1, public=1, sound=3600.0)
    write_status(archive, WorkStatus(left=(first, better)))
    assert "à transcrire" not in text(client.get("/catalogue"))
    with archive.lock("work"):
        told = "3 épisodes à transcrire, encore 2 h 00 min environ"
        words(client.get("/catalogue"), 200, told, "1 épisode dont la transcription sera améliorée")
        told = "3 episodes still to transcribe, about 2 h 00 min left"
        words(client.get("/catalogue?lang=en"), 200, told)
        write_status(archive, WorkStatus(left=(Remainder("transcribe", 2),)))
        assert "à transcrire" not in text(client.get("/catalogue"))


DOCUMENT = (ROOT / "docs" / "fr" / "accessibility.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (\d+\.\d+) \| (C|NC|NA) \| ([a-z]*) \| (.*) \|$", re.MULTILINE)
THEMES = (9, 2, 3, 13, 8, 2, 5, 10, 4, 14, 13, 11, 12)  # criteria of each theme of RGAA 4.1


def test_each_criterion_is_judged_once_and_the_site_says_how(
    client: FlaskClient,
) -> None:
    criteria = [f"{theme}.{n}" for theme, many in enumerate(THEMES, 1) for n in range(1, many + 1)]
    assert len(criteria) == 106
    assert [row[0] for row in ROW.findall(DOCUMENT)] == criteria
    for criterion, state, how, what in ROW.findall(DOCUMENT):
        assert (state == "NA") is not (bool(how) and bool(what)), criterion
    states = Counter(row[1] for row in ROW.findall(DOCUMENT))
    share = 100 * states["C"] // (states["C"] + states["NC"])
    met = [row[2] for row in ROW.findall(DOCUMENT) if row[1] == "C"]
    proven = sum(how in ("axe", "vnu", "browser") for how in met)
    held = f"{states['C']} sont respectés, {states['NC']} ne le sont pas"
    rest = f"{states['NA']} sont sans objet, soit {share} % des critères applicables"
    tried = f"{proven} sont vérifiés", "Aucun lecteur d’écran n’a été essayé"
    statement = client.get("/accessibility")
    page = words(statement, 200, f"{held}, {rest}", *tried, "Partiellement conforme")
    assert f"Des {states['C']}, {proven} sont vérifiés" in DOCUMENT
    unmet = {row[0] for row in ROW.findall(DOCUMENT) if row[1] == "NC"}
    assert set(re.findall(r"\(critère (\d+\.\d+)\)", page)) == unmet
    for path, code in (("/", 200), ("/nope", 404), ("/help", 200)):
        answer = client.get(path)
        assert "/accessibility" in Links(answer.text).found
        words(answer, code, "Accessibilité : partiellement conforme")
