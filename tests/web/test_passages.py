"""From a search to the passage: what is marked, shown and quoted holds the word looked for."""

import re
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from radio.archive import Archive
from radio.text.transcript import Cue
from tests.heard import write_cues
from tests.patience import until
from tests.samples import CITY, SHOW
from tests.search.episodes import begun, put
from tests.visits import wait_until
from tests.web.sites import visit

pytestmark = pytest.mark.long

QUERIES = ("cassette", "caméra", "lampadaires", "micros")
LIT = "a.cue[aria-current=true]"
HEARD = f"""() => [document.querySelector("audio").currentTime,
    document.querySelector("{LIT}").textContent]"""
Hits = list[tuple[str, str, str]]


@pytest.fixture(scope="module")
def hits(chain: Path) -> Hits:
    """Every passage of some searches: the query, the address of its link, the first word marked."""
    archive = Archive(chain)
    client = visit(archive)
    found = []
    for query in QUERIES:
        answer = client.get(f"/api/v1/search?{urlencode({'q': query})}").get_json()
        every = [each for episode in answer["episodes"] for each in episode["passages"]]
        found += [(query, each["url"], each["marked"][0]) for each in every]
    assert len(found) >= len(QUERIES)
    return found


IN_SIGHT = """([lit]) => {
    const box = (each) => document.querySelector(each)?.getBoundingClientRect();
    const player = box(".player:not(.live)");
    const top = player && player.right > box(lit).left ? player.bottom - 1 : 0;
    const bottom = box(".docked")?.top ?? innerHeight;
    return top <= box(lit).top && box(lit).top + 20 < bottom;
}"""


def test_each_hit_marks_its_sentence(plain: Page, page: Page, site: str, hits: Hits) -> None:
    for query, address, word in hits:
        told = f"{query} {address}"
        for each in (plain, page):
            each.goto(site + address)
            lit = each.locator(LIT)
            expect(lit).to_have_count(1)
            marked = lit.locator("mark", has_text=re.compile(f"^{re.escape(word)}$"))
            expect(marked.first, told).to_be_visible()
            expect(each.locator(".citation"), told).to_contain_text(word)
            until(partial(each.evaluate, IN_SIGHT, [LIT]), told.strip)
            expect(each.locator("#passage")).to_contain_text("Passage")
        wait_until(page, "return audio.readyState >= 1 && !audio.seeking")
        expect(page.locator(LIT), told).to_contain_text(word)


def test_sound_begins_before_the_word(page: Page, plain: Page, site: str, hits: Hits) -> None:
    _, address, word = next(each for each in hits if each[0] == "cassette")
    second = float(re.findall(r"t=([\d.]+)", address)[0])
    plain.goto(site + address)
    source = plain.locator("audio").get_attribute("src") or ""
    begins = float(source.rpartition("#t=")[2])  # where its sentence does
    assert second - 6 <= begins < second
    page.goto(site + address)
    wait_until(page, f"return Math.abs(audio.currentTime - {begins}) < 0.6")
    page.evaluate("Object.assign(document.querySelector('audio'), { muted: true }).play()")

    def is_reached() -> bool:
        stands, lit = page.evaluate(HEARD)
        assert stands > second or word in lit
        return bool(stands > second)

    until(is_reached)
    page.evaluate("document.querySelector('audio').pause()")
    page.goto(site)
    page.go_back()
    expect(page.locator(LIT)).to_have_count(1)


def test_from_passage_to_passage_the_sound_goes_on(page: Page, site: str) -> None:
    page.goto(f"{site}/shows/{SHOW}/{CITY}?q=ville")
    page.evaluate("document.querySelector('audio').muted = window.same = true")
    for number in (1, 2):
        page.get_by_role("link", name="Passage suivant").click()
        expect(page.locator("#passage")).to_contain_text(f"Passage {number} sur ")
        marked = page.locator(LIT).locator("mark").first
        expect(marked).to_contain_text("ville", ignore_case=True)
        wait_until(page, "return !audio.paused")
    assert page.evaluate("window.same") is True
    assert "q=ville" in page.url
    page.locator("#share summary").first.click()
    expect(page.locator("#share .citation")).to_contain_text(page.locator(LIT).inner_text())


def spoken(root: Path, *cues: Cue) -> tuple[FlaskClient, str]:
    archive = begun(root, "La Machine")
    key = put(archive, "2024-01-16-un", "Rien.")
    write_cues(archive, key, *cues)
    return visit(archive), f"/shows/{key}"


def test_two_voices_at_once_are_told_apart(tmp_path: Path) -> None:
    noe = Cue(0.0, 9.0, "Nous avons des caméras partout et aussi des micros.", "Noé")
    both = Cue(10.0, 12.0, "Une sirène.", "Noé"), Cue(10.0, 12.0, "Un klaxon.", "Zoé")
    client, address = spoken(tmp_path, noe, Cue(3.0, 6.0, "Jamais de la vie.", "Zoé"), *both)
    for word in ("caméras", "micros", "vie", "sirène", "klaxon"):
        found = client.get(f"/api/v1/search?q={word}").get_json()["episodes"][0]["passages"]
        page = client.get(f"{address}?t={found[0]['start']:.3f}&q={word}").text
        lit = re.findall(r'"cue" id="c\d+" aria-current="true"[^>]*>(.*?)</a>', page)
        assert len(lit) == 1
        assert f"<mark>{word}</mark>" in lit[0]
        said = re.findall(r'class="citation"[^>]*>([^<]*)', page)
        assert word in said[0]


def test_a_word_late_in_a_very_long_cue_is_marked_itself(tmp_path: Path) -> None:
    text = "mot " * 1500 + "lampadaire " + "mot " * 600 + "sirène"
    client, address = spoken(tmp_path, Cue(0.0, 900.0, text))
    for word in ("lampadaire", "sirène"):
        page = client.get(f"{address}?q={word}").text
        assert re.findall("mot <mark>(.*?)</mark>", page.partition('class="cue"')[2]) == [word]


def test_words_across_the_edge_of_two_cues_are_marked_in_one_sentence(tmp_path: Path) -> None:
    said = "Avant cela. Puis la ville", "intelligente est\nd’abord & surtout", "une ville bête."
    cues = (Cue(2.0 * at, 2.0 * at + 2, each) for at, each in enumerate(said))
    client, address = spoken(tmp_path, *cues)
    page = client.get(address, query_string={"q": '"ville intelligente"', "t": 0}).text
    assert 'Puis la <mark>ville</mark> <span id="c2"></span><mark>intelligente</mark> est' in page
    page = client.get(address, query_string={"q": "bête"}).text
    assert '&amp; surtout <span id="c3"></span>une ville <mark>bête</mark>.</a>' in page
