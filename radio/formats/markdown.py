"""Markdown as HTML or plain words: descriptions, in a small part of CommonMark
(https://spec.commonmark.org), and pages of the manual. Pure. The only importer of markdown-it-py.
Descriptions have paragraphs, lists, quotes, headings, links, `*emphasis*`; all else stays as it is
written. All text is escaped, and links lead to the web or a mailbox."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from radio.archive.episode import Episode, Show
from radio.archive.protection import replaced_notice, with_notices
from radio.system.connection.place import is_address
from radio.text.transcript import clock

KNOWN = ("escape", "newline", "autolink", "link", "emphasis", "heading", "list", "blockquote")
BARE = re.compile(r"((?<![\w/])https?://[^\s<>\"]+[\w/#=&%-])")  # an address by itself
# What marks nothing here: « 2019. Puis », a line of stars, « tou*te*s ».
WORDS = re.compile(
    r"(?m)^[ >]*\d{4,9}(?=[.)])|^[ >]*(?=\*[ \t]*\*[* \t]*$)|(?<=[^\W_])(?=\*[^\W_])"
)
ROLES = {"table": "table", "tr": "row", "th": "columnheader", "td": "cell"}  # on a phone, too
RIGHT = {"fr": "Droit de réponse"}
AT = {"fr": "à propos de ce qui est dit à"}


class _Reader(MarkdownIt):
    """Leaves addresses as they are written; those of links are judged afterwards."""

    def validateLink(self, _url: str) -> bool:  # noqa: N802 (named by the library)
        return True

    def normalizeLink(self, url: str) -> str:  # noqa: N802
        return url

    def normalizeLinkText(self, link: str) -> str:  # noqa: N802
        return link


DESCRIPTIONS, WRITER = _Reader("zero").enable(KNOWN), RendererHTML()
MANUAL = MarkdownIt("commonmark", {"html": False}).enable("table")


@lru_cache(maxsize=1_000)
def render_html(text: str) -> str:
    """Write a description as safe HTML.

    >>> render_html("Avec *Zoé* & co :\\n\\n- un")
    '<p>Avec <em>Zoé</em> &amp; co :</p><ul><li>un</li></ul>'
    """
    parts, options = list[str](), DESCRIPTIONS.options
    for token in _read(text):
        if token.type == "inline":
            parts.append(WRITER.renderInline(token.children or (), options, {}))
        elif not token.hidden:
            tag = token.tag if token.tag[0] != "h" else "h2" if token.tag < "h3" else "h3"
            attributes = WRITER.renderAttrs(token)
            parts.append(f"</{tag}>" if token.nesting < 0 else f"<{tag}{attributes}>")
    return "".join(parts)


@lru_cache(maxsize=1_000)
def plain(text: str) -> str:
    """Write a description as words alone: marks and addresses of links are left out.

    >>> plain("# Au micro\\n\\nAvec **Zoé**, de [la Quadrature](https://example.org)\\\\!")
    'Au micro\\n\\nAvec Zoé, de la Quadrature!'
    """
    parts, mark, between = list[str](), "", ""
    for token in _read(text):
        if token.type == "list_item_open":
            mark = f"{token.info}. " if token.info else "- "
        elif token.type == "inline":
            breaks = {"softbreak": "\n", "hardbreak": "\n"}
            words = (breaks.get(each.type, each.content) for each in token.children or ())
            parts += [between if parts else "", mark, *words]
            mark, between = "", "\n" if mark else "\n\n"
        elif token.type == "list_item_close":
            mark = ""
        elif token.type.endswith(("list_open", "_close")) and not token.level:
            between = "\n\n"
    return "".join(parts)


def _read(text: str) -> list[Token]:
    """Read a description. Lists stand close, whatever lines are between their items."""
    tokens = DESCRIPTIONS.parse(WORDS.sub(r"\g<0>\\", text.replace("\0", "")))
    for at, (before, token) in enumerate(pairwise(tokens), 1):
        if before.type == "list_item_open" and token.type == "paragraph_open":
            token.hidden = tokens[at + 2].hidden = True
        if token.type == "inline":
            token.children = list(_linked(token.children or ()))
    return tokens


def _linked(inline: Sequence[Token]) -> Iterator[Token]:
    """Keep the links that lead somewhere, and make links of addresses; `_` marks nothing."""
    leads = list[bool]()
    for token in inline:
        if token.type == "link_open":
            address = str(token.attrGet("href"))
            leads.append(is_address(address) or address.startswith("mailto:"))
            token.attrSet("rel", "noreferrer")
        if token.type.startswith("link_"):
            if leads.pop() if token.nesting < 0 else leads[-1]:
                yield token
        elif token.markup[:1] == "_":
            yield Token("text", "", 0, content=token.markup)
        elif token.type == "text" and not leads:
            yield from _addresses(token.content)
        else:
            yield token


def _addresses(text: str) -> Iterator[Token]:
    for part in filter(None, BARE.split(text)):
        word = Token("text", "", 0, content=part)
        if BARE.fullmatch(part) and is_address(part):
            yield Token("link_open", "a", 1, attrs={"href": part, "rel": "noreferrer"})
            yield from (word, Token("link_close", "a", -1))
        else:
            yield word


@dataclass(frozen=True)
class ManualPage:
    """A page of the manual, in one language."""

    title: str
    html: str
    anchors: tuple[str, ...]  # of its headings, in their order: the same in each language


def read_manual(text: str) -> ManualPage:
    """Read a page of the manual. Links to its files lead to their pages; raw HTML stays text."""
    tokens = MANUAL.parse(text)
    anchors, titles = list[str](), list[str]()
    for token, inline in pairwise(tokens):
        if token.type == "heading_open":
            titles.append("".join(each.content for each in inline.children or ()))
            anchors.append(_anchor(titles[-1], anchors))
            token.attrSet("id", anchors[-1])
        elif token.nesting == 1 and token.tag in ROLES:
            token.attrSet("role", ROLES[token.tag])
        for link in (each for each in inline.children or () if each.type == "link_open"):
            place = str(link.attrGet("href"))
            link.attrSet("href", re.sub(r"^([a-z-]+)\.md(?=#|$)", r"\1", place))
            if place.startswith("http"):
                link.attrSet("rel", "noreferrer")
    html = str(MANUAL.renderer.render(tokens, MANUAL.options, {}))
    return ManualPage(titles[0], html, tuple(anchors))


def _anchor(title: str, taken: Sequence[str]) -> str:
    """Name a heading as GitHub and Sphinx do."""
    plain = re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
    count = sum(re.fullmatch(rf"{re.escape(plain)}(-\d+)?", each) is not None for each in taken)
    return f"{plain}-{count}" if count else plain


def described(show: Show, episode: Episode) -> str:
    """Give the description of an episode; replies go first, so that nobody cuts them off."""
    language = show.language_of(episode)
    description = with_notices(episode.description, episode.redactions, language)
    days = episode.protection.pseudonyms
    notices = (replaced_notice(day, language) for day in days)
    return "\n\n".join(filter(None, (*replies_of(show, episode), description, *notices)))


def replies_of(show: Show, episode: Episode) -> list[str]:
    """Write the replies to an episode, each with what it is, as Markdown."""
    language, found = show.language_of(episode).lower().partition("-")[0], list[str]()
    for reply in episode.protection.replies:
        at = AT.get(language, "about what is said at")
        about = f"{at} {clock(reply.at)}" if reply.at is not None else ""
        parts = (RIGHT.get(language, "Right of reply"), reply.author, reply.day, about)
        quoted = "\n".join(f"> {line}" for line in reply.text.splitlines())
        found.append(f"{', '.join(filter(None, parts))}\u00a0:\n\n{quoted}")
    return found
