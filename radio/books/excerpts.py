"""Excerpts: what episodes say at some seconds, in paragraphs with their own sound. Results become a
book without sound while somebody waits: a fifth of a second for ten episodes of two hours."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from radio import sound as audio
from radio.archive import Archive, holdings, passages
from radio.archive.dossier import Dossier, Line, Mentions, Subject
from radio.archive.episode import Episode
from radio.books.book import (
    Book,
    BookPart,
    BookSound,
    anthology,
    core_mime,
    read_part,
    with_recording,
)
from radio.books.text import BookChapter, SpokenParagraph
from radio.derived.copies import find_copy
from radio.formats import addresses
from radio.sound.recoding import as_mp3, recode
from radio.system.errors import warned
from radio.system.words import Words
from radio.text.chapters import Chapters

LEAD = 0.5  # seconds of sound before and after what is said
MOST = 200  # passages of a book
AT_ONCE = 20  # episodes that are read in the index

Tell = Callable[[Sequence[Line]], Dossier]  # finds what some episodes of a dossier say


def excerpts_of(
    archive: Archive, episode: Episode, seconds: Sequence[float], base_url: str
) -> list[BookPart]:
    """Give the paragraphs said at some seconds; neighbours stay together. Raises NotFoundError."""
    whole = read_part(archive, episode, Chapters(), base_url, has_music=False)
    said = [each for chapter in whole.chapters for each in chapter.paragraphs]
    places = (sum(each.start <= second + 0.01 for each in said) - 1 for second in seconds)
    chosen = {max(0, each) for each in places if said}
    runs = list[list[SpokenParagraph]]()
    for place in sorted(chosen):
        if place - 1 not in chosen:
            runs.append([])
        runs[-1].append(said[place])
    parts = list[BookPart]()
    for run in runs:
        start, end = run[0].start, min(run[-1].end, whole.end)
        chapters = (BookChapter("", start, tuple(run)),)
        part = replace(whole, chapters=chapters, start=start, end=end, is_further=bool(parts))
        parts.append(part)
    return parts


def parts_about(
    archive: Archive, subject: Subject, found: Mapping[str, Sequence[float]], base_url: str
) -> list[BookPart]:
    """Read what is said of a subject at some seconds; of a thread, what it holds."""
    if subject.kind == "thread":
        return list(_sewn(archive, subject, base_url))
    return list(parts_of(archive, found, base_url))


def _sewn(archive: Archive, thread: Subject, base_url: str) -> Iterator[BookPart]:
    """Read the passages of a thread, in its order, each below what its author says first."""
    met = set[str]()
    for entry in passages.read(archive, thread).entries:
        with warned():
            episode, (quoted,) = holdings.episode(archive, entry.key), entry.sentences
            start, end = quoted.start, quoted.end
            whole = read_part(archive, episode, Chapters(), base_url, has_music=False)
            spoken = (each.cues for it in whole.chapters for each in it.paragraphs)
            within = (tuple(cue for cue in cues if start <= cue.start < end) for cues in spoken)
            said = tuple(SpokenParagraph(it[0].start, it[-1].end, it) for it in within if it)
            chapters = (BookChapter(entry.before, start, said),)
            part = replace(whole, chapters=chapters, start=start, end=end)
            yield replace(part, is_further=entry.key in met)
            met.add(entry.key)


def parts_of(
    archive: Archive, found: Mapping[str, Sequence[float]], base_url: str
) -> Iterator[BookPart]:
    """Read what episodes say at some seconds; one that is gone by now is left out."""
    for key, seconds in found.items():
        with warned():
            episode = holdings.episode(archive, key)
            yield from excerpts_of(archive, episode, seconds, base_url)


def title_of_search(words: Words, query: str) -> str:
    """Name a book of what a search finds."""
    return words.say("Ce qui est dit de «\u00a0{words}\u00a0»", words=query)


def note_of_search(words: Words, found: Mapping[str, Sequence[float]], total: int) -> str:
    """Say how much of what was found is in it; `total` are the episodes found."""
    return words.say(
        "Passages\u00a0: {passages}. Épisodes\u00a0: {episodes}, sur {total} trouvés.",
        passages=sum(map(len, found.values())),
        episodes=len(found),
        total=total,
    )


def with_sounds(archive: Archive, book: Book, folder: Path) -> Book:
    """Give each part its sound, written to a folder: as received, cut, or a copy if books can't
    hold it. Raises AudioError and ReaderError if a recording can't be read."""
    pairs = ((part, f"{number:04d}-") for number, part in enumerate(book.parts, 1))
    parts = tuple(_with_sound(archive, part, folder, number) for part, number in pairs)
    return replace(book, parts=parts)


def _with_sound(archive: Archive, part: BookPart, folder: Path, number: str) -> BookPart:
    episode = part.episode
    path, mime = holdings.find(archive, episode, "audio"), core_mime(archive, episode)
    if path is None:
        return part
    if mime and part.is_whole:
        return with_recording(archive, part, number)
    name, start, made = f"sound-{number}{episode.slug}", 0.0, path
    if not part.is_whole:
        start = max(0.0, part.start - LEAD)
        made = folder / f"{name}{path.suffix}"
        with holdings.open_file(archive, episode, "audio") as file:
            made.write_bytes(audio.clip(file, start, part.end + LEAD))
    if not mime:
        known = find_copy(archive, episode) if part.is_whole else None
        copy, mime = known or folder / f"{name}.mp3", "audio/mpeg"
        if not known:
            recode(as_mp3, made, copy)
        made = copy
    sound = BookSound(f"{name}{made.suffix}", mime, copy=made, start=start)
    return replace(part, sound=sound)


@dataclass(frozen=True)
class Gathered:
    """When each episode speaks of a subject, as far as a book holds it."""

    seconds: Mapping[str, Sequence[float]]  # by key
    is_whole: bool
    years: str


def passages_of(lines: Sequence[Line], tell: Tell, most: int = MOST) -> Gathered:
    """Find when a subject is spoken of, or speaks. If a book can't hold it all: only the first
    passages of each episode, and only the last episodes."""
    some, found = lines[-most:], dict[str, list[float]]()
    for first in range(0, len(some), AT_ONCE):
        for entry in tell(some[first : first + AT_ONCE]).entries:
            if seconds := seconds_of(entry):
                found[entry.key] = [*found.get(entry.key, ()), *seconds]
    counts = [len(each) for each in found.values()]
    share = fair_share(counts, most)
    is_whole = len(some) == len(lines) and share >= max(counts, default=0)
    dates = [each.known_date[:4] for each in some if each.key in found and each.known_date]
    years = "–".join(dict.fromkeys([*dates[:1], *dates[-1:]]))
    return Gathered({key: each[:share] for key, each in found.items()}, is_whole, years)


def seconds_of(entry: Mentions) -> list[float]:
    """Give when an episode speaks of a subject, and when that person first speaks."""
    return sorted({each.start for each in (*entry.sentences, *entry.own)})


def fair_share(counts: Sequence[int], most: int) -> int:
    """Give how many of each may be taken for `most` in all, but at least one each.

    >>> fair_share([1, 5, 9], 10), fair_share([1, 5, 9], 100), fair_share([1, 1, 1], 2)
    (4, 9, 1)
    """
    share = max(counts, default=1)
    while share > 1 and sum(min(each, share) for each in counts) > most:
        share -= 1
    return share


def gather(archive: Archive, subject: Subject, found: Gathered, base_url: str) -> Book | None:
    """Make a book of what is said of a subject, or of a thread; None where nothing is."""
    parts = parts_about(archive, subject, found.seconds, base_url)
    if not parts:
        return None
    name = f"dossier {subject.kind} {subject.slug}"
    address = addresses.dossier_page(base_url, subject) if base_url else ""
    book = replace(anthology(archive, subject.name, "", parts, name), address=address)
    if subject.kind == "thread":
        by = book.words.say("Un fil de {name}", name=subject.author)
        return replace(book, subtitle=by)
    note = book.words.say(
        "Passages\u00a0: {passages}. Épisodes\u00a0: {episodes}. Dans l’ordre des dates.",
        passages=sum(map(len, found.seconds.values())),
        episodes=len(found.seconds),
    )
    if not found.is_whole:
        more = book.words.say("Il y en a d’autres\u00a0: la page du dossier les donne tous.")
        note = f"{note} {more}"
    archives = book.words.say("Ce qu’en disent les archives")
    subtitle = ", ".join(filter(None, (archives, found.years)))
    return replace(book, subtitle=subtitle, description=subject.description, note=note)
