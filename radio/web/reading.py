"""A transcript on its page: read once and rendered once for each state of its files."""

import html
import logging
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import inf

from flask import current_app, render_template
from markupsafe import Markup, escape

from radio.archive import Archive, rereading
from radio.archive.episode import Episode
from radio.archive.rereading import Rereading
from radio.archive.standing import standing
from radio.pictures.palette import HUES
from radio.search import Hit
from radio.system.disk import Stamp, stamp
from radio.system.errors import RadioError
from radio.text import doubt
from radio.text.chapters import Chapters
from radio.text.doubt import HeardWord
from radio.text.sentences import TICK, cue_at
from radio.text.transcript import Cue, Evidence, Transcript, Word
from radio.transcribe.conventions import Conventions, conventions
from radio.transcribe.corrections import write
from radio.transcribe.figures import CorrectedWord
from radio.transcribe.hallucinations import INAUDIBLE
from radio.web import language
from radio.web.context import catalogue
from radio.web.layout import SpokenSentence, TranscriptBlock, ends_told, lay_out

log = logging.getLogger(__name__)

_SENTENCE = re.compile(r'(<a class="cue".*?</a>)', re.DOTALL)

Rules = tuple[tuple[tuple[str, str], ...], Conventions]
"""How a show has words written: its corrections, then its conventions."""


@dataclass(frozen=True)
class Reading:
    """What is said in an episode, and how far it can be trusted."""

    note: Mapping[str, str] = field(default_factory=dict)
    cues: tuple[Cue, ...] = ()
    pieces: tuple[str, ...] = ("",)  # the text as HTML: every second piece is a sentence
    places: tuple[tuple[int, int], ...] = ()  # of each cue: its sentence, its first character there
    right_in_ten: int | None = None  # words, where the machine's text stands as it wrote it
    is_wordless: bool = False  # whether words are few for the speech
    has_doubts: bool = False

    @property
    def rereading(self) -> Rereading:
        """How far people reread it."""
        return rereading.read(self.note, self.cues)

    @property
    def text(self) -> Markup:
        """The text as HTML, without any mark."""
        return Markup("".join(self.pieces))  # noqa: S704

    def render(self, second: float | None, hits: Sequence[Hit] = ()) -> Markup:
        """Give the text as HTML. The sentence at a second is marked, and the found words."""
        here, marks = self._cue(second, hits), defaultdict[int, list[tuple[int, int]]](list)
        for mark in (mark for hit in hits for mark in hit.marks):
            for sentence, before in self.places[mark.cue - 1 : mark.cue]:  # else the index is late
                marks[sentence].append((before + mark.start, before + mark.end))
        pieces = list(self.pieces)
        for sentence, spans in marks.items():
            pieces[2 * sentence + 1] = _mark(pieces[2 * sentence + 1], sorted(spans))
        heads = self.places[here - 1 : here] if here else ()
        for sentence, _ in heads:
            opening, following = pieces[2 * sentence + 1].split(" href", 1)
            pieces[2 * sentence + 1] = (
                f'<span id="t"></span>{opening} aria-current="true" href{following}'
            )
        return Markup("".join(pieces))  # noqa: S704

    def _cue(self, second: float | None, hits: Sequence[Hit]) -> int | None:
        """Find the cue at a second. Where two are said at once, take the one with a hit."""
        if second is None:
            return None
        there = (hit.marks[0].cue for hit in hits if hit.marks and abs(hit.start - second) < TICK)
        return next(there, None) or cue_at(self.cues, second)


def _mark(inner: str, spans: Sequence[tuple[int, int]]) -> str:
    """Mark characters of a text in HTML. Its tags are not counted as characters.

    >>> _mark('d’un <u>mi&amp;cro</u>', [(3, 7)])
    'd’u<mark>n </mark><u><mark>mi</mark>&amp;cro</u>'
    """
    pieces, at = list[str](), 0
    for piece in re.split("(<[^>]*>)", inner):
        if piece.startswith("<"):
            pieces.append(piece)
            continue
        text, offset = html.unescape(piece), 0
        for start, end in spans:
            first, last = max(start - at, offset), min(end - at, len(text))
            if first < last:
                pieces += [
                    escape(text[offset:first]),
                    Markup("<mark>{}</mark>").format(text[first:last]),
                ]
                offset = last
        pieces.append(escape(text[offset:]))
        at += len(text)
    return "".join(pieces)


UNREADABLE = Reading({"status": "unreadable"})


def read(episode: Episode, chapters: Chapters) -> Reading | None:
    """Lay a transcript out with its chapters, or give None where there is none.

    One that a person's editing broke is given as UNREADABLE, so that the audio can still be heard.
    """
    archive, key = catalogue().archive, episode.key
    states = archive.stamps(key)[1], stamp(archive.evidence_path(key))
    show = archive.show(episode.show)
    rules = tuple(show.corrections.items()), conventions(show, episode)
    languages = show.language_of(episode), language.current(), language.in_address()
    frozen = current_app.config["FROZEN"]
    try:
        return _render(
            archive, key, states, rules, languages, chapters, _replied(episode), frozen=frozen
        )
    except RadioError as error:
        log.warning("%s", error)
        return UNREADABLE


@lru_cache(maxsize=16)
def _render(
    archive: Archive,
    key: str,
    _states: tuple[Stamp, Stamp],
    rules: Rules,
    languages: tuple[str, str, str | None],
    chapters: Chapters,
    replied: tuple[float, ...],
    *,
    frozen: bool,
) -> Reading | None:
    """Render once: two hours take some 60 ms to parse and 200 to write, weigh and lay out."""
    transcript = archive.transcript(key)
    if transcript is None:
        return None
    evidence = read_evidence(archive, key)
    note = judge(transcript, evidence)
    by_machine = note["status"] == "machine"
    corrections, written = rules
    heard = list(doubt.weigh(evidence)) if evidence and transcript.is_machine else []
    words = write(evidence.segments, dict(corrections), written) if evidence and heard else []
    told = doubt.right_in_ten(heard) if by_machine else None
    doubted = list(_unread(transcript, _doubt(words, heard)))
    parts = list(lay_out(transcript.cues, evidence, doubted, chapters.parts))
    sentences = [each for part in parts for each in part.sentences]
    shown = {"parts": parts, "told": told, "proposed": chapters.proposed}
    beside = {"colors": _colors(transcript.cues), "replied": _answered(parts, replied)}
    beside |= {"ends": dict(ends_told(sentences)), "frozen": frozen}
    text = render_template("said.html", spoken=languages[0], **shown, **beside)
    return Reading(
        note,
        transcript.cues,
        tuple(_SENTENCE.split(text)),
        tuple(_places(sentences)),
        told,
        by_machine and evidence is not None and doubt.is_wordless(evidence),
        any(reason for each in sentences for line in each.lines for _, reason in line.runs),
    )


def in_doubt(evidence: Evidence, rules: Rules) -> list[HeardWord]:
    """Weigh the words of a text as the machine wrote it."""
    corrections, written = rules
    heard = list(doubt.weigh(evidence))
    return list(_doubt(write(evidence.segments, dict(corrections), written), heard))


def _colors(cues: Iterable[Cue]) -> Mapping[str, int]:
    """Give each voice a colour, in the order in which they speak."""
    names = dict.fromkeys(cue.voice for cue in cues if cue.voice)
    return {name: number % len(HUES) + 1 for number, name in enumerate(names)}


def _replied(episode: Episode) -> tuple[float, ...]:
    """Give the second that each reply is about; the end of the world for the whole episode."""
    return tuple(inf if each.at is None else each.at for each in episode.protection.replies)


def _answered(
    parts: Sequence[TranscriptBlock], seconds: Iterable[float]
) -> Mapping[int, list[int]]:
    """Tell which replies, by their number from 1, are about which part of a text."""
    spoken = [place for place, part in enumerate(parts) if part.sentences]
    starts = [parts[place].sentences[0].start for place in spoken]
    found = defaultdict[int, list[int]](list)
    for number, second in enumerate(seconds, 1):
        if spoken and second < inf:
            found[spoken[max(0, bisect_right(starts, second) - 1)]].append(number)
    return found


def _places(sentences: Iterable[SpokenSentence]) -> Iterator[tuple[int, int]]:
    """Tell of each cue in which sentence it stands, and after how many characters."""
    for number, sentence in enumerate(sentences):
        before = 0
        for line in sentence.lines:
            yield number, before
            before += sum(len(text) for text, _ in line.runs) + 1


def _doubt(written: Iterable[Word], heard: Sequence[HeardWord]) -> Iterator[HeardWord]:
    """Give words of the text the doubts of the heard words that they stand for.

    One that stands for several has all their doubts; one that people corrected is beyond doubt.
    """
    unchanged = {each.word: each for each in heard}
    starts = [each.word.start for each in heard]
    for word in written:
        if word in unchanged:
            yield unchanged[word]
        elif word.text != INAUDIBLE:
            before = bisect_right(starts, word.start) - 1  # it may begin within a heard word
            first = max(0, min(before, bisect_left(starts, word.start)))
            last = max(first + 1, bisect_left(starts, word.end))
            certainty = min(each.certainty for each in heard[first:last])
            reasons = (each.reason for each in heard[first:last] if each.reason)
            is_right = isinstance(word, CorrectedWord)
            yield HeardWord(word, certainty, "" if is_right else next(reasons, ""))


def _unread(transcript: Transcript, words: Iterable[HeardWord]) -> Iterator[HeardWord]:
    """Take the doubts away of what people reread."""
    known = rereading.read(transcript.note, transcript.cues)
    for each in words:
        is_reread = rereading.section_of(each.word.start) in known.reread
        yield each._replace(reason="") if is_reread else each


def judge(transcript: Transcript, evidence: Evidence | None) -> Mapping[str, str]:
    """Give the NOTE of a transcript, its status as far as the files tell.

    Where an editor lost the NOTE, the evidence names engine and model.
    """
    status = standing(transcript, evidence)
    if evidence and status == "machine" and "model" not in transcript.note:
        engine = f"{evidence.engine} {evidence.versions.get(evidence.engine, '')}".strip()
        return {**transcript.note, "status": status, "engine": engine, "model": evidence.model}
    return {**transcript.note, "status": status}


def read_evidence(archive: Archive, key: str) -> Evidence | None:
    """Read the machine's evidence. If it can't be read, the page only lacks the marks of doubt."""
    try:
        return archive.evidence(key)
    except RadioError as error:
        log.warning("%s", error)
        return None


def with_marks(runs: Iterable[tuple[str, bool]]) -> Markup:
    """Write a text that is in pieces, some of them marked.

    >>> str(with_marks([("la ", False), ("rue", True), (" & co", False)]))
    'la <mark>rue</mark> &amp; co'
    """
    pieces = (f"<mark>{escape(text)}</mark>" if marked else escape(text) for text, marked in runs)
    return Markup("".join(pieces))  # noqa: S704 (escaped)
