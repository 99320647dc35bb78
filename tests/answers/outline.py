"""A page as lines to read: its words, and what its tags say; not how they are nested or styled."""

import json
from collections.abc import Iterator
from html.parser import HTMLParser

SILENT = {"class", "style", "d", "viewbox", "width", "height", "x", "y", "x1", "x2", "y1", "y2"}
SILENT |= {"points", "transform", "cx", "cy", "r", "sizes", "media", "xmlns", "preload", "loading"}
"""Attributes of how a page looks."""
INLINE = {"em", "strong", "b", "i", "mark", "abbr", "code", "small", "cite", "q", "sup", "sub"}
FRAME = {"viewport", "color-scheme", "stylesheet", "preload", "icon", "apple-touch-icon"}
FRAME |= {"manifest", "search"}
"""What every page names at its top."""


def outline(page: str, *, with_frame: bool = True) -> str:
    """Give the words and the attributes of a page, each tag that says something on its own line.

    Without its frame, what stands around every page is left out: the top, the foot, the style.
    """
    reader = _Reader()
    reader.feed(page)
    reader.close()
    lines = reader.lines()
    return "\n".join(lines if with_frame else _inside(lines))


def _inside(lines: list[str]) -> Iterator[str]:
    """Give the lines of the head that are a page's own, and those of its main part."""
    is_own, is_suggested = True, False
    for line in lines:
        is_own = line.startswith("[main") or (is_own and not line.startswith("[a href=#main]"))
        is_suggested = line.startswith(("[datalist", "[option")) and (
            is_suggested or line == "[datalist id=suggestions]"
        )
        if is_own and not is_suggested and not any(f"={name} " in line for name in FRAME):
            yield line
        is_own = is_own and line != "[/main]"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self._lines: list[str] = []
        self._parts: list[str] = []
        self._aside = ""  # the kind of the script or style that is open

    def lines(self) -> list[str]:
        self._flush()
        return self._lines

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = [name if value is None else f"{name}={value}" for name, value in attrs]
        said = [each for each in said if each.partition("=")[0] not in SILENT]
        if tag not in INLINE or said:
            self._flush()
        if said or tag in INLINE:
            self._parts.append(f"[{' '.join((tag, *said))}]")
        elif tag[0] == "h" and tag[1:].isdigit():
            self._parts.append(f"{tag}:")
        if tag in ("script", "style"):
            self._aside = dict(attrs).get("type") or tag

    def handle_endtag(self, tag: str) -> None:
        self._aside = "" if tag in ("script", "style") else self._aside
        if tag not in INLINE and tag not in ("a", "span", "time"):
            self._flush()
        if tag == "main":
            self._lines.append("[/main]")

    def handle_data(self, data: str) -> None:
        if self._aside == "application/ld+json":
            self._flush()
            told = json.dumps(json.loads(data), indent=1, ensure_ascii=False, sort_keys=True)
            self._lines += told.splitlines()
        elif self._aside == "text/html":
            self._flush()
            self._lines += outline(data).splitlines()
        elif not self._aside:
            self._parts.append(data)

    def _flush(self) -> None:
        if line := " ".join(" ".join(self._parts).split()):
            self._lines.append(line)
        self._parts.clear()
