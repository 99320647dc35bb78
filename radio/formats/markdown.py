"""Descriptions in a small part of CommonMark (https://spec.commonmark.org), as HTML or plain words.
Pure. Paragraphs, lists, quotes, headings, links, `*emphasis*`; all else stays as it is written. All
text is escaped, and links lead to the web or a mailbox."""

import html
import re
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from radio.archive.episode import Episode, Show
from radio.archive.protection import replaced_notice, with_notices
from radio.system.connection.place import is_address
from radio.text.transcript import clock

LONGEST = 500  # characters between the two marks of an emphasis, or of the words of a link
DEEPEST = 4  # lists in lists, quotes in quotes
LISTS = ("ul", "ol")
SIGNS = r"\\`*_{}\[\]()#+\-.!<>~|&\"'"
INLINE = re.compile(
    rf"\\(?P<sign>[{SIGNS}])"
    r"|(?P<break>(?: {2,}|\\)\n)"
    rf"|\[(?P<words>(?:[^\[\]\\]|\\.){{1,{LONGEST}}})\]\(<?(?P<to>(?:[^\s()<>]|\([^\s()<>]*\))+)>?\)"
    r"|<(?P<bare>(?:https?://|mailto:)[^\s<>]+)>"
    r"|(?<![\w/])(?P<plain>https?://[^\s<>\"]+[\w/#=&%-])"
    rf"|\*\*(?=\S)(?P<strong>(?:[^*\\]|\\.|\*(?!\*)){{1,{LONGEST}}}?)(?<=\S)\*\*(?!\*)"
    rf"|(?<![\w*])\*(?=[^\s*])(?P<stressed>(?:[^*\\]|\\.|\*\*){{1,{LONGEST}}}?)(?<=\S)\*(?![\w*])",
    re.DOTALL,
)
HEADING = re.compile(r" {0,3}(?P<level>#{1,6})[ \t]+(?P<words>.*)")
ITEM = re.compile(r" {0,3}(?:[-*+]|(?P<number>\d{1,3})[.)])[ \t]+(?=\S)")
RIGHT = {"fr": "Droit de réponse"}
AT = {"fr": "à propos de ce qui est dit à"}


class Block(NamedTuple):
    """A part of a text; `lines` are its own, without the marks of its kind."""

    kind: str  # p, h2, h3, blockquote, ul or ol
    lines: list[str]  # of a list, those of one item
    number: str = ""  # of an item of a numbered list


def render_html(text: str, depth: int = 0) -> str:
    """Write a description as safe HTML.

    >>> render_html("Avec *Zoé* & co :\\n\\n- un")
    '<p>Avec <em>Zoé</em> &amp; co :</p><ul><li>un</li></ul>'
    """
    return "".join(_render(*group, depth) for group in _grouped(_blocks(text)))


def plain(text: str, depth: int = 0) -> str:
    """Write a description as words alone: marks and addresses of links are left out.

    >>> plain("# Au micro\\n\\nAvec **Zoé**, de [la Quadrature](https://example.org)\\\\!")
    'Au micro\\n\\nAvec Zoé, de la Quadrature!'
    """
    parts: list[str] = []
    for kind, blocks in _grouped(_blocks(text)):
        inner = ["\n".join(block.lines) for block in blocks]
        if kind in LISTS:
            marks = (f"{block.number}." if block.number else "-" for block in blocks)
            lines = zip(marks, inner, strict=True)
            parts.append("\n".join(f"{mark} {''.join(_words(words))}" for mark, words in lines))
        elif kind == "blockquote" and depth < DEEPEST:
            parts += [plain(each, depth + 1) for each in inner]
        else:
            parts += ["".join(_words(each)) for each in inner]
    return "\n\n".join(parts)


def _blocks(text: str) -> Iterator[Block]:
    lines = text.expandtabs(4).splitlines()
    number = 0
    while number < len(lines):
        kind = _kind(lines[number])
        first, number = number, number + 1
        while number < len(lines) and _continues(kind, lines[number]):
            number += 1
        if kind:
            item = ITEM.match(lines[first])
            yield Block(kind, _bare(kind, lines[first:number]), (item and item["number"]) or "")


def _kind(line: str) -> str:
    if not line.strip():
        return ""
    if match := HEADING.fullmatch(line):
        return "h2" if len(match["level"]) < 3 else "h3"
    if line.lstrip().startswith(">"):
        return "blockquote"
    if match := ITEM.match(line):
        return "ol" if match["number"] else "ul"
    return "p"


def _continues(kind: str, line: str) -> bool:
    follows = _kind(line)
    if not follows or kind in ("", "h2", "h3"):
        return not follows and not kind
    if kind in LISTS:
        return follows == "p" or line.startswith("  ")
    if kind == "p" and follows == "ol":
        return not re.match(r" {0,3}1[.)]", line)  # « en\n2019. Puis » is no list
    return follows in (kind, "p") if kind == "blockquote" else follows == "p"


def _bare(kind: str, lines: list[str]) -> list[str]:
    if match := HEADING.fullmatch(lines[0]) if kind in ("h2", "h3") else None:
        return [match["words"].rstrip(" #")]
    if kind == "blockquote":
        return [re.sub(r"^ *> ?", "", line) for line in lines]
    if kind in LISTS:
        match = ITEM.match(lines[0])
        width = match.end() if match else 0
        return [lines[0][width:], *(re.sub(rf"^ {{1,{width}}}", "", line) for line in lines[1:])]
    return [line.lstrip() for line in lines]


def _grouped(blocks: Iterator[Block]) -> Iterator[tuple[str, list[Block]]]:
    """Join the items of a list that follow each other."""

    def own(numbered: tuple[int, Block]) -> str | int:
        return numbered[1].kind if numbered[1].kind in LISTS else numbered[0]

    for _, some in groupby(enumerate(blocks), own):
        group = [block for _, block in some]
        yield group[0].kind, group


def _render(kind: str, blocks: list[Block], depth: int) -> str:
    if kind in LISTS:
        items, first = "", blocks[0].number.lstrip("0") or "1"
        for block in blocks:  # words, and the lists within them
            at = next((n for n, line in enumerate(block.lines) if n and ITEM.match(line)), None)
            inner = block.lines[at:] if at and depth + 1 < DEEPEST else []
            lists = render_html("\n".join(inner), depth + 1)
            words = "\n".join(block.lines[:at] if lists else block.lines)
            items += f"<li>{''.join(_inline(words))}{lists}</li>"
        return f"<{kind}>{items}</{kind}>" if first == "1" else f'<ol start="{first}">{items}</ol>'
    text = "\n".join(blocks[0].lines)
    if kind == "blockquote" and depth < DEEPEST:
        return f"<blockquote>{render_html(text, depth + 1)}</blockquote>"
    return f"<{kind}>{''.join(_inline(text))}</{kind}>"


def _inline(text: str, *, linked: bool = False) -> Iterator[str]:
    """Write words as HTML; within a link there is no other."""
    place = 0
    for match in INLINE.finditer(text):
        yield html.escape(text[place : match.start()])
        place = match.end()
        yield _mark(match, linked=linked)
    yield html.escape(text[place:])


def _mark(match: re.Match[str], *, linked: bool) -> str:
    if match["break"]:
        return "<br>\n"
    if match["sign"]:
        return html.escape(match["sign"])
    for name, tag in (("strong", "strong"), ("stressed", "em")):
        if match[name]:
            return f"<{tag}>{''.join(_inline(match[name], linked=linked))}</{tag}>"
    words = match["words"] or match["bare"] or match["plain"]
    address = html.unescape(match["to"] or words)
    inner = "".join(_inline(words, linked=True)) if match["words"] else html.escape(words)
    if linked or not (is_address(address) or address.startswith("mailto:")):
        return inner
    return f'<a href="{html.escape(address)}" rel="noreferrer">{inner}</a>'


def _words(text: str) -> Iterator[str]:
    place = 0
    for match in INLINE.finditer(text):
        yield text[place : match.start()]
        place = match.end()
        inner = match["words"] or match["strong"] or match["stressed"]
        if match["break"]:
            yield "\n"
        else:
            yield "".join(_words(inner)) if inner else match[0].strip("\\<>")
    yield text[place:]


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
