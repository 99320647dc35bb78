"""What listeners may have, now: every page, feed, list, download, copy and export asks here.

- An episode is public where its sidecar can be read and says so, at this hour.
- Its files are the recording, its picture, its transcript with the evidence and the translation,
  and the sidecar. A show has its `show.json` and its picture, a site its `site.json` and pictures.
- Transcript, evidence and translation are given once the transcript is finished. Before, pages and
  search show the words that are ready.
- A recording is given where the rights of its episode allow that use: to listen, download, or in a
  feed. The default use is download.
- Only regular files are given, no links; `media` and `transcripts` may be links to another disk.
- A file that is known to be damaged (`fixity_log`) is given to nobody, and no use of a recording.
- Former versions, texts as they came, hidden files and what no sidecar names are given to nobody.

What a keeper takes away is another question: `bags.payload.all_files`.
"""

import contextlib
import io
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Set
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from radio.archive import fixity_log, imprint, paths
from radio.archive.archive import Archive
from radio.archive.episode import Episode, Show
from radio.archive.rights import Rights, Use
from radio.archive.slugs import SLUG
from radio.archive.stores import Kind
from radio.system.disk import Stamp, is_file, open_beneath, regular_files, stamp
from radio.system.errors import NotFoundError, RadioError, WithdrawnError, WithheldError
from radio.system.messages import _, speaking
from radio.text.transcript import Transcript

TEXTS: tuple[Kind, ...] = ("transcript", "evidence", "translation")
PAGES_NOTE = ".made-of"  # beside the pages: of which state of the files they were made
# of a recording that is damaged here: nothing can be done with it until it is repaired
with speaking("fr"):  # pages say it in their own language
    WHY = _("le fichier s’est abîmé ici. Une copie saine le remplacera ; en avez-vous une ?")
    UNSOUND = Rights(listen=False, reason=WHY)
TICK = 100_000_000  # nanoseconds within which a folder may change twice and bear one stamp

Find = Callable[[str], Stamp | None]  # the state of a regular file, by its path beneath the root


@dataclass(frozen=True, slots=True)
class File:
    """A file that listeners may have."""

    kind: Kind
    path: str  # beneath the root of the archive
    stamp: Stamp


def episodes(archive: Archive, show: str | None = None) -> list[Episode]:
    """List the public episodes, the newest first. Only folders are looked at: an edit in place
    shows after the next `stamps`, which a site takes every second."""
    public = _public(archive, state(archive, archive.folders()))
    return [each for each in public if show in (None, each.show)]


def state(archive: Archive, shows: Iterable[str]) -> Hashable:
    """Name the state of some shows at this hour, from their folders and `show.json`. While it is
    the same, so is all that listeners may have of them. While a folder may change unseen, no state
    is given twice. An edit in place shows after the next `stamps`."""
    media, texts, chapters = archive.media, archive.transcripts, archive.cache / "chapters"
    seen = dict[str, tuple[Stamp, ...]]()
    for show in shows:
        folders = f"{media}/{show}", f"{texts}/{show}", f"{chapters}/{show}"
        seen[show] = tuple(map(stamp, (*folders, f"{media}/{show}/show.json")))
    now = time.time_ns()
    is_fresh = any(0 <= now - each[0] < TICK for stamps in seen.values() for each in stamps)
    just_now = time.monotonic() if is_fresh else None
    broken = frozenset(fixity_log.damaged(archive.root))
    return _opened(archive), archive.sidecars_read, tuple(seen.items()), broken, just_now


def _opened(archive: Archive) -> datetime | None:
    """Give when an episode last opened by itself: until the next one does, the same are public."""
    openings = _openings(archive, archive.sidecars_read)
    passed = bisect_right(openings, datetime.now())
    return openings[passed - 1] if passed else None


@lru_cache(maxsize=4)
def _openings(archive: Archive, _sidecars_read: int) -> list[datetime]:
    return archive.openings()


def public_keys(archive: Archive) -> Set[str]:
    """Name the public episodes; an edit in place shows as in `episodes`."""
    return _public_keys(archive, state(archive, archive.folders()))


@lru_cache(maxsize=4)
def _public_keys(archive: Archive, state: Hashable) -> Set[str]:
    return frozenset(each.key for each in _public(archive, state))


@lru_cache(maxsize=4)
def _public(archive: Archive, _state: Hashable) -> tuple[Episode, ...]:
    now = datetime.now()
    return tuple(each for each in _offered(archive, archive.episodes()) if each.is_public(now))


def _offered(archive: Archive, some: Iterable[Episode]) -> Iterator[Episode]:
    """Give episodes as listeners may have them: nothing of a damaged recording."""
    broken = fixity_log.damaged(archive.root)
    for each in some:
        yield replace(each, rights=UNSOUND) if paths.audio(each) in broken else each


def episodes_now(archive: Archive, show: str) -> list[Episode]:
    """List the public episodes of a show, the newest first, from a look at each sidecar."""
    now = datetime.now()
    return [each for each in _offered(archive, archive.episodes(show)) if each.is_public(now)]


def withdrawn(archive: Archive) -> list[Episode]:
    """List the episodes that must no longer be heard."""
    now = datetime.now()
    return [each for each in archive.episodes() if each.is_withdrawn(now)]


def episode(archive: Archive, key: str) -> Episode:
    """Read a public episode. Raises WithdrawnError, or NotFoundError if none, or none yet."""
    (found,), now = _offered(archive, [archive.episode(key)]), datetime.now()
    if found.is_withdrawn(now):
        raise WithdrawnError(found.reason, found.protection.since, found.opens)
    if not found.is_public(now):
        raise NotFoundError(_("{key} : pas encore publié", key=key))
    return found


def find_episode(archive: Archive, key: str) -> Episode | None:
    """Read a public episode by its key; None where there is none, for whatever reason."""
    with contextlib.suppress(RadioError):
        return episode(archive, key)
    return None


def stamps(archive: Archive) -> dict[str, tuple[Stamp, Stamp]]:
    """Give the states of sidecar and text by key, the newest first: search ranks equals so."""
    now, states = datetime.now(), dict[str, tuple[Stamp, Stamp]]()
    for show in archive.folders():
        said = archive.text_stamps(show)
        for each, state in archive.stamped_episodes(show):
            if each.is_public(now):
                states[each.key] = state, said.get(f"{each.slug}.vtt", (0, 0))
    newest = sorted(states, key=lambda key: key.partition("/")[::-1], reverse=True)
    return {key: states[key] for key in newest}


@dataclass(frozen=True)
class Stock:
    """What listeners may hear, with how many episodes of each."""

    number: int  # of episodes
    size: int  # bytes of their recordings
    shows: tuple[tuple[Show, int], ...]  # all shows, by title
    years: tuple[tuple[int, int], ...]  # the newest first


def take_stock(archive: Archive) -> Stock:
    """Count the public episodes."""
    public = episodes(archive)
    shows = Counter(each.show for each in public)
    return Stock(
        number=len(public),
        size=size_of(public),
        shows=tuple((show, shows[show.slug]) for show in archive.shows()),
        years=tuple(sorted(Counter(each.date.year for each in public).items(), reverse=True)),
    )


def without_text(archive: Archive, show: str | None = None) -> int:
    """Count the public episodes, perhaps of one show, if none has words to search yet."""
    public = episodes(archive, show)
    return 0 if any(archive.holds(archive.vtt_path(each.key)) for each in public) else len(public)


def size_of(some: Iterable[Episode]) -> int:
    """Sum the bytes of recordings; texts are tiny beside them."""
    return sum(each.audio.size for each in some)


def neighbours(archive: Archive, episode: Episode) -> tuple[Episode | None, Episode | None]:
    """Give the public episodes of the show before and after a public one."""
    row = [None, *reversed(episodes(archive, episode.show)), None]
    place = next(i for i, each in enumerate(row) if each and each.slug == episode.slug)
    return row[place - 1], row[place + 1]


def files(
    archive: Archive, show: Show, some: Iterable[Episode], use: Use = "download"
) -> Iterator[tuple[Show | Episode, list[File]]]:
    """List the files of a show, then of each of some public episodes; looks once at folders."""
    seen, broken = dict[str, Stamp](), fixity_log.damaged(archive.root)
    for folder in (f"media/{show.slug}", f"transcripts/{show.slug}"):
        found = regular_files(archive.root / folder)
        named = ((f"{folder}/{name}", state) for name, state in found.items())
        seen.update((path, state) for path, state in named if path not in broken)
    yield show, list(_given(show, seen.get))
    shared = paths.picture(show)
    for each in some:
        yield each, [file for file in _given(each, seen.get, use) if file.path != shared]


def files_of(archive: Archive, item: Show | Episode) -> list[File]:
    """List the files of one show, or of one public episode."""
    return list(_given(item, _finder(archive)))


def site_files(archive: Archive) -> Iterator[File]:
    """List the `site.json` and the pictures of the site."""
    broken = fixity_log.damaged(archive.root)
    names = dict.fromkeys(imprint.about(archive.root).pictures.values())
    own: list[tuple[Kind, str]] = [("site", imprint.FILE), *(("logo", name) for name in names)]
    for kind, name in own:
        if is_file(archive.root / name) and name not in broken:
            yield File(kind, name, stamp(archive.root / name))


def find(archive: Archive, item: Show | Episode, kind: Kind, use: Use = "download") -> Path | None:
    """Give the path of a file of a show or a public episode; None where it is not given."""
    path, finder = _places(item).get(kind), _finder(archive)
    is_given = path and finder(path) and kind not in _withheld(item, finder, use)
    return archive.root / path if path and is_given else None


def open_file(
    archive: Archive, item: Show | Episode, kind: Kind, use: Use = "download"
) -> io.FileIO:
    """Open a file of a show or episode. Raises WithheldError or NotFoundError if not given."""
    path = find(archive, item, kind, use)
    if path is None:
        if isinstance(item, Episode) and kind == "audio":
            require(item, use)
        name = item.slug if isinstance(item, Show) else item.key
        message = _("{name} : fichier introuvable ({kind}) ; `radio check` en dit plus")
        raise NotFoundError(message, name=name, kind=kind)
    return open_beneath(path.parent.parent, path.parent.name, path.name)


def is_finished(archive: Archive, key: str) -> bool:
    """Whether the transcript of a key is there and finished."""
    return _is_finished(key, _finder(archive))


def _is_finished(key: str, find: Find) -> bool:
    return find(paths.transcript(key)) is not None and find(paths.checkpoint(key)) is None


def finished(archive: Archive, show: str) -> dict[str, Stamp]:
    """Give the states of finished transcripts of a show by slug, from one look at the folder."""
    seen = archive.text_stamps(show)
    slugs = (name.removesuffix(".vtt") for name in seen if name.endswith(".vtt"))
    valid = filter(SLUG.fullmatch, slugs)
    return {each: seen[f"{each}.vtt"] for each in valid if f".{each}.checkpoint.json" not in seen}


def transcript(archive: Archive, key: str) -> Transcript | None:
    """Read a transcript if it is finished, else None. Raises TranscriptError."""
    return archive.transcript(key) if is_finished(archive, key) else None


def require(episode: Episode, use: Use) -> None:
    """Raise WithheldError unless the rights of an episode allow a use."""
    if not episode.rights.allows(use):
        raise WithheldError(episode.rights.reason)


def require_sound(archive: Archive, episode: Episode) -> None:
    """Raise WithheldError if the recording of an episode is known to be damaged."""
    if paths.audio(episode) in fixity_log.damaged(archive.root):
        message = _(
            "{key} : son enregistrement est abîmé ; `radio check --repair` cherche une copie"
        )
        raise WithheldError(message, key=episode.key)


def _given(item: Show | Episode, find: Find, use: Use = "download") -> Iterator[File]:
    withheld = _withheld(item, find, use)
    for kind, path in _places(item).items():
        if kind not in withheld and (state := find(path)):
            yield File(kind, path, state)


def _places(item: Show | Episode) -> dict[Kind, str]:
    """Give the paths of files that may exist, by kind; the sidecar of an episode last."""
    picture: dict[Kind, str] = {"picture": path} if (path := paths.picture(item)) else {}
    if isinstance(item, Show):
        return {"show": paths.show(item.slug), **picture}
    return {
        "audio": paths.audio(item),
        **picture,
        "transcript": paths.transcript(item.key),
        "evidence": paths.evidence(item.key),
        "translation": paths.translation(item.key),
        "sidecar": paths.sidecar(item.key),
    }


def _withheld(item: Show | Episode, find: Find, use: Use) -> Collection[Kind]:
    if isinstance(item, Show):
        return ()
    refused: tuple[Kind, ...] = () if item.rights.allows(use) else ("audio",)
    return refused if _is_finished(item.key, find) else (*refused, *TEXTS)


def _finder(archive: Archive) -> Find:
    broken = fixity_log.damaged(archive.root)

    def find(path: str) -> Stamp | None:
        place = archive.root / path
        return stamp(place) if archive.holds(place) and path not in broken else None

    return find
