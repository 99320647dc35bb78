"""Words that are found in a text and replaced by others, whatever their capitals. Pure."""

import re

from radio.proposals.intake import tidy


def replaced(text: str, sought: str, words: str) -> str:
    """Write a text with other words in place of some, which stand there as whole words.

    Where those begin with a capital that was not asked for, as at the start of a sentence, the
    others do too.

    >>> replaced("La kni dit : la kni-là. Kni ?", "kni", "CNIL")
    'La CNIL dit : la CNIL-là. CNIL ?'
    >>> replaced("Pomme et pommes, l’pomme", "pomme", "paume")
    'Paume et pommes, l’paume'
    """
    pattern = _pattern(sought)
    return pattern.sub(lambda found: _like(found[0], tidy(words)), text) if pattern else text


def _pattern(sought: str) -> "re.Pattern[str] | None":
    parts = [re.escape(each).replace("’", "'").replace("'", "['’]") for each in sought.split()]
    if not parts:
        return None
    words = r"\s+".join(parts)
    return re.compile(rf"(?<![^\W_]){words}(?![^\W_])", re.IGNORECASE)


def _like(found: str, words: str) -> str:
    is_raised = found[:1].isupper() and not found.isupper()
    return words[:1].upper() + words[1:] if is_raised else words
