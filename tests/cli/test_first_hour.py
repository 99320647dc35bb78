"""What a person is told in the first hour with one recording, named as people name their files."""

import shutil
from pathlib import Path

import pytest

from radio.archive import Archive
from radio.search import Index
from radio.web.site import create_app
from tests.processes import call
from tests.samples import ROOT, STREET, put

SOUND = ROOT / "tests/golden/0.2.0/media/la-machine/2024-05-21-retiree.mp3"
NAMED, KEY = "Mon émission (version finale).mp3", "emission/mon-emission-version-finale"
MAKE = '`radio init --show my-show --title "My show"`'


def said(*arguments: str, root: Path | Archive) -> list[str]:
    """What the command says, whether it did what it was asked or not."""
    place = root.root if isinstance(root, Archive) else root
    return call(*arguments, check=False, RADIO_ROOT=str(place)).stderr.splitlines()


@pytest.fixture
def taken(archive: Archive, tmp_path: Path) -> list[str]:
    """What was said when that recording was taken."""
    shutil.copy(SOUND, tmp_path / NAMED)
    return said("ingest", "--show", "emission", str(tmp_path / NAMED), root=archive)


def test_whoever_makes_an_archive_is_told_where_it_lies(tmp_path: Path) -> None:
    root = tmp_path / "archives"
    assert said("init", root=root) == [f"{root}: an archive (its shows: none yet); {MAKE} adds one"]
    done = call("init", "--show", "la-machine", RADIO_ROOT=str(root))
    assert done.stdout == f"{root}/media/la-machine/show.json\n"
    assert done.stderr.startswith("the show la-machine is in this archive; `radio ingest FILE`")
    assert "(its shows: la-machine)" in said("init", root=root)[0]


def test_a_name_with_accents_and_capitals_is_offered_in_letters_that_it_may_have(
    tmp_path: Path,
) -> None:
    (told,) = said("init", "--show", "Mon émission", root=tmp_path)
    assert told.endswith("(letters a-z, digits, hyphens); write mon-emission")
    assert Archive(tmp_path).shows() == []
    (told,) = said("init", "--show", "…", root=tmp_path)
    assert told.endswith("(letters a-z, digits, hyphens)")


@pytest.mark.parametrize(
    "command", [("ingest", str(SOUND)), ("source", "add", "https://radio.example")]
)
def test_which_show_is_asked_with_what_to_write(tmp_path: Path, command: tuple[str, ...]) -> None:
    call("init", RADIO_ROOT=str(tmp_path))
    (told,) = said(*command, root=tmp_path)
    assert f"which show? there is none yet; {MAKE} makes one" in told
    for name in ("une", "autre"):
        call("init", "--show", name, RADIO_ROOT=str(tmp_path))
    (told,) = said(*command, root=tmp_path)
    assert told.endswith("which show? write one of these after --show: autre, une")


def test_whoever_takes_a_recording_is_told_that_all_hear_it_and_that_its_date_is_a_guess(
    archive: Archive, taken: list[str]
) -> None:
    (public,) = (line for line in taken if "public" in line)
    (guessed,) = (line for line in taken if "guessed" in line)
    hides = f"`radio protect embargo {KEY} DAY` or `radio protect withdraw {KEY}` hides it"
    assert public == f"1 episode is public now; {hides}"
    assert f"`radio edit {KEY} date=2024-03-19`" in guessed
    assert said("edit", KEY, "date=2024-03-19", root=archive)
    assert said("protect", "embargo", KEY, "25/12/2099", root=archive)
    dated = said(
        "ingest", "--show", "emission", str(SOUND.with_name(f"{STREET}.mp3")), root=archive
    )
    assert [line for line in dated if "public" in line]
    assert not [line for line in dated if "guessed" in line]


@pytest.mark.usefixtures("taken")
def test_a_search_where_nothing_has_a_text_yet_says_so(archive: Archive) -> None:
    words = "1 episode without any text yet; `radio transcribe` writes what is said"
    assert words in said("search", "ville", root=archive)
    index = Index(archive)
    client = create_app(archive, index).test_client()
    assert "Rien n’est encore transcrit ici" in client.get("/search?q=ville").text
    put(archive, STREET)
    index.refresh()
    assert words not in said("search", "ville", root=archive)
    assert "Rien n’est encore transcrit ici" not in client.get("/search?q=ville").text
