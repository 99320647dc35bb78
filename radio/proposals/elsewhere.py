"""A corrected mishearing, found in all texts of its show: shown first, then corrected. Only machine
text: of texts that people changed, the cues that are as the machine wrote them; reread texts are
left alone. The show saves the correction for the machine's next texts."""

import contextlib
import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from radio.archive import Archive, journal, paths
from radio.archive.acts import perform, require_idle, require_own
from radio.archive.authorship import naming
from radio.archive.episode import Episode, Show, render_show
from radio.archive.facts import name_some
from radio.archive.glossary import entries
from radio.archive.history import Act, Rewriting, text_of
from radio.archive.keys import pseudonyms_of
from radio.archive.pseudonyms import hide_in_words
from radio.french.letters import composed
from radio.proposals.queue import Mending, read
from radio.proposals.sentences import EpisodeText
from radio.system.disk import write_whole
from radio.system.errors import ArchiveError, NotFoundError, RadioError
from radio.system.messages import _
from radio.text.aligned import SIGNS, AlignedText, align, evenly
from radio.text.transcript import Cue, Transcript, render_evidence, render_vtt
from radio.transcribe.attribution import speakers_of
from radio.transcribe.conventions import conventions
from radio.transcribe.corrections import compose, correct
from radio.transcribe.cues import CONNECTORS, LEANING_WORDS
from radio.transcribe.versions import is_by_hand

SHORTEST = 3  # letters of a word that is looked for by itself


@dataclass(frozen=True)
class OtherPlace:
    """Where the same mishearing stands, in a few words, and what would stand there."""

    key: str  # of the episode
    second: float
    before: str
    after: str
    is_left: bool = False  # a person answers for these words


@dataclass(frozen=True)
class Spread:
    """What some corrections change in the texts of a show."""

    show: Show
    pairs: Mapping[str, str]  # by what was misheard: what is right
    places: tuple[OtherPlace, ...]
    texts: Mapping[str, tuple[str, str]]  # of each episode: before and after
    untouched: frozenset[str]  # keys of those that nobody changed by hand

    @property
    def wrong_places(self) -> list[OtherPlace]:
        """The places that are corrected: no person answers for them."""
        return [each for each in self.places if not each.is_left]


def accepted_mending(archive: Archive, name: str) -> Mending:
    """Give a proposal that was accepted. Raises NotFoundError if it is unknown."""
    for each in reversed(read(archive.root).accepted):
        if each.id == name:
            return each
    raise NotFoundError(_("{name} : pas de telle proposition acceptée récemment", name=name))


def pairs_of(was: str, now: str) -> dict[str, str]:
    """Find what was misheard for what, without signs and common words."""
    old, new = ([word.replace("’", "'") for word in text.split()] for text in (was, now))
    before, after = ([word.strip(SIGNS).casefold() for word in words] for words in (old, new))
    found = dict[str, str]()
    for first, last, begin, end, is_equal in align(before, after):
        if is_equal or first == last or begin == end:
            continue
        for wrong, right in _paired(old[first:last], new[begin:end]):
            word = wrong.casefold()
            is_common = word in LEANING_WORDS or word in CONNECTORS or len(word) < SHORTEST
            if right and wrong != right and (" " in wrong or not is_common):
                found[wrong] = right
    return found


def _paired(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Pair words with those in their place, or all with all; an article of both left out."""
    if len(old) != len(new):
        yield " ".join(old).strip(SIGNS), " ".join(new).strip(SIGNS)
        return
    for one, other in ((a.strip(SIGNS), b.strip(SIGNS)) for a, b in zip(old, new, strict=True)):
        head, apostrophe, word = one.partition("'")
        is_shared = apostrophe and other.casefold().startswith(f"{head}'".casefold())
        yield (word, other[len(head) + 1 :]) if is_shared else (one, other)


def spread(archive: Archive, slug: str, pairs: Mapping[str, str]) -> Spread:
    """Find what corrections change in the texts of a show; nothing is done yet. Texts that can't be
    read are left out. Raises NotFoundError if there is no such show."""
    show = archive.read_show(slug)
    places, texts, untouched = list[OtherPlace](), dict[str, tuple[str, str]](), set[str]()
    for episode in suspects(archive, slug, pairs):
        with contextlib.suppress(RadioError):
            own, before, after = _correct(archive, show, episode, pairs)
            places += own
            if own and not own[0].is_left:
                texts[episode.key] = before, after
                untouched |= set() if is_by_hand(archive, episode.key) else {episode.key}
    return Spread(show, pairs, tuple(places), texts, frozenset(untouched))


def _correct(
    archive: Archive, show: Show, episode: Episode, pairs: Mapping[str, str]
) -> tuple[list[OtherPlace], str, str]:
    """Find where corrections change a text, or would if no person answered for it. Gives these
    places, and the text before and after; no place where no machine had a part in it."""
    key = episode.key
    file = text_of(archive.vtt_path(key)) or ""
    transcript, evidence = archive.transcript(key), archive.evidence(key)
    if transcript is None or evidence is None or not archive.is_transcribed(key):
        return [], file, file
    hidden, speakers = pseudonyms_of(archive, episode), speakers_of(archive, episode)
    known = conventions(show, episode)
    rules = dataclasses.replace(known, names=evidence.names, pseudonyms=hidden)

    def written(more: Mapping[str, str]) -> Transcript:  # the machine's text
        corrections = tuple({**show.corrections, **more}.items())
        corrected = dataclasses.replace(rules, corrections=corrections)
        return compose(evidence.segments, transcript.note, corrected, speakers)

    is_left = bool(transcript.form) or transcript.note.get("status") == "reread"
    is_untouched = not is_by_hand(archive, key)
    own = set() if is_untouched else set(map(_said, written({}).cues))
    text, places = EpisodeText.of(key, file, transcript), list[OtherPlace]()
    for place, cue in enumerate(transcript.cues):
        words = cue.text.split()
        heard = correct(list(evenly(words, cue.start, cue.end, 1.0)), pairs)
        after = [word.text for word in hide_in_words(heard, hidden)]
        is_own = is_left or is_untouched or _said(cue) in own  # as the machine wrote it
        corrected = " ".join(after)
        if corrected and after != words and is_own:
            places.append(OtherPlace(key, cue.start, _said(cue)[1], corrected, is_left))
            if not (is_left or is_untouched):
                cues = AlignedText((cue,)).with_words(corrected).cues
                text = text.with_cues(range(place, place + 1), cues)
    is_composed = is_untouched and places and not is_left
    return places, file, render_vtt(written(pairs)) if is_composed else text.written


def _said(cue: Cue) -> tuple[int, str]:
    """Give the start of a cue, in thousandths of a second, and its words on one line."""
    return round(cue.start * 1000), " ".join(cue.text.split())


def carry_out(archive: Archive, found: Spread, names: Iterable[str] = (), who: str = "") -> Act:
    """Correct what is shown; the show saves the corrections, and `names` in its glossary. Can be
    undone. Machine text stays the machine's. Raises ArchiveError, having done nothing."""
    slug = found.show.slug
    keys = (slug, *found.texts)  # the places alone: the words may have to be forgotten one day
    with archive.lock():
        require_own(archive)
        require_idle(archive, list(found.texts))
        # All texts must be unchanged before any evidence names the new ones.
        for key, (old, _new) in found.texts.items():
            if text_of(archive.vtt_path(key)) != old:
                raise ArchiveError(_("{key} : changé entre-temps ; rien n’a été fait", key=key))
        show = archive.read_show(slug)  # as people wrote it meanwhile
        known = set(entries(show.glossary))
        new_names = (name for name in dict.fromkeys(names) if name not in known)
        corrections, glossary = {**show.corrections, **found.pairs}, (*show.glossary, *new_names)
        after = dataclasses.replace(show, corrections=corrections, glossary=glossary)
        before = text_of(archive.show_path(slug))
        rewritings = [Rewriting(paths.show(slug), before, render_show(after).decode())]
        for key, (old, new) in found.texts.items():
            evidence = archive.evidence(key) if key in found.untouched else None
            if evidence:  # it names both texts, so that each counts as the machine's
                owned = naming(evidence, new, old.encode())
                write_whole(archive.evidence_path(key), render_evidence(owned))
            rewritings.append(Rewriting(paths.transcript(key), old, new))
        act = perform(archive, Act("mend", keys, {}, (), tuple(rewritings), who=who))
    facts = {"other": name_some(list(found.texts))}
    journal.note(archive.root, "mend", key=slug, facts=facts, who=who)
    return act


def suspects(archive: Archive, slug: str, pairs: Mapping[str, str]) -> list[Episode]:
    """List the episodes of a show whose texts have the longest word of a mishearing."""
    words = (re.findall(r"\w+", composed(wrong).lower()) for wrong in pairs)
    sought = [max(each, key=len) for each in words if each]
    found = list[Episode]()
    for each in archive.episodes(slug):
        with contextlib.suppress(RadioError):
            text = composed(text_of(archive.vtt_path(each.key)) or "").lower()
            if any(word in text for word in sought):
                found.append(each)
    return found
