"""What is taken from a verified bag: shows, whole episodes, loose files. Files belong together by
their name up to the first dot. An episode with a damaged file is refused. Nothing in the archive is
overwritten. The sidecar comes last, so that a run that was cut short can go on. Names that were
replaced stay replaced: a bag brings hashes of them. Whoever made it is not trusted: in an archive
with shows, what it hides everywhere is hidden only in the shows of the bag."""

import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from radio.archive import Archive, imprint, pseudonyms
from radio.archive.episode import LARGEST_SIDECAR, Episode, read_episode, read_show
from radio.archive.pseudonyms import Pseudonyms
from radio.archive.slugs import SLUG
from radio.archive.stores import BESIDE, SHOWS
from radio.bags.bagit import PAYLOAD, beside_sound
from radio.bags.containers import opened
from radio.bags.verify import Bag
from radio.sound import probe
from radio.system import disk
from radio.system.checksums import copy_blocks, hash_file
from radio.system.disk import LINK, keep, unfinished
from radio.system.errors import ArchiveError, RadioError
from radio.system.messages import _
from radio.system.progress import Progress, silent

LONGEST_NAME = 200  # bytes
SHOW = "show.json"
Note = Callable[[str, bool], None]  # of the key of an episode, and whether it was taken
NO_NAME = _("ce nom ne convient pas (lettres a-z, chiffres, traits d’union)")


@dataclass(frozen=True)
class Part:
    """A show's file, an episode, a loose file or hashes of names, and what becomes of it."""

    name: str  # the key of an episode, else a path
    paths: tuple[str, ...]  # beneath `data/`, in the order in which they are taken
    fate: Literal["new", "there", "refused"]
    reason: str = ""
    episode: Episode | None = None
    hidden: Mapping[str, Pseudonyms] = field(default_factory=dict)  # names, by key


def _refused(name: str, reason: object) -> Part:
    return Part(name, (), "refused", str(reason))


def has_shows(path: Path) -> bool:
    """Whether a folder or a ZIP is surely a bag of this program. Raises as `opened`."""
    with opened(path) as parcel:
        return any(re.fullmatch("data/media/[^/]+/show.json", each) for each in parcel.sizes)


def sort_out(archive: Archive, bag: Bag) -> list[Part]:
    """Decide what becomes of each part of a bag."""
    beside = {beside_sound(place): sha256 for place, sha256 in bag.hashes.items()}
    twice = {place for place, sha256 in beside.items() if bag.hashes.get(place) == sha256}
    groups, odd = _group(bag.hashes.keys() - twice)
    damaged, _rest = _group(bag.faults.keys() - twice)
    shows = {show.slug for show in archive.shows()}
    sound = {each.audio.sha256: each.key for each in archive.episodes()}
    theirs = {show for show, _stem in groups}
    parts = list(_judge_names(archive, bag, theirs if shows else None))
    if not shows:
        parts += _judge_beside(archive, bag)
    parts += (_refused(path, _("ce nom ne convient pas")) for path in odd)
    for show, stem in sorted(groups, key=lambda group: (group[1] != "show", group)):
        paths, key = sorted(groups[show, stem]), f"{show}/{stem}"
        if (show, stem) in damaged and stem != "show":
            found = [_refused(key, _("un de ses fichiers est abîmé dans le sac"))]
        elif stem == "show" or f"media/{key}.json" not in paths:
            found = [_judge_file(archive, bag, path) for path in paths]
            shows |= {show for each in found if each.name.endswith(SHOW) and each.fate == "new"}
        elif show not in shows:
            found = [_refused(key, _("il lui manque {show}", show=SHOW))]
        else:
            found = [_judge_episode(archive, bag, key, paths, sound)]
            sound |= {each.episode.audio.sha256: key for each in found if each.episode}
        parts += found
    return parts


def require_room(archive: Archive, bag: Bag, parts: list[Part]) -> None:
    """Raise ArchiveError unless there is room for what is new."""
    paths = (path for part in parts if part.fate == "new" for path in part.paths)
    size = sum(bag.parcel.sizes[PAYLOAD + path] for path in paths)
    root = archive.root
    message = _("{root} : {size} octets à copier, {free} libres ; faites de la place")
    disk.require_room(root, size, lambda free: _(message, root=root, size=size, free=free))


def take(
    archive: Archive,
    bag: Bag,
    part: Part,
    progress: Progress = silent,
    note: Note = lambda *_: None,
) -> None:
    """Take a new part; `note` an episode before and after. Raises AudioError if its audio is none,
    ArchiveError at another file."""
    with archive.lock():
        if part.episode:
            note(part.name, False)
        for key, hidden in part.hidden.items():
            pseudonyms.add_pseudonyms(archive.root, key, hidden)
        waveform = None
        for path in part.paths:
            listen = part.episode is not None and path == part.paths[0]
            found = _take_file(archive, bag, path, progress if listen else None)
            waveform = waveform or found
        if part.episode and waveform:
            archive.write_waveform(part.episode, waveform)
        if part.episode:
            note(part.name, True)


def _group(places: Iterable[str]) -> tuple[dict[tuple[str, str], list[str]], list[str]]:
    groups, odd = defaultdict[tuple[str, str], list[str]](list), list[str]()
    for path in (each.removeprefix(PAYLOAD) for each in places):
        top, *names = path.split("/")
        if top not in SHOWS:
            continue
        show, name = names if len(names) == 2 else ("", "")
        is_hidden = not name.isprintable() or name.startswith(".")
        if not SLUG.fullmatch(show) or is_hidden or len(name.encode()) > LONGEST_NAME:
            odd.append(path)
        else:
            groups[show, name.split(".", 1)[0]].append(path)
    return groups, odd


def _small(bag: Bag, path: str, largest: int = LARGEST_SIDECAR) -> bytes:
    return bag.parcel.read(PAYLOAD + path, largest, path)


def _judge_names(archive: Archive, bag: Bag, shows: set[str] | None) -> Iterator[Part]:
    """Decide on the hashes of names; those for all shows apply to `shows`, or to all for None."""
    for path in sorted(each.removeprefix(PAYLOAD) for each in bag.hashes):
        if not path.startswith(f"{pseudonyms.FOLDER}/"):
            continue
        try:
            key = path.removeprefix(f"{pseudonyms.FOLDER}/").removesuffix(".json")
            if pseudonyms.path_of(key) != path:
                raise ArchiveError(NO_NAME)
            names = pseudonyms.ALL.parse(_small(bag, path), path)
            if any(each.size < 1 or not each.shown.isprintable() for each in names.pseudonyms):
                message = _("{path} : pas des pseudonymes ; copiez le sac de nouveau")
                raise ArchiveError(message, path=path)
            hidden = {key: names}
            if key == pseudonyms.EVERYWHERE and shows is not None:
                hidden = dict.fromkeys(map(pseudonyms.show_key, sorted(shows)), names)
            known = [{*pseudonyms.pseudonyms_for(archive.root, [each])} for each in hidden]
        except RadioError as error:
            yield _refused(path, error)
        else:
            is_new = not all({*names.pseudonyms} <= each for each in known)
            yield Part(path, (), "new" if is_new else "there", hidden=hidden)


def _judge_beside(archive: Archive, bag: Bag) -> Iterator[Part]:
    for store in (each for each in BESIDE if each.kind != "logo"):  # pictures go with their site
        path = store.path
        if PAYLOAD + path not in bag.hashes or (archive.root / path).exists():
            continue
        try:
            if store.kind == "site":
                site = imprint.read_imprint(_small(bag, path, imprint.LARGEST), path)[0]
                pictures = dict.fromkeys(site.pictures.values())
                own = (each for each in pictures if PAYLOAD + each in bag.hashes)
                free = [each for each in own if not (archive.root / each).exists()]
                yield Part(path, (*free, path), "new")
                continue
            elif store.parse:
                store.parse(_small(bag, path), path)
            yield Part(path, (path,), "new")
        except ArchiveError as error:
            yield _refused(path, error)


def _judge_episode(
    archive: Archive, bag: Bag, key: str, paths: list[str], sound: Mapping[str, str]
) -> Part:
    """Decide on an episode; `sound` gives the keys of known recordings by sha256."""
    show, _slash, slug = key.partition("/")
    sidecar = f"media/{key}.json"
    try:
        if not SLUG.fullmatch(slug):
            raise ArchiveError(NO_NAME)
        episode = read_episode(show, slug, _small(bag, sidecar), PAYLOAD + sidecar)
        audio = f"media/{show}/{episode.audio.file}"
        if bag.hashes.get(PAYLOAD + audio) != episode.audio.sha256:
            return _refused(key, _("son enregistrement n’est pas celui que sa fiche nomme"))
        twin = sound.get(episode.audio.sha256)
        if twin == key:
            return Part(key, (), "there", _("déjà là ; rien à faire"))
        if twin:
            return _refused(key, _("le même enregistrement que {twin}", twin=twin))
        for path in paths:
            _refuse_other(archive, bag, path)
    except RadioError as error:
        return _refused(key, error)
    others = sorted(set(paths) - {audio, sidecar})
    return Part(key, (audio, *others, sidecar), "new", episode=episode)


def _judge_file(archive: Archive, bag: Bag, path: str) -> Part:
    _top, show, name = path.split("/")
    stem = name.split(".", 1)[0]
    try:
        if name == SHOW:
            read_show(show, _small(bag, path), path)
        elif (archive.media / show / f"{stem}.json").exists():
            return _refused(path, _("d’un épisode qui est ici et pas dans le sac"))
        _refuse_other(archive, bag, path)
    except RadioError as error:
        return _refused(path, error)
    return Part(path, (path,), "there" if (archive.root / path).exists() else "new")


def _refuse_other(archive: Archive, bag: Bag, path: str) -> None:
    there = archive.root / path
    if there.parent.is_symlink():
        message = _("{parent} : un lien, qui n’est pas suivi ; {link}")
        raise ArchiveError(message, parent=there.parent, link=LINK)
    if os.path.lexists(there) and hash_file(there) != bag.hashes[PAYLOAD + path]:
        raise ArchiveError(_("{there} : il y en a un autre, qui reste", there=there))


def _take_file(archive: Archive, bag: Bag, path: str, listen: Progress | None) -> bytes | None:
    """Copy a file, unless it is there; with `listen`, decode it and give its waveform."""
    _refuse_other(archive, bag, path)
    there = archive.root / path
    if there.exists():
        return probe(there, listen).waveform if listen else None
    with unfinished(there) as part:
        with part.open("wb") as file:
            sha256 = copy_blocks(bag.parcel.blocks(PAYLOAD + path), file)
        if sha256 != bag.hashes[PAYLOAD + path]:
            raise ArchiveError(_("{path} : a changé depuis sa vérification ; réessayez", path=path))
        waveform = probe(part, listen).waveform if listen else None
        keep(part, there)
    return waveform
