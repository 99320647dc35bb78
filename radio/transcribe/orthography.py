"""Orthography: what the conventions for numbers and acronyms share."""

import re
from dataclasses import dataclass

from radio.text.transcript import Word

LONGEST_WORD = 64  # letters; longer ones are no words


@dataclass(frozen=True)
class CorrectedWord(Word):
    """A word that people put in the place of what was misheard: read by conventions, kept as is."""


def take_apart(word: Word, pattern: re.Pattern[str]) -> re.Match[str] | None:
    """Take a word apart from the signs around it; None where it is too long to be one."""
    return pattern.fullmatch(word.text) if len(word.text) <= LONGEST_WORD else None
