"""The pages that lead to the episodes, and those that explain."""

import gzip
import re
from pathlib import Path

from flask.testing import FlaskClient

from radio.archive import Archive
from radio.archive.episode import Person
from radio.work.status import Remainder, WorkStatus, write_status
from tests.samples import SHOW
from tests.tables import for_each
from tests.visits import text
from tests.web.views.site import PAGE, ROOM, Canned, make_episode, visit


def test_home_searches_first_then_lists_what_is_new(client: FlaskClient) -> None:
    response = client.get("/")
    assert response.status_code == 200
    order = [
        'role="search"',
        "Garder la mémoire",
        "La ville intelligente",
        "Les micros",
        "découdre",
    ]
    places = [response.text.rindex(word) for word in order]
    assert places == sorted(places)
    assert '<label for="q">' in response.text
    assert "Retiré" not in response.text
    assert "Demain" not in response.text


def test_home_lists_seven_episodes_of_many_and_a_show_all_of_a_year(
    archive: Archive, client: FlaskClient
) -> None:
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


def test_an_empty_archive_says_so(tmp_path: Path) -> None:
    empty = Archive(tmp_path)
    empty.create()
    response = visit(empty, Canned()).get("/")
    assert "pas encore d’épisode" in response.text


def test_show_lists_its_episodes(client: FlaskClient) -> None:
    page = client.get(f"/shows/{SHOW}/").text
    assert "3 épisodes" in page
    assert page.index("Garder la mémoire") < page.index("Les micros")
    assert client.get(f"/shows/{SHOW}").status_code == 200


def test_a_description_has_its_lists_and_links_on_the_page_and_is_words_in_lists(
    archive: Archive, client: FlaskClient
) -> None:
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


# Finding one's way


def test_the_catalogue_counts_what_there_is(archive: Archive, client: FlaskClient) -> None:
    people = (Person("Noémie Levain", "invitée"), Person("Noémie Levain", "technique"))
    make_episode(archive, "2023-05-02-autre", "Autre", people=people, tags=("École",))
    make_episode(archive, "2023-05-03-encore", "Encore", people=people[:1])
    make_episode(archive, "2023-05-04-cache", "Caché", tags=("secret",), status="withdrawn")
    page = client.get("/catalogue")
    shown = text(page)
    assert "2023 2" in shown
    assert "Noémie Levain 2" in shown
    assert "École 1" in shown
    assert "secret" not in shown
    assert "q=personne:%22No%C3%A9mie+Levain%22&amp;sort=newest" in page.text
    assert "q=apr%C3%A8s:2022+avant:2024" in page.text


@for_each("name", ["help", "about", "privacy", "legal"])
def test_pages_that_explain(client: FlaskClient, name: str) -> None:
    french, english = (text(client.get(f"/{name}?lang={lang}")) for lang in ("fr", "en"))
    assert french != english
    assert len(french) > 500


@for_each("page", [PAGE, "/", "/kept", "/search/listen?q=a"])
def test_a_page_loads_little_script(client: FlaskClient, page: str) -> None:
    names = re.findall(r'<script src="/static/(\w+\.js)', client.get(page).text)
    assert "suggest.js" in names
    contents = [(ROOM / "static" / name).read_bytes() for name in names]
    assert sum(len(gzip.compress(content)) for content in contents) < 10_000


def test_the_icon_is_our_own(client: FlaskClient) -> None:
    assert 'rel="icon" href="/static/icon.svg?v=' in client.get("/").text


def test_plain_addresses(client: FlaskClient) -> None:
    assert client.get("/healthz").text == "ok"
    assert client.get("/robots.txt").text.startswith("User-agent: *\n")


def test_the_catalogue_says_what_is_still_to_transcribe(
    archive: Archive, client: FlaskClient
) -> None:
    """While `radio work` runs; of episodes that are not public nothing is said."""
    first = Remainder("transcribe", 5, public=3, sound=9000.0, work=9000.0, public_work=7200.0)
    better = Remainder("improve", 1, public=1, sound=3600.0)
    write_status(archive, WorkStatus(left=(first, better)))
    assert "à transcrire" not in text(client.get("/catalogue"))
    with archive.lock("work"):
        page = text(client.get("/catalogue"))
        assert "3 épisodes à transcrire, encore 2 h 00 min environ" in page
        assert "1 épisode à transcrire mieux" in page
        assert "3 episodes to transcribe, about 2 h 00 min left" in text(
            client.get("/catalogue?lang=en")
        )
        write_status(archive, WorkStatus(left=(Remainder("transcribe", 2),)))
        assert "à transcrire" not in text(client.get("/catalogue"))
