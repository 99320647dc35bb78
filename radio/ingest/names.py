"""What name, folders and tags of a file say of a recording: date, title, people. Pure."""

import datetime as dt
import functools
import hashlib
import os
import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

from radio.archive.episode import Person, Show, mime_of
from radio.french.letters import composed, plain_letters
from radio.ingest import dating, titles
from radio.ingest.description import Description
from radio.sound.tags.reader import Tags

LONGEST = 300  # characters of a name that are read
LETTERS = str.maketrans("0123456789", "ghijklmnop")
LONGEST_NAME, LONGEST_SUFFIX = 120, 5  # bytes of a name of ours, characters of its end
MOST_FOLDERS = 4  # that tell of a file, the nearest ones

_BETWEEN = re.compile(r"\s*[;/|]\s*|\s*,\s+|\s+&\s+|\s+(?:et|and|feat\.?|ft\.?|avec|with)\s+|\0")
_LED = re.compile(r"^(?:avec|with)\s+", re.IGNORECASE)
_SMALL = r"(?:de|du|des|la|le|d'|d’|von|van|el|ben)"
_NAME = (
    rf"(?:(?:{_SMALL} ?)?[^\W\d_a-zà-ÿ][\w’'.-]*)(?: (?:{_SMALL} ?)?[^\W\d_a-zà-ÿ][\w’'.-]*){{0,3}}"
)
_NAMES = rf"{_NAME}(?:(?:, | et | & ){_NAME})*"
_END = r"(?=\s*(?:$|[-–.,;:()\[\]\0]))"
_TALK = r"(?:[Ee]ntretien|[Ii]nterview)"
_WITH = re.compile(rf"\b(?:[Aa]vec ({_NAMES}){_END}|{_TALK} avec ({_NAMES})(?=\W|$))")
_GUEST = re.compile(rf"\b(?P<role>[Ii]nvitée?)s?(?: ?:)? (?P<names>{_NAMES}){_END}")
_WITH_ROLES = re.compile(
    rf"(?:{_NAME}(?: \([Ii]nvitée?\))?, )*{_NAME} \([Ii]nvitée?\)(?:, {_NAME})*$"
)
_AND = re.compile(", | et | & ")
_JINGLE = re.compile(r"\W*jingles?\b")
_ROLE = re.compile(r"(?P<name>[^()]+?)\s*\((?P<role>[^()]{2,40})\)")
_NOBODY = re.compile(
    r"(?:artiste?s? ?)?(?:inconnue?s?|unknown(?: artist)?|n/?a|none|various(?: artists)?|divers|"
    r"artistes? divers|audacity|lame|admin|user|utilisateur|.*@.*|https?:.*|www\..*|"
    r"radio\b.*)|\W*"
)


def describe_file(
    path: Path, tags: Tags, show: Show, stations: Collection[str] = ()
) -> Description:
    """Describe a file on the disk; `stations`, in plain letters, are no people."""
    today = dt.datetime.now(dt.UTC).date()
    here = path.absolute()
    order = _order_in(here.parent, here.parent.stat().st_mtime_ns, today)
    said = describe(here, tags, show, today, changed_on(path), order)
    people = tuple(each for each in said.people if plain_letters(each.name) not in stations)
    return replace(said, people=people)


@functools.lru_cache(maxsize=64)
def _order_in(folder: Path, _changed: int, today: dt.date) -> int | None:
    """Find where the year stands in the names of the recordings of a folder, as it is now."""
    try:
        names = os.listdir(folder)  # noqa: PTH208
    except OSError:  # it may be gone through, not listed
        return None
    return dating.order_of((readable(Path(each).stem) for each in names if mime_of(each)), today)


def changed_on(path: Path) -> dt.date:
    """Give the day of the last change of a file."""
    return dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC).date()


class _Text:
    """A name or a title whose show is masked, and the dates in it."""

    def __init__(self, text: str, names: re.Pattern[str], today: dt.date, order: int | None = None):
        self.text = titles.mask_show(text[:LONGEST], names)
        clues, self.events = dating.clues_of(self.text, today)
        self.clues = [dating.beside(each, self.text, order) for each in clues]

    def numbering(self, dated: dating.Dated, *spans: tuple[int, int]) -> titles.Numbering:
        """Read number and season; `spans` are masked, and what may have given the date."""
        clues = (each for each in self.clues if each.is_doubtful or each.tells_of(dated.parts))
        used = ((each.written.start, each.written.end) for each in clues)
        return titles.read_numbering(titles.mask(self.text, *used, *spans))


def describe(
    path: Path, tags: Tags, show: Show, today: dt.date, changed: dt.date, order: int | None = None
) -> Description:
    """Describe a recording by its place and tags. `changed`, the last change of the file, chooses
    between two readings of a date, or is the guess. `order` is that of the names beside it."""
    names, own = titles.names_of(show), titles.words_of_show((show.slug, show.title, show.station))
    if _JINGLE.match(plain_letters(tags.title)):  # what its show was recorded over
        tags = Tags()
    folders = [readable(each) for each in path.parts[:-1][-MOST_FOLDERS:]]
    name = _Text(readable(path.stem), names, today, order)
    heading = _Text(mended(tags.title), names, today)
    by_folders = dating.clues_of_folders(folders, today)
    sources = (name.clues, by_folders, heading.clues)
    clues = [each for some in sources for each in sorted(some, key=lambda each: -each.known)]
    clues += [*dating.clues_of_tag(tags.date, today), *name.events, *heading.events]
    dated = dating.tell(clues, changed)
    whole = dating.with_lone_day(dated, name.text, folders, today)
    lone = [] if whole == dated else dating.lone_day_spans(name.text)
    by_name, by_tags = name.numbering(whole, *lone), heading.numbering(whole)
    title = titles.title_of(by_tags.text, own) or titles.title_of(by_name.text, own)
    by_folder = titles.Numbering("")
    if not title:  # of one episode, where it is dated, numbered, or in such a folder
        folder = _Text(folders[-1] if folders else "", names, today)
        numbering = folder.numbering(whole)
        is_dated = any(each.known == len(whole.parts) for each in folder.clues)
        if is_dated or dating.is_within(folders, today) or numbering.number:
            by_folder, title = numbering, titles.title_of(numbering.text, own)
    others = map(titles.read_season, (tags.album, *folders[::-1]))
    seasons = (by_name.season, by_tags.season, *others)
    return Description(
        title,
        whole.day or dating.guess(whole, clues, changed),
        text=mended(tags.description),
        people=split_people(map(mended, tags.artists), names) or people_in(title),
        number=by_name.number or by_tags.number or by_folder.number,
        season=next(filter(None, seasons), None),
    )


def readable(name: str) -> str:
    """Give a name as it was meant where it isn't UTF-8, as on old disks.

    >>> readable(os.fsdecode("café".encode("cp1252"))), readable("les%20caf%C3%A9s")
    ('café', 'les cafés')
    """
    text = decoded(name)
    if re.search(r"%[2-9A-F][0-9A-F]", text):
        text = unquote(text)
    if " " not in text and text.count("+") > 1:
        text = text.replace("+", " ")
    return mended(text)


def file_name(given: str) -> str:
    """Make a safe name for a file: short, one part, visible letters.

    >>> file_name("../../etc/\\x00passwd"), file_name("<b>.mp3"), file_name("..")
    ('-..-etc- passwd', '<b>.mp3', 'audio')
    """
    plain = "".join(c if c.isprintable() else " " for c in given.replace("/", "-"))
    plain = plain.encode(errors="replace").decode().strip(" .")
    stem, dot, suffix = plain.rpartition(".")
    if not dot or len(suffix) > LONGEST_SUFFIX:
        stem, suffix = plain, ""
    stem = stem.encode()[:LONGEST_NAME].decode(errors="ignore")
    return f"{stem or 'audio'}{dot if suffix else ''}{suffix}"


def folder_name(place: str) -> str:
    """Name a folder by what lies there, in letters alone: it must look like no date."""
    return hashlib.sha256(place.encode("utf-8", "replace")).hexdigest()[:20].translate(LETTERS)


def decoded(name: str) -> str:
    """Give the letters of a name that is UTF-8, or cp1252 as on old disks."""
    raw = os.fsencode(name)
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def mended(text: str) -> str:
    """Correct letters that were read in a wrong encoding, and compose accents.

    >>> mended("camÃ©ras"), mended("Ã vrai dire")
    ('caméras', 'à vrai dire')
    """
    import ftfy  # with the first name: a site needs none of it

    return composed(ftfy.fix_encoding(text.replace("\0", " ")))


def split_people(texts: Iterable[str], names: re.Pattern[str]) -> tuple[Person, ...]:
    """Make people of « Camille ; Zoé (invitée) », without a show and its station."""
    found = dict[Person, None]()
    for text in (_LED.sub("", " ".join(each.split())) for each in texts):
        parts = [part for part in (part.strip(" ,") for part in _BETWEEN.split(text)) if part]
        if any(part[0].isalpha() and not part[0].isupper() for part in parts):  # that is no name
            parts = [part for part in re.split(r"\s*[;/|\0]\s*", text) if part]
        for part in parts:
            plain = plain_letters(part).strip()
            if not _NOBODY.fullmatch(plain) and not names.fullmatch(plain):
                found[read_person(part)] = None
    return tuple(found)


def people_in(title: str) -> tuple[Person, ...]:
    """Find those whom a title names: « avec Zoé », « invitée Zoé », « Zoé (invitée), Jo »."""
    if match := _WITH_ROLES.search(title):
        return tuple(map(read_person, match[0].split(", ")))
    if match := _GUEST.search(title):
        role = match["role"].lower()
        return tuple(Person(each, role) for each in _AND.split(match["names"]))
    match = _WITH.search(title)
    return tuple(map(Person, _AND.split(match[1] or match[2]))) if match else ()


def read_person(text: str) -> Person:
    """Read « Zoé (invitée) »."""
    match = _ROLE.fullmatch(text)
    return Person(match["name"], match["role"].strip()) if match else Person(text)
