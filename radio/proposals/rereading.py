"""What people reread: sentences put right in the text of record, sections marked as reread.

What one person changes in one section within an hour is one act, which `radio undo` takes back.
"""

import datetime as dt
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from radio.archive import Archive, history, journal, paths
from radio.archive.acts import perform, require_idle, require_own
from radio.archive.facts import Facts
from radio.archive.history import Act, Rewriting
from radio.archive.keys import names_of
from radio.archive.pseudonyms import Pseudonym, pseudonyms_for, substitute
from radio.archive.rereading import SECTION, Rereading, read, rewrite_note, section_of
from radio.proposals.sentences import EpisodeText, SentenceEdit, edited, place_of, written
from radio.search.french import FUNCTION_WORDS
from radio.system.errors import TranscriptError
from radio.system.messages import _
from radio.text.sentences import sentence_of
from radio.text.transcript import Cue, Word

SITTING = dt.timedelta(hours=1)


@dataclass(frozen=True)
class SavedEdits:
    """What became of some edits."""

    changed: int  # edits that are written now
    conflicts: tuple[
        SentenceEdit, ...
    ]  # of sentences that changed meanwhile: nothing was done of them


def save(
    archive: Archive, key: str, edits: Sequence[SentenceEdit], who: str = "", *, alone: bool = False
) -> SavedEdits:
    """Write sentences anew, each that stands as it was seen; `radio undo` takes them back.

    They are one act with what the same person wrote before, unless they stand `alone`. Raises
    TranscriptError if the text can't be read or nothing would be left of it, ArchiveError if the
    disk refuses; then nothing was done.
    """
    with archive.lock():
        require_own(archive)
        require_idle(archive, [key])
        before = EpisodeText.read(archive, key)
        rules = _Rules.of(archive, before)
        text, changed, conflicts = before, 0, list[SentenceEdit]()
        for edit in edits:
            after = _with(text, edit, rules)
            if after is None:
                conflicts.append(edit)
            elif after != text:
                text, changed = after, changed + 1
        if changed:
            if not text.cues:
                raise TranscriptError(_("{key}: no word would be left").format(key=key))
            facts = _place(edits[0].places[0].start, alone=alone)
            _write(archive, before, text.written, facts, who)
    return SavedEdits(changed, tuple(conflicts))


@dataclass(frozen=True)
class _Rules:
    """What is known of a text before it is edited."""

    small: Collection[str]  # words that it has without capital
    heard: Sequence[Word]
    pseudonyms: Sequence[Pseudonym]

    @classmethod
    def of(cls, archive: Archive, text: EpisodeText) -> "_Rules":
        evidence = archive.evidence(text.key)
        segments = evidence.segments if evidence else ()
        return cls(
            {*FUNCTION_WORDS, *_small(text.cues)},
            [word for segment in segments for word in segment.words],
            pseudonyms_for(archive.root, names_of(archive, archive.episode(text.key))),
        )


def _small(cues: Sequence[Cue]) -> Iterator[str]:
    """Give the words of a text that stand there without capital."""
    return (word for cue in cues for word in re.findall(r"[^\W_]+", cue.text) if word.islower())


def _with(text: EpisodeText, edit: SentenceEdit, rules: _Rules) -> EpisodeText | None:
    """Give a text with an edit; None where its sentence changed meanwhile."""
    edit = _shown(edit, rules.pseudonyms)
    lines = [substitute(line, rules.pseudonyms) for line in written(edit, rules.small)]
    where = place_of(text.cues, edit)
    if where is None:
        return text if _stands(text.cues, edit, " ".join(lines)) else None
    cues = text.cues[where.start : where.stop]
    voice = edit.voice is not None and any(cue.voice != edit.voice for cue in cues)
    if len(edit.places) == 1 and not voice and lines == [sentence_of(cues)]:
        return text
    return text.with_cues(where, edited(cues, edit, lines, rules.heard))


def _shown(edit: SentenceEdit, pseudonyms: Sequence[Pseudonym]) -> SentenceEdit:
    """Have nobody speak under a name that was replaced: a page may lie open for long."""
    return replace(edit, voice=edit.voice and substitute(edit.voice, pseudonyms))


def _stands(cues: Sequence[Cue], edit: SentenceEdit, words: str) -> bool:
    """Whether just these words stand there already: a form may come twice."""
    start, end = edit.places[0].start, edit.places[-1].end
    here = [cue for cue in cues if cue.start < end and cue.end > start]
    return bool(here) and sentence_of(here) == words


def mark(
    archive: Archive, key: str, section: int, who: str = "", *, is_reread: bool = True
) -> Rereading:
    """Mark a section as reread, or again as the machine's; `radio undo` takes it back.

    Raises TranscriptError if the text can't be read, ArchiveError if the disk refuses; then nothing
    was done.
    """
    with archive.lock():
        require_own(archive)
        require_idle(archive, [key])
        text = EpisodeText.read(archive, key)
        known = read(text.transcript.note, text.cues)
        after = known.marked(section, is_reread=is_reread)
        changed = rewrite_note(text.file, text.transcript, after)
        if changed != text.file:
            facts = _span(section)
            rewriting = Rewriting(paths.transcript(key), text.file, changed)
            perform(archive, Act("mend", (key,), facts, (), (rewriting,), who=who))
            what = "reread" if is_reread else "unread"
            journal.note(archive.root, what, key=key, facts=facts, who=who)
    return after


def _span(section: int) -> Facts:
    start, end = (float(each * SECTION) for each in (section, section + 1))
    return {"start": start, "end": end}


def _place(second: float, *, alone: bool) -> Facts:
    """Tell of edits by their place alone: the words may have to be forgotten one day."""
    place: Facts = {"start": float(section_of(second) * SECTION)}
    return {**place, "more": "yes"} if alone else place


def _write(archive: Archive, before: EpisodeText, after: str, facts: Facts, who: str) -> None:
    rewriting = Rewriting(paths.transcript(before.key), before.file, after)
    act = Act("mend", (before.key,), facts, (), (rewriting,), who=who)
    joined = None if "more" in facts else next(_sitting(archive, rewriting, act), None)
    perform(archive, act, joined)
    if joined is None:
        journal.note(archive.root, "mend", key=before.key, facts=facts, who=who)


def _sitting(archive: Archive, rewriting: Rewriting, act: Act) -> Iterator[Act]:
    """Give the act that this one goes on with, if there is one."""
    last = history.last_act(archive.root)
    if last and _about(last) == _about(act) and len(last.rewritings) == 1:
        since = dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(last.when)
        (one,) = last.rewritings
        if since < SITTING and (one.path, one.after) == (rewriting.path, rewriting.before):
            yield last


def _about(act: Act) -> tuple[object, ...]:
    return act.what, act.keys, act.facts, act.who
