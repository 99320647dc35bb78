"""Who speaks, on the page of an episode."""

import html
import re

import pytest
from flask.testing import FlaskClient

from radio.archive import Archive
from radio.pictures import palette
from radio.text.transcript import Cue, Transcript, render_vtt
from tests.web.views.site import PAGE

TURNS = ("Voix 1", "Voix 1", "Zoé & <l’ami>", "", "Voix 1", "Voix 3")


@pytest.fixture
def spoken(archive: Archive, client: FlaskClient) -> FlaskClient:
    """A page on which three voices speak, and once nobody knows who."""
    key = PAGE.removeprefix("/shows/")
    cues = tuple(
        Cue(20.0 * at, 20.0 * at + 5, f"Phrase {at}.", voice) for at, voice in enumerate(TURNS)
    )
    said = render_vtt(Transcript(cues, {"status": "reread"}))
    archive.vtt_path(key).write_text(said, encoding="utf-8")
    return client


def names(page: str) -> list[str]:
    found = re.findall(r'<p class="voice"[^>]*>(.*?)</p>', page)
    return [html.unescape(each) for each in found]


def test_a_name_is_written_where_the_voice_changes(spoken: FlaskClient) -> None:
    page = spoken.get(PAGE).text
    assert names(page) == ["Voix 1", "Zoé & <l’ami>", "Voix 1", "Voix 3"]
    assert page.count('class="paragraph spoken voice-1"') == 3
    assert page.count('class="paragraph"') == 1


def test_an_english_page_has_english_voices(spoken: FlaskClient) -> None:
    """What a screen reader says in English is marked so, within the French of the show."""
    page = spoken.get(f"{PAGE}?lang=en").text
    assert names(page) == ["Voice 1", "Zoé & <l’ami>", "Voice 1", "Voice 3"]
    assert page.count('<p class="voice" lang="en">Voice 1</p>') == 2
    assert '<p class="voice">Zoé &amp; &lt;l’ami&gt;</p>' in page


def test_more_voices_than_colors_are_still_told_apart(
    archive: Archive, client: FlaskClient
) -> None:
    key = PAGE.removeprefix("/shows/")
    cues = tuple(Cue(2.0 * at, 2.0 * at + 1, "Mot.", f"Voix {at + 1}") for at in range(200))
    archive.vtt_path(key).write_text(render_vtt(Transcript(cues)), encoding="utf-8")
    page = client.get(PAGE).text
    assert len(set(names(page))) == 200
    used = set(re.findall(r"paragraph spoken (voice-\d+)", page))
    assert used == {f"voice-{number}" for number in range(1, len(palette.HUES) + 1)}


def test_exports_carry_who_speaks(spoken: FlaskClient) -> None:
    key = PAGE.removeprefix("/shows/")
    assert "Zoé & <l’ami>: Phrase 2." in spoken.get(f"/transcripts/{key}.srt").text
    assert "Voix 1 : Phrase 0. Phrase 1." not in spoken.get(f"/transcripts/{key}.txt").text
    assert "Voix 3 : Phrase 5." in spoken.get(f"/transcripts/{key}.txt").text


def test_names_are_readable_in_every_color_that_a_radio_may_choose() -> None:
    day = [palette.DAY, *(_with(palette.DAY, background) for background in ("#ffffff", "#e8e0ff"))]
    night = [palette.NIGHT, *(_with(palette.NIGHT, each) for each in ("#000000", "#102030"))]
    for scheme in (*day, *night):
        for color in scheme.voices:
            assert palette.contrast(color, scheme.background) >= palette.TEXT


def _with(scheme: palette.Scheme, background: str) -> palette.Scheme:
    changed = vars(scheme) | {"background": background}
    return palette.Scheme(**changed)


def test_listeners_learn_that_no_voice_print_is_kept(client: FlaskClient) -> None:
    assert "aucune empreinte vocale n’est gardée" in client.get("/privacy").text
    assert "no voice print is kept" in client.get("/privacy?lang=en").text
