"""Hallucinations: lines of subtitles that Whisper has learnt, and writes where nobody said them.

A sentence is left out only if it is such a line and something else makes it doubtful too. It stays
in the evidence.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from radio.french.letters import without_accents
from radio.text.transcript import SENTENCE_END, Segment, Word

SUBTITLE_LINES = re.compile(
    r"(?:sous titr\w+|soustitr\w+) (?:par |de |fr |st |realise\w* |la |communaute |d |societe )*"
    r"(?:amara org|501|radio canada|societe radio canada|tele quebec|\w+ ?\w*)?"
    r"|(?:merci|thanks) (?:d avoir regarde|a vous d avoir regarde|for watching)\b.*"
    r"|abonnez vous(?: a (?:la|ma) chaine)?.*"
    r"|n oubliez pas de vous abonner.*"
    r"|(?:.* )?amara org"
    r"|(?:subtitles|captions) by .*"
)
"""Known lines, without accents and signs, reported by users of Whisper in French and English."""

UNLIKELY = -0.7  # average log-probability of a segment
DOUBTFUL = 0.5  # mean probability of the words of a sentence
SLOW = 0.5  # words a second


INAUDIBLE = "[inaudible]"


def drop_hallucinations(segment: Segment) -> list[Word]:
    """Give the words of a segment without hallucinations.

    A segment that is inaudible gives the one word INAUDIBLE.
    """
    if not segment.audible:
        return [Word(segment.start, segment.end, INAUDIBLE, 0.0)]
    sentences = list(_sentences(segment.words))
    texts = [_plain(sentence) for sentence in sentences]
    return [
        word
        for sentence, text in zip(sentences, texts, strict=True)
        if not (
            SUBTITLE_LINES.fullmatch(text) and _is_dubious(segment, sentence, texts.count(text))
        )
        for word in sentence
    ]


def _is_dubious(segment: Segment, sentence: Sequence[Word], times: int) -> bool:
    """Whether probability, repetition or slowness make it doubtful that this was said."""
    length = sentence[-1].end - sentence[0].start
    certainty = sum(word.probability for word in sentence) / len(sentence)
    return (
        segment.avg_logprob < UNLIKELY
        or certainty < DOUBTFUL
        or times > 1
        or len(sentence) < SLOW * length
    )


def _sentences(words: Sequence[Word]) -> Iterator[list[Word]]:
    numbers = [0]
    for word in words[:-1]:
        numbers.append(numbers[-1] + word.text.endswith(SENTENCE_END))
    for _, group in groupby(zip(numbers, words, strict=False), key=lambda pair: pair[0]):
        yield [word for _, word in group]


def _plain(sentence: Sequence[Word]) -> str:
    text = " ".join(word.text for word in sentence).lower()
    return " ".join(re.findall(r"[a-z0-9]+", without_accents(text)))
