"""Elements of XML, free of what XML can't write."""

import xml.etree.ElementTree as ET


def add(parent: ET.Element, tag: str, content: str = "", **attributes: str) -> None:
    """Add an element, unless it would be empty."""
    if content or attributes:
        ET.SubElement(parent, tag, attributes).text = _clean(content) or None


def render(root: ET.Element) -> bytes:
    """Write a document."""
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _clean(content: str) -> str:
    """Leave out the control characters that XML 1.0 has no way to write."""
    return "".join(c for c in content if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff"))
