"""Foreign HTML becomes a description: its words and links are kept, nothing of it can run."""

import html
import random
import re
import tomllib

from radio.formats.markdown import render_html
from radio.ingest.richtext import LONGEST, markdown, words
from tests.samples import ROOT
from tests.tables import for_each

BASE = "https://site.example/podcasts/une/"
TABLE = tomllib.loads((ROOT / "tests" / "data" / "richtext.toml").read_text(encoding="utf-8"))
WRITTEN = {name: (row["page"], row["written"]) for name, row in TABLE.items()}


@for_each("name", WRITTEN)
def test_html_becomes_markdown(name: str) -> None:
    page, written = WRITTEN[name]
    assert markdown(page, BASE) == written


@for_each("name", sorted(WRITTEN.keys() - {"players", "links to the sound alone"}))
def test_the_site_shows_all_words_of_the_page_and_no_mark(name: str) -> None:
    page, written = WRITTEN[name]
    shown = html.unescape(re.sub(r"<[^>]+>", " ", render_html(written)))
    assert re.sub(r"\s", "", shown) == re.sub(r"\s", "", words(page))


def test_a_title_is_its_words() -> None:
    assert (
        words("L&rsquo;&#233;t&eacute; &amp; <em>ap</em>r\xadès<br> <script>x</script>\n")
        == "L’été & après"
    )


def test_a_text_without_end_is_cut_between_two_paragraphs() -> None:
    text = markdown("<p>mot</p>" * 100_000)
    assert LONGEST <= len(text) < 3 * LONGEST
    assert text.endswith("\n\nmot")


def test_a_thousand_mutated_pages_show_nothing_but_words_and_links() -> None:
    chance = random.Random(15)
    pages = [page for page, _written in WRITTEN.values()]
    signs = [*"<>\"'&\0*[\\\n", "</", "<p", "<li>", "<ul>", "](", "<a href="]
    for _ in range(1000):
        page = list(chance.choice(pages) + chance.choice(pages))
        for _ in range(chance.randint(1, 12)):
            place = chance.randrange(len(page))
            page[place : place + chance.randint(0, 6)] = [chance.choice(signs)]
        shown = render_html(markdown("".join(page), BASE))
        allowed = {"p", "a", "em", "strong", "ul", "ol", "li", "blockquote", "br", "h2", "h3"}
        assert set(re.findall(r"</?([a-z0-9]+)", shown)) <= allowed
        assert all(re.match("https?://|mailto:", to) for to in re.findall(r'href="([^"]*)"', shown))
        assert not re.search(r"<[^>]*\son\w+=", shown)
