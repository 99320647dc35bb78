"""Elements of XML, free of what XML can't write."""

import re
import xml.etree.ElementTree as ET

UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What is no character of XML 1.0 (https://www.w3.org/TR/xml/#charsets)."""


def add(parent: ET.Element, tag: str, content: str = "", **attributes: str) -> None:
    """Add an element, unless it would be empty."""
    if content or attributes:
        values = {name: _clean(value) for name, value in attributes.items()}
        ET.SubElement(parent, tag, values).text = _clean(content) or None


def render(root: ET.Element) -> bytes:
    """Write a document."""
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _clean(content: str) -> str:
    return UNWRITABLE.sub("", content)
