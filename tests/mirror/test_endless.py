"""Servers that mean harm: whoever asks them has an end, in time and in memory, and says why."""

import itertools
import re
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from radio.archive import Archive
from radio.audit import visitor
from radio.audit.crawl import Audit, audit
from radio.audit.report import render
from radio.audit.visitor import Limits
from radio.mirror import client
from radio.mirror.client import Original
from radio.mirror.copy import open_copy
from radio.system.errors import ArchiveError, NoAnswerError
from tests.processes import call
from tests.servers import CHUNKED, PLAIN, Act, forever, serving
from tests.tables import for_each

pytestmark = [pytest.mark.long, pytest.mark.torture]


def test_a_mirror_leaves_an_original_that_never_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "LONGEST_WAIT", 1.0)
    with (
        serving(lambda _: itertools.chain([PLAIN], forever(b" ")), pause=0.01) as url,
        pytest.raises(NoAnswerError, match=r"longer than 1 s"),
        open_copy(Archive(tmp_path), url),
    ):
        pass


BROKEN: list[tuple[Act, str]] = [
    (lambda _: iter([CHUNKED, b"f" * 400 + b"\r\n"]), "no answer|no complete"),
    (lambda _: iter([CHUNKED, b"zz\r\n"]), "no answer|no complete"),
    (lambda _: iter([CHUNKED, b"-1\r\n"]), "no answer|no complete"),
    (lambda _: iter([b"HTTP/1.1 \x1b[2J OK\r\n\r\n"]), "no answer"),
    (lambda _: itertools.chain([PLAIN], forever(b" " * 65536)), "long"),
    (lambda _: iter([b"HTTP/1.1 302 x\r\nLocation: http://a/\x1b[31m\r\n\r\n"]), r"\\x1b"),
]


@for_each(("act", "told"), BROKEN)
def test_a_mirror_says_what_is_wrong_with_an_original(act: Act, told: str, tmp_path: Path) -> None:
    with serving(act) as url:
        done = call("mirror", "--root", str(tmp_path), url, check=False)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.isprintable() and re.search(told, line)


def test_a_list_of_wrong_lines_costs_neither_time_nor_memory(tmp_path: Path) -> None:
    sent = itertools.chain([PLAIN], itertools.repeat(b"1\n" * 32768, 4096))
    tracemalloc.start()
    try:
        with (
            serving(lambda _: sent) as url,
            pytest.raises(ArchiveError, match="1000 wrong lines"),
            open_copy(Archive(tmp_path), url),
        ):
            pass
        assert tracemalloc.get_traced_memory()[1] < 20 << 20
    finally:
        tracemalloc.stop()


def test_a_name_too_long_for_the_disk_costs_its_own_line(tmp_path: Path) -> None:
    name = f"media/emission/{'a' * 300}.mp3"
    line = f'{{"path": "{name}", "size": 1, "sha256": "{"0" * 64}"}}\n{{"lines": 1}}\n'
    with serving(lambda _: iter([PLAIN, line.encode()])) as url:
        site = Original(url)
        (fault,) = site.read_offer().faults
        site.close()
    assert "name too long" in str(fault)


@for_each("address", ["http://[::1]:9", "http://é.invalid", "http://" + "a" * 70 + ".invalid"])
def test_addresses_where_nobody_answers(address: str, tmp_path: Path) -> None:
    done = call("mirror", "--root", str(tmp_path), address, check=False)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1


def page(text: str) -> Iterator[bytes]:
    return iter([PLAIN, text.encode()])


def audited(act: Act, pause: float = 0.0, **limits: Any) -> Audit:
    """What an audit finds that begins with the first page of a server."""
    with serving(act, pause=pause) as url:
        return audit(f"{url}/", limits=Limits(**limits))


@for_each(
    ("text", "limits", "told"),
    [
        ("<a href='{0}a'>x</a><a href='{0}b'>x</a>", {"addresses": 50}, "50 addresses"),
        ("<a href='{0}a'>x</a>", {"seconds": 1}, "1 s"),
        ("<a href='{0}a'>x</a><img src='http://{1}.example/'>", {"findings": 30}, "30 findings"),
    ],
)
def test_an_audit_of_a_site_without_end_ends_and_says_so(
    text: str, limits: dict[str, Any], told: str
) -> None:
    found = audited(lambda path: page(text.format(path, len(path))), **limits)
    assert found.stopped == told
    assert f"more than {told}" in render(found, "en")
    assert f"plus de {told.partition(' ')[0]} " in render(found, "fr")


def test_an_audit_that_takes_much_memory_ends_and_says_so() -> None:
    """In a process of its own: one that gave memory back may take it again unseen."""
    code = (
        "import sys; from radio.audit.crawl import audit; from radio.audit.visitor import Limits;"
        "print(audit(sys.argv[1], limits=Limits(memory=1 << 20)).stopped)"
    )
    with serving(lambda path: page(f"<a href='{path}a'>x</a>")) as url:
        command = [sys.executable, "-c", code, f"{url}/"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "1 MiB\n"


def test_an_audit_begun_by_a_large_process_goes_on() -> None:
    """What the process held before, and gave back, is not the audit's."""
    assert sum(bytearray(300 << 20)[:: 1 << 12]) == 0
    found = audited(lambda path: page(f"<a href='/b'>{path}</a>"), memory=200 << 20)
    assert found.stopped == ""


def test_an_audit_follows_no_redirects_without_end() -> None:
    def act(path: str) -> Iterator[bytes]:
        head = f"HTTP/1.1 302 x\r\nContent-Length: 0\r\nLocation: {path}r\r\n\r\n"
        return page("<a href='/r'>x</a>") if path == "/" else iter([head.encode()])

    found = audited(act, redirects=5)
    assert len(found.redirects) == 10  # of the page, and of what should be the sitemap
    assert len([each for each in found.findings if "> 5 →" in each.what]) == 2


@pytest.mark.parametrize("piece", ["<a ", "<a href='", "<!--", "</", "<?", "<![", "<p>x"])
def test_a_page_made_to_take_for_ever_does_not(piece: str) -> None:
    text, began = piece * (1_500_000 if piece == "<p>x" else 300_000), time.process_time()
    found = audited(lambda path: page("<a href='/b'>x</a>" if path == "/" else text), reading=0.3)
    assert time.process_time() - began < 20, "60 kB of it took 49 s"
    dead = {each.what for each in found.findings if each.kind == "dead link"}
    assert all(each.endswith("> 0.3 s") for each in dead), "some Pythons read it in time"
    assert dead or piece != "<p>x", "and the last one none does"


def test_an_audit_leaves_an_answer_that_never_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    def act(path: str) -> Iterator[bytes]:
        if path == "/":  # which a busy machine may read slowly
            monkeypatch.setattr(visitor, "LONGEST", 1.0)
            return page("<a href='/b'>x</a>")
        return itertools.chain([CHUNKED, b"0\r\n"], forever(b"X: y\r\n"))

    found = audited(act, pause=0.01)
    assert "/b → took longer than 1 s" in [each.what for each in found.findings]
