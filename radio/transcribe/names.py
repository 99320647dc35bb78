"""Names that are known before anybody types them in a glossary, and how they are known: people and
words of the catalogue, and texts of the show that a person reread. They are told to the machine
(`prompt`), and written where it misheard them. Names that a pseudonym replaced or a keeper refused
are left out, and those that only episodes say which listeners may not have."""

import html
import re
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain, islice
from typing import Literal

from radio.archive import Archive, glossary, holdings
from radio.archive.authorship import status_of
from radio.archive.episode import Episode, Show
from radio.archive.pseudonyms import every_pseudonym, pseudonym_files, substitute
from radio.archive.slugs import slugify
from radio.archive.themes import FILE, read_themes
from radio.french.letters import FUNCTION_WORDS, composed
from radio.french.lexicon import is_french
from radio.system.disk import Stamp, stamp
from radio.system.errors import RadioError, warned
from radio.transcribe.conventions import Conventions, conventions
from radio.transcribe.prompt import prompt

# by worth: who typed it, and how near it is to the episode
Source = Literal["glossary", "person", "title", "description", "tag", "show", "article", "reread"]
TYPED: tuple[Source, ...] = ("glossary", "person")

MOST = 200  # names of an episode
TEXTS = 20  # reread texts of a show, the newest, in which names are looked for
LARGEST = 20_000  # characters of a description
SHORTEST, LONGEST = 3, 40  # characters of a name
_CAPITAL = r"[A-ZÀ-ÖØ-ÞŒ]\w*(?:['’&‐‑-]\w+)*"
_LINK = r"(?:[ \u00a0](?:de|du|des|la|le|les))*[ \u00a0](?:[dl]['’])?"
_RUN = re.compile(rf"(?<![\w-]){_CAPITAL}(?:{_LINK}{_CAPITAL})*")
_MARKUP = re.compile(r"<[^<>]*>|(?<!\S)\S*(?://|@|www\.)\S*")  # and addresses
_BRIEF = re.compile(r"\b(?:MM?|Mmes?|Mlles?|Mes?|Drs?|Prs?)\.?\s(?=[A-ZÀ-Ý])")
_ENDS = (".", "!", "?", "…", "«", "“", '"', "—", "–", "•", "*", "|", "\n")  # a capital follows
_FORMS = "monsieur madame mademoiselle messieurs mesdames maître docteur"  # of address
_ARTICLES = frozenset(["l", "la", "le", "les"])  # a name may begin with one
_NO_NAMES = {*FUNCTION_WORDS, *_FORMS.split()} - _ARTICLES
_ELISION = re.compile(r"^(?:[CDJMNST]|Qu)['’](?=\w)")


@dataclass(frozen=True)
class KnownName:
    """A name, and how it is known."""

    name: str
    source: Source


def known_names(archive: Archive, episode: Episode) -> tuple[KnownName, ...]:
    """List the names that an episode may say, the most certain first; none while it can't be read
    which ones are replaced or refused."""
    root, states = archive.root, (stamp(path) for path in pseudonym_files(archive.root))
    with warned():
        seen = holdings.state(archive, [episode.show]), stamp(archive.sidecar_path(episode.key))
        return _known(archive, episode.key, (*seen, stamp(root / FILE), *states))
    return ()


@lru_cache(maxsize=200)
def _known(archive: Archive, key: str, _state: Hashable) -> tuple[KnownName, ...]:
    episode, hidden = archive.episode(key), every_pseudonym(archive.root)
    show = archive.show(episode.show)
    refused = {slugify(each) for each in read_themes(archive.root).refused}
    reread, small = _reread(archive, show.slug, key, holdings.state(archive, [show.slug]))
    found, known = list[KnownName](), f"-{slugify(show.title)}-"
    for each in chain(_catalogued(show, episode, small), reread):
        slug, is_hidden = slugify(each.name), substitute(each.name, hidden) != each.name
        is_refused = slug in refused and each.source != "glossary"
        if f"-{slug}-" not in known and not (is_hidden or is_refused):
            known = f"{known} -{slug}-"
            found.append(each)
    return tuple(found[:MOST])


def untyped(archive: Archive, episode: Episode) -> list[KnownName]:
    """List the names that nobody typed for the machine: neither in a glossary, nor as people."""
    return [each for each in known_names(archive, episode) if each.source not in TYPED]


def prompt_of(archive: Archive, episode: Episode) -> str:
    """Write the prompt of an episode, with names that nobody typed and without refused people."""
    known = {each.name: each.source for each in known_names(archive, episode)}
    people = tuple(each for each in episode.people if each.name in known)
    names = [each for each, source in known.items() if source not in TYPED]
    return prompt(archive.show(episode.show), replace(episode, people=people), names)


def conventions_of(archive: Archive, episode: Episode) -> Conventions:
    """Give the conventions for an episode, with the names that it may say."""
    names = (each.name for each in known_names(archive, episode))
    return conventions(archive.show(episode.show), episode, names)


def _catalogued(show: Show, episode: Episode, small: Set[str]) -> Iterator[KnownName]:
    """Give the names that people typed, and those in what the catalogue says."""
    people = (*(each.name for each in episode.people), *episode.voices.values())
    producers = (show.station, show.author, *show.producers_of(episode))
    texts: dict[Source, list[str]] = {
        "title": [episode.title, *(each.title for each in episode.chapters)],
        "description": [episode.description[:LARGEST]],
        "tag": [f"de {each}" for each in episode.tags],  # so that no sentence begins there
        "show": [show.title, show.description[:LARGEST], *(f"de {each}" for each in producers)],
        "article": [each.title for each in episode.links],
    }
    small = frozenset(small).union(*(_small(text) for some in texts.values() for text in some))
    yield from (KnownName(each, "glossary") for each in glossary.names(show.glossary))
    yield from (KnownName(each, "person") for each in people)
    for source, some in texts.items():
        yield from (KnownName(each, source) for each in names_in(some, small))


def _reread(
    archive: Archive, show: str, but: str, state: Hashable
) -> tuple[Sequence[KnownName], Set[str]]:
    """Give the names of the texts of a show that a person reread, those of most texts first, and
    the words that these write small. No episode is told what its own text says."""
    said, small = Counter[str](), set[str]()
    others = (key for key in _reread_keys(archive, show, state) if key != but)
    for key in islice(others, TEXTS):
        names, words = _said(archive, key, stamp(archive.vtt_path(key)))
        said.update(names)
        small |= words
    common = (name for name, _ in said.most_common() if name.lower() not in small)
    return [KnownName(name, "reread") for name in common][:MOST], small


@lru_cache(maxsize=16)
def _reread_keys(archive: Archive, show: str, _state: Hashable) -> Sequence[str]:
    keys = (each.key for each in holdings.episodes(archive, show))
    return [key for key in keys if status_of(archive, key) == "reread"]


@lru_cache(maxsize=100)
def _said(archive: Archive, key: str, _state: Stamp) -> tuple[Sequence[str], Set[str]]:
    try:
        transcript = archive.transcript(key)
    except RadioError:
        return (), frozenset()
    text = " ".join(cue.text for cue in transcript.cues) if transcript else ""
    return names_in([text]), _small(text)


def names_in(texts: Iterable[str], small: Set[str] = frozenset()) -> list[str]:
    """Find the names in running texts: words with a capital that is not that of a sentence, joined
    by « de », « du », « la »; and acronyms. A word that is also written small is no name.

    >>> names_in(["Ce soir, Zoé et la CNIL à Saint-Étienne, place du Crêt de Roc. Merci Zoé."])
    ['Zoé', 'CNIL', 'Saint-Étienne', 'Crêt de Roc']
    """
    every = [_plain(text) for text in texts]
    small = frozenset(small).union(*map(_small, every))
    found = dict.fromkeys(name for text in every for name in _runs(text, small))
    return [each for each in found if SHORTEST <= len(each) <= LONGEST]


def _plain(text: str) -> str:
    """Leave of a text what people read, without markup and addresses."""
    return _BRIEF.sub("monsieur ", _MARKUP.sub(" ", html.unescape(composed(text))))


def _small(text: str) -> frozenset[str]:
    return frozenset(each for each in re.findall(r"[^\W\d_]+", text) if each.islower())


def _runs(text: str, small: Set[str]) -> Iterator[str]:
    for match in () if text.isupper() else _RUN.finditer(text):
        before = text[max(0, match.start() - 9) : match.start()].rstrip(" (\u00a0")
        begins = not before or before.endswith(_ENDS)
        if len(match[0]) < 2 * LONGEST and (name := _name(match[0], small, begins=begins)):
            yield name


def _name(run: str, small: Set[str], *, begins: bool) -> str:
    """Leave of words with capitals what is a name: nothing of a title in capitals, and no word
    that has its capital from the beginning of a sentence."""
    words = _ELISION.sub("", run).split()
    while words and not (words[0].isupper() and len(words[0]) > 1):
        word = words[0].lower()
        is_of_sentence = begins and (len(words) == 1 or word in small or is_french(word))
        if not (is_of_sentence or word in _NO_NAMES or words[0].islower()):
            break
        begins, words = begins and words[0].islower(), words[1:]
    titled = any(each[0].isupper() and each.lower() in _NO_NAMES for each in words)
    is_small = len(words) == 1 and words[0].lower() in small
    return "" if titled or is_small else " ".join(words)
