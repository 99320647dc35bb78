"""Whole sentences of passages: those that hold what was found, and those of one voice."""

from collections.abc import Iterable, Iterator, Sequence

from radio.archive.dossier import Quotation
from radio.search.fields import is_named
from radio.search.marking import Matched
from radio.search.passage import Passage
from radio.search.snippet import CUT, CharacterRange
from radio.text.sentences import find_sentences
from radio.text.transcript import SENTENCE_END

SHORTEST = 30  # characters of a sentence that stands for what somebody says


def sentences_of(key: str, matched: Matched, is_machine: bool) -> Iterator[Quotation]:
    """Give the sentences of an episode that hold what matches, each once."""
    for part in _parts(matched.passage):
        found = [each for each in matched.matches if part.start <= each.start < part.end]
        if found:
            yield _sentence(key, matched.passage, part, found, is_machine)


def spoken_by(
    key: str, passages: Iterable[Passage], names: Sequence[str], is_machine: bool
) -> Iterator[Quotation]:
    """Give the first sentences of some length that somebody says, each once."""
    until = 0.0
    for passage in passages:
        for part in _parts(passage):
            is_long = part.end - part.start >= SHORTEST
            if is_long and is_named(passage.voice(part.start), names):
                said = _sentence(key, passage, part, (), is_machine)
                if said.start >= until:
                    yield said
                    until = said.end


def _parts(passage: Passage) -> Iterator[CharacterRange]:
    """Cut the text of a passage into sentences, each of one voice."""
    for first, last in passage.turns():
        text = passage.text[first:last]
        for start, end in find_sentences(text):
            yield CharacterRange(first + start, first + start + len(text[start:end].rstrip()))


def _sentence(
    key: str,
    passage: Passage,
    part: CharacterRange,
    found: Sequence[CharacterRange],
    is_machine: bool,
) -> Quotation:
    text = passage.text[part.start : part.end]
    before, after = _goes_on(passage.text, part)
    head = f"{CUT}\N{NO-BREAK SPACE}" if before else ""
    moved = len(head) - part.start
    return Quotation(
        key,
        passage.time(part.start),
        passage.time(part.end - 1),
        f"{head}{text}\N{NO-BREAK SPACE}{CUT}" if after else f"{head}{text}",
        passage.voice(part.start),
        is_machine,
        tuple((each.start + moved, min(each.end, part.end) + moved) for each in found),
    )


def _goes_on(text: str, part: CharacterRange) -> tuple[bool, bool]:
    """Whether a sentence begins before its passage, and whether it ends after it.

    Of text without full stops, as a machine may write it, nobody knows.
    """
    if not any(sign in text for sign in SENTENCE_END):
        return False, False
    is_first, is_last = part.start == 0, part.end == len(text)
    return is_first and text[0].islower(), is_last and not text.endswith(SENTENCE_END)
