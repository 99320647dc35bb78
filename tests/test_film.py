"""The film in the README: its commands exist, and it is drawn of what they say."""

import re
import shlex
import xml.etree.ElementTree as ET
from pathlib import Path

import click
import pytest

from radio.cli import cli
from tests import film
from tests.tables import for_each

pytestmark = pytest.mark.long


@for_each("name", film.FILMS.values())
def test_the_commands_of_the_film_are_those_of_the_program(name: str) -> None:
    root = ET.fromstring((film.DOCS / name).read_text(encoding="utf-8"))  # noqa: S314 (our own)
    texts = [text for text in root.iter() if text.tag.endswith("}text")]
    typed = [text.text or "" for text in texts if "typed" in text.get("class", "")]
    assert typed == [f"$ {command}" for command in film.COMMANDS]
    for command in film.COMMANDS:
        _radio, verb, *arguments = shlex.split(command)
        found = cli.get_command(click.Context(cli), verb)
        assert found, verb
        found.make_context(verb, arguments)


@pytest.mark.torture
def test_a_film_is_drawn_of_a_run_and_moves_without_script(tmp_path: Path) -> None:
    scenes = film.play(tmp_path, "fr", film.COMMANDS[:2])
    drawn = film.draw(scenes, "fr")
    ET.fromstring(drawn)  # noqa: S314 (our own)
    assert "machine/2024-03-19-emission-du-19-mars-2024" in drawn
    assert "3 ajoutés" in drawn
    assert str(tmp_path) not in drawn
    assert "127.0.0.1" not in drawn
    assert not re.search(r"<script|href=|url\(", drawn)
    assert len(drawn.encode()) < 60_000
