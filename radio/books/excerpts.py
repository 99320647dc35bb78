"""Excerpts: what episodes say at some seconds, paragraph by paragraph, each with its own sound."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from radio import pictures
from radio import sound as audio
from radio.archive import Archive, holdings
from radio.archive.episode import Episode
from radio.books.book import Book, BookPart, BookSound, core_mime, read_part, written
from radio.books.text import BookChapter, SpokenParagraph
from radio.books.words import words_of
from radio.derived.copies import find_copy
from radio.sound.conversion import convert
from radio.text.chapters import Chapters

LEAD = 0.5  # seconds of sound before and after what is said
SIDE = 600  # pixels of the cover


def excerpts_of(
    archive: Archive, episode: Episode, seconds: Sequence[float], base_url: str
) -> list[BookPart]:
    """Give the paragraphs that are said at some seconds; neighbours stay together.

    Raises NotFoundError if the episode has no finished text.
    """
    whole = read_part(archive, episode, Chapters(), base_url, seconds)
    said = [each for chapter in whole.chapters for each in chapter.paragraphs if each.sentences]
    chosen = {_nearest(said, second) for second in seconds} if said else set()
    runs = list[list[SpokenParagraph]]()
    for place in sorted(chosen):
        if place - 1 in chosen:
            runs[-1].append(said[place])
        else:
            runs.append([said[place]])
    parts = [_excerpt(whole, run) for run in runs]
    return [*parts[:1], *(replace(each, is_further=True) for each in parts[1:])]


def _nearest(said: Sequence[SpokenParagraph], second: float) -> int:
    """Find the paragraph that is said at a second, or the last before it."""
    return max(0, sum(each.start <= second + 0.01 for each in said) - 1)


def _excerpt(whole: BookPart, run: Sequence[SpokenParagraph]) -> BookPart:
    start, end = run[0].start, min(run[-1].end, whole.end)
    chapter = BookChapter("", start, tuple(run))
    return replace(whole, chapters=(chapter,), start=start, end=end)


def anthology(
    archive: Archive, title: str, subtitle: str, parts: Sequence[BookPart], name: str
) -> Book:
    """Make one book of several parts; `name` is its own, the same for every state of it."""
    language = parts[0].show.language_of(parts[0].episode)
    return Book(
        title=title,
        subtitle=subtitle,
        words=words_of(language),
        language=language,
        identifier=name,
        parts=tuple(parts),
        cover=("image/png", pictures.cover(title, subtitle, name, SIDE)),
        modified=written(archive, [each.episode for each in parts]),
        is_cover_titled=True,
    )


def with_sounds(archive: Archive, book: Book, folder: Path) -> Book:
    """Give each part its sound: as received, cut out of it, or a copy where books hold no other.

    What is made is written to a folder. Raises AudioError and ReaderError if a recording can't be
    read.
    """
    parts = (_with_sound(archive, part, folder, n) for n, part in enumerate(book.parts, 1))
    return replace(book, parts=tuple(parts))


def _with_sound(archive: Archive, part: BookPart, folder: Path, number: int) -> BookPart:
    episode = part.episode
    path, mime = holdings.find(archive, episode, "audio"), core_mime(archive, episode)
    if path is None:
        return part
    name = f"sound-{number:04d}-{episode.slug}"
    if mime and part.is_whole:
        source = path.relative_to(archive.root).as_posix()
        return replace(part, sound=BookSound(f"{name}{path.suffix}", mime, source))
    copy, start = folder / f"{name}{path.suffix}", 0.0
    if not part.is_whole:
        start = max(0.0, part.start - LEAD)
        with holdings.open_file(archive, episode, "audio") as file:
            copy.write_bytes(audio.clip(file, start, part.end + LEAD))
        path = copy
    if not mime:
        made = find_copy(archive, episode) if part.is_whole else None
        copy, mime = made or folder / f"{name}.mp3", "audio/mpeg"
        if not made:
            convert(path, copy)
    return replace(part, sound=BookSound(f"{name}{copy.suffix}", mime, copy=copy, start=start))
