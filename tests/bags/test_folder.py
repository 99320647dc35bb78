"""The archive written to a disk as a bag, and a bag taken back: whole, verified, nothing lost."""

import json
import os
import random
import re
import shutil
import stat
import struct
import time
import zipfile
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path
from urllib.parse import urljoin

import bagit
import pytest

from radio.archive import Archive
from radio.archive.episode import Show
from radio.bags import export, restore
from radio.bags.containers import opened
from radio.bags.export import export_bag
from radio.bags.payload import measure_all
from radio.bags.verify import verify
from radio.search import Index
from radio.system import disk
from radio.system.disk import write_whole
from radio.system.errors import ArchiveError, RadioError
from radio.text.transcript import Cue
from radio.web.site import create_app
from tests.bags.site import WHOLE, payload
from tests.heard import write_cues
from tests.killed import DISK
from tests.processes import call, command
from tests.samples import CITY, DEMO, MEMORY, STREET, files_in, put
from tests.visits import Links
from tests.web.sites import visit

AUDIO = f"data/media/emission/{STREET}.mp3"
TEXT = f"data/transcripts/emission/{STREET}.vtt"


def truth(archive: Archive) -> dict[str, bytes]:
    files = files_in(archive.root)
    held = (path for path in files if path.startswith(("media/", "transcripts/")))
    return {path: files[path] for path in held if "/." not in path}


def empty(place: Path) -> Archive:
    shutil.rmtree(place, ignore_errors=True)
    made = Archive(place)
    made.create()
    return made


@pytest.fixture
def elsewhere(tmp_path: Path) -> Archive:
    return empty(tmp_path / "elsewhere")


@pytest.fixture
def bag(stocked: Archive, tmp_path: Path) -> Path:
    export_bag(stocked, tmp_path / "bag")
    return tmp_path / "bag"


def faults(path: Path) -> dict[str, str]:
    with opened(path) as parcel:
        return verify(parcel, path).faults


def take_all(archive: Archive, path: Path, *, dry: bool = False) -> dict[str, str]:
    """Take a bag, unless only asked; tell what became, or would, of each part of it."""
    with opened(path) as parcel:
        bag = verify(parcel, path)
        parts = restore.sort_out(archive, bag)
        restore.require_room(archive, bag, parts)
        for part in parts:
            if part.fate == "new" and not dry:
                restore.take(archive, bag, part)
    return {part.name: part.fate for part in parts}


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_a_bag_begins_an_archive_on_a_new_machine(
    stocked: Archive, bag: Path, tmp_path: Path
) -> None:
    """Not where something else is, nor of a bag that another program made."""
    there = tmp_path / "new machine"
    other = tmp_path / "other"
    (other / "data").mkdir(parents=True)
    shutil.copy(bag / "bagit.txt", other)
    assert command(Archive(there), "ingest", str(other), check=False).returncode == 1
    assert not there.exists()
    command(Archive(there), "ingest", str(bag))
    assert truth(Archive(there)) == truth(stocked)
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "letter.txt").touch()
    refused = command(Archive(tmp_path / "home"), "ingest", str(bag), check=False)
    assert "`radio init`" in refused.stderr
    assert files_in(tmp_path / "home").keys() == {"letter.txt"}


def test_a_bag_holds_the_truth_and_follows_its_archive(stocked: Archive, bag: Path) -> None:
    assert bagit.Bag(str(bag)).validate()
    assert files_in(bag / "data") == truth(stocked)
    assert {f"media/emission/{MEMORY}.mp3", f"transcripts/emission/{STREET}.1.vtt"} <= payload(bag)
    assert "media/emission/.secret.json" not in payload(bag)
    before = {path: path.stat().st_mtime_ns for path in bag.rglob("*")}
    assert export_bag(stocked, bag).copied == 0
    assert {path: path.stat().st_mtime_ns for path in bag.rglob("*")} == before
    kept = (bag / AUDIO).stat().st_ino
    stocked.vtt_path(f"emission/{STREET}").write_text("WEBVTT\n\nNOTE\nreread\n", encoding="utf-8")
    for path in stocked.root.glob(f"*/emission/{CITY}*"):
        path.unlink()
    done = export_bag(stocked, bag)
    assert (done.copied, done.removed, done.faults) == (1, 4, ())
    assert (bag / AUDIO).stat().st_ino == kept
    assert "reread" in (bag / TEXT).read_text(encoding="utf-8")
    assert bagit.Bag(str(bag)).validate()
    assert not any(CITY in path for path in payload(bag))


def test_what_lies_there_of_others_stays_and_stops_the_export(
    stocked: Archive, bag: Path, elsewhere: Archive, tmp_path: Path
) -> None:
    write_whole(tmp_path / "thesis" / "chapter.odt", b"years of work")
    elsewhere.write_show(Show("emission", "Une autre", guid="another"))
    strangers = ((elsewhere, bag), (empty(tmp_path / "empty"), bag))
    for archive, place in ((stocked, tmp_path / "thesis"), *strangers):
        before = files_in(place)
        with pytest.raises(ArchiveError, match="neither empty nor a bag of this archive"):
            export_bag(archive, place)
        assert files_in(place) == before
    (bag / "data" / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ArchiveError, match=r"mine\.txt: does not belong"):
        export_bag(stocked, bag)
    shutil.rmtree(stocked.media)
    stocked.create()
    before = files_in(bag)
    with pytest.raises(ArchiveError):
        export_bag(stocked, bag)
    assert files_in(bag) == before


def test_a_spoilt_recording_stays_in_the_bag(stocked: Archive, bag: Path, tmp_path: Path) -> None:
    before, path = files_in(bag / "data"), stocked.media / f"emission/{STREET}.mp3"
    for harm in (flip, lambda path: path.write_bytes(bytes(9)), Path.unlink):
        harm(path)
        measure_all(stocked)  # as `radio work` and the site do
        (fault,) = export_bag(stocked, bag).faults
        assert f"{STREET}.mp3: " in fault
        assert bagit.Bag(str(bag)).validate()
        assert files_in(bag / "data") == before
    path.write_bytes(before[f"media/emission/{STREET}.mp3"][:-1] + b"?")
    (fault,) = export_bag(stocked, tmp_path / "new").faults
    assert f"{STREET}.mp3: damaged" in fault
    assert bagit.Bag(str(tmp_path / "new")).validate()


def test_an_export_that_was_broken_off_is_no_bag_and_goes_on(
    stocked: Archive, elsewhere: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dest, copied = tmp_path / "bag", list[float]()

    def stop(share: float) -> None:
        copied.append(share)
        if len(copied) == 6:
            raise KeyboardInterrupt

    monkeypatch.setattr(export, "OFTEN", 0.0)
    with pytest.raises(KeyboardInterrupt):
        export_bag(stocked, dest, progress=stop)
    with pytest.raises(bagit.BagError):
        bagit.Bag(str(dest))
    done = export_bag(stocked, dest)
    assert done.kept == 5
    assert bagit.Bag(str(dest)).validate()
    assert files_in(dest / "data") == truth(stocked)
    monkeypatch.setattr(disk, "RESERVE", 1 << 60)  # both ways need room
    for act in (partial(export_bag, stocked, tmp_path / "new"), partial(take_all, elsewhere, dest)):
        with pytest.raises(ArchiveError, match="make room"):
            act()
    assert truth(elsewhere) == {}


def test_a_bag_comes_back(stocked: Archive, bag: Path, elsewhere: Archive, tmp_path: Path) -> None:
    write_whole(stocked.cache / "site/index.html", b"page")
    export_bag(stocked, bag)
    assert bagit.Bag(str(bag)).validate()
    packed = shutil.make_archive(str(bag), "zip", bag.parent, bag.name)  # by another program
    assert set(take_all(elsewhere, Path(packed), dry=True).values()) == {"new"}
    assert set(take_all(elsewhere, bag).values()) == {"new"}
    assert truth(elsewhere) == truth(stocked)
    assert not (elsewhere.root / "index.html").exists()  # pages are verified and left
    (elsewhere.cache / "waveforms/emission" / STREET).read_bytes()
    corrected = elsewhere.vtt_path(f"emission/{STREET}")
    corrected.write_text("WEBVTT\n\nNOTE\nstatus: reread\n", encoding="utf-8")
    before = truth(elsewhere)
    assert set(take_all(elsewhere, bag).values()) == {"there"}
    assert truth(elsewhere) == before
    download, public = tmp_path / "archive.zip", empty(tmp_path / "public")
    download.write_bytes(visit(stocked).get(WHOLE).data)
    take_all(public, download)
    assert f"media/emission/{STREET}.mp3" in truth(public)
    assert truth(public).items() <= truth(stocked).items()
    (bag / "data/index.html").write_text("spam", encoding="utf-8")
    assert faults(bag) == {"data/index.html": "does not match the manifest"}


def test_a_bag_is_one_act_that_is_undone_whole_or_in_part_and_taken_anew(
    stocked: Archive, bag: Path, elsewhere: Archive
) -> None:
    """A text that somebody reread before is no reason to stay, one reread since is."""
    first = f"emission/{STREET}"
    write_cues(stocked, first, Cue(0.0, 2.0, "Relu."), status="reread")
    export_bag(stocked, bag)
    command(elsewhere, "ingest", str(bag))
    taken = {each.key for each in elsewhere.episodes()}
    command(elsewhere, "undo")
    assert elsewhere.episodes() == []
    command(elsewhere, "ingest", str(bag))
    assert {each.key for each in elsewhere.episodes()} == taken
    later = time.time() + 3600
    os.utime(elsewhere.vtt_path(first), (later, later))
    assert f"{first}: stays here" in command(elsewhere, "undo").stderr
    assert [each.key for each in elsewhere.episodes()] == [first]


def test_other_audio_of_the_same_name_is_refused(bag: Path, elsewhere: Archive) -> None:
    elsewhere.write_show(Show("emission", "Émission", guid="mine"))
    put(elsewhere, CITY)
    ours = elsewhere.episode(f"emission/{CITY}")
    for end in ("mp3", "json"):
        path = elsewhere.media / f"emission/{CITY}.{end}"
        path.rename(path.with_name(f"{STREET}.{end}"))
    sidecar = elsewhere.media / f"emission/{STREET}.json"
    sidecar.write_text(sidecar.read_text().replace(f"{CITY}.mp3", f"{STREET}.mp3"))
    before = truth(elsewhere)
    fates = take_all(elsewhere, bag)
    refused = (f"emission/{STREET}", f"emission/{CITY}", "media/emission/show.json")
    assert [fates[each] for each in refused] == ["refused"] * 3  # by its name, sound, or both
    assert fates[f"emission/{MEMORY}"] == "new"
    assert before.items() <= truth(elsewhere).items()
    assert elsewhere.episode(f"emission/{STREET}").audio.sha256 == ours.audio.sha256
    done = command(elsewhere, "ingest", str(bag), check=False)  # it said that all went well
    assert (done.returncode, "3 refused" in done.stderr) == (1, True), done.stderr


def test_a_run_that_was_broken_off_goes_on(stocked: Archive, bag: Path, elsewhere: Archive) -> None:
    with DISK.killing(elsewhere.root, 12):
        take_all(elsewhere, bag)
    assert 0 < len(truth(elsewhere)) < len(truth(stocked)) - 1
    take_all(elsewhere, bag)
    assert truth(elsewhere) == truth(stocked)


def test_what_is_no_audio_is_not_taken(bag: Path, elsewhere: Archive) -> None:
    content = b"ID3 but no sound" * 99
    forge(bag, f"media/emission/{STREET}.mp3", content)
    sidecar = json.loads((bag / f"data/media/emission/{STREET}.json").read_bytes())
    sidecar["audio"] |= {"sha256": sha256(content).hexdigest(), "size": len(content)}
    forge(bag, f"media/emission/{STREET}.json", json.dumps(sidecar).encode())
    with pytest.raises(RadioError):
        take_all(elsewhere, bag)
    assert not list(elsewhere.media.glob(f"emission/*{STREET}*"))


def forge(bag: Path, path: str, content: bytes) -> None:
    """Put a file in a bag and make all of the bag agree."""
    write_whole(bag / "data" / path, content)
    bagit.Bag(str(bag)).save(manifests=True)


def rewrite(bag: Path, name: str, old: str, new: str) -> None:
    path = bag / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def link(bag: Path, path: str, target: str) -> None:
    (bag / path).unlink(missing_ok=True)
    (bag / path).symlink_to(target)


def swell(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(1 << 32)


MANIFEST, OTHER = "manifest-sha256.txt", "does not match the manifest"
Harm = Callable[[Path], object]
DAMAGED: list[tuple[Harm, str, int]] = [  # what happens, what is said, what episodes it costs
    (lambda bag: flip(bag / AUDIO), OTHER, 1),
    (lambda bag: flip(bag / "LISEZ-MOI.txt"), OTHER, 0),
    (lambda bag: (bag / AUDIO).write_bytes(bytes(99)), OTHER, 1),
    (lambda bag: (bag / TEXT).write_bytes(b"WEBVTT\n"), OTHER, 1),
    (lambda bag: (bag / AUDIO).unlink(), "missing", 1),
    (lambda bag: (bag / "data/x").write_bytes(b""), "not in the manifest", 0),
    (lambda bag: (bag / TEXT).with_suffix(".en.vtt").write_bytes(b""), "not in the manifest", 1),
    (lambda bag: rewrite(bag, MANIFEST, f"  {AUDIO}", ""), "not a line of a manifest", 1),
    (lambda bag: rewrite(bag, MANIFEST, AUDIO, f"data/../../{AUDIO}"), "missing", 1),
    (lambda bag: rewrite(bag, MANIFEST, AUDIO, "/etc/passwd"), "not part of the payload", 1),
    (lambda bag: rewrite(bag, f"tag{MANIFEST}", "bagit.txt", "../bagit.txt"), "missing", 0),
    (lambda bag: rewrite(bag, MANIFEST, TEXT, AUDIO), "listed twice in the manifest", 1),
    (lambda bag: rewrite(bag, "bag-info.txt", ":", " "), "damaged", 0),
]


def test_a_damaged_bag_gives_back_what_is_sound_of_it(
    bag: Path, stocked: Archive, elsewhere: Archive, tmp_path: Path
) -> None:
    for number, (harm, told, lost) in enumerate(DAMAGED):
        harmed = shutil.copytree(bag, tmp_path / str(number), copy_function=shutil.copy)
        harm(harmed)
        assert told in faults(harmed).values()
        found = take_all(elsewhere, harmed, dry=True)
        assert [found[f"emission/{slug}"] for slug in (CITY, MEMORY)] == ["new", "new"]
        assert found[f"emission/{STREET}"] == ("refused" if lost else "new"), told
    take_all(elsewhere, tmp_path / "0")
    ours = truth(elsewhere)
    assert len(elsewhere.episodes()) == 2
    assert ours.items() <= truth(stocked).items()
    assert not [path for path in ours if STREET in path]


HOSTILE: list[tuple[Harm, str]] = [
    (lambda bag: link(bag, AUDIO, "/etc/passwd"), "neither a file nor a folder"),
    (lambda bag: link(bag, "data/etc", "/etc"), "neither a file nor a folder"),
    (lambda bag: os.mkfifo(bag / "data/pipe"), "neither a file nor a folder"),
    (lambda bag: (bag / "bagit.txt").unlink(), "is it a bag"),
    (lambda bag: rewrite(bag, "bagit.txt", "1.0", "9.0"), "not BagIt 1.0"),
    (lambda bag: (bag / "fetch.txt").write_text("http://x 1 data/x"), "fetch them"),
    (lambda bag: (bag / MANIFEST).rename(bag / "manifest-md5.txt"), "only bags with SHA-256"),
    (lambda bag: swell(bag / MANIFEST), "too large"),
    (lambda bag: swell(bag / "bagit.txt"), "too large"),
    (lambda bag: (bag / MANIFEST).write_bytes(b"\xff\xfe"), "no manifest"),
]


@pytest.fixture
def small(bag: Path) -> Path:
    for each in bag.glob("data/media/emission/*.mp3"):
        each.write_bytes(b"short")
    bagit.Bag(str(bag)).save(manifests=True)
    return bag


Odd = tuple[zipfile.ZipInfo | str, bytes]


def pack(bag: Path, path: Path, *odd: Odd, packing: int = 0) -> Path:
    with zipfile.ZipFile(path, "w", packing) as packed:
        for each in sorted(bag.rglob("*")):
            packed.write(each, f"bag/{each.relative_to(bag)}")
        for name, content in odd:
            packed.writestr(name, content)
    return path


def symbolic(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return info


ODD_NAMES: list[tuple[zipfile.ZipInfo | str, str]] = [
    *((f"{place}outside.txt", "leads out") for place in ("../../", "/etc/", "C:/")),
    ("bag/data/../../../outside.txt", "leads out"),
    *((name, "leads out") for name in ("bag/data/./x", "bag//data/x", "bag\\data\\x")),
    (symbolic("bag/data/media/emission/link.mp3"), "neither a file nor a folder"),
    ("bag/bagit.txt", "two files of the same name"),
]


def patch(path: Path, field: int, value: bytes) -> Path:
    content = bytearray(path.read_bytes())
    place = content.index(b"PK\1\2") + field
    content[place : place + len(value)] = value
    path.write_bytes(content)
    return path


def overlap(path: Path) -> Path:
    content = bytearray(path.read_bytes())
    places = [at for at in range(len(content)) if content[at : at + 4] == b"PK\1\2"]
    first, second = places[-2:]
    content[second + 42 : second + 46] = content[first + 42 : first + 46]
    path.write_bytes(content)
    return path


def cut(path: Path) -> Path:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return path


def endless(path: Path) -> Path:
    size = 3 << 30
    with path.open("wb") as file:
        file.truncate(size)
        file.seek(size)
        file.write(struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, size, 0, 0))
    return path


BOMB = ("bag/data/zeros", bytes(80 << 20))
Trap = Callable[[Path, Path], Path]
TRAPS: list[tuple[Trap, str]] = [  # what a program that means harm makes of a bag, at a path
    (lambda bag, path: patch(pack(bag, path), 8, b"\1\0"), "is encrypted"),
    (lambda bag, path: pack(bag, path, packing=zipfile.ZIP_BZIP2), "unusual way"),
    (lambda bag, path: pack(bag, path, packing=zipfile.ZIP_LZMA), "unusual way"),
    (lambda bag, path: pack(bag, path, BOMB, packing=zipfile.ZIP_DEFLATED), "enormous"),
    (lambda bag, path: overlap(pack(bag, path)), "overlaps"),
    (lambda bag, path: Path(shutil.copy(bag / AUDIO, path)), "damaged ZIP"),
    (lambda bag, path: cut(pack(bag, path)), "damaged ZIP"),
    (lambda _, path: endless(path), "too large"),
]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_none_is_taken_of_what_is_no_bag(small: Path, elsewhere: Archive, tmp_path: Path) -> None:
    def refuse(path: Path, told: str) -> None:
        with pytest.raises(ArchiveError, match=told):
            take_all(elsewhere, path)
        assert truth(elsewhere) == {}
        assert not (tmp_path.parent / "outside.txt").exists()

    for number, (harm, told) in enumerate(HOSTILE):
        harm(harmed := shutil.copytree(small, tmp_path / str(number)))
        refuse(harmed, told)
    for name, told in ODD_NAMES:
        refuse(pack(small, tmp_path / "bag.zip", (name, b"/etc/passwd")), told)
    for trap, told in TRAPS:
        refuse(trap(small, tmp_path / "bag.zip"), told)


def test_a_zip_with_random_damage_is_refused_or_whole(small: Path, tmp_path: Path) -> None:
    path, chance, refused = tmp_path / "bag.zip", random.Random(4), 0
    whole = pack(small, path).read_bytes()
    for _ in range(300):
        content = bytearray(whole)
        for _ in range(chance.randrange(1, 4)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        path.write_bytes(content)
        try:
            refused += bool(faults(path))
        except ArchiveError:
            refused += 1
    assert refused > 200


UNREADABLE = {
    "media/emission/2024-01-01-x.json": b"{",
    "media/emission/2024-01-02-x.json": b"[" * 100_000,
    **dict.fromkeys(("media/emission/Pas un nom.json", "media/Autre/show.json"), b"{}"),
    "media/autre/show.json": b"[]",
}
UNREADABLE |= {f"media/{each}": b"x" for each in ("emission/.hidden", "emission/a/b.txt", "c.txt")}


def test_what_can_not_be_read_is_not_taken(stocked: Archive, bag: Path, elsewhere: Archive) -> None:
    for path, content in UNREADABLE.items():
        forge(bag, path, content)
    fates = take_all(elsewhere, bag)
    refused = {name for name, fate in fates.items() if fate == "refused"}
    assert refused == {re.sub(r"media/(emission/.*)\.json", r"\1", each) for each in UNREADABLE}
    assert truth(elsewhere) == truth(stocked)


def test_an_episode_without_sound_is_refused(bag: Path, elsewhere: Archive, tmp_path: Path) -> None:
    forge(bag, f"media/emission/{STREET}.mp3", (DEMO / f"{CITY}.mp3").read_bytes())
    assert take_all(empty(tmp_path / "taken"), bag)[f"emission/{STREET}"] == "refused"
    assert not list((tmp_path / "taken").glob(f"*/emission/{STREET}*"))
    elsewhere.write_show(Show("emission", "Émission"))
    ours = put(elsewhere, STREET)
    elsewhere.vtt_path(ours.key).unlink()
    for end in ("mp3", "json"):
        (bag / f"data/media/emission/{STREET}.{end}").unlink()
    bagit.Bag(str(bag)).save(manifests=True)
    assert take_all(elsewhere, bag)[f"transcripts/emission/{STREET}.vtt"] == "refused"
    assert not elsewhere.vtt_path(ours.key).exists()


def test_the_command_says_what_it_takes_and_what_not(bag: Path, elsewhere: Archive) -> None:
    tried = command(elsewhere, "ingest", "--dry-run", str(bag))
    assert tried.stdout.startswith("media/emission/")
    assert f"\nemission/{STREET}\n" in tried.stdout
    assert truth(elsewhere) == {}
    flip(bag / AUDIO)
    elsewhere.write_show(Show("emission", "Émission"))
    put(elsewhere, MEMORY)
    partly = command(elsewhere, "ingest", str(bag), check=False)
    assert partly.returncode == 1
    told = [f"{bag / AUDIO}: {OTHER}", f"emission/{STREET}: one of its files is damaged in the bag"]
    told += [f"emission/{MEMORY}: already here", "show.json: there is another one, which is kept"]
    assert [each for each in told if each not in partly.stderr] == []
    assert f"emission/{CITY}\n" in partly.stdout
    assert len(elsewhere.episodes()) == 2


KINDS = {"api", "cards", "catalogue", "cite", "covers", "fixity", "media", "shows", "static"}
KINDS |= {"about", "feed.xml", "help", "sitemap.xml", "subscribe", "transcripts"}


def answers(archive: Archive) -> dict[str, tuple[int, bytes]]:
    """Every page and file of a site in French, followed from the first page on; bags and books are
    left out: their date is that of the newest file."""
    index = Index(archive)
    index.refresh(rebuild=True)  # removed texts still count in the order of an older index
    client = create_app(archive, index, base_url="https://radio.example").test_client()
    todo = ["/", "/sitemap.xml", "/feed.xml", "/api/v1/search?q=micros"]
    found = dict[str, tuple[int, bytes]]()
    while todo:
        address = todo.pop().partition("#")[0].removeprefix("https://radio.example")
        is_ours = address.startswith("/") and not address.startswith(WHOLE)
        if address in found or not is_ours or "lang=en" in address or ".epub" in address:
            continue
        with client.get(address) as response:
            found[address] = response.status_code, response.get_data()
        if response.mimetype == "text/html" and "?" not in address:  # one question asks others
            links = Links(found[address][1].decode()).found
            todo += [urljoin(address, link) for link in links]
    return found


@pytest.mark.long
def test_every_page_and_answer_is_equal_elsewhere(chain: Path, tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    unchecked = shutil.ignore_patterns(
        "fixity.json", "fixity"
    )  # when it was checked here, not there
    origin = Archive(shutil.copytree(chain, here, ignore=unchecked))
    call("export", "bag", "--root", str(here), str(tmp_path / "bag"))
    call("init", "--root", str(there))
    call("ingest", "--root", str(there), str(tmp_path / "bag"))
    call("index", "--pages", "--root", str(there))
    assert truth(Archive(there)) == truth(origin)
    ours, theirs = answers(origin), answers(Archive(there))
    assert len(ours) > 150
    assert {address.strip("/").partition("/")[0] for address in ours} >= KINDS
    assert ours.keys() == theirs.keys()
    assert [address for address in ours if ours[address] != theirs[address]] == []
