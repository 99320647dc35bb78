"""The manual: a part of the site and a site of its own, in both languages; the desk leads to it."""

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from radio.web.views.manual import FOLDER, TOPICS, leaf
from tests.processes import Done
from tests.samples import ROOT
from tests.visits import Links, words

LANGUAGES = ("fr", "en")
NAMES = sorted(path.stem for path in (FOLDER / "fr").glob("*.md"))
NO_PAGE = {"feed", "former_cover", "heard_in_year", "made", "music_of_year", "playlist"}
NO_PAGE |= {"sound", "written"}


def levels(lang: str, name: str) -> list[str]:
    return re.findall(r"<(h\d)", leaf(lang, name).html)


def test_who_reads_one_language_has_the_same_pages_headings_and_pictures() -> None:
    assert len(NAMES) > 1
    french, english = (
        {str(path.relative_to(FOLDER / lang)) for path in (FOLDER / lang).rglob("*.*")}
        for lang in LANGUAGES
    )
    assert french == english
    for name in NAMES:
        assert levels("fr", name) == levels("en", name), name


def test_each_link_and_picture_of_the_manual_is_there_or_on_the_web() -> None:
    listed = Links(leaf("fr", "index").html).found
    assert sorted(listed) == [name for name in NAMES if name != "index"]
    for lang in LANGUAGES:
        for name in NAMES:
            shown = leaf(lang, name)
            for link in Links(shown.html).found:
                if link.startswith(("http", "pictures/")):
                    continue
                to, _, anchor = unquote(link).partition("#")
                assert not to or to in NAMES, (lang, name, link)
                assert not anchor or anchor in leaf(lang, to or name).anchors, (lang, name, link)
            for picture in re.findall(r'<img src="([^"]*)"', shown.html):
                assert (FOLDER / lang / picture).is_file(), (lang, name, picture)


def test_a_page_is_in_the_language_of_its_address_and_may_be_kept(client: FlaskClient) -> None:
    for lang, other, said in (("fr", "en", "Aller au contenu"), ("en", "fr", "Skip to content")):
        answer = client.get(f"/manual/{lang}/index", headers={"Accept-Language": other})
        page = words(answer, 200, said, leaf(lang, "index").title)
        assert f"/manual/{other}/index" in Links(answer.text).found and page
        assert answer.headers["Cache-Control"] == "public, max-age=300"
        assert f"/manual/{lang}/index" in client.get(f"/manual/{lang}").location
        assert f"/manual/{lang}/listen" in Links(client.get(f"/help?lang={lang}").text).found
    for nowhere in ("/manual/de/index", "/manual/fr/nothing", "/manual/fr/pictures/nothing.webp"):
        assert client.get(nowhere).status_code == 404
    assert client.get("/manual/fr/pictures/..%2Findex.md").status_code == 404


def test_each_page_of_the_desk_leads_to_a_topic_that_is_there(app: Flask) -> None:
    rules = (rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()))
    desk = {rule.endpoint.partition(".")[2] for rule in rules if rule.endpoint[:5] == "desk."}
    assert {*TOPICS} == desk - NO_PAGE
    for name, _, anchor in (topic.partition("#") for topic in TOPICS.values()):
        assert not anchor or anchor in leaf("en", name).anchors, anchor


def built(lang: str, folder: Path) -> Done:
    words = [sys.executable, "-m", "sphinx", "-qW", "--keep-going", "-c", "docs"]
    words += ["-D", f"language={lang}", f"docs/{lang}", str(folder / lang)]
    return subprocess.run(words, capture_output=True, text=True, check=False, cwd=ROOT)


@pytest.mark.docs
@pytest.mark.long
def test_the_manual_is_a_site_of_its_own_that_asks_nobody_else(tmp_path: Path) -> None:
    for lang in LANGUAGES:
        assert built(lang, tmp_path).stderr == ""
    loaded = r'<(?:script|img|link|iframe|source)[^>]*(?:src|href)="(?:https?:)?//[^"]*'
    for path in tmp_path.rglob("*.html"):
        assert re.findall(loaded, path.read_text(encoding="utf-8")) == [], path.name
    for path in tmp_path.rglob("*.css"):
        assert not re.search(r"(url\(|@import)[^;)]*//", path.read_text(encoding="utf-8")), path
    assert (tmp_path / "fr" / "searchindex.js").stat().st_size > 1_000
