"""`radio doctor`: what ails a machine is told with what to do, whatever hangs or fails."""

import importlib.metadata
import json
import os
import ssl
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from radio.archive import Archive
from radio.audit import outside
from radio.audit.outside import AskedSite, Diagnosis, asking
from radio.search import Index
from radio.system import process
from radio.web.site import create_app
from radio.work import doctor
from radio.work.doctor import INSIDE, Examination, Machine, examine
from radio.work.status import Trouble, WorkStatus, write_status
from tests.processes import command, free_port
from tests.samples import ROOT, STREET, put, street
from tests.servers import OK, serving
from tests.tables import for_each
from tests.web.desks import listening
from tests.web.sites import visit

REMEDY = "do something"


def machine(archive: Archive, system: Path = Path("/"), site: str = "", port: int = 1) -> Machine:
    local = AskedSite(f"http://127.0.0.1:{port}", "")
    return Machine(archive, AskedSite(site, ""), local, is_deep=False, system=system)


def at(archive: Archive, address: str) -> Diagnosis:
    """What is said of an address at which a site of the archive should answer."""
    with asking(archive) as question:
        return AskedSite(address, question).identity(address, REMEDY)


def answer(status: str, more: str = "", content: str = "") -> bytes:
    size = f"Content-Length: {len(content)}"
    return (
        f"HTTP/1.1 {status}\r\nContent-Type: text/plain\r\n{size}\r\n{more}\r\n{content}".encode()
    )


def test_who_answers_at_an_address_is_told(archive: Archive, tmp_path: Path) -> None:
    put(archive, STREET)
    site = f"http://127.0.0.1:{listening(create_app(archive, Index(archive)))}"
    assert at(archive, site).verdict == "good"
    other = at(street(tmp_path / "other"), site)
    assert (other.verdict, "another archive" in other.seen) == ("wrong", True)
    archive.media.rename(archive.root / "unplugged")
    archive.media.mkdir()
    (archive.cache / "inventory.txt").write_text(f"media/emission/{STREET}.json\n")
    unplugged = at(archive, site)
    assert (unplugged.verdict, "cannot read" in unplugged.seen) == ("wrong", True)


@for_each(
    ("sent", "seen"),
    [
        (answer("301 Moved", "Location: https://www.example/\r\n"), "to https://www.example/"),
        (answer("404 Not Found"), "something else answers there (code 404)"),
        (answer("200 OK", content='{"host": 1}'), "something else answers"),
        (answer("200 OK", content="ok"), "another archive answers"),
        (b"SSH-2.0-OpenSSH\r\n", "no answer"),
    ],
)
def test_another_site_in_its_place_is_told(archive: Archive, sent: bytes, seen: str) -> None:
    with serving(lambda _: iter([sent])) as address:
        found = at(archive, address)
    assert (found.verdict, seen in found.seen) == ("wrong", True), found
    assert found.remedy


def test_nobody_at_an_address_is_told(archive: Archive) -> None:
    closed = at(archive, f"http://127.0.0.1:{free_port()}")
    assert (closed.verdict, closed.remedy) == ("wrong", REMEDY)
    unnamed = at(archive, "http://no-such-name.invalid")
    assert unnamed.verdict in ("wrong", "unknown") and "leads nowhere" in unnamed.seen


@pytest.fixture(params=[2, 60])
def secure(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[int, str]]:
    """A site whose certificate lasts so many days, and its address."""
    files = ["-keyout", f"{tmp_path}/key.pem", "-out", f"{tmp_path}/cert.pem"]
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", str(request.param)]
    name = ["-subj", "/CN=radio.example", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([*made, *name, *files], check=True, capture_output=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    monkeypatch.setenv("SSL_CERT_FILE", f"{tmp_path}/cert.pem")
    with serving(lambda _: iter([answer("200 OK", content="ok")]), secure=context) as url:
        yield request.param, url.replace("http:", "https:")


def test_a_certificate_that_ends_is_told_in_time(
    secure: tuple[int, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    days, address = secure
    found = outside.certificate(AskedSite(address, ""))
    assert found and found.verdict == ("wrong" if days == 2 else "good")
    assert f"{days - 1} day" in found.seen
    monkeypatch.delenv("SSL_CERT_FILE")
    unsigned = outside.certificate(AskedSite(address, ""))
    assert unsigned and (unsigned.verdict, "self-signed" in unsigned.remedy) == ("wrong", True)


def test_what_a_proxy_tells_of_listeners_is_named_and_no_address_of_theirs(
    archive: Archive,
) -> None:
    client = visit(archive)
    with asking(archive) as question:
        told = {"X-Real-IP": "203.0.113.77"}
        answered = client.get(f"/healthz?seen={question}", headers=told)
        assert (answered.get_json()["told"], "203.0" in answered.text) == (["X-Real-IP"], False)
        content = answered.text.replace("localhost", "127.0.0.1")
        sent = OK + b"Content-Type: application/json\r\n\r\n" + content.encode()
        with serving(lambda _: iter([sent])) as address:
            found = outside.proxy(AskedSite(address, question))
        assert found and "X-Real-IP" in found.seen
    assert client.get(f"/healthz?seen={question}").text == "ok"  # it was answered
    assert client.get("/healthz?seen=../../media").text == "ok"


UNITS = {
    "": "good",
    "ActiveState=failed": "radio-web.service failed",
    "ActiveState=inactive": "radio-web.service is stopped",
    "UnitFileState=disabled": "does not start by itself",
    "LoadState=not-found": "is not installed",
    "NeedDaemonReload=yes": "has changed since",
}


def test_units_that_failed_stopped_or_changed_are_named(
    systemd: Path, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    for changed, said in UNITS.items():
        monkeypatch.setenv("CHANGED", changed)
        found = doctor.units(machine(archive, systemd))
        assert said in f"{found.verdict} {found.seen}", found
        assert (found.verdict == "wrong") == bool(changed) == bool(found.remedy)
    monkeypatch.setenv("CHANGED", "")
    web = systemd / "etc" / "radio-web.service"
    text = web.read_text(encoding="utf-8")
    web.write_text(text.replace("ReadOnlyPaths=", "#"), encoding="utf-8")  # the manual says how
    assert doctor.units(machine(archive, systemd)).verdict == "good"
    web.write_text(text.replace("NoNewPrivileges=yes", ""), encoding="utf-8")
    assert "radio-web.service is not as shipped" in doctor.units(machine(archive, systemd)).seen
    assert "no systemd here" in doctor.units(machine(archive, systemd / "etc")).seen


def test_a_missing_old_or_broken_library_is_named(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    wanted = [
        "click>=99",
        "absent-thing>=1",
        'absent-too; extra == "sites"',
        'flask>99; extra=="dev"',
    ]
    monkeypatch.setattr(importlib.metadata, "requires", lambda _: wanted)
    found = doctor.libraries(machine(archive))
    assert found.verdict == "wrong"
    assert "absent-thing is missing" in found.seen and ", not >=99" in found.seen
    assert "too" not in found.seen and "flask" not in found.seen
    (tmp_path / "dies.py").write_text("import os; os.kill(os.getpid(), 4)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    broken = list(doctor._broken(["click", "absent", "dies"]))
    assert [each.split()[0].rstrip(":") for each in broken] == ["absent", "dies"]
    assert "(-4)" in broken[1]


def test_what_all_users_could_read_is_named(tmp_path: Path) -> None:
    assert "no archive here" in doctor.permissions(machine(Archive(tmp_path))).seen
    with tempfile.TemporaryDirectory() as folder:  # that of pytest is closed already
        archive, sealed = Archive(Path(folder)), Path(folder) / "sealed"
        archive.create()
        sealed.mkdir(mode=0o700)
        archive.root.chmod(0o755)
        assert doctor.permissions(machine(archive)).verdict == "good"
        sealed.chmod(0o755)
        found = doctor.permissions(machine(archive))
        assert (found.verdict, "sealed is open to" in found.seen) == ("wrong", True)
        archive.root.chmod(0o750)  # nobody gets so far
        assert doctor.permissions(machine(archive)).verdict == "good"


def test_a_file_of_the_future_and_a_clock_that_nobody_sets_are_told(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "has_set_clock", lambda: True)
    episode = put(archive, STREET)
    assert doctor.clock(machine(archive)).verdict == "good"
    page = b"HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\nContent-Length: 0\r\n\r\n"
    with serving(lambda _: iter([page])) as address:
        assert "s away from the outside" in doctor.clock(machine(archive, site=address)).seen
    monkeypatch.setattr(process, "has_set_clock", lambda: False)
    assert "nothing sets the clock" in doctor.clock(machine(archive)).seen
    future = time.time() + 9999
    os.utime(archive.sidecar_path(episode.key), (future, future))
    assert f"{STREET}.json is dated in the future" in doctor.clock(machine(archive)).seen


def test_an_onion_service_that_pages_do_not_offer_is_told(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RADIO_PROXY", raising=False)
    name, other = "a" * 56 + ".onion", "b" * 56 + ".onion"
    (tmp_path / "etc/tor").mkdir(parents=True)
    (tmp_path / "etc/tor/torrc").write_bytes((ROOT / "deploy" / "torrc").read_bytes())
    (tmp_path / "var/lib/tor/radio").mkdir(parents=True)
    (tmp_path / "var/lib/tor/radio/hostname").write_text(f"{name}\n")
    assert doctor.onion(machine(archive, tmp_path)) is None  # of another port

    def offering(page: bytes) -> Diagnosis | None:
        with serving(lambda _: iter([page])) as address:
            return doctor.onion(machine(archive, tmp_path, address, 8000))

    for offered, said in (
        (name, "could not be visited"),
        (other, f"tor serves {name}"),
        ("", "do not offer"),
    ):
        more = f"Onion-Location: http://{offered}/\r\n" if offered else ""
        found = offering(answer("200 OK", more))
        assert found and said in found.seen, found


def test_what_hangs_or_fails_keeps_no_other_row_from_being_told(archive: Archive) -> None:
    never = threading.Event()

    def fail(_machine: Machine) -> Diagnosis:
        raise RuntimeError("a strange machine")

    def hang(_machine: Machine) -> None:
        never.wait()

    rows = [
        Examination("hangs", "hangs", hang, seconds=0.2),
        Examination("fails", "fails", fail),
        next(each for each in INSIDE if each.name == "python"),
    ]
    told = {row.name: found for row, found in examine(archive, "", rows=rows)}
    never.set()
    assert [each.verdict for each in told.values()] == ["unknown", "unknown", "good"]
    assert "a strange machine" in told["fails"].seen


def test_the_command_tells_all_and_ends_with_1_where_something_is_wrong(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    put(archive, STREET)
    monkeypatch.setattr(process, "has_set_clock", lambda: True)
    monkeypatch.setattr(doctor, "_modules", lambda _: ["click"])  # the others take long
    trouble = Trouble("transcribe", f"emission/{STREET}", "cut short", "", 3, time.time() + 99)
    write_status(archive, WorkStatus(troubles=(trouble,)))
    monkeypatch.setenv("RADIO_BACKUP", str(tmp_path))
    done = command(archive, "doctor", "--json", "--offline", check=False)
    told = {each["name"]: each for each in json.loads(done.stdout)}
    assert done.returncode == 1
    assert list(told) == [each.name for each in INSIDE]
    assert told["libraries"]["verdict"] == "good", told["libraries"]
    assert told["model"]["verdict"] == "wrong" and "radio model fetch" in told["model"]["remedy"]
    assert "No copy elsewhere" in told["copies"]["seen"]
    assert [
        each for each in told.values() if each["verdict"] == "wrong" and not each["remedy"]
    ] == []
    bare = command(Archive(tmp_path / "none"), "doctor", "--offline", check=False)
    assert (bare.returncode, "no archive here" in bare.stdout) == (1, True)
