"""What feedparser reads of a feed, with the tags of Podcasting 2.0 added: its only importer.

It gets bytes alone: what it is given as text it would open as a file or an address.
"""

import contextlib
import functools
import io
import re
from typing import Any

import feedparser
import feedparser.api

from radio.system.connection.place import is_address
from radio.system.errors import ReaderError
from radio.system.messages import _
from radio.text import transcript

PODCAST = (
    "https://podcastindex.org/namespace/1.0",
    "https://github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md",
)
TAGS = (
    *("transcript", "chapters", "person", "soundbite", "season", "episode", "locked"),
    *("alternateenclosure", "source", "integrity"),
)
ADDRESSES = ("url", "uri", "href")  # attributes
DECLARATION = re.compile(r"\s*<\?xml\b([^>]*)\?>", re.IGNORECASE)
KEPT = "podcast tags"  # where they lie; no tag of a feed has such a name
ENCODING = re.compile(r"encoding\s*=\s*[\"']([\w.:-]+)[\"']", re.IGNORECASE)
HEAD = re.compile(r"<\w")  # where the first tag begins
TYPED = re.compile(r"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # letters that XML can't hold


class _Podcasting:
    """Handlers of tags that feedparser has none for, or keeps the last of."""

    def unknown_starttag(self: Any, tag: str, attributes: list[tuple[str, str]]) -> None:
        """Make the addresses of a tag whole: feedparser does so for links alone."""
        whole = [
            (name, self.resolve_uri(value) if _is_place(tag, name) else value)
            for name, value in attributes
        ]
        with contextlib.suppress(Exception):  # what a handler can't read costs its tag alone
            super().unknown_starttag(tag, whole)  # type: ignore[misc]

    def unknown_endtag(self: Any, tag: str) -> None:
        """End a tag, likewise."""
        with contextlib.suppress(Exception):
            super().unknown_endtag(tag)  # type: ignore[misc]

    def handle_charref(self: Any, number: str) -> None:
        """Take a letter by its number, which may be that of none."""
        with contextlib.suppress(OverflowError, ValueError):
            super().handle_charref(number)  # type: ignore[misc]

    def _end_guid(self: Any) -> None:
        """End a guid: only one that is an address is where to read of an item."""
        written = self.elementstack[-1][2] if self.elementstack else ()
        begun = next((each for each in written if each.strip()), "")
        self.guidislink = self.guidislink and is_address(str(begun).lstrip())
        super()._end_guid()  # type: ignore[misc]

    _end_id = _end_guid

    def keep(self: Any, name: str, attributes: dict[str, str]) -> None:
        """Keep each tag of Podcasting 2.0 with its attributes, in the order of the feed."""
        self._get_context().setdefault(KEPT, []).append({"tag": name, **attributes})
        self.push(f"podcast_{name}", 1)

    def complete(self: Any, name: str) -> None:
        """Add the text within a tag to the last one of that name."""
        text = self.pop(f"podcast_{name}")
        alike = [each for each in self._get_context().get(KEPT, ()) if each["tag"] == name]
        if alike and text:
            alike[-1]["text"] = text


def _is_place(tag: str, attribute: str) -> bool:
    is_ours = tag.startswith(("podcast:", "media:", "itunes:")) or tag == "enclosure"
    return is_ours and attribute in ADDRESSES


def _extend(parser: Any) -> type:
    """Make a parser that knows the tags of Podcasting 2.0."""
    known: dict[str, Any] = {
        "namespaces": {**parser.namespaces, **dict.fromkeys(PODCAST, "podcast")},
        "_matchnamespaces": {},  # it fills that from `namespaces`
    }
    for name in TAGS:
        known[f"_start_podcast_{name}"] = functools.partialmethod(_Podcasting.keep, name)
        known[f"_end_podcast_{name}"] = functools.partialmethod(_Podcasting.complete, name)
    return type(parser.__name__, (_Podcasting, parser), known)


STRICT, LOOSE = map(_extend, (feedparser.api.StrictFeedParser, feedparser.api.LooseFeedParser))


def read(content: bytes, address: str, charset: str = "") -> Any:
    """Read the bytes of a feed that lay at an address, sent with a charset.

    Gives what `feedparser.parse` does; entries and feed have their tags of Podcasting 2.0 under
    KEPT. Raises ReaderError for what declares types or entities, with which 10 kB can say
    9 MB, and for what is no feed.
    """
    text = decode(content, charset)
    head = text[: match.start()] if (match := HEAD.search(text)) else text
    if TYPED.search(head) or "<!ENTITY" in text:
        raise ReaderError(
            _("{address}: a feed with a DOCTYPE or entities, not read").format(address=address)
        )
    feedparser.api.StrictFeedParser, feedparser.api.LooseFeedParser = STRICT, LOOSE
    sent = {"content-location": address, "content-type": "application/xml; charset=utf-8"}
    try:
        found = feedparser.parse(
            io.BytesIO(text.encode()), response_headers=sent, sanitize_html=False
        )
    except Exception as error:
        told = _("{address}: a feed that can't be read ({error})")
        raise ReaderError(told.format(address=address, error=error)) from error
    if not found.get("version") and not found.entries:
        raise ReaderError(_("{address}: no feed").format(address=address))
    return found


def decode(content: bytes, charset: str = "") -> str:
    """Give the text of a feed without its declaration, which often names another encoding.

    What reads as UTF-8 is UTF-8, whatever is declared; then the declaration counts, then the
    charset that was sent.
    """
    text, letters = transcript.decode(content)
    if letters and not letters.startswith("UTF"):
        begun = DECLARATION.match(content[:300].decode("latin-1"))
        declared = ENCODING.search(begun[1]) if begun else None
        for name in (declared and declared[1], charset):
            try:
                text = content.decode(name) if name else text
                break
            except (LookupError, UnicodeDecodeError):
                continue
    return UNFIT.sub("", DECLARATION.sub("", text, count=1)).lstrip()
