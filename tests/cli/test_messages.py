"""What the command says in the first hour, and to whom names the wrong thing, or waits."""

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from radio.archive import Archive, holdings
from radio.archive.check import check
from radio.archive.episode import render_episode
from radio.french.dates import read_day
from radio.search import Index
from radio.web.site import create_app
from tests.processes import call
from tests.samples import DEMO, ROOT, STREET, put
from tests.tables import for_each

SLUG = "2024-01-16-les-micros-de-la-rue"

KEY = f"emission/{SLUG}"


@pytest.fixture
def root(archive: Archive) -> str:
    """An archive of two shows and one episode."""
    put(archive, SLUG)
    call("init", "--root", str(archive.root), "--title", "La Machine à découdre")
    return str(archive.root)


@for_each(
    ("arguments", "said"),
    [
        (["show", f"emission/{SLUG}s"], f"is it {KEY}?"),
        (["show", SLUG], f"is it {KEY}?"),
        (["transcribe", f"media/emission/{SLUG}.mp3"], f"is it {KEY}?"),
        (["show", "emission/2024-01-16-les-micros"], f"is it {KEY}?"),
        (["show", "x/y"], "x/y: no such episode; a key is SHOW/EPISODE, see `radio list`"),
        (["show", ""], "'': no such episode; a key is SHOW/EPISODE, see `radio list`"),
        (["list", "--show", "emision"], "is it emission? (the shows: emission, la-machine-a-"),
        (["list", "--show", "La Machine à découdre"], "no such show; is it la-machine-a-decoudre?"),
        (["search", "--show", "zzz", "mot"], "zzz: no such show (the shows: emission, la-mach"),
        (["ingest", "--show", "machine-a-decoudre", "x.mp3"], "is it la-machine-a-decoudre?"),
    ],
)
def test_a_wrong_name_is_answered_with_the_nearest(
    root: str, arguments: list[str], said: str
) -> None:
    done = call(*arguments, check=False, RADIO_ROOT=root)
    assert done.returncode == 1
    assert said in done.stderr.splitlines()[-1]
    assert len(done.stderr.splitlines()) == 1


def test_which_show_is_asked_once_for_a_whole_folder(root: str, tmp_path: Path) -> None:
    folder = tmp_path / "dropped"
    folder.mkdir()
    for number in range(5):
        (folder / f"{number}.mp3").write_bytes((DEMO / f"{SLUG}.mp3").read_bytes())
    done = call("ingest", "--root", root, str(folder), check=False)
    assert (done.returncode, done.stderr.count("which show?")) == (1, 1)


def test_whoever_works_at_night_is_told_when(root: str, models: Path) -> None:
    """By day nothing seemed to happen."""
    (Path(root) / "transcripts" / f"{KEY}.vtt").unlink()
    opens = dt.datetime.now() + dt.timedelta(hours=6)
    hours = f"{opens:%H:%M}-{opens + dt.timedelta(hours=1):%H:%M}"
    command = [sys.executable, "-m", "radio", "transcribe", "--engine", "auto"]
    variables = {**os.environ, "RADIO_ROOT": root, "RADIO_MODELS": str(models)}
    with subprocess.Popen(
        [*command, "--only-between", hours], stderr=subprocess.PIPE, text=True, env=variables
    ) as process:
        assert process.stderr
        told = next((line for line in process.stderr if "Waiting" in line), None)
        process.kill()
    assert told == f"Waiting for {opens:%H:%M}.\n"


def test_an_embargo_ends_on_the_day_that_a_person_wrote(archive: Archive) -> None:
    for written in ("25/12/2026", "25 décembre 2026", "2026-12-25", "vendredi 25 déc. 2026"):
        assert read_day(written) == dt.date(2026, 12, 25)
    put(archive, SLUG)
    hold(archive, "1er février 2024")
    assert [each.until for each in holdings.episodes(archive)] == [dt.date(2024, 2, 1)]


@pytest.mark.parametrize(
    "written", ["Noël", "12/25/2020", "2020-12-25T18:00", "après le 1/2/2020", 7]
)
def test_an_embargo_whose_end_is_no_day_stands(archive: Archive, written: object) -> None:
    """And the episode stays in the keeper's list, which it left before."""
    put(archive, SLUG)
    hold(archive, written)
    client = create_app(archive, Index(archive)).test_client()
    assert holdings.episodes(archive) == []
    assert client.get(f"/shows/{KEY}").status_code == 404
    assert f"{KEY}  1:02  embargoed" in call("list", "--root", str(archive.root)).stdout
    (finding,) = [each for each in check(archive) if each.kind == "unreadable"]
    assert finding.path == archive.sidecar_path(KEY)
    assert f"until: {written!r} is no day" in finding.detail
    assert "write it as 2026-12-25" in finding.detail
    assert json.loads(render_episode(archive.episode(KEY)))["until"] == written


def hold(archive: Archive, until: object) -> None:
    path = archive.sidecar_path(KEY)
    data = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**data, "status": "embargoed", "until": until}), "utf-8")


SOUND = ROOT / "tests/golden/0.2.0/media/la-machine/2024-05-21-retiree.mp3"

NAMED, TAKEN = "Mon émission (version finale).mp3", "emission/mon-emission-version-finale"

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
    hides = f"`radio protect embargo {TAKEN} DAY` or `radio protect withdraw {TAKEN}` hides it"
    assert public == f"1 episode is public now; {hides}"
    assert f"`radio edit {TAKEN} date=2024-03-19`" in guessed
    assert said("edit", TAKEN, "date=2024-03-19", root=archive)
    assert said("protect", "embargo", TAKEN, "25/12/2099", root=archive)
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
