"""What people reread: sentences corrected, sections marked as reread. What one person changes in
one section within an hour is one act, which `radio undo` takes back. Functions raise
TranscriptError if the text can't be read, ArchiveError if the disk refuses, having done nothing.
The least certain minutes of an archive are to be reread first; rereading does not change them."""

import datetime as dt
import re
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from radio.archive import Archive, history, journal
from radio.archive.acts import perform
from radio.archive.facts import Facts
from radio.archive.history import Act
from radio.archive.keys import pseudonyms_of
from radio.archive.pseudonyms import substitute
from radio.archive.rereading import SECTION, Rereading, read, rewrite_note, section_of
from radio.french.letters import FUNCTION_WORDS
from radio.proposals.sentences import EpisodeText, SentenceEdit, edited, place_of, written
from radio.system.disk import Stamp, stamp
from radio.system.errors import RadioError, TranscriptError
from radio.system.messages import _
from radio.text.doubt import HeardWord, weigh
from radio.text.sentences import sentence_of

SITTING = dt.timedelta(hours=1)


@dataclass(frozen=True)
class SavedEdits:
    """What became of some edits."""

    changed: int  # edits that are written now
    conflicts: tuple[SentenceEdit, ...]  # of sentences that changed meanwhile: nothing was done


def save(
    archive: Archive, key: str, edits: Sequence[SentenceEdit], who: str = "", *, alone: bool = False
) -> SavedEdits:
    """Write sentences that stand as they were seen; can be undone. They join the act of what the
    same person wrote before, unless `alone`. Raises TranscriptError, too, if no word is left."""
    with EpisodeText.held(archive, key) as before:
        with_edit = _editing(archive, before)
        text, changed, conflicts = before, 0, list[SentenceEdit]()
        for edit in edits:
            after = with_edit(text, edit)
            if after is None:
                conflicts.append(edit)
            elif after != text:
                text, changed = after, changed + 1
        if changed:
            if not text.cues:
                raise TranscriptError(_("{key} : il ne resterait aucun mot", key=key))
            # The place alone: the words may have to be forgotten one day.
            place = float(section_of(edits[0].places[0].start) * SECTION)
            facts: Facts = {"start": place, "more": "yes"} if alone else {"start": place}
            rewriting = before.rewriting(text.written)
            act = Act("mend", (key,), facts, (), (rewriting,), who=who)
            joined = None if alone else _sitting(archive, act)
            perform(archive, act, joined)
            if joined is None:
                journal.note(archive.root, "mend", key=key, facts=facts, who=who)
    return SavedEdits(changed, tuple(conflicts))


def _editing(
    archive: Archive, before: EpisodeText
) -> Callable[[EpisodeText, SentenceEdit], EpisodeText | None]:
    """Give what edits a text by what is known of it; None where its sentence changed meanwhile."""
    evidence = archive.evidence(before.key)
    heard = [word for segment in evidence.segments for word in segment.words] if evidence else []
    words = (word for cue in before.cues for word in re.findall(r"[^\W_]+", cue.text))
    small = {*FUNCTION_WORDS, *filter(str.islower, words)}  # that it has without capital
    pseudonyms = pseudonyms_of(archive, archive.episode(before.key))

    def with_edit(text: EpisodeText, edit: SentenceEdit) -> EpisodeText | None:
        # Nobody speaks under a name that was replaced: a page may lie open for long.
        voices = tuple(each and substitute(each, pseudonyms) for each in (edit.voice, *edit.voices))
        edit = replace(edit, voice=voices[0], voices=voices[1:])
        lines = [substitute(line, pseudonyms) for line in written(edit, small)]
        where = place_of(text.cues, edit)
        if where is None:
            start, end = edit.places[0].start, edit.places[-1].end
            here = [cue for cue in text.cues if cue.start < end and cue.end > start]
            is_done = here and sentence_of(here) == " ".join(lines)  # a form may come twice
            return text if is_done else None
        cues = text.cues[where.start : where.stop]
        voice = any(edit.voices) or any(edit.voice not in (None, cue.voice) for cue in cues)
        if len(edit.places) == 1 and not voice and lines == [sentence_of(cues)]:
            return text
        return text.with_cues(where, edited(cues, edit, lines, heard))

    return with_edit


def mark(
    archive: Archive, key: str, section: int, who: str = "", *, is_reread: bool = True
) -> Rereading:
    """Mark a section as reread, or again as the machine's; can be undone."""
    with EpisodeText.held(archive, key) as text:
        after = read(text.transcript.note, text.cues).marked(section, is_reread=is_reread)
        changed = rewrite_note(text.file, text.transcript, after)
        if changed != text.file:
            facts: Facts = {"start": section * SECTION, "end": (section + 1) * SECTION}
            perform(archive, Act("mend", (key,), facts, (), (text.rewriting(changed),), who=who))
            what = "reread" if is_reread else "unread"
            journal.note(archive.root, what, key=key, facts=facts, who=who)
    return after


def _sitting(archive: Archive, act: Act) -> Act | None:
    last = history.last_act(archive.root)
    if last is None or len(last.rewritings) != 1:
        return None
    since = dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(last.when)
    before, after = last.rewritings[0], act.rewritings[0]
    asked = (act.what, act.keys, act.facts, act.who)
    is_same = (last.what, last.keys, last.facts, last.who) == asked
    goes_on = (before.path, before.after) == (after.path, after.before)
    return last if is_same and goes_on and since < SITTING else None


FEWEST = 20  # words of a section
TOGETHER = 12  # words, about a sentence
MINUTES = 50


@dataclass(frozen=True)
class UnsureSection:
    """Some minutes of an episode as the machine heard them."""

    key: str
    number: int  # from 0
    at: float  # seconds: where it is least sure
    seconds: float  # that are spoken
    certainty: float  # mean of its words


@dataclass(frozen=True)
class Survey:
    """The least certain sections, and how much of the archive was searched for them."""

    found: Sequence[tuple[UnsureSection, bool]]  # each with whether it is reread
    seen: int  # episodes
    total: int

    @property
    def minutes(self) -> float:
        """How long they are."""
        return sum(each.seconds for each, _ in self.found) / 60

    @property
    def reread(self) -> float:
        """How many minutes of them are reread."""
        return sum(each.seconds for each, is_done in self.found if is_done) / 60


def survey(archive: Archive, seconds: float, minutes: float = MINUTES) -> Survey:
    """Find the least certain minutes; what takes longer than `seconds` is left for next time."""
    end, every, seen = time.monotonic() + seconds, list[UnsureSection](), 0
    keys = [each.key for each in archive.episodes() if archive.is_transcribed(each.key)]
    for key in keys:
        if seen and time.monotonic() > end:
            break
        every += _weighed(archive, key, stamp(archive.evidence_path(key)))
        seen += 1
    found, wanted = list[tuple[UnsureSection, bool]](), 60 * minutes
    for each in sorted(every, key=lambda each: each.certainty):
        if wanted <= 0:
            break
        known = _known(archive, each.key, stamp(archive.vtt_path(each.key)))
        if known and each.number in known.spoken:  # it is still in its text
            found.append((each, each.number in known.reread))
            wanted -= each.seconds
    return Survey(found, seen, len(keys))


@lru_cache(maxsize=2000)
def _known(archive: Archive, key: str, _state: Stamp) -> Rereading | None:
    try:
        transcript = archive.transcript(key)
    except RadioError:
        return None
    return read(transcript.note, transcript.cues) if transcript else None


@lru_cache(maxsize=20_000)
def _weighed(archive: Archive, key: str, _state: Stamp) -> tuple[UnsureSection, ...]:
    try:
        evidence = archive.evidence(key)
    except RadioError:
        return ()
    parts, found = defaultdict[int, list[HeardWord]](list), list[UnsureSection]()
    for heard in weigh(evidence) if evidence else ():
        parts[section_of(heard.word.start)].append(heard)
    for number, words in parts.items():
        if len(words) >= FEWEST:
            sure = [each.certainty for each in words]
            starts = range(len(words) - TOGETHER + 1)
            worst = min(starts, key=lambda first: sum(sure[first : first + TOGETHER]))
            at = min(range(worst, worst + TOGETHER), key=lambda place: sure[place])
            seconds = min(SECTION, words[-1].word.end - words[0].word.start)
            certainty = sum(sure) / len(sure)
            found.append(UnsureSection(key, number, words[at].word.start, seconds, certainty))
    return tuple(found)
