"""What listeners may have: one answer, whichever way they take."""

import dataclasses
import datetime as dt
import hashlib
import io
import json
import os
import re
from csv import DictReader
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from mutagen import id3

from radio.archive import Archive, holdings
from radio.archive.episode import Audio, Episode, Person, Show
from radio.bags.payload import all_files
from radio.static_site.export import export
from radio.system.disk import write_whole
from radio.text.transcript import Cue
from radio.transcribe.versions import set_aside
from tests.heard import write_cues
from tests.samples import CITY, DEMO, MEMORY, STREET, put, unpacked
from tests.web.sites import visit

BASE = "https://radio.example"
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(500)
HEARD, TITLED = "brouillard", "lampadaire"  # in each text, in each title
WHOLE = f"emission/{STREET}"
HALF = f"emission/{CITY}"
SILENT = f"emission/{MEMORY}"
UNHEARD = "emission/2024-04-16-son-ailleurs"
UNREAD = "emission/2024-05-21-texte-ailleurs"
NAMELESS = "sans-fiche/2024-01-16-episode"
HIDDEN = {
    "withdrawn": "emission/2024-06-18-retire",
    "embargoed": "emission/2024-07-16-demain",
    "draft": "emission/2024-07-17-brouillon",
    "a sidecar that is a link": "emission/2024-08-20-fiche-ailleurs",
    "no sidecar": "emission/2024-09-17-sans-fiche",
    "a folder that is a link": f"liee/{STREET}",
}
PUBLIC = {WHOLE, HALF, SILENT, UNHEARD, UNREAD, NAMELESS}
FINISHED = {WHOLE, UNHEARD, NAMELESS}
ENDS = ("vtt", "json", "en.vtt")
GIVEN = {
    "site.json",
    "logo.png",
    "media/emission/show.json",
    "media/emission/L’œil.png",
    f"media/{WHOLE}.png",
    *(f"media/{key}.json" for key in PUBLIC),
    *(f"media/{key}.mp3" for key in PUBLIC - {UNHEARD}),
    *(f"transcripts/{key}.{end}" for key in FINISHED for end in ENDS),
}
FORMS = ("vtt", "srt", "txt", "html", "json", "podcast.json", "en.vtt")


def add(archive: Archive, key: str, **fields: object) -> None:
    show, _slash, slug = key.partition("/")
    content = (DEMO / f"{STREET}.mp3").read_bytes()
    digest = hashlib.sha256(key.encode()).hexdigest()  # the site proves no recording
    audio = Audio(f"{slug}.mp3", digest, len(content), "audio/mpeg", 62.8)
    day = dt.date.fromisoformat(slug[:10])
    made = Episode(show, slug, f"Un {TITLED} {slug}", day, audio, f"guid-{key}")
    (archive.media / show).mkdir(exist_ok=True)
    archive.audio_path(made).write_bytes(content)
    archive.write_episode(dataclasses.replace(made, **fields))  # type: ignore[arg-type]
    said = write_cues(archive, key, Cue(0.0, 2.0, f"Bonjour, sous le {HEARD}."), status="machine")
    write_whole(archive.translation_path(key), said.encode())
    write_whole(archive.evidence_path(key), b"{}")


def move_out(path: Path, outside: Path) -> None:
    outside.mkdir(exist_ok=True)
    path.rename(outside / path.name)
    path.symlink_to(outside / path.name)


@pytest.fixture(scope="module")
def muddled(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    folder = tmp_path_factory.mktemp("muddled")
    archive = Archive(folder / "archive")
    archive.create()
    archive.write_show(Show("emission", "Émission", image="L’œil.png"))
    (archive.media / "emission" / "L’œil.png").write_bytes(PICTURE)
    (archive.root / "site.json").write_text('{"logo": "logo.png"}', encoding="utf-8")
    (archive.root / "logo.png").write_bytes(PICTURE)
    for key in {*PUBLIC, *HIDDEN.values()}:
        add(archive, key)
    add(archive, WHOLE, image=f"{STREET}.png")
    (archive.media / f"{WHOLE}.png").write_bytes(PICTURE)
    set_aside(archive, WHOLE, b"WEBVTT\n\n1\n", b"{}")
    archive.checkpoint_path(HALF).write_text("{}", encoding="utf-8")
    archive.vtt_path(SILENT).unlink()  # its evidence and translation stay there
    add(archive, HIDDEN["withdrawn"], status="withdrawn", reason="À sa demande")
    tomorrow = dt.date.today() + dt.timedelta(1)
    add(archive, HIDDEN["embargoed"], status="embargoed", until=tomorrow)
    add(archive, HIDDEN["draft"], status="draft")
    move_out(archive.sidecar_path(HIDDEN["a sidecar that is a link"]), folder / "media")
    archive.sidecar_path(HIDDEN["no sidecar"]).unlink()
    for part in (archive.media, archive.transcripts):
        move_out(part / "liee", folder / part.name)
    move_out(archive.media / f"{UNHEARD}.mp3", folder / "media")
    move_out(archive.vtt_path(UNREAD), folder / "transcripts")
    (archive.media / "vide").mkdir()
    return archive


@pytest.fixture(scope="module")
def client(muddled: Archive) -> FlaskClient:
    return visit(muddled, BASE)


def given(client: FlaskClient, address: str) -> bool:
    code = client.get(quote(address)).status_code
    assert code in (200, 404, 410), address
    return code == 200


def beneath(root: Path) -> set[str]:
    """All the files in the two folders, whatever they are, and those of the site."""
    found = {
        (Path(folder) / name).relative_to(root).as_posix()
        for part in ("media", "transcripts")
        for folder, _, names in os.walk(root / part, followlinks=True)
        for name in names
    }
    return {*found, "site.json", "logo.png"}


def test_one_place_says_which_files_are_given(muddled: Archive) -> None:
    listed = {file.path for file in holdings.site_files(muddled)}
    single = set(listed)
    for show in muddled.shows():
        episodes = holdings.episodes(muddled, show.slug)
        assert holdings.episodes_now(muddled, show.slug) == episodes
        for _item, files in holdings.files(muddled, show, episodes):
            listed.update(file.path for file in files)
        for each in episodes:
            single.update(file.path for file in holdings.files_of(muddled, each))
        single.update(file.path for file in holdings.files_of(muddled, show))
    assert listed == single == GIVEN < beneath(muddled.root)


def test_mirrors_are_offered_what_listeners_may_have(client: FlaskClient) -> None:
    lines = [json.loads(line) for line in client.get("/fixity.jsonl").text.splitlines()]
    listed = {line["path"] for line in lines if "path" in line}
    sums = {line[66:] for line in client.get("/fixity.sha256").text.splitlines()}
    unproved = {path for path in GIVEN if UNHEARD in path}  # a copy could take nothing of it
    assert listed == sums == GIVEN - unproved - {"site.json", "logo.png"}  # it has its own
    assert sum("withdrawn" in line for line in lines) == 1


def test_the_download_of_all_holds_what_listeners_may_have(client: FlaskClient) -> None:
    files = unpacked(client.get("/download/archive.zip").data)
    names = {name.partition("/data/")[2] for name in files} - {""}
    records = files["archives-sonores/dublin-core.xml"].decode()
    beside = {name for name in names if name.startswith("media/") and name.endswith(".vtt")}
    assert names - beside == GIVEN
    assert {name.replace("media/", "transcripts/", 1) for name in beside} <= GIVEN
    assert set(re.findall(f"{BASE}/shows/([^/<]+/[^/<]+)<", records)) == PUBLIC


def test_the_static_site_holds_what_its_pages_lead_to(muddled: Archive, tmp_path: Path) -> None:
    export(muddled, tmp_path / "static")
    there = {path for path in beneath(tmp_path / "static") if path != "site.json"}
    assert there == {path for path in GIVEN if not re.fullmatch(r"(media/.*|site)\.json", path)}
    pages = (tmp_path / "static/shows").glob("*/[!i]*.html")
    assert {f"{path.parent.name}/{path.stem}" for path in pages} == PUBLIC
    texts = {path.stem for path in (tmp_path / "static/texts").rglob("*.txt")}
    assert texts == {key.partition("/")[2] for key in FINISHED}
    words = (tmp_path / "static/search/said").rglob("*.js")
    assert {path.stem.removesuffix("-0") for path in words} == texts
    half = (tmp_path / f"static/shows/{HALF}.html").read_text(encoding="utf-8")
    assert f"sous le {HEARD}" not in half


def test_each_address_gives_what_listeners_may_have(client: FlaskClient, muddled: Archive) -> None:
    paths = beneath(muddled.root) - {"site.json"}
    assert {path for path in paths if given(client, f"/{path}")} == GIVEN - {"site.json"}


def test_a_download_has_its_words_once_all_are_there(client: FlaskClient, muddled: Archive) -> None:
    words = {}
    for key in {*PUBLIC, *HIDDEN.values()}:
        response = client.get(f"/download/{key}.mp3")
        if response.status_code == 200:
            words[key] = bool(id3.ID3(io.BytesIO(response.data)).getall("USLT"))
    assert words.keys() == PUBLIC - {UNHEARD}
    assert {key for key in words if words[key]} == FINISHED - {UNHEARD}
    muddled.checkpoint_path(HALF).unlink()
    finished = client.get(f"/download/{HALF}.mp3").data
    muddled.checkpoint_path(HALF).write_text("{}", encoding="utf-8")
    assert HEARD in id3.ID3(io.BytesIO(finished)).getall("USLT")[0].text


def test_the_keeper_takes_away_all_but_links_and_half_texts(muddled: Archive) -> None:
    half = {f"transcripts/{HALF}.{end}" for end in ("vtt", "json")}
    found = {each.source.removeprefix("./") for each in all_files(muddled)}
    there = {path for path in beneath(muddled.root) if "/." not in path and "liee/" not in path}
    links = {path for path in there if (muddled.root / path).is_symlink()}
    assert found == there - links - half


def keys_in(text: str) -> set[str]:
    """Which episodes a page or a list names by their addresses."""
    return set(re.findall(r"/shows/([-a-z0-9]+/\d[-a-z0-9]+)", text))


LISTS = ("/", "/feed.xml", "/sitemap.xml", "/catalogue.jsonl", "/catalogue.csv")
FOUND = ("/api/v1/episodes", f"/search?q={TITLED}", f"/api/v1/search?q={TITLED}")
OF_EPISODE = (
    *("/shows/{key}", "/share/{key}", "/embed/{key}", "/cite/{key}.txt"),
    *("/api/v1/episodes/{key}", "/cards/{key}.png", "/covers/{key}.png"),
)


def test_each_list_and_each_address_is_of_what_is_public(client: FlaskClient) -> None:
    for address in (*LISTS, *FOUND):
        assert keys_in(client.get(address).text) == PUBLIC, address
    for page in ("/", "/feed.xml"):
        shows = ("emission", "liee", "sans-fiche", "vide")
        there = {show for show in shows if given(client, f"/shows/{show}{page}")}
        assert there == {"emission", "sans-fiche"}
        lists = (client.get(f"/shows/{show}{page}").text for show in there)
        assert set().union(*map(keys_in, lists)) == PUBLIC
    keys = {*PUBLIC, *HIDDEN.values()}
    for address in OF_EPISODE:
        assert {key for key in keys if given(client, address.format(key=key))} == PUBLIC, address
    for form in FORMS:
        paths = {key: f"/transcripts/{key}.{form}" for key in keys}
        assert {key for key in keys if given(client, paths[key])} == FINISHED, form


def test_transcripts_are_told_of_once_they_are_finished(client: FlaskClient) -> None:
    rows = [json.loads(line) for line in client.get("/catalogue.jsonl").text.splitlines()]
    table = list(DictReader(io.StringIO(client.get("/catalogue.csv").text)))
    api = client.get("/api/v1/episodes").json["episodes"]  # type: ignore[index]
    for listed in (rows, table, api):
        assert {each["key"] for each in listed if each["transcript"]} == FINISHED
    feed = client.get("/feed.xml").text
    assert set(re.findall(f'"{BASE}/transcripts/([^"]+)\\.vtt"', feed)) == FINISHED
    for key in PUBLIC:
        page = client.get(f"/shows/{key}").text
        assert ("/transcripts/" in page) == (key in FINISHED), key
    found = client.get(f"/api/v1/search?q={HEARD}").json  # words that are ready are found before
    assert {each["key"] for each in found["episodes"]} == FINISHED | {HALF}  # type: ignore[index]
    assert f"sous le {HEARD}" in client.get(f"/shows/{HALF}").text
    assert "sous le" not in client.get(f"/shows/{UNREAD}").text


def test_only_what_may_be_heard_is_counted(archive: Archive) -> None:
    people = (Person("Noé", "présentation"), Person("Noé", "son"), Person("Élise"))
    street = put(archive, STREET, people=people, tags=("rue", "rue", "École"))
    city = put(archive, CITY, people=people[:1], tags=("rue",))
    put(archive, MEMORY, people=people, tags=("rue",), status="withdrawn", reason="Non.")
    archive.write_show(Show("vide", "Aucun épisode"))
    stock = holdings.take_stock(archive)
    assert stock.number == 2
    assert stock.size == holdings.size_of([street, city]) == street.audio.size + city.audio.size
    assert [(show.slug, number) for show, number in stock.shows] == [("vide", 0), ("emission", 2)]
    assert stock.years == ((2024, 2),)
    put(archive, CITY, "autre")
    assert holdings.neighbours(archive, street) == (None, city)
    archive.write_episode(dataclasses.replace(city, status="withdrawn"))
    put(archive, MEMORY)
    memory = archive.episode(f"emission/{MEMORY}")
    assert holdings.neighbours(archive, street) == (None, memory)
    assert holdings.neighbours(archive, memory) == (street, None)
