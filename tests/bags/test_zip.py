"""The whole archive as one file: a ZIP that resumes, holds a valid bag, and is never written."""

import contextlib
import datetime as dt
import http.client
import io
import os
import random
import re
import shutil
import struct
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bagit
import pytest
from flask.testing import FlaskClient

from radio.archive import Archive, holdings
from radio.archive.episode import Audio, Episode, Show
from radio.archive.holdings import PAGES_NOTE
from radio.bags import plans
from radio.bags.export import export_bag
from radio.bags.payload import are_pages_current, measure_all, name_truth
from radio.formats.zips import Planner, Zipped
from radio.system import checksums
from radio.system.checksums import Checksums, Sums
from radio.system.disk import stamp, write_whole
from radio.system.errors import ArchiveError
from radio.web.views import downloads
from tests.bags.site import WHOLE, payload
from tests.patience import LONG, until
from tests.processes import serving
from tests.samples import CITY, STREET, unpacked
from tests.web.sites import visit

pytestmark = pytest.mark.long


@pytest.fixture
def client(stocked: Archive) -> FlaskClient:
    return visit(stocked)


def unpack(content: bytes, folder: Path) -> Path:
    """The only folder in a ZIP, unpacked by `unzip`: a valid bag."""
    packed = folder / "packed.zip"
    packed.write_bytes(content)
    unzip = shutil.which("unzip")
    assert unzip, "install unzip: apt-get install unzip"
    subprocess.run([unzip, "-q", packed.name, "-d", "unpacked"], cwd=folder, check=True)
    (found,) = (folder / "unpacked").iterdir()
    assert bagit.Bag(str(found)).validate()
    return found


HEARD = {  # nothing withdrawn, hidden or set aside
    "media/emission/show.json",
    "media/emission/L’œil.png",
    *(f"media/emission/{slug}.{end}" for slug in (STREET, CITY) for end in ("mp3", "json")),
    *(f"transcripts/emission/{slug}.vtt" for slug in (STREET, CITY, f"{CITY}.en")),
}
BESIDE = {f"media/emission/{slug}.vtt" for slug in (STREET, CITY, f"{CITY}.en")}  # for players


def test_a_download_is_a_public_bag(client: FlaskClient, stocked: Archive, tmp_path: Path) -> None:
    response = client.get(WHOLE)
    assert response.mimetype == "application/zip"
    assert response.headers["Content-Disposition"] == 'attachment; filename="archives-sonores.zip"'
    bag = unpack(response.data, tmp_path)
    assert payload(bag) == HEARD | BESIDE
    for path in HEARD | BESIDE:
        own = stocked.root / (path.replace("media", "transcripts") if path in BESIDE else path)
        assert (bag / "data" / path).read_bytes() == own.read_bytes()
    assert "data/media/" in (bag / "LISEZ-MOI.txt").read_text(encoding="utf-8")
    info = bagit.Bag(str(bag)).info
    assert info["External-Identifier"] == "urn:uuid:guid-of-the-show"
    assert info["Source-Organization"] == "Émission"
    assert info["Payload-Oxum"].endswith(f".{len(HEARD | BESIDE)}")
    assert info["Bag-Software-Agent"].startswith("radio ")
    assert dt.date.fromisoformat(info["Bagging-Date"])
    record = (bag / "dublin-core.xml").read_text(encoding="utf-8")
    titles = re.findall("<dc:title>(.*?)</dc:title>", record)
    assert titles == ["Émission", *(each.title for each in holdings.episodes(stocked))]
    export_bag(stocked, tmp_path / "all")
    everything = (tmp_path / "all" / "dublin-core.xml").read_text(encoding="utf-8")
    assert everything.count("<dc:title>") == 1 + len(stocked.episodes()) > len(titles)


def test_only_the_whole_has_pages(client: FlaskClient, stocked: Archive, tmp_path: Path) -> None:
    for path in ("index.html", "shows/a.html", f"transcripts/emission/{STREET}.vtt"):
        write_whole(stocked.cache / "site" / path, b"page")
    (stocked.site / PAGES_NOTE).write_text(name_truth(stocked), encoding="ascii")
    bag = unpack(client.get(WHOLE).data, tmp_path)
    assert payload(bag) == HEARD | BESIDE | {"index.html", "shows/a.html"}
    assert (bag / f"data/transcripts/emission/{STREET}.vtt").read_text().startswith("WEBVTT")
    assert "index.html" in (bag / "LISEZ-MOI.txt").read_text(encoding="utf-8")
    assert b"index.html" not in client.get(f"{WHOLE}?show=emission").data
    (stocked.root / "threads.json").write_text("{}")  # of which pages tell: they are made anew
    assert not are_pages_current(stocked) and b"index.html" not in client.get(WHOLE).data


def test_a_show_or_a_search_may_be_had_alone(
    client: FlaskClient, stocked: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stocked.write_show(Show("autre", "Une autre", guid="another"))
    names = unpacked(client.get(f"{WHOLE}?show=autre").data).keys()
    assert "autre/data/media/autre/show.json" in names
    assert not any("emission" in name for name in names)
    bag = unpack(client.get(f"{WHOLE}?q=intelligente").data, tmp_path)
    assert bag.name == "recherche-intelligente"
    assert payload(bag) == {path for path in HEARD | BESIDE if STREET not in path}
    offers = {"/catalogue": "", "/shows/emission/": "?show=emission"}
    for page, offer in (offers | {"/search?q=intelligente": "?q=intelligente"}).items():
        assert f'href="{WHOLE}{offer}"' in client.get(page).text
    for asked in ("?show=nope", "?show=../media", "?q=introuvable"):
        assert client.get(WHOLE + asked).status_code == 404
    assert client.get(f"{WHOLE}?q=bonjour").status_code == 200
    monkeypatch.setattr(downloads, "IN_BAG", 1)
    assert client.get(f"{WHOLE}?q=bonjour").status_code == 404


def test_any_range_is_a_slice_of_a_zip_that_all_programs_read(client: FlaskClient) -> None:
    whole, head, chance = client.get(WHOLE).data, client.head(WHOLE), random.Random(8)
    with zipfile.ZipFile(io.BytesIO(whole)) as packed:
        assert packed.testzip() is None
        for info in packed.infolist():
            assert info.flag_bits == 0x800  # UTF-8, sizes in front
            assert info.compress_type == zipfile.ZIP_STORED
            assert info.date_time[:3] >= (2024, 1, 16)  # of the broadcast, not of our work
    assert (head.status_code, head.data, head.headers["Accept-Ranges"]) == (200, b"", "bytes")
    assert int(head.headers["Content-Length"]) == len(whole)
    for _ in range(200):
        start, last = sorted(chance.randrange(len(whole)) for _ in range(2))
        response = client.get(WHOLE, headers={"Range": f"bytes={start}-{last}"})
        assert (response.status_code, response.data) == (206, whole[start : last + 1])
        assert response.headers["Content-Range"] == f"bytes {start}-{last}/{len(whole)}"


def test_a_download_goes_on_while_nothing_changed(client: FlaskClient, stocked: Archive) -> None:
    first = client.get(WHOLE)
    (plan,) = (stocked.cache / "bags").iterdir()
    going_on = {"Range": "bytes=1000-", "If-Range": first.headers["ETag"]}
    assert client.get(WHOLE, headers=going_on).data == first.data[1000:]
    shutil.rmtree(stocked.cache)  # the same files give the same bytes
    again = visit(stocked).get(WHOLE, headers=going_on | {"Accept-Language": "en"})
    assert again.data == first.data[1000:]
    stocked.vtt_path(f"emission/{CITY}").write_text("WEBVTT\n\nNOTE\nlonger\n", encoding="utf-8")
    anew = client.get(WHOLE, headers=going_on)
    assert (anew.status_code, anew.headers["ETag"] != first.headers["ETag"]) == (200, True)
    assert zipfile.ZipFile(io.BytesIO(anew.data)).testzip() is None
    (newer,) = (stocked.cache / "bags").iterdir()
    assert newer != plan


def test_who_comes_early_waits_and_a_large_archive_is_not_looked_through_for_each_range(
    client: FlaskClient, stocked: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "AT_ONCE", 1000)
    early = client.get(WHOLE)  # before all is measured
    assert (early.status_code, int(early.headers["Retry-After"]) > 0) == (503, True)
    assert "Téléchargement en préparation" in early.text
    measure_all(stocked)
    monkeypatch.setattr(plans, "LONG", 0.0)
    monkeypatch.setattr(plans, "RECENT", 1e9)
    first = client.get(WHOLE)
    monkeypatch.setattr(plans, "public_files", None)
    assert client.get(WHOLE, headers={"Range": "bytes=5-"}).data == first.data[5:]


def test_an_archive_that_is_prepared_is_not_counted_for_each_who_asks(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "AT_ONCE", 0)
    for name, value in {"LONG": 0.0, "RECENT": 1e9, "AT_MOST": 1e9, "PATIENCE": 1e9}.items():
        monkeypatch.setattr(plans, name, value)
    early = client.get(WHOLE)
    for room in ("plans", "payload"):
        monkeypatch.setattr(f"radio.bags.{room}.public_files", None)
    later = client.get(WHOLE)
    assert (later.status_code, later.text) == (503, early.text)


def test_only_what_changed_is_read_again(stocked: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    measure_all(stocked)
    with monkeypatch.context() as patch:
        patch.setattr("radio.system.checksums.measure", None)
        measure_all(stocked)
        first = visit(stocked).get(WHOLE)
    for path in (stocked.cache / "checksums").rglob("*.txt"):  # derived: taken again
        path.write_bytes(b"\xff\x00 garbage\n" * 9)
    shutil.rmtree(stocked.cache / "bags")
    assert visit(stocked).get(WHOLE).data == first.data
    measure_all(stocked)
    stocked.vtt_path(f"emission/{CITY}").write_text("WEBVTT\n", encoding="utf-8")
    stocked.vtt_path(f"emission/{STREET}").unlink()
    read, whole = list[str](), Checksums.measure

    def noted(*given: object) -> Sums | None:
        read.append(str(given[2]))
        return whole(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(Checksums, "measure", noted)
    measure_all(stocked)
    assert read == [f"{CITY}.vtt"]
    known = (stocked.cache / "checksums/transcripts/emission.txt").read_text(encoding="utf-8")
    assert f" {STREET}.vtt" not in known


def test_an_unread_file_is_left_out(
    stocked: Archive, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bad, measure = f"{CITY}.mp3", checksums.measure

    def failing(path: Path, *given: Any) -> Sums:
        if path.name == bad:
            raise ArchiveError(f"{path}: Input/output error")
        return measure(path, *given)

    monkeypatch.setattr(checksums, "measure", failing)
    measure_all(stocked)
    monkeypatch.setattr(checksums, "measure", None)  # nor is it tried again
    bag = unpack(visit(stocked).get(WHOLE).data, stocked.root.parent)
    beside = {path for path in BESIDE if CITY not in path}
    assert payload(bag) == (HEARD | beside) - {f"media/emission/{bad}"}
    assert [bad in message for message in caplog.messages] == [True]


def sparse(archive: Archive, sizes: list[int]) -> None:
    for number, size in enumerate(sizes):
        day = dt.date(2024, 1, 1) + dt.timedelta(number)
        audio = Audio(f"{day}-silence.mp3", "0" * 64, size, "audio/mpeg", 3600.0)
        episode = Episode("emission", f"{day}-silence", "Silence", day, audio, f"guid-{number}")
        with archive.audio_path(episode).open("wb") as file:
            file.truncate(size)
        archive.write_episode(episode)


class Remote(io.RawIOBase):
    """A download that a reader of ZIPs seeks in, one range for each reading."""

    def __init__(self, client: FlaskClient):
        self._client, self._place = client, 0
        self.size = int(client.head(WHOLE).headers["Content-Length"])

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._place = offset + {0: 0, 1: self._place, 2: self.size}[whence]
        return self._place

    def read(self, size: int = -1) -> bytes:
        last = self.size if size < 0 else min(self.size, self._place + size)
        if last <= self._place:
            return b""
        asked = {"Range": f"bytes={self._place}-{last - 1}"}
        with self._client.get(WHOLE, headers=asked) as response:
            assert response.status_code == 206
            self._place = last
            return bytes(response.data)


def spare(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """Measure what is of another size: gigabytes of nothing are not worth to be read."""
    measure = checksums.measure

    def spared(path: Path, *given: Any) -> Sums:
        state = stamp(path)
        return Sums(state, 1, "0" * 64) if state[1] == size else measure(path, *given)

    monkeypatch.setattr(checksums, "measure", spared)


def test_more_than_four_gigabytes(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    large = 5 << 30
    spare(monkeypatch, large)
    sparse(archive, [large, 1000])
    measure_all(archive)
    remote = Remote(visit(archive))
    assert remote.size > large
    with zipfile.ZipFile(remote) as packed:
        silence = next(info for info in packed.infolist() if info.file_size == large)
        beyond = [info for info in packed.infolist() if info.header_offset > 0xFFFFFFFF]
        assert len(beyond) == 9  # the other recording, sidecars and all that describes the bag
        for info in beyond:
            assert len(packed.read(info)) == info.file_size  # zipfile compares the CRC
    remote.seek(silence.header_offset + 26)
    start = silence.header_offset + 30 + sum(struct.unpack("<2H", remote.read(4)))
    field = struct.pack("<Q", large) + bytes(4)  # of ZIP64, then the file
    around = {start - 8: field, start + 0xFFFFFFFF - 2: bytes(6), start + large - 2: b"\0\0PK\3\4"}
    for place, expected in around.items():
        remote.seek(place)
        assert remote.read(len(expected)) == expected


def test_more_than_65535_files(tmp_path: Path) -> None:
    with (tmp_path / "plan").open("w+b") as file, contextlib.closing(Planner(file)) as planner:
        for number in range(70_000):
            source, sums = f"media/emission/{number}", Sums((0, 0), 0, "")
            planner.add_file(f"bag/{number}", source, dt.date(2024, 1, 1), sums)
        planner.finish()
        file.flush()
        packed = Zipped(file, tmp_path)
        with zipfile.ZipFile(packed) as found:
            assert len(found.namelist()) == 70_000


@contextlib.contextmanager
def download(port: int, start: int = 0, etag: str = "") -> Iterator[http.client.HTTPResponse]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LONG)
    try:
        headers = {"Range": f"bytes={start}-", "If-Range": etag} if etag else {}
        connection.request("GET", WHOLE, headers=headers)
        yield connection.getresponse()
    finally:
        connection.close()


def test_a_download_cut_at_random_goes_on_to_a_valid_bag(stocked: Archive, tmp_path: Path) -> None:
    chance, got = random.Random(3), bytearray()
    with serving("serve", "--root", str(stocked.root), base_url="") as site:
        with download(site.port) as response:
            etag, size = response.headers["ETag"], int(response.headers["Content-Length"])
            got += response.read(chance.randrange(size // 2))
        for _ in range(20):
            with download(site.port, len(got), etag) as response:
                assert response.status == 206
                got += response.read(chance.randrange(1, size // 20))
        with download(site.port, len(got), etag) as response:
            got += response.read()
    assert len(got) == size
    unpack(bytes(got), tmp_path)


def children(process: int) -> list[str]:
    found = (path.read_text().split() for path in Path(f"/proc/{process}/task").glob("*/children"))
    return [child for each in found for child in each]


@pytest.mark.parametrize("megabytes", [200, pytest.param(500, marks=pytest.mark.torture)])
def test_much_sound_passes_in_little_memory(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, megabytes: int
) -> None:
    spare(monkeypatch, 50 << 20)
    sparse(archive, [50 << 20] * (megabytes // 50))
    measure_all(archive)
    with serving("serve", "--root", str(archive.root), base_url="") as site:
        working = until(lambda: children(site.process.pid))
        with download(site.port) as response:
            passed, size = 0, int(response.headers["Content-Length"])
            while block := response.read(1 << 20):
                passed += len(block)
            assert passed == size > megabytes << 20
        status = Path(f"/proc/{site.process.pid}/status").read_text(encoding="ascii")
        assert int(status.split("VmHWM:")[1].split()[0]) * 1024 < 150_000_000
        with download(site.port) as response:
            response.read(1000)
            with (archive.media / "emission/2024-01-02-silence.mp3").open("r+b") as file:
                file.write(b"other bytes, of the same length as before")
            with pytest.raises((http.client.IncompleteRead, ConnectionError)):
                response.read()
        measure_all(archive)

        def is_another() -> bool:
            with download(site.port) as anew:
                return anew.status == 200 and anew.headers["ETag"] != response.headers["ETag"]

        until(is_another)
        site.process.terminate()
        assert site.process.wait(LONG) == 0
    until(lambda: not any(Path(f"/proc/{child}").exists() for child in working))
