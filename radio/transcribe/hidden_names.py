"""Whether a machine may hear a recording here: a name that was replaced must not come back.

Which name that is, only the archive knows in which it was replaced, by a hash. A public bag and a
mirror have none: whoever has the hash of a name can try all names that there are. So a mirror
leaves all hearing to its original, and a copy without the hashes that an episode needs leaves it
as it is.
"""

from radio.archive import Archive
from radio.archive.acts import is_copy, require_own
from radio.archive.episode import Episode
from radio.archive.keys import names_of
from radio.archive.pseudonyms import FOLDER, pseudonyms_for
from radio.system.errors import ArchiveError, TranscriptError
from radio.system.messages import _


def may_hear(archive: Archive, episode: Episode) -> bool:
    """Whether all names that were replaced in an episode stay so when it is heard here.

    Where what is known of them can't be read, the work itself says so.
    """
    try:
        return not is_copy(archive) and _knows_names(archive, episode)
    except ArchiveError:
        return True


def require_may_hear(archive: Archive, episode: Episode) -> None:
    """Raise ArchiveError in a mirror, TranscriptError where nobody knows which names these are.

    ArchiveError too if what is known of them can't be read.
    """
    require_own(archive)
    if not _knows_names(archive, episode):
        told = _(
            "{key}: a name was replaced in it, and which one is not known here; copy {folder}/ "
            "from the archive that it comes from"
        )
        raise TranscriptError(told.format(key=episode.key, folder=FOLDER))


def _knows_names(archive: Archive, episode: Episode) -> bool:
    if not episode.protection.pseudonyms:
        return True
    return bool(pseudonyms_for(archive.root, names_of(archive, episode)))
