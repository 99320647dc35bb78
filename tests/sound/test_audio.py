"""Sound: every format measured by decoding, what is none refused, none able to open another."""

import struct
from pathlib import Path

import numpy as np
import pytest

from radio.sound import RATE, clip, decode, probe
from radio.sound.probing import BARS
from radio.system.errors import AudioError
from tests.samples import DEMO
from tests.sounds import KINDS, encode, samples
from tests.tables import for_each


@for_each("suffix", KINDS)
def test_what_is_cut_is_refused(sounds: dict[str, Path], tmp_path: Path, suffix: str) -> None:
    whole, path = sounds[suffix].read_bytes(), tmp_path / f"cut{suffix}"
    for share in (0.3, 0.6, 0.9):
        path.write_bytes(whole[: int(len(whole) * share)])
        with pytest.raises(AudioError, match="cut"):
            probe(path)


@for_each(
    "content",
    [
        b"\0" * 5000,
        b"Bonjour\n" * 1000,
        b"<html><audio src='x.mp3'></html>",
        b"\xff\xd8\xff\xe0\0\x10JFIF" + b"\0" * 5000,
        b"ffconcat version 1.0\nfile parole.mp3\n",
        b"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nparole.mp3\n#EXT-X-ENDLIST\n",
        b"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
        b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=audio 5004 RTP/AVP 0\n",
        struct.pack("<4sI8sIHHIIHH", b"RIFF", 36, b"WAVEfmt ", 16, 1, 1, 0, 0, 2, 16),
        b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + b"\xff" * 3000,
    ],
)
def test_what_is_no_sound_fails(sounds: dict[str, Path], tmp_path: Path, content: bytes) -> None:
    (tmp_path / "parole.mp3").write_bytes(sounds[".mp3"].read_bytes())
    path = tmp_path / "hostile.mp3"
    path.write_bytes(content)
    with pytest.raises(AudioError, match=r"hostile\.mp3"):
        probe(path)


@for_each("suffix", KINDS)
def test_a_waveform_shows_how_loud_it_is(tmp_path: Path, suffix: str) -> None:
    rate, quarter = 48_000, 48_000
    tone = np.sin(np.arange(4 * quarter) * 2 * np.pi * 440 / rate)
    tone *= np.repeat([0.0, 0.8, 0.1, 0.8], quarter)
    found = probe(encode(tone, tmp_path / f"tone{suffix}", rate))
    assert (found.suffixes[0], len(found.waveform)) == (suffix, BARS)
    assert found.duration == pytest.approx(4.0, abs=0.08)
    bars = found.waveform
    parts = [bars[n * BARS // 4 : (n + 1) * BARS // 4] for n in range(4)]
    silent, loud, faint, last = (part[10:-10] for part in parts)
    assert max(silent) < 10
    assert min(*loud, *last) > 200
    assert all(50 < bar < 90 for bar in faint)


def test_samples_are_those_that_whisper_wants(sounds: dict[str, Path]) -> None:
    for heard in map(samples, sounds.values()):
        assert heard.dtype == np.float32
        assert len(heard) / RATE == pytest.approx(4.0, abs=0.08)
        assert 0.05 < np.abs(heard).max() <= 1.0


def test_blocks_make_the_whole_and_a_missing_file_is_named(tmp_path: Path) -> None:
    path = DEMO / "2024-02-20-la-ville-intelligente.mp3"
    blocks = list(decode(path, block=RATE))
    assert {len(block) for block in blocks[:-1]} == {RATE}
    assert np.array_equal(np.concatenate(blocks), samples(path))
    with pytest.raises(AudioError, match=r"x\.mp3"):
        next(decode(tmp_path / "x.mp3"))


def test_an_mp3_whose_rate_changes_is_decoded(tmp_path: Path, sounds: dict[str, Path]) -> None:
    low = encode(np.zeros(2 * 22_050, np.float32), tmp_path / "low.mp3", rate=22_050)
    both = tmp_path / "both.mp3"
    both.write_bytes(sounds[".mp3"].read_bytes() + low.read_bytes())
    assert probe(both).duration == pytest.approx(6.0, abs=0.2)
    assert sum(map(len, decode(both))) / RATE == pytest.approx(6.0, abs=0.2)


@for_each("suffix", KINDS)
def test_a_clip_is_part_of_a_sound(sounds: dict[str, Path], tmp_path: Path, suffix: str) -> None:
    path, whole = tmp_path / f"clip{suffix}", samples(sounds[suffix])
    with sounds[suffix].open("rb") as file:
        path.write_bytes(clip(file, 1.0, 3.0))
    found, cut = probe(path), samples(path)
    assert suffix in found.suffixes
    assert found.duration == pytest.approx(2, abs=0.15)
    padded = np.pad(cut, (0, len(whole) - len(cut)))
    alike = np.fft.irfft(np.fft.rfft(whole) * np.conj(np.fft.rfft(padded)))
    assert np.argmax(alike) / RATE == pytest.approx(1, abs=0.15)
