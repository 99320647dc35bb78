"""What a site says of itself: `site.json`. A wrong value costs itself alone, and an unreadable file
leaves what was known before. `radio check` names what is wrong."""

import contextlib
import dataclasses
import json
import logging
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from radio.archive.episode import PICTURES, is_picture_name
from radio.archive.gone import Forgotten
from radio.archive.slugs import SLUG
from radio.pictures import palette
from radio.system import records
from radio.system.connection.place import is_address
from radio.system.disk import Stamp, is_file, is_folder, read_bytes, stamp
from radio.system.errors import ArchiveError
from radio.system.messages import _

log = logging.getLogger(__name__)

FILE = "site.json"
LONGEST_LINE = 200  # bytes
LONGEST_LEGAL = 50_000  # characters, as of other long texts
LARGEST = 1 << 20  # bytes of the file
PICTURED = ("logo", "studio")  # fields that name a picture beside the file

PINNED = re.compile(
    rf"(?:.*/)?(?P<key>{SLUG.pattern}/{SLUG.pattern})\?(?:[^#]*&)?t=(?P<second>\d+(?:\.\d+)?)\b.*"
)  # the address of a sentence
PHONE = re.compile(r"\+?[\d(][\d ().\-\N{NO-BREAK SPACE}]{2,30}")
MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
LONGEST_SUBJECT, LONGEST_BODY = 150, 1_500  # characters: some programs take no more


def is_contact(text: str) -> bool:
    """Whether a text is a mail address or the address of a page."""
    return bool(MAIL.fullmatch(text)) or is_address(text)


def _is_line(text: str) -> bool:
    return text.isprintable() and len(text.encode()) <= LONGEST_LINE


def _require(holds: object, otherwise: str, **values: object) -> None:
    if not holds:
        raise ValueError(_(otherwise, **values))


Way = Literal["inbox", "uploads", "sources"]  # how recordings come in by themselves, or by the desk


@dataclass(frozen=True)
class Choice:
    """Two colours; "" keeps the default."""

    background: str = ""  # "#rrggbb"
    accent: str = ""  # likewise: of links, buttons and borders

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            is_color = not value or palette.PLAIN.fullmatch(value)
            _require(is_color, _("{name} doit s’écrire #rrvvbb"), name=name)

    def on(self, scheme: palette.Scheme) -> palette.Scheme:
        """Give a scheme with these colours."""
        colors = {name: value.lower() for name, value in vars(self).items() if value}
        return dataclasses.replace(scheme, **colors)


@dataclass(frozen=True)
class Colors:
    """The colours of the site by day and by night."""

    day: Choice = Choice()
    night: Choice = Choice()

    def __post_init__(self) -> None:
        for name, scheme in (("day", self.by_day), ("night", self.by_night)):
            for fault in palette.faults(scheme):
                raise ValueError(f"{name}: {fault}")

    @property
    def by_day(self) -> palette.Scheme:
        """All the colours by day."""
        return self.day.on(palette.DAY)

    @property
    def by_night(self) -> palette.Scheme:
        """All the colours by night."""
        return self.night.on(palette.NIGHT)


OWN_COLORS = Colors()  # of the program, where nobody chose others


@dataclass(frozen=True)
class Imprint:
    """The site: who answers for it, and how it looks. Every value is checked."""

    name: str = ""
    contact: str = ""  # a mail address, or a page
    legal: str = ""  # the legal notice, paragraphs parted by empty lines
    license: str = ""  # of what is on the site
    source: str = ""  # address of the program as it runs here
    colors: Colors = OWN_COLORS
    logo: str = ""  # a picture beside the file
    team: str = ""  # who makes it, paragraphs
    visit: str = ""  # how to come, and to bring tapes, likewise
    phone: str = ""
    studio: str = ""  # a picture of it beside the file
    sentence: str = ""  # the address of the one on the first page; else another each day
    proposals: bool | None = None  # whether listeners may propose words; None: by the desk
    drafts: tuple[Way, ...] = ("inbox", "uploads")  # what comes in so waits to be published

    def __post_init__(self) -> None:
        for name in ("name", "license"):
            is_line = _is_line(getattr(self, name))
            _require(is_line, _("{name} doit tenir en une ligne de texte"), name=name)
        message = _("contact doit être une adresse de courriel, ou commencer par https://")
        is_reached = is_contact(self.contact) and _is_line(self.contact)
        _require(not self.contact or is_reached, message)
        message = _("{name} dépasse {longest_legal} caractères")
        for name in ("legal", "team", "visit"):
            is_short = len(getattr(self, name)) <= LONGEST_LEGAL
            _require(is_short, message, name=name, longest_legal=LONGEST_LEGAL)
        is_source = is_address(self.source) and _is_line(self.source)
        _require(not self.source or is_source, _("source doit commencer par https://"))
        message = _("phone doit être un numéro de téléphone")
        _require(not self.phone or PHONE.fullmatch(self.phone), message)
        is_pin = len(self.sentence) <= 5 * LONGEST_LINE and PINNED.fullmatch(self.sentence)
        message = _("sentence doit être l’adresse d’une phrase : …/shows/…?t=…")
        _require(not self.sentence or is_pin, message)
        message = _("{name} doit nommer un fichier à côté de lui ({kinds})")
        for name in PICTURED:
            picture = getattr(self, name)
            is_picture = not picture or (is_picture_name(picture) and _is_line(picture))
            _require(is_picture, message, name=name, kinds=" ".join(PICTURES))

    @property
    def mail(self) -> str:
        """The mail address; none where `contact` is a page."""
        return mail_of(self.contact)

    @property
    def contact_link(self) -> str:
        """Where a click on `contact` leads."""
        return link_to(self.contact)

    @property
    def pictures(self) -> Mapping[str, str]:
        """The names of its pictures, by field."""
        return {each: name for each in PICTURED if (name := getattr(self, each))}


def read_imprint(text: bytes, where: object) -> tuple[Imprint, tuple[str, ...]]:
    """Read `site.json`: its valid values, and a line for each wrong one. Raises ArchiveError."""
    return records.read_each(Imprint, text, where)


def forget(text: str, what: Forgotten) -> str:
    """Write the file without the sentence of an episode."""
    with contextlib.suppress(ArchiveError):  # one that can't be read names none
        pin = PINNED.fullmatch(read_imprint(text.encode(), FILE)[0].sentence)
        if pin and pin["key"] in what.keys:
            left = {name: said for name, said in json.loads(text).items() if name != "sentence"}
            return json.dumps(left, ensure_ascii=False, indent=2) + "\n"
    return text


def picture_path(root: Path, imprint: Imprint, field: str) -> Path | None:
    """Give the path of the picture that a field names, or None; a link counts as none."""
    path = root / (name := imprint.pictures.get(field, ""))
    return path if name and is_file(path) else None


def source_address(imprint: Imprint) -> str:
    """Give the address of the program's source: from the environment, else what the site says."""
    setting = os.environ.get("RADIO_SOURCE_URL", "")
    return setting if is_address(setting) else imprint.source


def state_of(root: Path) -> str:
    """Name the state of all that the site says of itself, its pictures too."""
    imprint = about(root)
    paths = (picture_path(root, imprint, each) for each in PICTURED)
    return repr((imprint, *(path and stamp(path) for path in paths)))


def faults(root: Path) -> tuple[str, ...]:
    """Name what is wrong in the file of an archive."""
    try:
        imprint, wrong = _read(root)
    except ArchiveError as error:
        return (str(error),)
    message = _("{path} : manquant ; restaurez-le, ou videz `{field}` dans {file}")
    for each, name in imprint.pictures.items():
        if picture_path(root, imprint, each) is None:
            wrong += (_(message, path=root / name, field=each, file=FILE),)
    return wrong


_known: dict[Path, tuple[Stamp | None, Imprint]] = {}  # state of each file, and what it said
UNSAID = Imprint()  # of a site without that file


def about(root: Path) -> Imprint:
    """Read the imprint of an archive, once for each state of its file; faults are warnings."""
    state = stamp(root / FILE)
    before, imprint = _known.get(root, (None, UNSAID))
    if state == before or not is_folder(root):  # with its disk away, it is as it was
        return imprint
    try:
        imprint, wrong = _read(root)
        for fault in wrong:
            log.warning("%s", fault)
    except ArchiveError as error:
        log.warning("%s", error)
    _known[root] = state, imprint
    return imprint


def _read(root: Path) -> tuple[Imprint, tuple[str, ...]]:
    path = root / FILE
    if not os.path.lexists(path):
        return UNSAID, ()
    return read_imprint(read_bytes(path, LARGEST), path)


def mail_of(contact: str) -> str:
    """Give the mail address; "" where it is a page."""
    return contact if MAIL.fullmatch(contact) else ""


def link_to(contact: str) -> str:
    """Give the target of a link; "" where it is no contact."""
    mail = mail_of(contact)
    return f"mailto:{quote(mail, safe='@')}" if mail else contact if is_address(contact) else ""


def letter(mail: str, subject: str, lines: list[str]) -> str:
    """Write a `mailto:` address that opens a letter (RFC 6068); no text can add a header.

    >>> letter("a@b.example", "L’été\\r\\nBcc: x@y.example", ["« Où ? »", "50 % & plus"])
    'mailto:a@b.example?subject=L%E2%80%99%C3%A9t%C3%A9%20Bcc%3A%20x%40y.example&body=%C2%AB%20O%C3%B9%20%3F%20%C2%BB%0D%0A50%20%25%20%26%20plus'
    """
    about = _line(subject)[:LONGEST_SUBJECT]
    body = "\r\n".join(map(_line, lines))[:LONGEST_BODY]
    return f"{link_to(mail)}?subject={quote(about, safe='')}&body={quote(body, safe='')}"


def _line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
