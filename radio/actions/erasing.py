"""Take what must be nowhere any more out of files about many episodes. Files of an episode go by
name (`stores.files`). Lists, history and journal keep what is of others; what is left of an act may
still be undone. A correction, a name of a glossary or a prompt goes if the episode said it and no
other text of the show does. Copies that editors left go with their episode; keepers are told of
others."""

import contextlib
import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path, PurePosixPath

from radio.actions.pseudonym_texts import WRITTEN
from radio.archive import Archive, history, journal, paths
from radio.archive.changes import TRASH
from radio.archive.episode import MIME, PICTURES, Show, render_show
from radio.archive.facts import amended
from radio.archive.glossary import entries
from radio.archive.gone import Forgotten
from radio.archive.history import Act, Rewriting
from radio.archive.paths import key_of, stem
from radio.archive.removal import SEALED
from radio.archive.slugs import naming
from radio.archive.stores import BESIDE, SHOWS, walk, without
from radio.french.letters import composed
from radio.system.disk import is_file, is_temporary, read_bytes, regular_files, write_whole
from radio.system.errors import ArchiveError, RadioError
from radio.text.transcript import LARGEST_EVIDENCE, Cue, Segment, read_evidence, render_evidence
from radio.transcribe.names import names_in

PROMPT = "prompt"  # in the parameters of an evidence
ARTICLE = re.compile(r"^(?:l['’]|(?:la|les?|the)\s+)", re.IGNORECASE)
UNREAD = (*MIME, *PICTURES)  # ends of names of files without text
OWN = {each.path for each in BESIDE}
KEPT = (history.FOLDER, journal.FOLDER)
LOCK = re.compile(r"\.\w+\.lock")

Holds = Callable[[str], bool]  # whether what was taken away may stand in a text


def history_without(
    root: Path, what: Forgotten, amend: Callable[[Act], Act], *, forgotten: bool = False
) -> dict[str, str | None]:
    """Give the acts of the history without an episode, by path; None: the act goes. `amend` takes
    more out; if `forgotten`, no act names the episode any more."""
    changes = dict[str, str | None]()
    for act in history.acts(root):
        moved = ((each, {key_of(each.old), key_of(each.new)}) for each in act.renamings)
        renamings = tuple(each for each, keys in moved if not what.keys & keys)
        written = tuple(each for each in act.rewritings if key_of(each.path) not in what.keys)
        own = replace(act, renamings=renamings, rewritings=written)
        left = amend(_unnamed(own, what) if forgotten else own)
        if left != act:
            path, text = history.record(left)
            has_files = any(each.path.startswith(SHOWS) for each in left.rewritings)
            is_left = left.renamings or has_files or left.what == "ingest"
            changes[path] = text if is_left else None
    return changes


def _unnamed(act: Act, what: Forgotten) -> Act:
    named = [naming(key) for key in what.keys]

    def hidden(text: str) -> str:
        for each in named:
            text = each.sub("…", text)
        return text

    left = list[Rewriting]()
    for each in act.rewritings:
        known = each
        with contextlib.suppress(ArchiveError):  # of a list that can't be read: it is looked at so
            texts = (text and without(each.path, text, what) for text in (each.before, each.after))
            known = Rewriting(each.path, *texts)
        if not any(key.search(f"{known.before or ''} {known.after or ''}") for key in named):
            left.append(known)
    keys, facts = tuple(map(hidden, act.keys)), amended(act.facts, hidden)
    return replace(act, keys=keys, facts=facts, rewritings=tuple(left))


@dataclass(frozen=True)
class UnsaidWords:
    """What a show has of words that it says nowhere any more."""

    show: Show
    wrong: frozenset[str] = frozenset()  # what was misheard, of its corrections
    entries: frozenset[str] = frozenset()  # of its glossary and prompts

    @cached_property
    def words(self) -> frozenset[str]:
        """All words to remove."""
        right = (self.show.corrections[each] for each in self.wrong)
        return frozenset((*self.wrong, *right, *self.entries))

    def changes(self) -> dict[str, str | None]:
        """Give the file of the show without them, by path; None for a copy to delete."""
        if not self.words:
            return {}
        show = self.show
        corrections = {a: b for a, b in show.corrections.items() if a not in self.wrong}
        names = tuple(each for each in show.glossary if each not in self.entries)
        left = render_show(replace(show, corrections=corrections, glossary=names)).decode()
        return {paths.show(show.slug): left, f"cache/shows/{show.slug}.json": None}

    def amend(self, act: Act) -> Act:
        """Remove them from an act of the history."""
        written = [json.dumps(each, ensure_ascii=False) for each in self.words]

        def tells(each: Rewriting) -> bool:
            texts = f"{each.before} {each.after}"
            return each.path == paths.show(self.show.slug) and any(w in texts for w in written)

        facts = {} if act.what == "mend" and self._are_in(act.line) else act.facts
        left = tuple(each for each in act.rewritings if not tells(each))
        return replace(act, facts=facts, rewritings=left)

    def forget(self, archive: Archive) -> None:
        """Remove them from the journal, and from the prompts in the show's evidences."""

        def without(entry: journal.Entry) -> journal.Entry:
            is_meant = entry.what == "mend" or entry.key == self.show.slug
            return replace(entry, facts={}) if is_meant and self._are_in(entry.line) else entry

        if self.words:
            journal.keep(archive.root, without)
            for path in sorted((archive.transcripts / self.show.slug).glob("[!.]*.json")):
                with contextlib.suppress(RadioError):  # what can't be read is no evidence
                    old = read_bytes(path, LARGEST_EVIDENCE)
                    if (new := self.untold(old, path)) != old:
                        write_whole(path, new)

    def untold(self, evidence: bytes, where: object) -> bytes:
        """Remove them from the prompt of an evidence."""
        known = read_evidence(evidence, where)
        prompt = str(known.parameters.get(PROMPT, ""))
        left = self._names.sub("…", prompt) if self._names else prompt
        if left == prompt:
            return evidence
        return render_evidence(replace(known, parameters={**known.parameters, PROMPT: left}))

    @cached_property
    def _names(self) -> "re.Pattern[str] | None":
        names = (ARTICLE.sub("", each) for each in entries(self.entries))
        parts = sorted(map(re.escape, filter(None, names)), key=len, reverse=True)
        return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE) if parts else None

    def _are_in(self, text: str) -> bool:
        return any(each in text for each in self.words)


def find_unsaid(archive: Archive, key: str, before: str, after: str) -> UnsaidWords:
    """Find what only the former text of an episode said, in all the show."""
    slug = key.partition("/")[0]
    try:
        show = archive.read_show(slug)
    except RadioError:
        return UnsaidWords(Show("", ""))
    sides = {wrong: (wrong, right) for wrong, right in show.corrections.items()}
    prompted = names_in([before])  # which prompts may have
    names = {each: tuple(entries([each])) for each in (*prompted, *show.glossary)}
    was, now = _plain(before), _plain(after)
    lost = {w for w in (*sides.values(), *names.values()) if _says(was, w) and not _says(now, w)}
    for other in archive.episodes(slug) if lost else ():
        if lost and other.key != key:
            said = _plain(text_said(archive, other.key))
            lost = {words for words in lost if not _says(said, words)}
    wrong = frozenset(each for each, words in sides.items() if words in lost)
    return UnsaidWords(show, wrong, frozenset(each for each in names if names[each] in lost))


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


def _says(plain: str, words: Iterable[str]) -> bool:
    return any((each := _plain(word)).strip() and each in plain for word in words)


def _plain(text: str) -> str:
    """Write words in small letters, each between two spaces.

    >>> _plain("L’Amnesty.")
    ' l amnesty '
    """
    words = re.findall(r"\w+", composed(text).casefold())
    return f" {' '.join(words)} "


def speaking_of(keys: Iterable[str], sounds: Iterable[str]) -> Holds:
    """Give a test whether a text has a key of an episode or a hash of a recording."""
    words = (*(key.partition("/")[2] for key in keys), *sounds)
    return lambda text: any(each in text for each in words)


def copies_of(archive: Archive, is_meant: Callable[[str], bool], holds: Holds) -> Iterator[str]:
    """Name the files, also trashed or sealed, that are meant, not rewritten, and may hold it."""
    for path in walk(archive.root, *SHOWS, TRASH, SEALED):
        if is_meant(path) and not _is_written(path) and _may_hold(archive.root / path, holds):
            yield path


def unknown_files(archive: Archive, keys: Collection[str], holds: Holds) -> Iterator[str]:
    """Name the files unknown to the program, of some episodes or of none, that may hold it."""
    beside = sorted(regular_files(archive.root, lambda name: not is_temporary(name)))
    for path in (*beside, *walk(archive.root, *SHOWS, *KEPT)):
        if _is_unknown(archive, path, keys) and _may_hold(archive.root / path, holds):
            yield path


def _is_written(path: str) -> bool:
    """Whether acts rewrite such a file of an episode, or it has no text."""
    place = PurePosixPath(path)
    if "transcripts" in place.parts:
        return place.suffix in WRITTEN
    return place.suffix in UNREAD or place.name == f"{stem(place.name)}.json"


def _is_unknown(archive: Archive, path: str, keys: Collection[str]) -> bool:
    place, key = PurePosixPath(path), key_of(path)
    if len(place.parts) == 1:
        return path not in OWN and not LOCK.fullmatch(path)
    if place.parts[0] in KEPT:
        return place.suffix not in (".json", ".jsonl", ".lock") and "uploads" not in place.parts
    if key in keys or key.endswith("/show"):
        return not _is_written(path)
    return not is_file(archive.media / f"{key}.json")


def _may_hold(path: Path, holds: Holds) -> bool:
    """Whether it may stand in the name or, in any encoding, in the text of a file."""
    if holds(path.name):
        return True
    try:
        content = b"" if path.suffix in UNREAD else read_bytes(path)
    except ArchiveError:
        return False
    decoded = content.decode(json.detect_encoding(content), "replace")
    return holds(decoded) or holds(content.replace(b"\0", b"").decode("latin-1"))
