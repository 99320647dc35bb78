"""Transcripts as people leave them: what their editors write, what they mark, what they break."""

import csv
import dataclasses
import json
import re
import shutil
from pathlib import Path

import pytest
import webvtt
from flask.testing import FlaskClient
from hypothesis import example, given
from hypothesis import strategies as st

from radio.archive import Archive
from radio.archive.authorship import authorship
from radio.search import Index
from radio.system.disk import write_whole
from radio.system.errors import TranscriptError
from radio.text.transcript import Cue, Transcript, read_vtt, render_srt, render_vtt
from radio.transcribe.corrections import apply_again
from radio.transcribe.pool import local_pool
from radio.transcribe.renewal import candidates
from radio.transcribe.versions import is_by_hand
from radio.web.site import create_app
from tests.fakes import Fake, heard_street
from tests.processes import command
from tests.samples import STREET
from tests.tables import for_each

KEY = f"emission/{STREET}"
CUES = (Cue(0.5, 2.0, "L’été, à Saint-Étienne."), Cue(3661.25, 3663.0, "« Où ça ? »"))
VTT = render_vtt(Transcript(CUES, {"status": "reread"}))
SRT = render_srt(Transcript(CUES))
WRITTEN = {
    "windows": (VTT.encode("cp1252"), "Windows-1252"),
    "utf-16": (VTT.encode("utf-16"), "UTF-16"),
    "utf-16 big": (b"\xfe\xff" + VTT.encode("utf-16-be"), "UTF-16"),
    "utf-16 without mark": (VTT.encode("utf-16-le"), "UTF-16"),
    "utf-16 big without mark": (VTT.encode("utf-16-be"), "UTF-16"),
    "subrip": (SRT.encode(), "SubRip"),
    "subrip, windows": (SRT.replace("\n", "\r\n").encode("cp1252"), "SubRip, Windows-1252"),
    "subrip, utf-16": (SRT.encode("utf-16"), "SubRip, UTF-16"),
    "subrip, marked": (b"\xef\xbb\xbf" + SRT.encode(), "SubRip"),
    "commas": (VTT.replace(".500", ",5").encode(), "SubRip"),
    "no header": (VTT.removeprefix("WEBVTT\n\n").encode(), "SubRip"),
    "old mac": (VTT.replace("\n", "\r").encode(), ""),
    "marked": (b"\xef\xbb\xbf" + VTT.encode(), ""),
    "as it is": (VTT.encode(), ""),
}
BROKEN = {
    "empty": b"",
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "prose": "Bonjour à toutes et à tous.\n".encode(),
    "backwards": b"WEBVTT\n\n1\n00:00:05.000 --> 00:00:01.000\nA\n",
    "no times": b"WEBVTT\n\n1\n00:00 --> five\nA\n",
    "zeros": bytes(300),
    "cut subrip": b"1\n00:00:01,000 --> 00:0",
}


@for_each("name", WRITTEN)
def test_what_an_editor_writes_is_read(name: str) -> None:
    content, form = WRITTEN[name]
    read = read_vtt(content, "x.vtt")
    assert (read.cues, read.form) == (CUES, form)
    damaged = read_vtt(VTT.encode().replace("É".encode(), b"\xc3"), "x.vtt")
    assert damaged.cues[0].text == "L’été, à Saint-�tienne."  # and no other letter is lost
    assert damaged.form == "damaged letters"


@for_each("name", BROKEN)
def test_what_cannot_be_read_is_named(name: str) -> None:
    with pytest.raises(TranscriptError, match=r"^x\.vtt: "):
        read_vtt(BROKEN[name], "x.vtt")


pieces = st.sampled_from(
    [
        *("WEBVTT", "\n", "\r", " --> ", "00:01.000", "1:2:3,4", "99999999999:00:00.000", "NOTE"),
        *("\ufeff", "STYLE", "REGION", "<v ", ">", "&#0;", "&#xD800;", "\0", "é", "٣", "<c.b>"),
    ]
)
files = st.lists(pieces | st.text(max_size=4), max_size=30).map("".join)


@given(st.binary(max_size=80) | files.map(lambda text: text.encode(errors="replace")))
@example(b"WEBVTT\n\n99999999999:00:00.000 --> 99999999999:00:01.000\nA\n")
def test_anything_is_read_or_refused(content: bytes) -> None:
    try:
        read = read_vtt(content, "x.vtt")
    except TranscriptError:
        return
    assert render_vtt(read).encode(errors="strict")


@for_each(
    ("lines", "whose"),
    [
        ("status: reread|status: Relu|Status : relue|STATUT: relus par Camille", "reread"),
        ("statut :  Relues|status: re-read|status:RELU", "reread"),
        ("status: non relue|status: à relire|status:|status: ?", "unknown"),
    ],
)
def test_whoever_rereads_may_say_it_as_people_do(lines: str, whose: str) -> None:
    for line in lines.split("|"):
        read = read_vtt(VTT.replace("status: reread", line).encode(), "x.vtt")
        assert authorship(read, None) == whose, line


@pytest.fixture(scope="module")
def transcribed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive whose only episode a machine transcribed: each test has a copy."""
    return heard_street(tmp_path_factory.mktemp("transcribed"), Fake())


@pytest.fixture
def archive(transcribed: Path, tmp_path: Path) -> Archive:
    return Archive(shutil.copytree(transcribed, tmp_path / "archive"))


@pytest.fixture
def client(archive: Archive) -> FlaskClient:
    return create_app(archive, Index(archive), base_url="http://localhost").test_client()


def edit(archive: Archive, old: str, new: str) -> None:
    path = archive.vtt_path(KEY)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_bytes(text.replace(old, new).encode())


def told(client: FlaskClient) -> str:
    """What the page says above the text."""
    above = r'id="transcript">.*?<(?:p|details) class="status">(.*?)</(?:p|details)>'
    found = re.search(above, client.get(f"/shows/{KEY}").text, re.DOTALL)
    assert found
    return " ".join(re.sub("<[^>]*>", "", found[1]).split())


MACHINE = "Transcription automatique, non relue Faite par une machine (modèle base"


def test_a_text_changed_by_hand_is_told_everywhere(archive: Archive, client: FlaskClient) -> None:
    def states() -> set[str]:
        rows = list(csv.DictReader(client.get("/catalogue.csv").text.splitlines()))
        rows.append(json.loads(client.get("/catalogue.jsonl").text))
        for path in ("episodes", "search?q=parole"):
            rows += client.get(f"/api/v1/{path}").get_json()["episodes"]
        assert len(rows) == 4
        own = client.get(f"/api/v1/episodes/{KEY}").get_json()
        return {row["transcript"] for row in (*rows, own)}

    Index(archive).refresh()
    assert states() == {"machine"}
    assert told(client).startswith(MACHINE)
    edit(archive, "parole", "Parole")
    assert states() == {"changed"}
    changed = "Transcription automatique, modifiée à la main Faite par une machine (modèle base"
    assert told(client).startswith(changed)
    assert "modifiée à la main" in client.get("/search.xml?q=parole").text
    page = client.get(f"/transcripts/{KEY}.html").text
    assert "Transcription automatique, modifiée à la main, non relue en entier" in page
    edit(archive, "status: machine", "Statut : Relu")
    assert states() == {"reread"}
    assert told(client) == "Transcription relue."


SAVED = [("\n", "\r\n"), ("WEBVTT", "\ufeffWEBVTT"), ("status:", "relecteur: Camille\nstatus:")]


def test_a_text_saved_as_it_was_is_the_machines(archive: Archive, client: FlaskClient) -> None:
    path = archive.vtt_path(KEY)
    before = path.read_bytes()
    for old, new in SAVED:
        path.write_bytes(before)
        edit(archive, old, new)
        assert told(client).startswith(MACHINE), new
        assert is_by_hand(archive, KEY), new  # and yet no machine writes over it


def test_without_its_note_a_text_is_still_known(archive: Archive, client: FlaskClient) -> None:
    path = archive.vtt_path(KEY)
    text = re.sub(r"NOTE\n.*?\n\n", "", path.read_text("utf-8"), flags=re.DOTALL)
    assert "status" not in text
    path.write_text(text, encoding="utf-8")
    assert told(client).startswith(MACHINE)
    edit(archive, "parole", "Parole")
    assert told(client).startswith("Transcription automatique, modifiée à la main")
    archive.evidence_path(KEY).unlink()
    assert told(client) == "On ne sait pas si cette transcription a été relue."


def test_evidence_for_old_claims_nothing(archive: Archive, client: FlaskClient) -> None:
    path = archive.evidence_path(KEY)
    lines = path.read_text("utf-8").splitlines(keepends=True)
    without = "".join(line for line in lines if not re.match(r'  "cues": ', line))
    assert without != "".join(lines)
    path.write_text(without, encoding="utf-8")
    edit(archive, "\n", "\r\n")
    assert told(client).startswith(MACHINE)
    path.write_text(re.sub(r'  "vtt": .*\n', "", without), encoding="utf-8")
    edit(archive, "parole", "Parole")
    assert told(client).startswith(MACHINE)


@for_each("form", ["subrip", "windows", "utf-16"])
def test_no_machine_writes_over_what_an_editor_left(archive: Archive, form: str) -> None:
    content, _ = WRITTEN[form]
    write_whole(archive.vtt_path(KEY), content)
    archive.write_show(dataclasses.replace(archive.show("emission"), corrections={"été": "hiver"}))
    with pytest.raises(TranscriptError, match="someone"):
        apply_again(archive, KEY)
    with local_pool(Fake(name="other", versions={"other": "1"})) as pool:
        assert candidates(archive, pool.provenance) == []
    assert archive.vtt_path(KEY).read_bytes() == content


PAGES = [
    *("/", "/shows/{}", "/shows/{}?t=1", "/shows/{}?q=parole", "/share/{}?t=1", "/cite/{}.txt?t=1"),
    *("/embed/{}?t=1", "/cards/{}.png?t=1", "/download/{}.mp3", "/sitemap.xml"),
    *("/search?q=parole", "/search/words?q=parole", "/api/v1/search?q=parole", "/shows/emission/"),
    *("/shows/emission/feed.xml", "/catalogue.csv", "/catalogue.jsonl", "/download/archive.zip"),
]
READ = ("windows", "utf-16", "subrip", "commas")


@for_each("name", [*READ, *BROKEN, "folder"])
def test_no_page_of_a_damaged_text_fails(archive: Archive, client: FlaskClient, name: str) -> None:
    path = archive.vtt_path(KEY)
    damage(path, name)
    Index(archive).refresh()
    forms = ["vtt", "srt", "txt", "html", "json", "podcast.json"]
    answers = {form: client.get(f"/transcripts/{KEY}.{form}") for form in forms}
    failed = [page for page in PAGES if client.get(page.format(KEY)).status_code >= 500]
    assert failed == []
    if name in WRITTEN:
        assert {each.status_code for each in answers.values()} == {200}
        captions = webvtt.from_string(answers["vtt"].text).captions
        assert [each.start for each in captions] == ["00:00:00.500", "01:01:01.250"]
        assert "L’été, à Saint-Étienne." in answers["srt"].text
    else:
        codes = {answers[form].status_code for form in ("srt", "txt", "html", "podcast.json")}
        assert codes <= {404, 409}
        assert answers["json"].status_code == (404 if name == "folder" else 200)
        if name in BROKEN:
            assert answers["vtt"].data == BROKEN[name]  # as it stands
            assert "La transcription de cet épisode est illisible" in answers["srt"].text


def damage(path: Path, name: str) -> None:
    path.unlink()
    if name == "folder":
        path.mkdir()
    else:
        path.write_bytes(WRITTEN[name][0] if name in WRITTEN else BROKEN[name])


def test_the_list_tells_what_cannot_be_read(archive: Archive) -> None:
    assert "  transcribed  " in command(archive, "list").stdout
    path, unreadable = archive.vtt_path(KEY), "a text that can’t be read: see `radio check`"
    told = {"subrip, windows": "transcribed (SubRip, Windows-1252)"}
    for name, said in (told | dict.fromkeys(("prose", "folder"), unreadable)).items():
        damage(path, name)
        assert f"  {said}  " in command(archive, "list").stdout
        checked = command(archive, "check", check=False).stdout
        assert (f"unreadable: {path}: " in checked) or name != "prose"
    assert '"readable": false' in command(archive, "list", "--json").stdout


@pytest.mark.parametrize("name", ["windows", "utf-16", "subrip"])
def test_who_keeps_a_text_in_other_letters_is_told_what_to_do(archive: Archive, name: str) -> None:
    path = archive.vtt_path(KEY)
    command(archive, "index")
    damage(path, name)
    told = f"{path}: read anyway ({WRITTEN[name][1]}); save it as WebVTT in UTF-8"
    assert all(told in command(archive, each).stderr for each in ("index", "list"))
    assert Index(archive).search("été").total == 1
    damage(path, "as it is")
    assert not any("UTF-8" in command(archive, each).stderr for each in ("index", "list"))
