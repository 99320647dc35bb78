"""A text on the pages of the desk where people reread it: its sections, its sentences, its doubts.

For words in doubt is offered what else may have been said there. What a form sends back names its
sentence by its times and a hash of what was seen.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from radio.archive import Archive, hearings
from radio.archive.episode import Episode
from radio.archive.glossary import entries
from radio.archive.hearings import Hearing
from radio.archive.rereading import SECTION, Rereading, read, section_of
from radio.french.letters import tidy
from radio.proposals.offers import RereadWord, SentenceOffers, offer
from radio.proposals.queue import hash_of
from radio.proposals.sentences import SeenPlace, SentenceEdit, find
from radio.system import process
from radio.system.disk import Stamp, stamp
from radio.system.errors import TranscriptError
from radio.text.doubt import HeardWord
from radio.text.sentences import sentence_of
from radio.text.transcript import Cue, Transcript
from radio.transcribe.conventions import conventions
from radio.web.layout import Run, SpokenSentence, lay_out
from radio.web.reading import Rules, in_doubt, read_evidence

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
    theirs: str | None = None  # what stands there, where it changed meanwhile
    fault: str = ""

    @property
    def id(self) -> str:
        """Name it on its page."""
        return f"s{self.start * 1000:.0f}-{self.end * 1000:.0f}"

    @property
    def place(self) -> str:
        """Write where it stands and what was seen there, as a form sends it back."""
        return f"{self.start!r} {self.end!r} {self.seen} {self.voice}"

    @property
    def doubted(self) -> int:
        """How many words are in doubt."""
        return sum(len(text.split()) for text, _ in self.doubts)


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
        """Show what is said between two moments, in seconds, as a sentence of its own.

        It may be a part of one. None where no cue begins, or none ends, at these moments.
        """
        cues = self.transcript.cues
        where = find(cues, start, end, None)
        return row_of(cues[where.start : where.stop]) if where else None


def sheet(archive: Archive, episode: Episode) -> RereadSheet:
    """Read the text of an episode, once for each state of its files.

    Raises TranscriptError if there is none, or it can't be read or written to.
    """
    show, key = archive.show(episode.show), episode.key
    states = stamp(archive.vtt_path(key)), stamp(archive.evidence_path(key))
    rules: Rules = tuple(show.corrections.items()), conventions(show, episode)
    with process.unsearched():
        return _sheet(archive, key, states, rules)


@lru_cache(maxsize=8)
def _sheet(archive: Archive, key: str, _states: tuple[Stamp, Stamp], rules: Rules) -> RereadSheet:
    transcript = archive.transcript(key)
    if transcript is None or not archive.is_transcribed(key):
        raise TranscriptError(f"{key}: no transcript by now")
    heard = _heard(archive, key, _states[1], rules) if transcript.is_machine else ()
    known = read(transcript.note, transcript.cues)
    parts = lay_out(transcript.cues, None, heard)
    rows = tuple(_row(each, known) for part in parts for each in part.sentences)
    return RereadSheet(transcript, rows, known, dict(_sections(rows, known)))


@lru_cache(maxsize=4)
def _heard(archive: Archive, key: str, _state: Stamp, rules: Rules) -> Sequence[HeardWord]:
    evidence = read_evidence(archive, key)
    return in_doubt(evidence, rules) if evidence else ()


def _row(sentence: SpokenSentence, known: Rereading) -> SentenceRow:
    row = row_of([line.cue for line in sentence.lines])
    if section_of(sentence.start) in known.reread:
        return row
    runs = (run for line in sentence.lines for run in line.runs if run[1])
    return replace(row, doubts=tuple(runs), said=tuple(words_of(sentence)))


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
    return SentenceRow(cues[0].start, cues[-1].end, seen, cues[0].voice, words)


def _sections(rows: Iterable[SentenceRow], known: Rereading) -> Iterator[tuple[int, TextSection]]:
    parts = dict[int, list[SentenceRow]]()
    for row in rows:
        parts.setdefault(section_of(row.start), []).append(row)
    for number, here in sorted(parts.items()):
        yield number, TextSection(number, here, number in known.reread)


@dataclass(frozen=True)
class OfferedSentence:
    """What is offered for a sentence, as its page has it."""

    words: Sequence[str]
    told: SentenceOffers

    @property
    def packed(self) -> Mapping[str, object]:
        """Give it for the script."""
        told = self.told
        offers = [(each.first, each.last, each.text) for each in told.offers]
        stops = [(each.first, each.last) for each in told.stops]
        lists = {"offers": offers, "stops": stops, "words": told.words}
        return {name: each for name, each in lists.items() if each}

    @property
    def shown(self) -> Mapping[str, list[str]]:
        """Give it as text: what may stand in the place of words in doubt."""
        found = dict[str, list[str]]()
        for stop in self.told.stops:
            for each in self.told.at(stop.first, stop.last):
                texts = found.setdefault(" ".join(self.words[each.first : each.last]), [])
                texts += [each.text] if each.text and each.text not in texts else []
        return {was: texts for was, texts in found.items() if texts}


def offered(
    archive: Archive, episode: Episode, every: Sequence[SentenceRow], rows: Sequence[SentenceRow]
) -> Mapping[str, OfferedSentence]:
    """Tell what is offered for some of the sentences of an episode, by their id."""
    if not rows:
        return {}
    start, end = min(row.start for row in rows) - NEAR, max(row.end for row in rows) + NEAR
    near = [row for row in every if row.end >= start and row.start <= end and row.said]
    known = [
        each for each in _hearings(archive, episode.key) if start < each.end and each.start < end
    ]
    names = (*entries(archive.show(episode.show).glossary), *episode.names)
    told = offer([row.said for row in near], known, names)
    return {
        row.id: OfferedSentence(row.words.split(), each)
        for row, each in zip(near, told, strict=True)
    }


def _hearings(archive: Archive, key: str) -> tuple[Hearing, ...]:
    states = stamp(hearings.path_of(archive, key)), stamp(archive.evidence_path(key))
    return _read(archive, key, states)


@lru_cache(maxsize=4)
def _read(archive: Archive, key: str, _states: tuple[Stamp, Stamp]) -> tuple[Hearing, ...]:
    return hearings.read(archive, key)


def with_doubts(
    rows: Sequence[SentenceRow], offers: Mapping[str, OfferedSentence]
) -> Iterator[SentenceRow]:
    """Tell of rows which words other hearings have not, besides those that the machine doubts."""
    for row in rows:
        told = offers.get(row.id)
        if told and row.said:
            doubts = [(" ".join(told.words[a:b]), reason) for a, b, reason in told.told.stops]
            yield replace(row, doubts=tuple(doubts))
        else:
            yield row


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
        """Where it stands."""
        return SeenPlace(self.start, self.end, self.seen)


def read_typed(
    places: Sequence[str], words: Sequence[str], voices: Sequence[str]
) -> list[TypedSentence]:
    """Read the fields of a form.

    Raises TranscriptError if they are not what a page of the desk sends.
    """
    found = list[TypedSentence]()
    try:
        for place, text, voice in zip(places, words, voices, strict=True):
            start, end, seen, was = place.split(" ", 3)
            found.append(TypedSentence(_second(start), _second(end), seen, was, text, tidy(voice)))
    except ValueError as error:
        raise TranscriptError("not a form of the desk") from error
    return found


def _second(text: str) -> float:
    """Read a number that a sentence can begin at; ValueError where it is none."""
    second = float(text)
    if not 0 <= second < math.inf:
        raise ValueError(text)
    return second


def with_conflicts(
    rows: Sequence[SentenceRow], conflicts: Sequence[SentenceEdit], cues: Sequence[Cue]
) -> list[SentenceRow]:
    """Show beside what somebody typed what stands there by now."""
    shown = list(rows)
    for edit in conflicts:
        start, end = edit.places[0].start, edit.places[-1].end
        here = [row for row in shown if row.start < end and row.end > start]
        if here:
            at = shown.index(here[0])
            shown[at : at + len(here)] = [_beside(here, conflicts, cues)]
        else:
            gone = SentenceRow(start, end, "", "", _words(edit), theirs="")
            shown = sorted([*shown, gone], key=lambda row: row.start)
    return shown


def with_faults(
    rows: Sequence[SentenceRow], faults: Sequence[tuple[TypedSentence, str]], cues: Sequence[Cue]
) -> list[SentenceRow]:
    """Keep in its field what somebody typed, and say what is wrong with it."""
    wrong = defaultdict[float, list[tuple[TypedSentence, str]]](list)
    for typed, fault in faults:
        for row in [row for row in rows if row.start < typed.end and row.end > typed.start][:1]:
            wrong[row.start].append((typed, fault))
    return [
        replace(
            row,
            words=_amid(row.start, row.end, [typed.edit for typed, _ in wrong[row.start]], cues),
            fault=wrong[row.start][0][1],
            said=(),
        )
        if row.start in wrong
        else row
        for row in rows
    ]


def _beside(
    here: Sequence[SentenceRow], edits: Sequence[SentenceEdit], cues: Sequence[Cue]
) -> SentenceRow:
    first, last = here[0], here[-1]
    theirs = " ".join(row.words if row.theirs is None else row.theirs for row in here)
    seen = hash_of(first.start, last.end, theirs)
    words = _amid(first.start, last.end, edits, cues)
    return SentenceRow(first.start, last.end, seen, first.voice, words, theirs=theirs)


def _amid(start: float, end: float, edits: Sequence[SentenceEdit], cues: Sequence[Cue]) -> str:
    """Write what somebody typed between two moments, with what else is said between them."""
    spans = [(each.places[0].start, each.places[-1].end, _words(each)) for each in edits]
    typed = [each for each in spans if each[0] < end and each[1] > start]
    kept = [
        (cue.start, cue.end, sentence_of([cue]))
        for cue in cues
        if start <= cue.start
        and cue.end <= end
        and not any(first < cue.end and last > cue.start for first, last, _ in typed)
    ]
    return " ".join(words for _, _, words in sorted([*typed, *kept]) if words)


def _words(edit: SentenceEdit) -> str:
    return edit.words if len(edit.places) == 1 else " ".join(edit.lines)
