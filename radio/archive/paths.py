"""Where each file of an archive is: its path beneath the root. Pure. A slug or key that can't be
valid raises NotFoundError, so no path leads out of the archive."""

from pathlib import PurePosixPath

from radio.archive.episode import Episode, Show
from radio.archive.slugs import SLUG, slugify
from radio.system.errors import NotFoundError
from radio.system.messages import _


def show(slug: str) -> str:
    """Give the path of `show.json`."""
    return f"media/{checked(slug)}/show.json"


def sidecar(key: str) -> str:
    """Give the path of a sidecar.

    >>> sidecar("emission/2024-01-16-x")
    'media/emission/2024-01-16-x.json'
    """
    return f"media/{checked_key(key)}.json"


def audio(episode: Episode) -> str:
    """Tell where the recording of an episode lies."""
    return f"media/{episode.show}/{episode.audio.file}"


def picture(item: Show | Episode) -> str | None:
    """Give the path of the picture of a show or an episode; None where it has none."""
    folder = item.slug if isinstance(item, Show) else item.show
    name = item.picture if isinstance(item, Show) else item.image
    return f"media/{folder}/{name}" if name else None


def transcript(key: str) -> str:
    """Give the path of the text of record."""
    return f"transcripts/{checked_key(key)}.vtt"


def source_text(key: str, suffix: str, work: str = "source") -> str:
    """Give the path of a text that came with a recording, as it came.

    >>> source_text("emission/2024-01-16-x", ".docx")
    'transcripts/emission/2024-01-16-x.source.docx'
    """
    return f"transcripts/{checked_key(key)}.{work}{suffix}"


def evidence(key: str) -> str:
    """Give the path of the evidence."""
    return f"transcripts/{checked_key(key)}.json"


def translation(key: str) -> str:
    """Give the path of the English subtitles."""
    return f"transcripts/{checked_key(key)}.en.vtt"


def checkpoint(key: str, work: str = "checkpoint") -> str:
    """Give the path of what some work on an episode has done so far.

    >>> checkpoint("emission/2024-01-16-x")
    'transcripts/emission/.2024-01-16-x.checkpoint.json'
    """
    folder, _slash, slug = checked_key(key).partition("/")
    return f"transcripts/{folder}/.{slug}.{work}.json"


def fingerprint(sha256: str) -> str:
    """Give the path of the fingerprint of a recording."""
    return f"cache/fingerprints/{sha256}"


def quality(sha256: str) -> str:
    """Give the path of the sound quality of a recording."""
    return f"cache/quality/{sha256}.json"


def checked(slug: str) -> str:
    """Return a valid slug. Raises NotFoundError for any other text."""
    if not SLUG.fullmatch(slug):
        message = _("{slug!r} : ce nom ne convient pas (lettres a-z, chiffres, traits d’union)")
        if fit := slugify(slug):
            message = _(
                "{slug!r} : ce nom ne convient pas (lettres a-z, chiffres, traits d’union) ; "
                "écrivez {fit}"
            )
        raise NotFoundError(message, slug=slug, fit=fit)
    return slug


def checked_key(key: str) -> str:
    """Return a valid key of an episode. Raises NotFoundError for any other text."""
    folder, _slash, slug = key.partition("/")
    if slug == "show":  # the show's own file
        raise NotFoundError(_("{key} : pas un épisode ; `radio list` les liste", key=key))
    return f"{checked(folder)}/{checked(slug)}"


def stem(name: str) -> str:
    """Name the episode of a file: up to the first dot, without the signs of editors before.

    >>> stem("2024-01-16-x.en.vtt"), stem(".2024-01-16-x.vtt.swp"), stem("#2024-01-16-x.vtt#")
    ('2024-01-16-x', '2024-01-16-x', '2024-01-16-x')
    """
    return name.lstrip(".#").partition(".")[0]


def key_of(path: str) -> str:
    """Give the key of the episode that a file is named after.

    >>> key_of("trash/20240116-x/transcripts/emission/2024-01-16-x.en.vtt")
    'emission/2024-01-16-x'
    """
    place = PurePosixPath(path)
    return f"{place.parent.name}/{stem(place.name)}"


def path_under(path: str, old: str, new: str) -> str:
    """Give the path of a file under another key.

    >>> path_under("transcripts/a/.x.checkpoint.json", "a/x", "b/y")
    'transcripts/b/.y.checkpoint.json'
    """
    place, slug = PurePosixPath(path), old.partition("/")[2]
    show, _slash, new_slug = new.partition("/")
    return f"{place.parent.parent}/{show}/{place.name.replace(slug, new_slug, 1)}"
