"""The pages of themes and people, as listeners, programs and files get them."""

from pathlib import Path
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient

from radio.archive import Archive
from radio.archive.episode import Person
from radio.static_site.export import freeze
from tests.described import ask
from tests.search.debate import speak
from tests.search.episodes import SHOW, begun, put
from tests.web.sites import visit

HERE = "https://radio.example"
YEARS = range(2015, 2019)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    folder, glossary = tmp_path_factory.mktemp("dossiers"), "CNIL = Commission de l’informatique"
    made = begun(Path(folder), "La Machine", glossary=(glossary,))
    people = (Person("Noé"), Person("Audrey"), Person("<b>Zoé</b> & Cie"))
    speak(made, put(made, "2024-03-10-debat", people=people, tags=("caméra",)))
    speak(made, put(made, "2024-04-10-relu", people=people[:1]), "reread")
    put(made, "2023-01-01-sans-date", "Une caméra, sans date.", date_sure=False)
    for year in YEARS:
        said = [f"Le tramway numéro {n} passe. Il pleut. " + "Rien. " * 40 for n in range(45)]
        put(made, f"{year}-05-05-tram", *said, title=f"Tram {year}")
    put(made, "2024-05-10-secret", "Noé, la caméra secrète.", status="withdrawn", tags=("secret",))
    themes = '{"version": 1, "themes": [{"name": "Tramway", "description": "Deux *lignes*."}]}'
    (made.root / "themes.json").write_text(themes)
    return made


@pytest.fixture(scope="module")
def client(archive: Archive) -> FlaskClient:
    return visit(archive, HERE)


def test_lists_and_names_lead_to_every_dossier(client: FlaskClient) -> None:
    page = client.get("/catalogue").text
    for address in ("/people/noe", "/people/audrey", "/people/b-zoe-b-cie", "/themes/camera"):
        assert f'href="{address}"' in page
        assert client.get(address).status_code == 200
    assert "<b>Zoé" not in page
    assert "secret" not in page
    ways = {"/people?name=NOE": "/people/noe", "/themes?name=Caméra": "/themes/camera"}
    ways |= {"/people?name=caméra": "/themes/camera", "/people?name=tramway": "/themes/tramway"}
    ways |= {"/people?name=Personne": '/search?q="Personne"', "/people": "/catalogue#person"}
    led = {way: unquote(client.get(way).headers["Location"]) for way in ways}
    assert led == ways
    wrong = ["/themes/secret", "/themes/noe", "/people/camera", "/people/..", "/themes/camera/2022"]
    wrong += ["/themes/tramway/2019", "/themes/tramway/2015-99", "/themes/rien/feed.xml"]
    assert {client.get(each).status_code for each in wrong} == {404}


def test_a_person_is_spoken_of_and_speaks_apart(client: FlaskClient) -> None:
    page = client.get("/people/noe").text
    of, by = page.split('id="own"')
    assert "tu oublies la Commission" in of
    assert "ici <mark>" not in of, "his own words are not said of him"
    assert "nous parlons des caméras" in by
    assert f"/shows/{SHOW}/2024-03-10-debat?t=10&amp;" in of
    assert "secrète" not in page


def test_machine_text_is_called_so_and_what_was_reread_is_not(client: FlaskClient) -> None:
    entries = client.get("/themes/camera").text.split("<h4>")[1:]
    assert [('class="machine"' in each) for each in entries] == [True, False, True]
    assert "non relue" in entries[0]
    assert "date inconnue" in entries[-1]


def test_a_long_dossier_is_read_year_by_year_and_its_seam_leads_there(client: FlaskClient) -> None:
    assert "<em>lignes</em>" in client.get("/themes/tramway").text
    seen, address = [], "/themes/tramway"
    while address:
        page = client.get(address).text
        assert len(page) < 120_000
        seen += [title for year in YEARS if (title := f"Tram {year}</a></h4>") in page]
        before, found, _ = page.partition('" rel="next"')
        address = before.rpartition('"')[2] if found else ""
    moved = client.get("/themes/tramway/2015")
    assert moved.status_code == 302
    assert moved.location == "/themes/tramway#y2015"
    assert seen == [f"Tram {year}</a></h4>" for year in YEARS]
    page = client.get("/themes/tramway").text
    assert 'class="found" d="m' in page
    assert 'href="/themes/tramway/2017' in page
    assert "<span>2020</span>" in page, "nothing was said then"


def test_programs_get_the_same(client: FlaskClient) -> None:
    told = ask(client, "/api/v1/themes", schema="Subjects")
    assert [each["slug"] for each in told["people"]] == ["b-zoe-b-cie", "audrey", "noe"]
    entries = ask(client, "/api/v1/people/noe", schema="Dossier")["entries"]
    assert [each["date"] for each in entries] == ["2024-03-10", "2024-04-10"]
    assert entries[0]["sentences"][0]["voice"] == "Audrey"
    long = ask(client, "/api/v1/themes/tramway", schema="Dossier")
    assert (long["pages"] > 1, long["next"]) == (True, f"{HERE}/api/v1/themes/tramway?page=2")
    for wrong in ("/api/v1/themes/rien", "/api/v1/themes/camera?page=9"):
        ask(client, wrong, 404)
    ask(client, "/api/v1/themes/camera?page=x", 400)


@pytest.mark.usefixtures("client")  # who looks for words in each episode
def test_the_site_as_files_has_each_dossier(archive: Archive, tmp_path: Path) -> None:
    freeze(archive, tmp_path)
    page = (tmp_path / "catalogue.html").read_text("utf-8")
    assert 'href="people/noe/index.html"' in page
    assert 'href="../catalogue.html"' in (tmp_path / "themes" / "index.html").read_text("utf-8")
    text = (tmp_path / "people" / "noe" / "index.html").read_text("utf-8")
    assert "tu oublies la Commission" in text
    assert "feed.xml" not in text
    assert f'href="../../shows/{SHOW}/2024-03-10-debat.html?t=10' in text
    assert (tmp_path / "themes" / "tramway" / "2016.html").is_file()
