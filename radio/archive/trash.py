"""The trash: where files lie that were taken away, under the paths that they had.

What a person wrote while an act lay unfinished is kept there too, before the act is finished.
"""

import datetime as dt
import logging
from pathlib import Path

from radio.system.disk import explained, give_name
from radio.system.messages import _

FOLDER = "trash"
REMEDY = _("check the free space and the rights of the folder")
log = logging.getLogger(__name__)


def new_folder(name: str) -> str:
    """Name a new folder of the trash, beneath the root."""
    return f"{FOLDER}/{dt.datetime.now(dt.UTC):%Y%m%d-%H%M%S-%f}-{name}"


def keep_aside(root: Path, path: str) -> None:
    """Move away what a person wrote where an unfinished act is to write, and tell where it is.

    Raises ArchiveError if the disk refuses.
    """
    kept = f"{new_folder('meanwhile')}/{path}"
    give_name(root / path, root / kept)
    with explained(root / path, REMEDY):
        (root / path).unlink(missing_ok=True)
    told = _("{path}: changed before an act on it was finished; that version is kept: {kept}")
    log.warning("%s", told.format(path=path, kept=kept))
