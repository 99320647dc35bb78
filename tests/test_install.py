"""What the manual has installed: units, proxies, copies. `deploy/try` plays it in a new system."""

import contextlib
import gzip
import http.client
import os
import re
import runpy
import shlex
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from radio.archive import Archive
from radio.work.doctor import OUTSIDE, examine
from tests.patience import until
from tests.processes import free_port, proxied, running
from tests.samples import CITY, DEMO, ROOT, SHOW, files_in, street
from tests.servers import OK, serving
from tests.tables import check, for_each

pytestmark = pytest.mark.long

DEPLOY = ROOT / "deploy"
NAMES = ("install", "proxies", "onion", "container", "backup", "upgrading", "scale", "wordpress")
PAGES = {name: (ROOT / "docs" / "fr" / f"{name}.md").read_text("utf-8") for name in NAMES}
PAGE = "".join(PAGES.values())
EXPOSURE = {  # of `systemd-analyze security`, 0 to 100; lower is safer
    "radio-web.service": 15,
    "radio-work.service": 10,
    "radio-backup.service": 15,
    "radio-drill.service": 15,
    "radio-follow.service": 15,
}
HOST = "archives.example.org"
ONION = "a" * 56
MEDIA = f"/media/{SHOW}/{CITY}.mp3"
AUDIO = (DEMO / f"{CITY}.mp3").read_bytes()


def run(*command: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    env = {**os.environ, **variables}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=env)


def test_the_page_quotes_the_files_as_they_are_and_names_every_one() -> None:
    quoted, *_ = re.findall(r"```nginx\n(.*?)```", PAGE, re.DOTALL)
    lines = (DEPLOY / "nginx" / "path.conf").read_text(encoding="utf-8").splitlines(keepends=True)
    assert quoted == "".join(line for line in lines if not line.startswith("#"))
    named = set(re.findall(r"\bdeploy/([\w/.-]*\w)", PAGE))
    assert len(named) > 10
    assert [name for name in named if not (DEPLOY / name).exists()] == []
    files = [path for path in DEPLOY.rglob("*") if path.is_file()]
    files = [
        path for path in files if path.relative_to(DEPLOY).parts[0] not in ("systemd", "yunohost")
    ]
    assert [path for path in files if str(path.relative_to(ROOT)) not in PAGE] == []


def test_scripts_are_sound() -> None:
    found = (path for path in DEPLOY.iterdir() if path.is_file() and os.access(path, os.X_OK))
    scripts = [path for path in found if path.name != "install"]  # Python's, below
    assert len(scripts) == 5
    blocks = "".join(re.findall(r"```sh\n(.*?)```", PAGES["install"], re.DOTALL))
    for words in (*([str(path)] for path in scripts), ["-c", blocks]):
        assert run("bash", "-n", *words).returncode == 0, words


def test_what_is_to_be_typed_is_told_and_what_is_in_the_way_named() -> None:
    words = ["--dry-run", "--domain", "radio.invalid", "--title", "L’été d’Alice; rm -r /"]
    command = [sys.executable, str(DEPLOY / "install"), *words, "--desk", "yes"]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL
    )
    assert "radio.invalid leads nowhere" in done.stderr
    typed = [shlex.split(line) for line in done.stdout.splitlines()]
    assert ["radio", "init", "--show", "l-ete-d-alice-rm-r", "--title", words[-1]] in typed
    assert [str(DEPLOY / "upgrade").replace(str(ROOT), "/opt/radio/source")] in typed
    told = re.sub(r"/opt/radio/source/(deploy/[\w./-]+)", rf"{ROOT}/\1", done.stdout)
    files = re.findall(rf"{ROOT}/deploy/[\w./-]+", told)
    assert len(files) == 6 and all(map(os.path.exists, files))


def test_a_server_that_holds_a_port_is_named() -> None:
    names = runpy.run_path(str(DEPLOY / "install"))
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert names["listeners"](port) == {Path("/proc/self/comm").read_text().strip()}
    assert names["listeners"](port) == set()


@pytest.mark.torture
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    for path in (DEPLOY / "systemd").iterdir():
        text = path.read_text(encoding="utf-8")
        harmless = re.sub(r"(?m)^ExecStart=\S+", "ExecStart=/bin/true", text)
        (tmp_path / path.name).write_text(harmless)
    done = run("systemd-analyze", "verify", "--man=no", *(str(each) for each in tmp_path.iterdir()))
    ours = [line for line in done.stderr.splitlines() if "radio-" in line]
    assert (done.returncode, ours) == (0, [])


@for_each("unit", EXPOSURE)
def test_a_unit_may_do_little(unit: str) -> None:
    path = str(DEPLOY / "systemd" / unit)
    limit = f"--threshold={EXPOSURE[unit]}"
    done = run("systemd-analyze", "security", "--offline=true", "--no-pager", limit, path)
    assert done.returncode == 0, done.stdout[-300:]


SETTINGS = [
    ("web", "ReadOnlyPaths", ["/srv/radio/media /srv/radio/transcripts"]),
    ("web", "IPAddressDeny", ["any"]),
    ("web", "IPAddressAllow", ["localhost"]),
    ("work", "PrivateNetwork", ["yes"]),
    ("follow", "PrivateNetwork", []),  # it fetches what is followed
    ("work", "ReadWritePaths", ["/srv/radio"]),  # it takes the inbox
    ("work", "ReadOnlyPaths", []),
    *((unit, "ProtectSystem", ["strict"]) for unit in ("web", "work", "backup", "drill", "follow")),
    *((unit, "User", ["radio"]) for unit in ("web", "work", "backup", "drill", "follow")),
]


def test_the_site_cannot_write_what_was_said_and_voices_stay_on_the_machine() -> None:
    def setting(unit: str, name: str) -> list[str]:
        lines = (DEPLOY / "systemd" / f"radio-{unit}.service").read_text("utf-8").splitlines()
        return [line.partition("=")[2] for line in lines if line.startswith(f"{name}=")]

    check((f"{unit} {name}", setting(unit, name), value) for unit, name, value in SETTINGS)
    assert setting("work", "ExecStart")[0].endswith(" --no-follow")


@dataclass(frozen=True)
class Behind:
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
def test_behind_nginx_sound_starts_anywhere_and_a_page_is_packed_once(front: Behind) -> None:
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
    assert (len(content) < len(plain), gzip.decompress(content)) == (True, plain)
    assert packed.headers["Strict-Transport-Security"]
    page, _ = front.ask("/catalogue?lang=fr")
    assert page.headers["Onion-Location"] == f"http://{ONION}.onion/catalogue?lang=fr"
    for path in (MEDIA, "/feed.xml", "/static/style.css"):  # pages alone name the onion
        assert "Onion-Location" not in front.ask(path)[0].headers


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
        children = Path(f"/proc/{front.workers}/task/{front.workers}/children").read_text()
        held = (path for each in children.split() for path in Path(f"/proc/{each}/fd").iterdir())
        names = [str(each.readlink()) for each in held if each.is_symlink()]
        assert any("socket:" in name for name in names)
        assert not [name for name in names if f"{front.folder}/proxy" in name]


@pytest.mark.torture
def test_the_first_address_of_all_leads_to_https(front: Behind) -> None:
    plain = re.search(r"127\.0\.0\.1:(\d+);", (front.folder / "nginx.conf").read_text())
    assert plain
    for host, path, place in (
        (HOST, "/catalogue", f"https://{HOST}/catalogue"),
        ("below.example", "/archives", "/archives/"),
    ):
        connection = http.client.HTTPConnection("127.0.0.1", int(plain[1]))
        with contextlib.closing(connection):
            connection.request("GET", path, headers={"Host": host})
            answer = connection.getresponse()
            assert (answer.status, answer.headers["Location"].endswith(place)) == (301, True)


@pytest.mark.torture
def test_the_doctor_sees_the_site_through_nginx_and_what_it_tells_of_listeners(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest, archive, folder = socket.getaddrinfo, street(tmp_path / "archive"), tmp_path / "nginx"

    def look(host: Any, *rest: Any, **more: Any) -> Any:
        return honest("127.0.0.1" if host == HOST else host, *rest, **more)

    def seen(address: str) -> dict[str, str]:
        found = examine(archive, address, int(inner.rpartition(":")[2]), OUTSIDE)
        return {row.name: diagnosis.verdict for row, diagnosis in found}

    monkeypatch.setattr(socket, "getaddrinfo", look)
    folder.mkdir()
    root, url = str(archive.root), f"https://{HOST}"
    with running("serve", "--root", root, base_url=url, idle=root) as inner:
        with behind(inner, folder) as made:
            monkeypatch.setenv("SSL_CERT_FILE", f"{folder}/fullchain.pem")
            address = f"{url}:{made.port}"
            good = {"port": "good", "address": "good", "certificate": "wrong", "proxy": "good"}
            assert seen(address) == {**good, "onion": "unknown"}  # it lasts two days
            snippet = folder / "radio.conf"
            text = snippet.read_text(encoding="utf-8")
            snippet.write_text(text.replace('X-Real-IP ""', "X-Real-IP $remote_addr"))
            os.kill(made.workers, signal.SIGHUP)
            until(lambda: seen(address)["proxy"] == "wrong")
        gone = seen(address)
    assert [gone[each] for each in good] == ["good", "wrong", "unknown", "unknown"]


@pytest.mark.torture
def test_nginx_tells_and_keeps_no_address_of_a_listener(tmp_path: Path) -> None:
    told, page = list[str](), OK + b"Content-Length: 2\r\n\r\nok"
    with contextlib.ExitStack() as server:
        upstream = server.enter_context(serving(lambda _: iter([page]), asked=told))
        with behind(upstream, tmp_path) as made:
            made.ask("/", {"X-Forwarded-For": "203.0.113.9", "X-Real-IP": "203.0.113.9"})
            server.close()
            assert made.ask("/?q=secret")[0].status == 502
    assert f"Host: {HOST}" in told[0]
    assert "Forwarded" not in told[0] and "X-Real" not in told[0]
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    texts = {path.name: path.read_text(errors="replace") for path in kept}
    assert not [name for name, text in texts.items() if "client:" in text or "secret" in text]


@pytest.mark.torture
def test_a_unit_of_before_makes_copies_and_its_words_restore_them(
    stocked: Archive, tmp_path: Path
) -> None:
    """It calls `deploy/backup`, as paper on the wall does `deploy/restore`; `radio` is ours."""
    command = tmp_path / "bin" / "radio"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m radio "$@"\n')
    command.chmod(0o755)
    (tmp_path / "copies").mkdir()
    variables = {"PATH": f"{command.parent}:{os.environ['PATH']}", "RADIO_ROOT": str(stocked.root)}
    variables["RADIO_BACKUP"] = str(tmp_path / "copies")
    for words in ([str(DEPLOY / "backup")], [str(DEPLOY / "restore"), str(tmp_path / "back")]):
        done = run(*words, **variables)
        assert done.returncode == 0, done.stderr
    for part in ("media", "transcripts"):
        assert files_in(tmp_path / "back" / part) == files_in(stocked.root / part)
