"""Make, change or remove a thread: five to twelve passages that listeners may hear, with a line
before each. Passages are written one on a line: the address of a moment, or an episode and its
time, then the line that is read before it. `radio undo` takes each of these back."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from radio.actions.action import MISSING, NOTE, Input, WrongFieldError, read_fields
from radio.archive import Archive, journal, passages
from radio.archive.acts import changed_meanwhile, perform
from radio.archive.dossier import ThreadPassage
from radio.archive.facts import Facts
from radio.archive.history import Act, Rewriting, text_of
from radio.archive.protection import read_moment
from radio.archive.slugs import SLUG, slugify
from radio.archive.threads import FILE, THREADS, Thread
from radio.french.letters import tidy
from radio.system.errors import ArchiveError
from radio.system.messages import _

LEAST, MOST = 5, 12  # passages
LONGEST = 120  # characters of a title and a name
PLACE = re.compile(
    rf"(?:\S*/)?(?P<key>{SLUG.pattern}/{SLUG.pattern})(?:\?(?:\S*&)?t=|\s+)"
    r"(?P<second>[\d:.]+)(?:[,-](?P<until>[\d:.]+))?(?:[&#]\S*)?(?:\s+(?P<line>.*))?"
)
FIELDS = (
    Input("title", "line", LONGEST, is_needed=True, help=_("Son titre.")),
    Input("author", "line", LONGEST, is_needed=True, help=_("Le nom de qui l’a composé.")),
    Input("passages", "text", 8_000, is_needed=True),
    NOTE,
)


def read_thread(archive: Archive, texts: Mapping[str, str], old: Thread | None = None) -> Thread:
    """Read a thread as somebody writes it, in place of an `old` one. Raises WrongFieldError."""
    title, author, lines = read_fields(FIELDS[:3], texts).values()
    if not slugify(title):
        raise WrongFieldError("title", MISSING)
    found = tuple(_read(archive, lines))
    if not LEAST <= len(found) <= MOST:
        message = _("il faut de {least} à {most} passages ; il y en a {number}")
        raise WrongFieldError("passages", message, least=LEAST, most=MOST, number=len(found))
    taken = {each.subject.slug for each in THREADS.read(archive.root).threads}
    names = (slugify(title), *(f"{slugify(title)}-{n}" for n in range(2, len(taken) + 3)))
    page = next(each for each in names if each not in taken)
    made = old or Thread("", page=page, day=dt.date.today())
    return replace(made, title=title, author=author, passages=found)


def _read(archive: Archive, text: str) -> Iterator[ThreadPassage]:
    for number, line in enumerate(filter(None, map(tidy, text.splitlines())), 1):
        try:
            yield _passage(archive, line)
        except ArchiveError as error:
            message = _("passage {number} : {error}")
            raise WrongFieldError("passages", message, number=number, error=error) from error


def _passage(archive: Archive, line: str) -> ThreadPassage:
    """Read a passage, which begins with its sentence."""
    found = PLACE.fullmatch(line)
    second, until = (read_moment((found and found[each]) or "") for each in ("second", "until"))
    if found is None or second is None:
        raise ArchiveError(_("ni l’adresse d’un passage, ni « émission/épisode 12:34 »"))
    asked = ThreadPassage(found["key"], second, until, found["line"] or "")
    said = passages.mention(archive, asked)
    if said is None:
        raise ArchiveError(_("rien que le public puisse entendre et lire à cet endroit"))
    (quoted,) = said.sentences
    start, end = round(quoted.start, 3), round(quoted.end, 3)
    return replace(asked, key=said.key, second=start, until=end if until else None)


def written(thread: Thread) -> dict[str, str]:
    """Write a thread as its fields have it."""

    def line(each: ThreadPassage) -> str:
        until = f",{each.until}" if each.until else ""
        return f"{each.key}?t={each.second}{until} {each.line}".strip()

    lines = "\n\n".join(map(line, thread.passages))
    return {"title": thread.title, "author": thread.author, "passages": lines}


def sew(
    archive: Archive, given: Thread | None, old: Thread | None, *, note: str = "", who: str = ""
) -> None:
    """Put a thread in the place of an old one, or beside the others; None removes the old one."""
    facts: Facts = {"names": given.title} if given else {"gone": old.title if old else ""}
    with archive.lock():
        before, known = text_of(archive.root / FILE), THREADS.read(archive.root)
        if old and old not in known.threads:
            raise changed_meanwhile(old.title)
        every = (*known.threads, None)  # in whose place a new one comes
        left = tuple(each for it in every if (each := given if it == old else it))
        after = THREADS.render(replace(known, threads=left)).decode()
        perform(archive, Act("thread", (), facts, (), (Rewriting(FILE, before, after),), who=who))
    journal.note(archive.root, "thread", facts=facts, note=note, who=who)
