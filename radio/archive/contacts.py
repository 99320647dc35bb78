"""How those who answer for something are reached: a mail address, or a page. Pure."""

import re
from urllib.parse import quote

from radio.system.connection.place import is_address

MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
LONGEST_SUBJECT, LONGEST_BODY = 150, 1_500  # characters: some programs take no more


def is_contact(text: str) -> bool:
    """Tell whether a text is a mail address, or the address of a page."""
    return bool(MAIL.fullmatch(text)) or is_address(text)


def mail_of(contact: str) -> str:
    """Give the mail address; none where it is a page."""
    return contact if MAIL.fullmatch(contact) else ""


def link_to(contact: str) -> str:
    """Give where a click leads; nothing where it is no contact."""
    mail = mail_of(contact)
    return f"mailto:{quote(mail, safe='@')}" if mail else contact if is_contact(contact) else ""


def letter(mail: str, subject: str, lines: list[str]) -> str:
    """Write the address that opens a letter begun (RFC 6068): its lines end as those of mail do.

    What others wrote stays within its line, so that it adds no header.

    >>> letter("a@b.example", "L’été\\r\\nBcc: x@y.example", ["« Où ? »", "50 % & plus"])
    'mailto:a@b.example?subject=L%E2%80%99%C3%A9t%C3%A9%20Bcc%3A%20x%40y.example&body=%C2%AB%20O%C3%B9%20%3F%20%C2%BB%0D%0A50%20%25%20%26%20plus'
    """
    about = _line(subject)[:LONGEST_SUBJECT]
    body = "\r\n".join(map(_line, lines))[:LONGEST_BODY]
    return f"{link_to(mail)}?subject={quote(about, safe='')}&body={quote(body, safe='')}"


def _line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
