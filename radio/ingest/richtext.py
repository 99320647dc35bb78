"""Foreign HTML as the little Markdown of descriptions (`formats.markdown`), safe to show. nh3 reads
the page as a browser does and leaves a few balanced elements, so the parser of the standard library
is enough to walk them. To be called in a limited child (`sandbox`)."""

import html
import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import nh3

from radio.archive.episode import mime_of
from radio.formats.markup import ForgivingParser
from radio.ingest.sound import whole

LONGEST = 60_000  # characters of a description
LONGEST_MARKED = 400  # characters between two marks
DEEPEST = 3  # lists in lists
BLOCKS = {"p", "div", "li", "tr", "dt", "dd", "section", "article", "pre", "figure", "table", "hr"}
HEADINGS = {"h1": "## ", "h2": "## ", "h3": "### ", "h4": "### ", "h5": "### ", "h6": "### "}
MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "cite": "*"}
GROUPS = {"ul", "ol", "blockquote"}
KEPT = {*BLOCKS, *HEADINGS, *MARKS, *GROUPS, "a", "br", "td", "th", "span"}
EMPTIED = {
    *{"audio", "button", "canvas", "figcaption", "form", "iframe", "noscript", "object", "script"},
    *{"select", "style", "svg", "template", "textarea", "title", "video"},
}
FURNITURE = re.compile(  # classes of what plugins put around a text
    r"(?:^|\s)(?:addtoany|castos-player|jp-relatedposts|mejs|more-link|podcast_(?:meta|player)"
    r"|podlove|post-navigation|powerpress|screen-reader-text|sharedaddy|ssp-|wp-audio|wp-block-audio"
    r"|yarpp)"
)
LEADING = re.compile(r"(?m)^(\d{1,3}(?=[.)])|(?=[#>+-]))([#>+.)-])(?=\s|$)")
SOFT_HYPHEN = "\xad"
# What would end an address, or mark words.
UNSAFE = str.maketrans({sign: f"%{ord(sign):02X}" for sign in ' ()<>"\\*'})
TRACKING = re.compile(r"utm_\w+|fbclid|gclid|mc_[ce]id")


@dataclass
class Frame:
    """Words within an element that may be marked as a whole: each with its mark."""

    tag: str = ""
    href: str = ""
    pieces: list[tuple[str, str]] = field(default_factory=list)


def markdown(page: str, base: str = "") -> str:
    """Make a description of HTML; its links start from the address `base`."""
    walk = _Walk(base)
    walk.feed(
        nh3.clean(
            page,
            tags=KEPT,
            clean_content_tags=EMPTIED,
            attributes={"a": {"href"}, "*": {"class"}},
            url_schemes={"http", "https", "mailto"},
            link_rel=None,
        )
    )
    walk.flush()
    return walk.text()


def words(page: str) -> str:
    """Give the words of HTML on one line, as of a title."""
    bare = nh3.clean(page, tags=set(), clean_content_tags=EMPTIED - {"title"})
    return " ".join(html.unescape(bare).replace(SOFT_HYPHEN, "").split())


def tidy(address: str) -> str:
    """Remove from an address what only serves to follow its readers."""
    parts = urlsplit(address)
    if not TRACKING.search(parts.query):
        return address
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    query = urlencode([(name, value) for name, value in pairs if not TRACKING.fullmatch(name)])
    return urlunsplit(parts._replace(query=query))


class _Walk(ForgivingParser):
    def __init__(self, base: str):
        super().__init__()
        self._base = base
        self._blocks: list[tuple[str, str]] = []  # the quotes or lists they stand in, their text
        self._groups: list[str] = []  # open lists and quotes
        self._counts: list[int] = []  # items so far, of each
        self._frames = [Frame()]
        self._lead = ""
        self._hidden = 0  # depth within what is left out
        self._length = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if self._hidden or FURNITURE.search(given.get("class") or ""):
            self._hidden += tag not in ("br", "hr")
        elif tag == "br":
            self._frames[-1].pieces.append(("br", "\n"))
        elif tag in MARKS or tag == "a":
            self._frames.append(Frame(tag, given.get("href") or ""))
        elif tag in GROUPS:
            self.flush()
            self._groups.append(tag)
            self._counts.append(0)
        elif tag in BLOCKS or tag in HEADINGS:
            self.flush()
            self._lead = HEADINGS.get(tag) or (self._item() if tag == "li" else self._lead)
        elif tag in ("td", "th"):
            self._frames[-1].pieces.append(("", " "))

    def handle_endtag(self, tag: str) -> None:
        if self._hidden:
            self._hidden -= 1
        elif tag in MARKS or tag == "a":
            if self._frames[-1].tag == tag:
                self._close()
        elif tag in GROUPS:
            self.flush()
            if self._groups:
                self._groups.pop()
                self._counts.pop()
        elif tag in BLOCKS or tag in HEADINGS:
            self.flush()
            self._lead = "" if tag == "li" or tag in HEADINGS else self._lead

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            text = re.sub(r"[ \t\r\n\f]+", " ", data.replace(SOFT_HYPHEN, ""))
            self._frames[-1].pieces.append(("", re.sub(r"([\\*\[\]])", r"\\\1", text)))

    def flush(self) -> None:
        """End a block: what is open goes on in the next one."""
        tags = [(frame.tag, frame.href) for frame in self._frames[1:]]
        while len(self._frames) > 1:
            self._close()
        pieces = self._frames[0].pieces
        self._frames = [Frame(), *(Frame(*each) for each in tags)]
        text = "\n".join(line.strip(" ") for line in _join(pieces).split("\n")).strip("\n ")
        is_sound = all(mark == "sound" or not words.strip() for mark, words in pieces)
        if text and not is_sound and self._length < LONGEST:
            self._length += len(text)
            self._write(text)
            self._lead = " " * len(self._lead)

    def _write(self, text: str) -> None:
        within = "".join("> " if each == "blockquote" else "" for each in self._groups)
        depth = min(DEEPEST, sum(each != "blockquote" for each in self._groups))
        indent = "  " * max(0, depth - 1)
        if not self._lead.strip() or self._lead in HEADINGS.values():
            text = LEADING.sub(r"\1\\\2", text)
        if self._lead in HEADINGS.values():
            text = text.replace("\n", " ").replace("**", "")
        if depth and self._lead.isspace() and self._blocks:  # an item goes on
            self._blocks[-1] = (self._blocks[-1][0], self._blocks[-1][1] + "  ")
        lines = text.replace("\n", "  \n").split("\n")
        indented = within + indent + " " * len(self._lead) * bool(depth)
        block = within + indent + self._lead + f"\n{indented}".join(lines)
        self._blocks.append((within + ("-" if depth else ""), block))

    def _item(self) -> str:
        if not self._groups or self._groups[-1] == "blockquote":
            return "- "
        self._counts[-1] += 1
        return "- " if self._groups[-1] == "ul" else f"{self._counts[-1]}. "

    def _close(self) -> None:
        """Give the words of the innermost element to the one around it."""
        frame = self._frames.pop()
        outer = self._frames[-1].pieces
        if frame.tag == "a":
            outer += self._link(frame)
            return
        text, core = _join(frame.pieces), _join(frame.pieces).strip(" ")
        is_within = any(each.tag in MARKS for each in self._frames)
        is_long = len(core) > LONGEST_MARKED or "\n" in core
        mark = "" if is_within or is_long or not core else MARKS[frame.tag]
        at = text.find(core)
        pieces = [("", text[:at]), (mark, core), ("", text[at + len(core) :])]
        outer += [piece for piece in pieces if piece[1]]

    def _link(self, frame: Frame) -> list[tuple[str, str]]:
        text = _join(frame.pieces)
        core = text.replace("\n", " ").strip(" ")
        is_mail = frame.href.startswith("mailto:")
        address = frame.href if is_mail else tidy(whole(frame.href, self._base))
        if not core or not address:
            return [("", text)]
        if not is_mail and mime_of(urlsplit(address).path):
            return [("sound", text)]
        address = address.translate(UNSAFE)
        if len(core) > LONGEST_MARKED:
            return [("", f"{text} <{address}>")]
        link = f"<{address}>" if core == address else f"[{core}]({address})"
        before, after = text[: max(0, text.find(core))], " " if text.endswith(" ") else ""
        return [("", part) for part in (before, link, after) if part]

    def text(self) -> str:
        """Give what was written, at most LONGEST characters of it, in whole blocks."""
        parts, before = list[str](), ""
        for kind, block in self._blocks:
            quoted = kind.rstrip("-") if kind.rstrip("-") == before.rstrip("-") else ""
            is_list = kind.endswith("-") and before.endswith("-")
            between = "\n" if is_list else f"\n{quoted.rstrip()}\n"
            parts += [between if parts else "", block]
            before = kind
        return "".join(parts)


def _join(pieces: list[tuple[str, str]]) -> str:
    """Write marked words one after the other; no stars within a word."""
    parts = list[str]()
    for number, (mark, text) in enumerate(pieces):
        before = pieces[number - 1][1][-1:] if number else ""
        after = pieces[number + 1][1][:1] if number + 1 < len(pieces) else ""
        is_apart = not (before.isalnum() or after.isalnum() or "*" in before + after)
        stars = mark if mark.startswith("*") and is_apart else ""
        parts.append(f"{stars}{text}{stars}")
    return re.sub(r" {2,}", " ", re.sub(r" ?\n ?", "\n", "".join(parts)))
