"""What an act of the history did to the names of voices in an episode."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from radio.archive.episode import read_episode
from radio.archive.history import Act

Names = dict[str, str]
"""By the number of the voice; nothing where it had no name."""


def renamed_voices(act: Act, sidecar: str) -> dict[str, tuple[str, str]]:
    """Tell how voices were called before an act, and then, of the episode with that sidecar.

    Raises ArchiveError if the act holds no sidecar that can be read.
    """
    texts = ((each.before, each.after) for each in act.rewritings if each.path == sidecar)
    changed = dict[str, tuple[str, str]]()
    for before, after in texts:
        was, then = (_read(sidecar, text) for text in (before, after))
        for number in sorted({**was, **then}):
            pair = was.get(number, ""), then.get(number, "")
            if pair[0] != pair[1]:
                changed[number] = pair
    return changed


def _read(sidecar: str, text: str | None) -> Names:
    place = PurePosixPath(sidecar)
    episode = read_episode(place.parent.name, place.stem, (text or "").encode(), place)
    return dict(episode.voices)


def sidecars(act: Act) -> Iterator[str]:
    """Name the sidecars that an act wrote anew."""
    paths = (each.path for each in act.rewritings if each.before and each.after)
    return (path for path in paths if path.startswith("media/") and path.endswith(".json"))
