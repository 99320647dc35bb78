"""Who looks after an episode hears it at the desk, before listeners do and when they may not."""

import datetime as dt
import logging
from dataclasses import replace
from typing import Any

import pytest

from radio.archive import Archive
from radio.archive.rights import Rights
from tests.heard import KEY, hear
from tests.samples import STREET, put
from tests.web.desks import OWN, signed_in

SOUND, HEARD = f"/desk/sound/{KEY}.mp3", f"/media/{KEY}.mp3"
LATER = dt.date.today() + dt.timedelta(days=30)
KEPT_BACK: dict[str, dict[str, Any]] = {
    "embargoed": {"status": "embargoed", "until": LATER},
    "withdrawn": {"status": "withdrawn"},
    "not for listeners": {"rights": Rights(listen=False)},
}
kept_back = pytest.mark.parametrize("fields", KEPT_BACK.values(), ids=KEPT_BACK)


@kept_back
def test_a_rereader_hears_what_listeners_may_not(archive: Archive, fields: dict[str, Any]) -> None:
    episode = put(archive, STREET, **fields)
    content = archive.audio_path(episode).read_bytes()
    for role in ("keeper", "rereader"):
        client = signed_in(archive, role, name=role)
        some = client.get(SOUND, headers=OWN | {"Range": "bytes=1000-2999"})
        assert (some.status_code, some.data) == (206, content[1000:3000])
        assert some.headers["Content-Range"] == f"bytes 1000-2999/{len(content)}"
        assert some.headers["Cache-Control"] == "no-store"
        assert some.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert client.get(SOUND, headers=OWN).data == content
        assert client.get(SOUND, headers=OWN | {"Range": "bytes=99999999-"}).status_code == 416
        assert client.get(HEARD).status_code in (403, 404, 410)  # the site knows no desk


@kept_back
def test_nobody_else_hears_it_and_nothing_is_noted(
    archive: Archive, fields: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    put(archive, STREET, **fields)
    client = signed_in(archive, "rereader")
    stranger, stale = (client.application.test_client() for _ in range(2))
    stale.set_cookie("__Host-desk", "none-of-ours")
    elsewhere = (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://other.example"},
        {"Origin": "null"},
    )
    with caplog.at_level(logging.DEBUG):
        for each in (stranger, stale):
            assert each.get(HEARD).status_code in (403, 404, 410)
            refused = each.get(SOUND, headers=OWN)
            assert (refused.status_code, len(refused.data) < 1000) == (303, True)
            assert refused.location.startswith("/desk?then=")
        for headers in elsewhere:
            assert client.get(SOUND, headers=headers).status_code == 403
        assert client.get(SOUND, headers=OWN).status_code == 200
    assert caplog.records == []


def test_only_the_recording_is_given_and_no_link_is_followed(archive: Archive) -> None:
    episode = put(archive, STREET, status="withdrawn")
    client, path = signed_in(archive), archive.audio_path(episode)
    for name in (f"{KEY}.json", f"{KEY}.ogg", "emission/none.mp3", "emission/show.json"):
        assert client.get(f"/desk/sound/{name}", headers=OWN).status_code == 404
    path.rename(path.with_suffix(".away"))
    assert client.get(SOUND, headers=OWN).status_code == 404
    path.symlink_to(path.with_suffix(".away"))
    assert client.get(SOUND, headers=OWN).status_code == 404


@pytest.mark.parametrize("page", ["reread/{}/1", "chapters/{}", "redact/{}", "voices/{}"])
def test_its_pages_play_it_to_who_rereads_it(archive: Archive, page: str) -> None:
    hear(archive)
    archive.write_episode(replace(archive.episode(KEY), status="withdrawn"))
    client, address = signed_in(archive), f"/desk/{page.format(KEY)}"
    assert f'src="{SOUND}' in client.get(address).text
    archive.write_episode(replace(archive.episode(KEY), status="published"))
    assert f'src="{HEARD}' in client.get(address).text
