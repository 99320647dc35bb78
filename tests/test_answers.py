"""What listeners and keepers see is what it was: pages, feeds, files, words of the command.

Two archives are asked for all that they tell, one that keepers worked on and one written to harm.
What they answer lies in `tests/golden/answers/`, as text: status, headers, words and links. A test
tells every difference once, and where it is. Where a difference is meant, record it and read it:

    RECORD=yes .venv/bin/python -m pytest tests/test_answers.py; git diff tests/golden/answers
"""

import logging
import os
from pathlib import Path

import pytest

from tests.answers.archives import hostile, lived
from tests.answers.commands import commands
from tests.answers.record import differences, keep, read
from tests.answers.site import Answers, unasked
from tests.samples import ROOT

RECORDS = ROOT / "tests" / "golden" / "answers"
RECORDING = (__doc__ or "").splitlines()[-1].strip()
LIVED = [
    *("bonjour/2023-05-02-la-place", "la-machine/2024-01-16-les-micros-de-la-rue"),
    *("bonjour/2023-06-06-pour-les-radios", "bonjour/2023-07-04-a-lire"),
    *("bonjour/2023-08-01-suspendue", "la-machine/2024-02-20-la-ville-intelligente"),
    *("la-machine/2024-04-16-sous-embargo", "la-machine/2024-05-21-retiree"),
]
HOSTILE = [
    *("emission/2024-01-16-poison", "emission/2022-01-01-texte-casse"),
    *("emission/2022-01-03-sans-son", "fautes/2023-03-01-faute"),
]


@pytest.fixture(autouse=True)
def _nothing_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("RADIO_") and name not in ("RADIO_MODELS", "RADIO_SENSE"):
            monkeypatch.delenv(name)


@pytest.mark.parametrize("name", ["lived", "hostile"])
def test_listeners_and_keepers_are_answered_as_before(name: str, tmp_path: Path) -> None:
    is_hostile = name == "hostile"
    archive = (hostile if is_hostile else lived)(tmp_path / "archive")
    keys = HOSTILE if is_hostile else LIVED
    logging.disable()  # a site warns of a bad file at each visit; the command is asked below
    found = Answers(archive, keys, is_hostile=is_hostile).all()
    logging.disable(logging.NOTSET)
    found |= commands(archive, keys[0], is_hostile=is_hostile)
    if os.environ.get("RECORD"):
        keep(RECORDS / name, found)
    if told := differences(read(RECORDS / name), found):
        number = f"{len(told)} differences from {RECORDS.relative_to(ROOT) / name}/"
        meant = f"Are they meant? Record them: {RECORDING}"
        pytest.fail("\n\n".join((number, *told, meant)), pytrace=False)


def test_every_public_address_is_asked_for(tmp_path: Path) -> None:
    assert unasked(Answers(lived(tmp_path / "archive"), LIVED)) == set()
