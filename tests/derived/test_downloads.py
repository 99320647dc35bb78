"""Tagged downloads: the stored sound to the last byte, behind a tag that carries its words."""

import contextlib
import functools
import hashlib
import json
import random
import shutil
import subprocess
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import av
import mutagen
import pytest
import soundfile
from flask.testing import FlaskClient
from mutagen import flac, id3, mp4

from bench.memory import memory
from radio.archive import Archive
from radio.archive.episode import MIME, Episode, Person, Show, Source
from radio.derived.cache import DOWNLOADS
from radio.derived.chapters import sidecar_chapters
from radio.derived.downloads import make_label
from radio.derived.soundness import VERSION, quality_path
from radio.search import Index
from radio.sound import tags
from radio.sound.quality import Quality
from radio.system import records
from radio.system.disk import write_whole
from radio.text.chapters import Chapter
from radio.text.transcript import Cue, Transcript
from radio.web.views import downloads
from tests.heard import write_cues
from tests.patience import LONG
from tests.processes import serving
from tests.samples import DEMO, keep_episode
from tests.sounds import KINDS, id3_frame, id3_tag, packets, swelling_tag
from tests.tables import for_each
from tests.web.sites import visit

MEASURED = Quality(-20.5, -6.0, 0, (), (0.01,), 0.0, 0.0, True)
BASE = "https://radio.example"
FIRST = Cue(0.0, 1.5, "Bonjour à toutes et à tous.")
CUES = (FIRST, Cue(1.5, 2.25, "Dans l’œil de la ville.", "Noé"))
NOTE = {"status": "machine", "engine": "openai-whisper", "model": "base", "date": "2026-05-03"}
SAID = Transcript(CUES, NOTE)
READABLE = "[0:00] Bonjour à toutes et à tous.\n\n[0:01] Noé : Dans l’œil de la ville.\n"
CHAPTERS = (Chapter(0.0, "Le début"), Chapter(1.5, "La ville"))
COVER = ("image/png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
LARGE = 300 << 20  # bytes


@dataclass(frozen=True)
class Site:
    """An archive, sounds to put in it, and who downloads from its site."""

    archive: Archive
    sounds: dict[str, Path]
    folder: Path

    @functools.cached_property
    def client(self) -> FlaskClient:
        return visit(self.archive, BASE)

    def add(self, suffix: str) -> Episode:
        told: dict[str, Any] = {"description": "Un\n\nDeux", "chapters": CHAPTERS}
        told |= {"people": (Person("Noé"), Person("Anna", "son"))}
        source = Source(url="https://elsewhere.example/1")
        episode = keep_episode(self.archive, self.sounds[suffix], source=source, **told)
        write_cues(self.archive, episode.key, *CUES, **NOTE)
        return episode

    def fetch(self, episode: Episode) -> bytes:
        response = self.client.get(address(episode))
        assert response.status_code == 200
        return bytes(response.data)

    def taken(self, path: Path, **fields: Any) -> Path:
        content = self.fetch(keep_episode(self.archive, path, **fields))
        taken = self.folder / f"taken{path.suffix}"
        taken.write_bytes(content)
        return taken

    def foreign(self, suffix: str, content: bytes) -> Path:
        path = self.folder / f"foreign{suffix}"
        path.write_bytes(content)
        return path

    def kept(self) -> list[Path]:
        return [path for path in (self.archive.cache / "downloads").rglob("*") if path.is_file()]


def describe(archive: Archive) -> None:
    show = Show("emission", "Émission", station="Radio Dio", license="CC BY-SA 4.0", guid="g")
    archive.write_show(show)


@pytest.fixture
def site(archive: Archive, sounds: dict[str, Path], tmp_path: Path) -> Site:
    describe(archive)
    return Site(archive, sounds, tmp_path)


def address(episode: Episode) -> str:
    return f"/download/{episode.show}/{episode.audio.file}"


@pytest.fixture(scope="session")
def tagged(sounds: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("tagged")
    archive = Archive(folder / "archive")
    archive.create()
    describe(archive)
    site = Site(archive, sounds, folder)
    for suffix in sounds:
        episode = site.add(suffix)
        bare = site.fetch(episode)
        write_whole(quality_path(archive, episode), records.render(MEASURED, version=VERSION))
        (folder / f"taken{suffix}").write_bytes(site.fetch(episode))
        assert b"_TRACK_GAIN" not in bare
    return {suffix: folder / f"taken{suffix}" for suffix in sounds}


def chapters(path: Path) -> list[tuple[float, str]]:
    with av.open(path) as container:
        return [
            (float(each["start"] * (each["time_base"] or 0)), each["metadata"]["title"])
            for each in container.chapters()
        ]


def mediainfo(path: Path) -> dict[str, Any]:
    found = shutil.which("mediainfo")
    assert found, "install it: apt-get install mediainfo"
    done = subprocess.run([found, "--Output=JSON", str(path)], capture_output=True, check=True)
    tracks: list[dict[str, Any]] = json.loads(done.stdout)["media"]["track"]
    return tracks[0]


@for_each("suffix", KINDS)
def test_other_readers_find_words_and_chapters(tagged: dict[str, Path], suffix: str) -> None:
    found = mediainfo(tagged[suffix])
    assert found["Title"] == "L’œil"
    assert found["Album"] == "Émission"
    assert "Noé" in found["Performer"]
    assert found["Recorded_Date"] == "2024-01-16"
    assert "Dans l’œil de la ville." in found["Lyrics"]
    assert chapters(tagged[suffix]) == [(0.0, "Le début"), (1.5, "La ville")]


@for_each("suffix", [".mp3", ".wav"])
def test_id3_says_all(tagged: dict[str, Path], suffix: str, sounds: dict[str, Path]) -> None:
    tag = mutagen.File(tagged[suffix]).tags
    assert tag.version == (2, 4, 0)
    assert tag["TPE1"].text == ["Noé", "Anna"]
    assert tag["TPUB"].text == ["Radio Dio"]
    assert tag["COMM::fra"].text == ["Un\n\nDeux"]
    assert tag["USLT::fra"].text == READABLE
    sung = tag["SYLT::fra"]
    assert (sung.format, sung.type) == (2, 2)
    assert sung.text == [(CUES[0].text, 0), (f"Noé : {CUES[1].text}", 1500)]
    (contents,) = tag.getall("CTOC")
    parts = [tag[f"CHAP:{name}"] for name in contents.child_element_ids]
    assert [(part.start_time, part.end_time) for part in parts] == [(0, 1500), (1500, 4000)]
    assert tag["WOAF"].url == f"{BASE}/shows/emission/2024-01-16-{suffix[1:]}"
    assert tag["WOAS"].url == "https://elsewhere.example/1"
    facts = {frame.desc: frame.text[0] for frame in tag.getall("TXXX")}
    assert facts == {
        "LICENSE": "CC BY-SA 4.0",
        "EPISODE": f"emission/2024-01-16-{suffix[1:]}",
        "EPISODE_ADDRESS": tag["WOAF"].url,
        "REPLAYGAIN_TRACK_GAIN": "2.50 dB",
        "REPLAYGAIN_TRACK_PEAK": "0.501187",
        "AUDIO_SHA256": hashlib.sha256(sounds[suffix].read_bytes()).hexdigest(),
        "CHAPTERS": "given",
        "TRANSCRIPT_STATUS": "machine",
        "TRANSCRIPT_ENGINE": "openai-whisper",
        "TRANSCRIPT_MODEL": "base",
        "TRANSCRIPT_DATE": "2026-05-03",
    }


@for_each("suffix", [".flac", ".ogg", ".opus"])
def test_vorbis_comments_say_all(tagged: dict[str, Path], suffix: str) -> None:
    comments = mutagen.File(tagged[suffix]).tags
    assert comments["artist"] == ["Noé", "Anna"]
    assert comments["lyrics"] == [READABLE]
    assert comments["chapter001"] == ["00:00:01.500"]
    assert comments["chapter001name"] == ["La ville"]
    assert comments["syncedlyrics"][0].endswith("\n[00:01.50]Noé : Dans l’œil de la ville.")
    assert comments["license"] == ["CC BY-SA 4.0"]
    assert comments["transcript_status"] == ["machine"]
    assert comments["language"] == ["fra"]
    ours, none = "replaygain_track_gain", "r128_track_gain"
    if suffix == ".opus":
        ours, none = none, ours
    assert comments[ours] == ["-640" if suffix == ".opus" else "2.50 dB"]
    assert none not in comments


def test_mp4_atoms_say_all(tagged: dict[str, Path]) -> None:
    file = mp4.MP4(tagged[".m4a"])
    assert file["©ART"] == ["Noé", "Anna"]
    assert file["©lyr"] == [READABLE]
    assert file["purl"] == [f"{BASE}/shows/emission/2024-01-16-m4a"]
    assert file.chapters is not None
    found = [(each.start, each.title) for each in file.chapters]
    assert found == [(0.0, "Le début"), (1.5, "La ville")]
    assert file["----:com.apple.iTunes:TRANSCRIPT_MODEL"] == [b"base"]


@for_each("suffix", KINDS)
def test_a_cover_goes_in_front(site: Site, suffix: str) -> None:
    episode = site.add(suffix)
    stored, made = site.archive.audio_path(episode), site.folder / "head"
    chapters, show = sidecar_chapters(episode), site.archive.show("emission")
    tags.write_head(stored, made, make_label(show, episode, SAID, chapters, cover=COVER))
    with made.open("rb") as file:
        head = tags.read_head(file)
    sound = stored.read_bytes()[head.stored_offset : head.stored_stop]
    path = site.foreign(suffix, made.read_bytes()[: head.size] + sound)
    assert mediainfo(path)["Cover"] == "Yes"
    with av.open(path) as container:
        picture = next(container.demux(container.streams.video[0]))
        assert bytes(picture) == COVER[1]


def test_many_chapters_are_cut_to_what_tags_can_count(site: Site) -> None:
    many = tuple(Chapter(number / 100, f"Partie {number}") for number in range(300))
    for suffix in (".mp3", ".m4a"):
        path = site.taken(site.sounds[suffix], chapters=many)
        assert [title for _, title in chapters(path)] == [each.title for each in many[:255]]


def test_a_license_with_an_address_is_a_link_and_no_address_is_invented(site: Site) -> None:
    link = "https://creativecommons.org/licenses/by-sa/4.0/"
    site.archive.write_show(replace(site.archive.show("emission"), license=link))
    assert id3.ID3(site.taken(site.sounds[".mp3"]))["WCOP"].url == link
    nowhere = {"Host": "evil.example"}
    content = visit(site.archive).get(address(site.add(".mp3")), headers=nowhere).data
    assert b"evil.example" not in content and b"WOAF" not in content


@for_each("suffix", KINDS)
def test_hostile_words_are_only_words(site: Site, suffix: str) -> None:
    hostile = (Chapter(-5.0, "\0"), Chapter(9e9, "é" * 200), Chapter(1.0, ""))
    episode = keep_episode(site.archive, site.sounds[suffix], chapters=hostile)
    odd = replace(episode, title="a\0b=\ud7ff", description="\0\x01")
    site.archive.write_episode(odd)
    write_cues(site.archive, episode.key, Cue(0, 1, "x\ufffe\u202e"), status="\x7f")
    path = site.foreign(suffix, site.fetch(episode))
    assert mediainfo(path)["Title"].startswith("ab=")
    assert packets(path) == packets(site.sounds[suffix])


def test_words_that_editing_broke_cost_no_download(site: Site) -> None:
    episode = site.add(".mp3")
    site.archive.vtt_path(episode.key).write_bytes(b"\xff")
    content = site.fetch(episode)
    assert b"USLT" not in content
    assert "L’œil".encode() in content


@for_each("suffix", KINDS)
def test_sound_is_as_stored(tagged: dict[str, Path], sounds: dict[str, Path], suffix: str) -> None:
    path, stored = tagged[suffix], sounds[suffix].read_bytes()
    kept = tagged[suffix].parent / "archive" / "media" / "emission"
    assert (kept / f"2024-01-16-{suffix[1:]}{suffix}").read_bytes() == stored
    assert path.read_bytes() != stored
    assert packets(path) == packets(sounds[suffix])
    match suffix:  # in most formats all bytes behind the tag are stored ones
        case ".mp3":
            assert path.read_bytes()[id3.ID3(path).size :] == stored
        case ".flac":
            assert path.read_bytes().endswith(stored[stored.index(b"\xff\xf8") :])
        case ".wav":  # and it stays one to plain readers
            samples, rate = soundfile.read(sounds[suffix])
            again, again_rate = soundfile.read(path)
            assert (rate, samples.tolist()) == (again_rate, again.tolist())


@pytest.mark.parametrize("version", [3, 4])
def test_foreign_frames_are_kept_where_they_are_not_private(site: Site, version: int) -> None:
    old = id3_tag(
        id3_frame(b"TIT2", b"\0an old title"),
        id3_frame(b"TXXX", b"\0their key\0their value"),
        id3_frame(b"PRIV", b"them\0\x01\x02"),
        id3_frame(b"COMM", b"\0eng" + b"theirs\0" + b"a comment"),
        id3_frame(b"CHAP", b"old\0" + bytes(16)),
        id3_frame(b"XYZW", b"who knows"),
        version=version,
    )
    second, end = id3_tag(id3_frame(b"TPE2", b"\0second tag")), b"TAG" + b"old".ljust(125, b"\0")
    sound = site.sounds[".mp3"].read_bytes()
    path = site.taken(site.foreign(".mp3", old + second + sound + end), chapters=CHAPTERS)
    tag = id3.ID3(path)
    assert tag["TIT2"].text == ["L’œil"]
    assert tag["TXXX:their key"].text == ["their value"]
    assert tag.getall("PRIV") == []
    assert tag["COMM:theirs:eng"].text == ["a comment"]
    assert tag["TPE2"].text == ["second tag"]
    assert tag.unknown_frames == []
    assert sorted(each.element_id for each in tag.getall("CHAP")) == ["chp0", "chp1"]
    assert path.read_bytes()[tag.size :] == sound


@for_each("suffix", [".flac", ".ogg", ".opus", ".m4a"])
def test_foreign_comments_pictures_and_atoms_are_kept(site: Site, suffix: str) -> None:
    path = Path(shutil.copy(site.sounds[suffix], site.folder / f"foreign{suffix}"))
    file, title = mutagen.File(path), "©nam" if suffix == ".m4a" else "title"
    theirs = ("----:them:key", "©grp") if suffix == ".m4a" else ("theirs",)
    file[title] = ["an old title"]
    for name in theirs:
        file[name] = [b"kept"] if name.startswith("----") else ["kept"]
    if suffix == ".flac":
        picture = flac.Picture()
        picture.type, picture.data = 4, b"back"
        file.add_picture(picture)
    file.save()
    path = site.taken(path, chapters=CHAPTERS)
    found = mutagen.File(path)
    assert [found[name] for name in theirs] == [file[name] for name in theirs]
    assert found[title] == ["L’œil"]
    if suffix == ".flac":
        assert found.pictures[0].data.startswith(b"\x89PNG")  # the cover that is drawn
        assert [each.data for each in found.pictures[1:]] == [b"back"]
    assert len(chapters(path)) == len(CHAPTERS)
    assert chapters(site.taken(path, chapters=CHAPTERS[:1])) == [(0.0, "Le début")]


def test_a_hostile_tag_costs_only_itself(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    mp3, stored = site.sounds[".mp3"].read_bytes(), site.sounds[".flac"].read_bytes()
    old = id3_tag(id3_frame(b"APIC", b"\xff\xff"), id3_frame(b"TPE2", b"\0kept"))
    path = site.taken(site.foreign(".mp3", old + mp3))
    assert "2024-01-16-mp3.mp3: damaged in its tag, and left out: APIC" in caplog.text
    assert id3.ID3(path)["TPE2"].text == ["kept"]
    hostile = b"\x04" + (8).to_bytes(3, "big") + b"\xff\xff\xff\x7f" + bytes(4)
    for suffix, title, made in (
        (".mp3", "TIT2", swelling_tag() + mp3),
        (".flac", "title", stored[:42] + hostile + stored[42:]),
    ):
        caplog.clear()
        episode = keep_episode(site.archive, site.foreign(suffix, made))
        path = site.foreign(suffix, content := site.fetch(episode))
        assert caplog.text.count("its tag can’t be read") == 1
        assert mutagen.File(path).tags.get(title)[0] == "L’œil"
        assert packets(path) == packets(site.sounds[suffix])
        caplog.clear()
        assert site.fetch(episode) == content
        assert caplog.text == ""


def test_what_takes_no_label_is_as_stored(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    for suffix, stored in {
        ".opus": site.sounds[".opus"].read_bytes().replace(b"OpusTags", b"OpusTagz"),
        ".m4a": site.sounds[".m4a"].read_bytes().replace(b"moov", b"moow"),
        ".flac": site.sounds[".flac"].read_bytes()[:42] + b"\x04\xff\xff\xff",
    }.items():
        assert site.taken(site.foreign(suffix, stored)).read_bytes() == stored
    assert caplog.text.count("its tag can’t be read") == 2


@for_each("suffix", [".mp3", ".opus"])
def test_random_ranges_are_slices_of_what_is_kept_or_made_anew(site: Site, suffix: str) -> None:
    episode, chance = site.add(suffix), random.Random(7)
    whole = site.fetch(episode)
    with site.client.get(address(episode), buffered=False) as slow:
        shutil.rmtree(site.archive.cache)  # as may happen at any moment
        assert slow.data == whole
    for _ in range(200):
        start, last = sorted(chance.randrange(len(whole)) for _ in range(2))
        response = site.client.get(address(episode), headers={"Range": f"bytes={start}-{last}"})
        assert response.status_code == 206
        assert response.data == whole[start : last + 1]
        assert response.headers["Content-Range"] == f"bytes {start}-{last}/{len(whole)}"


@for_each("suffix", KINDS)
def test_head_agrees_with_get(site: Site, suffix: str) -> None:
    where = address(site.add(suffix))
    head, get = site.client.head(where), site.client.get(where)
    assert head.data == b""
    told, given = (dict(each.headers) | {"Date": ""} for each in (head, get))
    assert told == given
    assert int(told["Content-Length"]) == len(get.data)
    assert (told["Content-Type"], told["Accept-Ranges"]) == (MIME[suffix], "bytes")
    assert not told["ETag"].startswith("W/")


def resume(client: FlaskClient, where: str, have: bytes, etag: str, most: int) -> tuple[bytes, str]:
    """Go on with a download that was cut, as browsers do, and be cut again."""
    response = client.get(where, headers={"Range": f"bytes={len(have)}-", "If-Range": etag})
    more = response.data[:most]
    return have + more if response.status_code == 206 else more, response.headers["ETag"]


@for_each("suffix", [".mp3", ".opus"])
def test_a_download_cut_again_and_again_is_whole(site: Site, suffix: str) -> None:
    episode, chance, client = site.add(suffix), random.Random(11), site.client
    response = client.get(address(episode))
    whole, etag = response.data, response.headers["ETag"]
    site.archive.vtt_path(episode.key).touch()  # that is no change
    have = whole[:500]
    while len(have) < len(whole):
        have, _ = resume(client, address(episode), have, etag, chance.randrange(1, len(whole) // 4))
    assert have == whole
    write_cues(site.archive, episode.key, Cue(0, 1, "Relu."), status="reread")
    have, renewed = resume(client, address(episode), whole[:5000], etag, 10**9)
    assert have == site.fetch(episode) != whole
    assert renewed != etag
    assert b"Relu." in have


def test_what_is_made_is_kept_until_the_words_change_and_has_its_room(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of an Ogg all of it, of most formats the tag alone."""
    episode = site.add(".ogg")
    site.fetch(episode)
    (first,) = site.kept()
    made = first.stat()
    site.fetch(episode)
    assert first.stat().st_ino == made.st_ino
    write_cues(site.archive, episode.key, *CUES[:1], **NOTE)
    site.fetch(episode)
    (second,) = site.kept()
    assert second != first
    for suffix in (".mp3", ".flac", ".wav"):
        site.fetch(site.add(suffix))
    assert [path.stat().st_size < 20_000 for path in site.kept()].count(True) == 3
    shutil.rmtree(site.archive.cache / "downloads")
    monkeypatch.setattr("radio.derived.downloads.DOWNLOADS", replace(DOWNLOADS, room=60_000))
    for suffix in (".ogg", ".opus", ".m4a"):
        site.fetch(site.add(suffix))
    assert [path.stem for path in site.kept()].count("2024-01-16-m4a") == 1
    assert len(site.kept()) == 2


def test_many_who_ask_at_once_get_the_same_and_wait_for_too_much_alone(site: Site) -> None:
    ready, other = site.add(".m4a"), site.add(".flac")
    application = site.client.application
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(application.test_client().get, address(ready)) for _ in range(4)]
    assert len({each.result().data for each in asked}) == 1
    assert len(site.kept()) == 1
    with contextlib.ExitStack() as busy:
        for _ in range(4):
            busy.enter_context(downloads.making.entered())
        assert site.client.get(address(other)).status_code == 503
        site.fetch(ready)
    site.fetch(other)


def test_a_download_has_a_name_for_people_and_one_address(site: Site) -> None:
    episode = site.add(".opus")
    name = quote("Émission – 2024-01-16 – L’œil")
    assert site.client.head(address(episode)).headers["Content-Disposition"] == (
        f"attachment; filename=\"2024-01-16-opus.opus\"; filename*=UTF-8''{name}.opus"
    )
    for wrong in ("/download/emission/none.opus", address(episode).replace(".opus", ".ogg")):
        assert site.client.get(wrong).status_code == 404


def test_the_page_offers_both_and_the_feed_the_stored_file(site: Site) -> None:
    episode = site.add(".mp3")
    stored = f"/media/{episode.show}/{episode.audio.file}"
    page = site.client.get(f"/shows/{episode.key}").text
    assert page.index(f'href="{address(episode)}"') < page.index(f'href="{stored}?download=1"')
    assert f'src="{stored}"' in page
    site.archive.vtt_path(episode.key).unlink()
    assert "/download/" not in site.client.get(f"/shows/{episode.key}").text
    assert "/download/" not in site.client.get("/shows/emission/feed.xml").text


@pytest.mark.torture
@pytest.mark.long
def test_memory_does_not_grow_with_the_length(archive: Archive, tmp_path: Path) -> None:
    once = next(DEMO.glob("*.mp3")).read_bytes()
    path = tmp_path / "long.mp3"
    path.write_bytes(once * (LARGE // len(once)))
    episode = keep_episode(archive, path)
    cues = tuple(Cue(number, number + 1, "mot " * 20) for number in range(3000))
    write_cues(archive, episode.key, *cues)
    Index(archive).refresh()  # which takes memory of its own
    with serving("serve", "--root", str(archive.root), base_url="", idle=archive.root) as site:

        def fetch(**headers: str) -> int:
            request = urllib.request.Request(f"{site.address}{address(episode)}", headers=headers)
            with urllib.request.urlopen(request, timeout=LONG) as answer:
                return sum(map(len, iter(lambda: answer.read(1 << 16), b"")))

        assert fetch(Range="bytes=0-99") == 100
        (before,) = memory(site.process.pid, "VmHWM")
        assert fetch() > path.stat().st_size
        (peak,) = memory(site.process.pid, "VmHWM")
        assert peak < before + (4 << 10)  # kB
        assert peak < 150 << 10
