"""What a page of HTML holds, gone through once: recordings, frames, links, what it says of it.

Pages are foreign and often broken, so no tree is built. To be called in a limited child.
"""

import re
from dataclasses import dataclass, field
from urllib.parse import urldefrag

from radio.formats.markup import ForgivingParser
from radio.ingest.sound import LinkedSound, is_sound, sounds_in_script, whole

MOST = 5000  # recordings, links or texts of a page
LONGEST_TEXT = 500  # characters around a recording that are kept
LONGEST_SCRIPT = 2 << 20  # characters
VOID = {
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "track",
    "wbr",
}
BLOCKS = {"p", "li", "tr", "dd", "dt", "div", "figure", "section", "article", "td", "pre"}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6", "caption", "summary"}
WORDED = {"a", "title", "script"}
BESIDE = {"aside", "footer", "nav"}
NOT_OURS = re.compile(
    r"(?i)(?:^|[\s_-])(?:sidebar|widget|comments?|related|footer|menu|nav|playlist-live)(?:$|[\s_-])"
)
ENTRY = re.compile(r"(?i)(?:^|\s)(?:(?:entry|post|single|article|page)-content|hentry)(?:$|\s)")
COMMENT = re.compile("<!--.*?(?:-->|$)", re.DOTALL)
PLAYING = ("src", "href", "data", "content", "value", "url", "mp3", "file")
"""Attributes that hold the address of a recording, as do all that begin with `data-`."""


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

    sounds: list[LinkedSound] = field(default_factory=list)
    frames: list[str] = field(default_factory=list)  # addresses of what it shows of other sites
    links: list[tuple[str, str]] = field(default_factory=list)  # address and words
    metas: dict[str, str] = field(default_factory=dict)  # the first of each name
    relations: list[tuple[str, str, str]] = field(default_factory=list)  # rel, type, address
    linked_data: list[str] = field(default_factory=list)  # JSON-LD
    headings: list[Heading] = field(default_factory=list)
    times: list[tuple[int, str]] = field(default_factory=list)  # number of the article, datetime
    title: str = ""
    body_class: str = ""
    spans: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Where the first part of each kind begins and ends: what the page is about, an article."""


def scan(page: str, address: str) -> Markup:
    """Go through a page that lies at an address, `without_comments`."""
    scanner = _Scanner(address, page)
    scanner.feed(page)
    scanner.close()
    scanner.end_block()
    return scanner.found


def without_comments(page: str) -> str:
    """Leave out the comments of a page: those without end cost its parser minutes."""
    return COMMENT.sub("", page)


class _Scanner(ForgivingParser):
    def __init__(self, address: str, page: str):
        super().__init__()
        self.found = Markup()
        self._base = address
        self._open: list[tuple[str, str]] = []  # tag, and what it makes of all within it
        self._counts: dict[str, int] = {}
        self._article = self._articles = 0
        self._block: list[str] = []  # words of the block so far
        self._heading = ""
        self._waiting: list[int] = []  # recordings of the block
        self._texts: dict[str, list[str]] = {}  # of the link, heading, title or script that is open
        self._link = self._led = ""
        self._lines = [0, *(match.end() for match in re.finditer("\n", page))]
        self._starts: dict[str, int] = {}  # of the parts that are open
        self._player: list[int] = []  # recordings of the player that is open

    # What opens

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self._push(tag, self._part(tag, given))
        if tag in BLOCKS or tag in HEADINGS:
            self.end_block()
        if tag in HEADINGS or tag in WORDED:
            self._texts[tag] = []
            self._led = "" if tag in HEADINGS else self._led
        if take := getattr(self, f"_take_{tag}", None):
            take(given)
        if tag not in ("link", "meta"):
            self._take_sounds(tag, given)

    def handle_endtag(self, tag: str) -> None:
        text = "".join(self._texts.pop(tag, ()))
        short = " ".join(text.split())[:LONGEST_TEXT]
        if tag == "a" and self._link:
            self._end_link(short)
        elif tag in HEADINGS:
            self._heading = short
            self.found.headings.append(Heading(self._article, tag, short, self._led))
        elif tag == "title":
            self.found.title = self.found.title or short
        elif tag == "script":
            self._read_script(text)
        if tag in BLOCKS or tag in HEADINGS:
            self.end_block()
        self._pop(tag)

    def handle_data(self, data: str) -> None:
        for text in self._texts.values():
            text.append(data)
        is_script = bool(self._open) and self._open[-1][0] in ("script", "style")
        if len(self._block) < MOST and not is_script:
            self._block.append(data)

    def _end_link(self, words: str) -> None:
        if len(self.found.links) < MOST:
            self.found.links.append((self._link, words))
        for number in self._waiting:
            sound = self.found.sounds[number]
            if sound.place == self._link:
                sound.label = sound.label or words
        self._led, self._link = self._led or self._link, ""

    def end_block(self) -> None:
        """Tell the recordings of a block what stands around them."""
        players = {self.found.sounds[each].player for each in self._waiting}
        if len(self._waiting) == 1 or (len(players) == 1 and players != {-1}):
            text = " ".join("".join(self._block).split())[:LONGEST_TEXT]
            for number in self._waiting:
                self.found.sounds[number].near = text
        if self._waiting:
            self._heading = ""  # it stands for one block: the next may be of another day
        self._block, self._waiting = [], []

    # What is taken

    def _take_meta(self, given: dict[str, str]) -> None:
        name = given.get("property") or given.get("name") or given.get("itemprop") or ""
        if name and len(self.found.metas) < MOST:
            self.found.metas.setdefault(name.lower(), given.get("content", ""))

    def _take_link(self, given: dict[str, str]) -> None:
        address = self._whole(given.get("href", ""))
        if address and len(self.found.relations) < MOST:
            kind = (given.get("rel", "").lower(), given.get("type", "").lower(), address)
            self.found.relations.append(kind)

    def _take_base(self, given: dict[str, str]) -> None:
        self._base = self._whole(given.get("href", "")) or self._base

    def _take_time(self, given: dict[str, str]) -> None:
        self.found.times.append((self._article, given.get("datetime", "")))

    def _take_body(self, given: dict[str, str]) -> None:
        self.found.body_class = given.get("class", "")

    def _take_a(self, given: dict[str, str]) -> None:
        self._link = self._whole(given.get("href", ""))

    def _take_audio(self, _given: dict[str, str]) -> None:
        self._player = []

    def _take_iframe(self, given: dict[str, str]) -> None:
        for name in ("src", "data-src", "data-lazy-src", "data"):
            address = self._whole(given.get(name, ""))
            if address and len(self.found.frames) < MOST:
                self.found.frames.append(address)
                return

    _take_embed = _take_object = _take_iframe

    def _take_sounds(self, tag: str, given: dict[str, str]) -> None:
        says_so = given.get("type", "").startswith("audio/")
        for name, value in given.items():
            if not (name in PLAYING or name.startswith("data-")):
                continue
            is_player = tag == "audio" or (tag in ("source", "a") and says_so)
            if is_sound(value) or (is_player and name in ("src", "href")):
                self._add(LinkedSound(self._whole(value), heading=self._heading))

    def _read_script(self, text: str) -> None:
        if len(text) > LONGEST_SCRIPT:
            return
        if self._open and self._open[-1][1].startswith("json"):
            self.found.linked_data.append(text)
            return
        for sound in sounds_in_script(text, self._base):
            self._add(sound)

    def _add(self, sound: LinkedSound) -> None:
        if not sound.place or len(self.found.sounds) >= MOST:
            return
        sound.article, sound.is_beside = self._article, self._is_within("beside")
        sound.is_entry = bool(self._article) or self._is_within("entry")
        number = len(self.found.sounds)
        if self._is_within("player"):
            sound.player = self._player[0] if self._player else number
            self._player.append(number)
        self.found.sounds.append(sound)
        self._waiting.append(number)

    # Where we are

    def _part(self, tag: str, given: dict[str, str]) -> str:
        """Tell what an element makes of all that is within it."""
        name = f"{given.get('class', '')} {given.get('id', '')}"
        if tag in BESIDE or (tag in ("div", "section", "ul") and NOT_OURS.search(name)):
            return "beside"
        if tag == "article" and not self._is_within("article"):
            self._articles += 1
            self._article = self._articles
            return "article"
        if tag == "script":
            return "json" if "json" in given.get("type", "") else "script"
        if tag == "audio":
            return "player"
        return "entry" if tag == "main" or ENTRY.search(name) else ""

    def _push(self, tag: str, part: str) -> None:
        self._open.append((tag, part))
        if part and not self._counts.get(part):
            self._starts[part] = self._place()
        for name in (f"<{tag}", part):
            self._counts[name] = self._counts.get(name, 0) + 1

    def _pop(self, tag: str) -> None:
        """Close an element, and what was left open in it."""
        while self._counts.get(f"<{tag}"):
            last, part = self._open.pop()
            for name in (f"<{last}", part):
                self._counts[name] -= 1
            if part and not self._counts[part]:
                self.found.spans.setdefault(part, (self._starts[part], self._place()))
            if part == "article":
                self._article = 0
            if last == tag:
                return

    def _place(self) -> int:
        line, column = self.getpos()
        return self._lines[min(line, len(self._lines)) - 1] + column

    def _is_within(self, part: str) -> bool:
        return self._counts.get(part, 0) > 0

    def _whole(self, link: str) -> str:
        return urldefrag(whole(link, self._base)).url
