"""A copy of the archive of another instance: whole and verified; deletes only what that forgot.
Files wait in `cache/mirror/`, named by their sha256, until they are whole and checked; the sidecar
of an episode is placed last. A file that a person corrected here is never replaced: the other
version goes to `mirror/`. What the original renamed is renamed here."""

import contextlib
import datetime as dt
import hashlib
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from radio.archive import Archive, losses, paths, removal, stores
from radio.archive.acts import key_act, named, perform
from radio.archive.episode import Episode, read_episode, read_show, render_episode
from radio.archive.gone import hidden
from radio.archive.history import Act
from radio.archive.keys import keys_of, sounds_of
from radio.archive.paths import key_of, path_under
from radio.archive.removal import Removal, sealed_folder
from radio.archive.stores import SHOWS
from radio.derived.cache import caches_of
from radio.mirror.client import Original, read_address
from radio.mirror.difference import CopyDifference, Unit, hash_here
from radio.mirror.manifest import ListedFile
from radio.mirror.origin import Origin, read_origin, write_origin
from radio.sound import probe
from radio.system.disk import RIGHTS, explained, keep, read_bytes, write_whole
from radio.system.errors import ArchiveError, AudioError, NoAnswerError, retold
from radio.system.messages import _, reworded
from radio.system.progress import Progress, part_of

SILENCES = 3  # units in a row that the original does not answer for, until it counts as gone
Forget = Callable[[Archive, str], object]  # leaves nothing of an episode, by key
Offered = Mapping[str, tuple[str, ...]]  # the versions of each file, as `Origin.offered`
# order in which files of an episode are placed
LAST = ("audio", "picture", "show", "evidence", "transcript", "translation", "sidecar")
LATE = 1.0  # second by which a recording may be longer or shorter than its sidecar says


@contextlib.contextmanager
def open_copy(
    archive: Archive, url: str, *, accept: bool = False, forget: Forget | None = None
) -> Iterator["Copy"]:
    """Ask another instance what there is to copy into an archive, made if missing. `forget` deletes
    what was forgotten there; by default nobody hears it any more. Raises LossError if too much of
    the copy vanished, unless `accept`, which fetches it anew; ArchiveError if the archive is no
    copy of that instance, or the disk has no room; NoAnswerError."""
    url = read_address(url)
    _known(archive, url)
    if not accept:
        losses.refuse(archive.root, losses.inventory(archive.root))
    with contextlib.closing(Original(url)) as original:
        message = _("{url} : pas de réponse ({error}) ; le site tourne-t-il ?")
        with retold(message, NoAnswerError, by=NoAnswerError, url=url):
            offer = original.read_offer()
        archive.create()
        with archive.lock("mirror", wait=False):
            known = _follow_renames(archive, offer.entries, _known(archive, url))
            difference = CopyDifference(archive, offer, known, accept=accept)
            difference.require_room()
            write_origin(archive.root, difference.origin)
            yield Copy(original, difference, forget)


def _known(archive: Archive, url: str) -> Origin:
    """Read what is known of the original; refuse an archive that is no copy."""
    known = read_origin(archive.root)
    if known is None and next(archive.media.glob("*/*"), None):
        message = _("{root} : une archive à part entière ; choisissez un autre --root")
        raise ArchiveError(message, root=archive.root)
    if known and known.url != url:
        message = _("{root} : une copie de {url} ; choisissez un autre --root")
        raise ArchiveError(message, root=archive.root, url=known.url)
    return known or Origin(url, url)


class Copy:
    """A copy under way: what differs is taken, unit after unit."""

    def __init__(
        self, original: Original, difference: CopyDifference, forget: Forget | None = None
    ):
        self.difference, self._original, self._forget = difference, original, forget
        self._archive, self._origin = difference.archive, difference.origin
        self._silent = 0  # units in a row

    def take(self, unit: Unit, progress: Progress) -> list[str]:
        """Fetch, verify and place what is missing of a unit, or nothing; give remarks for a person.
        Raises a RadioError if something can't be taken; NoAnswerError: nor can all others."""
        if unit.is_forgotten and self._forget:
            self._let_all_go(unit.key)
            self._forget(self._archive, unit.key)
            return [_("un épisode y a été oublié, il n’en reste donc rien ici")]
        if unit.reason is not None:
            self._withdraw(unit.key, unit.reason)
            message = _(
                "{key} : retiré là-bas, il ne s’entend donc plus ici ; ses fichiers restent"
            )
            return [_(message, key=unit.key)]
        parts = {entry: self.difference.part(entry) for entry in unit.entries}
        self._fetch(unit.key, parts, progress)
        with self._archive.lock():
            if self.difference.is_replaced(unit.key):
                self._let_go(unit)
            entries = sorted(unit.entries, key=lambda entry: LAST.index(entry.kind or "show"))
            remarks = [remark for each in entries for remark in self._place(each, parts[each])]
        for part in parts.values():
            part.unlink(missing_ok=True)
        return remarks

    def finish(self) -> None:
        """Note that the copy is whole."""
        today = dt.datetime.now(dt.UTC).date().isoformat()
        write_origin(self._archive.root, replace(self._origin, pulled=today))
        shutil.rmtree(self._archive.cache / "mirror", ignore_errors=True)

    def _note(self, offered: Offered) -> None:
        self._origin = replace(self._origin, offered=offered)
        write_origin(self._archive.root, self._origin)

    def _let_all_go(self, key: str) -> None:
        """Delete what was offered or begun of an episode that its makers forgot."""
        archive, offered = self._archive, self._origin.offered
        own = {path for path in offered if key_of(path) == key}
        files = {*stores.files(archive.root, [key], *SHOWS), *own}
        with archive.lock():
            self._note({path: each for path, each in offered.items() if path not in own})
            for path in files:
                for part in (archive.cache / "mirror").glob(f"*.{hidden(path)[:16]}"):
                    part.unlink(missing_ok=True)

    def _withdraw(self, key: str, reason: str) -> None:
        with self._archive.lock():
            path, sidecar = self._archive.sidecar_path(key), paths.sidecar(key)
            episode = self._archive.episode(key)
            protection = replace(episode.protection, until=None)
            withdrawn = replace(episode, status="withdrawn", reason=reason, protection=protection)
            content = render_episode(withdrawn)
            known = self._origin.offered.get(sidecar, ())
            if hash_here(path) in known:  # so that it is heard again when it is there
                versions = (*known, hashlib.sha256(content).hexdigest())
                self._note({**self._origin.offered, sidecar: versions})
            write_whole(path, content)

    def _let_go(self, unit: Unit) -> None:
        """Remove what was made of a replaced recording; seal what was corrected or not offered."""
        archive, folder = self._archive, sealed_folder()
        episode = archive.episode(unit.key)
        sidecar, sound = paths.sidecar(unit.key), paths.audio(episode)
        taken = {each.path: each for each in unit.entries}
        theirs, ours = list[str](), list[str]()
        for path in stores.files(archive.root, [unit.key], *SHOWS):
            is_new = path != sound and path in taken and self.difference.is_corrected(taken[path])
            # also the old recording, if the new one has another format
            if path != sidecar and (is_new or path not in self.difference.entries):
                known = self._origin.offered.get(path, ())
                is_theirs = path == sound or hash_here(archive.root / path) in known
                (theirs if is_theirs else ours).append(path)
        beside = (f"mirror/{path}" for path in (*taken, *theirs, *ours))
        caches = caches_of(archive, sounds_of(episode), keys_of(archive, episode))
        aside = {path: f"{folder}/{path}" for path in ours}
        gone = dict.fromkeys((*theirs, *beside, *caches))
        removal.perform(archive.root, Removal(aside, written=gone))

    def _fetch(self, key: str, parts: Mapping[ListedFile, Path], progress: Progress) -> None:
        """Fetch the files of a unit and check them; count how often the original is silent."""
        whole, done = sum(entry.size for entry in parts) or 1, 0
        folder = self._archive.cache / "mirror"
        with explained(folder):
            folder.mkdir(parents=True, exist_ok=True)
        try:
            for entry, part in parts.items():
                fetching = part_of(progress, done / whole, entry.size / whole)
                self._original.fetch(entry, part, fetching)
                done += entry.size
        except NoAnswerError as error:
            self._silent += 1
            kind = NoAnswerError if self._silent == SILENCES else ArchiveError
            message = _("{key} : {error} ; relancez, cela reprendra là")
            raise kind(message, key=key, error=error) from error
        self._silent = 0
        _prove(self._archive, key, parts, self.difference.entries)

    def _place(self, entry: ListedFile, part: Path) -> Iterator[str]:
        way = self.difference.way(entry)
        if way == "keep":
            return
        beside = self.difference.beside(entry)
        path = self._archive.root / entry.path if way == "take" else beside
        with explained(path, RIGHTS):
            path.parent.mkdir(parents=True, exist_ok=True)
        keep(part, path)
        if way == "beside":
            message = _("{path} : corrigé ici et changé là-bas ; le leur est {path2}")
            yield _(message, path=entry.path, path2=path)


def _follow_renames(archive: Archive, entries: Mapping[str, ListedFile], known: Origin) -> Origin:
    """Rename what is offered under other names; give what was offered then."""
    with archive.lock():
        found: dict[str, set[str]] = {}
        for episode, key in _renamed_episodes(archive, entries):
            found.setdefault(episode.show, set()).add(key.partition("/")[0])
        for old, (new, *others) in found.items():
            is_free = not others and not (archive.media / new).exists()
            if is_free and paths.show(old) not in entries and paths.show(new) in entries:
                own = (path for path in known.offered if f"/{old}/" in path)
                places = {path: path.replace(f"/{old}/", f"/{new}/", 1) for path in own}
                known = _note(archive, known, places)
                moves = tuple(stores.renamed_show(archive.root, old, new))
                perform(archive, Act("rename", (old,), {"to": new}, moves))
        for episode, key in list(_renamed_episodes(archive, entries)):
            known = _rename_episode(archive, episode, key, known)
    return known


def _renamed_episodes(
    archive: Archive, entries: Mapping[str, ListedFile]
) -> Iterator[tuple[Episode, str]]:
    """Give the episodes that are offered under another key only, with that key."""
    keys = {entry.sha256: entry.key for entry in entries.values() if entry.kind == "audio"}
    for episode in archive.episodes():
        key = keys.get(episode.audio.sha256, episode.key)
        is_offered = key == episode.key or paths.sidecar(episode.key) in entries
        if not is_offered and not any(stores.files(archive.root, [key], *SHOWS)):
            yield episode, key


def _rename_episode(archive: Archive, episode: Episode, key: str, known: Origin) -> Origin:
    """Rename an episode; a sidecar that nobody corrected here counts as offered."""
    show, _slash, slug = key.partition("/")
    new = named(replace(episode, show=show, slug=slug), episode)
    own = (path for path in known.offered if key_of(path) == episode.key)
    places = {path: path_under(path, episode.key, key) for path in own}
    theirs = known.offered.get(paths.sidecar(episode.key), ())
    added = dict[str, tuple[str, ...]]()
    if hash_here(archive.sidecar_path(episode.key)) in theirs:
        added = {paths.sidecar(key): (hashlib.sha256(render_episode(new)).hexdigest(),)}
    known = _note(archive, known, places, added)
    perform(archive, key_act(archive, episode, new, "rename"))
    return known


def _note(
    archive: Archive, known: Origin, places: Mapping[str, str], added: Offered | None = None
) -> Origin:
    more = added or {}
    moved = {new: (*known.offered[old], *more.get(new, ())) for old, new in places.items()}
    known = replace(known, offered={**known.offered, **moved})
    write_origin(archive.root, known)
    return known


def _prove(
    archive: Archive, key: str, files: Mapping[ListedFile, Path], offered: Mapping[str, ListedFile]
) -> None:
    """Check that new files fit those `offered`; decode a recording. Texts are not read."""
    for entry, path in files.items():
        if entry.kind == "show":
            read_show(entry.show, read_bytes(path), entry.path)
    if all(entry.kind in ("show", "picture") for entry in files):
        return
    show, _slash, slug = key.partition("/")
    archive.show(show)  # raises where there is none
    name = paths.sidecar(key)
    new = next((path for entry, path in files.items() if entry.path == name), None)
    episode = read_episode(show, slug, read_bytes(new), name) if new else archive.episode(key)
    audio = offered.get(paths.audio(episode))
    if not audio or (audio.sha256, audio.size) != (episode.audio.sha256, episode.audio.size):
        message = _("{name} : pas la fiche de son enregistrement ; rien n’a été copié")
        raise ArchiveError(message, name=name)
    for entry, path in files.items():
        if entry.kind == "audio":
            _listen(archive, entry, path, episode)


def _listen(archive: Archive, entry: ListedFile, path: Path, episode: Episode) -> None:
    try:
        found = probe(path)
    except AudioError as error:
        raise AudioError(reworded(error, str(path), entry.path)) from error
    suffix = Path(entry.name).suffix.lower()
    if entry.name != episode.audio.file or suffix not in found.suffixes:
        message = _("{path} : pas un enregistrement de cette sorte ; rien n’a été copié")
        raise AudioError(message, path=entry.path)
    if not abs(found.duration - episode.audio.duration) <= LATE:
        message = _("{path} : pas de la longueur que dit sa fiche ; rien n’a été copié")
        raise AudioError(message, path=entry.path)
    archive.write_waveform(episode, found.waveform)
