"""Shows and sidecars: read, written, kept."""

import datetime as dt
import json
from dataclasses import asdict

import pytest

from radio.archive.episode import (
    Audio,
    Episode,
    read_episode,
    read_show,
    render_episode,
    render_show,
)
from radio.system.errors import ArchiveError
from tests.tables import for_each

AUDIO = Audio("2024-01-16-titre.mp3", "00" * 32, 12, "audio/mpeg", 1.5)
SLUG, TITLE = "2024-01-16-titre", "Titre « à découdre »"
EPISODE = Episode("emission", SLUG, TITLE, dt.date(2024, 1, 16), AUDIO, "guid")


def read(text: bytes) -> Episode:
    return read_episode("emission", SLUG, text, "sidecar.json")


def test_a_sidecar_comes_back_as_it_was_with_keys_that_nobody_knows() -> None:
    text = render_episode(EPISODE).decode()
    assert text.startswith('{\n  "version": 1,\n  "title": "Titre « à découdre »",')
    assert read(text.encode()) == EPISODE
    data = json.loads(text) | {"parole": {"libre": [1]}}
    assert "slug" not in data
    assert json.loads(render_episode(read(json.dumps(data).encode()))) == data


@for_each(
    ("change", "complaint"),
    [
        ({"title": 3}, "title"),
        ({"title": None}, "title"),
        ({"date": "mardi"}, "date"),
        ({"status": "secret"}, "status"),
        ({"version": 3}, "version"),
        ({"version": None}, "version"),
        ({"audio": {}}, "audio"),
        ({"audio": {**asdict(AUDIO), "file": "../../etc/passwd"}}, "audio.file"),
        ({"audio": {**asdict(AUDIO), "file": "2024-01-16-titre.exe"}}, "audio.file"),
        ({"people": ["Anna"]}, "people"),
        ({"image": "../2024-01-16-titre.jpg"}, "image"),
        ({"image": "2024-01-16-titre.svg"}, "image"),
        ({"image": "autre.jpg"}, "image"),
        ({"image": "https://a.example/2024-01-16-titre.jpg"}, "image"),
    ],
)
def test_what_is_wrong_in_a_sidecar_is_named(change: dict[str, object], complaint: str) -> None:
    data = json.loads(render_episode(EPISODE)) | change
    with pytest.raises(ArchiveError, match=rf"sidecar\.json.*{complaint}"):
        read(json.dumps(data).encode())


def test_the_picture_of_a_show_lies_beside_it_and_no_json_is_named() -> None:
    images = ["../x.png", "a/b.jpg", ".x.png", "x.svg", "x", "a\0.jpg", "file:///x.png"]
    odd = [json.dumps({"title": "Titre", "image": each}).encode() for each in images]
    for text in (*odd, b"", b"\xff", b"[]", b"{", b"[" * 100_000):
        with pytest.raises(ArchiveError, match=r"show\.json"):
            read_show("emission", text, "show.json")


def test_a_picture_elsewhere_is_kept_and_not_shown() -> None:
    image = "https://a.example/x.png"
    show = read_show("emission", json.dumps({"title": "Titre", "image": image}).encode(), "-")
    assert (show.image, show.picture) == (image, "")
    assert json.loads(render_show(show))["image"] == image
    named = read_show("emission", b'{"title": "Titre", "image": "Affiche 1.webp"}', "-")
    assert named.picture == "Affiche 1.webp"


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ({"status": "withdrawn", "protection": {"until": "2024-02-01"}}, dt.datetime(2024, 2, 1)),
        ({"status": "suspended", "until": "2024-02-01"}, dt.datetime(2024, 2, 1)),
        ({"status": "suspended", "until": "1er février 2024"}, dt.datetime(2024, 2, 1)),
        ({"status": "suspended", "until": None}, None),
        ({"status": "suspended", "until": "bientôt"}, None),
        ({"status": "withdrawn", "until": "2024-02-01"}, None),  # left by an embargo, as of old
    ],
)
def test_a_withdrawal_ends_on_its_own_day(
    written: dict[str, object], day: dt.datetime | None
) -> None:
    episode = read(json.dumps(json.loads(render_episode(EPISODE)) | written).encode())
    rewritten = json.loads(render_episode(episode))
    assert (rewritten["status"], episode.opens) == ("withdrawn", day)
    for each in (episode, read(render_episode(episode))):
        assert not each.is_public(dt.datetime(2024, 1, 31, 23, 59))
        assert each.is_withdrawn(dt.datetime(2024, 1, 31, 23, 59))
        assert each.is_public(dt.datetime(2024, 2, 1)) == (day is not None)
