"""How a French word sounds, roughly: words that sound alike are written alike by mistake.

Silent ends and double letters are left out, and sounds that people confuse are one.
"""

import re

from radio.french.letters import fold

SHORTEST = 3  # sounds; shorter words sound like too many
# Spellings and their sounds, the longest first; a capital is a sound of two letters.
SOUNDS = (
    (r"ss|sc(?=[eiy])|c(?=[eiy])|t(?=ion)|z", "s"),
    (r"sch|sh|ch(?=[rln])", "C"),
    (r"ch", "C"),
    (r"ph", "f"),
    (r"gn|ni(?=[eo])", "N"),
    (r"g(?=[eiy])|ge(?=[ao])", "j"),
    (r"gu(?=[eiy])", "g"),
    (r"qu|q|c|k", "k"),
    (r"x", "ks"),
    (r"[ae]n(?![aeiouyn])|[ae]m(?=[bp])", "A"),
    (r"(?:ai|ei|i|y|u)n(?![aeiouyn])|[iy]m(?=[bp])", "E"),
    (r"on(?![aeiouyn])|om(?=[bp])", "O"),
    (r"eau|au", "o"),
    (r"oeu|eu", "e"),
    (r"ou", "U"),
    (r"oi|oy", "W"),
    (r"ai|ei|ay|ey", "e"),
    (r"y", "i"),
    (r"h", ""),
)
SPELLINGS = "|".join(f"({spelling})" for spelling, _ in SOUNDS)
SILENT = r"(?:es?|[sxztdp]+)$"
"""Expressions that browsers read as well."""
_SPELLING = re.compile(SPELLINGS)
_SILENT = re.compile(SILENT)
_TWICE = re.compile(r"(.)\1+")


def sound(word: str) -> str:
    """Write how a word in small letters sounds; nothing where it is too short.

    >>> [sound(word) for word in ("farmacie", "pharmacie", "polisse", "police", "eau")]
    ['farmasi', 'farmasi', 'polis', 'polis', '']
    """
    spoken = _SPELLING.sub(_sound, fold(word.replace("ç", "s")))
    key = _SILENT.sub("", _TWICE.sub(r"\1", spoken))
    return key if len(key) >= SHORTEST else ""


def _sound(match: re.Match[str]) -> str:
    return SOUNDS[(match.lastindex or 1) - 1][1]
