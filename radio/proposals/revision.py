"""What somebody changed of a text in a word processor, sentence by sentence. The text is compared
with the one that the document was made of: what others changed since is never taken for theirs."""

import contextlib
import json
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from pathlib import Path
from unicodedata import category

from radio.archive import Archive, history, paths, stores
from radio.archive.episode import Episode
from radio.archive.keys import keys_of, pseudonyms_of
from radio.archive.pseudonyms import substitute
from radio.proposals.intake import UNSEEN
from radio.proposals.queue import hash_of
from radio.proposals.sentences import EpisodeText, SeenPlace, SentenceEdit, place_of
from radio.system.disk import read_bytes
from radio.system.errors import RadioError, TranscriptError
from radio.system.messages import _
from radio.text.aligned import bare, equal_words
from radio.text.sentences import sentence_of, split_cues
from radio.text.transcript import LARGEST_TEXT, Cue, paragraphs, read_vtt
from radio.transcribe import manuscripts
from radio.transcribe.attribution import LONGEST_NAME
from radio.transcribe.documents import ScriptLine
from radio.transcribe.manuscripts import Manuscript, version_of

LEAST = 0.4  # share of the words of the shorter one that a document and a text have in common
GONE = 5  # sentences in a row; who lacks more has a part of the document alone
SHARED = 0.34  # likewise of two sentences, from which on one has become the other
FASTEST = 30.0  # letters that anybody says in a second
_SIGNS = str.maketrans({"’": "'", "“": '"', "”": '"', "«": '"', "»": '"', "‑": "-", "…": "..."})


@dataclass(frozen=True)
class SaidSentence:
    """A sentence of a text."""

    cues: tuple[Cue, ...]

    @property
    def words(self) -> str:
        """Its words."""
        return sentence_of(self.cues)

    @property
    def start(self) -> float:
        """When it begins, in seconds."""
        return self.cues[0].start

    @property
    def end(self) -> float:
        """When it ends, in seconds."""
        return self.cues[-1].end

    @property
    def place(self) -> SeenPlace:
        """Where it stands, as it was seen."""
        return SeenPlace(self.start, self.end, hash_of(self.start, self.end, self.words))


@dataclass(frozen=True)
class RevisedSentence:
    """A sentence, or some, that a document has otherwise than the text."""

    edit: SentenceEdit
    before: str  # as it stands
    was: str = ""  # as it stood when the document was made, if somebody changed it since
    is_open: bool = False  # for a person to choose: it changed, nobody knows, or much is missing

    @property
    def start(self) -> float:
        """When it begins, in seconds."""
        return self.edit.places[0].start

    @property
    def after(self) -> str:
        """Its words in the document, with who is said to speak where that changes."""
        lines = zip(self.edit.voices, self.edit.lines, strict=False)
        return " ".join(f"{voice}\u00a0: {line}" if voice else line for voice, line in lines)


@dataclass(frozen=True)
class Revision:
    """What a document changes of a text."""

    changes: tuple[RevisedSentence, ...]
    unplaced: tuple[ScriptLine, ...]  # sentences for which there is no time
    is_known: bool = True  # whether the text that it was made of is

    @property
    def free(self) -> list[SentenceEdit]:
        """What can be written at once."""
        return [each.edit for each in self.changes if not each.is_open]

    @property
    def open(self) -> list[RevisedSentence]:
        """What a person has to choose."""
        return [each for each in self.changes if each.is_open]


def document_of(archive: Archive, episode: Episode) -> bytes:
    """Write the text of an episode for a word processor. Raises TranscriptError without a text."""
    text = EpisodeText.read(archive, episode.key)
    spoken = archive.show(episode.show).language_of(episode)
    return manuscripts.write(episode.key, episode.title, text.transcript, spoken)


def revise(archive: Archive, key: str, path: Path) -> Revision:
    """Compare a document with a text; replaced names stay replaced. Raises TranscriptError if there
    is no text, or the document is of another one; else as `documents.read` does."""
    episode, text = archive.episode(key), EpisodeText.read(archive, key)
    hidden, keys = pseudonyms_of(archive, episode), keys_of(archive, episode)
    read = manuscripts.read(path, {cue.voice for cue in text.cues if cue.voice})
    if read.key and read.key not in keys:
        message = _("{path} : c’est le texte de {other}, pas celui de {key}")
        raise TranscriptError(message, path=path.name, other=read.key, key=key)
    known = _base(archive, read, text.cues, keys)
    pairs = [
        (substitute(_seen(each.text), hidden), substitute(_seen(each.voice), hidden))
        for each in read.lines
    ]
    said, lines = sentences(known or text.cues), [ScriptLine(*each) for each in pairs]
    found, unplaced = list[RevisedSentence](), list[ScriptLine]()
    present = sentences(text.cues)
    for (first, last), (begin, end) in _compare(said, lines, path.name):
        if first == last:
            unplaced += lines[begin:end]
        elif changed := _revised(text.cues, present, said[first:last], lines[begin:end]):
            is_open = not known or (begin == end and last - first > GONE) or changed.is_open
            found.append(replace(changed, is_open=is_open))
    return Revision(tuple(found), tuple(unplaced), is_known=known is not None)


def sentences(cues: Sequence[Cue]) -> list[SaidSentence]:
    """Cut a text into its sentences."""
    every = list[SaidSentence]()
    for paragraph in paragraphs(cues):
        every += (SaidSentence(paragraph[first:last]) for first, last in split_cues(paragraph))
    return [each for each in every if each.words]


def _base(
    archive: Archive, read: Manuscript, cues: tuple[Cue, ...], keys: Collection[str]
) -> tuple[Cue, ...] | None:
    """Find the text that a document was made of: the present one, one set aside, or one of the
    history."""
    if not read.version or version_of(cues) == read.version:
        return cues if read.version else None
    for known in _formerly(archive, keys):
        if version_of(known) == read.version:
            return known
    return None


def _formerly(archive: Archive, keys: Collection[str]) -> Iterator[tuple[Cue, ...]]:
    for path in stores.files(archive.root, keys, "transcripts"):
        if path.endswith(".vtt"):
            with contextlib.suppress(RadioError):
                yield read_vtt(read_bytes(archive.root / path, LARGEST_TEXT), path).cues
    where = [paths.transcript(each) for each in keys]
    for act in history.acts(archive.root, *where):
        texts = ((each.before, each.after) for each in act.rewritings if each.path in where)
        for text in filter(None, chain.from_iterable(texts)):
            with contextlib.suppress(TranscriptError):
                yield read_vtt(text.encode(), act.name).cues


Places = tuple[int, int]  # the first of some sentences, and the one after the last
Block = tuple[Places, Places]  # of a text, of a document


def _compare(said: Sequence[SaidSentence], lines: Sequence[ScriptLine], name: str) -> list[Block]:
    """Lay a document on a text, sentence by sentence."""
    old = [(bare(word) or word, n) for n, each in enumerate(said) for word in each.words.split()]
    new = [(bare(word) or word, n) for n, each in enumerate(lines) for word in each.text.split()]
    matches = equal_words([word for word, _n in new], [word for word, _n in old])
    if len(matches) < LEAST * min(len(old), len(new)):
        message = _("{path} : presque rien n’en est dans ce texte ; est-ce le bon document ?")
        raise TranscriptError(message, path=name)
    shared = dict[Places, int]()
    for place, other in matches.items():
        both = old[other][1], new[place][1]
        shared[both] = shared.get(both, 0) + 1
    sizes = [len(each.words.split()) for each in said], [len(it.text.split()) for it in lines]
    strong = ((a, b) for (a, b), n in shared.items() if n >= SHARED * min(sizes[0][a], sizes[1][b]))
    blocks = _between(_blocks(sorted(strong)), len(said), len(lines))
    return _with_added(blocks, said, lines)


def _blocks(links: Sequence[Places]) -> Iterator[Block]:
    """Put together what shares a sentence; links go forward on both sides."""
    block: Block | None = None
    for one, other in links:
        if block and (one < block[0][1] or other < block[1][1]):
            block = (block[0][0], max(one + 1, block[0][1])), (block[1][0], other + 1)
            continue
        if block:
            yield block
        block = (one, one + 1), (other, other + 1)
    if block:
        yield block


def _between(blocks: Iterator[Block], said: int, lines: int) -> Iterator[Block]:
    """Add what lies between: one for one where there are as many, else as a whole."""
    end: Block = (said, said), (lines, lines)
    for before, block in pairwise((((0, 0), (0, 0)), *blocks, end)):
        (first, begin), (last, stop) = (before[0][1], before[1][1]), (block[0][0], block[1][0])
        if last - first == stop - begin:
            for n in range(last - first):
                yield (first + n, first + n + 1), (begin + n, begin + n + 1)
        else:
            yield (first, last), (begin, stop)
        if block is not end:
            yield block


def _with_added(
    blocks: Iterator[Block], said: Sequence[SaidSentence], lines: Sequence[ScriptLine]
) -> list[Block]:
    """Have what was added go with the sentence before it, if it can be said until the next one."""
    found = list[Block]()
    for (first, last), (begin, end) in blocks:
        if first == last and found and begin < end:
            (own, before), (since, _until) = found[-1]
            until = said[first].start if first < len(said) else said[-1].end + 10
            letters = sum(len(each.text) for each in lines[since:end])
            if own < before and letters <= FASTEST * (until - said[own].start):
                found[-1] = (own, before), (since, end)
                continue
        if first < last or begin < end:
            found.append(((first, last), (begin, end)))
    return found


def _seen(words: str) -> str:
    """Leave out signs that nobody sees."""
    return "".join(each for each in words if each == " " or category(each) not in UNSEEN)


def _plain(words: str) -> str:
    """Give words without what word processors change by themselves."""
    return re.sub(r"\s*([\":;!?])\s*", r"\1", " ".join(words.translate(_SIGNS).split()))


def _revised(
    cues: Sequence[Cue],
    present: Sequence[SaidSentence],
    before: Sequence[SaidSentence],
    after: Sequence[ScriptLine],
) -> RevisedSentence | None:
    """Tell what a document changes of some sentences; None for nothing."""
    was, words = " ".join(it.words for it in before), " ".join(line.text for line in after)
    voices = {cue.voice for it in before for cue in it.cues}
    named = tuple(it.voice if it.voice and voices != {it.voice} else None for it in after)
    is_same = _plain(was) == _plain(words)
    if is_same and not any(named):
        return None
    written = [was] if is_same and len(after) == 1 else [line.text for line in after]
    places = tuple(it.place for it in before)
    edit = SentenceEdit(places, "\n".join(written), voices=named or (None,))
    where = place_of(cues, edit)
    now = {cue.voice for cue in cues[where.start : where.stop]} if where else set[str]()
    if where and (not any(named) or now == voices):
        return RevisedSentence(edit, was)
    start, end = places[0].start, places[-1].end
    here = [it for it in present if it.start < end and it.end > start]
    theirs = " ".join(it.words for it in here)
    if not here or (_plain(theirs) == _plain(words) and {*named} <= {None, *now}):
        return None
    edit = replace(edit, places=tuple(it.place for it in here))
    return RevisedSentence(edit, theirs, was, is_open=_plain(theirs) != _plain(was) or bool(where))


def written_of(edit: SentenceEdit) -> str:
    """Write an edit for a form."""
    places = [(each.start, each.end, each.seen) for each in edit.places]
    return json.dumps([places, edit.words, edit.voices], ensure_ascii=False)


def edit_of(text: str) -> SentenceEdit:
    """Read what `written_of` wrote. Raises ValueError if it is anything else."""
    try:
        places, words, voices = json.loads(text)
        found = tuple(SeenPlace(float(start), float(end), str(seen)) for start, end, seen in places)
        spoken: tuple[str | None, ...] = tuple(
            str(each)[:LONGEST_NAME] if each else None for each in voices
        )
        if found and spoken:
            return SentenceEdit(found, str(words), voices=spoken)
    except TypeError as error:
        raise ValueError(text) from error
    raise ValueError(text)
