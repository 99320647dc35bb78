"""A text on the desk's pages for rereading: sections, sentences, words in doubt with alternatives.
A form names its sentence by its times and a hash of what was seen."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import chain

from werkzeug.exceptions import BadRequest

from radio.archive import Archive, hearings
from radio.archive.episode import Episode
from radio.archive.glossary import entries
from radio.archive.hearings import Hearing
from radio.archive.pseudonyms import every_pseudonym, substitute
from radio.archive.rereading import SECTION, Rereading, read, section_of
from radio.french.letters import tidy
from radio.proposals.lessons import lessons
from radio.proposals.offers import RereadWord, SentenceOffers, offer
from radio.proposals.queue import hash_of
from radio.proposals.sentences import SeenPlace, SentenceEdit, find
from radio.system import process
from radio.system.disk import Stamp, stamp
from radio.system.errors import TranscriptError
from radio.text.doubt import HeardWord
from radio.text.sentences import sentence_of
from radio.text.transcript import Cue, Transcript
from radio.transcribe.conventions import Conventions, conventions
from radio.web.layout import Run, SpokenSentence, lay_out
from radio.web.reading import in_doubt, read_evidence

NEAR = 30.0  # seconds before and after, of which a hearing may be as well


@dataclass(frozen=True)
class SentenceRow:
    """A sentence as a page of the desk shows it."""

    start: float  # seconds
    end: float
    seen: str  # hash of it
    voice: str
    words: str  # in its field: what stands there, or what somebody typed
    doubts: tuple[Run, ...] = ()  # words in doubt, with why
    said: tuple[RereadWord, ...] = ()  # its words, where the machine's text is not reread
    offers: SentenceOffers | None = None  # what else may have been said
    theirs: str | None = None  # what stands there, where it changed meanwhile
    fault: str = ""
    language: str = ""  # where it isn't the main one

    @property
    def id(self) -> str:
        """Name it on its page."""
        return f"s{self.start * 1000:.0f}-{self.end * 1000:.0f}"

    @property
    def place(self) -> str:
        """Write its place and what was seen there, as a form sends it back."""
        return f"{self.start!r} {self.end!r} {self.seen} {self.voice}"

    @property
    def doubted(self) -> int:
        """How many words are in doubt."""
        return sum(len(text.split()) for text, _ in self.doubts)

    @property
    def offers_for_script(self) -> Mapping[str, object]:
        """Give what is offered, by the places of words."""
        offered = self.offers or SentenceOffers()
        offers = [(each.first, each.last, each.text) for each in offered.offers]
        stops = [(each.first, each.last) for each in offered.stops]
        lists = {"offers": offers, "stops": stops, "words": offered.words}
        return {name: each for name, each in lists.items() if each}

    @property
    def offers_to_read(self) -> Mapping[str, list[str]]:
        """Give what may replace doubtful words."""
        found, words = dict[str, list[str]](), self.words.split()
        offered = self.offers or SentenceOffers()
        for stop in offered.stops:
            for each in offered.at(stop.first, stop.last):
                texts = found.setdefault(" ".join(words[each.first : each.last]), [])
                texts += [each.text] if each.text and each.text not in texts else []
        return {was: texts for was, texts in found.items() if texts}


@dataclass(frozen=True)
class TextSection:
    """Some minutes of a text."""

    number: int  # from 0
    rows: Sequence[SentenceRow]
    is_reread: bool

    @property
    def start(self) -> float:
        """Where it begins, in seconds."""
        return self.number * SECTION

    @property
    def end(self) -> float:
        """Where its last sentence ends, in seconds."""
        return max((row.end for row in self.rows), default=self.start)

    @property
    def doubted(self) -> int:
        """How many words are in doubt."""
        return sum(row.doubted for row in self.rows)


@dataclass(frozen=True)
class RereadSheet:
    """The text of an episode, to be reread."""

    transcript: Transcript
    rows: tuple[SentenceRow, ...]
    known: Rereading
    by_number: Mapping[int, TextSection] = field(default_factory=dict)

    @property
    def voices(self) -> list[str]:
        """Who speaks in it."""
        return list(dict.fromkeys(row.voice for row in self.rows if row.voice))

    def part(self, start: float, end: float) -> SentenceRow | None:
        """Show the cues from `start` to `end` as one sentence; None if no cue has these bounds."""
        cues = self.transcript.cues
        where = find(cues, start, end, None)
        return row_of(cues[where.start : where.stop]) if where else None


def sheet(archive: Archive, episode: Episode) -> RereadSheet:
    """Read a text, once for each state of its files. Raises TranscriptError if there is none."""
    key, rules = episode.key, conventions(archive.show(episode.show), episode)
    states = stamp(archive.vtt_path(key)), stamp(archive.evidence_path(key))
    with process.unsearched():
        return _sheet(archive, key, states, rules)


@lru_cache(maxsize=8)
def _sheet(
    archive: Archive, key: str, states: tuple[Stamp, Stamp], rules: Conventions
) -> RereadSheet:
    transcript = archive.transcript(key)
    if transcript is None or not archive.is_transcribed(key):
        raise TranscriptError(f"{key}: no transcript by now")
    heard = _heard(archive, key, states[1], rules) if transcript.is_machine else ()
    known = read(transcript.note, transcript.cues)
    rows, parts = list[SentenceRow](), dict[int, list[SentenceRow]]()
    laid_out = (part.sentences for part in lay_out(transcript.cues, None, heard))
    for sentence in chain.from_iterable(laid_out):
        row = row_of([line.cue for line in sentence.lines])
        if section_of(row.start) not in known.reread:
            runs = (run for line in sentence.lines for run in line.runs if run[1])
            row = replace(row, doubts=tuple(runs), said=tuple(words_of(sentence)))
        rows.append(row)
        parts.setdefault(section_of(row.start), []).append(row)
    sections = (TextSection(at, here, at in known.reread) for at, here in sorted(parts.items()))
    return RereadSheet(transcript, tuple(rows), known, {each.number: each for each in sections})


@lru_cache(maxsize=4)
def _heard(archive: Archive, key: str, _state: Stamp, rules: Conventions) -> Sequence[HeardWord]:
    evidence = read_evidence(archive, key)
    return in_doubt(evidence, rules) if evidence else ()


@lru_cache(maxsize=4)
def _hearings(archive: Archive, key: str, *_states: Stamp) -> tuple[Hearing, ...]:
    return hearings.read(archive, key)


def words_of(sentence: SpokenSentence) -> Iterator[RereadWord]:
    """Give the words of a sentence, each with whether the machine heard it so, and doubts it."""
    for line in sentence.lines:
        middle = (line.cue.start + line.cue.end) / 2
        heard = {text for each in line.heard for text in each.word.text.split()}
        for texts, reason in line.runs:
            for text in texts.split():
                yield RereadWord(text, middle, text in heard, reason)


def row_of(cues: Sequence[Cue]) -> SentenceRow:
    """Show some cues as one sentence."""
    words = sentence_of(cues)
    seen = hash_of(cues[0].start, cues[-1].end, words)
    place = cues[0].start, cues[-1].end, seen
    return SentenceRow(*place, cues[0].voice, words, language=cues[0].language)


def with_offers(
    archive: Archive, episode: Episode, every: Sequence[SentenceRow], rows: Sequence[SentenceRow]
) -> list[SentenceRow]:
    """Add to some sentences what is offered there; words that other hearings lack are doubtful."""
    if not rows:
        return []
    key = episode.key
    start, end = min(row.start for row in rows) - NEAR, max(row.end for row in rows) + NEAR
    near = [row for row in every if row.end >= start and row.start <= end and row.said]
    states = stamp(hearings.path_of(archive, key)), stamp(archive.evidence_path(key))
    heard = (each for each in _hearings(archive, key, *states) if start < each.end)
    known = [each for each in heard if each.start < end]
    names, hidden = entries(archive.show(episode.show).glossary), every_pseudonym(archive.root)
    learned = lessons(archive, episode)
    offered = offer([row.said for row in near], known, (*names, *episode.names), learned)
    offers, found = {row.id: each for row, each in zip(near, offered, strict=True)}, list(rows)
    for at, row in enumerate(rows):
        if row.said and (each := offers.get(row.id)):
            each = each.without(lambda text: substitute(text, hidden) != text)
            words = row.words.split()
            doubts = [(" ".join(words[a:b]), reason) for a, b, reason in each.stops]
            found[at] = replace(row, offers=each, doubts=tuple(doubts))
    return found


@dataclass(frozen=True)
class TypedSentence:
    """A field of a form as it comes back."""

    start: float  # seconds
    end: float
    seen: str
    was_voice: str
    words: str
    voice: str

    @property
    def is_changed(self) -> bool:
        """Whether somebody wrote something there."""
        words = self.words.strip("\r\n")
        same = hash_of(self.start, self.end, tidy(words)) == self.seen and "\n" not in words
        return not same or self.voice != self.was_voice

    @property
    def edit(self) -> SentenceEdit:
        """What is asked for by it."""
        voice = self.voice if self.voice != self.was_voice else None
        return SentenceEdit((self.place,), self.words, voice)

    @property
    def place(self) -> SeenPlace:
        """Its place."""
        return SeenPlace(self.start, self.end, self.seen)


def read_typed(
    places: Sequence[str], words: Sequence[str], voices: Sequence[str]
) -> list[TypedSentence]:
    """Read the fields of a form. Raises BadRequest if they are not what a page sends."""
    found = list[TypedSentence]()
    try:
        for place, text, voice in zip(places, words, voices, strict=True):
            start, end, seen, was = place.split(" ", 3)
            found.append(TypedSentence(float(start), float(end), seen, was, text, tidy(voice)))
    except ValueError as error:
        raise BadRequest from error
    if not all(0 <= second < math.inf for each in found for second in (each.start, each.end)):
        raise BadRequest
    return found


LeftEdit = tuple[SentenceEdit, str | None]  # not written, and why; None: it changed meanwhile


def laid_over(
    rows: Sequence[SentenceRow], left: Sequence[LeftEdit], cues: Sequence[Cue]
) -> list[SentenceRow]:
    """Put what somebody typed into the present sentences, with what else is said meanwhile."""
    shown, spans = list(rows), list[tuple[float, float, str]]()
    for edit, _fault in left:
        words = " ".join(edit.lines) if len(edit.places) > 1 else edit.words
        spans.append((edit.places[0].start, edit.places[-1].end, words))
    for (start, end, words), (_edit, fault) in zip(spans, left, strict=True):
        here = [row for row in shown if row.start < end and row.end > start]
        first, last = (here[0].start, here[-1].end) if here else (0.0, 0.0)
        stand = [cue for cue in cues if first <= cue.start and cue.end <= last]
        if not stand:
            gone = SentenceRow(start, end, "", "", words, theirs="", fault=fault or "")
            shown = sorted([*shown, gone], key=lambda row: row.start)
            continue
        typed = [each for each in spans if each[0] < last and each[1] > first]
        others = [
            (cue.start, cue.end, sentence_of([cue]))
            for cue in stand
            if all(begin >= cue.end or stop <= cue.start for begin, stop, _ in typed)
        ]
        row, at = row_of(stand), shown.index(here[0])
        shown[at : at + len(here)] = [
            replace(
                row,
                words=" ".join(each for _, _, each in sorted([*typed, *others]) if each),
                doubts=() if fault is None else here[0].doubts,
                theirs=row.words if fault is None else here[0].theirs,
                fault=fault or here[0].fault,
            )
        ]
    return shown
