"""A recording that a page offers, and the forms in which players and shortcodes name it."""

import html
import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

from radio.archive.episode import MIME
from radio.system.connection.place import is_address

SUFFIXES = (*MIME, ".aac", ".m4b", ".mp2", ".oga", ".wma")
BEST = (".flac", ".wav", ".mp3")  # of one recording in several formats
SHORTCODE = re.compile(r"\[(?:audio|powerpress|playlist|player|sc_embed_player)\b([^\]]{0,2000})\]")
ATTRIBUTE = re.compile(r"""(?:https?:/)?/[^\s"'”“″»«|,\]]+""")
NUMBERED = re.compile(r"[?&]_=\d+$")  # which player of its page
COUNTED = re.compile(r"/podcast-(?:player|download)/\d+/")  # by Seriously Simple Podcasting
REDIRECTED = re.compile(
    r"https?://(?:media\.blubrry\.com/[^/]+/(?:p/)?|(?:[\w-]+\.)?podtrac\.com/(?:pts/)?redirect\.\w+/)"
)
PLAYERS = (  # frames that name in their query what they play
    (re.compile(r"w\.soundcloud\.com/player"), "url"),
    (re.compile(r"(?:www|player-widget)\.mixcloud\.com/(?:widget|media/.*)"), "feed"),
)
HOSTS = re.compile(  # sites that keep recordings; the last is PeerTube, on any host
    r"https?://(?:(?:audioblog|www)\.arteradio\.com/(?:embed|blog|son)/|archive\.org/(?:embed|details)/"
    r"|(?:[\w-]+\.)?soundcloud\.com/|(?:www\.)?mixcloud\.com/|podcast\.ausha\.co/|player\.ausha\.co/"
    r"|embed\.acast\.com/|[^/]+/(?:videos/embed|w)/[\w-]{20,})"
)


@dataclass
class LinkedSound:
    """A recording that a page or a feed offers, and what stands around it there."""

    place: str  # address
    label: str = ""  # the words of its link
    near: str = ""  # the words of its block
    heading: str = ""  # the one above
    article: int = 0  # the number of the article on the page; 0 is none
    player: int = -1  # the same for all formats of one
    is_beside: bool = False  # in a menu, a foot, a column at the side
    is_entry: bool = False  # within what the page is about
    size: int = 0  # bytes; 0 where unknown
    sha256: str = ""

    @property
    def name(self) -> str:
        """The name of the file."""
        return name_of(self.place)

    @property
    def suffix(self) -> str:
        """How its name ends."""
        return posixpath.splitext(self.name)[1].lower()


def name_of(address: str) -> str:
    """Give the name of the file at an address."""
    return unquote(posixpath.basename(urlsplit(address).path))


def is_sound(address: str) -> bool:
    """Whether an address names a file of sound.

    >>> is_sound("/a/b.MP3?_=1"), is_sound("https://a.example/mp3/")
    (True, False)
    """
    try:
        return urlsplit(address.strip()).path.lower().endswith(SUFFIXES)
    except ValueError:
        return False


def sounds_in_shortcodes(text: str, base: str) -> Iterator[LinkedSound]:
    """Find the recordings of shortcodes that nothing rendered."""
    for code in SHORTCODE.finditer(html.unescape(text)):
        for match in ATTRIBUTE.finditer(code[1]):
            if is_sound(match[0]) and (address := whole(match[0], base)):
                yield LinkedSound(address)


def elsewhere(frame: str) -> str:
    """Give the address at which a site keeps what a frame plays; nothing where we know none.

    >>> elsewhere("https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/1&a=b")
    'https://api.soundcloud.com/tracks/1'
    >>> elsewhere("https://www.mixcloud.com/widget/iframe/?feed=%2Fdio%2Fmad%2F")
    'https://www.mixcloud.com/dio/mad/'
    >>> elsewhere("https://www.youtube.com/embed/x")
    ''
    """
    for player, parameter in PLAYERS:
        if player.search(frame):
            named = parse_qs(urlsplit(frame).query).get(parameter, [""])[0]
            return whole(named, frame) if named else ""
    return frame if HOSTS.match(frame) else ""


def distinct(sounds: Iterable[LinkedSound]) -> list[LinkedSound]:
    """Give each recording once, in its best format, with what stands around any copy of it."""
    found = list(sounds)
    names = {each.name for each in found if not COUNTED.search(each.place)}
    unique: dict[object, LinkedSound] = {}
    for each in found:
        each.place = NUMBERED.sub("", each.place)
        if COUNTED.search(each.place) and each.name in names:
            continue
        parts = urlsplit(REDIRECTED.sub("https://", each.place))  # whoever counts its listeners
        stem = posixpath.splitext(parts.path)[0] if is_sound(parts.path) else parts.path
        keys: list[object] = [f"{parts.netloc.lower()}{unquote(stem)}?{parts.query}"]
        keys += [each.player] if each.player >= 0 else []
        known = next((unique[key] for key in keys if key in unique), each)
        known.label, known.near = known.label or each.label, known.near or each.near
        known.is_entry |= each.is_entry
        known.is_beside &= each.is_beside
        known.place = min(known.place, each.place, key=_rank)
        unique |= dict.fromkeys(keys, known)
    return list({id(each): each for each in unique.values()}.values())


def _rank(address: str) -> int:
    suffix = posixpath.splitext(name_of(address))[1].lower()
    return BEST.index(suffix) if suffix in BEST else len(BEST)


def whole(link: str, base: str = "") -> str:
    """Make an address of a link on the page at `base`; nothing where that is none.

    >>> whole("../a.mp3", "https://a.example/b/c"), whole("https://["), whole("javascript:x")
    ('https://a.example/a.mp3', '', '')
    """
    try:
        address = urljoin(base, link.strip()) if link.strip() else ""
        _port = urlsplit(address).port  # raises where host or port are none
    except ValueError:
        return ""
    return address if is_address(address) else ""
