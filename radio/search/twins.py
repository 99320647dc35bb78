"""Twins: passages of one moment, and sentences that many episodes repeat: jingles and credits."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

from radio.search.hits import EpisodeHits, Hit
from radio.search.marking import Matched
from radio.text.sentences import find_sentences

MOMENT = 15.0  # seconds, about what is quoted of a passage
ALIKE = 0.8  # of the words of two sentences, as a machine may hear them: those in both
MANY = 3  # episodes of a page that repeat a sentence

Words = frozenset[str]
_WORD = re.compile(r"\w+")


def join_moments(found: Iterable[tuple[Matched, float]]) -> list[tuple[Matched, float]]:
    """Join what is of one moment, given in order with its scores, and keep the better score."""
    moments: list[tuple[Matched, float]] = []
    for each, score in found:
        first, other = moments[-1] if moments else (each, score)
        if moments and each.start - first.start < MOMENT:
            moments[-1] = first, max(score, other)
        else:
            moments.append((each, score))
    return moments


def set_apart(found: Sequence[EpisodeHits]) -> tuple[EpisodeHits, ...]:
    """Put what many episodes repeat after what each of them says for itself.

    A sentence that was quoted for an episode before is told by `Hit.again`.
    """
    firsts = _first_sentences(found)
    said = [each for each in firsts if each is not None]
    repeated = [one for one in said if sum(_are_alike(one, other) for other in said) >= MANY]
    if repeated:
        own = [_own_first(each, repeated) for each in found]
        found = sorted(own, key=lambda each: _only_repeats(each, repeated))
        firsts = _first_sentences(found)
    return tuple(_tell_again(found, firsts))


def _first_sentences(found: Iterable[EpisodeHits]) -> list[Words | None]:
    return [_sentence(each.hits[0]) if each.hits else None for each in found]


def _tell_again(
    found: Iterable[EpisodeHits], firsts: Iterable[Words | None]
) -> Iterator[EpisodeHits]:
    quoted: list[Words] = []
    for each, first in zip(found, firsts, strict=True):
        if first is None:
            yield each
        elif _is_one_of(first, quoted):
            yield replace(each, hits=(replace(each.hits[0], again=True), *each.hits[1:]))
        else:
            yield each
            quoted.append(first)


def _own_first(episode: EpisodeHits, repeated: Sequence[Words]) -> EpisodeHits:
    """Put the repeated sentences of an episode after its own."""
    if not any(_is_one_of(_sentence(hit), repeated) for hit in episode.hits[:1]):
        return episode
    hits = sorted(episode.hits, key=lambda hit: _is_one_of(_sentence(hit), repeated))
    return replace(episode, hits=tuple(hits))


def _only_repeats(episode: EpisodeHits, repeated: Sequence[Words]) -> bool:
    """Whether an episode has nothing else to show, neither in its title."""
    is_told = bool(episode.told) or any(is_match for _, is_match in episode.heading)
    return not is_told and any(_is_one_of(_sentence(hit), repeated) for hit in episode.hits[:1])


def _sentence(hit: Hit) -> Words:
    """Give the words of the sentence in which a hit begins."""
    ends = accumulate(len(text) for text, _ in hit.snippet)
    pairs = zip(ends, hit.snippet, strict=True)
    place = next((end - len(text) for end, (text, is_match) in pairs if is_match), 0)
    text = "".join(text for text, _ in hit.snippet)
    spans = (text[start:end] for start, end in find_sentences(text) if start <= place < end)
    return frozenset(_WORD.findall(next(spans, text).lower()))


def _is_one_of(sentence: Words, others: Iterable[Words]) -> bool:
    return any(_are_alike(sentence, other) for other in others)


def _are_alike(one: Words, other: Words) -> bool:
    shorter, longer = sorted((len(one), len(other)))
    return shorter >= ALIKE * longer and len(one & other) >= ALIKE * len(one | other)
