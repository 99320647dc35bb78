"""A name is replaced, and all that quotes it follows; before that, how it is misheard is told."""

from collections.abc import Sequence
from dataclasses import dataclass

from radio.actions.pseudonym_places import NamedPlace, NameLeft, places_of, still_named
from radio.actions.pseudonymising import Replacement, replace_name, scope_of
from radio.actions.unknown_files import naming_any, unknown_files
from radio.archive import Archive
from radio.archive.keys import keys_of
from radio.archive.slugs import slugify
from radio.proposals import queue as proposals
from radio.search import Index
from radio.search.sounds import find_soundalikes
from radio.system.errors import RadioError
from radio.system.progress import Progress, told
from radio.text.sentences import sentence_of
from radio.work.following import catch_up

MOST_FORMS = 30
AROUND = 30  # letters on both sides of a form that are shown


@dataclass(frozen=True)
class MisheardForm:
    """Words that stand in a text and sound like a name, with a place where they do."""

    words: str
    count: int
    example: str
    key: str  # of the episode of the example


def put_pseudonym(
    archive: Archive,
    index: Index,
    keys: Sequence[str],
    asked: Replacement,
    progress: Progress = lambda _: None,
) -> list[str]:
    """Replace a name; proposals, search and what was made of the episodes follow.

    Raises as `replace_name` does. Gives the keys of the episodes that changed.
    """
    meant = scope_of(archive, keys).episodes if keys else ()
    had = {key for each in meant for key in keys_of(archive, each)}

    def forget_waiting() -> None:
        for name in asked.names if had or not keys else ():
            proposals.forget_name(archive.root, name, had)

    def tell(share: float) -> None:
        progress(share * 0.8)

    changed = replace_name(archive, keys, asked, tell, forget_waiting)
    forget_waiting()
    catch_up(archive, index, changed)
    return changed


def unknown_naming(archive: Archive, keys: Sequence[str], asked: Replacement) -> list[str]:
    """Name the files that nobody knows, beneath the root, in which a name may stand still.

    Those of some episodes and shows, or without a key of all, and those of no episode.
    """
    own = {key for each in scope_of(archive, keys).episodes for key in keys_of(archive, each)}
    return list(unknown_files(archive, own, naming_any(asked.names)))


@dataclass(frozen=True)
class NameFound:
    """Where a name stands that is to be replaced, and what is left to decide."""

    places: tuple[NamedPlace, ...]
    forms: tuple[MisheardForm, ...]
    left: tuple[NameLeft, ...]  # where it stands still, once it is replaced


def look_for(
    archive: Archive,
    keys: Sequence[str],
    asked: Replacement,
    progress: Progress = lambda _: None,
) -> NameFound:
    """Look for a name, and for what sounds like it; nothing is done. Errors as of `places_of`."""
    places = places_of(archive, keys, asked, lambda share: progress(share / 2))
    forms = misheard_forms(archive, keys, asked.name, lambda share: progress((1 + share) / 2))
    named = [each.key for each in places if "/" in each.key]
    return NameFound(tuple(places), tuple(forms), tuple(still_named(archive, named, asked.names)))


def misheard_forms(
    archive: Archive,
    keys: Sequence[str],
    name: str,
    progress: Progress = lambda _: None,
) -> list[MisheardForm]:
    """Give what stands in the texts of some episodes and sounds like a name, the most often first.

    Texts that can't be read are left out. Errors as of `scope_of`.
    """
    found = dict[str, MisheardForm]()
    for episode in told(scope_of(archive, keys).episodes, progress):
        try:
            text = archive.transcript(episode.key)
        except RadioError:
            continue
        said = sentence_of(text.cues) if text else ""
        for start, end in find_soundalikes(said, name):
            words = said[start:end]
            known = found.get(slugify(words))
            example = known or MisheardForm(words, 0, _around(said, start, end), episode.key)
            found[slugify(words)] = MisheardForm(
                example.words, example.count + 1, example.example, example.key
            )
    return sorted(found.values(), key=lambda each: (-each.count, each.words))[:MOST_FORMS]


def _around(said: str, start: int, end: int) -> str:
    first, last = max(0, start - AROUND), min(len(said), end + AROUND)
    first = said.find(" ", first, start) + 1 if first else 0
    last = said.rfind(" ", end, last) if last < len(said) else last
    return said[first : max(last, end)].strip()
