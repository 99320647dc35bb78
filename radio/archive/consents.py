"""Who agreed to be heard, to what, and since when: `desk/consents/`, private. A file for each
episode, under a name that it has or had. All raise ArchiveError if the disk refuses."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from radio.archive import journal, paths
from radio.archive.acts import changed_meanwhile
from radio.archive.slugs import slugify
from radio.system.disk import remove
from radio.system.errors import ArchiveError
from radio.system.messages import _
from radio.system.records import RecordFile

FOLDER = f"{journal.FOLDER}/consents"


@dataclass(frozen=True)
class Consent:
    """What one person agreed to."""

    person: str
    given: dt.date | None = None  # None where nobody noted the day
    terms: str = ""  # in their words: for what, until when
    withdrawn: dt.date | None = None  # the day on which they took it back


@dataclass(frozen=True)
class _Consents:
    consents: tuple[Consent, ...] = ()


def consents_of(root: Path, names: Iterable[str]) -> list[Consent]:
    """List the consents of an episode, under all its `names`, by person."""
    found = dict[str, Consent]()
    for key in names:
        content = RecordFile(path_of(key), _Consents).read(root)
        found.update({slugify(each.person): each for each in content.consents})
    return sorted(found.values(), key=lambda each: slugify(each.person))


def note_consent(root: Path, names: Sequence[str], consent: Consent) -> Consent:
    """Note a consent, or that it is taken back; fields left out stay. Give the whole. The last of
    `names` is the present key. Raises ArchiveError if nobody is named."""
    known = {slugify(each.person): each for each in consents_of(root, names)}
    before = known.get(slugify(consent.person))
    old = before or consent
    given, terms = consent.given or old.given, consent.terms or old.terms
    withdrawn = consent.withdrawn or (None if consent.given else old.withdrawn)
    whole = replace(consent, given=given, terms=terms, withdrawn=withdrawn)
    put_consent(root, names, before, whole)
    return whole


def put_consent(root: Path, names: Sequence[str], old: Consent | None, new: Consent | None) -> None:
    """Replace, add or remove a consent. Raises ArchiveError if unnamed or changed since."""
    if new and not slugify(new.person):
        raise ArchiveError(_("{key} : nommez la personne qui accepte"), key=names[-1])
    known = consents_of(root, names)
    others = [each for each in known if each != old]
    named = {slugify(each.person) for each in others}
    if (old and len(others) == len(known)) or (new and slugify(new.person) in named):
        raise changed_meanwhile(names[-1])
    journal.desk(root)
    path, left = path_of(names[-1]), _Consents((*others, *((new,) if new else ())))
    journal.write_private(root / path, RecordFile(path, _Consents).render(left))
    for key in names[:-1]:  # former ones: all is now saved under the present one
        remove(root / path_of(key))


def keys_with_consents(root: Path) -> list[str]:
    """Name the episodes that have consents, by the key that they had then."""
    found = (root / FOLDER).glob("*/[!.]*.json")
    return sorted(f"{path.parent.name}/{path.stem}" for path in found)


def path_of(key: str) -> str:
    """Give the path of the consents of an episode beneath the root."""
    return f"{FOLDER}/{paths.checked_key(key)}.json"
