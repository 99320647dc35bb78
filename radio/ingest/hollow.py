"""Names that mean nothing: what machines, programs and people in a hurry call a recording. Pure."""

import re
from collections.abc import Collection, Iterable

from radio.french.letters import plain_letters

SHORT_WORDS = " le la les un une du de des d l au aux et en ce cette mon son grand "
LONGEST_NUMBER = 6  # digits; more tell a date, or a telephone
SHORTEST_STEM = 4  # letters with which people begin the name of a show, and stop
_TEXT = """
    piste track cd untitled sans titre nom no title audacity aup project projet inconnu inconnue
    unknown nouvel nouvelle nouveau new enregistrement enregistrements recording rec record zoom
    tascam voice voix memo vocal aud whatsapp ptt dictaphone audio audios audiotrack son sons sound
    fichier file emission emissions episode numero diffusion podcast replay def definitif definitive
    final finale finales mix mixe mixed mixdown mixage master masterise mastering montage monte
    rendu export copie copy ok bon version v vf pad brut bruts rush rushs rushes web normalise norm
    complet complete mono mp wav flac ogg archive archives
"""
_NUMBERED_TEXT = "ste ds dr wa img mvi vid vn stereo tr tk"
_SAYING_NOTHING, _NUMBERED = frozenset(_TEXT.split()), frozenset(_NUMBERED_TEXT.split())
"""Words that say nothing, and those that recorders put before a number."""
_PATTERN = re.compile(r"\d\d:\d\d|(?:https?:|www\.).*")
_PIECE = re.compile(r"\d+|[^\W\d_]+")


def is_hollow(title: str, own: Collection[str] = ()) -> bool:
    """Whether a title says nothing, or no more than the name of its show, whose words are `own`.

    >>> is_hollow("Machine def", {"machine", "decoudre"}), is_hollow("ZOOM0003")
    (True, True)
    >>> is_hollow("Le grand final"), is_hollow("La machine à coudre", {"machine"})
    (False, False)
    """
    plain = plain_letters(title)
    pieces = sorted(_PIECE.findall(plain), key=str.isdecimal)
    words = [each for each in pieces if not each.isdecimal()]
    if not words or max(map(len, pieces[len(words) :] or [""])) > LONGEST_NUMBER:
        return not title or _PATTERN.fullmatch(plain) is not None
    names = {each for each in words if _is_of(each, own)}
    idle = _SAYING_NOTHING | names | (_NUMBERED if len(words) < len(pieces) else set())
    is_idle = (each in idle or (names and _is_short(each)) for each in words)
    return all(is_idle) or _PATTERN.fullmatch(plain) is not None


def words_of_show(texts: Iterable[str]) -> frozenset[str]:
    """List the words by which a show or its station is known.

    >>> sorted(words_of_show(["La Machine à découdre"]))
    ['decoudre', 'machine']
    """
    words = re.findall(r"[a-z\d]+", " ".join(map(plain_letters, texts)))
    return frozenset(each for each in words if len(each) > 2 and not _is_short(each))


def _is_of(word: str, own: Collection[str]) -> bool:
    """Whether a word is one of a show, or its beginning."""
    is_stem = len(word) >= SHORTEST_STEM
    return word in own or (is_stem and any(each.startswith(word) for each in own))


def _is_short(word: str) -> bool:
    return len(word) < 2 or f" {word} " in SHORT_WORDS
