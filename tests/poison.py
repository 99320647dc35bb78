"""What somebody who wishes harm writes in a sidecar, and an episode that has it everywhere."""

import dataclasses
from pathlib import Path
from typing import Any

from radio.archive import Archive
from radio.archive.episode import Link, Person
from radio.text.chapters import Chapter
from radio.text.transcript import Cue, Transcript, render_vtt

FOREIGN = "http://127.0.0.1:9/canari"
HOSTILE = (
    f'<script src="{FOREIGN}.js"></script><img src="{FOREIGN}.png" onerror="alert(1)">'
    f'<iframe src="{FOREIGN}"></iframe><style>@import "{FOREIGN}.css";</style>'
    f'"><svg onload="fetch(\'{FOREIGN}\')">'
)

BIG = "1" + "0" * 400
VALUES = {
    "half a letter": ('"title": "', '"title": "a\\ud800'),
    "half a letter in a key": ('"title"', '"\\udc00": 1, "title"'),
    "half a letter among unknown keys": ('"title"', '"x": {"y": ["\\ud800"]}, "title"'),
    "no number": ('"duration": 62.8', '"duration": NaN'),
    "no end": ('"duration": 62.8', '"duration": Infinity'),
    "more than any number": ('"duration": 62.8', '"duration": 1e999'),
    "longer than any show": ('"duration": 62.8', '"duration": 1e300'),
    "less than nothing": ('"duration": 62.8', '"duration": -1'),
    "a size past 64 bits": ('"size": ', f'"size": {BIG}'),
    "a size below nothing": ('"size": ', '"size": -'),
    "a number past 64 bits": ('"number": null', f'"number": {BIG}'),
    "an unknown one past 64 bits": ('"title"', f'"x": {BIG}, "title"'),
    "values inside one another": ('"title"', f'"x": {"[" * 100_000}{"]" * 100_000}, "title"'),
    "a day that is none": ('"date": "', '"date": "2024-02-30", "x": "'),
    "a chapter at no time": ('"title"', '"chapters": [{"start": NaN, "title": "a"}], "title"'),
    "a title that is none": ('"title": "', '"title": 3, "x": "'),
    "Latin-1": ('"title": "', '"title": "\udce9'),
    "raw halves of letters": ('"title": "', '"title": "\udced\udca0\udc80'),
    "cut short": ("}", ""),
}
"""What costs an episode: a text of its sidecar, and what stands there instead."""
ODD_VALUES = [
    {"soundbites": [{"start": 1e300, "duration": 1e300, "title": "a"}]},
    {"soundbites": [{"start": -1e300, "duration": -1, "title": ""}]},
    {"chapters": [{"start": 1e300, "title": "a"}, {"start": -5, "title": "b"}]},
    {"season": -1, "number": 1 << 62},
    {"date": "0001-01-01"},
    {"date": "9999-12-31"},
    {"title": "a\0\x1b\ufffe\u2028b", "description": "\0]]></x>"},
    {"title": "", "guid": ""},
    {"title": "x" * 1_000_000},
    {"language": "<script> x-y", "tags": ["", "\0", "a" * 100_000]},
    {"people": [{"name": "", "role": "\0"}], "playlist": ["\0"]},
    {"links": [{"url": "javascript:alert(1)", "title": "\0"}, {"url": "http://[", "title": ""}]},
    {"source": {"url": "\0", "original_name": "\0", "retrieved": "\0"}},
    {"status": "embargoed", "until": "0001-01-01"},
]
"""Fields that are odd and may be kept."""


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_bytes().decode(errors="surrogateescape")
    assert old in text
    path.write_bytes(text.replace(old, new, 1).encode(errors="surrogateescape"))


def poison(archive: Archive) -> str:
    (episode,) = archive.episodes()
    show = archive.show("emission")
    archive.write_show(dataclasses.replace(show, description=HOSTILE, author=HOSTILE))
    told: dict[str, Any] = {"title": f"Les micros {HOSTILE}", "tags": (HOSTILE,)}
    told |= {"description": f"Un texte.\n\n{HOSTILE}", "playlist": (HOSTILE,)}
    told |= {"people": (Person(HOSTILE, HOSTILE),), "chapters": (Chapter(1.0, HOSTILE),)}
    links = (Link("javascript:alert(1)", HOSTILE), Link("https://a.example/", HOSTILE))
    archive.write_episode(dataclasses.replace(episode, links=links, **told))
    cues = (Cue(0.0, 3.0, f"Les micros {HOSTILE}", HOSTILE), Cue(4.0, 6.0, "Bonjour à tous."))
    path = archive.vtt_path(episode.key)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(render_vtt(Transcript(cues, {"status": HOSTILE})), encoding="utf-8")
    return episode.key
