"""What the reference of the manual says of the fields, against the program: `make reference`."""

import dataclasses
import datetime as dt
import json
import re
from typing import Any, get_args, get_type_hints

import pytest
from flask.testing import FlaskClient

from radio.archive import Archive
from radio.archive.episode import Episode, read_episode, read_show
from radio.archive.imprint import read_imprint
from radio.archive.rights import RESTRICTED
from radio.text.transcript import STATUSES, read_status
from tests import reference
from tests.reference import DOCS, FIELDS, LANGUAGES, SETTINGS, UNWRITTEN, table
from tests.samples import STREET, put
from tests.tables import for_each
from tests.web.sites import visit

FIELD_PAGE, SITE_PAGE = (
    (DOCS / "fr" / f"reference-{name}.md").read_text(encoding="utf-8")
    for name in ("fields", "settings")
)
PAGE = FIELD_PAGE + SITE_PAGE
SITE = "`site.json`"
PUBLISH = "Publier, mettre sous embargo, retirer"
TEXT = "Le texte d’un épisode"
SLUG = "2024-01-16-les-micros"


def rows(heading: str) -> list[list[str]]:
    return table(PAGE, heading)[1:]


def names(heading: str) -> list[str]:
    return [row[0].strip("`") for row in rows(heading)]


def example(row: list[str]) -> Any:
    """What the page gives as an example; nothing where it points to another table."""
    return None if row[3].startswith("voir") else json.loads(row[3].strip("`"))


@for_each(("lang", "name"), [(lang, name) for lang in LANGUAGES for name in reference.PAGES])
def test_the_reference_is_what_the_program_has_and_people_wrote_the_rest(
    lang: str, name: str
) -> None:
    page = (DOCS / lang / f"reference-{name}.md").read_text(encoding="utf-8")
    assert page == reference.page(name, lang), "make reference"
    assert f"| {UNWRITTEN} |" not in page


def test_every_heading_with_fields_is_compared() -> None:
    for page, known in ((FIELD_PAGE, FIELDS), (SITE_PAGE, SETTINGS)):
        tables = re.findall(r"^##+ (`[^:\n]*`)", page, flags=re.MULTILINE)
        assert sorted(tables) == sorted(known)


def test_every_example_is_read() -> None:
    show, episode, site = (
        {row[0].strip("`"): example(row) for row in rows(heading)}
        for heading in [*list(FIELDS)[:2], SITE]
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
