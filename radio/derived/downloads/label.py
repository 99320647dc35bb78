"""What a downloaded recording says of itself, wherever it ends up. Pure."""

import itertools
import unicodedata

from radio.archive.episode import Episode, Show
from radio.formats import addresses
from radio.formats.described import described
from radio.formats.markdown import plain
from radio.sound import tags
from radio.sound.quality import Quality
from radio.system.connection.place import is_address
from radio.text.chapters import PROPOSED, Chapters
from radio.text.transcript import Cue, Transcript, render_text

MOST_CHAPTERS = 255
"""ID3 and MP4 count them in one byte."""

NOTED = ("status", "engine", "model", "date")


def make_label(
    show: Show,
    episode: Episode,
    said: Transcript | None,
    chapters: Chapters,
    base_url: str = "",
    cover: tuple[str, bytes] | None = None,
    quality: Quality | None = None,
) -> tags.Label:
    """Say of an episode what a tag can hold.

    `base_url` is the site's own address, without a slash at its end; `cover` a media type and the
    picture itself; `quality` how it sounds, where that was measured.
    """
    return tags.Label(
        title=_plain(episode.title),
        album=_plain(show.title),
        date=episode.date.isoformat(),
        artists=tuple(_plain(person.name) for person in episode.people),
        publisher=_plain(show.station),
        description=_plain(plain(described(show, episode))),
        license=_plain(show.license),
        page=_page(episode, base_url),
        source=_plain(episode.source.url if is_address(episode.source.url) else show.page),
        language=show.language_of(episode),
        text=_plain(render_text(said)) if said else "",
        lines=tuple(_line(cue) for cue in said.cues) if said else (),
        chapters=_divide(chapters, episode.audio.duration),
        loudness=quality.loudness if quality else None,
        peak=quality.peak if quality else None,
        facts=_facts(episode, said, chapters, base_url),
        cover=cover,
    )


def _page(episode: Episode, base_url: str) -> str:
    return addresses.episode_page(base_url, episode.key) if base_url else ""


def _line(cue: Cue) -> tags.LyricLine:
    name = f"{cue.voice} : " if cue.voice else ""
    return tags.LyricLine(_milliseconds(cue.start), " ".join(_plain(f"{name}{cue.text}").split()))


def _divide(chapters: Chapters, duration: float) -> tuple[tags.LabelChapter, ...]:
    """Let each chapter end where the next begins."""
    parts = chapters.parts[:MOST_CHAPTERS]
    times = [_milliseconds(each.start) for each in parts] + [_milliseconds(duration)]
    return tuple(
        tags.LabelChapter(start, stop, " ".join(_plain(each.title).split()))
        for each, (start, stop) in zip(parts, itertools.pairwise(times), strict=True)
    )


def _facts(
    episode: Episode, said: Transcript | None, chapters: Chapters, base_url: str
) -> dict[str, str]:
    """Say what the recording and its text are, so that both can be checked years later."""
    noted = said.note if said else {}
    facts = {
        "EPISODE": episode.key,
        "EPISODE_ADDRESS": _page(episode, base_url),
        "AUDIO_SHA256": episode.audio.sha256,
        "CHAPTERS": _origin(chapters),
        **{f"TRANSCRIPT_{name.upper()}": _plain(noted.get(name, "")) for name in NOTED},
    }
    return {name: value for name, value in facts.items() if value}


def _origin(chapters: Chapters) -> str:
    if not chapters.parts:
        return ""
    return PROPOSED if chapters.proposed else "given"


def _milliseconds(seconds: float) -> int:
    return max(0, round(1000 * seconds))


def _plain(text: str) -> str:
    """Leave out what ends a text in a tag, or can't be written in UTF-8.

    >>> _plain("a\\0b\\ud800c\\n")
    'abc\\n'
    """
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
