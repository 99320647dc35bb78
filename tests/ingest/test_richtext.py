"""Foreign HTML becomes a description: its words and links are kept, nothing of it can run."""

import html
import random
import re

from radio.formats.markdown import render_html
from radio.ingest.richtext import LONGEST, markdown, words
from tests.tables import for_each

BASE = "https://site.example/podcasts/une/"
WRITTEN = {
    "paragraphs": ("<p>un\nbis</p>\n\n<p>deux<br />trois</p>", "un bis\n\ndeux  \ntrois"),
    "emphasis": ("<p>a <em> b </em>c <b>d</b></p>", "a *b* c **d**"),
    "no stars within a word": ("<p>re<em>dire</em> <b>a <i>b</i></b>c</p>", "redire a bc"),
    "stars that are words": ("<p>2 * 3 [sic] \\</p>", "2 \\* 3 \\[sic\\] \\\\"),
    "headings": ("<h1>Un</h1><h4><b>Deux</b></h4>trois", "## Un\n\n### Deux\n\ntrois"),
    "lists": (
        "<ul><li>a<li><p>b</p><p>c</p><ol><li>d</ol></ul>fin",
        "- a\n- b  \n  c\n  1. d\n\nfin",
    ),
    "quotations": ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b"),
    "what looks like marks": ("<p>1. a</p><p># b</p><p>- c</p>", "1\\. a\n\n\\# b\n\n\\- c"),
    "a table": ("<table><tr><td>19 h</td><td>débat</td></tr></table>", "19 h débat"),
    "links": (
        '<a href="../a_(b)?utm_source=x&amp;y=1">ici</a> <a href="mailto:a@b.example">nous</a>',
        "[ici](https://site.example/podcasts/a_%28b%29?y=1) [nous](mailto:a@b.example)",
    ),
    "an address as words": (
        '<a href="https://b.example">https://b.example</a>',
        "<https://b.example>",
    ),
    "a link that runs": ('<p><a href="javascript:alert(1)">mots</a></p>', "mots"),
    "links to the sound alone": ('<p><a href="a.mp3">Télécharger</a></p><p>suite</p>', "suite"),
    "a link to the sound in a sentence": ('<p>À <a href="a.mp3">écouter</a> !</p>', "À écouter !"),
    "players": (
        '<div class="powerpress_player" id="x"><p>Play<br>now</p></div><p>a</p>'
        '<p class="powerpress_links powerpress_links_mp3">Podcast: <a href="x">Play</a></p>',
        "a",
    ),
    "what runs or follows": (
        '<p>a<img src="https://spy.example/1.gif" alt="x"><script>b</script></p><style>c</style>'
        '<iframe src="https://d.example"></iframe><noscript><img src=e></noscript><p onclick=f>g',
        "a\n\ng",
    ),
    "entities": ("<p>L&rsquo;&#233;t&eacute;&nbsp;&amp; &lt;b&gt;</p>", "L’été\xa0& <b>"),
    "nothing": ("<p>&nbsp;</p><div></div>", ""),
}


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
