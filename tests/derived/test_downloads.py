"""Tagged downloads: the stored sound to the last byte, behind a tag that carries its words."""

import contextlib
import hashlib
import http.client
import json
import logging
import os
import random
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

import av
import mutagen
import pytest
import soundfile
from flask.testing import FlaskClient
from mutagen import flac, id3, mp4

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
from radio.text.transcript import Cue, Transcript, render_vtt
from radio.web.site import create_app
from radio.web.views import downloads
from tests.patience import LONG, until
from tests.processes import serving
from tests.samples import DEMO, keep_episode
from tests.sounds import KINDS, id3_frame, id3_tag, packets, swelling_tag
from tests.tables import for_each

MEASURED = Quality(-20.5, -6.0, 0, (), (0.01,), 0.0, 0.0, True)
BASE = "https://radio.example"
CUES = (
    Cue(0.0, 1.5, "Bonjour à toutes et à tous."),
    Cue(1.5, 2.25, "Dans l’œil de la ville.", "Noé"),
)
NOTE = {"status": "machine", "engine": "openai-whisper", "model": "base", "date": "2026-05-03"}
SAID = Transcript(CUES, NOTE)
READABLE = "[0:00] Bonjour à toutes et à tous.\n\n[0:01] Noé : Dans l’œil de la ville.\n"
CHAPTERS = (Chapter(0.0, "Le début"), Chapter(1.5, "La ville"))
COVER = ("image/png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
ON_THE_FLY = [".mp3", ".flac", ".wav"]
COPIED = [".ogg", ".opus", ".m4a"]
LARGE = 300 << 20  # bytes


def write_words(archive: Archive, episode: Episode, said: Transcript = SAID) -> None:
    path = archive.vtt_path(episode.key)
    path.parent.mkdir(exist_ok=True)
    path.write_text(render_vtt(said), encoding="utf-8")


def describe(archive: Archive) -> None:
    show = Show("emission", "Émission", station="Radio Dio", license="CC BY-SA 4.0", guid="g")
    archive.write_show(show)


def add_episode(archive: Archive, path: Path) -> Episode:
    """Put a file and its words in the archive."""
    episode = keep_episode(
        archive,
        path,
        description="Un\n\nDeux",
        people=(Person("Noé"), Person("Anna", "son")),
        chapters=CHAPTERS,
        source=Source(url="https://elsewhere.example/1"),
    )
    write_words(archive, episode)
    return episode


@pytest.fixture
def archive(archive: Archive) -> Archive:
    describe(archive)
    return archive


@pytest.fixture
def client(archive: Archive) -> FlaskClient:
    return create_app(archive, Index(archive), base_url=BASE).test_client()


@pytest.fixture
def add(archive: Archive, sounds: dict[str, Path]) -> Callable[[str], Episode]:
    """Put an episode with its words in the archive, of the kind that a suffix names."""
    return lambda suffix: add_episode(archive, sounds[suffix])


def address(episode: Episode) -> str:
    return f"/download/{episode.show}/{episode.audio.file}"


def fetch(client: FlaskClient, episode: Episode) -> bytes:
    with client.get(address(episode)) as response:
        assert response.status_code == 200
        return bytes(response.data)


@pytest.fixture(scope="session")
def tagged(sounds: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A download of each kind."""
    folder = tmp_path_factory.mktemp("tagged")
    archive = Archive(folder / "archive")
    archive.create()
    describe(archive)
    client = create_app(archive, Index(archive), base_url=BASE).test_client()
    for suffix, path in sounds.items():
        episode = add_episode(archive, path)
        bare = fetch(client, episode)
        write_whole(quality_path(archive, episode), records.render(MEASURED, version=VERSION))
        (folder / f"taken{suffix}").write_bytes(fetch(client, episode))
        assert b"_TRACK_GAIN" not in bare
    return {suffix: folder / f"taken{suffix}" for suffix in sounds}


def chapters(path: Path) -> list[tuple[float, str]]:
    with av.open(path) as container:
        return [
            (float(each["start"] * (each["time_base"] or 0)), each["metadata"]["title"])
            for each in container.chapters()
        ]


def run(program: str, *arguments: str) -> str:
    found = shutil.which(program)
    assert found, f"install it: apt-get install {program.lower()}"
    spoken = {**os.environ, "LC_ALL": "C.UTF-8"}
    done = subprocess.run([found, *arguments], capture_output=True, check=True, env=spoken)
    return done.stdout.decode()


def mediainfo(path: Path) -> dict[str, Any]:
    tracks = json.loads(run("mediainfo", "--Output=JSON", str(path)))["media"]["track"]
    return cast(dict[str, Any], tracks[0])


# The words


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
    assert [(each.start, each.title) for each in file.chapters] == [
        (0.0, "Le début"),
        (1.5, "La ville"),
    ]
    assert file["----:com.apple.iTunes:TRANSCRIPT_MODEL"] == [b"base"]


@for_each("suffix", KINDS)
def test_a_cover_goes_in_front(
    archive: Archive, add: Callable[[str], Episode], tmp_path: Path, suffix: str
) -> None:
    episode = add(suffix)
    show, stored = archive.show("emission"), archive.audio_path(episode)
    label = make_label(show, episode, SAID, sidecar_chapters(episode), cover=COVER)
    tags.write_head(stored, tmp_path / "head", label)
    with (tmp_path / "head").open("rb") as file:
        head = tags.read_head(file)
        file.seek(0)
        front = file.read(head.size)
    path = tmp_path / f"covered{suffix}"
    path.write_bytes(front + stored.read_bytes()[head.stored_offset : head.stored_stop])
    assert mediainfo(path)["Cover"] == "Yes"
    with av.open(path) as container:
        picture = next(container.demux(container.streams.video[0]))
        assert bytes(picture) == COVER[1]


def test_many_chapters_are_cut_to_what_tags_can_count(
    archive: Archive, client: FlaskClient, sounds: dict[str, Path], tmp_path: Path
) -> None:
    many = tuple(Chapter(number / 100, f"Partie {number}") for number in range(300))
    for suffix in (".mp3", ".m4a"):
        path = tmp_path / f"many{suffix}"
        path.write_bytes(fetch(client, keep_episode(archive, sounds[suffix], chapters=many)))
        assert [title for _, title in chapters(path)] == [each.title for each in many[:255]]


def test_a_license_with_an_address_is_a_link(
    archive: Archive, add: Callable[[str], Episode], client: FlaskClient, tmp_path: Path
) -> None:
    link = "https://creativecommons.org/licenses/by-sa/4.0/"
    archive.write_show(replace(archive.show("emission"), license=link))
    (tmp_path / "a.mp3").write_bytes(fetch(client, add(".mp3")))
    assert id3.ID3(tmp_path / "a.mp3")["WCOP"].url == link


def test_no_address_is_invented(archive: Archive, add: Callable[[str], Episode]) -> None:
    client = create_app(archive, Index(archive)).test_client()
    with client.get(address(add(".mp3")), headers={"Host": "evil.example"}) as response:
        assert b"evil.example" not in response.data
        assert b"WOAF" not in response.data


def test_hostile_words_are_only_words(
    archive: Archive, sounds: dict[str, Path], client: FlaskClient, tmp_path: Path
) -> None:
    for suffix in KINDS:
        hostile = (Chapter(-5.0, "\0"), Chapter(9e9, "é" * 200), Chapter(1.0, ""))
        episode = keep_episode(archive, sounds[suffix], chapters=hostile)
        archive.write_episode(replace(episode, title="a\0b=\ud7ff", description="\0\x01"))
        write_words(archive, episode, Transcript((Cue(0, 1, "x\ufffe\u202e"),), {"status": "\x7f"}))
        path = tmp_path / f"hostile{suffix}"
        path.write_bytes(fetch(client, episode))
        assert mediainfo(path)["Title"].startswith("ab=")
        assert packets(path) == packets(sounds[suffix])


def test_words_that_editing_broke_cost_no_download(
    archive: Archive, add: Callable[[str], Episode], client: FlaskClient
) -> None:
    episode = add(".mp3")
    archive.vtt_path(episode.key).write_bytes(b"\xff")
    content = fetch(client, episode)
    assert b"USLT" not in content
    assert "L’œil".encode() in content


# The sound


@for_each("suffix", KINDS)
def test_the_sound_is_the_stored_one(
    tagged: dict[str, Path], sounds: dict[str, Path], suffix: str
) -> None:
    """And the stored file is as it was."""
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


# What others wrote


def mp3_with(sounds: dict[str, Path], tmp_path: Path, *old: bytes, end: bytes = b"") -> Path:
    path = tmp_path / "foreign.mp3"
    path.write_bytes(b"".join(old) + sounds[".mp3"].read_bytes() + end)
    return path


@pytest.mark.parametrize("version", [3, 4])
def test_foreign_frames_are_kept_where_they_are_not_private(
    archive: Archive,
    sounds: dict[str, Path],
    client: FlaskClient,
    tmp_path: Path,
    version: int,
) -> None:
    comment = b"\0eng" + b"theirs\0" + b"a comment"
    old = id3_tag(
        id3_frame(b"TIT2", b"\0an old title"),
        id3_frame(b"TXXX", b"\0their key\0their value"),
        id3_frame(b"PRIV", b"them\0\x01\x02"),
        id3_frame(b"COMM", comment),
        id3_frame(b"CHAP", b"old\0" + bytes(16)),
        id3_frame(b"XYZW", b"who knows"),
        version=version,
    )
    second, end = id3_tag(id3_frame(b"TPE2", b"\0second tag")), b"TAG" + b"old".ljust(125, b"\0")
    path = mp3_with(sounds, tmp_path, old, second, end=end)
    path.write_bytes(content := fetch(client, keep_episode(archive, path, chapters=CHAPTERS)))
    tag = id3.ID3(path)
    assert tag["TIT2"].text == ["L’œil"]
    assert tag["TXXX:their key"].text == ["their value"]
    assert tag.getall("PRIV") == []
    assert tag["COMM:theirs:eng"].text == ["a comment"]
    assert tag["TPE2"].text == ["second tag"]
    assert tag.unknown_frames == []
    assert sorted(each.element_id for each in tag.getall("CHAP")) == ["chp0", "chp1"]
    assert content[tag.size :] == sounds[".mp3"].read_bytes()


def test_foreign_comments_pictures_and_atoms_are_kept(
    archive: Archive, sounds: dict[str, Path], client: FlaskClient, tmp_path: Path
) -> None:
    def given(path: Path, chapters: tuple[Chapter, ...]) -> Any:
        path.write_bytes(fetch(client, keep_episode(archive, path, chapters=chapters)))
        return mutagen.File(path)

    for suffix in (".flac", ".ogg", ".opus", ".m4a"):
        path = Path(shutil.copy(sounds[suffix], tmp_path / f"foreign{suffix}"))
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
        found = given(path, CHAPTERS)
        assert [found[name] for name in theirs] == [file[name] for name in theirs]
        assert found[title] == ["L’œil"]
        if suffix == ".flac":
            assert found.pictures[0].data.startswith(b"\x89PNG")  # the cover that is drawn
            assert [each.data for each in found.pictures[1:]] == [b"back"]
        assert len(chapters(path)) == len(CHAPTERS)
        given(path, CHAPTERS[:1])
        assert chapters(path) == [(0.0, "Le début")]


def test_a_broken_picture_costs_a_warning(
    archive: Archive,
    sounds: dict[str, Path],
    client: FlaskClient,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    old = id3_tag(id3_frame(b"APIC", b"\xff\xff"), id3_frame(b"TPE2", b"\0kept"))
    path = mp3_with(sounds, tmp_path, old)
    with caplog.at_level(logging.WARNING):
        path.write_bytes(fetch(client, keep_episode(archive, path)))
    assert "2024-01-16-mp3.mp3: broken in its tag, and left out: APIC" in caplog.text
    assert id3.ID3(path)["TPE2"].text == ["kept"]


def test_a_hostile_tag_costs_only_itself(
    archive: Archive,
    sounds: dict[str, Path],
    client: FlaskClient,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    mp3, stored = sounds[".mp3"].read_bytes(), sounds[".flac"].read_bytes()
    hostile = b"\x04" + (8).to_bytes(3, "big") + b"\xff\xff\xff\x7f" + bytes(4)
    flac_made = stored[:42] + hostile + stored[42:]
    for suffix, title, made in (
        (".mp3", "TIT2", swelling_tag() + mp3),
        (".flac", "title", flac_made),
    ):
        path = tmp_path / f"hostile{suffix}"
        path.write_bytes(made)
        episode = keep_episode(archive, path)
        caplog.clear()
        path.write_bytes(content := fetch(client, episode))
        assert caplog.text.count("its tag can't be read") == 1
        assert mutagen.File(path).tags.get(title)[0] == "L’œil"
        assert packets(path) == packets(sounds[suffix])
        caplog.clear()
        assert fetch(client, episode) == content
        assert caplog.text == ""


def test_what_cannot_be_labelled_is_given_as_stored(
    archive: Archive,
    sounds: dict[str, Path],
    client: FlaskClient,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken = {
        ".opus": sounds[".opus"].read_bytes().replace(b"OpusTags", b"OpusTagz"),
        ".m4a": sounds[".m4a"].read_bytes().replace(b"moov", b"moow"),
        ".flac": sounds[".flac"].read_bytes()[:42] + b"\x04\xff\xff\xff",
    }
    for suffix, stored in broken.items():
        path = tmp_path / f"broken{suffix}"
        path.write_bytes(stored)
        with caplog.at_level(logging.WARNING):
            assert fetch(client, keep_episode(archive, path)) == stored
    assert caplog.text.count("its tag can't be read") == 2


# Ranges


@for_each("suffix", [".mp3", ".opus"])
def test_random_ranges_are_slices(
    add: Callable[[str], Episode], client: FlaskClient, suffix: str
) -> None:
    episode, chance = add(suffix), random.Random(7)
    whole = fetch(client, episode)
    for _ in range(200):
        start, last = sorted(chance.randrange(len(whole)) for _ in range(2))
        headers = {"Range": f"bytes={start}-{last}"}
        with client.get(address(episode), headers=headers) as response:
            assert response.status_code == 206
            assert response.data == whole[start : last + 1]
            assert response.headers["Content-Range"] == f"bytes {start}-{last}/{len(whole)}"


@for_each("suffix", KINDS)
def test_head_agrees_with_get(
    add: Callable[[str], Episode], client: FlaskClient, suffix: str
) -> None:
    episode = add(suffix)
    with client.head(address(episode)) as head, client.get(address(episode)) as get:
        assert head.data == b""
        told = {name: value for name, value in head.headers if name != "Date"}
        assert told == {name: value for name, value in get.headers if name != "Date"}
        assert int(told["Content-Length"]) == len(get.data)
        assert (told["Content-Type"], told["Accept-Ranges"]) == (MIME[suffix], "bytes")
        assert not told["ETag"].startswith("W/")


def resume(client: FlaskClient, where: str, have: bytes, etag: str, most: int) -> tuple[bytes, str]:
    """Go on with a download that was cut, as browsers do, and be cut again."""
    headers = {"Range": f"bytes={len(have)}-", "If-Range": etag}
    with client.get(where, headers=headers) as response:
        more = response.data[:most]
        return have + more if response.status_code == 206 else more, response.headers["ETag"]


@for_each("suffix", [".mp3", ".opus"])
def test_a_download_cut_again_and_again_is_whole(
    archive: Archive, add: Callable[[str], Episode], client: FlaskClient, suffix: str
) -> None:
    """It begins again when the words changed."""
    episode, chance = add(suffix), random.Random(11)
    with client.get(address(episode)) as response:
        whole, etag = response.data, response.headers["ETag"]
    archive.vtt_path(episode.key).touch()  # that is no change
    have = whole[:500]
    while len(have) < len(whole):
        have, _ = resume(client, address(episode), have, etag, chance.randrange(1, len(whole) // 4))
    assert have == whole
    write_words(archive, episode, Transcript((Cue(0, 1, "Relu."),), {"status": "reread"}))
    have, renewed = resume(client, address(episode), whole[:5000], etag, 10**9)
    assert have == fetch(client, episode) != whole
    assert renewed != etag
    assert b"Relu." in have


# What is kept


def kept(archive: Archive) -> list[Path]:
    return [path for path in archive.downloads.rglob("*") if path.is_file()]


def test_what_is_made_is_kept_until_the_words_change(
    archive: Archive, add: Callable[[str], Episode], client: FlaskClient
) -> None:
    """Of an Ogg all of it, of most formats the tag alone."""
    episode = add(".ogg")
    fetch(client, episode)
    (first,) = kept(archive)
    made = first.stat()
    fetch(client, episode)
    assert first.stat().st_ino == made.st_ino
    write_words(archive, episode, Transcript(CUES[:1], NOTE))
    fetch(client, episode)
    (second,) = kept(archive)
    assert second != first
    for suffix in ON_THE_FLY:
        fetch(client, add(suffix))
    assert [path.stat().st_size < 20_000 for path in kept(archive)].count(True) == 3


def test_what_is_kept_may_be_deleted_at_any_moment(
    archive: Archive, add: Callable[[str], Episode], client: FlaskClient
) -> None:
    for suffix in (".mp3", ".opus"):
        episode = add(suffix)
        whole = fetch(client, episode)
        with client.get(address(episode)) as slow:
            shutil.rmtree(archive.downloads.parent)
            assert slow.data == whole
        assert fetch(client, episode) == whole


def test_what_is_kept_has_its_room(
    archive: Archive,
    add: Callable[[str], Episode],
    client: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    small = replace(DOWNLOADS, room=60_000)
    monkeypatch.setattr("radio.derived.downloads.DOWNLOADS", small)
    for suffix in COPIED:
        fetch(client, add(suffix))
    assert [path.stem for path in kept(archive)].count("2024-01-16-m4a") == 1
    assert len(kept(archive)) == 2


def test_many_who_ask_at_once_get_the_same(
    archive: Archive, add: Callable[[str], Episode], client: FlaskClient
) -> None:
    episode, given = add(".m4a"), list[bytes]()

    def ask() -> None:
        given.append(fetch(client.application.test_client(), episode))

    askers = [threading.Thread(target=ask) for _ in range(4)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert len(set(given)) == 1
    assert len(given) == len(askers)
    assert len(kept(archive)) == 1


def test_while_too_much_is_made_only_that_must_wait(
    add: Callable[[str], Episode], client: FlaskClient
) -> None:
    ready, other = add(".mp3"), add(".flac")
    fetch(client, ready)
    with contextlib.ExitStack() as busy:
        for _ in range(4):
            busy.enter_context(downloads.making.entered())
        assert client.get(address(other)).status_code == 503
        fetch(client, ready)
    fetch(client, other)


# Who may have it, and under which name


def test_names_are_for_people(add: Callable[[str], Episode], client: FlaskClient) -> None:
    with client.head(address(add(".opus"))) as response:
        name = quote("Émission – 2024-01-16 – L’œil")
        assert response.headers["Content-Disposition"] == (
            f"attachment; filename=\"2024-01-16-opus.opus\"; filename*=UTF-8''{name}.opus"
        )


def test_what_is_not_public_is_not_given(
    archive: Archive, add: Callable[[str], Episode], client: FlaskClient
) -> None:
    episode = add(".mp3")
    fetch(client, episode)
    for closed, code in (
        (replace(episode, status="withdrawn"), 410),
        (replace(episode, status="embargoed", until=date.max), 404),
    ):
        archive.write_episode(closed)
        assert client.get(address(episode)).status_code == code


def test_only_files_of_the_archive_are_given(
    archive: Archive, add: Callable[[str], Episode], client: FlaskClient, tmp_path: Path
) -> None:
    episode = add(".mp3")
    for wrong in ("/download/emission/none.mp3", address(episode).replace(".mp3", ".ogg")):
        assert client.get(wrong).status_code == 404
    stored = archive.audio_path(episode)
    shutil.move(stored, tmp_path / "outside.mp3")
    stored.symlink_to(tmp_path / "outside.mp3")
    assert client.get(address(episode)).status_code == 404
    assert kept(archive) == []


def test_the_page_offers_both_and_the_feed_the_stored_file(
    archive: Archive, add: Callable[[str], Episode], client: FlaskClient
) -> None:
    episode = add(".mp3")
    stored = f"/media/{episode.show}/{episode.audio.file}"
    page = client.get(f"/shows/{episode.key}").text
    assert page.index(f'href="{address(episode)}"') < page.index(f'href="{stored}?download=1"')
    assert f'src="{stored}"' in page
    archive.vtt_path(episode.key).unlink()
    assert "/download/" not in client.get(f"/shows/{episode.key}").text
    assert "/download/" not in client.get("/shows/emission/feed.xml").text


# Memory


@contextlib.contextmanager
def served(archive: Archive) -> Iterator[tuple[http.client.HTTPConnection, int]]:
    """Serve an archive by a process of its own; give a connection and the id of the process."""
    with serving("serve", "--root", str(archive.root), base_url="") as site:
        connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=LONG)
        with contextlib.closing(connection):
            yield connection, site.process.pid


def peak(process: int) -> int:
    """The most memory that a process ever had, in bytes."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


def is_found(word: str, connection: http.client.HTTPConnection) -> bool:
    """Whether a site has made its index, in which a word is found."""
    connection.request("GET", f"/api/v1/search?q={word}")
    answer = connection.getresponse()
    told = answer.read()
    return answer.status == 200 and bool(json.loads(told)["total"])


def measure(response: http.client.HTTPResponse) -> int:
    """Count the bytes of an answer, one block after the other."""
    size = 0
    while block := response.read(1 << 16):
        size += len(block)
    return size


@pytest.mark.torture
@pytest.mark.long
def test_memory_does_not_grow_with_the_length(archive: Archive, tmp_path: Path) -> None:
    once = next(DEMO.glob("*.mp3")).read_bytes()
    path = tmp_path / "long.mp3"
    path.write_bytes(once * (LARGE // len(once)))
    episode = keep_episode(archive, path)
    cues = tuple(Cue(number, number + 1, "mot " * 20) for number in range(3000))
    write_words(archive, episode, Transcript(cues))
    with served(archive) as (connection, process):
        until(lambda: is_found("mot", connection))  # the index takes memory of its own
        connection.request("GET", address(episode), headers={"Range": "bytes=0-99"})
        assert measure(connection.getresponse()) == 100
        before = peak(process)
        connection.request("GET", address(episode))
        assert measure(connection.getresponse()) > path.stat().st_size
        assert peak(process) < before + (4 << 20)
        assert peak(process) < 150 << 20
