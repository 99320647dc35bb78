"""Remnants: words that were taken out of an episode, and stand in what its show keeps besides.

A correction or a name of a glossary goes if the episode said it, and no text of the show does any
more; so does it from the history, the journal and what machines were told before they listened.
"""

import contextlib
import json
import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, replace
from functools import cached_property

from radio.archive import Archive, journal, paths
from radio.archive.episode import Show, render_show
from radio.archive.glossary import entries
from radio.archive.history import Act, Rewriting
from radio.archive.removal import Wording
from radio.french.letters import composed
from radio.system.disk import read_bytes, write_whole
from radio.system.errors import RadioError
from radio.text.transcript import LARGEST_EVIDENCE, Cue, Segment, read_evidence, render_evidence

PROMPT = "prompt"  # in the parameters of an evidence
ARTICLE = re.compile(r"^(?:l['’]|(?:la|les?|the)\s+)", re.IGNORECASE)


@dataclass(frozen=True)
class Remnants:
    """What a show keeps of words that it says nowhere any more."""

    show: Show
    wrong: frozenset[str] = frozenset()  # what was misheard, of its corrections
    entries: frozenset[str] = frozenset()  # of its glossary

    @property
    def words(self) -> frozenset[str]:
        """All words that are to be kept nowhere."""
        right = (self.show.corrections[each] for each in self.wrong)
        return frozenset((*self.wrong, *right, *self.entries))

    def wordings(self) -> Iterator[Wording]:
        """Give the file of the show without them."""
        if self.words:
            show = self.show
            kept = {a: b for a, b in show.corrections.items() if a not in self.wrong}
            names = tuple(each for each in show.glossary if each not in self.entries)
            left = replace(show, corrections=kept, glossary=names)
            yield Wording(paths.show(show.slug), render_show(left).decode())

    def deletions(self) -> Iterator[str]:
        """Name what else has them, beneath the root: it is made anew."""
        if self.words:
            yield f"cache/shows/{self.show.slug}.json"

    def amend(self, act: Act) -> Act:
        """Take them out of an act of the history."""
        facts = {} if act.what == "mend" and self._are_in(act.line) else act.facts
        left = tuple(each for each in act.rewritings if not self._tells(each))
        return replace(act, facts=facts, rewritings=left)

    def forget(self, archive: Archive) -> None:
        """Take them out of the journal, and of what machines were told of the show's episodes.

        Raises ArchiveError if the disk refuses.
        """
        if self.words:
            journal.keep(archive.root, self._without)
            for path in sorted((archive.transcripts / self.show.slug).glob("[!.]*.json")):
                with contextlib.suppress(RadioError):  # what can't be read is no evidence
                    old = read_bytes(path, LARGEST_EVIDENCE)
                    if (new := self.untold(old, path)) != old:
                        write_whole(path, new)

    def untold(self, evidence: bytes, where: object) -> bytes:
        """Take them out of what a machine was told before it listened, as its evidence says.

        Raises ArchiveError if that can't be read.
        """
        known = read_evidence(evidence, where)
        told = str(known.parameters.get(PROMPT, ""))
        left = self._names.sub("…", told) if self._names else told
        if left == told:
            return evidence
        return render_evidence(replace(known, parameters={**known.parameters, PROMPT: left}))

    @cached_property
    def _names(self) -> "re.Pattern[str] | None":
        """Find names of the glossary that go; the article before them may have changed."""
        names = (ARTICLE.sub("", each) for each in entries(self.entries))
        parts = sorted(map(re.escape, filter(None, names)), key=len, reverse=True)
        return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE) if parts else None

    def _tells(self, rewriting: Rewriting) -> bool:
        texts = f"{rewriting.before} {rewriting.after}"
        written = (json.dumps(each, ensure_ascii=False) for each in self.words)
        return rewriting.path == paths.show(self.show.slug) and any(
            each in texts for each in written
        )

    def _without(self, entry: journal.Entry) -> journal.Entry:
        is_meant = entry.what == "mend" or entry.key == self.show.slug
        return replace(entry, facts={}) if is_meant and self._are_in(entry.line) else entry

    def _are_in(self, text: str) -> bool:
        return any(each in text for each in self.words)


def find_remnants(archive: Archive, key: str, before: str, after: str) -> Remnants:
    """Find what a show keeps of an episode that said one thing and says another from now on."""
    try:
        show = archive.read_show(key.partition("/")[0])
    except RadioError:
        return Remnants(Show("", ""))
    sides = {wrong: (wrong, right) for wrong, right in show.corrections.items()}
    names = {each: tuple(entries([each])) for each in show.glossary}
    lost = _lost(archive, key, (before, after), {*sides.values(), *names.values()})
    return Remnants(
        show,
        frozenset(wrong for wrong, words in sides.items() if words in lost),
        frozenset(each for each, words in names.items() if words in lost),
    )


def said_in(cues: Iterable[Cue], heard: Iterable[Segment]) -> str:
    """Write all that is said in an episode, by its text and by what the machine heard."""
    return " ".join((*(each.text for each in cues), *(each.text for each in heard)))


def text_said(archive: Archive, key: str) -> str:
    """Write all that is said in an episode; what can't be read is left out."""
    try:
        text, evidence = archive.transcript(key), archive.evidence(key)
    except RadioError:
        return ""
    return said_in(text.cues if text else (), evidence.segments if evidence else ())


def _lost(
    archive: Archive, key: str, both: tuple[str, str], some: Set[tuple[str, ...]]
) -> set[tuple[str, ...]]:
    """Tell which words were said in an episode before, and are in no text of its show any more."""
    before, after = map(_plain, both)
    lost = {words for words in some if _says(before, words) and not _says(after, words)}
    for other in archive.episodes(key.partition("/")[0]) if lost else ():
        if lost and other.key != key:
            said = _plain(text_said(archive, other.key))
            lost = {words for words in lost if not _says(said, words)}
    return lost


def _says(plain: str, words: Iterable[str]) -> bool:
    return any((each := _plain(word)).strip() and each in plain for word in words)


def _plain(text: str) -> str:
    """Write words in small letters, each between two spaces.

    >>> _plain("L’Amnesty.")
    ' l amnesty '
    """
    words = re.findall(r"\w+", composed(text).casefold())
    return f" {' '.join(words)} "
