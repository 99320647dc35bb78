"""Chapters: those of the tags at ingest, those that a machine proposes, and who is told of them."""

import dataclasses
import datetime as dt
import json
import logging
import re
import shutil
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import mutagen
import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from mutagen import id3

from radio.archive import Archive
from radio.archive.episode import Audio, Episode, Person, Show
from radio.derived.chapters import (
    SHORTEST,
    SHORTEST_EPISODE,
    SPACING,
    cached_chapters,
    chapters_of,
    keep_proposals,
    missing_proposals,
    propose,
)
from radio.derived.downloads import make_label
from radio.ingest.files import ingest
from radio.sound import tags
from radio.text.chapters import Chapter, Chapters
from radio.text.transcript import Cue, Region
from tests.heard import write_cues, write_evidence
from tests.processes import command
from tests.sounds import KINDS, packets
from tests.tables import for_each
from tests.web.sites import visit

PARTS = (Chapter(0.0, "Le début"), Chapter(1.5, "L’œil : suite & fin"), Chapter(3.25, "Merci !"))


def tag(source: Path, target: Path, episode: Episode, chapters: Chapters) -> Path:
    label = make_label(Show("emission", "Émission"), episode, None, chapters)
    head = target.with_suffix(".head")
    tags.write_head(source, head, label)
    with head.open("rb") as file:
        found = tags.read_head(file)
    stored = source.read_bytes()[found.stored_offset : found.stored_stop]
    target.write_bytes(head.read_bytes()[: found.size] + stored)
    return target


def described(suffix: str) -> Episode:
    audio = Audio(f"2024-01-16-x{suffix}", "0" * 64, 1, "audio/x", 4.0)
    people = (Person("Noé"), Person("Anna", "son"))
    day = dt.date(2024, 1, 16)
    return Episode("emission", "2024-01-16-x", "L’œil", day, audio, "g", people=people)


@for_each("suffix", KINDS)
def test_downloads_say_the_same(sounds: dict[str, Path], tmp_path: Path, suffix: str) -> None:
    """What a machine proposed is not taken for given, and what a person gave takes its place."""
    made, proposed = described(suffix), Chapters(PARTS, proposed=True)
    episode = taken(tag(sounds[suffix], tmp_path / f"x{suffix}", made, Chapters(PARTS)))
    assert (episode.chapters, episode.title, episode.date) == (PARTS, "L’œil", made.date)
    assert [person.name for person in episode.people] == ["Noé", "Anna"]
    first = tag(sounds[suffix], tmp_path / f"a{suffix}", made, proposed)
    assert taken(first).chapters == ()
    again = tag(first, tmp_path / f"b{suffix}", made, Chapters(PARTS[:2]))
    assert taken(again).chapters == PARTS[:2]
    for path in (first, again):
        assert packets(path) == packets(sounds[suffix])


def taken(path: Path) -> Episode:
    """Take a recording into an archive of its own."""
    archive = Archive(path.with_name(f"{path.name}.archive"))
    archive.create()
    archive.write_show(Show("emission", "Émission"))
    return archive.episode(ingest(archive, path, "emission").key)


def tag_id3(path: Path, *parts: tuple[int, str | None]) -> None:
    """Write chapters (milliseconds, title) as other programs do."""
    written = id3.ID3()
    for number, (start, title) in enumerate(parts):
        frames = [] if title is None else [id3.TIT2(encoding=1, text=title)]
        name = f"c{number}"
        chap = id3.CHAP(element_id=name, start_time=start, end_time=start, sub_frames=frames)
        written.add(chap)
    written.save(path, v2_version=3)


def test_tags_and_comments_tell_chapters_in_the_order_of_time_and_each_has_a_name(
    archive: Archive, sounds: dict[str, Path], tmp_path: Path
) -> None:
    path = Path(shutil.copy(sounds[".mp3"], tmp_path / "x.mp3"))
    tag_id3(path, (2000, " \n"), (1000, None), (0, "Début"))
    parts = (Chapter(0.0, "Début"), Chapter(1.0, "Chapitre 2"), Chapter(2.0, "Chapitre 3"))
    assert ingest(archive, path, "emission").chapters == parts
    for suffix in (".ogg", ".opus", ".flac"):
        path = Path(shutil.copy(sounds[suffix], tmp_path / f"x{suffix}"))
        file = mutagen.File(path)
        file["CHAPTER001"], file["CHAPTER001NAME"] = "00:00:01.250", "Un"
        file["CHAPTER002"], file["CHAPTER002NAME"] = "sans heure", "Deux"
        file["CHAPTER003NAME"] = "Trois"
        file.save()
        assert ingest(archive, path, "emission").chapters == (Chapter(1.25, "Un"),)


def test_a_track_tells_chapters(archive: Archive, sounds: dict[str, Path], tmp_path: Path) -> None:
    path = tmp_path / "x.m4a"
    with av.open(sounds[".m4a"]) as source, av.open(path, "w", format="mp4") as target:
        one: Any = {"id": 1, "start": 0, "end": 2, "time_base": Fraction(1)}
        one["metadata"] = {"title": "Un"}
        two = one | {"id": 2, "start": 2, "end": 4, "metadata": {"title": "Deux"}}
        target.set_chapters([one, two])
        stream = target.add_stream_from_template(source.streams.audio[0])
        for packet in source.demux(audio=0):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    content = path.read_bytes()
    assert b"chap" in content
    path.write_bytes(content.replace(b"chpl", b"free"))  # what old players read
    parts = (Chapter(0.0, "Un"), Chapter(2.0, "Deux"))
    assert ingest(archive, path, "emission").chapters == parts


def test_hostile_chapters_cost_a_warning(
    archive: Archive, sounds: dict[str, Path], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = Path(shutil.copy(sounds[".mp3"], tmp_path / "x.mp3"))
    many = [(number * 10, f"Partie {number} \u202e{'é' * 1000}") for number in range(300)]
    tag_id3(path, *many, (4_000_000, "Après la fin"))
    with caplog.at_level(logging.WARNING):
        chapters = ingest(archive, path, "emission").chapters
    assert len(chapters) == 255
    assert {len(each.title) for each in chapters} == {254}  # without what turns text round
    assert chapters[254].title.startswith("Partie 254 é")
    assert "x.mp3: chapters in its tags beyond the recording, left out: 46" in caplog.text


def test_broken_chapters_of_mp4_cost_no_episode_and_titles_are_read_as_far_as_they_go(
    sounds: dict[str, Path], tmp_path: Path
) -> None:
    path = tag(sounds[".m4a"], tmp_path / "x.m4a", described(".m4a"), Chapters(PARTS))
    content = path.read_bytes()
    place = content.index(b"chpl") + 4 + 8
    assert content[place] == len(PARTS)
    for count in (0, 2, 255):
        path = tmp_path / f"{count}.m4a"
        path.write_bytes(content[:place] + bytes([count]) + content[place + 1 :])
        assert {*taken(path).chapters} <= {*PARTS}
    path.write_bytes(content.replace("Le début".encode(), "Le début".encode("latin-1") + b"\xff"))
    shutil.rmtree(tmp_path / "255.m4a.archive")
    assert taken(path).chapters[0].title.startswith("Le d")


TALK = "C’est le moment, comme chaque semaine, de parler de ce qui se passe ici."
Stretch = tuple[str, float] | tuple[str, float, str]
"""What is heard, for how many seconds, and what is said first if it is speech."""


def record(*stretches: Stretch) -> tuple[list[Cue], list[Region], float]:
    """Lay stretches one behind the other: cues of five seconds, regions, the whole duration."""
    cues, regions, now = list[Cue](), list[Region](), 0.0
    for kind, length, *said in stretches:
        regions.append(Region(now, now + length, kind))  # type: ignore[arg-type]
        if kind == "speech":
            times = [now + 5 * number for number in range(int(length / 5))]
            texts = [*said, *([TALK] * len(times))]
            cues += [Cue(at, at + 4.5, text) for at, text in zip(times, texts, strict=False)]
        now += length
    return cues, regions, now


JINGLE, BREATH = ("music", 20.0), ("silence", 1.2)
HELLO = ("speech", 400.0, "Bonjour à toutes.")
CITY = ("speech", 400.0, "Parlons de la ville.")
AGENDA = ("speech", 400.0, "Et maintenant, l’agenda !")
OPENING, SECOND, THIRD = "Bonjour à toutes", "Parlons de la ville", "Et maintenant, l’agenda !"
UNTIL_PAUSE = "Un mot ! C’est le moment, comme chaque semaine…"
MUSIC, WORD, SINGLE = ("music", 180.0), ("speech", 60.0, "Un mot !"), ("music", 3.0)
SMALL, LONG_SILENCE = ("speech", 130.0, "Un mot !"), ("silence", 5.0)
AROUND = (("silence", 1.0), ("music", 7.0), ("silence", 2.0))
MUMBLED = ("speech", 400.0, "[inaudible]")


@for_each(
    ("stretches", "chapters"),
    [
        ([HELLO, JINGLE, CITY, JINGLE, AGENDA], [(0, OPENING), (420, SECOND), (840, THIRD)]),
        # the first chapter begins with the recording
        ([JINGLE, HELLO, JINGLE, CITY], [(0, OPENING), (440, SECOND)]),
        ([HELLO, LONG_SILENCE, CITY], [(0, OPENING), (405, SECOND)]),
        # silence around music belongs to it
        ([HELLO, *AROUND, CITY], [(0, OPENING), (410, SECOND)]),
        # a breath, a chord, talk alone part nothing; short episodes need none
        ([HELLO, BREATH, CITY, BREATH, AGENDA], []),
        ([HELLO, SINGLE, CITY], []),
        ([("speech", 1200.0)], []),
        ([("speech", 300.0), JINGLE, ("speech", 275.0)], []),
        # a song is a chapter, at the end and at the beginning too
        ([HELLO, MUSIC, CITY], [(0, OPENING), (400, "Musique"), (580, SECOND)]),
        ([HELLO, CITY, MUSIC], [(0, OPENING), (800, "Musique")]),
        ([MUSIC, HELLO, JINGLE, CITY], [(0, "Musique"), (180, OPENING), (600, SECOND)]),
        # no chapter is short; of two breaks that are close the longer counts
        ([HELLO, JINGLE, WORD, JINGLE, CITY], [(0, OPENING), (420, UNTIL_PAUSE)]),
        ([HELLO, ("music", 8.0), WORD, JINGLE, CITY], [(0, OPENING), (488, SECOND)]),
        # they are sparse, and spread
        ([SMALL, JINGLE] * 7 + [CITY], [(at, UNTIL_PAUSE) for at in (0, 300, 600, 900)]),
        # what is inaudible is no title
        (
            [HELLO, JINGLE, MUMBLED, JINGLE, CITY],
            [(0, OPENING), (420, "C’est le moment, comme chaque semaine…"), (840, SECOND)],
        ),
        ([("music", 1200.0), ("silence", 20.0), ("music", 400.0)], []),
    ],
)
def test_chapters_begin_after_music_and_silence(
    stretches: Sequence[Stretch], chapters: list[tuple[float, str]]
) -> None:
    found = [(each.start, each.title) for each in propose(*record(*stretches))]
    assert found == chapters


@for_each(
    ("said", "title"),
    [
        ("Il nous reste trois minutes. Mardi prochain, un film", "Il nous reste trois minutes"),
        ("Bonjour. Vous écoutez Radio Dio. Nous sommes", "Bonjour. Vous écoutez Radio Dio"),
        ("et qui regarde les images ? Personne ne le sait", "Et qui regarde les images ?"),
        (
            "Après la pause, revenons à notre sujet, qui va",
            "Après la pause, revenons à notre sujet…",
        ),
        (
            "un deux trois quatre cinq six sept huit neuf",
            "Un deux trois quatre cinq six sept huit…",
        ),
        ("« Surveiller et punir » est un livre", "« Surveiller et punir »"),
        ("Oui", "Oui"),
        ("Ah, oui, alors on y va maintenant et plus", "Ah, oui, alors on y va maintenant et…"),
        ("— … !", ""),
        ("x" * 500, "X" + "x" * 79),
    ],
)
def test_a_title_is_what_is_said_first(said: str, title: str) -> None:
    cues, regions, duration = record(("speech", 400.0, said), JINGLE, CITY)
    cues = [cues[0], *(cue for cue in cues if cue.start >= 420)]
    found = propose(cues, regions, duration)
    assert [each.title for each in found] == ([title, SECOND] if title else [])


KINDS_HEARD = st.sampled_from(["speech", "music", "silence"])
sounds_of = st.tuples(KINDS_HEARD, st.floats(0.5, 900), st.text(max_size=60))


@given(st.lists(sounds_of, max_size=40))
def test_whatever_is_heard_chapters_are_in_order_apart_and_titled(stretches: list[Stretch]) -> None:
    cues, regions, duration = record(*stretches)
    found = propose(cues, regions, duration)
    ends = [*(each.start for each in found[1:]), duration]
    assert all(end - each.start >= SHORTEST for each, end in zip(found, ends, strict=False))
    assert all(each.start >= 0 and 0 < len(each.title.strip()) <= 81 for each in found)
    assert len(found) != 1
    assert len(found) <= duration / SPACING
    assert duration >= SHORTEST_EPISODE or not found


HEARD = record(HELLO, JINGLE, CITY, JINGLE, AGENDA)
PROPOSED = (Chapter(0.0, OPENING), Chapter(420.0, SECOND), Chapter(840.0, THIRD))
EXPECTED = Chapters(PROPOSED, proposed=True)
SIDECAR = (Chapter(300.0, "Suite"), Chapter(0.0, "Début"), Chapter(9e9, "Après"), Chapter(1.0, " "))
PAGE, FEED = "/shows/emission/2024-01-16-x", "/shows/emission/feed.xml"
CHAPTERS = "/shows/emission/chapters/2024-01-16-x.json"


@pytest.fixture
def episode(archive: Archive, sounds: dict[str, Path]) -> Episode:
    """An episode of twenty minutes, as far as its files say, transcribed."""
    written = keep_episode(archive, sounds[".mp3"])
    write_words(archive, written, *HEARD[:2])
    return written


def keep_episode(
    archive: Archive, path: Path, chapters: tuple[Chapter, ...] = (), duration: float = HEARD[2]
) -> Episode:
    written = described(path.suffix)
    audio = dataclasses.replace(written.audio, duration=duration)
    written = dataclasses.replace(written, audio=audio, chapters=chapters)
    shutil.copy(path, archive.media / "emission" / written.audio.file)
    archive.write_episode(written)
    return written


def write_words(
    archive: Archive, episode: Episode, cues: Sequence[Cue], regions: Sequence[Region]
) -> None:
    write_cues(archive, episode.key, *cues)
    write_evidence(archive, episode.key, duration=HEARD[2], regions=tuple(regions))


def test_proposals_stand_in_for_chapters_nobody_wrote(
    archive: Archive, episode: Episode, caplog: pytest.LogCaptureFixture
) -> None:
    before = archive.sidecar_path(episode.key).read_bytes()
    assert chapters_of(archive, episode) == EXPECTED
    assert archive.sidecar_path(episode.key).read_bytes() == before
    written = dataclasses.replace(episode, chapters=SIDECAR)
    assert chapters_of(archive, written) == Chapters((SIDECAR[1], SIDECAR[0]), proposed=False)
    for path in (archive.evidence_path(episode.key), archive.vtt_path(episode.key)):
        path.unlink()
        assert chapters_of(archive, episode) == Chapters()
        write_words(archive, episode, *HEARD[:2])
    archive.vtt_path(episode.key).write_bytes(b"\xff")
    with caplog.at_level(logging.WARNING):
        assert chapters_of(archive, episode) == Chapters()
        keep_proposals(archive, episode)
    assert missing_proposals(archive) == []
    assert caplog.text.count("not WebVTT") == 1


def test_proposals_last_until_text_or_evidence_changes(archive: Archive, episode: Episode) -> None:
    assert [each.key for each in missing_proposals(archive)] == [episode.key]
    keep_proposals(archive, episode)
    assert missing_proposals(archive) == []
    assert cached_chapters(archive, episode) == EXPECTED
    (kept,) = (archive.cache / "chapters").glob("*/*")
    for content in (b"", b"{}", b'{"state": 1}'):  # they may be broken or deleted at any moment
        kept.write_bytes(content)
        assert chapters_of(archive, episode) == EXPECTED
        assert missing_proposals(archive) == [episode]
    shutil.rmtree(archive.cache / "chapters")
    command(archive, "index")
    assert cached_chapters(archive, episode) == EXPECTED
    reread = [dataclasses.replace(cue, text=f"Relu : {cue.text}") for cue in HEARD[0]]
    write_words(archive, episode, reread, HEARD[1])
    assert cached_chapters(archive, episode) is None
    assert chapters_of(archive, episode).parts[1].title == f"Relu : {SECOND}"
    keep_proposals(archive, episode)
    write_words(archive, episode, reread, [Region(0.0, HEARD[2], "speech")])
    assert chapters_of(archive, episode) == Chapters()


@pytest.fixture
def client(archive: Archive) -> FlaskClient:
    return visit(archive, "https://radio.example")


def test_all_say_what_is_proposed(archive: Archive, episode: Episode, client: FlaskClient) -> None:
    before, said = client.get(FEED), "Chapitres proposés automatiquement, d’après la musique et les"
    assert CHAPTERS not in before.text
    archive.write_waveform(episode, bytes(480))
    page, parts = client.get(PAGE).text, [(0, OPENING), (420, SECOND), (840, THIRD)]
    assert f"{said} silences." in page
    named = re.findall(r'data-start="(\d+)"><span class="time">[\d:]+</span> (.*?)</a></li>', page)
    assert named[:3] == [(str(start), title) for start, title in parts]
    assert len(re.findall('class="chapter"', page)) == 3
    told = json.loads(client.get(CHAPTERS).data)
    assert told.pop("chapters") == [{"startTime": at, "title": title} for at, title in parts]
    assert told.pop("description") == f"{said} silences."
    assert told == {"version": "1.2.0", "title": "L’œil", "podcastName": "Émission"}
    keep_proposals(archive, episode)
    after = client.get(FEED, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert f"https://radio.example{CHAPTERS}" in after.text
    archive.write_episode(dataclasses.replace(episode, chapters=SIDECAR))
    page = client.get(PAGE).text
    assert '<span class="time">5:00</span> Suite</a>' in page
    assert "proposés" not in page
    assert "Après" not in page


@for_each("suffix", KINDS)
def test_the_download_says_so_too_and_follows_the_evidence(
    archive: Archive, client: FlaskClient, sounds: dict[str, Path], tmp_path: Path, suffix: str
) -> None:
    episode, path = keep_episode(archive, sounds[suffix]), tmp_path / f"taken{suffix}"
    write_words(archive, episode, *HEARD[:2])
    path.write_bytes(client.get(f"/download/emission/{episode.audio.file}").data)
    assert origin(path) == "proposed"
    assert THIRD.encode() in path.read_bytes()
    write_words(archive, episode, HEARD[0], [Region(0.0, HEARD[2], "speech")])
    path.write_bytes(client.get(f"/download/emission/{episode.audio.file}").data)
    assert origin(path) == ""


def origin(path: Path) -> str:
    found = mutagen.File(path).tags
    for name in ("TXXX:CHAPTERS", "----:com.apple.iTunes:CHAPTERS", "CHAPTERS"):
        if name in found:
            told = getattr(found[name], "text", found[name])[0]
            return told.decode() if isinstance(told, bytes) else str(told)
    return ""
