"""What a keeper says of recordings that wait: whether a date is sure, what is the same as what."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bench.twins import Copy, write_copy
from radio.archive import Archive, journal
from radio.archive.apart import read_apart
from radio.archive.episode import Show
from radio.archive.redaction import Redaction
from radio.ingest import uploads
from radio.ingest.files import ingest
from radio.proposals.twins.prints import propose
from radio.sound import decode
from tests.processes import call
from tests.samples import DEMO, STREET
from tests.visits import text
from tests.web.desks import OWN, signed_in, when_over

HERE = "/desk/uploads"
SOUND = DEMO / f"{STREET}.mp3"


@pytest.fixture
def keeper(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """Somebody who keeps the archive, on a machine with a small disk."""
    monkeypatch.setattr(uploads, "FLOOR", 1 << 20)
    monkeypatch.setattr(uploads, "SHARE", 0.0)
    return signed_in(archive)


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the first show in another format: other bytes, the same sound."""
    samples = np.concatenate(list(decode(SOUND)))
    return write_copy(samples, tmp_path_factory.mktemp("copy"), Copy(".m4a", 24_000))


def sent(archive: Archive, path: Path, name: str) -> str:
    """Have a file wait, and name its fields."""
    found = uploads.store(archive, name, "emission", "Noé", [path.read_bytes()])
    assert isinstance(found, uploads.SentFile)
    return found.id


def take(client: FlaskClient, **fields: str) -> TestResponse:
    return client.post(f"{HERE}/take", data=fields, headers=OWN)


def hear(client: FlaskClient) -> str:
    assert client.post(f"{HERE}/hear", headers=OWN).status_code == 303
    return when_over(client, HERE, "sont écoutés")


def taken(client: FlaskClient, **fields: str) -> str:
    assert take(client, **fields).status_code == 303
    return when_over(client, HERE, "entrent dans l’archive")


def test_a_guessed_date_that_a_keeper_is_sure_of_is_in_the_address(
    archive: Archive, keeper: FlaskClient
) -> None:
    archive.write_show(Show("autre", "L’autre émission"))
    name = sent(archive, SOUND, "rue.mp3")
    (upload,) = uploads.uploads(archive)
    assert upload.row
    assert upload.row.date_sure == "non"
    assert "Cette date est sûre" in text(keeper.get(HERE))
    said = {f"take-{name}": "1", f"title-{name}": "La rue", f"sure-{name}": "1"}
    refused = take(keeper, **said, **{f"date-{name}": ""})
    assert refused.status_code == 422
    assert "ou ne dites pas qu’elle est sûre" in text(refused)
    refused = take(keeper, **said, **{f"show-{name}": "Une autre"})
    assert refused.status_code == 422
    assert "Il n’y a pas d’émission « Une autre »" in text(refused)
    assert f'name="sure-{name}" value="1" checked' in refused.text
    taken(keeper, **said, **{f"show-{name}": " l’autre  Émission"})
    (episode,) = archive.episodes()
    assert episode.date_sure
    assert episode.key == f"autre/{upload.row.date}-la-rue"


def test_the_plan_completes_the_names_of_shows(archive: Archive, keeper: FlaskClient) -> None:
    archive.write_show(Show("autre", "Émission"))
    archive.write_show(Show("nuit", "La nuit"))
    sent(archive, SOUND, "rue.mp3")
    page = keeper.get(HERE).text
    assert 'list="known-shows"' in page
    for name in ("La nuit", "autre", "emission"):  # two have one title: each by its address
        assert f'<option value="{name}">' in page


def test_two_copies_that_a_keeper_calls_the_same_make_one_episode(
    archive: Archive, keeper: FlaskClient, copied: Path
) -> None:
    first, second = sent(archive, SOUND, "a.mp3"), sent(archive, copied, "b.m4a")
    assert "1 enregistrement sonne comme un autre" in hear(keeper)
    assert "Sonne comme a.mp3" in text(keeper.get(HERE))
    said = {f"take-{second}": "1", f"twin-{second}": "same"}
    refused = take(keeper, **said)
    assert refused.status_code == 422
    assert "Faites entrer aussi « a.mp3 »" in text(refused)
    assert f'name="twin-{second}" value="same" checked' in refused.text
    told = taken(keeper, **said, **{f"take-{first}": "1"})
    (episode,) = archive.episodes()
    assert f"&gt; {episode.key} (" in told, told
    assert [(each.who, each.what) for each in journal.entries(archive.root)[:2]] == [
        ("Noé", "merge"),
        ("Noé", "ingest"),
    ]
    call("undo", "--root", str(archive.root))
    assert len(archive.episodes()) == 2


def test_what_a_keeper_calls_another_is_proposed_no_more(
    archive: Archive, keeper: FlaskClient, copied: Path
) -> None:
    known = ingest(archive, SOUND, "emission")
    name = sent(archive, copied, "b.m4a")
    assert f"Sonne comme {known.title}" in hear(keeper)
    told = taken(keeper, **{f"take-{name}": "1", f"twin-{name}": "other"})
    assert "retenu, ce ne sont pas les mêmes" in told
    (other,) = (each for each in archive.episodes() if each.key != known.key)
    assert read_apart(archive.root).tells(known.guid, other.guid)
    assert propose(archive) == []
    assert journal.entries(archive.root)[0].what == "apart"
    assert "deux épisodes distincts" in text(keeper.get("/desk/journal"))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            {"redactions": (Redaction(3.0, 5.0, "2026-05-14"),)},
            "Un passage a été retiré de cet épisode",
        ),
        ({"status": "withdrawn"}, "Cet épisode n’est pas public"),
    ],
)
def test_a_copy_of_what_was_cut_or_withdrawn_is_public_at_no_moment(
    archive: Archive, keeper: FlaskClient, copied: Path, change: dict[str, Any], told: str
) -> None:
    known = ingest(archive, SOUND, "emission")
    archive.write_episode(replace(known, **change))
    name = sent(archive, copied, "b.m4a")
    hear(keeper)
    refused = take(keeper, **{f"take-{name}": "1", f"twin-{name}": "same"})
    assert refused.status_code == 422
    assert told in text(refused)
    assert [each.key for each in archive.episodes()] == [known.key]
