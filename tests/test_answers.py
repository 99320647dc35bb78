"""What an archive that was worked on and a hostile one tell is what `tests/golden/answers/` has.
Where a difference is meant, record it and read it:
RECORD=yes .venv/bin/python -m pytest tests/test_answers.py; git diff tests/golden/answers"""

import contextlib
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.answers.archives import hostile, lived
from tests.answers.commands import commands
from tests.answers.record import differences, keep, read
from tests.answers.site import Answers, unasked
from tests.samples import ROOT

RECORDS = ROOT / "tests" / "golden" / "answers"
RECORDING = (__doc__ or "").splitlines()[-1].strip()
LIVED = ["bonjour/2023-05-02-la-place", "la-machine/2024-01-16-les-micros-de-la-rue"]
LIVED += ["bonjour/2023-06-06-pour-les-radios", "bonjour/2023-07-04-a-lire"]
LIVED += ["bonjour/2023-08-01-suspendue", "la-machine/2024-02-20-la-ville-intelligente"]
LIVED += ["la-machine/2024-04-16-sous-embargo", "la-machine/2024-05-21-retiree"]
HOSTILE = ["emission/2024-01-16-poison", "emission/2022-01-01-texte-casse"]
HOSTILE += ["emission/2022-01-03-sans-son", "fautes/2023-03-01-faute"]


@pytest.fixture(autouse=True)
def _nothing_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("RADIO_") and name not in ("RADIO_MODELS", "RADIO_NICE", "RADIO_SENSE"):
            monkeypatch.delenv(name)
    that_day = SimpleNamespace(today=lambda: "2026-01-02")  # whose sentence the first page has
    monkeypatch.setattr("radio.web.views.pages.date", that_day)


@contextlib.contextmanager
def _unwarned() -> Iterator[None]:
    """Keep quiet: a site warns of a bad file at each visit, which the command is asked for too."""
    logging.disable()
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


@pytest.mark.parametrize("name", ["lived", "hostile"])
def test_listeners_and_keepers_are_answered_as_before(name: str, tmp_path: Path) -> None:
    is_hostile = name == "hostile"
    archive = (hostile if is_hostile else lived)(tmp_path / "archive")
    keys = HOSTILE if is_hostile else LIVED
    with _unwarned():
        found = Answers(archive, keys, is_hostile=is_hostile).all()
    found |= commands(archive, keys[0], is_hostile=is_hostile)
    if os.environ.get("RECORD"):
        keep(RECORDS / name, found)
    if told := differences(read(RECORDS / name), found):
        number = f"{len(told)} differences from {RECORDS.relative_to(ROOT) / name}/"
        meant = f"Are they meant? Record them: {RECORDING}"
        pytest.fail("\n\n".join((number, *told, meant)), pytrace=False)


def test_every_public_address_is_asked_for(tmp_path: Path) -> None:
    assert unasked(Answers(lived(tmp_path / "archive"), LIVED)) == set()


def test_a_difference_is_told_once_with_the_places_that_have_it(tmp_path: Path) -> None:
    found = {"pages": {f"GET /{name}": f"200\n\nAide\n{name}" for name in "abcde"}}
    keep(tmp_path, found)
    assert differences(read(tmp_path), found) == []
    new = {asked: answer.replace("Aide", "Secours") for asked, answer in found["pages"].items()}
    (told,) = differences(read(tmp_path), {"pages": new})
    assert told.splitlines()[0] == "pages.txt: GET /a"
    assert told.splitlines()[-3:] == ["(and 2 more places)", "  - Aide", "  + Secours"]
    (told,) = differences(read(tmp_path), {"pages": found["pages"] | {"GET /f": "404"}})
    assert told == "pages.txt: GET /f\nis new, and is in no record"
