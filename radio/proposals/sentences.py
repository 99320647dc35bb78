"""Sentences of a text: found as people saw them, given other words, cut in two, or joined."""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from radio.archive import Archive, history, paths
from radio.archive.acts import require_idle, require_own
from radio.archive.history import Rewriting
from radio.archive.keys import keys_of
from radio.french.letters import tidy
from radio.proposals import queue as proposals
from radio.proposals.queue import Mending, hash_of, name_of
from radio.system.errors import TranscriptError
from radio.system.messages import _
from radio.text.aligned import AlignedText, equal_places
from radio.text.sentences import TICK, sentence_of
from radio.text.transcript import (
    SENTENCE_END,
    TIMES,
    Cue,
    Transcript,
    Word,
    read_vtt,
    render_cue,
    render_vtt,
)


def find(cues: Sequence[Cue], start: float, end: float, seen: str | None) -> range | None:
    """Find the cues of a sentence as it was seen, or with any words; None where it changed."""
    for first, cue in enumerate(cues):
        if abs(cue.start - start) <= TICK:
            for last in range(first, len(cues)):
                if abs(cues[last].end - end) <= TICK:
                    words = sentence_of(cues[first : last + 1])
                    if seen in (None, hash_of(cue.start, cues[last].end, words)):
                        return range(first, last + 1)
    return None


@dataclass(frozen=True)
class SeenPlace:
    """Where a sentence stands, and the hash of what was seen there."""

    start: float  # seconds
    end: float
    seen: str


@dataclass(frozen=True)
class SentenceEdit:
    """What somebody writes in place of a sentence, one sentence on each line. Of two places, the
    sentences become one. A sentence without words is removed."""

    places: tuple[SeenPlace, ...]
    words: str
    voice: str | None = None  # None leaves who speaks as it is
    voices: tuple[str | None, ...] = ()  # of each line, where lines are written as they are

    @property
    def lines(self) -> list[str]:
        """The sentences, tidy."""
        return [line for line in map(tidy, self.words.splitlines()) if line]


def place_of(cues: Sequence[Cue], edit: SentenceEdit) -> range | None:
    """Find the cues that are edited, if they stand as they were seen."""
    found = [find(cues, each.start, each.end, each.seen) for each in edit.places]
    whole = [each for each in found if each is not None]
    is_one = all(before.stop == after.start for before, after in pairwise(whole))
    if not whole or len(whole) < len(found) or not is_one:
        return None
    return range(whole[0].start, whole[-1].stop)


def edited(
    cues: Sequence[Cue], edit: SentenceEdit, lines: Sequence[str], heard: Sequence[Word]
) -> tuple[Cue, ...]:
    """Write an edit into the cues of a sentence; times are those of the words heard."""
    text, starts = AlignedText(tuple(cues), heard).with_words(" ".join(lines)), _starts(lines)
    if edit.voices:
        return tuple(_spoken(text.cut_before({*starts}).cues, starts, edit.voices))
    if len(edit.places) > 1:
        of_one = tuple(replace(cue, voice=cues[0].voice) for cue in text.cues)
        text = replace(text, cues=of_one).joined_at(edit.places[-1].start)
    else:
        text = text.cut_before({*starts})
    voice = edit.voice
    return text.cues if voice is None else tuple(replace(cue, voice=voice) for cue in text.cues)


def _starts(lines: Sequence[str]) -> list[int]:
    """Count the words before each line, and before what follows."""
    return list(accumulate((len(line.split()) for line in lines), initial=0))


def _spoken(
    cues: Iterable[Cue], starts: Sequence[int], voices: Sequence[str | None]
) -> Iterator[Cue]:
    """Give the cues of each line its voice."""
    place = 0
    for cue in cues:
        voice = voices[min(bisect_right(starts, place), len(voices)) - 1]
        yield cue if voice is None else replace(cue, voice=voice)
        place += len(cue.text.split())


def written(edit: SentenceEdit, small: Collection[str]) -> list[str]:
    """Write the sentences of an edit: each ends with a sign, and the next begins with a capital,
    which words of `small` lose at the start of the second of two joined sentences.

    >>> written(SentenceEdit((), "il dit non, parce que"), set())
    ['il dit non, parce que']
    >>> written(SentenceEdit((), "il dit non,\\nparce que"), set())
    ['il dit non.', 'Parce que']
    >>> both = SeenPlace(0, 1, ""), SeenPlace(1, 2, "")
    >>> written(SentenceEdit(both, "Il dit.\\nParce que"), {"parce"})
    ['Il dit parce que']
    """
    lines = edit.lines
    if edit.voices:
        return lines
    if len(edit.places) > 1:
        joined = list[str]()
        for line in lines:
            first = re.split(r"[\W_]", line, maxsplit=1)[0].lower()
            joined.append(line[:1].lower() + line[1:] if joined and first in small else line)
        ends = [line.rstrip(".…").rstrip() for line in joined[:-1]]
        return [" ".join([*ends, *joined[-1:]])] if joined else []
    ended = (*SENTENCE_END, ":")
    ends = [one if one.endswith(ended) else f"{one.rstrip(' ,;')}." for one in lines[:-1]]
    whole = [*ends, *lines[-1:]]
    return [*whole[:1], *(line[:1].upper() + line[1:] for line in whole[1:])]


def replaced(text: str, sought: str, words: str) -> str:
    """Write other words in place of some whole words of a text.
    They get a capital where those have one that was not asked for, as at the start of a sentence.

    >>> replaced("La kni dit : la kni-là. Kni ?", "kni", "CNIL")
    'La CNIL dit : la CNIL-là. CNIL ?'
    >>> replaced("Pomme et pommes, l’pomme", "pomme", "paume")
    'Paume et pommes, l’paume'
    """
    parts = [re.escape(each).replace("’", "'").replace("'", "['’]") for each in sought.split()]
    if not parts:
        return text
    tidied = tidy(words)

    def like(match: re.Match[str]) -> str:
        is_raised = match[0][:1].isupper() and not match[0].isupper()
        return tidied[:1].upper() + tidied[1:] if is_raised else tidied

    spaced = r"\s+".join(parts)
    return re.sub(rf"(?<![^\W_]){spaced}(?![^\W_])", like, text, flags=re.IGNORECASE)


@dataclass(frozen=True)
class EpisodeText:
    """The text of record of an episode, letter by letter."""

    key: str
    file: str  # what its file holds
    transcript: Transcript
    is_own: bool = False  # as the program writes it: nothing else is in its file

    @classmethod
    def read(cls, archive: Archive, key: str) -> "EpisodeText":
        """Read a text that is to be changed. Raises NotFoundError if there is no such episode,
        TranscriptError if it has no text, or none that can be written to."""
        archive.episode(key)
        path = archive.vtt_path(key)
        file = history.text_of(path) if archive.is_transcribed(key) else None
        if file is None:
            raise TranscriptError(_("{key} : plus de transcription", key=key))
        transcript = read_vtt(file.encode(), path)
        if transcript.form:
            message = _("{where} : enregistrez-le d’abord en WebVTT et UTF-8")
            raise TranscriptError(message, where=path)
        return cls.of(key, file, transcript)

    @classmethod
    def of(cls, key: str, file: str, transcript: Transcript) -> "EpisodeText":
        """Give the text of a file that was read."""
        is_own = not transcript.stray and render_vtt(transcript) == file
        return cls(key, file, transcript, is_own)

    @classmethod
    @contextmanager
    def held(cls, archive: Archive, key: str) -> "Iterator[EpisodeText]":
        """Lock the archive and give a text to change; raises as `read`, and BusyError."""
        with archive.lock():
            require_own(archive)
            require_idle(archive, [key])
            yield cls.read(archive, key)

    def rewriting(self, after: str) -> Rewriting:
        """Put another text in its place."""
        return Rewriting(paths.transcript(self.key), self.file, after)

    @property
    def cues(self) -> tuple[Cue, ...]:
        """Its cues."""
        return self.transcript.cues

    @property
    def written(self) -> str:
        """The file as it is to be written."""
        return render_vtt(self.transcript) if self.is_own else self.file

    def with_cues(self, where: range, cues: Sequence[Cue]) -> "EpisodeText":
        """Put other cues in some places; the rest of the file stays, if that can be. Raises
        StrayError where words that are in no cue would be lost."""
        changed = (*self.cues[: where.start], *cues, *self.cues[where.stop :])
        wanted = replace(self.transcript, cues=changed)
        if self.is_own or not changed:
            return replace(self, transcript=wanted)
        # Words may stand between two cues.
        is_sure = len(cues) == len(where) or not self.transcript.stray
        spliced = _splice(self.file, len(self.cues), where, cues) if is_sure else ""
        try:
            after = read_vtt(spliced.encode(), self.key) if spliced else None
        except TranscriptError:
            after = None
        if after and after.cues == changed:
            return replace(self, file=spliced, transcript=after)
        return EpisodeText(self.key, render_vtt(wanted), wanted, is_own=True)


def _splice(text: str, number: int, where: range, cues: Sequence[Cue]) -> str:
    """Put other words below the times of cues, or other cues there; nothing where it can't be."""
    times = list(TIMES.finditer(text))
    if len(times) != number or not cues or not where:
        return ""
    ending = "\r\n" if "\r\n" in text else "\n"
    bounds = list[tuple[int, int]]()  # of the words below each time
    for each in times[where.start : where.stop]:
        begin = text.find("\n", each.end()) + 1
        end = text.find(f"{ending}{ending}", begin)
        bounds.append((begin, len(text.rstrip()) if end < 0 else end))
    blocks = [render_cue(cue).replace("\n", ending) for cue in cues]
    if len(cues) != len(where):
        whole = f"{ending}{ending}".join(blocks)
        return f"{text[: times[where.start].start()]}{whole}{text[bounds[-1][1] :]}"
    for (begin, end), block in reversed(list(zip(bounds, blocks, strict=True))):
        text = f"{text[:begin]}{block.partition(ending)[2]}{text[end:]}"
    return text


def follow(archive: Archive, key: str, before: Transcript | None) -> None:
    """Move what listeners proposed for a text to the same sentences of the present one. What is in
    it no longer keeps its times. Raises ArchiveError if the disk refuses."""
    after = text_of(archive, key)
    if before is None or after is None:
        return
    cues = before.cues
    same = equal_places(*([cue.text for cue in each.cues] for each in (before, after))).items()
    places = {cues[old]: after.cues[new] for new, old in same}  # what each cue has become

    def moved(each: Mending) -> Mending:
        where = find(cues, each.start, each.end, each.seen)
        own = cues[where.start : where.stop] if where else ()
        if not own or not places.keys() >= {*own}:
            return each
        start, end = places[own[0]].start, places[own[-1]].end
        seen = hash_of(start, end, sentence_of(own))
        name = name_of(each.key, seen, each.words)
        return replace(each, id=name, start=start, end=end, seen=seen)

    proposals.move(archive.root, keys_of(archive, archive.episode(key)), moved)


def text_of(archive: Archive, key: str) -> Transcript | None:
    """Read the text of record; None where it can't be read, for then it stays as it is."""
    try:
        return archive.transcript(key)
    except TranscriptError:
        return None
