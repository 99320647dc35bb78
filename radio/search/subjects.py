"""The people and themes of an archive: those of its episodes, of glossaries and of keepers.

Names that differ by accents or capitals are one. Two names that would have one slug have two.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from radio.archive.dossier import Kind, Subject
from radio.archive.glossary import names as glossary_names
from radio.archive.slugs import slugify
from radio.archive.themes import Theme, Themes
from radio.french.letters import fold
from radio.search.fields import About

LETTERS = 4  # of a hash, after the slug of the second of two names


@dataclass(frozen=True)
class KnownSubject:
    """A subject, and the public episodes whose sidecars name it."""

    subject: Subject
    keys: frozenset[str]
    is_certain: bool  # a sidecar or a keeper names it: it has a page though nobody says it


@dataclass
class _Name:
    """How sidecars write one name, and where."""

    spellings: Counter[str]
    keys: set[str]

    @property
    def best(self) -> str:
        """The most frequent spelling, of equals the first."""
        return min(self.spellings, key=lambda name: (-self.spellings[name], name))


Names = dict[str, _Name]
"""By what their spellings have in common."""


def same(name: str) -> str:
    """Give what the spellings of one name have in common.

    >>> same("Noé  Martin") == same("noe martin"), same("C++") == same("C#")
    (True, False)
    """
    return fold(" ".join(name.lower().split()))


def list_subjects(
    abouts: Iterable[About], glossaries: Iterable[Sequence[str]], themes: Themes, public: Set[str]
) -> tuple[KnownSubject, ...]:
    """List what there may be a dossier of: people first, each kind in the order of names."""
    heard = [each for each in abouts if each.key in public]
    people = _gather(heard, lambda about: (*about.people, *about.voices))
    tags = _gather(heard, lambda about: about.tags)
    found = [_of_keeper(each, people, tags) for each in themes.themes]
    hidden = {same(each) for theme in themes.themes if theme.hidden for each in _texts(theme)}
    found = [each for each in found if same(each.subject.name) not in hidden]
    for key, name in people.items():
        found.append(_known("person", name, tags.pop(key, None)))
    found += [_known("theme", name) for name in tags.values()]
    taken = hidden | {same(text) for each in found for text in each.subject.texts}
    said = {same(name): name for glossary in glossaries for name in glossary_names(glossary)}
    for key, text in said.items():
        if key not in taken:
            found.append(KnownSubject(Subject("theme", text, ""), frozenset(), False))
    return tuple(each for kind in ("person", "theme") for each in _with_slugs(found, kind))


def _gather(abouts: Iterable[About], names_of: Callable[[About], Iterable[str]]) -> Names:
    found: Names = defaultdict(lambda: _Name(Counter(), set()))
    for about in abouts:
        for name in dict.fromkeys(names_of(about)):
            if key := same(name):
                found[key].spellings[name] += 1
                found[key].keys.add(about.key)
    return dict(found)


def _of_keeper(theme: Theme, people: Names, tags: Names) -> KnownSubject:
    """Take the names that a keeper gathers out of those that stand alone."""
    both = (people, tags) if theme.kind == "person" else (tags,)
    own = [names.pop(same(text)) for text in _texts(theme) for names in both if same(text) in names]
    named = tuple(sorted({name for each in own for name in each.spellings}))
    subject = Subject(theme.kind, theme.name, "", theme.words, named, theme.description)
    return KnownSubject(subject, frozenset().union(*(each.keys for each in own)), True)


def _texts(theme: Theme) -> tuple[str, ...]:
    return theme.name, *theme.words


def _known(kind: Kind, name: _Name, other: _Name | None = None) -> KnownSubject:
    named = tuple(sorted({*name.spellings, *(other.spellings if other else ())}))
    keys = frozenset(name.keys | (other.keys if other else set()))
    return KnownSubject(Subject(kind, name.best, "", (), named), keys, True)


def _with_slugs(found: Iterable[KnownSubject], kind: str) -> Iterator[KnownSubject]:
    """Give the subjects of a kind their slugs, in the order of names."""
    own = sorted(
        (each for each in found if each.subject.kind == kind),
        key=lambda each: (same(each.subject.name), each.subject.name),
    )
    taken: Mapping[str, int] = Counter(slugify(each.subject.name) for each in own)
    met = set[str]()
    for each in own:
        name = each.subject.name
        slug = slugify(name)
        if not slug or (taken[slug] > 1 and slug in met):
            letters = hashlib.sha256(name.encode()).hexdigest()[:LETTERS]
            slug = f"{slug}-{letters}".strip("-")
        met.add(slug)
        yield replace(each, subject=replace(each.subject, slug=slug))
