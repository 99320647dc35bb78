"""The archive of another instance, copied here: whole, verified, deleting only what it forgot.

What comes from there is kept in `cache/mirror/`, named by its sha256, until it is whole and proved;
only then it gets its name, the sidecar of an episode last. A file that a person corrected here is
never replaced: the other version is put beside it, in `mirror/`.
"""

import contextlib
import datetime as dt
import hashlib
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace

from radio.archive import Archive, losses, paths, removal, stores
from radio.archive.caches import caches_of
from radio.archive.episode import Episode, render_episode
from radio.archive.keys import keys_of, sounds_of
from radio.archive.paths import key_of
from radio.archive.removal import Removal, Sealing, aside
from radio.archive.stores import SHOWS
from radio.mirror.client import Offer, Original, read_address
from radio.mirror.difference import CopyDifference, Unit, compare, hash_here
from radio.mirror.manifest import ListedFile, hidden
from radio.mirror.origin import Origin, read_origin, write_origin
from radio.mirror.renames import follow_renames
from radio.mirror.verify import prove
from radio.system.disk import explained, keep, write_whole
from radio.system.errors import ArchiveError, NoAnswerError
from radio.system.messages import _
from radio.system.progress import Progress

SILENCES = 3  # units in a row that the original does not answer for, until it counts as gone
Forget = Callable[[Archive, str], object]
"""Leaves nothing of an episode, by its key."""
LAST = ("audio", "picture", "show", "evidence", "transcript", "translation", "sidecar")
"""The order in which the files of an episode get their names."""


@contextlib.contextmanager
def open_copy(
    archive: Archive, url: str, *, accept: bool = False, forget: Forget | None = None
) -> Iterator["Copy"]:
    """Ask another instance what there is to copy into an archive, which is made if there is none.

    What was forgotten there is given to `forget`; without it nobody hears it any more, that is all.

    Raises LossError if too much of the copy vanished, unless somebody says to `accept` that, for
    then it is fetched anew; ArchiveError if the archive is not a copy of that instance, if the
    answer is none, or if the disk has not enough room; NoAnswerError if there is no answer.
    """
    url = read_address(url)
    _known(archive, url)
    if not accept:
        losses.refuse(archive.root, losses.inventory(archive.root))
    original = Original(url)
    try:
        offer = _asked(original)
        archive.create()
        with archive.lock("mirror", wait=False):
            known = follow_renames(archive, offer, _known(archive, url))
            difference = compare(archive, offer, known, accept=accept)
            difference.require_room()
            write_origin(archive.root, difference.origin)
            yield Copy(archive, original, difference, forget)
    finally:
        original.close()


def _known(archive: Archive, url: str) -> Origin:
    """Read what is known of the original; an archive of one's own is never made a copy."""
    known = read_origin(archive.root)
    if known is None and next(archive.media.glob("*/*"), None):
        raise ArchiveError(
            _("{root}: an archive of its own; choose another --root").format(root=archive.root)
        )
    if known and known.url != url:
        raise ArchiveError(
            _("{root}: a copy of {url}; choose another --root").format(
                root=archive.root, url=known.url
            )
        )
    return known or Origin(url, url)


def _asked(original: Original) -> Offer:
    try:
        return original.read_offer()
    except NoAnswerError as error:
        raise NoAnswerError(
            _("{url}: no answer ({error}); is it running?").format(url=original.url, error=error)
        ) from error


class Copy:
    """A copy under way: what differs is taken, unit after unit."""

    def __init__(
        self,
        archive: Archive,
        original: Original,
        difference: CopyDifference,
        forget: Forget | None = None,
    ):
        self.difference, self._forget = difference, forget
        self._archive, self._original = archive, original
        self._comparison, self._origin = difference.comparison, difference.origin
        self._silent = 0  # units in a row

    def take(self, unit: Unit, progress: Progress) -> list[str]:
        """Fetch, verify and place what is missing of a unit; tell what a person should know.

        Raises a RadioError if something of it can't be taken: nothing of it is, then.
        NoAnswerError means that the others can't either.
        """
        if unit.is_forgotten and self._forget:
            return [self._let_all_go(unit.key, self._forget)]
        if unit.reason is not None:
            return [self._withdraw(unit.key, unit.reason)]
        self._ask(unit, progress)
        with self._archive.lock():
            if self._comparison.is_replaced(unit.key):
                self._let_go(unit)
            entries = sorted(unit.entries, key=lambda entry: LAST.index(entry.kind or "show"))
            remarks = [remark for entry in entries for remark in self._place(entry)]
        for part in {self._comparison.part(entry) for entry in unit.entries}:
            part.unlink(missing_ok=True)
        return remarks

    def finish(self) -> None:
        """Note that the copy is whole."""
        today = dt.datetime.now(dt.UTC).date().isoformat()
        write_origin(self._archive.root, replace(self._origin, pulled=today))
        shutil.rmtree(self._archive.cache / "mirror", ignore_errors=True)

    def _let_all_go(self, key: str, forget: Forget) -> str:
        """Leave nothing of an episode that its makers forgot; not even what was offered of it."""
        archive = self._archive
        own = {path for path in self._origin.offered if key_of(path) == key}
        files = {*stores.files(archive.root, [key], *SHOWS), *own}
        with archive.lock():
            offered = {path: each for path, each in self._origin.offered.items() if path not in own}
            self._origin = replace(self._origin, offered=offered)
            write_origin(archive.root, self._origin)
            for path in files:
                for part in (archive.cache / "mirror").glob(f"*.{hidden(path)[:16]}"):
                    part.unlink(missing_ok=True)
        forget(archive, key)
        return _("an episode was forgotten there, so nothing of it is left here")

    def _withdraw(self, key: str, reason: str) -> str:
        """Let nobody hear an episode that its makers withdrew; its files stay."""
        with self._archive.lock():
            path = self._archive.sidecar_path(key)
            episode = self._archive.episode(key)
            protection = replace(episode.protection, until=None)
            withdrawn = replace(episode, status="withdrawn", reason=reason, protection=protection)
            content = render_episode(withdrawn)
            relative = str(path.relative_to(self._archive.root))
            known = self._origin.offered.get(relative, ())
            if hash_here(path) in known:  # so that it is heard again when it is there
                sha256 = hashlib.sha256(content).hexdigest()
                offered = {**self._origin.offered, relative: (*known, sha256)}
                self._origin = replace(self._origin, offered=offered)
                write_origin(self._archive.root, self._origin)
            write_whole(path, content)
        return _("{key}: withdrawn there, so it is no longer heard here; its files stay").format(
            key=key
        )

    def _let_go(self, unit: Unit) -> None:
        """Let go of all that was made of a recording whose place another takes.

        What was corrected here, or nobody offers any more, may hold what was taken out of it: it is
        sealed, where it is not the makers' own.
        """
        archive, offered = self._archive, self._comparison.entries
        episode = archive.episode(unit.key)
        taken = {each.path: each for each in unit.entries}
        sealings = [
            path
            for path in stores.files(archive.root, [unit.key], *SHOWS)
            if path != paths.sidecar(unit.key)
            and (
                path not in offered  # a recording too, where the new one has another format
                or (
                    path != paths.audio(episode)
                    and path in taken
                    and self._comparison.is_corrected(taken[path])
                )
            )
        ]
        theirs = [path for path in sealings if self._is_theirs(path, episode)]
        beside = (f"mirror/{path}" for path in (*taken, *sealings))
        folder = aside()
        caches = caches_of(archive, sounds_of(episode), keys_of(archive, episode))
        removal.perform(
            archive.root,
            Removal(
                sealings=tuple(
                    Sealing(path, f"{folder}/{path}") for path in sealings if path not in theirs
                ),
                deletions=(*theirs, *beside, *caches),
            ),
        )

    def _is_theirs(self, path: str, episode: Episode) -> bool:
        """Whether a file is as the original had it: what it took away there is kept nowhere."""
        if path == paths.audio(episode):
            return True
        return hash_here(self._archive.root / path) in self._origin.offered.get(path, ())

    def _ask(self, unit: Unit, progress: Progress) -> None:
        """Fetch a unit, and count how often the original is silent."""
        try:
            self._fetch(unit, progress)
            self._silent = 0
        except NoAnswerError as error:
            self._silent += 1
            kind = NoAnswerError if self._silent == SILENCES else ArchiveError
            raise kind(
                _("{key}: {error}; run again, it goes on from there").format(
                    key=unit.key, error=error
                )
            ) from error

    def _fetch(self, unit: Unit, progress: Progress) -> None:
        """Fetch the files of a unit and prove them."""
        whole, done = sum(entry.size for entry in unit.entries) or 1, 0
        folder = self._archive.cache / "mirror"
        with explained(folder, _("check the free space and the rights of the folder")):
            folder.mkdir(parents=True, exist_ok=True)
        for entry in unit.entries:
            before = done

            def tell(share: float, entry: ListedFile = entry, before: int = before) -> None:
                progress((before + share * entry.size) / whole)

            self._original.fetch(entry, self._comparison.part(entry), tell)
            done += entry.size
        files = {entry: self._comparison.part(entry) for entry in unit.entries}
        prove(self._archive, unit.key, files, self._comparison.entries)

    def _place(self, entry: ListedFile) -> Iterator[str]:
        """Give a file its name, unless a person changed the one that has it."""
        way = self._comparison.way(entry)
        if way == "keep":
            return
        beside = self._comparison.beside(entry)
        path = self._archive.root / entry.path if way == "take" else beside
        with explained(path, _("check the rights of the folder")):
            path.parent.mkdir(parents=True, exist_ok=True)
        keep(self._comparison.part(entry), path)
        if way == "beside":
            yield _("{path}: corrected here and changed there; theirs is {path2}").format(
                path=entry.path, path2=path
            )
