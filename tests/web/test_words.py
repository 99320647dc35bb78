"""Figures in sentences: one thing is not several, and there is no page 1 of 0."""

import re
from pathlib import Path

from babel.messages.pofile import read_po

import radio as package
from radio.archive import Archive
from tests.processes import command
from tests.samples import STREET, put

ROOM = Path(package.__file__).parent
PLURAL = re.compile(r"%\([a-z]+\)[sd] (?!h |min|G|M|faits|sur)(\w+s)\b")


def test_the_command_counts_one_episode_as_one(archive: Archive) -> None:
    key = put(archive, STREET).key
    assert "1 episode, page 1 of 1" in command(archive, "search", "bonjour").stderr
    assert "0 episodes, page 1 of 1" in command(archive, "search", "absent").stderr
    archive.vtt_path(key).write_text("?", encoding="utf-8")
    assert "1 finding\n" in command(archive, "check", check=False).stderr


def test_figures_are_written_through_the_catalogue_and_no_plural_by_hand() -> None:
    path = ROOM / "translations" / "en" / "LC_MESSAGES" / "radio.po"
    with path.open("rb") as file:
        single = [each.id for each in read_po(file) if isinstance(each.id, str)]
    assert len(single) > 100
    assert [each for each in single if PLURAL.search(each.replace("\N{NO-BREAK SPACE}", " "))] == []
    by_hand = re.compile(r"\{[^{}]*\} (episodes|files|findings|parts|shows|recordings)\b")
    sources = {path: path.read_text(encoding="utf-8") for path in (ROOM / "cli").glob("*.py")}
    assert [path.name for path, text in sources.items() if by_hand.search(text)] == []
