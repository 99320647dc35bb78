"""What a page of HTML holds, read once: recordings, frames, links, what it says of itself. Pages
are foreign and often broken, so no tree is built. To be called in a limited child."""

import re
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urldefrag

from radio.formats.markup import ForgivingParser
from radio.ingest.sound import LinkedSound, is_sound, whole

MOST = 5000  # recordings, links or texts of a page
LONGEST_TEXT = 500  # characters around a recording that are read
LONGEST_SCRIPT = 2 << 20  # characters
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta"}
VOID |= {"source", "track", "wbr"}
BLOCKS = {"p", "li", "tr", "dd", "dt", "div", "figure", "section", "article", "td", "pre"}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6", "caption", "summary"}
WORDED = {"a", "title", "script", *HEADINGS}  # elements whose own text counts
BESIDE = {"aside", "footer", "nav"}
NOT_OURS = re.compile(
    r"(?i)(?:^|[\s_-])(?:sidebar|widget|comments?|related|footer|menu|nav|playlist-live)(?:$|[\s_-])"
)
ENTRY = re.compile(r"(?i)(?:^|\s)(?:(?:entry|post|single|article|page)-content|hentry)(?:$|\s)")
COMMENT = re.compile("<!--.*?(?:-->|$)", re.DOTALL)
# Attributes that hold the address of a recording, as do all that begin with `data-`.
PLAYING = ("src", "href", "data", "content", "value", "url", "mp3", "file")
SCRIPTED = re.compile(  # how the settings of a player name a recording
    r"""["']((?:https?:|\\?/)[^"'\s<>]{1,2000}?\.(?:mp3|m4a|og[ga]|opus|flac|wav|aac)(?:\?[^"'\s<>]{0,500})?)["']""",
    re.IGNORECASE,
)
FRAMED = ("src", "data-src", "data-lazy-src", "data")


@dataclass(frozen=True)
class Heading:
    """A heading, and what it leads to."""

    article: int  # its number on the page; 0 is none
    level: str  # h1 and so on
    words: str
    link: str = ""


@dataclass
class Markup:
    """What was found on a page; addresses are whole."""

    page: str  # without its comments
    sounds: list[LinkedSound] = field(default_factory=list)
    frames: list[str] = field(default_factory=list)  # addresses of what it shows of other sites
    links: list[str] = field(default_factory=list)
    metas: dict[str, str] = field(default_factory=dict)  # the first of each name
    relations: list[tuple[str, str, str]] = field(default_factory=list)  # rel, type, address
    linked_data: list[str] = field(default_factory=list)  # JSON-LD
    headings: list[Heading] = field(default_factory=list)
    times: list[tuple[int, str]] = field(default_factory=list)  # number of the article, datetime
    title: str = ""
    body_class: str = ""
    spans: dict[str, tuple[int, int]] = field(default_factory=dict)  # of the first entry, article


def scan(page: str, address: str) -> Markup:
    """Read a page that lies at an address."""
    # Comments without end cost the parser minutes.
    scanner = _Scanner(address, COMMENT.sub("", page))
    scanner.feed(scanner.found.page)
    scanner.close()
    scanner.end_block()
    return scanner.found


class _Scanner(ForgivingParser):
    def __init__(self, address: str, page: str):
        super().__init__()
        self.found, self._base = Markup(page), address
        self._open: list[tuple[str, str]] = []  # tag, and what it makes of all within it
        self._within = Counter[str]()  # how many are open, of tags (`<p`) and of parts
        self._article = self._articles = 0
        self._block: list[str] = []  # words of the block so far
        self._heading = ""
        self._waiting: list[LinkedSound] = []  # recordings of the block
        self._texts: dict[str, list[str]] = {}  # of the link, heading, title or script that is open
        self._link = self._led = ""
        self._lines = [0, *(match.end() for match in re.finditer("\n", page))]
        self._starts: dict[str, int] = {}  # of the parts that are open
        self._players, self._player = 0, -1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self._push(tag, given)
        if tag in BLOCKS or tag in HEADINGS:
            self.end_block()
        if tag in WORDED:
            self._texts[tag] = []
            self._led = "" if tag in HEADINGS else self._led
        self._take(tag, given)
        if tag not in ("link", "meta"):
            says_so = given.get("type", "").startswith("audio/")
            is_player = tag == "audio" or (tag in ("source", "a") and says_so)
            for name, value in given.items():
                may_play = name in PLAYING or name.startswith("data-")
                if may_play and (is_sound(value) or (is_player and name in ("src", "href"))):
                    self._add(self._whole(value), self._heading)

    def _take(self, tag: str, given: dict[str, str]) -> None:
        found = self.found
        link = self._whole(given["href"]) if "href" in given else ""
        rel, kind = (given.get(name, "").strip().lower() for name in ("rel", "type"))
        is_told = tag == "link" or (tag == "a" and "alternate" in rel.split())
        if link and is_told and len(found.relations) < MOST:
            found.relations.append((rel, kind, link))
        if tag == "meta" and len(found.metas) < MOST:
            name = given.get("property") or given.get("name") or given.get("itemprop") or ""
            found.metas.setdefault(name.lower(), given.get("content", ""))
        elif tag == "base":
            self._base = link or self._base
        elif tag == "time":
            found.times.append((self._article, given.get("datetime", "")))
        elif tag == "body":
            found.body_class = given.get("class", "")
        elif tag == "a":
            self._link = link
        elif tag == "audio":
            self._players += 1
            self._player = self._players
        elif tag in ("iframe", "embed", "object") and len(found.frames) < MOST:
            frames = filter(None, (self._whole(given.get(name, "")) for name in FRAMED))
            found.frames += [*frames][:1]

    def handle_endtag(self, tag: str) -> None:
        text = "".join(self._texts.pop(tag, ()))
        short = " ".join(text.split())[:LONGEST_TEXT]
        if tag == "a" and self._link:
            if len(self.found.links) < MOST:
                self.found.links.append(self._link)
            for sound in self._waiting:
                if sound.place == self._link:
                    sound.label = sound.label or short
            self._led, self._link = self._led or self._link, ""
        elif tag in HEADINGS:
            self._heading = short
            self.found.headings.append(Heading(self._article, tag, short, self._led))
        elif tag == "title":
            self.found.title = self.found.title or short
        elif tag == "script" and len(text) <= LONGEST_SCRIPT:
            is_json = bool(self._open) and self._open[-1][1] == "json"
            self.found.linked_data += [text] if is_json else []
            for match in () if is_json else SCRIPTED.finditer(text):
                self._add(whole(match[1].replace("\\/", "/"), self._base))
        if tag in BLOCKS or tag in HEADINGS:
            self.end_block()
        self._pop(tag)

    def handle_data(self, data: str) -> None:
        for text in self._texts.values():
            text.append(data)
        is_script = bool(self._open) and self._open[-1][0] in ("script", "style")
        if len(self._block) < MOST and not is_script:
            self._block.append(data)

    def end_block(self) -> None:
        """Give the recordings of a block the words around them."""
        players = {each.player for each in self._waiting}
        if len(self._waiting) == 1 or (len(players) == 1 and players != {-1}):
            text = " ".join("".join(self._block).split())[:LONGEST_TEXT]
            for sound in self._waiting:
                sound.near = text
        if self._waiting:
            self._heading = ""  # it stands for one block: the next may be of another day
        self._block, self._waiting = [], []

    def _add(self, place: str, heading: str = "") -> None:
        if place and len(self.found.sounds) < MOST:
            sound = LinkedSound(
                place,
                heading=heading,
                article=self._article,
                player=self._player if self._within["player"] else -1,
                is_beside=self._within["beside"] > 0,
                is_entry=self._article > 0 or self._within["entry"] > 0,
            )
            self.found.sounds.append(sound)
            self._waiting.append(sound)

    def _push(self, tag: str, given: dict[str, str]) -> None:
        """Open an element, and note what it makes of all that is within it."""
        name, part = f"{given.get('class', '')} {given.get('id', '')}", ""
        if tag in BESIDE or (tag in ("div", "section", "ul") and NOT_OURS.search(name)):
            part = "beside"
        elif tag == "article" and not self._within["article"]:
            self._articles += 1
            self._article, part = self._articles, "article"
        elif tag == "script":
            part = "json" if "json" in given.get("type", "") else "script"
        elif tag == "audio":
            part = "player"
        elif tag == "main" or ENTRY.search(name):
            part = "entry"
        self._open.append((tag, part))
        if part and not self._within[part]:
            self._starts[part] = self._place()
        for each in (f"<{tag}", part):
            self._within[each] += 1

    def _pop(self, tag: str) -> None:
        """Close an element, and what was left open in it."""
        while self._within[f"<{tag}"]:
            last, part = self._open.pop()
            for each in (f"<{last}", part):
                self._within[each] -= 1
            if part and not self._within[part]:
                self.found.spans.setdefault(part, (self._starts[part], self._place()))
            if part == "article":
                self._article = 0
            if last == tag:
                return

    def _place(self) -> int:
        line, column = self.getpos()
        return self._lines[min(line, len(self._lines)) - 1] + column

    def _whole(self, link: str) -> str:
        return urldefrag(whole(link, self._base)).url
