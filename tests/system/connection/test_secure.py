"""Over TLS a site is who its certificate says, and a greeting without end has an end."""

import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from radio.system.connection import fetch
from radio.system.connection.fetch import Web
from radio.system.errors import NoAnswerError
from tests.servers import OK, serving


@pytest.fixture
def secure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A site at radio.example, whose names are looked up here; gives its port."""
    key, pem = tmp_path / "key.pem", tmp_path / "cert.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    name = ["-subj", "/CN=radio.example", "-addext", "subjectAltName=DNS:radio.example"]
    files = ["-keyout", str(key), "-out", str(pem)]
    subprocess.run([*made, *name, *files], check=True, capture_output=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(pem, key)
    honest = socket.getaddrinfo

    def look(host: Any, *rest: Any, **more: Any) -> Any:
        return honest("127.0.0.1" if str(host).endswith(".example") else host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", look)
    monkeypatch.setattr(fetch, "PAUSES", ())
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    monkeypatch.setenv("RADIO_ALLOW_HOSTS", "radio.example, other.example, 127.0.0.1")
    monkeypatch.delenv("RADIO_PROXY", raising=False)
    page = OK + b"Content-Length: 7\r\n\r\nbonjour"
    with serving(lambda _: iter([page]), secure=context) as url:
        yield url.rpartition(":")[2]


def test_a_site_is_who_its_certificate_says(secure: str) -> None:
    with Web() as web:
        assert web.read(f"https://radio.example:{secure}/").content == b"bonjour"
        with pytest.raises(NoAnswerError, match=r"other\.example.*certificate"):
            web.read(f"https://other.example:{secure}/")
        with pytest.raises(NoAnswerError, match=r"certificate"):
            web.read(f"https://127.0.0.1:{secure}/")


def test_an_unsigned_certificate_is_none(secure: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with Web() as web, pytest.raises(NoAnswerError, match="self-signed"):
        web.read(f"https://radio.example:{secure}/")


def test_a_greeting_that_never_comes_has_an_end(secure: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, Web() as web:
        began = time.monotonic()
        with pytest.raises(NoAnswerError, match="longer than"):
            web.read(f"https://127.0.0.1:{silent.getsockname()[1]}/", seconds=0.5)
        assert time.monotonic() - began < 20
