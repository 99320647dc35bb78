"""Proposals follow their sentences where a text gets other times, as with another recording."""

from collections.abc import Mapping
from dataclasses import replace
from difflib import SequenceMatcher

from radio.archive import Archive
from radio.archive.traces import keys_of
from radio.proposals import queue as proposals
from radio.proposals.queue import Mending, hash_of, name_of
from radio.proposals.text import find, sentence_of
from radio.system.errors import TranscriptError
from radio.text.transcript import Cue, Transcript


def follow(archive: Archive, key: str, before: Transcript | None) -> None:
    """Let what listeners proposed for a text go on meaning its sentences, in the present one.

    What is in it no longer keeps its times. Raises ArchiveError if the disk refuses.
    """
    after = text_of(archive, key)
    if before is None or after is None:
        return
    cues, places = before.cues, _places(before.cues, after.cues)

    def moved(each: Mending) -> Mending:
        where = find(cues, each.start, each.end, each.seen)
        own = cues[where.start : where.stop] if where else ()
        if not own or not places.keys() >= {*own}:
            return each
        start, end = places[own[0]].start, places[own[-1]].end
        seen = hash_of(start, end, sentence_of(own))
        return replace(
            each, id=name_of(each.key, seen, each.words), start=start, end=end, seen=seen
        )

    proposals.move(archive.root, keys_of(archive, archive.episode(key)), moved)


def text_of(archive: Archive, key: str) -> Transcript | None:
    """Read the text of record; none where it can't be read, for then it stays as it is."""
    try:
        return archive.transcript(key)
    except TranscriptError:
        return None


def _places(before: tuple[Cue, ...], after: tuple[Cue, ...]) -> Mapping[Cue, Cue]:
    """Tell which cue of another text each cue has become, in their order."""
    places = dict[Cue, Cue]()
    old, new = ([cue.text for cue in cues] for cues in (before, after))
    for first, begin, size in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        pairs = zip(before[first : first + size], after[begin : begin + size], strict=True)
        places.update(pairs)
    return places
