"""Foreign HTML becomes a description: its words and links are kept, nothing of it can run."""

import html
import random
import re
import tomllib

from radio.formats.markdown import render_html
from radio.ingest.richtext import LONGEST, markdown, words
from tests.samples import ROOT
from tests.tables import check

BASE = "https://site.example/podcasts/une/"
TABLE = tomllib.loads((ROOT / "tests" / "data" / "richtext.toml").read_text(encoding="utf-8"))


def test_html_becomes_markdown_that_the_site_shows_with_all_words_of_the_page_and_no_mark() -> None:
    check((name, markdown(row["page"], BASE), row["written"]) for name, row in TABLE.items())
    for name in TABLE.keys() - {"players", "links to the sound alone"}:
        shown = html.unescape(re.sub(r"<[^>]+>", " ", render_html(TABLE[name]["written"])))
        assert re.sub(r"\s", "", shown) == re.sub(r"\s", "", words(TABLE[name]["page"])), name


def test_a_title_is_its_words() -> None:
    page = "L&rsquo;&#233;t&eacute; &amp; <em>ap</em>r\xadès<br> <script>x</script>\n"
    assert words(page) == "L’été & après"


def test_a_text_without_end_is_cut_between_two_paragraphs() -> None:
    text = markdown("<p>mot</p>" * 50_000)
    assert LONGEST <= len(text) < 3 * LONGEST
    assert text.endswith("\n\nmot")


def test_a_thousand_mutated_pages_show_nothing_but_words_and_links() -> None:
    chance = random.Random(15)
    pages = [row["page"] for row in TABLE.values()]
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
