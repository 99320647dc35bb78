"""What is believed of a segment: not the lines that Whisper learnt from subtitles.

None goes on its own account: a phantom is left out of the text only where a second sign speaks
against it, and stays in the evidence.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import groupby

from radio.transcript import SENTENCE_END, Segment, Word

LINES = re.compile(
    r"(?:sous titr\w+|soustitr\w+) (?:par |de |fr |st |realise\w* |la |communaute |d |societe )*"
    r"(?:amara org|501|radio canada|societe radio canada|tele quebec|\w+ ?\w*)?"
    r"|(?:merci|thanks) (?:d avoir regarde|a vous d avoir regarde|for watching)\b.*"
    r"|abonnez vous(?: a (?:la|ma) chaine)?.*"
    r"|n oubliez pas de vous abonner.*"
    r"|(?:.* )?amara org"
    r"|(?:subtitles|captions) by .*"
)
"""What is known, without accents and signs. Reported by users of Whisper in French and English."""

UNLIKELY = -0.7  # average log-probability of a segment
DOUBTFUL = 0.5  # mean probability of the words of a sentence
SLOW = 0.5  # words a second


INAUDIBLE = "[inaudible]"


def leave_out(segment: Segment) -> list[Word]:
    """Give the words of a segment without the phantoms that something else speaks against.

    Where nothing could be understood, a mark says so.
    """
    if not segment.audible:
        return [Word(segment.start, segment.end, INAUDIBLE, 0.0)]
    sentences = list(_sentences(segment.words))
    said = [_plain(sentence) for sentence in sentences]
    return [
        word
        for sentence, text in zip(sentences, said, strict=True)
        if not (LINES.fullmatch(text) and _is_dubious(segment, sentence, said.count(text)))
        for word in sentence
    ]


def _is_dubious(segment: Segment, sentence: Sequence[Word], times: int) -> bool:
    """Whether anything but the words themselves tells that nobody said them."""
    length = sentence[-1].end - sentence[0].start
    certainty = sum(word.probability for word in sentence) / len(sentence)
    return (
        segment.avg_logprob < UNLIKELY
        or certainty < DOUBTFUL
        or times > 1
        or len(sentence) < SLOW * length
    )


def _sentences(words: Sequence[Word]) -> Iterator[list[Word]]:
    ended = [0]
    for word in words[:-1]:
        ended.append(ended[-1] + word.text.endswith(SENTENCE_END))
    for _, group in groupby(zip(ended, words, strict=False), key=lambda pair: pair[0]):
        yield [word for _, word in group]


def _plain(sentence: Sequence[Word]) -> str:
    text = " ".join(word.text for word in sentence).lower()
    letters = unicodedata.normalize("NFKD", text)
    bare = "".join(c for c in letters if not unicodedata.combining(c))
    return " ".join(re.findall(r"[a-z0-9]+", bare))
