"""A copy without music: cut between words, listed, offered where a keeper says so."""

import wave
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from radio.archive import Archive
from radio.archive.episode import Episode
from radio.archive.rights import Rights
from radio.derived import cache
from radio.ingest.files import ingest
from radio.kit import music_free
from radio.sound.samples import RATE, decode
from radio.sound.tags.reader import read_tags
from radio.system.errors import NotFoundError
from radio.text.transcript import Region, Segment, Word
from radio.work import recipes
from tests.heard import write_evidence
from tests.processes import command
from tests.recipes import make
from tests.visits import text
from tests.web.sites import visit

MUSIC, VOICE = 440.0, 1000.0  # Hz, that stand for them
OFFERED = Rights(download=False, music_free=True)


def tone(pitch: float, seconds: float) -> np.ndarray:
    return 0.2 * np.sin(2 * np.pi * pitch * np.arange(round(seconds * RATE)) / RATE)


def chord(pitch: float, seconds: float) -> np.ndarray:
    tones = (tone(pitch * each, seconds) for each in (1.0, 1.5, 2.2))
    return sum(tones) / 3 * (0.6 + 2 * tone(3.0, seconds))


# Music, a breath, a voice up to 6.0 s, music at once up to 10.0 s, a voice up to 12.0 s
PARTS = [tone(MUSIC, 3.0), np.zeros(RATE // 5), tone(VOICE, 2.8), tone(MUSIC, 4.0)]
SOUND = np.concatenate([*PARTS, tone(VOICE, 2.0)])


def heard(archive: Archive, episode: Episode, *words: tuple[float, float], **more: Any) -> None:
    """Write what a machine hears of it: regions by the second, words to the hundredth."""
    said = tuple(Word(*both, "oui", 0.9) for both in words)
    segment = Segment(3.1, 12.0, "oui", said, 1, 0.0, -0.2, 1.2, 0.01)
    regions = (
        *(Region(0.0, 3.1, "music"), Region(3.1, 6.1, "speech"), Region(6.1, 9.2, "music")),
        *(Region(9.2, 9.9, "silence"), Region(9.9, 12.0, "speech")),
    )
    told = {"regions": regions, "duration": 12.0, **more}
    write_evidence(archive, episode.key, segment, **told)


def kept(archive: Archive, folder: Path, sound: np.ndarray) -> Episode:
    path = folder / "2024-01-16-essai.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes((32767 * sound).astype("<i2").tobytes())
    return ingest(archive, path, "emission")


@pytest.fixture
def episode(archive: Archive, tmp_path: Path) -> Episode:
    found = kept(archive, tmp_path, SOUND)
    heard(archive, found, (3.2, 4.0), (5.0, 6.1), (9.98, 12.0))
    return found


def shares(path: Path) -> tuple[float, float]:
    """How many seconds of music and of voice are left, by their power."""
    spectrum = np.abs(np.fft.rfft(np.concatenate(list(decode(path)))))
    rate = 2 * len(spectrum) / RATE

    def share(pitch: float) -> float:
        part = spectrum[round((pitch - 60) * rate) : round((pitch + 60) * rate)]
        return float((part**2).sum()) / (0.02 * RATE * len(spectrum))

    return share(MUSIC), share(VOICE)


def test_words_stay_and_what_lies_between_goes(archive: Archive, episode: Episode) -> None:
    before = archive.audio_path(episode).read_bytes()
    plan = music_free.plan_of(archive, episode)
    first, second = plan.cuts
    assert (first.start, first.end) == pytest.approx((0.0, 3.0), abs=0.011)
    assert (second.start, second.end) == pytest.approx((6.02, 9.96), abs=0.011)  # not the region
    assert plan.beneath == ()
    rights = replace(episode, rights=OFFERED)
    archive.write_episode(rights)
    assert make(archive, recipes.SOUND) == []
    assert music_free.missing_copies(archive) == []
    path = music_free.find_copy(archive, rights)
    assert path
    music, voice = shares(path)
    whole = shares(archive.audio_path(episode))
    assert music < 0.02 * whole[0]
    assert voice > 0.88 * whole[1]  # LAME writes all by half a decibel quieter
    assert sum(map(len, decode(path))) / RATE == pytest.approx(12 - 3.0 - 3.94 + 0.5, abs=0.1)
    assert read_tags(path, ".mp3").title.endswith("(sans musique)")
    assert archive.audio_path(episode).read_bytes() == before


def test_no_first_word_is_lost_that_was_heard_late(archive: Archive, tmp_path: Path) -> None:
    """After loud music a voice is heard too late, and its last word goes on into the music."""
    sound = np.concatenate([chord(VOICE, 5.0), chord(MUSIC, 5.0), chord(VOICE, 5.0)])
    found = kept(archive, tmp_path, sound)
    words = ((0.1, 2.0), (2.0, 4.2), (4.4, 5.9), (10.4, 12.0), (12.0, 14.9))
    music, speech = Region(5.9, 10.4, "music"), Region(10.4, 15.0, "speech")
    regions = (Region(0.0, 5.9, "speech"), music, speech)
    heard(archive, found, *words, regions=regions, duration=15.0)
    (cut,) = music_free.plan_of(archive, found).cuts
    assert cut.start == pytest.approx(5.0, abs=0.1)
    assert cut.end == pytest.approx(10.0, abs=0.1)  # 0.4 s of voice were cut


def test_it_is_offered_where_a_keeper_says_so(archive: Archive, episode: Episode) -> None:
    address = f"/download/{episode.key}.sans-musique.mp3"
    music_free.make_copy(archive, episode)
    client = visit(archive)
    assert client.get(address).status_code == 404
    assert "sans musique" not in text(client.get(f"/shows/{episode.key}"))
    command(archive, "edit", episode.key, "rights=sans téléchargement ; copie sans musique")
    assert archive.episode(episode.key).rights == OFFERED
    client = visit(archive)
    assert "Une copie sans musique" in text(client.get(f"/shows/{episode.key}"))
    with client.get(address) as given:
        assert (given.status_code, given.mimetype) == (200, "audio/mpeg")
        assert "sans-musique.mp3" in given.headers["Content-Disposition"]
    archive.write_episode(replace(episode, rights=replace(OFFERED, listen=False)))
    assert visit(archive).get(address).status_code == 404
    cache.forget(archive, set())
    assert not list((archive.cache / "music-free").glob("*/*"))


def test_it_is_made_anew_when_the_machine_hears_again(archive: Archive, episode: Episode) -> None:
    archive.write_episode(replace(episode, rights=OFFERED))
    music_free.make_copy(archive, episode)
    heard(archive, episode, (3.2, 6.0), (8.0, 12.0))
    assert [each.key for each in music_free.missing_copies(archive)] == [episode.key]
    assert music_free.made_copy(archive, episode) is None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("radio.derived.copies.FREE", 1.0)  # of the disk, that stays free
        assert music_free.missing_copies(archive) == []
    music_free.make_copy(archive, episode)
    assert len(list((archive.cache / "music-free" / "emission").iterdir())) == 1  # the old one went
    heard(archive, episode, (3.2, 6.0), (8.0, 12.0), audio="0" * 64)
    with pytest.raises(NotFoundError, match="radio transcribe"):
        music_free.plan_of(archive, episode)


def test_the_command_lists_and_writes(archive: Archive, episode: Episode, tmp_path: Path) -> None:
    asked = ["export", "music-free", episode.key]
    listed = command(archive, *asked).stdout.splitlines()
    assert listed[0] == "what,start,end,length"
    assert listed[1].startswith("cut,0.00,3.00,")
    asked.append(str(tmp_path / "out"))
    copy, table = map(Path, command(archive, *asked).stdout.split())
    assert copy.name == f"{episode.slug}.sans-musique.mp3"
    assert table.read_text(encoding="utf-8").splitlines() == listed
    again = command(archive, *asked, check=False)
    assert (again.returncode, "already exists" in again.stderr) == (1, True)
