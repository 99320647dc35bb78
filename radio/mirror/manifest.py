"""What an instance offers to its mirrors: one line of JSON for each file, with its hash.

The path of a file is its place in the archive, and its address on the site:

    {"path": "media/emission/show.json", "size": 312, "sha256": "…"}
    {"withdrawn": "…", "reason": "À sa demande."}
    {"withdrawn": "…", "reason": "", "forgotten": true}
    {"lines": 3}

A recording that replaced another has the hash of that in `formerly`. The last line counts those
before it, so that a cut list is noticed. A withdrawn episode is named by the sha256 of its key:
only who has it knows which one it is.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import chain
from os import scandir
from pathlib import Path
from typing import Any

from radio.archive import Archive, holdings
from radio.archive.episode import LARGEST_SIDECAR, Episode, Show
from radio.archive.gone import hidden, read_gone
from radio.archive.stores import Kind, store_at
from radio.system.checksums import hash_file
from radio.system.disk import Stamp, is_folder, stamp
from radio.system.edition import edition
from radio.system.errors import ArchiveError, retold
from radio.system.messages import _
from radio.text.transcript import LARGEST_EVIDENCE, LARGEST_TEXT

LARGEST: dict[Kind, int] = {
    "show": LARGEST_SIDECAR,
    "sidecar": LARGEST_SIDECAR,
    "picture": 32 << 20,
    "transcript": LARGEST_TEXT,
    "translation": LARGEST_TEXT,
    "evidence": LARGEST_EVIDENCE,
}  # bytes of each kind of file; audio has no limit
MOST_FORMER = 100  # recordings in whose place another may have come
LONGEST_NAME = 200  # bytes of a file's name: disks take 255, and a half file's is longer
SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class ListedFile:
    """A file that everybody may have."""

    path: str  # in the archive
    size: int  # bytes
    sha256: str
    formerly: tuple[str, ...] = ()  # hashes of recordings whose place it took

    @property
    def show(self) -> str:
        """The slug of its show."""
        return self.path.split("/")[1]

    @property
    def name(self) -> str:
        """Its name in the folder."""
        return self.path.split("/")[2]

    @property
    def key(self) -> str:
        """The key of the episode that it would belong to."""
        return f"{self.show}/{self.name.partition('.')[0]}"

    @property
    def kind(self) -> Kind | None:
        """What it is."""
        return kind_of(self.path)


@dataclass(frozen=True)
class Withdrawal:
    """An episode that must no longer be heard."""

    withdrawn: str  # `hidden` key
    reason: str = ""
    forgotten: bool = False  # nothing of it is left there, and nothing shall be in copies


@dataclass(frozen=True)
class End:
    """The end of the list."""

    lines: int  # before it


Line = ListedFile | Withdrawal | End


def kind_of(path: str) -> Kind | None:
    """Give the kind of the file at a path, None where no copy gets such a file.

    >>> kind_of("media/emission/2024-01-16-x.mp3"), kind_of("transcripts/emission/x.en.vtt")
    ('audio', 'translation')
    >>> kind_of("site.json"), kind_of("transcripts/emission/x.1.vtt"), kind_of("trash/1/x.mp3")
    (None, None, None)
    """
    store = store_at(path) if path.isprintable() else None
    return store.kind if store and store.top else None


def render_line(each: Line) -> str:
    """Write a line."""
    given = asdict(each).items()
    fields = {name: value for name, value in given if value != () and value is not False}
    return json.dumps(fields, ensure_ascii=False) + "\n"


def render_sums(entries: Iterable[ListedFile]) -> Iterator[str]:
    r"""Write lines as `sha256sum --check` reads them; backslashes are escaped, as it does itself.

    >>> list(render_sums([ListedFile("media/e/a.jpg", 1, "00")]))
    ['00  media/e/a.jpg\n']
    """
    for entry in entries:
        escaped = entry.path.replace("\\", "\\\\")
        mark = "\\" if escaped != entry.path else ""
        yield f"{mark}{entry.sha256}  {escaped}\n"


def read_line(line: bytes) -> Line:
    """Read a line that another instance wrote. Raises ArchiveError saying what is wrong with it."""
    message = _("une ligne de sa liste n’est pas du JSON ; est-ce bien un site de radio ?")
    with retold(message, ValueError, RecursionError, by=ArchiveError):
        given = json.loads(line)
    given = given if isinstance(given, dict) else {}
    if type(given.get("lines")) is int:
        return End(given["lines"])
    if "withdrawn" not in given:
        return _read_file(given)
    key, reason = given["withdrawn"], given.get("reason", "")
    if not (_is_sha256(key) and isinstance(reason, str)):
        raise ArchiveError(_("un retrait de sa liste est abîmé ; laissé de côté"))
    return Withdrawal(key, reason, given.get("forgotten") is True)


def _read_file(given: dict[str, Any]) -> ListedFile:
    path, size, sha256 = given.get("path"), given.get("size"), given.get("sha256")
    kind = kind_of(path) if isinstance(path, str) else None
    if not isinstance(path, str) or kind is None:
        message = _("{path!r:.200} : pas un fichier d’archive ; laissé de côté")
        raise ArchiveError(message, path=path)
    if max(map(len, path.encode().split(b"/"))) > LONGEST_NAME:
        raise ArchiveError(_("{path!r:.200} : nom trop long ; laissé de côté"), path=path)
    if type(size) is not int or size < 0 or not _is_sha256(sha256):
        raise ArchiveError(_("{path} : ni taille ni sha256 à côté ; laissé de côté"), path=path)
    if size > LARGEST.get(kind, size):
        message = _("{path} : {size} octets, c’est trop pour un tel fichier ; laissé de côté")
        raise ArchiveError(message, path=path, size=size)
    named = given.get("formerly")
    former = filter(_is_sha256, named if isinstance(named, list) else ())
    return ListedFile(path, size, str(sha256), tuple(former)[:MOST_FORMER])


def _is_sha256(value: object) -> bool:
    return isinstance(value, str) and SHA256.fullmatch(value) is not None


@dataclass(frozen=True)
class Totals:
    """What there is, in figures."""

    recordings: int
    files: int
    size: int  # bytes
    fingerprint: str  # sha256 of the list that `sha256sum --check` reads


def list_files(archive: Archive) -> Iterator[ListedFile]:
    """List each file that listeners may have: first a show's own, then by episode. The hash of a
    recording is its sidecar's. One whose recording is missing or of another size is left out."""
    for show in sorted(archive.shows(), key=lambda show: show.slug):
        episodes = sorted(holdings.episodes_now(archive, show.slug), key=lambda each: each.slug)
        for item, files in holdings.files(archive, show, episodes):
            audio = item.audio if isinstance(item, Episode) else None
            sizes = [each.stamp[1] for each in files if each.kind == "audio"]
            if audio and audio.size not in sizes:
                continue
            for file in files:
                known = audio if file.kind == "audio" else None
                sha256 = known.sha256 if known else _hash(str(archive.root / file.path), file.stamp)
                former = known.formerly if known else ()
                yield ListedFile(file.path, file.stamp[1], sha256, former)


@lru_cache(maxsize=200_000)
def _hash(path: str, _state: Stamp) -> str:
    return hash_file(Path(path))


def list_withdrawals(archive: Archive) -> Iterator[Withdrawal]:
    """List episodes that are withdrawn, deleted or not to be downloaded, by hash of the key."""
    gone, public = read_gone(archive.root), holdings.episodes(archive)
    reasons = {each.key: each.reason for each in holdings.withdrawn(archive)}
    closed = (each for each in public if each.rights != holdings.UNSOUND)  # whose copies are sound
    reasons |= {a.key: a.rights.reason for a in closed if not a.rights.allows("download")}
    said = {key: each.reason for key, each in gone.episodes.items() if not each.untold}
    reasons |= {key: said[key] for key in said if not archive.sidecar_path(key).exists()}
    listed = {hidden(key): reason for key, reason in reasons.items()}
    listed |= dict.fromkeys(gone.forgotten, "")
    return (Withdrawal(key, listed[key], key in gone.forgotten) for key in sorted(listed))


def render_manifest(archive: Archive) -> Iterator[str]:
    """Write what a mirror needs to know, line by line."""
    lines = 0
    for each in chain[Line](list_files(archive), list_withdrawals(archive)):
        yield render_line(each)
        lines += 1
    yield render_line(End(lines))


def sum_up(archive: Archive) -> Totals:
    """Count what there is, and hash the list of it."""
    files = list(list_files(archive))
    recordings, size = sum(each.kind == "audio" for each in files), sum(each.size for each in files)
    digest = hashlib.sha256("".join(render_sums(files)).encode())
    return Totals(recordings, len(files), size, digest.hexdigest())


def name_state(archive: Archive, shows: Iterable[Show]) -> str:
    """Name the state of all files of some shows at this hour, by one look at their folders."""
    digest = hashlib.sha256(f"{edition()} {sorted(holdings.public_keys(archive))}\n".encode())
    for show in shows:
        for folder in (archive.media / show.slug, archive.transcripts / show.slug):
            if is_folder(folder):
                with scandir(folder) as found:
                    states = sorted((each.name, stamp(each)) for each in found)
                digest.update(f"{folder.name} {states}\n".encode(errors="replace"))
    return digest.hexdigest()
