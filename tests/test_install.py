"""What docs/install.md installs: units, proxies, copies. `deploy/try` plays it in a new system."""

import contextlib
import gzip
import hashlib
import http.client
import http.server
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from radio.archive import Archive
from tests.processes import free_port, proxied, running
from tests.samples import CITY, DEMO, SHOW, STREET

pytestmark = pytest.mark.long

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
PAGE = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
UNITS = sorted((DEPLOY / "systemd").iterdir())
EXPOSURE = {  # of `systemd-analyze security`, 0 to 100; lower is safer
    "radio-web.service": 15,
    "radio-work.service": 10,
    "radio-backup.service": 15,
    "radio-follow.service": 15,
}
HOST = "archives.example.org"
ONION = "a" * 56
MEDIA = f"/media/{SHOW}/{CITY}.mp3"
AUDIO = (DEMO / f"{CITY}.mp3").read_bytes()


def run(*command: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, **variables}
    )


# The page


def test_the_page_quotes_the_files_as_they_are() -> None:
    (quoted,) = re.findall(r"```nginx\n(.*?)```", PAGE, re.DOTALL)
    lines = (DEPLOY / "nginx" / "path.conf").read_text(encoding="utf-8").splitlines(keepends=True)
    assert quoted == "".join(line for line in lines if not line.startswith("#"))


def test_the_page_names_every_file_and_none_that_is_not_there() -> None:
    named = set(re.findall(r"\bdeploy/([\w/.-]*\w)", PAGE))
    assert len(named) > 10
    for name in named:
        assert (DEPLOY / name).exists(), name
    for path in DEPLOY.rglob("*"):
        if path.is_file() and path.parent.name != "systemd":
            assert str(path.relative_to(ROOT)) in PAGE, path


def test_scripts_are_sound() -> None:
    scripts = [path for path in DEPLOY.iterdir() if path.is_file() and os.access(path, os.X_OK)]
    assert len(scripts) == 5
    for path in scripts:
        assert run("bash", "-n", str(path)).returncode == 0, path
    blocks = "".join(re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL))
    assert run("bash", "-n", "-c", blocks).returncode == 0


# Units


def setting(unit: str, name: str) -> list[str]:
    lines = (DEPLOY / "systemd" / unit).read_text(encoding="utf-8").splitlines()
    return [line.partition("=")[2] for line in lines if line.startswith(f"{name}=")]


@pytest.mark.torture
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    folder = tmp_path / "units"
    folder.mkdir()
    for path in UNITS:
        text = path.read_text(encoding="utf-8")
        (folder / path.name).write_text(re.sub(r"(?m)^ExecStart=\S+", "ExecStart=/bin/true", text))
    done = run("systemd-analyze", "verify", "--man=no", *(str(each) for each in folder.iterdir()))
    ours = [line for line in done.stderr.splitlines() if "radio-" in line]
    assert (done.returncode, ours) == (0, [])


@pytest.mark.parametrize("unit", EXPOSURE)
def test_a_unit_may_do_little(unit: str) -> None:
    path = str(DEPLOY / "systemd" / unit)
    limit = f"--threshold={EXPOSURE[unit]}"
    done = run("systemd-analyze", "security", "--offline=true", "--no-pager", limit, path)
    assert done.returncode == 0, done.stdout[-300:]


def test_the_site_cannot_write_what_was_said_and_voices_stay_on_the_machine() -> None:
    assert setting("radio-web.service", "ReadOnlyPaths") == [
        "/srv/radio/media /srv/radio/transcripts"
    ]
    assert setting("radio-web.service", "IPAddressDeny") == ["any"]
    assert setting("radio-web.service", "IPAddressAllow") == ["localhost"]
    assert setting("radio-work.service", "PrivateNetwork") == ["yes"]
    assert setting("radio-follow.service", "PrivateNetwork") == []  # it fetches what is followed
    assert setting("radio-work.service", "ExecStart")[0].endswith(" --no-follow")
    assert setting("radio-work.service", "ReadWritePaths") == ["/srv/radio"]  # it takes the inbox
    assert setting("radio-work.service", "ReadOnlyPaths") == []
    for unit in EXPOSURE:
        assert setting(unit, "ProtectSystem") == ["strict"]
        assert setting(unit, "User") == ["radio"]


# nginx


@dataclass(frozen=True)
class Behind:
    """A site behind the nginx of the page."""

    port: int  # https
    folder: Path  # of nginx
    workers: int  # the process over them

    def ask(
        self, path: str, headers: dict[str, str] | None = None
    ) -> tuple[http.client.HTTPResponse, bytes]:
        context = ssl.create_default_context(cafile=str(self.folder / "fullchain.pem"))
        context.check_hostname = False
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=context)
        with contextlib.closing(connection):
            connection.request("GET", path, headers={"Host": HOST, **(headers or {})})
            response = connection.getresponse()
            return response, response.read()


@contextlib.contextmanager
def behind(upstream: str, folder: Path) -> Iterator[Behind]:
    """Run nginx with the files of deploy/nginx, at ports and with a certificate of its own."""
    plain, port = free_port(), free_port()
    made = ["-keyout", f"{folder}/privkey.pem", "-out", f"{folder}/fullchain.pem"]
    name = ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"]
    certificate = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    subprocess.run([*certificate, *name, *made], check=True, capture_output=True)
    texts = {path.stem: path.read_text(encoding="utf-8") for path in (DEPLOY / "nginx").iterdir()}
    snippet = texts["snippet"].replace("http://127.0.0.1:8000", upstream)
    (folder / "radio.conf").write_text(snippet, encoding="utf-8")
    site = re.sub(r"\n +listen \[::\][^\n]*", "", texts["site"])
    for old, new in (
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;"),
        (f"/etc/letsencrypt/live/{HOST}", str(folder)),
        ("snippets/radio.conf", f"{folder}/radio.conf"),
    ):
        assert old in site
        site = site.replace(old, new)
    onion = texts["onion"].replace("    #", "    ").replace("ADDRESS", ONION)
    other = f"server {{ listen 127.0.0.1:{plain}; server_name ready; return 200; }}"
    path = texts["path"].replace("snippets/radio.conf", f"{folder}/radio.conf")
    other += f"server {{ listen 127.0.0.1:{plain}; server_name below.example; {path} }}"
    with proxied(folder, f"{onion}{other}{site}", f"http://127.0.0.1:{plain}/") as process:
        yield Behind(port, folder, process.pid)


@pytest.fixture(scope="module")
def front(chain: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Behind]:
    with (
        running("serve", "--root", str(chain), base_url=f"https://{HOST}") as inner,
        behind(inner, tmp_path_factory.mktemp("front")) as made,
    ):
        yield made


@pytest.mark.torture
def test_behind_nginx_sound_is_heard_from_any_second_and_a_page_is_packed_once(
    front: Behind,
) -> None:
    whole, content = front.ask(MEDIA)
    assert content == AUDIO
    part, content = front.ask(MEDIA, {"Range": "bytes=1000-1999"})
    assert (part.status, content) == (206, AUDIO[1000:2000])
    assert part.headers["Content-Range"] == f"bytes 1000-1999/{len(AUDIO)}"
    again, content = front.ask(MEDIA, {"If-None-Match": whole.headers["ETag"]})
    assert (again.status, content) == (304, b"")
    _, plain = front.ask("/")
    packed, content = front.ask("/", {"Accept-Encoding": "gzip"})
    assert packed.headers.get_all("Content-Encoding") == ["gzip"]
    assert len(content) < len(plain)
    assert gzip.decompress(content) == plain
    assert packed.headers["Strict-Transport-Security"]


@pytest.mark.torture
def test_behind_nginx_a_great_download_never_lies_on_the_disk(front: Behind) -> None:
    context = ssl.create_default_context(cafile=str(front.folder / "fullchain.pem"))
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    raw.connect(("127.0.0.1", front.port))
    with context.wrap_socket(raw, server_hostname=HOST) as slow:
        slow.sendall(f"GET /download/archive.zip HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
        assert slow.recv(100).startswith(b"HTTP/1.1 200")
        time.sleep(1)
        names = [
            str(each.readlink())
            for worker in workers(front.workers)
            for each in Path(f"/proc/{worker}/fd").iterdir()
            if each.is_symlink()
        ]
        assert any("socket:" in name for name in names)
        assert not [name for name in names if f"{front.folder}/proxy" in name]


def workers(process: int) -> list[int]:
    told = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
    return [int(each) for each in told.split()]


@pytest.mark.torture
def test_behind_nginx_pages_alone_name_the_onion(front: Behind) -> None:
    page, _ = front.ask("/catalogue?lang=fr")
    assert page.headers["Onion-Location"] == f"http://{ONION}.onion/catalogue?lang=fr"
    for path in (MEDIA, "/feed.xml", "/static/style.css"):
        assert "Onion-Location" not in front.ask(path)[0].headers


@pytest.mark.torture
def test_the_first_address_of_all_leads_to_https(front: Behind) -> None:
    plain = re.search(r"127\.0\.0\.1:(\d+);", (front.folder / "nginx.conf").read_text())
    assert plain
    connection = http.client.HTTPConnection("127.0.0.1", int(plain[1]))
    connection.request("GET", "/catalogue", headers={"Host": HOST})
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{HOST}/catalogue")
    answer.read()
    connection.request("GET", "/archives", headers={"Host": "below.example"})
    answer = connection.getresponse()
    assert answer.status == 301
    assert urlsplit(answer.headers["Location"]).path == "/archives/"
    connection.close()


class Echo(http.server.BaseHTTPRequestHandler):
    """Answers with the headers that it got."""

    def do_GET(self) -> None:
        content = str(self.headers).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.mark.torture
def test_nginx_tells_and_keeps_no_address_of_a_listener(tmp_path: Path) -> None:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with behind(f"http://127.0.0.1:{server.server_port}", tmp_path) as made:
            forged = {"X-Forwarded-For": "203.0.113.9", "X-Real-IP": "203.0.113.9"}
            _, told = made.ask("/", forged)
            assert f"Host: {HOST}" in told.decode()
            assert "Forwarded" not in told.decode()
            assert "X-Real" not in told.decode()
            server.shutdown()
            server.server_close()
            assert made.ask("/?q=secret")[0].status == 502
            kept = [path for path in tmp_path.rglob("*") if path.is_file()]
            texts = {path.name: path.read_text(errors="replace") for path in kept}
    assert not [name for name, text in texts.items() if "client:" in text or "secret" in text]


# Copies


@pytest.fixture(params=["rsync", "restic"])
def places(tmp_path: Path, stocked: Archive, request: pytest.FixtureRequest) -> dict[str, str]:
    """Where an archive and its copies lie, by either way; `radio` is the command of these tests."""
    command = tmp_path / "bin" / "radio"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m radio "$@"\n')
    command.chmod(0o755)
    (tmp_path / "copies").mkdir()
    (tmp_path / "secret").write_text("mot de passe")
    repository = {
        "RESTIC_REPOSITORY": str(tmp_path / "repository"),
        "RESTIC_PASSWORD_FILE": str(tmp_path / "secret"),
    }
    return {
        "PATH": f"{command.parent}:{os.environ['PATH']}",
        "RADIO_ROOT": str(stocked.root),
        "RADIO_BACKUP": str(tmp_path / "copies"),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        **(repository if request.param == "restic" else {}),
    }


@pytest.mark.torture
def test_a_copy_is_brought_back_as_it_was(
    stocked: Archive, places: dict[str, str], tmp_path: Path
) -> None:
    (stocked.root / "index").mkdir(exist_ok=True)
    (stocked.root / "index" / "x").write_text("derived")
    for _ in range(2):
        done = run(str(DEPLOY / "backup"), **places)
        assert done.returncode == 0, done.stderr
        time.sleep(1.1)  # copies are named by the second
    before = contents(stocked.root)
    (lost,) = stocked.media.rglob("2024-01-16*.mp3")
    lost.unlink()
    shutil.rmtree(stocked.transcripts)
    done = run(str(DEPLOY / "restore"), str(tmp_path / "back"), **places)
    assert (done.returncode, "All is as it was." in done.stderr) == (0, True), done.stderr
    after = contents(tmp_path / "back")
    assert {name: after.get(name) for name in before} == before
    assert "index/x" not in after
    again = run(str(DEPLOY / "restore"), str(tmp_path / "back"), **places)
    assert again.returncode == 1
    assert "not empty" in again.stderr


def contents(root: Path) -> dict[str, str]:
    found = [path for name in ("media", "transcripts") for path in (root / name).rglob("*")]
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in found
        if path.is_file()
    }


def lose(root: Path, slug: str) -> list[str]:
    """Lose all files of an episode, and tell which."""
    lost = [path for part in ("media", "transcripts") for path in (root / part).rglob(f"{slug}*")]
    for path in lost:
        path.unlink()
    return [path.relative_to(root).as_posix() for path in lost]


@pytest.mark.torture
@pytest.mark.parametrize("places", ["rsync"], indirect=True)
def test_an_older_copy_stays_when_an_episode_is_lost(
    stocked: Archive, places: dict[str, str]
) -> None:
    assert run(str(DEPLOY / "backup"), **places).returncode == 0
    content = next(stocked.media.rglob(f"{STREET}.mp3")).read_bytes()
    lose(stocked.root, STREET)
    time.sleep(1.1)
    assert run(str(DEPLOY / "backup"), "--yes", **places).returncode == 0
    old, new = sorted(Path(places["RADIO_BACKUP"]).iterdir())
    assert next(old.rglob(f"{STREET}.mp3")).read_bytes() == content
    assert not list(new.rglob(f"{STREET}.mp3"))
    both = [next(each.rglob(f"{CITY}.mp3")).stat().st_ino for each in (old, new)]
    assert both[0] == both[1]  # what did not change takes no room


@pytest.mark.torture
def test_no_copy_is_made_of_an_archive_that_lost_an_episode(
    stocked: Archive, places: dict[str, str], tmp_path: Path
) -> None:
    """Nor of one whose disk is away: the newest copy is the one that is brought back."""
    assert run(str(DEPLOY / "backup"), **places).returncode == 0
    lost = lose(stocked.root, STREET)
    shutil.rmtree(stocked.cache)  # with what remembers them here
    time.sleep(1.1)
    refused = run(str(DEPLOY / "backup"), **places)
    assert refused.returncode == 1
    assert refused.stdout.split() == [
        f"media/emission/{STREET}.json",
        f"transcripts/emission/{STREET}.vtt",
    ]
    assert "is the disk there?" in refused.stderr
    run(str(DEPLOY / "restore"), str(tmp_path / "back"), **places)
    assert all((tmp_path / "back" / path).is_file() for path in lost)
    assert run(str(DEPLOY / "backup"), "--yes", **places).returncode == 0


@pytest.mark.torture
@pytest.mark.parametrize("places", ["rsync"], indirect=True)
def test_a_copy_that_lacks_something_says_so_when_it_is_brought_back(
    stocked: Archive, places: dict[str, str], tmp_path: Path
) -> None:
    assert run(str(DEPLOY / "backup"), **places).returncode == 0
    (old,) = Path(places["RADIO_BACKUP"]).iterdir()
    lose(Path(shutil.copytree(old, old.with_name("2999-12-31T235959Z"))), STREET)
    done = run(str(DEPLOY / "restore"), str(tmp_path / "back"), **places)
    assert done.returncode == 1
    assert f"back/media/emission/{STREET}.json: it was here" in done.stdout
    assert f"{old}/media/emission/{STREET}.json\n" in done.stderr
