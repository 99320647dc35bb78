"""Mirrors: a copy is the original, file by file, whatever breaks on the way or is meant badly."""

import datetime as dt
import hashlib
import json
import re
import shutil
import subprocess
import sys
import threading
import urllib.request
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.test import run_wsgi_app

from radio.actions.deletion import forget_episode
from radio.actions.redacting import Request, redact
from radio.actions.renaming import rename_episode, rename_show
from radio.actions.replacing import replace_recording
from radio.archive import Archive, losses
from radio.archive.check import check
from radio.archive.episode import Person, Show
from radio.archive.gone import hidden
from radio.archive.protection import Protection
from radio.derived.prints import Prints
from radio.mirror.client import read_address
from radio.mirror.copy import open_copy
from radio.mirror.manifest import LARGEST, kind_of
from radio.mirror.origin import read_origin
from radio.search import Index
from radio.sound import RATE
from radio.sound.moments import Moments
from radio.static_site.export import export
from radio.system.disk import stamp, write_whole
from radio.system.errors import ArchiveError
from radio.text.transcript import Cue
from radio.web.site import create_app
from tests.heard import write_cues, write_evidence
from tests.patience import LONG, until
from tests.poison import edit
from tests.processes import call, command, free_port
from tests.samples import DEMO, REFERENCES, delete_episode, files_in, holding, put, unpacked
from tests.sounds import encode
from tests.tables import for_each
from tests.web.sites import visit

pytestmark = pytest.mark.long

SHOW = "emission"
STREET = f"{SHOW}/2024-01-16-les-micros-de-la-rue"
CITY = f"{SHOW}/2024-02-20-la-ville-intelligente"
MEMORY = f"{SHOW}/2024-03-19-garder-la-memoire"
PUBLIC, OWN = "https://radio.example", "https://copie.example"
LIST = "/fixity.jsonl"
SECRET = {"2024-04-01-prenom-nom": "withdrawn", "2024-05-01-demain": "embargoed"}
PICTURE = b"\xff\xd8\xff\xe0 bytes of a JPEG"


@dataclass
class Reply:
    """What the gate answers instead of the original."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    stop: int | None = None  # lines of its list after which nothing more comes


class Quiet(WSGIRequestHandler):
    def log_request(self, *_: object) -> None:
        pass


class Gate:
    """The site of an original: notes what is asked, and may answer otherwise."""

    def __init__(self, root: Path):
        archive = Archive(root)
        self._app = create_app(archive, Index(archive), base_url=PUBLIC).wsgi_app
        self.server = make_server("127.0.0.1", 0, self, threaded=True, request_handler=Quiet)
        self.root, self.url = root, f"http://127.0.0.1:{self.server.port}"
        self.forget()

    def forget(self) -> None:
        self.asked: list[tuple[str, str | None, str | None]] = []
        self.sent: dict[str, int] = {}
        self.replies: dict[str, Reply] = {}
        self.stalls: dict[str, int] = {}  # after how many bytes an answer stops coming
        self.cuts: dict[str, list[int]] = {}  # after how many it ends, each time that it is asked
        self.opened = threading.Event()

    def __call__(self, environ: dict[str, Any], start: Callable[..., object]) -> Iterator[bytes]:
        path = environ["PATH_INFO"]
        self.asked.append((path, environ.get("HTTP_RANGE"), environ.get("HTTP_IF_RANGE")))
        if reply := self.replies.get(path):
            body, status = reply.body, f"{reply.status} x"
            headers = {"Content-Length": str(len(body)), **reply.headers}
        else:
            answer, status, given = run_wsgi_app(self._app, environ)
            body, headers = b"".join(answer), dict(given)
        cuts = self.cuts.get(path)
        cut = cuts.pop(0) if cuts else self.stalls.get(path)
        start(status, list(headers.items()))
        self.sent[path] = self.sent.get(path, 0) + len(body[:cut])
        yield body[:cut]
        if path in self.stalls:
            self.opened.wait(LONG)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of three shows with their texts, a picture, one to come and one withdrawn."""
    archive = Archive(tmp_path_factory.mktemp("made"))
    archive.create()
    archive.write_show(Show(SHOW, "Émission", "Parler.", "Radio Dio", image="Affiche 1.jpg"))
    (archive.media / SHOW / "Affiche 1.jpg").write_bytes(PICTURE)
    for path in sorted(DEMO.glob("*.mp3")):
        episode = put(archive, path.stem)
        heard = json.loads((REFERENCES / f"{path.stem}.json").read_text())
        audio = replace(episode.audio, duration=heard["duration"])
        archive.write_episode(replace(episode, audio=audio))
        spoken = (each for each in heard["regions"] if each.get("text"))
        cues = (Cue(each["start"], each["end"], each["text"]) for each in spoken)
        write_cues(archive, episode.key, *cues, status="machine", audio=audio.sha256)
        write_evidence(archive, episode.key)
    write_whole(archive.translation_path(STREET), b"WEBVTT\n")
    street = archive.episode(STREET)
    people = (Person("Camille", "présentation"),)
    archive.write_episode(replace(street, people=people, extra={"ours": "kept"}))
    write_whole(archive.transcripts / SHOW / f"{street.slug}.1.vtt", b"WEBVTT\n\nan older one")
    for slug, status in SECRET.items():
        shutil.copy(archive.audio_path(street), archive.media / SHOW / f"{slug}.mp3")
        audio = replace(street.audio, file=f"{slug}.mp3")
        fields: dict[str, Any] = {"status": status, "reason": "x", "until": dt.datetime(2999, 1, 1)}
        archive.write_episode(replace(street, slug=slug, audio=audio, **fields))
    return archive.root


@pytest.fixture(scope="module")
def served(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gate]:
    """The site of the original, at an address."""
    gate = Gate(shutil.copytree(made, tmp_path_factory.mktemp("original") / "root"))
    threading.Thread(target=gate.server.serve_forever, daemon=True).start()
    yield gate
    gate.server.shutdown()
    gate.server.server_close()


@pytest.fixture(scope="module")
def pristine(served: Gate, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole copy, as the command makes it."""
    root = tmp_path_factory.mktemp("pristine") / "copy"
    call("mirror", served.url, "--root", str(root))
    return root


@pytest.fixture
def gate(served: Gate, made: Path) -> Gate:
    """The gate, open, before the original as it was made."""
    for path in served.root.iterdir():
        if path.is_dir() and path.name not in ("cache", "index"):
            shutil.rmtree(path)
    (served.root / "gone.json").unlink(missing_ok=True)
    shutil.copytree(made, served.root, dirs_exist_ok=True)
    served.forget()
    return served


@pytest.fixture
def original(gate: Gate) -> Archive:
    return Archive(gate.root)


@pytest.fixture
def copy(gate: Gate, pristine: Path, tmp_path: Path) -> Archive:
    """A whole copy of the original."""
    return Archive(shutil.copytree(pristine, tmp_path / "copy"))


@pytest.fixture
def empty(tmp_path: Path) -> Archive:
    """Where a copy is to be."""
    return Archive(tmp_path / "empty")


def pull(gate: Gate, archive: Archive, *more: str) -> "subprocess.CompletedProcess[str]":
    return command(archive, "mirror", gate.url, *more, check=False)


def differing(left: Path, right: Path) -> list[str]:
    """The files of two folders that are not the same in both."""
    one, other = files_in(left), files_in(right)
    return sorted(path for path in one | other if one.get(path) != other.get(path))


def get(url: str) -> str:
    with urllib.request.urlopen(url) as response:
        return str(response.read().decode())


def test_a_copy_holds_every_public_file_and_no_other(made: Path, pristine: Path) -> None:
    here_alone = [f"{SHOW}/{slug}.{suffix}" for slug in SECRET for suffix in ("json", "mp3")]
    assert differing(made / "media", pristine / "media") == sorted(here_alone)
    aside = f"{STREET}.1.vtt"
    assert differing(made / "transcripts", pristine / "transcripts") == [aside]
    assert list((pristine / "cache" / "mirror").glob("*")) == []
    assert json.loads((pristine / "media" / f"{STREET}.json").read_bytes())["ours"] == "kept"
    assert call("check", "--root", str(pristine)).stdout == ""


def test_a_second_run_asks_for_the_list_alone(gate: Gate, copy: Archive) -> None:
    done = pull(gate, copy)
    assert (done.returncode, done.stdout) == (0, "")
    assert gate.asked == [(LIST, None, None)]
    listed = get(gate.url + LIST)
    assert hidden(f"{SHOW}/2024-04-01-prenom-nom") in listed
    assert not any(slug in listed for slug in SECRET)


ANSWERS = [
    *("/search?q=lampadaires", "/search/words?q=cam%C3%A9ra", "/search/months?q=radio"),
    *("/search.xml?q=radio", "/api/v1/search?q=police", "/search.m3u?q=ville", "/suggest?q=c"),
    *("/feed.xml", f"/shows/{SHOW}/feed.xml", "/shows.opml", "/sitemap.xml", "/catalogue.csv"),
    *("/catalogue.jsonl", "/fixity.sha256", f"/cite/{STREET}.xml", f"/cite/{STREET}.bib?t=3"),
    *(f"/transcripts/{STREET}.{form}" for form in ("srt", "txt", "html", "podcast.json")),
]


def settled(page: str) -> str:
    """A page without what tells a copy from its original, and when its pictures came."""
    page = re.sub(r"<p>Copie de .*</p>", "", page)
    return re.sub(r"\?v=[0-9a-f]+|\s+", " ", page.replace("//copie.example", "//radio.example"))


def test_a_copy_shows_what_the_original_shows_and_names_it(
    original: Archive, copy: Archive
) -> None:
    drawn = "cache/waveforms"  # derived, and drawn of each recording that a copy takes
    shutil.copytree(copy.root / drawn, original.root / drawn, dirs_exist_ok=True)
    there, here = visit(original, PUBLIC), visit(copy, OWN)
    pages = re.findall(f"<loc>{PUBLIC}(.*?)</loc>", there.get("/sitemap.xml").text)
    assert f"/shows/{STREET}" in pages
    pages.remove("/fixity")
    alike = [page for page in pages if not page.endswith("/subscribe")]  # whose own code it has
    for page in alike + ANSWERS:
        answers = there.get(page), here.get(page)
        assert [each.status_code for each in answers] == [200, 200], page
        assert settled(answers[0].text) == settled(answers[1].text), page
    sums = hashlib.sha256(here.get("/fixity.sha256").data).hexdigest()
    prints = [re.findall('class="print">(.*?)<', at.get("/fixity").text) for at in (there, here)]
    assert prints == [[sums]] * 2
    feeds, page = f"/shows/{SHOW}/feed.xml", f"{PUBLIC}/shows/{STREET}"
    addresses = (f"/shows/{STREET}?t=3", f"/shows/{SHOW}/", "/", feeds, "/fixity")
    episode, show, home, feed, fixity = (here.get(path).text for path in addresses)
    assert f'<link rel="canonical" href="{page}">' in episode
    assert f'<meta property="og:url" content="{page}?t=3">' in episode
    assert f'<meta name="DC.identifier" content="{page}">' in episode
    (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', episode)
    described = json.loads(data)
    assert (described["@id"], described["url"]) == (page, f"{OWN}/shows/{STREET}")
    assert f'<link rel="canonical" href="{PUBLIC}/shows/{SHOW}/">' in show
    assert f'<link rel="canonical" href="{PUBLIC}/">' in home
    assert all(f'Copie de <a href="{PUBLIC}"' in each for each in (episode, show, home))
    assert re.search(
        rf'copie de <a href="{PUBLIC}" rel="noreferrer">.*</a>, mise à jour le', fixity
    )
    channel = ET.fromstring(feed)  # noqa: S314 (our own)
    names = {"atom": "http://www.w3.org/2005/Atom", "p": "https://podcastindex.org/namespace/1.0"}
    own_feed = channel.find(".//atom:link[@rel='self']", names)
    assert own_feed is not None
    assert own_feed.get("href") == OWN + feeds
    assert channel.findtext(".//p:locked", namespaces=names) == "yes"
    guids = {each.text for each in channel.iterfind(".//item/guid")}
    assert guids == {each.guid for each in copy.episodes()}
    (copy.root / "mirror.json").write_text("{")
    assert here.get("/").status_code == 200


def test_a_killed_run_goes_on_where_it_was(gate: Gate, empty: Archive) -> None:
    path, size = f"/media/{CITY}.mp3", (DEMO / f"{CITY.split('/')[1]}.mp3").stat().st_size
    gate.stalls[path] = 200_000
    command = [sys.executable, "-m", "radio", "mirror", gate.url, "--root", str(empty.root)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        parts = empty.cache / "mirror"
        until(lambda: any(stamp(part)[1] == 200_000 for part in parts.glob("*")))
        process.kill()
    gate.opened.set()
    assert not list(empty.media.rglob(f"{CITY.split('/')[1]}*"))
    del gate.stalls[path]
    gate.asked.clear()
    before = gate.sent[path]
    assert pull(gate, empty).returncode == 0
    (asked,) = [each for each in gate.asked if each[0] == path]
    sha256 = empty.episode(CITY).audio.sha256
    assert asked == (path, "bytes=200000-", f'"{sha256}"')
    assert gate.sent[path] - before == size - 200_000
    assert f"/media/{STREET}.mp3" not in [each[0] for each in gate.asked]
    assert list(check(empty)) == []


def test_a_cut_line_is_taken_up_and_what_is_left_of_another_file_is_fetched_anew(
    gate: Gate, empty: Archive
) -> None:
    gate.cuts[f"/media/{STREET}.mp3"] = [1000, 0, 70_000]
    gate.cuts[f"/media/{CITY}.mp3"] = [1000] * 5
    assert pull(gate, empty).returncode == 1
    assert {each.key for each in empty.episodes()} == {STREET, MEMORY}
    origin = read_origin(empty.root)
    assert origin and origin.pulled == ""  # a run that lacks something is not noted as whole
    ranges = [asked[1] for asked in gate.asked if asked[0] == f"/media/{STREET}.mp3"]
    assert ranges == [None, "bytes=1000-", "bytes=1000-", "bytes=71000-"]
    for part in (empty.cache / "mirror").glob("*"):
        part.write_bytes(b"x" * len(part.read_bytes()))
    assert pull(gate, empty).returncode == 0
    assert list(check(empty)) == []


def entry(rows: list[dict[str, Any]], path: str) -> dict[str, Any]:
    return next(row for row in rows if row.get("path") == path)


STRANGE: list[tuple[dict[str, Any], str]] = [
    ({"path": "media/../x.mp3"}, "'media/../x.mp3': not a file of an archive"),
    ({"path": "/etc/passwd"}, "'/etc/passwd': not a file of an archive"),
    ({"path": "https://evil.example/x.mp3"}, "'https://evil.example/x.mp3': not a file of an"),
    ({"path": "media/emission/x.py"}, "'media/emission/x.py': not a file of an archive"),
    ({"path": "media/emission/.x.jpg"}, "'media/emission/.x.jpg': not a file of an archive"),
    ({"path": ["a"]}, "['a']: not a file of an archive"),
    ({"path": "media/emission/a.mp3", "size": "1"}, "a.mp3: no size and sha256"),
    ({"path": "media/emission/b.mp3", "size": -1}, "b.mp3: no size and sha256"),
    ({"path": "media/emission/c.mp3", "size": True}, "c.mp3: no size and sha256"),
    ({"path": "media/emission/d.mp3", "sha256": "../../x"}, "d.mp3: no size and sha256"),
    ({"path": "media/emission/e.json", "size": LARGEST["sidecar"] + 1}, "bytes are too many"),
    ({"path": "media/emission/show.json"}, "media/emission/show.json: appears twice"),
    ({"path": "media/emission/f.mp3"}, "emission/f: no such episode"),
    ({"path": "transcripts/emission/g.vtt"}, "emission/g: no such episode"),
    ({"path": "media/nowhere/h.json"}, "nowhere: no such show"),
    ({"withdrawn": "../x"}, "a withdrawal in its list is damaged"),
    ({"lines": 3}, "does not count itself"),
]


def test_bad_lines_cost_themselves_alone(gate: Gate, copy: Archive) -> None:
    """The copy lacks the second episode, which comes all the same."""
    forget(copy, CITY)
    rows = offered(gate)
    answer_with(gate, [{**rows[0], **strange} for strange, _ in STRANGE] + rows)
    gate.replies |= {
        f"/{strange['path']}": Reply(Path(gate.root, rows[0]["path"]).read_bytes())
        for strange, _ in STRANGE
        if str(strange.get("path")).endswith(("f.mp3", "g.vtt", "h.json"))
    }
    done = pull(gate, copy)
    assert (done.returncode, done.stdout) == (1, f"{CITY}\n")
    said = [line for line in done.stderr.splitlines() if line.startswith("radio: ")]
    assert len(said) == len(STRANGE)
    for _, complaint in STRANGE:
        assert any(complaint in line for line in said), complaint
    held = (path for folder in (copy.media, copy.transcripts) for path in folder.glob("*/*"))
    listed = {row["path"] for row in rows if "path" in row}
    assert {str(path.relative_to(copy.root)) for path in held} == listed
    assert list(check(copy)) == []


def offered(gate: Gate) -> list[dict[str, Any]]:
    """The list of the original, without its end."""
    return [json.loads(line) for line in get(gate.url + LIST).splitlines()][:-1]


def answer_with(gate: Gate, rows: list[dict[str, Any]]) -> None:
    lines = [json.dumps(row) for row in [*rows, {"lines": len(rows)}]]
    gate.replies[LIST] = Reply("".join(f"{line}\n" for line in lines).encode())


def forget(archive: Archive, key: str) -> None:
    for path in archive.root.glob(f"*/{key}*"):
        path.unlink()
    losses.take_inventory(archive.root, forget=True)


def exchange(gate: Gate, rows: list[dict[str, Any]]) -> None:
    """Offer what is no recording; its hash is right everywhere."""
    body = b"#!/bin/sh\n" * 100
    sidecar = json.loads(get(f"{gate.url}/media/{CITY}.json"))
    sidecar["audio"] |= {"sha256": hashlib.sha256(body).hexdigest(), "size": len(body)}
    for end, content in (("mp3", body), ("json", json.dumps(sidecar).encode())):
        gate.replies[f"/media/{CITY}.{end}"] = Reply(content)
        told = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        entry(rows, f"media/{CITY}.{end}").update(told)


def corrupt(gate: Gate, _rows: object) -> None:
    body = bytearray((DEMO / f"{CITY.split('/')[1]}.mp3").read_bytes())
    body[1000] ^= 1
    gate.replies[f"/media/{CITY}.mp3"] = Reply(bytes(body))


def send_on(gate: Gate, _rows: object) -> None:
    moved = Reply(status=302, headers={"Location": f"/media/{STREET}.mp3"})
    gate.replies[f"/media/{CITY}.mp3"] = moved


NONE = "0" * 64
SOUND, TEXT = f"media/{CITY}.mp3", f"transcripts/{CITY}.vtt"
Harm = Callable[[Gate, list[dict[str, Any]]], object]
WRONG: list[tuple[Harm, str]] = [
    (lambda _, rows: entry(rows, SOUND).update(size=99), "not as long as its list"),
    (lambda _, rows: entry(rows, SOUND).update(size=10**18), "1000000001.1 GB are needed"),
    (lambda _, rows: entry(rows, SOUND).update(sha256=NONE), "does not match its"),
    (lambda _, rows: entry(rows, TEXT).update(sha256=NONE), "does not match its"),
    (lambda _, rows: rows.remove(entry(rows, SOUND)), "not the sidecar"),
    (lambda _, rows: rows.remove(entry(rows, f"media/{CITY}.json")), "no such episode"),
    (corrupt, f"{SOUND}: does not match its sha256; nothing was copied"),
    (send_on, "redirects to"),
    (exchange, f"{SOUND}"),
]


def test_an_episode_is_taken_whole_or_not_at_all(gate: Gate, copy: Archive) -> None:
    """And what was lost here comes back once it is right there."""
    forget(copy, CITY)
    for change, complaint in WRONG:
        gate.forget()
        shutil.rmtree(copy.cache / "mirror", ignore_errors=True)  # what was fetched before
        rows = offered(gate)
        change(gate, rows)
        answer_with(gate, rows)
        done = pull(gate, copy)
        assert done.returncode == 1
        assert complaint in done.stderr
        assert not list(copy.root.glob(f"[mt]*/{CITY}*"))
        assert list(check(copy)) == []
    gate.forget()
    copy.vtt_path(MEMORY).unlink()
    assert pull(gate, copy).stdout == f"{CITY}\n{MEMORY}\n"
    assert list(check(copy)) == []


@for_each(
    ("reply", "complaint"),
    [
        (Reply(b"<!doctype html>\n<p>Hello\n"), "no complete list of files"),
        (Reply(b""), "no complete list of files"),
        (Reply(b'{"lines": 1}\n'), "no complete list of files"),
        (Reply(stop=-3), "no complete list of files"),
        (Reply(b"[" * 100_000), "too long to be true"),
        (Reply(b'{"a": 1' + b" " * 100_000 + b"}\n"), "too long to be true"),
        (Reply(status=404), "answers 404"),
        (Reply(status=302, headers={"Location": "http://127.0.0.1:1/x"}), "redirects to 'http://"),
    ],
)
def test_what_is_no_list_changes_nothing(
    gate: Gate, copy: Archive, pristine: Path, empty: Archive, reply: Reply, complaint: str
) -> None:
    gate.replies.clear()
    if reply.stop:
        lines = get(gate.url + LIST).encode().splitlines(keepends=True)
        reply = Reply(b"".join(lines[: reply.stop]))
    gate.replies[LIST] = reply
    for archive in (copy, empty):
        with pytest.raises(ArchiveError, match=complaint), open_copy(archive, gate.url):
            pass
    assert not empty.root.exists()
    assert differing(copy.root, pristine) == []


def test_what_is_no_address_is_explained_and_no_other_path_is_one_of_an_archive() -> None:
    for address in (
        *("http://a b/", "http://a\x1b[31m/", "http://a\nb/", "http://[::1", "http://[x]/"),
        *("http://a:99999/", "http://a:x/", "http://user@a/", "http://", "ftp://a/", "http:///x"),
        *("radio.example", "https://u:p@a.example", "http://[", "https://a.example/?q"),
    ):
        with pytest.raises(ArchiveError, match="give") as caught:
            read_address(address)
        assert str(caught.value).isprintable()
    for address, read in (
        ("http://[FE80::1]", "http://[fe80::1]"),
        ("HTTP://Radio.Example:80/Sous/", "http://radio.example:80/Sous"),
        *((each, each) for each in ("https://a.example.", "http://xn--mchine-dva.example")),
    ):
        assert read_address(address) == read
    for path in (
        *("media/a/show.vtt", "transcripts/a/show.vtt", "media/A/x.mp3", "media/a/x"),
        *("media/a/b/x.mp3", "media/a/x.1.json", "transcripts/a/x.1.vtt", "transcripts/a/x.mp3"),
        *("index/a/x.json", "media/a/\0.jpg", "media/a/..", "", "media//x.mp3"),
    ):
        assert kind_of(path) is None, path


def test_what_can_not_be_a_copy_is_said_in_a_line(
    gate: Gate, made: Path, copy: Archive, empty: Archive
) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    for root, url, told in (
        (made, gate.url, "an archive in its own right; choose another --root"),
        (copy.root, "http://127.0.0.1:1", f"a copy of {gate.url}; choose another --root"),
        (empty.root, nobody, "is the site running?"),
    ):
        done = call("mirror", url, "--root", str(root), check=False)
        assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
        assert told in done.stderr
    assert gate.asked == []
    assert not (made / "mirror.json").exists()


def test_what_changed_there_is_taken_and_what_was_lost_or_exchanged_is_kept(
    gate: Gate, original: Archive, copy: Archive
) -> None:
    edit(original.vtt_path(STREET), "status: machine", "status: reread")
    forget(original, CITY)
    before, episode = copy.episode(MEMORY), original.episode(MEMORY)
    content = (DEMO / f"{STREET.split('/')[1]}.mp3").read_bytes()
    original.audio_path(episode).write_bytes(content)
    sha256 = hashlib.sha256(content).hexdigest()
    audio = replace(episode.audio, sha256=sha256, size=len(content))
    original.write_episode(replace(episode, audio=audio))
    done = pull(gate, copy)
    assert (done.returncode, done.stdout) == (1, f"{STREET}\n")
    assert copy.vtt_path(STREET).read_bytes() == original.vtt_path(STREET).read_bytes()
    assert [path for path, *_ranges in gate.asked] == [LIST, f"/transcripts/{STREET}.vtt"]
    assert f"1 no longer there, kept here: {CITY}" in done.stderr
    assert copy.audio_path(copy.episode(CITY)).is_file()
    assert "the recording has changed there; ours is kept" in done.stderr
    assert Archive(copy.root).episode(MEMORY) == before
    assert list(check(copy)) == []


def test_a_correction_made_here_stays(gate: Gate, original: Archive, copy: Archive) -> None:
    edit(copy.vtt_path(STREET), "status: machine", "status: reread")
    copy.write_episode(replace(copy.episode(CITY), description="D’ici."))
    kept = (copy.vtt_path(STREET), copy.evidence_path(STREET), copy.sidecar_path(CITY))
    ours = [path.read_bytes() for path in kept]
    done = pull(gate, copy)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    edit(original.vtt_path(STREET), "status: machine", "status: machine\nmodel: small")
    write_whole(original.evidence_path(STREET), b'{"version": 1, "more": 1}\n')
    for key in (CITY, MEMORY):
        original.write_episode(replace(original.episode(key), title="Un autre titre"))
    done = pull(gate, copy)
    assert done.returncode == 0
    assert f"transcripts/{STREET}.vtt: corrected here and changed there" in done.stderr
    assert [path.read_bytes() for path in kept] == ours
    for path in kept:
        place = path.relative_to(copy.root)
        assert (copy.root / "mirror" / place).read_bytes() == (original.root / place).read_bytes()
    assert Archive(copy.root).episode(MEMORY).title == "Un autre titre"
    done = pull(gate, copy)
    assert (done.returncode, done.stderr) == (0, "")  # said once


def test_a_withdrawal_is_honoured_on_a_full_disk_until_it_is_taken_back(
    gate: Gate, original: Archive, copy: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was corrected here stays so."""
    over = Protection(until=dt.datetime.now())
    ours: dict[str, Any] = {"description": "D’ici.", "status": "withdrawn", "reason": "x"}
    copy.write_episode(replace(copy.episode(STREET), **ours, protection=over))
    there = {key: original.episode(key) for key in (STREET, CITY)}
    for key, reason in ((STREET, "x"), (CITY, "À sa demande.")):
        original.write_episode(replace(there[key], status="withdrawn", reason=reason))
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=0))
        done = pull(gate, copy)
    assert done.returncode == 0
    assert f"{CITY}: withdrawn there" in done.stderr
    assert "no longer there" not in done.stderr
    here, street = (Archive(copy.root).episode(key) for key in (CITY, STREET))
    assert (here.status, here.reason) == ("withdrawn", "À sa demande.")
    assert copy.audio_path(here).is_file()
    assert copy.vtt_path(CITY).is_file()
    assert (street.status, street.description, street.opens) == ("withdrawn", "D’ici.", None)
    assert pull(gate, copy).stderr == ""
    original.write_episode(there[CITY])
    assert pull(gate, copy).stdout == f"{CITY}\n"
    assert Archive(copy.root).episode(CITY).status == "published"


def test_what_the_original_renames_is_renamed_and_fetched_no_second_time(
    gate: Gate, original: Archive, copy: Archive
) -> None:
    words, memory = "Ce mot est juste.", MEMORY.replace(SHOW, "c")
    edit(copy.vtt_path(CITY), "\n\n1\n", f"\n\nNOTE {words}\n\n1\n")
    rename_episode(original, STREET, "b")
    rename_show(original, SHOW, "c")
    rename_episode(original, CITY.replace(SHOW, "c"), "ville")
    delete_episode(original, memory, "Doublon")
    assert pull(gate, copy).returncode == 0
    assert not [path for path, *_rest in gate.asked if path.endswith((".mp3", ".vtt"))]
    alone = (*SECRET, memory.partition("/")[2])
    assert all(
        any(slug in path for slug in alone) for path in differing(original.media, copy.media)
    )
    assert words in copy.vtt_path("c/ville").read_text(encoding="utf-8")
    assert copy.episode(memory).status == "withdrawn"
    assert copy.episode("c/b").formerly == (STREET,)
    gate.forget()
    assert pull(gate, copy).stdout == ""
    assert gate.asked == [(LIST, None, None)]
    assert losses.inventory(copy.root)


def test_what_was_taken_out_there_is_nowhere_here(
    gate: Gate, original: Archive, copy: Archive, tmp_path: Path
) -> None:
    """Neither the sound, nor the words, nor those of a text that was corrected here."""
    old = copy.audio_path(copy.episode(CITY)).read_bytes()
    word = "zinzolinesque"
    edit(copy.vtt_path(CITY), "\n\n1\n", f"\n\nNOTE {word}\n\n1\n")
    Index(copy).refresh()
    after = redact(original, CITY, Request(0.5, 1.5, "seal"))
    done = pull(gate, copy)
    assert (done.returncode, done.stdout) == (0, f"{CITY}\n")
    assert Archive(copy.root).episode(CITY) == after
    for folder in ("media", "transcripts"):
        changed = differing(original.root / folder, copy.root / folder)
        assert not [path for path in changed if path.startswith(f"{CITY}.")]
    assert {path.split("/")[0] for path in holding(copy.root, word)} == {"sealed"}
    assert holding(copy.root, old[99_000:99_200]) == set()
    assert list(check(copy)) == []
    assert pull(gate, copy).stdout == ""
    better = encode(np.zeros(2 * RATE, np.float32), tmp_path / "meilleur.flac", RATE)
    after = replace_recording(original, CITY, better, Moments())  # of another format
    assert pull(gate, copy).returncode == 0
    assert Archive(copy.root).episode(CITY) == after
    assert not (copy.media / f"{CITY}.mp3").exists()
    assert list(check(copy)) == []


def test_of_what_was_forgotten_there_nothing_is_left_here(
    gate: Gate, original: Archive, copy: Archive, tmp_path: Path
) -> None:
    """Neither sound nor words nor name: on no page, in no list, and nowhere on the disk."""
    episode, slug = copy.episode(CITY), CITY.partition("/")[2].encode()
    piece = copy.audio_path(episode).read_bytes()[99_000:99_200]
    text = copy.vtt_path(CITY).read_text(encoding="utf-8")
    words = max(text.split("\n\n"), key=len).splitlines()[-1].encode()
    edit(copy.vtt_path(CITY), "\n\n1\n", "\n\nNOTE here\n\n1\n")
    for folder in ("mirror", "trash/20260101-x", "sealed/20260101-x"):
        (copy.root / folder / "transcripts" / SHOW).mkdir(parents=True)
        (copy.root / folder / "transcripts" / f"{CITY}.vtt").write_bytes(words)
    Prints(copy).of(episode)
    client = visit(copy)
    assert all(each in given(client) for each in (piece, words, slug))
    forget_episode(original, CITY)
    done = pull(gate, copy)
    assert (done.returncode, done.stdout) == (0, "")
    assert "nothing of it is kept here" in done.stderr
    Index(copy).refresh()
    export(copy, tmp_path / "site")
    assert not any(each in given(client) for each in (piece, words, slug))
    for address in (f"/media/{CITY}.mp3", f"/transcripts/{CITY}.vtt", f"/download/{CITY}.epub"):
        assert client.get(address).status_code == 404
    assert holding(tmp_path, piece, words, slug, f"{episode.audio.sha256}.") == set()
    assert (pull(gate, copy).stdout, list(check(copy))) == ("", [])


def test_an_original_in_other_hands_empties_no_copy(
    gate: Gate, original: Archive, copy: Archive
) -> None:
    """Much that is forgotten at once is heard no more, and goes once a person says so."""
    for key in (CITY, MEMORY):
        forget_episode(original, key)
    for _ in range(2):
        done = pull(gate, copy)
        assert done.returncode == 1
        assert "2 episodes were forgotten there at once" in done.stderr
    assert {each.key for each in copy.episodes() if each.status == "withdrawn"} == {CITY, MEMORY}
    assert all(copy.audio_path(copy.episode(key)).is_file() for key in (CITY, MEMORY))
    assert pull(gate, copy, "--yes").returncode == 0
    assert [each.key for each in Archive(copy.root).episodes()] == [STREET]


def given(client: FlaskClient) -> bytes:
    """All that is in the ZIP of the whole archive, in its feed and in what its own copies read."""
    files = unpacked(client.get("/download/archive.zip").data)
    lists = (client.get(address).data for address in (f"/shows/{SHOW}/feed.xml", LIST))
    return b"".join((*(name.encode() + files[name] for name in files), *lists))
