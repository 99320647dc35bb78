"""Descriptions in a little Markdown: what is shown, what is only words, and what can do no harm."""

import re
import time

from radio.formats.markdown import plain, render_html
from tests.tables import check, for_each

SHOWN = {
    "paragraphs": ("un\nbis\n\ndeux", "<p>un\nbis</p><p>deux</p>"),
    "a broken line": ("un  \ndeux", "<p>un<br>\ndeux</p>"),
    "a list after its line": ("Avec :\n- Zoé\n- A", "<p>Avec :</p><ul><li>Zoé</li><li>A</li></ul>"),
    "a list in a list": ("- a\n  - b", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
    "a numbered list": ("1. a\n2. b", "<ol><li>a</li><li>b</li></ol>"),
    "a list from seven": ("7. a", '<ol start="7"><li>a</li></ol>'),
    "a year that begins": ("2019. Puis", "<p>2019. Puis</p>"),
    "a year": ("C’était en\n2019. Puis", "<p>C’était en\n2019. Puis</p>"),
    "a quotation": ("> un\n> deux", "<blockquote><p>un\ndeux</p></blockquote>"),
    "headings": ("# Un\n### Deux\nmots", "<h2>Un</h2><h3>Deux</h3><p>mots</p>"),
    "a hash-tag": ("#surveillance partout", "<p>#surveillance partout</p>"),
    "emphasis": ("*a* **b** 2*3*4", "<p><em>a</em> <strong>b</strong> 2*3*4</p>"),
    "a star within a word": ("tou*te*s, * * *", "<p>tou*te*s, * * *</p>"),
    "underlines": ("_a_ b_c", "<p>_a_ b_c</p>"),
    "an escaped star": (r"\*a\*", "<p>*a*</p>"),
    "a link": (
        "[l’*article*](https://example.org/a_(b))",
        '<p><a href="https://example.org/a_(b)" rel="noreferrer">l’<em>article</em></a></p>',
    ),
    "an address": (
        "voir https://example.org/?p=1.",
        '<p>voir <a href="https://example.org/?p=1" rel="noreferrer">https://example.org/?p=1</a>.</p>',
    ),
    "a script": ("<script>x</script>", "<p>&lt;script&gt;x&lt;/script&gt;</p>"),
    "a link that runs": ("[x](javascript:alert)", "<p>x</p>"),
    "a link out of its quotes": (
        '[x](https://a/"onclick="y)',
        '<p><a href="https://a/&quot;onclick=&quot;y" rel="noreferrer">x</a></p>',
    ),
    "nothing": (" \n\n", ""),
}
HOSTILE = ("**a ", "*a", "[a](", "> ", "- ", "<http://", "[a](h(a", "# ", "![", "&#", *"[\\`")


def test_a_description_is_shown_as_it_was_written_and_as_words_alone_has_no_mark() -> None:
    check((name, render_html(written), shown) for name, (written, shown) in SHOWN.items())
    text = "# Au micro\n\nAvec **Zoé** :\n\n- [un](https://a.org)\n- deux\n\n> cité\n\n7. sept"
    assert plain(text) == "Au micro\n\nAvec Zoé :\n\n- un\n- deux\n\ncité\n\n7. sept"


@for_each("evil", HOSTILE)
def test_hostile_marks_cost_no_time_and_make_no_tag(evil: str) -> None:
    begun = time.process_time()
    shown, words = render_html(evil * 20_000), plain(evil * 20_000)
    assert time.process_time() - begun < 20  # seconds; it takes hundredths
    assert words.count("<") <= evil.count("<") * 20_000
    allowed = {"p", "a", "em", "strong", "ul", "ol", "li", "blockquote", "br", "h2", "h3"}
    assert set(re.findall(r"</?([a-z0-9]+)", shown)) <= allowed
