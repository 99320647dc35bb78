"""Doubts as a screen reader has them, without scripts; seen in Chromium."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from radio.archive import Archive
from radio.archive.episode import Show
from radio.system.disk import write_whole
from radio.text.transcript import (
    Cue,
    Evidence,
    Region,
    Segment,
    Transcript,
    Word,
    render_evidence,
    render_vtt,
)
from tests.processes import running
from tests.samples import MEMORY, put
from tests.visits import faults

NOTE = {"status": "machine", "engine": "openai-whisper", "model": "base"}


def segment(start: float, text: str, pace: float, probability: float = 0.97) -> Segment:
    """Words that follow one another at a pace, in seconds."""
    words = tuple(
        Word(start + number * pace, start + (number + 1) * pace, word, probability)
        for number, word in enumerate(text.split())
    )
    return Segment(start, words[-1].end, text, words, 5, 0.0, -0.3, 1.2, 0.0)


@pytest.fixture(scope="module")
def doubtful(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an episode with every kind of doubt."""
    archive = Archive(Path(tmp_path_factory.mktemp("doubts")))
    archive.create()
    archive.write_show(Show("emission", "Émission"))
    episode = put(archive, MEMORY)
    segments = (
        segment(0.0, "les micros de la rue sont là depuis deux mois à Beaubran.", 0.3),
        segment(6.0, "gardavu moncio aveluchon taraude vingtieme " * 5, 0.3, 0.3),
        segment(20.0, "pas.", 6.8),
        segment(30.0, "Quatre fois d’accord.", 1.9),
    )
    cues = tuple(Cue(each.start, each.end, each.text) for each in segments)
    regions = (Region(0.0, 20.0, "speech"), Region(30.0, 40.0, "speech"))
    write_whole(archive.vtt_path(episode.key), render_vtt(Transcript(cues, NOTE)).encode())
    evidence = Evidence("x", {}, "base", "", {}, "", "fr", 62.8, regions, segments)
    write_whole(archive.evidence_path(episode.key), render_evidence(evidence))
    with running("serve", "--root", str(archive.root), idle=archive.root) as address:
        yield f"{address}/shows/{episode.key}"


@pytest.mark.parametrize(
    ("lang", "name", "long", "sparse"),
    [
        ("fr", "nom dit une seule fois", "mot qui dure trop", "peu de mots"),
        ("en", "a name said only once", "a word that lasts too long", "few words for the time"),
    ],
)
def test_a_screen_reader_has_the_reason_of_a_doubt(
    browser: Browser, doubtful: str, lang: str, name: str, long: str, sparse: str
) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{doubtful}?lang={lang}")
        nodes = context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
        reasons = [
            each["description"]["value"] for each in nodes if each["role"]["value"] == "mark"
        ]
        assert len(reasons) == 3
        for reason, beginning in zip(reasons, (name, long, sparse), strict=True):
            assert reason.startswith(beginning)
        told = page.locator(".sure")
        assert told.count() == 3
        for number in range(3):
            box, said = told.nth(number).bounding_box(), page.locator(".cue").first.bounding_box()
            assert box is not None
            assert said is not None
            assert abs(box["x"] - said["x"]) < 8  # under its passage


def test_doubts_keep_to_contrast_and_markup(page: Page, doubtful: str) -> None:
    page.goto(doubtful)
    assert page.locator("u, .doubt").count() > 4
    assert faults(page) == ""
