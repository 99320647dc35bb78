"""What the site says of itself: `site.json`, its pages, its way through bags and copies."""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from radio.archive import Archive
from radio.archive.check import check
from radio.archive.episode import Show
from radio.archive.imprint import about, faults
from radio.bags.export import export_bag
from radio.pictures import palette
from radio.static_site.export import export
from tests.processes import command
from tests.samples import ROOT, STREET, put
from tests.web.sites import visit

STYLE = ROOT / "radio" / "web" / "static" / "style.css"
WHOLE: dict[str, Any] = {
    "name": "Radio Dio, la mémoire",
    "contact": "archives@radiodio.example",
    "legal": "Association loi 1901.\n\nHébergée chez elle.",
    "license": "CC BY-SA 4.0",
    "source": "https://code.example/radio",
    "colors": {"day": {"accent": "#1f5a2e"}, "night": {"accent": "#8fe0a0"}},
    "logo": "logo.png",
    "team": "Zoé au *micro*.\n\nNoé à la console.",
    "visit": "12 rue des Voisines, le jeudi.",
    "phone": "+33 4 77 00 00 00",
    "studio": "studio.png",
}
HOSTILE = "<script>alert('x')</script>"


def write(archive: Archive, **said: object) -> None:
    (archive.root / "site.json").write_text(json.dumps(said), encoding="utf-8")


def footer(page: str) -> str:
    return page[page.index("<footer>") :]


@pytest.fixture
def told(archive: Archive) -> Archive:
    put(archive, STREET)
    Image.new("RGB", (120, 60), "#1f5a2e").save(archive.root / "logo.png")
    Image.new("RGB", (90, 60), "#1f5a2e").save(archive.root / "studio.png")
    write(archive, **WHOLE)
    return archive


def test_every_value_is_read(told: Archive) -> None:
    found = about(told.root)
    assert {name: getattr(found, name) for name in WHOLE} == WHOLE | {"colors": found.colors}
    assert found.colors.by_day.accent == "#1f5a2e"
    assert found.colors.by_night.accent == "#8fe0a0"
    assert found.colors.by_day.background == palette.DAY.background
    assert faults(told.root) == ()
    write(told, logo="lost.png")
    assert "lost.png: missing" in "".join(faults(told.root))


WRONG: tuple[tuple[str, object], ...] = (
    *(("name", value) for value in (["une liste"], "deux\nlignes", "x" * 201)),
    ("contact", "javascript:alert(1)"),
    ("contact", "a@b.example?bcc=c@d.example"),
    ("contact", "a b@c.example"),
    *(("legal", value) for value in (["une liste"], "x" * 50_001)),
    *(("source", value) for value in ("//code.example", "data:text/html,x")),
    *(("logo", value) for value in ("../secret.png", ".secret.png", "logo.svg", "site.json")),
    ("logo", "é" * 120 + ".png"),
    *(("studio", value) for value in ("../secret.png", "studio.html")),
    *(("phone", value) for value in ("javascript:1", "12;ext=3", "x" * 9)),
    ("visit", "x" * 50_001),
    *(("sentence", value) for value in ("https://x.example/", "emission/x?t=a")),
    ("colors", "#ff0000"),
    *(("colors", {"day": {"accent": value}}) for value in ("red", "#fff", "#ffdd00")),
    ("colors", {"day": {"accent": "#123456;} body{display:none"}}),
    ("colors", {"day": {"background": "#000000"}}),
    ("colors", {"night": {"background": "url(//evil.example)"}}),
    ("colors", {"night": {"accent": "#333333"}}),
    ("licence", "CC0"),
)


def test_a_wrong_value_costs_itself_alone(told: Archive, caplog: pytest.LogCaptureFixture) -> None:
    client = visit(told)
    for number, (name, value) in enumerate(WRONG):
        caplog.clear()
        write(told, **WHOLE | {name: value}, mark=number)  # another size, at whatever moment
        page = client.get("/legal")
        assert page.status_code == 200
        assert sum(f"{name} " in each or f"{name!r}" in each for each in caplog.messages) == 1, name
        kept = "Association loi 1901." if name != "legal" else "CC BY-SA 4.0"
        assert kept in page.text
        assert str(value) not in page.text or name == "licence"
        found = {each.path: each.detail for each in check(told) if "mark" not in each.detail}
        assert [*found] == [told.root / "site.json"] and name in found[told.root / "site.json"]
    write(told, **WHOLE)
    assert "Association loi 1901." in client.get("/legal").text
    for content in (b"", b"{", b"[]", b"\xff", b"[" * 100_000, b" " * (2 << 20)):
        (told.root / "site.json").write_bytes(content)  # in the middle of an edit
        assert "Association loi 1901." in client.get("/legal").text
        assert [each.kind for each in check(told)] == ["unreadable"]


NO_FILES: dict[str, Callable[[Path], object]] = {
    "broken": lambda path: path.write_text("{", encoding="utf-8"),
    "loop": lambda path: path.symlink_to(path),
    "dangling": lambda path: path.symlink_to("nowhere.json"),
    "elsewhere": lambda path: path.symlink_to("/etc/hostname"),
    "fifo": os.mkfifo,
    "folder": Path.mkdir,
}


@pytest.mark.parametrize("kind", NO_FILES)
def test_an_odd_file_is_told(archive: Archive, kind: str, caplog: pytest.LogCaptureFixture) -> None:
    path = archive.root / "site.json"
    NO_FILES[kind](path)
    client = visit(archive)
    for address in ("/", "/legal", "/about"):
        assert client.get(address).status_code == 200
    assert len([each for each in caplog.records if "site.json" in each.message]) == 1
    assert [each.path for each in check(archive)] == [path]


def test_the_look_without_a_choice_is_that_of_the_style_sheet() -> None:
    css = STYLE.read_text(encoding="utf-8")
    roots = re.findall(r":root \{(.*?)\}", css, re.DOTALL)
    for scheme, root in zip((palette.DAY, palette.NIGHT), roots, strict=False):
        names = {"background": "cloth", "accent": "thread"}
        for name, value in vars(scheme).items():
            assert f"--{names.get(name, name)}: {value};" in root, name
        assert f"--on-thread: {scheme.on_accent};" in root
        assert list(palette.faults(scheme)) == []


def test_listeners_find_who_answers_for_the_site(told: Archive) -> None:
    client = visit(told)
    foot = footer(client.get("/").text)
    for each in ("mailto:archives@radiodio.example", "/legal"):
        assert f'href="{each}"' in foot
    assert "CC BY-SA 4.0" in client.get("/about").text
    page = client.get("/legal").text
    assert "<h1>Mentions légales</h1>" in page and "<p>Hébergée chez elle.</p>" in page
    assert "Legal notice" in client.get("/legal?lang=en").text
    assert "Radio Dio, la mémoire" in client.get("/about").text
    page = client.get("/about").text
    for each in ("<em>micro</em>", "<p>Noé à la console.</p>", "12 rue", 'href="tel:+33477000000"'):
        assert each in page
    (address,) = re.findall(r'src="(/studio\.png[^"]*)"', page)
    assert client.get(address).data == (told.root / "studio.png").read_bytes()
    write(told, contact="https://radiodio.example/nous")
    page = client.get("/about").text
    assert "Venir" not in page and "Téléphone" not in page and "studio" not in page
    assert 'href="https://radiodio.example/nous"' in footer(client.get("/").text)
    long = {"legal": HOSTILE, "team": HOSTILE, "visit": HOSTILE}
    write(told, **long, name=HOSTILE, license=HOSTILE, source=f'https://x/"{HOSTILE}')
    for address in ("/", "/legal", "/about"):
        assert HOSTILE not in client.get(address).text


def test_users_learn_where_the_source_is(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    client = visit(archive)
    assert 'href="/legal#source"' in client.get("/about").text
    assert "section 13" in client.get("/legal").text
    write(archive, source="https://code.example/said")
    assert 'href="https://code.example/said"' in client.get("/about").text
    monkeypatch.setenv("RADIO_SOURCE_URL", "https://code.example/set")
    assert 'href="https://code.example/set"' in client.get("/about").text
    monkeypatch.setenv("RADIO_SOURCE_URL", "javascript:alert(1)")
    assert 'href="https://code.example/said"' in client.get("/about").text


def test_chosen_colours_come_from_the_site_itself(told: Archive) -> None:
    client = visit(told)
    (address,) = re.findall(r'href="(/site\.css[^"]*)"', client.get("/").text)
    answer = client.get(address)
    assert (answer.mimetype, "immutable" in answer.headers["Cache-Control"]) == ("text/css", True)
    assert "--thread: #1f5a2e;" in answer.text and "--thread: #8fe0a0;" in answer.text
    assert client.get("/manifest.webmanifest").get_json(force=True)["theme_color"] == "#1f5a2e"
    write(told, name="Sans couleurs")
    assert "site.css" not in client.get("/").text


def test_the_logo_is_served_and_nothing_else_of_the_folder(told: Archive, tmp_path: Path) -> None:
    client = visit(told)
    (address,) = set(re.findall(r'src="(/logo\.png[^"]*)"', client.get("/about").text))
    answer = client.get(address)
    assert answer.data == (told.root / "logo.png").read_bytes()
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    for other in ("/logo.jpg", "/site.json", "/media/logo.png"):
        assert client.get(other).status_code == 404
    (told.root / "logo.png").unlink()
    assert client.get("/").status_code == 200
    Image.new("RGB", (9, 9)).save(tmp_path / "outside.png")
    (told.root / "logo.png").symlink_to(tmp_path / "outside.png")
    assert client.get("/logo.png").status_code == 404
    assert "logo.png" not in client.get("/").text


def test_an_archive_of_its_own_keeps_what_it_says(told: Archive, tmp_path: Path) -> None:
    bag, other, fresh = tmp_path / "bag", Archive(tmp_path / "other"), Archive(tmp_path / "fresh")
    export_bag(told, bag)
    assert json.loads((bag / "data" / "site.json").read_bytes()) == WHOLE
    assert {"logo.png", "studio.png"} <= {each.name for each in (bag / "data").iterdir()}
    fresh.create()
    command(fresh, "ingest", str(bag))
    assert about(fresh.root) == about(told.root)
    assert (fresh.root / "studio.png").read_bytes() == (told.root / "studio.png").read_bytes()
    other.create()
    other.write_show(Show("autre", "Autre"))
    command(other, "ingest", str(bag))
    assert other.episode(f"emission/{STREET}").title
    assert not (other.root / "site.json").exists()


def test_the_site_as_files_says_who_answers_for_it(told: Archive, tmp_path: Path) -> None:
    export(told, tmp_path / "site")
    page = (tmp_path / "site" / "legal.html").read_text(encoding="utf-8")
    for each in ("Hébergée chez elle.", 'href="static/site.css', 'src="logo.png'):
        assert each in page
    about = (tmp_path / "site" / "about.html").read_text(encoding="utf-8")
    assert 'src="studio.png' in about and "12 rue des Voisines" in about
    assert {"logo.png", "studio.png"} <= {each.name for each in (tmp_path / "site").iterdir()}
    assert "#1f5a2e" in (tmp_path / "site" / "static" / "site.css").read_text(encoding="utf-8")
    write(told, name="Autre nom")
    export(told, tmp_path / "site")
    episode = tmp_path / "site" / "shows" / "emission" / f"{STREET}.html"
    assert "Autre nom" in episode.read_text(encoding="utf-8")
    assert not (tmp_path / "site" / "static" / "site.css").exists()
