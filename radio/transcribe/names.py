"""Names that are known before anybody types them in a glossary: people and words of the catalogue,
and of texts of the show that a person reread. They are in the prompt, and are written where the
machine misheard them. Names that a pseudonym replaced or a keeper refused are left out, and those
that only episodes say which listeners may not have."""

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice

from radio.archive import Archive, glossary, holdings
from radio.archive.authorship import status_of
from radio.archive.episode import Episode, Show
from radio.archive.pseudonyms import every_pseudonym, substitute
from radio.archive.slugs import slugify
from radio.archive.themes import read_themes
from radio.french.letters import FUNCTION_WORDS, composed
from radio.french.lexicon import is_french
from radio.system.disk import Stamp, stamp
from radio.system.errors import RadioError, warned
from radio.transcribe.prompt import prompt

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


def known_names(archive: Archive, episode: Episode) -> tuple[str, ...]:
    """List the names that an episode may say, the most certain first; none while it can't be read
    which ones are replaced or refused."""
    with warned():
        return tuple(islice(_allowed(archive, episode), MOST))
    return ()


def _allowed(archive: Archive, episode: Episode) -> Iterator[str]:
    show, hidden = archive.show(episode.show), every_pseudonym(archive.root)
    refused = {slugify(each) for each in read_themes(archive.root).refused}
    reread, small = _reread(archive, episode)
    typed, known = typed_names(show, episode), f"-{slugify(show.title)}-"
    for name in (*typed, *names_in(_texts(show, episode), small), *reread):
        slug, is_hidden = slugify(name), substitute(name, hidden) != name
        is_refused = slug in refused and name not in glossary.names(show.glossary)
        if f"-{slug}-" not in known and not (is_hidden or is_refused):
            known = f"{known} -{slug}-"
            yield name


def typed_names(show: Show, episode: Episode) -> list[str]:
    """List the names that people typed: in the glossary, and who speaks."""
    people = (*(each.name for each in episode.people), *episode.voices.values())
    return [*glossary.names(show.glossary), *people]


def untyped(archive: Archive, episode: Episode) -> list[str]:
    """List the names that nobody typed for the machine."""
    typed = typed_names(archive.show(episode.show), episode)
    return [each for each in known_names(archive, episode) if each not in typed]


def prompt_of(archive: Archive, episode: Episode) -> str:
    """Write the prompt of an episode, with names that nobody typed and without refused people."""
    known = known_names(archive, episode)
    people = tuple(each for each in episode.people if each.name in known)
    names = untyped(archive, episode)
    return prompt(archive.show(episode.show), replace(episode, people=people), names)


def _texts(show: Show, episode: Episode) -> list[str]:
    """Give what the catalogue says, the nearest to the episode first."""
    producers = (show.station, show.author, *show.producers_of(episode))
    return [
        *(episode.title, *(each.title for each in episode.chapters)),
        episode.description[:LARGEST],
        *(f"de {each}" for each in episode.tags),  # so that no sentence begins there
        *(show.title, show.description[:LARGEST], *(f"de {each}" for each in producers)),
        *(each.title for each in episode.links),
    ]


def _reread(archive: Archive, episode: Episode) -> tuple[list[str], frozenset[str]]:
    """Give the names of other texts of the show that a person reread, those of most texts first,
    and the words that these write small."""
    keys = (each.key for each in holdings.episodes(archive, episode.show))
    others = (key for key in keys if key != episode.key and status_of(archive, key) == "reread")
    texts = [_said(archive, key, stamp(archive.vtt_path(key))) for key in islice(others, TEXTS)]
    small = frozenset[str]().union(*(words for _, words in texts))
    said = Counter(name for names, _ in texts for name in names)
    return [name for name, _ in said.most_common() if name.lower() not in small], small


@lru_cache(maxsize=100)
def _said(archive: Archive, key: str, _state: Stamp) -> tuple[Sequence[str], frozenset[str]]:
    try:
        transcript = archive.transcript(key)
    except RadioError:
        return (), frozenset()
    text = " ".join(cue.text for cue in transcript.cues) if transcript else ""
    return names_in([text]), _small(text)


def names_in(texts: Iterable[str], small: frozenset[str] = frozenset()) -> list[str]:
    """Find the names in running texts: words with a capital that is not that of a sentence, joined
    by « de », « du », « la »; and acronyms. A word that is also written small is no name.

    >>> names_in(["Ce soir, Zoé et la CNIL à Saint-Étienne, place du Crêt de Roc. Merci Zoé."])
    ['Zoé', 'CNIL', 'Saint-Étienne', 'Crêt de Roc']
    """
    plain = (_MARKUP.sub(" ", html.unescape(composed(text))) for text in texts)
    every = [_BRIEF.sub("monsieur ", text) for text in plain]
    small = small.union(*map(_small, every))
    found = dict.fromkeys(name for text in every for name in _runs(text, small))
    return [each for each in found if SHORTEST <= len(each) <= LONGEST]


def _small(text: str) -> frozenset[str]:
    return frozenset(each for each in re.findall(r"[^\W\d_]+", text) if each.islower())


def _runs(text: str, small: frozenset[str]) -> Iterator[str]:
    for match in () if text.isupper() else _RUN.finditer(text):
        before = text[max(0, match.start() - 9) : match.start()].rstrip(" (\u00a0")
        begins = not before or before.endswith(_ENDS)
        if len(match[0]) < 2 * LONGEST and (name := _name(match[0], small, begins=begins)):
            yield name


def _name(run: str, small: frozenset[str], *, begins: bool) -> str:
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
