"""Markup: XML that is written, free of what it can't hold; HTML that is read, whatever it holds."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from html.parser import HTMLParser
from xml.sax.saxutils import escape

# What is no character of XML 1.0 (https://www.w3.org/TR/xml/#charsets)
UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def add(parent: ET.Element, tag: str, content: str = "", **attributes: str) -> None:
    """Add an element, unless it would be empty."""
    if content or attributes:
        parent.append(tree(tag, attributes, content))


def tree(tag: str, attributes: Mapping[str, str], *content: str | ET.Element) -> ET.Element:
    """Make an element of text and elements, in their order.

    >>> ET.tostring(tree("p", {"lang": "fr"}, "Qui", tree("b", {}, "\\x00?"), " & toi"))
    b'<p lang="fr">Qui<b>?</b> &amp; toi</p>'
    """
    element = ET.Element(tag, {name: clean(value) for name, value in attributes.items()})
    last = None
    for each in content:
        if isinstance(each, ET.Element):
            element.append(each)
            last = each
        elif last is None:
            element.text = (element.text or "") + clean(each)
        else:
            last.tail = (last.tail or "") + clean(each)
    return element


def render(root: ET.Element, style: str = "") -> bytes:
    """Write a document; `style` is the address of a sheet by which browsers show it."""
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    if not style:
        return document
    declaration, end, rest = document.partition(b"?>\n")
    sheet = f'<?xml-stylesheet type="text/css" href="{escape(style)}"?>\n'
    return declaration + end + sheet.encode() + rest


def clean(content: str) -> str:
    """Leave out what XML can't write."""
    return UNWRITABLE.sub("", content)


class ForgivingParser(HTMLParser):
    """A parser of the library that raises nothing: `<![anything` is a comment, as in browsers."""

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        """Take `<![anything` for a comment; the library knows a few words alone, and raises."""
        if self.rawdata.startswith("<![CDATA[", i):
            return super().parse_marked_section(i, report)
        return self.parse_bogus_comment(i, report)
