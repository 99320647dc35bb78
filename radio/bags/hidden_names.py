"""Names that were replaced stay replaced where a bag is taken: it brings a hash of each.

Whoever made a bag is not trusted: what it hides everywhere is hidden in an archive that has shows
of its own only in those that the bag brings.
"""

from collections.abc import Collection

from radio.archive.episode import LARGEST_SIDECAR
from radio.archive.pseudonyms import (
    EVERYWHERE,
    FOLDER,
    Pseudonyms,
    parse_pseudonyms,
    path_of,
    show_key,
)
from radio.bags.bagit import PAYLOAD
from radio.bags.verify import Bag, read_small
from radio.system.errors import ArchiveError
from radio.system.messages import _


def paths_of(bag: Bag) -> list[str]:
    """Name the files of a bag that hold such hashes, beneath `data/`."""
    paths = (path.removeprefix(PAYLOAD) for path in bag.hashes)
    return sorted(path for path in paths if path.startswith(f"{FOLDER}/"))


def read_hidden(bag: Bag, path: str, shows: Collection[str] | None) -> dict[str, Pseudonyms]:
    """Read such a file: what it hides, by the key under which that is kept here.

    What it hides everywhere is hidden in some `shows`, or everywhere where there are none. Raises
    ArchiveError if it is no such file, NotFoundError if its name is none.
    """
    key = path.removeprefix(f"{FOLDER}/").removesuffix(".json")
    if path_of(key) != path:
        raise ArchiveError(_("not a name of the archive (letters a-z, digits, hyphens)"))
    content = read_small(bag.parcel, PAYLOAD + path, LARGEST_SIDECAR, path)
    hidden = parse_pseudonyms(content, path)
    for each in hidden.pseudonyms:
        if each.size < 1 or not each.shown.isprintable():
            raise ArchiveError(_("{path}: no pseudonyms; copy the bag again").format(path=path))
    if key == EVERYWHERE and shows is not None:
        return dict.fromkeys(map(show_key, sorted(shows)), hidden)
    return {key: hidden}
