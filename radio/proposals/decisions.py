"""What keepers decide on what listeners propose: yes, yes in other words, or no. What waits is
folded, so that a flood is refused as one. What several propose alike is in no fold: somebody should
look at it. Functions raise ArchiveError if the disk refuses."""

import contextlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from radio.archive import Archive, journal
from radio.archive.acts import perform
from radio.archive.facts import Facts
from radio.archive.forwarding import episode_at
from radio.archive.history import Act
from radio.archive.keys import pseudonyms_of
from radio.archive.pseudonyms import substitute
from radio.french.letters import tidy
from radio.proposals.intake import fault_in
from radio.proposals.queue import Mending, changing, read
from radio.proposals.sentences import EpisodeText, find
from radio.system.errors import NotFoundError, RadioError, TranscriptError
from radio.system.messages import _
from radio.text.aligned import AlignedText, word_differences
from radio.text.transcript import Transcript

LEAST = 10  # proposals that are worth a fold
MOST = 12  # folds that are shown

Kind = Literal["day", "episode", "words", "far"]


@dataclass(frozen=True)
class Fold:
    """Proposals that have something in common."""

    kind: Kind
    value: str  # the day, the key of the episode, the words that are new; of far ones nothing
    ids: tuple[str, ...]

    @property
    def name(self) -> str:
        """The fold in an address."""
        return f"{self.kind}:{self.value}"


@dataclass(frozen=True)
class WaitingMending:
    """A proposal that waits, and whether its sentence stands as it was seen."""

    mending: Mending
    trouble: str = ""  # why it can't be accepted; empty where it can


def waiting(archive: Archive) -> list[WaitingMending]:
    """List what waits: what several propose first, then the oldest."""
    return judge(archive, in_order(archive))


def in_order(archive: Archive) -> list[Mending]:
    """List what waits, as `waiting` does, without reading any text."""
    known = (_today(archive, each) for each in read(archive.root).waiting)
    return sorted(known, key=lambda each: -each.count)


def judge(archive: Archive, found: Sequence[Mending]) -> list[WaitingMending]:
    """Check of proposals whether their sentences stand as they were seen."""
    transcripts = dict[str, Transcript | str]()  # or why there is none
    for key in {each.key for each in found}:
        try:
            archive.episode(key)
            gone = _("{key} : plus de transcription", key=key)
            transcripts[key] = archive.transcript(key) or gone
        except RadioError as error:
            transcripts[key] = str(error)

    def trouble(each: Mending) -> str:
        transcript = transcripts[each.key]
        if isinstance(transcript, str):
            return transcript
        is_there = find(transcript.cues, each.start, each.end, each.seen)
        return _("la phrase a changé entre-temps") if is_there is None else ""

    return [WaitingMending(each, trouble(each)) for each in found]


def _today(archive: Archive, each: Mending) -> Mending:
    """Give a proposal with the present key of its episode."""
    with contextlib.suppress(RadioError):
        return replace(each, key=episode_at(archive, each.key))
    return each


def waiting_mending(archive: Archive, name: str) -> Mending:
    """Give a proposal that waits. Raises NotFoundError if there is none of that name."""
    for each in read(archive.root).waiting:
        if each.id == name:
            return _today(archive, each)
    message = _("{name} : pas de telle proposition ; `radio text proposals` les liste")
    raise NotFoundError(message, name=name)


def accept(archive: Archive, name: str, text: str = "", who: str = "") -> Mending:
    """Write what a listener proposes, or a keeper's own `text`, into the transcript; can be undone.
    A person answers for it from then on. Raises NotFoundError, or TranscriptError if its sentence
    changed meanwhile or the words can't be taken; then nothing was done."""
    each = waiting_mending(archive, name)
    hidden = pseudonyms_of(archive, archive.episode(each.key))
    words = substitute(tidy(text) or each.words, hidden)
    if fault_in(words, "", each.was) not in ("", "long"):
        raise TranscriptError(_("{name} : ce sont les mêmes mots ; donnez-en d’autres", name=name))
    with EpisodeText.held(archive, each.key) as before:
        where = find(before.cues, each.start, each.end, each.seen)
        if where is None:
            message = _("{name} : la phrase a changé entre-temps ; rien n’a été fait")
            raise TranscriptError(message, name=name)
        sentence = AlignedText(before.cues[where.start : where.stop]).with_words(words)
        rewriting = before.rewriting(before.with_cues(where, sentence.cues).written)
        perform(archive, Act("mend", (each.key,), _place(each), (), (rewriting,), who=who))
    accepted = replace(each, accepted=words)
    with changing(archive.root) as states:
        old = states[-1]
        left = tuple(one for one in old.waiting if one.id != name)
        states.append(replace(old, waiting=left, accepted=(*old.accepted, accepted)))
    journal.note(archive.root, "mend", key=each.key, facts=_place(each), who=who)
    return accepted


def refuse(archive: Archive, names: Iterable[str], who: str = "") -> int:
    """Refuse words, for ever in these sentences; return how many waited. Raises NotFoundError."""
    gone = [waiting_mending(archive, name) for name in dict.fromkeys(names)]
    _drop(archive, gone)
    for each in gone:
        journal.note(archive.root, "refuse", key=each.key, facts=_place(each), who=who)
    return len(gone)


def refuse_together(archive: Archive, gone: Sequence[Mending], who: str = "") -> int:
    """Refuse many as one entry of the journal; return how many waited."""
    number = _drop(archive, gone)
    journal.note(archive.root, "refuse", facts={"number": number}, who=who)
    return number


def _drop(archive: Archive, gone: Sequence[Mending]) -> int:
    """Remove proposals and remember that they were refused; return how many did wait."""
    with changing(archive.root) as states:
        old, ids = states[-1], {each.id for each in gone}
        left = tuple(each for each in old.waiting if each.id not in ids)
        states.append(replace(old, waiting=left, refused=(*old.refused, *ids)))
        return len(old.waiting) - len(left)


def _place(each: Mending) -> Facts:
    """Give facts without words, which may have to be forgotten one day."""
    return {"start": each.start}


def clear(mendings: Iterable[WaitingMending]) -> Iterator[str]:
    """Name those that can be accepted and are the only ones for their sentence."""
    found = list(mendings)
    rivals = Counter((each.mending.key, each.mending.seen) for each in found)
    for each in found:
        if rivals[each.mending.key, each.mending.seen] == 1 and not each.trouble:
            yield each.mending.id


def folds(waiting: Iterable[Mending]) -> list[Fold]:
    """Fold what waits by its day, its episode, and its new words; largest first."""
    found = defaultdict[tuple[Kind, str], list[str]](list)
    for each in waiting:
        if each.count == 1:
            found["day", each.day].append(each.id)
            found["episode", each.key].append(each.id)
            if each.is_far:
                found["far", ""].append(each.id)
            if new := _new_words(each):
                found["words", new].append(each.id)
    large = [Fold(*what, tuple(ids)) for what, ids in found.items() if len(ids) >= LEAST]
    return sorted(large, key=lambda each: -len(each.ids))[:MOST]


def unfold(waiting: Sequence[Mending], name: str) -> list[Mending]:
    """Give what is in a fold of some name; nothing where there is none by now."""
    ids = {one for each in folds(waiting) if each.name == name for one in each.ids}
    return [each for each in waiting if each.id in ids]


def _new_words(each: Mending) -> str:
    """Give the words that a proposal would bring, all numbers as 0.

    >>> _new_words(Mending("", "", 0, 1, "la kni dit", "", "la kni dit Montre-12 !", "2026-01-01"))
    'montre-0 !'
    """
    new = " ".join(words for words, is_new in word_differences(each.was, each.words)[1] if is_new)
    return re.sub(r"\d+", "0", new.casefold())
