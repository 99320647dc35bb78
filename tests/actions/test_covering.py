"""A picture is given, replaced, taken away and brought back; only its pixels are kept."""

import io

import pytest
from flask.testing import FlaskClient
from PIL import Image

from radio.actions.covering import give_cover, print_of
from radio.actions.editing import edit, write
from radio.actions.undoing import deeds, undo_act
from radio.archive import Archive, history, journal
from radio.archive.acts import undo
from radio.archive.episode import Episode, Show
from radio.derived.covers import given
from radio.system.errors import ArchiveError, ReaderError
from tests.samples import STREET, put, snapshot
from tests.web.desks import OWN, signed_in

KEY = f"emission/{STREET}"


def picture(colour: str, kind: str = "PNG") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (80, 80), colour).save(file, kind)
    return file.getvalue()


def described(archive: Archive, key: str) -> Episode | Show:
    return archive.episode(key) if "/" in key else archive.read_show(key)


def colour_of(archive: Archive, key: str) -> str:
    path = given(archive, described(archive, key))
    assert path
    with Image.open(path) as image:
        red, _green, blue = image.convert("RGB").getpixel((40, 40))  # type: ignore[misc]
    return "red" if red > blue else "blue"


@pytest.mark.parametrize("key", [KEY, "emission"])
def test_each_change_of_a_picture_is_taken_back(archive: Archive, key: str) -> None:
    put(archive, STREET)
    before = snapshot(archive)
    for content in (b"", b"GIF89a", picture("red")[:60]):
        with pytest.raises(ReaderError):
            give_cover(archive, key, content, "")
    assert history.acts(archive.root) == []  # what is no picture changes nothing
    give_cover(archive, key, picture("red"), "", "Zoé")
    red = described(archive, key).image
    give_cover(archive, key, picture("blue", "JPEG"), red)
    assert colour_of(archive, key) == "blue"
    with pytest.raises(ArchiveError, match="changed in the meantime"):
        give_cover(archive, key, None, "x.jpg")
    give_cover(archive, key, None, described(archive, key).image)
    assert described(archive, key).image == ""
    assert deeds(archive, key)[0].is_whole
    undo_act(archive, key, deeds(archive, key)[0].act.name)
    assert colour_of(archive, key) == "blue"
    while any(act.state == "done" for act in history.acts(archive.root)):
        undo(archive)
        shown = described(archive, key)
        assert not shown.image or given(archive, shown)
    after = snapshot(archive)
    assert before.items() <= after.items()
    left = {name.partition("/")[0] for name in after.keys() - before.keys()}
    assert left <= {"trash", "desk", ".archive.lock"}


@pytest.mark.parametrize("key", [KEY, "emission"])
def test_a_picture_is_taken_back_whatever_was_written_since(archive: Archive, key: str) -> None:
    put(archive, STREET)
    give_cover(archive, key, picture("red"), "", "Zoé")
    write(archive, [edit(archive, key, {"title": "La rue"})])
    act = next(each for each in history.acts(archive.root) if each.what == "cover")
    assert act.who == "Zoé"
    undo_act(archive, key, act.name, "Noé")
    item = described(archive, key)
    assert (item.image, item.title, given(archive, item)) == ("", "La rue", None)
    assert [each.state for each in history.acts(archive.root)] == ["done", "undone"]
    entry = journal.entries(archive.root)[0]
    assert (entry.who, entry.what, entry.key, entry.line) == ("Noé", "undo", key, "cover")


@pytest.mark.parametrize("by_hand", [False, True], ids=["at the desk", "by hand"])
def test_a_later_picture_is_not_taken_for_the_one_before(archive: Archive, by_hand: bool) -> None:
    episode = put(archive, STREET)
    give_cover(archive, KEY, picture("red"), "")
    (first,) = history.acts(archive.root)
    if by_hand:
        (archive.media / "emission" / f"{STREET}.jpg").write_bytes(picture("blue", "JPEG"))
    else:
        give_cover(archive, KEY, picture("blue"), f"{STREET}.jpg")
    with pytest.raises(ArchiveError, match="its picture has changed again since; undo that first"):
        undo_act(archive, KEY, first.name)
    assert colour_of(archive, episode.key) == "blue"


@pytest.mark.parametrize("key", [KEY, "emission"])
def test_of_two_pictures_a_keeper_sees_both_and_takes_one(archive: Archive, key: str) -> None:
    put(archive, STREET)
    for colour in ("red", "blue", "green"):
        give_cover(archive, key, picture(colour), described(archive, key).image)
    act = deeds(archive, key)[-2].act.name  # by which the first one went
    client = signed_in(archive, "keeper")
    here = f"/desk/fields/{key}" if "/" in key else f"/desk/show/{key}"
    answer = client.post(here, data={"undo": act}, headers=OWN)
    choice = f"/desk/covers/{act}"
    assert (answer.status_code, answer.location) == (303, choice)
    page = client.get(choice).text
    assert (page.count('<img class="cover"'), page.count('type="radio"')) == (2, 2)
    image = client.get(f"{choice}/former")
    assert (image.mimetype, image.data[:2]) == ("image/jpeg", b"\xff\xd8")
    assert client.post(choice, headers=OWN).status_code == 422
    mine = {"take": "mine", "seen": print_of(archive, described(archive, key))}
    refused = client.post(choice, data=mine | {"seen": "x"}, headers=OWN)
    assert refused.status_code == 409
    kept = client.post(choice, data={"take": "theirs"}, headers=OWN)
    assert kept.location == f"{here}?kept=1"
    assert client.post(choice, data=mine, headers=OWN).location == f"{here}?covered=1"
    assert colour_of(archive, key) == "red"
    assert client.get(choice).status_code == 404  # it is done
    undo_act(archive, key, deeds(archive, key)[0].act.name)
    assert journal.entries(archive.root)[0].line == "cover"


def send(client: FlaskClient, where: str, content: bytes, act: str, seen: str = "") -> int:
    """Send the form as browsers do; the one that Werkzeug writes leaves out an empty line."""
    head = b'--x\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'
    fields = ((b"act", b"", act.encode()), (b"cover", b"", seen.encode()))
    body = b"".join(head % each for each in (*fields, (b"picture", b'; filename="x"', content)))
    form = {"data": body + b"--x--\r\n", "content_type": "multipart/form-data; boundary=x"}
    return client.post(f"/desk/cover/{where}", headers=OWN, **form).status_code


def test_a_keeper_gives_a_picture_at_the_desk(archive: Archive) -> None:
    put(archive, STREET)
    client = signed_in(archive, "keeper")
    assert "Une image dessinée par le site" in client.get(f"/desk/fields/{KEY}").text
    assert send(client, KEY, picture("red"), "give") == 303
    assert colour_of(archive, KEY) == "red"
    assert send(client, KEY, picture("blue"), "give") == 409
    assert send(client, KEY, b"none", "give", f"{STREET}.jpg") == 422
    assert send(client, KEY, b"", "take", f"{STREET}.jpg") == 303
    assert archive.episode(KEY).image == ""
    assert send(client, "emission", picture("blue"), "give") == 303
    assert colour_of(archive, "emission") == "blue"
    assert send(client, "x", picture("blue"), "give") == 404
