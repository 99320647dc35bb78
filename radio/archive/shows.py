"""The shows of an archive: the folders in `media/`, and what their `show.json` says.

A `show.json` with a typo in it takes nothing away: the show is as its file last was.
"""

import contextlib
import logging
import os
from pathlib import Path

from radio.archive.episode import LARGEST_SIDECAR, Show, read_show
from radio.archive.slugs import SLUG
from radio.system.disk import Stamp, explained, is_file, is_folder, read_bytes, stamp, write_whole
from radio.system.errors import ArchiveError, NotFoundError
from radio.system.messages import _

log = logging.getLogger(__name__)

ABSENT: Stamp = (0, 0)  # the state of a file that is not there, or is a link


class Shows:
    """The shows in a folder; `kept` has the last version of each that could be read, derived."""

    def __init__(self, media: Path, kept: Path):
        self._media, self._kept = media, kept
        self._known: dict[str, tuple[Stamp, Show]] = {}

    def folders(self) -> list[str]:
        """Name the folders that may be shows: no links, and named as shows are.

        Raises ArchiveError if the disk refuses.
        """
        with explained(self._media, _("check the rights of the folder")):
            entries = list(os.scandir(self._media))
        return sorted(e.name for e in entries if SLUG.fullmatch(e.name) and is_folder(e))

    def show(self, slug: str) -> Show:
        """Give a show as its file says; as it said last, where it can't be read by now.

        Where it never could be, nothing is known but its name. Raises NotFoundError if there is
        none of that name.
        """
        path = self._path(slug)
        known, state = self._known.get(slug), stamp(path)
        if not (is_folder(path.parent) and (state != ABSENT or self._has_files(path))):
            raise NotFoundError(
                _("{slug}: no such show; `radio list` names them").format(slug=slug)
            )
        if known is None or known[0] != state:
            known = self._known[slug] = state, self._read_or_recall(slug, known and known[1])
        return known[1]

    def read(self, slug: str) -> Show:
        """Read the file of a show.

        Raises ArchiveError if it can't be read.
        """
        return _read(slug, self._path(slug))

    def keep(self) -> None:
        """Keep what can be read, as far as the disk takes it."""
        for slug in self.folders():
            path, kept = self._path(slug), self._kept / f"{slug}.json"
            with contextlib.suppress(ArchiveError):
                text = read_bytes(path, LARGEST_SIDECAR)
                if not (is_file(kept) and read_bytes(kept) == text) and read_show(slug, text, path):
                    write_whole(kept, text)

    def _has_files(self, path: Path) -> bool:
        """Whether the folder of a show has sidecars at least, or its file in whatever state."""
        return os.path.lexists(path) or any(path.parent.glob("[!.]*.json"))

    def _read_or_recall(self, slug: str, known: Show | None) -> Show:
        try:
            return self.read(slug)
        except ArchiveError as error:
            log.warning(_("%s; until then the show is as it was"), error)
        return known or self._recall(slug) or Show(slug, slug.replace("-", " ").capitalize())

    def _recall(self, slug: str) -> Show | None:
        with contextlib.suppress(ArchiveError):
            return _read(slug, self._kept / f"{slug}.json")
        return None

    def _path(self, slug: str) -> Path:
        return self._media / slug / "show.json"


def _read(slug: str, path: Path) -> Show:
    return read_show(slug, read_bytes(path, LARGEST_SIDECAR), path)
