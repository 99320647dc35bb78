"""Where each file of an archive lies: its path beneath the root. Pure.

Each function that takes a slug or a key raises NotFoundError if it can't be the name of anything
in an archive, so no path ever leads out of it.
"""

from pathlib import PurePosixPath

from radio.archive.episode import Episode, Show
from radio.archive.slugs import SLUG, slugify
from radio.system.errors import NotFoundError
from radio.system.messages import _


def show(slug: str) -> str:
    """Tell where the file of a show lies.

    >>> show("emission")
    'media/emission/show.json'
    """
    return f"media/{checked(slug)}/show.json"


def sidecar(key: str) -> str:
    """Tell where the sidecar of an episode lies.

    >>> sidecar("emission/2024-01-16-x")
    'media/emission/2024-01-16-x.json'
    """
    return f"media/{checked_key(key)}.json"


def audio(episode: Episode) -> str:
    """Tell where the recording of an episode lies."""
    return f"media/{episode.show}/{episode.audio.file}"


def picture(item: Show | Episode) -> str | None:
    """Tell where the own picture of a show or an episode lies; None where it has none."""
    folder = item.slug if isinstance(item, Show) else item.show
    name = item.picture if isinstance(item, Show) else item.image
    return f"media/{folder}/{name}" if name else None


def transcript(key: str) -> str:
    """Tell where the text of record of an episode lies."""
    return f"transcripts/{checked_key(key)}.vtt"


def source_text(key: str, suffix: str, work: str = "source") -> str:
    """Tell where a text lies that came with a recording, as it was handed in.

    >>> source_text("emission/2024-01-16-x", ".docx")
    'transcripts/emission/2024-01-16-x.source.docx'
    """
    return f"transcripts/{checked_key(key)}.{work}{suffix}"


def evidence(key: str) -> str:
    """Tell where the machine's evidence of an episode lies."""
    return f"transcripts/{checked_key(key)}.json"


def translation(key: str) -> str:
    """Tell where the English subtitles of an episode lie."""
    return f"transcripts/{checked_key(key)}.en.vtt"


def checkpoint(key: str, work: str = "checkpoint") -> str:
    """Tell where some work on an episode keeps what is done, until it is finished.

    >>> checkpoint("emission/2024-01-16-x")
    'transcripts/emission/.2024-01-16-x.checkpoint.json'
    """
    folder, _slash, slug = checked_key(key).partition("/")
    return f"transcripts/{folder}/.{slug}.{work}.json"


def waveform(key: str) -> str:
    """Tell where the waveform of an episode lies."""
    return f"cache/waveforms/{checked_key(key)}"


def hearings(key: str) -> str:
    """Tell where lies what else was heard in an episode than its text says."""
    return f"cache/hearings/{checked_key(key)}.json"


def fingerprint(sha256: str) -> str:
    """Tell where the fingerprint of a recording lies, whatever its name."""
    return f"cache/fingerprints/{sha256}"


def quality(sha256: str) -> str:
    """Tell where it is kept how a recording sounds, whatever its name."""
    return f"cache/quality/{sha256}.json"


def listening_copy(sha256: str) -> str:
    """Tell where the listening copy of a recording lies, whatever its name."""
    return f"cache/copies/{sha256}.mp3"


def checked(slug: str) -> str:
    """Give a slug back.

    Raises NotFoundError if it is none.
    """
    if not SLUG.fullmatch(slug):
        message = _("{slug!r} : pas un nom de l’archive (lettres a-z, chiffres, traits d’union)")
        if fit := slugify(slug):
            message = _(
                "{slug!r} : pas un nom de l’archive (lettres a-z, chiffres, traits d’union) ; "
                "écrivez {fit}"
            )
        raise NotFoundError(message, slug=slug, fit=fit)
    return slug


def checked_key(key: str) -> str:
    """Give the key of an episode back.

    Raises NotFoundError if it is none.
    """
    folder, _slash, slug = key.partition("/")
    if slug == "show":  # the show's own file
        raise NotFoundError(_("{key} : pas un épisode ; `radio list` les nomme", key=key))
    return f"{checked(folder)}/{checked(slug)}"


def stem(name: str) -> str:
    """Name the episode of a file: all up to the first dot; editors set signs before that.

    >>> stem("2024-01-16-x.en.vtt"), stem(".2024-01-16-x.vtt.swp"), stem("#2024-01-16-x.vtt#")
    ('2024-01-16-x', '2024-01-16-x', '2024-01-16-x')
    """
    return name.lstrip(".#").partition(".")[0]


def key_of(path: str) -> str:
    """Name the episode that a file has the name of.

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
