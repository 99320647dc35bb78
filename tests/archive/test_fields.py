"""`docs/fields.md` against the code: every field and status, and none that is not there."""

import dataclasses
import datetime as dt
import json
import re
from typing import Any, get_args, get_type_hints

import pytest
from flask.testing import FlaskClient

from radio.archive import Archive
from radio.archive.distinct import DistinctPairs
from radio.archive.dossier import ThreadPassage
from radio.archive.episode import (
    Audio,
    Episode,
    Link,
    Person,
    Show,
    Soundbite,
    Source,
    read_episode,
    read_show,
)
from radio.archive.follows import Follow, Follows
from radio.archive.gone import Departure, Discard, Gone
from radio.archive.imprint import Choice, Colors, Imprint, read_imprint
from radio.archive.protection import Protection, PublicReply, Redaction
from radio.archive.rights import RESTRICTED, Rights
from radio.archive.themes import Theme, Themes
from radio.archive.threads import Thread, Threads
from radio.text.chapters import Chapter
from radio.text.transcript import STATUSES, read_status
from tests.samples import ROOT, STREET, put
from tests.tables import for_each
from tests.web.sites import visit

PAGE = (ROOT / "docs" / "fields.md").read_text(encoding="utf-8")
SITE = "`site.json` : le site · the site"
PUBLISH = "Publier, mettre sous embargo, retirer · Publish, embargo, withdraw"
TEXT = "Le texte d’un épisode · The text of an episode"
TABLES: dict[str, type] = {
    "`show.json` : une émission · a show": Show,
    "La notice d’un épisode · The sidecar of an episode": Episode,
    "`protection`": Protection,
    "`replies`": PublicReply,
    "`audio`": Audio,
    "`rights`": Rights,
    "`people`": Person,
    "`links`": Link,
    "`chapters`": Chapter,
    "`soundbites`": Soundbite,
    "`redactions`": Redaction,
    "`source`": Source,
    "`gone.json`": Gone,
    "`episodes`, `shows`": Departure,
    "`recordings`": Discard,
    "`twins.json`": DistinctPairs,
    "`themes.json`": Themes,
    "`themes`": Theme,
    "`threads.json`": Threads,
    "`threads`": Thread,
    "`passages`": ThreadPassage,
    "`follows.json`": Follows,
    "`follows`": Follow,
    SITE: Imprint,
    "`colors`": Colors,
    "`day`, `night`": Choice,
}
BY_PLACE = {"slug", "show", "extra"}  # said by where the file lies, or kept whatever they are
SLUG = "2024-01-16-les-micros"


def rows(heading: str) -> list[list[str]]:
    part = re.split(rf"^##+ {re.escape(heading)}$", PAGE, flags=re.MULTILINE)[1]
    lines = re.split(r"^#", part, flags=re.MULTILINE)[0].splitlines()
    table = [line.strip("|").split("|") for line in lines if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in table[2:]]


def names(heading: str) -> list[str]:
    return [row[0].strip("`") for row in rows(heading)]


def example(row: list[str]) -> Any:
    """What the page gives as an example; nothing where it points to another table."""
    return None if row[2].startswith("voir") else json.loads(row[2].strip("`"))


def test_every_heading_with_fields_is_compared() -> None:
    tables = re.findall(r"^##+ (.*)$", PAGE, flags=re.MULTILINE)
    with_fields = [each for each in tables if rows(each) and "status" not in rows(each)[0][0]]
    assert set(with_fields) - {PUBLISH, TEXT} == set(TABLES)


@for_each("heading", TABLES)
def test_every_field_has_a_line_which_says_what_is_required(heading: str) -> None:
    fields = {
        field.name: (field.default, field.default_factory) == (dataclasses.MISSING,) * 2
        for field in dataclasses.fields(TABLES[heading])
        if field.name not in BY_PLACE
    }
    assert sorted(names(heading)) == sorted(fields)
    if TABLES[heading] is not Audio:  # written by the program, all of it
        said = {row[0].strip("`"): "obligatoire" in row[1] for row in rows(heading)}
        assert said == fields


def test_every_example_is_read() -> None:
    show, episode, site = (
        {row[0].strip("`"): example(row) for row in rows(heading)}
        for heading in [*list(TABLES)[:2], SITE]
    )
    assert read_show("emission", json.dumps(show).encode(), "show.json").extra == {}
    for name in ("audio", "rights", "source", "protection"):
        heading = f"`{name}`"
        episode[name] = {row[0].strip("`"): example(row) for row in rows(heading)}
    sidecar = json.dumps({"version": RESTRICTED, **episode}).encode()
    assert read_episode("emission", SLUG, sidecar, "sidecar").extra == {}
    site["colors"] = {row[0].strip("`"): example(row) for row in rows("`colors`")}
    assert read_imprint(json.dumps(site).encode(), "site.json")[1] == ()


def test_every_status_is_there_that_of_a_text_in_all_its_ways() -> None:
    assert names(PUBLISH) == [*get_args(get_type_hints(Episode)["status"])]
    found: dict[str, str] = {}
    for row in rows(TEXT):
        for word in re.findall(r"`([^`]+)`", f"{row[0]} {row[1]}"):
            found[word] = row[0].strip("`")
            assert read_status(word) == found[word]
    assert {word.replace("-", "") for word in found} == set(STATUSES)


@pytest.fixture
def client(archive: Archive) -> FlaskClient:
    put(archive, STREET)
    return visit(archive)


def test_what_the_page_says_to_write_does_as_it_says(archive: Archive, client: FlaskClient) -> None:
    path, address = archive.sidecar_path(f"emission/{STREET}"), f"/shows/emission/{STREET}"
    answers = {}
    for row in rows(PUBLISH):
        written = json.loads("{" + row[1].strip("`") + "}")
        if "until" in written:
            written["until"] = (dt.date.today() + dt.timedelta(1)).isoformat()
        kept = {**json.loads(path.read_bytes()), "until": None, "reason": "", **written}
        path.write_text(json.dumps(kept), encoding="utf-8")
        answers[row[0].strip("`")] = client.get(address)
    codes = {status: answer.status_code for status, answer in answers.items()}
    assert codes == {"published": 200, "draft": 404, "embargoed": 404, "withdrawn": 410}
    assert "À la demande de l’invitée." in answers["withdrawn"].text
    (episode,) = archive.episodes()
    assert archive.audio_path(episode).is_file()
    now = dt.datetime.now()
    for until, code in ((now, 200), (now + dt.timedelta(1), 404), (None, 404)):
        closed = dataclasses.replace(episode, status="embargoed", until=until)
        archive.write_episode(closed)  # it ends by itself on its day
        assert client.get(address).status_code == code
