"""A transcript on its page: read once and rendered once for each state of its files."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import chain
from math import inf

from flask import current_app, render_template
from flask_babel import gettext
from markupsafe import Markup, escape

from radio.archive import Archive, rereading
from radio.archive.authorship import authorship
from radio.archive.episode import Episode
from radio.archive.rereading import Rereading
from radio.pictures.palette import HUES
from radio.search import Hit
from radio.system.disk import Stamp, stamp
from radio.system.errors import warned
from radio.text import doubt
from radio.text.chapters import Chapters
from radio.text.doubt import HeardWord, Reason
from radio.text.sentences import TICK, cue_at
from radio.text.transcript import Cue, Evidence, Transcript
from radio.transcribe import corrections
from radio.transcribe.conventions import Conventions, conventions
from radio.transcribe.corrections import INAUDIBLE
from radio.transcribe.figures import CorrectedWord
from radio.transcribe.models.catalogue import credited
from radio.web import language
from radio.web.context import catalogue
from radio.web.layout import SpokenSentence, TranscriptBlock, lay_out, sentence_ends
from radio.web.spans import write_second

LONG_MUSIC = 10.0  # seconds from which on a player can pass it
HEARD_OF_MUSIC = 1.0, 3.0  # seconds of its beginning and end; after it voices are told too late

Spans = Sequence[tuple[int, int]]  # marked characters of a sentence: first, and after the last


@dataclass(frozen=True)
class Reading:
    """What is said in an episode, and how far it can be trusted."""

    note: Mapping[str, str] = field(default_factory=dict)
    cues: tuple[Cue, ...] = ()
    sentences: tuple[SpokenSentence, ...] = ()
    right_in_ten: int | None = None  # words, where the machine's text stands as it wrote it
    is_wordless: bool = False  # whether words are few for the speech
    pieces: tuple[str, ...] = ("",)  # the text as HTML: every second piece is a sentence
    music: tuple[tuple[float, float], ...] = ()  # seconds that may be passed: from, to

    @cached_property
    def ends(self) -> Mapping[int, float]:
        """When sentences end after which there is a pause, by their number, in seconds."""
        return dict(sentence_ends(self.sentences))

    @cached_property
    def has_doubts(self) -> bool:
        """Whether some words are in doubt."""
        lines = chain.from_iterable(sentence.lines for sentence in self.sentences)
        return any(reason for line in lines for _, reason in line.runs)

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
        marks, here = defaultdict[int, list[tuple[int, int]]](list), None
        if second is not None:  # where two are said at once, the one with a hit
            near = (each for each in hits if each.marks and abs(each.start - second) < TICK)
            here = next((each.marks[0].cue for each in near), None) or cue_at(self.cues, second)
        for mark in (mark for hit in hits for mark in hit.marks):
            if mark.cue <= len(self.cues):  # else the index is late
                place, before = self._place(mark.cue)
                marks[place].append((before + mark.start, before + mark.end))
        current = self._place(here)[0] if here else None
        pieces = list(self.pieces)
        for number, sentence in enumerate(self.sentences):
            if number in marks or number == current:
                spans = sorted(marks.get(number, ()))
                pieces[2 * number + 1] = self.write(sentence, spans, is_here=number == current)
        return Markup("".join(pieces))  # noqa: S704

    def write(self, sentence: SpokenSentence, spans: Spans = (), *, is_here: bool = False) -> str:
        """Write a sentence as a link to its second, with marks at some of its characters."""
        number, pieces, at = sentence.number, list[str](), 0
        for line in sentence.lines:
            if line.number != number:
                pieces.append(f' <span id="c{line.number}"></span>')
                at += 1
            other = line.cue.language
            pieces.append(f'<bdi lang="{escape(other)}">' if other else "")
            for text, reason in line.runs:
                opening, closing = _tags(reason) if reason else ("", "")
                pieces += [opening, _marked(text, at, spans), closing]
                at += len(text)
            pieces.append("</bdi>" if other else "")
        link = f'<a class="cue" id="c{number}"'
        if is_here:
            link = f'<span id="t"></span>{link} aria-current="true"'
        anchor = f"c{number}" if current_app.config["FROZEN"] else "t"
        lang = f"lang={language.in_address()}&amp;" if language.in_address() else ""
        href = f"?{lang}t={write_second(sentence.start)}#{anchor}"
        end = f' data-end="{write_second(self.ends[number])}"' if number in self.ends else ""
        return f'{link} href="{href}"{end}>{"".join(pieces)}</a>'

    def _place(self, cue: int) -> tuple[int, int]:
        """Tell in which sentence a cue is, by its number, and after how many characters."""
        place = bisect_right(self.sentences, cue, key=lambda each: each.number) - 1
        before = self.sentences[place].lines[: cue - self.sentences[place].number]
        return place, sum(len(text) for line in before for text, _ in line.runs) + len(before)


UNREADABLE = Reading({"status": "unreadable"})


def read(episode: Episode, chapters: Chapters) -> Reading | None:
    """Lay a transcript out; None where there is none, UNREADABLE where editing broke it."""
    archive, key = catalogue().archive, episode.key
    states = archive.stamps(key)[1], stamp(archive.evidence_path(key))
    show = archive.show(episode.show)
    rules = conventions(show, episode)
    languages = show.language_of(episode), language.region(), language.in_address()
    # The second that each reply is about; the end of the world for the whole episode.
    replied = tuple(inf if each.at is None else each.at for each in episode.protection.replies)
    is_frozen: bool = current_app.config["FROZEN"]
    with warned():
        return _render(archive, key, states, rules, languages, chapters, replied, is_frozen)
    return UNREADABLE


@lru_cache(maxsize=16)
def _render(
    archive: Archive,
    key: str,
    _states: tuple[Stamp, Stamp],
    rules: Conventions,
    languages: tuple[str, str, str | None],
    chapters: Chapters,
    replied: tuple[float, ...],
    _is_frozen: bool,
) -> Reading | None:
    """Render once: two hours take some 60 ms to parse and 200 to write, weigh and lay out."""
    transcript = archive.transcript(key)
    if transcript is None:
        return None
    evidence = read_evidence(archive, key)
    note = judge(transcript, evidence)
    by_machine = note["status"] == "machine"
    heard = list(doubt.weigh(evidence)) if evidence and transcript.is_machine else []
    doubted = _doubt(evidence, rules, heard) if evidence and heard else ()
    certainty = doubt.right_in_ten(heard) if by_machine else None
    known = rereading.read(transcript.note, transcript.cues).reread
    unread = [
        each._replace(reason="") if rereading.section_of(each.word.start) in known else each
        for each in doubted
    ]
    parts = list(lay_out(transcript.cues, evidence, unread, chapters.parts))
    sentences = tuple(each for part in parts for each in part.sentences)
    is_wordless = by_machine and evidence is not None and doubt.is_wordless(evidence)
    reading = Reading(note, transcript.cues, sentences, certainty, is_wordless, music=_music(parts))
    written = {each.number: reading.write(each) for each in sentences}
    voices = dict.fromkeys(cue.voice for cue in transcript.cues if cue.voice)
    text = render_template(
        "said.html",
        spoken=languages[0],
        parts=parts,
        written={number: Markup(each) for number, each in written.items()},  # noqa: S704
        certainty=certainty,
        proposed=chapters.proposed,
        colors={name: number % len(HUES) + 1 for number, name in enumerate(voices)},
        replied=_answered(parts, replied),
    )
    pieces, place = list[str](), 0  # what stands before each sentence, and the sentence
    for sentence in written.values():
        found = text.index(sentence, place)
        pieces += [text[place:found], sentence]
        place = found + len(sentence)
    return replace(reading, pieces=(*pieces, text[place:]))


def _music(parts: Iterable[TranscriptBlock]) -> tuple[tuple[float, float], ...]:
    regions = [part.music for part in parts if part.music]
    long = [each for each in regions if each.end - each.start >= LONG_MUSIC]
    begun, left = HEARD_OF_MUSIC
    return tuple((each.start + begun, each.end - left) for each in long)


def _tags(reason: Reason) -> tuple[str, str]:
    """Give the tags around words in doubt; a screen reader has what their title says."""
    titles: dict[Reason, str] = {
        "name": gettext("nom dit une seule fois"),
        "long": gettext("mot trop long\u00a0: des paroles manquent peut-être"),
        "sparse": gettext("peu de mots pour cette durée\u00a0: il en manque peut-être"),
    }
    if reason not in titles:
        return "<u>", "</u>"
    return f'<mark class="doubt" title="{escape(titles[reason])}">', "</mark>"


def _marked(text: str, at: int, spans: Spans) -> str:
    """Write a text as HTML, that begins at a character of its sentence, with the marks in it.

    >>> _marked("mi & cro", 5, [(3, 7)])
    '<mark>mi</mark> &amp; cro'
    """
    pieces, offset = list[str](), 0
    for start, end in spans:
        first, last = max(start - at, offset), min(end - at, len(text))
        if first < last:
            pieces += [escape(text[offset:first]), f"<mark>{escape(text[first:last])}</mark>"]
            offset = last
    return "".join((*pieces, escape(text[offset:])))


def in_doubt(evidence: Evidence, rules: Conventions) -> list[HeardWord]:
    """Weigh the words of a text as the machine wrote it."""
    return list(_doubt(evidence, rules, list(doubt.weigh(evidence))))


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


def _doubt(
    evidence: Evidence, rules: Conventions, heard: Sequence[HeardWord]
) -> Iterator[HeardWord]:
    """Give words the doubts of all heard words they stand for; corrected ones are beyond doubt."""
    unchanged = {each.word: each for each in heard}
    starts = [each.word.start for each in heard]
    for word in corrections.write(evidence.segments, replace(rules, names=evidence.names)):
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


def judge(transcript: Transcript, evidence: Evidence | None) -> Mapping[str, str]:
    """Give the NOTE of a transcript; engine and model from the evidence where an editor lost it."""
    status = authorship(transcript, evidence)
    if evidence and status == "machine" and "model" not in transcript.note:
        engine = f"{evidence.engine} {evidence.versions.get(evidence.engine, '')}".strip()
        made = {"engine": engine, "model": credited(evidence.model)}
        return {**transcript.note, "status": status, **made}
    return {**transcript.note, "status": status}


def read_evidence(archive: Archive, key: str) -> Evidence | None:
    """Read the machine's evidence. If it can't be read, the page only lacks the marks of doubt."""
    with warned():
        return archive.evidence(key)
    return None


def with_marks(runs: Iterable[tuple[str, bool]]) -> Markup:
    """Write a text that is in pieces, some of them marked.

    >>> str(with_marks([("la ", False), ("rue", True), (" & co", False)]))
    'la <mark>rue</mark> &amp; co'
    """
    pieces = (f"<mark>{escape(text)}</mark>" if marked else escape(text) for text, marked in runs)
    return Markup("".join(pieces))  # noqa: S704 (escaped)
